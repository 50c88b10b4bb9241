"""What the terminal shows besides diagnostics: it fits, and it is quiet where nobody looks."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HERE
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from deckgen.coverage import Coverage, Row, coverage
from deckgen.doctor import Finding
from deckgen.jobs import Stage
from deckgen.pipeline import Loaded, Workspace, load, open_workspace
from deckgen.progress import coverage_table, health_table, shown_progress, size, table
from deckgen.receipts import Written

KINDS = ("question", "term", "cloze", "choice", "position", "discussion")


def terminal(width: int) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, soft_wrap=True, no_color=True)


def printed(console: Console, what: object) -> list[str]:
    """The lines that a person sees, without their styles."""
    console.print(what)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in Text.from_ansi(console.file.getvalue()).plain.split("\n")]


def sized(paragraphs: tuple[str, ...], counts: tuple[int, ...]) -> Coverage:
    rows = tuple(
        Row("", name, {kind: count for kind, count in zip(KINDS, counts, strict=True) if count})
        for name in paragraphs
    )
    return Coverage(rows, dict(zip(KINDS, counts, strict=True)))


# Coverage -----------------------------------------------------------------------------


def test_coverage_is_a_row_a_paragraph(garden: Loaded, workspace: Workspace) -> None:
    assert garden.deck is not None
    made = coverage_table(garden.deck, coverage(garden.deck), workspace.kinds, 80)
    assert printed(terminal(80), made) == [
        "garden: 3 of 3 paragraphs, 9 items",
        "paragraph  question  term  cloze  choice  position  discussion  all",
        "───────────────────────────────────────────────────────────────────",
        "nettles 1         1     1      1       ·         ·           1    4",
        "nettles 2         1     ·      ·       ·         ·           ·    1",
        "town 1            ·     1      ·       1         2           1    5",
        "",
        "items             2     1      1       1         2           2    9",
        "",
    ]


def test_a_paragraph_without_an_item_says_so_in_words(garden: Loaded, workspace: Workspace) -> None:
    assert garden.deck is not None
    deck = replace(garden.deck, items=tuple(i for i in garden.deck.items if i.id != "leave"))
    lines = printed(terminal(80), coverage_table(deck, coverage(deck), workspace.kinds, 80))
    assert lines[0] == "garden: 2 of 3 paragraphs, 8 items"
    assert lines[4].split() == ["nettles", "2", "·", "·", "·", "·", "·", "·", "none"]


def test_kinds_that_a_deck_does_not_have_take_no_room(garden: Loaded, workspace: Workspace) -> None:
    assert garden.deck is not None
    deck = replace(garden.deck, items=tuple(i for i in garden.deck.items if i.kind == "term"))
    lines = printed(terminal(80), coverage_table(deck, coverage(deck), workspace.kinds, 80))
    assert lines[1].split() == ["paragraph", "term", "all"]


def test_columns_move_together_before_they_go(garden: Loaded, workspace: Workspace) -> None:
    assert garden.deck is not None
    lines = printed(terminal(62), coverage_table(garden.deck, coverage(garden.deck), workspace.kinds, 62))
    assert lines[1] == "paragraph question term cloze choice position discussion all"


def test_a_narrow_terminal_has_the_kinds_in_words(garden: Loaded, workspace: Workspace) -> None:
    assert garden.deck is not None
    lines = printed(terminal(50), coverage_table(garden.deck, coverage(garden.deck), workspace.kinds, 50))
    assert lines[1].split() == ["paragraph", "all", "by", "kind"]
    assert lines[3].startswith("nettles 1    4  1\u00a0question, 1\u00a0term,")
    assert max(map(len, lines)) <= 50


@given(
    st.integers(50, 140),
    st.lists(
        st.sampled_from(["a 1", "urbanisation 3", "a-very-long-section-name 12"]), min_size=1, unique=True
    ),
    st.tuples(*[st.integers(1, 999)] * 6),
)
@settings(deadline=None, max_examples=60)
def test_coverage_fits_and_is_never_cut_off(
    garden_once: tuple[Loaded, Workspace], width: int, paragraphs: list[str], counts: tuple[int, ...]
) -> None:
    garden, workspace = garden_once
    assert garden.deck is not None
    made = coverage_table(garden.deck, sized(tuple(paragraphs), counts), workspace.kinds, width)
    lines = printed(terminal(width), made)
    assert max(map(len, lines)) <= width
    whole = "\n".join(lines)
    assert "…" not in whole
    for word in ("paragraph", *KINDS, *paragraphs, "all"):
        assert word in whole


@pytest.fixture(scope="module")
def garden_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, Workspace]:
    folder = tmp_path_factory.mktemp("garden")
    shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
    workspace = open_workspace(folder).value
    return load(workspace, folder / "cards" / "garden"), workspace


# Files and health ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (38_400, "38 kB"), (999_499, "999 kB"), (999_500, "1.0 MB")],
)
def test_sizes_are_read_by_people(count: int, shown: str) -> None:
    assert size(count) == shown


def test_files_stand_with_their_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = [
        Written(Path("output/garden.en.apkg"), 7_400, ""),
        Written(Path("output/[b].pdf"), 1_250_000, ""),
    ]
    assert printed(terminal(80), table(files)) == [
        "file                     size",
        "─────────────────────────────",
        "output/garden.en.apkg    7 kB",
        "output/[b].pdf         1.2 MB",
        "",
    ]


def test_a_long_name_is_folded_and_not_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "output/" + "a-long-name" * 9 + ".pdf"
    lines = printed(terminal(60), table([Written(Path(name), 1, "")]))
    assert "".join(line.split("  ")[0] for line in lines[2:]) == name


def test_what_doctor_found_is_said_in_words_too() -> None:
    findings = [
        Finding("Pango", True, "installed"),
        Finding("fonts", False, "x"),
        Finding("y", False, "z", False),
    ]
    assert printed(terminal(80), health_table(findings)) == [
        "Pango  good            installed",
        "fonts  missing         x",
        "y      better with it  z",
        "",
    ]


# Progress -----------------------------------------------------------------------------


def run_jobs(console: Console) -> str:
    with shown_progress(console) as progress:
        for stage in (Stage.PLANNED, Stage.STARTED):
            progress("garden.en.apkg", stage)
            progress("garden.en.handout.pdf", stage)
        progress("garden.en.apkg", Stage.DONE)
        progress("garden.en.handout.pdf", Stage.FAILED)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_terminal_shows_each_job_while_it_runs() -> None:
    shown = run_jobs(terminal(80))
    assert "garden.en.apkg" in shown
    assert "garden.en.handout.pdf" in shown


def test_a_pipe_shows_no_progress() -> None:
    assert run_jobs(Console(file=io.StringIO(), force_terminal=False)) == ""
