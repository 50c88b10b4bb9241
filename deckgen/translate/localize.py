"""(Deck, catalogue) → the deck in the catalogue's language, decided per card and never per field.

No card has a new question over an old answer. A stale card still has a coherent pair, the earlier source and
its translation, as long as none of its texts was renewed without the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from deckgen.diagnostics import Span
from deckgen.model import Deck, Freshness, Item, Kind, Policy, Record, Section, State, Text, Value
from deckgen.translate.catalogue import Catalogue, Entry, is_translated
from deckgen.translate.merge import half_renewed, in_doubt, is_fuzzy, since
from deckgen.translate.messages import DECK_FIELDS, Message, messages


class Standing(StrEnum):
    """How a message, or a card, stands to its source.

    ``MIXED`` is a card of which one text was renewed and another still waits.
    """

    CURRENT = "current"
    STALE = "stale"
    MIXED = "mixed"
    MISSING = "missing"
    FAILED = "failed"


class Told(NamedTuple):
    """A message with its translation: what is said of it, its words, and where they stand."""

    message: Message
    standing: Standing
    text: str
    span: Span
    entry: Entry | None

    @property
    def day(self) -> str:
        """Since when it has been stale or new (ISO 8601); empty if it is current or nobody wrote it down."""
        noted = (
            since(self.entry) if self.entry is not None and self.standing is not Standing.CURRENT else None
        )
        return noted.day if noted else ""


def told(message: Message, catalogue: Catalogue) -> Told:
    """Return what a catalogue has for a message, whether or not it was brought up to date since."""
    entry = catalogue.live.get(message.ctxt)
    if entry is None or not is_translated(entry):
        span = Span(catalogue.source.file) if entry is None else catalogue.span(entry)
        return Told(message, Standing.MISSING, "", span, entry)
    flagged = is_fuzzy(entry)
    translated = entry.previous_msgid if flagged and entry.previous_msgid else entry.msgid
    fresh = message.text == translated and not in_doubt(entry)
    standing = Standing.CURRENT if fresh else Standing.STALE
    return Told(message, standing, entry.msgstr.strip(), catalogue.span(entry), entry)


@dataclass(frozen=True, slots=True)
class Card:
    """An item in a language: its standing, and its words as far as there is a whole card of them."""

    standing: Standing
    item: Item | None


@dataclass(frozen=True, slots=True)
class Localized:
    """All that a catalogue gives for a deck, before it is decided what is built."""

    tag: str
    deck: Deck
    general: Mapping[str, Told]
    cards: Mapping[str, Card]
    told: tuple[Told, ...]

    def count(self, standing: Standing) -> int:
        """Return how many cards stand so."""
        return sum(1 for card in self.cards.values() if card.standing is standing)

    def failing(self, names: frozenset[str]) -> Localized:
        """Return it without the translations that have errors, by their messages' names.

        They cost their card; where they are no card's, the source's words stand in for them.
        """
        items = {one.message.item for one in self.told if one.message.ctxt in names}
        cards = {
            name: Card(Standing.FAILED, card.item)
            if name in items and card.standing is not Standing.MISSING
            else card
            for name, card in self.cards.items()
        }
        general = {
            name: one._replace(standing=Standing.FAILED, text="") if name in names else one
            for name, one in self.general.items()
        }
        return replace(self, cards=cards, general=general)

    def whole(self) -> Deck:
        """Return the deck with every card that has words: what is checked."""
        items = tuple(card.item for card in self.cards.values() if card.item is not None)
        return replace(self.titled(), items=items)

    def built(self, policy: Policy) -> Deck:
        """Return the deck as it is built under a policy."""
        items = (self.decided(item, policy) for item in self.deck.items)
        freshness = Freshness(self.count(Standing.CURRENT), len(self.deck.items))
        return replace(self.titled(), items=tuple(item for item in items if item), freshness=freshness)

    def decided(self, item: Item, policy: Policy) -> Item | None:
        """Return what stands for an item of the source; None if it is left out."""
        card = self.cards[item.id]
        if card.standing is Standing.CURRENT:
            return card.item
        if policy is Policy.SOURCE:
            return replace(item, state=State.SOURCE)
        if policy is Policy.KEEP_OLD and card.standing is Standing.STALE and card.item is not None:
            return replace(card.item, state=State.STALE)
        return None

    def titled(self) -> Deck:
        """Return the deck with its own texts, those of the essay and the sections' names translated."""

        def words(name: str, otherwise: str) -> str:
            found = self.general.get(name)
            return found.text if found and found.text else otherwise

        deck, essay = self.deck, self.deck.essay
        sections = tuple(_section(section, words) for section in essay.sections)
        title, subtitle = words("@essay.title", ""), words("@essay.subtitle", "")
        titles = tuple(text for text in (title, subtitle) if title and text)
        aims = (self._aim(number, aim) for number, aim in enumerate(deck.evening.aims, 1))
        own = {name: self.general[ctxt] for name in DECK_FIELDS if (ctxt := f"@deck.{name}") in self.general}
        return replace(
            deck,
            title=words("@deck.title", deck.title),
            subtitle=words("@deck.subtitle", deck.subtitle),
            description=words("@deck.description", deck.description),
            standpoint=words("@deck.standpoint", deck.standpoint),
            language=self.tag,
            source=deck.language,
            evening=replace(deck.evening, aims=tuple(aims)),
            essay=replace(essay, sections=sections, translated=titles),
            spans={**deck.spans, **{name: one.span for name, one in own.items() if one.text}},
        )

    def _aim(self, number: int, aim: Text) -> Text:
        """Return an aim of the evening in the language, as far as it has words there."""
        found = self.general.get(f"@deck.aims.{number}")
        return Text(found.text, found.span) if found and found.text else aim


def localize(deck: Deck, kinds: Mapping[str, Kind], catalogue: Catalogue) -> Localized:
    """Return what a catalogue gives for each card of a deck."""
    everything = tuple(told(message, catalogue) for message in messages(deck, kinds))
    general = {one.message.ctxt: one for one in everything if not one.message.item}
    by_item: dict[str, list[Told]] = {}
    for one in everything:
        if one.message.item:
            by_item.setdefault(one.message.item, []).append(one)
    cards = {item.id: _card(item, kinds[item.kind], by_item.get(item.id, [])) for item in deck.items}
    return Localized(catalogue.tag, deck, general, cards, everything)


def _card(item: Item, kind: Kind, texts: Sequence[Told]) -> Card:
    by_path = {one.message.path: one for one in texts}
    fields: dict[str, Value] = {}
    for name, value in item.fields.items():
        spec = kind.field(name)
        assert spec is not None
        if not spec.translated:
            fields[name] = value
            continue
        words = _value(value, name, by_path)
        least = spec.many[0] if spec.many else 1
        if words is None or (isinstance(words, tuple) and len(words) < least):
            if spec.required:
                return Card(Standing.MISSING, None)
            continue
        fields[name] = words
    return Card(_standing(texts), replace(item, fields=fields))


def _value(value: Value, path: str, by_path: Mapping[str, Told]) -> Value | None:
    """Return a field's value in the language; an entry of a list that lacks a text is left out."""
    if isinstance(value, Text):
        return _text(path, by_path)
    entries: list[Text] = []
    records: list[Record] = []
    for number, entry in enumerate(value, 1):
        if isinstance(entry, Text):
            text = _text(f"{path}.{number}", by_path)
            entries += [text] if text else []
        elif isinstance(entry, Mapping):
            parts = ((part, _text(f"{path}.{number}.{part}", by_path)) for part in entry)
            record = {part: text for part, text in parts if text}
            records += [record] if len(record) == len(entry) else []
    return tuple(entries) if entries else tuple(records)


def _text(path: str, by_path: Mapping[str, Told]) -> Text | None:
    one = by_path.get(path)
    return Text(one.text, one.span) if one is not None and one.text else None


def _standing(texts: Sequence[Told]) -> Standing:
    """Return how a card stands of which all that it needs is there."""
    if all(one.standing is Standing.CURRENT for one in texts):
        return Standing.CURRENT
    mixed = half_renewed({one.message.path: one.entry for one in texts if one.entry is not None})
    return Standing.MIXED if mixed else Standing.STALE


def tally(localized: Localized) -> Counter[Standing]:
    """Return how many messages stand how; a card that failed counts with all of its messages."""
    failed = {name for name, card in localized.cards.items() if card.standing is Standing.FAILED}
    return Counter(
        localized.general[one.message.ctxt].standing
        if not one.message.item
        else Standing.FAILED
        if one.message.item in failed and one.text
        else one.standing
        for one in localized.told
    )


def _section(section: Section, words: Callable[[str, str], str]) -> Section:
    title = words(f"@section.{section.id}.title", section.title)
    short = title if section.short == section.title else words(f"@section.{section.id}.short", section.short)
    return replace(section, title=title, short=short)
