"""What a back end is, and what it is given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from deckgen import languages
from deckgen.diagnostics import Result
from deckgen.ledger import Last, Ledger
from deckgen.markup.names import variants
from deckgen.model import Deck, Item, Kind, Language, Paper, State
from deckgen.news import News
from deckgen.resources import SearchPath
from deckgen.templating import Safe
from deckgen.words import Words

if TYPE_CHECKING:
    from deckgen.backends.anki.notes import Composed


@dataclass(frozen=True, slots=True)
class Request:
    """One deck in one language, with all that a product of it depends on.

    It can be sent to another process. ``ledger`` holds the state after this build; ``composed`` are
    the notes that the ledger's hashes were made of, so that they are not rendered twice. A ``draft`` marks
    the items that are not current. ``files`` are the names of all files that can be made of the deck in this
    language, each after the back end that makes it. ``retired`` are the last texts of items that are no
    more, by their ids; ``news`` is what those who have an earlier version are told.
    """

    deck: Deck
    language: Language
    kinds: tuple[Kind, ...]
    words: Words
    path: SearchPath
    ledger: Ledger
    composed: Composed | None = None
    draft: bool = False
    paper: Paper = field(default_factory=Paper)
    files: tuple[tuple[str, str], ...] = ()
    retired: Mapping[str, Last] = field(default_factory=dict)
    news: News | None = None

    def kind(self, name: str) -> Kind:
        """Return the kind of that name."""
        return next(kind for kind in self.kinds if kind.name == name)

    @property
    def changed(self) -> int:
        """When this language's items last changed, in seconds since 1970, UTC."""
        records = (self.ledger.get(f"{self.language.tag}/{item.origin}") for item in self.deck.items)
        return max((record.since for record in records if record), default=0)

    @property
    def date(self) -> str:
        """The day of that in the words of the language; empty while nothing is known of it."""
        return self.day(self.changed)

    def day(self, moment: int) -> str:
        """Return the day of a moment (seconds since 1970, UTC) in the words of the language; empty for 0."""
        if not moment:
            return ""
        return languages.date(self.language.tag, datetime.fromtimestamp(moment, UTC).date())

    @property
    def print(self) -> str:
        """What names large print, and print without colour, in the name of a file."""
        return (".large" if self.paper.large else "") + (".grey" if self.paper.grey else "")

    def media(self, name: str) -> str:
        """Return the file in the deck's ``media`` that stands for a name in this language."""
        files = (file for file in variants(name, self.language.tag) if (self.deck.media / file).is_file())
        return next(files, name)

    def foreign(self, tag: str) -> Safe:
        """Return the attributes of what is in the language ``tag``; none if that is the deck's own."""
        if tag in ("", self.language.tag):
            return Safe("")
        return Safe(' lang="{}" dir="{}"').format(tag, languages.direction(tag))

    def tongue(self, item: Item) -> Safe:
        """Return the attributes of an item's texts; none unless the source's own words stand in for them."""
        return self.foreign(self.deck.source if item.state is State.SOURCE else "")

    def mark(self, item: Item) -> str:
        """Return what a draft says of an item that is not current; empty if there is nothing to say."""
        if not self.draft or item.state is State.CURRENT:
            return ""
        if item.state is State.SOURCE:
            return self.words("Not translated yet")
        return self.words("Translation out of date")


class Composition(Protocol):
    """A file of which everything is decided and nothing made yet."""

    @property
    def key(self) -> str:
        """A hash of all that the file depends on; empty if making it is hardly more work than that."""

    def finish(self) -> Result[bytes | None]:
        """Return the file's bytes, or None with the errors that prevented it."""


class Backend(Protocol):
    """What makes one file of a deck in one language.

    ``product`` is what people ask for, and may be of several files, each by a back end with a ``name`` of its
    own. What is ``heavy`` is worth a process of its own. One that ``has_large`` is printed large, too.
    """

    name: str
    product: str
    heavy: bool
    has_large: bool

    def suffix(self, request: Request, /) -> str:
        """Return the end of the file's name, ``.handout.pdf``; empty if the request is for none."""

    def compose(self, request: Request) -> Result[Composition | None]:
        """Decide what stands in the file; None with the errors that prevent it."""


def shuffled(entries: list[object], seed: str) -> list[object]:
    """Return entries in an order that the seed alone decides, the same in every language.

    It hangs on the number of entries and their places, never on their texts.
    """
    keys = [hashlib.sha256(f"{seed}/{place}".encode()).digest() for place in range(len(entries))]
    return [entry for _, entry in sorted(zip(keys, entries, strict=True), key=lambda pair: pair[0])]


def drawn(ids: Iterable[str], seed: str) -> list[str]:
    """Return ids in an order that each of them and the seed decide, whichever others there are."""
    return sorted(ids, key=lambda each: hashlib.sha256(f"{seed}/{each}".encode()).digest())


def citations(request: Request, cited: Iterable[tuple[str, int]]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return each cited section's short name and its paragraphs, in the text's order.

    Two sections can have one short name: they stay apart.
    """
    by_section: dict[str, set[int]] = {}
    for section, number in cited:
        by_section.setdefault(section, set()).add(number)
    return tuple(
        (section.short, tuple(sorted(by_section[section.id])))
        for section in request.deck.essay.sections
        if section.id in by_section
    )
