"""The worksheet and its key: what is drawn, that no answer stands on the one, and that the other fits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from deckgen import pipeline
from deckgen.backends import Request
from deckgen.backends.paper.quiz import PARTS, Key, Quiz, QuizBackend, QuizKeyBackend, lines, seed, tasks
from deckgen.diagnostics import Span
from deckgen.languages import language, letters
from deckgen.model import Deck, Item, Paper, PaperSize, State, Text
from deckgen.model import Quiz as Asked
from deckgen.words import load_words
from tests.conftest import EPOCH, HERE
from tests.packages import request_for, translated
from tests.pages import ANY, CLOZE, any_request, whole, with_words

SPAN = Span("items/10-nettles.yaml")
ROOT = HERE.parent
LANGUAGES = ("de", "ar", "de-simple", "en", "es", "fr", "tr", "uk")


def with_terms(request: Request, count: int) -> Request:
    """The garden with so many more terms."""
    more = tuple(
        Item(
            f"term-{number}",
            "term",
            "town",
            {"term": Text(f"Term {number}", SPAN), "definition": Text(f"Meaning {number}.", SPAN)},
            (),
            (),
            SPAN,
        )
        for number in range(count)
    )
    return replace(request, deck=replace(request.deck, items=(*request.deck.items, *more)))


def asking(request: Request, **asked: object) -> Request:
    """A request whose deck has other settings for its quiz."""
    return replace(request, deck=replace(request.deck, quiz=Asked()._replace(**asked)))  # type: ignore[arg-type]


@pytest.fixture
def garden_request(workspace_folder: Path) -> Request:
    return request_for(workspace_folder, EPOCH)


@pytest.fixture
def planted(garden_request: Request) -> Request:
    """The garden with five more terms, so that it has each sort of task."""
    return with_terms(garden_request, 5)


@cache
def shipped(tag: str) -> Request:
    """The deck that comes with deckgen, in a language."""
    workspace = pipeline.open_workspace(ROOT).value
    loaded = pipeline.load_all(workspace, [ROOT / "cards" / "smart-city"])[0]
    deck: Deck | None = loaded.deck
    if tag != "de":
        options = pipeline.Options(ROOT)
        deck = pipeline.localize(pipeline.translated(workspace, loaded, EPOCH), tag, options).value
    assert deck is not None
    words = load_words(tag, workspace.path).value
    return Request(deck, language(tag), workspace.kinds, words, workspace.path, {})


def page(sheet: Quiz) -> str:
    """A page without its style."""
    result = sheet.page()
    assert result.diagnostics == ()
    return re.sub(r"<style>.*?</style>", "<style>…</style>", result.value, flags=re.DOTALL)


@pytest.mark.parametrize(("name", "sheet"), [("garden", Quiz), ("garden-key", Key)])
def test_the_pages_of_the_garden(
    name: str, sheet: type[Quiz], planted: Request, golden: Callable[[str, str], None]
) -> None:
    golden(f"quiz/{name}.html", page(sheet(planted)))


# No answer stands on the worksheet ----------------------------------------------------


def changed(request: Request, change: Callable[[Item, str, str], str]) -> Request:
    """The request with each text of its items changed by its item and its path."""

    def anew(item: Item) -> Item:
        fields = {
            name: Text(change(item, name, value.value), value.span)
            if isinstance(value, Text)
            else tuple(
                Text(change(item, name, entry.value), entry.span) if isinstance(entry, Text) else entry
                for entry in value
            )
            for name, value in item.fields.items()
        }
        return replace(item, fields=fields)  # type: ignore[arg-type]

    items = tuple(anew(item) for item in request.deck.items)
    return replace(request, deck=replace(request.deck, items=items))


def without_answers(item: Item, name: str, value: str) -> str:
    """The same text with nothing of an answer left in it."""
    if (item.kind, name) == ("cloze", "text"):
        return re.sub(r"(\{\{c[\d,]+::)((?!\}\}|::).)+", r"\1–", value)
    if name in ("why", "note", "example", "hint"):
        return "–"
    return "+" * 50 if name == "answer" else value


@pytest.mark.parametrize("source", ["garden", "smart-city"])
def test_the_worksheet_of_other_answers_is_the_same(source: str, planted: Request) -> None:
    request = asking(
        planted if source == "garden" else shipped("de"), choices=None, gaps=None, questions=None, terms=None
    )
    # The length of an answer decides how many lines it has: it is the same in both.
    request = changed(request, lambda _, name, value: "–" * 50 if name == "answer" else value)
    other = changed(request, without_answers)
    assert page(Quiz(other)) == page(Quiz(request))
    assert page(Key(other)) != page(Key(request))


@pytest.mark.parametrize("source", ["garden", "smart-city"])
def test_nothing_tells_the_right_option_from_the_others(source: str, planted: Request) -> None:
    request = asking(planted if source == "garden" else shipped("de"), choices=None)
    same = changed(request, lambda _, name, value: "–" if name in ("right", "wrong") else value)
    html = page(Quiz(same))
    shown = [
        set(re.findall(r"<li.*?</li>", options)) for options in re.findall("<ol.*?</ol>", html, re.DOTALL)
    ]
    assert len(shown) == sum(item.kind == "choice" for item in request.deck.items)
    assert all(options == {"<li>–</li>"} for options in shown)


@pytest.mark.parametrize(
    "gaps",
    [
        "{{c1::ab}} x {{c1::abcdefghijklmnop qrstuvwxyz}}",
        "{{c1::a {{c2::b}} c}} x {{c2::d}}",
        "{{c1,2::a}} x {{c3::b}}",
    ],
)
def test_all_gaps_are_of_one_length_whatever_stands_in_them(garden_request: Request, gaps: str) -> None:
    request = changed(
        garden_request, lambda item, name, value: gaps if (item.kind, name) == ("cloze", "text") else value
    )
    html = page(Quiz(request)).split("<h2")[2].replace("\u200b", "")
    blank = r'<span class="blank">(_+)</span>'
    found = re.search(rf"{blank} x {blank}", html)
    assert found is not None, html
    assert found[1] == found[2]
    solved = bare(page(Key(request)).split("<h2")[2])
    assert re.sub(r"\{\{c[\d,]+::|\}\}", "", gaps) in solved


def test_a_hint_stands_behind_its_gap(garden_request: Request) -> None:
    assert '</span> <span class="hint">(a number)</span></span> years' in page(Quiz(garden_request)).replace(
        "\u200b", ""
    )
    assert "a number" not in page(Key(garden_request))


# The key fits the sheet ---------------------------------------------------------------


def bare(html: str) -> str:
    """The words of a piece of HTML: no elements, and no marks between directions."""
    return re.sub("<[^>]*>|[\u200b-\u200f\u2060-\u2069]", "", html).strip()


def sections(html: str) -> list[str]:
    """The parts of a page that have tasks."""
    return [part for part in html.split("<section>")[1:] if 'class="n"' in part]


def numbered(html: str) -> Iterator[tuple[str, str]]:
    """Each number or letter that stands at the start, and what follows it."""
    parts = re.split(r'<p class="n">(\w+)</p>', html)
    yield from zip(parts[1::2], parts[2::2], strict=True)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_number_of_the_sheet_is_solved_in_the_key(tag: str) -> None:
    request = shipped(tag)
    sheet, key = Quiz(request), Key(request)
    asked, solved = page(sheet), dict(numbered(page(key)))
    numbers = [name for name, _ in numbered(asked) if name.isdigit()]
    assert numbers == list(solved) == [str(number) for number in range(1, len(sheet.entries) + 1)]
    on_sheet = dict(numbered(asked))
    for entry in sheet.part(PARTS[0]):
        options = re.findall(r"<li>(.*?)</li>", on_sheet[str(entry.number)])
        letter, text = re.search(
            r'<p class="q">(\w+)\u00a0\u00a0(.*?)</p>', solved[str(entry.number)]
        ).groups()  # type: ignore[union-attr]
        known = [option.letter for option in sheet.options(entry.item)]
        assert options[known.index(letter)] == text
        right = entry.item.fields["right"]
        assert isinstance(right, Text)
        assert bare(text) == bare(sheet.html(right))
    blocks = asked.split('<section class="imprint">')[0].split('<div class="block">')[1:]
    assert len(blocks) == 3
    for block in blocks:
        own = list(numbered(block))
        definitions = {name: text for name, text in own if not name.isdigit()}
        terms = [name for name, _ in own if name.isdigit()]
        assert len(terms) == len(definitions) == 5
        for number in terms:
            letter = re.search(r"<b>(\w+)</b>", solved[number])[1]  # type: ignore[index]
            entry = sheet.entries[int(number) - 1]
            definition = entry.item.fields["definition"]
            assert isinstance(definition, Text)
            assert bare(sheet.blocks(definition)) == bare(definitions[letter])


def test_the_seed_stands_on_both(planted: Request) -> None:
    for sheet in (Quiz, Key):
        for request, expected in ((planted, seed(planted)), (asking(planted, seed="0815"), "0815")):
            html = page(sheet(request))
            assert re.search(rf'data-foot="[^"]*Order {expected} ', html)
            assert f"“Order {expected}”" in html


def test_the_key_names_the_places_in_the_text_and_the_sheet_does_not(planted: Request) -> None:
    for part, place in zip(sections(page(Key(planted))), ("[town 1]", "[nettles 1]"), strict=False):
        assert place in part.lower()
    assert 'class="s"' not in page(Quiz(planted))


# What is drawn, and in which order ----------------------------------------------------


def pairs(request: Request) -> list[list[str]]:
    """The items of each block in the order of their letters."""
    known = letters(request.language.tag, 9)
    return [
        [pair.entry.item.id for pair in sorted(block, key=lambda pair: known.index(pair.letter))]
        for block in Quiz(request).blocks_of_pairs
    ]


@pytest.mark.parametrize("tag", LANGUAGES[1:])
def test_the_order_is_the_same_in_every_language(tag: str) -> None:
    original, other = shipped("de"), shipped(tag)
    assert [item.id for items in tasks(other).values() for item in items] == [
        item.id for items in tasks(original).values() for item in items
    ]
    assert pairs(other) == pairs(original)


def test_another_seed_is_another_sheet() -> None:
    request = shipped("de")
    ids = {number: [e.item.id for e in Quiz(asking(request, seed=number)).entries] for number in ("1", "2")}
    assert ids["1"] != ids["2"]
    assert set(ids["1"]) != set(ids["2"]), "other questions are drawn"
    assert pairs(asking(request, seed="1")) != pairs(asking(request, seed="2"))


def test_the_order_hangs_on_the_first_ids_alone(planted: Request) -> None:
    deck = planted.deck
    moved = replace(deck, items=tuple(reversed(deck.items)))
    renamed = replace(
        deck, items=tuple(replace(item, id=f"new-{item.id}", former=(item.id,)) for item in deck.items)
    )
    expected = [entry.item.id for entry in Quiz(planted).entries]
    assert [entry.item.id for entry in Quiz(replace(planted, deck=moved)).entries] == expected
    assert [entry.item.id for entry in Quiz(replace(planted, deck=renamed)).entries] == [
        f"new-{each}" for each in expected
    ]
    assert [list(map("new-{}".format, ids)) for ids in pairs(planted)] == pairs(
        replace(planted, deck=renamed)
    )


def test_a_new_item_leaves_the_others_in_their_order(garden_request: Request, planted: Request) -> None:
    before = [entry.item.id for entry in Quiz(planted).entries]
    after = [entry.item.id for entry in Quiz(with_terms(garden_request, 8)).entries]
    assert len(after) == len(before) + 3
    assert [each for each in after if each in before] == before


def test_a_deck_has_a_seed_of_its_own(planted: Request) -> None:
    other = replace(planted, deck=replace(planted.deck, id="another"))
    assert re.fullmatch("[1-9][0-9]{3}", seed(planted))
    assert seed(other) != seed(planted)
    assert seed(replace(planted, deck=replace(planted.deck, title="Another"))) == seed(planted)


def test_so_many_are_drawn_as_the_deck_says() -> None:
    counts = {part: len(items) for part, items in tasks(shipped("de")).items()}
    assert counts == dict(zip(PARTS, (17, 17, 10, 15), strict=True)), "20, 20, 10 and 15 unless told"
    few = asking(shipped("de"), choices=2, gaps=0, questions=None, terms=7)
    assert [len(items) for items in tasks(few).values()] == [2, 0, 44, 7]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (3, [3]),
        (4, [4]),
        (5, [5]),
        (8, [8]),
        (9, [9]),
        (10, [5, 5]),
        (13, [7, 6]),
        (18, [6, 6, 6]),
        (40, [5] * 8),
    ],
)
def test_pairs_stand_in_blocks_of_about_one_size(
    garden_request: Request, count: int, expected: list[int]
) -> None:
    request = asking(with_terms(garden_request, count - 1), terms=None)
    assert [len(block) for block in Quiz(request).blocks_of_pairs] == expected


# Decks with little to ask -------------------------------------------------------------


def only(request: Request, *kinds: str) -> Request:
    items = tuple(item for item in request.deck.items if item.kind in kinds)
    return replace(request, deck=replace(request.deck, items=items))


@pytest.mark.parametrize("kind", ["choice", "cloze", "question", "term"])
def test_what_a_deck_has_none_of_is_left_out(planted: Request, kind: str) -> None:
    for sheet in (Quiz, Key):
        html = page(sheet(only(planted, kind)))
        assert len(sections(html)) == 1
        assert html.count("<h2") == 2, "and the imprint"


@pytest.mark.parametrize("kinds", [(), ("position", "discussion")])
def test_a_deck_with_nothing_to_ask_has_no_file(planted: Request, kinds: tuple[str, ...]) -> None:
    for backend, name in ((QuizBackend(), ".quiz.pdf"), (QuizKeyBackend(), ".quiz-key.pdf")):
        assert backend.suffix(only(planted, *kinds)) == ""
        assert backend.suffix(planted) == name
        large = replace(planted, paper=Paper(large=True))
        assert backend.suffix(large) == name.replace(".pdf", ".large.pdf")


def test_two_terms_would_solve_each_other(garden_request: Request) -> None:
    two, three = (only(with_terms(garden_request, count), "term") for count in (1, 2))
    assert QuizBackend().suffix(two) == ""
    assert QuizBackend().suffix(three) == ".quiz.pdf"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("No.", 2), ("x" * 90, 2), ("x" * 91, 3), ("x" * 136, 4), ("x" * 900, 4), ("", 2)],
)
def test_an_answer_has_lines_by_its_length(answer: str, expected: int) -> None:
    assert lines(answer) == expected
    assert lines(Text(f"**{answer}**" if answer else "", SPAN)) == expected


# The page -----------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", [Quiz, Key])
def test_headings_never_skip_a_level(sheet: type[Quiz], planted: Request) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page(sheet(planted)))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_is_to_be_written_in_can_be_read_out(planted: Request) -> None:
    for part in sections(page(Quiz(planted)))[1:]:
        for _, task in numbered(part):
            if "<bdi>" not in task and "Meaning" not in task and "group uses" not in task:
                assert "____" in task


@pytest.mark.parametrize("paper", [Paper(size, large) for size in PaperSize for large in (False, True)])
def test_a_print_or_a_paper_changes_the_style_alone(planted: Request, paper: Paper) -> None:
    for sheet in (Quiz, Key):
        one, other = page(sheet(replace(planted, paper=paper))), page(sheet(planted))
        foot = re.compile(r' data-foot="[^"]*"')  # that of a large page is short
        assert foot.sub("", one) == foot.sub("", other)
    style = Quiz(replace(planted, paper=paper)).page().value
    assert f"size: {paper.size.mm[0]}mm {paper.size.mm[1]}mm" in style
    assert f"html {{ font: {18 if paper.large else 10}pt" in style


def test_a_draft_marks_what_is_not_current(planted: Request) -> None:
    draft = replace(translated(planted, "de", (State.STALE,)), draft=True)
    html = page(Quiz(draft))
    assert html.count("Übersetzung veraltet") == len(Quiz(draft).entries)
    assert "veraltet" not in page(Quiz(replace(draft, draft=False)))


def test_what_is_not_translated_is_in_its_own_language(planted: Request) -> None:
    arabic = translated(planted, states=(State.SOURCE,))
    html = page(Quiz(arabic))
    assert html.count('<div lang="en" dir="ltr">') == 4, "a choice, a gap text and two questions"
    assert html.count('<div class="pair" lang="en" dir="ltr">') == 12


@settings(deadline=None, max_examples=40)
@given(words=ANY, cloze=CLOZE)
def test_nothing_in_a_field_can_break_the_pages(words: list[str], cloze: str) -> None:
    request = with_words(with_terms(any_request(), 5), words, cloze)
    for sheet in (Quiz, Key):
        whole(sheet(request).page().value)
