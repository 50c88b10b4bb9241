"""Where cut-out cards stand: that front and back meet in every mode, and that nothing leaves the sheet."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.backends.paper.geometry import GRIDS, SMALLEST, Layout, Rect, fitting, is_grid, layout
from deckgen.model import Flip, Paper, PaperSize

NEAR = 1e-9
OFFSETS = st.tuples(st.floats(-20, 20), st.floats(-20, 20))
PAPERS = st.builds(
    Paper,
    size=st.sampled_from(PaperSize),
    grid=st.sampled_from(GRIDS) | st.builds("{}x{}".format, st.integers(1, 9), st.integers(1, 9)),
    flip=st.sampled_from(Flip),
)


def laid(paper: Paper, *, rtl: bool = False) -> Layout:
    found = layout(paper, rtl=rtl)
    assert found is not None
    return found


def turned(back: Rect, sheet: Layout) -> Rect:
    """Where a back is seen through the sheet from its front, or after folding."""
    if sheet.flip is Flip.LONG:
        return back._replace(left=sheet.width - back.right)
    if sheet.flip is Flip.SHORT:
        return back._replace(top=sheet.height - back.bottom)
    fold = next(line for line in sheet.folds if min(abs(line - back.left), abs(line - back.right)) < NEAR)
    return back._replace(left=2 * fold - back.right)


def apart(one: Rect, other: Rect) -> bool:
    return (
        one.right <= other.left + NEAR
        or other.right <= one.left + NEAR
        or one.bottom <= other.top + NEAR
        or other.bottom <= one.top + NEAR
    )


@given(PAPERS, st.booleans())
def test_the_back_of_every_card_lies_on_its_front(paper: Paper, rtl: bool) -> None:
    if sheet := layout(paper, rtl=rtl):
        for front, back in sheet.places:
            assert turned(back, sheet) == pytest.approx(front, abs=NEAR)


@given(PAPERS, st.booleans())
def test_no_cards_overlap_and_all_are_inside_the_sheet(paper: Paper, rtl: bool) -> None:
    if sheet := layout(paper, rtl=rtl):
        fronts, backs = zip(*sheet.places, strict=True)
        sides = [[*fronts, *backs]] if paper.flip is Flip.FOLD else [fronts, backs]
        for side in sides:
            assert all(apart(one, other) for one, other in combinations(side, 2))
            for card in side:
                assert card.left >= -NEAR and card.right <= sheet.width + NEAR
                assert card.top >= -NEAR and card.bottom <= sheet.height + NEAR
                assert card.width >= SMALLEST[0] and card.height >= SMALLEST[1]


@given(PAPERS, st.booleans())
def test_every_edge_of_a_card_is_cut_or_folded_or_the_sheets_own_and_no_cut_goes_through_one(
    paper: Paper, rtl: bool
) -> None:
    if sheet := layout(paper, rtl=rtl):
        across, down = ((*sheet.cuts[0], *sheet.folds, 0, sheet.width), (*sheet.cuts[1], 0, sheet.height))
        cards = [card for place in sheet.places for card in place] if paper.flip is Flip.FOLD else []
        for card in cards or [place.front for place in sheet.places]:
            for edge, lines in [(card.left, across), (card.right, across), (card.top, down)]:
                assert min(abs(edge - line) for line in lines) < NEAR
            assert not [line for line in across if card.left + NEAR < line < card.right - NEAR]
            assert not [line for line in down if card.top + NEAR < line < card.bottom - NEAR]
        assert not set(sheet.cuts[0]) & set(sheet.folds)


@given(PAPERS, OFFSETS)
def test_an_offset_moves_the_backs_by_exactly_that_and_the_fronts_not_at_all(
    paper: Paper, offset: tuple[float, float]
) -> None:
    sheet = layout(paper)
    moved = layout(Paper(paper.size, grid=paper.grid, flip=paper.flip, offset=offset))
    if sheet is None or moved is None or paper.flip is Flip.FOLD:
        return
    for (front, back), (same, other) in zip(sheet.places, moved.places, strict=True):
        assert same == front
        assert (other.left - back.left, other.top - back.top) == pytest.approx(offset, abs=NEAR)
    assert moved.cuts == sheet.cuts


@given(PAPERS)
def test_right_to_left_deals_the_same_places_from_the_right(paper: Paper) -> None:
    sheet, other = layout(paper), layout(paper, rtl=True)
    assert (sheet is None) == (other is None)
    if sheet and other:
        assert sheet.cuts == other.cuts
        assert sheet.folds == other.folds
        for one, mirrored in zip(sheet.places, other.places, strict=True):
            assert mirrored.front.left == pytest.approx(sheet.width - one.front.right, abs=NEAR)
            assert mirrored.front.top == one.front.top


@given(PAPERS)
def test_the_way_out_of_a_grid_that_does_not_fit_is_one_that_does(paper: Paper) -> None:
    assert is_grid(fitting(paper))
    assert layout(Paper(paper.size, grid=fitting(paper), flip=paper.flip)) is not None


@pytest.mark.parametrize(
    ("size", "grid", "count", "card"),
    [
        (PaperSize.A4, "a7", 8, (105, 74.25)),
        (PaperSize.LETTER, "a7", 8, (107.95, 69.85)),
        (PaperSize.A5, "a7", 4, (74, 105)),
        (PaperSize.A4, "business", 10, (85, 55)),
        (PaperSize.LETTER, "business", 10, (85, 55)),
        (PaperSize.A5, "business", 3, (85, 55)),
        (PaperSize.A4, "3x4", 12, (70, 74.25)),
        (PaperSize.A4, "1x1", 1, (210, 297)),
    ],
)
def test_grids_have_the_cards_that_people_expect(
    size: PaperSize, grid: str, count: int, card: tuple[float, float]
) -> None:
    sheet = laid(Paper(size, grid=grid))
    assert len(sheet.places) == count
    assert sheet.card == pytest.approx(card)


def test_the_first_card_stands_at_the_top_where_reading_begins() -> None:
    assert laid(Paper()).places[0].front[:2] == (0, 0)
    assert laid(Paper(), rtl=True).places[0].front[:2] == (105, 0)
    assert laid(Paper()).places[0].back[:2] == (105, 0)
    assert laid(Paper(flip=Flip.SHORT)).places[0].back[:2] == (0, pytest.approx(222.75))


def test_a_fold_runs_between_a_front_and_its_back_and_rows_are_cut() -> None:
    sheet = laid(Paper(flip=Flip.FOLD))
    assert len(sheet.places) == 4
    assert sheet.folds == (105,)
    assert sheet.cuts == ((), (74.25, 148.5, 222.75))
    assert laid(Paper(flip=Flip.FOLD, grid="4x4")).cuts[0] == (105,)


def test_an_odd_column_beside_folded_pairs_stays_empty_and_the_pairs_are_centred() -> None:
    sheet = laid(Paper(flip=Flip.FOLD, grid="3x4"))
    assert len(sheet.places) == 4
    assert sheet.folds == (105,)
    assert sheet.cuts[0] == (35, 175)


@pytest.mark.parametrize(
    "paper",
    [
        Paper(grid="9x9"),
        Paper(grid="1x9"),
        Paper(grid="1x4", flip=Flip.FOLD),
        Paper(PaperSize.A5, grid="business", flip=Flip.FOLD),
        Paper(PaperSize.A5, grid="4x2"),
    ],
    ids=str,
)
def test_what_does_not_fit_has_no_layout(paper: Paper) -> None:
    assert layout(paper) is None


@pytest.mark.parametrize("name", ["", "A7", "3", "0x3", "3x", "3x4x5", "12x3", "3 x 4", "3x4\n", "٣x٤"])
def test_what_is_no_grid_is_none(name: str) -> None:
    assert not is_grid(name)


@pytest.mark.parametrize("name", ["a7", "business", "3x4", "1x1"])
def test_grids_have_names_or_are_columns_by_rows(name: str) -> None:
    assert is_grid(name)
