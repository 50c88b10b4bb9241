"""``deckgen new``, ``outline``, ``schema``, ``doctor``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from deckgen import doctor

Run = Callable[..., Result]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_new_deck_is_good_at_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("new", "first", "--language", language)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "cards/first/deck.yaml" in result.stdout.splitlines()
    assert result.stdout.endswith("Now: deckgen build\n")
    checked = run("check")
    assert (checked.exit_code, checked.stdout) == (0, "first: 6 items, no errors\n")
    assert run("build", "-p", "anki").exit_code == 0
    assert (tmp_path / f"output/first.{language}.apkg").is_file()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["garden"], "D503"), (["Größe"], "D108"), (["../x"], "D108"), (["x", "-l", "?"], "D111")],
)
def test_new_touches_nothing_when_it_cannot(
    run: Run, workspace_folder: Path, arguments: list[str], code: str
) -> None:
    before = sorted(workspace_folder.rglob("*"))
    result = run("new", *arguments)
    assert result.exit_code == 1
    assert f"error[{code}]" in result.stderr
    assert sorted(workspace_folder.rglob("*")) == before


def test_outline_prints_what_essay_yaml_needs(run: Run, workspace_folder: Path) -> None:
    deck = workspace_folder / "cards/garden"
    result = run("outline", deck / "essay.txt")
    assert result.exit_code == 0
    fingerprints = re.findall(r"\{sha256.*\}", result.stdout)
    assert fingerprints == re.findall(r"\{sha256.*\}", (deck / "essay.yaml").read_text(encoding="utf-8"))
    assert "nettles grew" not in result.stdout


def test_outline_of_a_text_without_numbers(run: Run, workspace_folder: Path) -> None:
    text = workspace_folder / "plain.txt"
    text.write_text("Once upon a time\n", encoding="utf-8")
    result = run("outline", text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[D405]" in result.stderr


def test_schema_writes_the_three_schemas(run: Run, workspace_folder: Path) -> None:
    result = run("schema")
    names = ["cards/schema/deck.json", "cards/schema/essay.json", "cards/schema/items.json"]
    assert (result.exit_code, result.stdout.split()) == (0, names)
    for name in names:
        assert json.loads((workspace_folder / name).read_text(encoding="utf-8"))["$schema"]
    assert run("schema", "-o", "elsewhere").exit_code == 0
    assert (workspace_folder / "elsewhere/items.json").is_file()
    (workspace_folder / "file").touch()
    result = run("schema", "--output", "file")
    assert result.exit_code == 1
    assert "error[D503]" in result.stderr


def findings(pango: bool, subset: bool) -> tuple[doctor.Finding, ...]:
    return (
        doctor.Finding("Python", True, "3.12.1"),
        doctor.Finding("Pango", pango, "installed" if pango else "missing: no PDFs without it"),
        doctor.Finding("HarfBuzz subset", subset, "installed" if subset else "missing", needed=False),
    )


@pytest.mark.parametrize(
    ("pango", "subset", "code", "command"),
    [(True, True, 0, False), (True, False, 0, True), (False, True, 1, True)],
)
def test_doctor_names_the_command_that_mends(
    run: Run, monkeypatch: pytest.MonkeyPatch, pango: bool, subset: bool, code: int, command: bool
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda _output: findings(pango, subset))
    monkeypatch.setattr(doctor, "platform", lambda: "fedora")
    result = run("doctor")
    assert result.exit_code == code
    assert ("dnf install pango" in result.stdout) is command
    assert [line.split("  ")[0] for line in result.stdout.splitlines()[:3]] == [
        "Python",
        "Pango",
        "HarfBuzz subset",
    ]
