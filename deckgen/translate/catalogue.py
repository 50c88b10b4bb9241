"""Catalogues: the text of a PO file → entries by their names, and back. The one user of polib for decks.

Entries are wrapped at line feeds only, so that a change of one word changes one line, and a new card adds its
own lines and no others. What was read is written back to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import polib

from deckgen.diagnostics import Diagnostic, Result, Source, Span, codes, limited
from deckgen.languages import plural_forms

Entry = polib.POEntry

MAX_BYTES = 64 * 1024 * 1024
_LINE = re.compile(r"\(line (\d+)\)")
_PARTS = re.compile(r"[^\n]*\n|[^\n]+")
_ESCAPES = str.maketrans({a: f"\\{b}" for a, b in zip('\\\t\r\n\v\b\f"', '\\trnvbf"', strict=True)})
_ESCAPED = re.compile(r'[\\\t\r\n\v\b\f"]')
_LONGEST = 80  # characters of a header's name; polib sorts them as numbers, which Python refuses if too long
_OPENING = len('msgstr "') + 1  # the column where the text begins


@dataclass(frozen=True)
class Catalogue:
    """A deck's translations into one language, as they stand in a file."""

    tag: str
    source: Source
    file: polib.POFile

    @cached_property
    def live(self) -> dict[str, Entry]:
        """The entries in use by their names; of two with one name the first."""
        return {entry.msgctxt: entry for entry in reversed(self.file) if not entry.obsolete}

    @cached_property
    def dead(self) -> tuple[Entry, ...]:
        """The obsolete entries: what they translate was removed."""
        return tuple(entry for entry in self.file if entry.obsolete)

    def span(self, entry: Entry) -> Span:
        """Return where an entry's translation stands: from the line of ``msgstr`` to its last line."""
        lines = self.source.lines()
        number = entry.linenum or 1
        while number <= len(lines) and not lines[number - 1].startswith("msgstr"):
            number += 1
        if number > len(lines):
            return Span(self.source.file)
        last = number
        while last < len(lines) and lines[last].startswith('"'):
            last += 1
        least = _OPENING + 1 if last == number else 1
        return Span(self.source.file, number, _OPENING, last, max(len(lines[last - 1]), least))


def is_translated(entry: Entry) -> bool:
    """Whether an entry has a translation; spaces are none."""
    return bool(entry.msgstr.strip())


class _Lines(str):
    """A text whose lines end with line feeds alone: polib would end them at U+2028 and the like too."""

    __slots__ = ()

    def splitlines(self, keepends: bool = False) -> list[str]:
        return [f"{line}\n" if keepends else line for line in self.split("\n")]


def read(source: Source, tag: str) -> Result[Catalogue | None]:
    """Read a PO file's text; None if it is no such file."""
    try:
        # Asked to find out the encoding, polib would look for a file that is named like the whole text.
        file = polib.pofile(_Lines(f"{source.text}\n"), encoding="utf-8")
        if any(len(name) > _LONGEST for name in file.metadata):
            raise ValueError("header: a line of the header is not “Name: value”")
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        line = _LINE.search(str(error))
        number = int(line[1]) if line else 1
        reason = str(error).partition(": ")[2] or "this line has another form"
        if "<<<<<<<" in source.text:
            reason = "it holds a merge conflict"
        args = {"reason": reason[:120]}
        return Result(None, (Diagnostic(codes.BAD_CATALOGUE, Span(source.file, number, 1, number, 2), args),))
    catalogue = Catalogue(tag, source, file)
    return Result(catalogue, limited(_faults(catalogue)))


def _faults(catalogue: Catalogue) -> Iterator[Diagnostic]:
    seen: dict[str, int] = {}
    language = catalogue.file.metadata.get("Language", "").partition("\n")[0]
    if language and language.replace("_", "-").casefold() != catalogue.tag.casefold():
        args = {"language": language[:40], "tag": catalogue.tag}
        yield Diagnostic(codes.OTHER_LANGUAGE, _line(catalogue.source, f"Language: {language}"), args)
    for entry in catalogue.file:
        if entry.obsolete:
            continue
        name = entry.msgctxt
        if entry.msgid_plural:
            reason = "an entry has plural forms, which no text of a card has"
            yield Diagnostic(codes.BAD_CATALOGUE, catalogue.span(entry), {"reason": reason})
        elif name is None:
            span = catalogue.span(entry)
            yield Diagnostic(codes.NAMELESS, span, {"text": entry.msgid[:60]})
        elif name in seen:
            yield Diagnostic(codes.TWICE, catalogue.span(entry), {"name": name, "line": seen[name]})
        else:
            seen[name] = entry.linenum or 1


def _line(source: Source, needle: str) -> Span:
    """Return the first place of a text in a file, or the file if it is written otherwise."""
    at = source.text.find(needle)
    if at < 0:
        return Span(source.file)
    line, column = source.text.count("\n", 0, at) + 1, at - source.text.rfind("\n", 0, at)
    return Span(source.file, line, column, line, column + len(needle))


def new(tag: str, deck: str) -> polib.POFile:
    """Return an empty catalogue of a deck: all that ``msgfmt -c`` asks for, and no time of its own."""
    file = polib.POFile(wrapwidth=0)
    file.header = f"Translation of the deck {deck}. Made by deckgen; update it with “deckgen sync”."
    complete(file, tag, deck)
    return file


def complete(file: polib.POFile, tag: str, deck: str) -> None:
    """Give a header what it lacks; whatever it said before, a catalogue is UTF-8."""
    known = file.metadata
    header = {
        "Project-Id-Version": deck,
        "Report-Msgid-Bugs-To": "",
        "PO-Revision-Date": "2000-01-01 00:00+0000",
        "Last-Translator": "",
        "Language-Team": "",
        "Language": tag.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": known.get("Plural-Forms") or plural_forms(tag),
    }
    utf8 = "utf-8" in known.get("Content-Type", "").casefold()
    file.metadata = {**header, **known} | ({} if utf8 else {"Content-Type": header["Content-Type"]})


def write(file: polib.POFile, entries: Iterable[Entry]) -> str:
    """Return the text of a catalogue with the header of ``file`` and these entries."""
    head = polib.POFile(wrapwidth=0)
    head.header, head.metadata, head.metadata_is_fuzzy = file.header, file.metadata, file.metadata_is_fuzzy
    living: list[str] = []
    dead: list[str] = []
    for entry in entries:
        (dead if entry.obsolete else living).append(_written(entry))
    return "\n".join([f"{str(head).rstrip()}\n", *living, *dead]).rstrip() + "\n"


def _written(entry: Entry) -> str:
    """Return an entry's lines: what polib gives, in half the time, with line feeds alone as lines' ends."""
    if entry.msgid_plural:
        return str(entry.__unicode__(0))
    off, before = ("#~ ", "#~| ") if entry.obsolete else ("", "#| ")
    lines = [f"# {line}" for line in entry.tcomment.split("\n")] if entry.tcomment else []
    if not entry.obsolete:
        if entry.comment:
            lines.append("#. " + entry.comment.replace("\n", "\n#. "))
        if entry.occurrences:
            places = (f"{file}:{line}" if line else file for file, line in entry.occurrences)
            lines.append(f"#: {' '.join(places)}")
    if entry.flags:
        lines.append(f"#, {', '.join(entry.flags)}")
    if entry.previous_msgctxt is not None:
        lines.append(_said(f"{before}msgctxt", before, entry.previous_msgctxt))
    if entry.previous_msgid is not None:
        lines.append(_said(f"{before}msgid", before, entry.previous_msgid))
    if entry.msgctxt is not None:
        lines.append(_said(f"{off}msgctxt", off, entry.msgctxt))
    lines += (_said(f"{off}msgid", off, entry.msgid), _said(f"{off}msgstr", off, entry.msgstr), "")
    return "\n".join(lines)


def _said(word: str, mark: str, text: str) -> str:
    """Return a text behind its word, a text of several lines below it."""
    if "\n" not in text:
        return f'{word} "{_escaped(text)}"'
    parts = _PARTS.findall(text)
    first = parts.pop(0) if len(parts) == 1 else ""
    return "\n".join([f'{word} "{_escaped(first)}"', *(f'{mark}"{_escaped(part)}"' for part in parts)])


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _ESCAPED.search(text) else text
