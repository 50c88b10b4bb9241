"""How well a deck covers its essay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deckgen.coverage import Coverage, Row, coverage
from deckgen.model import Citation, Deck, Item
from deckgen.pipeline import Loaded


@pytest.fixture
def deck(garden: Loaded) -> Deck:
    assert garden.deck is not None
    return garden.deck


def item(deck: Deck, name: str) -> Item:
    return next(each for each in deck.items if each.id == name)


def citing(one: Item, *places: tuple[str, int]) -> Item:
    return replace(one, sources=tuple(Citation(*place, one.span) for place in places))


def test_each_paragraph_has_its_items_by_kind(deck: Deck) -> None:
    assert coverage(deck) == Coverage(
        (
            Row("Nettles", "nettles 1", {"discussion": 1, "question": 1, "term": 1, "cloze": 1}),
            Row("Nettles", "nettles 2", {"question": 1}),
            Row("Town", "town 1", {"term": 1, "choice": 1, "position": 2, "discussion": 1}),
        ),
        {"question": 2, "term": 1, "cloze": 1, "choice": 1, "position": 2, "discussion": 2},
    )


def test_an_item_counts_for_every_paragraph_it_cites_and_once_in_the_deck(deck: Deck) -> None:
    one = citing(item(deck, "factory"), ("nettles", 1), ("nettles", 2), ("town", 1))
    covered = coverage(replace(deck, items=(one,)))
    assert [row.total for row in covered.rows] == [1, 1, 1]
    assert covered.kinds == {"question": 1}
    assert covered.covered == 3


def test_a_paragraph_that_is_cited_twice_by_an_item_counts_once(deck: Deck) -> None:
    one = citing(item(deck, "factory"), ("nettles", 2), ("nettles", 2))
    assert [row.total for row in coverage(replace(deck, items=(one,))).rows] == [0, 1, 0]


def test_paragraphs_of_one_number_in_two_sections_are_two(deck: Deck) -> None:
    one = citing(item(deck, "factory"), ("town", 1))
    assert [row.total for row in coverage(replace(deck, items=(one,))).rows] == [0, 0, 1]


def test_a_paragraph_without_items_is_a_row_of_its_own(deck: Deck) -> None:
    covered = coverage(replace(deck, items=tuple(each for each in deck.items if each.id != "leave")))
    assert covered.rows[1] == Row("Nettles", "nettles 2", {})
    assert covered.rows[1].total == 0
    assert covered.covered == 2


def test_a_deck_without_items_covers_nothing(deck: Deck) -> None:
    covered = coverage(replace(deck, items=()))
    assert [row.paragraph for row in covered.rows] == ["nettles 1", "nettles 2", "town 1"]
    assert (covered.covered, covered.kinds) == (0, {})


def test_the_rows_stand_in_the_order_of_the_text(deck: Deck) -> None:
    turned = replace(deck.essay, sections=deck.essay.sections[::-1])
    rows = coverage(replace(deck, essay=turned, items=deck.items[::-1])).rows
    assert [row.paragraph for row in rows] == ["town 1", "nettles 1", "nettles 2"]
    assert [row.section for row in rows] == ["Town", "Nettles", "Nettles"]
