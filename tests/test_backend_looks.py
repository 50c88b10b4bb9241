"""The measures of paper: what they promise on every size and in large print."""

from __future__ import annotations

import pytest

from deckgen.backends.paper.looks import looks
from deckgen.model import Paper, PaperSize

PAPERS = [Paper(size, large=large) for size in PaperSize for large in (False, True)]
PAPERS += [Paper(size, folded=True) for size in PaperSize]


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_a_line_holds_75_characters_at_most_and_25_at_least(paper: Paper) -> None:
    page = looks(paper)
    text = page.inner - page.column - page.indent
    characters = text / (page.base * 0.46 * 25.4 / 72)  # a letter of Fira Sans is 0.46 em wide on average
    assert 25 < characters < 77


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_what_is_printed_lies_12_mm_from_the_edge_at_least(paper: Paper) -> None:
    page = looks(paper)
    assert min(page.side, page.top, page.bottom) >= 12


@pytest.mark.parametrize("size", PaperSize)
def test_large_print_is_18_pt_in_one_column_and_nothing_in_it_is_below_16_pt(size: PaperSize) -> None:
    page = looks(Paper(size, large=True))
    assert page.base == 18
    assert min(page.small, page.lead, page.head, page.title) >= 16
    assert page.line / page.base > 1.35
    assert (page.column, page.tables, page.large) == (0, False, True)


def test_a_table_of_four_columns_is_for_whole_pages_in_usual_print() -> None:
    assert [looks(Paper(size)).tables for size in PaperSize] == [True, True, False]


def test_of_what_is_folded_two_pages_make_a_sheet() -> None:
    for size in PaperSize:
        width, height = size.mm
        assert Paper(size, folded=True).mm == (height / 2, width)
