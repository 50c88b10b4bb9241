"""The essay's paragraphs, known by fingerprints: its text is never part of a deck.

A fingerprint is the SHA-256 of the normalised text. Normalising takes away what differs
between two copies of one text: line breaks, spaces, hyphens at line ends (and so all
hyphens), quotation marks, direction marks and the numbers of footnotes. A paragraph that is
not found whole is sought by the hashes of its first and last characters, so that a changed one
can be told from a missing one, and a page's head or foot in its middle does not matter.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from deckgen.model import Essay, Paragraph

ANCHOR = 24  # characters at each end that identify a paragraph
MAX_BETWEEN = 4000  # characters of a page's foot, its notes, and the next one's head
MAX_TRIES = 50  # places that are looked at closely: a copy that repeats itself costs no more
MAX_PAIRS = 50_000  # pairs of line ends that are tried for a paragraph
_QUOTES = "\"'‘’‚‛“”„‟«»‹›`´ʼ「」『』"
_UNSEEN = "\u200b\u2060\ufeff" + "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MARKS = _QUOTES + "-‐‑‒–—―\u00ad−" + _UNSEEN
_FOOTNOTE = re.compile(
    rf"(?<=[^\W\d_])([{_QUOTES})]?[.,;:!?…]?[{_QUOTES})]?)"
    rf"(?:\[\d{{1,3}}\]|(?<=[.,;:!?…{_QUOTES})])\d{{1,3}})(?!\w)(?![.,]\d)"
)
_SUPERSCRIPT = re.compile(rf"(?<=[\w.,;:!?…{_QUOTES})])[⁰¹²³⁴-⁹]+")
_DROP = {ord(mark): None for mark in _MARKS}


class Normal(NamedTuple):
    """A normalised text and, for each of its characters, the line (from 1) it stood in."""

    text: str
    lines: tuple[int, ...]


def normalise(text: str) -> Normal:
    """Return a text without all that may differ between two copies of it."""
    text = unicodedata.normalize("NFC", text)  # a letter apart from its accent is no letter before a number
    text = _SUPERSCRIPT.sub(lambda match: " " * len(match.group()), text)
    text = _FOOTNOTE.sub(lambda m: m.group(1) + " " * (len(m.group()) - len(m.group(1))), text)
    out: list[str] = []
    lines: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        plain = unicodedata.normalize("NFKC", line.translate(_DROP))  # which makes quotation marks of others
        kept = "".join(plain.translate(_DROP).split())
        out.append(kept)
        lines += [number] * len(kept)
    return Normal("".join(out), tuple(lines))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Fingerprint(NamedTuple):
    """What is kept of a paragraph; see ``model.Paragraph``."""

    sha256: str
    length: int
    start: str
    end: str

    def yaml(self) -> str:
        """Return the line that stands for it in essay.yaml."""
        return f'{{sha256: {self.sha256}, length: {self.length}, start: "{self.start}", end: "{self.end}"}}'


def fingerprint(text: str) -> Fingerprint:
    """Return the fingerprint of a paragraph's text."""
    normal = normalise(text).text
    return Fingerprint(_digest(normal), len(normal), _short(normal[:ANCHOR]), _short(normal[-ANCHOR:]))


class State(StrEnum):
    """How a paragraph stands in a reader's copy."""

    FOUND = "found"
    CHANGED = "changed"
    MISSING = "missing"


class Match(NamedTuple):
    """A paragraph's state, and the lines of the copy where it (or what is left of it) stands."""

    paragraph: Paragraph
    state: State
    lines: tuple[int, int] | None


def compare(essay: Essay, copy: str) -> tuple[Match, ...]:
    """Look for each paragraph of the outline in a copy of the text.

    Costs grow with the length of the copy, not with its square: every place is hashed once,
    and only the places whose hash fits are looked at. Paragraphs that stand whole are found
    first; what they take up is not offered to the others.
    """
    normal = normalise(copy)
    paragraphs = tuple(essay.paragraphs())
    search = _Search(normal, paragraphs)
    found: dict[int, Match] = {}
    for look in (search.whole, search.interrupted):
        for number, paragraph in enumerate(paragraphs):
            if number not in found and (match := look(paragraph)) is not None:
                found[number] = match
    return tuple(
        found[number] if number in found else search.rest(paragraph)
        for number, paragraph in enumerate(paragraphs)
    )


class _Search:
    """The places in a copy where paragraphs may begin and end, and those that are taken."""

    def __init__(self, normal: Normal, paragraphs: Iterable[Paragraph]) -> None:
        self.normal = normal
        self.taken: list[tuple[int, int]] = []
        self.borders = [at for at in range(1, len(normal.lines)) if normal.lines[at] != normal.lines[at - 1]]
        self.places: dict[str, list[int]] = {}
        for paragraph in paragraphs:
            self.places |= {paragraph.start: [], paragraph.end: []}
        for width in {_width(paragraph) for paragraph in paragraphs}:
            for at in range(len(normal.text) - width + 1):
                anchor = _short(normal.text[at : at + width])
                if anchor in self.places:
                    self.places[anchor].append(at)

    def take(self, paragraph: Paragraph, start: int, end: int) -> Match:
        self.taken.append((start, end))
        return Match(paragraph, State.FOUND, _lines(self.normal, start, end))

    def whole(self, paragraph: Paragraph) -> Match | None:
        """The paragraph at a place that no equal one has."""
        taken = set(self.taken)
        ends = set(self.places[paragraph.end])
        inside = paragraph.length - _width(paragraph)
        fitting = (
            (start, start + paragraph.length)
            for start in self.places[paragraph.start]
            if start + inside in ends and (start, start + paragraph.length) not in taken
        )
        for start, end in islice(fitting, MAX_TRIES):
            if _digest(self.normal.text[start:end]) == paragraph.sha256:
                return self.take(paragraph, start, end)
        return None

    def interrupted(self, paragraph: Paragraph) -> Match | None:
        """The paragraph with a page's foot and the next one's head in it."""
        text = self.normal.text
        for start, first, second, end in islice(self.torn(paragraph), MAX_PAIRS):
            if _digest(text[start:first] + text[second:end]) == paragraph.sha256:
                return self.take(paragraph, start, end)
        return None

    def torn(self, paragraph: Paragraph) -> Iterator[tuple[int, int, int, int]]:
        """Yield the places of two parts, of whole lines but for the outer ends, as long as the paragraph."""
        length, borders = paragraph.length, self.borders
        starts, ends = self.free(paragraph)
        for start in starts:
            for first in _between(borders, start + 1, start + length):
                for second in _between(borders, first + 1, first + MAX_BETWEEN):
                    yield start, first, second, second + length - (first - start)
        for end in ends:
            for second in _between(borders, end - length + 1, end):
                for first in _between(borders, second - MAX_BETWEEN, second):
                    yield max(0, first - length + (end - second)), first, second, end

    def rest(self, paragraph: Paragraph) -> Match:
        """What is left of a paragraph: its beginning, its end, both, or nothing."""
        starts, ends = self.free(paragraph)
        if not starts and not ends:
            return Match(paragraph, State.MISSING, None)
        if starts:
            start = starts[0]
            near = (end for end in ends if start < end <= start + paragraph.length + MAX_BETWEEN)
            following = (first for first, _ in self.taken if first > start)
            end = next(near, min(start + paragraph.length, *following, len(self.normal.text)))
        else:
            end = ends[0]
            start = max((last for _, last in self.taken if last < end), default=0)
            start = max(start, end - paragraph.length)
        return Match(paragraph, State.CHANGED, _lines(self.normal, start, end))

    def free(self, paragraph: Paragraph) -> tuple[list[int], list[int]]:
        """Return the first places where the paragraph may begin and end, outside of what is taken."""

        def outside(at: int) -> bool:
            return not any(first <= at < last for first, last in self.taken)

        starts = islice(filter(outside, self.places[paragraph.start]), MAX_TRIES)
        ends = islice(filter(outside, self.places[paragraph.end]), MAX_TRIES)
        return list(starts), [at + _width(paragraph) for at in ends]


def _width(paragraph: Paragraph) -> int:
    return min(ANCHOR, paragraph.length)


def _between(borders: Sequence[int], first: int, last: int) -> Sequence[int]:
    """Return the borders from ``first`` up to but not including ``last``."""
    return borders[bisect_left(borders, first) : bisect_left(borders, last)]


def _lines(normal: Normal, start: int, end: int) -> tuple[int, int]:
    last = len(normal.lines) - 1
    return normal.lines[min(start, last)], normal.lines[min(max(end - 1, start), last)]


# What ends a line in a copy besides a line feed: a page's end, as pdftotext writes it, among others.
_ENDS = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", "\n"))
_MARK = re.compile(r"^\[([^\]\n]+)\][ \t]*", re.MULTILINE)
_NUMBERED = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\s+([1-9][0-9]*)\Z")


class Marked(NamedTuple):
    """A paragraph of a text that its author numbered: ``[kritik 2] …``; ``section`` is empty if it failed."""

    section: str
    number: int
    mark: str
    line: int
    text: str


def marked_paragraphs(text: str) -> Iterable[Marked]:
    """Yield the paragraphs of a text in which each begins with ``[section number]`` on a new line."""
    marks = list(_MARK.finditer(text.translate(_ENDS)))
    ends = [*(match.start() for match in marks[1:]), len(text)]
    for match, end in zip(marks, ends, strict=False):
        body = text[match.end() : end]
        numbered = _NUMBERED.match(match.group(1).strip())
        line = text.count("\n", 0, match.start()) + 1
        if numbered:
            yield Marked(numbered.group(1), int(numbered.group(2)), match.group(1), line, body.strip())
        else:
            yield Marked("", 0, match.group(1), line, body.strip())
