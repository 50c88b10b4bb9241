"""``sync``: the entries of a list follow their words."""

from __future__ import annotations

import pytest
from translated import QUIZ, begun, choice, dead, deck, finished, item, live, state, sync, translate

from deckgen.model import Deck
from deckgen.translate.merge import home


def wrong(text: str, former: str = "quiz") -> list[tuple[str, str, str | None]]:
    """The wrong answers: what they say, what was translated for them, and that again if it is flagged."""
    entries = [entry for name, entry in live(text).items() if ".wrong." in name]
    assert all(not e.msgstr or e.msgstr.startswith(f"{former}.wrong") for e in entries)
    return [(e.msgid, e.msgstr.rpartition(": ")[2], state(text, e.msgctxt)[1]) for e in entries]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("n a b c", [("n", "", None), ("a", "a", None), ("b", "b", None), ("c", "c", None)]),
        ("a b n c", [("a", "a", None), ("b", "b", None), ("n", "", None), ("c", "c", None)]),
        ("b c", [("b", "b", None), ("c", "c", None)]),
        ("a c", [("a", "a", None), ("c", "c", None)]),
        ("a B c", [("a", "a", None), ("B", "b", "b"), ("c", "c", None)]),
        ("b a c", [("b", "b", None), ("a", "a", None), ("c", "c", None)]),
        ("c b a", [("c", "c", None), ("b", "b", None), ("a", "a", None)]),
        ("n b a", [("n", "", None), ("b", "b", None), ("a", "a", None)]),
    ],
    ids=["at the top", "inside", "first removed", "second removed", "edited", "swapped", "turned", "all"],
)
def test_the_entries_of_a_list_follow_their_words(
    after: str, expected: list[tuple[str, str, str | None]]
) -> None:
    merged = sync(QUIZ, deck(choice("quiz", *after.split())))
    if after == "n b a":  # c is gone, and its place is a's: n stands where a stood
        assert {name for name, *_ in wrong(merged.text)} == {"n", "b", "a"}
        assert ("quiz.wrong.3", "c", "quiz.wrong.3: c") in dead(merged.text)
    assert wrong(merged.text) == expected


def test_an_entry_that_was_removed_returns_with_its_words_wherever_it_stands() -> None:
    text = sync(QUIZ, deck(choice("quiz", "a", "c"))).text
    assert dead(text) == [("quiz.wrong.2", "b", "quiz.wrong.2: b")]
    text = sync(text, deck(choice("quiz", "b", "a", "c"))).text
    assert wrong(text) == [("b", "b", None), ("a", "a", None), ("c", "c", None)]
    assert dead(text) == []


def test_removed_one_after_the_other_all_are_kept() -> None:
    text = finished(deck(choice("quiz", "a", "b", "c", "d")))
    text = sync(text, deck(choice("quiz", "a", "c", "d"))).text
    text = sync(text, deck(choice("quiz", "a", "d"))).text
    assert {(msgid, msgstr) for _, msgid, msgstr in dead(text)} == {
        ("b", "quiz.wrong.2: b"),
        ("c", "quiz.wrong.3: c"),
    }
    text = sync(text, deck(choice("quiz", "a", "b", "c", "d"))).text
    assert [words for _, words, _ in wrong(text)] == ["a", "b", "c", "d"]


def test_other_words_do_not_get_the_translation_of_what_was_removed() -> None:
    text = sync(QUIZ, deck(choice("quiz", "a", "b"))).text
    text = sync(text, deck(choice("quiz", "a", "b", "x"))).text
    assert wrong(text)[2] == ("x", "", None)


def test_lists_of_two_cards_keep_to_themselves() -> None:
    text = finished(deck(choice("one", "a", "b"), choice("two", "c", "d")))
    text = sync(text, deck(choice("one", "c", "d"), choice("two", "a", "b"))).text
    assert all(
        entry.msgstr.startswith(name.split(".")[0]) for name, entry in live(text).items() if "." in name
    )


def test_a_renamed_card_takes_its_list_along_in_another_order() -> None:
    text = sync(QUIZ, deck(choice("riddle", "c", "n", "a", former="quiz"))).text
    assert wrong(text) == [("c", "c", None), ("n", "b", "b"), ("a", "a", None)]


def views(*pairs: str) -> Deck:
    entries = [dict(zip(("who", "view"), pair.split(":"), strict=True)) for pair in pairs]
    return deck(item("talk", "discussion", question="Q?", prompts=("p",), views=entries))


def test_records_follow_their_words_part_by_part() -> None:
    text = translate(begun(views("A:x", "B:y")))
    text = sync(text, views("N:z", "B:y", "A:w")).text
    found = {name: state(text, name) for name in live(text) if ".views." in name}
    assert found == {
        "talk.views.1.who": ("", None),
        "talk.views.1.view": ("", None),
        "talk.views.2.who": ("talk.views.2.who: B", None),
        "talk.views.2.view": ("talk.views.2.view: y", None),
        "talk.views.3.who": ("talk.views.1.who: A", None),
        "talk.views.3.view": ("talk.views.1.view: x", "x"),
    }


@pytest.mark.parametrize(
    ("name", "lasting"),
    [
        ("a.answer", "a.answer"),
        ("a.wrong.2", "a.wrong.."),
        ("a.views.1.who", "a.views..who"),
        ("@section.a.title", "@section.a.title"),
        ("", ""),
    ],
)
def test_a_place_in_a_list_is_no_part_of_what_lasts(name: str, lasting: str) -> None:
    assert home(name) == lasting
