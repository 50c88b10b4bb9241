"""Which texts a translator sees, under which names, and what stands beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from translated import KINDS, SMALL, choice, deck, item, question

from deckgen.diagnostics import Span
from deckgen.model import Deck, Evening, Section, Text
from deckgen.pipeline import Loaded, Workspace
from deckgen.translate.messages import Context, Message, glossary, messages


def named(of: Deck) -> dict[str, Message]:
    found = list(messages(of, KINDS))
    by_name = {message.ctxt: message for message in found}
    assert len(by_name) == len(found), "names are given once"
    return by_name


def lines(of: Deck, name: str) -> list[str]:
    return list(Context(of, KINDS, messages(of, KINDS)).lines(named(of)[name]))


def terms(of: Deck, name: str) -> list[str]:
    """The items of the terms that stand in a text."""
    known = glossary((message, message.text) for message in messages(of, KINDS))
    message = named(of)[name]
    found = known.found(message.text, of.language)
    return [item for term in found for item in term.items if message.item not in term.items]


def test_the_names_of_a_whole_deck_in_the_order_of_its_files() -> None:
    assert list(named(SMALL)) == [
        "@deck.title",
        "@essay.title",
        "@section.nettles.title",
        "@section.town.title",
        "nettles.question",
        "nettles.answer",
        "town-plan.question",
        "town-plan.answer",
    ]


def test_the_aims_of_an_evening_are_numbered_texts_of_the_deck() -> None:
    span = Span("deck.yaml", 9, 5, 9, 20)
    of = replace(SMALL, evening=Evening(aims=(Text("To listen.", span), Text("To decide.", span))))
    aims = [message for name, message in named(of).items() if name.startswith("@deck.aims.")]
    assert [(one.ctxt, one.text, one.file, one.span, one.item) for one in aims] == [
        ("@deck.aims.1", "To listen.", "deck.yaml", span, ""),
        ("@deck.aims.2", "To decide.", "deck.yaml", span, ""),
    ]


def test_each_text_of_each_kind_has_a_message(garden: Loaded, workspace: Workspace) -> None:
    assert garden.deck is not None
    found = named(garden.deck)
    texts = {
        f"{one.id}.{path}": text
        for one in garden.deck.items
        for path, text in one.texts()
        if path != "when"  # a word that nobody translates
    }
    assert len(workspace.kinds) == len({one.kind for one in garden.deck.items})
    assert {name: message.text for name, message in found.items() if message.item} == {
        name: text.value for name, text in texts.items()
    }
    assert all(found[name].span == text.span for name, text in texts.items())
    assert found["close-garden.views.1.who"].path == "views.1.who"


def test_a_section_s_short_name_is_a_text_of_its_own_where_it_differs() -> None:
    first, second = SMALL.essay.sections
    sections: tuple[Section, ...] = (replace(first, short="Nettles"), second)
    of = replace(SMALL, essay=replace(SMALL.essay, sections=sections))
    assert "@section.nettles.short" in named(of)
    assert "@section.town.short" not in named(of)


def test_a_message_knows_its_file_and_whether_a_card_needs_it() -> None:
    found = named(deck(question("shop", hint="Less.")))
    assert found["shop.answer"].file == "items/10-nettles.yaml"
    assert (found["shop.answer"].required, found["shop.hint"].required) == (True, False)
    assert found["@deck.title"].file == "deck.yaml"
    assert found["@essay.title"].file == "essay.yaml"


@pytest.mark.parametrize(
    ("kind", "path", "name", "kind_of_text"),
    [
        ("question", "answer", "answer", "text"),
        ("choice", "wrong.2", "wrong", "line"),
        ("cloze", "text", "text", "cloze"),
        ("discussion", "views.1.who", "who", "line"),
    ],
)
def test_the_field_of_a_path(kind: str, path: str, name: str, kind_of_text: str) -> None:
    spec = KINDS[kind].at(path)
    assert (spec.name, spec.type) == (name, kind_of_text)


# What stands beside a text ------------------------------------------------------------


def test_beside_a_text_stand_its_kind_the_rest_of_its_card_and_its_source() -> None:
    of = deck(question("shop", "What does\n\nit cost?", "A penny.", hint="Less."))
    assert lines(of, "shop.answer") == [
        "Question: answer",
        "question: What does it cost?",
        "hint: Less.",
        "source: nettles 1",
    ]
    assert lines(of, "@deck.title") == []


def test_long_texts_are_cut_there() -> None:
    beside = lines(deck(question("shop", "word " * 100)), "shop.answer")[1]
    assert len(beside) == len("question: ") + 160
    assert beside.endswith("word…")


def test_of_a_card_with_many_texts_only_what_is_near_stands_there() -> None:
    pairs = [{"who": f"w{number}", "view": f"v{number}"} for number in range(4)]
    of = deck(item("talk", "discussion", question="Q?", prompts=("p",), views=pairs))
    assert lines(of, "talk.views.2.who") == [
        "Discussion: views.2.who",
        "question: Q?",
        "views.2.view: v1",
        "source: nettles 1",
    ]
    short = deck(choice("quiz", "a", "b"))
    assert "wrong.2: b" in lines(short, "quiz.question")


# The glossary -------------------------------------------------------------------------

COMMONS = item("commons", "term", term="Commons", definition="Land of the commons.")
OPEN = item("open", "term", term="open workshop", definition="A room.")
SMART = item("smart", "term", term="*Smart* City", definition="A city.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who owns the commons?", ["commons"]),
        ("COMMONS and commons", ["commons"]),
        ("Uncommon things, commotion", []),
        ("The smart city", ["smart"]),
        ("The city is smart", []),
        ("Smart Cities", []),
        ("An open workshop, and open workshops", ["open"]),
        ("An open workshopkeeper", []),
        ("Commons in a smart city.", ["commons", "smart"]),
        ("", []),
    ],
)
def test_terms_are_found_in_a_text(text: str, expected: list[str]) -> None:
    of = deck(COMMONS, SMART, OPEN, question("shop", text or "Nothing?"))
    assert terms(of, "shop.question") == expected


def test_a_term_is_found_with_another_ending() -> None:
    of = deck(item("garden", "term", term="Garden", definition="d"), question("q", "Who has gardens?"))
    assert terms(of, "q.question") == ["garden"]


def test_a_term_is_not_told_beside_its_own_item() -> None:
    assert terms(deck(COMMONS), "commons.definition") == []
