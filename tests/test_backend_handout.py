"""The handout's page: what stands on it, in which order, and that no deck can break it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from deckgen.backends import Request
from deckgen.backends.paper.handout import Handout, HandoutBackend
from deckgen.backends.paper.qr import svg
from deckgen.backends.paper.sheet import numbers
from deckgen.diagnostics import Span, codes
from deckgen.languages import language
from deckgen.model import Freshness, Item, Paper, PaperSize, State, Text
from deckgen.resources import shipped
from deckgen.words import load_words
from tests.conftest import HERE
from tests.packages import edit, request_for, translated
from tests.pages import ANY, CLOZE, any_request, whole, with_words

NOW = 1_750_000_000


@pytest.fixture
def garden_request(workspace_folder: Path) -> Request:
    return request_for(workspace_folder, NOW)


def test_the_page_of_the_garden(garden_request: Request, golden: Callable[[str, str], None]) -> None:
    result = Handout(garden_request).page()
    assert result.diagnostics == ()
    golden(
        "handout/garden.html",
        re.sub(r"<style>.*?</style>", "<style>…</style>", result.value, flags=re.DOTALL),
    )


def test_no_path_of_the_machine_stands_on_the_page(garden_request: Request, workspace_folder: Path) -> None:
    html = Handout(garden_request).page().value
    assert workspace_folder.as_posix() not in html
    assert "file:" not in html


@pytest.mark.parametrize(
    ("values", "shown"),
    [([1], "1"), ([1, 2], "1, 2"), ([1, 2, 3], "1–3"), ([1, 3, 4, 5, 9], "1, 3–5, 9"), ([], "")],
)
def test_runs_of_numbers_are_drawn_together(values: list[int], shown: str) -> None:
    assert numbers(values) == shown


def test_options_stand_in_the_order_of_the_anki_card(garden_request: Request) -> None:
    from deckgen.backends.anki import compose

    note = next(note for note in compose(garden_request).value.notes if note.item.id == "town-plan")
    on_card = re.findall(r"<li[^>]*>(.*?)</li>", note.fields[1])
    html = Handout(garden_request).page().value
    on_paper = re.findall(r"Make it a park|Give it away|Sell it", html[html.index("What does the town") :])
    assert on_paper[: len(on_card)] == on_card


def test_a_question_can_have_nine_options(garden_request: Request) -> None:
    sheet = Handout(garden_request)
    (choice,) = (item for item in garden_request.deck.items if item.id == "town-plan")
    wrong = tuple(Text(f"Wrong {number}", choice.span) for number in range(8))
    options = sheet.options(replace(choice, fields={**choice.fields, "wrong": wrong}))
    assert "".join(option.letter for option in options) == "ABCDEFGHI"
    assert {option.text for option in options} == {choice.fields["right"], *wrong}


def test_a_line_is_a_line_though_a_text_of_another_field_is_equal_to_it(workspace_folder: Path) -> None:
    file = workspace_folder / "cards/garden/items/10-nettles.yaml"
    edit(file, "question: Why does the garden belong to nobody?", "question: &day 1. May")
    edit(file, "answer: Because the factory **closed**.", "answer: *day")
    assert '<p class="q">1.\u00a0May</p>' in Handout(request_for(workspace_folder, NOW)).page().value


def test_the_opening_discussion_comes_first_and_the_closing_one_last(garden_request: Request) -> None:
    deck = garden_request.deck
    turned = replace(garden_request, deck=replace(deck, items=tuple(reversed(deck.items))))
    html = Handout(turned).page().value
    assert html.index("Which place near you") < html.index("Who should decide?")


def test_the_glossary_is_in_the_order_of_the_alphabet(garden_request: Request) -> None:
    span = Span("items/10-nettles.yaml")
    names = ["Zaun", "Ähre", "über", "Acker", "Ufer"]
    terms = tuple(
        Item(
            f"t{number}",
            "term",
            "nettles",
            {"term": Text(name, span), "definition": Text("X.", span)},
            (),
            (),
            span,
        )
        for number, name in enumerate(names)
    )
    request = replace(
        garden_request, deck=replace(garden_request.deck, items=terms, language="de"), language=language("de")
    )
    glossary = Handout(request).page().value.split('id="glossary"')[1]
    found = re.findall("|".join(names), glossary)
    assert list(dict.fromkeys(found)) == ["Acker", "Ähre", "über", "Ufer", "Zaun"]


def test_a_script_without_its_own_words_still_mirrors(garden_request: Request) -> None:
    arabic = replace(
        garden_request, language=language("ar"), words=load_words("ar", garden_request.path).value
    )
    html = Handout(arabic).page().value
    assert '<html lang="ar" dir="rtl">' in html


@pytest.fixture
def arabic_request(workspace_folder: Path) -> Request:
    shutil.copytree(HERE / "decks" / "arabic", workspace_folder / "cards" / "arabic")
    return request_for(workspace_folder, NOW, name="arabic")


def test_the_page_of_the_arabic_garden(arabic_request: Request, golden: Callable[[str, str], None]) -> None:
    result = Handout(arabic_request).page()
    assert result.diagnostics == ()
    golden(
        "handout/arabic.html",
        re.sub(r"<style>.*?</style>", "<style>…</style>", result.value, flags=re.DOTALL),
    )


def test_a_script_has_its_own_letters_for_a_quiz_and_its_own_emphasis(
    garden_request: Request, arabic_request: Request
) -> None:
    latin, arabic = Handout(garden_request).page().value, Handout(arabic_request).page().value
    assert 'symbols: "A" "B" "C" "D" "E" "F" "G" "H" "I" ;' in latin
    assert 'symbols: "أ" "ب" "ج" "د" "ه" "و" "ز" "ح" "ط" ;' in arabic
    assert "em, cite { font-style: normal" in arabic
    assert "em, cite { font-style: normal" not in latin
    assert "letter-spacing" in latin  # it would tear Arabic letters apart
    assert "letter-spacing" not in arabic


def test_nothing_on_the_page_names_left_or_right_but_what_is_mirrored_here(
    garden_request: Request, arabic_request: Request
) -> None:
    sides = re.compile(r"[^{};]*\b(?:left|right)\b[^{};]*")
    latin, arabic = (
        sides.findall("".join(re.findall(r"<style>(.*?)</style>", Handout(request).page().value, re.DOTALL)))
        for request in (garden_request, arabic_request)
    )
    turn = {"left": "right", "right": "left"}
    assert latin
    assert arabic == [re.sub("left|right", lambda match: turn[match[0]], rule) for rule in latin]


def test_a_script_without_fonts_is_one_error(arabic_request: Request) -> None:
    result = Handout(replace(arabic_request, language=language("am"))).compose()
    assert result.value is None
    assert [found.code for found in result.diagnostics] == [codes.NO_FONT]


# Sizes and large print ----------------------------------------------------------------


def style_of(request: Request) -> str:
    return "".join(re.findall(r"<style>(.*?)</style>", Handout(request).page().value, re.DOTALL))


def on(request: Request, size: PaperSize, *, large: bool = False) -> Request:
    return replace(request, paper=Paper(size, large=large))


@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("arabic", [False, True])
def test_nothing_in_large_print_is_small_slanted_or_hyphenated(
    garden_request: Request, arabic_request: Request, size: PaperSize, arabic: bool
) -> None:
    style = style_of(on(arabic_request if arabic else garden_request, size, large=True))
    sizes = [float(number) for number in re.findall(r"(?:font|font-size):[^;{}]*?([\d.]+)pt", style)]
    assert len(sizes) > 10
    assert min(sizes) >= 16
    assert "italic" not in style
    assert "uppercase" not in style
    assert "hyphens: auto" not in style
    assert re.search(r"em, cite \{ font-style: normal; font-weight: 600 }", style)


def test_no_size_is_written_into_a_style_sheet() -> None:
    """All sizes of type come from the looks, but for the head of a table that large print does not have."""
    for name in ("print/print.css", "print/handout.css"):
        found = re.findall(r"font(?:-size)?:[^;{}]*?[\d.]+pt", (shipped() / name).read_text(encoding="utf-8"))
        assert found == (["font: 8pt"] if name.endswith("handout.css") else [])


@pytest.mark.parametrize(
    ("paper", "table"),
    [
        (Paper(), True),
        (Paper(PaperSize.LETTER), True),
        (Paper(PaperSize.A5), False),
        (Paper(large=True), False),
    ],
)
def test_positions_are_a_table_where_there_is_room_and_blocks_where_there_is_not(
    garden_request: Request, paper: Paper, table: bool
) -> None:
    html = Handout(replace(garden_request, paper=paper)).page().value
    positions = html.split('<h2 id="positions"')[1].split("<h2")[0]
    assert ("<table" in positions) is table
    assert ('<div class="position">' in positions) is not table
    assert "Stands against" in positions
    assert positions.count('class="who"') == 2


def test_without_colour_everything_that_is_set_in_a_colour_is_there_in_a_grey(
    garden_request: Request,
) -> None:
    deck = replace(garden_request.deck, accent="#0a6b8f")
    colour, without = (
        Handout(replace(garden_request, deck=deck, paper=Paper(grey=wanted))).page().value
        for wanted in (False, True)
    )
    assert "#0a6b8f" in colour
    hexes = re.compile("(?:#|%23)(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z-])")
    found = set(hexes.findall("".join(re.findall("<style>.*?</style>", without, re.DOTALL))))
    assert len(found) > 3
    assert all(one[1:3] == one[3:5] == one[5:] for one in found if one[0] == "#")
    assert hexes.sub("", without) == hexes.sub("", colour)


def test_a_deck_with_an_address_has_a_qr_code_of_it_and_others_have_none(garden_request: Request) -> None:
    url = "https://example.org/a?b=1&c=<2>"
    deck = replace(garden_request.deck, url=url)
    html = Handout(replace(garden_request, deck=deck)).page().value
    assert html.count("<svg") == 1
    assert "<title>QR code: https://example.org/a?b=1&amp;c=&lt;2&gt;</title>" in html
    assert "<svg" not in Handout(garden_request).page().value


@pytest.mark.parametrize("length", [10, 40, 200, 900])
def test_a_qr_code_is_24_mm_wide_at_least_and_its_modules_half_a_millimetre(length: int) -> None:
    drawn = svg(f"https://example.org/{'a' * length}", "x")
    millimetres, modules = (
        float(re.findall(pattern, drawn)[0]) for pattern in (r'width="([\d.]+)mm"', r'viewBox="0 0 (\d+) ')
    )
    assert millimetres >= 24
    assert millimetres / modules >= 0.5


def test_the_files_of_large_print_and_of_print_without_colour_are_named_so(garden_request: Request) -> None:
    papers = [Paper(), Paper(large=True), Paper(grey=True), Paper(large=True, grey=True)]
    names = [HandoutBackend().suffix(replace(garden_request, paper=paper)) for paper in papers]
    assert names == [f".handout{kind}.pdf" for kind in ("", ".large", ".grey", ".large.grey")]


# Translations -------------------------------------------------------------------------


def test_two_sections_with_one_short_name_are_both_cited(garden_request: Request) -> None:
    essay = garden_request.deck.essay
    sections = tuple(replace(section, short="Part") for section in essay.sections)
    deck = replace(garden_request.deck, essay=replace(essay, sections=sections))
    first, second = (section.id for section in sections[:2])
    sheet = Handout(replace(garden_request, deck=deck))
    item = deck.items[0]
    sources = tuple(item.sources[0]._replace(section=each, number=1) for each in (first, second))
    assert re.findall(r"\w+ 1", sheet.source(replace(item, sources=sources))) == ["Part 1", "Part 1"]


def test_the_imprint_says_how_current_a_translation_is(garden_request: Request) -> None:
    german = Handout(translated(garden_request, "de")).page().value
    imprint = german.split('id="imprint"')[1]
    assert "<p>In dieser Übersetzung aktuell: 3 von 9 Karten, Stand 15. Juni 2025.</p>" in imprint
    assert imprint.count("Stand") == 1
    assert "Current in this translation" not in Handout(garden_request).page().value


@pytest.mark.parametrize(
    ("total", "expected"), [(1, "3 з 1 картки"), (2, "3 з 2 карток"), (21, "3 з 21 картки")]
)
def test_the_number_of_cards_has_the_plural_of_its_language(
    garden_request: Request, total: int, expected: str
) -> None:
    request = translated(garden_request, "uk")
    request = replace(request, deck=replace(request.deck, freshness=Freshness(3, total)))
    assert expected in Handout(request).page().value


def test_the_essays_title_stays_with_its_translation_in_brackets(garden_request: Request) -> None:
    arabic = Handout(translated(garden_request)).page().value
    title = garden_request.deck.essay.title
    assert arabic.count(f'<cite lang="en" dir="ltr">{title}</cite>') == 2, "on the first page and the last"
    assert re.sub("</?bdi[^>]*>", "", arabic).count("[A translated title. And its subtitle.]") == 2
    assert f"<cite>{title}</cite>" in Handout(garden_request).page().value


def test_what_is_not_translated_is_in_its_own_language(garden_request: Request) -> None:
    arabic = translated(garden_request, states=(State.SOURCE,))
    foreign = Handout(arabic).page().value
    parts = re.split('<h2 id="(?:discussions|solutions)"', foreign)
    assert [part.count('<div lang="en" dir="ltr">') for part in parts] == [7, 2, 2]
    assert '<td class="who" lang="en" dir="ltr">' in foreign
    assert '<dt lang="en" dir="ltr">' in foreign
    assert '<dd lang="en" dir="ltr">' in foreign
    own = Handout(translated(garden_request, states=(State.CURRENT, State.STALE))).page().value
    assert 'lang="en"' not in re.sub("<(bdi|cite|span) [^>]*>", "", own)


def test_a_draft_marks_what_is_not_current_in_the_margin(garden_request: Request) -> None:
    request = translated(garden_request, "de")
    draft = Handout(replace(request, draft=True)).page().value
    assert draft.count('<p class="mark">Übersetzung veraltet</p>') == 3
    assert draft.count('<p class="mark">Noch nicht übersetzt</p>') == 3
    assert draft.index("Entwurf: Karten, deren Übersetzung") < draft.index("<h1>")
    plain = Handout(request).page().value
    for word in ("veraltet", "Noch nicht", "Entwurf", 'class="mark"', "item marked"):
        assert word not in plain


def test_a_draft_of_a_deck_that_is_current_marks_nothing(garden_request: Request) -> None:
    html = Handout(replace(garden_request, draft=True)).page().value
    assert 'class="mark"' not in html
    assert 'class="draft"' in html


def test_a_draft_can_be_printed(garden_request: Request) -> None:
    result = Handout(replace(translated(garden_request, "uk"), draft=True)).compose()
    assert result.diagnostics == ()
    assert result.value is not None


def test_headings_never_skip_a_level(garden_request: Request) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", Handout(garden_request).page().value)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_character_that_no_font_has_is_an_error_at_its_text(garden_request: Request) -> None:
    deck = garden_request.deck
    first = deck.items[1]
    span = Span("items/10-nettles.yaml", 9, 9, 9, 12)
    broken = replace(first, fields={**first.fields, "answer": Text("ein 字", span)})
    request = replace(garden_request, deck=replace(deck, items=(broken,)))
    result = Handout(request).compose()
    assert result.value is None
    assert [(found.code, found.span) for found in result.diagnostics] == [(codes.NO_GLYPH, span)]
    assert result.diagnostics[0].args["field"] == f"{first.id}.answer"


def test_a_character_that_is_not_drawn_needs_no_font(garden_request: Request) -> None:
    deck = garden_request.deck
    request = replace(garden_request, deck=replace(deck, description="Cards \U0001f331"))
    assert "\U0001f331" in Handout(request).page().value
    assert Handout(request).compose().diagnostics == ()
    titled = replace(request, deck=replace(request.deck, title="字"))
    (found,) = Handout(titled).compose().diagnostics
    assert (found.args["field"], found.span) == ("title", deck.spans["title"])


@pytest.mark.parametrize("place", ["short", "translated"])
def test_a_character_in_a_foot_or_a_translated_title_is_told_there(
    garden_request: Request, place: str
) -> None:
    deck = garden_request.deck
    first, *rest = deck.essay.sections
    essay = replace(deck.essay, translated=("字",))
    if place == "short":
        essay = replace(deck.essay, sections=(replace(first, short="字"), *rest))
    result = Handout(replace(garden_request, deck=replace(deck, essay=essay))).compose()
    told = {"short": f"sections.{first.id}", "translated": "essay.translated"}[place]
    assert [found.args["field"] for found in result.diagnostics] == [told]


def test_words_that_style_sheets_take_from_attributes_are_drawn(garden_request: Request) -> None:
    sheet = Handout(garden_request)
    assert sheet.lacking('<img alt="字"><a href="字">x</a><title>字</title>') == ()
    (found,) = sheet.lacking('<body class="字" data-foot="字">')
    assert found.args["field"] == "templates"


def test_the_hyphens_in_a_title_are_those_that_the_fonts_have(garden_request: Request) -> None:
    deck = replace(garden_request.deck, title="Non\u2011places and lay\u2010bys")
    page = Handout(replace(garden_request, deck=deck)).page().value
    assert "<h1>Non\u2060-\u2060places and lay-bys</h1>" in page


@settings(deadline=None, max_examples=60)
@given(words=ANY, cloze=CLOZE)
def test_nothing_in_a_field_can_break_the_page(words: list[str], cloze: str) -> None:
    whole(Handout(with_words(any_request(), words, cloze)).page().value)
