"""Helpers for the tests of packages: what stands in an .apkg, read without Anki."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deckgen import pipeline
from deckgen.backends import Backend, Request
from deckgen.backends.anki import AnkiBackend
from deckgen.diagnostics import Result
from deckgen.languages import language
from deckgen.ledger import update
from deckgen.model import Freshness, State
from deckgen.words import load_words

ALL_KINDS = "study: [question, term, cloze, choice, position, discussion]\n"


@dataclass(frozen=True)
class Package:
    """The rows and files of a package. Notes, cards, note types and decks are dicts by column or key."""

    names: tuple[str, ...]
    infos: tuple[zipfile.ZipInfo, ...]
    notes: tuple[dict[str, Any], ...]
    cards: tuple[dict[str, Any], ...]
    types: dict[int, dict[str, Any]]
    decks: dict[int, dict[str, Any]]
    media: dict[str, bytes]

    def note(self, item: str) -> dict[str, Any]:
        """The note of an item."""
        return next(note for note in self.notes if item_of(note["flds"]) == item)

    def cards_of(self, item: str) -> list[dict[str, Any]]:
        return [card for card in self.cards if card["nid"] == self.note(item)["id"]]


def item_of(fields: str) -> str:
    """The item's id, which is the last field but the learner's own."""
    return fields.split("\x1f")[-2]


def read_package(content: bytes) -> Package:
    archive = zipfile.ZipFile(io.BytesIO(content))
    connection = sqlite3.connect(":memory:")
    connection.deserialize(archive.read("collection.anki2"))
    connection.row_factory = sqlite3.Row

    def rows(query: str) -> tuple[dict[str, Any], ...]:
        return tuple(dict(row) for row in connection.execute(query))

    (collection,) = rows("select * from col")
    names = json.loads(archive.read("media"))
    package = Package(
        names=tuple(archive.namelist()),
        infos=tuple(archive.infolist()),
        notes=rows("select * from notes order by id"),
        cards=rows("select * from cards order by id"),
        types={int(key): value for key, value in json.loads(collection["models"]).items()},
        decks={int(key): value for key, value in json.loads(collection["decks"]).items()},
        media={name: archive.read(number) for number, name in names.items()},
    )
    connection.close()
    return package


def request_for(folder: Path, now: int, tag: str = "", name: str = "garden") -> Request:
    """The deck in ``folder`` as the Anki back end is given it, with a ledger of ``now``.

    ``tag`` makes it a deck in another language, with the same words.
    """
    workspace = pipeline.open_workspace(folder).value
    deck = pipeline.load(workspace, folder / "cards" / name).deck
    assert deck is not None
    tag = tag or deck.language
    deck = replace(deck, language=tag)
    words = load_words(tag, workspace.path).value
    request = Request(deck, language(tag), workspace.kinds, words, workspace.path, {})
    from deckgen.backends.anki import compose

    hashes = compose(request).value.hashes(tag)
    return replace(request, ledger=update({}, hashes, now).ledger)


def translated(request: Request, tag: str = "ar", states: tuple[State, ...] = tuple(State)) -> Request:
    """The garden as if it were translated into ``tag``: its items have the ``states`` in turn."""
    deck = request.deck
    items = tuple(replace(item, state=states[number % len(states)]) for number, item in enumerate(deck.items))
    deck = replace(
        deck,
        items=items,
        language=tag,
        source=deck.language,
        freshness=Freshness(3, len(items)),
        essay=replace(deck.essay, translated=("A translated title", "And its subtitle")),
    )
    ledger = {
        key.replace(f"{request.language.tag}/", f"{tag}/", 1): each for key, each in request.ledger.items()
    }
    words = load_words(tag, request.path).value
    return replace(request, deck=deck, language=language(tag), words=words, ledger=ledger)


def made(backend: Backend, request: Request) -> Result[bytes | None]:
    """What a back end makes of a request, and all that it finds."""
    composed = backend.compose(request)
    if composed.value is None:
        return Result(None, composed.diagnostics)
    result = composed.value.finish()
    return Result(result.value, (*composed.diagnostics, *result.diagnostics))


def package_of(request: Request) -> Package:
    result = made(AnkiBackend(), request)
    assert result.diagnostics == ()
    assert result.value is not None
    return read_package(result.value)


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file exactly once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def study_everything(folder: Path) -> None:
    """Let the garden's discussions have cards as well."""
    edit(folder / "cards" / "garden" / "deck.yaml", "\nversion:", f"\n{ALL_KINDS}version:")
