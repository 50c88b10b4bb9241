"""How current a deck's languages are, as rows, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import EPOCH
from examples import lay, whole_catalogue
from packages import edit
from rich.console import Console

from deckgen import pipeline, standing, survey
from deckgen.model import Deck
from deckgen.pipeline import Loaded
from deckgen.progress import languages_table
from deckgen.translate.localize import Standing

STALE = """\
#. stale since 2025-06-01
#, fuzzy
#| msgid "Weeds."
msgctxt "nettles.answer"
msgid "Nettles."
msgstr "Herbes."
"""
NEW = '#. new since 2025-05-01\nmsgctxt "town-plan.answer"\nmsgid "To sell the ground."\nmsgstr ""\n'
MIXED = STALE.replace("2025-06-01", "2025-06-01, half renewed")


def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **catalogues: str) -> Loaded:
    files = {
        f"translations/{tag}.po": (
            whole_catalogue(entries).replace("Language: fr", f"Language: {tag}")
            if "msgctxt" in entries or not entries
            else entries
        ).encode()
        for tag, entries in catalogues.items()
    }
    lay(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    workspace = pipeline.open_workspace(Path()).value
    return pipeline.translated(workspace, pipeline.load(workspace, Path("cards/garden")), EPOCH)


def printed(rows: tuple[standing.Row, ...]) -> list[str]:
    console = Console(width=90, record=True)
    with console.capture() as capture:
        console.print(languages_table(rows))
    return [line.rstrip() for line in capture.get().split("\n")]


def test_a_row_counts_cards_and_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row, *_ = standing.rows(loaded(tmp_path, monkeypatch, fr=f"{STALE}\n{NEW}"))
    assert (row.tag, row.name, row.since) == ("fr", "Français", "2025-05-01")
    assert dict(row.cards) == {each: int(each in ("stale", "missing")) for each in Standing}
    assert dict(row.messages) == {Standing.CURRENT: 6, Standing.STALE: 1, Standing.MISSING: 1}
    assert row.waiting[Standing.STALE] == ("nettles",)
    assert row.waiting[Standing.MISSING] == ("town-plan",)
    assert Standing.CURRENT not in row.waiting
    assert row.warnings == 0


def test_the_table_has_a_row_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = loaded(tmp_path, monkeypatch, ar="", es="nonsense", fr=f"{STALE}\n{NEW}")
    assert printed(standing.rows(deck)) == [
        "translations, by cards",
        "language      current  stale  missing  failed                  since",
        "─────────────────────────────────────────────────────────────────────────",
        "ar  العربية         2      ·        ·       ·           100 %  ·",
        "es  Español                                    cannot be used",
        "fr  Français        ·      1        1       ·             0 %  2025-05-01",
        "",
    ]


def test_mixed_cards_have_a_column_where_there_are_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = printed(standing.rows(loaded(tmp_path, monkeypatch, fr=MIXED)))[1]
    assert head.split() == ["language", "current", "stale", "mixed", "missing", "failed", "since"]


@pytest.mark.parametrize(
    ("entries", "line"),
    [
        ("", "fr: 2 of 2 cards current"),
        (STALE, "fr: 1 of 2 cards current"),
        ("nonsense", "fr: cannot be used"),
    ],
)
def test_a_language_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: str, line: str
) -> None:
    (translation,) = loaded(tmp_path, monkeypatch, fr=entries).translations
    assert translation.line == line


def test_json_for_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = loaded(tmp_path, monkeypatch, es="nonsense", fr=f"{STALE}\n{NEW}")
    (found,) = json.loads(standing.as_json([deck]))["decks"]
    assert (found["deck"], found["language"], found["items"]) == ("garden", "en", {"question": 2})
    assert [each["paragraph"] for each in found["paragraphs"]] == ["nettles 1", "nettles 2", "town 1"]
    broken, french = found["translations"]
    assert broken == {
        "language": "es",
        "name": "Español",
        "cards": {},
        "messages": {},
        "since": None,
        "waiting": {},
        "warnings": 0,
    }
    assert french == {
        "language": "fr",
        "name": "Français",
        "cards": {"current": 0, "stale": 1, "mixed": 0, "missing": 1, "failed": 0},
        "messages": {"current": 6, "stale": 1, "mixed": 0, "missing": 1, "failed": 0},
        "since": "2025-05-01",
        "waiting": {"stale": ["nettles"], "missing": ["town-plan"]},
        "warnings": 0,
    }


# Verdicts -----------------------------------------------------------------------------

Judge = Callable[[], tuple[list[standing.Verdict], list[str]]]


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Give a deck's verdicts, and the languages that were looked at for them."""
    loaded(tmp_path, monkeypatch, fr="", it="")
    read: list[str] = []
    real = survey.read

    def counted(file: Path, tag: str, deck: Deck) -> object:
        read.append(tag)
        return real(file, tag, deck)

    monkeypatch.setattr(survey, "read", counted)

    def run() -> tuple[list[standing.Verdict], list[str]]:
        read.clear()
        workspace = pipeline.open_workspace(Path()).value
        deck = pipeline.load(workspace, Path("cards/garden"))
        return list(standing.verdicts(workspace, deck, EPOCH)), list(read)

    return run


def test_a_translation_with_nothing_to_say_of_is_looked_at_once(judge: Judge) -> None:
    first, read = judge()
    assert [verdict.line for verdict in first] == ["fr: 2 of 2 cards current", "it: 2 of 2 cards current"]
    assert [verdict.diagnostics for verdict in first] == [(), ()]
    assert read == ["fr", "it"]
    again, read = judge()
    assert [verdict.line for verdict in again] == [verdict.line for verdict in first]
    assert read == []


def test_a_changed_translation_is_looked_at_and_what_is_found_is_told_each_time(judge: Judge) -> None:
    judge()
    edit(Path("cards/garden/translations/fr.po"), '"Des orties."', '"<b>Des orties."')
    for _ in range(2):
        verdicts, read = judge()
        assert read == ["fr"]
        assert verdicts[0].diagnostics != ()
        assert verdicts[1].diagnostics == ()


def test_a_changed_card_has_every_translation_looked_at(judge: Judge) -> None:
    judge()
    edit(Path("cards/garden/items/10-nettles.yaml"), "Nettles.", "Weeds.")
    verdicts, read = judge()
    assert read == ["fr", "it"]
    assert all(verdict.diagnostics for verdict in verdicts)
