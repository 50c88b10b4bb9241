"""Places in files, and what is said about them."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from deckgen.diagnostics import codes
from deckgen.diagnostics.codes import Code, Level

T_co = TypeVar("T_co", covariant=True)


class Span(NamedTuple):
    """A place in a file: lines and columns count from 1, in code points; the end is exclusive.

    ``file`` is the path as it is shown, with forward slashes. A span of a whole file
    stands at its first character.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True)
class Source:
    """The text of a file as it was read, for the line under a diagnostic and for finding words in it."""

    file: str
    text: str

    @cached_property
    def _lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))

    def lines(self) -> tuple[str, ...]:
        """Return the lines without their ends."""
        return self._lines

    def locate(self, span: Span, needle: str, skip: int = 0) -> Span:
        """Narrow ``span`` to a place in it where ``needle`` stands as written: the first after ``skip``.

        A needle that is not found that way (because YAML folded or escaped it) leaves the
        span as it was.
        """
        if not needle:
            return span
        lines = self.lines()
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            line = lines[number - 1]
            start = span.column - 1 if number == span.line else 0
            stop = span.end_column - 1 if number == span.end_line else len(line)
            while (at := line.find(needle, start, stop)) >= 0:
                if skip == 0:
                    return Span(span.file, number, at + 1, number, at + 1 + len(needle))
                skip, start = skip - 1, at + len(needle)
        return span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing found: its code, its place, and the words that fill the code's message and hint.

    It is ``lenient`` where the error is got round: a build leaves out a card whose translation is broken.
    """

    code: Code
    span: Span
    args: Mapping[str, object] = field(default_factory=dict)
    lenient: bool = False

    @property
    def level(self) -> Level:
        """The code's level; a ``lenient`` error is a warning."""
        return Level.WARNING if self.lenient else self.code.level

    @property
    def is_error(self) -> bool:
        """Whether it stops what it is about."""
        return self.level is Level.ERROR

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the message in the language of ``translate`` (English unless told)."""
        return translate(self.code.message).format_map(self.args)

    def hint(self, translate: Callable[[str], str] = str) -> str:
        """Return what to do about it; a near miss in ``args["near"]`` wins over the general hint."""
        template = self.code.near if self.code.near and self.args.get("near") else self.code.hint
        return translate(template).format_map(self.args)

    def sort_key(self) -> tuple[object, ...]:
        """Order by place, then by code."""
        return (self.span, self.code.id)


@dataclass(frozen=True, slots=True)
class Result(Generic[T_co]):
    """A value as far as there is one, and everything found on the way to it."""

    value: T_co
    diagnostics: tuple[Diagnostic, ...] = ()


MAX_SHOWN = 50


def limited(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the first ``MAX_SHOWN`` errors in a file, and one more finding that says so if there are others.

    What comes after them is not even looked for, if ``found`` is lazy.
    """
    shown: list[Diagnostic] = []
    for diagnostic in found:
        if len(shown) == MAX_SHOWN:
            shown.append(Diagnostic(codes.MORE, diagnostic.span))
            break
        shown.append(diagnostic)
    return tuple(shown)


def failed(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(diagnostic.is_error for diagnostic in diagnostics)


_REASONS = {
    errno.ENOENT: "there is no such file",
    errno.EACCES: "its permissions do not allow it",
    errno.EPERM: "its permissions do not allow it",
    errno.EISDIR: "it is a folder",
    errno.EEXIST: "a file stands where a folder is needed",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the disk can only be read",
    errno.ENAMETOOLONG: "its name is too long",
}


def reason_of(error: OSError | RuntimeError) -> str:
    """Return in plain words why a file cannot be used: the same ones on every system, in English."""
    if isinstance(error, RuntimeError):  # before Python 3.13
        return "it is a link that leads to itself"
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return the choice that ``word`` was most likely meant to be, or an empty string."""
    found = difflib.get_close_matches(word[:80].lower(), sorted(choices), n=1, cutoff=0.6)
    return found[0] if found else ""
