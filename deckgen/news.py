"""What is new for learners: the cards that came, were corrected or were taken out since a moment.

All of it stands in the ledger, so that it can be told in every language, in every year, and of cards that
are no more.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from deckgen.ledger import Ledger, of_language

_TAG = re.compile(r"<[^>]*>|\[sound:[^\]]*\]")
_GAP = re.compile(r"\{\{c[\d,]+::(?:(?!\{\{c[\d,]+::|\}\}).)*\}\}", re.DOTALL)  # with none in it
_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~&]|^[-+]")  # of Markdown
_NUMBER = re.compile(r"^(\d{1,9})([.)])")  # which begins a list
_WILD = re.compile(r'([\\"*_:])')  # of Anki's search
_LONGEST = 120  # characters of a card that tell which one is meant
_MOST = 60  # cards that a search names one by one


class Card(NamedTuple):
    """A card by its item's id, and the words that it begins with."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class News:
    """What changed after ``since`` (seconds since 1970): for those who have the ``previous`` version.

    That is empty where a moment was asked for. The cards come in the order of the deck.
    """

    previous: str
    since: int
    new: tuple[Card, ...] = ()
    corrected: tuple[Card, ...] = ()
    retired: tuple[Card, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.new or self.corrected or self.retired)


def news(
    ledger: Ledger, tag: str, items: Mapping[str, str], kinds: Collection[str], previous: str, since: int
) -> News:
    """Return what changed in a language after ``since``, among the ``kinds`` that are studied.

    ``items`` are the ids of the deck's items by the first that each had.
    """
    entries = {key.partition("/")[2]: entry for key, entry in of_language(ledger, tag).items()}
    new, corrected, retired = [], [], []
    for item in dict.fromkeys((*items, *sorted(entries))):
        entry = entries.get(item)
        if entry is None or entry.last is None or entry.last.kind not in kinds:
            continue
        card = Card(items.get(item, item), opening(entry.last.fields))
        if entry.last.retired > since:
            retired += [card] if entry.born <= since else []
        elif entry.last.retired:
            continue
        elif entry.born > since:
            new.append(card)
        elif entry.since > since:
            corrected.append(card)
    return News(previous, since, tuple(new), tuple(corrected), tuple(retired))


def opening(fields: Iterable[tuple[int, str]]) -> str:
    """Return the first words of a note's first field, its gaps left out."""
    content = next((text for _, text in fields), "")
    words = " ".join(html.unescape(_TAG.sub(" ", _closed(content))).split())
    return words if len(words) <= _LONGEST else words[:_LONGEST].rstrip() + "…"


def _closed(content: str) -> str:
    """Put “[…]” in the place of gaps, those within others first."""
    while (less := _GAP.sub("[…]", content)) != content:
        content = less
    return content


def escaped(text: str) -> str:
    """Return words as Markdown that says just these."""
    return _NUMBER.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", text))


def search(types: str, fields: Iterable[str], cards: Iterable[Card]) -> str:
    """Return what finds cards in Anki's browser, by their note types and the fields that hold their ids.

    It is empty if they are too many to be named one by one.
    """
    ids = [card.id for card in cards]
    if len(ids) > _MOST:
        return ""
    found = " OR ".join(f'"{_plain(field)}:{_plain(each)}"' for field in fields for each in ids)
    return f'"{types}" ({found})'


def _plain(text: str) -> str:
    return _WILD.sub(r"\\\1", text)
