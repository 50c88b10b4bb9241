"""The JSON Schemas of deck.yaml, essay.yaml, item files and kind.yaml, made from the kinds.

Editors use them by the first line of each file; ``shape`` holds the same ones against what
it is given. Numbers and booleans are let through where text is meant, because an editor reads
``year: 2017`` as a number where deckgen reads text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deckgen.model import ID, FieldSpec, Kind, PaperSize, Policy, PosterSize, Print, Quiz

Schema = dict[str, Any]

# RFC 5646, without its oddities; there is no language of more than three letters.
LANGUAGE = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_ID: Schema = {
    "type": ["string", "number", "boolean"],
    "pattern": ID,
    "x-code": "D108",
}
_LANGUAGE: Schema = {
    "type": ["string", "boolean"],
    "pattern": LANGUAGE,
    "x-code": "D111",
}
_WORD = r"[\p{L}\p{M}\p{N}_-]"  # of a tag; in JavaScript, which editors use, \w knows only ASCII
_URL: Schema = {"type": "string", "pattern": r"^https?://[^\s/.]+\.[^\s]+$", "x-code": "D114"}
_FLAG: Schema = {"type": ["string", "boolean"], "enum": ["yes", "no", "true", "false", True, False]}
_CARDS: Schema = {
    "type": ["string", "integer"],
    "pattern": "^(0|[1-9][0-9]{0,3})$",
    "x-pattern": "a number of cards, from 0 to 9999",
}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$", "x-code": "D115"}
_COUNT: Schema = {
    "type": ["string", "integer"],
    "pattern": "^([0-9]{1,4}|all)$",
    "x-pattern": "a whole number, or “all”",
}
_QUIZ = tuple(
    (name, f"How many {what} it has at most, or all", Quiz._field_defaults[name])
    for name, what in (
        ("choices", "questions to tick"),
        ("gaps", "gap texts"),
        ("questions", "questions to answer in writing"),
        ("terms", "terms to match with their definitions"),
    )
)
_ANCHOR: Schema = {"type": ["string", "number"], "pattern": "^[0-9a-f]{8}$", "x-code": "D115"}


def _told(schema: Schema, description: str, **more: Any) -> Schema:
    return schema | {"description": description} | more


def _list(
    of: Schema, least: int = 1, most: int | None = None, *, told: str = "", example: str = ""
) -> Schema:
    schema: Schema = {"type": "array", "items": of, "minItems": least}
    if most is not None:
        schema["maxItems"] = most
    if told:
        schema["description"] = told
    if example:
        schema["x-example"] = example
    return schema


def _object(properties: Schema, required: Sequence[str] = (), **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def deck_schema(kinds: Sequence[Kind]) -> Schema:
    """Return the schema of ``deck.yaml``."""
    properties = {
        "id": _told(_ID, "The deck's identity for ever; the folder's name unless given."),
        "name": _told(_TEXT, "A short name: the deck's name in Anki. A change makes a new deck there."),
        "title": _told(_TEXT, "The title of handouts."),
        "subtitle": _told(_TEXT, "A line below the title."),
        "description": _told(_TEXT, "What the deck is, in Markdown; shown in Anki."),
        "standpoint": _told(_TEXT, "A line on the essay's standpoint, for the first page."),
        "language": _told(_LANGUAGE, "The language of the items, as a BCP 47 tag."),
        "authors": _list(_TEXT, told="Who wrote the items.", example="authors: [Name]"),
        "licence": _object(
            {"name": _told(_TEXT, "Its short name."), "url": _told(_URL, "Where it can be read.")},
            ["name", "url"],
            description="The licence of the items.",
            **{"x-example": "write its name and where it can be read: {name: CC BY-SA 4.0, url: https://…}"},
        ),
        "version": _told(_TEXT, "The deck's version, shown on paper and in Anki."),
        "url": _told(_URL, "Where the deck is published."),
        "accent": {
            "type": "string",
            "pattern": "^#[0-9a-fA-F]{6}$",
            "x-code": "D112",
            "description": "The one colour, as #rrggbb; dark enough to be read on white.",
        },
        "study": _list(
            {"type": "string", "enum": [kind.name for kind in kinds]},
            told="The kinds that become Anki cards; all but discussion unless given.",
            example="study: [question, term]",
        ),
        "stale": {
            "type": "string",
            "enum": [str(policy) for policy in Policy],
            "description": "What is built of a card whose translation is not current; keep-old unless given.",
        },
        "paper": {
            "type": "string",
            "enum": [str(size) for size in PaperSize],
            "description": "The size of printed pages; a4 unless given.",
        },
        "print": {
            "type": "string",
            "enum": [str(each) for each in Print],
            "description": "Paper as usual, in large print for readers with low vision, or both; "
            "normal unless given.",
        },
        "quiz": _object(
            {
                "seed": {
                    "type": ["string", "integer"],
                    "pattern": "^[0-9]{1,9}$",
                    "x-pattern": "a whole number of nine digits at most",
                    "description": "A number that decides what is drawn, and its order; "
                    "made of the deck's id unless given.",
                },
                **{name: _told(_COUNT, f"{what}; {most} unless given.") for name, what, most in _QUIZ},
            },
            description="What the worksheet asks.",
            **{"x-what": "the quiz", "x-example": "write quiz: {seed: 4711, questions: 10, terms: 15}"},
        ),
        "poster": {
            "type": "string",
            "enum": [str(size) for size in PosterSize],
            "description": "The size of the poster; twice the paper unless given: a3 for a4.",
        },
        "evening": _evening(),
        "anki": _wishes(kinds),
    }
    return {"$schema": _DRAFT, "title": "deckgen: deck.yaml"} | _object(
        properties,
        ["name", "title", "language", "licence"],
        **{"x-what": "the deck", "x-example": "write a field in each line, without “- ”: title: …"},
    )


def _evening() -> Schema:
    def minutes(least: int, told: str) -> Schema:
        pattern = "^[1-9][0-9]{0,3}$" if least else "^(0|[1-9][0-9]{0,3})$"
        return {
            "type": ["string", "integer"],
            "pattern": pattern,
            "x-pattern": "whole minutes, such as 15",
            "description": told,
        }

    weight = {
        "type": ["string", "integer"],
        "pattern": "^[0-9]$",
        "x-pattern": "a figure from 0 to 9",
    }
    return _object(
        {
            "minutes": minutes(1, "How long the evening is; 90 unless given."),
            "opening": minutes(0, "For the opening discussion; 10 unless given."),
            "break": minutes(0, "For a break in the middle; 5 unless given, 0 for none."),
            "closing": minutes(0, "For the closing discussion; 10 unless given."),
            "weights": {
                "type": "object",
                "additionalProperties": weight,
                "description": "How much more time than usual a section gets, by its id; 0 leaves it out.",
                "x-example": "write the id of a section and a figure in each line: nettles: 2",
            },
            "aims": _list(
                _TEXT,
                1,
                8,
                told="What the group is to take home, a sentence each.",
                example="aims: [one, two]",
            ),
        },
        description="The evening that the guide is for: its minutes, and what it is to achieve.",
        **{"x-example": "write a field in each line: minutes: 90"},
    )


def _wishes(kinds: Sequence[Kind]) -> Schema:
    """Return the schema of what a deck wants of Anki beyond its cards."""
    both = [kind.name for kind in kinds if kind.note_type.reversed]
    typed = [kind.name for kind in kinds if kind.note_type.typed]
    preset = _object(
        {
            "new": _told(_CARDS, "New cards a day; 20 unless given."),
            "reviews": _told(_CARDS, "Reviews a day; 200 unless given."),
            "bury": _told(_FLAG, "Whether cards of one item wait for each other's day; yes unless given."),
        },
        description="Options to study with, which a learner may take over at the import.",
        **{"x-example": "write {new: 10, reviews: 100, bury: yes}"},
    )
    return _object(
        {
            "reversed": _list(
                {"type": "string", "enum": both},
                told="The kinds that are asked the other way round as well.",
                example="reversed: [question]",
            ),
            "typed": _list(
                {"type": "string", "enum": typed},
                told="The kinds whose answers are typed.",
                example="typed: [term, cloze]",
            ),
            "speech": _told(_FLAG, "Whether questions and answers are read aloud; no unless given."),
            "preset": preset,
        },
        description="What the deck wants of Anki beyond its cards; nothing unless given.",
        **{"x-what": "anki", "x-example": "write a field in each line: speech: yes"},
    )


def essay_schema() -> Schema:
    """Return the schema of ``essay.yaml``."""
    paragraph = _object(
        {
            "sha256": _told(_HASH, "Of the normalised text."),
            "length": _told(
                {"type": ["string", "integer"], "pattern": "^[1-9][0-9]{0,6}$", "x-code": "D115"},
                "Characters of the normalised text.",
            ),
            "start": _told(_ANCHOR, "Of its first characters."),
            "end": _told(_ANCHOR, "Of its last characters."),
        },
        ["sha256", "length", "start", "end"],
        **{"x-what": "the paragraph"},
    )
    section = _object(
        {
            "id": _told(_ID, "Its name in “source: …” and in the names of item files."),
            "title": _told(_TEXT, "Its heading."),
            "short": _told(_TEXT, "Its heading where space is small."),
            "paragraphs": _list(paragraph, told="A fingerprint each, written by “deckgen outline”."),
        },
        ["id", "title", "paragraphs"],
        **{"x-what": "the section"},
    )
    properties = {
        "title": _told(_TEXT, "The essay's title, in its own language."),
        "subtitle": _told(_TEXT, "Its subtitle."),
        "authors": _list(_TEXT, told="Who wrote the essay.", example="authors: [Name]"),
        "language": _told(_LANGUAGE, "The language the essay is written in."),
        "publisher": _told(_TEXT, "Who published it."),
        "year": _told(_TEXT, "When it appeared."),
        "url": _told(_URL, "Where it can be read."),
        "sections": _list(section, told="Its sections in the order of the text."),
    }
    return {"$schema": _DRAFT, "title": "deckgen: essay.yaml"} | _object(
        properties, ["title", "authors", "language", "sections"], **{"x-what": "the essay"}
    )


def _value(spec: FieldSpec) -> Schema:
    if spec.fields:
        one = _object(
            {part.name: _value(part) for part in spec.fields},
            [part.name for part in spec.fields if part.required],
            **{
                "x-what": f'an entry of "{spec.name}"',
                "x-example": "write {" + ", ".join(f"{part.name}: …" for part in spec.fields) + "}",
            },
        )
    elif spec.words:
        one = {"type": "string", "enum": list(spec.words)}
    else:
        one = dict(_TEXT)
    if spec.many is None:
        return _told(one, spec.description)
    least, most = spec.many
    entry = "{" + ", ".join(f"{part.name}: …" for part in spec.fields) + "}" if spec.fields else ""
    example = f"begin each entry with “- ”: - {entry}" if entry else "write all in brackets: [one, two, …]"
    return _list(one, least, most, told=spec.description, example=example)


def item_schema(kind: Kind, kinds: Sequence[Kind]) -> Schema:
    """Return the schema of one item of ``kind``."""
    reference = r"^\s*[a-z0-9]+(-[a-z0-9]+)*\s+[1-9][0-9]{0,3}\s*$"
    source: Schema = {
        "type": ["string", "array"],
        "pattern": reference,
        "items": {"type": "string", "pattern": reference, "x-code": "D204"},
        "minItems": 1,
        "maxItems": 20,
        "x-code": "D204",
    }
    tag = {"type": ["string", "number"], "pattern": f"^{_WORD}+(::{_WORD}+)*$", "x-code": "D116"}
    properties = {
        "id": _told(_ID, "The item's identity for ever: cards, translations and history hang on it."),
        "kind": {"type": "string", "enum": [each.name for each in kinds], "description": kind.description},
        **{spec.name: _value(spec) for spec in kind.fields},
        "source": _told(source, "The paragraphs it rests on: a section and a number, or a list of them."),
        "tags": _list(tag, 0, 20, told="Tags of its own.", example="tags: [one, two]"),
        "renamed_from": _told(
            {
                "type": ["string", "array"],
                "pattern": ID,
                "items": {"type": "string", "pattern": ID, "x-code": "D108"},
                "minItems": 1,
                "maxItems": 20,
                "x-code": "D108",
            },
            "The id it had before, or a list of all, the oldest first: translations and progress come along.",
        ),
    }
    required = ["id", *(spec.name for spec in kind.fields if spec.required), "source"]
    return _object(
        properties,
        required,
        **{
            "x-what": "the item",
            "x-example": "begin it with “- id: …”, and write its other fields below the id",
            "x-kind": kind.name,
            "x-kinds": {other.name: [spec.name for spec in other.fields] for other in kinds},
        },
    )


def items_schema(kinds: Sequence[Kind]) -> Schema:
    """Return the schema of an item file: a list of items, each of the kind it names."""
    first = kinds[0].name
    branches = [
        {
            "if": {
                "properties": {"kind": {"const": kind.name}},
                "required": ["kind"] if kind.name != first else [],
            },
            "then": {"$ref": f"#/$defs/{kind.name}"},
        }
        for kind in kinds
    ]
    return {
        "$schema": _DRAFT,
        "title": "deckgen: items",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"kind": {"enum": [kind.name for kind in kinds]}},
            "required": ["id"],
            "allOf": branches,
        },
        "$defs": {kind.name: item_schema(kind, kinds) for kind in kinds},
    }


def kind_schema() -> Schema:
    """Return the schema of a ``kind.yaml``."""
    number = {
        "type": ["string", "integer"],
        "pattern": "^[1-9][0-9]{0,15}$",
        "x-pattern": "a whole number above 0",
    }
    flag = _FLAG
    name = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "x-pattern": "small letters a-z"}
    anki_name = {
        "type": "string",
        "pattern": r'^[^#^/:{}"\s][^:{}"]*$',
        "x-pattern": "a name without # ^ / : { } and quotation marks",
    }
    file = {
        "type": "string",
        "pattern": r"^[A-Za-z0-9_-]+\.html$",
        "x-pattern": "the name of an .html file in the kind's folder",
    }
    leaf: Schema = {
        "type": {"type": "string", "enum": ["line", "text", "cloze", "word"]},
        "required": flag,
        "many": _list(number, 2, 2, example="many: [2, 4]"),
        "words": _list(name),
        "description": _TEXT,
    }
    part = {"type": "object", "additionalProperties": _object(leaf)}
    field = _object(leaf | {"fields": part})
    return {"$schema": _DRAFT, "title": "deckgen: kind.yaml"} | _object(
        {
            "label": _TEXT,
            "plural": _TEXT,
            "description": _TEXT,
            "order": number,
            "fields": {"type": "object", "additionalProperties": field},
            "anki": _object(
                {
                    "id": number,
                    "cloze": flag,
                    "studied": flag,
                    "typed": flag,
                    "fields": _list(
                        _object(
                            {"id": number, "name": anki_name, "value": name, "template": file}, ["id", "name"]
                        )
                    ),
                    "cards": _list(
                        _object(
                            {"id": number, "name": anki_name, "front": file, "back": file, "optional": flag},
                            ["id", "name", "front", "back"],
                        )
                    ),
                },
                ["id", "fields", "cards"],
            ),
        },
        ["label", "plural", "description", "order", "fields", "anki"],
        **{"x-what": "the kind", "x-example": "write a field in each line, without “- ”: label: …"},
    )
