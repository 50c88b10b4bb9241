"""What stands in a package: notes and note types, rendered but not yet written.

What Anki's importer does with a package it already knows decides nearly everything here
(``rslib/src/import_export/package/apkg/import`` in Anki's source): a note is matched by its
GUID, and updated only if its ``mod`` is greater; note types, fields and cards are matched by
their ids; decks by their names. So GUIDs come from deck, item and language, ids from the kinds,
and times from the ledger.
"""

from __future__ import annotations

import colorsys
import hashlib
import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from deckgen import languages, ledger
from deckgen.backends.base import Request, citations, shuffled
from deckgen.diagnostics import Diagnostic, Result
from deckgen.markup import gap_numbers, isolated, plain_text, render
from deckgen.markup.flavours import AnkiFlavour
from deckgen.model import OWN, Item, Kind, NoteField, Text
from deckgen.templating import Safe, Templates

RETIRED = "deckgen::retired"  # the tag of notes whose items are no more
MARK = ' · <span class="label">'  # what begins the words that stand after a section
_MEDIA = re.compile(r'<img src="([^"]*)"|\[sound:([^\]]*)\]')
_STEM = 40  # characters of a file's own name in the collection, where 120 bytes are the most for a name
_FIELD = re.compile(r"\{\{([#^/]?)((?:[a-z-]+(?: [^{}:]+)?:)*)([^{}:#^/]+)\}\}")


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it will stand in the package. ``cards`` are the ordinals of its cards, from 0.

    A ``retired`` note has no cards: those who have it keep theirs, and nobody else gets any. Its item has
    an id and a kind alone.
    """

    item: Item
    guid: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    cards: tuple[int, ...]
    sort: str
    retired: bool = False

    def parts(self) -> Iterator[str]:
        """Yield what a change of makes the note newer: its tags, and its fields but for the learner's."""
        yield from self.fields[:-1]
        yield from self.tags


@dataclass(frozen=True, slots=True)
class TypeOfNotes:
    """A note type as it will stand in the package, in the words of its language."""

    kind: Kind
    id: int
    name: str
    fields: tuple[tuple[int, str], ...]
    faces: tuple[tuple[int, str, str, str], ...]
    css: str

    def parts(self) -> Iterator[str]:
        """Yield what a change of makes the note type newer."""
        yield self.name
        yield self.css
        yield from parts_of_type(self.fields, self.faces)


def parts_of_type(
    fields: Iterable[tuple[int, str]], faces: Iterable[tuple[int, str, str, str]]
) -> Iterator[str]:
    """Yield what a note type's fields and faces add to its hash."""
    for number, name in fields:
        yield f"{number} {name}"
    for number, *face in faces:
        yield str(number)
        yield from face


@dataclass(frozen=True, slots=True)
class Composed:
    """Everything of a package but its bytes."""

    types: tuple[TypeOfNotes, ...]
    notes: tuple[Note, ...]
    media: tuple[tuple[str, str], ...]

    def hashes(self, language: str) -> dict[str, str]:
        """Return the ledger's keys and what stands there after this build."""
        found = {f"{language}/@{each.kind.name}": ledger.fingerprint(each.parts()) for each in self.types}
        for note in self.notes:
            found[f"{language}/{note.item.origin}"] = ledger.fingerprint(note.parts())
        return found

    def texts(self, language: str) -> dict[str, ledger.Last]:
        """Return the ledger's keys and texts of the notes whose items are there."""
        kinds = {each.kind.name: each.kind.note_type for each in self.types}
        found = {}
        for note in self.notes:
            if not note.retired:
                ids = (field.id for field in kinds[note.item.kind].fields[:-1])
                last = ledger.Last(note.item.kind, tuple(zip(ids, note.fields[:-1], strict=True)), note.tags)
                found[f"{language}/{note.item.origin}"] = last
        return found


# Identity -----------------------------------------------------------------------------


def guid(deck: str, item: str, language: str) -> str:
    """Return a note's GUID: of its deck, item and language, never of its text."""
    from deckgen.backends.anki.dated import guid_for

    return str(guid_for(deck, item, language))


def lasting_id(*parts: str) -> int:
    """Return a lasting id below 2^48, so that JavaScript can hold it."""
    return int.from_bytes(hashlib.sha256("/".join(parts).encode()).digest()[:6]) | 1


def deck_name(request: Request, section: int | None = None) -> str:
    """Return the name of the deck, or of a section's subdeck: «Smart City – Deutsch::3 Kritik».

    Numbers keep the order of the text, because Anki sorts decks by name.
    """
    sections = request.deck.essay.sections
    name = f"{_name(request.deck.name)} – {_name(request.language.name)}"
    if section is None:
        return name
    width = len(str(len(sections)))
    return f"{name}::{section + 1:0{width}} {_name(sections[section].title)}"


def decks_of(request: Request, composed: Composed) -> dict[str, str]:
    """Return the names of the subdecks that have cards, by language and section: ``de/kritik``."""
    studied = request.deck.studied
    used = {note.item.section for note in composed.notes if note.cards and note.item.kind in studied}
    sections = enumerate(request.deck.essay.sections)
    return {
        f"{request.language.tag}/{section.id}": deck_name(request, number)
        for number, section in sections
        if section.id in used
    }


def _name(text: str, colon: str = ":") -> str:
    """A name without what Anki reads as something else: levels, quotation marks, template marks.

    A single colon may stand in a deck's name, but not in a field's: it ends a filter there.
    """
    return re.sub(":+", colon, re.sub(r'["{}]', "", plain_text(text))).strip(":# ^/")


# Composing ----------------------------------------------------------------------------


class _Composer:
    def __init__(self, request: Request) -> None:
        self.request = request
        self.templates = Templates(request.path, request.words, "face")
        self.files: dict[str, tuple[str, str]] = {}
        self.flavour = AnkiFlavour(self.media)
        self.found: list[Diagnostic] = []
        self.sections = {section.id: self.words(section.title) for section in request.deck.essay.sections}
        self.sources: dict[tuple[tuple[str, int], ...], str] = {}

    def words(self, text: str) -> str:
        """Return plain words for a field, without what Anki would take for a gap, a formula or a sound."""
        return self.flavour.finish(self.flavour.words(html.escape(text, quote=False), False))

    def media(self, name: str) -> str:
        """Name a file by its content, so that a changed one arrives in a collection.

        One with an unchanged note would not be copied, nor one under a name that is there already.
        """
        if name not in self.files:
            file = self.request.media(name)
            content = (self.request.deck.media / file).read_bytes()
            stem, _, ending = file.rpartition(".")
            short = hashlib.sha256(content).hexdigest()[:8]
            self.files[name] = f"{self.request.deck.id}-{stem[:_STEM]}-{short}.{ending}", file
        return self.files[name][0]

    def template(self, name: str, **values: object) -> str:
        result = self.templates.render(name, {"language": self.request.language, **values})
        self.found += result.diagnostics
        return result.value.strip()

    def compose(self) -> Composed:
        notes = (*self.notes(), *self.retired())
        used = {note.item.kind for note in notes}
        types = tuple(self.note_type(kind) for kind in self.request.kinds if kind.name in used)
        return Composed(types, notes, self.shipped(notes))

    def shipped(self, notes: tuple[Note, ...]) -> tuple[tuple[str, str], ...]:
        """Return the media of the notes that are studied, by their names in the collection."""
        studied = (note for note in notes if note.item.kind in self.request.deck.studied)
        fields = (field for note in studied for field in note.fields)
        named = {match[1] or match[2] for field in fields for match in _MEDIA.finditer(field)}
        return tuple(sorted((target, file) for target, file in set(self.files.values()) if target in named))

    # Note types

    def note_type(self, kind: Kind) -> TypeOfNotes:
        request = self.request
        label = request.words(kind.label)
        names = self.translated([field.name for field in kind.note_type.fields])
        cards = self.translated([face.name for face in kind.note_type.faces])
        faces = []
        given = {
            "kind_label": label,
            "typed": kind.name in request.deck.anki.typed,
            "speak": speech(request),
        }
        for face in request.deck.faces(kind):
            front, back = (
                self.localized(self.template(f"kinds/{kind.name}/{file}", **given), names)
                for file in (face.front, face.back)
            )
            faces.append((face.id, cards[face.name], front, back))
        accent = request.deck.accent
        return TypeOfNotes(
            kind=kind,
            id=lasting_id(str(kind.note_type.id), request.deck.id, request.language.tag),
            name=f"{_name(request.deck.name)} – {_name(request.language.name)} – {_name(label)}",
            fields=tuple((field.id, names[field.name]) for field in kind.note_type.fields),
            faces=tuple(faces),
            css=self.template(
                "anki/card.css",
                accent=Safe(accent),
                accent_night=Safe(lighter(accent)),
                letters=languages.letters(request.language.tag),
                italics=languages.italics(request.language.tag),
            )
            + "\n",
        )

    def translated(self, names: Iterable[str]) -> dict[str, str]:
        """Return the names in the language; all stay English where two would be one, as Anki sees it."""
        found = {name: _name(self.request.words(name), "") for name in names}
        distinct = {name.casefold() for name in found.values()} - {""}
        return found if len(distinct) == len(found) else {name: name for name in found}

    @staticmethod
    def localized(face: str, names: dict[str, str]) -> str:
        """Put the language's field names where the templates name the English ones."""
        return _FIELD.sub(lambda m: f"{{{{{m[1]}{m[2]}{names.get(m[3].strip(), m[3])}}}}}", face)

    # Notes

    def notes(self) -> Iterator[Note]:
        kinds = {kind.name: self.recipe(kind) for kind in self.request.kinds}
        deck, language = self.request.deck, self.request.language.tag
        for item in in_order(self.request):
            recipe, kind = kinds[item.kind]
            fields = tuple(make(item) for make in recipe)
            first = item.fields[kind.fields[0].name]
            yield Note(
                item=item,
                guid=guid(deck.id, item.origin, language),
                fields=fields,
                tags=self.tags(item),
                cards=self.cards(kind, item),
                sort=plain_text(first.value) if isinstance(first, Text) else item.id,
            )

    def retired(self) -> Iterator[Note]:
        """Yield the notes of items that are no more, with their last text, and say so on each."""
        kinds = {kind.name: kind for kind in self.request.kinds}
        deck, language = self.request.deck, self.request.language.tag
        mark = self.label(self.request.words("No longer in the deck"))
        for origin, last in self.request.retired.items():
            if last.kind not in kinds:
                continue
            texts = dict(last.fields)
            fields, name = [], origin
            for field in kinds[last.kind].note_type.fields:
                text = texts.get(field.id, "")
                name = text if field.value == "item" and text else name
                fields.append(text + mark if field.value == "section" else text)
            yield Note(
                item=Item(name, last.kind, "", {}, (), (), deck.span, (origin,)),
                guid=guid(deck.id, origin, language),
                fields=tuple(fields),
                tags=tuple(sorted({*last.tags, RETIRED})),
                cards=(),
                sort=fields[0],
                retired=True,
            )

    def recipe(self, kind: Kind) -> tuple[list[Callable[[Item], str]], Kind]:
        """Return what makes each field of the kind's notes."""
        return [self.isolating(field, self.maker(kind, field)) for field in kind.note_type.fields], kind

    def isolating(self, field: NoteField, make: Callable[[Item], str]) -> Callable[[Item], str]:
        """Return what makes a field and isolates the words of the other direction in it; an id has none."""
        direction = self.request.language.direction
        return make if field.value == "item" else lambda item: isolated(make(item), direction)

    def maker(self, kind: Kind, field: NoteField) -> Callable[[Item], str]:
        if field.value == "section":
            return lambda item: self.sections[item.section] + self.mark(item)
        if field.value == "source":
            return self.source
        if field.value == "item":
            return lambda item: item.id
        if field.value == OWN:
            return lambda _: ""
        make = self.content(kind, field)
        return lambda item: self.in_its_language(item, make(item))

    def mark(self, item: Item) -> str:
        """Return what stands after the section, which all notes have, on a card that is not current."""
        return self.label(self.request.mark(item))

    @staticmethod
    def label(words: str) -> str:
        return f"{MARK}{html.escape(words, quote=False)}</span>" if words else ""

    def in_its_language(self, item: Item, content: str) -> str:
        """Say so where a field is in another language than its card."""
        tongue = self.request.tongue(item)
        return f"<div{tongue}>{content}</div>" if content and tongue else content

    def content(self, kind: Kind, field: NoteField) -> Callable[[Item], str]:
        """Return what makes a field of an item's own texts."""
        if field.template:
            return lambda item: self.fragment(kind, field.template, item)
        spec = kind.field(field.value)
        assert spec is not None
        name, block, cloze = spec.name, spec.type != "line", spec.type == "cloze"

        def make(item: Item) -> str:
            text = item.fields.get(name)
            return (
                render(text.value, self.flavour, block=block, cloze=cloze).html
                if isinstance(text, Text)
                else ""
            )

        return make

    def fragment(self, kind: Kind, template: str, item: Item) -> str:
        def markup(text: Text, block: bool = True) -> Safe:
            return Safe(render(text.value, self.flavour, block=block).html)

        return self.template(f"kinds/{kind.name}/{template}", item=item, html=markup, shuffled=shuffled)

    def source(self, item: Item) -> str:
        cited = tuple((source.section, source.number) for source in item.sources)
        if cited not in self.sources:
            self.sources[cited] = self.source_line(cited)
        return self.sources[cited]

    def source_line(self, cited: tuple[tuple[str, int], ...]) -> str:
        parts = []
        comma, semicolon = languages.separators(self.request.language.tag)
        for section, numbers in citations(self.request, cited):
            template = self.request.words.plural(
                "{section}, paragraph {numbers}", "{section}, paragraphs {numbers}", len(numbers)
            )
            template = template.replace(" {numbers}", "\u00a0{numbers}")  # a number never begins a line
            parts.append(
                template.format(section=section, numbers=comma.join(str(number) for number in numbers))
            )
        return self.words(semicolon.join(parts))

    def tags(self, item: Item) -> tuple[str, ...]:
        """Tags are made of ids, so that an item has the same ones in all languages."""
        deck = self.request.deck.id
        return tuple(
            sorted(
                {
                    f"{deck}::section::{item.section}",
                    f"{deck}::kind::{item.kind}",
                    *(f"{deck}::{t}" for t in item.tags),
                }
            )
        )

    def cards(self, kind: Kind, item: Item) -> tuple[int, ...]:
        """A card a number for gaps, else a card a face."""
        if not kind.note_type.cloze:
            return tuple(range(len(self.request.deck.faces(kind))))
        text = next(item.fields[spec.name] for spec in kind.fields if spec.type == "cloze")
        return tuple(number - 1 for number in gap_numbers(text.value)) if isinstance(text, Text) else ()


def speech(request: Request) -> Callable[[str], Safe]:
    """Return what reads a field aloud in the deck's language; nothing unless the deck wants it."""
    voice = languages.voice(request.language.tag) if request.deck.anki.speech else ""
    return lambda field: Safe(f"{{{{tts {voice}:{field}}}}}" if voice else "")


def in_order(request: Request) -> list[Item]:
    """Return the items by section in the order of the text, and in each as their file has them."""
    place = {section.id: number for number, section in enumerate(request.deck.essay.sections)}
    return sorted(request.deck.items, key=lambda item: place[item.section])


def lighter(colour: str) -> str:
    """Return the colour's hue light enough to be read on black."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    parts = colorsys.hls_to_rgb(hue, max(lightness, 0.75), saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def compose(request: Request) -> Result[Composed]:
    """Render everything of a package: pure, and what the ledger's hashes are made of."""
    composer = _Composer(request)
    composed = composer.compose()
    return Result(composed, tuple(composer.found))
