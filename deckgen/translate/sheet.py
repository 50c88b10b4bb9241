"""The translators' spreadsheet: rows → an XLSX file, and back. The one user of openpyxl.

What was exported stands a second time, as hashes, in a sheet that programs do not show. By them an import
tells what the translator changed, and a translation of a text that is another one today. Rows are known by
their ids: they may be sorted or left out.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from deckgen.decoding import FORBIDDEN
from deckgen.diagnostics import Diagnostic, Result, Source, Span, codes
from deckgen.model import Language

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 16 * 1024 * 1024
MAX_UNPACKED = 128 * 1024 * 1024
MAX_CELL = 32_767  # UTF-16 units: what Excel holds in a cell
_MAX_ROWS = 1_048_576
_MAX_WORDS = 4_000  # of two texts together: more are not compared, which takes the square of them

_README, _TEXTS, _EXPORTED = "Read me", "Texts", "deckgen"
_VERSION = "1"


class Status(StrEnum):
    """How a text stands when it is exported; the translator sets ``done`` or ``needs work``."""

    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"
    DONE = "done"
    NEEDS_WORK = "needs work"


class Row(NamedTuple):
    """A text to be translated, as the spreadsheet shows it: the columns by their names.

    ``before`` is the source that the translation is of, if that is not what it is now.
    """

    id: str
    field: str
    before: str
    now: str
    translation: str
    status: str
    note: str


LOCKED = ("field", "before", "now")
OPEN = ("translation", "status", "note")
_WIDTHS = {"id": 22, "field": 20, "before": 38, "now": 46, "translation": 46, "status": 13, "note": 26}


class Returned(NamedTuple):
    """A row that came back: its number in the sheet, what it holds, and the marks of what it held.

    Without ``exported`` it is none of ours. ``odd`` are the columns that hold a number, a date or a formula.
    """

    number: int
    row: Row
    exported: Row | None
    odd: tuple[str, ...]

    def changed(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return those of the columns that hold something else than was exported."""
        return tuple(
            name
            for name in columns
            if name in self.odd or mark(getattr(self.row, name)) != getattr(self.exported, name)
        )


@dataclass(frozen=True, slots=True)
class Book:
    """A spreadsheet that came back: of which deck and language it is, its rows, and what shows them."""

    deck: str
    tag: str
    rows: tuple[Returned, ...]
    source: Source


# Texts in cells


def form(text: str) -> str:
    """Return a text as it comes back from a cell: every line ends with a line feed, and nothing is around it.

    XLSX writes some characters as ``_x000D_``, and such words themselves as ``_x005F_x000D_`` (ECMA-376,
    part 1, 22.9.2.19). openpyxl leaves out ``x005F_`` wherever it stands, and so both are the same here.
    """
    while "x005F_" in text:
        text = text.replace("x005F_", "")
    text = _CONTROL.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


_CONTROL = re.compile("_x(00[01][0-9A-Fa-f])_")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def _shown(text: str) -> str:
    """Return a text as it is written into a cell; for what may not stand in any text there is U+FFFD."""
    return FORBIDDEN.sub("\ufffd", form(text))


def fits(text: str) -> bool:
    """Whether a text has room in a cell."""
    return len(text.encode("utf-16-le", "replace")) // 2 <= MAX_CELL


def mark(text: str) -> str:
    """Return the mark of a text, by which it is known to be the same one.

    Tabs do not count: they get lost where LibreOffice saves a sheet in its own format.
    """
    return hashlib.sha256(_shown(text).replace("\t", "").encode()).hexdigest()[:16]


# Export


def export(deck: str, title: str, source: Language, target: Language, rows: Sequence[Row]) -> bytes:
    """Return the spreadsheet for translating a deck; equal input gives equal bytes.

    ``deck`` is its id and ``title`` its name; each text of ``rows`` must have room in a cell (``fits``).
    """
    from openpyxl import Workbook
    from openpyxl.workbook.protection import WorkbookProtection
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.properties.creator = "deckgen"
    book.properties.title = f"{title}: {target.name}"
    book.properties.created = book.properties.modified = _NO_TIME
    book.security = WorkbookProtection(lockStructure=True)
    _write_readme(book.worksheets[0], title, target)
    _write_texts(book.create_sheet(_TEXTS), source, target, rows)
    _write_exported(book.create_sheet(_EXPORTED), deck, target.tag, rows)
    out = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(out, "w")).save()
    with zipfile.ZipFile(out) as archive:
        return _packed({name: archive.read(name) for name in archive.namelist()})


_NO_TIME = datetime.datetime(2000, 1, 1)
_FACE = "Calibri"
_INK, _PALE = "FF1F2933", "FF6B7280"
_GONE, _ADDED = "FFB42318", "FF1A7F37"
_HEAD, _LINE = "FFE5E7EB", "FFD1D5DB"
_WAITS = {Status.STALE: "FFFFF3C4", Status.NEEDS_WORK: "FFFFF3C4", Status.MISSING: "FFE3EEFB"}


def _write_readme(sheet: Worksheet, title: str, target: Language) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = _README
    sheet.protection.sheet = True
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 100
    lines = (
        f"{title} – translation into {target.name}",
        f"The texts stand in the sheet “{_TEXTS}”, a row each. Translate what stands under “now” into the "
        "column “translation”.",
        "Blue rows are not translated yet. In yellow rows the source has changed since it was translated: "
        "“before” shows in red what is gone, “now” in green what is new. Change the translation if needed.",
        "When a row is as it should be, set its status to “done”; it loses its colour. If you are in doubt, "
        "set it to “needs work” and say why under “note”.",
        "Leave as they are: stars around **important words**, {{c1::gaps}}, [links](…), $formulas$. In "
        "{{c1::gap::hint}}, translate the gap and the hint.",
        "A new line within a cell: Alt+Enter in Excel, Ctrl+Enter in LibreOffice.",
        "The other columns are locked: what is changed there is not taken. If something is wrong with the "
        "source, say so under “note”.",
        "Save the file as .xlsx and send it back, even if it is not finished. Nothing that you leave empty "
        "deletes anything.",
    )
    for number, line in enumerate(lines, 1):
        cell = sheet.cell(number, 1)
        _put(cell, line)
        cell.font = Font(_FACE, 16 if number == 1 else 12, number == 1, color=_INK)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[number].height = 30 if number == 1 else 16 * _lines(line, 100) + 8
    _page(sheet)


def _write_texts(sheet: Worksheet, source: Language, target: Language, rows: Sequence[Row]) -> None:
    from openpyxl.styles import Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    edge = Side("thin", _LINE)
    border = Border(edge, edge, edge, edge)
    for number, name in enumerate(Row._fields, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[name]
        head = sheet.cell(1, number)
        _put(head, name)
        head.font, head.border = Font(_FACE, 11, True, color=_INK), border
        head.fill = PatternFill("solid", _HEAD)
    styles = _styles({"before": source, "now": source, "translation": target})
    for number, row in enumerate(rows, 2):
        gone, added = _changes(_shown(row.before), _shown(row.now)) if row.before else ((), ())
        for column, name in enumerate(Row._fields, 1):
            cell = sheet.cell(number, column)
            if name == "before" and gone:
                _put_marked(cell, gone, _GONE, strike=True)
            elif name == "now" and added:
                _put_marked(cell, added, _ADDED, b=True)
            else:
                _put(cell, _shown(getattr(row, name)))
            cell.font, cell.alignment, cell.protection = styles[name]
            cell.border = border
        expected = row._replace(translation=row.translation or row.now)  # room to write it
        most = max(_lines(text, _WIDTHS[name]) for name, text in expected._asdict().items())
        sheet.row_dimensions[number].height = min(15 * most + 3, 409)  # points; Excel has no higher rows
    _set_rules(sheet, max(2, len(rows) + 1))
    _page(sheet)


def _styles(languages: Mapping[str, Language]) -> dict[str, tuple[Any, Any, Any]]:
    """Return each column's font, alignment and protection; some columns hold texts of a language."""
    from openpyxl.styles import Alignment, Font, Protection

    small, plain = Font(_FACE, 9, color=_PALE), Font(_FACE, 11, color=_INK)
    from_left = Alignment("left", "top", wrap_text=True, readingOrder=1)
    from_right = Alignment("right", "top", wrap_text=True, readingOrder=2)
    return {
        name: (
            small if name in ("id", "field") else plain,
            from_right if name in languages and languages[name].direction == "rtl" else from_left,
            Protection(locked=name not in OPEN),
        )
        for name in Row._fields
    }


def _set_rules(sheet: Worksheet, last: int) -> None:
    """Set what the sheet of the texts does: it shows what waits, offers a choice, and is locked."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.worksheet.datavalidation import DataValidation

    for status, colour in _WAITS.items():
        look = DifferentialStyle(fill=PatternFill("solid", bgColor=colour))
        rule = Rule("expression", formula=[f'$F2="{status}"'], dxf=look)
        sheet.conditional_formatting.add(f"A2:G{last}", rule)
    choice = DataValidation("list", f'"{Status.DONE},{Status.NEEDS_WORK}"', allow_blank=True)
    choice.errorTitle, choice.error = "status", f"Choose “{Status.DONE}” or “{Status.NEEDS_WORK}”."
    choice.showErrorMessage = True
    choice.add(f"F2:F{last}")
    sheet.add_data_validation(choice)
    sheet.auto_filter.ref = f"A1:G{last}"
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.protection.sheet = True
    for allowed in ("autoFilter", "sort", "formatColumns", "formatRows"):
        setattr(sheet.protection, allowed, False)  # OOXML names what is forbidden


def _lines(text: str, width: int) -> int:
    """Return about how many lines a text takes in a column; LibreOffice does not measure them itself."""
    return sum(1 + len(line) // width for line in text.split("\n"))


def _page(sheet: Worksheet) -> None:
    """Set the sheet up for paper: A4 across, as wide as the page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _write_exported(sheet: Worksheet, deck: str, tag: str, rows: Sequence[Row]) -> None:
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
    for column, text in enumerate((_EXPORTED, _VERSION, deck, tag), 1):
        _put(sheet.cell(1, column), text)
    for number, row in enumerate(rows, 2):
        for column, text in enumerate((row.id, *map(mark, row[1:])), 1):
            _put(sheet.cell(number, column), text)


def _put(cell: Any, text: str) -> None:
    """Write a text into a cell, where it stays a text whatever it begins with."""
    if text:
        cell.value = _LIKE_ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    cell.number_format = "@"


def _put_marked(cell: Any, parts: Parts, colour: str, *, b: bool = False, strike: bool = False) -> None:
    """Write a text into a cell with the marked parts of it in a font of their own."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles.colors import Color

    plain = InlineFont(rFont=_FACE, sz=11, color=Color(_INK))
    special = InlineFont(rFont=_FACE, sz=11, color=Color(colour), b=b, strike=strike)
    escaped = ((_LIKE_ESCAPE.sub("_x005F_", text), marked) for text, marked in parts)
    cell.value = CellRichText([TextBlock(special if marked else plain, text) for text, marked in escaped])
    cell.number_format = "@"


# A word with the space after it; where words have no spaces between them, a character.
_WORD = re.compile(
    r"(?:[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|[^\w\s])\s*"
)
Parts = tuple[tuple[str, bool], ...]


def _changes(before: str, now: str) -> tuple[Parts, Parts]:
    """Return both texts in parts, and whether each part is gone, or new."""
    old, new = _WORD.findall(before), _WORD.findall(now)
    if len(old) + len(new) > _MAX_WORDS:
        return ((before, False),), ((now, False),)
    bare = [[word.rstrip() for word in words] for words in (old, new)]
    steps = SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_opcodes()
    gone = (("".join(old[a:b]), step != "equal") for step, a, b, _, _ in steps if b > a)
    added = (("".join(new[c:d]), step != "equal") for step, _, _, c, d in steps if d > c)
    return tuple(gone), tuple(added)


# Import


class _RefusedError(Exception):
    """Why a file is none of ours."""


def read(content: bytes, file: str) -> Result[Book | None]:
    """Read a spreadsheet that was exported; None if it is none, or damaged. ``file`` is its name as shown.

    Only texts are read: no macro runs, no link is followed, no formula is computed.
    """
    try:
        return Result(_read(content, file))
    except _RefusedError as refused:
        reason = str(refused)
    except Exception:  # of a broken file openpyxl can raise anything
        reason = "it is damaged"
    return Result(None, (Diagnostic(codes.NOT_OUR_SHEET, Span(file), {"reason": reason}),))


def _read(content: bytes, file: str) -> Book:
    from openpyxl import load_workbook

    if len(content) > MAX_BYTES:
        raise _RefusedError("it is too large")
    plain = _packed(_members(content))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that openpyxl does not know some of what other programs add
        book = load_workbook(io.BytesIO(plain), read_only=True, keep_links=False)
        lacking = [name for name in (_TEXTS, _EXPORTED) if name not in book.sheetnames]
        if lacking:
            raise _RefusedError(f"it has no sheet “{lacking[0]}”")
        deck, tag, exported = _exported(book)
        rows = tuple(_returned(book, exported))
    lines = {one.number: f"{one.row.id}  {' '.join(one.row.translation.split())}" for one in rows}
    text = "\n".join(lines.get(number, "") for number in range(1, max(lines, default=0) + 1))
    return Book(deck, tag, rows, Source(file, text))


def _exported(book: Workbook) -> tuple[str, str, Mapping[str, Row]]:
    """Return the deck's id, the language's tag and the marks of what was exported."""
    (maker, version, deck, tag, *_), *rows = (cells for _, cells, _ in _cells(book[_EXPORTED]))
    if maker != _EXPORTED:
        raise _RefusedError("it does not say what it was made from")
    if version != _VERSION:
        raise _RefusedError("another version of deckgen made it")
    return deck, tag, {row[0]: Row(*row) for row in rows}


def _returned(book: Workbook, exported: Mapping[str, Row]) -> Iterator[Returned]:
    cells = _cells(book[_TEXTS])
    _, heads, _ = next(cells, (0, (), ()))
    if heads != Row._fields:
        raise _RefusedError("its columns are not where they were")
    for number, texts, odd in cells:
        row = Row(*texts)
        yield Returned(number, row, exported.get(row.id), odd)


def _cells(sheet: Any) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """Yield each row that is not empty: its number, its texts, and the columns that hold no text."""
    for number, cells in enumerate(sheet.iter_rows(max_row=_MAX_ROWS, max_col=len(Row._fields)), 1):
        texts = tuple("" if cell.value is None else form(str(cell.value)) for cell in cells)
        if any(texts):
            odd = (
                name
                for name, cell in zip(Row._fields, cells, strict=True)
                if cell.value is not None and cell.data_type != "s"
            )
            yield number, texts, tuple(odd)


def _members(content: bytes) -> dict[str, bytes]:
    """Unpack what of a file is XML, within limits that hold whatever the file says of its sizes."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise _RefusedError("it is no .xlsx file") from None
    members: dict[str, bytes] = {}
    room = MAX_UNPACKED
    with archive:
        for info in archive.infolist():
            if not info.filename.endswith((".xml", ".rels")):  # neither pictures nor macros
                continue
            with archive.open(info) as member:
                data = member.read(room + 1)
            room -= len(data)
            if room < 0:
                raise _RefusedError("it is too large")
            if b"<!DOCTYPE" in data:  # which no spreadsheet has, and entities need
                raise _RefusedError("it is damaged")
            members[info.filename] = data
    return members


def _packed(members: Mapping[str, bytes]) -> bytes:
    """Pack a file again; the time in it is no time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
