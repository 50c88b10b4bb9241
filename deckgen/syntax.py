"""libyaml's syntax errors in plain words: what a person did, where, and the way out."""

from __future__ import annotations

import re
from typing import NamedTuple

from deckgen.diagnostics import Diagnostic, Source, Span, codes

Place = tuple[int, int]
"""A line and a column, both from 1."""


class Fault(NamedTuple):
    """What libyaml says: its words, where it noticed (``at``) and what it was reading since where."""

    words: str
    context: str
    at: Place
    since: Place


class Last(NamedTuple):
    """The last value before the fault: where it stands, and what closed it (one of ``"']}``), if anything."""

    span: Span
    end: str


_QUOTE = "put the text in quotation marks"
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?= |$)", re.MULTILINE)
_FIELD = re.compile(r"[ \t]*(?:- +)*([\w-]+)\Z")
_NO_SPACE = re.compile(r"([\w-]+):\S")

# A part of libyaml's words or of its context; whether to point at where it noticed or at what it
# was reading; what is wrong and what to do, in which {character} is the one pointed at.
_PLAIN = (
    ("unexpected end of stream", "since", "a quotation mark is opened and never closed", "close it"),
    (
        "could not find expected ':'",
        "since",
        "this line is neither a field nor an entry",
        "write “name: text”, or begin it with “- ”; a text goes on deeper than its name; a remark has #",
    ),
    (
        "did not find expected '-' indicator",
        "at",
        "this line does not fit the list above it",
        "indent it like the other lines of its entry, or begin it with “- ” in the column of the others",
    ),
    (
        "did not find expected key",
        "at",
        "this line does not fit the lines above it",
        "indent it like the lines that it belongs with",
    ),
    ("cannot start any token", "at", "a text cannot begin with {character}", _QUOTE),
    ("scanning an alias", "since", "a text cannot begin with {character}", _QUOTE),
    ("scanning an anchor", "since", "a text cannot begin with {character}", _QUOTE),
    (" tag", "since", "a text cannot begin with an exclamation mark", _QUOTE),
    (
        "unknown escape character",
        "at",
        "a backslash has a meaning of its own in double quotation marks",
        "write two of them, or put the text in single quotation marks",
    ),
    (
        "parsing a quoted scalar",
        "at",
        "a backslash has a meaning of its own in double quotation marks",
        "write two of them, or put the text in single quotation marks",
    ),
    (
        "did not find expected ',' or",
        "since",
        "{character} is opened and not closed",
        "close it; a text that begins with {character} needs quotation marks",
    ),
    (
        "did not find expected node content",
        "at",
        "a value is missing here",
        "look at the brackets and commas; a text that begins with one needs quotation marks",
    ),
    (
        "block sequence entries are not allowed",
        "at",
        "a list cannot begin in the line of its name",
        "begin it in the next line; a text that begins with “- ” needs quotation marks",
    ),
    (
        "unexpected document indicator",
        "at",
        "three dashes at the beginning of a line end the file, even in a text",
        "indent the line, or delete it",
    ),
    (
        "scanning a block scalar",
        "at",
        "after | or > the text begins in the next line",
        "begin it in the next line, deeper than its name, or put it in quotation marks",
    ),
    ("directive", "since", "a line cannot begin with %", "put the text in quotation marks, or indent it"),
    (
        "<document start>",
        "at",
        "this does not fit what stands above it",
        "indent it like its neighbours, or put the text above it in quotation marks",
    ),
)


def explain(source: Source, fault: Fault, last: Last | None) -> Diagnostic:
    """Return the diagnostic for a fault; ``last`` is the last value that was read before it."""
    if conflict := _CONFLICT.search(source.text):
        line = source.text.count("\n", 0, conflict.start()) + 1
        return _told(
            source,
            (line, 1),
            "two versions of the file meet here",
            "keep one of them, and delete the lines of <<<<<<<, ======= and >>>>>>>",
            len(conflict.group()),
        )
    if tab := _tab(source, fault):
        return Diagnostic(codes.TAB, Span(source.file, *tab, tab[0], tab[1] + 1))
    if "mapping values are not allowed" in fault.words:
        return _colon(source, fault, last)
    if last is not None and "did not find expected key" in fault.words:
        found = _after(source, fault, last)
        if found:
            return found
    for part, where, problem, advice in _PLAIN:
        if part in fault.words or part in fault.context:
            place = _inside(source, fault.at if where == "at" else fault.since, last)
            if "backslash" in problem:
                place = place[0], _line(source, place[0]).rfind("\\", 0, place[1]) + 1 or place[1]
            if part == "could not find expected ':'" and (found := _no_space(source, place)):
                return found
            character = _character(source, place)
            return _told(
                source, place, problem.format(character=character), advice.format(character=character)
            )
    place = _inside(source, fault.at, last)
    return _told(source, place, fault.words, "look at the indentation and the quotation marks")


def _told(source: Source, place: Place, problem: str, advice: str, width: int = 1) -> Diagnostic:
    line, column = place
    span = Span(source.file, line, column, line, column + width)
    return Diagnostic(codes.SYNTAX, span, {"problem": problem, "advice": advice})


def _line(source: Source, number: int) -> str:
    lines = source.lines()
    return lines[number - 1] if number <= len(lines) else ""


def _character(source: Source, place: Place) -> str:
    return _line(source, place[0])[place[1] - 1 : place[1]] or "this"


def _inside(source: Source, place: Place, last: Last | None) -> Place:
    """A place in the text: what is missing at the end of the file is told at the last value."""
    if last is not None and not _line(source, place[0])[place[1] - 1 :].strip():
        rest = source.lines()[place[0] :]
        if not any(line.strip() for line in rest):
            return last.span.line, last.span.column
    line = min(place[0], len(source.lines()))
    return line, min(place[1], len(_line(source, line)) + 1)


def _tab(source: Source, fault: Fault) -> Place | None:
    """Return the place of the tab that is to blame: the one pointed at, or one that indents the line."""
    line, column = fault.at
    text = _line(source, line)
    if text[column - 1 : column] == "\t":
        return line, column
    indent = text[: len(text) - len(text.lstrip())]
    return (line, indent.index("\t") + 1) if "\t" in indent else None


def _colon(source: Source, fault: Fault, last: Last | None) -> Diagnostic:
    """A colon in a text; or a field that is indented so deep that it goes on with the text above it."""
    line, column = fault.at
    if last is None or last.span.line == line:
        return _told(
            source,
            fault.at,
            "a colon and a space cannot stand in a text like this",
            "put the text in quotation marks, or begin it in the next line after “>-”",
        )
    before = _line(source, line)[: column - 1]
    field = _FIELD.match(before)
    return _told(
        source,
        (line, field.start(1) + 1) if field else fault.at,
        f"this line goes on with the text in line {last.span.line}, and cannot have a colon and a space",
        "indent it like its neighbours if it is a field; else put the whole text in quotation marks",
        len(field.group(1)) if field else 1,
    )


def _after(source: Source, fault: Fault, last: Last) -> Diagnostic | None:
    """Something follows a text's closing quotation mark or bracket."""
    line, column = fault.at
    if not last.end or last.span.end_line != line or last.span.end_column > column:
        return None
    if last.end in "]}":
        return _told(
            source, fault.at, f"the text goes on after {last.end}", "put the whole text in quotation marks"
        )
    if last.span.line < line:
        return _told(
            source,
            (last.span.line, last.span.column),
            f"the quotation mark that is opened here is closed only in line {line}",
            "close it where its text ends",
        )
    return _told(
        source,
        fault.at,
        "the text goes on after its closing quotation mark",
        "put the whole text in the other quotation marks, or use “ ” and ’ in it",
    )


def _no_space(source: Source, place: Place) -> Diagnostic | None:
    """``question:What``: without a space there is no field."""
    match = _NO_SPACE.match(_line(source, place[0]), place[1] - 1)
    if match is None:
        return None
    name = match.group(1)
    return _told(
        source, (place[0], match.end(1) + 1), "a space is missing after the colon", f"write “{name}: …”"
    )
