"""Cut-out cards as a printer sees them: fronts on their backs, texts in their cards, lines to cut along."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import pdfplumber
import pikepdf
import pytest

from deckgen import pipeline
from deckgen.backends import Request
from deckgen.backends.paper import fit
from deckgen.backends.paper.alignment import AlignmentBackend
from deckgen.backends.paper.cards import CardsBackend, laid_out
from deckgen.backends.paper.pdf import Page
from deckgen.diagnostics import codes
from deckgen.languages import language
from deckgen.model import Deck, Flip, Paper, PaperSize, Text
from deckgen.words import load_words
from tests.conftest import HERE
from tests.packages import made

MM = 72 / 25.4
NEAR = 0.01  # pt
A4, LETTER = PaperSize.A4, PaperSize.LETTER


class Side(NamedTuple):
    """A page as it was read back: its size, its cards (x0, top, x1, bottom), its words and its long lines."""

    width: float
    height: float
    cards: list[tuple[float, float, float, float]]
    words: list[dict[str, Any]]
    lines: list[tuple[float, float, float, float]]


@cache
def loaded(name: str) -> Deck:
    workspace = pipeline.open_workspace(HERE).value
    deck = pipeline.load(workspace, HERE / "decks" / name).deck
    assert deck is not None
    return deck


def request(count: int, *, tag: str = "en", **paper: Any) -> Request:
    """A request for so many cards: a garden's items again and again, each with an id of its own."""
    workspace = pipeline.open_workspace(HERE).value
    deck = loaded("arabic" if tag == "ar" else "garden")
    kinds = [item for item in deck.items if item.kind != "discussion"]
    items = tuple(
        replace(item, id=f"{item.id}-{number}") for number, item in enumerate(islice(cycle(kinds), count))
    )
    words = load_words(tag, workspace.path).value
    deck = replace(deck, items=items)
    return Request(deck, language(tag), workspace.kinds, words, workspace.path, {}, paper=Paper(**paper))


@cache
def sides(count: int, size: PaperSize, flip: Flip, tag: str, grid: str = "a7") -> tuple[Side, ...]:
    result = made(CardsBackend(), request(count, tag=tag, size=size, flip=flip, grid=grid))
    assert result.diagnostics == ()
    return read(result.value)


def read(content: bytes | None) -> tuple[Side, ...]:
    assert content is not None
    found = []
    with pdfplumber.open(io.BytesIO(content)) as document:
        for page in document.pages:
            white = [rect for rect in page.rects if rect["fill"] and rect["non_stroking_color"] == (1, 1, 1)]
            cards = [(rect["x0"], rect["top"], rect["x1"], rect["bottom"]) for rect in white]
            lines = [
                (line["x0"], line["top"], line["x1"], line["bottom"])
                for line in (*page.lines, *page.curves)
                if max(line["x1"] - line["x0"], line["bottom"] - line["top"]) > 150 * MM
            ]
            found.append(Side(page.width, page.height, cards, page.extract_words(), lines))
    return tuple(found)


COMBINATIONS = [
    pytest.param(
        count,
        size,
        flip,
        tag,
        marks=() if count == 9 or (count < 9 and (size, tag) == (A4, "en")) else pytest.mark.slow,
        id=f"{count}-{size.value}-{flip.value}-{tag}",
    )
    for count in (1, 7, 8, 9, 80, 1_000)
    for size in (A4, LETTER)
    for flip in Flip
    for tag in ("en", "ar")
]


def near(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(a - b) < NEAR for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(("count", "size", "flip", "tag"), COMBINATIONS)
def test_every_front_meets_its_back_and_every_word_lies_inside_its_card(
    count: int, size: PaperSize, flip: Flip, tag: str
) -> None:
    pages = sides(count, size, flip, tag)
    assert len(pages) == (-(-(count + 1) // 4) if flip is Flip.FOLD else 2 * -(-(count + 1) // 8))
    pairs = list(met(pages, flip))
    assert len(pairs) == count + 1, "the last sheet is partial, and the cover is a card"
    for page, front, back in pairs:
        assert near(turned(page, front, flip), back)
    right = pages[0].cards[0][0] > 1
    assert right == (tag == "ar"), "right-to-left sheets are dealt from the right"
    for page in pages:
        assert all(inside(page, card) for card in page.cards)
        assert sum(len(inside(page, card)) for card in page.cards) == len(page.words)


Card = tuple[float, float, float, float]


def met(pages: tuple[Side, ...], flip: Flip) -> Iterator[tuple[Side, Card, Card]]:
    """Each card's front and back, and the side of the front."""
    if flip is Flip.FOLD:
        for page in pages:
            yield from ((page, *pair) for pair in zip(page.cards[::2], page.cards[1::2], strict=True))
        return
    for front, back in zip(pages[::2], pages[1::2], strict=True):
        yield from ((front, *pair) for pair in zip(front.cards, back.cards, strict=True))


def turned(page: Side, card: Card, flip: Flip) -> Card:
    """Where a card's back has to be."""
    x0, top, x1, bottom = card
    if flip is Flip.SHORT:
        return x0, page.height - bottom, x1, page.height - top
    return page.width - x1, top, page.width - x0, bottom


def inside(page: Side, card: Card) -> list[str]:
    """The words that lie inside a card, 4 mm from its edges."""
    x0, top, x1, bottom = card
    edge = 4 * MM
    return [
        word["text"]
        for word in page.words
        if x0 + edge < word["x0"]
        and word["x1"] < x1 - edge
        and top + edge < word["top"]
        and word["bottom"] < bottom - edge
    ]


@pytest.mark.parametrize("flip", Flip)
def test_fronts_and_backs_tell_by_their_ids_that_they_belong_together(flip: Flip) -> None:
    ids = []
    for page in sides(9, A4, flip, "en"):
        for x0, top, x1, bottom in page.cards:
            own = [w for w in page.words if x0 < w["x0"] < x1 and top < w["top"] < bottom]
            ids.append(max(own, key=lambda word: (round(word["bottom"]), word["x1"]))["text"])
    if flip is Flip.FOLD:
        assert ids[::2] == ids[1::2]
    else:
        assert ids[:8] == ids[8:16]
        assert ids[16:18] == ids[18:]
    assert len(set(ids)) == 10


@pytest.mark.parametrize("size", [A4, LETTER])
@pytest.mark.parametrize("flip", Flip)
def test_cut_lines_and_folds_run_over_the_whole_sheet_on_fronts_alone(size: PaperSize, flip: Flip) -> None:
    layout = laid_out(request(9, size=size, flip=flip)).value
    assert layout is not None
    pages = sides(9, size, flip, "en")
    for number, page in enumerate(pages):
        if flip is not Flip.FOLD and number % 2:
            assert page.lines == []
            continue
        at = [(x0, top) for x0, top, x1, bottom in page.lines if bottom - top > page.height - 1 > x1 - x0]
        down = sorted(x0 / MM for x0, _ in at)
        at = [(x0, top) for x0, top, x1, bottom in page.lines if x1 - x0 > page.width - 1]
        across = sorted(top / MM for _, top in at)
        assert down == pytest.approx(sorted((*layout.cuts[0], *layout.folds)), abs=0.01)
        assert across == pytest.approx(layout.cuts[1], abs=0.01)


def test_an_offset_moves_the_backs_by_exactly_that() -> None:
    pages = [
        read(made(CardsBackend(), request(9, offset=offset, grid="business")).value)
        for offset in ((0.0, 0.0), (-1.5, 2.25))
    ]
    for number, (page, moved) in enumerate(zip(*pages, strict=True)):
        x, y = (-1.5 * MM, 2.25 * MM) if number % 2 else (0, 0)
        for (x0, top, x1, bottom), other in zip(page.cards, moved.cards, strict=True):
            assert near((x0 + x, top + y, x1 + x, bottom + y), other)
        for word, other_word in zip(page.words, moved.words, strict=True):
            assert abs(word["x0"] + x - other_word["x0"]) < 0.1
            assert word["text"] == other_word["text"]


def test_business_cards_are_as_large_as_business_cards() -> None:
    for page in sides(9, A4, Flip.LONG, "en", "business"):
        for x0, top, x1, bottom in page.cards:
            assert near((x1 - x0, bottom - top), (85 * MM, 55 * MM))


# Texts that are long


def with_answer(text: str, **paper: Any) -> Request:
    whole = request(3, **paper)
    first, *rest = whole.deck.items
    answer = first.fields["answer"]
    assert isinstance(answer, Text)
    long = replace(first, fields={**first.fields, "answer": Text(text, answer.span)})
    return replace(whole, deck=replace(whole.deck, items=(long, *rest)))


SENTENCE = "Because the factory closed, the ground lay bare until somebody cleared a path to it. "


@pytest.mark.parametrize("times", [1, 3, 5, 6, 8])
def test_a_longer_text_steps_down_in_size_until_it_fits(times: int) -> None:
    (_, back) = read(made(CardsBackend(), with_answer(SENTENCE * times)).value)[:2]
    assert inside(back, back.cards[1]).count("Because") == times


def test_a_text_ten_times_too_long_is_an_error_with_its_item_and_the_place_of_its_text() -> None:
    whole = with_answer(SENTENCE * 100)
    result = made(CardsBackend(), whole)
    assert result.value is None
    (error,) = [one for one in result.diagnostics if one.code == codes.CARD_FULL]
    item = whole.deck.items[0]
    assert error.args == {"item": item.id, "side": "back", "size": "9"}
    assert error.span == item.fields["answer"].span  # type: ignore[union-attr]


def test_a_word_that_is_wider_than_the_card_is_broken_and_not_cut() -> None:
    (_, back) = read(made(CardsBackend(), with_answer("Donaudampfschiff" * 12)).value)[:2]
    x0, _, x1, _ = back.cards[1]
    letters = "".join(w["text"] for w in back.words if x0 < w["x0"] < x1)
    assert letters.replace("-", "").count("Donaudampfschiff") >= 12
    assert all(w["x1"] < x1 - 4 * MM for w in back.words if x0 < w["x0"] < x1)


def test_where_the_estimate_is_wrong_the_text_is_set_again_and_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit.Measure, "step", lambda *_: 0)
    result = made(CardsBackend(), with_answer(SENTENCE * 6))
    assert result.diagnostics == ()
    back = read(result.value)[1]
    assert inside(back, back.cards[1]).count("Because") == 6
    assert sum(len(inside(back, card)) for card in back.cards) == len(back.words)


def test_an_ordinary_deck_is_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from deckgen.backends.paper import pdf

    calls: list[Page] = []
    document = pdf._document

    def counted(weasyprint: Any, page: Page) -> Any:
        calls.append(page)
        return document(weasyprint, page)

    monkeypatch.setattr(pdf, "_document", counted)
    for times in (3, 5, 6, 8):
        calls.clear()
        assert made(CardsBackend(), with_answer(SENTENCE * times)).value
        assert len(calls) == 1


# The files


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_same_cards_have_the_same_bytes_and_say_what_they_are(tag: str, tmp_path: Path) -> None:
    one, two = (made(CardsBackend(), request(9, tag=tag)).value for _ in range(2))
    assert one is not None
    assert one == two
    file = tmp_path / "cards.pdf"
    file.write_bytes(one)
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, check=True, text=True)
    assert "No syntax or stream encoding errors found" in checked.stdout
    with pikepdf.open(file) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == tag
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == loaded("arabic" if tag == "ar" else "garden").title
            assert metadata["pdfuaid:part"] == "1"
    structure = subprocess.run(["pdfinfo", "-struct-text", file], capture_output=True, check=True, text=True)
    assert "H1" in structure.stdout


@pytest.mark.parametrize("flip", [Flip.LONG, Flip.SHORT])
@pytest.mark.parametrize("size", PaperSize)
def test_the_test_sheet_has_each_cross_behind_its_number_and_a_hundred_mm(
    size: PaperSize, flip: Flip
) -> None:
    result = made(AlignmentBackend(), request(1, size=size, flip=flip))
    assert result.diagnostics == ()
    front, back = read(result.value)
    assert near((front.width, front.height), tuple(side * MM for side in size.mm))
    for number in "1234":
        places = [
            [(w["x0"] + w["x1"], w["top"] + w["bottom"]) for w in page.words if w["text"] == number]
            for page in (front, back)
        ]
        numbers = [min(found, key=lambda at: abs(at[1] - front.height)) for found in places]
        (x, y), (behind_x, behind_y) = numbers
        shift = 2 * 9 * MM  # a number stands 9 mm to the right of its cross
        if flip is Flip.LONG:
            assert abs(2 * front.width - (x - shift) - (behind_x - shift)) < 1
            assert abs(y - behind_y) < 1
        else:
            assert abs(2 * front.height - y - behind_y) < 5  # figures stand on the line, not around it
            assert abs(x - behind_x) < 1
    ruler = {w["text"]: w["x0"] + w["x1"] for w in front.words if w["top"] > front.height * 0.75}
    assert abs(ruler["100"] - ruler["0"] - 2 * 100 * MM) < 1


def test_the_test_sheets_back_is_moved_with_the_cards() -> None:
    still, moved = (
        read(made(AlignmentBackend(), request(1, offset=offset)).value)[1] for offset in ((0, 0), (3, -2))
    )
    at = [next(w for w in page.words if w["text"] == "-10") for page in (still, moved)]
    assert abs(at[1]["x0"] - at[0]["x0"] - 3 * MM) < 0.1
    assert abs(at[1]["top"] - at[0]["top"] + 2 * MM) < 0.1


def test_the_scale_of_an_arabic_test_sheet_has_its_minus_before_the_number() -> None:
    content = made(AlignmentBackend(), request(1, tag="ar")).value
    assert content is not None
    with pdfplumber.open(io.BytesIO(content)) as document:
        minus = [char for char in document.pages[1].chars if char["text"] == "-" and char["size"] < 9]
        ones = [char for char in document.pages[1].chars if char["text"] == "1" and char["size"] < 9]
    before = [
        (sign, one)
        for sign in minus
        for one in ones
        if abs(sign["top"] - one["top"]) < 1 and abs(one["x0"] - sign["x1"]) < 1
    ]
    assert len(before) == 2
