"""Figures are read as each language writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel import Locale

from deckgen.translate.faults.figures import EITHER, POINT, differences, figures


@pytest.mark.parametrize("tag", sorted(POINT))
def test_the_languages_with_a_decimal_point_are_those_of_cldr(tag: str) -> None:
    symbols = Locale.parse(tag, sep="-").number_symbols
    assert symbols["latn"]["decimal"] == "."


@pytest.mark.parametrize("tag", ["de", "fr", "it", "nl", "pl", "pt", "ru", "sv", "tr", "uk", "vi"])
def test_others_have_the_comma(tag: str) -> None:
    assert Locale.parse(tag).number_symbols["latn"]["decimal"] == ","
    assert tag not in POINT | EITHER


@pytest.mark.parametrize(
    ("text", "tag", "values"),
    [
        ("70.000", "de", ["70000"]),
        ("70.000", "en", ["70"]),
        ("70,000", "en-GB", ["70000"]),
        ("70 000", "fr", ["70000"]),
        ("70\u202f000,5", "fr", ["70000.5"]),
        ("1.234.567,89", "de", ["1234567.89"]),
        ("٧٠٬٠٠٠٫٥", "ar", ["70000.5"]),
        ("3,5", "de", ["3.5"]),
        ("2.0", "de", ["2"]),
        ("0.125", "de", ["0.125"]),
        ("15.3.2013", "de", ["15", "3", "2013"]),
        ("2013 100 Leute", "de", ["2013", "100"]),
        ("CO2, G20 und H5N1", "de", []),
        ("约70人", "zh", ["70"]),
        ("و70", "ar", ["70"]),
        ("5G", "de", ["5"]),
    ],
)
def test_a_figure_has_its_value(text: str, tag: str, values: list[str]) -> None:
    assert [one.value for one in figures(text, tag)] == [Decimal(value) for value in values]


def test_where_both_marks_are_used_a_figure_may_be_either() -> None:
    assert figures("70.000", "es")[0].values == {Decimal(70), Decimal(70_000)}
    assert figures("70.000", "es-MX")[0].values == {Decimal(70)}


@pytest.mark.parametrize(
    ("source", "text", "lost", "new"),
    [
        ("17 Ziele", "17 goals", [], []),
        ("17 Ziele", "goals", ["17"], []),
        ("Ziele", "17 goals", [], ["17"]),
        ("12 Ziele", "goals", [], []),
        ("Ziele", "20 goals", [], []),
        ("20 Ziele", "goals", ["20"], []),
        ("4 Ziele", "5 goals", ["4"], ["5"]),
        ("3 Milliarden", "3 billion", [], []),
        ("70 Tausend", "70,000", [], []),
        ("70 Tausend", "7,000", ["70"], ["7,000"]),
    ],
)
def test_differences_are_told_from_both_sides(
    source: str, text: str, lost: list[str], new: list[str]
) -> None:
    assert differences(source, text, "de", "en") == (lost, new)
