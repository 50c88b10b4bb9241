"""The typographic system of all paper: one scale, one grid in mm, two weights (400 and 600), one accent.

Sizes are in pt and lengths in mm. Style sheets take them from here (``looks.base``), so that large print,
Letter and A5 are other values and no other rules. Large print follows the recommendations for clear print:
18 pt at least for the text, nothing below 16 pt, no italics, one column.
"""

from __future__ import annotations

from typing import NamedTuple

from deckgen.model import Paper


class Looks(NamedTuple):
    """The measures of a page: type sizes in pt on a ``line`` (pt), lengths in mm.

    ``column`` is the margin column at the start side for numbers and kinds; without one they stand above
    their item. ``indent`` is what a text leaves free at its end.
    """

    small: float
    base: float
    lead: float
    head: float
    title: float
    line: float
    width: float
    height: float
    top: float
    side: float
    bottom: float
    column: float
    indent: float
    large: bool

    @property
    def inner(self) -> float:
        """The width between the side margins, in mm."""
        return self.width - 2 * self.side


def looks(paper: Paper) -> Looks:
    """Return the measures of a paper: text columns hold 75 characters at most, on every size."""
    width, height = paper.size.mm
    narrow = width < 180
    side = 14.0 if narrow else 23.0
    if paper.large:
        return Looks(16, 18, 20, 22, 32, 25, width, height, 20, 14 if narrow else 20, 22, 0, 0, True)
    column, indent = (18.0, 0.0) if narrow else (26.0, 14.0)
    top, bottom = (18.0, 20.0) if narrow else (25.0, 27.0)
    return Looks(8, 10, 12.5, 14, 25, 14, width, height, top, side, bottom, column, indent, False)
