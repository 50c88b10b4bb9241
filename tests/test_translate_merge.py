"""``sync``: the table of cases, from unchanged to new."""

from __future__ import annotations

from translated import (
    LATER,
    SHOP,
    SHOP_FR,
    changed_lines,
    choice,
    dead,
    deck,
    finished,
    live,
    question,
    shop,
    state,
    sync,
    translate,
)

from deckgen.translate.merge import Since, since


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
