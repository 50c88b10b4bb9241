"""Gaps: what Anki reads of them, how paper shows them, what is told of broken ones."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import FLAVOURS, Gap, as_anki_reads, assert_safe, cloze, codes, numbers_in, texts

from deckgen.diagnostics import Level
from deckgen.markup import ANKI, PRINT, SOLVED, gap_numbers, render
from deckgen.markup.flavours import GapFlavour
from deckgen.markup.scan import MAX_INSIDE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{c1::b}} c", "a {{c1::b}} c"),
        ("{{c1::a::a hint}}", "{{c1::a::a hint}}"),
        ("{{c1::a {{c2::b}} c}}", "{{c1::a {{c2::b}} c}}"),
        ("{{c1::{{c2::a::one}}::two}}", "{{c1::{{c2::a::one}}::two}}"),
        ("{{c1,2::a}}", "{{c1,2::a}}"),
        ("{{c1, 3 ,2,1::a}}", "{{c1,3,2::a}}"),
        ("*{{c1::a}}*", "<em>{{c1::a}}</em>"),
        ("{{c1::*a*}}", "{{c1::<em>a</em>}}"),
        ("{{c1::_a_}} {{c2::**„a“**}}", "{{c1::<em>a</em>}} {{c2::<strong>„a“</strong>}}"),
        ("**a {{c1::*b*}}** c", "<strong>a {{c1::<em>b</em>}}</strong> c"),
        ("- {{c1::a}}\n- {{c2::b}}", "<ul>\n<li>{{c1::a}}</li>\n<li>{{c2::b}}</li>\n</ul>"),
        ("> {{c1::a}}", "<blockquote><p>{{c1::a}}</p>\n</blockquote>"),
        ("[{{c1::a}}](https://a.org)", '<a href="https://a.org">{{c1::a}}</a>'),
        ("{{c1::[a](https://a.org)}}", '{{c1::<a href="https://a.org">a</a>}}'),
        ("{{c1::![a](b.png)}}", '{{c1::<img src="b.png" alt="a">}}'),
        ("{{c1::`a}}b`}}", "{{c1::<code>a&#125;&#125;b</code>}}"),
        ("{{c1::`a::b`::c}}", "{{c1::<code>a&#58;&#58;b</code>::c}}"),
        ("`{{c1::a}}` {{c1::b}}", "<code>&#123;&#123;c1::a&#125;&#125;</code> {{c1::b}}"),
        ("{{c1::$x^{2}$}}", r"{{c1::\(x^{2} \)}}"),
        (r"{{c1::$\frac{a}{b^{2}}$}}", r"{{c1::\(\frac{a}{b^{2} } \)}}"),
        (r"{{c1::$f\colon\;a::b$}}", r"{{c1::\(f\colon\;a: :b\)}}"),
        ("{{c1::a: b}}", "{{c1::a: b}}"),
        ("a:{{c1:::b:}}:c", "a:{{c1::&#58;b&#58;}}:c"),
        ("{{c1::a::b::c}}", "{{c1::a::b&#58;&#58;c}}"),
        ("{{c1::a::<b> & `c`}}", "{{c1::a::&lt;b&gt; &amp; `c`}}"),
        (r"{{c1::a\}\}b}}", "{{c1::a&#125;&#125;b}}"),
        (r"{{c1::a\:\:b}}", "{{c1::a&#58;&#58;b}}"),
        ("a }{ b {{c1::c}}", "a &#125;&#123; b {{c1::c}}"),
    ],
)
def test_a_gap_in_anki(text: str, expected: str) -> None:
    assert cloze(text) == expected
    assert codes(text, gaps=True) == []
    assert tuple(sorted(numbers_in(as_anki_reads(expected)))) == gap_numbers(text)


def test_a_gap_in_a_table() -> None:
    assert "<td>{{c1::a}}</td><td>b</td>" in cloze("|x|y|\n|-|-|\n|{{c1::a}}|b|")
    assert '<th scope="col">{{c1::x}}</th>' in cloze("|{{c1::x}}|y|\n|-|-|\n|a|b|")


def test_a_gap_on_paper_is_a_line_whose_length_does_not_tell_its_words() -> None:
    gap = '<span class="gap" style="width: 9.0em">\u2007</span>'
    assert cloze("{{c1::a}}", PRINT) == gap
    assert cloze("{{c1::" + "a " * 500 + "}}", PRINT) == gap
    assert cloze("{{c1::a::so <to> say}}", PRINT) == (
        f'<span class="held">{gap} <span class="hint">(so &lt;to&gt; say)</span></span>'
    )


def test_a_short_hint_is_held_with_its_gap_and_no_hint_is_broken_at_a_hyphen() -> None:
    short, long = (cloze(f"{{{{c1::a::{'Ein-/richtung ' * n}}}}}", PRINT) for n in (1, 5))
    assert short.startswith('<span class="held">')
    assert "(Ein-\u2060/\u2060richtung" in short
    assert "held" not in long


def test_a_solved_gap_shows_its_words() -> None:
    assert cloze("{{c1::*a* {{c2::b}}::hint}}", SOLVED) == (
        '<b class="solved"><em>a</em> <b class="solved">b</b></b>'
    )


def test_the_numbers_of_a_text_in_order() -> None:
    assert gap_numbers("{{c3::a}} {{c1,2::b {{c3::c}}}} `{{c9::d}}`") == (1, 2, 3)
    assert gap_numbers("none {c1::here}") == ()


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("{{c1::}}", "D302", "nothing stands in it"),
        ("{{c1::::hint}}", "D302", "nothing stands in it"),
        ("{{c1::a", "D302", "it is not closed"),
        ("*a {{c1::b* c\n\nd", "D302", "it is not closed"),
        ("{{c0::a}}", "D302", "its number must be from 1 to 500"),
        ("{{c501::a}}", "D302", "its number must be from 1 to 500"),
        ("{{c99999999999999999999::a}}", "D302", "its number must be from 1 to 500"),
        ("{c1::a}", "D302", "it needs two braces"),
        ("{{c1::a}} }}", "D302", "nothing opens it"),
        ("{{a}} {{c1::b}}", "D302", "it does not begin with c and a number"),
        ("{{c1:a}}", "D302", "two colons belong after its number"),
        ("{{C1::a}}", "D302", "it does not begin with c and a number"),
        ("{{c1::a::{{c2::b}}}}", "D302", "a gap stands in its hint"),
        ("![{{c1::a}}](b.png)", "D302", "none can be in code"),
        ("[a](https://a.org/{{c1::b}})", "D302", "none can be in code"),
        ("a\n\n    {{c1::b}}", "D302", "none can be in code"),
        ("~~~\n{{c1::b}}\n~~~", "D302", "none can be in code"),
        ("[a]: https://a.org/{{c1::b}}", "D302", "none can be in code"),
        ("|a|\n|-|\n|b|{{c1::c}}|", "D302", "none can be in code"),
        ("*a {{c1::b*}}", "D314", ""),
        ("{{c1::a *b}} c*", "D314", ""),
        ("{{c1::a\n\nb}}", "D314", ""),
        ("- {{c1::a\n- b}}", "D314", ""),
        ("{{c1::- a\n- b}}", "D314", ""),
        ("|a|b|\n|-|-|\n|{{c1::c|d}}|", "D314", ""),
    ],
)
def test_a_broken_gap_is_told_once_with_its_reason(text: str, code: str, reason: str) -> None:
    told = [
        problem for problem in render(text, ANKI, cloze=True).problems if problem.code.id in ("D302", "D314")
    ]
    assert (told[0].code.id, str(told[0].args.get("reason", ""))[: len(reason)]) == (code, reason)
    assert told[0].needle in text
    assert len(told) == 1 or "}}" in [problem.needle for problem in told[1:]]
    for flavour in FLAVOURS.values():
        assert_safe(cloze(text, flavour))


def test_gaps_in_each_other_deeper_than_anki_reads_are_told() -> None:
    def nested(depth: int) -> str:
        return "".join(f"{{{{c{number}::a" for number in range(1, depth + 1)) + "}}" * depth

    assert codes(nested(MAX_INSIDE), gaps=True) == []
    assert codes(nested(MAX_INSIDE + 1), gaps=True) == ["D302"]
    assert len(numbers_in(as_anki_reads(cloze(nested(MAX_INSIDE))))) == MAX_INSIDE


def test_gaps_outside_a_cloze_are_told_and_shown_as_they_stand() -> None:
    rendered = render("a {{c1::b::c}} {{d}}", ANKI)
    assert [problem.code.id for problem in rendered.problems] == ["D303"]
    assert html.unescape(rendered.html) == "a {{c1::b::c}} {{d}}"
    assert "{" not in rendered.html


def test_the_words_of_gaps_are_collected_inner_ones_first() -> None:
    flavour = GapFlavour()
    render("{{c1::*two*::a number}} years, {{c2::a {{c3::b}} & c}}", flavour, cloze=True)
    assert flavour.found == ["<em>two</em>", "b", "a b &amp; c"]


# Laws ---------------------------------------------------------------------------------


@settings(deadline=None, max_examples=1500)
@given(texts)
def test_anki_sees_the_gaps_that_the_note_has_cards_for(text: str) -> None:
    rendered = render(text, ANKI, cloze=True)
    if not any(problem.code.level is Level.ERROR for problem in rendered.problems):
        assert tuple(sorted(numbers_in(as_anki_reads(rendered.html)))) == gap_numbers(text)


gap_text = st.text(alphabet="ab :<&ä.,'\"", min_size=1, max_size=8).filter(lambda text: "::" not in text)
word = st.sampled_from(["so", "a b", "Ärger", "2 < 3", "R&D", "a: b"])
gap_numbers_of = st.lists(st.integers(1, 500), min_size=1, max_size=3, unique=True).map(tuple)
trees = st.recursive(
    word,
    lambda inner: st.builds(
        Gap, gap_numbers_of, st.lists(inner, min_size=1, max_size=3).map(tuple), st.none() | word
    ),
    max_leaves=5,
)


def written(node: Gap | str) -> str:
    if isinstance(node, str):
        return node
    numbers = ",".join(str(number) for number in node.numbers)
    hint = "" if node.hint is None else f"::{node.hint}"
    return f"{{{{c{numbers}::{' '.join(written(inner) for inner in node.nodes)}{hint}}}}}"


def shown(node: Gap | str) -> str:
    """What a learner sees of what Anki has read, with its numbers and hint."""
    if isinstance(node, str):
        return html.unescape(node)
    hint = "" if node.hint is None else f"/{html.unescape(node.hint)}"
    return f"[{node.numbers}: {''.join(shown(inner) for inner in node.nodes)}{hint}]"


@settings(deadline=None, max_examples=300)
@given(trees)
def test_anki_reads_in_a_gap_what_its_author_wrote(tree: Gap | str) -> None:
    def expected(node: Gap | str) -> str:
        if isinstance(node, str):
            return node
        hint = "" if node.hint is None else f"/{node.hint}"
        return f"[{node.numbers}: {' '.join(expected(inner) for inner in node.nodes)}{hint}]"

    text = f"a {written(tree)} b"
    read = "".join(shown(node) for node in as_anki_reads(cloze(text)))
    assert read == f"a {expected(tree)} b"
    assert codes(text, gaps=True) == []
