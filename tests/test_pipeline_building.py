"""What is written, or left as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from builds import DAY, NETTLES, build, found, french, names, once, second_deck, state
from conftest import EPOCH, HERE
from packages import edit

from deckgen import files, pipeline
from deckgen.backends import Composition, Request
from deckgen.backends.anki import AnkiBackend
from deckgen.backends.products import BACKENDS
from deckgen.diagnostics import Diagnostic, Result, codes
from deckgen.jobs import Stage
from deckgen.pipeline import Loaded, Options, building


def test_files_are_named_for_people(workspace_folder: Path) -> None:
    """The folder is made; a file says what it is of, in which language, as what."""
    outcome = build(workspace_folder, products=(), output=workspace_folder / "new" / "folder")
    assert not outcome.failed
    assert [written.path.name for written in outcome.written] == [
        "garden.en.apkg",
        "garden.en.update.tsv",
        "garden.en.handout.pdf",
        "garden.en.booklet.pdf",
        "garden.en.quiz.pdf",
        "garden.en.quiz-key.pdf",
        "garden.en.guide.pdf",
        "garden.en.poster.pdf",
        "garden.en.cards.long-edge.pdf",
        "garden.en.cards.long-edge.test.pdf",
    ]
    for written in outcome.written:
        assert written.path.parent == workspace_folder / "new" / "folder"
        assert written.size == written.path.stat().st_size > 1000


def test_a_name_comes_from_the_id_and_not_from_the_folder(workspace_folder: Path) -> None:
    (workspace_folder / "cards" / "garden").rename(workspace_folder / "cards" / "My garden")
    outcome = build(workspace_folder)
    assert names(outcome) == ["garden.en.apkg"]


def test_only_the_products_and_languages_that_are_asked_for_are_built(workspace_folder: Path) -> None:
    assert names(build(workspace_folder, languages=("en", "en"))) == ["garden.en.apkg"]
    outcome = build(workspace_folder, languages=("en", "fr"))
    assert found(outcome.diagnostics) == ["D506"]
    assert outcome.diagnostics[0].args == {"language": "fr", "languages": "en"}
    assert outcome.written == []


def test_a_deck_with_errors_leaves_yesterday_s_files_and_no_other_waits_for_it(
    workspace_folder: Path,
) -> None:
    orchard = second_deck(workspace_folder)
    build(workspace_folder)
    yesterday = state(workspace_folder / "output")
    ledger = state(workspace_folder / "cards" / "garden")["ledger.json"]
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "source: nettles 2", "source: nettles 9")
    edit(orchard / "items" / "10-nettles.yaml", "It made bricks.", "It made tiles.")

    outcome = build(workspace_folder, EPOCH + DAY)
    today = state(workspace_folder / "output")
    assert found(outcome.diagnostics) == ["D203"]
    assert outcome.failed
    assert names(outcome) == ["orchard.en.apkg"]
    assert today["garden.en.apkg"] == yesterday["garden.en.apkg"]
    assert today["orchard.en.apkg"][0] != yesterday["orchard.en.apkg"][0]
    assert state(workspace_folder / "cards" / "garden")["ledger.json"] == ledger


def test_a_deck_with_warnings_alone_is_built(workspace_folder: Path) -> None:
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "source: nettles 2", "source: nettles 1")
    outcome = build(workspace_folder)
    assert found(outcome.diagnostics) == ["D208"]
    assert not outcome.failed
    assert len(names(outcome)) == 1


def test_a_product_that_fails_keeps_all_files_of_its_deck_as_they_were(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    products = ("anki", "handout")
    build(workspace_folder, products=products)
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    yesterday = state(workspace_folder)
    handout = next(each for each in BACKENDS if each.name == "handout")

    def broken(_self: object, request: Request) -> Result[Composition | None]:
        return Result(None, (Diagnostic(codes.NO_PANGO, request.deck.span),))

    monkeypatch.setattr(type(handout), "compose", broken)
    stages: list[tuple[str, Stage]] = []
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load_all(workspace, pipeline.discover(workspace, ()).value)
    options = Options(workspace_folder / "output", products=products)
    outcome = pipeline.build(workspace, loaded, options, EPOCH + DAY, lambda *seen: stages.append(seen))
    assert found(outcome.diagnostics) == ["D507"]
    assert outcome.written == []
    assert state(workspace_folder) == yesterday
    assert stages == [
        ("garden.en.apkg", Stage.PLANNED),
        ("garden.en.update.tsv", Stage.PLANNED),
        ("garden.en.handout.pdf", Stage.PLANNED),
        ("garden.en.apkg", Stage.STARTED),
        ("garden.en.apkg", Stage.DONE),
        ("garden.en.update.tsv", Stage.STARTED),
        ("garden.en.update.tsv", Stage.DONE),
        ("garden.en.handout.pdf", Stage.STARTED),
        ("garden.en.handout.pdf", Stage.FAILED),
    ]


def test_a_file_that_did_not_change_keeps_its_time(workspace_folder: Path) -> None:
    build(workspace_folder)
    before = state(workspace_folder)
    outcome = build(workspace_folder, EPOCH + DAY)
    assert state(workspace_folder) == before
    assert len(names(outcome)) == 1, "it is shown all the same"


def test_nothing_but_the_products_and_the_ledger_is_written(workspace_folder: Path) -> None:
    before = set(state(workspace_folder))
    build(workspace_folder)
    assert set(state(workspace_folder)) - before == {
        "output/garden.en.apkg",
        "output/garden.en.update.tsv",
        "cards/garden/ledger.json",
    }


def test_a_file_can_be_read_by_others(workspace_folder: Path) -> None:
    build(workspace_folder)
    plain = workspace_folder / "plain"
    plain.touch()
    assert (workspace_folder / "output/garden.en.apkg").stat().st_mode == plain.stat().st_mode


def test_a_translation_that_is_saved_after_it_was_read_is_looked_at_again(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = french(workspace_folder)
    real = building.translated

    def read_and_saved(*args: Any) -> Loaded:
        loaded = real(*args)
        edit(file, 'msgstr "‹It made bricks.›"', 'msgstr "‹**It made bricks.›"')
        return loaded

    monkeypatch.setattr(building, "translated", read_and_saved)
    build(workspace_folder)
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load(workspace, workspace_folder / "cards/garden")
    keys = pipeline.verdict_keys(workspace, loaded)
    assert [workspace.cache.get(key) for key in keys.values()] == [None]


# Two builds at once -------------------------------------------------------------------


def test_two_builds_at_once_leave_the_ledger_that_one_after_the_other_leaves(workspace_folder: Path) -> None:
    french(workspace_folder)
    ledger = workspace_folder / "cards/garden/ledger.json"
    for tag in ("en", "fr"):
        build(workspace_folder, languages=(tag,))
    expected = ledger.read_bytes()
    ledger.unlink()
    shutil.rmtree(workspace_folder / "output")
    french_too = once(lambda: build(workspace_folder, languages=("fr",)))
    assert not build(workspace_folder, languages=("en",), progress=french_too).failed
    assert ledger.read_bytes() == expected


def test_a_ledger_that_breaks_during_a_build_is_not_written_over(workspace_folder: Path) -> None:
    build(workspace_folder)
    ledger = workspace_folder / "cards/garden/ledger.json"
    before = state(workspace_folder / "output")
    edit(workspace_folder / NETTLES, "It made bricks.", "It made tiles.")
    outcome = build(workspace_folder, progress=once(lambda: ledger.write_bytes(b"<<<<<<< ours\n")))
    assert [one.code for one in outcome.diagnostics] == [codes.BAD_LEDGER]
    assert ledger.read_bytes() == b"<<<<<<< ours\n"
    assert state(workspace_folder / "output") == before


# Interruption -------------------------------------------------------------------------


def test_an_interruption_leaves_no_part_of_a_file(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(workspace_folder)
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    before = state(workspace_folder)

    def interrupted(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(workspace_folder, EPOCH + DAY)
    assert state(workspace_folder) == before


# Processes and bytes ------------------------------------------------------------------


@pytest.mark.slow
def test_one_process_and_two_give_the_same_bytes_in_the_same_order(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_deck(workspace_folder)
    monkeypatch.setattr(AnkiBackend, "heavy", True)  # two heavy jobs a deck, so that both processes work
    one = build(workspace_folder, products=(), workers=1)
    before = {written.path: written.path.read_bytes() for written in one.written}
    shutil.rmtree(workspace_folder / "output")
    shutil.rmtree(workspace_folder / ".deckgen")
    two = build(workspace_folder, products=(), workers=2)
    assert len(before) == 2 * len(BACKENDS)
    assert [written.path for written in two.written] == list(before)
    assert {written.path: written.path.read_bytes() for written in two.written} == before


@pytest.mark.slow
def test_two_builds_in_two_folders_on_two_dates_give_equal_bytes_of_every_product(tmp_path: Path) -> None:
    """By two programs, in two time zones and locales: only the deck and its ledger count."""
    made: list[dict[str, bytes]] = []
    for name, now, settings in (
        ("a", EPOCH, {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}),
        ("b/c", EPOCH + 400 * DAY, {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}),
    ):
        folder = tmp_path / name
        shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
        if made:
            shutil.copy(tmp_path / "a/cards/garden/ledger.json", folder / "cards/garden/ledger.json")
        environment = {**os.environ, **settings, "SOURCE_DATE_EPOCH": str(now)}
        command = [sys.executable, "-m", "deckgen", "build"]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        made.append({path.name: path.read_bytes() for path in (folder / "output").iterdir()})
    assert len(made[0]) == len(BACKENDS)
    assert made[0] == made[1]
