"""What a build wrote, and from what: one that finds all of it as it was has nothing to do.

A receipt is kept only of a build that found nothing to say, and holds the hash of each file it wrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from deckgen.cache import Cache, contents, digest, programs
from deckgen.resources import SearchPath

PARTS = ("deck.yaml", "essay.yaml", "ledger.json", "items", "translations", "media")  # of a deck's folder


class Written(NamedTuple):
    """A file that stands in the output folder: its path and its size in bytes."""

    path: Path
    size: int


def name(decks: Iterable[Path], path: SearchPath, output: Path, options: object) -> str:
    """Return the hash of all that a build depends on: decks, templates, programs, and what was asked for."""
    folders = [folder.resolve() for folder in decks]
    where = [folder.as_posix() for folder in (*folders, output.resolve())]
    inputs = [contents([folder / part for folder in folders for part in PARTS]), contents(path.folders)]
    return digest("receipt", programs(), inputs, where, options)


def find(cache: Cache, key: str) -> list[Written] | None:
    """Return the files of a build if they all stand there as it wrote them."""
    kept = cache.get(key)
    if kept is None:
        return None
    found = []
    for file, size, sha256 in json.loads(kept):
        path = Path(file)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if len(content) != size or hashlib.sha256(content).hexdigest() != sha256:
            return None
        found.append(Written(path, size))
    return found


def keep(cache: Cache, key: str, written: Iterable[tuple[Path, bytes]]) -> None:
    """Keep what a build wrote."""
    files = [
        (path.as_posix(), len(content), hashlib.sha256(content).hexdigest()) for path, content in written
    ]
    cache.put(key, json.dumps(files).encode())
