"""Markdown becomes HTML, and what does not do what it seems to do is told."""

from __future__ import annotations

import html

import pytest
from marked import anki, codes

from deckgen.markup import ANKI, PRINT, render
from deckgen.markup.flavours import AnkiFlavour


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
