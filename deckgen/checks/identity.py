"""Ids are given once, and cards can be told apart."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.checks.base import Subject, place
from deckgen.diagnostics import Diagnostic, Span, codes
from deckgen.markup import plain_text
from deckgen.model import Item, Text, is_id
from deckgen.shape import slug


def duplicate_ids(subject: Subject) -> Iterator[Diagnostic]:
    """Two items with one id would be one note in Anki: only one of them would ever be updated."""
    seen: dict[str, Span] = {}
    for item in subject.deck.items:
        if item.id in seen:
            args = {"id": item.id, "place": place(seen[item.id])}
            yield Diagnostic(codes.DUPLICATE_ID, item.span, args)
        else:
            seen[item.id] = item.span


def former_ids(subject: Subject) -> Iterator[Diagnostic]:
    """A former id is nobody else's: what was learnt of a card belongs to one item."""
    seen = {item.id for item in subject.deck.items}
    for item in subject.deck.items:
        for former in dict.fromkeys(item.former):
            if former in seen and former != item.id:  # it may have got its first id back
                yield Diagnostic(codes.FORMER_ID, item.span, {"id": former})
            seen.add(former)


def bad_deck_id(subject: Subject) -> Iterator[Diagnostic]:
    """The deck's id, which is the folder's name unless given, has the form of an id."""
    deck = subject.deck
    if not is_id(deck.id):
        args = {"id": deck.id[:60], "near": slug(deck.id)}
        yield Diagnostic(codes.BAD_ID, deck.spans.get("id", Span(deck.span.file)), args)


def no_items(subject: Subject) -> Iterator[Diagnostic]:
    """A deck without items makes nothing."""
    if not subject.deck.items:
        yield Diagnostic(codes.NO_ITEMS, Span(subject.deck.span.file))


def same_fronts(subject: Subject) -> Iterator[Diagnostic]:
    """Two items of a kind that ask the same words cannot be told apart."""
    seen: dict[tuple[str, str], Item] = {}
    for item in subject.deck.items:
        first = item.fields.get(subject.kinds[item.kind].fields[0].name)
        if not isinstance(first, Text):
            continue
        key = (item.kind, first.value if item.kind == "cloze" else plain_text(first.value).casefold())
        other = seen.setdefault(key, item)
        if other is not item and other.id != item.id:
            args = {"id": other.id, "place": place(other.span)}
            yield Diagnostic(codes.SAME_FRONT, first.span, args)
