"""Laws of reading: what is read is what PyYAML reads as texts, and all of it stands where it is said to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deckgen.decoding import ODD
from deckgen.diagnostics import Source, Span
from deckgen.reader import Document, Mapping, Node, Scalar, Sequence, parse
from deckgen.shape import plain


def reference(text: str) -> Any:
    """What PyYAML reads if every scalar is a text. It refuses an anchor given twice, as YAML may."""
    try:
        return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts, lists and dictionaries
    except yaml.composer.ComposerError as error:
        if "duplicate anchor" in str(error):
            return None
        raise


def nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Sequence):
        for item in node.items:
            yield from nodes(item)
    elif isinstance(node, Mapping):
        for key, value in node.pairs:
            yield key
            yield from nodes(value)


def covered(document: Document, span: Span) -> str:
    """The text that a span covers."""
    lines = document.source.lines()
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    inner = lines[span.line : span.end_line - 1]
    return "\n".join(
        [lines[span.line - 1][span.column - 1 :], *inner, lines[span.end_line - 1][: span.end_column - 1]]
    )


def stands(document: Document, span: Span) -> bool:
    lines = document.source.lines()
    ends = ((span.line, span.column), (span.end_line, span.end_column))
    return ends[0] <= ends[1] and all(
        1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in ends
    )


# Any text -----------------------------------------------------------------------------

PIECES = [
    *"abé🌿-?:,[]{}#&*!|>'\"%@`~<= \n\\12",
    *(
        "- ",
        "\n- ",
        "\n  ",
        "\n  - ",
        ": ",
        "? ",
        " #",
        " # ",
        "|\n",
        ">\n",
        "|-\n ",
        ">2\n",
        "''",
        '""',
        "\\x41",
        "\\u263a",
    ),
    *(
        "&a ",
        "*a",
        "*a ",
        "!t ",
        "!!str ",
        "---\n",
        "...\n",
        "<<: ",
        "id: ",
        "a: b\n",
        "- c\n",
        "[d, e]",
        "{f: g}",
        "\xa0",
    ),
]


@settings(deadline=None, max_examples=1500)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("&a b: *a")
@example("- &a [b]\n- {c: *a}\n")
@example("? a\n? b\n: c\n")
@example("a: |2-\n    b\n   c\n\n")
@example("- a\n  b\n\n  c")
def test_what_is_read_without_findings_is_what_pyyaml_reads(text: str) -> None:
    result = parse(Source("a.yaml", text))
    if result.diagnostics:
        return
    root = result.value.root
    assert root is not None
    wanted = reference(text)
    assert wanted is None or plain(root) == wanted


@settings(deadline=None, max_examples=1000)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("a: b")
@example("- a:\n    - b")
@example("- a\n\n# b")
def test_every_node_stands_in_the_file(text: str) -> None:
    document = parse(Source("a.yaml", text)).value
    for node in nodes(document.root) if document.root is not None else ():
        assert stands(document, node.span)


# Any data -----------------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=12).filter(
    lambda text: not ODD.search(text)
)
data = st.recursive(
    texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
).filter(bool)


def of_a_style(value: Any, style: str | None, flow: bool | None) -> str:
    return yaml.safe_dump(
        value, default_style=style, default_flow_style=flow, allow_unicode=True, sort_keys=False, width=30
    )


def deep(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(deep, inner), default=0)


@settings(deadline=None, max_examples=400)
@given(data, st.sampled_from([None, "'", '"', "|", ">"]), st.sampled_from([True, False, None]))
def test_what_was_written_is_read(value: Any, style: str | None, flow: bool | None) -> None:
    """Texts, lists and mappings, in every style that YAML has; each text begins where its span says."""
    if deep(value) > 10:
        return
    text = of_a_style(value, style, flow)
    result = parse(Source("a.yaml", text))
    assert result.diagnostics == ()
    assert result.value.root is not None
    assert plain(result.value.root) == value
    for node in nodes(result.value.root):
        assert stands(result.value, node.span)
        if isinstance(node, Scalar):
            written = covered(result.value, node.span)
            again = yaml.load(written, Loader=yaml.CBaseLoader)  # noqa: S506
            assert again == node.value or "\n" in written or written == ""
