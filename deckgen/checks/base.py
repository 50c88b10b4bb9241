"""What a check is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from deckgen.diagnostics import Diagnostic, Source, Span
from deckgen.model import Deck, Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """A deck with what is needed to speak of it.

    ``media`` are the names of the files in its ``media``, ``languages`` the tags of all it exists in.
    """

    deck: Deck
    kinds: Mapping[str, Kind]
    sources: Mapping[str, Source]
    media: frozenset[str]
    languages: tuple[str, ...] = ()

    def locate(self, span: Span, needle: str, skip: int = 0) -> Span:
        """Narrow a span to the words in it that are meant: the first ones after ``skip`` equal ones."""
        source = self.sources.get(span.file)
        return source.locate(span, needle, skip) if source else span


Check = Callable[[Subject], Iterator[Diagnostic]]


def place(span: Span) -> str:
    """Return a place for a sentence: ``items/10-a.yaml:12``."""
    return f"{span.file}:{span.line}"
