"""Deck → messages: each text that a translator sees, under a name that lasts.

A message is named by its ``msgctxt``, never by its words: ``<item>.<field>``, with the place of an entry of
a list (``commons.wrong.2``, ``commons.views.1.who``), and ``@deck.title``, ``@deck.aims.1``,
``@essay.title`` and ``@section.<id>.title`` for what is no item's. Its ``msgid`` is the whole text, as
Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from deckgen.diagnostics import Span
from deckgen.markup import plain_text
from deckgen.model import Deck, FieldSpec, FieldType, Kind
from deckgen.translate.glossary import Glossary

DECK_FIELDS = ("title", "subtitle", "description", "standpoint")
ESSAY_FIELDS = ("title", "subtitle")
TERM = "term"  # the field that makes an item an entry of the glossary
_WIDTH = 160  # characters of another field that a comment shows
_FEW = 6  # texts of an item that all stand in each other's comments


class Message(NamedTuple):
    """A text to be translated.

    ``item`` and ``path`` are its item and its place there; a text of no item has an empty ``item``. A card
    can be built without one that is not ``required``. ``file`` is the deck's file it stands in, for ``#:``.
    """

    ctxt: str
    text: str
    type: FieldType
    required: bool
    item: str
    path: str
    file: str
    span: Span


def messages(deck: Deck, kinds: Mapping[str, Kind]) -> Iterator[Message]:
    """Yield all messages of a deck in the order of its files."""
    for name in DECK_FIELDS:
        if text := getattr(deck, name):
            yield _general(f"@deck.{name}", text, deck.spans.get(name, deck.span), "deck.yaml")
    for number, aim in enumerate(deck.evening.aims, 1):
        yield _general(f"@deck.aims.{number}", aim.value, aim.span, "deck.yaml")
    for name in ESSAY_FIELDS:
        if text := getattr(deck.essay, name):
            yield _general(f"@essay.{name}", text, deck.essay.span, "essay.yaml")
    for section in deck.essay.sections:
        yield _general(f"@section.{section.id}.title", section.title, section.span, "essay.yaml")
        if section.short != section.title:
            yield _general(f"@section.{section.id}.short", section.short, section.span, "essay.yaml")
    specs: dict[tuple[str, str], FieldSpec] = {}
    for item in deck.items:
        file = f"items/{item.span.file.rpartition('/')[2]}"
        for path, text in item.texts():
            spec = specs.get((item.kind, path))
            if spec is None:
                spec = specs[item.kind, path] = kinds[item.kind].at(path)
            if spec.translated:
                yield Message(
                    f"{item.id}.{path}", text.value, spec.type, spec.required, item.id, path, file, text.span
                )


def _general(ctxt: str, text: str, span: Span, file: str) -> Message:
    return Message(ctxt, text, "text" if "\n" in text else "line", True, "", ctxt, file, span)


# What a translator is told of a message


class Context:
    """What stands beside a message as comments: its kind, its item's other texts, and its source."""

    def __init__(self, deck: Deck, kinds: Mapping[str, Kind], all_messages: Iterable[Message]) -> None:
        self.heads = {
            item.id: (kinds[item.kind].label, f"source: {', '.join(map(str, item.sources))}")
            for item in deck.items
        }
        self.texts: dict[str, list[tuple[str, str]]] = {}
        for message in all_messages:
            if message.item:
                line = f"{message.path}: {_shown(message.text)}"
                self.texts.setdefault(message.item, []).append((message.path, line))

    def lines(self, message: Message) -> Iterator[str]:
        """Yield the comment's lines for a message.

        Of a long item only what is near stands there: fields of their own, and the same list or record.
        """
        if not message.item:
            return
        texts, (label, source) = self.texts[message.item], self.heads[message.item]
        yield f"{label}: {message.path}"
        near = f"{message.path.rpartition('.')[0]}." if "." in message.path else message.path
        few = len(texts) <= _FEW
        for path, line in texts:
            if path != message.path and (few or "." not in path or path.startswith(near)):
                yield line
        yield source


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1].rstrip()}…"


def glossary(texts: Iterable[tuple[Message, str]]) -> Glossary:
    """Return the terms of a deck's glossary with their translations, of all messages and theirs."""
    terms = [(message, text) for message, text in texts if message.path == TERM and message.item and text]
    pairs = ((plain_text(message.text), plain_text(text)) for message, text in terms)
    return Glossary.of(pairs, (message.item for message, _ in terms))
