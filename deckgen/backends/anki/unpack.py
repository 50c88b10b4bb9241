"""What stands in a package that deckgen made: the bytes of ``package`` read back."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, NamedTuple

from deckgen.diagnostics import Diagnostic, Result, Span, codes

_NAME = "collection.anki2"
_LIMIT = 512 * 1024 * 1024  # bytes of a database: more is no deck, but a trap


class UnpackedType(NamedTuple):
    """A note type: its fields and faces as ``notes.TypeOfNotes`` has them, and since when it is so."""

    id: int
    name: str
    fields: tuple[tuple[int, str], ...]
    faces: tuple[tuple[int, str, str, str], ...]
    css: str
    mod: int


class UnpackedNote(NamedTuple):
    """A note: its fields in the order of its type."""

    guid: str
    type: int
    mod: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A package's note types by their ids, its notes, and since when each deck is so, by their ids."""

    types: dict[int, UnpackedType]
    notes: tuple[UnpackedNote, ...]
    decks: dict[int, int]


def unpack(content: bytes, shown: str) -> Result[Unpacked | None]:
    """Read a package; None, and why, if it is not one of deckgen's."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if _NAME not in archive.namelist():
                return _bad(shown, "it has no collection in it")
            if archive.getinfo(_NAME).file_size > _LIMIT:
                return _bad(shown, "its collection is too large")
            database = archive.read(_NAME)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        return _bad(shown, "it is no package, or was cut off")
    connection = sqlite3.connect(":memory:")
    try:
        if not database:  # SQLite would say that there is no memory
            raise ValueError
        connection.deserialize(database)
        return Result(_read(connection))
    except (sqlite3.Error, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return _bad(shown, "its collection is not as deckgen writes it; was it exported from Anki?")
    finally:
        connection.close()


def _bad(shown: str, reason: str) -> Result[Unpacked | None]:
    return Result(None, (Diagnostic(codes.BAD_PACKAGE, Span(shown), {"reason": reason}),))


def _read(connection: sqlite3.Connection) -> Unpacked:
    models, decks = connection.execute("select models, decks from col").fetchone()
    types = {}
    for number, model in json.loads(models).items():
        types[int(number)] = _type(int(number), model)
    rows = connection.execute("select guid, mid, mod, tags, flds from notes order by id")
    notes = tuple(
        UnpackedNote(str(guid), int(mid), int(mod), tuple(tags.split()), tuple(fields.split("\x1f")))
        for guid, mid, mod, tags, fields in rows
    )
    return Unpacked(types, notes, {int(n): int(deck["mod"]) for n, deck in json.loads(decks).items()})


def _type(number: int, model: dict[str, Any]) -> UnpackedType:
    return UnpackedType(
        number,
        str(model["name"]),
        tuple((int(field.get("id") or 0), str(field["name"])) for field in model["flds"]),
        tuple(
            (int(face.get("id") or 0), str(face["name"]), str(face["qfmt"]), str(face["afmt"]))
            for face in model["tmpls"]
        ),
        str(model["css"]),
        int(model["mod"]),
    )
