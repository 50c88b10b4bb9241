r"""Broken inputs, ``tests/cases/<CODE>-<what>.case``, each with the exact text that deckgen says of it.

A case is a text in sections; what stands before the first one is a comment::

    What this is about.
    -- items/10-nettles.yaml --
    - id: nettles
    -- expected, exit 1 --
    cards/garden/items/10-nettles.yaml:1:3: error[D102]: …

A section is a file laid over the small deck (see ``examples.py``). ``(escaped)`` after its name says
that it is written with escapes, ``(utf-16)`` or another codec that it is to be saved so, ``(entries)`` that
it gives some entries of a catalogue.
``-- command --`` holds the commands, a line each, where it is not ``deckgen check``. A case of a code in
``examples.PAIRED`` is a PO file alone.
``--update-goldens`` writes what is seen into the last section.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from examples import MACHINES, PAIRED, lay, run, run_pairs, unescape, whole_catalogue

from deckgen.diagnostics import CODES

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(FOLDER.glob("*.case"))
_MARK = re.compile(r"^-- (.+?) --\n", re.MULTILINE)
_EXPECTED = re.compile(r"expected, exit ([0-2])")


class Case(NamedTuple):
    """A case: its text without the last section, its files, its commands, and what is expected."""

    given: str
    files: dict[str, bytes]
    commands: list[str]
    expected: str
    exit_code: int


def parse(text: str) -> Case:
    given, _, _ = text.partition("-- expected")
    files: dict[str, bytes] = {}
    commands = ["deckgen check"]
    expected, exit_code = "", -1
    _, *parts = _MARK.split(text)
    for mark, body in zip(parts[::2], parts[1::2], strict=True):
        name, _, form = mark.partition(" (")
        if name == "command":
            commands = body.split("\n")[:-1]
        elif match := _EXPECTED.fullmatch(name):
            expected, exit_code = body, int(match.group(1))
        else:
            codec = form.rstrip(")")
            if codec == "entries":
                files[name] = whole_catalogue(body).encode()
            else:
                files[name] = unescape(body) if codec == "escaped" else body.encode(codec or "utf-8")
    return Case(given, files, commands, expected, exit_code)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_broken_input_is_told_as_it_is_written_down(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    case = parse(file.read_text(encoding="utf-8"))
    code = file.stem.partition("-")[0]
    if code in PAIRED:
        seen = run_pairs(case.files)
    else:
        lay(tmp_path, case.files)
        monkeypatch.chdir(tmp_path)
        if code in MACHINES:
            MACHINES[code](monkeypatch)
        seen = run(case.commands)
    if request.config.getoption("--update-goldens"):
        text = f"{case.given}-- expected, exit {seen.exit_code} --\n{seen.output}"
        file.write_text(text, encoding="utf-8", newline="\n")
        return
    assert seen.output == case.expected
    assert seen.exit_code == case.exit_code


def test_there_are_cases_and_each_is_named_for_a_code() -> None:
    assert len(CASES) >= 75
    for file in CASES:
        assert file.stem.partition("-")[0] in CODES, file.name


def test_a_case_shows_the_code_it_is_named_for() -> None:
    for file in CASES:
        code = file.stem.partition("-")[0]
        assert f"[{code}]" in parse(file.read_text(encoding="utf-8")).expected, file.name
