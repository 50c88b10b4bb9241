r"""A small deck, files laid over it, commands run on it: what the cases and the pages of the docs share.

The deck is ``tests/decks/base``; it is laid out as ``cards/garden``, its text as ``essay.txt``.
``deck.yaml``, ``essay.yaml``, ``ledger.json``, ``items/…``, ``translations/…`` and ``media/…`` stand in the
deck's folder, any other file in the folder that the commands run in. ``tests/decks/base.fr.po`` is the whole
deck in French: in a catalogue that is given by some of its entries, the others are those that stand there.
Its picture ``media/gate.svg`` is laid out where a text has a picture and no other one is given.

Bytes and long texts are written with escapes: ``\xff`` is a byte, ``\u2066`` a character (in
UTF-8), ``\n``, ``\r``, ``\t`` and ``\\`` are what they are in Python, and ``\{500*word}`` is a
text five hundred times, in which escapes count as well.

Commands are ``deckgen …`` and, for what people do to files, ``cp``, ``mv``, ``rm``, ``ln``
and ``mkdir`` with one or two paths; ``fill FILE CELL TEXT`` is what a translator does in a spreadsheet.

What is said of one message and its translation (``PAIRED``) is shown by a PO file alone,
``translations/fr.po``, without the items that its messages would come from: its source is English.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import NamedTuple

import openpyxl
import polib
import pytest
from typer.testing import CliRunner

from deckgen import checks, decoding, jobs, parse, reader
from deckgen.cli import app
from deckgen.diagnostics import CODES, Diagnostic, Level, Result, Source, Span
from deckgen.kinds import load_kinds
from deckgen.model import Deck, FieldType, Kind
from deckgen.report import as_text, summary
from deckgen.resources import SearchPath, shipped
from deckgen.translate.faults import Glossary, Pair, Tongues, faults

BASE = Path(__file__).parent / "decks" / "base"
DECK = Path("cards") / "garden"
_OF_THE_DECK = ("deck.yaml", "essay.yaml", "ledger.json", "items", "media", "translations")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|\{(\d+)\*([^}]*)\}|([nrt\\]))")
_PLAIN = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}


def unescape(text: str) -> bytes:
    """Return the bytes that a text with escapes stands for."""
    out: list[bytes] = []
    position = 0
    for match in _ESCAPE.finditer(text):
        out.append(text[position : match.start()].encode())
        byte, character, count, repeated, plain = match.groups()
        if byte:
            out.append(bytes.fromhex(byte))
        elif character:
            out.append(chr(int(character, 16)).encode())
        elif count:
            out.append(unescape(repeated) * int(count))
        else:
            out.append(_PLAIN[plain])
        position = match.end()
    return b"".join([*out, text[position:].encode()])


_NAME = re.compile(r'^(?:#~ )?msgctxt (".*")|^(msgid "")\nmsgstr', re.MULTILINE)


def whole_catalogue(entries: str) -> str:
    """Return the small deck's French catalogue, with these entries in the place of those of their names."""
    base = (BASE.parent / "base.fr.po").read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    given = {match.groups() for match in _NAME.finditer(entries)}
    kept = [each for each in base if not given & {match.groups() for match in _NAME.finditer(each)}]
    if kept[0] == base[0]:
        return "\n\n".join([*kept, entries])
    return "\n\n".join([entries.rstrip("\n"), *kept, ""])  # the header comes first


def lay(folder: Path, files: Mapping[str, bytes]) -> None:
    """Lay the small deck out in ``folder``, and the files over it."""
    shutil.copytree(BASE, folder / DECK)
    (folder / DECK / "essay.txt").rename(folder / "essay.txt")
    named = any(b"![" in content for content in files.values())
    if not named or any(name.startswith("media/") for name in files):
        (folder / DECK / "media" / "gate.svg").unlink()
    for name, content in files.items():
        parts = name.split("/")
        path = (folder / DECK if parts[0] in _OF_THE_DECK else folder).joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class Outcome(NamedTuple):
    """What the commands wrote, and the last one's exit code."""

    output: str
    exit_code: int


def run(commands: Iterable[str]) -> Outcome:
    """Run commands in the current folder. An exception that ``deckgen`` lets through is raised."""
    output, exit_code = "", 0
    for command in commands:
        program, *words = shlex.split(command)
        if program == "deckgen":
            result = CliRunner().invoke(app, words)
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                raise result.exception
            output += result.output
            exit_code = result.exit_code
        elif program == "fill":
            fill(*words)
        else:
            _FILES[program](*(Path(word) for word in words if not word.startswith("-")))
    return Outcome(output, exit_code)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def fill(file: str, cell: str, text: str = "") -> None:
    """Write into a cell of a translators' spreadsheet as a program does: what begins with = is a formula."""
    book = openpyxl.load_workbook(file, rich_text=True)
    book["Texts"][cell] = text or None
    book.save(file)


_FILES: dict[str, Callable[..., object]] = {
    "cp": _copy,
    "mv": lambda source, target: source.rename(target),
    "rm": lambda path: path.unlink(),
    "ln": lambda target, path: path.symlink_to(target),
    "mkdir": lambda path: path.mkdir(),
}


# What a machine lacks, by the code that tells of it


class _NoPango(MetaPathFinder):
    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        if fullname == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the import of WeasyPrint fail as it does on a machine without Pango."""
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_NoPango(), *sys.meta_path])


class _Ended(Executor):
    def __init__(self, *_: object, **__: object) -> None:
        pass

    def submit(self, *_: object, **__: object) -> Future[object]:  # type: ignore[override]
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool())
        return future


def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes that files are made in end as they do on a machine without memory."""
    monkeypatch.setattr(jobs, "ProcessPoolExecutor", _Ended)


MACHINES: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "D507": without_pango,
    "D519": without_processes,
}


# A message and its translation

PAIRED = frozenset(code for code in CODES if "D620" <= code <= "D639")


@cache
def field_types() -> Mapping[str, FieldType]:
    """The types of the kinds' fields by their names; a name is of one type in all kinds."""
    fields = [field for kind in load_kinds(SearchPath((shipped(),))).value for field in kind.fields]
    return {field.name: field.type for each in fields for field in (each, *each.fields)}


def type_of(ctxt: str) -> FieldType:
    """The type of a message's field: of ``item.views.1.view`` it is that of ``view``."""
    if ctxt.startswith("@"):
        return "line"
    return field_types()[[part for part in ctxt.split(".") if not part.isdigit()][-1]]


def pairs(source: Source) -> Iterator[Pair]:
    """The messages of a PO file in which each text stands in a line."""
    for entry in polib.pofile(source.text):
        line = source.lines().index(f'msgstr "{polib.escape(entry.msgstr)}"') + 1
        span = Span(source.file, line, 9, line, len(source.lines()[line - 1]))
        yield Pair(entry.msgctxt, entry.msgid, entry.msgstr, type_of(entry.msgctxt), span)


def run_pairs(files: Mapping[str, bytes]) -> Outcome:
    """Look for faults in PO files: what ``deckgen check`` says of them. Their terms are the glossary."""
    found: list[Diagnostic] = []
    sources: dict[str, Source] = {}
    for name, content in files.items():
        source = Source(f"{DECK.as_posix()}/{name}", content.decode())
        sources[source.file] = source
        messages = list(pairs(source))
        terms = [each for each in messages if each.ctxt.endswith(".term")]
        glossary = Glossary.of([term[1:3] for term in terms], [term.ctxt.split(".")[0] for term in terms])
        tongues = Tongues("en", Path(name).stem)
        found += [one for message in messages for one in faults(message, tongues, glossary)]
    said = as_text(found, sources).plain + (f"{summary(found)}\n" if found else "")
    return Outcome(said, int(any(one.level is Level.ERROR for one in found)))


# A deck from texts alone, without a disk


class Checked(NamedTuple):
    """A deck as far as it could be read from texts, everything found, and the texts."""

    deck: Deck | None
    found: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]


def read(name: str, data: bytes) -> Result[reader.Document]:
    """Read the bytes of one file of a deck."""
    decoded = decoding.decode(data, name)
    if decoded.diagnostics:
        return Result(reader.Document(decoded.value, None), decoded.diagnostics)
    return reader.parse(decoded.value)


def check(
    files: Mapping[str, bytes | Result[reader.Document]],
    kinds: tuple[Kind, ...],
    media: Iterable[str] = (),
) -> Checked:
    """Read, parse and check a deck given as its files (bytes, or read already), as ``pipeline.load`` does."""
    results = {name: read(name, file) if isinstance(file, bytes) else file for name, file in files.items()}
    found = [one for result in results.values() for one in result.diagnostics]
    documents = {name: result.value for name, result in results.items()}
    items = {name[6:]: document for name, document in documents.items() if name.startswith("items/")}
    parsed = parse.parse_deck(
        parse.Files(Path("garden"), documents["deck.yaml"], documents["essay.yaml"], items.items()), kinds
    )
    found += parsed.diagnostics
    sources = {name: document.source for name, document in documents.items()}
    if parsed.value is not None:
        by_name = {kind.name: kind for kind in kinds}
        subject = checks.Subject(parsed.value, by_name, sources, frozenset(media))
        found += checks.check(subject, complete=not any(one.level is Level.ERROR for one in found))
    return Checked(parsed.value, tuple(found), sources)


def outside(found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> list[Diagnostic]:
    """Return the findings that point at no place in their file; the place after its last character is one.

    A picture is no text: what is said of it alone points at none.
    """
    texts = [one for one in found if "/media/" not in one.span.file]
    return [
        one for one in texts if not _inside(one.span, sources[one.span.file].lines() if one.span.file else ())
    ]


def _inside(span: Span, lines: Sequence[str]) -> bool:
    def is_place(line: int, column: int) -> bool:
        return 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1

    ordered = (span.line, span.column) <= (span.end_line, span.end_column)
    end = span.line == span.end_line and span.end_column == span.column + 1  # a mark at the end of a line
    return is_place(span.line, span.column) and ordered and (end or is_place(span.end_line, span.end_column))
