"""The handout: everything of a deck to read on paper, as a PDF.

A kind takes part by ``handout.html`` in its section, ``table.html`` a row of the table of
positions, ``glossary.html`` an entry of the glossary (sorted by the kind's first field),
``discussion.html`` a block of the discussion pages, ``solution.html`` an entry of the key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from deckgen import languages
from deckgen.backends.base import Composition, Request
from deckgen.backends.paper.sheet import Entry, Sheet
from deckgen.diagnostics import Result
from deckgen.markup import plain_text
from deckgen.model import Section, Text
from deckgen.templating import Safe


class Chapter(NamedTuple):
    """A section of the essay with its items, already HTML."""

    section: Section
    place: str
    items: tuple[Safe, ...]


class Handout(Sheet):
    """The handout of a deck."""

    name = "print/handout.html"
    parts = ("handout", "discussion")

    def glossary(self) -> tuple[Safe, ...]:
        """Return the entries of the glossary in the order of the language's alphabet."""
        key = languages.collation(self.request.language.tag)

        def head(entry: Entry) -> object:
            text = entry.item.fields[entry.kind.fields[0].name]
            return key(plain_text(text.value) if isinstance(text, Text) else entry.item.id)

        entries = sorted(self.part("glossary"), key=head)  # type: ignore[arg-type]
        return tuple(self.fragment(entry, "glossary") for entry in entries)

    def chapters(self) -> Iterator[Chapter]:
        """Yield the sections that have items."""
        entries = self.part("handout")
        for section in self.request.deck.essay.sections:
            own = [entry for entry in entries if entry.item.section == section.id]
            if own:
                place = self.place(section.short, range(1, len(section.paragraphs) + 1))
                yield Chapter(section, place, tuple(self.fragment(entry, "handout") for entry in own))

    def example(self) -> tuple[Safe, str, int] | None:
        """Return the first citation, its section and its paragraph, to explain what brackets mean."""
        first = next((citation for entry in self.entries for citation in entry.item.sources), None)
        if first is None:
            return None
        short = self.request.deck.section(first.section).short
        return self.bracket(f"{short} {first.number}", 0, 1), short, first.number

    def values(self) -> dict[str, object]:
        """Return what ``print/handout.html`` is given."""
        return {
            **super().values(),
            "example": self.example(),
            "chapters": tuple(self.chapters()),
            "positions": self.fragments("table"),
            "glossary": self.glossary(),
            "discussions": self.fragments("discussion"),
            "solutions": self.fragments("solution"),
        }


class HandoutBackend:
    """The handout: ``output/<deck>.<lang>.handout.pdf``."""

    name = product = "handout"
    heavy = has_large = True

    def suffix(self, request: Request) -> str:
        """Return the end of the file's name."""
        return f".handout{request.print}.pdf"

    def compose(self, request: Request) -> Result[Composition | None]:
        """Return the page, or None with the errors that prevent it."""
        return Handout(request).compose()
