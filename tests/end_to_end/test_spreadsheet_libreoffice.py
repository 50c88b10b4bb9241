"""The translators' spreadsheet in the real LibreOffice: opened and saved, it loses nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polib
import pytest
from typer.testing import Result

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
PO = Path("cards/garden/translations/ar.po")
ITEM = Path("cards/garden/items/10-nettles.yaml")
STALE = "factory.question"
TEXTS = (
    "=1+1",
    "+49 30",
    "-a",
    "@a",
    "'quoted'",
    "1984",
    "2026-01-01",
    "TRUE",
    "#N/A",
    "a\nb\n\n  c",
    "a\u00a0b\u202f!",
    "تنمو القُرّاص (nettles) «12» هنا.",
    "سطر\nآخر",
    "\u2066iso\u2069lated",
    "👩‍👩‍👧 and e\u0301, é",
    "**b** {{c1::gap::hint}} <b>&amp; $x^2$",
    "_x000D_ and _x005F_",
    "a  b   c",
    "zero\u200bwidth\u200d",
    "o" * 32_767,
)


@pytest.fixture
def names(workspace_folder: Path, run: Run) -> list[str]:  # noqa: ARG001
    """The garden in Arabic, with texts that programs like to change, one of them stale; their names."""
    assert run("translate", "ar").exit_code == 0
    catalogue = polib.pofile(str(PO), wrapwidth=0)
    entries = list(catalogue)[: len(TEXTS)]
    for entry, text in zip(entries, TEXTS, strict=True):
        entry.msgstr, entry.tcomment = text, "".join(text.split("\n"))
    catalogue.save()
    ITEM.write_text(
        ITEM.read_text(encoding="utf-8").replace("belong to nobody?", "not  =  belong\u00a0to anybody?"),
        encoding="utf-8",
    )
    assert "1 changed" in run("sync").output
    assert run("translate", "ar", "--xlsx", "ar.xlsx").exit_code == 0
    return [entry.msgctxt for entry in entries]


def save(file: str, form: str, folder: Path) -> Path:
    """Open a file in LibreOffice and save it in a form; the profile is the test's own."""
    target = folder / f"saved-as-{form}"
    run = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(target),
            file,
        ],
        capture_output=True,
        check=True,
        timeout=180,
    )
    saved = target / f"{Path(file).stem}.{form}"
    assert saved.is_file(), run.stderr.decode()
    return saved


def through_libreoffice(file: str, folder: Path) -> None:
    """Save a file as .xlsx, as .ods, and as .xlsx again; the first and the last are other files than it."""
    before = Path(file).read_bytes()
    saved = save(str(save(str(save(file, "xlsx", folder)), "ods", folder)), "xlsx", folder)
    assert saved.read_bytes() != before
    shutil.copyfile(saved, file)


def fill(file: str, cells: dict[str, dict[str, str]]) -> None:
    """Write texts into the rows of a spreadsheet, by their ids and columns."""
    book = openpyxl.load_workbook(file, rich_text=True)
    for row in book["Texts"]:
        for column, text in cells.get(row[0].value, {}).items():
            cell = row[("translation", "status", "note").index(column) + 4]
            cell.value, cell.data_type = text, "s"
    book.save(file)


def test_what_libreoffice_saves_changes_nothing(names: list[str], run: Run, tmp_path: Path) -> None:
    assert STALE in names[16:]
    before = PO.read_bytes()
    shutil.copyfile(save("ar.xlsx", "xlsx", tmp_path), "saved.xlsx")
    through_libreoffice("ar.xlsx", tmp_path)
    for file in ("saved.xlsx", "ar.xlsx"):
        result = run("translate", "ar", "--import", file)
        assert result.exit_code == 0, result.output
        assert "0 taken, 43 unchanged, 0 refused" in result.output
    assert PO.read_bytes() == before


def test_what_is_written_in_libreoffice_s_file_arrives_to_the_letter(
    names: list[str], run: Run, tmp_path: Path
) -> None:
    shutil.copyfile(save("ar.xlsx", "xlsx", tmp_path), "ar.xlsx")
    # Each text gets the next one, but for what is too long and for the format's own escapes.
    others = dict(zip(names, TEXTS[1:16] + TEXTS[:1], strict=False))
    note = {"note": "= ملاحظة"}
    written = {name: {"translation": text, "status": "done", **note} for name, text in others.items()}
    fill("ar.xlsx", written | {STALE: {"status": "done"}})
    through_libreoffice("ar.xlsx", tmp_path)
    result = run("translate", "ar", "--import", "ar.xlsx")
    assert result.exit_code == 0, result.output
    assert "17 taken, 26 unchanged, 0 refused" in result.output
    entries = {entry.msgctxt: entry for entry in polib.pofile(str(PO))}
    assert {name: entries[name].msgstr for name in others} == others
    assert {entries[name].tcomment for name in others} == {"= ملاحظة"}
    assert not any("fuzzy" in entry.flags for entry in entries.values())


def test_libreoffice_keeps_what_is_locked_hidden_chosen_and_marked(
    names: list[str],  # noqa: ARG001
    tmp_path: Path,
) -> None:
    book = openpyxl.load_workbook(save("ar.xlsx", "xlsx", tmp_path), rich_text=True)
    assert book["deckgen"].sheet_state != "visible"
    texts = book["Texts"]
    assert texts.protection.sheet
    assert [cell.protection.locked for cell in texts[2]] == [True] * 4 + [False] * 3
    assert texts.auto_filter.ref == "A1:G44"
    (choice,) = texts.data_validations.dataValidation
    assert choice.formula1 == '"done,needs work"'
    assert texts["E2"].alignment.readingOrder == 2
    (stale,) = [row for row in texts if row[5].value == "stale"]
    bold = [part.text for part in stale[3].value if not isinstance(part, str) and part.font.b]
    struck = [part.text for part in stale[2].value if not isinstance(part, str) and part.font.strike]
    assert "nobody" in "".join(struck)
    assert "anybody" in "".join(bold)
