"""Syntax errors: the exact words that are pointed at, wherever in a file they stand."""

from __future__ import annotations

import pytest
import yaml
from examples import outside
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.diagnostics import Diagnostic, Source, codes
from deckgen.reader import parse
from deckgen.syntax import Fault, explain

# A text with ‹ and › around what is to be pointed at; two lines are never marked.
BROKEN = {
    "a quotation mark that is never closed": 'a: b\nc: ‹"›d\n',
    "an apostrophe that is never closed": "a: b\nc: ‹'›d\ne: f\n",
    "a quotation mark that is closed by the next one": 'a: ‹"›b\nc: "d"\n',
    "a text after its quotation marks": 'a: "b" ‹c›d\n',
    "a text after an apostrophe": "a: 'it'‹s›'\n",
    "a text after a list": "a: [b] ‹c›\n",
    "a text after a mapping": "a: {b: c} ‹d›\n",
    "a colon in a text": "a: b‹:› c\n",
    "a colon in a text after wide characters": "🌿: 🌿 🌿‹:› c\n",
    "a field that goes on with the text above": "a: b\n  ‹cde›: f\n",
    "a field of an item that goes on with the text above": "- a: b\n    ‹c›: d\n",
    "a colon at the end of many words": "a: b\n  c d‹:› e\n",
    "a line without a colon": "a: b\n‹c›d\ne: f\n",
    "a colon without a space": "a: b\ncd‹:›e\n",
    "a colon without a space in an item": "- a: b\n  cd‹:›e\n",
    "an entry that is not indented": "a:\n  - b\n ‹-› c\n",
    "an item without a dash": "- a: b\n‹c›: d\n",
    "a line that stands out": "a:\n    b: c\n  ‹d›: e\n",
    "a star": "a: ‹*b› c\n",
    "two stars": "a: ‹*›*b** c\n",
    "an ampersand": "a: ‹&› b\n",
    "an at sign": "a: ‹@›b\n",
    "a backtick": "a: ‹`›b`\n",
    "a percent sign": "a: ‹%›b\n",
    "a percent sign at the beginning of a file": "‹%›a\nb: c\n",
    "a gap": "a: ‹{{›c1::b}}\n",
    "a gap before a text": "a: ‹{{›b}} c\n",
    "a list that is not closed": "a: ‹[›b, c\nd: e\n",
    "a mapping that is not closed": "a: ‹{›b: c\nd: e\n",
    "two commas": "a: [b,‹,› c]\n",
    "a comma": "a: ‹,› b\n",
    "a closing bracket": "a: ‹]›\n",
    "a list in the line of its name": "a: ‹-› b\n",
    "a text in the line of a bar": "a: | ‹b›\n",
    "an unknown escape": 'a: "b‹\\›c"\n',
    "an escape that is cut off": 'a: "b‹\\›xz"\n',
    "dashes in a text": 'a: "b\n‹-›--\nc"\n',
    "one side of a conflict": "a: b\n‹<<<<<<<› ours\nc: d\n",
    "the other side of a conflict": "a: b\n‹>>>>>>>› theirs\n",
    "a tab before a field": "a:\n‹\t›b: c\n",
    "a tab after spaces": "a:\n  - b\n ‹\t›- c\n",
}


def marked(text: str) -> tuple[str, tuple[int, int, int, int]]:
    """The text without its marks, and the place between them."""
    start, end = text.index("‹"), text.index("›") - 1
    assert "\n" not in text[start:end]
    line, column = text.count("\n", 0, start) + 1, start - (text.rfind("\n", 0, start) + 1) + 1
    return text.replace("‹", "").replace("›", ""), (line, column, line, column + end - start)


def only(text: str) -> Diagnostic:
    result = parse(Source("a.yaml", text))
    (one,) = result.diagnostics
    assert result.value.root is None
    return one


@pytest.mark.parametrize("name", BROKEN)
def test_exactly_the_words_to_blame_are_pointed_at(name: str) -> None:
    text, place = marked(BROKEN[name])
    one = only(text)
    assert one.code is (codes.TAB if "tab" in name else codes.SYNTAX)
    assert one.span == ("a.yaml", *place)
    assert one.hint()


@pytest.mark.parametrize("name", BROKEN)
def test_a_place_moves_with_the_lines_above_it(name: str) -> None:
    text, place = marked(BROKEN[name])
    assert only(f"# Ä 🌿\n\n# b\n{text}").span == ("a.yaml", place[0] + 3, place[1], place[2] + 3, place[3])


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_pointed_at_is_no_yaml_for_others_either(name: str) -> None:
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(marked(BROKEN[name])[0])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [b,", (1, 5)),
        ("a: [b,\n\n\n", (1, 5)),
        ("a: {b: c\n# d\n", (1, 4)),
        ('a: "', (1, 4)),
        ("a: b\n? [", (2, 3)),
    ],
)
def test_what_is_missing_at_the_end_is_told_where_there_is_something(
    text: str, place: tuple[int, int]
) -> None:
    one = only(text)
    assert (one.span.line, one.span.column) == place


@pytest.mark.parametrize("place", [(1, 1), (2, 3), (2, 90), (3, 1), (90, 90)])
def test_words_that_are_not_known_are_told_as_they_are_with_a_place_in_the_file(
    place: tuple[int, int],
) -> None:
    source = Source("a.yaml", "a: b\nc: d")
    one = explain(source, Fault("something new", "while reading", place, place), None)
    assert one.code is codes.SYNTAX
    assert "something new" in one.text()
    assert outside([one], {"a.yaml": source}) == []


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from([marked(text)[0] for text in BROKEN.values()]), min_size=1, max_size=4),
    st.data(),
)
def test_of_several_mistakes_the_first_is_told_alone(texts: list[str], data: st.DataObject) -> None:
    """Nothing is read on after a syntax error: one diagnostic, with a place, even in a piece of a file."""
    text = "".join(texts)
    text = text[: data.draw(st.integers(1, len(text)))]
    result = parse(Source("a.yaml", text))
    assert len([one for one in result.diagnostics if one.code in (codes.SYNTAX, codes.TAB)]) <= 1
    assert outside(result.diagnostics, {"a.yaml": result.value.source}) == []
