"""The guide: what somebody needs who leads an evening and has not seen the deck before, as a PDF.

A kind takes part by ``guide.html``, one of its items in a step of the evening; ``guide-key.html``, a line
of the key; and ``aim.html``, what a group can do after it worked with ``count`` items of the kind. Items have
the numbers of the handout. What stands on its discussion pages is discussed here, all else is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from deckgen.backends.base import Composition, Request
from deckgen.backends.paper.handout import Handout
from deckgen.backends.paper.sheet import Entry, Sheet, numbers
from deckgen.diagnostics import Result
from deckgen.evening import Step, What, timetable
from deckgen.model import Section
from deckgen.templating import Safe

TALK = 15  # minutes that a step has at least if something is discussed in it
LONG_TALK = 30  # and for a second discussion
PER_TALK = 8  # minutes that a discussion takes, at least: four views want to be heard
PER_ITEM = 3  # minutes for an item that is asked, answered and compared
FEW, MANY = 2, 8  # items that are asked in a step, at least and at most


class Part(NamedTuple):
    """A step of the evening as the page shows it.

    ``asked`` and ``discussed`` are numbers; ``items`` and ``talks`` are the same as HTML. ``more`` are the
    numbers of discussions that there is no time for.
    """

    step: Step
    section: Section | None
    place: str
    asked: str
    discussed: str
    more: str
    items: tuple[Safe, ...]
    talks: tuple[Safe, ...]


class Guide(Sheet):
    """The guide of a deck."""

    name = "print/guide.html"
    parts = Handout.parts

    @cached_property
    def usable(self) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """The items that can be asked, and those that can be discussed."""
        able = [entry for entry in self.entries if self.has(entry.item.kind, "guide")]
        talks = tuple(entry for entry in able if self.has(entry.item.kind, "discussion"))
        return tuple(entry for entry in able if not self.has(entry.item.kind, "discussion")), talks

    def evening(self) -> Iterator[Part]:
        """Yield the steps of the evening; a section without items has none."""
        deck, (asked, talks) = self.request.deck, self.usable
        used = {entry.item.section for entry in (*asked, *(one for one in talks if self.turn(one.item) == 1))}
        sections = {
            section.id: len(section.paragraphs) if section.id in used else 0
            for section in deck.essay.sections
        }
        for step in timetable(deck.evening, sections):
            if step.what is What.SECTION:
                own = [entry for entry in asked if entry.item.section == step.section]
                debates = [
                    one for one in talks if self.turn(one.item) == 1 and one.item.section == step.section
                ]
                yield self.section(step, own, debates)
            else:
                turn = {What.OPENING: 0, What.CLOSING: 2}.get(step.what)
                yield self.made(step, None, [], [one for one in talks if self.turn(one.item) == turn], 1)

    def section(self, step: Step, asked: Sequence[Entry], debates: Sequence[Entry]) -> Part:
        """Return the step for a section: items of all kinds, and discussions if there is time."""
        wanted = (
            (step.minutes >= TALK) + (step.minutes >= LONG_TALK) if asked else max(step.minutes // TALK, 1)
        )
        wanted = min(wanted, len(debates))
        count = (step.minutes - PER_TALK * wanted) // PER_ITEM
        chosen = mixed(asked, min(max(count, FEW), MANY))
        return self.made(step, self.request.deck.section(step.section), chosen, debates, wanted)

    def made(
        self, step: Step, section: Section | None, asked: Sequence[Entry], talks: Sequence[Entry], wanted: int
    ) -> Part:
        """Return a step with the first of its discussions, as many as are wanted."""
        place = self.place(section.short, range(1, len(section.paragraphs) + 1)) if section else ""
        return Part(
            step,
            section,
            place,
            self.numbers(asked),
            self.numbers(talks[:wanted]),
            self.numbers(talks[wanted:]),
            tuple(self.fragment(entry, "guide") for entry in asked),
            tuple(self.fragment(entry, "guide") for entry in talks[:wanted]),
        )

    def numbers(self, entries: Iterable[Entry]) -> str:
        """Return the numbers of items as they are read: ``3–5, 9``."""
        return numbers(sorted(entry.number for entry in entries), self.comma)

    def aims(self) -> Iterator[Safe]:
        """Yield what the group takes home: in the deck's own words, or by the kinds that it has items of."""
        own = self.request.deck.evening.aims
        yield from (self.line(aim.value) for aim in own)
        for kind in () if own else self.request.kinds:
            count = sum(entry.item.kind == kind.name for entry in self.entries)
            if count and self.has(kind.name, "aim"):
                yield self.render(f"kinds/{kind.name}/aim.html", {**self.helpers, "count": count})

    def values(self) -> dict[str, object]:
        """Return what ``print/guide.html`` is given."""
        files: dict[str, list[str]] = defaultdict(list)
        for maker, file in self.request.files:
            files[maker].append(file)
        return {
            **super().values(),
            "evening": self.request.deck.evening,
            "parts": tuple(self.evening()),
            "aims": tuple(self.aims()),
            "solutions": self.fragments("guide-key"),
            "files": files,
            "discussions": len(self.part("discussion")),
        }


def mixed(entries: Sequence[Entry], count: int) -> list[Entry]:
    """Return some entries in their order: the first of each kind, then the second ones, and so on."""
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (entry.kind.order, entry.number)):
        kinds[entry.kind.name].append(entry)
    dealt = [entry for round_ in zip_longest(*kinds.values()) for entry in round_ if entry is not None]
    return sorted(dealt[:count], key=lambda entry: entry.number)


class GuideBackend:
    """The facilitator's guide: ``output/<deck>.<lang>.guide.pdf``."""

    name = product = "guide"
    heavy = has_large = True

    def suffix(self, request: Request) -> str:
        """Return the end of the file's name."""
        return f".guide{request.print}.pdf"

    def compose(self, request: Request) -> Result[Composition | None]:
        """Return the page, or None with the errors that prevent it."""
        return Guide(request).compose()
