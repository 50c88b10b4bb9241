"""Booklets: which page stands where, and what becomes of the pages of a handout."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.backends import Request
from deckgen.backends.paper.booklet import BookletBackend, Folded
from deckgen.backends.paper.handout import HandoutBackend
from deckgen.backends.paper.impose import MOST, Side, imposed, sides, signatures
from deckgen.model import Paper, PaperSize, Text
from tests.packages import made, request_for, translated

NOW = 1_750_000_000
PAGES = st.integers(1, 500)


# Which page stands where


def test_eight_pages_stand_on_two_sheets() -> None:
    assert sides(8) == (Side(7, 0), Side(1, 6), Side(5, 2), Side(3, 4))
    assert sides(8, rtl=True) == (Side(0, 7), Side(6, 1), Side(2, 5), Side(4, 3))
    assert sides(3) == (Side(None, 0), Side(1, 2))
    assert sides(0) == ()


@given(PAGES, st.booleans())
def test_every_page_stands_on_exactly_one_half(pages: int, rtl: bool) -> None:
    halves = [page for side in sides(pages, rtl=rtl) for page in side]
    assert sorted(page for page in halves if page is not None) == list(range(pages))
    assert len(halves) % 4 == 0
    assert halves.count(None) < 4


@given(PAGES, st.booleans())
def test_the_folded_sheets_are_read_one_page_after_the_other(pages: int, rtl: bool) -> None:
    """Fold each pile: from the outside to the fold, and out again."""
    read: list[int | None] = []
    found = iter(sides(pages, rtl=rtl))
    for signature in signatures(pages):
        pile = [next(found) for _ in range(len(signature) // 2)]
        turned = [Side(side.right, side.left) if rtl else side for side in pile]
        fronts, backs = turned[::2], turned[1::2]
        for front, back in zip(fronts, backs, strict=True):
            read += [front.right, back.left]
        for front, back in zip(reversed(fronts), reversed(backs), strict=True):
            read += [back.right, front.left]
    assert read[:pages] == list(range(pages))
    assert set(read[pages:]) <= {None}


@given(PAGES)
def test_no_pile_is_too_thick_and_none_is_much_thinner_than_the_others(pages: int) -> None:
    sizes = [len(pile) for pile in signatures(pages)]
    assert max(sizes) <= MOST
    assert max(sizes) - min(sizes) <= 4
    assert len(sizes) == -(-pages // MOST)


@given(PAGES)
def test_what_is_read_from_right_to_left_is_bound_on_the_right(pages: int) -> None:
    assert sides(pages, rtl=True) == tuple(Side(side.right, side.left) for side in sides(pages))


# What becomes of the pages


@pytest.fixture
def garden(workspace_folder: Path) -> Request:
    return request_for(workspace_folder, NOW)


def booklet(request: Request) -> pikepdf.Pdf:
    result = made(BookletBackend(), request)
    assert result.diagnostics == ()
    assert result.value is not None
    return pikepdf.open(io.BytesIO(result.value))


@pytest.mark.parametrize(
    ("size", "sheet"),
    [
        (PaperSize.A4, (841.89, 595.28)),
        (PaperSize.A5, (841.89, 595.28)),
        (PaperSize.LETTER, (792.0, 612.0)),
    ],
)
def test_two_pages_of_half_the_size_stand_on_a_landscape_sheet(
    garden: Request, size: PaperSize, sheet: tuple[float, float]
) -> None:
    with booklet(replace(garden, paper=Paper(size))) as document:
        for page in document.pages:
            assert tuple(round(float(edge), 2) for edge in page.mediabox) == (0, 0, *sheet)
        forms = [form for page in document.pages for form in page.Resources.XObject.values()]
        assert {round(float(form.BBox[2]), 1) for form in forms} == {round(sheet[0] / 2, 1)}
        assert 2 * len(document.pages) - len(forms) < 4


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_first_page_is_on_the_outside_where_the_script_begins(garden: Request, tag: str) -> None:
    request = garden if tag == "en" else translated(garden, tag)
    result = made(BookletBackend(), request)
    assert result.value is not None
    with pdfplumber.open(io.BytesIO(result.value)) as document:
        first = document.pages[0]
        biggest = max(first.chars, key=lambda char: char["size"])
        on_the_right = biggest["x0"] > first.width / 2
    assert biggest["size"] > 20, "the title"
    assert on_the_right is (tag == "en")


def test_it_says_that_it_is_for_print_and_what_it_is_and_has_no_tags(garden: Request) -> None:
    with booklet(garden) as document:
        assert str(document.docinfo["/Title"]) == garden.deck.title
        assert str(document.docinfo["/Subject"]).startswith("For print only")
        assert str(document.Root.Lang) == "en"
        assert str(document.Root.ViewerPreferences.Duplex) == "/DuplexFlipShortEdge"
        assert "/StructTreeRoot" not in document.Root
        assert "/MarkInfo" not in document.Root


def test_the_same_booklet_has_the_same_bytes(garden: Request) -> None:
    assert made(BookletBackend(), garden).value == made(BookletBackend(), garden).value


def test_pages_of_any_number_can_be_imposed() -> None:
    with pikepdf.new() as document:
        for _ in range(5):
            document.add_blank_page(page_size=(300, 400))
        document.Root.Lang = pikepdf.String("en")
        out = io.BytesIO()
        document.save(out)
    with pikepdf.open(io.BytesIO(imposed(out.getvalue()))) as found:
        assert [len(page.Resources.XObject) for page in found.pages] == [1, 1, 1, 2]


# What stands on its pages


def small(request: Request) -> pdfplumber.PDF:
    """The pages of the booklet, one by one, before they are imposed."""
    composed = BookletBackend().compose(request).value
    assert isinstance(composed, Folded)
    content = composed.page.finish().value
    assert content is not None
    return pdfplumber.open(io.BytesIO(content))


@pytest.mark.parametrize("size", [PaperSize.A4, PaperSize.A5])
def test_the_head_of_the_discussions_is_never_alone_on_a_page(garden: Request, size: PaperSize) -> None:
    """The first one is longer than the room that a page has below the head."""
    deck = garden.deck
    at = next(number for number, item in enumerate(deck.items) if item.kind == "discussion")
    view = {"who": Text("Neighbours", deck.span), "view": Text("quiet words " * 180, deck.span)}
    views = (view,) * (1 if size is PaperSize.A5 else 3)
    opening = replace(deck.items[at], fields={**deck.items[at].fields, "views": views})
    request = replace(garden, deck=replace(deck, items=(opening,)), paper=Paper(size))
    content = made(HandoutBackend(), request).value
    assert content is not None
    with pdfplumber.open(io.BytesIO(content)) as document:
        texts = [page.extract_text() for page in document.pages]
    (page,) = (text for text in texts if "Views that really differ" in text)
    assert "Who would miss it?" in page


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_folios_stand_at_the_outer_edge(garden: Request, tag: str) -> None:
    with small(garden if tag == "en" else translated(garden, tag)) as document:
        assert len(document.pages) > 3
        for page in document.pages:
            foot = page.crop((0, page.height - 60, page.width, page.height)).extract_words()
            (folio,) = (word for word in foot if word["text"] == "/")
            on_the_right = folio["x0"] > page.width / 2
            assert on_the_right is ((page.page_number % 2 == 1) is (tag == "en"))
