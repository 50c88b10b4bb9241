"""The handout's page: what stands on it, in which order, and that no deck can break it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.backends import Request
from deckgen.backends.handout import HandoutBackend, numbers, page
from deckgen.diagnostics import Span, codes
from deckgen.languages import language
from deckgen.model import Item, Text
from deckgen.words import load_words
from tests.packages import request_for

NOW = 1_750_000_000


@pytest.fixture
def garden_request(workspace_folder: Path) -> Request:
    return request_for(workspace_folder, NOW)


def test_the_page_of_the_garden(garden_request: Request, golden: Callable[[str, str], None]) -> None:
    result = page(garden_request)
    assert result.diagnostics == ()
    golden(
        "handout/garden.html",
        re.sub(r"<style>.*?</style>", "<style>…</style>", result.value, flags=re.DOTALL),
    )


def test_no_path_of_the_machine_stands_on_the_page(garden_request: Request, workspace_folder: Path) -> None:
    html = page(garden_request).value
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
    html = page(garden_request).value
    on_paper = re.findall(r"Make it a park|Give it away|Sell it", html[html.index("What does the town") :])
    assert on_paper[: len(on_card)] == on_card


def test_the_opening_discussion_comes_first_and_the_closing_one_last(garden_request: Request) -> None:
    deck = garden_request.deck
    turned = replace(garden_request, deck=replace(deck, items=tuple(reversed(deck.items))))
    html = page(turned).value
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
    glossary = page(request).value.split('id="glossary"')[1]
    found = re.findall("|".join(names), glossary)
    assert list(dict.fromkeys(found)) == ["Acker", "Ähre", "über", "Ufer", "Zaun"]


def test_a_script_without_its_own_words_still_mirrors(garden_request: Request) -> None:
    arabic = replace(
        garden_request, language=language("ar"), words=load_words("ar", garden_request.path).value
    )
    html = page(arabic).value
    assert '<html lang="ar" dir="rtl">' in html


def test_headings_never_skip_a_level(garden_request: Request) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page(garden_request).value)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_character_that_no_font_has_is_an_error_at_its_text(garden_request: Request) -> None:
    deck = garden_request.deck
    first = deck.items[1]
    span = Span("items/10-nettles.yaml", 9, 9, 9, 12)
    broken = replace(first, fields={**first.fields, "answer": Text("ein 字", span)})
    request = replace(garden_request, deck=replace(deck, items=(broken,)))
    result = HandoutBackend().render(request)
    assert result.value is None
    assert [(found.code, found.span) for found in result.diagnostics] == [(codes.NO_GLYPH, span)]


class _Balance(HTMLParser):
    """Fails where an element is closed that is not the open one."""

    VOID = frozenset({"br", "hr", "img", "meta", "col", "link", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


CLOZE = st.text(st.sampled_from("ab *_`<>&[](){}$|#-\n1.:c\"'\\"), max_size=60).map(
    lambda text: f"x {{{{c1::y}}}} {text}"
)
WORDS = st.text(max_size=60) | st.text(st.sampled_from("ab *_`<>&[](){}$|#-\n1.:\"'\\"), max_size=60)


@settings(deadline=None, max_examples=60)
@given(words=st.lists(WORDS.filter(str.strip), min_size=12, max_size=12), cloze=CLOZE)
def test_nothing_in_a_field_can_break_the_page(words: list[str], cloze: str) -> None:
    request = _any_request()
    left = iter(words * 9)
    span = Span("items/10-nettles.yaml")

    def anew(item: Item) -> Item:
        fields = {}
        for name, value in item.fields.items():
            if name == "when":
                fields[name] = value
            elif item.kind == "cloze" and name == "text":
                fields[name] = Text(cloze, span)
            elif isinstance(value, Text):
                fields[name] = Text(next(left), span)
            else:
                fields[name] = tuple(
                    Text(next(left), span)
                    if isinstance(entry, Text)
                    else {part: Text(next(left), span) for part in entry}
                    for entry in value
                )  # type: ignore[assignment]
        return replace(item, fields=fields)

    deck = replace(
        request.deck,
        items=tuple(anew(item) for item in request.deck.items),
        title=words[0],
        standpoint=words[1],
    )
    html = page(replace(request, deck=deck)).value
    parser = _Balance()
    parser.feed(html)
    assert parser.open == []
    assert not parser.tags & {"script", "iframe", "object", "embed", "form", "input"}


def _any_request() -> Request:
    """The garden straight from the tests' folder: Hypothesis runs many examples in one test."""
    from deckgen import pipeline
    from tests.conftest import HERE

    workspace = pipeline.open_workspace(HERE).value
    deck = pipeline.load(workspace, HERE / "decks" / "garden").deck
    assert deck is not None
    return Request(
        deck, language("en"), workspace.kinds, load_words("en", workspace.path).value, workspace.path, {}
    )
