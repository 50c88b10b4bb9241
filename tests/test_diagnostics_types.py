"""Places in files, and how what is found there is put into words."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.diagnostics import (
    CODES,
    MAX_SHOWN,
    Code,
    Diagnostic,
    Level,
    Result,
    Source,
    Span,
    codes,
    limited,
    nearest,
    reason_of,
)

FILE = "items/10-a.yaml"
TEXT = "one two one\n\nthree one 🌿 one\nfour"


def span(line: int, column: int, end_line: int, end_column: int) -> Span:
    return Span(FILE, line, column, end_line, end_column)


def covered(source: Source, place: Span) -> str:
    """The text that a span of one line covers."""
    assert place.line == place.end_line
    return source.lines()[place.line - 1][place.column - 1 : place.end_column - 1]


# Sources ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ("",)),
        ("a", ("a",)),
        ("a\n", ("a", "")),
        ("a\n\nb", ("a", "", "b")),
        ("a\u2028b\x0cc\n", ("a\u2028b\x0cc", "")),
    ],
)
def test_lines_end_with_line_feeds_alone(text: str, lines: tuple[str, ...]) -> None:
    assert Source(FILE, text).lines() == lines


@pytest.mark.parametrize(
    ("within", "needle", "skip", "place"),
    [
        (span(1, 1, 4, 5), "one", 0, span(1, 1, 1, 4)),
        (span(1, 1, 4, 5), "one", 1, span(1, 9, 1, 12)),
        (span(1, 1, 4, 5), "one", 2, span(3, 7, 3, 10)),
        (span(1, 1, 4, 5), "one", 3, span(3, 13, 3, 16)),
        (span(1, 2, 4, 5), "one", 0, span(1, 9, 1, 12)),
        (span(2, 1, 4, 5), "one", 0, span(3, 7, 3, 10)),
        (span(3, 8, 3, 16), "one", 0, span(3, 13, 3, 16)),
        (span(1, 1, 4, 5), "four", 0, span(4, 1, 4, 5)),
    ],
)
def test_a_needle_is_found_where_it_stands(within: Span, needle: str, skip: int, place: Span) -> None:
    assert Source(FILE, TEXT).locate(within, needle, skip) == place


@pytest.mark.parametrize(
    ("within", "needle", "skip"),
    [
        (span(1, 1, 4, 5), "five", 0),
        (span(1, 1, 4, 5), "one", 4),
        (span(1, 1, 4, 5), "", 0),
        (span(1, 1, 4, 4), "four", 0),
        (span(1, 2, 1, 11), "one", 0),
        (span(3, 1, 3, 9), "one", 0),
        (span(4, 1, 9, 1), "one", 0),
        (span(9, 1, 9, 1), "one", 0),
    ],
)
def test_a_needle_that_is_not_in_the_span_leaves_the_span_as_it_was(
    within: Span, needle: str, skip: int
) -> None:
    assert Source(FILE, TEXT).locate(within, needle, skip) == within


LINES = st.text(alphabet="ab\n", max_size=40)


@settings(deadline=None, max_examples=300)
@given(LINES, st.data())
def test_what_is_located_stands_there_and_the_first_stands_first(text: str, data: st.DataObject) -> None:
    source = Source(FILE, text)
    lines = source.lines()
    places = [(line, column) for line, row in enumerate(lines, 1) for column in range(1, len(row) + 2)]
    start, end = sorted((data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))))
    within = span(*start, *end)
    needle = data.draw(st.text(alphabet="ab", min_size=1, max_size=3))
    fitting = [
        (line, column)
        for line, column in places
        if lines[line - 1].startswith(needle, column - 1)
        and start <= (line, column)
        and (line, column + len(needle)) <= end
    ]
    place = source.locate(within, needle)
    if fitting:
        assert place == span(*fitting[0], fitting[0][0], fitting[0][1] + len(needle))
        assert covered(source, place) == needle
    else:
        assert place == within


# Wording ------------------------------------------------------------------------------

SAID = Code("D000", 'a "{word}" stands here', "write {better}", "did you mean {near}?")
WORDS = {"word": "{nettle}", "better": "dock"}


def test_a_message_is_filled_with_words_that_are_not_templates_themselves() -> None:
    one = Diagnostic(SAID, Span(FILE), WORDS)
    assert one.text() == 'a "{nettle}" stands here'
    assert one.hint() == "write dock"


def test_a_near_miss_is_the_better_hint() -> None:
    assert Diagnostic(SAID, Span(FILE), {**WORDS, "near": "thistle"}).hint() == "did you mean thistle?"
    assert Diagnostic(SAID, Span(FILE), {**WORDS, "near": ""}).hint() == "write dock"
    general = Code("D000", "a", "write {better}")
    assert Diagnostic(general, Span(FILE), {**WORDS, "near": "thistle"}).hint() == "write dock"


def test_templates_are_translated_before_they_are_filled() -> None:
    german = {SAID.message: "hier steht „{word}“", SAID.hint: "schreib {better}"}
    one = Diagnostic(SAID, Span(FILE), WORDS)
    assert one.text(german.__getitem__) == "hier steht „{nettle}“"
    assert one.hint(german.__getitem__) == "schreib dock"


def test_the_level_is_the_one_of_the_code() -> None:
    assert Diagnostic(codes.TAB, Span(FILE)).level is Level.ERROR
    assert Diagnostic(codes.COMMENT, Span(FILE)).level is Level.WARNING


def test_every_code_stands_under_its_own_number() -> None:
    assert len(CODES) > 60
    assert all(code.id == number for number, code in CODES.items())
    every = [value for value in vars(codes).values() if isinstance(value, Code)]
    assert len({code.id for code in every}) == len(every)


def test_diagnostics_stand_in_the_order_of_their_places_then_of_their_codes() -> None:
    places = [
        Diagnostic(codes.TAB, Span("a.yaml", 2, 1, 2, 2)),
        Diagnostic(codes.EMPTY_FILE, Span("a.yaml", 10, 1, 10, 2)),
        Diagnostic(codes.TAB, Span("a.yaml", 10, 2, 10, 3)),
        Diagnostic(codes.COMMENT, Span("a.yaml", 10, 2, 10, 3), {"comment": "#a"}),
        Diagnostic(codes.TAB, Span("b.yaml", 1, 1, 1, 2)),
    ]
    shuffled = [places[number] for number in (3, 0, 4, 2, 1)]
    assert sorted(shuffled, key=Diagnostic.sort_key) == places


def test_a_result_without_findings_has_none() -> None:
    assert Result("value").diagnostics == ()


# Limits -------------------------------------------------------------------------------


def test_as_many_as_are_shown_are_left_as_they_are() -> None:
    found = [Diagnostic(codes.TAB, Span(FILE, line)) for line in range(1, MAX_SHOWN + 1)]
    assert limited(found) == tuple(found)
    assert limited([]) == ()


def test_of_more_the_first_are_shown_and_the_rest_is_not_looked_for() -> None:
    made = []

    def endless() -> Iterator[Diagnostic]:
        while True:
            made.append(Diagnostic(codes.TAB, Span(FILE, len(made) + 1)))
            yield made[-1]

    shown = limited(endless())
    assert shown[:MAX_SHOWN] == tuple(made[:MAX_SHOWN])
    assert shown[MAX_SHOWN].code is codes.MORE
    assert shown[MAX_SHOWN].span.line == MAX_SHOWN + 1
    assert len(shown) == len(made) == MAX_SHOWN + 1


# Words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOENT, "there is no such file"),
        (errno.EISDIR, "it is a folder"),
        (errno.ENOSPC, "the disk is full"),
    ],
)
def test_the_reason_why_a_file_cannot_be_used_is_the_same_on_every_system(number: int, said: str) -> None:
    assert reason_of(OSError(number, "ungültig")) == said


def test_a_reason_that_is_not_known_is_given_in_the_words_of_the_system() -> None:
    assert reason_of(OSError(errno.EDOM, "out of its domain")) == "out of its domain"
    assert reason_of(OSError("no number")) == "no number"


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("anser", "answer"),
        ("Answer", "answer"),
        ("ANSWERS", "answer"),
        ("qestion", "question"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_the_nearest_word_is_the_one_that_was_most_likely_meant(word: str, near: str) -> None:
    assert nearest(word, ["question", "answer", "hint"]) == near


def test_of_two_words_that_are_equally_near_the_choice_does_not_depend_on_their_order() -> None:
    assert nearest("wayt", ["wayb", "wayd"]) == nearest("wayt", ["wayd", "wayb"]) != ""


def test_a_very_long_word_is_compared_by_its_beginning() -> None:
    assert nearest("answer" * 100_000, ["answer" * 13]) == "answer" * 13
