"""The shipped deck with random mistakes in it: it loads, or what is wrong is told with its place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from examples import check, outside, read
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.diagnostics import Level, Source
from deckgen.pipeline import open_workspace
from deckgen.report import as_github, as_json, as_text

DECK = Path(__file__).parent.parent / "cards" / "smart-city"
KINDS = open_workspace(DECK.parent.parent).value.kinds
PICTURES = [file.name for file in (DECK / "media").glob("*")]
FRAME = {name: (DECK / name).read_bytes() for name in ("deck.yaml", "essay.yaml")}
READ = {name: read(name, data) for name, data in FRAME.items()}
PART = 4  # items of a file that are looked at together: ten thousand whole files would take too long


def parts() -> list[tuple[str, str]]:
    """The shipped files in small parts, each with the name of its file."""
    found = [(name, data.decode()) for name, data in FRAME.items()]
    for file in sorted((DECK / "items").glob("*.yaml")):
        head, *items = file.read_text(encoding="utf-8").split("\n- id:")
        for start in range(0, len(items), PART):
            text = head + "".join("\n- id:" + item for item in items[start : start + PART])
            found.append((f"items/{file.name}", text))
    return found


PARTS = parts()
ODD = (
    *("\t", "\0", "\r", "\n", "\n\n", "\u2028", "\u202e", "\ufeff", "\u00ad", "🌿", "\ufffc"),
    *"\"':,|>*&!%@`_?~#-{}[]$\\",
    *("{{", "}}", "::", "]( ", "![", "**", "$$", "\\(", "{{c1::", "{{c0::", "<b>", "</b>", "<!--"),
    *(": ", "- ", " # ", " #a", "? ", "|\n", ">-\n", "** ", "&a ", "*a ", "!!str ", "> ", "1. ", "    "),
    *(
        "![](a.png)",
        "[a](b)",
        "---\n",
        "...\n",
        "<<<<<<< a\n",
        "\n  kind: cloze\n",
        "kind: term",
        "kritik 99",
    ),
)
PLACE = st.integers(0, 10**9)
ONE = st.one_of(
    st.tuples(st.sampled_from(["delete line", "repeat line", "cut", "delete character"]), PLACE, st.just(0)),
    st.tuples(st.sampled_from(["swap lines", "move line"]), PLACE, PLACE),
    st.tuples(st.just("indent"), PLACE, st.integers(-4, 4)),
    st.tuples(st.sampled_from(["insert", "replace"]), PLACE, st.integers(0, len(ODD) - 1)),
    st.tuples(st.just("byte"), PLACE, st.integers(128, 255)),
)


def mutate(text: str, change: str, place: int, more: int) -> str:
    """Make one mistake. A byte that is no UTF-8 stands in the text as a lone surrogate."""
    lines = text.split("\n")
    number, at = place % len(lines), place % (len(text) + 1)
    match change:
        case "delete line":
            del lines[number]
        case "repeat line":
            lines.insert(number, lines[number])
        case "swap lines":
            other = more % len(lines)
            lines[number], lines[other] = lines[other], lines[number]
        case "move line":
            lines.insert(more % len(lines), lines.pop(number))
        case "indent":
            line = lines[number]
            lines[number] = " " * more + line if more >= 0 else line[-more:]
        case "cut":
            return text[:at]
        case "delete character":
            return text[:at] + text[at + 1 :]
        case "insert":
            return text[:at] + ODD[more] + text[at:]
        case "replace":
            return text[:at] + ODD[more] + text[at + 1 :]
        case "byte":
            return text[:at] + chr(0xDC00 + more) + text[at:]
        case _:
            raise AssertionError(change)
    return "\n".join(lines)


def loads_or_tells(part: tuple[str, str], changes: list[tuple[str, int, int]]) -> bool:
    """Check a part with mistakes in it; return whether it was read without an error."""
    name, text = part
    for change in changes:
        text = mutate(text, *change)
    checked = check({**READ, name: text.encode("utf-8", "surrogateescape")}, KINDS, PICTURES)
    seen = Source(name, text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))
    assert outside(checked.found, {**checked.sources, name: seen}) == []
    errors = [one for one in checked.found if one.level is Level.ERROR]
    assert checked.deck is not None or errors
    assert all(one.hint() for one in checked.found)
    as_text(checked.found, checked.sources)
    as_json(checked.found)
    as_github(checked.found)
    return not errors


MUTATIONS = given(st.sampled_from(PARTS), st.lists(ONE, min_size=1, max_size=4))


@MUTATIONS
@settings(deadline=None, max_examples=200)
def test_a_deck_with_mistakes_loads_or_tells(
    part: tuple[str, str], changes: list[tuple[str, int, int]]
) -> None:
    loads_or_tells(part, changes)


@pytest.mark.slow
def test_ten_thousand_decks_with_mistakes_load_or_tell() -> None:
    outcomes: Counter[bool] = Counter()

    @MUTATIONS
    @settings(deadline=None, max_examples=10_000)
    def one(part: tuple[str, str], changes: list[tuple[str, int, int]]) -> None:
        outcomes[loads_or_tells(part, changes)] += 1

    one()
    assert outcomes.total() >= 10_000
    assert min(outcomes[True], outcomes[False]) > 500


def test_the_parts_are_the_deck_and_each_loads_by_itself() -> None:
    files = {f"items/{file.name}" for file in (DECK / "items").glob("*.yaml")}
    assert {name for name, _ in PARTS} == {*FRAME, *files}
    for name, text in PARTS:
        checked = check({**READ, name: text.encode()}, KINDS, PICTURES)
        assert checked.deck is not None
        assert {one.code.id for one in checked.found} <= {"D205", "D208", "D705"}


@pytest.mark.parametrize(
    ("change", "place", "more", "mutated"),
    [
        ("delete line", 1, 0, "a\nc"),
        ("repeat line", 1, 0, "a\nb\nb\nc"),
        ("swap lines", 0, 2, "c\nb\na"),
        ("move line", 0, 1, "b\na\nc"),
        ("indent", 1, 2, "a\n  b\nc"),
        ("indent", 1, -2, "a\n\nc"),
        ("cut", 3, 0, "a\nb"),
        ("delete character", 2, 0, "a\n\nc"),
        ("insert", 2, 0, "a\n\tb\nc"),
        ("replace", 2, 0, "a\n\t\nc"),
        ("byte", 5, 255, "a\nb\nc\udcff"),
    ],
)
def test_a_mutation_does_what_it_is_called(change: str, place: int, more: int, mutated: str) -> None:
    assert mutate("a\nb\nc", change, place, more) == mutated
