"""The cache: what is found again, what is not, and that hashes tell apart what differs."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen import cache as cache_module
from deckgen.cache import KEPT, Cache, contents, digest, forget, programs
from deckgen.diagnostics import Span
from deckgen.model import Flip, Paper, Text
from deckgen.pipeline import Loaded

KEY = digest("a")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / ".deckgen" / "cache")


def entry(cache: Cache) -> Path:
    assert cache.folder is not None
    return cache.folder / KEY[:2] / KEY[2:]


# Entries ------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 100])
def test_what_was_kept_is_found(cache: Cache, content: bytes) -> None:
    assert cache.get(KEY) is None
    cache.put(KEY, content)
    assert cache.get(KEY) == content
    assert cache.get(digest("b")) is None


@given(st.binary(max_size=40), st.data())
def test_a_broken_entry_is_none(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    cache.put(KEY, content)
    whole = entry(cache).read_bytes()
    broken = data.draw(
        st.one_of(st.integers(0, len(whole) - 1).map(lambda end: whole[:end]), st.binary(max_size=80))
    )
    entry(cache).write_bytes(broken)
    assert cache.get(KEY) == (content if broken == whole else None)
    cache.put(KEY, content)
    assert cache.get(KEY) == content


def test_without_a_folder_nothing_is_remembered() -> None:
    cache = Cache()
    cache.put(KEY, b"x")
    assert cache.get(KEY) is None
    cache.trim()


def test_a_folder_that_cannot_be_used_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    cache = Cache(tmp_path / "cache")
    cache.put(KEY, b"x")
    assert cache.get(KEY) is None
    cache.trim()


def test_git_leaves_the_folder_alone(cache: Cache) -> None:
    cache.put(KEY, b"x")
    assert cache.folder is not None
    assert (cache.folder.parent / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_what_nobody_asked_for_is_forgotten_and_what_somebody_did_is_kept(cache: Cache) -> None:
    cache.put(KEY, b"x")
    other = digest("other")
    cache.put(other, b"y")
    for path in (entry(cache), entry(cache).parent.parent / other[:2] / other[2:]):
        long_ago = path.stat().st_mtime - KEPT - 60
        os.utime(path, (long_ago, long_ago))
    assert cache.get(other) == b"y"
    cache.trim()
    assert cache.get(KEY) is None
    assert cache.get(other) == b"y"


def test_all_is_forgotten_and_a_link_is_not_followed(tmp_path: Path) -> None:
    assert forget(tmp_path) == (None, None)
    Cache(tmp_path / ".deckgen" / "cache").put(KEY, b"x")
    folder, problem = forget(tmp_path)
    assert problem is None
    assert folder is not None
    assert not folder.exists()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "letter").write_text("dear", encoding="utf-8")
    (tmp_path / ".deckgen").symlink_to(tmp_path / "own")
    forget(tmp_path)
    assert (tmp_path / "own" / "letter").exists()
    assert not (tmp_path / ".deckgen").is_symlink()


# Hashes -------------------------------------------------------------------------------

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda each: st.lists(each).map(tuple) | st.dictionaries(st.text(), each),
    max_leaves=12,
)


def told_apart(value: object) -> str:
    return repr(value)


@given(plain, plain)
def test_different_values_have_different_hashes_and_equal_ones_equal(one: object, two: object) -> None:
    assert (digest(one) == digest(two)) == (told_apart(one) == told_apart(two))


def test_pieces_are_not_run_together() -> None:
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest(("ab", "c"))}) == 4
    assert digest({"a": ("b",)}) != digest({"a": "b"})


def test_a_place_in_a_file_is_no_part_of_what_is_made() -> None:
    one, two = Text("a", Span("x.yaml", 1, 1, 1, 2)), Text("a", Span("y.yaml", 5, 1, 5, 2))
    assert digest(one) == digest(two) != digest(Text("b", one.span))


def test_every_option_of_paper_counts() -> None:
    values = [Paper(), Paper(large=True), Paper(flip=Flip.FOLD), Paper(offset=(0, 1.0)), Paper(grid="3x4")]
    assert len(set(map(digest, values))) == len(values)


def test_what_cannot_be_hashed_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        digest(object())


def test_a_deck_is_hashed_by_every_text_of_it(garden: Loaded) -> None:
    deck = garden.deck
    assert deck is not None
    seen = {digest(deck)}
    for each in dataclasses.fields(deck):
        value = getattr(deck, each.name)
        if isinstance(value, str):
            seen.add(digest(replace(deck, **{each.name: f"{value}x"})))
    for number, item in enumerate(deck.items):
        for name, value in item.fields.items():
            if isinstance(value, Text):
                changed = replace(item, fields={**item.fields, name: Text(f"{value.value} x", value.span)})
                items = (*deck.items[:number], changed, *deck.items[number + 1 :])
                seen.add(digest(replace(deck, items=items)))
    texts = sum(isinstance(value, Text) for item in deck.items for value in item.fields.values())
    strings = sum(isinstance(getattr(deck, each.name), str) for each in dataclasses.fields(deck))
    assert len(seen) == 1 + texts + strings


def test_files_are_hashed_by_their_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_bytes(b"1")
    before = contents([tmp_path / "a"])
    (tmp_path / "a" / ".hidden").write_bytes(b"1")
    assert contents([tmp_path / "a"]) == before
    seen = {before}
    (tmp_path / "a" / "x.txt").write_bytes(b"2")
    seen.add(contents([tmp_path / "a"]))
    (tmp_path / "a" / "x.txt").rename(tmp_path / "a" / "y.txt")
    seen.add(contents([tmp_path / "a"]))
    (tmp_path / "a" / "z.txt").write_bytes(b"")
    seen.add(contents([tmp_path / "a"]))
    assert len(seen) == 4
    assert contents([tmp_path / "a"], endings=(".py",)) == contents([])
    assert contents([tmp_path / "nothing"]) == contents([])


def test_a_folder_that_a_link_leads_to_is_hashed_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "x.txt").write_bytes(b"1")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "linked").symlink_to(tmp_path / "shared")
    before = contents([tmp_path / "own"])
    (tmp_path / "shared" / "x.txt").write_bytes(b"2")
    assert contents([tmp_path / "own"]) != before != contents([])


def test_a_link_that_leads_back_is_not_followed_for_ever(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.txt").write_bytes(b"1")
    before = contents([tmp_path / "a"])
    (tmp_path / "a" / "b" / "back").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "b" / "self").symlink_to(tmp_path / "a" / "b" / "self")
    assert contents([tmp_path / "a"]) == before


# Programs -----------------------------------------------------------------------------

NEEDS = {
    "deckgen": ("One[woff]>=1; python_version > '3'", "face>=1; extra == 'cjk'", 'tool; extra == "dev"'),
    "one": ("two (>=1)", 'three; extra == "woff"', 'four; extra == "other"'),
    "two": ("one>=1",),
    "three": (),
    "four": (),
    "face": (),
    "tool": (),
    "pyicu": (),
}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Install a package of a version, as far as its metadata say."""

    def run(name: str, version: str) -> None:
        folder = tmp_path / f"{name}.dist-info"
        folder.mkdir(exist_ok=True)
        needs = "".join(f"Requires-Dist: {each}\n" for each in NEEDS[name])
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}\nNo: head\n"
        (folder / "METADATA").write_text(text, encoding="utf-8")
        programs.cache_clear()

    for name in NEEDS:
        run(name, "1")
    monkeypatch.syspath_prepend(tmp_path)
    yield run
    programs.cache_clear()


@pytest.mark.parametrize("name", ["one", "two", "three", "face", "pyicu"])
def test_the_version_of_whatever_is_needed_counts(install: Callable[[str, str], None], name: str) -> None:
    before = programs()
    install(name, "2")
    assert programs() != before
    install(name, "1")
    assert programs() == before


@pytest.mark.parametrize("name", ["four", "tool"])
def test_the_version_of_what_makes_nothing_does_not_count(
    install: Callable[[str, str], None], name: str
) -> None:
    before = programs()
    install(name, "2")
    assert programs() == before


def test_deckgen_itself_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = programs()
    monkeypatch.setattr(cache_module, "contents", lambda *_paths, **_options: "another program")
    programs.cache_clear()
    assert programs() != before
    programs.cache_clear()
