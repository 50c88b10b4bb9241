"""The poster: the argument's steps, section by section, on one sheet for the wall, as a PDF.

A kind takes part by ``poster.html``: an item in few words, as text without markup. Of each kind the first
items of a section are shown, as many as there is room for; ``wall`` decides that.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from deckgen import fonts
from deckgen.backends.base import Composition, Request
from deckgen.backends.paper.handout import Handout
from deckgen.backends.paper.sheet import Entry, Sheet
from deckgen.backends.paper.wall import Group, Surface, Topic, Wall, hang
from deckgen.diagnostics import Diagnostic, Result, codes
from deckgen.model import PaperSize, PosterSize
from deckgen.templating import Safe

_TAG = re.compile(r"<[^>]*>")
_USUAL = {
    PaperSize.A4: PosterSize.A3,
    PaperSize.LETTER: PosterSize.TABLOID,
    PaperSize.A5: PosterSize.A4,
}


class Amount(NamedTuple):
    """How much of a section is shown: kinds, items of each, and their characters; one item at least."""

    kinds: int
    items: int
    characters: int


AMOUNTS = (Amount(9, 5, 110), Amount(9, 3, 70), Amount(9, 1, 0), Amount(1, 1, 0))


class Poster(Sheet):
    """The poster of a deck."""

    name = "print/poster.html"
    parts = Handout.parts

    @property
    def size(self) -> PosterSize:
        """The size of the sheet: as the deck says, or two pages of its paper."""
        return self.request.deck.poster or _USUAL[self.request.paper.size]

    def topics(self) -> Iterator[Topic]:
        """Yield all sections, each with what can stand below its title."""
        kinds = sorted((kind.order, name) for name, kind in self.kinds.items())
        entries: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.part("poster"):
            entries.setdefault((entry.item.section, entry.kind.name), []).append(entry)
        for section in self.request.deck.essay.sections:
            first = [(name, self.first(entries.get((section.id, name), ()))) for _, name in kinds]
            shown = [(name, texts) for name, texts in first if texts]
            levels = (
                tuple(self.group(name, texts, amount) for name, texts in shown[: amount.kinds])
                for amount in AMOUNTS
            )
            yield Topic(words(section.title), tuple(levels))

    def first(self, entries: Iterable[Entry]) -> list[str]:
        """Return the first entries of one kind in few words, no fewer than the most that is shown of them."""
        most, texts = AMOUNTS[0], list[str]()
        for entry in entries:
            if text := words(self.fragment(entry, "poster")):
                texts.append(text)
            if len(texts) == most.items or sum(map(len, texts)) >= most.characters:
                break
        return texts

    def group(self, kind: str, texts: Sequence[str], amount: Amount) -> Group:
        """Return the first of these texts of a kind, as many as the amount allows."""
        lengths = accumulate(map(len, texts[: amount.items]))
        count = max(1, sum(length <= amount.characters for length in lengths))
        label = self.request.words(self.kinds[kind].plural) if count > 1 else self.labels[kind]
        return Group(label, "\u00a0· ".join(texts[:count]))  # no line begins with the dot

    @cached_property
    def common(self) -> dict[str, object]:
        """What the page and its foot are both given."""
        return super().values()

    @cached_property
    def foot(self) -> Safe:
        """The line at the foot: sources, licence, how current a translation is, version and date."""
        return self.render("print/poster-foot.html", self.common)

    def wall(self) -> Wall | None:
        """Return what hangs where, or None and a finding if the sheet is too small."""
        deck, language = self.request.deck, self.request.language
        surface = Surface(
            *self.size.mm,
            words(deck.title),
            words(deck.subtitle),
            tuple(self.topics()),
            words(self.foot),
        )
        found = hang(surface, lambda text, weight: fonts.width(text, language, weight))
        if found is None:
            args = {"count": len(surface.topics), "paper": self.size.upper()}
            self.found.append(Diagnostic(codes.POSTER_FULL, deck.spans.get("title", deck.span), args))
        return found

    def values(self) -> dict[str, object]:
        """Return what ``print/poster.html`` is given."""
        width, height = self.size.mm
        return {
            **self.common,
            "wall": self.wall(),
            "foot": self.foot,
            "width": width,
            "height": height,
        }


def words(content: str) -> str:
    """Return a text or HTML as words in one line, with the spaces at which it must not be broken."""
    text = html.unescape(_TAG.sub("", content)) if isinstance(content, Safe) else content
    return fonts.printable(" ".join(text.split()))


class PosterBackend:
    """The poster: ``output/<deck>.<lang>.poster.pdf``."""

    name = product = "poster"
    heavy = True
    has_large = False

    def suffix(self, request: Request) -> str:
        """Return the end of the file's name."""
        return f".poster{request.print}.pdf"

    def compose(self, request: Request) -> Result[Composition | None]:
        """Return the page, or None with the errors that prevent it."""
        return Poster(request).compose()
