"""YAML text → nodes: what is read, where it stands, what is told of what is not YAML, and what it costs."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from examples import outside
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deckgen.collector import uncollected
from deckgen.decoding import MAX_BYTES, decode
from deckgen.diagnostics import MAX_SHOWN, Diagnostic, Result, Source, Span
from deckgen.reader import (
    MAX_ALIASES,
    MAX_DEPTH,
    MAX_SCALAR,
    MAX_VALUES,
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    parse,
    read,
)


def source(text: str) -> Source:
    return Source("a.yaml", text)


def root(text: str) -> Node:
    result = parse(source(text))
    assert result.diagnostics == ()
    assert result.value.root is not None
    return result.value.root


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.value: plain(value) for key, value in node.pairs}


def told(text: str) -> list[tuple[str, int, int]]:
    return [(one.code.id, one.span.line, one.span.column) for one in parse(source(text)).diagnostics]


def only(text: str) -> Diagnostic:
    (one,) = parse(source(text)).diagnostics
    return one


# What is read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["NO", "no", "yes", "null", "~", "1.10", "017", "0x1F", "1e3", "2024-01-02", "12:30:45", ".inf"],
)
def test_every_value_is_the_text_that_was_written(written: str) -> None:
    assert plain(root(f"a: {written}\n")) == {"a": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("a: b c", "b c"),
        ("a: 'b ''c'''", "b 'c'"),
        ('a: "b\\t\\u263a"', "b\t☺"),
        ("a: |\n  b\n   c\n", "b\n c\n"),
        ("a: >-\n  b\n  c\n\n  d\n", "b c\nd"),
        ("a: b\n  c", "b c"),
        ("a:", ""),
        ("a: ''", ""),
    ],
)
def test_every_way_to_write_a_text_is_read(written: str, value: str) -> None:
    assert plain(root(written)) == {"a": value}


def test_lists_and_mappings_in_both_styles_are_read() -> None:
    assert plain(root("- a: [b, {c: d}]\n  e:\n  - f\n  -\n")) == [{"a": ["b", {"c": "d"}], "e": ["f", ""]}]


def test_anchors_and_aliases_in_moderation_are_read() -> None:
    assert plain(root("a: &x [b, c]\nd: *x\n*y : e\n".replace("*y :", "f :"))) == {
        "a": ["b", "c"],
        "d": ["b", "c"],
        "f": "e",
    }


def test_a_mapping_gives_its_values_and_keys_by_name() -> None:
    node = root("a: b\nc: d\n")
    assert isinstance(node, Mapping)
    value, key = node.get("c"), node.key("c")
    assert value == Scalar("d", Span("a.yaml", 2, 4, 2, 5))
    assert key == Scalar("c", Span("a.yaml", 2, 1, 2, 2))
    assert node.get("x") is None
    assert node.key("x") is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a: b c", (1, 4, 1, 7)),
        ("a: 'b'", (1, 4, 1, 7)),
        ("🌿: 🌿🌿", (1, 4, 1, 6)),
        ("a: |\n  b\n  c\n", (1, 4, 4, 1)),
        ("a:\n  - b\n  - c\n", (2, 3, 4, 1)),
        ("a:\n  - b\n  - c", (2, 3, 3, 6)),
        ("a: {b: c}", (1, 4, 1, 10)),
    ],
)
def test_a_span_covers_what_was_written(text: str, span: tuple[int, int, int, int]) -> None:
    node = root(text)
    assert isinstance(node, Mapping)
    assert node.pairs[0][1].span == Span("a.yaml", *span)


def test_a_file_is_read_by_the_name_it_is_shown_by(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: b\r\n")
    result = read(file, "items/x.yaml")
    assert result.diagnostics == ()
    assert result.value.source == Source("items/x.yaml", "a: b\n")
    assert result.value.root is not None
    assert result.value.root.span.file == "items/x.yaml"


def test_a_file_that_is_no_text_has_no_root(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xff\xfe\xfd")
    result = read(file, "x.yaml")
    assert [one.code.id for one in result.diagnostics] == ["D003"]
    assert result.value.root is None


# What is not YAML ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ('a: "b\nc: d\n', (1, 4), "opened and never closed"),
        ('a: "b\nc: "d"\n', (1, 4), "opened here is closed only in line 2"),
        ('a: "b" c\n', (1, 8), "goes on after its closing quotation mark"),
        ("a: 'b's c'\n", (1, 7), "goes on after its closing quotation mark"),
        ("a: [b] c\n", (1, 8), "goes on after ]"),
        ("a: {b: c} d\n", (1, 11), "goes on after }"),
        ("a: b: c\n", (1, 5), "a colon and a space"),
        ("a: b\n  c: d\n", (2, 3), "goes on with the text in line 1"),
        ("a: b\n  long words: d\n", (2, 13), "goes on with the text in line 1"),
        ("a: b\nc\nd: e\n", (2, 1), "neither a field nor an entry"),
        ("a: b\nc:d\n", (2, 2), "a space is missing"),
        ("- a\nb: c\n", (2, 1), "does not fit the list above"),
        ("a:\n  b: c\n d: e\n", (3, 2), "does not fit the lines above"),
        ("a: *b c\n", (1, 4), "cannot begin with *"),
        ("a: *b* c\n", (1, 4), "cannot begin with *"),
        ("a: & b\n", (1, 4), "cannot begin with &"),
        ("a: @b\n", (1, 4), "cannot begin with @"),
        ("a: `b`\n", (1, 4), "cannot begin with `"),
        ("a: %b\n", (1, 4), "cannot begin with %"),
        ("%b\na: b\n", (1, 1), "cannot begin with %"),
        ("a: {{b}} c\n", (1, 4), "cannot begin with {"),
        ("a: {{c1::b}}\n", (1, 4), "cannot begin with {"),
        ("a: !b! c\n", (1, 4), "cannot begin with an exclamation mark"),
        ("a: [b, c\nd: e\n", (1, 4), "[ is opened and not closed"),
        ("a: [b,, c]\n", (1, 7), "a value is missing"),
        ("[", (1, 1), "a value is missing"),
        ("a: - b\n", (1, 4), "a list cannot begin"),
        ("a: | b\n", (1, 6), "after | or >"),
        ('a: "\\q"\n', (1, 5), "a backslash"),
        ('a: "\\xqq"\n', (1, 5), "a backslash"),
        ('a: "b\n---\nc"\n', (2, 1), "three dashes"),
        ("a: b\n<<<<<<< HEAD\nc: d\n", (2, 1), "two versions"),
        ("a: b\n>>>>>>> theirs\n", (2, 1), "two versions"),
        ('"a"\nb: c\n', (2, 1), "does not fit"),
    ],
)
def test_a_syntax_error_is_told_where_it_was_made(text: str, place: tuple[int, int], part: str) -> None:
    one = only(text)
    assert (one.code.id, one.span.line, one.span.column) == ("D007", *place)
    assert part in one.text()
    assert one.hint()
    assert parse(source(text)).value.root is None


@pytest.mark.parametrize(
    ("text", "place"), [("\ta: b\n", (1, 1)), ("a:\n\tb: c\n", (2, 1)), ("a:\n  - b\n \t- c\n", (3, 2))]
)
def test_a_tab_that_indents_is_told(text: str, place: tuple[int, int]) -> None:
    assert told(text) == [("D006", *place)]


@pytest.mark.parametrize("text", ["a:\tb\n", "a: b\tc\n", "a: b\t# c\n", "a: |\n  b\n  \tc\n"])
def test_other_tabs_are_read(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: b\na: c\n", [("D008", 2, 1)]),
        ("a: {b: c, b: d}\n", [("D008", 1, 11)]),
        ("- id: a\n  b: c\n  id: d\n  b: e\n", [("D008", 3, 3)]),
        ("- b: a\n  id: c\n  id: d\n  b: e\n", [("D008", 3, 3), ("D008", 4, 3)]),
        ("a: !b c\n", [("D009", 1, 4)]),
        ("a: !!python/object:x {}\n", [("D009", 1, 4)]),
        ("a: &x !!str b\n", [("D009", 1, 7)]),
        ("a: b\n---\nc: d\n---\n", [("D014", 2, 1)]),
        ("---\na: b\n...\n", []),
        ("? [a]\n: b\n", [("D015", 1, 3)]),
        ("[a, b]: c\n", [("D015", 1, 1)]),
        ("", [("D016", 1, 1)]),
        ("# a\n\n", [("D016", 1, 1)]),
        ("---\n", [("D016", 1, 1)]),
        ("a: b #c\n", [("D018", 1, 6)]),
        ("a: b # c\n", []),
        ("a: 'b' #c\n", []),
        ("a: 'b #c'\n", []),
        ("a: |\n  b #c\n", []),
        ("#a\nb: c\n", []),
        ("a: b\n  c #d\n", [("D018", 2, 5)]),
        ('a: "\\0"\n', [("D004", 1, 4)]),
        ("a: b\u2028c\n", [("D004", 1, 5)]),
        ("a: b\u202ec\n", [("D005", 1, 5)]),
    ],
)
def test_what_may_not_stand_in_a_file_is_told(text: str, found: list[tuple[str, int, int]]) -> None:
    assert told(text) == found


def test_a_duplicate_names_the_line_of_the_first_and_the_first_is_kept() -> None:
    result = parse(source("a: b\nc: d\na: e\n"))
    assert result.value.root is not None
    assert plain(result.value.root) == {"a": "b", "c": "d"}
    assert [one.text() for one in result.diagnostics] == [
        '"a" stands here a second time; it was given in line 1'
    ]


# Limits -------------------------------------------------------------------------------


def test_a_text_of_the_most_characters_is_read_and_a_longer_one_is_not() -> None:
    assert told(f"a: {'b' * MAX_SCALAR}") == []
    result = parse(source(f"a: {'b' * (MAX_SCALAR + 1)}"))
    assert [one.code.id for one in result.diagnostics] == ["D012"]
    assert result.value.root is None


def test_the_deepest_nesting_is_read_and_a_deeper_one_is_not() -> None:
    assert told("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert told("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == [("D011", 1, MAX_DEPTH + 1)]


def test_the_most_values_are_read_and_more_are_not() -> None:
    assert told(f"[{'a,' * (MAX_VALUES - 1)}]") == []
    assert told(f"[{'a,' * MAX_VALUES}]") == [("D013", 1, 2 * MAX_VALUES)]


def test_the_most_aliases_are_read_and_more_are_not() -> None:
    assert told("a: &x b\nc: [" + "*x, " * MAX_ALIASES + "]\n") == []
    assert told("a: &x b\nc: [" + "*x, " * (MAX_ALIASES + 1) + "]\n") == [("D010", 2, 5 + 4 * MAX_ALIASES)]


def test_aliases_that_stand_for_too_much_are_not_read() -> None:
    lines = [f"- &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 5)]
    lines.insert(0, "- &a0 [" + "x, " * 100 + "]")
    assert [one.code.id for one in parse(source("\n".join(lines))).diagnostics] == []
    lines[0] = "- &a0 [" + "x, " * 1000 + "]"
    assert [one.code.id for one in parse(source("\n".join(lines))).diagnostics] == ["D010"]


def test_of_very_many_errors_the_first_ones_are_told() -> None:
    result = parse(source("a: b\n" * 1000))
    assert [one.code.id for one in result.diagnostics] == ["D008"] * (MAX_SHOWN + 1) + ["D017"]


def test_warnings_however_many_do_not_hide_an_error_nor_end_the_reading() -> None:
    many = "".join(f"a{number}: b #c\n" for number in range(200))
    result = parse(source(many))
    assert [one.code.id for one in result.diagnostics] == ["D018"] * MAX_SHOWN
    assert isinstance(result.value.root, Mapping)
    assert len(result.value.root.pairs) == 200
    assert "D008" in [one.code.id for one in parse(source(many + "a0: b\n")).diagnostics]


# Costs --------------------------------------------------------------------------------


def fill(unit: str, head: str = "", tail: str = "") -> Callable[[], bytes]:
    """Return what makes the largest file that is read: ``unit`` as often as there is room for it."""

    def make() -> bytes:
        room = MAX_BYTES - len(head.encode()) - len(tail.encode())
        return (head + unit * (room // len(unit.encode())) + tail).encode()

    return make


HOSTILE: dict[str, Callable[[], bytes]] = {
    "zero bytes": fill("\0"),
    "direction marks": fill("\u202e"),
    "direction marks in lines": fill("\u202e\n"),
    "closing marks": fill("\u2069"),
    "line feeds and a mark": fill("\n", tail="\u202e"),
    "spaces": fill(" "),
    "carriage returns": fill("\r"),
    "tabs": fill("\t"),
    "brackets": fill("["),
    "braces": fill("{"),
    "closed brackets": fill("]", head="[" * 100),
    "dashes": fill("- "),
    "dashes in lines": fill("- \n"),
    "question marks": fill("? "),
    "question marks in lines": fill("? a\n"),
    "quotation marks": fill('"'),
    "one quotation mark": fill("a", head='"'),
    "one quotation mark over lines": fill("a\n", head='"'),
    "apostrophes": fill("'"),
    "colons": fill(": "),
    "one word": fill("a"),
    "words": fill("a "),
    "words over lines": fill(" a\n", head="b\n"),
    "stars": fill("*a "),
    "anchors": fill("- &a b\n"),
    "aliases": fill("*a, ", head="- &a b\n- ["),
    "tags": fill("- !t a\n"),
    "exclamation marks": fill("!"),
    "comments": fill("#\n"),
    "comments behind texts": fill("- a #b\n"),
    "one key again and again": fill("a: b\n"),
    "many keys": lambda: b"".join(b"k%d: a\n" % number for number in range(45_000)),
    "many keys in braces": lambda: b"{" + b"".join(b"k%d: a, " % number for number in range(40_000)) + b"}",
    "documents": fill("---\n"),
    "escapes": fill("\\x41", head='"', tail='"'),
    "escaped zeros": fill('"\\0", ', head="[", tail="]"),
    "percent signs": fill("%a\n"),
    "ampersands": fill("&"),
    "conflicts": fill("<<<<<<< a\n"),
    "commas": fill(",", head="["),
    "empty blocks": fill("a: |\n"),
    "one block": fill("  a\n", head="a: |\n"),
    "a deep block": fill(" ", head="a: |\n", tail="a"),
    "a ladder": lambda: b"".join(b" " * depth + b"a:\n" for depth in range(900)),
    "a long key": fill("a", tail=": b"),
    "a billion laughs": lambda: b"".join(
        b"- &a%d [%s]\n" % (number, b", ".join([b"*a%d" % (number - 1)] * 9) if number else b"lol")
        for number in range(10)
    ),
}


def hostile(data: bytes) -> Result[Document]:
    decoded = decode(data, "a.yaml")
    if decoded.diagnostics:
        return Result(Document(decoded.value, None), decoded.diagnostics)
    return parse(decoded.value)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_a_second_to_read(name: str) -> None:
    data = HOSTILE[name]()
    with uncollected():  # as decks are read: the tests' own heap is large
        start = time.process_time()
        result = hostile(data)
        assert time.process_time() - start < 1
    assert len(result.diagnostics) <= MAX_SHOWN + 2
    assert outside(result.diagnostics, {"a.yaml": result.value.source}) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_200_megabytes_to_read(name: str) -> None:
    data = HOSTILE[name]()
    tracemalloc.start()
    try:
        hostile(data)
        assert tracemalloc.get_traced_memory()[1] < 200_000_000
    finally:
        tracemalloc.stop()


# Laws ---------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *"-:?[]{},#&*!|>'\"%@`~ \n\t\\abc1",
        *("- ", ": ", "\n  ", "\n- ", "---\n", "...\n", "{{c1::", "}}", "<<: ", "&a ", "*a", "!b "),
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=60).map("".join)))
@settings(deadline=None, max_examples=600)
@example("&a [*a]")
@example("\ud800")
@example("- a\n-")
def test_any_text_is_read_or_told_with_a_place_in_it(text: str) -> None:
    result = parse(source(text))
    assert outside(result.diagnostics, {"a.yaml": source(text)}) == []
    if result.value.root is None:
        assert any(one.level == "error" for one in result.diagnostics)


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=400)
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    result = hostile(data)
    if result.value.root is None:
        assert any(one.level == "error" for one in result.diagnostics)
