"""``deckgen check`` and ``status``: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from packages import edit
from typer.testing import Result

from deckgen.diagnostics import codes

Run = Callable[..., Result]


def test_check_says_that_all_is_well(run: Run, workspace_folder: Path) -> None:
    result = run("check")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "garden: 9 items, no errors\n", "")
    assert not (workspace_folder / "output").exists()
    assert not (workspace_folder / "cards/garden/ledger.json").exists()


def test_check_shows_the_place_and_the_way_out(run: Run, broken: Path) -> None:
    result = run("check", "garden")
    assert broken.is_dir()
    assert result.exit_code == 1
    assert "\x1b[" not in result.output, "no colour in a pipe"
    assert result.stdout == (
        'cards/garden/items/20-town.yaml:16:3: error[D103]: unknown field "kontrast"\n'
        "    16 |   kontrast: The town\n"
        "       |   ^^^^^^^^\n"
        '   help: did you mean "contrast"?\n'
        f"cards/garden/items/ideas.txt:1:1: warning[D210]: {codes.STRAY_FILE.message}\n"
        f"   help: {codes.STRAY_FILE.hint}\n"
        "1 error, 1 warning\n"
    )


def test_check_as_json(run: Run, broken: Path) -> None:
    result = run("check", "--format", "json")
    assert broken.is_dir()
    assert result.exit_code == 1
    assert result.stderr == ""
    found = json.loads(result.stdout)
    assert [(one["code"], one["level"]) for one in found] == [("D103", "error"), ("D210", "warning")]
    assert found[0] == {
        "code": "D103",
        "level": "error",
        "message": 'unknown field "kontrast"',
        "help": 'did you mean "contrast"?',
        "file": "cards/garden/items/20-town.yaml",
        "line": 16,
        "column": 3,
        "end_line": 16,
        "end_column": 11,
    }


def test_check_as_json_without_findings_is_an_empty_list(run: Run, workspace_folder: Path) -> None:
    assert workspace_folder.is_dir()
    assert json.loads(run("check", "--format", "json").stdout) == []


def test_a_faulty_kind_is_told_in_the_format_that_is_asked_for(run: Run, workspace_folder: Path) -> None:
    own = workspace_folder / "templates" / "kinds" / "term"
    own.mkdir(parents=True)
    (own / "kind.yaml").write_text("label: Term\n", encoding="utf-8")
    result = run("check", "--format", "json")
    assert result.exit_code == 1
    assert {one["code"] for one in json.loads(result.stdout)} == {"D102"}
    assert "error[D102]" in run("build").stderr


def test_check_for_github(run: Run, broken: Path) -> None:
    edit(broken / "cards/garden/items/20-town.yaml", "source: town 1\n  when", "source: 'town,1%: x'\n  when")
    result = run("check", "--format", "github")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "::error file=cards/garden/items/20-town.yaml,line=16,col=3,endLine=16,endColumn=11,title=D103::"
        'unknown field "kontrast" (did you mean "contrast"?)'
    )
    assert all(re.match(r"::(error|warning) file=[^:,]+,line=\d+,col=\d+[^:]*::\S", line) for line in lines)
    assert any('"town,1%25: x"' in line for line in lines)
    assert run("check", "garden", "--format", "github").stderr == ""


def test_check_for_github_without_findings_is_silent(run: Run, workspace_folder: Path) -> None:
    assert workspace_folder.is_dir()
    result = run("check", "--format", "github")
    assert (result.exit_code, result.output) == (0, "")


def test_check_with_a_copy_of_the_essay(run: Run, workspace_folder: Path) -> None:
    copy = workspace_folder / "cards/garden/essay.txt"
    result = run("check", "--essay", copy)
    assert (result.exit_code, result.stdout) == (
        0,
        "garden: 3 of 3 paragraphs found in cards/garden/essay.txt\n",
    )
    edit(copy, "some neighbours", "many neighbours")
    result = run("check", "--essay", copy)
    assert result.exit_code == 1
    assert "error[D401]: nettles 1 reads differently" in result.stdout
    assert result.stdout.endswith("garden: 2 of 3 paragraphs found in cards/garden/essay.txt\n")
    assert run("check", "--essay", "nowhere.txt").exit_code == 1


def test_check_leaves_the_reader_s_copy_alone_and_keeps_none_of_it(run: Run, workspace_folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in workspace_folder.rglob("*")}
    run("check", "--essay", workspace_folder / "cards/garden/essay.txt")
    assert {path: path.stat().st_mtime_ns for path in workspace_folder.rglob("*")} == before


def test_status_is_the_golden_one(
    run: Run, workspace_folder: Path, golden: Callable[[str, str], None]
) -> None:
    assert workspace_folder.is_dir()
    result = run("status")
    assert result.exit_code == 0
    golden("cli/status.txt", "\n".join(line.rstrip() for line in result.stdout.split("\n")))


def test_status_shows_the_good_decks_and_tells_of_the_others(run: Run, broken: Path) -> None:
    assert broken.is_dir()
    run("new", "orchard")
    result = run("status")
    assert result.exit_code == 1
    assert result.stdout.startswith("orchard: 2 of 2 paragraphs")
    assert "error[D103]" in result.stderr
    assert "warning" not in result.stderr


def test_status_of_two_decks_keeps_them_apart(run: Run, workspace_folder: Path) -> None:
    assert workspace_folder.is_dir()
    run("new", "orchard")
    result = run("status", "orchard", "garden")
    titles = [line for line in result.stdout.split("\n") if " paragraphs, " in line]
    assert [title.split(":")[0] for title in titles] == ["orchard", "garden"]
    assert "\n\ngarden: " in result.stdout
