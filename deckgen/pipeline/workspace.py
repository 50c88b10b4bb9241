"""Where a command works, and the decks that it finds there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from deckgen.cache import FOLDER, Cache
from deckgen.diagnostics import Diagnostic, Result, Span, codes, nearest
from deckgen.files import shown
from deckgen.kinds import load_kinds
from deckgen.model import Kind
from deckgen.resources import SearchPath, search_path

DECK = "deck.yaml"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a command works: the folder with ``cards/`` and, maybe, ``templates/``."""

    folder: Path
    path: SearchPath
    kinds: tuple[Kind, ...]
    cache: Cache = field(default_factory=Cache)


def open_workspace(folder: Path) -> Result[Workspace]:
    """Return the workspace of a folder, with the kinds that exist in it."""
    path = search_path(folder)
    kinds = load_kinds(path)
    return Result(Workspace(folder, path, kinds.value, Cache(folder / FOLDER / "cache")), kinds.diagnostics)


def discover(workspace: Workspace, names: Iterable[str]) -> Result[tuple[Path, ...]]:
    """Return the folders of the decks that are named, or of all: ``cards/*``, or this folder itself."""
    cards = workspace.folder / "cards"
    if (workspace.folder / DECK).is_file():
        known = {workspace.folder.resolve().name: workspace.folder}
    else:
        known = {path.parent.name: path.parent for path in sorted(cards.glob(f"*/{DECK}"))}
    wanted = tuple(names)
    if not wanted:
        missing = () if known else (Diagnostic(codes.NO_DECK, Span("cards"), {"name": "cards/*/deck.yaml"}),)
        return Result(tuple(known.values()), missing)
    folders: dict[Path, Path] = {}
    found: list[Diagnostic] = []
    for name in wanted:
        folder = known.get(name) or workspace.folder / name
        if (folder / DECK).is_file():
            folders.setdefault(folder.resolve(), folder)
        else:
            args = {"name": name, "near": nearest(name, known)}
            found.append(Diagnostic(codes.NO_DECK, Span(shown(workspace.folder / name)), args))
    return Result(tuple(folders.values()), tuple(found))
