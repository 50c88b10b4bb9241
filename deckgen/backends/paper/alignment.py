"""A test sheet for cut-out cards: how a printer turns its sheets, and by how much it misses the back.

It is printed as the cards are, a front and a back. A pin through the middle of the front comes out on a
scale on the back: what is read there is what ``--back-offset`` has to be.
"""

from __future__ import annotations

from typing import NamedTuple

from deckgen.backends.base import Composition, Request
from deckgen.backends.paper.cards import flipped
from deckgen.backends.paper.sheet import Sheet
from deckgen.diagnostics import Result
from deckgen.model import Flip

REACH = 10  # mm that the scale shows in each direction


class Point(NamedTuple):
    """A place on one side of the sheet, in mm from its top left corner."""

    x: float
    y: float


def crosses(width: float, height: float) -> tuple[Point, ...]:
    """Return the crosses that have numbers, on the front: four around the middle of the sheet."""
    xs, ys = (width * 0.18, width * 0.82), (height * 0.36, height * 0.64)
    return tuple(Point(x, y) for y in ys for x in xs)


def behind(point: Point, width: float, height: float, flip: Flip) -> Point:
    """Return where a point of the front is on the back."""
    return Point(width - point.x, point.y) if flip is Flip.LONG else Point(point.x, height - point.y)


class Alignment(Sheet):
    """The test sheet."""

    name = "print/alignment.html"

    def values(self) -> dict[str, object]:
        """Return what ``print/alignment.html`` is given."""
        paper = self.request.paper
        width, height = paper.size.mm
        fronts = crosses(width, height)
        offset = paper.offset if any(paper.offset) else None
        return {
            **super().values(),
            "fronts": fronts,
            "backs": tuple(behind(point, width, height, paper.flip) for point in fronts),
            "middle": Point(width / 2, height / 2),
            "ruler": height * 0.8,
            "reach": REACH,
            "offset": offset and "{:g},{:g}".format(*offset),
            "move": paper.offset,
        }


class AlignmentBackend:
    """The test sheet: ``output/<deck>.<lang>.cards.long-edge.test.pdf``; none for sheets that are folded."""

    name, product = "cards-test", "cards"
    heavy, has_large = True, False

    def suffix(self, request: Request) -> str:
        """Return the end of the file's name."""
        edge = "" if request.paper.flip is Flip.FOLD else flipped(request)
        return edge and f".cards{edge}.test{request.print}.pdf"

    def compose(self, request: Request) -> Result[Composition | None]:
        """Return the sheet, or None with the errors that prevent it."""
        return Alignment(request).compose()
