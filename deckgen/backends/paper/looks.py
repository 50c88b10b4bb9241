"""The typographic system of all paper: one scale, one grid in mm, two weights (400 and 600), one accent.

Sizes are in pt and lengths in mm. Style sheets take them from here (``looks.base``), so that large print,
Letter and A5 are other values and few other rules. Large print follows the recommendations for clear print:
18 pt at least for the text, nothing below 16 pt, no italics, no hyphens, one column.
"""

from __future__ import annotations

from typing import NamedTuple

from deckgen.model import Paper

_MEASURE = 124.0  # mm of text in a line at 10 pt: about 75 characters
_TABLE = 150.0  # mm that a table of four columns needs at 10 pt


class Looks(NamedTuple):
    """The measures of a page: type sizes in pt on a ``line`` (pt), lengths in mm.

    ``column`` is the margin column at the start side for numbers and kinds; without one they stand above
    their item. ``indent`` is what a text leaves free at its end, ``tab`` the room for an item's number,
    ``rule`` the distance of lines to write on.
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
    tab: float
    rule: float
    large: bool

    @property
    def inner(self) -> float:
        """The width between the side margins, in mm."""
        return self.width - 2 * self.side

    @property
    def wide(self) -> bool:
        """Whether the page is as wide as a sheet of A4 or Letter."""
        return self.inner >= _TABLE

    @property
    def tables(self) -> bool:
        """Whether there is room for tables of four columns; else their rows are set as blocks."""
        return not self.large and self.wide


def looks(paper: Paper) -> Looks:
    """Return the measures of a paper: text columns hold 75 characters at most, on every size."""
    width, height = paper.mm
    narrow = width < 180
    if paper.large:
        side = 14.0 if narrow else 20.0
        return Looks(16, 18, 20, 22, 32, 25, width, height, 24, side, 26, 0, 0, 14, 14, True)
    side, column, tab = (12.0, 25.0, 7.5) if narrow else (23.0, 26.0, 8.0)
    top, bottom = (18.0, 20.0) if narrow else (25.0, 27.0)
    indent = max(0.0, round(width - 2 * side - column - _MEASURE, 1))
    return Looks(8, 10, 12.5, 14, 25, 14, width, height, top, side, bottom, column, indent, tab, 9, False)
