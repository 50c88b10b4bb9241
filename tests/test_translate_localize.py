"""A deck in another language, decided card by card."""

from __future__ import annotations

from dataclasses import replace

import pytest
from translated import (
    SMALL,
    begun,
    choice,
    deck,
    finished,
    item,
    live,
    localized,
    question,
    sync,
    translate,
)

from deckgen.model import Deck, Evening, Freshness, Policy, State, Text
from deckgen.translate.localize import Standing, tally

TWO = deck(question("shop", "What does it cost?", "A penny."), question("street", hint="Left."))
FRENCH = finished(TWO)
EDITED = deck(question("shop", "What is its price?", "Two pence."), question("street", hint="Left."))


def texts(of: Deck) -> dict[str, dict[str, str]]:
    return {one.id: {path: text.value for path, text in one.texts()} for one in of.items}


def without(text: str, *names: str) -> str:
    return translate(text, *names, how=lambda _: "")


# Standings ----------------------------------------------------------------------------


def standings(text: str, of: Deck) -> dict[str, str]:
    return {name: str(card.standing) for name, card in localized(text, of).cards.items()}


@pytest.mark.parametrize("synced", [True, False], ids=["synced", "not synced"])
@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (TWO, "current"),
        (EDITED, "stale"),
        (deck(question("shop", "What does it cost?", "Two pence."), TWO.items[1]), "stale"),
        (deck(question("shop", "What does it cost?", "A penny.", hint="New."), TWO.items[1]), "stale"),
    ],
    ids=["unchanged", "both changed", "answer changed", "hint added"],
)
def test_a_card_stands_to_its_source_as_it_is_now(of: Deck, expected: str, synced: bool) -> None:
    """Whether or not anybody has run ``sync`` since: nothing is silently stale."""
    text = sync(FRENCH, of).text if synced else FRENCH
    assert standings(text, of) == {"shop": expected, "street": "current"}


def test_a_card_that_lacks_what_it_needs_is_missing() -> None:
    assert standings(begun(TWO), TWO) == {"shop": "missing", "street": "missing"}
    assert standings(without(FRENCH, "shop.answer"), TWO)["shop"] == "missing"
    assert standings(FRENCH, deck(*TWO.items, question("new")))["new"] == "missing"


def test_a_card_without_what_it_can_do_without_is_built_and_not_current() -> None:
    text = without(FRENCH, "street.hint")
    assert standings(text, TWO)["street"] == "stale"
    assert texts(localized(text, TWO).built(Policy.KEEP_OLD))["street"] == {
        "question": "street.question: street?",
        "answer": "street.answer: street!",
    }


def test_a_source_that_changed_back_is_current_without_a_sync() -> None:
    assert standings(sync(FRENCH, EDITED).text, TWO)["shop"] == "current"


def test_a_text_in_doubt_is_stale() -> None:
    text = FRENCH.replace('msgctxt "shop.answer"', '#, fuzzy\nmsgctxt "shop.answer"')
    assert standings(text, TWO)["shop"] == "stale"


# Policies -----------------------------------------------------------------------------

NEW = deck(*EDITED.items, question("fair"), question("fence"), question("gate"))


@pytest.fixture
def all_standings() -> str:
    """Shop is mixed, street current, fair stale, fence missing, gate failed (see the test)."""
    before = deck(*TWO.items, question("fair", "fair?", "old"), question("fence"), question("gate"))
    text = sync(finished(before), NEW).text
    return without(translate(text, "shop.question"), "fence.answer")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy.KEEP_OLD, {"street": State.CURRENT, "fair": State.STALE}),
        (Policy.SKIP, {"street": State.CURRENT}),
        (
            Policy.SOURCE,
            {
                "shop": State.SOURCE,
                "street": State.CURRENT,
                "fair": State.SOURCE,
                "fence": State.SOURCE,
                "gate": State.SOURCE,
            },
        ),
    ],
)
def test_what_is_built_of_each_standing(
    all_standings: str, policy: Policy, expected: dict[str, State]
) -> None:
    found = localized(all_standings, NEW).failing(frozenset({"gate.answer", "fence.question"}))
    assert {name: card.standing for name, card in found.cards.items()} == {
        "shop": Standing.MIXED,
        "street": Standing.CURRENT,
        "fair": Standing.STALE,
        "fence": Standing.MISSING,
        "gate": Standing.FAILED,
    }
    built = found.built(policy)
    assert {one.id: one.state for one in built.items} == expected
    assert built.freshness == Freshness(1, 5)
    assert (built.language, built.source) == ("fr", "en")
    if policy is Policy.KEEP_OLD:
        assert texts(built)["fair"] == {"question": "fair.question: fair?", "answer": "fair.answer: old"}
    if policy is Policy.SOURCE:
        assert texts(built)["shop"] == {"question": "What is its price?", "answer": "Two pence."}


def test_messages_are_counted_by_their_standing(all_standings: str) -> None:
    found = localized(all_standings, NEW).failing(frozenset({"gate.answer", "@deck.title"}))
    counted = tally(found)
    assert counted == {
        Standing.CURRENT: 3 + 1 + 3 + 1 + 1,  # general, shop, street, fair, fence
        Standing.STALE: 2,
        Standing.MISSING: 1,
        Standing.FAILED: 3,
    }
    assert sum(counted.values()) == len(found.told)


def test_the_order_of_the_cards_is_that_of_the_source() -> None:
    of = deck(*reversed(TWO.items))
    assert [one.id for one in localized(FRENCH, of).built(Policy.KEEP_OLD).items] == ["street", "shop"]


# Lists --------------------------------------------------------------------------------

QUIZ = deck(choice("quiz", "a", "b", "c"))


def test_an_entry_of_a_list_that_is_not_translated_is_left_out_while_enough_are_there() -> None:
    text = without(finished(QUIZ), "quiz.wrong.2")
    found = localized(text, QUIZ)
    assert found.cards["quiz"].standing is Standing.STALE
    wrong = found.built(Policy.KEEP_OLD).items[0].fields["wrong"]
    assert [text.value for text in wrong if isinstance(text, Text)] == ["quiz.wrong.1: a", "quiz.wrong.3: c"]
    assert localized(without(text, "quiz.wrong.1"), QUIZ).cards["quiz"].standing is Standing.MISSING


def test_a_record_is_whole_or_not_there() -> None:
    views = [{"who": f"w{number}", "view": f"v{number}"} for number in range(3)]
    of = deck(item("talk", "discussion", question="Q?", prompts=("p",), views=views))
    found = localized(without(finished(of), "talk.views.2.view"), of)
    built = found.built(Policy.KEEP_OLD)
    assert [path for path in texts(built)["talk"] if path.startswith("views")] == [
        "views.1.who",
        "views.1.view",
        "views.2.who",
        "views.2.view",
    ]
    assert texts(built)["talk"]["views.2.who"] == "talk.views.3.who: w2"


# The deck's own texts -----------------------------------------------------------------


def test_the_deck_s_own_texts_are_translated() -> None:
    of = replace(
        SMALL, description="About it.", standpoint="Ours.", essay=replace(SMALL.essay, subtitle="Sub")
    )
    built = localized(finished(of), of).built(Policy.KEEP_OLD)
    assert built.title == "@deck.title: Who decides about the garden?"
    assert (built.description, built.standpoint) == (
        "@deck.description: About it.",
        "@deck.standpoint: Ours.",
    )
    assert built.essay.title == "The garden", "the essay keeps its own"
    assert built.essay.translated == ("@essay.title: The garden", "@essay.subtitle: Sub")
    assert [section.title for section in built.essay.sections] == [
        "@section.nettles.title: Nettles and spades",
        "@section.town.title: What the town wants",
    ]
    assert all(section.short == section.title for section in built.essay.sections)
    assert built.spans["title"].file.endswith("fr.po")


def test_what_of_them_is_empty_or_failed_stays_in_the_source_s_language() -> None:
    of = replace(SMALL, description="About it.", essay=replace(SMALL.essay, subtitle="Sub"))
    text = without(finished(of), "@deck.title", "@essay.title", "@section.town.title")
    built = localized(text, of).failing(frozenset({"@deck.description"})).built(Policy.KEEP_OLD)
    assert (built.title, built.description) == (of.title, of.description)
    assert built.essay.translated == (), "a subtitle alone is none"
    assert built.essay.sections[1].title == "What the town wants"


def test_the_aims_of_an_evening_are_translated_one_by_one() -> None:
    aims = tuple(Text(text, SMALL.span) for text in ("To listen.", "To decide."))
    of = replace(SMALL, evening=Evening(minutes=60, aims=aims))
    built = localized(without(finished(of), "@deck.aims.2"), of).built(Policy.KEEP_OLD)
    assert [aim.value for aim in built.evening.aims] == ["@deck.aims.1: To listen.", "To decide."]
    assert built.evening.aims[0].span.file.endswith(".po")
    assert built.evening.minutes == 60


def test_the_translated_title_of_an_essay_without_a_subtitle_is_alone() -> None:
    assert SMALL.essay.subtitle == ""
    built = localized(finished(SMALL), SMALL).built(Policy.KEEP_OLD)
    assert built.essay.translated == ("@essay.title: The garden",)


def test_an_essay_without_a_subtitle_and_a_catalogue_without_a_word() -> None:
    built = localized(begun(SMALL), SMALL).built(Policy.SOURCE)
    assert (built.title, built.essay.translated) == (SMALL.title, ())
    assert len(built.items) == 2


def test_an_item_keeps_all_but_its_words() -> None:
    of = deck(replace(question("shop", former="old"), tags=("x",)))
    card = localized(finished(of), of).built(Policy.KEEP_OLD).items[0]
    assert replace(card, fields=of.items[0].fields) == of.items[0]
    assert card.origin == "old"


def test_words_stand_at_their_place_in_the_catalogue() -> None:
    card = localized(FRENCH, TWO).built(Policy.KEEP_OLD).items[0]
    text = card.fields["answer"]
    assert isinstance(text, Text)
    line = FRENCH.split("\n")[text.span.line - 1]
    assert line[text.span.column - 1 : text.span.end_column - 1] == "shop.answer: A penny."


def test_spaces_around_a_translation_are_not_built() -> None:
    text = translate(FRENCH, "shop.answer", how=lambda _: " Un sou.\n")
    assert texts(localized(text, TWO).built(Policy.KEEP_OLD))["shop"]["answer"] == "Un sou."
    assert live(text)["shop.answer"].msgstr == " Un sou.\n"
