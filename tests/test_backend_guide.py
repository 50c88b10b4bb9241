"""The guide's page: the evening in order, with numbers of the handout, and good without much of a deck."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pages import CLOZE, WORDS, Balance, any_request

from deckgen import pipeline
from deckgen.backends import Request
from deckgen.backends.paper.guide import MANY, Guide, mixed
from deckgen.backends.paper.handout import Handout
from deckgen.backends.products import BACKENDS
from deckgen.diagnostics import Span
from deckgen.languages import language
from deckgen.model import Evening, Item, Text
from deckgen.words import load_words
from tests.conftest import EPOCH
from tests.packages import request_for, translated

FILES = (("anki", "garden.en.apkg"), ("handout", "garden.en.handout.pdf"), ("guide", "garden.en.guide.pdf"))


@pytest.fixture
def garden_request(workspace_folder: Path) -> Request:
    return replace(request_for(workspace_folder, EPOCH), files=FILES)


def page(request: Request) -> str:
    result = Guide(request).page()
    assert result.diagnostics == ()
    return re.sub(r"<style>.*?</style>", "<style>…</style>", result.value, flags=re.DOTALL)


def part(html: str, anchor: str) -> str:
    """What stands between a heading and the next one."""
    return re.split(r"<h2\b", html.split(f'id="{anchor}"')[1])[0]


def timed(request: Request, **evening: Any) -> Request:
    return replace(request, deck=replace(request.deck, evening=Evening(**evening)))


def only(request: Request, *kinds: str) -> Request:
    items = tuple(item for item in request.deck.items if item.kind in kinds)
    return replace(request, deck=replace(request.deck, items=items))


def test_the_page_of_the_garden(garden_request: Request, golden: Callable[[str, str], None]) -> None:
    golden("guide/garden.html", page(garden_request))


def test_the_timetable_goes_from_the_first_minute_to_the_last(garden_request: Request) -> None:
    rows = re.findall(r'<td class="when">(\d+)–(\d+)</td>', page(timed(garden_request, minutes=60, pause=0)))
    assert rows[0][0] == "0"
    assert rows[-1][1] == "60"
    assert all(before[1] == after[0] for before, after in pairwise(rows))


def test_an_item_has_the_number_of_the_handout(garden_request: Request) -> None:
    handout = {entry.item.id: entry.number for entry in Handout(garden_request).entries}
    shown = re.findall(
        r'<p class="n">(\d+)\t.*?<bdi class="id" dir="ltr">([a-z-]+)</bdi>', page(garden_request), re.DOTALL
    )
    assert len(shown) >= 6
    assert all(handout[name] == int(number) for number, name in shown)


def test_opening_and_closing_discussions_stand_in_their_steps_with_all_their_views(
    garden_request: Request,
) -> None:
    html = page(garden_request)
    opening, closing = part(html, "step-1"), part(html, "step-5")
    assert "Which place near you" in opening
    assert opening.count('class="view"') == 2
    assert "<b>An official:</b> A place without an owner is a risk." in opening
    assert "Who should decide?" in closing
    assert "Who should decide?" not in opening


def test_a_step_of_a_section_has_its_own_items_and_none_twice(garden_request: Request) -> None:
    html = page(garden_request)
    nettles = part(html, "step-2")
    assert "factory" in nettles
    assert "town-plan" not in nettles
    names = re.findall(r'<bdi class="id" dir="ltr">([a-z-]+)</bdi>', html)
    assert len(names) == len(set(names))


def test_of_each_kind_one_item_comes_before_a_second_of_any(garden_request: Request) -> None:
    entries = Guide(garden_request).part("handout")
    assert [entry.item.id for entry in mixed(entries, 4)] == [
        "factory",
        "commons",
        "nettle-years",
        "town-plan",
    ]
    assert [entry.number for entry in mixed(entries, 99)] == [entry.number for entry in entries]


def test_a_discussion_needs_time_and_is_named_where_there_is_none(garden_request: Request) -> None:
    plain = tuple(
        replace(item, fields={name: value for name, value in item.fields.items() if name != "when"})
        if item.id == "close-garden"
        else item
        for item in garden_request.deck.items
    )
    request = replace(garden_request, deck=replace(garden_request.deck, items=plain))
    town = "step-4"
    assert "Who should decide?" in part(page(timed(request, minutes=120)), town)
    short = part(page(timed(request, minutes=45)), "step-4" if "Break" in page(request) else "step-3")
    assert "Who should decide?" not in short
    assert "If there is time left, to discuss as well: 9" in short


def test_the_key_has_numbers_letters_and_the_words_of_gaps(garden_request: Request) -> None:
    key = part(page(garden_request), "solutions")
    assert re.search(r"<b>3\t</b>two · nettles", key)
    letter = next(
        option.letter
        for option in Guide(garden_request).options(
            next(item for item in garden_request.deck.items if item.id == "town-plan")
        )
        if option.right
    )
    assert re.search(rf"<b>5\t</b>{letter}\u00a0\u00a0Sell it", key)


def test_what_to_print_is_what_is_built(garden_request: Request) -> None:
    prepare = part(page(garden_request), "prepare")
    assert "garden.en.handout.pdf" in prepare
    assert "garden.en.apkg" in prepare
    assert "quiz" not in prepare
    assert "guide.pdf" not in prepare, "whoever reads it holds it"
    quiz = replace(garden_request, files=(*FILES, ("quiz", "garden.en.quiz.pdf")))
    assert "garden.en.quiz.pdf" in part(page(quiz), "prepare")
    assert "Key to the worksheet" not in part(page(quiz), "prepare")
    assert "<table" not in part(page(replace(garden_request, files=())), "prepare")


def test_nobody_copies_the_key_for_each_person(garden_request: Request) -> None:
    files = (*FILES, ("quiz", "garden.en.quiz.pdf"), ("quiz-key", "garden.en.quiz-key.pdf"))
    rows = re.findall(r"<tr>(.*?)</tr>", part(page(replace(garden_request, files=files)), "prepare"))
    (key,) = (row for row in rows if "quiz-key" in row)
    assert "Key to the worksheet" in key
    assert "each person" not in key


def test_a_build_of_the_guide_alone_names_the_files_of_all_products(workspace_folder: Path) -> None:
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load(workspace, workspace_folder / "cards" / "garden")
    options = pipeline.Options(workspace_folder / "output", products=("guide",))
    (job,) = pipeline.plan(workspace, loaded, options, EPOCH).value.editions[0].jobs
    files = dict(job.request.files)
    assert files.keys() == {each.name for each in BACKENDS}
    assert files["handout"] == "garden.en.handout.pdf"
    assert files["guide"] == job.file


def test_the_aims_are_the_decks_own_or_speak_of_its_kinds(garden_request: Request) -> None:
    made = part(page(garden_request), "aims")
    assert made.count("<li>") == 4
    own = timed(garden_request, aims=(Text("To *listen* & decide.", Span("deck.yaml")),))
    aims = part(page(own), "aims")
    assert aims.count("<li>") == 1
    assert "<em>listen</em> &amp; decide." in aims
    assert "we …" not in aims


def test_an_aim_that_begins_like_a_list_keeps_its_number(garden_request: Request) -> None:
    own = timed(garden_request, aims=(Text("1. Mai ist ein *Tag*", Span("deck.yaml")),))
    assert "<li>1.\u00a0Mai ist ein \u200b<em>Tag</em></li>" in part(page(own), "aims")


@pytest.mark.parametrize("kinds", [("question",), ("discussion",), ("choice",), ("position", "term"), ()])
def test_a_deck_with_few_kinds_has_a_whole_guide(garden_request: Request, kinds: tuple[str, ...]) -> None:
    html = page(only(garden_request, *kinds))
    assert 'id="plan"' in html
    assert ('id="solutions"' in html) == ("choice" in kinds)
    assert "What brings us" not in html
    assert ("A round: what brings us here" in html) == ("discussion" not in kinds)
    assert "To discuss: " not in html or "discussion" in kinds
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    rows = re.findall(r'<td class="when">\d+–(\d+)</td>', html)
    assert rows[-1] == "90"


def test_a_step_never_asks_more_than_a_group_can_answer(garden_request: Request) -> None:
    first = next(item for item in garden_request.deck.items if item.kind == "question")
    many = tuple(replace(first, id=f"q{number}") for number in range(40))
    html = page(timed(replace(garden_request, deck=replace(garden_request.deck, items=many)), minutes=600))
    step = next(part(html, f"step-{at}") for at in (2, 3) if f'id="step-{at}"' in html)
    assert step.count('class="item"') == MANY


def test_a_translation_says_how_current_it_is_and_a_draft_marks_its_items(garden_request: Request) -> None:
    german = translated(garden_request, "de")
    assert "In dieser Übersetzung aktuell: 3 von 9 Karten" in part(page(german), "imprint")
    assert '<p class="mark">' in page(replace(german, draft=True))
    assert '<p class="mark">' not in page(german)


def test_large_print_takes_its_sizes_from_the_looks(garden_request: Request) -> None:
    large = replace(garden_request, paper=replace(garden_request.paper, large=True))
    style = Guide(large).page().value.split("<style>")[1].split("</style>")[0]
    own = style[style.index(".kicker") :]
    assert "8pt" not in re.sub(r"\d8pt", "", own)
    assert "inline-block" not in own
    assert Guide(large).request.print == ".large"


def test_a_language_from_right_to_left_names_no_side_of_its_own(garden_request: Request) -> None:
    arabic = replace(
        garden_request, language=language("ar"), words=load_words("ar", garden_request.path).value
    )
    html = Guide(arabic).page().value
    assert '<html lang="ar" dir="rtl">' in html
    own = html.split("<style>")[1].split("</style>")[0]
    own = own[own.index(".kicker") :]
    assert not re.search(r"\b(left|right)\b", own)
    assert "letter-spacing" not in own


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS, CLOZE)
def test_no_text_of_a_deck_breaks_the_page(one: str, other: str, cloze: str) -> None:
    request = any_request()
    span = Span("items/10-nettles.yaml")

    def anew(item: Item) -> Item:
        fields = {
            name: Text(cloze if item.kind == "cloze" and name == "text" else one, span)
            if isinstance(value, Text)
            else tuple(
                Text(other, span) if isinstance(entry, Text) else {key: Text(other, span) for key in entry}
                for entry in value
            )
            for name, value in item.fields.items()
            if name != "when"
        }
        return replace(item, fields=fields)  # type: ignore[arg-type]

    deck = replace(
        request.deck,
        items=tuple(anew(item) for item in request.deck.items),
        title=one,
        evening=Evening(minutes=200, aims=(Text(other, span),)),
    )
    parser = Balance()
    parser.feed(Guide(replace(request, deck=deck)).page().value)
    assert parser.open == []
    assert not parser.tags & {"script", "iframe", "object", "embed", "form", "input"}
