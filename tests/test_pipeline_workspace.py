"""Which decks are meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from builds import build, found, second_deck

from deckgen import pipeline
from deckgen.diagnostics import codes


def discovered(folder: Path, *names: str) -> tuple[list[str], list[str]]:
    result = pipeline.discover(pipeline.open_workspace(folder).value, names)
    return [path.resolve().name for path in result.value], found(result.diagnostics)


def test_every_deck_is_found_in_the_order_of_their_names(workspace_folder: Path) -> None:
    second_deck(workspace_folder, "zucchini")
    second_deck(workspace_folder, "apples")
    (workspace_folder / "cards" / "schema").mkdir()
    (workspace_folder / "cards" / "notes.txt").write_text("no deck", encoding="utf-8")
    assert discovered(workspace_folder) == (["apples", "garden", "zucchini"], [])


def test_decks_are_named_by_name_or_by_folder(workspace_folder: Path) -> None:
    second_deck(workspace_folder)
    whole = workspace_folder / "cards" / "orchard"
    for name in ("orchard", "cards/orchard", "cards/orchard/", "./cards/orchard", str(whole)):
        assert discovered(workspace_folder, name) == (["orchard"], [])


def test_decks_stand_in_the_order_in_which_they_are_named_each_once(workspace_folder: Path) -> None:
    second_deck(workspace_folder)
    names = ("orchard", "garden", str(workspace_folder / "cards" / "orchard"), "./cards/garden/")
    assert discovered(Path(), *names) == (["orchard", "garden"], [])


def test_a_deck_may_stand_outside_of_cards(workspace_folder: Path) -> None:
    shutil.move(workspace_folder / "cards" / "garden", workspace_folder / "elsewhere")
    assert discovered(workspace_folder, "elsewhere") == (["elsewhere"], [])


def test_in_a_deck_s_own_folder_that_deck_is_meant(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = workspace_folder / "cards" / "garden"
    monkeypatch.chdir(deck)
    assert discovered(Path()) == (["garden"], [])
    assert discovered(Path(), "garden") == (["garden"], [])
    outcome = build(Path())
    assert [written.path.as_posix() for written in outcome.written] == [
        "output/garden.en.apkg",
        "output/garden.en.update.tsv",
    ]
    assert found(outcome.diagnostics) == []


def test_an_unknown_deck_is_told_with_the_nearest_name(workspace_folder: Path) -> None:
    workspace = pipeline.open_workspace(workspace_folder).value
    result = pipeline.discover(workspace, ["gadren", "garden", "xyz"])
    assert [path.name for path in result.value] == ["garden"]
    assert [(one.code, one.args["near"]) for one in result.diagnostics] == [
        (codes.NO_DECK, "garden"),
        (codes.NO_DECK, ""),
    ]
    assert "garden" in result.diagnostics[0].hint()
    assert "deckgen new" in result.diagnostics[1].hint()


def test_a_folder_without_a_deck_is_told(tmp_path: Path) -> None:
    assert discovered(tmp_path) == ([], ["D206"])
