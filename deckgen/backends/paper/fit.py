"""How large a text can be set in a box: an estimate from the widths of its letters, before it is set.

Lines are filled word by word with the fonts' own widths. Hyphenation and kerning only make text shorter, so
that what fits here nearly always fits on paper; that it does is seen when it is set (``pdf.Box``).
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple

from deckgen import fonts
from deckgen.model import Language

PT = 72 / 25.4  # points in a mm
GAP = 0.35  # between paragraphs, in em of the text
CAUTION = 0.99  # of a line's width is counted on
LABEL = (8.0, 10.0)  # size and line of what is condensed: the head, the foot, the imprint
INDENT = 1.6  # of lists, in em

_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>|([^<]+)")
_BLOCKS = frozenset({"p", "div", "li", "tr", "td", "th", "h1", "pre", "blockquote", "hr", "br", "img"})
_APART = frozenset({"p", "div", "ul", "ol", "table", "pre", "blockquote"})
_BOLD = frozenset({"b", "strong", "th", "h1"})
_INDENTED = frozenset({"ul", "ol", "blockquote"})
_ROLE = re.compile(r'class="(q|more|fine)"')
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u2060-\u2069\ufeff]")
_WIDTH = re.compile(r"width: ?([0-9.]+)em")
# A line can be broken after a space or a hyphen, and around each letter of a script without spaces.
_PIECE = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|[^ \n\u200b\u2e80-\u9fff-]*[ \n\u200b-]*"
)


class Step(NamedTuple):
    """A size of type and its line, and those of what stands back: examples and notes. In pt.

    A ``picture`` has at most that part of the card's height. A ``high`` text begins at the head of the card,
    others at a third of it.
    """

    size: float
    line: float
    less: float
    less_line: float
    picture: float
    high: bool = True


STEPS = (
    Step(14, 19, 11, 15, 0.35, high=False),
    Step(14, 19, 11, 15, 0.35),
    Step(12.5, 17, 10, 13.5, 0.32),
    Step(11, 15, 9.5, 13, 0.28),
    Step(10, 13, 9, 11.5, 0.25),
    Step(9, 11.5, 9, 11.5, 0.2),
)


class _Piece(NamedTuple):
    """What no line is broken in: its width in em, with the ``space`` that follows it and may hang out."""

    em: float
    space: float = 0


@dataclass(slots=True)
class _Block:
    """A paragraph: its pieces, its indent in em, its class, its row in a table, from 1.

    It is ``apart`` from what stands before it by a gap.
    """

    indent: float = 0
    role: str = ""
    row: int = 0
    picture: bool = False
    apart: bool = False
    pieces: list[_Piece] = field(default_factory=list)

    def type(self, step: Step) -> tuple[float, float]:
        """Return its size and its line in pt."""
        return {"more": (step.less, step.less_line), "fine": LABEL}.get(self.role, (step.size, step.line))


def words(content: str) -> str:
    """Return the words of HTML in one line."""
    return html.unescape(re.sub("<[^>]*>", "", content))


class Measure:
    """The widths of a language's letters, on cards of a ``height`` in mm."""

    def __init__(self, language: Language, height: float) -> None:
        self.card = height
        self.regular, self.bold, self.condensed = (
            cache(partial(fonts.width, language=language, weight=weight, family=family))
            for weight, family in ((400, fonts.SANS), (600, fonts.SANS), (400, fonts.CONDENSED))
        )

    def lines(self, text: str, size: float, width: float) -> int:
        """Return how many lines a label takes: small type of ``size`` pt in a box of ``width`` mm."""
        return _lines(list(_pieces(text, self.condensed)), size, width * PT)

    def step(self, content: str, width: float, low: float, high: float) -> int:
        """Return the first of ``STEPS`` at which HTML fits a card without a broken word, or else with some.

        The last if it fits at none. It has ``width`` mm, and ``low`` mm below a third of the card or ``high``
        mm below its head.
        """
        blocks = self._blocks(content)
        fitting = [
            number
            for number, step in enumerate(STEPS)
            if self._height(blocks, step, width) <= (high if step.high else low)
        ]
        whole = (number for number in fitting if self._unbroken(blocks, STEPS[number], width))
        return next(whole, fitting[0] if fitting else len(STEPS) - 1)

    def height(self, content: str, width: float, step: Step) -> float:
        """Return how many mm HTML should be high in a box of ``width`` mm."""
        return self._height(self._blocks(content), step, width)

    def _blocks(self, content: str) -> list[_Block]:
        blocks = [_Block()]
        indent, bold, row, role, apart, held = 0.0, 0, 0, "", False, 0
        for closing, tag, attributes, text in _TOKEN.findall(content):
            if text.isspace() and not blocks[-1].pieces:
                continue
            if text:
                width = self.condensed if role == "fine" else self.bold if bold else self.regular
                blocks[-1].apart |= apart
                apart = False
                pieces = _pieces(html.unescape(text), width)
                blocks[-1].pieces += [_whole(pieces)] if held == 2 else pieces
                continue
            if tag == "span" and closing:
                held %= 2
            elif 'class="held"' in attributes:
                held = 1
            elif 'class="hint"' in attributes:
                held *= 2  # it is not broken if it is held together with its gap
            by = -1 if closing else 1
            if tag == "p":
                named = _ROLE.search(attributes)
                role = named[1] if named else ""
                bold = int(role == "q")
            indent += by * INDENT * (tag in _INDENTED)
            bold += by * (tag in _BOLD)
            apart |= tag in _APART and not closing
            row += tag == "tr" and not closing
            if match := _WIDTH.search(attributes):
                blocks[-1].pieces.append(_Piece(float(match[1])))
            if tag in _BLOCKS:
                cell = row if tag in ("td", "th") and not closing else 0
                blocks.append(_Block(indent, role, cell, tag == "img", tag == "img"))
        return [block for block in blocks if block.pieces or block.picture]

    def _unbroken(self, blocks: list[_Block], step: Step, width: float) -> bool:
        """Whether each piece fits into a line of its block; what is in a table has columns of its own."""
        return all(
            max(piece.em - piece.space for piece in block.pieces) * size
            <= (width * PT - block.indent * size) * CAUTION
            for block in blocks
            if block.pieces and not block.row
            for size, _ in [block.type(step)]
        )

    def _height(self, blocks: list[_Block], step: Step, width: float) -> float:
        """Return the height in mm; the cells of a row stand side by side."""
        total = 0.0
        rows: dict[int, list[_Block]] = {}
        for block in blocks:
            if block.row:
                rows.setdefault(block.row, []).append(block)
        for number, block in enumerate(blocks):
            size, line = block.type(step)
            total += GAP * step.size * (block.apart and number > 0)
            if block.picture:
                total += step.picture * self.card * PT
            elif not block.row:
                total += line * _lines(block.pieces, size, width * PT - block.indent * size)
            elif rows[block.row][0] is block:
                share = width * PT / len(rows[block.row]) - size
                total += line * max(_lines(cell.pieces, size, share) for cell in rows[block.row])
        return total / PT


def _pieces(text: str, width: Callable[[str], float]) -> Iterator[_Piece]:
    for match in _PIECE.finditer(text):
        if piece := _UNSEEN.sub("", match[0]):
            word = piece.rstrip(" \n")
            space = width(" ") * (len(piece) > len(word))
            yield _Piece(width(word) + space, space)


def _whole(pieces: Iterable[_Piece]) -> _Piece:
    """Return pieces as one."""
    every = list(pieces)
    return _Piece(sum(piece.em for piece in every), every[-1].space if every else 0)


def _lines(pieces: list[_Piece], size: float, width: float) -> int:
    """Fill lines of ``width`` pt; a piece longer than a line is broken where it ends."""
    width = max(width * CAUTION, size)
    lines, at = 1, 0.0
    for em, space in pieces:
        long = em * size
        if at and at + long - space * size > width:
            lines, at = lines + 1, 0.0
        at += long
        if (over := at - space * size) > width:
            more = math.ceil(over / width) - 1
            lines, at = lines + more, at - more * width
    return lines
