"""Decks are read with all that is wrong in them, and nothing outside of their folders."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest
from builds import build, found, names, second_deck
from packages import edit

from deckgen import pipeline, reader
from deckgen.diagnostics import Diagnostic, Result
from deckgen.pipeline import Workspace


def test_all_errors_of_all_files_are_told_at_once(workspace_folder: Path) -> None:
    deck = workspace_folder / "cards" / "garden"
    edit(deck / "deck.yaml", "\ntitle:", "\ntitel:")
    edit(deck / "essay.yaml", "language: en", "language: '?'")
    edit(deck / "items" / "10-nettles.yaml", "question: Why", "qestion: Why")
    edit(deck / "items" / "10-nettles.yaml", "hint: It made bricks.", "hint: ''")
    edit(deck / "items" / "20-town.yaml", "kind: choice", "kind: quizz")
    (deck / "items" / "30-town.txt").write_text("forgotten", encoding="utf-8")
    loaded = pipeline.load(pipeline.open_workspace(workspace_folder).value, deck)
    assert loaded.failed
    assert loaded.deck is None
    told = {(one.span.file.rsplit("/", 1)[-1], one.code.id) for one in loaded.diagnostics}
    assert told == {
        ("deck.yaml", "D103"),
        ("essay.yaml", "D111"),
        ("10-nettles.yaml", "D103"),
        ("10-nettles.yaml", "D105"),
        ("20-town.yaml", "D104"),
        ("30-town.txt", "D210"),
    }
    assert list(loaded.diagnostics) == sorted(loaded.diagnostics, key=Diagnostic.sort_key)
    assert set(loaded.sources) >= {"cards/garden/deck.yaml", "cards/garden/items/20-town.yaml"}


def test_hidden_files_are_no_items(workspace_folder: Path) -> None:
    items = workspace_folder / "cards" / "garden" / "items"
    (items / ".10-nettles.yaml").write_text("- nonsense", encoding="utf-8")
    (items / ".DS_Store").write_bytes(b"\0")
    loaded = pipeline.load(pipeline.open_workspace(workspace_folder).value, items.parent)
    assert loaded.diagnostics == ()


@pytest.mark.parametrize("gone", ["deck.yaml", "essay.yaml", "items", "media"])
def test_what_is_missing_is_told_and_nothing_is_raised(workspace_folder: Path, gone: str) -> None:
    deck = workspace_folder / "cards" / "garden"
    path = deck / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    loaded = pipeline.load(pipeline.open_workspace(workspace_folder).value, deck)
    code = {"deck.yaml": "D001", "essay.yaml": "D001", "items": "D205", "media": "D307"}[gone]
    assert loaded.failed
    assert code in found(loaded.diagnostics)


@pytest.mark.parametrize(
    ("own", "same", "code", "built"),
    [
        ("id: orchard", "id: garden", "D211", ["garden.en.apkg"]),
        ("name: Orchard", "name: GARDEN", "D214", ["garden.en.apkg", "orchard.en.apkg"]),
    ],
    ids=["id", "name"],
)
def test_two_decks_with_one_id_or_one_name_are_told(
    workspace_folder: Path, own: str, same: str, code: str, built: list[str]
) -> None:
    """One id stops the second deck, one name does not."""
    edit(second_deck(workspace_folder) / "deck.yaml", own, same)
    outcome = build(workspace_folder)
    assert found(outcome.diagnostics) == [code]
    assert outcome.diagnostics[0].span.file == "cards/orchard/deck.yaml"
    assert names(outcome) == built


# Links that lead out of the deck ------------------------------------------------------


@pytest.mark.parametrize("name", ["deck.yaml", "items", "items/10-nettles.yaml"])
def test_a_file_of_a_deck_that_lies_elsewhere_is_not_read(
    workspace_folder: Path, tmp_path: Path, name: str
) -> None:
    part = workspace_folder / "cards" / "garden" / name
    elsewhere = tmp_path / "elsewhere"
    part.rename(elsewhere)
    part.symlink_to(elsewhere)
    outcome = build(workspace_folder)
    assert "D001" in found(outcome.diagnostics)
    assert not outcome.written


def test_a_deck_may_be_a_link_itself(workspace_folder: Path, tmp_path: Path) -> None:
    deck = workspace_folder / "cards" / "garden"
    deck.rename(tmp_path / "elsewhere")
    deck.symlink_to(tmp_path / "elsewhere")
    outcome = build(workspace_folder)
    assert not outcome.failed
    assert outcome.written


# The collector ------------------------------------------------------------------------


@pytest.mark.parametrize("enabled", [True, False])
def test_python_s_collector_rests_while_a_deck_is_read_and_is_then_as_it_was(
    workspace: Workspace, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch, enabled: bool
) -> None:
    seen = []
    read = reader.read

    def spy(path: Path, shown: str, within: Path | None = None) -> Result[reader.Document]:
        seen.append(gc.isenabled())
        return read(path, shown, within)

    monkeypatch.setattr(reader, "read", spy)
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        pipeline.load(workspace, workspace_folder / "cards" / "garden")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
    assert set(seen) == {False}
