"""The spreadsheet as a file: what goes in comes out, whatever it is, and what is none of ours is refused."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import TextBlock
from openpyxl.worksheet.worksheet import Worksheet

from deckgen.languages import language
from deckgen.translate import sheet
from deckgen.translate.sheet import Book, Row, Status

ROW = Row("gate.answer", "Question: answer", "", "A gate.", "Une porte.", "current", "")
ALL = Row._fields[1:]


def export(*rows: Row, source: str = "en", target: str = "fr") -> bytes:
    return sheet.export("garden", "The garden", language(source), language(target), rows)


def read(content: bytes) -> Book:
    result = sheet.read(content, "out.xlsx")
    assert result.value is not None, [one.text() for one in result.diagnostics]
    return result.value


def refused(content: bytes) -> str:
    result = sheet.read(content, "out.xlsx")
    assert result.value is None
    (told,) = result.diagnostics
    assert (told.code.id, told.span.file) == ("D640", "out.xlsx")
    return str(told.args["reason"])


def texts(content: bytes) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)["Texts"]
    assert isinstance(found, Worksheet)
    return found


def edited(content: bytes, change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The file as openpyxl saves it after a change."""
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# Out and back -------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(*[st.text(max_size=60)] * 5), min_size=1, max_size=4))
def test_any_texts_come_back_as_they_went_and_count_as_unchanged(rows: list[tuple[str, ...]]) -> None:
    before = [Row(f"item.{n}", one[0], one[1], one[2], one[3], "stale", one[4]) for n, one in enumerate(rows)]
    book = read(export(*before))
    assert [one.row.id for one in book.rows] == [row.id for row in before]
    for one in book.rows:
        assert one.changed(ALL) == ()
        assert one.odd == ()
        assert one.row == Row(*map(sheet._shown, before[one.number - 2]))


@given(st.text())
def test_nothing_but_escapes_the_ends_and_forbidden_characters_is_changed(text: str) -> None:
    plain = text.replace("_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    assert sheet.form(text.replace("_", "")) == plain
    assert sheet.form(plain) == plain


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.org")',
        "+49 30",
        "-a",
        "@a",
        "'quoted",
        "#N/A",
        "TRUE",
        "1984",
        "2026-01-01",
        "a\nb\n\nc",
        "a\u00a0b\u202f!",
        "مرحبا (Jonathan) 12 «x»",
        "\u2066iso\u2069lated",
        "👩‍👩‍👧 and e\u0301",
        "<b>&amp;",
        "_x0041_",
        "a  b",
    ],
)
def test_a_text_stays_what_it_is_whatever_it_begins_with(text: str) -> None:
    content = export(ROW._replace(now=text, translation=text, note=text))
    (one,) = read(content).rows
    assert (one.row.now, one.row.translation, one.row.note) == (text, text, text)
    for cell in texts(content)[2]:
        assert cell.data_type in ("s", "n")  # openpyxl says n of an empty cell
        assert cell.number_format == "@"


def test_what_looks_like_an_escape_of_the_format_is_escaped() -> None:
    row = ROW._replace(before="_x0041_ _x", now="_x0041_ _x0042_", translation="_x0043_")
    with zipfile.ZipFile(io.BytesIO(export(row))) as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
    assert xml.count("_x005F_x0041_") == 2
    assert xml.count("_x005F_x0042_") == xml.count("_x005F_x0043_") == 1


def test_line_ends_of_other_systems_become_line_feeds() -> None:
    assert sheet.form("a\r\nb\rc_x000D_\nd_x000d_e") == "a\nb\nc\nd\ne"


def test_what_no_text_may_hold_is_shown_as_a_replacement_and_is_no_change() -> None:
    (one,) = read(export(ROW._replace(translation="a\x01b\ufeff c"))).rows
    assert one.row.translation == "a\ufffdb\ufffd c"
    assert one.changed(ALL) == ()


def test_a_tab_that_gets_lost_is_no_change() -> None:
    content = export(ROW._replace(now="a\tb"))
    lost = edited(content, lambda book: book["Texts"].__setitem__("D2", "ab"))
    assert read(lost).rows[0].changed(ALL) == ()


def test_equal_input_gives_equal_bytes_without_a_time() -> None:
    first = export(ROW)
    assert first == export(ROW)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_a_text_longer_than_a_cell_does_not_fit() -> None:
    assert sheet.fits("a" * 32_767)
    assert not sheet.fits("a" * 32_768)
    assert not sheet.fits("😀" * 16_384)
    (one,) = read(export(ROW._replace(translation="a" * 32_767))).rows
    assert len(one.row.translation) == 32_767


# What the translator sees -------------------------------------------------------------


def test_only_translation_status_and_note_can_be_written_and_there_is_no_password() -> None:
    content = export(ROW)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Read me", "Texts", "deckgen"]
    assert book["deckgen"].sheet_state == "veryHidden"
    assert book.security is not None
    assert book.security.lockStructure
    for one in book.worksheets:
        assert one.protection.sheet
        assert one.protection.password is None
    heads, cells = texts(content)[1], texts(content)[2]
    assert [cell.value for cell in heads] == list(Row._fields)
    open_to = [head.value for head, cell in zip(heads, cells, strict=True) if not cell.protection.locked]
    assert open_to == ["translation", "status", "note"]
    assert all(cell.protection.locked for cell in heads)


def test_the_status_is_chosen_from_a_list_and_the_head_stays_in_sight() -> None:
    found = texts(export(ROW, ROW._replace(id="gate.question")))
    (choice,) = found.data_validations.dataValidation
    assert (choice.type, choice.formula1, str(choice.sqref)) == ("list", '"done,needs work"', "F2:F3")
    assert found.auto_filter.ref == "A1:G3"
    assert found.freeze_panes == "B2"


def test_rows_that_wait_are_coloured_by_the_status_that_stands_in_them() -> None:
    found = texts(export(ROW))
    rules = {rule.formula[0] for each in found.conditional_formatting for rule in each.rules}
    assert rules == {f'$F2="{status}"' for status in (Status.STALE, Status.NEEDS_WORK, Status.MISSING)}


def test_what_changed_is_marked_word_by_word() -> None:
    row = ROW._replace(before="The old gate is open.", now="The new gate is wide open.", status="stale")
    cells = texts(export(row))[2]

    def marked(value: object) -> list[str]:
        assert isinstance(value, list)
        return [
            part.text for part in value if isinstance(part, TextBlock) and (part.font.b or part.font.strike)
        ]

    assert marked(cells[2].value) == ["old "]
    assert marked(cells[3].value) == ["new ", "wide "]
    assert (str(cells[2].value), str(cells[3].value)) == (row.before, row.now)


def test_words_without_spaces_are_compared_by_characters() -> None:
    gone, added = sheet._changes("花园是谁的", "花园是我们的")
    assert [text for text, marked in gone if marked] == ["谁"]
    assert [text for text, marked in added if marked] == ["我们"]


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_parts_of_two_compared_texts_are_the_texts(before: str, now: str) -> None:
    before, now = before.strip(), now.strip()
    gone, added = sheet._changes(before, now)
    assert "".join(text for text, _ in gone) == before
    assert "".join(text for text, _ in added) == now


def test_two_very_long_texts_are_not_compared() -> None:
    long = "word " * 2_001
    assert sheet._changes(long, long + "more") == (((long, False),), ((long + "more", False),))


def test_a_right_to_left_language_is_read_from_the_right_and_its_source_from_the_left() -> None:
    cells = dict(zip(Row._fields, texts(export(ROW, target="ar"))[2], strict=True))
    assert (cells["translation"].alignment.readingOrder, cells["translation"].alignment.horizontal) == (
        2,
        "right",
    )
    assert (cells["now"].alignment.readingOrder, cells["now"].alignment.horizontal) == (1, "left")
    cells = dict(zip(Row._fields, texts(export(ROW, source="he", target="de"))[2], strict=True))
    assert cells["now"].alignment.readingOrder == 2
    assert cells["translation"].alignment.readingOrder == 1


# What comes back ----------------------------------------------------------------------


def test_it_says_of_which_deck_and_language_it_is_and_shows_its_rows_as_lines() -> None:
    book = read(export(ROW, ROW._replace(id="gate.question", translation="La porte\nest grande.")))
    assert (book.deck, book.tag) == ("garden", "fr")
    assert book.source.lines() == ("", "gate.answer  Une porte.", "gate.question  La porte est grande.")


def test_rows_are_known_by_their_ids_and_not_by_their_places() -> None:
    content = export(ROW, ROW._replace(id="gate.question", translation="Quoi ?"))

    def swap(book: openpyxl.Workbook) -> None:
        found = book["Texts"]
        for cell, other in zip(found[2], found[3], strict=True):
            cell.value, other.value = other.value, cell.value

    book = read(edited(content, swap))
    assert [(one.number, one.row.id, one.changed(ALL)) for one in book.rows] == [
        (2, "gate.question", ()),
        (3, "gate.answer", ()),
    ]


def test_a_deleted_row_is_not_there_and_an_added_one_is_none_of_ours() -> None:
    content = export(ROW, ROW._replace(id="gate.question"))

    def change(book: openpyxl.Workbook) -> None:
        book["Texts"].delete_rows(2)
        book["Texts"]["E9"] = "I thought of another question."

    (kept, added) = read(edited(content, change)).rows
    assert (kept.row.id, kept.changed(ALL)) == ("gate.question", ())
    assert (added.number, added.exported) == (9, None)


@pytest.mark.parametrize("value", ["=1+1", 1984, 1.5, True])
def test_a_cell_that_holds_no_text_is_told_and_counts_as_changed(value: object) -> None:
    (one,) = read(edited(export(ROW), lambda book: book["Texts"].__setitem__("E2", value))).rows
    assert one.odd == ("translation",)
    assert one.changed(ALL) == ("translation",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is no .xlsx file"),
        (b"id,now\n", "it is no .xlsx file"),
        (b"PK\x05\x06" + b"\0" * 18, "it is damaged"),
        (b"\0" * (sheet.MAX_BYTES + 1), "it is too large"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(content: bytes, reason: str) -> None:
    assert refused(content) == reason


def test_a_spreadsheet_of_somebody_else_or_with_other_columns_is_refused() -> None:
    content = export(ROW)
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert refused(out.getvalue()) == "it has no sheet “Texts”"
    gone = edited(content, lambda book: book.remove(book["deckgen"]))
    assert refused(gone) == "it has no sheet “deckgen”"
    moved = edited(content, lambda book: book["Texts"].insert_cols(2))
    assert refused(moved) == "its columns are not where they were"
    other = edited(content, lambda book: book["deckgen"].__setitem__("B1", "9"))
    assert refused(other) == "another version of deckgen made it"
    nothing = edited(content, lambda book: book["deckgen"].__setitem__("A1", "anki"))
    assert refused(nothing) == "it does not say what it was made from"


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_UNPACKED", 1_000_000)
    out = io.BytesIO(export(ROW))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b" " * 1_000_000)
    assert refused(out.getvalue()) == "it is too large"


def test_macros_and_pictures_are_not_even_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_UNPACKED", 1_000_000)
    out = io.BytesIO(export(ROW))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/vbaProject.bin", b" " * 2_000_000)
    assert len(read(out.getvalue()).rows) == 1


def test_entities_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(export(ROW))) as good, zipfile.ZipFile(out, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            if name == "xl/worksheets/sheet2.xml":
                data = data.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)
            bad.writestr(name, data)
    assert refused(out.getvalue()) == "it is damaged"


def test_a_file_with_broken_bytes_is_read_or_refused_and_nothing_else() -> None:
    content = export(ROW, ROW._replace(id="gate.question"))
    dice = random.Random(6)  # noqa: S311
    refusals = 0
    for _ in range(120):
        broken = bytearray(content)
        for _ in range(dice.choice((1, 3, 30))):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        refusals += sheet.read(bytes(broken[: dice.choice((len(broken), 4_000))]), "a.xlsx").value is None
    assert refusals > 40
