"""Whether nodes have the shape that a JSON Schema asks for. The one user of jsonschema-rs.

The schemas are the ones that editors use (``deckgen schema``), so that an editor and the
compiler never disagree. Annotations of our own tell how a finding is worded: ``x-code`` (the
diagnostic for a broken pattern), ``x-what`` (what the thing is called in a sentence),
``x-example`` (how it is written), ``x-pattern`` (the pattern in words), ``x-kind`` and ``x-kinds``
(the kind of an item, and the fields of all kinds).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

import jsonschema_rs

from deckgen.diagnostics import CODES, MAX_SHOWN, Diagnostic, Span, codes, limited, nearest
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


Path = list[str | int]


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
        found = list(islice(self._found(node, data), MAX_SHOWN + 1))
        return limited(sorted(found, key=Diagnostic.sort_key))

    def _found(self, node: Node, data: Plain) -> Iterator[Diagnostic]:
        """Yield what is wrong. The validator tells each missing field by itself; one word tells them all."""
        told: set[tuple[str | int, ...]] = set()
        for schema_path, path in self._errors(data):
            key = (*schema_path, "at", *path)
            if key not in told:
                told.add(key)
                yield from _explain(self.schema, node, schema_path, path)

    def _errors(self, data: Any) -> Iterator[tuple[Path, Path]]:
        """Yield the places of errors in the schema and in the data, the ones in entries of lists last.

        The validator collects all errors before it tells the first, so lists are gone through entry by
        entry: of ten thousand wrong ones only those are looked at closely that will be shown.
        """
        for error in self._without_entries.iter_errors(data):
            yield list(error.schema_path), list(error.instance_path)
        for schema_path, path, entries in self._lists:
            for number, entry in enumerate(_follow(data, path)):
                if not entries.validator.is_valid(entry):
                    for inner_schema_path, inner_path in entries._errors(entry):
                        yield [*schema_path, "items", *inner_schema_path], [*path, number, *inner_path]

    @cached_property
    def _without_entries(self) -> Any:
        return jsonschema_rs.validator_for(_without_items(self.schema))

    @cached_property
    def _lists(self) -> list[tuple[Path, Path, Shape]]:
        return [(schema_path, path, Shape(items)) for schema_path, path, items in _items(self.schema, [], [])]


def _without_items(schema: Schema) -> Schema:
    """Return a schema that says nothing of the entries of its lists."""
    kept = {key: value for key, value in schema.items() if key != "items"}
    if "properties" in schema:
        kept["properties"] = {name: _without_items(part) for name, part in schema["properties"].items()}
    return kept


def _items(schema: Schema, schema_path: Path, path: Path) -> Iterator[tuple[Path, Path, Schema]]:
    """Yield what ``_without_items`` leaves out, with its place in the schema and in the data."""
    if "items" in schema:
        yield schema_path, path, schema["items"]
    for name, part in schema.get("properties", {}).items():
        yield from _items(part, [*schema_path, "properties", name], [*path, name])


def _follow(data: Any, path: Path) -> list[Any]:
    """Return the list at a path; an empty one if there is none."""
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, list) else []


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
    if path and isinstance(path[-1], int) and name and "x-what" not in part:
        what = f'an entry of "{name}"'
    explain = _EXPLAIN.get(keyword)
    if explain is None:
        message = f"a schema uses the keyword {keyword!r}, which has no wording"
        raise AssertionError(message)
    yield from explain(part, node, span, name, what)


def _type(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    wanted = part["type"] if isinstance(part["type"], list) else [part["type"]]
    actual = {Scalar: "string", Sequence: "array", Mapping: "object"}[type(node)]
    if isinstance(node, Scalar) and node.value == "" and "string" not in wanted:
        yield Diagnostic(codes.EMPTY, _first(span), {"what": what})
        return
    expected = " or ".join(_TYPES[kind] for kind in wanted if kind in _TYPES)
    example = part.get("x-example") or "look at the indentation and at “- ” before each entry"
    if actual == "object" and "string" in wanted:
        example = "a text with a colon in it needs quotation marks"
    elif actual == "array" and "string" in wanted:
        example = "put it in quotation marks, or write “|” and then the list below it if the text is one"
    args = {"what": what, "expected": expected, "actual": _TYPES[actual], "example": example}
    yield Diagnostic(codes.WRONG_TYPE, _first(node.span if actual != "string" else span), args)


def _required(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    """One error of the validator's tells one missing property; all are looked up, the first tells all."""
    assert isinstance(node, Mapping)
    if _meant(part, node):
        return
    unknown = [key.value for key, _ in node.pairs if key.value not in part["properties"]]
    free = _free(part, node)
    meant = {nearest(key, free) for key in unknown[:MAX_SHOWN]}
    missing = [field for field in part["required"] if field in free and field not in meant]
    identity = node.get("id")
    if isinstance(identity, Scalar) and identity.value and what == "the item":
        what = f'the item "{identity.value}"'
    for field in missing:
        yield Diagnostic(codes.MISSING, _first(node.span), {"what": what, "field": field})


def _unknown(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    assert isinstance(node, Mapping)
    args: dict[str, object] = {"fields": ", ".join(part["properties"]), "kind": part.get("x-kind", "")}
    meant = _meant(part, node)
    foreign = {field for fields in part.get("x-kinds", {}).values() for field in fields}
    free = _free(part, node)
    for key, _ in node.pairs:
        if key.value in part["properties"]:
            continue
        args |= {"field": key.value[:60], "near": meant or nearest(key.value, free)}
        if meant or (key.value in foreign and not args["near"]):
            yield Diagnostic(codes.OTHER_KIND, key.span, dict(args))
        else:
            yield Diagnostic(codes.UNKNOWN_FIELD, key.span, dict(args))
        if meant:  # one line mends them all
            return


def _free(part: Schema, node: Mapping) -> list[str]:
    """The fields that are not there yet: what an unknown key may have been meant to be."""
    there = {key.value for key, _ in node.pairs}
    return [field for field in part["properties"] if field not in there]


def _meant(part: Schema, node: Mapping) -> str:
    """The kind whose fields an item has, if it is not its own: “kind: …” was forgotten, or is wrong."""
    kinds = part.get("x-kinds", {})
    own = part.get("x-kind")
    common = set(part["properties"]) - set(kinds.get(own, ()))
    keys = {key.value for key, _ in node.pairs} - common
    if keys <= set(kinds.get(own, ())):
        return ""
    fitting = [kind for kind, fields in kinds.items() if kind != own and keys <= set(fields)]
    return str(max(fitting, key=lambda kind: len(keys & set(kinds[kind])) / len(kinds[kind]), default=""))


def _pattern(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:
    assert isinstance(node, Scalar)
    code = CODES[part.get("x-code", codes.BAD_PATTERN.id)]
    if node.value.strip() == "" and code is not codes.BAD_COLOUR:  # #123456 without quotation marks
        yield Diagnostic(codes.EMPTY, _first(span), {"what": what})
        return
    value = node.value[:60]
    args = dict.fromkeys(("id", "tag", "colour", "url", "source", "value"), value)
    args |= {"field": name, "near": slug(value), "pattern": part.get("x-pattern", "")}
    yield Diagnostic(code, _first(node.span), args)


def _enum(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:
    if not isinstance(node, Scalar):
        return  # its type is told already
    if node.value.strip() == "":
        yield Diagnostic(codes.EMPTY, _first(span), {"what": what})
        return
    words = [str(word) for word in part["enum"]]
    args = {
        "word": node.value[:60],
        "field": name,
        "words": ", ".join(words),
        "near": nearest(node.value, words),
    }
    yield Diagnostic(codes.BAD_WORD, _first(node.span), args)


def _min_items(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    assert isinstance(node, Sequence)
    args = {"what": what, "count": len(node.items), "limit": part["minItems"]}
    yield Diagnostic(codes.TOO_FEW, _first(span), args)


def _max_items(part: Schema, node: Node, span: Span, name: str, what: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    assert isinstance(node, Sequence)
    args = {"what": what, "count": len(node.items), "limit": part["maxItems"]}
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


def slug(text: str) -> str:
    """Return what ``text`` would be as an id, or an empty string."""
    for old, new in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(old, new)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:60].rstrip("-")
