"""The command line as a whole: help, usage, errors, what it imports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import edit
from typer.testing import CliRunner, Result

import deckgen
from deckgen.cli import app

Run = Callable[..., Result]
COMMANDS = (
    "build",
    "check",
    "status",
    "diff",
    "news",
    "sync",
    "translate",
    "new",
    "outline",
    "ledger",
    "schema",
    "clean",
    "doctor",
)


def program(*arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a program of its own."""
    environment = {**os.environ, **settings}
    command = [sys.executable, "-m", "deckgen", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)


def test_the_version_is_said(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"deckgen {deckgen.__version__}\n", "")


def test_without_a_command_the_commands_are_shown(run: Run) -> None:
    result = run()
    assert result.exit_code == 2
    assert re.findall(r"(?m)^  ([a-z]+)  +\S", result.output) == list(COMMANDS)
    assert "..." not in result.output.split("Commands:")[1], "no sentence is cut off"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_command_has_help(run: Run, command: str, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = run(command, option)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: deckgen {command}") or f" {command} " in result.stdout
    assert max(map(len, result.stdout.split("\n"))) <= 80
    assert not re.search(r"<(list|str|path|bool|int)", result.stdout), "no type's name is shown to people"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["biuld"], "build"),
        (["build", "--product", "pdf"], "anki, handout, booklet"),
        (["build", "--grid", "3x"], "a7, business, and columns by rows, as in 3x4"),
        (["build", "--grid", "0x4"], "columns by rows"),
        (["build", "--flip", "side"], "'long', 'short'"),
        (["build", "--back-offset", "3"], "mm to the right and down, as in 1.5,-2"),
        (["build", "--back-offset", "1,nan"], "mm to the right and down"),
        (["build", "--back-offset", "21,0"], "20 mm are the most"),
        (["build", "--fold", "--flip", "long"], "leave out --flip and --back-offset"),
        (["build", "--fold", "--back-offset", "1,1"], "leave out --flip and --back-offset"),
        (["build", "--jobs", "0"], "--jobs"),
        (["build", "--jobs", "many"], "--jobs"),
        (["build", "--output"], "--output"),
        (["build", "--fast"], "--fast"),
        (["check", "--format", "xml"], "github"),
        (["new"], "NAME"),
        (["outline"], "FILE"),
        (["doctor", "me"], "me"),
    ],
)
def test_wrong_usage_is_told_and_is_2(
    run: Run, workspace_folder: Path, arguments: list[str], told: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
    assert not (workspace_folder / "output").exists()


def test_python_m_deckgen_is_the_same(tmp_path: Path) -> None:
    done = program("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout.decode().split()) == (0, ["deckgen", deckgen.__version__])


def imported(*arguments: str, cwd: Path) -> set[str]:
    """The packages that a run imports."""
    code = (
        "import sys; from deckgen.cli import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('\\n' + ' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=cwd, capture_output=True, check=True)
    return set(done.stdout.decode().split("\n")[-2].split())


def test_version_and_help_import_next_to_nothing(tmp_path: Path) -> None:
    for arguments in (("--version",), ("--help",), ("build", "--help")):
        seen = imported(*arguments, cwd=tmp_path)
        assert "typer" in seen, "it saw modules"
        assert not seen & {
            "yaml",
            "jinja2",
            "genanki",
            "weasyprint",
            "rich",
            "pyromark",
            "babel",
            "jsonschema_rs",
        }


def test_check_imports_no_back_end_s_library(workspace_folder: Path) -> None:
    seen = imported("check", cwd=workspace_folder)
    assert "yaml" in seen, "it saw modules"
    assert not seen & {"genanki", "weasyprint", "fontTools", "babel", "sqlite3"}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_stream_of_another_encoding_is_no_trouble(workspace_folder: Path, encoding: str) -> None:
    edit(workspace_folder / "cards/garden/items/20-town.yaml", "contrast: The town", "kontrast: «Ünï» 城市")
    for arguments in (("status",), ("check",), ("build",)):
        done = program(*arguments, cwd=workspace_folder, PYTHONIOENCODING=encoding)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert "kontrast" in (done.stdout + done.stderr).decode("utf-8")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_offered(shell: str) -> None:
    settings = {"_DECKGEN_COMPLETE": f"source_{shell}"}  # what --show-completion asks for in that shell
    done = CliRunner().invoke(app, [], prog_name="deckgen", env=settings)
    assert done.exit_code == 0
    assert "_DECKGEN_COMPLETE=complete" in done.stdout


def completed(line: str) -> list[str]:
    words = line.split(" ")
    settings = {
        "_DECKGEN_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    return CliRunner().invoke(app, [], prog_name="deckgen", env=settings).stdout.split()


def test_commands_options_and_decks_are_completed(workspace_folder: Path) -> None:
    assert workspace_folder.is_dir()
    assert completed("deckgen s") == ["status", "sync", "schema"]
    assert completed("deckgen check --format j") == ["json"]
    assert completed("deckgen build ") == ["garden"]
    assert completed("deckgen status g") == ["garden"]
    assert completed("deckgen status x") == []


def test_every_error_has_exit_code_1_and_a_line_of_help(run: Run, broken: Path) -> None:
    assert broken.is_dir()
    for arguments in (["check"], ["build"], ["status"], ["new", "garden"], ["outline", "no.txt"]):
        result = run(*arguments)
        assert result.exit_code == 1
        found = re.findall(r"(?:error|warning)\[D\d+\]: \S.*\n(?: .*\n)*? +help: \S", result.output)
        assert len(found) == result.output.count("error[") + result.output.count("warning[") > 0
