"""Catalogues on disk, held against the cards: what is said of them, and what each fault costs."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
from examples import lay, whole_catalogue
from packages import edit

from deckgen import pipeline, survey
from deckgen.diagnostics import Diagnostic, Level
from deckgen.model import Policy
from deckgen.survey import Translation
from deckgen.translate.localize import Standing

TODAY = datetime.date(2025, 6, 15)
ANSWER = 'msgctxt "nettles.answer"\nmsgid "Nettles."\n'
FR = "cards/garden/translations/fr.po"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small deck in French."""
    lay(tmp_path, {"translations/fr.po": whole_catalogue("").encode()})
    monkeypatch.chdir(tmp_path)
    return tmp_path / "cards" / "garden"


def surveyed(folder: Path, entries: str | None = None, today: datetime.date = TODAY) -> Translation:
    """Read the French catalogue, with other entries if they are given."""
    if entries is not None:
        (folder / "translations/fr.po").write_text(whole_catalogue(entries), encoding="utf-8")
    workspace = pipeline.open_workspace(Path()).value
    deck = pipeline.load(workspace, folder).deck
    assert deck is not None
    kinds = {kind.name: kind for kind in workspace.kinds}
    (found,) = survey.survey(folder, deck, kinds, frozenset({"gate.svg"}), today, ("fr",))
    return found


def told(found: Translation) -> list[str]:
    return [one.code.id for one in found.diagnostics]


def standing(found: Translation, name: str = "nettles") -> Standing:
    assert found.localized is not None
    return found.localized.cards[name].standing


def remarks(found: Translation, policy: Policy) -> list[Diagnostic]:
    return list(found.remarks(policy))


def test_of_a_good_catalogue_nothing_is_said(folder: Path) -> None:
    found = surveyed(folder)
    assert told(found) == []
    assert remarks(found, Policy.KEEP_OLD) == []
    assert standing(found) is Standing.CURRENT


def test_the_languages_of_a_deck_are_its_catalogues(folder: Path) -> None:
    for name in ("ar.po", "de-simple.po", ".hidden.po", "notes.txt", "fr.po~"):
        (folder / "translations" / name).write_text("", encoding="utf-8")
    assert survey.tags(folder) == ("ar", "de-simple", "fr")
    shutil.rmtree(folder / "translations")
    assert survey.tags(folder) == ()


# What a fault costs -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("[des orties](file:///etc/passwd)", "D305"),
        ("![](gate.svg)", "D309"),
        ("![une porte](porte.svg)", "D307"),
        ("Des {{c1::orties}}.", "D303"),
        ("Des $\\\\(x orties", "D311"),
    ],
)
def test_an_error_costs_the_card_and_points_at_its_words(folder: Path, words: str, code: str) -> None:
    found = surveyed(folder, f'{ANSWER}msgstr "{words}"\n')
    (error,) = [one for one in found.diagnostics if one.code.id == code]
    assert error.level is Level.ERROR
    assert all(one.code.id > "D619" for one in found.diagnostics if one is not error), "what pairs are told"
    assert words[:4] in found.source.lines()[error.span.line - 1]
    assert standing(found) is Standing.FAILED
    assert standing(found, "town-plan") is Standing.CURRENT
    assert [one.code.id for one in remarks(found, Policy.KEEP_OLD)] == ["D610"]


def test_a_warning_costs_nothing(folder: Path) -> None:
    found = surveyed(folder, f'{ANSWER}msgstr "Des <b>orties</b>."\n')
    assert told(found) == ["D304"]
    assert standing(found) is Standing.CURRENT


def test_an_error_in_the_deck_s_own_texts_costs_these_words_alone(folder: Path) -> None:
    edit(folder / "deck.yaml", "language: en", "description: Small.\nlanguage: en")
    entry = 'msgctxt "@deck.description"\nmsgid "Small."\nmsgstr "[petit](file:///x)."\n'
    found = surveyed(folder, entry)
    assert told(found) == ["D613", "D305"]
    assert found.localized is not None
    built = found.localized.built(Policy.KEEP_OLD)
    assert built.description == "Small."
    assert len(built.items) == 2


def test_what_is_remarkable_in_the_source_is_not_said_of_each_language(folder: Path) -> None:
    edit(folder / "deck.yaml", "language: en", "description: A ** small** <b>deck</b>.\nlanguage: en")
    entry = 'msgctxt "@deck.description"\nmsgid "A ** small** <b>deck</b>."\nmsgstr ""\n'
    assert told(surveyed(folder, entry)) == ["D613"]


def test_a_card_that_lacks_a_text_is_missing_even_if_another_has_an_error(folder: Path) -> None:
    question = 'msgctxt "nettles.question"\nmsgid "What grew in the garden?"\nmsgstr "{{c1::a}}?"\n'
    assert standing(surveyed(folder, f'{question}\n{ANSWER}msgstr ""\n')) is Standing.MISSING


def test_two_cards_whose_translations_ask_the_same_are_told(folder: Path) -> None:
    same = "Qu’est-ce qui poussait dans le jardin ?"
    entry = f'msgctxt "town-plan.question"\nmsgid "What does the town want to do?"\nmsgstr "{same}"\n'
    found = surveyed(folder, entry)
    assert told(found) == ["D212"]
    assert standing(found, "town-plan") is Standing.CURRENT


# A catalogue that cannot be used ------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"nonsense", "D601"), (b"\xff\xfea", "D003"), (b'msgid "\xe9"', "D003"), (b"\0\0\0", "D601")],
)
def test_a_catalogue_that_cannot_be_read_is_told(folder: Path, data: bytes, code: str) -> None:
    (folder / "translations/fr.po").write_bytes(data)
    found = surveyed(folder)
    assert told(found) == [code]
    assert found.localized is None
    assert remarks(found, Policy.KEEP_OLD) == []


def test_one_that_is_not_there_is_told(folder: Path) -> None:
    (folder / "translations/fr.po").unlink()
    assert told(surveyed(folder)) == ["D001"]


# Old and unsynced ---------------------------------------------------------------------


@pytest.mark.parametrize(("days", "expected"), [(90, []), (91, ["D612"])])
def test_a_text_that_has_been_stale_for_more_than_three_months_is_told(
    folder: Path, days: int, expected: list[str]
) -> None:
    entry = f'#. stale since 2025-06-15\n#, fuzzy\n#| msgid "Weeds."\n{ANSWER}msgstr "Herbes."\n'
    found = surveyed(folder, entry, TODAY + datetime.timedelta(days=days))
    assert told(found) == expected


def test_a_text_that_is_new_is_never_old(folder: Path) -> None:
    entry = f'#. new since 2001-01-01\n{ANSWER}msgstr ""\n'
    assert told(surveyed(folder, entry)) == []


def test_what_the_catalogue_does_not_know_yet_is_named(folder: Path) -> None:
    edit(folder / "items/10-nettles.yaml", "answer: Nettles.", "answer: Weeds.\n  hint: Look.")
    found = surveyed(folder, 'msgctxt "gone.answer"\nmsgid "G"\nmsgstr "P"\n')
    assert told(found) == ["D607"]
    assert found.diagnostics[0].args["names"] == "nettles.answer, nettles.hint, gone.answer"
    assert standing(found) is Standing.STALE


@pytest.mark.parametrize(("count", "expected"), [(1, "a0"), (12, ", ".join(f"a{n}" for n in range(12)))])
def test_names_are_listed(count: int, expected: str) -> None:
    assert survey.names([f"a{number}" for number in range(count)]) == expected


def test_of_many_names_the_first_are_listed() -> None:
    assert survey.names([f"a{number}" for number in range(100)]).endswith("a10, a11 and 88 more")


# Remarks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "stale", "missing"),
    [
        (Policy.KEEP_OLD, "their last whole translation is built", "they are left out"),
        (Policy.SKIP, "they are left out", "they are left out"),
        (Policy.SOURCE, "the source's words stand in for them", "the source's words stand in for them"),
    ],
)
def test_remarks_name_the_cards_and_say_what_becomes_of_them(
    folder: Path, policy: Policy, stale: str, missing: str
) -> None:
    town = 'msgctxt "town-plan.answer"\nmsgid "To sell the ground."\nmsgstr ""\n'
    found = surveyed(folder, f'{town}\n#, fuzzy\n#| msgid "Weeds."\n{ANSWER}msgstr "Herbes."\n')
    first, second = remarks(found, policy)
    assert (first.code.id, first.args["names"], first.args["done"]) == ("D608", "nettles", stale)
    assert (second.code.id, second.args["names"], second.args["done"]) == ("D609", "town-plan", missing)
    assert first.span.file == FR
    assert "Français" in first.text()
