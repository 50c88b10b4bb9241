"""How well a deck covers its essay: each paragraph, and its items by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from deckgen.model import Deck


class Row(NamedTuple):
    """A paragraph: its section's title, its name, and the number of items of each kind that cite it."""

    section: str
    paragraph: str
    items: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of all items that cite it."""
        return sum(self.items.values())


class Coverage(NamedTuple):
    """All paragraphs in the order of the text, and the deck's items by kind."""

    rows: tuple[Row, ...]
    kinds: Mapping[str, int]

    @property
    def covered(self) -> int:
        """How many paragraphs have an item."""
        return sum(1 for row in self.rows if row.total)


def coverage(deck: Deck) -> Coverage:
    """Count a deck's items by paragraph and by kind."""
    cited: dict[tuple[str, int], Counter[str]] = {}
    for item in deck.items:
        for section, number in {(source.section, source.number) for source in item.sources}:
            cited.setdefault((section, number), Counter())[item.kind] += 1
    rows = tuple(
        Row(section.short, str(paragraph), dict(cited.get((section.id, paragraph.number), {})))
        for section in deck.essay.sections
        for paragraph in section.paragraphs
    )
    return Coverage(rows, dict(Counter(item.kind for item in deck.items)))
