"""YAML text → nodes with line and column. The one user of PyYAML.

Parsing goes by libyaml's events rather than by ``compose``, so that depth, number of values
and aliases are limited while they are read: an input that is too much costs next to nothing.
Every scalar stays text: ``NO``, ``1.10`` and dates are what their author wrote.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from deckgen.decoding import FORBIDDEN, name_of, read_text, suspicious
from deckgen.diagnostics import MAX_SHOWN, Code, Diagnostic, Result, Source, Span, codes, limited
from deckgen.syntax import Fault, Last, explain

MAX_SCALAR = 20_000
MAX_DEPTH = 12
MAX_VALUES = 200_000
MAX_ALIASES = 20
_TAG = re.compile(r"!\S*")
_COMMENT = re.compile(r"[ \t]+(#[^\s#]\S*)")


class Scalar(NamedTuple):
    """A text. ``span`` covers it with its quotation marks."""

    value: str
    span: Span


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


class Mapping(NamedTuple):
    """Keys and their nodes, in the file's order, each key once."""

    pairs: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """Return the node under ``key``, or None."""
        return next((node for name, node in self.pairs if name.value == key), None)

    def key(self, key: str) -> Scalar | None:
        """Return the key itself, for its place, or None."""
        return next((name for name, _ in self.pairs if name.value == key), None)


Node = Scalar | Sequence | Mapping


class Document(NamedTuple):
    """A file as it was read; ``root`` is None where it could not be."""

    source: Source
    root: Node | None


def read(path: Path, shown: str) -> Result[Document]:
    """Read the YAML file at ``path``; ``shown`` is its name in diagnostics.

    UTF-8 and, by their byte order mark, UTF-16 and UTF-32 are read. Whatever is wrong is a
    diagnostic; nothing is raised.
    """
    result = read_text(path, shown)
    if result.value.text == "" and result.diagnostics:
        return Result(Document(result.value, None), result.diagnostics)
    parsed = parse(result.value)
    return Result(parsed.value, result.diagnostics + parsed.diagnostics)


# Structure ----------------------------------------------------------------------------


class _Stop(Exception):  # noqa: N818 - ends the reading of a file, caught in this module
    def __init__(self, code: Code, span: Span, **args: object) -> None:
        super().__init__(code.id)
        self.diagnostic = Diagnostic(code, span, args)


def parse(source: Source) -> Result[Document]:
    """Turn a YAML text into nodes."""
    found = list(suspicious(source))
    root: Node | None = None
    if not found:
        builder = _Builder(source)
        try:
            with _no_collector():
                root = builder.document()
        except _Stop as stop:
            builder.found.append(stop.diagnostic)
        except yaml.MarkedYAMLError as error:
            builder.found.append(_syntax(source, error))
        except (yaml.YAMLError, ValueError) as error:  # a reader error without a mark, or a bad escape
            args = {"problem": str(error).splitlines()[0], "advice": "save the file anew as UTF-8"}
            builder.found.append(Diagnostic(codes.SYNTAX, Span(source.file), args))
        found = builder.found
    return Result(Document(source, root), tuple(_limited(found)))


@contextmanager
def _no_collector() -> Iterator[None]:
    """Hold Python's cyclic collector off: nodes have no cycles, and it would walk them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _limited(found: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Show at most ``MAX_SHOWN`` of each code, and say how many more there are."""
    count: dict[str, int] = {}
    for diagnostic in found:
        number = count[diagnostic.code.id] = count.get(diagnostic.code.id, 0) + 1
        if number <= MAX_SHOWN:
            yield diagnostic
    for code, number in count.items():
        if number > MAX_SHOWN:
            span = next(one.span for one in reversed(found) if one.code.id == code)
            yield Diagnostic(codes.MORE, span, {"count": number - MAX_SHOWN, "code": code})


class _Builder:
    """Builds nodes from events. Its depth of recursion is at most ``MAX_DEPTH``."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.file = source.file
        self.found: list[Diagnostic] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.aliases = 0
        self.values = 0
        self.events: Iterator[Event] = iter(yaml.CBaseLoader(source.text).get_event, None)

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    self.found.append(Diagnostic(codes.DOCUMENTS, self.span(event)))
                    return root
                event = next(self.events)  # noqa: PLW2901 - a document start is followed by its node
                root = self.node(event, 0)
        if root is None or (isinstance(root, Scalar) and root.value == ""):
            self.found.append(Diagnostic(codes.EMPTY_FILE, Span(self.file)))
            return None
        return root

    def span(self, start: Event, end: Event | None = None) -> Span:
        first, last = start.start_mark, (end or start).end_mark
        assert first is not None
        assert last is not None
        return Span(self.file, first.line + 1, first.column + 1, last.line + 1, last.column + 1)

    def node(self, event: Event, depth: int) -> Node:
        self.values += 1
        self.event = event
        if self.values > MAX_VALUES:
            raise _Stop(codes.TOO_MANY_VALUES, self.span(event), limit=MAX_VALUES)
        before = self.values
        if isinstance(event, ScalarEvent):
            node: Node = self.scalar(event)
        elif isinstance(event, AliasEvent):
            return self.alias(event)
        else:
            if depth >= MAX_DEPTH:
                raise _Stop(codes.NESTING, self.span(event), limit=MAX_DEPTH)
            assert isinstance(event, SequenceStartEvent | MappingStartEvent)
            node = (
                self.sequence(event, depth + 1)
                if isinstance(event, SequenceStartEvent)
                else self.mapping(event, depth + 1)
            )
        if event.tag is not None:
            self.tag(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.values - before + 1)
        return node

    def tag(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent) -> None:
        """A tag would make something else than text of a value; without it the value may be nothing."""
        span = self.span(event)
        written = _TAG.search(self.source.lines()[span.line - 1], span.column - 1)
        if written:
            span = Span(self.file, span.line, written.start() + 1, span.line, written.end() + 1)
        self.tell(codes.TAG, span, tag=written.group()[:60] if written else event.tag)
        self.spoiled = True

    def scalar(self, event: ScalarEvent) -> Scalar:
        span = self.span(event)
        if len(event.value) > MAX_SCALAR:
            self.tell(codes.LONG_SCALAR, span, size=len(event.value), limit=MAX_SCALAR)
            return Scalar("…", span)
        if event.style == '"' and (bad := FORBIDDEN.search(event.value)):  # came by an escape: "\x00"
            self.tell(codes.CONTROL_CHARACTER, span, character=name_of(bad.group()))
        if self.comments and event.plain[0] and event.value:
            self.comment(span)
        return Scalar(event.value, span)

    def comment(self, span: Span) -> None:
        """``We are #1``: what follows a space and # is a comment, and hardly meant as one."""
        comment = _COMMENT.match(self.source.lines()[span.end_line - 1], span.end_column - 1)
        if comment:
            start, end = comment.span(1)
            place = Span(self.file, span.end_line, start + 1, span.end_line, end + 1)
            self.tell(codes.COMMENT, place, comment=comment.group(1)[:60])

    def alias(self, event: AliasEvent) -> Node:
        self.aliases += 1
        anchored = self.anchors.get(event.anchor or "")
        self.values += anchored[1] if anchored else 0
        if self.aliases > MAX_ALIASES or self.values > MAX_VALUES:
            raise _Stop(codes.ALIASES, self.span(event), limit=MAX_ALIASES)
        if anchored is None:
            args = {"problem": "a text cannot begin with *", "advice": "put the text in quotation marks"}
            raise _Stop(codes.SYNTAX, self.span(event), **args)
        return anchored[0]

    def sequence(self, start: SequenceStartEvent, depth: int) -> Sequence:
        items: list[Node] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                self.event = event
                return Sequence(tuple(items), self.span(start, event))
            items.append(self.node(event, depth))
        raise AssertionError  # libyaml always ends what it began

    def mapping(self, start: MappingStartEvent, depth: int) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, int] = {}
        again = False  # the first key stands here a second time: most likely a new item, whose "- " is missing
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                self.event = event
                return Mapping(tuple(pairs), self.span(start, event))
            key = self.node(event, depth)
            if not isinstance(key, Scalar):
                self.complex_key(key, start)
                continue
            value = self.node(next(self.events), depth)
            if key.value in seen:
                if not again:
                    again = key.value == pairs[0][0].value and key.value == "id"
                    near = "- " if again else ""
                    self.tell(codes.DUPLICATE_KEY, key.span, key=key.value[:60], line=seen[key.value], near=near)
            else:
                seen[key.value] = key.span.line
                pairs.append((key, value))
        raise AssertionError  # libyaml always ends what it began

    def complex_key(self, key: Node, start: MappingStartEvent) -> NoReturn:
        """A list or a mapping as a key; after two braces, a gap was meant."""
        mark = start.start_mark
        line = self.source.lines()[key.span.line - 1]
        if isinstance(key, Mapping) and mark and line[mark.column : mark.column + 2] == "{{":
            span = Span(self.file, key.span.line, mark.column + 1, key.span.line, mark.column + 3)
            args = {"problem": "a text cannot begin with {", "advice": "put the text in quotation marks"}
            raise _Stop(codes.SYNTAX, span, **args)
        start_of_key = Span(self.file, *key.span[1:3], key.span.line, key.span.column + 1)
        raise _Stop(codes.COMPLEX_KEY, start_of_key)
