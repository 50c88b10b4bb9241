"""A lost ledger, rebuilt from packages: what learners have says since when each note is as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from deckgen import ledger, packages, pipeline, shapes
from deckgen.backends.anki.notes import (
    MARK,
    RETIRED,
    Composed,
    deck_name,
    guid,
    lasting_id,
    parts_of_type,
)
from deckgen.backends.base import Request
from deckgen.catalogues import Step
from deckgen.diagnostics import Diagnostic, Span, codes
from deckgen.files import shown, write_whole
from deckgen.ledger import Entry, Last, Ledger
from deckgen.model import Deck, Kind
from deckgen.packages import Note, NoteType, Package
from deckgen.pipeline import Loaded, Workspace
from deckgen.shapes import ItemShape, Shapes, TypeShape


class Origin(NamedTuple):
    """The deck and the language that a package is of."""

    loaded: Loaded
    deck: Deck
    tag: str

    @property
    def id(self) -> int:
        """The id of the deck in Anki."""
        return lasting_id("deck", self.deck.id, self.tag)


def restore(workspace: Workspace, loaded: Iterable[Loaded], file: Path, now: int) -> Step:
    """Rebuild one language of a ledger from a package; the other languages of it stay as they are.

    A build with nothing changed then gives that package again, but for its news: no package tells when an
    item came, nor of earlier versions. A ledger that is broken is begun anew.
    """
    done = Step()
    read = packages.read(file)
    done.diagnostics += read.diagnostics
    if read.value is None:
        return done
    origin = next((each for each in _origins(loaded) if each.id in read.value.decks), None)
    if origin is None:
        done.diagnostics.append(Diagnostic(codes.NOT_OURS, Span(shown(file))))
        return done
    whole = pipeline.translated(workspace, origin.loaded, now, (origin.tag,))
    edition = pipeline.compose(workspace, whole, origin.tag, pipeline.Options(Path()), {})
    done.diagnostics += edition.diagnostics
    done.sources |= whole.sources
    if edition.value is None:
        return done
    request, composed = edition.value
    remains = _Remains(read.value, origin, request, workspace.kinds)
    entries = remains.entries(composed)
    text = pipeline.ledger_text(origin.loaded.folder).value
    before = ledger.parse(text).value.items()
    others = {key: entry for key, entry in before if key.partition("/")[0] != origin.tag}
    known = shapes.parse(text).value.after(remains.shapes())
    path = origin.loaded.folder / pipeline.LEDGER
    problem = write_whole(path, shapes.within(ledger.write({**others, **entries}), known).encode())
    done.diagnostics += [problem] if problem else []
    done.lines += [] if problem else [f"{shown(path)}: {len(entries)} entries of {origin.tag} rebuilt"]
    return done


def _origins(loaded: Iterable[Loaded]) -> Iterator[Origin]:
    for each in loaded:
        for tag in pipeline.languages_of(each.deck) if each.deck else ():
            assert each.deck is not None
            yield Origin(each, each.deck, tag)


class _Remains:
    """What a package says of the ledger by which it was made."""

    def __init__(self, package: Package, origin: Origin, request: Request, kinds: Iterable[Kind]) -> None:
        self.package, self.origin, self.request = package, origin, request
        self.types: dict[int, tuple[Kind, NoteType]] = {}
        for kind in kinds:
            number = lasting_id(str(kind.note_type.id), origin.deck.id, origin.tag)
            if found := package.types.get(number):
                self.types[number] = kind, found
        self.items = {
            guid(origin.deck.id, item.origin, origin.tag): item.origin for item in origin.deck.items
        }

    def entries(self, composed: Composed) -> Ledger:
        """Return the entries; what is in no package, such as discussions, is as old as its deck."""
        tag, deck = self.origin.tag, self.origin.deck.id
        since, texts = self.package.decks[self.origin.id].mod, composed.texts(tag)
        entries = {key: Entry(value, since, texts.get(key)) for key, value in composed.hashes(tag).items()}
        for kind, found in self.types.values():
            fields = ((field.id or 0, field.name) for field in found.fields)
            faces = ((face.id or 0, face.name, face.front, face.back) for face in found.templates)
            parts = (found.name, found.css, *parts_of_type(fields, faces))
            entries[f"{tag}/@{kind.name}"] = Entry(ledger.fingerprint(parts), found.mod)
        for note in self.package.notes:
            if note.type in self.types:
                entry, item = self.entry(note)
                item = self.items.get(note.guid, item)
                if note.guid == guid(deck, item, tag):  # else it was renamed before it was retired
                    entries[f"{tag}/{item}"] = entry
        return entries

    def entry(self, note: Note) -> tuple[Entry, str]:
        """Return a note's entry, and the id of its item as the note has it."""
        kind, found = self.types[note.type]
        texts = dict(zip((field.id or 0 for field in found.fields), note.fields, strict=False))
        texts.pop(kind.note_type.fields[-1].id, None)  # the learner's own
        values = {field.id: field.value for field in kind.note_type.fields}
        item = next((text for number, text in texts.items() if values.get(number) == "item"), "")
        hashed = ledger.fingerprint((*texts.values(), *note.tags))
        retired = RETIRED in note.tags
        fields = (
            (number, text.partition(MARK)[0] if retired and values.get(number) == "section" else text)
            for number, text in texts.items()
        )
        tags = tuple(each for each in note.tags if each != RETIRED)
        last = Last(kind.name, tuple(fields), tags, note.mod if retired else 0)
        return Entry(hashed, note.mod, last), item

    def shapes(self) -> Shapes:
        """Return what learners of the package have; fields and cards are called as the kinds call them."""
        deck, name = self.origin.deck, self.package.decks[self.origin.id].name
        same = name == deck_name(self.request)
        kinds = {kind.name: self.shape(kind, found) for kind, found in self.types.values()}
        items = {}
        for note in self.package.notes:
            if note.guid in self.items and note.type in self.types:
                kind, found = self.types[note.type]
                gaps = tuple(card + 1 for card in note.cards) if found.cloze else ()
                items[self.items[note.guid]] = ItemShape(kind.name, gaps)
        sections = {
            f"{self.origin.tag}/{section.id}": self.package.decks[number].name
            for section in deck.essay.sections
            if (number := lasting_id("deck", deck.id, self.origin.tag, section.id)) in self.package.decks
        }
        return Shapes(deck.name if same else name.rpartition(" – ")[0], kinds, items, decks=sections)

    def shape(self, kind: Kind, found: NoteType) -> TypeShape:
        """Return the shape of a note type."""
        names = {field.id: field.name for field in kind.note_type.fields}
        names |= {face.id: face.name for face in kind.note_type.faces}
        fields = {names.get(field.id or 0, field.name): field.id or 0 for field in found.fields}
        cards = {names.get(face.id or 0, face.name): face.id or 0 for face in found.templates}
        return TypeShape(kind.note_type.id, found.cloze, fields, cards)
