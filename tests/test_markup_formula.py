"""Formulas, in Anki and on paper."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import anki, assert_safe, codes

from deckgen.markup import ANKI, PRINT, SOLVED, render
from deckgen.markup.formula import readable


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
