"""Packages for Anki, read without Anki: what notes, note types and decks stand in an ``.apkg``.

A package is a zip with a database (SQLite) and may come from anybody. It is read in memory: nothing is
unpacked, no name in it is used as a path, and no more is read than a package can reasonably hold.
"""

from __future__ import annotations

import io
import itertools
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from deckgen.diagnostics import Diagnostic, Result, Span, codes, reason_of
from deckgen.files import shown

MAX_FILE = 2 * 1024**3  # bytes; Anki's own limit for a package on AnkiWeb is far below
MAX_DATABASE = 512 * 1024**2
MAX_LIST = 32 * 1024**2  # of the list of pictures and sounds
_MAX_STEPS = 2_000  # million instructions of the database; a package of a million notes needs far fewer
_NEWEST, _OLDER = "collection.anki21b", ("collection.anki21", "collection.anki2")
_TABLES = ("col", "notes", "cards")


class Field(NamedTuple):
    """A field of a note type; types that were made before Anki 23.10 have no ids."""

    id: int | None
    name: str


class Template(NamedTuple):
    """A card template of a note type."""

    id: int | None
    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type; ``mod`` is when it last changed, in seconds since 1970."""

    id: int
    name: str
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    cloze: bool
    mod: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note. ``type`` is the id of its type, ``cards`` are the ordinals of its cards, from 0."""

    guid: str
    type: int
    mod: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    cards: tuple[int, ...]


class PackedDeck(NamedTuple):
    """A deck; ``mod`` is when it last changed, in seconds since 1970."""

    name: str
    mod: int = 0


@dataclass(frozen=True, slots=True)
class Package:
    """What stands in a package: note types and decks by their ids, and the names of ``media``."""

    types: Mapping[int, NoteType]
    notes: tuple[Note, ...]
    decks: Mapping[int, PackedDeck]
    media: tuple[str, ...] = ()


class _BrokenError(Exception):
    """Why a package cannot be read, in plain words."""


def read(path: Path) -> Result[Package | None]:
    """Read a package from its file; None with the error that prevents it."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE else b""
    except OSError as error:
        return _failed(shown(path), reason_of(error))
    if size > MAX_FILE:
        return _failed(shown(path), "it is too large")
    return parse(content, shown(path))


def parse(content: bytes, name: str) -> Result[Package | None]:
    """Read a package from its bytes; ``name`` is what the file is called in what is said of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            database, media = _database(archive), _media(archive)
        return Result(_collection(database, media))
    except _BrokenError as error:
        return _failed(name, str(error))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        # RuntimeError: it is encrypted, or packed in an unknown way; the others: what a broken zip leads to
        return _failed(name, "it is not a package for Anki, or broken")


def _failed(name: str, reason: str) -> Result[Package | None]:
    return Result(None, (Diagnostic(codes.UNREADABLE_PACKAGE, Span(name), {"reason": reason}),))


# The zip ------------------------------------------------------------------------------


def _member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Return a file of the zip, whatever size the zip claims it has."""
    with archive.open(name) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise _BrokenError(f"“{name}” in it is too large")
    return content


def _database(archive: zipfile.ZipFile) -> bytes:
    names = archive.namelist()
    if _NEWEST in names:
        reason = "it is in Anki's newest format; export it with “Support older Anki versions”"
        raise _BrokenError(reason)
    name = next((each for each in _OLDER if each in names), None)
    if name is None:
        raise _BrokenError("there is no collection in it")
    return _member(archive, name, MAX_DATABASE)


def _media(archive: zipfile.ZipFile) -> tuple[str, ...]:
    if "media" not in archive.namelist():
        return ()
    names = [_text(name) for name in _mapping(_json(_member(archive, "media", MAX_LIST))).values()]
    for name in names:
        if name in ("", ".", "..") or any(character in name for character in "/\\\0"):
            raise _BrokenError(f"it names a file outside of its own folder: “{name[:60]}”")
    return tuple(sorted(names))


# The database -------------------------------------------------------------------------


def _collection(content: bytes, media: tuple[str, ...]) -> Package:
    with closing(sqlite3.connect(":memory:")) as connection:
        steps = itertools.count()
        connection.set_progress_handler(lambda: int(next(steps) > _MAX_STEPS), 1_000_000)
        try:
            connection.deserialize(content)
            connection.execute("pragma trusted_schema = off")
            connection.execute("pragma query_only = on")
            return _contents(connection, media)
        except (sqlite3.Error, sqlite3.Warning, MemoryError) as error:  # the last: it is empty
            reason = str(error) or "it is empty"
            raise _BrokenError(f"its database cannot be read ({reason})") from None


def _contents(connection: sqlite3.Connection, media: tuple[str, ...]) -> Package:
    plain = {
        name
        for name, kind, sql in connection.execute("select name, type, sql from sqlite_master")
        if kind == "table" and not str(sql).lower().startswith("create virtual")
    }
    if missing := [name for name in _TABLES if name not in plain]:
        raise _BrokenError(f"its database has no table “{missing[0]}”")
    rows = connection.execute("select models, decks from col").fetchmany(2)
    if len(rows) != 1:
        raise _BrokenError("its database holds no collection, or several")
    models, decks = (_mapping(_json(value)) for value in rows[0])
    types = {_number(key): _note_type(_number(key), _mapping(value)) for key, value in models.items()}
    cards: dict[int, list[int]] = {}
    for note, ordinal in connection.execute("select nid, ord from cards order by nid, ord"):
        cards.setdefault(_number(note), []).append(_number(ordinal))
    notes = []
    for number, guid, kind, mod, tags, fields in connection.execute(
        "select id, guid, mid, mod, tags, flds from notes order by id"
    ):
        if kind not in types:
            raise _BrokenError("a note in it is of a note type that is not in it")
        notes.append(
            Note(
                _text(guid),
                kind,
                _number(mod),
                tuple(_text(fields).split("\x1f")),
                tuple(sorted(_text(tags).split())),
                tuple(cards.get(_number(number), ())),
            )
        )
    return Package(types, tuple(notes), {_number(key): _deck(value) for key, value in decks.items()}, media)


def _deck(value: object) -> PackedDeck:
    data = _mapping(value)
    return PackedDeck(_text(data.get("name")), _number(data.get("mod")))


def _note_type(number: int, data: Mapping[str, Any]) -> NoteType:
    fields = [_mapping(each) for each in _entries(data.get("flds"))]
    templates = [_mapping(each) for each in _entries(data.get("tmpls"))]
    return NoteType(
        number,
        _text(data.get("name")),
        tuple(Field(_id(each), _text(each.get("name"))) for each in fields),
        tuple(
            Template(_id(each), *(_text(each.get(key)) for key in ("name", "qfmt", "afmt")))
            for each in templates
        ),
        _text(data.get("css")),
        data.get("type") == 1,
        _number(data.get("mod")),
    )


# Values of somebody else's making -----------------------------------------------------

_T = TypeVar("_T")


def _of(kind: type[_T], value: object) -> _T:
    if not isinstance(value, kind):
        raise _BrokenError("a value in it is not of the sort that Anki writes")
    return value


def _text(value: object) -> str:
    return _of(str, value)


def _mapping(value: object) -> Mapping[str, Any]:
    return _of(dict, value)


def _entries(value: object) -> Iterable[object]:
    return _of(list, value)


def _number(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return _of(int, value)


def _id(data: Mapping[str, Any]) -> int | None:
    return None if data.get("id") is None else _number(data["id"])


def _json(content: object) -> object:
    try:
        return json.loads(content if isinstance(content, bytes) else _text(content))
    except (ValueError, RecursionError):
        raise _BrokenError("a list in it is not JSON") from None
