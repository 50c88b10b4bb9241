"""Where cut-out cards stand on their sheets, in mm from the top left corner of each side as one reads it.

A printer that turns sheets over the long edge mirrors left and right, over the short edge top and bottom;
so the back of a card stands in its mirrored place. Folded sheets are printed on one side: front and back
stand side by side, with the fold between them. Nothing here knows what is on a card.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from deckgen.model import Flip, Paper, PaperSize

# How many columns and rows of A7 fill a sheet, lying on A4 and Letter (where they are a little wider and
# lower), standing on A5.
_A7 = {PaperSize.A4: (2, 4), PaperSize.LETTER: (2, 4), PaperSize.A5: (2, 2)}
_BUSINESS = (85.0, 55.0)  # ISO 7810 ID-1, as business cards in Europe are cut
SMALLEST = (50.0, 45.0)  # width and height: less holds no words between the head and the foot
FARTHEST = 20.0  # no printer is off by more
GRIDS = ("a7", "business")
_FREE = re.compile(r"([1-9])x([1-9])")


class Rect(NamedTuple):
    """A rectangle on one side of a sheet."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The place of its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The place of its lower edge."""
        return self.top + self.height


class Place(NamedTuple):
    """A card: its front, and its back on the other side of the sheet, or beside it if that is folded."""

    front: Rect
    back: Rect


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of ``width`` by ``height``: the places of its cards in the order in which they are dealt.

    ``cuts`` and ``folds`` are lines over the full sheet: those from top to bottom by their distance from
    the left edge, those from side to side by that from the top. They stand on the fronts.
    """

    width: float
    height: float
    flip: Flip
    places: tuple[Place, ...]
    cuts: tuple[tuple[float, ...], tuple[float, ...]]
    folds: tuple[float, ...] = ()

    @property
    def card(self) -> tuple[float, float]:
        """A card's width and height."""
        return self.places[0].front.width, self.places[0].front.height


def is_grid(name: str) -> bool:
    """Whether a grid has a name of ours, or is given as columns by rows: ``3x4``."""
    return name in GRIDS or _FREE.fullmatch(name) is not None


def layout(paper: Paper, *, rtl: bool = False) -> Layout | None:
    """Return the layout of a paper; None if its grid leaves cards too small, or none at all.

    Right-to-left sheets are dealt from the right. An odd column beside folded pairs stays empty. The
    paper's grid must be one.
    """
    width, height = paper.size.mm
    columns, rows, card = _grid(paper)
    folded = paper.flip is Flip.FOLD
    if folded:
        columns -= columns % 2
    if not columns or not rows or card[0] < SMALLEST[0] or card[1] < SMALLEST[1]:
        return None
    left, top = (width - columns * card[0]) / 2, (height - rows * card[1]) / 2
    xs = [left + column * card[0] for column in range(columns)]
    ys = [top + row * card[1] for row in range(rows)]
    if rtl:
        xs.reverse()
    across = zip(xs[::2], xs[1::2], strict=True) if folded else ((x, x) for x in xs)
    pairs = tuple(across)
    places = tuple(
        _place(Rect(x, y, *card), Rect(behind, y, *card), paper) for y in ys for x, behind in pairs
    )
    folds = tuple(sorted(max(pair) for pair in pairs)) if folded else ()
    cuts_x = {*xs, left + columns * card[0]} - set(folds)
    cuts_y = {*ys, top + rows * card[1]}
    return Layout(width, height, paper.flip, places, (_within(cuts_x, width), _within(cuts_y, height)), folds)


def fitting(paper: Paper) -> str:
    """Return the finest grid ``CxR`` that a paper has room for: the way out of one that does not fit."""
    width, height = paper.size.mm
    columns = int(width // SMALLEST[0])
    if paper.flip is Flip.FOLD:
        columns -= columns % 2
    return f"{columns}x{int(height // SMALLEST[1])}"


def _grid(paper: Paper) -> tuple[int, int, tuple[float, float]]:
    """Return a grid's columns and rows, and the size of its cards."""
    width, height = paper.size.mm
    if paper.grid == "business":
        return int(width // _BUSINESS[0]), int(height // _BUSINESS[1]), _BUSINESS
    free = _FREE.fullmatch(paper.grid)
    columns, rows = (int(free[1]), int(free[2])) if free else _A7[paper.size]
    return columns, rows, (width / columns, height / rows)


def _place(front: Rect, beside: Rect, paper: Paper) -> Place:
    """Return a card with its back where the flip wants it, moved by the offset."""
    width, height = paper.size.mm
    if paper.flip is Flip.FOLD:
        return Place(front, beside)
    left = width - front.right if paper.flip is Flip.LONG else front.left
    top = height - front.bottom if paper.flip is Flip.SHORT else front.top
    return Place(front, front._replace(left=left + paper.offset[0], top=top + paper.offset[1]))


def _within(lines: set[float], end: float) -> tuple[float, ...]:
    """Return lines in order, without those on the sheet's edges: there is nothing to cut."""
    return tuple(sorted(line for line in lines if 0.01 < line < end - 0.01))
