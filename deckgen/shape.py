"""Whether nodes have the shape that a JSON Schema asks for. The one user of jsonschema-rs.

The schemas are the ones that editors use (``deckgen schema``), so that an editor and the
compiler never disagree. Three annotations of our own tell how a finding is worded:
``x-code`` (the diagnostic for a broken pattern), ``x-what`` (what the thing is called in a
sentence) and ``x-example`` (how it is written).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs

from deckgen.diagnostics import CODES, Diagnostic, Span, codes, nearest
from deckgen.reader import Mapping, Node, Scalar, Sequence

Schema = dict[str, Any]
Plain = str | list[Any] | dict[str, Any]

_TYPES = {"string": "text", "array": "a list", "object": "a mapping (“name: text” in each line)"}


def plain(node: Node) -> Plain:
    """Return the node's content without places: texts, lists, dictionaries."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.value: plain(value) for key, value in node.pairs}


class Shape:
    """A schema made ready to be held against many nodes."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.validator = jsonschema_rs.validator_for(schema)

    def check(self, node: Node) -> tuple[Diagnostic, ...]:
        """Return everything in which ``node`` differs from the schema, in the order of the file."""
        data = plain(node)
        if self.validator.is_valid(data):
            return ()
        found = [
            diagnostic
            for error in self.validator.iter_errors(data)
            for diagnostic in _explain(self.schema, node, list(error.schema_path), list(error.instance_path))
        ]
        return tuple(sorted(found, key=Diagnostic.sort_key))


def _at(node: Node, path: list[str | int]) -> tuple[Node, Span]:
    """Follow a path; return the node there and the place to point at: its key, or itself."""
    span = node.span
    for step in path:
        if isinstance(node, Mapping):
            key, value = node.key(str(step)), node.get(str(step))
            if key is None or value is None:
                break
            node, span = value, key.span
        elif isinstance(node, Sequence):
            node = node.items[int(step)]
            span = node.span
    return node, span


def _first(span: Span) -> Span:
    """The beginning of a long span: a place, not a region."""
    return (
        Span(span.file, span.line, span.column, span.line, span.column + 1)
        if span.end_line > span.line
        else span
    )


def _explain(
    schema: Schema, root: Node, schema_path: list[str | int], path: list[str | int]
) -> Iterator[Diagnostic]:
    keyword = str(schema_path[-1])
    part: Any = schema
    for step in schema_path[:-1]:
        part = part[int(step) if isinstance(part, list) else step]
    node, span = _at(root, path)
    names = [step for step in path if isinstance(step, str)]
    name = names[-1] if names else ""
    what = part.get("x-what") or (f'"{name}"' if name else "this")
    explain = _EXPLAIN.get(keyword)
    if explain is None:
        message = f"a schema uses the keyword {keyword!r}, which has no wording"
        raise AssertionError(message)
    yield from explain(part, node, span, name, what)


def _type(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:
    wanted = part["type"] if isinstance(part["type"], list) else [part["type"]]
    actual = {Scalar: "string", Sequence: "array", Mapping: "object"}[type(node)]
    if isinstance(node, Scalar) and node.value == "" and "string" not in wanted:
        yield Diagnostic(codes.EMPTY, _first(span), {"field": name or what})
        return
    expected = " or ".join(_TYPES[kind] for kind in wanted if kind in _TYPES)
    example = part.get("x-example") or "look at the indentation and at “- ” before each entry"
    if actual == "object" and "string" in wanted:
        example = "a text with a colon in it needs quotation marks"
    args = {"what": what, "expected": expected, "actual": _TYPES[actual], "example": example}
    yield Diagnostic(codes.WRONG_TYPE, _first(node.span if actual != "string" else span), args)


def _required(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    """One error of the validator's tells one missing property; all are looked up, the first tells all."""
    assert isinstance(node, Mapping)
    missing = [field for field in part["required"] if node.key(field) is None]
    identity = node.get("id")
    if isinstance(identity, Scalar) and identity.value and what == "the item":
        what = f'the item "{identity.value}"'
    for field in missing:
        yield Diagnostic(codes.MISSING, _first(node.span), {"what": what, "field": field})


def _unknown(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    assert isinstance(node, Mapping)
    fields = [field for field in part["properties"] if field != "$schema"]
    for key, _ in node.pairs:
        if key.value not in part["properties"]:
            free = [field for field in fields if node.key(field) is None]
            args = {"field": key.value[:60], "fields": ", ".join(fields), "near": nearest(key.value, free)}
            others = part.get("x-others", {}).get(key.value)
            if others and not args["near"]:
                args |= {"kind": part["x-kind"], "near": others}
                yield Diagnostic(codes.OTHER_KIND, key.span, args)
            else:
                yield Diagnostic(codes.UNKNOWN_FIELD, key.span, args)


def _pattern(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    assert isinstance(node, Scalar)
    if node.value.strip() == "":
        yield Diagnostic(codes.EMPTY, _first(span), {"field": name})
        return
    code = CODES[part.get("x-code", codes.BAD_PATTERN.id)]
    value = node.value[:60]
    args = dict.fromkeys(("id", "tag", "colour", "url", "source", "value"), value)
    args |= {
        "field": name,
        "near": _slug(value),
        "example": part.get("x-example", ""),
        "pattern": part.get("x-pattern", ""),
    }
    yield Diagnostic(code, _first(node.span), args)


def _enum(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    assert isinstance(node, Scalar)
    words = [str(word) for word in part["enum"]]
    args = {
        "word": node.value[:60],
        "field": name,
        "words": ", ".join(words),
        "near": nearest(node.value, words),
    }
    yield Diagnostic(codes.BAD_WORD, _first(node.span), args)


def _min_items(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:
    assert isinstance(node, Sequence)
    args = {"field": name or what, "count": len(node.items), "limit": part["minItems"]}
    yield Diagnostic(codes.TOO_FEW, _first(span), args)


def _max_items(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:
    assert isinstance(node, Sequence)
    args = {"field": name or what, "count": len(node.items), "limit": part["maxItems"]}
    yield Diagnostic(codes.TOO_MANY, _first(span), args)


_EXPLAIN: dict[str, Callable[[Schema, Node, Span, str, str], Iterator[Diagnostic]]] = {
    "type": _type,
    "required": _required,
    "additionalProperties": _unknown,
    "pattern": _pattern,
    "enum": _enum,
    "minItems": _min_items,
    "maxItems": _max_items,
}


def _slug(text: str) -> str:
    """Return what ``text`` would be as an id, or an empty string."""
    for old, new in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(old, new)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:60].rstrip("-")
