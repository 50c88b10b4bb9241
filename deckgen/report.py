"""Diagnostics for people (with the line and a caret), for programs (JSON), and for GitHub's annotations."""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate

from rich.cells import cell_len
from rich.text import Text

from deckgen.diagnostics import Diagnostic, Level, Source, Span

WIDTH = 96  # cells of a source line that are shown
MOST = 60  # errors of one file that are shown, and warnings
_STEERS = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
_HARMLESS = "\u00ad\u200c\u200d"  # the soft hyphen; what parts letters in Persian and joins emoji
_STYLE = {Level.ERROR: "bold red", Level.WARNING: "bold yellow"}


def as_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> Text:
    """Return diagnostics with their source lines. Colour is left to the console that prints them.

    Of each file the first ``MOST`` errors and as many warnings are shown, and the others counted.
    """
    out = Text()
    counts: Counter[tuple[str, Level]] = Counter()
    for diagnostic in diagnostics:
        span = diagnostic.span
        counts[span.file, diagnostic.level] += 1
        if counts[span.file, diagnostic.level] > MOST:
            continue
        style = _STYLE[diagnostic.level]
        out.append(f"{visible(span.file)}:{span.line}:{span.column}: ", "bold")
        out.append(f"{diagnostic.level}[{diagnostic.code.id}]", style)
        out.append(f": {visible(diagnostic.text())}\n")
        source = sources.get(span.file)
        if source is not None and (excerpt := _excerpt(source, span)):
            line, caret = excerpt
            out.append(f"{span.line:>6} | ", "cyan")
            out.append(f"{line}\n")
            out.append("       | ", "cyan")
            out.append(f"{caret}\n", style)
        out.append("   help: ", "bold green")
        out.append(f"{visible(diagnostic.hint())}\n")
    for (file, level), count in counts.items():
        if (more := count - MOST) > 0:
            said = f"{more} more {level}{'s are' if more > 1 else ' is'} not shown"
            out.append(f"{visible(file)}: {said}\n", "bold")
    return out


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return «2 errors, 1 warning», or an empty text."""
    levels = [diagnostic.level for diagnostic in diagnostics]
    counts = [(levels.count(level), str(level)) for level in Level]
    return ", ".join(counted(count, name) for count, name in counts if count)


def counted(count: int, thing: str) -> str:
    """Return «1 item», «2 items»."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a JSON list; lines and columns count from 1, ends are exclusive."""
    text = json.dumps([_plain(diagnostic) for diagnostic in diagnostics], ensure_ascii=False, indent=2)
    return "".join(json.dumps(c)[1:-1] if _steers(c) and c != "\n" else c for c in text)


def _plain(diagnostic: Diagnostic) -> dict[str, object]:
    span = diagnostic.span
    return {
        "code": diagnostic.code.id,
        "level": str(diagnostic.level),
        "message": diagnostic.text(),
        "help": diagnostic.hint(),
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return workflow commands, which GitHub shows at the lines of a pull request."""
    lines = []
    for diagnostic in diagnostics:
        span = diagnostic.span
        place = f"file={_property(span.file)},line={span.line},col={span.column}"
        if span.end_line == span.line and span.end_column > span.column:
            place += f",endLine={span.end_line},endColumn={span.end_column}"
        message = _escape(f"{diagnostic.text()} ({diagnostic.hint()})")
        lines.append(f"::{diagnostic.level} {place},title={diagnostic.code.id}::{message}")
    return "\n".join(lines)


def _escape(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def visible(text: str) -> str:
    """A text that cannot steer a terminal: control and direction characters become visible."""
    return "".join("\ufffd" if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    """Whether a character may do something else to a terminal than show itself."""
    return unicodedata.category(character) in _STEERS and character not in _HARMLESS


def _excerpt(source: Source, span: Span) -> tuple[str, str] | None:
    """Return the line of a span, cut to a window around it, and the carets below it.

    A span of a whole file has no line to show.
    """
    lines = source.lines()
    if not source.text or span == Span(span.file) or span.line > len(lines):
        return None
    line = lines[span.line - 1].replace("\t", " ")
    start = min(span.column - 1, len(line))
    stop = span.end_column - 1 if span.end_line == span.line else len(line)
    stop = max(start + 1, min(stop, len(line)))
    first, last = _window(line, start)
    before = visible(line[first:start])
    marked = visible(line[start : min(stop, last)])
    left, right = "… " if first else "", " …" if last < len(line) else ""
    shown = left + visible(line[first:last]) + right
    return shown.rstrip(), " " * cell_len(left + before) + "^" * max(1, cell_len(marked))


def _window(line: str, start: int) -> tuple[int, int]:
    """Return which characters of a line are shown: as many as have room, that at ``start`` among them."""

    def cells(part: str) -> tuple[int, ...]:
        """The room that the first characters take, that the first two take, and so on."""
        return tuple(accumulate(map(cell_len, visible(part))))

    if len(line) <= WIDTH and max(cells(line), default=0) <= WIDTH:
        return 0, len(line)
    first = 0
    if start >= WIDTH or max(cells(line[:start]), default=0) > WIDTH * 2 // 3:
        near = line[max(0, start - WIDTH // 2) : start]
        first = start - bisect_right(cells(near[::-1]), WIDTH // 2)
    return first, first + bisect_right(cells(line[first : start + WIDTH]), WIDTH)
