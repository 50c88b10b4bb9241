"""Diagnostics as text, as JSON, and as GitHub's annotations."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from deckgen.diagnostics import CODES, Code, Diagnostic, Level, Source, Span
from deckgen.report import MOST, WIDTH, as_github, as_json, as_text, summary

UNKNOWN = Code("D901", 'unknown field "{field}"', "possible here: {fields}", 'did you mean "{near}"?')
ERROR = Code("D902", "this has no gap", "mark one: {{{{c1::answer}}}}")
WARNING = Code("D903", "no item rests on {paragraph}", "write one", level=Level.WARNING)
HARMLESS = "\u00ad\u200c\u200d"
FILE = "items/10-a.yaml"
LINES = (
    "- id: mill",
    "  question: Wem gehört die Mühle?",
    "  anser: Niemandem.",
    "\tanswer:\tNiemandem.",
    "  answer: 水車は誰のものか anser",
    "  answer: e\u0301 anser",
    "  answer: می\u200cرود anser",
    "  answer: " + "lang " * 40 + "anser" + " lang" * 40,
    "  answer: " + "水車" * 60 + "anser",
    "  answer: \x1b[31mrot\x07 \u202eanser\u202c \x9b2J",
    "  answer: [bold]kein Markup[/bold] anser",
    "  hint: …",
)
SOURCES = {FILE: Source(FILE, "\n".join(LINES))}


def unknown(
    line: int, column: int | None = None, width: int = 5, name: str = "anser", **args: object
) -> Diagnostic:
    """An unknown field, where its name stands in the line unless told."""
    column = LINES[line - 1].index(name) + 1 if column is None else column
    span = Span(FILE, line, column, line, column + width)
    return Diagnostic(UNKNOWN, span, {"field": name, "fields": "question, answer", "near": "answer"} | args)


def text(*diagnostics: Diagnostic) -> str:
    """What a pipe gets."""
    out = io.StringIO()
    Console(file=out, highlight=False, soft_wrap=True).print(as_text(diagnostics, SOURCES), end="")
    return out.getvalue()


def caret(diagnostic: Diagnostic) -> tuple[str, str]:
    """The line that is shown and the carets below it."""
    _, line, carets, _ = text(diagnostic).splitlines()
    return line[9:], carets[9:]


# Text ---------------------------------------------------------------------------------


def test_diagnostics_as_people_read_them(golden: Callable[[str, str], None]) -> None:
    whole_file = Diagnostic(ERROR, Span(FILE))
    no_source = Diagnostic(ERROR, Span("items/30-c.yaml", 7, 1, 7, 2))
    over_lines = Diagnostic(ERROR, Span(FILE, 2, 13, 4, 3))
    behind_the_end = Diagnostic(ERROR, Span(FILE, 1, 90, 1, 91))
    below_the_end = Diagnostic(ERROR, Span(FILE, 99, 1, 99, 2))
    warning = Diagnostic(WARNING, Span(FILE, 12, 3, 12, 7), {"paragraph": "mill 2"})
    without_near = unknown(3, near="")
    shown = [unknown(line) for line in (3, 5, 6, 7, 8, 9, 10, 11)]
    others = [whole_file, no_source, over_lines, behind_the_end, below_the_end, warning, without_near]
    found = [*shown, unknown(4, 2, 6, "answer"), *others]
    golden("report.txt", text(*found) + summary(found) + "\n")


@pytest.mark.parametrize("line", [3, 5, 6, 7, 8, 9, 10, 11])
def test_the_carets_stand_below_the_words(line: int) -> None:
    shown, carets = caret(unknown(line))
    before = shown[: shown.index("anser")]
    assert carets == " " * cell_len(before) + "^" * 5


def test_a_long_line_is_cut_to_a_window_around_its_words() -> None:
    for line in (8, 9):
        shown, _ = caret(unknown(line))
        assert cell_len(shown) <= WIDTH + 4
        assert shown.startswith("… ")
        assert "anser" in shown


texts = st.text("ab \t字が\u0301\u202e", max_size=6)
lines = st.builds(lambda text, count, more: text * count + more, texts, st.integers(0, 40), texts)


@settings(deadline=None, max_examples=200)
@given(lines, st.text("@字", max_size=4), lines)
@example("\u0301" * 200, "", "")  # accents take no room
@example("aa\u0301\u0301" * 23, "@@@", "")  # more characters than a window has cells, in fewer cells
def test_the_carets_stand_below_the_words_whatever_the_line(before: str, words: str, after: str) -> None:
    marked = f"@{words}@"
    span = Span(FILE, 1, len(before) + 1, 1, len(before) + 1 + len(marked))
    source = Source(FILE, before + marked + after)
    _, line, carets, _ = as_text([Diagnostic(ERROR, span)], {FILE: source}).plain.splitlines()
    start = line.index(marked)
    assert carets[9:].rstrip("^") == " " * cell_len(line[9:start])
    assert carets.count("^") == cell_len(marked)
    assert cell_len(line[9:]) <= WIDTH + len("…  …")


def test_a_huge_line_is_shown_at_once() -> None:
    source = Source(FILE, "字" * 2_000_000 + "@")
    shown = as_text([Diagnostic(ERROR, Span(FILE, 1, 2_000_001, 1, 2_000_002))] * 50, {FILE: source}).plain
    assert shown.splitlines()[1:3] == ["     1 | … " + "字" * 24 + "@", "       | " + " " * 50 + "^"]


@pytest.mark.parametrize(
    ("more", "said"), [(0, ""), (1, "1 more error is not shown"), (2, "2 more errors are not shown")]
)
def test_very_many_errors_of_one_file_are_counted(more: int, said: str) -> None:
    span = Span(FILE)
    warnings = [Diagnostic(WARNING, span, {"paragraph": "mill 2"})] * MOST
    found = [Diagnostic(ERROR, span)] * (MOST + more) + warnings
    lines = text(*found, Diagnostic(ERROR, Span("b.yaml"))).splitlines()
    assert sum(": error[" in line for line in lines) == MOST + 1
    assert sum(": warning[" in line for line in lines) == MOST
    assert lines[-1] == (f"{FILE}: {said}" if said else "   help: mark one: {{c1::answer}}")
    assert summary(found) == f"{MOST + more} errors, {MOST} warnings"
    assert len(json.loads(as_json(found))) == len(as_github(found).splitlines()) == len(found)


def test_a_tab_is_one_blank() -> None:
    assert caret(unknown(4, 2, 6, "answer")) == (" answer: Niemandem.", " ^^^^^^")


def test_nothing_reaches_the_terminal_that_could_steer_it() -> None:
    evil = "\x1b[31m\x07\u202e\u2066\x9b\x00\u200b"
    shown = text(
        unknown(10),
        Diagnostic(UNKNOWN, Span(f"a{evil}.yaml"), {"field": evil, "fields": evil, "near": evil}),
    )
    assert {c for c in shown if unicodedata.category(c) in ("Cc", "Cf")} == {"\n"}
    assert "�[31mrot� �anser� �2J" in shown


def test_what_joins_and_parts_letters_is_shown_as_it_is() -> None:
    assert "می\u200cرود 👩\u200d🌾 Gar\u00adten" in text(
        unknown(3, field="می\u200cرود 👩\u200d🌾 Gar\u00adten")
    )


def test_what_looks_like_richs_markup_is_shown() -> None:
    assert "[bold]kein Markup[/bold] anser" in text(unknown(11))
    assert "[red]x[/red]" in text(unknown(3, field="[red]x[/red]"))


def test_colour_is_for_terminals_only() -> None:
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard").print(as_text([unknown(3)], SOURCES))
    assert "\x1b[1;31m" in out.getvalue()
    assert "\x1b" not in text(unknown(3))


@settings(deadline=None, max_examples=200)
@given(
    line=st.text(max_size=250).filter(lambda line: "\n" not in line and "\r" not in line),
    start=st.integers(1, 260),
    width=st.integers(0, 60),
)
def test_any_line_can_be_shown(line: str, start: int, width: int) -> None:
    source = Source("a.yaml", f"{line}\nb")
    diagnostic = Diagnostic(ERROR, Span("a.yaml", 1, start, 1, start + width))
    shown = as_text([diagnostic], {"a.yaml": source}).plain
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n" + HARMLESS for c in shown)
    assert shown.count("\n") in (2, 4)
    if shown.count("\n") == 4:
        assert 1 <= shown.splitlines()[2].count("^") <= WIDTH + 2


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((), ""),
        ((ERROR,), "1 error"),
        ((WARNING,), "1 warning"),
        ((ERROR, WARNING, ERROR), "2 errors, 1 warning"),
        ((WARNING, WARNING, WARNING, ERROR), "1 error, 3 warnings"),
    ],
)
def test_the_summary_counts(found: tuple[Code, ...], expected: str) -> None:
    assert summary([Diagnostic(code, Span(FILE)) for code in found]) == expected


# JSON ---------------------------------------------------------------------------------


def test_json_is_for_programs() -> None:
    assert json.loads(as_json([unknown(3)])) == [
        {
            "code": "D901",
            "level": "error",
            "message": 'unknown field "anser"',
            "help": 'did you mean "answer"?',
            "file": FILE,
            "line": 3,
            "column": 3,
            "end_line": 3,
            "end_column": 8,
        }
    ]
    assert json.loads(as_json([])) == []


@settings(deadline=None, max_examples=200)
@given(st.text(), st.text(min_size=1))
def test_json_holds_any_text_and_steers_no_terminal(field: str, file: str) -> None:
    diagnostic = Diagnostic(UNKNOWN, Span(file), {"field": field, "fields": "", "near": ""})
    written = as_json([diagnostic])
    (read,) = json.loads(written)
    assert (read["message"], read["file"]) == (f'unknown field "{field}"', file)
    assert not any(
        unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n" + HARMLESS for c in written
    )
    written.encode()


# GitHub -------------------------------------------------------------------------------


def test_githubs_annotations_are_escaped() -> None:
    odd = Diagnostic(
        UNKNOWN,
        Span("a,b:c%.yaml", 2, 3, 2, 8),
        {"field": "100 %\r\n::error::x", "fields": "a", "near": ""},
    )
    assert as_github([odd]) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=2,col=3,endLine=2,endColumn=8,title=D901"
        '::unknown field "100 %25%0D%0A::error::x" (possible here: a)'
    )


def test_githubs_annotations_have_a_line_each() -> None:
    over_lines = Diagnostic(WARNING, Span(FILE, 2, 3, 4, 9), {"paragraph": "mill 1"})
    lines = as_github([unknown(3), over_lines]).splitlines()
    assert lines[1].startswith(f"::warning file={FILE},line=2,col=3,title=D903::")
    assert len(lines) == 2
    assert as_github([]) == ""


@settings(deadline=None, max_examples=200)
@given(st.text(), st.text())
def test_no_text_makes_a_second_annotation(field: str, file: str) -> None:
    diagnostic = Diagnostic(UNKNOWN, Span(file), {"field": field, "fields": field, "near": ""})
    written = as_github([diagnostic])
    assert len(written.splitlines()) == 1
    assert written.count(",") == 3 + written.partition("title=")[2].count(",")


def test_every_code_has_a_level_that_github_knows() -> None:
    assert {str(code.level) for code in CODES.values()} == {"error", "warning"}
