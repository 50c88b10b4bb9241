"""Colours: the contrast of two, by examples of the WCAG, and greys that are read as well."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.colours import contrast, grey, greyed, luminance

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [  # computed by the formula of WCAG 2.2, and known from its checkers
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#595959", "#FFFFFF", 7.0),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#008000", "#ffffff", 5.14),
        ("#ffff00", "#ffffff", 1.07),
        ("#ff0000", "#0000ff", 2.15),
    ],
)
def test_the_contrast_of_two_colours(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio
    assert contrast(one, other) == contrast(other, one)


@given(COLOURS)
def test_a_grey_is_as_light_as_its_colour_or_a_trifle_darker(colour: str) -> None:
    found = grey(colour)
    assert re.fullmatch(r"#([0-9a-f]{2})\1\1", found)
    assert luminance(found) <= luminance(colour) + 1e-9
    assert luminance(colour) - luminance(found) < 0.01
    assert contrast(found, "#ffffff") >= contrast(colour, "#ffffff") - 1e-9
    assert grey(found) == found


def test_every_colour_of_a_style_sheet_is_grey_and_nothing_else_is_changed() -> None:
    style = "#bad { color: #9b1c31; border: 1pt solid #F00 } @media print { #abc p::after { content: '#' } }"
    found = greyed(style)
    assert found == style.replace("#9b1c31", grey("#9b1c31")).replace("#F00", grey("#ff0000"))
    assert greyed("a { background: url(\"data:x,stroke='%23c00'\") }").count(grey("#cc0000")[1:]) == 1
