"""Cut-out cards: a card an item, its answer on its back, for those who learn without a phone.

A kind takes part by ``cut-front.html`` and ``cut-back.html``. The first card of a deck says what it is and
how to learn with it. Each side is set as large as it fits, in one of the sizes of ``fit.STEPS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from deckgen import fonts
from deckgen.backends.base import Composition, Request
from deckgen.backends.paper import fit, geometry, pdf
from deckgen.backends.paper.geometry import Layout
from deckgen.backends.paper.pdf import Box, Page
from deckgen.backends.paper.sheet import Entry, Sheet
from deckgen.diagnostics import Diagnostic, Result, Span, codes
from deckgen.markup import plain_text
from deckgen.model import Flip, Text
from deckgen.templating import Safe

FRONT, BACK = "cut-front", "cut-back"
CLEAR = 1.0  # mm between a text and the foot below it
_SLACK = 0.3  # mm; what reaches hardly farther is rounding
_HANG = 1.3  # mm; a space at the end of a line from right to left may hang out of its box
_STEP = re.compile(r'<div class="text s(\d)"')
_EDGES = {Flip.LONG: "long-edge", Flip.SHORT: "short-edge", Flip.FOLD: "fold"}


class Measures(NamedTuple):
    """Where things stand on a card, in mm: all hang on its size, and are the same on both sides.

    ``pad`` is free at both sides, ``edge`` above the section and below the id. A text begins at ``third``,
    or at ``high`` if it is long.
    """

    width: float
    height: float
    pad: float
    edge: float
    third: float
    high: float

    @property
    def inner(self) -> float:
        """The width of a line."""
        return self.width - 2 * self.pad

    @property
    def ground(self) -> float:
        """Where a text must end above a foot of one line."""
        return self.height - self.edge - fit.LABEL[1] / fit.PT - CLEAR


def measures(width: float, height: float) -> Measures:
    """Return the measures of a card of that size."""
    edge = min(max(height * 0.085, 4.5), 6.3)
    pad = min(max(width * 0.08, 5), 8.4)
    high = edge + fit.LABEL[1] / fit.PT + 3
    return Measures(width, height, pad, edge, max(height * 0.29, high), high)


class Face(NamedTuple):
    """One side of a card: its section, its text at one of ``fit.STEPS``, and what stands at its foot."""

    head: str
    text: Safe
    step: int
    brackets: Safe
    item: str
    mark: str = ""


class Side(NamedTuple):
    """One side of a sheet: its faces, each with the name of its place; only fronts are cut."""

    faces: tuple[tuple[str, Face], ...]
    cut: bool


class Owner(NamedTuple):
    """Whose text stands on a face, for diagnostics: an item, which side, and where the text is written."""

    item: str
    side: str
    span: Span


@dataclass(frozen=True, slots=True)
class Fitted:
    """The sheets, in the sizes that the texts should fit at; that they do is seen when they are set."""

    page: Page
    owners: tuple[Owner, ...]

    @property
    def key(self) -> str:
        """A hash of all that the PDF depends on."""
        return self.page.key

    def finish(self) -> Result[bytes | None]:
        """Set the sheets; a text that does not fit at its size is set smaller, as long as it can be."""
        return pdf.write(self.page, self.settle)

    def settle(self, page: Page, boxes: tuple[Box, ...]) -> Page | tuple[Diagnostic, ...]:
        """Return the page with smaller texts where they do not fit; errors where there is nothing smaller."""
        before = [int(step) for step in _STEP.findall(page.html)]
        if not len(boxes) == 2 * len(before) == 2 * len(self.owners):  # somebody has a template of their own
            reason = "each face needs a text of the class “text s…” and a foot, both with data-box"
            return (Diagnostic(codes.BAD_TEMPLATE, Span(f"templates/{Cards.name}"), {"reason": reason}),)
        faces = list(zip(boxes[::2], boxes[1::2], before, strict=True))
        after = [_needed(text, foot, step) for text, foot, step in faces]
        if after != before:
            left = iter(after)
            html = _STEP.sub(lambda _: f'<div class="text s{next(left)}"', page.html)
            return replace(page, html=html)
        size = f"{fit.STEPS[-1].size:g}"
        return tuple(
            Diagnostic(codes.CARD_FULL, owner.span, {"item": owner.item, "side": owner.side, "size": size})
            for owner, (text, foot, _) in zip(self.owners, faces, strict=True)
            if not _fits(text, foot)
        )


def _fits(text: Box, foot: Box) -> bool:
    inside = all(box.words[0] > box.left - _HANG and box.words[2] < box.right + _HANG for box in (text, foot))
    return text.whole and foot.whole and inside and text.words[3] < foot.top + _SLACK


def _needed(text: Box, foot: Box, step: int) -> int:
    """Return the step that a text which was set at ``step`` needs; the last one if none is enough."""
    last = len(fit.STEPS) - 1
    if step == last or _fits(text, foot):
        return step
    if not fit.STEPS[step].high:
        return step + 1
    high, room = text.words[3] - text.top, foot.top - text.top
    area = fit.STEPS[step].size * fit.STEPS[step].line
    smaller = range(step + 1, last)
    return next((n for n in smaller if high * fit.STEPS[n].size * fit.STEPS[n].line / area <= room), last)


class Cards(Sheet):
    """The cut-out cards of a deck."""

    name = "print/cards.html"
    parts = (FRONT,)

    def __init__(self, request: Request, layout: Layout) -> None:
        super().__init__(request)
        self.layout = layout
        self.card = measures(*layout.card)
        self.measure = fit.Measure(request.language, self.card.height)
        self.owners: list[Owner] = []
        self.shown: list[Text] = []

    def html(self, text: Text | str, *, solved: bool = False) -> Safe:
        """Return a text as HTML, and remember that it stands on the face that is being made."""
        if isinstance(text, Text):
            self.shown.append(text)
        return super().html(text, solved=solved)

    def face(self, head: str, text: Safe, brackets: Safe, item: str, mark: str = "") -> Face:
        """Return a face with the size that its text should fit at."""
        foot = fit.words(Safe("{} {} {}").format(brackets, item, mark))
        card, lines = self.card, self.measure.lines(foot, fit.LABEL[0], self.card.inner)
        ground = card.ground - (lines - 1) * fit.LABEL[1] / fit.PT
        step = self.measure.step(text, card.inner, ground - card.third, ground - card.high)
        return Face(head, text, step, brackets, item, mark)

    def cover(self, side: str) -> Face:
        """Return a side of the first card; where there is little room, with nothing but what it must say."""
        deck, card = self.request.deck, self.card
        values = {**super().values(), "count": len(self.part(FRONT))}
        self.owners.append(Owner(deck.id, side, deck.span))
        for brief in (False, True):
            text = self.render(f"print/cover-{side}.html", {**values, "brief": brief})
            if self.measure.height(text, card.inner, fit.STEPS[-1]) <= card.ground - card.high:
                break
        return self.face(deck.name, text, Safe(""), deck.id)

    def cards(self) -> Iterator[tuple[Face, Face]]:
        """Yield the front and the back of each card, the cover first."""
        front, back = self.cover("front"), self.cover("back")
        yield front, back
        for entry in self.part(FRONT):
            front, back = (self.side(entry, part) for part in (FRONT, BACK))
            yield front, back

    def side(self, entry: Entry, part: str) -> Face:
        """Return one face of an item; its longest text is the one to shorten if it does not fit."""
        item, deck = entry.item, self.request.deck
        self.shown.clear()
        text = self.fragment(entry, part)
        longest = max(self.shown, key=lambda shown: len(plain_text(shown.value)), default=None)
        self.owners.append(Owner(item.id, part.removeprefix("cut-"), longest.span if longest else item.span))
        brackets = self.source(item) if part == BACK else Safe("")
        return self.face(deck.section(item.section).short, text, brackets, item.id, self.request.mark(item))

    def sides(self) -> Iterator[Side]:
        """Yield the sides of all sheets in the order in which they are printed."""
        cards, folded = list(self.cards()), self.layout.flip is Flip.FOLD
        self.owners = _in_order_of_print(self.owners, len(self.layout.places), folded=folded)
        size = len(self.layout.places)
        for start in range(0, len(cards), size):
            dealt = list(enumerate(cards[start : start + size]))
            fronts = [(f"f{place}", front) for place, (front, _) in dealt]
            backs = [(f"b{place}", back) for place, (_, back) in dealt]
            if folded:
                both = [face for pair in zip(fronts, backs, strict=True) for face in pair]
                yield Side(tuple(both), cut=True)
            else:
                yield Side(tuple(fronts), cut=True)
                yield Side(tuple(backs), cut=False)

    def values(self) -> dict[str, object]:
        """Return what ``print/cards.html`` is given."""
        return {
            **super().values(),
            "sides": tuple(self.sides()),
            "layout": self.layout,
            "card": self.card,
            "steps": fit.STEPS,
            "gap": fit.GAP,
            "clear": CLEAR,
            "inset": fit.INDENT,
        }

    def fitted(self) -> Result[Composition | None]:
        """Return the sheets, or None with what prevents them."""
        composed = self.compose()
        if composed.value is None:
            return Result(None, composed.diagnostics)
        return Result(Fitted(composed.value, tuple(self.owners)), composed.diagnostics)


def _in_order_of_print(owners: list[Owner], size: int, *, folded: bool) -> list[Owner]:
    """Return the owners of fronts and backs in turn as they stand on sheets of ``size`` cards."""
    if folded:
        return owners
    sheets = (owners[start : start + 2 * size] for start in range(0, len(owners), 2 * size))
    return [owner for sheet in sheets for owner in (*sheet[::2], *sheet[1::2])]


def laid_out(request: Request) -> Result[Layout | None]:
    """Return the layout of the sheets, or an error if the cards are too small to hold words."""
    paper = request.paper
    found = geometry.layout(paper, rtl=request.language.direction == "rtl")
    if found is not None:
        return Result(found)
    args = {"grid": paper.grid, "paper": paper.size.name.title(), "near": geometry.fitting(paper)}
    return Result(None, (Diagnostic(codes.NO_GRID, request.deck.span, args),))


def flipped(request: Request) -> str:
    """Return how a printer has to turn the sheets, in the name of a file; empty if there is no card."""
    dealt = {item.kind for item in request.deck.items}
    if not any(request.path.find(f"kinds/{kind}/{FRONT}.html") for kind in sorted(dealt)):
        return ""
    return f".{_EDGES[request.paper.flip]}"


class CardsBackend:
    """The cards: ``output/<deck>.<lang>.cards.long-edge.pdf``, named for how the printer turns the sheets."""

    name = product = "cards"
    heavy, has_large = True, False

    def suffix(self, request: Request) -> str:
        """Return the end of the file's name."""
        edge = flipped(request)
        return edge and f".cards{edge}{request.print}.pdf"

    def compose(self, request: Request) -> Result[Composition | None]:
        """Return the sheets, or None with the errors that prevent them."""
        layout = laid_out(request)
        if layout.value is None:
            return Result(None, layout.diagnostics)
        if absent := fonts.absent(request.language, request.deck.span):  # nothing can be measured then
            return Result(None, absent)
        return Cards(request, layout.value).fitted()
