"""``sync``: the table of cases, lists, renamed items, and what is stale together."""

from __future__ import annotations

import datetime
from pathlib import Path

import polib
import pytest
from translated import (
    TODAY,
    begun,
    changed_lines,
    choice,
    dead,
    deck,
    finished,
    item,
    live,
    localized,
    msgfmt,
    question,
    state,
    sync,
    translate,
)

from deckgen.model import Deck
from deckgen.translate.catalogue import Entry
from deckgen.translate.localize import Standing
from deckgen.translate.merge import Since, home, since

LATER = TODAY + datetime.timedelta(days=40)
SHOP = deck(question("shop", "What does it cost?", "A penny."))
SHOP_FR = finished(SHOP)


def shop(question_: str = "What does it cost?", answer: str = "A penny.", **more: str) -> Deck:
    return deck(question("shop", question_, answer, **more))


def standing(text: str, of: Deck, name: str) -> Standing:
    return localized(text, of).cards[name].standing


# The table of cases -------------------------------------------------------------------


def test_unchanged_is_kept_to_the_byte() -> None:
    merged = sync(SHOP_FR, SHOP, day=LATER)
    assert merged.text == SHOP_FR
    assert (merged.new, merged.changed, merged.back, merged.removed) == ([], [], [], [])


def test_changed_is_kept_and_flagged_with_the_source_that_was_translated() -> None:
    merged = sync(SHOP_FR, shop(answer="Two pence."))
    assert merged.changed == ["shop.answer"]
    assert state(merged.text, "shop.answer") == ("shop.answer: A penny.", "A penny.")
    assert live(merged.text)["shop.answer"].msgid == "Two pence."
    assert state(merged.text, "shop.question")[1] is None


def test_changed_again_still_names_the_source_that_was_translated() -> None:
    text = sync(SHOP_FR, shop(answer="Two pence.")).text
    merged = sync(text, shop(answer="Three pence."), day=LATER)
    assert state(merged.text, "shop.answer") == ("shop.answer: A penny.", "A penny.")
    assert since(live(merged.text)["shop.answer"]) == Since("stale", "2025-06-15")


def test_changed_back_loses_its_flag_by_itself() -> None:
    text = sync(SHOP_FR, shop(answer="Two pence.")).text
    merged = sync(text, SHOP)
    assert merged.back == ["shop.answer"]
    assert merged.text == SHOP_FR


def test_changed_with_minor_is_not_flagged() -> None:
    merged = sync(SHOP_FR, shop("What does it cost!", "A penny"), "shop.answer")
    assert merged.changed == ["shop.question"]
    assert state(merged.text, "shop.answer") == ("shop.answer: A penny.", None)
    assert live(merged.text)["shop.answer"].msgid == "A penny"


def test_a_minor_change_leaves_the_flag_of_an_earlier_one() -> None:
    text = sync(SHOP_FR, shop(answer="Two pense.")).text
    text = sync(text, shop(answer="Two pence."), "shop.answer").text
    assert state(text, "shop.answer") == ("shop.answer: A penny.", "A penny.")


def test_a_minor_change_that_was_synced_before_is_told_and_stays_flagged() -> None:
    text = sync(SHOP_FR, shop(answer="A peny.")).text
    merged = sync(text, shop(answer="A peny."), "shop.answer", "shop.question")
    assert merged.late == ["shop.answer"]
    assert merged.text == text


def test_renamed_takes_its_translation_along() -> None:
    merged = sync(SHOP_FR, deck(question("store", "What does it cost?", "A penny.", former="shop")))
    assert (merged.new, merged.changed, merged.removed) == ([], [], [])
    assert state(merged.text, "store.answer") == ("shop.answer: A penny.", None)
    assert "shop.answer" not in live(merged.text)


def test_renamed_and_changed_at_once_is_flagged() -> None:
    text = sync(SHOP_FR, deck(question("store", "What does it cost?", "A pound.", former="shop"))).text
    assert state(text, "store.answer") == ("shop.answer: A penny.", "A penny.")


def test_a_chain_of_renames_is_followed_from_any_of_its_ids() -> None:
    last = deck(question("market", "What does it cost?", "A penny.", former="shop store"))
    between = sync(SHOP_FR, deck(question("store", "What does it cost?", "A penny.", former="shop"))).text
    for text in (SHOP_FR, between):
        assert state(sync(text, last).text, "market.answer") == ("shop.answer: A penny.", None)
    back = deck(question("shop", "What does it cost?", "A penny.", former="shop store market"))
    assert sync(sync(between, last).text, back).text == SHOP_FR


def test_a_rename_that_is_told_later_brings_the_translations_back() -> None:
    fields = ("What does it cost?", "A penny.")
    forgotten = sync(SHOP_FR, deck(question("store", *fields), choice("park", "a", "b"))).text
    text = sync(forgotten, deck(question("store", *fields, former="shop"), choice("park", "a", "b"))).text
    assert state(text, "store.answer") == ("shop.answer: A penny.", None)
    assert since(live(text)["store.answer"]) is None
    assert dead(text) == []


def test_a_rename_that_is_told_later_brings_lists_back_and_takes_nothing_that_is_new() -> None:
    before = finished(deck(choice("park", "a", "b")))
    forgotten = translate(sync(before, deck(choice("garden", "a", "b"))).text, "garden.wrong.1")
    text = sync(forgotten, deck(choice("garden", "a", "b", former="park"))).text
    assert state(text, "garden.wrong.1") == ("garden.wrong.1: a", None)
    assert state(text, "garden.wrong.2") == ("park.wrong.2: b", None)
    assert state(text, "garden.right") == ("park.right: yes", None)


def test_removed_becomes_obsolete_and_returned_is_there_again() -> None:
    both = deck(*SHOP.items, question("street"))
    text = finished(both)
    merged = sync(text, SHOP)
    assert merged.removed == ["street.question", "street.answer"]
    assert dead(merged.text) == [
        ("street.answer", "street!", "street.answer: street!"),
        ("street.question", "street?", "street.question: street?"),
    ]
    assert sync(merged.text, both).text == text


def test_returned_under_a_new_id_is_there_again() -> None:
    text = sync(finished(deck(*SHOP.items, question("street"))), SHOP).text
    text = sync(text, deck(*SHOP.items, question("road", "street?", "street!", former="street"))).text
    assert state(text, "road.answer") == ("street.answer: street!", None)
    assert dead(text) == []


def test_what_was_never_translated_is_removed_without_a_trace() -> None:
    text = sync(SHOP_FR, deck(*SHOP.items, question("street"))).text
    assert sync(text, SHOP).text == SHOP_FR


def test_removed_while_stale_keeps_the_pair_that_was_true() -> None:
    text = sync(SHOP_FR, shop(answer="Two pence.")).text
    gone = sync(text, deck(question("street"))).text
    assert ("shop.answer", "A penny.", "shop.answer: A penny.") in dead(gone)
    assert state(sync(gone, SHOP).text, "shop.answer") == ("shop.answer: A penny.", None)
    changed = sync(gone, shop(answer="Two pence.")).text
    assert state(changed, "shop.answer") == ("shop.answer: A penny.", "A penny.")


def test_new_is_empty_and_says_since_when() -> None:
    merged = sync(SHOP_FR, deck(*SHOP.items, question("street")), day=LATER)
    assert merged.new == ["street.question", "street.answer"]
    assert state(merged.text, "street.answer") == ("", None)
    assert since(live(merged.text)["street.answer"]) == Since("new", "2025-07-25")


def test_new_with_words_known_elsewhere_has_a_suggestion_in_a_comment_only() -> None:
    text = sync(SHOP_FR, deck(*SHOP.items, question("fair", "Who pays?", "A penny."))).text
    entry = live(text)["fair.answer"]
    assert entry.msgstr == ""
    assert "suggestion: shop.answer: A penny." in entry.comment
    assert "suggestion" not in live(text)["fair.question"].comment


def test_the_words_that_a_stale_translation_was_of_are_known_too() -> None:
    after = deck(question("shop", "What does it cost?", "Two pence."), question("fair", "Who?", "A penny."))
    assert "suggestion: shop.answer: A penny." in live(sync(SHOP_FR, after).text)["fair.answer"].comment
    after = deck(question("shop", "What does it cost?", "Two pence."), question("fair", "Who?", "Two pence."))
    assert "suggestion" not in live(sync(SHOP_FR, after).text)["fair.answer"].comment


def test_two_cards_with_equal_words_keep_each_its_own_translation() -> None:
    twins = deck(question("one", "Which?", "The same."), question("two", "What?", "The same."))
    text = finished(twins)
    after = deck(question("one", "Which?", "The very same."), question("two", "What?", "The very same."))
    text = sync(text, after).text
    assert state(text, "one.answer") == ("one.answer: The same.", "The same.")
    assert state(text, "two.answer") == ("two.answer: The same.", "The same.")


def test_two_cards_that_exchange_their_words_do_not_exchange_translations() -> None:
    text = finished(deck(question("one", "A?", "a"), question("two", "B?", "b")))
    text = sync(text, deck(question("one", "B?", "b"), question("two", "A?", "a"))).text
    assert state(text, "one.answer") == ("one.answer: a", "a")
    assert state(text, "two.question") == ("two.question: B?", "B?")


def test_the_order_is_that_of_the_deck_and_moving_a_card_changes_nothing_else() -> None:
    one, two = question("one"), question("two")
    text = finished(deck(one, two))
    moved = sync(text, deck(two, one)).text
    assert list(live(moved))[-4:] == ["two.question", "two.answer", "one.question", "one.answer"]
    assert sorted(moved.split("\n")) == sorted(text.split("\n"))


def test_a_card_at_the_top_adds_its_lines_and_no_others() -> None:
    many = [question(f"card-{number}") for number in range(50)]
    text = finished(deck(*many))
    assert changed_lines(text, sync(text, deck(question("top"), *many)).text) == (0, 18)


def test_an_edit_changes_its_entry_and_the_comments_of_its_card() -> None:
    text = sync(SHOP_FR, shop(answer="Two pence.")).text
    # its msgid, and the answer in the question's comment; new are the day, the flag and the source before
    assert changed_lines(SHOP_FR, text) == (2, 5)


# The deck's own texts -----------------------------------------------------------------


def test_the_deck_s_own_texts_are_merged_like_any_other() -> None:
    from dataclasses import replace

    text = sync(SHOP_FR, replace(SHOP, title="What is it?", subtitle="A game")).text
    title = "@deck.title: Who decides about the garden?"
    assert state(text, "@deck.title") == (title, "Who decides about the garden?")
    assert state(text, "@deck.subtitle") == ("", None)
    assert since(live(text)["@deck.title"]) == Since("stale", "2025-06-15")
    assert sync(text, SHOP).text == SHOP_FR


# Lists --------------------------------------------------------------------------------

QUIZ = finished(deck(choice("quiz", "a", "b", "c")))


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


# What is stale together ---------------------------------------------------------------

RENEWED = sync(SHOP_FR, shop("What is its price?", "Two pence.")).text


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


# What translators and their programs do -----------------------------------------------


def test_a_translator_s_comment_and_flags_stay() -> None:
    file = polib.pofile(SHOP_FR)
    entry = next(entry for entry in file if entry.msgctxt == "shop.answer")
    entry.tcomment, entry.flags = "un sou ?\nà voir", ["no-wrap"]
    text = sync(str(file), shop(answer="Two pence.")).text
    entry = live(text)["shop.answer"]
    assert (entry.tcomment, entry.flags) == ("un sou ?\nà voir", ["no-wrap", "fuzzy"])
    assert sync(text, SHOP).text.count("# à voir") == 1


def test_a_text_in_doubt_stays_so_until_the_translator_says_otherwise() -> None:
    file = polib.pofile(SHOP_FR)
    next(entry for entry in file if entry.msgctxt == "shop.answer").flags = ["fuzzy"]
    text = sync(str(file), SHOP).text
    assert live(text)["shop.answer"].fuzzy
    assert standing(text, SHOP, "shop") is Standing.STALE
    assert sync(translate(text), SHOP).text == SHOP_FR


def doubted(text: str, name: str, translation: str = "") -> str:
    """Flag a text as a person does who writes another translation, or none, and is not sure of it."""
    file = polib.pofile(text, wrapwidth=0)
    entry = next(entry for entry in file if entry.msgctxt == name)
    entry.msgstr, entry.flags, entry.previous_msgid = translation or entry.msgstr, ["fuzzy"], None
    return str(file)


def test_a_text_in_doubt_stays_so_when_its_source_changes_and_changes_back() -> None:
    text = sync(doubted(SHOP_FR, "shop.answer"), shop(answer="Two pence.")).text
    assert state(text, "shop.answer") == ("shop.answer: A penny.", "A penny.")
    assert standing(text, SHOP, "shop") is Standing.STALE
    text = sync(text, SHOP).text
    assert live(text)["shop.answer"].fuzzy
    assert standing(text, SHOP, "shop") is Standing.STALE
    assert sync(translate(text), SHOP).text == SHOP_FR


def test_a_text_in_doubt_stays_so_when_its_card_is_removed_and_returns() -> None:
    text = sync(doubted(SHOP_FR, "shop.answer"), shop(answer="Two pence.")).text
    gone = sync(text, deck(question("street"))).text
    assert standing(sync(gone, SHOP).text, SHOP, "shop") is Standing.STALE


def test_a_card_is_mixed_when_one_text_was_replaced_and_is_in_doubt() -> None:
    after = shop("What is its price?", "Two pence.")
    text = doubted(sync(SHOP_FR, after).text, "shop.question", "Quel prix ?")
    assert standing(text, after, "shop") is Standing.MIXED
    text = sync(text, after).text
    assert standing(text, after, "shop") is Standing.MIXED


def test_a_text_that_was_in_doubt_before_is_no_half_of_a_renewal() -> None:
    text = sync(doubted(SHOP_FR, "shop.question"), SHOP).text
    after = shop(answer="Two pence.")
    text = sync(text, after).text
    assert standing(text, after, "shop") is Standing.STALE
    text = translate(text, "shop.answer")
    assert standing(text, after, "shop") is Standing.STALE


def test_a_text_that_was_emptied_is_new_again() -> None:
    text = sync(RENEWED, shop("What is its price?", "Two pence.")).text
    text = translate(text, "shop.answer", how=lambda _: " \n ")
    entry = live(sync(text, shop("What is its price?", "Two pence."), day=LATER).text)["shop.answer"]
    assert (entry.fuzzy, since(entry)) == (False, Since("new", "2025-07-25"))


def test_a_previous_source_without_a_flag_means_nothing() -> None:
    text = SHOP_FR.replace('msgctxt "shop.answer"', '#| msgid "Two pence."\nmsgctxt "shop.answer"')
    assert sync(text, SHOP).text == SHOP_FR
    changed = sync(text, shop(answer="Two pence.")).text
    assert state(changed, "shop.answer") == ("shop.answer: A penny.", "A penny.")


def test_obsolete_entries_of_other_programs_are_kept() -> None:
    nameless = '# moi\n#~ msgid "Nameless"\n#~ msgstr "Sans nom"\n'
    text = f'{SHOP_FR}\n{nameless}\n#~ msgctxt "old.answer"\n#~ msgid "O"\n#~ msgstr "V"\n'
    merged = sync(text, SHOP)
    assert [msgid for _, msgid, _ in dead(merged.text)] == ["Nameless", "O"]
    assert "# moi" in merged.text


def test_long_texts_with_line_feeds_are_broken_there_alone() -> None:
    long = "A very long line of words. " * 20
    now = shop(answer=f'{long.strip()}\n\n- one\n- “two” and "three"\\n')
    text = finished(now)
    assert f'"{long.strip()}\\n"' in text
    assert live(text)["shop.answer"].msgid == now.items[0].fields["answer"].value  # type: ignore[union-attr]


def test_gettext_accepts_what_is_written(tmp_path: Path) -> None:
    rich = deck(
        choice("quiz", "a", "b\n\nc"), question("shop", "What?", 'A "penny" \\\\ of\n\n- two\n- three')
    )
    texts = [begun(rich), finished(rich), RENEWED, translate(RENEWED, "shop.question"), QUIZ]
    texts.append(sync(QUIZ, deck(choice("quiz", "a", "c"))).text)
    texts.append(sync(texts[-1], deck(choice("quiz", "a", "d"))).text)
    texts.append(sync(SHOP_FR, deck(question("street"))).text)
    texts += [begun(rich, tag) for tag in ("ar", "de-simple", "ku-Arab", "ja", "pt-BR", "xx")]
    for text in texts:
        msgfmt(text, tmp_path)


def test_a_term_of_the_glossary_stands_beside_the_texts_that_use_it() -> None:
    commons = item("commons", "term", term="Commons", definition="Land of all.")
    now = deck(commons, question("shop", "Who owns the commons?", "All."))
    text = begun(now)
    assert "term:" not in live(text)["shop.question"].comment, "it is not translated yet"
    text = translate(text, "commons.term", how=lambda _: "communs\nstale since 2001-01-01")
    comment = live(sync(text, now).text)["shop.question"].comment
    assert "term: Commons = communs stale since 2001-01-01" in comment
    assert "term: Commons =" not in live(text)["commons.definition"].comment, "it is its own"
