"""The page on the commands: it names them all with all their options, and what it shows is real."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from conftest import HERE
from typer.testing import Result

from deckgen import doctor
from deckgen.cli import app

PAGE = HERE.parent / "docs" / "commands.md"
_BLOCK = re.compile(
    r"^<!-- (?P<file>\S+): (?P<old>[^\n]+) → (?P<new>[^\n]+) -->$|^```console\n(?P<shown>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_SIZE = re.compile(r" +\d+(\.\d)? (B|kB|MB)$", re.MULTILINE)


def commands() -> dict[str, set[str]]:
    """Every command with its options, as the program knows them; the program's own under an empty name."""
    program = typer.main.get_command(app)
    found = {"": {name for parameter in program.params for name in parameter.opts}}
    for name, command in program.commands.items():  # type: ignore[attr-defined]
        options = (parameter for parameter in command.params if parameter.param_type_name == "option")
        found[name] = {option for parameter in options for option in parameter.opts}
    return found


def sections() -> dict[str, str]:
    """The page's sections by their commands; what stands before the first under an empty name."""
    head, *rest = re.split(r"^## deckgen (\w+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {"": head, **dict(zip(rest[::2], rest[1::2], strict=True))}


def test_every_command_has_its_section_and_there_is_no_other() -> None:
    assert len(commands()) > 7, "it saw the commands"
    assert set(sections()) == set(commands())


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_option_is_described_and_no_other(command: str) -> None:
    text = re.sub(r"```.*?```", "", sections()[command], flags=re.DOTALL)
    named = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))
    assert commands()[command] <= named
    assert named <= commands()[command] | {"--help"}


def test_what_the_examples_show_is_what_the_commands_print(
    run: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """One after the other in an empty folder; ``--update-goldens`` writes what is seen into the page."""
    monkeypatch.chdir(tmp_path)
    real = doctor.examine
    monkeypatch.setattr(doctor, "examine", lambda output: same_everywhere(real(output, lambda _names: True)))
    text = PAGE.read_text(encoding="utf-8")
    out, position, seen = [], 0, 0
    for match in _BLOCK.finditer(text):
        if match["file"]:
            edit_first(tmp_path / match["file"], match["old"], match["new"])
            continue
        out.append(text[position : match.start("shown")])
        for line in match["shown"].splitlines():
            if line.startswith("$ "):
                seen += 1
                result = run(*shlex.split(line[2:])[1:])
                assert result.exception is None or isinstance(result.exception, SystemExit), line
                out += [f"{line}\n", *(f"{each.rstrip()}\n" for each in result.output.splitlines())]
        position = match.end("shown")
    out.append(text[position:])
    assert seen > 8
    if request.config.getoption("--update-goldens"):
        PAGE.write_text("".join(out), encoding="utf-8", newline="\n")
    assert without_sizes("".join(out)) == without_sizes(PAGE.read_text(encoding="utf-8"))


def without_sizes(text: str) -> str:
    """The sizes of files, and so the widths of tables, differ between versions of libraries."""
    return re.sub(r" {2,}|─+", "  ", _SIZE.sub("", text))


def edit_first(file: Path, old: str, new: str) -> None:
    r"""Replace a text where it stands first; ``\n`` in it is the end of a line."""
    old, new = old.replace("\\n", "\n"), new.replace("\\n", "\n")
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def same_everywhere(findings: tuple[doctor.Finding, ...]) -> tuple[doctor.Finding, ...]:
    """A healthy machine with Python 3.13."""
    details = {"Python": "3.13.1", "fonts": "installed", "pdftotext": "installed"}
    return tuple(one._replace(good=True, detail=details.get(one.name, one.detail)) for one in findings)
