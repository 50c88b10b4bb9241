"""The benchmarks run and print their tables. What they measure is for people to read: no test fails on it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import data
import pytest

from deckgen.pipeline import Workspace, load

HERE = Path(__file__).parent
NUMBER = re.compile(r"\d")


def run(script: str, *arguments: str) -> str:
    """Run a script and return what it prints."""
    command = [sys.executable, str(HERE / f"{script}.py"), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def tables(printed: str) -> dict[str, list[list[str]]]:
    """Return the tables that were printed: their titles, and their rows without the head."""
    found: dict[str, list[list[str]]] = {}
    for title, body in re.findall(r"^(\S.*)\n\n((?:.+\n)+)", printed, re.MULTILINE):
        _, rule, *rows = body.splitlines()
        assert set(rule) == {"-", " "}
        found[title] = [re.split(r"\s{2,}", row) for row in rows]
    return found


def title(found: dict[str, list[list[str]]], begin: str) -> list[list[str]]:
    """Return the rows of the table whose title begins so."""
    (name,) = (name for name in found if name.startswith(begin))
    return found[name]


def test_parse_and_package_prints_both_sides_and_their_growth() -> None:
    found = tables(run("parse_and_package", "--sizes", "12", "60", "--runs", "1"))
    rows = title(found, "Items to package")
    assert [row[0] for row in rows] == ["12", "60"]
    assert all(NUMBER.search(cell) for row in rows for cell in row)
    assert [row[0] for row in title(found, "Where the time goes")] == [
        f"{size} {who}" for size in (12, 60) for who in ("deckgen", "reference")
    ]
    assert [row[0] for row in title(found, "Time an item")] == ["12 → 60"]
    assert [row[0] for row in title(found, "The first time")] == ["12", "60"]


@pytest.mark.slow
def test_handout_prints_both_sides() -> None:
    (row,) = title(tables(run("handout", "--sizes", "8", "--seconds", "0")), "The handout")
    assert row[0] == "8"
    assert all(NUMBER.search(cell) for cell in row)


@pytest.mark.slow
def test_paper_prints_both_sides_of_each_product() -> None:
    found = tables(run("paper", "--sizes", "20", "--seconds", "0"))
    assert len(found) == 5
    for rows in found.values():
        assert [row[0] for row in rows] == ["20"]
        assert all(NUMBER.search(cell) for row in rows for cell in row)


@pytest.mark.slow
def test_cards_prints_both_sides() -> None:
    (row,) = title(tables(run("cards", "--sizes", "8", "--seconds", "0")), "Cut-out cards")
    assert row[0] == "8"
    assert all(NUMBER.search(cell) for cell in row)


def test_markdown_libraries_prints_those_that_are_installed() -> None:
    names = ["pyromark", "pyromark, events", "deckgen.markup"]
    found = tables(run("markdown_libraries", "--items", "60", "--length", "60", "--only", *names))
    speed = title(found, "Microseconds a field")
    assert [row[0] for row in speed] == names
    assert all(NUMBER.search(cell) for row in speed for cell in row[3:])
    hostile = title(found, "Milliseconds for a hostile text")
    assert [row[0] for row in hostile] == names
    assert all(cell.isdigit() for row in hostile for cell in row[1:])


def test_start_up_prints_what_is_imported() -> None:
    found = tables(run("start_up", "--runs", "1"))
    assert [row[0] for row in title(found, "Until the answer")] == [
        "python -c pass",
        "deckgen --version",
        "deckgen check",
    ]
    imported = {name: cells for name, *cells in title(found, "Imported modules")}
    for heavy in ("weasyprint", "genanki"):
        assert imported[heavy] == ["no", "no"]


def test_sync_prints_both_sides_and_their_growth() -> None:
    found = tables(run("sync", "--sizes", "300", "600", "--runs", "1"))
    rows = title(found, "A catalogue brought up to date")
    assert [row[1:3] for row in rows] == [["2", "2"], ["3", "4"]]
    assert all(NUMBER.search(cell) for row in rows for cell in row)
    assert [row[0].split()[1] for row in title(found, "Where the time goes")] == ["deckgen", "reference"] * 2
    assert len(title(found, "Time a message")) == 1


def test_compare_essay_finds_what_each_copy_has() -> None:
    rows = title(tables(run("compare_essay", "--sizes", "20000", "--runs", "1")), "Comparing a copy")
    assert [row[:2] for row in rows] == [
        ["same, 20 kB", "22 found"],
        ["changed, 20 kB", "3 changed, 19 found"],
        ["another, 20 kB", "22 missing"],
    ]


# The decks they are run on


@pytest.mark.parametrize("discussions", [False, True])
def test_the_decks_have_no_faults_and_all_kinds(
    workspace: Workspace, tmp_path: Path, discussions: bool
) -> None:
    loaded = load(workspace, data.write_deck(tmp_path / "bench", 120, discussions=discussions))
    assert loaded.deck is not None
    assert loaded.diagnostics == ()
    assert len(loaded.deck.items) == 120
    kinds = {kind.name for kind in workspace.kinds if kind.note_type.studied or discussions}
    assert {item.kind for item in loaded.deck.items} == kinds


def test_the_decks_are_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        data.write_deck(tmp_path / name, 50)
    files = {file.relative_to(tmp_path / "one") for file in (tmp_path / "one").rglob("*.yaml")}
    assert len(files) > 3
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_about_a_fifth_of_the_fields_have_markdown() -> None:
    texts = data.texts(2000)
    marked = sum(1 for text in texts if re.search(r"[*`\[\\$&|]|^- ", text, re.MULTILINE))
    assert 0.15 < marked / len(texts) < 0.25


@pytest.mark.slow
def test_build_prints_each_way() -> None:
    rows = title(tables(run("build", "--sizes", "10", "--runs", "1")), "Everything there is")
    assert len(rows) == 4
    assert all(NUMBER.search(cell) for row in rows for cell in row[1:])
