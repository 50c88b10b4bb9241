"""What the next build would put into a package, and nothing is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import EPOCH, HERE
from packages import edit
from polib import POEntry
from translated import begun, translate

from deckgen import packages, pipeline
from deckgen.forecast import Fate, forecast
from deckgen.packages import Package
from deckgen.pipeline import Options
from deckgen.preview import preview


def built(folder: Path, language: str = "en") -> Package:
    """Build the garden; return what stands in its package."""
    workspace = pipeline.open_workspace(folder).value
    loaded = (pipeline.load(workspace, folder / "cards" / "garden"),)
    options = Options(folder / "output", products=("anki",))
    outcome = pipeline.build(workspace, loaded, options, EPOCH, lambda _file, _stage: None)
    assert not outcome.failed, [one.text() for one in outcome.diagnostics]
    package = packages.read(folder / "output" / f"garden.{language}.apkg").value
    assert package is not None
    return package


def seen(folder: Path, old: Package, *names: str) -> tuple[Package | None, list[str]]:
    """What is seen of the working tree, and the codes of what is said."""
    workspace = pipeline.open_workspace(folder).value
    result = preview(workspace, names, old, "old.apkg", EPOCH + 5)
    return result.value, [one.code.id for one in result.diagnostics]


def source(entry: POEntry) -> str:
    """A translation into the same words."""
    return str(entry.msgid)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_preview_is_what_the_next_build_makes_and_nothing_is_written(workspace_folder: Path) -> None:
    old = built(workspace_folder)
    assert seen(workspace_folder, old) == (old, [])
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    before = files(workspace_folder)
    new, told = seen(workspace_folder, old, "garden")
    assert files(workspace_folder) == before
    assert new is not None
    assert told == []
    assert forecast(old, new).counts()[Fate.UPDATED] == 1
    assert [note.mod for note in new.notes if "factory" in note.fields] == [EPOCH + 5]


def test_the_deck_and_the_language_are_found(workspace_folder: Path) -> None:
    shutil.copytree(HERE / "decks" / "arabic", workspace_folder / "cards" / "arabic")
    garden = workspace_folder / "cards" / "garden"
    deck = pipeline.load(pipeline.open_workspace(workspace_folder).value, garden).deck
    assert deck is not None
    (garden / "translations").mkdir()
    (garden / "translations" / "fr.po").write_text(translate(begun(deck), how=source), encoding="utf-8")
    old = built(workspace_folder, "fr")
    assert seen(workspace_folder, old) == (old, [])


def test_what_breaks_is_shown_nevertheless(workspace_folder: Path) -> None:
    old = built(workspace_folder)
    edit(workspace_folder / "cards/garden/deck.yaml", "name: Garden", "name: Yard")
    new, told = seen(workspace_folder, old)
    assert told == []
    assert new is not None
    assert {deck.fate for deck in forecast(old, new).decks} == {Fate.RENAMED}


@pytest.mark.parametrize(
    ("file", "before", "after", "code"),
    [
        ("deck.yaml", "id: garden", "id: yard", "D802"),
        ("deck.yaml", "language: en", "language: de", "D802"),
        ("items/20-town.yaml", "right: Sell it", "rigt: Sell it", "D103"),
    ],
)
def test_what_cannot_be_compared_is_told(
    workspace_folder: Path, file: str, before: str, after: str, code: str
) -> None:
    old = built(workspace_folder)
    edit(workspace_folder / "cards" / "garden" / file, before, after)
    new, told = seen(workspace_folder, old)
    assert new is None
    assert code in told


def test_a_deck_that_is_not_there_is_told(workspace_folder: Path) -> None:
    assert seen(workspace_folder, built(workspace_folder), "gardn") == (None, ["D206"])
