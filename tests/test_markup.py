"""Markdown with gaps and formulas → HTML: what Anki and paper get, and what cannot get through."""

from __future__ import annotations

import html
import importlib
import re
import time
from html.parser import HTMLParser
from types import ModuleType
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.collector import uncollected
from deckgen.decoding import FORBIDDEN
from deckgen.diagnostics import Level
from deckgen.markup import ANKI, PRINT, SOLVED, Flavour, gap_numbers, plain_text, render
from deckgen.markup.flavours import AnkiFlavour, GapFlavour
from deckgen.markup.formula import readable
from deckgen.markup.scan import MAX_INSIDE, scan

RENDER: ModuleType = importlib.import_module("deckgen.markup.render")  # the name is its function's as well
FLAVOURS = {"anki": ANKI, "print": PRINT, "solved": SOLVED}


def anki(text: str, *, block: bool = True) -> str:
    return render(text, ANKI, block=block).html


def cloze(text: str, flavour: Flavour = ANKI) -> str:
    return render(text, flavour, cloze=True).html


def codes(text: str, *, block: bool = True, gaps: bool = False) -> list[str]:
    return [problem.code.id for problem in render(text, ANKI, block=block, cloze=gaps).problems]


# What authors write -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a *b* **c** _d_ __e__", "a <em>b</em> <strong>c</strong> <em>d</em> <strong>e</strong>"),
        ("***a***", "<em><strong>a</strong></em>"),
        ("`a < b`", "<code>a &lt; b</code>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("one\ntwo", "one\ntwo"),
        ("one  \ntwo", "one<br>\ntwo"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("1. a", "<ol>\n<li>a</li>\n</ol>"),
        ("> a", "<blockquote><p>a</p>\n</blockquote>"),
        ("~~~\na < b\n~~~", "<pre><code>a &lt; b\n</code></pre>"),
        ("[a](https://a.org/?b=1&c=2)", '<a href="https://a.org/?b=1&amp;c=2">a</a>'),
        ("<https://a.org>", '<a href="https://a.org">https://a.org</a>'),
        ("<me@a.org>", '<a href="mailto:me@a.org">me@a.org</a>'),
        ("![a *gate*](gate.svg)", '<img src="gate.svg" alt="a gate">'),
        (r"2 \* 3", "2 * 3"),
        ("R&D, a < b, &copy; &lt;b&gt;", "R&amp;D, a &lt; b, © &lt;b&gt;"),
    ],
)
def test_commonmark_becomes_html(text: str, expected: str) -> None:
    assert anki(text) == expected
    assert render(text, PRINT).html == expected
    assert codes(text) == []


def test_a_table_has_a_head_and_its_alignment() -> None:
    assert anki("|a|b|c|\n|:-|-:|-|\n|1|2|3|") == (
        '<table>\n<tr class="head"><th scope="col" style="text-align: start">a</th>'
        '<th scope="col" style="text-align: end">b</th><th scope="col">c</th></tr>\n'
        '<tr><td style="text-align: start">1</td><td style="text-align: end">2</td><td>3</td></tr>\n</table>'
    )


def test_a_heading_is_a_strong_line_so_that_the_pages_own_headings_stay_in_order() -> None:
    assert anki("# a\n\nb") == "<p><strong>a</strong></p>\n<p>b</p>"


@pytest.mark.parametrize(
    "text", ["# a", "- a", "1. a", "> a", "```", "| a |", "=== a", "    a", "---", "+ a"]
)
def test_a_line_is_one_paragraph_whatever_it_begins_with(text: str) -> None:
    assert html.unescape(anki(text, block=False)) == text.strip()


def test_a_line_that_is_folded_stays_one_line() -> None:
    assert anki("*a*\n- b\n\n  c", block=False) == "<em>a</em> - b c"


@pytest.mark.parametrize("block", [True, False])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("_a_ b", "<em>a</em> b"),
        ("**„Smart City“** b", "<strong>„Smart City“</strong> b"),
        ("*(a)* b", "<em>(a)</em> b"),
        ("b *«a»*", "b <em>«a»</em>"),
    ],
)
def test_emphasis_at_the_edge_of_a_text(text: str, expected: str, block: bool) -> None:
    assert anki(text, block=block) == expected
    assert codes(text, block=block) == []


def test_a_no_break_space_stays_one() -> None:
    for text in ("z.\u00a0B. das", "z.\u00a0B. *das*"):
        assert "z.\u00a0B." in anki(text)
        assert "z.\u00a0B." in anki(text, block=False)


def test_nothing_makes_nothing() -> None:
    assert render(" \n ", ANKI).html == ""


# What does not do what it seems to do -------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "needle"),
    [
        ("a <b>b</b>", "D304", "<b>"),
        ("<script>\nalert(1)\n</script>", "D304", "<script>"),
        ("<!-- a -->", "D304", "<!-- a -->"),
        ("[a](javascript:alert(1))", "D305", "javascript:alert(1)"),
        ("[a](page.html)", "D305", "page.html"),
        ("[a](data:text/html,b)", "D305", "data:text/html,b"),
        ("[a](<>)", "D305", ""),
        ("![a](https://a.org/b.png)", "D306", "https://a.org/b.png"),
        ("![a](//a.org/b.png)", "D306", "//a.org/b.png"),
        ("![a](data:image/png;base64,AAAA)", "D306", "data:image/png;base64,AAAA"),
        ("![a](../b.png)", "D308", "../b.png"),
        ("![a](b.gif)", "D308", "b.gif"),
        ("![](b.png)", "D309", "](b.png"),
        ("a ** b **", "D310", "** b **"),
        ("a **b", "D310", "**b"),
        ("**a **\nb", "D310", "**a **"),
        ("ein **Wörtchen für „dich", "D310", "**Wörtchen für „dich"),
        (r"a \(x", "D311", r"\("),
        ("Für Bürger*innen und Mieter*innen", "D316", "*innen und Mieter*"),
    ],
)
def test_a_fault_is_told_with_the_words_to_point_at(text: str, code: str, needle: str) -> None:
    problem = render(text, ANKI).problems[0]
    assert (problem.code.id, problem.needle) == (code, needle)
    assert needle in text
    assert problem.code.message.format_map({"field": "answer", **problem.args})


def test_every_bad_link_and_picture_is_told_but_a_block_of_html_once() -> None:
    assert codes("[a](b) [c](d) ![e](../f)") == ["D305", "D305", "D308"]
    assert codes("<div>\n<b>a</b>\n</div>") == ["D304"]


@pytest.mark.parametrize(
    "text",
    [
        "2**3",
        "a__b",
        r"a \** b",
        "`** a`",
        "**a** b",
        "Bürger*innen",
        "* * *",
        "ある*規則*にした",
        "이 *규칙*에",
        "**für „dich“**, Ärger",
    ],
)
def test_stars_that_are_meant_are_not_told(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("nesting", ["> ", "- ", "1. "])
def test_lists_and_quotations_nested_too_deep_are_told_once(nesting: str) -> None:
    assert codes(nesting * 6 + "a") == []
    assert codes(nesting * 7 + "a") == ["D313"]
    assert codes("> " + "- " * 5 + "a") == []
    assert codes("> " + "- " * 8 + "a") == ["D313"]


def test_a_bad_link_keeps_its_words() -> None:
    assert anki("[*a*](javascript:b)") == "<em>a</em>"


def test_a_picture_in_a_pictures_description_is_its_description() -> None:
    rendered = render("![a ![b](b.png) c](c.png) d", ANKI)
    assert rendered.html == '<img src="c.png" alt="a b c"> d'
    assert rendered.media == ("c.png",)


def test_pictures_are_listed_even_where_their_description_is_missing() -> None:
    assert render("![a](a.png) ![](b.png)", ANKI).media == ("a.png", "b.png")


def test_a_picture_has_the_name_that_the_flavour_gives_it() -> None:
    flavour = AnkiFlavour(media=lambda name: f"garden-{name}")
    assert render('![a "b"](c.png)', flavour).html == '<img src="garden-c.png" alt="a &quot;b&quot;">'


# Gender stars -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Bürger*in", "Bürger*innen der Stadt", "Bürger:innen und Mieter:innen", "Bürger_innen und Mieter_innen"],
)
@pytest.mark.parametrize("block", [True, False])
def test_gender_marks_stay_what_they_are(text: str, block: bool) -> None:
    assert anki(text, block=block) == text
    assert codes(text, block=block) == []


def test_two_gender_stars_are_told_because_markdown_takes_them_for_emphasis() -> None:
    assert codes("Bürger*innen und Mieter*innen") == ["D316"]
    assert codes("Bürger\\*innen und Mieter\\*innen") == []
    assert anki("Bürger\\*innen und Mieter\\*innen") == "Bürger*innen und Mieter*innen"
    assert codes("ein *betontes* Wort und Um*bau*ten an*deren*orts") == ["D316", "D316"]


# Gaps ---------------------------------------------------------------------------------


class Gap(NamedTuple):
    """A gap as Anki reads it: its numbers, what stands in it, its hint."""

    numbers: tuple[int, ...]
    nodes: tuple[Gap | str, ...]
    hint: str | None


def as_anki_reads(field: str) -> tuple[Gap | str, ...]:
    """Read a field as ``rslib/src/cloze.rs`` does: the last ``::`` in a gap's own text begins its hint."""
    output: list[Gap | str] = []
    stack: list[tuple[tuple[int, ...], list[Gap | str], list[str]]] = []
    position = 0

    def text(words: str) -> None:
        if not words:
            return
        if not stack:
            output.append(words)
            return
        _, nodes, hints = stack[-1]
        words, double_colon, hint = words.partition("::")
        hints.extend([hint] if double_colon else [])
        nodes.append(words)

    for match in re.finditer(r"\{\{c([0-9,]+)::|\}\}", field):
        numbers = tuple(int(number) for number in (match.group(1) or "").split(",") if number)
        if match.group().startswith("{{") and (not numbers or len(stack) >= 10):
            continue
        text(field[position : match.start()])
        position = match.end()
        if match.group().startswith("{{"):
            stack.append((numbers, [], []))
        elif stack:
            numbers, nodes, hints = stack.pop()
            (stack[-1][1] if stack else output).append(
                Gap(numbers, tuple(nodes), hints[-1] if hints else None)
            )
    text(field[position:])
    return tuple(output)


def numbers_in(nodes: tuple[Gap | str, ...]) -> set[int]:
    found: set[int] = set()
    for node in nodes:
        if isinstance(node, Gap):
            found |= {*node.numbers, *numbers_in(node.nodes)}
    return found


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


# What Anki would read in a field that is only text ------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[sound:a.mp3]",
        "[latex]x[/latex]",
        "[$$]x, [/$]",
        "[anki:play:q:0]",
        "[SOUND:a.mp3]",
        "[sound:`a`]",
        "[[type:Answer]]",
        "{{Front}}",
    ],
)
@pytest.mark.parametrize("block", [True, False])
def test_what_anki_would_play_or_set_is_only_text(text: str, block: bool) -> None:
    field = anki(text, block=block)
    assert not re.search(r"\[/?(?:sound:|anki:|\[type:|latex\]|\$)|\{\{", field, re.IGNORECASE)
    assert html.unescape(re.sub("</?code>", "`", field)) == text
    assert codes(text, block=block) == []


def test_what_mathjax_would_read_is_only_text() -> None:
    for text in (r"a \\(b\\) c", r"`\(b\)`", r"`\[b\]`"):
        field = anki(text)
        assert not re.search(r"\\[()\[\]]", field)
        assert "\\\u2060" in field


def test_paper_shows_what_anki_must_not_read() -> None:
    assert render("[sound:a.mp3] {{Front}}", PRINT).html == "[sound:a.mp3] {{Front}}"


# Formulas -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "in_anki", "on_paper"),
    [
        (r"$\frac{1}{x^2}$", r"\(\frac{1}{x^2}\)", '<span class="formula">1/x<sup>2</sup></span>'),
        ("$H_2O$", r"\(H_2O\)", '<span class="formula">H<sub>2</sub>O</span>'),
        (r"\(a<b\)", r"\(a&lt;b\)", '<span class="formula">a&lt;b</span>'),
        ("$$a$$", r"\[a\]", '<span class="formula" style="display: block">a</span>'),
        (r"\[a\]", r"\[a\]", '<span class="formula" style="display: block">a</span>'),
        ("$a_1*b*c_2$", r"\(a_1*b*c_2\)", '<span class="formula">a<sub>1</sub>*b*c<sub>2</sub></span>'),
        ("**$x$**", r"<strong>\(x\)</strong>", '<strong><span class="formula">x</span></strong>'),
        ("$x^{{2}}$", r"\(x^{ {2} } \)", '<span class="formula">x<sup>2</sup></span>'),
    ],
)
def test_a_formula(text: str, in_anki: str, on_paper: str) -> None:
    assert anki(text) == in_anki
    assert render(text, PRINT).html == on_paper
    assert render(text, SOLVED).html == on_paper
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5.",
        "It costs 6$.",
        "It costs $5 or 6$.",
        "between $5 and $10",
        "5$ or 6$ or 7$",
        "$ 5 or $ 6",
        "a $ b",
        "US$5 (A$7)",
        "$",
        "$$",
        "$$$$",
        "`$a$`",
        r"\$a$",
        "H_2O",
    ],
)
def test_what_is_no_formula_stays_text(text: str) -> None:
    for flavour in (ANKI, PRINT):
        rendered = render(text, flavour)
        assert html.unescape(re.sub("</?code>", "`", rendered.html)) == text.replace("\\", "")
        assert rendered.problems == ()


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("x^{2}", "x<sup>2</sup>"),
        ("x_{i,j}^2", "x<sub>i,j</sub><sup>2</sup>"),
        ("e^{x^2}", "e<sup>x<sup>2</sup></sup>"),
        (r"x_\alpha", "x<sub>α</sub>"),
        (r"a\_b", "a_b"),
        (r"\frac{a+b}{c}", "(a+b)/c"),
        (r"\frac{\frac{1}{2}}{3}", "(1/2)/3"),
        (r"\frac12", "1/2"),
        (r"\sqrt{x}", "√(x)"),
        (r"\sqrt[3]{x}", "<sup>3</sup>√(x)"),
        (r"\alpha\to\beta \le \infty", "α→β≤∞"),
        (r"\text{für alle }x \in \mathbb{R}", "für alle x ∈ℝ"),
        (r"5\,\%", "5 %"),
        ("a<b & c", "a&lt;b c"),
        ("x'", "x'"),
        # what cannot be read stays as it is written
        (r"\frac{", r"\frac{"),
        ("{", "{"),
        ("}<", "}&lt;"),
        ("x_", "x_"),
        ("\\", "\\"),
        (r"\input{/etc/hostname}", r"\input{/etc/hostname}"),
        (r"\braket{a}", r"\braket{a}"),
    ],
)
def test_a_formula_is_readable_on_paper(tex: str, expected: str) -> None:
    assert readable(tex) == expected


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="ab1 \\{}_^$&%#~[]()'+frcsqtx\n", max_size=30))
def test_any_formula_is_balanced_html_and_says_nothing_to_the_terminal(tex: str) -> None:
    assert_safe(readable(tex))


def test_an_odd_formula_is_silent(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for tex in (r"\frac", r"\begin{a}", r"\include", r"\sqrt[", r"\ket", r"\ensuremath"):
        readable(tex)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


# Plain text ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain & <simple>", "Plain & <simple>"),
        ("*a* `b`\n\nc", "a b c"),
        ("- *a*\n- b", "a b"),
        ("un*frag*lich", "unfraglich"),
        ("|a|b|\n|-|-|\n|c|d|", "a b c d"),
        ("{{c1::a::b}} {{c2,3::{{c4::c}}}}", "a c"),
        ("[a](https://a.org) ![b](c.png)", "a b"),
        ("$x^2$ &amp; $5", "x2 & $5"),
        ("", ""),
    ],
)
def test_plain_text_is_one_line_without_markup(text: str, expected: str) -> None:
    assert plain_text(text) == expected


# Laws ---------------------------------------------------------------------------------

PIECES = (
    *(
        "*",
        "**",
        "***",
        "_",
        "__",
        "`",
        "``",
        "~~~",
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "\\",
        "\n",
        "\n\n",
        "    ",
    ),
    *(
        "- ",
        "1. ",
        "> ",
        "# ",
        "|",
        "\n|-|-|\n",
        "---",
        "===",
        "![",
        "[",
        "](",
        ")",
        "]",
        ": ",
        "<",
        ">",
        "&",
        "&amp;",
    ),
    *(
        "{{c1::",
        "{{c2::",
        "{{c1,3::",
        "{{c12::",
        "{{",
        "}}",
        "{",
        "}",
        "::",
        ":",
        "[sound:a.mp3]",
        "[latex]",
        "[/$]",
    ),
    *(
        "https://a.org",
        "javascript:alert(1)",
        "data:text/html,a",
        "a.png",
        "../a.png",
        "//a.org/b.png",
        "<b onclick=x>",
    ),
    *(
        "<script>",
        "</script>",
        "<img src=x onerror=y>",
        "<!--",
        "-->",
        "<?a?>",
        "<https://a.org>",
        "me@a.org",
    ),
    *(
        "Wort",
        "a",
        "ä",
        "„so“",
        "5",
        " ",
        "x^{2}",
        "\\frac{1}{2}",
        "\u00a0",
        "😀",
        "ע",
        '"',
        "'",
        "[a]: https://b.org",
    ),
)
readable_text = st.text(max_size=12).map(lambda text: FORBIDDEN.sub("", text))
mixed = st.lists(st.sampled_from(PIECES) | readable_text, max_size=14).map("".join)
# a few sorts of pieces many times, so that they meet: openings, closings, and what stands between
few = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).flatmap(
    lambda some: st.lists(st.sampled_from([*some, *some, "{{c1::", "}}", "a", " "]), min_size=4, max_size=16)
)
texts = mixed | few.map("".join)
ALLOWED = {
    **dict.fromkeys(
        ("blockquote", "br", "code", "em", "hr", "li", "p", "pre", "strong", "sub", "sup", "ul"), frozenset()
    ),
    "table": frozenset[str](),
    "a": frozenset({"href"}),
    "b": frozenset({"class"}),
    "img": frozenset({"src", "alt"}),
    "ol": frozenset({"start"}),
    "span": frozenset({"class", "style"}),
    "td": frozenset({"style"}),
    "th": frozenset({"scope", "style"}),
    "tr": frozenset({"class"}),
}
STYLE = re.compile(r"text-align: (left|center|right)|width: \d+\.\dem|display: block")


class StrictParser(HTMLParser):
    """Holds HTML to a short list of tags and attributes, each opened and closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        assert tag in ALLOWED, tag
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)
        assert len(dict(attrs)) == len(attrs)
        for name, value in attrs:
            assert name in ALLOWED[tag], (tag, name)
            assert value is not None
            if name == "href":
                assert re.match("(?:https?://|mailto:)", value, re.IGNORECASE), value
            if name == "src":
                assert re.fullmatch(r"[\w-]+(\.[\w-]+)*", value, re.ASCII), value
            if name == "style":
                assert STYLE.fullmatch(value), value

    def handle_endtag(self, tag: str) -> None:
        self.tags += 1
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def assert_safe(rendered: str) -> None:
    parser = StrictParser()
    parser.feed(rendered)
    parser.close()
    assert parser.open == []
    assert parser.tags == rendered.count("<") == rendered.count(">")


@pytest.mark.parametrize(
    "bad",
    [
        *(
            "<b>",
            "</b>",
            "<b><em></b></em>",
            "<script></script>",
            "<b onclick='x'></b>",
            "a < b",
            "a > b",
            "<!-- -->",
        ),
        *(
            '<a href="javascript:x">a</a>',
            '<img src="//a.org/b.png" alt="">',
            '<td style="position: fixed"></td>',
        ),
    ],
)
def test_the_measure_of_safety_measures(bad: str) -> None:
    with pytest.raises(AssertionError):
        assert_safe(bad)


@pytest.mark.parametrize("block", [True, False])
@pytest.mark.parametrize("gaps", [True, False])
@pytest.mark.parametrize("flavour", FLAVOURS)
@settings(deadline=None, max_examples=250)
@given(text=texts)
def test_any_text_becomes_balanced_and_safe_html(flavour: str, gaps: bool, block: bool, text: str) -> None:
    rendered = render(text, FLAVOURS[flavour], block=block, cloze=gaps)
    assert_safe(rendered.html)
    for problem in rendered.problems:
        assert problem.code.message.format_map({"field": "answer", **problem.args})


@settings(deadline=None, max_examples=500)
@given(text=texts, block=st.booleans())
def test_nothing_in_a_field_that_is_no_cloze_is_a_gap_a_sound_or_latex(text: str, block: bool) -> None:
    field = anki(text, block=block)
    assert "{{" not in field
    assert not re.search(r"\[(?:sound|anki):|\[/?(?:latex|\$\$?)\]", field, re.IGNORECASE)


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


@settings(deadline=None, max_examples=500)
@given(text=st.from_regex(RENDER._PLAIN).map(lambda text: FORBIDDEN.sub("", text)), gaps=st.booleans())
def test_the_short_way_of_plain_text_leads_to_the_same_place(text: str, gaps: bool) -> None:
    for flavour in FLAVOURS.values():
        for block in (True, False):
            short = render(text, flavour, block=block, cloze=gaps)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(RENDER, "_PLAIN", re.compile(r"(?!)"))
                assert render(text, flavour, block=block, cloze=gaps) == short


BETWEEN = ("{{c1::", "{{c2::", "}}", "::", "Ufer", "«Tür» – 3 : 4", " ", ", ", "$x_1$", "\\(y\\)", "$$z$$")


@settings(deadline=None, max_examples=500)
@given(pieces=st.lists(st.sampled_from(BETWEEN), max_size=12), gaps=st.booleans(), block=st.booleans())
def test_the_short_way_of_gaps_and_formulas_leads_to_the_same_place(
    pieces: list[str], gaps: bool, block: bool
) -> None:
    text = "Am " + "".join(pieces)
    for flavour in FLAVOURS.values():
        short = render(text, flavour, block=block, cloze=gaps)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RENDER, "_PLAIN", re.compile(r"(?!)"))
            assert render(text, flavour, block=block, cloze=gaps) == short


def test_plain_text_does_take_the_short_way() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RENDER, "scan", None)  # fails if it is called
        for text in ("A plain text: with „quotation marks“, 100 % – so!", "(So) ist’s"):
            assert render(text, ANKI).html == text


plain_lines = st.from_regex(r"[A-Za-zäöüß][A-Za-zäöüß0-9 .,:!?'\"()/%+=#~^|–…«»„“<-]*", fullmatch=True)


@settings(deadline=None, max_examples=300)
@given(lines=st.lists(plain_lines, min_size=1, max_size=4), block=st.booleans())
def test_every_word_of_a_text_without_markup_survives(lines: list[str], block: bool) -> None:
    text = "\n".join(lines)
    for flavour in FLAVOURS.values():
        rendered = html.unescape(render(text, flavour, block=block).html)
        assert rendered.split() == text.split()


@settings(deadline=None, max_examples=300)
@given(texts)
def test_what_stands_for_formulas_can_be_put_back(text: str) -> None:
    scanned = scan(text, cloze=False)
    assert scanned.restore(scanned.text) == text


# Time ---------------------------------------------------------------------------------

HOSTILE = (
    *(
        "*a **a ",
        "* ",
        "**",
        "** a",
        "a_",
        "__",
        "[",
        "![",
        "](",
        "[a](",
        "![a][",
        "`",
        "``` ",
        "~",
        "<",
        "<a ",
        "<!--",
    ),
    *(
        "$",
        "$a$ ",
        "$a_{",
        "$$",
        "\\(",
        "\\[",
        "\\(a\\)",
        "$\\frac{",
        "$5 a",
        "\\",
        "&",
        "&amp;",
        "::",
        ":",
        "{",
        "}",
    ),
    *(
        "{{c1::",
        "{{c1::a}}",
        "{{c1::a::",
        "{{c1::*",
        "*{{c1::a*}}",
        "{{c1::`",
        "{{c1::a ** b}}",
        "}}",
        "[sound:",
        "é**",
    ),
    *(
        "|a",
        "|a\n|-|\n",
        "> ",
        "- ",
        "  - ",
        "1. ",
        "\t- ",
        "#",
        "a\n=\n",
        "[a]: b\n",
        "\n",
        "\n\n",
        "<http://a ",
    ),
)
LONG = 20_000  # characters: the most that the reader lets through


def hostile_texts() -> list[str]:
    repeated = [(piece * LONG)[:LONG] for piece in HOSTILE]
    nested = [
        "{{c1::" * (LONG // 8) + "}}" * (LONG // 8),
        "$" + "{" * (LONG // 2 - 1) + "}" * (LONG // 2 - 1) + "$",
        "$1 " + "ab " * (LONG // 3 - 2) + "_$",
        "a" + " " * (LONG - 2) + "b",
    ]
    return repeated + nested


@pytest.mark.parametrize("text", hostile_texts(), ids=lambda text: repr(text[:8]))
def test_a_long_hostile_text_takes_less_than_a_second(text: str) -> None:
    for flavour in FLAVOURS.values():
        for block in (True, False):
            with uncollected():  # as decks are rendered
                start = time.process_time()
                rendered = render(text, flavour, block=block, cloze=True)
                assert time.process_time() - start < 1
            assert_safe(rendered.html)
    start = time.process_time()
    plain_text(text)
    gap_numbers(text)
    assert time.process_time() - start < 1


def test_plain_text_of_one_line_keeps_a_figure_at_its_beginning() -> None:
    assert plain_text("20. Jahrhundert", block=False) == "20. Jahrhundert"
    assert plain_text("- *a*", block=False) == "- a"
    assert plain_text("20. Jahrhundert") == "Jahrhundert"  # a list's number is no text


def test_the_words_of_gaps_are_collected_inner_ones_first() -> None:
    flavour = GapFlavour()
    render("{{c1::*two*::a number}} years, {{c2::a {{c3::b}} & c}}", flavour, cloze=True)
    assert flavour.found == ["<em>two</em>", "b", "a b &amp; c"]
