"""The pages in ``docs/diagnostics``: one for each code, and what they show is what happens.

A page has a part “Wrong” and a part “Right”. A fenced block in them under a file's name in backquotes is
laid over the small deck (see ``examples.py``); in one that is marked ``escaped``, escapes count, and
one that is marked ``po`` has some entries of a catalogue. A block
marked ``console`` holds the commands to run, a line each after ``$``, where it is not ``deckgen check``
alone. ``examples.MACHINES`` says which codes need another machine, ``examples.PAIRED`` which are shown by a
PO file alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from examples import MACHINES, PAIRED, Outcome, lay, run, run_pairs, unescape, whole_catalogue
from test_cases import CASES
from test_cases import parse as parse_case

from deckgen.diagnostics import CODES

FOLDER = Path(__file__).parent.parent / "docs" / "diagnostics"
PAGES = {file.stem: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("D*.md"))}
_TOLD = re.compile(r"(?:error|warning)\[(D\d+)\]")
_BLOCK = re.compile(r"^(?:`([^`\n]+)`\n\n)?```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| \[(D\d+)\]\((D\d+)\.md\) \| (\w+) \| (.+) \|$", re.MULTILINE)


class Example(NamedTuple):
    """A part of a page: its files and the commands to run on them."""

    files: dict[str, bytes]
    commands: list[str]


def example(page: str, part: str) -> Example:
    _, _, text = page.partition(f"\n## {part}\n")
    files: dict[str, bytes] = {}
    commands: list[str] = []
    for name, form, body in _BLOCK.findall(text.partition("\n## ")[0]):
        if form == "console":
            commands += [line.removeprefix("$ ") for line in body.splitlines()]
        elif form == "po" and page[2:6] not in PAIRED:
            files[name] = whole_catalogue(body).encode()
        else:
            files[name] = unescape(body) if form == "escaped" else body.encode()
    return Example(files, commands or ["deckgen check"])


def outcome(code: str, part: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    shown = example(PAGES[code], part)
    if code in PAIRED:
        return run_pairs(shown.files)
    lay(folder, shown.files)
    monkeypatch.chdir(folder)
    if code in MACHINES:
        MACHINES[code](monkeypatch)
    return run(shown.commands)


# Codes that are only said beside another one.
BESIDE = {"D017": "D101", "D610": "D302", "D612": "D608"}


@pytest.mark.parametrize("code", PAGES)
def test_the_wrong_example_leads_to_this_code_alone(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = outcome(code, "Wrong", tmp_path, monkeypatch)
    told = {code, BESIDE.get(code, code)}
    assert set(_TOLD.findall(seen.output)) == told, seen.output
    assert seen.exit_code == (1 if any(CODES[one].level == "error" for one in told) else 0)


@pytest.mark.parametrize("code", PAGES)
def test_the_right_example_leads_to_no_finding(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = outcome(code, "Right", tmp_path, monkeypatch)
    assert _TOLD.findall(seen.output) == [], seen.output
    assert seen.exit_code == 0


def test_codes_pages_and_cases_are_the_same_ones() -> None:
    told = {
        code
        for file in CASES
        for code in _TOLD.findall(parse_case(file.read_text(encoding="utf-8")).expected)
    }
    assert len(CODES) > 60
    assert set(PAGES) == set(CODES)
    assert told == set(CODES)


def test_the_index_lists_the_pages_in_order_with_their_levels_and_titles() -> None:
    rows = _ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
    assert [code for code, *_ in rows] == sorted(CODES)
    for code, page, level, title in rows:
        assert page == code
        assert level == CODES[code].level
        assert PAGES[code].split("\n")[0] == f"# {code}: {title}"


@pytest.mark.parametrize("code", PAGES)
def test_a_page_explains_before_it_shows_and_names_each_file_above_its_block(code: str) -> None:
    page = PAGES[code]
    head, *parts = re.split(r"^## ", page, flags=re.MULTILINE)
    assert [part.split("\n")[0] for part in parts] == ["Wrong", "Right"]
    assert len(head.split("\n", 1)[1].split()) >= 12
    blocks = _BLOCK.findall(page)
    assert len(blocks) == page.count("\n```") / 2 >= 2
    assert all((form == "console") == (name == "") for name, form, _ in blocks)


def test_messages_and_hints_end_without_a_full_stop_and_codes_stand_in_order() -> None:
    for code in CODES.values():
        assert re.fullmatch(r"D\d{3}", code.id)
        assert not code.message.endswith(".")
        assert not code.hint.endswith(".")
    assert list(CODES) == sorted(CODES)
