"""Nodes against schemas: what is told, of what, and where; and one finding for one mistake."""

from __future__ import annotations

import pytest

from deckgen.diagnostics import MAX_SHOWN, Diagnostic, Source
from deckgen.reader import parse
from deckgen.shape import Schema, Shape, plain, slug

TEXT: Schema = {"type": "string", "pattern": r"\S"}
ITEM: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$", "x-code": "D108"},
        "kind": {"type": "string", "enum": ["question", "term"]},
        "question": TEXT,
        "answer": TEXT,
        "hint": TEXT,
        "prompts": {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 3, "x-example": "[one, two]"},
        "views": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"who": TEXT, "view": TEXT},
                "required": ["who", "view"],
                "additionalProperties": False,
                "x-what": "an entry of views",
            },
        },
        "order": {"type": "string", "pattern": "^[0-9]+$", "x-pattern": "a number"},
    },
    "required": ["id", "question", "answer"],
    "additionalProperties": False,
    "x-what": "the item",
    "x-kind": "question",
    "x-kinds": {
        "question": ["question", "answer", "hint", "prompts", "views", "order"],
        "term": ["term", "definition", "example"],
        "choice": ["question", "right", "wrong"],
    },
}
SHAPE = Shape(ITEM)
MAPPING = "a mapping (“name: text” in each line)"
GOOD = "id: a\nquestion: b\nanswer: c\n"


def check(text: str) -> tuple[Diagnostic, ...]:
    node = parse(Source("a.yaml", text)).value.root
    assert node is not None
    return SHAPE.check(node)


def told(text: str) -> list[tuple[str, int, int, str]]:
    return [(one.code.id, one.span.line, one.span.column, one.text()) for one in check(text)]


def test_what_fits_has_no_findings() -> None:
    assert told(GOOD + "prompts: [d, e]\nviews: [{who: f, view: g}]\norder: 7\nkind: question\n") == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("hint: [a]", ("D101", 4, 7, '"hint" must be text, not a list')),
        ("hint: {a: b}", ("D101", 4, 7, f'"hint" must be text, not {MAPPING}')),
        ("hint:\n  a: b\n  c: d", ("D101", 5, 3, f'"hint" must be text, not {MAPPING}')),
        ("prompts: a", ("D101", 4, 1, '"prompts" must be a list, not text')),
        ("prompts: {a: b}", ("D101", 4, 10, f'"prompts" must be a list, not {MAPPING}')),
        ("views: [a]", ("D101", 4, 9, f"an entry of views must be {MAPPING}, not text")),
        ("views: [{who: a}]", ("D102", 4, 9, 'an entry of views has no "view"')),
        ("views: [{who: a, view: b, x: c}]", ("D103", 4, 27, 'unknown field "x"')),
        ("color: a", ("D103", 4, 1, 'unknown field "color"')),
        ("hint:", ("D105", 4, 1, '"hint" is empty')),
        ("hint: '  '", ("D105", 4, 1, '"hint" is empty')),
        ("prompts:", ("D105", 4, 1, '"prompts" is empty')),
        ("prompts: [a, '']", ("D105", 4, 14, 'an entry of "prompts" is empty')),
        ("views: ['']", ("D105", 4, 9, "an entry of views is empty")),
        ("kind: ''", ("D105", 4, 1, '"kind" is empty')),
        ("prompts: [a]", ("D106", 4, 1, '"prompts" has too few entries: 1; the least is 2')),
        ("prompts: [a, b, c, d]", ("D107", 4, 1, '"prompts" has too many entries: 4; the most is 3')),
        ("kind: terms", ("D109", 4, 7, '"terms" is not possible for "kind"')),
        ("order: many", ("D117", 4, 8, '"many" is not possible for "order"')),
        ("example: a", ("D110", 4, 1, 'an item of the kind “question” has no "example"')),
    ],
)
def test_each_way_not_to_fit_is_told_once_with_its_place(line: str, found: tuple[str, int, int, str]) -> None:
    assert told(GOOD + line + "\n") == [found]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("kind: terms", 'did you mean "term"?'),
        ("kind: riddle", "choose one of question, term"),
        ("hnt: a", 'did you mean "hint"?'),
        ("colour: a", "possible here: id, kind, question, answer, hint, prompts, views, order"),
        ("prompts: a", "[one, two]"),
        ("order: many", "write a number"),
        ("hint: {a: b}", "a text with a colon in it needs quotation marks"),
        ("example: a", "possible here: id, kind, question, answer, hint, prompts, views, order"),
    ],
)
def test_a_hint_is_a_way_out(line: str, hint: str) -> None:
    assert [one.hint() for one in check(GOOD + line + "\n")] == [hint]


def test_a_pattern_has_the_code_that_the_schema_names_and_suggests_an_id() -> None:
    (one,) = check("id: Ärger über Öl\nquestion: b\nanswer: c\n")
    assert (one.code.id, one.span.column, one.hint()) == ("D108", 5, "for example “aerger-ueber-oel”")


def test_missing_fields_are_each_told_once_at_the_beginning_of_the_item() -> None:
    assert told("hint: b\n") == [
        ("D102", 1, 1, f'the item has no "{field}"') for field in ("id", "question", "answer")
    ]
    assert check("id: b\n")[0].text() == 'the item "b" has no "question"'


def test_a_misspelt_field_is_not_told_a_second_time_as_missing() -> None:
    assert told("id: a\nquestoin: b\nanswer: c\n") == [("D103", 2, 1, 'unknown field "questoin"')]


def test_a_misspelt_field_is_not_taken_for_one_that_is_there() -> None:
    (one,) = check(GOOD + "answr: d\n")
    assert one.hint().startswith("possible here")


def test_the_fields_of_another_kind_are_one_finding() -> None:
    (one,) = check("id: a\nterm: b\ndefinition: c\n")
    assert (one.code.id, one.span.line) == ("D110", 2)
    assert one.hint() == "the fields are those of the kind “term”: write “kind: term”"
    (one,) = check("id: a\nquestion: b\nright: c\nwrong: d\n")
    assert (one.code.id, one.span.line) == ("D110", 3)
    assert "kind: choice" in one.hint()


def test_several_mistakes_are_told_in_the_order_of_the_file() -> None:
    text = "hint: []\nid: A\nquestion:\nanswer: b\ncolour: c\n"
    assert [(code, line) for code, line, _, _ in told(text)] == [
        ("D101", 1),
        ("D108", 2),
        ("D105", 3),
        ("D103", 5),
    ]


def test_a_node_of_the_wrong_type_as_a_whole_is_told() -> None:
    assert [(code, text) for code, _, _, text in told("- a\n")] == [
        ("D101", "the item must be a mapping (“name: text” in each line), not a list")
    ]


def test_of_very_many_mistakes_the_first_ones_are_told() -> None:
    found = told(GOOD + "".join(f"x{number}: a\n" for number in range(5000)))
    assert [code for code, *_ in found] == ["D103"] * MAX_SHOWN + ["D017"]


def test_a_keyword_without_words_is_a_bug_and_says_so() -> None:
    shape = Shape({"type": "string", "maxLength": 1})
    node = parse(Source("a.yaml", "abc")).value.root
    assert node is not None
    with pytest.raises(AssertionError, match="maxLength"):
        shape.check(node)


def test_plain_gives_the_content_without_places() -> None:
    node = parse(Source("a.yaml", "a: [b, {c: NO}]")).value.root
    assert node is not None
    assert plain(node) == {"a": ["b", {"c": "NO"}]}


@pytest.mark.parametrize(
    ("text", "made"),
    [("Ein Titel", "ein-titel"), (" Größe & Maß ", "groesse-mass"), ("???", ""), ("a" * 70, "a" * 60)],
)
def test_a_slug_is_an_id_or_nothing(text: str, made: str) -> None:
    assert slug(text) == made
