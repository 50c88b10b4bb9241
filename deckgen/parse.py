"""Nodes → Deck. What has the wrong shape is left out and told; the rest is read all the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from deckgen import reader
from deckgen.diagnostics import MAX_SHOWN, Diagnostic, Result, Span, codes, limited, nearest
from deckgen.model import (
    Citation,
    Deck,
    Essay,
    Evening,
    FieldSpec,
    Item,
    Kind,
    Licence,
    PaperSize,
    Paragraph,
    Policy,
    PosterSize,
    Preset,
    Print,
    Quiz,
    Section,
    Text,
    Value,
    Wishes,
)
from deckgen.reader import Document, Node, Scalar
from deckgen.schema import deck_schema, essay_schema, item_schema
from deckgen.shape import Shape

ACCENT = "#9b1c31"
T = TypeVar("T")
_NUMBER = re.compile(r"\A\d+[-_]")


class Files(NamedTuple):
    """What was read of a deck; ``items`` are its item files, under their names in their folder.

    They may be read one after the other, while the deck is built: their nodes take much memory.
    """

    folder: Path
    deck: Document
    essay: Document
    items: Iterable[tuple[str, Document]]


class Shapes:
    """The schemas of a set of kinds, made ready once."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self.deck = Shape(deck_schema(kinds))
        self.essay = Shape(essay_schema())
        self.items = {kind.name: Shape(item_schema(kind, kinds)) for kind in kinds}


@cache
def shapes(kinds: tuple[Kind, ...]) -> Shapes:
    """Return the schemas of ``kinds``."""
    return Shapes(kinds)


def parse_deck(files: Files, kinds: tuple[Kind, ...]) -> Result[Deck | None]:
    """Build a deck from its files; None if deck.yaml or essay.yaml cannot be used."""
    known = shapes(kinds)
    found: list[Diagnostic] = []
    essay = _checked(files.essay, known.essay, found, _essay)
    items: list[Item] = []
    for name, document in files.items:
        if document.root is not None:
            items += _items(name, document, known, essay, found)
    build: Callable[[reader.Mapping], Deck] | None = None
    if essay is not None:

        def build(node: reader.Mapping) -> Deck:
            return _deck(node, files.folder, known, essay, tuple(items))

    deck = _checked(files.deck, known.deck, found, build)
    return Result(deck, tuple(found))


def _checked(
    document: Document, shape: Shape, found: list[Diagnostic], build: Callable[[reader.Mapping], T] | None
) -> T | None:
    """Hold a document against its shape, then build what it describes."""
    if document.root is None:
        return None
    wrong = shape.check(document.root)
    found += wrong
    if wrong or build is None or not isinstance(document.root, reader.Mapping):
        return None
    return build(document.root)


# Small readings of nodes whose shape was checked


def _text(node: Node | None, default: str = "") -> str:
    return node.value.strip() if isinstance(node, Scalar) else default


def _yes(node: Node | None, default: bool = False) -> bool:
    return _text(node) in ("yes", "true") if isinstance(node, Scalar) else default


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(_text(item) for item in node.items) if isinstance(node, reader.Sequence) else ()


def _nodes(node: Node | None) -> tuple[reader.Mapping, ...]:
    items = node.items if isinstance(node, reader.Sequence) else ()
    return tuple(item for item in items if isinstance(item, reader.Mapping))


# The deck and the essay


def _deck(node: reader.Mapping, folder: Path, known: Shapes, essay: Essay, items: tuple[Item, ...]) -> Deck:
    licence = node.get("licence")
    assert isinstance(licence, reader.Mapping)
    study = _texts(node.get("study")) or tuple(
        kind.name for kind in known.kinds.values() if kind.note_type.studied
    )
    return Deck(
        id=_text(node.get("id")) or folder.name,
        name=_text(node.get("name")),
        title=_text(node.get("title")),
        subtitle=_text(node.get("subtitle")),
        description=_text(node.get("description")),
        standpoint=_text(node.get("standpoint")),
        language=_text(node.get("language")),
        authors=_texts(node.get("authors")),
        licence=Licence(_text(licence.get("name")), _text(licence.get("url"))),
        version=_text(node.get("version")),
        url=_text(node.get("url")),
        accent=_text(node.get("accent"), ACCENT),
        studied=study,
        essay=essay,
        items=items,
        folder=folder,
        span=node.span,
        spans=_spans(node),
        stale=Policy(_text(node.get("stale"), Policy.KEEP_OLD)),
        paper=PaperSize(_text(node.get("paper"), PaperSize.A4)),
        print=Print(_text(node.get("print"), Print.NORMAL)),
        quiz=_quiz(node.get("quiz")),
        poster=PosterSize(size) if (size := _text(node.get("poster"))) else None,
        evening=_evening(node.get("evening")),
        anki=_wishes(node.get("anki")),
    )


def _wishes(node: Node | None) -> Wishes:
    if not isinstance(node, reader.Mapping):
        return Wishes()
    preset = node.get("preset")
    return Wishes(
        reversed=_texts(node.get("reversed")),
        typed=_texts(node.get("typed")),
        speech=_yes(node.get("speech")),
        preset=_preset(preset) if isinstance(preset, reader.Mapping) else None,
    )


def _preset(node: reader.Mapping) -> Preset:
    usual = Preset()
    return Preset(
        new=int(_text(node.get("new")) or usual.new),
        reviews=int(_text(node.get("reviews")) or usual.reviews),
        bury=_yes(node.get("bury"), usual.bury),
    )


def _spans(node: reader.Mapping, before: str = "") -> dict[str, Span]:
    """Return the places of a mapping's values, and of the values in those: ``evening.weights.nettles``."""
    spans: dict[str, Span] = {}
    for key, value in node.pairs:
        spans[f"{before}{key.value}"] = value.span
        if isinstance(value, reader.Mapping):
            spans |= _spans(value, f"{before}{key.value}.")
    return spans


def _evening(node: Node | None) -> Evening:
    if not isinstance(node, reader.Mapping):
        return Evening()
    weights = node.get("weights")
    pairs = weights.pairs if isinstance(weights, reader.Mapping) else ()
    aims = node.get("aims")
    usual = Evening()
    return Evening(
        minutes=int(_text(node.get("minutes"), str(usual.minutes))),
        opening=int(_text(node.get("opening"), str(usual.opening))),
        pause=int(_text(node.get("break"), str(usual.pause))),
        closing=int(_text(node.get("closing"), str(usual.closing))),
        aims=tuple(
            Text(_text(aim), aim.span) for aim in (aims.items if isinstance(aims, reader.Sequence) else ())
        ),
        weights={key.value: int(_text(value)) for key, value in pairs},
    )


def _quiz(node: Node | None) -> Quiz:
    if not isinstance(node, reader.Mapping):
        return Quiz()
    given = {key.value: _text(value) for key, value in node.pairs}
    seed = given.pop("seed", "")
    counts = {name: None if value == "all" else int(value) for name, value in given.items()}
    return Quiz(seed, **counts)


def _essay(node: reader.Mapping) -> Essay:
    return Essay(
        title=_text(node.get("title")),
        subtitle=_text(node.get("subtitle")),
        authors=_texts(node.get("authors")),
        language=_text(node.get("language")),
        publisher=_text(node.get("publisher")),
        year=_text(node.get("year")),
        url=_text(node.get("url")),
        sections=tuple(_section(section) for section in _nodes(node.get("sections"))),
        span=node.span,
    )


def _section(node: reader.Mapping) -> Section:
    section, title = _text(node.get("id")), _text(node.get("title"))
    paragraphs = tuple(
        Paragraph(
            section,
            number,
            _text(part.get("sha256")),
            int(_text(part.get("length"))),
            _text(part.get("start")),
            _text(part.get("end")),
            part.span,
        )
        for number, part in enumerate(_nodes(node.get("paragraphs")), 1)
    )
    identity = node.get("id")
    return Section(
        section,
        title,
        _text(node.get("short")) or title,
        paragraphs,
        identity.span if identity else node.span,
    )


# The items


def section_of(file_name: str) -> str:
    """Return the section that an item file's name stands for: ``10-kritik.yaml`` → ``kritik``."""
    return _NUMBER.sub("", Path(file_name).stem, count=1)


def _items(
    name: str, document: Document, known: Shapes, essay: Essay | None, found: list[Diagnostic]
) -> list[Item]:
    root = document.root
    section = section_of(name)
    sections = [each.id for each in essay.sections] if essay else [section]
    if section not in sections:
        args = {
            "section": section[:60],
            "file": "essay.yaml",
            "sections": ", ".join(sections),
            "first": sections[0],
            "near": nearest(section, sections),
        }
        found.append(Diagnostic(codes.UNKNOWN_SECTION, Span(document.source.file), args))
    if not isinstance(root, reader.Sequence):
        args = {
            "what": "an item file",
            "expected": "a list",
            "actual": "text" if isinstance(root, Scalar) else "a mapping (“name: text” in each line)",
            "example": "begin each item with “- id: …”",
        }
        span = root.span if root is not None else Span(document.source.file)
        start = Span(span.file, span.line, span.column, span.line, span.column + 1)
        found.append(Diagnostic(codes.WRONG_TYPE, start, args))
        return []
    items = []
    wrong: list[Diagnostic] = []
    for node in root.items:
        item = _item(node, section, known, wrong)
        if item is not None:
            items.append(item)
        if len(wrong) > MAX_SHOWN:
            break
    found += limited(wrong)
    return items


def _item(node: Node, section: str, known: Shapes, found: list[Diagnostic]) -> Item | None:
    kind = _kind(node, known, found)
    if kind is None:
        return None
    wrong = known.items[kind.name].check(node)
    found += wrong
    if wrong or not isinstance(node, reader.Mapping):
        return None
    values = {key.value: value for key, value in node.pairs}
    sources = values["source"]
    tags = values.get("tags")
    identity, former = values["id"], values.get("renamed_from")
    return Item(
        id=_text(identity),
        kind=kind.name,
        section=section,
        fields={spec.name: _value(spec, values[spec.name]) for spec in kind.fields if spec.name in values},
        sources=tuple(
            _citation(source)
            for source in (sources.items if isinstance(sources, reader.Sequence) else (sources,))
        ),
        tags=_texts(tags),
        span=identity.span,
        former=(_text(former),) if isinstance(former, Scalar) else _texts(former),
    )


def _kind(node: Node, known: Shapes, found: list[Diagnostic]) -> Kind | None:
    """The kind an item names; the first of all kinds unless it names one."""
    first = next(iter(known.kinds.values()))
    named = node.get("kind") if isinstance(node, reader.Mapping) else None
    if not isinstance(named, Scalar):
        return first
    name = named.value.strip()
    if not name:
        key = node.key("kind") if isinstance(node, reader.Mapping) else None
        found.append(Diagnostic(codes.EMPTY, key.span if key else named.span, {"what": '"kind"'}))
        return None
    if name not in known.kinds:
        kinds = list(known.kinds)
        args = {"kind": name[:60], "kinds": ", ".join(kinds), "near": nearest(name, kinds)}
        found.append(Diagnostic(codes.UNKNOWN_KIND, named.span, args))
        return None
    return known.kinds[name]


def _value(spec: FieldSpec, node: Node) -> Value:
    if isinstance(node, Scalar):
        return Text(node.value.strip(), node.span)
    assert isinstance(node, reader.Sequence)
    if spec.fields:
        return tuple(
            {key.value: Text(_text(value), value.span) for key, value in record.pairs}
            for record in _nodes(node)
        )
    return tuple(Text(_text(item), item.span) for item in node.items)


def _citation(node: Node) -> Citation:
    section, number = _text(node).rsplit(maxsplit=1)
    return Citation(section, int(number), node.span)
