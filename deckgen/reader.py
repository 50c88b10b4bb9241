"""YAML text → nodes with line and column. The one user of PyYAML.

Parsing goes by libyaml's events rather than by ``compose``, so that depth, number of values
and aliases are limited while they are read: an input that is too much costs next to nothing.
Every scalar stays text: ``NO``, ``1.10`` and dates are what their author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
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

from deckgen.decoding import ODD, read_text, suspicious
from deckgen.diagnostics import MAX_SHOWN, Code, Diagnostic, Level, Result, Source, Span, codes, limited
from deckgen.syntax import Fault, Last, explain

MAX_SCALAR = 20_000
MAX_DEPTH = 12
MAX_VALUES = 50_000
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


def read(path: Path, shown: str, within: Path | None = None) -> Result[Document]:
    """Read the YAML file at ``path``, which lies ``within`` a folder; ``shown`` is its name in diagnostics.

    UTF-8 and, by their byte order mark, UTF-16 and UTF-32 are read. Whatever is wrong is a
    diagnostic; nothing is raised.
    """
    result = read_text(path, shown, within=within)
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
    if odd := limited(suspicious(source)):
        return Result(Document(source, None), odd)
    builder = _Builder(source)
    root: Node | None = None
    try:
        root = builder.document()
    except _Stop as stop:
        builder.found.append(stop.diagnostic)
    except yaml.MarkedYAMLError as error:
        builder.found.append(explain(source, _fault(error), builder.last()))
    except (yaml.YAMLError, ValueError) as error:  # a reader error without a mark, or a bad escape
        args = {"problem": str(error).splitlines()[0], "advice": "save the file anew as UTF-8"}
        builder.found.append(Diagnostic(codes.SYNTAX, Span(source.file), args))
    return Result(Document(source, None if builder.spoiled else root), tuple(builder.found))


def _fault(error: yaml.MarkedYAMLError) -> Fault:
    at = error.problem_mark or error.context_mark
    since = error.context_mark or error.problem_mark
    return Fault(
        error.problem or error.context or "it cannot be read",
        error.context or "",
        (at.line + 1, at.column + 1) if at else (1, 1),
        (since.line + 1, since.column + 1) if since else (1, 1),
    )


class _Builder:
    """Builds nodes from events. Its depth of recursion is at most ``MAX_DEPTH``."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.file = source.file
        self.found: list[Diagnostic] = []
        self.spoiled = False  # something was read that would only lead to false findings
        self.lines = source.text.count("\n") + 1
        self.comments = " #" in source.text or "\t#" in source.text
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.aliases = 0
        self.values = 0
        self.event: Event | None = None  # the last one that a value began or ended with
        self.events: Iterator[Event] = iter(yaml.CBaseLoader(source.text).get_event, None)

    def tell(self, code: Code, span: Span, **args: object) -> None:
        """Note a finding. An error too many ends the reading; a warning too many is left out."""
        if len(self.found) < MAX_SHOWN:
            self.found.append(Diagnostic(code, span, args))
        elif code.level is Level.ERROR:
            self.found.append(Diagnostic(code, span, args))
            raise _Stop(codes.MORE, span)

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    self.tell(codes.DOCUMENTS, self.span(event))
                    return root
                event = next(self.events)  # noqa: PLW2901 - a document start is followed by its node
                root = self.node(event, 0)
        if root is None or (isinstance(root, Scalar) and root.value == "" and not self.found):
            self.tell(codes.EMPTY_FILE, Span(self.file))
            return None
        return root

    def last(self) -> Last | None:
        """The last value that was read, for what is said of a syntax error after it."""
        if self.event is None:
            return None
        span = self.span(self.event)
        if isinstance(self.event, ScalarEvent):
            return Last(span, self.event.style if self.event.style in ("'", '"') else "")
        line = self.source.lines()[min(span.end_line, len(self.source.lines())) - 1]
        end = line[span.column - 1 : span.end_column - 1]
        return Last(span, end if end in ("]", "}") else "")

    def span(self, start: Event, end: Event | None = None) -> Span:
        first, last = start.start_mark, (end or start).end_mark
        assert first is not None
        assert last is not None
        if last.line < self.lines:
            return Span(self.file, first.line + 1, first.column + 1, last.line + 1, last.column + 1)
        # Without a line feed at the file's end, libyaml ends a list on the line that would follow.
        end_of_file = self.lines, len(self.source.lines()[-1]) + 1
        line, column = min((first.line + 1, first.column + 1), end_of_file)
        return Span(self.file, line, column, *end_of_file)

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
            self.spoiled = True
            return Scalar("…", span)
        if event.style == '"' and ODD.search(event.value):  # came by an escape: "\x00"
            for odd in islice(suspicious(Source(self.file, event.value)), 1):
                self.tell(odd.code, span, **odd.args)
        if self.comments and not event.style and event.value:
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
        again = False  # an id stands here a second time: most likely the "- " of a new item is missing
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
                    again = key.value == pairs[0][0].value == "id"
                    args = {"key": key.value[:60], "line": seen[key.value], "near": "- " if again else ""}
                    self.tell(codes.DUPLICATE_KEY, key.span, **args)
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
