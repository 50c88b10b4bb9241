"""The schemas kept in ``cards/schema``: what the kinds make, and what the shipped files name and satisfy."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from deckgen.kinds import load_kinds
from deckgen.resources import search_path
from deckgen.scaffold import schemas

CARDS = Path(__file__).parent.parent / "cards"
SCHEMA = CARDS / "schema"
FILES = sorted(CARDS.glob("*/**/*.yaml"))
_NAMED = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


def named(file: Path) -> Path:
    """The schema that the first line of a file names, as an editor finds it."""
    with file.open(encoding="utf-8") as lines:
        match = _NAMED.fullmatch(next(lines))
    assert match is not None, f"the first line of {file} names no schema"
    return file.parent.joinpath(*match.group(1).split("/")).resolve()


def schema_of(file: Path) -> Any:
    return json.loads(named(file).read_text(encoding="utf-8"))


def loaded(file: Path) -> Any:
    """A file as an editor loads it: numbers, dates and booleans are no texts there."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def below_cards(file: Path) -> str:
    return file.relative_to(CARDS).as_posix()


def test_the_schemas_that_are_kept_are_the_ones_that_are_made() -> None:
    kinds = load_kinds(search_path(CARDS.parent))
    assert not kinds.diagnostics
    kept = {file.name: file.read_text(encoding="utf-8") for file in SCHEMA.iterdir()}
    assert kept == schemas(kinds.value), "run “deckgen schema”, and commit what it writes"


def test_there_are_files_and_each_part_of_a_deck_is_among_them() -> None:
    assert {file.name for file in FILES} >= {"deck.yaml", "essay.yaml"}
    assert len([file for file in FILES if file.parent.name == "items"]) >= 5


@pytest.mark.parametrize("file", FILES, ids=below_cards)
def test_the_first_line_of_a_file_names_its_schema(file: Path) -> None:
    wanted = "items" if file.parent.name == "items" else file.stem
    assert named(file) == (SCHEMA / f"{wanted}.json").resolve()
    assert named(file).is_file()


@pytest.mark.parametrize("file", FILES, ids=below_cards)
def test_an_editor_finds_nothing_wrong_in_a_file(file: Path) -> None:
    validator = jsonschema_rs.validator_for(schema_of(file))
    assert [error.message for error in validator.iter_errors(loaded(file))] == []


@pytest.mark.parametrize("file", FILES, ids=below_cards)
def test_an_editor_finds_a_field_that_is_misspelt_and_one_that_is_missing(file: Path) -> None:
    validator = jsonschema_rs.validator_for(schema_of(file))
    for change in ("misspelt", "missing"):
        data = loaded(file)
        mapping = data[0] if isinstance(data, list) else data
        first = next(iter(mapping))
        if change == "misspelt":
            mapping[f"{first}x"] = mapping[first]
        else:
            required = next(name for name in ("source", "title") if name in mapping)
            del mapping[required]
        assert not validator.is_valid(data), change
