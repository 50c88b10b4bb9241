"""Markdown with gaps and formulas → safe HTML, for Anki and for print; and plain text."""

from deckgen.markup.flavours import ANKI, PRINT, SOLVED, Flavour, plain_text
from deckgen.markup.isolate import isolated
from deckgen.markup.render import Rendered, render
from deckgen.markup.scan import Gap, Math, Problem, gap_numbers

__all__ = [
    "ANKI",
    "PRINT",
    "SOLVED",
    "Flavour",
    "Gap",
    "Math",
    "Problem",
    "Rendered",
    "gap_numbers",
    "isolated",
    "plain_text",
    "render",
]
