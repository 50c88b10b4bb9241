"""The geometry of a poster: boxes in mm that hold their texts, all on one sheet.

How wide a text is, is told by a function, so that nothing here knows a font. Boxes are measured from the
start of the line and from the top; a page from right to left mirrors them by itself.
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

MM = 25.4 / 72  # mm in a point
SLACK = 1.02  # how much wider than told a text may be
WHOLE, FOOT = 297.0, 8.5  # the width that sizes are for; the foot in pt
LABEL = 0.68  # the part of a text's size that its label has
READABLE, LEAST = 11, 8  # pt that a label has at least, on A3 and on any sheet
SCALES = (1.3, 1.2, 1.1, 1.0, 0.9, 0.8)  # of the type, from the largest one tried
TITLES = (1.3, 1.15, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45)  # where titles stand alone
FAR = 0.9  # the least scale of a title, if it is not alone: 24 pt on A3 are read from two metres
_CJK = re.compile("([\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef])")  # a line can break at each
_BREAK = re.compile("([ \u200b])")

Width = Callable[[str, int], float]  # of a text in a weight, in ems


class Group(NamedTuple):
    """What a section has of one kind: its name, and one entry after the other."""

    label: str
    text: str


class Topic(NamedTuple):
    """A section: its title, and what stands below it, the most at ``[0]``, the least at the end."""

    title: str
    levels: tuple[tuple[Group, ...], ...]


class Box(NamedTuple):
    """A text in lines and its place: mm from the start and the top, type in pt on lines of ``line`` pt."""

    text: str
    start: float
    top: float
    width: float
    height: float
    size: float
    line: float

    @property
    def style(self) -> str:
        """The same as declarations of CSS, in hundredths of a mm and of a point."""
        return (
            f"inset-inline-start: {self.start:.2f}mm; top: {self.top:.2f}mm; width: {self.width:.2f}mm; "
            f"height: {self.height:.2f}mm; font-size: {self.size:.2f}pt; line-height: {self.line:.2f}pt"
        )


class Row(NamedTuple):
    """A section on the wall. ``mark`` is its number."""

    mark: Box
    title: Box
    labels: tuple[Box, ...]
    texts: tuple[Box, ...]


class Arrow(NamedTuple):
    """An arrow straight down, mm from the start and the top; its head is ten times as wide as ``thick``."""

    start: float
    top: float
    bottom: float
    thick: float

    @property
    def stem(self) -> str:
        """The line as path data of SVG, in hundredths of a mm."""
        return f"M{self.start:.2f} {self.top:.2f}V{self.bottom - 5 * self.thick:.2f}"

    @property
    def head(self) -> str:
        """The head as path data of SVG."""
        side, high = 5 * self.thick, 8 * self.thick
        return f"M{self.start:.2f} {self.bottom:.2f}l{-side:.2f} {-high:.2f} {2 * side:.2f} 0z"


class Wall(NamedTuple):
    """A poster: its head, its rows, its foot, the arrows from each row's number down to that of the next one.

    It is ``whole`` if no word had to be broken.
    """

    title: Box
    subtitle: Box | None
    rows: tuple[Row, ...]
    arrows: tuple[Arrow, ...]
    foot: Box
    whole: bool


class Surface(NamedTuple):
    """What a poster is made of: the sheet in mm, and its texts."""

    width: float
    height: float
    title: str
    subtitle: str
    topics: tuple[Topic, ...]
    foot: str


class Filled(NamedTuple):
    """A text in lines, how many it ``takes``, and whether a word of it has to be broken and takes several."""

    lines: tuple[str, ...]
    takes: int
    broken: bool


class Ruler:
    """How wide texts are, in ems with ``SLACK``: each is measured once, however often it is tried."""

    def __init__(self, width: Width) -> None:
        self.width = cache(lambda text, weight: width(text, weight) * SLACK)
        self.words = cache(self._words)

    def _words(self, text: str, weight: int) -> tuple[tuple[str, str, float], ...]:
        """Return each word between places where a line can break, what stands before it, and its width."""
        pieces = _BREAK.split(_CJK.sub("\\1\u200b", text))
        between = zip(["", *pieces[1::2]], pieces[::2], strict=True)
        return tuple((before, word, self.width(word, weight)) for before, word in between)


def fill(text: str, room: float, ruler: Ruler, weight: int = 400) -> Filled:
    """Break a text into lines of ``room`` ems, at its spaces; the last one has two words if that can be."""
    space, broken = ruler.width(" ", weight), False
    found: list[str] = []
    more, used = 0, 0.0
    for before, word, wide in ruler.words(text, weight):
        gap = space if before == " " else 0.0
        if wide > room:  # it begins a line of its own, and each line of it may lack a character's width
            found.append(word)
            more += math.ceil(wide / max(room - 1, 0.5)) - 1
            used, broken = room, True
        elif found and used + gap + wide <= room:
            found[-1] += before.strip("\u200b") + word
            used += gap + wide
        else:
            found.append(word)
            used = wide
    if not broken:
        found = _paired(found, lambda word: ruler.width(word, weight) + space + used <= room)
    return Filled(tuple(found), len(found) + more, broken)


def _paired(found: list[str], fits: Callable[[str], bool]) -> list[str]:
    """Return lines with a second word in the last one, of the line before, if it ``fits`` and leaves one."""
    if len(found) > 1 and found[-1] and " " not in found[-1]:
        rest, _, word = found[-2].rpartition(" ")
        if " " in rest and fits(word):
            return [*found[:-2], rest, f"{word} {found[-1]}"]
    return found


def hang(sheet: Surface, width: Width) -> Wall | None:
    """Return the poster with the most that fits: first its type becomes smaller, then there is less of it.

    None if the sheet cannot hold even the titles. Words are broken only where nothing else helps.
    """
    levels = max((len(topic.levels) for topic in sheet.topics), default=0)
    ruler = Ruler(width)
    wall = cache(lambda level, scale: _Hanging(sheet, ruler, scale).wall(level))
    tries = [(level, SCALES if level < levels else TITLES) for level in range(levels + 1)]
    for level, scales in tries:
        # What hangs whole in one size does so in each that is smaller: three or four of them are tried.
        at = bisect(scales, False, key=lambda scale: (hung := wall(level, scale)) is not None and hung.whole)
        if at < len(scales):
            return wall(level, scales[at])
    hung = (wall(level, scale) for level, scales in tries for scale in scales)
    return next(filter(None, hung), None)


class _Hanging:
    """One try: sizes are in proportion to the sheet's width, those of the sections to ``scale`` as well."""

    def __init__(self, sheet: Surface, ruler: Ruler, scale: float) -> None:
        self.sheet, self.ruler, self.unit = sheet, ruler, sheet.width / WHOLE
        self.scale = self.unit * scale
        self.side = 20 * self.unit
        self.inner = sheet.width - 2 * self.side
        self.whole = True

    def box(
        self, text: str, start: float, top: float, width: float, size: float, lead: float, weight: int = 400
    ) -> Box:
        """Return the box of a text, as high as its lines are."""
        filled = fill(text, width / (size * MM), self.ruler, weight)
        self.whole = self.whole and not filled.broken
        set_as = "\n".join(filled.lines)
        return Box(set_as, start, top, width, filled.takes * size * lead * MM, size, size * lead)

    def wall(self, level: int) -> Wall | None:
        """Return the poster with that level of detail; None if it is too high."""
        sheet, unit, side = self.sheet, self.unit, self.side
        foot = self.box(sheet.foot, side, 0, self.inner, max(FOOT * unit, 7), 1.4)
        foot = foot._replace(top=sheet.height - side * 0.7 - foot.height)
        title = self.heading()
        bottom = title.top + title.height
        subtitle = None
        if sheet.subtitle:
            subtitle = self.box(sheet.subtitle, side, bottom + 2 * unit, self.inner, 17 * unit, 1.3)
            bottom = subtitle.top + subtitle.height
        start, end = bottom + 11 * unit, foot.top - 8 * unit
        between = 6 * self.scale
        rows: list[Row] = []
        heights: list[float] = []
        left = end - start + between
        for number, topic in enumerate(sheet.topics, 1):
            rows.append(self.row(number, topic, level))
            heights.append(_bottom(rows[-1]))
            left -= heights[-1] + between
            if left < 0:
                return None
        between += min(left / len(rows), 14 * unit) if rows else 0
        hung = []
        for row, height in zip(rows, heights, strict=True):
            hung.append(_moved(row, start))
            start += height + between
        arrows = (self.arrow(row.mark, after.mark) for row, after in pairwise(hung))
        return Wall(title, subtitle, tuple(hung), tuple(arrows), foot, self.whole)

    def heading(self) -> Box:
        """Return the deck's title: three lines at most, if that can be, and no word broken."""
        for size in (46, 40, 34, 28, 22):
            whole, self.whole = self.whole, True
            title = self.box(self.sheet.title, self.side, self.side, self.inner, size * self.unit, 1.15, 600)
            fits = self.whole and title.height <= 3.01 * title.line * MM
            self.whole = whole and (self.whole or size > 22)
            if fits:
                break
        return title

    def row(self, number: int, topic: Topic, level: int) -> Row:
        """Return a section as if it hung at the top of the sheet."""
        scale, at = self.scale, self.side + 19 * self.scale
        mark = Box(str(number), self.side, 0, 12 * scale, 12 * scale, 19 * scale, 12 * scale / MM)
        large = max(scale, FAR * self.unit) if level < len(topic.levels) else scale
        title = self.box(topic.title, at, 0, self.sheet.width - self.side - at, 27 * large, 1.2, 600)
        size = 15 * scale
        small = max(size * LABEL, READABLE * self.unit, LEAST)
        column = 27 * scale * small / (size * LABEL)
        top = title.top + title.height + 2.5 * scale
        labels: list[Box] = []
        texts: list[Box] = []
        for group in topic.levels[level] if level < len(topic.levels) else ():
            text = self.box(group.text, at + column, top, title.width - column, size, 1.32)
            label = self.box(group.label, at, top, column - 3 * scale, small, 1.32 * size / small)
            labels.append(label)
            texts.append(text)
            top += max(text.height, label.height) + 1.2 * scale
        return Row(mark, title, tuple(labels), tuple(texts))

    def arrow(self, mark: Box, after: Box) -> Arrow:
        """Return the arrow from a number down to the next one."""
        gap = 1.5 * self.scale
        top, bottom = mark.top + mark.height + gap, after.top - gap
        return Arrow(mark.start + mark.width / 2, top, bottom, 0.3 * self.scale)


def _bottom(row: Row) -> float:
    return max(box.top + box.height for box in (row.mark, row.title, *row.labels, *row.texts))


def _moved(row: Row, by: float) -> Row:
    def down(boxes: Sequence[Box]) -> tuple[Box, ...]:
        return tuple(box._replace(top=box.top + by) for box in boxes)

    (mark, title), labels, texts = down((row.mark, row.title)), down(row.labels), down(row.texts)
    return row._replace(mark=mark, title=title, labels=labels, texts=texts)
