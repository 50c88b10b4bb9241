"""``deckgen build``: what it prints, where, and with which exit code."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import edit
from typer.testing import Result

from deckgen import files, pipeline
from deckgen.model import Flip, Paper
from deckgen.pipeline import building

Run = Callable[..., Result]
ROWS = [
    ("garden.en.apkg", r"\d+ kB"),
    ("garden.en.update.tsv", r"\d+ kB"),
    ("garden.en.handout.pdf", r"\d+ kB"),
    ("garden.en.booklet.pdf", r"\d+ kB"),
    ("garden.en.quiz.pdf", r"\d+ kB"),
    ("garden.en.quiz-key.pdf", r"\d+ kB"),
    ("garden.en.guide.pdf", r"\d+ kB"),
    ("garden.en.poster.pdf", r"\d+ kB"),
    ("garden.en.cards.long-edge.pdf", r"\d+ kB"),
    ("garden.en.cards.long-edge.test.pdf", r"\d+ kB"),
]


def test_build_ends_with_a_table_of_files(run: Run, workspace_folder: Path) -> None:
    result = run("build")
    assert result.exit_code == 0, result.output
    head, rule, *rows = result.stdout.rstrip("\n").split("\n")
    assert head.split() == ["file", "size"]
    assert set(rule) == {"─"}
    assert len(rows) == len(ROWS)
    for row, (name, size) in zip(rows, ROWS, strict=True):
        assert re.fullmatch(rf"output/{re.escape(name)} +{size}", row)
        assert (workspace_folder / "output" / name).is_file()
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "paper"),
    [
        ((), Paper()),
        (("--grid", "3x4", "--flip", "short"), Paper(grid="3x4", flip=Flip.SHORT)),
        (("--back-offset", "-1.5, 2"), Paper(offset=(-1.5, 2))),
        (("--fold", "--grid", "business"), Paper(grid="business", flip=Flip.FOLD)),
    ],
)
def test_a_build_is_told_how_cards_are_cut(
    run: Run,
    workspace_folder: Path,
    arguments: tuple[str, ...],
    paper: Paper,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert workspace_folder.is_dir()
    seen: list[Paper] = []

    def build(_w: object, _l: object, options: pipeline.Options, *_: object) -> pipeline.Outcome:
        seen.append(options.sheet)
        return pipeline.Outcome()

    monkeypatch.setattr(building, "build", build)
    assert run("build", "-p", "cards", *arguments).exit_code == 0
    assert seen == [paper]


def test_build_is_quiet_in_a_pipe(run: Run, workspace_folder: Path) -> None:
    result = run("build", "-p", "anki")
    assert workspace_folder.is_dir()
    assert "\x1b[" not in result.output, "no colour in a pipe"
    assert "\r" not in result.output
    assert len(result.stdout.splitlines()) == 4


def test_no_line_is_broken_in_a_pipe(run: Run, workspace_folder: Path) -> None:
    folder = "a-folder-with-a-long-name/" * 8
    result = run("build", "-p", "anki", "-o", folder)
    assert workspace_folder.is_dir()
    assert f"{folder}garden.en.apkg" in result.stdout


def test_build_takes_decks_languages_products_and_a_folder(run: Run, workspace_folder: Path) -> None:
    result = run("build", "garden", "-l", "en", "-p", "anki", "-o", "elsewhere", "-j", "1")
    assert result.exit_code == 0
    assert {path.name for path in (workspace_folder / "elsewhere").iterdir()} == {
        "garden.en.apkg",
        "garden.en.update.tsv",
    }
    assert not (workspace_folder / "output").exists()
    result = run("build", "garden", "--language", "fr")
    assert result.exit_code == 1
    assert 'does not exist in "fr"' in result.stderr


def test_build_tells_errors_and_builds_what_it_can(run: Run, broken: Path) -> None:
    result = run("new", "orchard")
    result = run("build", "-p", "anki")
    assert result.exit_code == 1
    assert "cards/garden/items/20-town.yaml:16:3: error[D103]" in result.stderr
    assert "1 error, 1 warning" in result.stderr
    assert "output/orchard.en.apkg" in result.stdout
    assert not (broken / "output/garden.en.apkg").exists()


def test_build_with_warnings_is_good(run: Run, workspace_folder: Path) -> None:
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "source: nettles 2", "source: nettles 1")
    result = run("build", "-p", "anki")
    assert result.exit_code == 0
    assert "warning[D208]" in result.stderr
    assert "garden.en.apkg" in result.stdout


def test_build_frozen(run: Run, workspace_folder: Path) -> None:
    result = run("build", "-p", "anki", "--frozen")
    assert result.exit_code == 1
    assert "error[D502]" in result.stderr
    assert run("build", "-p", "anki").exit_code == 0
    assert run("build", "-p", "anki", "--frozen").exit_code == 0
    assert (workspace_folder / "cards/garden/ledger.json").is_file()


def test_build_without_any_deck(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("build")
    assert result.exit_code == 1
    assert "error[D206]" in result.stderr
    assert "deckgen new" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_deck_stops_no_other(run: Run, workspace_folder: Path) -> None:
    result = run("build", "gardn", "garden", "-p", "anki")
    assert result.exit_code == 1
    assert "did you mean “garden”?" in result.stderr
    assert (workspace_folder / "output/garden.en.apkg").is_file()


def test_an_interruption_leaves_no_part_of_a_file(
    run: Run, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(workspace_folder.rglob("*"))

    def interrupted(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    result = run("build", "-p", "anki")
    assert result.exit_code not in (0, 2)
    assert "Traceback" not in result.output
    assert [path.name for path in workspace_folder.rglob("*") if path not in before] == [".deckgen"]


def test_a_bug_of_deckgen_is_a_traceback_and_not_a_silent_failure(
    run: Run, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(building, "plan", bug)
    result = run("build")
    assert workspace_folder.is_dir()
    assert isinstance(result.exception, ZeroDivisionError)
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--print", "both"], ["handout.large.pdf", "handout.pdf"]),
        (["--print", "large", "--grey", "--paper", "a5"], ["handout.large.grey.pdf"]),
    ],
)
def test_build_takes_the_paper_and_the_print(
    run: Run, workspace_folder: Path, arguments: list[str], names: list[str]
) -> None:
    result = run("build", "-p", "handout", *arguments)
    assert result.exit_code == 0
    found = sorted(path.name for path in (workspace_folder / "output").iterdir())
    assert found == [f"garden.en.{name}" for name in names]
