"""Builds of workspaces for tests: what is built, what was said of it, what is then in the folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conftest import EPOCH
from packages import edit, item_of, read_package
from translated import translate

from deckgen import pipeline
from deckgen.catalogues import Task
from deckgen.diagnostics import Diagnostic
from deckgen.jobs import Progress, Stage
from deckgen.pipeline import Options, Outcome

DAY = 86_400
PACKAGE = ("anki",)
NETTLES = "cards/garden/items/10-nettles.yaml"


def silent(_file: str, _stage: Stage) -> None:
    """No progress display."""


def once(meanwhile: Callable[[], object]) -> Progress:
    """A progress display that does something when the first file is about to be made, and never again."""
    left = [meanwhile]

    def progress(_file: str, _stage: Stage) -> None:
        if left:
            left.pop()()

    return progress


def second_deck(folder: Path, name: str = "orchard") -> Path:
    """A second deck beside the garden."""
    deck = folder / "cards" / name
    shutil.copytree(folder / "cards" / "garden", deck)
    edit(deck / "deck.yaml", "id: garden", f"id: {name}")
    edit(deck / "deck.yaml", "name: Garden", f"name: {name.title()}")
    return deck


def build(
    folder: Path, now: int = EPOCH, *names: str, progress: Progress = silent, **options: Any
) -> Outcome:
    """Build decks of a workspace, as packages unless told."""
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load_all(workspace, pipeline.discover(workspace, names).value)
    wanted = Options(**{"output": folder / "output", "products": PACKAGE, **options})
    return pipeline.build(workspace, loaded, wanted, now, progress)


def names(outcome: Outcome) -> list[str]:
    """The files that a build made, but for the updates, each of which stands beside its package."""
    return [each.path.name for each in outcome.written if not each.path.name.endswith(".update.tsv")]


def found(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> list[str]:
    return [one.code.id for one in diagnostics]


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file's bytes and time."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def french(folder: Path, tag: str = "fr") -> Path:
    """The whole garden in another language: each text in angle brackets."""
    workspace = pipeline.open_workspace(folder).value
    deck = pipeline.load(workspace, folder / "cards/garden").deck
    assert deck is not None
    kinds = {kind.name: kind for kind in workspace.kinds}
    task = Task(folder / "cards/garden", deck, kinds, tag, pipeline.day(EPOCH))
    task.start()
    words = translate(task.file.read_text(encoding="utf-8"), how=lambda entry: f"‹{entry.msgid}›")
    task.file.write_text(words, encoding="utf-8", newline="\n")
    task.sync()
    return task.file


def notes_of(folder: Path, tag: str, draft: str = "") -> dict[str, str]:
    content = (folder / f"output/garden.{tag}{draft}.apkg").read_bytes()
    return {item_of(note["flds"]): note["flds"] for note in read_package(content).notes}


def errors(outcome: Outcome) -> list[str]:
    return [one.code.id for one in outcome.diagnostics if one.level == "error"]
