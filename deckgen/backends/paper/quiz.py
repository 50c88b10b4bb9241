"""The quiz: a worksheet without answers, and its key as a file of its own.

A kind takes part by one of ``quiz-choices.html``, ``quiz-gaps.html``, ``quiz-questions.html`` and
``quiz-terms.html``, a task of that sort, and by ``quiz-key.html``, its solution. One that is matched has
``quiz-definitions.html`` as well, the side with the letters.

A seed decides what is drawn and in which order, with the items' first ids and nothing else: a sheet has the
same order in every language, and the same key in every print and on every paper.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from deckgen import languages
from deckgen.backends.base import Composition, Request, drawn
from deckgen.backends.paper.sheet import Entry, Sheet
from deckgen.diagnostics import Result
from deckgen.markup import plain_text
from deckgen.model import Item, Text
from deckgen.templating import Safe

PARTS = ("quiz-choices", "quiz-gaps", "quiz-questions", "quiz-terms")
BLANK = "_" * 20
LEAST_PAIRS, BLOCK = 3, 5
_LETTERS_A_LINE = 45  # of handwriting, on 124 mm


def seed(request: Request) -> str:
    """Return the number that decides what is drawn: the deck's own, or four figures made of its id."""
    deck = request.deck
    made = int.from_bytes(hashlib.sha256(deck.id.encode()).digest()[:4], "big") % 9000 + 1000
    return deck.quiz.seed or str(made)


def tasks(request: Request) -> dict[str, tuple[Item, ...]]:
    """Return the items that are drawn for each part of the sheet, in their order.

    Fewer than three pairs are not matched: they would solve each other.
    """
    _, *most = request.deck.quiz
    parts = {kind.name: _part(request, kind.name) for kind in request.kinds}
    by_origin = {item.origin: item for item in request.deck.items}
    found = {}
    for part, count in zip(PARTS, most, strict=True):
        ids = [item.origin for item in request.deck.items if parts[item.kind] == part]
        found[part] = tuple(by_origin[each] for each in drawn(ids, seed(request))[:count])
    if len(found[PARTS[-1]]) < LEAST_PAIRS:
        found[PARTS[-1]] = ()
    return found


def _part(request: Request, kind: str) -> str:
    """Return the first part of the sheet that a kind has a template for."""
    return next((part for part in PARTS if request.path.find(f"kinds/{kind}/{part}.html")), "")


def lines(answer: Text | str) -> int:
    """Return how many lines to write on an answer is given: two to four."""
    length = len(plain_text(answer.value if isinstance(answer, Text) else answer))
    return min(max(math.ceil(length / _LETTERS_A_LINE), 2), 4)


class Pair(NamedTuple):
    """A task of a block of pairs, and the letter of its other side."""

    entry: Entry
    letter: str


class Quiz(Sheet):
    """The worksheet of a deck, and what its key has in common with it."""

    name = "print/quiz.html"

    def __init__(self, request: Request) -> None:
        self.tasks = tasks(request)
        self.seed = seed(request)
        super().__init__(request)
        self.flavours[False] = replace(self.flavours[False], blank=BLANK)

    def _numbered(self) -> tuple[Entry, ...]:
        """Number what is drawn, part by part."""
        items = (item for part in PARTS for item in self.tasks[part])
        return tuple(Entry(item, self.kinds[item.kind], number) for number, item in enumerate(items, 1))

    def part(self, part: str) -> tuple[Entry, ...]:
        """Return the tasks of a part."""
        start = sum(len(self.tasks[before]) for before in PARTS[: PARTS.index(part)])
        return self.entries[start : start + len(self.tasks[part])]

    @cached_property
    def blocks_of_pairs(self) -> tuple[tuple[Pair, ...], ...]:
        """The pairs in blocks of about one size: five at least if there are as many, and nine at most."""
        entries = self.part(PARTS[-1])
        count = max(len(entries) // BLOCK, 1)
        size, more = divmod(len(entries), count)
        found, start = [], 0
        for number in range(count):
            end = start + size + (number < more)
            found.append(self._paired(entries[start:end]))
            start = end
        return tuple(found) if entries else ()

    def _paired(self, entries: tuple[Entry, ...]) -> tuple[Pair, ...]:
        """Give each task of a block the letter of its other side, in an order that the seed decides."""
        order = drawn((entry.item.origin for entry in entries), f"{self.seed}/letters")
        letters = dict(zip(order, languages.letters(self.request.language.tag, len(order)), strict=True))
        return tuple(Pair(entry, letters[entry.item.origin]) for entry in entries)

    def matching(self) -> tuple[tuple[tuple[Safe, ...], tuple[Safe, ...]], ...]:
        """Return the blocks of pairs as they are asked: the numbered sides, then the lettered ones."""
        own, other = PARTS[-1], "quiz-definitions"
        letters = languages.letters(self.request.language.tag, 9)
        return tuple(
            (
                tuple(self.fragment(pair.entry, own) for pair in block),
                tuple(
                    self.fragment(pair.entry, other, letter=pair.letter)
                    for pair in sorted(block, key=lambda pair: letters.index(pair.letter))
                ),
            )
            for block in self.blocks_of_pairs
        )

    @cached_property
    def helpers(self) -> dict[str, object]:
        """What every template can use."""
        return {**super().helpers, "blank": BLANK, "lines": lines, "seed": self.seed}

    def values(self) -> dict[str, object]:
        """Return what ``print/quiz.html`` is given."""
        choices, gaps, questions, _ = PARTS
        return {
            **super().values(),
            "choices": self.fragments(choices),
            "gaps": self.fragments(gaps),
            "questions": self.fragments(questions),
            "matching": self.matching(),
        }


class Key(Quiz):
    """The key of a worksheet: its numbers, and what belongs there."""

    name = "print/quiz-key.html"

    def values(self) -> dict[str, object]:
        """Return what ``print/quiz-key.html`` is given."""
        choices, gaps, questions = (
            tuple(self.fragment(entry, "quiz-key") for entry in self.part(part)) for part in PARTS[:3]
        )
        matching = tuple(
            tuple(self.fragment(entry, "quiz-key", letter=letter) for entry, letter in block)
            for block in self.blocks_of_pairs
        )
        values = Sheet.values(self)
        return {**values, "choices": choices, "gaps": gaps, "questions": questions, "matching": matching}


class QuizBackend:
    """The worksheet: ``output/<deck>.<lang>.quiz.pdf``. A deck without tasks has none."""

    name = product = "quiz"
    heavy = has_large = True

    def suffix(self, request: Request) -> str:
        """Return the end of the file's name."""
        return f".{self.name}{request.print}.pdf" if any(tasks(request).values()) else ""

    def compose(self, request: Request) -> Result[Composition | None]:
        """Return the page, or None with the errors that prevent it."""
        return Quiz(request).compose()


class QuizKeyBackend(QuizBackend):
    """Its key: ``output/<deck>.<lang>.quiz-key.pdf``."""

    name = "quiz-key"

    def compose(self, request: Request) -> Result[Composition | None]:
        """Return the page, or None with the errors that prevent it."""
        return Key(request).compose()
