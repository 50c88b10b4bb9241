"""``sync``: what is stale together, and cards of which half was renewed."""

from __future__ import annotations

import pytest
from translated import (
    LATER,
    QUIZ,
    RENEWED,
    SHOP_FR,
    choice,
    deck,
    finished,
    live,
    question,
    shop,
    standing,
    state,
    sync,
    translate,
)

from deckgen.translate.catalogue import Entry
from deckgen.translate.localize import Standing
from deckgen.translate.merge import Since, since


def test_what_changed_together_names_each_other() -> None:
    assert since(live(RENEWED)["shop.question"]) == Since("stale", "2025-06-15", ("answer",))
    assert since(live(RENEWED)["shop.answer"]) == Since("stale", "2025-06-15", ("question",))
    assert standing(RENEWED, shop("What is its price?", "Two pence."), "shop") is Standing.STALE


def test_a_card_is_mixed_when_one_text_was_renewed_and_another_not() -> None:
    now = shop("What is its price?", "Two pence.")
    text = translate(RENEWED, "shop.question")
    assert standing(text, now, "shop") is Standing.MIXED
    synced = sync(text, now).text
    assert standing(synced, now, "shop") is Standing.MIXED
    assert standing(translate(synced), now, "shop") is Standing.CURRENT
    assert sync(translate(synced), now).text == finished(now)


def test_what_changed_alone_goes_with_the_texts_that_did_not() -> None:
    now = shop(answer="Two pence.")
    assert standing(sync(SHOP_FR, now).text, now, "shop") is Standing.STALE


def test_a_mixed_card_stays_so_whatever_is_edited_next() -> None:
    text = translate(RENEWED, "shop.question")
    for question_, answer in (
        ("And its price?", "Two pence."),  # the one that was renewed
        ("What is its price?", "Four pence."),
        ("What does it cost?", "A penny."),  # both back to the first
    ):
        now = shop(question_, answer)
        assert standing(text, now, "shop") is Standing.MIXED or answer == "A penny."
        assert standing(sync(text, now).text, now, "shop") is Standing.MIXED


def test_removed_while_mixed_it_is_mixed_when_it_returns() -> None:
    now = shop("What is its price?", "Two pence.")
    gone = sync(translate(RENEWED, "shop.question"), deck(question("street"))).text
    back = sync(gone, now).text
    assert standing(back, now, "shop") is Standing.MIXED
    assert standing(translate(back, "shop.answer"), now, "shop") is Standing.CURRENT


def test_one_that_changed_back_is_no_longer_named() -> None:
    now = shop(answer="Two pence.")
    text = sync(RENEWED, now).text
    assert since(live(text)["shop.answer"]) == Since("stale", "2025-06-15")
    assert state(text, "shop.question")[1] is None
    assert standing(text, now, "shop") is Standing.STALE


def test_a_text_that_was_new_with_it_counts_as_well() -> None:
    """A hint that was written with the new answer does not fit the old one."""
    now = shop(answer="Two pence.", hint="It is more.")
    text = sync(SHOP_FR, now).text
    assert since(live(text)["shop.answer"]) == Since("stale", "2025-06-15", ("hint",))
    assert standing(text, now, "shop") is Standing.STALE
    assert standing(translate(text, "shop.hint"), now, "shop") is Standing.MIXED


def test_places_in_lists_are_named_as_they_are_now() -> None:
    text = sync(QUIZ, deck(choice("quiz", "a", "B", "C"))).text
    text = sync(text, deck(choice("quiz", "n", "a", "B", "C"))).text
    noted = since(live(text)["quiz.wrong.4"])
    assert noted is not None
    assert noted.together == ("wrong.1", "wrong.3")


def test_renewed_and_changed_again_it_is_stale_since_the_second_time() -> None:
    text = translate(sync(SHOP_FR, shop(answer="Two pence.")).text)
    text = sync(text, shop(answer="Three pence."), day=LATER).text
    assert since(live(text)["shop.answer"]) == Since("stale", "2025-07-25")


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("", None),
        ("answer: the price is stale since 2024-01-01", None),
        ("stale since 2024-13-01", None),
        ("stale since yesterday", None),
        ("new since 2024-02-29", Since("new", "2024-02-29")),
        ("a: b\nstale since 2024-01-01\nterm: x = y", Since("stale", "2024-01-01")),
        ("stale since 2024-01-01, together with a, b.1.c", Since("stale", "2024-01-01", ("a", "b.1.c"))),
        ("stale since 2024-01-01, half renewed", Since("stale", "2024-01-01", (), mixed=True)),
        (
            "stale since 2024-01-01, together with a, b, half renewed\nterm: c",
            Since("stale", "2024-01-01", ("a", "b"), mixed=True),
        ),
        ("stale since 2024-01-01, in doubt", Since("stale", "2024-01-01", doubt=True)),
        (
            "stale since 2024-01-01, together with a, in doubt",
            Since("stale", "2024-01-01", ("a",), False, True),
        ),
        (  # a program that breaks lines
            "stale since 2024-01-01, together\nwith a,\nb, half\nrenewed",
            Since("stale", "2024-01-01", ("a", "b"), mixed=True),
        ),
    ],
)
def test_since_when_is_read_from_the_comment(comment: str, expected: Since | None) -> None:
    assert since(Entry(comment=comment)) == expected
    if expected and "\n" not in comment:
        assert str(expected) == comment
