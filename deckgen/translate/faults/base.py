"""A message and its translation, and what all rules about them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from deckgen.diagnostics import Code, Diagnostic, Span
from deckgen.markup import plain_text
from deckgen.markup.scan import Scanned, scan
from deckgen.model import FieldType
from deckgen.translate.glossary import Glossary
from deckgen.translate.tags import primary

AT_MOST = 5  # things of one sort that are told of one message


class Pair(NamedTuple):
    """A message and its translation, both in Markdown.

    ``ctxt`` names the message, ``item.answer`` or ``@deck.title``. ``text`` is not empty; ``type`` is that
    of the field, and ``line`` for what is the deck's own. ``span`` is the translation's place.
    """

    ctxt: str
    source: str
    text: str
    type: FieldType
    span: Span


class Tongues(NamedTuple):
    """The languages of a source and of its translation (BCP 47)."""

    source: str
    target: str

    @property
    def retold(self) -> bool:
        """Whether the source is told anew: in another form of its language, or in Leichte Sprache."""
        return primary(self.source) == primary(self.target) or "simple" in self.target.split("-")


class Compared:
    """A pair with what its rules share: both texts without markup, and their gaps."""

    def __init__(self, pair: Pair, tongues: Tongues, glossary: Glossary) -> None:
        self.pair = pair
        self.tongues = tongues
        self.glossary = glossary

    def tell(self, code: Code, **args: object) -> Diagnostic:
        """Return a finding at the translation's place."""
        return Diagnostic(code, self.pair.span, args)

    @property
    def written(self) -> tuple[str, str]:
        """The source and the translation as they were written."""
        return self.pair.source, self.pair.text

    @cached_property
    def scanned(self) -> tuple[Scanned, Scanned]:
        """The source and the translation with their gaps and formulas found."""
        cloze = self.pair.type == "cloze"
        return scan(self.pair.source, cloze), scan(self.pair.text, cloze)

    @cached_property
    def source(self) -> str:
        """The source in one line without markup and formulas."""
        return _plain(self.pair.source, self.pair.type)

    @cached_property
    def text(self) -> str:
        """The translation in one line without markup and formulas."""
        return _plain(self.pair.text, self.pair.type)


Fault = Callable[[Compared], Iterator[Diagnostic]]


def listed(parts: Iterable[str]) -> str:
    """Return what is told of several pieces: the first ones, each once."""
    return ", ".join(part[:80] for part in islice(dict.fromkeys(parts), AT_MOST)) or "none"


@lru_cache(maxsize=20_000)  # a deck's languages have their source in common
def _plain(text: str, form: FieldType) -> str:
    if "$" in text or "\\" in text:
        for math in scan(text, True).maths:
            text = text.replace(math.raw, " ", 1)
    return plain_text(text, block=form != "line")
