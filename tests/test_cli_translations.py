"""``deckgen translate`` and ``sync``, and what other commands say of translations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import edit
from translated import translate
from typer.testing import Result

Run = Callable[..., Result]
FR = "cards/garden/translations/fr.po"


@pytest.fixture
def french(run: Run, workspace_folder: Path) -> Path:
    """The garden in French; its catalogue."""
    assert run("translate", "fr").exit_code == 0
    file = workspace_folder / FR
    file.write_text(translate(file.read_text(encoding="utf-8")), encoding="utf-8")
    assert run("sync").exit_code == 0
    return file


def test_a_language_is_begun_where_there_is_none(run: Run, workspace_folder: Path) -> None:
    run("new", "orchard")
    first = run("translate", "fr", "orchard")
    assert re.fullmatch(r"cards/orchard/translations/fr\.po: \d+ texts to translate\n", first.stdout)
    assert (first.exit_code, first.stderr) == (0, "")
    assert not (workspace_folder / FR).exists()
    second = run("translate", "fr")
    assert re.fullmatch(
        rf"{re.escape(FR)}: \d+ texts to translate\ncards/orchard/translations/fr\.po: is there already\n",
        second.stdout,
    )


def test_no_language_is_begun_in_a_deck_with_errors(run: Run, broken: Path) -> None:
    result = run("translate", "fr")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[D103]" in result.stderr
    assert not (broken / FR).exists()


@pytest.mark.usefixtures("workspace_folder")
def test_a_spreadsheet_is_written_or_read_and_of_one_deck(run: Run) -> None:
    run("new", "orchard")
    both = run("translate", "fr", "garden", "--xlsx", "a.xlsx", "--import", "a.xlsx")
    assert (both.exit_code, "not both" in both.stderr) == (2, True)
    two = run("translate", "fr", "--xlsx", "a.xlsx")
    assert (two.exit_code, "garden, orchard" in two.stderr) == (2, True)


def test_sync_tells_what_changed_in_each_catalogue(run: Run, french: Path) -> None:
    edit(french.parent.parent / "items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    run("translate", "ar")
    assert run("sync", "-l", "ar").stdout == "cards/garden/translations/ar.po: up to date\n"
    assert run("sync").stdout == f"cards/garden/translations/ar.po: up to date\n{FR}: 1 changed\n"
    assert run("sync", "-l", "fr").stdout == f"{FR}: up to date\n"


def test_sync_in_a_language_that_does_not_exist_is_told(run: Run, french: Path) -> None:
    before = french.read_bytes()
    result = run("sync", "-l", "uk", "-l", "fr")
    assert (result.exit_code, result.stdout) == (1, f"{FR}: up to date\n")
    assert "error[D506]" in result.stderr
    assert french.read_bytes() == before


def test_sync_of_decks_with_errors_writes_nothing(run: Run, french: Path) -> None:
    edit(french.parent.parent / "items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    edit(french.parent.parent / "items/20-town.yaml", "contrast: The town", "kontrast: The town")
    before = french.read_bytes()
    result = run("sync")
    assert (result.exit_code, result.stdout) == (1, "")
    assert french.read_bytes() == before


def test_a_minor_change_is_not_marked_in_any_of_the_decks(run: Run, french: Path) -> None:
    run("new", "orchard")
    run("translate", "fr", "orchard")
    edit(french.parent.parent / "items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    result = run("sync", "--minor", "factory.hint", "--minor", "garden-owner.answer")
    assert result.exit_code == 0, result.output
    assert "fuzzy" not in french.read_text(encoding="utf-8")
    wrong = run("sync", "--minor", "factory.hint", "--minor", "factory.hnit")
    assert wrong.exit_code == 1
    assert "did you mean “factory.hint”?" in wrong.stderr


def test_check_reads_the_translations_too(run: Run, french: Path) -> None:
    assert run("check").stdout == "garden: 9 items, no errors\ngarden: fr: 9 of 9 cards current\n"
    text = french.read_text(encoding="utf-8")
    french.write_text(text.replace('msgstr "leave.question: ', 'msgstr "{{c1::', 1), encoding="utf-8")
    result = run("check", "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert {one["file"] for one in found} == {FR}
    assert {(one["code"], one["level"]) for one in found} >= {("D303", "error"), ("D610", "warning")}
    assert run("build", "-p", "anki", "-l", "fr").exit_code == 0, "it costs the card, not the build"


def test_check_against_the_essay_leaves_translations_alone(run: Run, french: Path) -> None:
    french.write_text("nonsense", encoding="utf-8")
    assert run("check", "--essay", french.parent.parent / "essay.txt").exit_code == 0


def test_status_shows_the_languages_and_is_1_if_one_cannot_be_used(run: Run, french: Path) -> None:
    result = run("status")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.rstrip().split("\n")[-1].split() == ["fr", "Français", "9", *"···", "100", "%", "·"]
    french.write_text("nonsense", encoding="utf-8")
    result = run("status")
    assert result.exit_code == 1
    assert "cannot be used" in result.stdout
    assert "error[D601]" in result.stderr


def test_status_as_json_is_json_and_nothing_else(run: Run, french: Path) -> None:
    edit(french.parent.parent / "items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    result = run("status", "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    (deck,) = json.loads(result.stdout)["decks"]
    (row,) = deck["translations"]
    assert row["cards"] == {"current": 8, "stale": 1, "mixed": 0, "missing": 0, "failed": 0}
    assert row["waiting"] == {"stale": ["factory"]}
    assert json.loads(run("status", "--format", "json", "garden").stdout)["decks"] == [deck]


@pytest.mark.parametrize("policy", ["keep-old", "skip", "source"])
def test_a_build_takes_a_policy_and_a_draft_says_so_in_its_name(run: Run, french: Path, policy: str) -> None:
    result = run("build", "-p", "anki", "-l", "fr", "--draft", "--stale", policy)
    assert result.exit_code == 0, result.output
    assert re.search(r"(?m)^output/garden\.fr\.draft\.apkg +\d+ kB$", result.stdout)
    assert not (french.parent.parent / "ledger.json").exists()


@pytest.mark.usefixtures("workspace_folder")
def test_a_policy_that_does_not_exist_is_wrong_usage(run: Run) -> None:
    result = run("build", "--stale", "sometimes")
    assert result.exit_code == 2
    assert "keep-old" in result.stderr


def test_a_language_is_begun_once_however_its_tag_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("new", "garden")
    assert run("translate", "PT-br").exit_code == 0
    assert "pt-BR.po: is there already" in run("translate", "pt-BR").stdout
    (file,) = tmp_path.glob("cards/*/translations/*")
    assert file.name == "pt-BR.po"
    file.rename(file.with_name("pt-br.po"))  # as somebody wrote it by hand
    assert "pt-br.po: is there already" in run("translate", "pt-BR").stdout
    assert [file.name for file in tmp_path.glob("templates/locale/*")] == ["pt-BR.po"]


def test_the_words_of_a_deck_s_own_language_are_begun(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("new", "klingon", "--language", "tlh")
    result = run("translate", "tlh")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("templates/locale/tlh.po: ")
    assert not list(tmp_path.glob("cards/*/translations/tlh.po"))
