"""Nodes → Deck: what each file becomes, what is left out, and what is told of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from examples import BASE, Checked, check, outside

from deckgen.collector import uncollected
from deckgen.decoding import MAX_BYTES
from deckgen.diagnostics import MAX_SHOWN, Span
from deckgen.model import Evening, Item, Licence, Policy, PosterSize, Preset, Quiz, Text, Wishes
from deckgen.parse import ACCENT, section_of
from deckgen.pipeline import open_workspace

KINDS = open_workspace(Path(__file__).parent).value.kinds
FILES = {file.relative_to(BASE).as_posix(): file.read_bytes() for file in sorted(BASE.rglob("*.yaml"))}
ITEM = "- id: a\n  question: b\n  answer: c\n  source: nettles 1\n"


def with_items(text: str, name: str = "items/10-nettles.yaml") -> Checked:
    return check(FILES | {name: text.encode()}, KINDS)


def with_file(name: str, old: str, new: str) -> Checked:
    text = FILES[name].decode()
    assert old in text
    return check(FILES | {name: text.replace(old, new).encode()}, KINDS)


def items(checked: Checked) -> dict[str, Item]:
    assert checked.deck is not None
    return {item.id: item for item in checked.deck.items}


def told(checked: Checked) -> list[tuple[str, str, int]]:
    return [(one.code.id, one.span.file, one.span.line) for one in checked.found]


def test_the_small_deck_has_no_findings() -> None:
    assert check(FILES, KINDS).found == ()


# The deck and the essay ---------------------------------------------------------------


@pytest.mark.parametrize("policy", Policy)
def test_a_deck_says_what_is_built_of_stale_cards(policy: Policy) -> None:
    deck = with_file("deck.yaml", "language: en", f"language: en\nstale: {policy}").deck
    assert deck is not None
    assert deck.stale is policy


def test_what_it_cannot_say_of_them_is_told() -> None:
    checked = with_file("deck.yaml", "language: en", "language: en\nstale: sometimes")
    assert told(checked) == [("D109", "deck.yaml", 5)]


def test_a_deck_says_what_its_quiz_asks() -> None:
    lines = "language: en\nquiz: {seed: 0815, choices: all, questions: 0, terms: 7}"
    deck = with_file("deck.yaml", "language: en", lines).deck
    assert deck is not None
    assert deck.quiz == Quiz("0815", choices=None, gaps=20, questions=0, terms=7)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("quiz: 4711", ("D101", "deck.yaml", 5)),
        ("quiz: {seeds: 1}", ("D103", "deck.yaml", 5)),
        ("quiz: {seed: today}", ("D117", "deck.yaml", 5)),
        ("quiz: {seed: 1234567890}", ("D117", "deck.yaml", 5)),
        ("quiz: {terms: -1}", ("D117", "deck.yaml", 5)),
        ("quiz: {terms: many}", ("D117", "deck.yaml", 5)),
        ("quiz: {gaps: 1.5}", ("D117", "deck.yaml", 5)),
    ],
)
def test_what_a_quiz_cannot_ask_is_told(wrong: str, expected: tuple[str, str, int]) -> None:
    assert told(with_file("deck.yaml", "language: en", f"language: en\n{wrong}")) == [expected]


def test_a_deck_has_what_its_file_says_and_defaults_for_the_rest() -> None:
    deck = check(FILES, KINDS).deck
    assert deck is not None
    assert (deck.id, deck.name, deck.language) == ("garden", "Garden", "en")
    assert deck.licence == Licence("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/")
    assert deck.accent == ACCENT
    assert deck.authors == ()
    assert (deck.subtitle, deck.description, deck.standpoint, deck.version, deck.url) == ("",) * 5
    assert deck.studied == tuple(kind.name for kind in KINDS if kind.note_type.studied)
    assert deck.quiz == Quiz()
    assert deck.spans["title"] == Span("deck.yaml", 3, 8, 3, 37)


def test_an_evening_has_its_minutes_and_the_usual_ones_for_the_rest() -> None:
    said = "language: en\nevening:\n  minutes: 120\n  break: 0\n  weights: {town: 2}\n  aims: [To listen.]"
    deck = with_file("deck.yaml", "language: en", said).deck
    assert deck is not None
    aim = Text("To listen.", Span("deck.yaml", 9, 10, 9, 20))
    assert deck.evening == Evening(minutes=120, pause=0, aims=(aim,), weights={"town": 2})
    plain = check(FILES, KINDS).deck
    assert plain is not None
    assert plain.evening == Evening(90, 10, 5, 10)


@pytest.mark.parametrize(
    ("line", "size"), [("", None), ("\nposter: a4", PosterSize.A4), ("\nposter: a3", PosterSize.A3)]
)
def test_a_deck_says_how_large_its_poster_is(line: str, size: PosterSize | None) -> None:
    deck = with_file("deck.yaml", "language: en", f"language: en{line}").deck
    assert deck is not None
    assert deck.poster is size


def test_a_deck_without_an_id_has_its_folders_name() -> None:
    deck = with_file("deck.yaml", "id: garden\n", "").deck
    assert deck is not None
    assert deck.id == "garden"


def test_a_deck_wants_nothing_of_anki_unless_it_says_so() -> None:
    deck = with_file("deck.yaml", "language: en", "language: en").deck
    assert deck is not None
    assert deck.anki == Wishes()
    assert not deck.anki.speech


def test_a_deck_says_what_it_wants_of_anki() -> None:
    wishes = "{reversed: [question], typed: [cloze], speech: yes, preset: {new: 0, bury: no}}"
    deck = with_file("deck.yaml", "language: en", f"language: en\nanki: {wishes}").deck
    assert deck is not None
    assert deck.anki == Wishes(("question",), ("cloze",), True, Preset(0, 200, False))


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ("{reversed: [choice]}", "D109"),
        ("{typed: [position]}", "D109"),
        ("{speech: aloud}", "D109"),
        ("{speach: yes}", "D103"),
        ("{preset: {new: -1}}", "D117"),
        ("{preset: {new: 10000}}", "D117"),
        ("{preset: [10]}", "D101"),
        ("[speech]", "D101"),
    ],
)
def test_what_a_deck_cannot_want_is_told(wishes: str, code: str) -> None:
    checked = with_file("deck.yaml", "language: en", f"language: en\nanki: {wishes}")
    assert [one.code.id for one in checked.found] == [code]


def test_a_deck_studies_the_kinds_that_it_names() -> None:
    deck = with_file("deck.yaml", "language: en\n", "language: en\nstudy: [term, discussion]\n").deck
    assert deck is not None
    assert deck.studied == ("term", "discussion")


def test_an_essay_has_sections_and_numbered_paragraphs() -> None:
    deck = check(FILES, KINDS).deck
    assert deck is not None
    assert deck.essay.authors == ("Nobody Particular",)
    assert [str(paragraph) for paragraph in deck.essay.paragraphs()] == ["nettles 1", "nettles 2", "town 1"]
    assert deck.essay.sections[0].short == deck.essay.sections[0].title == "Nettles and spades"
    paragraph = next(iter(deck.essay.paragraphs()))
    assert (paragraph.length, paragraph.start, paragraph.end) == (58, "78655003", "340aacaf")
    assert paragraph.span.line == 8


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("deck.yaml", "title: ", "titel: "),
        ("deck.yaml", "language: en", "language: english"),
        ("essay.yaml", "length: 58", "length: 0"),
        ("essay.yaml", "sections:", "section:"),
        ("essay.yaml", "title: The garden", "title: The garden: a text"),
    ],
)
def test_a_broken_deck_or_essay_gives_no_deck_and_one_finding(name: str, old: str, new: str) -> None:
    checked = with_file(name, old, new)
    assert checked.deck is None
    assert len(checked.found) == 1
    assert checked.found[0].span.file == name


def test_items_are_looked_at_even_if_the_deck_and_the_essay_are_broken() -> None:
    broken = {"deck.yaml": b"a", "essay.yaml": b"b", "items/10-nettles.yaml": b"- id: a\n"}
    checked = check(FILES | broken, KINDS)
    assert {span_file for _, span_file, _ in told(checked)} == set(broken)


# The items ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("10-nettles.yaml", "nettles"),
        ("010_nettles.yaml", "nettles"),
        ("nettles.yaml", "nettles"),
        ("10-part-2-b.yaml", "part-2-b"),
        ("part-2-b.yaml", "part-2-b"),
    ],
)
def test_a_file_is_named_for_its_section(name: str, section: str) -> None:
    assert section_of(name) == section


def test_an_item_has_its_fields_with_their_places() -> None:
    text = "- id: a\n  question: b *c*\n  answer: |\n    d\n  source: nettles 1\n  tags: [e, f::g]\n"
    item = items(with_items(text))["a"]
    assert item.kind == KINDS[0].name
    assert item.section == "nettles"
    assert item.tags == ("e", "f::g")
    assert item.span == Span("items/10-nettles.yaml", 1, 7, 1, 8)
    assert item.fields["question"] == Text("b *c*", Span("items/10-nettles.yaml", 2, 13, 2, 18))
    assert item.fields["answer"] == Text("d", Span("items/10-nettles.yaml", 3, 11, 5, 1))
    assert "hint" not in item.fields


def test_an_item_cites_one_paragraph_or_several() -> None:
    second = "- id: d\n  question: e\n  answer: c\n  source: [nettles  2, ' town 1']\n"
    found = items(with_items(ITEM + second))
    assert [str(source) for source in found["a"].sources] == ["nettles 1"]
    assert [str(source) for source in found["d"].sources] == ["nettles 2", "town 1"]
    assert found["d"].sources[1].span == Span("items/10-nettles.yaml", 8, 24, 8, 33)


def test_lists_of_texts_and_of_records_are_read() -> None:
    text = (
        "- id: a\n  kind: discussion\n  question: b\n  prompts: [c, d]\n"
        "  views: [{who: e, view: f}, {view: g, who: h}]\n  source: nettles 1\n"
    )
    item = items(with_items(text))["a"]
    assert [(path, text.value) for path, text in item.texts()] == [
        ("question", "b"),
        ("prompts.1", "c"),
        ("prompts.2", "d"),
        ("views.1.who", "e"),
        ("views.1.view", "f"),
        ("views.2.view", "g"),
        ("views.2.who", "h"),
    ]


@pytest.mark.parametrize(
    ("line", "former"),
    [("", ()), ("  renamed_from: old\n", ("old",)), ("  renamed_from: [oldest, old]\n", ("oldest", "old"))],
)
def test_an_item_knows_its_former_ids_the_oldest_first(line: str, former: tuple[str, ...]) -> None:
    checked = with_items(ITEM + line)
    assert checked.found == ()
    item = items(checked)["a"]
    assert item.former == former
    assert item.origin == (former[0] if former else "a")


@pytest.mark.parametrize("value", ["Old", "[]", "[Old]", "{a: b}", "''"])
def test_what_cannot_be_a_former_id_is_told_in_its_line(value: str) -> None:
    assert {line for _, _, line in told(with_items(f"{ITEM}  renamed_from: {value}\n"))} == {5}


def test_an_item_that_does_not_fit_is_left_out_and_the_others_are_read() -> None:
    wrong = "- id: d\n  qestion: e\n  answer: f\n  source: nettles 1\n"
    checked = with_items(ITEM + wrong + ITEM.replace("id: a", "id: g"))
    assert told(checked) == [("D103", "items/10-nettles.yaml", 6), ("D212", "items/10-nettles.yaml", 10)]
    assert [identity for identity in items(checked) if identity != "town-plan"] == ["a", "g"]


def test_an_item_of_an_unknown_kind_is_one_finding() -> None:
    checked = with_items("- id: a\n  kind: riddle\n  riddle: b\n")
    assert told(checked) == [("D104", "items/10-nettles.yaml", 2)]


@pytest.mark.parametrize("text", ["a", "a: b", '""'])
def test_an_item_file_that_is_no_list_is_told_at_its_beginning(text: str) -> None:
    checked = with_items(text)
    assert [(one.span.line, one.span.column) for one in checked.found] == [(1, 1)]
    assert checked.found[0].code.id in ("D101", "D016")


def test_an_empty_list_of_items_is_no_mistake() -> None:
    assert with_items("[]").found == ()


def test_a_file_for_no_section_is_told_and_its_items_are_looked_at() -> None:
    checked = with_items("- id: a\n  answer: b\n", "items/30-twon.yaml")
    assert told(checked) == [("D202", "items/30-twon.yaml", 1), *[("D102", "items/30-twon.yaml", 1)] * 2]
    assert checked.found[0].hint() == "did you mean “10-town.yaml”?"


def test_a_deck_is_only_called_empty_if_nothing_was_left_out() -> None:
    nothing = {"items/10-nettles.yaml": b"[]", "items/20-town.yaml": b"[]"}
    assert [one.code.id for one in check(FILES | nothing, KINDS).found] == ["D205"]
    broken = nothing | {"items/20-town.yaml": b"- id: a"}
    assert [one.code.id for one in check(FILES | broken, KINDS).found] == ["D102"] * 3


def test_of_very_many_wrong_items_the_first_are_told() -> None:
    checked = with_items("- a\n" * 5000)
    assert [one.code.id for one in checked.found] == ["D101"] * MAX_SHOWN + ["D017"]


# Costs --------------------------------------------------------------------------------


def fill(unit: Callable[[int], str]) -> bytes:
    """As many units as there is room for in a file."""
    out, size, number = [], 0, 0
    while size + len(piece := unit(number).encode()) <= MAX_BYTES and number < 5500:
        out.append(piece)
        size, number = size + len(piece), number + 1
    return b"".join(out)


HOSTILE: dict[str, Callable[[int], str]] = {
    "texts for items": lambda _: "- a\n",
    "lists for items": lambda _: "- []\n",
    "empty items": lambda _: "- {a: b}\n",
    "good items": lambda n: f"- {{id: a{n}, question: b {n}, answer: c, source: nettles 1}}\n",
    "one id": lambda n: f"- {{id: a, question: b {n}, answer: c, source: nettles 1}}\n",
    "one question": lambda n: f"- {{id: a{n}, question: b, answer: c, source: nettles 1}}\n",
    "wrong sources": lambda n: f"- {{id: a{n}, question: b {n}, answer: c, source: netles 1}}\n",
    "no sources": lambda n: f"- {{id: a{n}, question: b {n}, answer: c, source: nettles}}\n",
    "wrong ids": lambda n: f"- {{id: A{n}, question: b {n}, answer: c, source: nettles 1}}\n",
    "long ids": lambda n: f"- {{id: {'a-' * 9000}{n}, question: b, answer: c, source: nettles 1}}\n",
    "long sources": lambda n: f"- {{id: a{n}, question: b, answer: c, source: {'a-' * 9000}}}\n",
    "long tags": lambda n: f"- {{id: a{n}, question: b, answer: c, tags: [{'a::' * 6000}], source: d 1}}\n",
    "long kinds": lambda n: f"- {{id: a{n}, kind: {'question' * 2000}}}\n",
    "unknown fields": lambda n: f"  question{n}: a\n" if n else "- id: a\n",
    "unknown kinds": lambda n: f"- {{id: a{n}, kind: b{n}}}\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_item_file_takes_a_second_to_check(name: str) -> None:
    files = FILES | {"items/10-nettles.yaml": fill(HOSTILE[name])}
    with uncollected():  # as decks are read: the tests' own heap is large
        start = time.process_time()
        checked = check(files, KINDS)
        assert time.process_time() - start < 1
    assert outside(checked.found, checked.sources) == []
