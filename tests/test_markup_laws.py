"""No text breaks a page or a card, gets lost, or takes long."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import FLAVOURS, RENDER, anki, assert_safe, texts

from deckgen.collector import uncollected
from deckgen.decoding import FORBIDDEN
from deckgen.markup import ANKI, gap_numbers, plain_text, render
from deckgen.markup.scan import scan


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
    with uncollected():  # a process of many tests has much to walk
        start = time.process_time()
        plain_text(text)
        gap_numbers(text)
        assert time.process_time() - start < 1
