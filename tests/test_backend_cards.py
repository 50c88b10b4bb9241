"""The cut-out cards: what stands on them, in which order, on which sheets, and how large."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deckgen import pipeline
from deckgen.backends import Request
from deckgen.backends.paper import fit
from deckgen.backends.paper.alignment import Alignment, AlignmentBackend, behind, crosses
from deckgen.backends.paper.cards import Cards, CardsBackend, Fitted, laid_out
from deckgen.backends.paper.pdf import Box
from deckgen.diagnostics import Span, codes
from deckgen.languages import language
from deckgen.model import Flip, Paper, PaperSize, State, Text
from tests.conftest import EPOCH
from tests.packages import request_for, translated

STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@pytest.fixture
def garden_request(workspace_folder: Path) -> Request:
    return request_for(workspace_folder, EPOCH)


def cards(request: Request, **paper: Any) -> Cards:
    request = replace(request, paper=Paper(**paper))
    layout = laid_out(request).value
    assert layout is not None
    return Cards(request, layout)


def page(request: Request, **paper: Any) -> str:
    result = cards(request, **paper).page()
    assert result.diagnostics == ()
    return result.value


def feet(html: str) -> list[list[str]]:
    """The ids on each side of each sheet."""
    foot = re.compile(r'<p class="foot" data-box>(?:<i.*?</i>\u2002)?([a-z-]+)')
    return [foot.findall(side) for side in html.split("<section>")[1:]]


ORDER = ["garden", "factory", "commons", "nettle-years", "leave", "town-plan", "gardeners", "town"]


def test_the_sheets_of_the_garden(garden_request: Request, golden: Callable[[str, str], None]) -> None:
    golden("cards/garden.html", STYLE.sub("<style>…</style>", page(garden_request)))


def test_the_test_sheet_of_the_garden(garden_request: Request, golden: Callable[[str, str], None]) -> None:
    result = Alignment(garden_request).page()
    assert result.diagnostics == ()
    golden("cards/test-sheet.html", STYLE.sub("<style>…</style>", result.value))


# Which cards, and where


def test_cards_are_dealt_in_the_order_of_the_deck_after_the_cover_and_discussions_are_none(
    garden_request: Request,
) -> None:
    assert feet(page(garden_request)) == [ORDER, ORDER]


def test_fronts_and_backs_stand_on_alternate_sides_and_the_last_sheet_is_partial(
    garden_request: Request,
) -> None:
    assert feet(page(garden_request, grid="3x2")) == [ORDER[:6], ORDER[:6], ORDER[6:], ORDER[6:]]


def test_folded_sheets_have_each_back_beside_its_front(garden_request: Request) -> None:
    html = page(garden_request, flip=Flip.FOLD)
    assert feet(html) == [[name for name in half for _ in "fb"] for half in (ORDER[:4], ORDER[4:])]
    assert re.findall(r'class="card (\w\d)"', html)[:4] == ["f0", "b0", "f1", "b1"]
    assert "dashed ones" in html
    assert "dashed ones" not in page(garden_request)


def test_only_fronts_are_cut(garden_request: Request) -> None:
    front, back = page(garden_request).split("<section>")[1:]
    assert front.count('class="cuts"') == 1
    assert 'class="cuts"' not in back


def test_both_sides_have_the_section_and_the_id_and_the_back_its_source(garden_request: Request) -> None:
    front, back = page(garden_request).split("<section>")[1:]
    for side in (front, back):
        assert side.count('<p class="head">Nettles</p>') == 4
    assert "data-box>town-plan</p>" in front
    assert '<i class="s">[Town 1]</i>\u2002town-plan</p>' in back
    assert "[" not in re.sub("<[^>]*>", "", front)


def test_the_cover_says_how_many_cards_there_are_their_licence_and_how_to_learn(
    garden_request: Request,
) -> None:
    cover = re.findall(r'<div class="card [fb]0">.*?data-box>garden</p>', page(garden_request))
    assert "<h1>Who decides about the garden?</h1>" in cover[0]
    for words in ("five boxes", "7 cards", "CC BY-SA 4.0", "As of June 15, 2025"):
        assert words in cover[0]
    for words in ("Cut along", "To sort", "https://creativecommons.org/licenses/by-sa/4.0/", "Version 1.0"):
        assert words in cover[1]


def test_a_small_cover_keeps_the_title_the_licence_and_the_source(garden_request: Request) -> None:
    html = page(garden_request, grid="4x6")
    assert "five boxes" not in html
    for words in ("<h1>Who decides", "CC BY-SA 4.0", "Nobody Particular", "by-sa/4.0/"):
        assert words in html


def test_the_cover_says_how_current_a_translation_is(garden_request: Request) -> None:
    assert "In dieser Übersetzung aktuell: 3 von 9 Karten" in page(translated(garden_request, "de"))


def test_a_draft_marks_what_is_not_current_at_the_foot(garden_request: Request) -> None:
    request = translated(garden_request, "de")
    draft = page(replace(request, draft=True))
    assert draft.count("<b>Übersetzung veraltet</b></p>") == 6  # three items, two sides
    assert "Entwurf: Karten" in draft
    assert "veraltet" not in page(request)


def test_what_is_not_translated_is_in_its_own_language(garden_request: Request) -> None:
    assert page(translated(garden_request, states=(State.SOURCE,))).count(' lang="en" dir="ltr">') >= 14


# The sizes of texts


def long(request: Request, times: int) -> Request:
    """The garden, whose factory has an answer so many words long."""
    span = Span("items/10-nettles.yaml", 17, 11, 17, 20)
    items = tuple(
        replace(item, fields={**item.fields, "answer": Text("words " * times, span)})
        if item.id == "factory"
        else item
        for item in request.deck.items
    )
    return replace(request, deck=replace(request.deck, items=items))


def step_of(html: str, item: str) -> int:
    backs = html.split("<section>")[2]
    found = re.search(rf'class="text s(\d)"(?:(?!class="text).)*{item}</p>', backs, re.DOTALL)
    assert found
    return int(found[1])


def test_a_longer_text_is_set_smaller_and_begins_higher(garden_request: Request) -> None:
    steps = [step_of(page(long(garden_request, times)), "factory") for times in (3, 40, 50, 60, 75, 90, 400)]
    assert steps == sorted(steps)
    assert steps[0] == 0
    assert steps[-1] == len(fit.STEPS) - 1
    assert len(set(steps)) >= 5
    assert [step.high for step in fit.STEPS] == [False] + [True] * (len(fit.STEPS) - 1)
    assert (fit.STEPS[0].size, fit.STEPS[-1].size) == (14, 9)


def test_a_larger_card_has_larger_type(garden_request: Request) -> None:
    request = long(garden_request, 70)
    assert step_of(page(request, grid="1x2"), "factory") < step_of(page(request), "factory")


def box(high: float, wide: float = 50, *, whole: bool = True) -> Box:
    return Box(5, 10, 95, 10 + high, words=(5, 10, 5 + wide, 10 + high), whole=whole)


FOOT = Box(5, 60, 95, 64, words=(5, 60, 20, 64))


@pytest.fixture
def fitted(garden_request: Request) -> Fitted:
    result = CardsBackend().compose(garden_request)
    assert result.diagnostics == ()
    assert isinstance(result.value, Fitted)
    return result.value


def test_what_is_decided_can_be_sent_to_another_process_and_has_a_key(fitted: Fitted) -> None:
    assert pickle.loads(pickle.dumps(fitted)) == fitted
    assert fitted.key == pickle.loads(pickle.dumps(fitted)).key != ""


def test_where_every_text_fits_nothing_is_said(fitted: Fitted) -> None:
    assert fitted.settle(fitted.page, (box(30), FOOT) * len(fitted.owners)) == ()


@pytest.mark.parametrize(
    ("change", "count"), [(lambda html: html.replace('class="text s', 'class="own s'), 2), (str, 1)]
)
def test_a_template_that_hides_the_faces_is_told(
    fitted: Fitted, change: Callable[[str], str], count: int
) -> None:
    page = replace(fitted.page, html=change(fitted.page.html))
    (error,) = fitted.settle(page, (box(30), FOOT)[:count] * len(fitted.owners))
    assert (error.code, error.span.file) == (codes.BAD_TEMPLATE, "templates/print/cards.html")


@pytest.mark.parametrize("bad", [box(51), box(30, 92), box(30, whole=False)], ids=["high", "wide", "broken"])
def test_a_text_that_was_thought_to_fit_and_does_not_is_set_smaller(fitted: Fitted, bad: Box) -> None:
    boxes = [box(30), FOOT] * len(fitted.owners)
    boxes[2] = bad
    page = fitted.page
    seen = [page.html]
    while not isinstance(result := fitted.settle(page, tuple(boxes)), tuple):
        assert result.html not in seen
        page = result
        seen.append(page.html)
    assert len(seen) <= len(fit.STEPS)
    steps = re.findall(r'class="text s(\d)"', page.html)
    assert steps[1] == str(len(fit.STEPS) - 1)
    assert steps[0] == steps[2] == "0", "the others stay as they are"
    (error,) = result
    assert error.code == codes.CARD_FULL
    assert error.args == {"item": "factory", "side": "front", "size": "9"}


def test_an_error_points_at_the_longest_text_of_the_side(garden_request: Request) -> None:
    sheet = cards(long(garden_request, 50))
    sheet.page()
    owners = {(owner.item, owner.side): owner.span for owner in sheet.owners}
    assert owners["factory", "back"].line == 17
    assert owners["factory", "front"] != owners["factory", "back"]


@pytest.mark.parametrize("flip", Flip)
def test_faces_and_their_owners_are_in_the_same_order(garden_request: Request, flip: Flip) -> None:
    sheet = cards(garden_request, grid="2x3", flip=flip)
    html = sheet.page().value
    assert [owner.item for owner in sheet.owners] == [name for side in feet(html) for name in side]


# The estimate


@pytest.fixture(scope="module")
def measure() -> fit.Measure:
    return fit.Measure(language("en"), 74)


def test_a_text_of_twice_the_words_has_about_twice_the_lines(measure: fit.Measure) -> None:
    one, two = (measure.height("<p>" + "some words " * n + "</p>", 80, fit.STEPS[0]) for n in (40, 80))
    assert 1.8 < two / one < 2.2


def test_a_paragraph_a_line_a_list_and_a_picture_take_room(measure: fit.Measure) -> None:
    def lines(html: str) -> float:
        return measure.height(html, 80, fit.STEPS[0])

    assert lines("<p>a</p>") < lines("a<br>b") < lines("<p>a</p><p>b</p><p>c</p>")
    assert lines("<p>a</p>") + 20 < lines('<p>a</p><p><img src="a" alt="x"></p>')
    deep = "<ul><li>" * 4 + "words " * 40 + "</li></ul>" * 4
    assert lines(deep) > lines("words " * 40)
    assert lines("<table><tr><td>a</td><td>b</td></tr></table>") < lines("<p>a</p><p>b</p>")
    assert lines('<p>a <span class="gap" style="width: 17em"></span> b</p>') > 2.9 * lines("a")
    assert measure.height('<p class="more">a</p>', 80, fit.STEPS[0]) < lines("<p>a</p>")


def test_a_hint_that_is_held_with_its_gap_is_not_broken(measure: fit.Measure) -> None:
    gap = '<span class="gap" style="width: 9em"> </span>'
    loose = f'{gap} <span class="hint">(two words or three)</span>'
    held = f'<span class="held">{loose}</span>'

    def lines(html: str) -> int:
        return round(measure.height(html, 80, fit.STEPS[0]) * fit.PT / fit.STEPS[0].line)

    after = "go go go go go"
    assert lines(f"words {loose} {after}") == 2
    assert lines(f"words {held} {after}") == 3
    assert lines(f"words {held} words {loose} {after}") == lines(f"words {held} words") + 2


def test_semibold_words_are_measured_in_semibold() -> None:
    measure = fit.Measure(language("en"), 74)
    assert measure.bold != measure.regular
    measure.bold = lambda text: 2 * measure.regular(text)
    plain = measure.height("<p>" + "words " * 60 + "</p>", 80, fit.STEPS[0])
    for html in ("<p><b>{}</b></p>", '<p class="q">{}</p>', "<p>a</p><p><strong>{}</strong></p>"):
        assert measure.height(html.format("words " * 60), 80, fit.STEPS[0]) > 1.8 * plain
    assert measure.height('<p class="q">a</p><p>' + "words " * 60, 80, fit.STEPS[0]) < 1.4 * plain


def test_a_word_longer_than_a_line_and_letters_without_spaces_are_broken(measure: fit.Measure) -> None:
    assert measure.height("x" * 400, 80, fit.STEPS[0]) > 10
    chinese = fit.Measure(language("zh-Hans"), 74)
    assert 8 * 6.7 < chinese.height("字" * 160, 80, fit.STEPS[0]) < 12 * 6.8


# The files


@pytest.mark.parametrize(
    ("flip", "names"),
    [
        (Flip.LONG, (".cards.long-edge.pdf", ".cards.long-edge.test.pdf")),
        (Flip.SHORT, (".cards.short-edge.pdf", ".cards.short-edge.test.pdf")),
        (Flip.FOLD, (".cards.fold.pdf", "")),
    ],
)
def test_a_files_name_says_how_the_sheets_are_turned(
    garden_request: Request, flip: Flip, names: tuple[str, str]
) -> None:
    request = replace(garden_request, paper=Paper(flip=flip))
    assert (CardsBackend().suffix(request), AlignmentBackend().suffix(request)) == names


def test_a_deck_without_cards_has_no_such_files(garden_request: Request) -> None:
    items = tuple(item for item in garden_request.deck.items if item.kind == "discussion")
    request = replace(garden_request, deck=replace(garden_request.deck, items=items))
    assert (CardsBackend().suffix(request), AlignmentBackend().suffix(request)) == ("", "")


def test_cards_too_small_for_words_are_an_error_with_a_way_out(garden_request: Request) -> None:
    result = CardsBackend().compose(replace(garden_request, paper=Paper(PaperSize.A5, grid="4x4")))
    assert result.value is None
    (error,) = result.diagnostics
    assert error.code == codes.NO_GRID
    assert error.args == {"grid": "4x4", "paper": "A5", "near": "2x4"}


def test_a_script_without_fonts_is_one_error(garden_request: Request) -> None:
    result = CardsBackend().compose(replace(garden_request, language=language("am")))
    assert [found.code for found in result.diagnostics] == [codes.NO_FONT]


# The test sheet


def test_a_cross_is_behind_itself_when_it_is_turned_twice() -> None:
    for flip in (Flip.LONG, Flip.SHORT):
        for point in crosses(210, 297):
            assert behind(behind(point, 210, 297, flip), 210, 297, flip) == pytest.approx(point)
    first = crosses(210, 297)[0]
    assert behind(first, 210, 297, Flip.LONG) == pytest.approx(crosses(210, 297)[1])
    assert behind(first, 210, 297, Flip.SHORT) == pytest.approx(crosses(210, 297)[2])


def test_the_test_sheet_names_the_other_edge_and_the_offset_it_was_made_with(garden_request: Request) -> None:
    def words(**paper: Any) -> str:
        request = replace(garden_request, paper=Paper(**paper))
        return Alignment(request).page().value

    assert "<code>--flip short</code>" in words()
    assert "<code>--flip long</code>" in words(flip=Flip.SHORT)
    assert "was made with <code>--back-offset -1.5,2</code>" in words(offset=(-1.5, 2.0))
    assert "was made with" not in words()


def test_a_build_has_the_grid_the_flip_and_the_offset_of_its_options(workspace_folder: Path) -> None:
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load(workspace, workspace_folder / "cards" / "garden")
    sheet = Paper(grid="3x3", flip=Flip.SHORT, offset=(1, 2))
    options = pipeline.Options(Path("output"), products=("cards",), paper=PaperSize.LETTER, sheet=sheet)
    (edition,) = pipeline.plan(workspace, loaded, options, EPOCH).value.editions
    assert [job.file for job in edition.jobs] == [
        "garden.en.cards.short-edge.pdf",
        "garden.en.cards.short-edge.test.pdf",
    ]
    assert {job.request.paper for job in edition.jobs} == {replace(sheet, size=PaperSize.LETTER)}
