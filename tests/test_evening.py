"""The timetable: its minutes add up, nobody has less than nothing, and the order of the text is kept."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.evening import LEAST, Step, What, shares, timetable
from deckgen.model import Evening

WEIGHTS = st.lists(st.integers(0, 40), max_size=30)


@st.composite
def evenings(draw: st.DrawFn) -> Evening:
    opening, pause, closing = (draw(st.integers(0, 60)) for _ in range(3))
    minutes = opening + pause + closing + draw(st.integers(0, 300))
    weights = draw(st.dictionaries(st.integers(0, 9).map(str), st.integers(0, 9)))
    return Evening(max(minutes, 1), opening, pause, closing, weights=weights)


SECTIONS = st.lists(st.integers(0, 30), max_size=12).map(
    lambda counts: {str(number): count for number, count in enumerate(counts)}
)


def test_an_evening_has_ninety_minutes_unless_told_otherwise() -> None:
    assert timetable(Evening(), {"nettles": 2, "town": 1}) == (
        Step(What.OPENING, 0, 10),
        Step(What.SECTION, 10, 55, "nettles"),
        Step(What.BREAK, 55, 60),
        Step(What.SECTION, 60, 80, "town"),
        Step(What.CLOSING, 80, 90),
    )


def test_seven_sections_share_by_their_paragraphs_in_fives() -> None:
    paragraphs = dict(zip("abcdefg", (1, 2, 3, 5, 3, 3, 5), strict=True))
    steps = [step for step in timetable(Evening(), paragraphs) if step.what is What.SECTION]
    assert [step.minutes for step in steps] == [5, 5, 10, 15, 10, 5, 15]


def test_a_weight_of_nothing_leaves_a_section_out_and_two_gives_it_twice_the_time() -> None:
    evening = Evening(weights={"a": 0, "b": 2}, pause=0, minutes=80)
    steps = timetable(evening, {"a": 3, "b": 3, "c": 3})
    assert [(step.section, step.minutes) for step in steps if step.section] == [("b", 40), ("c", 20)]


def test_minutes_that_are_no_multiple_of_five_are_shared_by_the_minute() -> None:
    steps = timetable(Evening(47, 10, 0, 10), {"a": 1, "b": 1})
    assert [step.minutes for step in steps] == [10, 14, 13, 10]


def test_where_there_is_no_time_for_all_the_longest_sections_have_it() -> None:
    steps = timetable(Evening(35), {"a": 1, "b": 4, "c": 2, "d": 4})
    assert [step.section for step in steps if step.section] == ["b", "d"]


def test_a_deck_without_sections_talks_longer_at_the_end() -> None:
    assert timetable(Evening(), {}) == (
        Step(What.OPENING, 0, 10),
        Step(What.BREAK, 10, 15),
        Step(What.CLOSING, 15, 90),
    )


def test_an_evening_that_is_only_a_break_is_one() -> None:
    assert timetable(Evening(5, 0, 5, 0), {"a": 1}) == (Step(What.BREAK, 0, 5),)


@pytest.mark.parametrize(
    ("total", "weights", "least", "expected"),
    [
        (13, (1, 2, 3, 5, 3, 3, 5), 1, (1, 1, 2, 3, 2, 1, 3)),
        (10, (1, 1, 1), 1, (4, 3, 3)),
        (0, (1, 1), 1, (0, 0)),
        (4, (1, 1), 5, (4, 0)),
        (10, (0, 0), 1, (0, 0)),
        (10, (), 1, ()),
        (12, (1, 100), 5, (5, 7)),
    ],
)
def test_shares(total: int, weights: tuple[int, ...], least: int, expected: tuple[int, ...]) -> None:
    assert shares(total, weights, least) == expected


@given(st.integers(0, 500), WEIGHTS, st.integers(1, 9))
def test_shares_add_up_and_none_is_too_small(total: int, weights: list[int], least: int) -> None:
    found = shares(total, weights, least)
    assert len(found) == len(weights)
    assert sum(found) == (total if any(weights) else 0)
    assert all(share == 0 or share >= min(least, total) for share in found)
    assert all(share == 0 for share, weight in zip(found, weights, strict=True) if weight == 0)


@given(st.integers(0, 500), WEIGHTS, st.integers(1, 9))
def test_what_weighs_more_never_has_less(total: int, weights: list[int], least: int) -> None:
    pairs = sorted(zip(weights, shares(total, weights, least), strict=True))
    for (light, less), (heavy, more) in pairwise(pairs):
        assert light == heavy or less <= more


@given(evenings(), SECTIONS)
def test_steps_follow_each_other_from_nothing_to_the_last_minute(
    evening: Evening, sections: dict[str, int]
) -> None:
    steps = timetable(evening, sections)
    assert steps[0].start == 0
    assert steps[-1].end == evening.minutes
    assert all(before.end == after.start for before, after in pairwise(steps))
    assert all(step.minutes > 0 for step in steps)


@given(evenings(), SECTIONS)
def test_the_order_of_the_text_is_kept_between_opening_and_closing(
    evening: Evening, sections: dict[str, int]
) -> None:
    steps = timetable(evening, sections)
    named = [step.section for step in steps if step.what is What.SECTION]
    assert named == [name for name in sections if name in named]
    assert all(sections[name] and evening.weights.get(name, 1) for name in named)
    parts = [step.what for step in steps if step.what not in (What.BREAK, What.SECTION)]
    assert parts == sorted(parts, key=[What.OPENING, What.CLOSING].index)
    assert sum(step.minutes for step in steps if step.what is What.BREAK) == evening.pause
    lengths = [step.minutes for step in steps if step.what is What.SECTION]
    assert all(length >= LEAST for length in lengths) or len(lengths) == 1


@given(evenings(), SECTIONS)
def test_a_break_neither_begins_nor_ends_an_evening_of_two_parts(
    evening: Evening, sections: dict[str, int]
) -> None:
    steps = timetable(evening, sections)
    if evening.pause and len(steps) > 2:
        assert What.BREAK not in (steps[0].what, steps[-1].what)
