"""The poster: all sections on one sheet, in boxes that hold their texts, or a finding."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import WORDS, Balance, any_request

from deckgen.backends import Request
from deckgen.backends.paper.poster import Poster, PosterBackend
from deckgen.backends.paper.wall import MM, Box, Group, Ruler, Surface, Topic, Wall, fill, hang
from deckgen.diagnostics import Span, codes
from deckgen.languages import language
from deckgen.model import PaperSize, PosterSize, Section, Text
from tests.conftest import EPOCH, HERE
from tests.packages import request_for, translated

# A font in which each character is half as wide as it is high.


def half(text: str, weight: int) -> float:
    return len(text) * (0.55 if weight == 600 else 0.5)


RULER = Ruler(half)


def surface(*topics: Topic, title: str = "A title", width: float = 297, height: float = 420) -> Surface:
    return Surface(width, height, title, "A line below it", topics, "The foot of the poster")


def topic(title: str = "A section", *texts: str) -> Topic:
    whole = tuple(Group("Terms", text) for text in texts)
    return Topic(title, (whole, whole[:1]))


def boxes(wall: Wall) -> list[Box]:
    rows = [box for row in wall.rows for box in (row.mark, row.title, *row.labels, *row.texts)]
    return [wall.title, *([wall.subtitle] if wall.subtitle else []), *rows, wall.foot]


# Lines --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("", 10, (1, False)),
        ("one", 10, (1, False)),
        ("one two", 2, (2, False)),
        ("one two", 4, (1, False)),
        ("a b c d", 1.6, (2, False)),
        ("extraordinarily", 4, (3, True)),
        ("an extraordinarily long one", 4, (6, True)),
        ("one\u00a0two", 2, (4, True)),
        ("城市城市城市", 1.1, (3, False)),
    ],
)
def test_lines_are_broken_at_spaces_and_words_where_they_must(
    text: str, room: float, expected: tuple[int, bool]
) -> None:
    assert fill(text, room, RULER)[1:] == expected


@given(st.text(st.sampled_from("ab \u00a0城"), max_size=60), st.floats(1, 40))
def test_a_text_never_has_fewer_lines_than_its_width_asks_for(text: str, room: float) -> None:
    _, count, _ = fill(text, room, RULER)
    assert count * room >= half(text.replace(" ", ""), 400)


@given(st.text(st.sampled_from("abc "), max_size=60), st.floats(1, 40), st.floats(0, 10))
def test_more_room_never_takes_more_lines(text: str, room: float, more: float) -> None:
    if not fill(text, room, RULER).broken:
        assert fill(text, room + more, RULER).takes <= fill(text, room, RULER).takes


def test_lines_hold_the_text_and_the_last_one_has_two_words_if_there_is_room() -> None:
    assert fill("one two three four", 6.6, RULER).lines == ("one two", "three four")
    assert fill("one two three four", 4.6, RULER).lines == ("one two", "three", "four"), "no room for both"
    assert fill("one two", 2, RULER).lines == ("one", "two")
    assert fill("城市城市", 1.1, RULER).lines == ("城市", "城市")


@pytest.mark.parametrize(("size", "least"), [(PosterSize.A3, 11), (PosterSize.A4, 8)])
def test_labels_can_be_read_on_every_sheet(size: PosterSize, least: float) -> None:
    long = "several words of a question that fills a line of the poster and a bit"
    for count in (4, 9, 14):
        wall = hang(Surface(*size.mm, "A title", "", (topic("A section", long, long),) * count, "Foot"), half)
        assert wall is not None
        labels = [label for row in wall.rows for label in row.labels]
        assert labels
        assert all(label.size >= least for label in labels)


# The wall -----------------------------------------------------------------------------

TITLES = st.text(st.sampled_from("abc de\u00a0"), max_size=120)


@settings(deadline=None)
@given(
    st.lists(st.builds(topic, TITLES, TITLES, TITLES), max_size=45),
    TITLES,
    st.sampled_from([size.mm for size in PosterSize]),
)
def test_boxes_stand_on_the_sheet_and_none_covers_another(
    topics: list[Topic], title: str, mm: tuple[float, float]
) -> None:
    paper = Surface(*mm, title, title, tuple(topics), title)
    wall = hang(paper, half)
    if wall is None:
        assert len(topics) > 10 or len(title) > 60
        return
    assert len(wall.rows) == len(topics)
    for box in boxes(wall):
        assert box.start >= 0 and box.start + box.width <= paper.width + 1e-6
        assert box.top >= 0 and box.top + box.height <= paper.height + 1e-6
        weight = 600 if box is wall.title or any(box is row.title for row in wall.rows) else 400
        room = box.width / (box.size * MM)
        needed = sum(fill(line, room, RULER, weight).takes for line in box.text.split("\n"))
        assert box.height >= needed * box.line * MM - 1e-6 or any(box is row.mark for row in wall.rows)
    for before, after in pairwise(wall.rows):
        bottom = max(
            box.top + box.height for box in (before.mark, before.title, *before.texts, *before.labels)
        )
        assert bottom <= after.mark.top
    for (before, after), arrow in zip(pairwise(wall.rows), wall.arrows, strict=True):
        assert arrow.start == before.mark.start + before.mark.width / 2
        assert before.mark.top + before.mark.height < arrow.top
        assert arrow.top < arrow.bottom - 8 * arrow.thick, "there is room for its head"
        assert arrow.bottom < after.mark.top
    if wall.rows:
        texts = [box for box in boxes(wall) if box is not wall.foot]
        assert max(box.top + box.height for box in texts) <= wall.foot.top


def test_few_sections_have_all_and_large_type_many_have_their_titles_alone() -> None:
    long = "several words of a question that fills a line of the poster and a bit"
    sizes = []
    for count in (4, 9, 14, 28):
        wall = hang(surface(*[topic("A section", long, long)] * count), half)
        assert wall is not None
        sizes.append((len(wall.rows[0].texts), wall.rows[0].title.size))
    assert [shown for shown, _ in sizes] == [2, 2, 1, 0]
    assert sizes[0][1] > sizes[1][1]
    assert sizes[0][1] >= 24, "it is read from two metres"


def test_more_sections_than_fit_are_no_poster() -> None:
    assert hang(surface(*[topic()] * 90), half) is None


def test_a_word_is_broken_only_if_no_smaller_type_helps() -> None:
    wall = hang(surface(topic("d" * 40)), half)
    assert wall is not None
    assert wall.whole
    wall = hang(surface(topic("d" * 400)), half)
    assert wall is not None
    assert not wall.whole


# The page -----------------------------------------------------------------------------


@pytest.fixture
def garden_request(workspace_folder: Path) -> Request:
    return request_for(workspace_folder, EPOCH)


@pytest.fixture
def arabic_request(workspace_folder: Path) -> Request:
    shutil.copytree(HERE / "decks" / "arabic", workspace_folder / "cards" / "arabic")
    return request_for(workspace_folder, EPOCH, name="arabic")


def page(request: Request) -> str:
    result = Poster(request).page()
    assert result.diagnostics == ()
    return result.value


def test_the_page_of_the_garden(garden_request: Request, golden: Callable[[str, str], None]) -> None:
    golden(
        "poster/garden.html",
        re.sub(r"<style>.*?</style>", "<style>…</style>", page(garden_request), flags=re.DOTALL),
    )


def test_sections_stand_in_order_with_numbers_and_what_they_are_about(garden_request: Request) -> None:
    html = page(garden_request)
    steps = re.findall(r'<p class="mark"[^>]*>(\d+)</p><h2[^>]*>(.*?)</h2>', html)
    assert steps == [("1", "Nettles and spades"), ("2", "What the town wants")]
    nettles = html.split("<h2")[1]
    assert "Why does the garden belong to nobody?" in nettles
    assert "Commons" in nettles
    town = html.split("<h2")[2]
    assert "The gardeners\u00a0· The town" in town
    assert "Positions" in town


def test_a_section_without_items_is_a_step_all_the_same(garden_request: Request) -> None:
    html = page(replace(garden_request, deck=replace(garden_request.deck, items=())))
    assert html.count("<h2") == 2
    assert 'class="text"' not in html


@pytest.mark.parametrize(
    ("paper", "wish", "size"),
    [
        (PaperSize.A4, None, "297mm 420mm"),
        (PaperSize.LETTER, None, "279.4mm 431.8mm"),
        (PaperSize.A5, None, "210mm 297mm"),
        (PaperSize.A5, PosterSize.A3, "297mm 420mm"),
        (PaperSize.A4, PosterSize.A4, "210mm 297mm"),
    ],
)
def test_a_poster_is_twice_the_paper_or_as_large_as_the_deck_says(
    garden_request: Request, paper: PaperSize, wish: PosterSize | None, size: str
) -> None:
    request = replace(
        garden_request,
        deck=replace(garden_request.deck, poster=wish),
        paper=replace(garden_request.paper, size=paper),
    )
    assert f"size: {size};" in page(request)


def test_there_is_no_large_one_and_its_name_says_what_it_is(garden_request: Request) -> None:
    assert not PosterBackend().has_large
    assert PosterBackend().suffix(garden_request) == ".poster.pdf"


def test_the_foot_has_licence_version_date_and_how_current_a_translation_is(garden_request: Request) -> None:
    def foot(request: Request) -> str:
        return re.sub(r"<[^>]*>|&[a-z]+;", "", page(request).split('class="foot"')[1])

    assert "CC BY-SA 4.0" in foot(garden_request)
    assert "Version 1.0." in foot(garden_request)
    assert "As of June 15, 2025." in foot(garden_request)
    assert "In dieser Übersetzung aktuell: 3 von 9 Karten" in foot(translated(garden_request, "de"))


def test_nothing_names_left_or_right_but_the_corners_that_stay_empty(
    garden_request: Request, arabic_request: Request
) -> None:
    sides = re.compile(r"[^{};@]*\b(?:left|right)\b[^{};]*")
    latin, arabic = (sides.findall(page(each)) for each in (garden_request, arabic_request))
    turn = {"left": "right", "right": "left"}
    assert arabic == [re.sub("left|right", lambda match: turn[match[0]], rule) for rule in latin]
    assert "inset-inline-start" in page(arabic_request)


def test_a_deck_with_too_many_sections_has_no_poster_and_is_told(garden_request: Request) -> None:
    deck = garden_request.deck
    sections = tuple(
        Section(f"s{number}", f"Section {number}", f"{number}", (), deck.span) for number in range(99)
    )
    request = replace(
        garden_request, deck=replace(deck, items=(), essay=replace(deck.essay, sections=sections))
    )
    result = Poster(request).compose()
    assert result.value is None
    assert [(found.code, found.span) for found in result.diagnostics] == [
        (codes.POSTER_FULL, deck.spans["title"])
    ]
    assert result.diagnostics[0].args["count"] == 99


def test_a_character_that_no_font_has_is_told_as_everywhere(garden_request: Request) -> None:
    deck = garden_request.deck
    section = replace(deck.essay.sections[0], title="字")
    request = replace(garden_request, deck=replace(deck, essay=replace(deck.essay, sections=(section,))))
    request = replace(request, deck=replace(request.deck, items=()))
    assert [found.code for found in Poster(request).compose().diagnostics] == [codes.NO_GLYPH]


def test_a_script_without_fonts_is_one_error(garden_request: Request) -> None:
    result = Poster(replace(garden_request, language=language("am"))).compose()
    assert [found.code for found in result.diagnostics] == [codes.NO_FONT]


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS)
def test_no_text_of_a_deck_breaks_the_page(one: str, other: str) -> None:
    request = any_request()
    span = Span("items/10-nettles.yaml")
    items = tuple(
        replace(
            item,
            fields={
                name: Text(one, span) if isinstance(value, Text) and name != "when" else value
                for name, value in item.fields.items()
            },
        )
        for item in request.deck.items
    )
    sections = tuple(replace(section, title=other) for section in request.deck.essay.sections)
    essay = replace(request.deck.essay, sections=sections)
    deck = replace(request.deck, items=items, essay=essay, title=other, subtitle=one)
    html = Poster(replace(request, deck=deck)).page().value
    parser = Balance()
    parser.feed(html)
    assert parser.open == []
    assert html.count("<h2") == len(sections)
    assert parser.tags <= {
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "h1",
            "h2",
            "p",
            "div",
            "bdi",
            "cite",
            "a",
            "span",
        ),
    }
