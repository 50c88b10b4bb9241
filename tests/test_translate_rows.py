"""What a spreadsheet shows of a catalogue, and what of it comes back, by ``deckgen translate``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import polib
import pytest
from examples import fill, lay
from typer.testing import Result

from deckgen.translate.merge import is_fuzzy

Run = Callable[..., Result]

FRENCH = {
    "@deck.title": "À qui est le jardin ?",
    "nettles.question": "Que poussait-il dans le jardin ?",
    "nettles.answer": "Des orties.",
    "town-plan.question": "Que veut la ville ?",
}
PO = Path("cards/garden/translations/fr.po")
ITEM = Path("cards/garden/items/10-nettles.yaml")
NUMBERS = {
    name: number
    for number, name in enumerate(
        (
            "@deck.title",
            "@essay.title",
            "@section.nettles.title",
            "@section.town.title",
            "nettles.question",
            "nettles.answer",
            "town-plan.question",
            "town-plan.answer",
        ),
        2,
    )
}


@pytest.fixture(autouse=True)
def _deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """The small deck with a French catalogue of which half is translated; it is the current folder."""
    lay(tmp_path, {})
    monkeypatch.chdir(tmp_path)
    assert run("translate", "fr").exit_code == 0
    catalogue = polib.pofile(str(PO), wrapwidth=0)
    for entry in catalogue:
        entry.msgstr = FRENCH.get(entry.msgctxt, "")
    catalogue.save()
    assert run("sync").exit_code == 0


def entry(name: str) -> polib.POEntry:
    (found,) = [one for one in polib.pofile(str(PO)) if one.msgctxt == name]
    return found


def change_source(run: Run, old: str, new: str) -> None:
    ITEM.write_text(ITEM.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert run("sync").exit_code == 0


def export(run: Run) -> list[dict[str, str]]:
    """Export, and return the rows as a translator sees them."""
    result = run("translate", "fr", "--xlsx", "fr.xlsx")
    assert result.exit_code == 0, result.output
    heads, *rows = openpyxl.load_workbook("fr.xlsx")["Texts"].values
    return [dict(zip(map(str, heads), (str(value or "") for value in row), strict=True)) for row in rows]


def write(name: str, cells: Mapping[str, str]) -> None:
    """Write into the row of a text as a translator does."""
    for column, text in cells.items():
        place = "ABCDEFG"[("id", "field", "before", "now", "translation", "status", "note").index(column)]
        fill("fr.xlsx", f"{place}{NUMBERS[name]}", text)


def take(run: Run) -> tuple[str, list[str], int]:
    """Import; return what is counted, the codes and the exit code."""
    result = run("translate", "fr", "--import", "fr.xlsx")
    counts = [line.partition(": ")[2] for line in result.output.splitlines() if " taken, " in line]
    codes = [part[:4] for line in result.output.splitlines() for part in line.split("[D")[1:]]
    return counts[0] if counts else "", [f"D{code[:3]}" for code in codes], result.exit_code


# What is shown ------------------------------------------------------------------------


def test_the_rows_are_the_deck_s_texts_in_its_order_with_readable_fields(run: Run) -> None:
    rows = export(run)
    assert [row["id"] for row in rows] == list(NUMBERS)
    assert [row["field"] for row in rows][:5] == [
        "Deck: title",
        "Essay: title",
        "Section: title",
        "Section: title",
        "Question: question",
    ]
    assert [row["translation"] for row in rows] == [FRENCH.get(name, "") for name in NUMBERS]
    assert [row["status"] for row in rows] == ["current" if name in FRENCH else "missing" for name in NUMBERS]


def test_a_stale_text_shows_the_source_that_was_translated(run: Run) -> None:
    change_source(run, "Nettles.", "Nettles and thistles.")
    row = export(run)[NUMBERS["nettles.answer"] - 2]
    assert (row["before"], row["now"], row["status"]) == ("Nettles.", "Nettles and thistles.", "stale")


def test_an_export_brings_the_catalogue_up_to_date_first(run: Run) -> None:
    ITEM.write_text(ITEM.read_text(encoding="utf-8").replace("Nettles.", "Thistles."), encoding="utf-8")
    assert export(run)[NUMBERS["nettles.answer"] - 2]["before"] == "Nettles."
    assert entry("nettles.answer").msgid == "Thistles."


def test_a_flagged_text_with_a_note_shows_both(run: Run) -> None:
    catalogue = polib.pofile(str(PO), wrapwidth=0)
    for one in catalogue:
        if one.msgctxt == "nettles.answer":
            one.flags, one.tcomment = ["fuzzy"], "Or thistles?"
    catalogue.save()
    row = export(run)[NUMBERS["nettles.answer"] - 2]
    assert (row["before"], row["status"], row["note"]) == ("", "needs work", "Or thistles?")


def test_a_translation_that_no_cell_can_hold_is_left_out_and_told(run: Run) -> None:
    PO.write_text(PO.read_text(encoding="utf-8").replace("Des orties.", "o" * 40_000), encoding="utf-8")
    result = run("translate", "fr", "--xlsx", "fr.xlsx")
    assert result.exit_code == 0
    assert "warning[D012]: a text of 40000 characters; 32767 is the most" in result.output
    ids = [row[0].value for row in openpyxl.load_workbook("fr.xlsx")["Texts"]]
    assert "nettles.answer" not in ids
    assert len(ids) == len(NUMBERS)
    assert take(run) == ("0 taken, 7 unchanged, 0 refused", [], 0)


# What comes back ----------------------------------------------------------------------


def test_what_nobody_changed_changes_nothing(run: Run) -> None:
    export(run)
    before, time = PO.read_bytes(), PO.stat().st_mtime_ns
    assert take(run) == ("0 taken, 8 unchanged, 0 refused", [], 0)
    assert (PO.read_bytes(), PO.stat().st_mtime_ns) == (before, time)


OLD, NEW = "Des orties.", "Des orties et des chardons."


@pytest.mark.parametrize(
    ("cells", "msgstr", "fuzzy", "previous"),
    [
        ({"translation": NEW}, NEW, False, None),
        ({"translation": NEW, "status": "done"}, NEW, False, None),
        ({"translation": NEW, "status": "Needs work "}, NEW, True, None),
        ({"status": "DONE"}, OLD, False, None),
        ({"status": "needs work"}, OLD, True, "Nettles."),
        ({"status": ""}, OLD, True, "Nettles."),
        ({"note": "Thistles?"}, OLD, True, "Nettles."),
    ],
)
def test_what_becomes_of_a_stale_text(
    run: Run, cells: dict[str, str], msgstr: str, fuzzy: bool, previous: str | None
) -> None:
    change_source(run, "Nettles.", "Nettles and thistles.")
    export(run)
    write("nettles.answer", cells)
    assert take(run)[1:] == ([], 0)
    found = entry("nettles.answer")
    assert (found.msgstr, is_fuzzy(found), found.previous_msgid) == (msgstr, fuzzy, previous)
    assert ("stale since" in found.comment) == fuzzy
    assert found.tcomment == cells.get("note", "")


@pytest.mark.parametrize(
    ("cells", "fuzzy"),
    [({"status": "needs work"}, True), ({"status": "done"}, False), ({"translation": NEW}, False)],
)
def test_what_becomes_of_a_current_text(run: Run, cells: dict[str, str], fuzzy: bool) -> None:
    export(run)
    write("nettles.answer", cells)
    assert take(run)[1:] == ([], 0)
    assert is_fuzzy(entry("nettles.answer")) == fuzzy


def test_a_text_in_doubt_stays_so_until_it_is_done(run: Run) -> None:
    for cells, fuzzy in (
        ({"status": "needs work"}, True),
        ({"translation": NEW}, True),
        ({"translation": OLD, "status": "done"}, False),
    ):
        export(run)
        write("nettles.answer", cells)
        assert take(run)[0] == "1 taken, 7 unchanged, 0 refused"
        assert is_fuzzy(entry("nettles.answer")) == fuzzy


def test_importing_the_same_file_again_changes_nothing(run: Run) -> None:
    change_source(run, "Nettles.", "Nettles and thistles.")
    export(run)
    write("nettles.answer", {"translation": NEW, "status": "needs work", "note": "a\n\n  b \n"})
    write("town-plan.answer", {"translation": "Vendre.\nTout.", "status": "done"})
    assert take(run)[0] == "2 taken, 6 unchanged, 0 refused"
    assert entry("nettles.answer").tcomment == "a\nb"
    assert entry("town-plan.answer").msgstr == "Vendre.\nTout."
    before, time = PO.read_bytes(), PO.stat().st_mtime_ns
    assert take(run) == ("0 taken, 8 unchanged, 0 refused", [], 0)
    assert (PO.read_bytes(), PO.stat().st_mtime_ns) == (before, time)


def test_what_is_exported_after_an_import_is_current(run: Run) -> None:
    change_source(run, "Nettles.", "Nettles and thistles.")
    export(run)
    write("nettles.answer", {"translation": NEW})
    take(run)
    row = export(run)[NUMBERS["nettles.answer"] - 2]
    assert (row["before"], row["translation"], row["status"]) == ("", NEW, "current")


def test_an_old_file_takes_nothing_back_that_was_changed_since(run: Run) -> None:
    export(run)
    PO.write_text(PO.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    assert take(run) == ("0 taken, 8 unchanged, 0 refused", [], 0)
    assert entry("nettles.answer").msgstr == NEW


def test_a_note_or_a_status_of_a_translation_that_has_changed_since(run: Run) -> None:
    export(run)
    PO.write_text(PO.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    write("nettles.answer", {"note": "Good."})
    assert take(run) == ("1 taken, 7 unchanged, 0 refused", [], 0)
    write("nettles.answer", {"status": "done"})
    assert take(run) == ("0 taken, 7 unchanged, 1 refused", ["D647"], 1)


def test_a_note_that_somebody_else_has_changed_is_not_overwritten(run: Run) -> None:
    export(run)
    catalogue = polib.pofile(str(PO), wrapwidth=0)
    next(one for one in catalogue if one.msgctxt == "nettles.answer").tcomment = "Theirs."
    catalogue.save()
    write("nettles.answer", {"note": "Mine."})
    assert take(run) == ("0 taken, 7 unchanged, 1 refused", ["D647"], 1)
    assert entry("nettles.answer").tcomment == "Theirs."


def test_a_note_does_not_renew_a_doubt_that_somebody_else_has_settled(run: Run) -> None:
    export(run)
    write("nettles.answer", {"status": "needs work"})
    take(run)
    export(run)
    PO.write_text(PO.read_text(encoding="utf-8").replace("#, fuzzy\n", ""), encoding="utf-8")
    write("nettles.answer", {"note": "Or thistles?"})
    assert take(run)[0] == "1 taken, 7 unchanged, 0 refused"
    assert not is_fuzzy(entry("nettles.answer"))


def test_the_same_change_from_two_sides_is_no_quarrel(run: Run) -> None:
    export(run)
    PO.write_text(PO.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    write("nettles.answer", {"translation": NEW})
    assert take(run) == ("0 taken, 8 unchanged, 0 refused", [], 0)


def test_a_changed_source_is_told_of_the_rows_that_were_worked_on_alone(run: Run) -> None:
    export(run)
    change_source(run, "Nettles.", "Nettles and thistles.")
    assert take(run) == ("0 taken, 8 unchanged, 0 refused", [], 0)
    write("nettles.answer", {"translation": NEW})
    write("nettles.question", {"translation": "Quoi ?"})
    assert take(run) == ("1 taken, 6 unchanged, 1 refused", ["D646"], 1)
    assert entry("nettles.answer").msgstr == OLD


def test_a_card_that_is_gone_takes_no_translation(run: Run) -> None:
    export(run)
    ITEM.write_text(ITEM.read_text(encoding="utf-8").replace("id: nettles", "id: weeds"), encoding="utf-8")
    before = PO.read_bytes()
    assert take(run) == ("0 taken, 8 unchanged, 0 refused", [], 0)
    write("nettles.answer", {"translation": NEW})
    assert take(run) == ("0 taken, 7 unchanged, 1 refused", ["D642"], 1)
    assert PO.read_bytes() == before  # nothing was taken, and an import is no sync


@pytest.mark.parametrize("column", ["translation", "note"])
def test_characters_that_no_text_may_have_are_refused(run: Run, column: str) -> None:
    export(run)
    write("nettles.answer", {column: "a\u2028b"})
    assert take(run) == ("0 taken, 7 unchanged, 1 refused", ["D004"], 1)


def test_every_refused_row_is_told_with_its_row(run: Run) -> None:
    export(run)
    for name in ("nettles.answer", "nettles.question", "@deck.title"):
        write(name, {"now": "other"})
    result = run("translate", "fr", "--import", "fr.xlsx")
    assert [line.split(": ")[0] for line in result.output.splitlines() if "[D644]" in line] == [
        f"fr.xlsx:{NUMBERS[name]}:1" for name in ("@deck.title", "nettles.question", "nettles.answer")
    ]


def test_a_text_keeps_its_line_ends_and_its_spaces_and_its_direction(run: Run) -> None:
    text = "= a\n\n  b\u00a0!\n\u2066مرحبا\u2069 (c)"
    export(run)
    book = openpyxl.load_workbook("fr.xlsx")
    cell = book["Texts"][f"E{NUMBERS['nettles.answer']}"]
    cell.value, cell.data_type = text, "s"
    book.save("fr.xlsx")
    assert take(run)[0] == "1 taken, 7 unchanged, 0 refused"
    assert entry("nettles.answer").msgstr == text


# Files --------------------------------------------------------------------------------


def test_a_file_that_is_not_ours_writes_nothing_and_starts_no_language(run: Run) -> None:
    Path("fr.xlsx").write_bytes(b"PK")
    before = PO.read_bytes()
    assert take(run) == ("", ["D640"], 1)
    assert run("translate", "es", "--import", "fr.xlsx").exit_code == 1
    assert run("translate", "es", "--import", "no.xlsx").exit_code == 1
    assert PO.read_bytes() == before
    assert [file.name for file in PO.parent.iterdir()] == ["fr.po"]


def test_a_spreadsheet_that_cannot_be_written_is_told(run: Run) -> None:
    result = run("translate", "fr", "--xlsx", "essay.txt/fr.xlsx")
    assert result.exit_code == 1
    assert "error[D503]" in result.output


def test_a_catalogue_with_errors_is_neither_exported_nor_written(run: Run) -> None:
    export(run)
    write("nettles.answer", {"translation": NEW})
    PO.write_text(PO.read_text(encoding="utf-8") + '\nmsgid "a"\nmsgstr "b"\n', encoding="utf-8")
    before = PO.read_bytes()
    assert take(run) == ("", ["D603"], 1)
    Path("fr.xlsx").unlink()
    assert run("translate", "fr", "--xlsx", "fr.xlsx").exit_code == 1
    assert not Path("fr.xlsx").exists()
    assert PO.read_bytes() == before
