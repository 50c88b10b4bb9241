"""The bytes of a package: a database in memory, and a zip that is the same for the same input."""

from __future__ import annotations

import io
import itertools
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from typing import Any

from deckgen.backends.anki.dated import DatedDeck, DatedModel, DatedNote, Package
from deckgen.backends.anki.notes import Composed, TypeOfNotes, deck_name, lasting_id
from deckgen.backends.base import Request
from deckgen.model import Preset

_LEVEL = 4  # of compression: twice as fast as 6, and only 4 % larger
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold


def package(request: Request, composed: Composed, description: str) -> bytes:
    """Return the bytes of a package. Nothing is left behind: the database stands in memory."""
    files = [("collection.anki2", _database(request, composed, description))]
    names = {}
    for number, (target, name) in enumerate(composed.media):
        names[str(number)] = target
        files.append((str(number), (request.deck.media / name).read_bytes()))
    files.append(("media", json.dumps(names, sort_keys=True).encode()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files):
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, content, compresslevel=_LEVEL)
    return buffer.getvalue()


def _database(request: Request, composed: Composed, description: str) -> bytes:
    times, tag, changed = request.ledger, request.language.tag, request.changed
    models = {
        each.kind.name: _model(each, times[f"{tag}/@{each.kind.name}"].since, request)
        for each in composed.types
    }
    options = lasting_id("preset", request.deck.id) if request.deck.anki.preset else 1
    number = lasting_id("deck", request.deck.id, tag)
    top = DatedDeck(number, deck_name(request), description, changed, options)
    decks = {}
    for number, section in enumerate(request.deck.essay.sections):
        decks[section.id] = DatedDeck(
            lasting_id("deck", request.deck.id, tag, section.id),
            deck_name(request, number),
            "",
            changed,
            options,
        )
    due = 0
    for note in composed.notes:
        if note.item.kind not in request.deck.studied or not (note.cards or note.retired):
            continue
        due += not note.retired
        (top if note.retired else decks[note.item.section]).add_note(
            DatedNote(
                model=models[note.item.kind],
                fields=list(note.fields),
                guid=note.guid,
                tags=note.tags,
                due=due,
                sort_field=note.sort,
                mod=times[f"{tag}/{note.item.origin}"].since,
                ordinals=note.cards,
            )
        )
    used = [deck for deck in decks.values() if deck.notes]
    connection = sqlite3.connect(":memory:")
    try:
        Package([top, *used]).write_to_db(connection.cursor(), changed, _ids(request, changed))
        if preset := request.deck.anki.preset:
            _suggest(connection, options, request.deck.name, preset)
        connection.commit()
        connection.execute("VACUUM")
        return connection.serialize()
    finally:
        connection.close()


def _suggest(connection: sqlite3.Connection, number: int, name: str, preset: Preset) -> None:
    """Put options of their own beside Anki's. It takes them over where the learner wants deck presets."""
    ((text,),) = connection.execute("SELECT dconf FROM col")
    every = json.loads(text)
    own = json.loads(json.dumps(every["1"])) | {"id": number, "name": name, "mod": 1}
    own["new"] |= {"perDay": preset.new, "bury": preset.bury}
    own["rev"] |= {"perDay": preset.reviews, "bury": preset.bury}
    own["buryInterdayLearning"] = preset.bury
    connection.execute("UPDATE col SET dconf = ?", (json.dumps({**every, str(number): own}),))


def _ids(request: Request, changed: int) -> Iterator[int]:
    """Return ids of notes and cards: milliseconds up to two weeks before the last change.

    Anki gives an id from the future, or one that is taken, a new number; each deck and language
    has its own stretch of time so that this is rare.
    """
    first = (changed - 14 * 86_400) * 1000
    first += lasting_id("ids", request.deck.id, request.language.tag) % 1_000_000_000
    return itertools.count(max(first, 1))


def _model(each: TypeOfNotes, mod: int, request: Request) -> DatedModel:
    rtl = request.language.direction == "rtl"
    fields: list[dict[str, Any]] = [{"id": number, "name": name, "rtl": rtl} for number, name in each.fields]
    templates = [
        {"id": number, "name": name, "qfmt": front, "afmt": back} for number, name, front, back in each.faces
    ]
    return DatedModel(
        each.id, each.name, fields, templates, each.css, cloze=each.kind.note_type.cloze, mod=mod
    )
