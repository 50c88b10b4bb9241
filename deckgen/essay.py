"""The essay's paragraphs, known by fingerprints: its text is never part of a deck.

A fingerprint is the SHA-256 of the normalised text. Normalising takes away what differs
between two copies of one text: line breaks, spaces, hyphens at line ends (and so all
hyphens), quotation marks and the numbers of footnotes. A paragraph that is not found whole is
sought by the hashes of its first and last characters, so that a changed one can be told from
a missing one, and a page's head or foot in its middle does not matter.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from deckgen.model import Essay, Paragraph

ANCHOR = 24  # characters at each end that identify a paragraph
MAX_TRIES = 50  # places that are looked at closely: a copy that repeats itself costs no more
_QUOTES = "\"'‘’‚‛“”„‟«»‹›`´ʼ「」『』"
_MARKS = _QUOTES + "-‐‑‒–—―\u00ad−" + "\u200b\u2060\ufeff"
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
        starts, ends = self.free(paragraph)
        pairs = (
            (start, end)
            for start in starts
            for end in ends[bisect_right(ends, start + paragraph.length) :]
            if end - start <= _reach(paragraph)
        )
        for start, end in islice(pairs, MAX_TRIES):
            if _interrupted(paragraph, self.normal, start, end):
                return self.take(paragraph, start, end)
        return None

    def rest(self, paragraph: Paragraph) -> Match:
        """What is left of a paragraph: its beginning, its end, both, or nothing."""
        starts, ends = self.free(paragraph)
        if not starts and not ends:
            return Match(paragraph, State.MISSING, None)
        start = starts[0] if starts else max(0, ends[0] - paragraph.length)
        near = (end for end in ends if start < end <= start + _reach(paragraph))
        end = next(near, min(start + paragraph.length, len(self.normal.text)))
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


def _reach(paragraph: Paragraph) -> int:
    """How many characters a paragraph with a page's foot, notes and head in it may take."""
    return 3 * paragraph.length + 2000


def _interrupted(paragraph: Paragraph, normal: Normal, start: int, end: int) -> bool:
    """Whether the paragraph stands whole but for one run of lines: a page's foot and the next one's head."""
    extra = end - start - paragraph.length
    breaks = [at for at in range(start + 1, end) if normal.lines[at] != normal.lines[at - 1]]
    borders = set(breaks)
    for first in breaks:
        if first + extra in borders:
            text = normal.text[start:first] + normal.text[first + extra : end]
            if _digest(text) == paragraph.sha256:
                return True
    return False


def _lines(normal: Normal, start: int, end: int) -> tuple[int, int]:
    last = len(normal.lines) - 1
    return normal.lines[min(start, last)], normal.lines[min(max(end - 1, start), last)]


_MARK = re.compile(r"\[([^\]\n]+)\][ \t]*", re.MULTILINE)
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
    marks = [match for match in _MARK.finditer(text) if match.start() == 0 or text[match.start() - 1] == "\n"]
    for match, following in zip(marks, [*marks[1:], None], strict=True):
        body = text[match.end() : following.start() if following else len(text)]
        numbered = _NUMBERED.match(match.group(1).strip())
        line = text.count("\n", 0, match.start()) + 1
        if numbered:
            yield Marked(numbered.group(1), int(numbered.group(2)), match.group(1), line, body.strip())
        else:
            yield Marked("", 0, match.group(1), line, body.strip())
