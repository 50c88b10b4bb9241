"""A year of an author and a translator, by the command line: edits, a typo, a revert, a rename, a removal.

After each step the catalogue's difference is as small as it can be, gettext accepts it, a second ``sync``
changes nothing, and no translation has moved to another card.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from examples import lay
from packages import edit
from translated import changed_lines, msgfmt, translate
from typer.testing import Result

FILE = Path("cards/garden/translations/fr.po")
NETTLES = Path("cards/garden/items/10-nettles.yaml")
ITEMS = """\
- id: plants
  question: What grew in the garden?
  answer: Nettles.
  source: nettles 1

- id: weeds
  question: What else?
  answer: Nettles.
  source: nettles 1

- id: quiz
  kind: choice
  question: Who came?
  right: Neighbours
  wrong: [Nobody, The town, The press]
  why: They needed a place.
  source: nettles 2
"""
PLANTS = "What grew in the garden?"


class Year:
    """The workspace, with the catalogue before the last step."""

    def __init__(self, run: Callable[..., Result], folder: Path) -> None:
        self.run, self.folder = run, folder
        self.before = ""
        self.owners = {"herbs": "weeds"}  # renamed
        self.time = 0

    @property
    def text(self) -> str:
        return FILE.read_text(encoding="utf-8")

    def sync(self, *options: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, tuple[int, int]]:
        """Run ``sync``, two weeks later each time; return its line and how many lines went and came."""
        self.time += 1
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_735_700_000 + self.time * 15 * 86_400))
        self.before = self.text
        first = self.run("sync", *options)
        assert first.exit_code == 0, first.output
        after = self.text
        assert self.run("sync").stdout == f"{FILE.as_posix()}: up to date\n"
        assert self.text == after
        self.hold()
        return first.stdout.removeprefix(f"{FILE.as_posix()}: ").rstrip("\n"), changed_lines(
            self.before, after
        )

    def hold(self) -> None:
        msgfmt(self.text, self.folder)
        file = polib.pofile(self.text)
        for entry in file:
            if entry.msgstr and not entry.msgctxt.startswith("@"):
                card, _, source = entry.msgstr.partition("|")
                name = entry.msgctxt.split(".")[0]
                assert card in (name, self.owners.get(name)), "no translation of another card"
                assert (
                    source == (entry.previous_msgid if entry.fuzzy else entry.msgid) or source == "Nettels."
                )

    def translate(self, *names: str) -> None:
        FILE.write_text(
            translate(self.text, *names, how=lambda e: f"{e.msgctxt.split('.')[0]}|{e.msgid}"),
            encoding="utf-8",
        )

    def status(self) -> str:
        """The last line of ``status``, with the year for the day."""
        line = re.sub(r"(\d{4})-\d\d-\d\d", r"\1", self.run("status").stdout.rstrip().split("\n")[-1])
        return re.sub(r"\s+", " ", line).removeprefix("fr Français ")


@pytest.fixture
def year(run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Year:
    lay(tmp_path, {"items/10-nettles.yaml": ITEMS.encode()})
    monkeypatch.chdir(tmp_path)
    year = Year(run, tmp_path)
    assert run("translate", "fr").stdout == f"{FILE.as_posix()}: 16 texts to translate\n"
    year.translate()
    year.sync(monkeypatch=monkeypatch)
    return year


def test_an_author_s_year(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    def sync(*options: str) -> tuple[str, tuple[int, int]]:
        return year.sync(*options, monkeypatch=monkeypatch)

    begun = year.text
    assert year.status() == "4 · · · 100 % ·"

    # February: two cards with equal words, both edited.
    edit(NETTLES, "grew in the garden?\n  answer: Nettles.", "grew in the garden?\n  answer: Tall nettles.")
    edit(NETTLES, "What else?\n  answer: Nettles.", "What else?\n  answer: Small nettles.")
    # each: its source and the other's comment; a day, a flag and the source before
    assert sync() == ("2 changed", (4, 10))
    assert year.text.count('#| msgid "Nettles."\n') == 2
    assert year.status() == "2 2 · · 50 % 2025"

    # March: the one is taken back.
    edit(NETTLES, "Tall nettles.", "Nettles.")
    assert sync() == ("1 changed back", (5, 2))
    assert year.status() == "3 1 · · 75 % 2025"

    # April: the other is translated; what remains of it is its day.
    year.translate()
    assert sync() == ("brought up to date", (1, 0))
    assert year.status() == "4 · · · 100 % ·"

    # May: a typing error is corrected.
    edit(NETTLES, "grew in the garden?\n  answer: Nettles.", "grew in the garden?\n  answer: Nettels.")
    assert sync()[0] == "1 changed"
    year.translate()
    sync()
    edit(NETTLES, "Nettels.", "Nettles.")
    assert sync("--minor", "plants.answer") == ("brought up to date", (2, 2))
    assert year.status() == "4 · · · 100 % ·"

    # June: a card is renamed.
    edit(NETTLES, "- id: weeds\n", "- id: herbs\n  renamed_from: weeds\n")
    assert sync() == ("brought up to date", (2, 2))

    # July: a card is removed; in August it comes back.
    before = year.text
    whole = NETTLES.read_text(encoding="utf-8")
    NETTLES.write_text(whole[: whole.index("- id: quiz")], encoding="utf-8")
    message, _ = sync("-l", "fr")
    assert message == "6 removed"
    assert year.text.count("#~ msgctxt") == 6
    assert year.status() == "3 · · · 100 % ·"
    NETTLES.write_text(whole, encoding="utf-8")
    assert sync()[0] == "brought up to date"
    assert year.text == before

    # September: a card at the top, and an answer at the top of a list.
    edit(
        NETTLES,
        "- id: plants",
        "- id: first\n  question: Where?\n  answer: Here.\n  source: nettles 1\n\n- id: plants",
    )
    assert sync() == ("2 new", (0, 18))
    edit(NETTLES, "[Nobody, The town, The press]", "[The police, Nobody, The town]")
    message, _ = sync()
    assert message == "1 new, 1 removed"
    entries = {entry.msgctxt: entry for entry in polib.pofile(year.text) if not entry.obsolete}
    assert [entries[f"quiz.wrong.{place}"].msgstr for place in (1, 2, 3)] == [
        "",
        "quiz|Nobody",
        "quiz|The town",
    ]
    assert year.status() == "3 1 1 · 60 % 2025"

    # October: question and answer are new, and only one of them is translated.
    year.translate()
    sync()
    edit(NETTLES, f"question: {PLANTS}\n  answer: Nettles.", "question: What stung?\n  answer: The nettles.")
    assert sync()[0] == "2 changed"
    year.translate("plants.question")
    assert sync() == ("brought up to date", (2, 1))  # one day less; “half renewed” at the other
    assert year.status().startswith("4 · 1 · · 80 %")
    result = year.run("build", "-p", "anki", "-l", "fr")
    assert "cards that are half renewed (1): plants" in result.stderr

    # November: all is as it was in spring, but for what was said since.
    year.translate()
    sync()
    assert year.status() == "5 · · · 100 % ·"
    edit(NETTLES, "question: What stung?\n  answer: The nettles.", f"question: {PLANTS}\n  answer: Nettles.")
    sync()
    year.translate()
    sync()
    plants = [part for part in year.text.split("\n\n") if 'msgctxt "plants.' in part]
    assert all(part in begun for part in plants)
