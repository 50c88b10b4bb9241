"""The schemas: what editors and the compiler hold deck files against. The kept ones: test_schema_files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from deckgen.diagnostics import CODES
from deckgen.model import Kind
from deckgen.pipeline import open_workspace
from deckgen.reader import parse
from deckgen.schema import Schema, deck_schema, essay_schema, item_schema, items_schema, kind_schema
from deckgen.shape import Shape, plain

REPOSITORY = Path(__file__).parent.parent
GARDEN = REPOSITORY / "tests" / "decks" / "garden"
KINDS = open_workspace(REPOSITORY).value.kinds
ALL: dict[str, Schema] = {
    "deck.json": deck_schema(KINDS),
    "essay.json": essay_schema(),
    "items.json": items_schema(KINDS),
    "kind.json": kind_schema(),
}


def named(file: Path) -> str:
    """The schema that a deck file is held against."""
    return {"deck.yaml": "deck.json", "essay.yaml": "essay.json"}.get(file.name, "items.json")


def every_part(schema: Any) -> list[Schema]:
    """Return all mappings in a schema."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    found = [schema] if isinstance(schema, dict) else []
    return found + [part for value in inner for part in every_part(value)]


@pytest.mark.parametrize("name", ALL)
def test_each_schema_is_one_of_the_draft_it_names(name: str) -> None:
    assert ALL[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(ALL[name])


@pytest.mark.parametrize("name", ALL)
def test_each_code_that_a_schema_names_exists(name: str) -> None:
    assert {part["x-code"] for part in every_part(ALL[name]) if "x-code" in part} <= set(CODES)


def test_only_keywords_with_words_are_used() -> None:
    worded = {"type", "required", "additionalProperties", "pattern", "enum", "minItems", "maxItems"}
    silent = {"$schema", "title", "description", "properties", "items"}
    whole = [ALL["deck.json"], ALL["essay.json"], ALL["kind.json"]]
    for schema in [*whole, *(item_schema(kind, KINDS) for kind in KINDS)]:
        for part in every_part(schema):
            if "type" in part and isinstance(part["type"], str | list):
                used = {keyword for keyword in part if not keyword.startswith("x-")}
                assert used <= worded | silent


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_item_has_the_fields_of_its_kind_and_those_of_every_item(kind: Kind) -> None:
    schema = item_schema(kind, KINDS)
    fields = {spec.name for spec in kind.fields}
    assert set(schema["properties"]) == {"id", "kind", "source", "tags", "renamed_from"} | fields
    required = {spec.name for spec in kind.fields if spec.required}
    assert set(schema["required"]) == {"id", "source"} | required
    assert all(schema["properties"][name].get("description") for name in schema["properties"])


@pytest.mark.parametrize("file", sorted(GARDEN.rglob("*.yaml")), ids=lambda file: file.name)
def test_a_good_file_is_good_for_an_editor_too(file: Path) -> None:
    """An editor reads numbers, booleans and dates where deckgen reads text."""
    text = file.read_text(encoding="utf-8")
    assert jsonschema_rs.is_valid(ALL[named(file)], yaml.safe_load(text))


@pytest.mark.parametrize(
    "item",
    [
        "{id: a, question: b, answer: c, source: d 1, anser: e}",
        "{id: A, question: b, answer: c, source: d 1}",
        "{id: a, question: b, answer: c, source: d}",
        "{id: a, question: b, answer: c}",
        "{id: a, question: b, answer: '', source: d 1}",
        "{id: a, kind: riddle, question: b, answer: c, source: d 1}",
        "{id: a, kind: term, question: b, answer: c, source: d 1}",
        "{id: a, kind: choice, question: b, right: c, wrong: [d], why: e, source: f 1}",
        "{id: a, question: [b], answer: c, source: d 1}",
        "[]",
        "a",
    ],
)
def test_an_editor_finds_the_same_mistakes(item: str) -> None:
    """The file's schema finds what the schema of the item's kind finds."""
    node = parse_item(item)
    first = Shape(item_schema(KINDS[0], KINDS))
    assert not jsonschema_rs.is_valid(ALL["items.json"], [plain(node)])
    assert first.check(node) or "kind: " in item


def parse_item(text: str) -> Any:
    from deckgen.diagnostics import Source

    return parse(Source("a.yaml", text)).value.root


def test_an_editor_takes_an_item_for_the_kind_it_names() -> None:
    good = {
        "question": "{id: a, question: b, answer: c, source: [d 1, e 2], tags: [f, g::h]}",
        "term": "{id: a, kind: term, term: b, definition: c, source: d 1}",
        "cloze": "{id: a, kind: cloze, text: b, source: d 1}",
    }
    for item in good.values():
        assert jsonschema_rs.is_valid(ALL["items.json"], [yaml.safe_load(item)])
        assert jsonschema_rs.is_valid(ALL["items.json"], [plain(parse_item(item))])


def test_numbers_and_words_that_an_editor_reads_otherwise_are_let_through() -> None:
    deck = yaml.safe_load(
        "{id: 2024, name: 7, title: yes, language: no, version: 1.0, licence: {name: a, url: 'https://a.org'}}"
    )
    assert deck["language"] is False
    assert jsonschema_rs.is_valid(ALL["deck.json"], deck)


@pytest.mark.parametrize("tag", ["Bürger", "ville::quartier", "हिंदी", "市民", "a_b-1"])
def test_a_tag_in_any_script_is_one_for_deckgen_and_for_editors(tag: str) -> None:
    pattern = item_schema(KINDS[0], KINDS)["properties"]["tags"]["items"]["pattern"]
    assert jsonschema_rs.is_valid({"pattern": pattern}, tag)
    assert "\\w" not in pattern, "JavaScript knows only ASCII by it"
