"""The types that everything else speaks in. All are frozen; none knows a file format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple

from deckgen.diagnostics import Span

# The form of every id: of decks, sections and items. JSON Schema and Python read it alike.
ID = "^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$"

OWN = "own"  # where a note type's last field takes its text from: it is the learner's, and empty here

FieldType = Literal["line", "text", "cloze", "word"]


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return re.fullmatch(ID, text) is not None and not text.endswith("\n")


class Text(NamedTuple):
    """A text of an item, as its author wrote it (Markdown), and where."""

    value: str
    span: Span


Record = Mapping[str, Text]
Value = Text | tuple[Text, ...] | tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a kind.

    ``line`` is one paragraph of inline Markdown, ``text`` is any CommonMark, ``cloze`` is
    text with gaps, ``word`` is one of ``words`` and is never translated. ``many`` gives the
    least and the most entries of a list; a list of records has ``fields`` of its own.
    """

    name: str
    type: FieldType = "text"
    required: bool = True
    many: tuple[int, int] | None = None
    fields: tuple[FieldSpec, ...] = ()
    words: tuple[str, ...] = ()
    description: str = ""

    @property
    def translated(self) -> bool:
        """Whether a translator sees this field."""
        return self.type != "word"


@dataclass(frozen=True, slots=True)
class NoteField:
    """A field of an Anki note type: its lasting id, its English name, and where its text comes from.

    ``value`` names a field of the kind or one of the words ``section``, ``source`` and
    ``item``, or is ``OWN``; else ``template`` names a fragment in the kind's folder that makes the HTML.
    """

    id: int
    name: str
    value: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """A card template of an Anki note type: its lasting id, its English name, its two files.

    One that is ``optional`` is there only if the deck wants the kind's cards reversed.
    """

    id: int
    name: str
    front: str
    back: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class NoteType:
    """What a kind is in Anki. ``id`` is the seed of the note types' ids, one a deck and language.

    The faces of one that is ``typed`` can have a box to type the answer in.
    """

    id: int
    fields: tuple[NoteField, ...]
    faces: tuple[Face, ...]
    cloze: bool = False
    studied: bool = True
    typed: bool = False

    @property
    def reversed(self) -> bool:
        """Whether there are faces for the other way round."""
        return any(face.optional for face in self.faces)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of item, as its folder ``templates/kinds/<name>`` describes it."""

    name: str
    label: str
    plural: str
    description: str
    order: int
    fields: tuple[FieldSpec, ...]
    note_type: NoteType

    def field(self, name: str) -> FieldSpec | None:
        """Return the field of that name, or None."""
        return next((spec for spec in self.fields if spec.name == name), None)

    def at(self, path: str) -> FieldSpec:
        """Return the field that a path names: ``views.1.who`` is the ``who`` of ``views``."""
        name, *rest = path.split(".")
        spec = next(spec for spec in self.fields if spec.name == name)
        return next(part for part in spec.fields if part.name == rest[1]) if len(rest) == 2 else spec


class Citation(NamedTuple):
    """A paragraph that an item rests on: the section's id and the number in it, from 1."""

    section: str
    number: int
    span: Span

    def __str__(self) -> str:
        return f"{self.section} {self.number}"


class State(StrEnum):
    """How an item's words stand to their source.

    ``STALE`` words translate an earlier source; with ``SOURCE`` the source's own words stand in for them.
    """

    CURRENT = "current"
    STALE = "stale"
    SOURCE = "source"


class Policy(StrEnum):
    """What is built of a stale item: its last whole translation, nothing, or the source's words."""

    KEEP_OLD = "keep-old"
    SKIP = "skip"
    SOURCE = "source"


class Update(StrEnum):
    """What an import into Anki updates: what is older, what is of another time, or nothing."""

    NEWER = "newer"
    ALWAYS = "always"
    NEVER = "never"

    def allows(self, existing: float, incoming: int) -> bool:
        """Whether what changed at the time ``existing`` gives way to what changed at ``incoming``."""
        return {Update.NEWER: existing < incoming, Update.ALWAYS: existing != incoming}.get(self, False)


class Freshness(NamedTuple):
    """How many of a translated deck's items are current, and how many there are in its source."""

    current: int
    total: int


@dataclass(frozen=True, slots=True)
class Item:
    """One question-and-answer item. Its ``id`` is its identity for ever.

    ``former`` are the ids it had before, the oldest first (``renamed_from``). ``state`` tells how current
    its words are in a translated deck.
    """

    id: str
    kind: str
    section: str
    fields: Mapping[str, Value]
    sources: tuple[Citation, ...]
    tags: tuple[str, ...]
    span: Span
    former: tuple[str, ...] = ()
    state: State = State.CURRENT

    @property
    def origin(self) -> str:
        """The first id it had: what learners' notes hang on, whatever it is called now."""
        return self.former[0] if self.former else self.id

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Yield each text with its path: ``answer``, ``wrong.2``, ``views.1.who``; lists count from 1."""
        for name, value in self.fields.items():
            if isinstance(value, Text):
                yield name, value
                continue
            for number, entry in enumerate(value, 1):
                if isinstance(entry, Text):
                    yield f"{name}.{number}", entry
                elif isinstance(entry, Mapping):
                    for part, text in entry.items():
                        yield f"{name}.{number}.{part}", text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the essay without its words.

    ``sha256`` is of the normalised text, ``length`` its characters, ``start`` and ``end`` the
    short hashes of its first and last characters, by which a changed paragraph is found.
    """

    section: str
    number: int
    sha256: str
    length: int
    start: str
    end: str
    span: Span

    def __str__(self) -> str:
        return f"{self.section} {self.number}"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the essay, and so of the deck. ``short`` is its name where space is small."""

    id: str
    title: str
    short: str
    paragraphs: tuple[Paragraph, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Essay:
    """The text that a deck is about: its bibliographic record, as far as it is known, and outline.

    ``title`` and ``subtitle`` stay in the essay's language; ``translated`` is the title, and the subtitle if
    there is one, in the language of a translated deck.
    """

    title: str
    subtitle: str
    authors: tuple[str, ...]
    language: str
    publisher: str
    year: str
    url: str
    sections: tuple[Section, ...]
    span: Span
    translated: tuple[str, ...] = ()

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield all paragraphs in the order of the text."""
        for section in self.sections:
            yield from section.paragraphs


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of the cards: its short name and where it can be read."""

    name: str
    url: str


class PaperSize(StrEnum):
    """The size of a printed page."""

    A4 = "a4"
    LETTER = "letter"
    A5 = "a5"

    @property
    def mm(self) -> tuple[float, float]:
        """Its width and height in mm (ISO 216; ANSI/ASME Y14.1 for Letter)."""
        return {"a4": (210, 297), "letter": (215.9, 279.4), "a5": (148, 210)}[self.value]


class Print(StrEnum):
    """In which print a deck's paper is made: as usual, large for low vision, or each of them."""

    NORMAL = "normal"
    LARGE = "large"
    BOTH = "both"


class Flip(StrEnum):
    """Over which edge a printer turns a sheet, or that one side is printed and the sheet is folded."""

    LONG = "long"
    SHORT = "short"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Paper:
    """How paper is made. Cut-out cards stand on a ``grid``; their backs are moved by ``offset`` mm.

    ``grey`` paper has no colour. Of what is ``folded``, two pages stand on a sheet of the size.
    """

    size: PaperSize = PaperSize.A4
    large: bool = False
    grey: bool = False
    folded: bool = False
    grid: str = "a7"
    flip: Flip = Flip.LONG
    offset: tuple[float, float] = (0.0, 0.0)

    @property
    def mm(self) -> tuple[float, float]:
        """The width and height of a page in mm: the sheet, or half of it."""
        width, height = self.size.mm
        return (height / 2, width) if self.folded else (width, height)


class Quiz(NamedTuple):
    """What a worksheet asks: of each sort so many items at most, None for all, drawn by ``seed``.

    The seed also decides their order; without one it is made of the deck's id.
    """

    seed: str = ""
    choices: int | None = 20
    gaps: int | None = 20
    questions: int | None = 10
    terms: int | None = 15


class PosterSize(StrEnum):
    """The size of a poster."""

    A3 = "a3"
    A4 = "a4"
    TABLOID = "tabloid"

    @property
    def mm(self) -> tuple[float, float]:
        """Its width and height in mm (ISO 216; ANSI/ASME Y14.1 for tabloid, which is two Letter pages)."""
        return {"a3": (297, 420), "a4": (210, 297), "tabloid": (279.4, 431.8)}[self.value]


@dataclass(frozen=True, slots=True)
class Evening:
    """How an evening with the deck is divided, in minutes; ``pause`` is the break in its middle.

    ``weights`` are of sections, by their ids: how much more time than usual one gets, and 0 if it is left
    out. ``aims`` stand in the place of those that are made from the deck.
    """

    minutes: int = 90
    opening: int = 10
    pause: int = 5
    closing: int = 10
    aims: tuple[Text, ...] = ()
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preset:
    """Options of a deck in Anki that its package suggests: cards a day, and whether siblings wait a day."""

    new: int = 20
    reviews: int = 200
    bury: bool = True


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a deck wants of Anki beyond its cards.

    These are the kinds that are asked the other way round too, the kinds whose answers are typed, whether
    texts are read aloud, and options to study with.
    """

    reversed: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    speech: bool = False
    preset: Preset | None = None


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck in one language: what all back ends are given.

    Of a translated deck ``source`` is the language it was written in, and ``freshness`` how current it is;
    they are empty for the author's own. ``stale`` is what is built of a card that is not current.
    """

    id: str
    name: str
    title: str
    subtitle: str
    description: str
    standpoint: str
    language: str
    authors: tuple[str, ...]
    licence: Licence
    version: str
    url: str
    accent: str
    studied: tuple[str, ...]
    essay: Essay
    items: tuple[Item, ...]
    folder: Path
    span: Span
    spans: Mapping[str, Span] = field(default_factory=dict)
    stale: Policy = Policy.KEEP_OLD
    source: str = ""
    freshness: Freshness | None = None
    paper: PaperSize = PaperSize.A4
    print: Print = Print.NORMAL
    quiz: Quiz = field(default_factory=Quiz)
    poster: PosterSize | None = None
    evening: Evening = field(default_factory=Evening)
    anki: Wishes = field(default_factory=Wishes)

    @property
    def media(self) -> Path:
        """The folder of the pictures that items name."""
        return self.folder / "media"

    def section(self, section_id: str) -> Section:
        """Return the section of that id."""
        return next(section for section in self.essay.sections if section.id == section_id)

    def faces(self, kind: Kind) -> tuple[Face, ...]:
        """Return the faces that the deck wants of a kind's cards."""
        both = kind.name in self.anki.reversed
        return tuple(face for face in kind.note_type.faces if both or not face.optional)


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its BCP 47 tag, which is kept as it was written.

    ``name`` is what its speakers call it, ``direction`` is ``ltr`` or ``rtl``, ``base`` is the tag whose
    data (dates, hyphenation) it shares.
    """

    tag: str
    base: str
    name: str
    direction: Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished file, not yet on disk: its name and its bytes."""

    name: str
    content: bytes
