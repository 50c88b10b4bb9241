"""A ledger rebuilt from packages: what is kept, and what is no package of the deck."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import edit
from typer.testing import Result

Run = Callable[..., Result]
PACKAGE = "output/garden.en.apkg"


def test_what_is_no_package_is_told(workspace_folder: Path, run: Run) -> None:
    (workspace_folder / "essay.txt").write_text("text", encoding="utf-8")
    result = run("ledger", "--from", "essay.txt")
    assert result.exit_code == 1
    assert "essay.txt:1:1: error[D801]: this package cannot be read" in result.output


@pytest.mark.usefixtures("workspace_folder")
def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    result = run("ledger", "--from", "none.apkg")
    assert result.exit_code == 1
    assert "none.apkg:1:1: error[D801]: this package cannot be read: there is no such file" in result.output


def test_a_package_of_a_deck_that_is_not_here_is_told(workspace_folder: Path, run: Run) -> None:
    run("build", "-p", "anki")
    edit(workspace_folder / "cards/garden/deck.yaml", "id: garden", "id: orchard")
    ledger = (workspace_folder / "cards/garden/ledger.json").read_bytes()
    result = run("ledger", "--from", PACKAGE)
    assert result.exit_code == 1
    assert "error[D802]: no deck here has a note of this package" in result.output
    assert (workspace_folder / "cards/garden/ledger.json").read_bytes() == ledger


def test_other_languages_stay_and_a_broken_ledger_is_begun_anew(workspace_folder: Path, run: Run) -> None:
    run("build", "-p", "anki")
    file = workspace_folder / "cards/garden/ledger.json"
    whole = json.loads(file.read_text(encoding="utf-8"))
    other = {"de/factory": {"hash": "0" * 16, "since": "2024-01-01T00:00:00Z"}}
    file.write_text(json.dumps({"version": 1, "entries": other}), encoding="utf-8")
    assert run("ledger", "--from", PACKAGE).exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["entries"] == {**other, **whole["entries"]}
    file.write_text("<<<<<<< ours", encoding="utf-8")
    assert run("ledger", "garden", "--from", PACKAGE).exit_code == 0
    whole["shapes"]["versions"] = {}  # which no package knows
    assert json.loads(file.read_text(encoding="utf-8")) == whole


def test_what_breaks_is_found_after_a_loss_as_before(workspace_folder: Path, run: Run) -> None:
    run("build", "-p", "anki")
    (workspace_folder / "cards/garden/ledger.json").unlink()
    run("ledger", "--from", PACKAGE)
    items = workspace_folder / "cards/garden/items/10-nettles.yaml"
    edit(items, "{{c2::nettles}}", "nettles")
    edit(workspace_folder / "cards/garden/deck.yaml", "name: Garden", "name: Yard")
    result = run("check")
    assert "error[D806]: “nettle-years” has lost its gap c2" in result.output
    assert "error[D808]: the deck was called “Garden”" in result.output


def test_a_language_whose_entries_are_lost_is_not_built_and_rebuilding_is_the_way_out(
    workspace_folder: Path, run: Run
) -> None:
    run("build", "-p", "anki")
    package = (workspace_folder / PACKAGE).read_bytes()
    file = workspace_folder / "cards/garden/ledger.json"
    file.unlink()
    result = run("build", "-p", "anki")
    assert result.exit_code == 1
    assert "error[D522]" in result.output
    assert not file.exists()
    assert (workspace_folder / PACKAGE).read_bytes() == package
    assert run("ledger", "--from", PACKAGE).exit_code == 0
    assert run("build", "-p", "anki").exit_code == 0
    assert (workspace_folder / PACKAGE).read_bytes() == package


@pytest.mark.parametrize(("ahead", "told"), [(86_400, False), (86_401, True)])
def test_a_clock_that_runs_backwards_is_told_and_the_build_goes_on(
    workspace_folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, ahead: int, told: bool
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_750_000_000 + ahead))
    run("build", "-p", "anki")
    package = (workspace_folder / PACKAGE).read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    result = run("build", "-p", "anki", "--no-cache")
    assert result.exit_code == 0
    assert ("warning[D521]: the ledger is ahead of the clock" in result.output) is told
    assert (workspace_folder / PACKAGE).read_bytes() == package
    assert "D521" not in run("build", "-p", "anki", "--frozen", "--no-cache").output, "it asks no clock"
