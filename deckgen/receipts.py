"""What a build wrote, and from what: one that finds all of it as it was has nothing to do.

A receipt is kept only of a build that found nothing to say, and whose inputs nobody changed before it was
done. It holds the hash of each file that was made. The ledger of a deck is one of these, and no input.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from deckgen.cache import Cache, contents, digest, programs
from deckgen.resources import SearchPath

PARTS = ("deck.yaml", "essay.yaml", "items", "translations", "media")  # of a deck's folder


class Written(NamedTuple):
    """A file that was written: its path, its size in bytes, and the hash of what was to stand in it."""

    path: Path
    size: int
    sha256: str


def written(path: Path, content: bytes) -> Written:
    """Return what is remembered of a file with this content."""
    return Written(path, len(content), hashlib.sha256(content).hexdigest())


def standing(path: Path) -> Written | None:
    """Return a file as it stands; None if it cannot be read."""
    try:
        return written(path, path.read_bytes())
    except OSError:
        return None


def name(decks: Iterable[Path], path: SearchPath, output: Path, options: object) -> str:
    """Return the hash of all that a build depends on but the ledgers, which it writes itself.

    These are decks, templates, programs, and what was asked for.
    """
    folders = [folder.resolve() for folder in decks]
    where = [folder.as_posix() for folder in (*folders, output.resolve())]
    inputs = [contents([folder / part for folder in folders for part in PARTS]), contents(path.folders)]
    return digest("receipt", programs(), inputs, where, options)


def find(cache: Cache, key: str) -> list[Written] | None:
    """Return the files of a build, ledgers among them, if they all stand there as it made them."""
    kept = cache.get(key)
    if kept is None:
        return None
    found = [Written(Path(file), size, sha256) for file, size, sha256 in json.loads(kept)]
    return found if all(standing(each.path) == each for each in found) else None


def keep(cache: Cache, key: str, files: Iterable[Written]) -> None:
    """Keep what a build made."""
    cache.put(key, json.dumps([(each.path.as_posix(), each.size, each.sha256) for each in files]).encode())
