"""An evening's timetable: minutes shared out among opening, sections of the text, break and closing.

Arithmetic alone: whole minutes in, whole minutes out. What nobody can divide is left to the checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from deckgen.model import Evening

LEAST = 5  # minutes that a section needs, so that more is done with it than to name it


class What(StrEnum):
    """What a step of an evening is."""

    OPENING = "opening"
    SECTION = "section"
    BREAK = "break"
    CLOSING = "closing"


class Step(NamedTuple):
    """A part of an evening, in minutes from its beginning; ``section`` is the id of what it is about."""

    what: What
    start: int
    end: int
    section: str = ""

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return self.end - self.start


def shares(total: int, weights: Sequence[int], least: int) -> tuple[int, ...]:
    """Divide ``total`` by weights, by the largest remainder; what counts at all gets ``least`` or nothing.

    Where there is not enough for all, the heaviest have it, and of equal ones the first. The shares add up to
    ``total`` if any weight counts; a heavier one never has less.
    """
    ranked = sorted(range(len(weights)), key=lambda at: -weights[at])
    counting = [at for at in ranked if weights[at] > 0][: max(total // least, 1)] if total > 0 else []
    fixed: set[int] = set()
    while True:
        left = total - least * len(fixed)
        free = [at for at in counting if at not in fixed]
        weight = sum(weights[at] for at in free)
        light = {at for at in free if left * weights[at] < least * weight}
        if not light or total < least:
            break
        fixed |= light
    found = [least if at in fixed else 0 for at in range(len(weights))]
    for at in free:
        found[at] = left * weights[at] // weight
    rest = sorted(free, key=lambda at: (-(left * weights[at] % weight), -weights[at], at))
    for at in rest[: left - sum(found[at] for at in free)]:
        found[at] += 1
    return tuple(found)


def timetable(evening: Evening, sections: Mapping[str, int]) -> tuple[Step, ...]:
    """Return the steps of an evening in order, without those that have no time.

    ``sections`` are the ids of the text's sections in order with how much there is to each; the evening's
    own weights multiply that. Their minutes are multiples of five if that is possible. Should no section
    have time, what is left is added to the closing.
    """
    left = max(evening.minutes - evening.opening - evening.pause - evening.closing, 0)
    weights = [amount * evening.weights.get(name, 1) for name, amount in sections.items()]
    unit = LEAST if left % LEAST == 0 else 1
    parts = tuple(unit * part for part in shares(left // unit, weights, LEAST // unit))
    closing = evening.closing + left - sum(parts)
    planned = [
        (What.OPENING, evening.opening, ""),
        *((What.SECTION, part, name) for name, part in zip(sections, parts, strict=True)),
        (What.CLOSING, closing, ""),
    ]
    planned = [step for step in planned if step[1] > 0]
    if evening.pause:
        planned.insert(_middle([step[1] for step in planned]), (What.BREAK, evening.pause, ""))
    steps: list[Step] = []
    for what, minutes, section in planned:
        start = steps[-1].end if steps else 0
        steps.append(Step(what, start, start + minutes, section))
    return tuple(steps)


def _middle(minutes: Sequence[int]) -> int:
    """Return the place between two steps that is nearest to the middle of all; the first of two as near."""
    places = range(1, len(minutes)) or range(len(minutes), len(minutes) + 1)
    return min(places, key=lambda place: abs(sum(minutes[:place]) - sum(minutes[place:])))
