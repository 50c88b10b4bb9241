r"""Formulas and gaps, found before Markdown sees the text.

Both are replaced by a marker: a Unicode noncharacter and a number between two object
replacement characters. The reader lets none of these into a text. Markdown takes the outer
ones for punctuation, as it would the braces and dollars, so that ``{{c1::*a*}}`` is emphasis;
the renderer puts back what they stand for. Gaps are Anki's: ``{{c1::answer::hint}}``, ``{{c1,2::…}}``,
and one inside another. Formulas are ``$…$``, ``$$…$$``, ``\(…\)`` and ``\[…\]``.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from deckgen.diagnostics import Code, codes

MATH, OPEN, CLOSE, EDGE = "\ufdd0", "\ufdd1", "\ufdd2", "\ufffc"
START = f"\ufdd3{EDGE}"  # begins a text that is one line: no list, no table can begin there
MARKER = re.compile(f"{EDGE}([{MATH}{OPEN}{CLOSE}])([0-9]+){EDGE}")
MAX_PROBLEMS = 20  # of one text
MAX_GAP = 500  # more cards than that one note cannot have in Anki
MAX_INSIDE = 10  # gaps in each other that Anki reads (rslib/src/cloze.rs); it skips what is deeper


class Math(NamedTuple):
    """A formula: its LaTeX, whether it stands on its own line, and how it was written."""

    tex: str
    display: bool
    raw: str


class Gap(NamedTuple):
    """A gap: the numbers of the cards that ask for it, its hint, and how it was opened."""

    numbers: tuple[int, ...]
    hint: str
    raw: str


class Problem(NamedTuple):
    """Something found in a text: a diagnostic's code and words, and the words to point at.

    ``skip`` tells how often these words stand in the text before the place that is meant.
    """

    code: Code
    needle: str
    args: Mapping[str, object]
    skip: int = 0


class Scanned(NamedTuple):
    """A text with markers, and what they stand for."""

    text: str
    maths: tuple[Math, ...]
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]

    def restore(self, text: str) -> str:
        """Put back what the markers in ``text`` stood for, as it was written."""

        def raw(match: re.Match[str]) -> str:
            kind, number = match.group(1), int(match.group(2))
            if kind == MATH:
                return self.maths[number].raw
            return self.gaps[number].raw if kind == OPEN else "}}"

        return MARKER.sub(raw, text)


_TOKEN = re.compile(
    r"`+|\\[()\[\]]|\\.|\$\$|\$|\{\{c[0-9]+(?:\s*,\s*[0-9]+)*::|(?<!\{)\{c[0-9]+::|\{\{|\}\}|::", re.DOTALL
)
_NUMBER = re.compile("[0-9]+")
_SPECIAL = re.compile(r"[\\${}]")  # without one of these a text has no gap and no formula
_CLOSERS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}
# A digit, no sign of a formula up to the end, and two letters after a space; looked for in one pass each.
_PRICES = re.compile(r"\d(?=[^\\^_={}<>+]*\Z)\S*\s.*?[^\W\d_]{2}", re.DOTALL)


def _mark(kind: str, number: int) -> str:
    return f"{EDGE}{kind}{number}{EDGE}"


class _Scanner:
    def __init__(self, text: str, cloze: bool) -> None:
        self.text = text
        self.cloze = cloze
        self.tokens = list(_TOKEN.finditer(text))
        self.where: dict[str, list[int]] = {}
        for index, token in enumerate(self.tokens):
            self.where.setdefault(token.group(), []).append(index)
        self.out: list[str] = []
        self.maths: list[Math] = []
        self.gaps: list[Gap] = []
        self.starts: list[int] = []  # where the gaps begin in the text
        self.stray = False
        self.deeper = 0  # gaps that are open and not read, because they stand in too many others
        self.problems: list[Problem] = []
        self.open: list[tuple[int, int]] = []  # the gaps that are open: their number, their start in `out`

    def next(self, token: str, index: int) -> int | None:
        """The index of the next such token after ``index``."""
        places = self.where.get(token, [])
        at = bisect.bisect_right(places, index)
        return places[at] if at < len(places) else None

    def problem(self, code: Code, needle: str, at: int, **args: object) -> None:
        """Note a problem with the words ``needle`` at a place of the text; the first ones suffice."""
        if len(self.problems) < MAX_PROBLEMS:
            skip = self.text.count(needle, 0, at)
            self.problems.append(Problem(code, needle, {"marker": needle[:60], **args}, skip))

    def scan(self) -> Scanned:
        position = index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            self.out.append(self.text[position : token.start()])
            last = self.token(index, token.group())
            position, index = self.tokens[last].end(), last + 1
        self.out.append(self.text[position:])
        for number, _ in self.open:
            self.problem(
                codes.BROKEN_CLOZE, self.gaps[number].raw, self.starts[number], reason="it is not closed"
            )
        return Scanned("".join(self.out), tuple(self.maths), tuple(self.gaps), tuple(self.problems))

    def token(self, index: int, token: str) -> int:
        """Handle one token; return the index of the last token it took."""
        if token.startswith("`"):
            return self.code(index, token)
        if token in _CLOSERS and (last := self.math(index, token)) is not None:
            return last
        at = self.tokens[index].start()
        if token.startswith("{{c") and token.endswith("::"):
            self.gap(token, at)
        elif token == "}}" and self.deeper:
            self.deeper -= 1
            self.out.append(token)
        elif token == "}}" and self.open:
            self.close("")
        elif token == "::" and self.open:
            return self.hint(index)
        elif token == "{{" and self.cloze:
            return self.unnumbered(index)
        else:
            if self.cloze and token == "}}":
                self.problem(codes.BROKEN_CLOZE, token, at, reason="nothing opens it")
            elif self.cloze and token.startswith("{c"):
                self.problem(codes.BROKEN_CLOZE, token, at, reason="it needs two braces")
            self.out.append(token)
        return index

    def unnumbered(self, index: int) -> int:
        """Two braces that open no gap, and whatever stands between them and the two that close them."""
        start, last = self.tokens[index].start(), index
        for number in range(index + 1, len(self.tokens)):
            if self.tokens[number].group().startswith("{{"):
                break
            if self.tokens[number].group() == "}}":
                last = number
                break
        raw = self.text[start : self.tokens[last].end()]
        numbered = re.match(r"\{\{c[0-9]", raw)
        reason = "two colons belong after its number" if numbered else "it does not begin with c and a number"
        self.problem(codes.BROKEN_CLOZE, raw if "\n" not in raw else "{{", start, reason=reason)
        self.out.append(raw)
        return last

    def code(self, index: int, ticks: str) -> int:
        """A code span stays as it is (CommonMark 0.31, section 6.1)."""
        last = self.next(ticks, index)
        if last is None:
            self.out.append(ticks)
            return index
        self.out.append(self.text[self.tokens[index].start() : self.tokens[last].end()])
        return last

    def math(self, index: int, opener: str) -> int | None:
        closer = _CLOSERS[opener]
        last = self.next(closer, index)
        if last is None:
            if opener == "\\(":
                self.problem(codes.OPEN_MATH, opener, self.tokens[index].start(), close=closer)
            return None
        start, end = self.tokens[index].end(), self.tokens[last].start()
        tex = self.text[start:end]
        if opener == "$" and not self.is_formula(tex, self.tokens[last].end()):
            return None
        if not tex.strip() or "\n\n" in tex:
            return None
        raw = self.text[self.tokens[index].start() : self.tokens[last].end()]
        self.out.append(_mark(MATH, len(self.maths)))
        self.maths.append(Math(tex.strip(), opener in ("$$", "\\["), raw))
        return last

    def is_formula(self, tex: str, end: int) -> bool:
        """Pandoc's rule, so that prices stay prices: no space inside the dollars, no digit after.

        And no words between two prices: «$5 and 6$».
        """
        follows = self.text[end : end + 1]
        return (
            bool(tex)
            and not tex[0].isspace()
            and not tex[-1].isspace()
            and "\n" not in tex
            and not follows.isdigit()
            and not _PRICES.match(tex)
        )

    def gap(self, token: str, at: int) -> None:
        if not self.cloze:
            if not self.stray:  # the first one tells them all
                self.problem(codes.STRAY_CLOZE, token, at)
            self.stray = True
            self.out.append(token)
            return
        numbers = tuple(dict.fromkeys(int(number[:6]) for number in _NUMBER.findall(token)))
        if any(not 1 <= number <= MAX_GAP for number in numbers):
            self.problem(codes.BROKEN_CLOZE, token, at, reason=f"its number must be from 1 to {MAX_GAP}")
        if len(self.open) == MAX_INSIDE:
            if not self.deeper:
                self.problem(codes.BROKEN_CLOZE, token, at, reason=f"it stands in {MAX_INSIDE} others")
            self.deeper += 1
            self.out.append(token)
            return
        self.open.append((len(self.gaps), len(self.out)))
        self.out.append(_mark(OPEN, len(self.gaps)))
        self.gaps.append(Gap(numbers, "", token))
        self.starts.append(at)

    def close(self, hint: str) -> None:
        number, start = self.open.pop()
        if not "".join(self.out[start + 1 :]).strip():
            self.problem(
                codes.BROKEN_CLOZE, self.gaps[number].raw, self.starts[number], reason="nothing stands in it"
            )
        if hint:
            self.gaps[number] = self.gaps[number]._replace(hint=hint)
        self.out.append(_mark(CLOSE, number))

    def hint(self, index: int) -> int:
        """Everything from the first ``::`` to the closing braces is the hint."""
        last = self.next("}}", index)
        if last is None:
            self.out.append("::")
            return index
        inside = self.text[self.tokens[index].end() : self.tokens[last].start()]
        if "{{" in inside:
            number = self.open[-1][0]
            raw, reason = self.gaps[number].raw, "a gap stands in its hint"
            self.problem(codes.BROKEN_CLOZE, raw, self.starts[number], reason=reason)
            last = self.next("}}", last) or last  # what closes the outer one
        self.close(" ".join(inside.split()))
        return last


@lru_cache(maxsize=64)  # one text is scanned for a note's field, for its cards and for its order
def scan(text: str, cloze: bool) -> Scanned:
    """Replace formulas and gaps in ``text`` by markers; ``cloze`` says whether gaps are wanted."""
    return _Scanner(text, cloze).scan() if _SPECIAL.search(text) else Scanned(text, (), (), ())


def gap_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of the cards that a cloze text makes, in order."""
    return tuple(sorted({number for gap in scan(text, True).gaps for number in gap.numbers}))
