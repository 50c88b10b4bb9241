"""Bytes → text: encodings, and characters that may not stand in a text or hide what it says."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from deckgen.diagnostics import Diagnostic, Result, Source, Span, codes, reason_of

MAX_BYTES = 512 * 1024
MAX_OPEN = 125  # direction marks inside each other: UAX #9, BD2; what is deeper has no effect


def read_text(path: Path, shown: str, limit: int = MAX_BYTES, within: Path | None = None) -> Result[Source]:
    """Read and decode a text file of at most ``limit`` bytes; line ends become line feeds.

    A link that leads out of the folder ``within`` is not followed.
    """
    try:
        if within is not None and not path.resolve().is_relative_to(within.resolve()):
            outside = Diagnostic(codes.UNREADABLE, Span(shown), {"reason": "it lies outside of the deck"})
            return Result(Source(shown, ""), (outside,))
        with path.open("rb") as file:
            data = file.read(limit + 1)
        size = path.stat().st_size
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself, before 3.13
        unreadable = Diagnostic(codes.UNREADABLE, Span(shown), {"reason": reason_of(error)})
        return Result(Source(shown, ""), (unreadable,))
    if len(data) > limit:
        return too_large(shown, size, limit)
    return decode(data, shown)


def too_large(shown: str, size: int, limit: int) -> Result[Source]:
    """Say that a file has more than ``limit`` bytes."""
    args = {"size": -(-max(size, limit + 1) // 1024), "limit": limit // 1024}
    return Result(Source(shown, ""), (Diagnostic(codes.TOO_LARGE, Span(shown), args),))


def decode(data: bytes, shown: str) -> Result[Source]:
    """Turn a file's bytes into its text; a byte order mark decides the encoding and is dropped."""
    data, encoding = _encoding(data)
    try:
        text = _lines(data.decode(encoding))
    except UnicodeDecodeError as error:
        before = _lines(data[: error.start].decode(encoding, "replace"))
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        span = Span(shown, line, column, line, column + 1)
        args = {"encoding": encoding[:6].rstrip("-").upper(), "byte": f"0x{data[error.start]:02x}"}
        return Result(Source(shown, ""), (Diagnostic(codes.NOT_UTF8, span, args),))
    return Result(Source(shown, text))


def _encoding(data: bytes) -> tuple[bytes, str]:
    """Return the bytes without their mark, and the encoding.

    Without a mark it is UTF-8, or UTF-16 where every second one of the first bytes is zero
    (YAML 1.2, section 5.2: a file begins with an ASCII character).
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :], encoding
    zeros = tuple(byte == 0 for byte in data[:4])
    if zeros == (False, True, False, True):
        return data, "utf-16-le"
    if zeros == (True, False, True, False):
        return data, "utf-16-be"
    return data, "utf-8"


def _lines(text: str) -> str:
    """Return a text in which every line ends with a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


# Not printable in YAML 1.2 (production c-printable), the noncharacters of Unicode, and what libyaml
# takes for a line end where no editor does (U+0085, U+2028, U+2029).
_FORBIDDEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
FORBIDDEN = re.compile(f"[{_FORBIDDEN}]")
# What begins it passes by most letters at once: long texts are searched in half the time.
ODD = re.compile(f"(?![ -~\n])[{_FORBIDDEN}\u202a-\u202e\u2066-\u2069]")
_CLOSES = {"\u202c": "\u202a\u202b\u202d\u202e", "\u2069": "\u2066\u2067\u2068"}
_OPENS = "".join(_CLOSES.values())


def name_of(character: str) -> str:
    """Return ``U+0000 NAME``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL')}"


def suspicious(source: Source) -> Iterator[Diagnostic]:
    """Find what may not stand in a text, and direction marks without their partner in the line.

    An unclosed direction mark can make a reviewer read something else than the machine
    (CVE-2021-42574); Unicode's UAX #9 ends them with the paragraph, so pairs are sought by line.
    """
    text = source.text
    line, start, last = 1, 0, 0  # the line that is read, where it begins, and the last place looked at
    opened: list[tuple[int, str]] = []  # columns and marks

    def place(column: int) -> Span:
        return Span(source.file, line, column, line, column + 1)

    for match in ODD.finditer(text):
        at = match.start()
        if breaks := text.count("\n", last, at):
            yield from (_unclosed(place(column), each) for column, each in opened)
            opened.clear()
            line, start = line + breaks, text.rfind("\n", 0, at) + 1
        last = at
        mark, column = text[at], at - start + 1
        if mark in _CLOSES:
            if opened and opened[-1][1] in _CLOSES[mark]:
                opened.pop()
            else:
                yield _unbalanced(place(column), mark, _CLOSES[mark][0])
        elif mark not in _OPENS:
            yield Diagnostic(codes.CONTROL_CHARACTER, place(column), {"character": name_of(mark)})
        elif len(opened) < MAX_OPEN:
            opened.append((column, mark))
        else:
            yield _unclosed(place(column), mark)
    yield from (_unclosed(place(column), each) for column, each in opened)


def _unclosed(span: Span, mark: str) -> Diagnostic:
    return _unbalanced(span, mark, "\u2069" if mark in _CLOSES["\u2069"] else "\u202c")


def _unbalanced(span: Span, mark: str, partner: str) -> Diagnostic:
    args = {"character": name_of(mark), "partner": name_of(partner)}
    return Diagnostic(codes.UNBALANCED_BIDI, span, args)
