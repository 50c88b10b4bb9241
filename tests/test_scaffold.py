"""``deckgen new``: a deck that builds, in the language asked for, and never over another one."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import read_package
from typer.testing import Result

from deckgen import reader
from deckgen.diagnostics import Diagnostic, Source, Span, codes
from deckgen.files import write_whole
from deckgen.pipeline import open_workspace
from deckgen.scaffold import _quoted, new_deck, schemas

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _bare_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(name: str, tag: str = "en") -> list[str]:
    """Make a deck; return the codes of what is found."""
    workspace = open_workspace(Path()).value
    result = new_deck(Path("cards"), name, tag, workspace.path, workspace.kinds)
    assert bool(result.value) != any(found.level == "error" for found in result.diagnostics)
    return [found.code.id for found in result.diagnostics]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("tag", ["en", "de"])
def test_a_new_deck_checks_clean_and_finds_its_own_essay(tag: str, run: Run) -> None:
    made = run("new", "my-garden", "-l", tag)
    assert made.exit_code == 0, made.output
    assert made.output.splitlines()[-1] == "Now: deckgen build"
    assert "cards/my-garden/deck.yaml" in made.output.splitlines()
    checked = run("check")
    assert (checked.exit_code, checked.output) == (0, "my-garden: 6 items, no errors\n")
    essay = Path("cards") / "my-garden" / "essay.txt"
    compared = run("check", "--essay", essay)
    assert compared.exit_code == 0
    assert "my-garden: 2 of 2 paragraphs found in cards/my-garden/essay.txt" in compared.output


def test_a_new_deck_is_in_the_language_asked_for() -> None:
    assert make("german", "de") == []
    assert make("english", "en") == []
    for name in ("deck.yaml", "essay.yaml", "essay.txt", "items/10-garden.yaml"):
        german = (Path("cards") / "german" / name).read_text(encoding="utf-8").splitlines()
        english = (Path("cards") / "english" / name).read_text(encoding="utf-8").splitlines()
        comments = [line for line in english if line.strip().startswith("# ") and "$schema" not in line]
        assert not set(comments) & set(german), name
    assert "language: de" in (Path("cards") / "german" / "deck.yaml").read_text(encoding="utf-8")


def test_a_new_deck_teaches_every_kind_that_comes_with_deckgen() -> None:
    make("my-garden")
    workspace = open_workspace(Path()).value
    text = (Path("cards") / "my-garden" / "items" / "10-garden.yaml").read_text(encoding="utf-8")
    for kind in workspace.kinds[1:]:
        assert f"kind: {kind.name}\n" in text
    assert all(len(line) <= 110 for line in text.splitlines() if line.startswith("#"))


@pytest.mark.parametrize("tag", ["en", "de"])
def test_the_package_of_a_new_deck_has_its_cards(tag: str, run: Run) -> None:
    assert make("my-garden", tag) == []
    built = run("build", "-p", "anki")
    assert (built.exit_code, built.stderr) == (0, "")
    package = read_package((Path("output") / f"my-garden.{tag}.apkg").read_bytes())
    assert len(package.notes) == 5, "a discussion has no card unless the deck asks for it"
    assert len(package.cards) == 8, "terms and positions are asked both ways, and each gap"


def test_files_have_line_feeds_and_end_with_one() -> None:
    make("my-garden", "de")
    for name, content in tree(Path("cards")).items():
        assert b"\r" not in content, name
        assert content.endswith(b"\n"), name
        assert not content.endswith(b"\n\n"), name


def test_the_files_that_are_told_are_those_that_are_there(run: Run) -> None:
    *told, _ = run("new", "my-garden").output.splitlines()
    assert sorted(told) == sorted(tree(Path()))


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["en", "de"])
def test_a_new_deck_builds(tag: str, run: Run) -> None:
    run("new", "my-garden", "-l", tag)
    built = run("build", "-j", "1")
    assert built.exit_code == 0, built.output
    assert {path.name for path in Path("output").iterdir()} == {
        f"my-garden.{tag}.apkg",
        f"my-garden.{tag}.update.tsv",
        f"my-garden.{tag}.handout.pdf",
        f"my-garden.{tag}.booklet.pdf",
        f"my-garden.{tag}.quiz.pdf",
        f"my-garden.{tag}.quiz-key.pdf",
        f"my-garden.{tag}.guide.pdf",
        f"my-garden.{tag}.poster.pdf",
        f"my-garden.{tag}.cards.long-edge.pdf",
        f"my-garden.{tag}.cards.long-edge.test.pdf",
    }


def test_a_language_without_words_of_its_own_is_told_and_the_deck_made_all_the_same(run: Run) -> None:
    assert make("my-garden", "qqq") == ["D510"]
    assert "language: qqq" in (Path("cards") / "my-garden" / "deck.yaml").read_text(encoding="utf-8")
    assert run("check").exit_code == 0


def test_a_new_deck_comes_with_the_schemas_that_its_files_name() -> None:
    make("my-garden")
    folder = Path("cards") / "my-garden"
    for name in ("deck.yaml", "essay.yaml", "items/10-garden.yaml"):
        first = (folder / name).read_text(encoding="utf-8").splitlines()[0]
        target = first.removeprefix("# yaml-language-server: $schema=")
        assert target != first
        schema = ((folder / name).parent / target).resolve()
        assert json.loads(schema.read_text(encoding="utf-8"))["$schema"]
    workspace = open_workspace(Path()).value
    assert tree(Path("cards") / "schema") == {
        name: text.encode() for name, text in schemas(workspace.kinds).items()
    }


def test_an_existing_folder_is_not_touched(run: Run) -> None:
    folder = Path("cards") / "my-garden"
    folder.mkdir(parents=True)
    (folder / "deck.yaml").write_text("mine", encoding="utf-8")
    before = tree(Path())
    assert make("my-garden") == ["D503"]
    result = run("new", "my-garden")
    assert result.exit_code == 1
    assert "error[D503]: cards/my-garden cannot be written: it exists already" in result.output
    assert tree(Path()) == before


@pytest.mark.parametrize(
    "there",
    [Path.touch, Path.mkdir, lambda path: path.symlink_to("nowhere")],
    ids=["a file", "an empty folder", "a link that leads nowhere"],
)
def test_whatever_has_the_name_is_not_touched(there: Callable[[Path], None]) -> None:
    Path("cards").mkdir()
    there(Path("cards") / "my-garden")
    assert make("my-garden") == ["D503"]
    assert list(Path().rglob("*")) == [Path("cards"), Path("cards") / "my-garden"]


def test_a_second_deck_leaves_the_first_alone() -> None:
    make("one")
    before = tree(Path("cards"))
    make("two")
    after = tree(Path("cards"))
    assert {name: content for name, content in after.items() if not name.startswith("two/")} == before


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "My garden",
        "gärten",
        "-a",
        "a-",
        "a--b",
        "A",
        "a" * 61,
        "con.txt",
        "a\n",
    ],
)
def test_a_bad_name_is_told_and_nothing_is_made(name: str) -> None:
    assert make(name) == ["D108"]
    assert tree(Path()) == {}


@pytest.mark.parametrize("tag", ["", "german", "de_DE", "../de", "d"])
def test_a_bad_language_is_told_and_nothing_is_made(tag: str) -> None:
    assert make("my-garden", tag) == ["D111"]
    assert tree(Path()) == {}


def test_a_deck_that_cannot_be_written_whole_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> Diagnostic | None:
        if path.name == "10-garden.yaml":
            return Diagnostic(
                codes.UNWRITABLE, Span("items"), {"file": "items", "reason": "the disk is full"}
            )
        return write_whole(path, content)

    monkeypatch.setattr("deckgen.scaffold.write_whole", full)
    assert make("my-garden") == ["D503"]
    assert not (Path("cards") / "my-garden").exists()


@pytest.mark.parametrize("good", range(7))
def test_a_disk_that_fills_up_at_any_file_leaves_no_half(good: int, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter(range(7))

    def fill(_handle: int) -> None:
        if next(calls) == good:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fill)
        assert make("my-garden") == ["D503"]
    assert not (Path("cards") / "my-garden").exists()
    assert make("my-garden") == [], "it can be made when there is room again"


def test_an_interruption_leaves_no_half(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter(range(7))

    def interrupt(_handle: int) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        make("my-garden")
    assert not (Path("cards") / "my-garden").exists()


def test_a_broken_template_of_ones_own_is_told_and_nothing_is_made() -> None:
    folder = Path("templates") / "new"
    folder.mkdir(parents=True)
    (folder / "items.yaml").write_text("{{ nothing }}", encoding="utf-8")
    assert make("my-garden") == ["D508"]
    assert not Path("cards").exists()


@pytest.mark.parametrize(
    "text",
    ['with "quotes" and \\ and \t', "a: b # c", "{{c1::x}}", "- x", "über »x« \u2028 x", "no", "1.10", "'"],
)
def test_words_are_quoted_so_that_yaml_reads_them_again(text: str) -> None:
    result = reader.parse(Source("a.yaml", f"a: {_quoted(text)}\n"))
    assert result.diagnostics == ()
    assert isinstance(result.value.root, reader.Mapping)
    value = result.value.root.get("a")
    assert isinstance(value, reader.Scalar)
    assert value.value == " ".join(text.split())
