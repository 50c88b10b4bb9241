"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import edit
from translated import translate
from typer.testing import CliRunner, Result

import deckgen
from deckgen import doctor, files, pipeline
from deckgen.cli import app
from deckgen.diagnostics import codes
from deckgen.model import Flip, Paper
from deckgen.pipeline import building

Run = Callable[..., Result]
ROWS = [
    ("garden.en.apkg", r"\d+ kB"),
    ("garden.en.update.tsv", r"\d+ kB"),
    ("garden.en.handout.pdf", r"\d+ kB"),
    ("garden.en.booklet.pdf", r"\d+ kB"),
    ("garden.en.quiz.pdf", r"\d+ kB"),
    ("garden.en.quiz-key.pdf", r"\d+ kB"),
    ("garden.en.guide.pdf", r"\d+ kB"),
    ("garden.en.poster.pdf", r"\d+ kB"),
    ("garden.en.cards.long-edge.pdf", r"\d+ kB"),
    ("garden.en.cards.long-edge.test.pdf", r"\d+ kB"),
]
COLOUR = "\x1b["
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


@pytest.fixture
def broken(workspace_folder: Path) -> Path:
    """The garden with one error and one warning."""
    items = workspace_folder / "cards/garden/items"
    (items / "ideas.txt").write_text("Ask about the fence.\n", encoding="utf-8")
    edit(items / "20-town.yaml", "contrast: The town", "kontrast: The town")
    return workspace_folder


# The whole ----------------------------------------------------------------------------


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


# build --------------------------------------------------------------------------------


def test_build_ends_with_a_table_of_files(run: Run, workspace_folder: Path) -> None:
    result = run("build")
    assert result.exit_code == 0, result.output
    head, rule, *rows = result.stdout.rstrip("\n").split("\n")
    assert head.split() == ["file", "size"]
    assert set(rule) == {"─"}
    assert len(rows) == len(ROWS)
    for row, (name, size) in zip(rows, ROWS, strict=True):
        assert re.fullmatch(rf"output/{re.escape(name)} +{size}", row)
        assert (workspace_folder / "output" / name).is_file()
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "paper"),
    [
        ((), Paper()),
        (("--grid", "3x4", "--flip", "short"), Paper(grid="3x4", flip=Flip.SHORT)),
        (("--back-offset", "-1.5, 2"), Paper(offset=(-1.5, 2))),
        (("--fold", "--grid", "business"), Paper(grid="business", flip=Flip.FOLD)),
    ],
)
def test_a_build_is_told_how_cards_are_cut(
    run: Run,
    workspace_folder: Path,
    arguments: tuple[str, ...],
    paper: Paper,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert workspace_folder.is_dir()
    seen: list[Paper] = []

    def build(_w: object, _l: object, options: pipeline.Options, *_: object) -> pipeline.Outcome:
        seen.append(options.sheet)
        return pipeline.Outcome()

    monkeypatch.setattr(building, "build", build)
    assert run("build", "-p", "cards", *arguments).exit_code == 0
    assert seen == [paper]


def test_build_is_quiet_in_a_pipe(run: Run, workspace_folder: Path) -> None:
    result = run("build", "-p", "anki")
    assert workspace_folder.is_dir()
    assert COLOUR not in result.output
    assert "\r" not in result.output
    assert len(result.stdout.splitlines()) == 4


def test_no_line_is_broken_in_a_pipe(run: Run, workspace_folder: Path) -> None:
    folder = "a-folder-with-a-long-name/" * 8
    result = run("build", "-p", "anki", "-o", folder)
    assert workspace_folder.is_dir()
    assert f"{folder}garden.en.apkg" in result.stdout


def test_build_takes_decks_languages_products_and_a_folder(run: Run, workspace_folder: Path) -> None:
    result = run("build", "garden", "-l", "en", "-p", "anki", "-o", "elsewhere", "-j", "1")
    assert result.exit_code == 0
    assert {path.name for path in (workspace_folder / "elsewhere").iterdir()} == {
        "garden.en.apkg",
        "garden.en.update.tsv",
    }
    assert not (workspace_folder / "output").exists()
    result = run("build", "garden", "--language", "fr")
    assert result.exit_code == 1
    assert 'does not exist in "fr"' in result.stderr


def test_build_tells_errors_and_builds_what_it_can(run: Run, broken: Path) -> None:
    result = run("new", "orchard")
    result = run("build", "-p", "anki")
    assert result.exit_code == 1
    assert "cards/garden/items/20-town.yaml:16:3: error[D103]" in result.stderr
    assert "1 error, 1 warning" in result.stderr
    assert "output/orchard.en.apkg" in result.stdout
    assert not (broken / "output/garden.en.apkg").exists()


def test_build_with_warnings_is_good(run: Run, workspace_folder: Path) -> None:
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "source: nettles 2", "source: nettles 1")
    result = run("build", "-p", "anki")
    assert result.exit_code == 0
    assert "warning[D208]" in result.stderr
    assert "garden.en.apkg" in result.stdout


def test_build_frozen(run: Run, workspace_folder: Path) -> None:
    result = run("build", "-p", "anki", "--frozen")
    assert result.exit_code == 1
    assert "error[D502]" in result.stderr
    assert run("build", "-p", "anki").exit_code == 0
    assert run("build", "-p", "anki", "--frozen").exit_code == 0
    assert (workspace_folder / "cards/garden/ledger.json").is_file()


def test_build_without_any_deck(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("build")
    assert result.exit_code == 1
    assert "error[D206]" in result.stderr
    assert "deckgen new" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_deck_stops_no_other(run: Run, workspace_folder: Path) -> None:
    result = run("build", "gardn", "garden", "-p", "anki")
    assert result.exit_code == 1
    assert "did you mean “garden”?" in result.stderr
    assert (workspace_folder / "output/garden.en.apkg").is_file()


def test_an_interruption_leaves_no_part_of_a_file(
    run: Run, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(workspace_folder.rglob("*"))

    def interrupted(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    result = run("build", "-p", "anki")
    assert result.exit_code not in (0, 2)
    assert "Traceback" not in result.output
    assert [path.name for path in workspace_folder.rglob("*") if path not in before] == [".deckgen"]


def test_a_bug_of_deckgen_is_a_traceback_and_not_a_silent_failure(
    run: Run, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(building, "plan", bug)
    result = run("build")
    assert workspace_folder.is_dir()
    assert isinstance(result.exception, ZeroDivisionError)
    assert result.exit_code == 1


# check --------------------------------------------------------------------------------


def test_check_says_that_all_is_well(run: Run, workspace_folder: Path) -> None:
    result = run("check")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "garden: 9 items, no errors\n", "")
    assert not (workspace_folder / "output").exists()
    assert not (workspace_folder / "cards/garden/ledger.json").exists()


def test_check_shows_the_place_and_the_way_out(run: Run, broken: Path) -> None:
    result = run("check", "garden")
    assert broken.is_dir()
    assert result.exit_code == 1
    assert COLOUR not in result.output
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


# status -------------------------------------------------------------------------------


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


# Translations -------------------------------------------------------------------------

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


# new, outline, schema, doctor ---------------------------------------------------------


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


def test_every_error_has_exit_code_1_and_a_line_of_help(run: Run, broken: Path) -> None:
    assert broken.is_dir()
    for arguments in (["check"], ["build"], ["status"], ["new", "garden"], ["outline", "no.txt"]):
        result = run(*arguments)
        assert result.exit_code == 1
        found = re.findall(r"(?:error|warning)\[D\d+\]: \S.*\n(?: .*\n)*? +help: \S", result.output)
        assert len(found) == result.output.count("error[") + result.output.count("warning[") > 0


def test_the_words_of_a_deck_s_own_language_are_begun(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("new", "klingon", "--language", "tlh")
    result = run("translate", "tlh")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("templates/locale/tlh.po: ")
    assert not list(tmp_path.glob("cards/*/translations/tlh.po"))


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


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--print", "both"], ["handout.large.pdf", "handout.pdf"]),
        (["--print", "large", "--grey", "--paper", "a5"], ["handout.large.grey.pdf"]),
    ],
)
def test_build_takes_the_paper_and_the_print(
    run: Run, workspace_folder: Path, arguments: list[str], names: list[str]
) -> None:
    result = run("build", "-p", "handout", *arguments)
    assert result.exit_code == 0
    found = sorted(path.name for path in (workspace_folder / "output").iterdir())
    assert found == [f"garden.en.{name}" for name in names]


# diff ---------------------------------------------------------------------------------


@pytest.fixture
def published(workspace_folder: Path, run: Run) -> Path:
    """The garden, whose package was published before a correction."""
    assert run("build", "-p", "anki").exit_code == 0
    (workspace_folder / "output/garden.en.apkg").rename(workspace_folder / "old.apkg")
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    return workspace_folder


SEEN = """\
updated     factory · Why does the garden belong to nobody?
    Hint: It made [-bricks-]{+tiles+}.
0 new, 1 updated, 6 unchanged
"""


@pytest.mark.parametrize("new", [(), ("garden",), ("cards/garden",), ("new.apkg",)])
def test_a_diff_shows_what_an_import_will_do(published: Path, run: Run, new: tuple[str, ...]) -> None:
    if new == ("new.apkg",):
        run("build", "-p", "anki")
        (published / "output/garden.en.apkg").rename(published / "new.apkg")
    result = run("diff", "old.apkg", *new)
    assert (result.exit_code, result.stdout) == (0, SEEN)


def test_a_diff_follows_the_options_of_anki_s_import(published: Path, run: Run) -> None:
    del published
    counts = json.loads(run("diff", "old.apkg", "--update", "never", "--format", "json").stdout)["counts"]
    assert (counts["updated"], counts["kept"]) == (0, 1)
    own = Path("templates/kinds/question")
    own.mkdir(parents=True)
    text = (Path(deckgen.__file__).parent.parent / own / "kind.yaml").read_text(encoding="utf-8")
    more = "    - {id: 7214539999, name: More, value: source}\n  cards:"
    (own / "kind.yaml").write_text(text.replace("  cards:", more), encoding="utf-8")
    counts = json.loads(run("diff", "old.apkg", "--no-merge", "--format", "json").stdout)["counts"]
    assert counts["conflicting"] == 2


def test_a_diff_ends_with_1_where_that_is_wanted(published: Path, run: Run) -> None:
    del published
    assert run("diff", "old.apkg", "--exit-code").exit_code == 1
    assert run("diff", "old.apkg", "old.apkg", "--exit-code").exit_code == 0


def test_what_is_no_package_is_told_on_standard_error(published: Path, run: Run) -> None:
    (published / "other.apkg").write_text("no package", encoding="utf-8")
    for names in (("other.apkg",), ("old.apkg", "other.apkg"), ("old.apkg", "gardn")):
        result = run("diff", *names)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "error[D" in result.stderr
