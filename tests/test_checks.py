"""Each check finds its fault and is silent on a good deck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deckgen import checks
from deckgen.checks import CHECKS, COVERAGE, Check, Subject, evening, identity, media, outline, texts
from deckgen.diagnostics import CODES, Diagnostic, Span
from deckgen.kinds import load_kinds
from deckgen.model import Citation, Deck, Evening, Item, Text, Value
from deckgen.pipeline import Loaded, Workspace
from deckgen.resources import search_path

MEDIA = frozenset({"gate.svg"})


@pytest.fixture
def subject(garden: Loaded, workspace: Workspace) -> Subject:
    """The garden deck, in which no check finds anything."""
    assert garden.deck is not None
    return Subject(garden.deck, {kind.name: kind for kind in workspace.kinds}, garden.sources, MEDIA, ("en",))


def deck_with(subject: Subject, **changes: Any) -> Subject:
    return replace(subject, deck=replace(subject.deck, **changes))


def item_of(subject: Subject, name: str) -> Item:
    return next(item for item in subject.deck.items if item.id == name)


def with_fields(subject: Subject, name: str, /, **changes: str | tuple[str, ...]) -> Subject:
    """The deck with other texts in one item, at the places of the old ones."""
    item = item_of(subject, name)
    fields: dict[str, Value] = dict(item.fields)
    for field, value in changes.items():
        old = fields.get(field)
        span = old.span if isinstance(old, Text) else item.span
        fields[field] = (
            Text(value, span) if isinstance(value, str) else tuple(Text(each, span) for each in value)
        )
    return with_item(subject, replace(item, fields=fields))


def with_item(subject: Subject, item: Item) -> Subject:
    return deck_with(
        subject, items=tuple(item if each.id == item.id else each for each in subject.deck.items)
    )


def cited(subject: Subject, name: str, *sources: tuple[str, int]) -> Subject:
    item = item_of(subject, name)
    return with_item(
        subject, replace(item, sources=tuple(Citation(*source, item.span) for source in sources))
    )


def found(rule: Check, subject: Subject) -> list[str]:
    return [diagnostic.code.id for diagnostic in rule(subject)]


# Silence ------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", (*CHECKS, *COVERAGE), ids=lambda rule: rule.__name__)
def test_a_check_is_silent_on_a_good_deck(rule: Check, subject: Subject) -> None:
    assert list(rule(subject)) == []


# Faults -------------------------------------------------------------------------------

Fault = tuple[Check, Callable[[Subject], Subject], list[str]]
FAULTS: Mapping[str, Fault] = {
    "an id twice": (
        identity.duplicate_ids,
        lambda s: deck_with(s, items=(*s.deck.items, s.deck.items[0])),
        ["D201"],
    ),
    "an id three times": (
        identity.duplicate_ids,
        lambda s: deck_with(s, items=(*s.deck.items, s.deck.items[0], s.deck.items[0])),
        ["D201", "D201"],
    ),
    "a folder's name that is no id": (identity.bad_deck_id, lambda s: deck_with(s, id="My garden"), ["D108"]),
    "a former id that is another one's": (
        identity.former_ids,
        lambda s: with_item(s, replace(item_of(s, "leave"), former=("oldest", "factory"))),
        ["D213"],
    ),
    "a former id of two": (
        identity.former_ids,
        lambda s: with_item(
            with_item(s, replace(item_of(s, "leave"), former=("old", "old"))),
            replace(item_of(s, "factory"), former=("old",)),
        ),
        ["D213"],
    ),
    "no items": (identity.no_items, lambda s: deck_with(s, items=()), ["D205"]),
    "one question twice": (
        identity.same_fronts,
        lambda s: with_fields(s, "leave", question="Why does the *garden* belong to NOBODY?"),
        ["D212"],
    ),
    "a section twice": (
        outline.duplicate_sections,
        lambda s: deck_with(s, essay=replace(s.deck.essay, sections=s.deck.essay.sections * 2)),
        ["D207", "D207"],
    ),
    "a paragraph too far": (outline.unknown_paragraphs, lambda s: cited(s, "leave", ("town", 2)), ["D203"]),
    "an unknown section": (outline.unknown_paragraphs, lambda s: cited(s, "leave", ("river", 1)), ["D203"]),
    "a paragraph twice": (
        outline.unknown_paragraphs,
        lambda s: cited(s, "leave", ("town", 1), ("nettles", 1), ("town", 1)),
        ["D209"],
    ),
    "a paragraph without items": (
        outline.uncovered_paragraphs,
        lambda s: cited(s, "leave", ("town", 1)),
        ["D208"],
    ),
    "HTML": (texts.markup, lambda s: with_fields(s, "factory", answer="a <br> b"), ["D304"]),
    "a bad link in a list": (
        texts.markup,
        lambda s: with_fields(s, "town-plan", wrong=("[a](file:///etc)", "[b](c)")),
        ["D305", "D305"],
    ),
    "a picture that is not there": (
        texts.markup,
        lambda s: with_fields(s, "leave", answer="![a](gates.svg) ![b](gate.svg)"),
        ["D307"],
    ),
    "a gap in a question": (
        texts.markup,
        lambda s: with_fields(s, "factory", question="{{c1::a}}"),
        ["D303"],
    ),
    "a broken gap": (texts.markup, lambda s: with_fields(s, "nettle-years", text="{{c1::a"), ["D302"]),
    "a list in a line is no list": (
        texts.markup,
        lambda s: with_fields(s, "factory", question="- {{c1::a"),
        ["D303"],
    ),
    "HTML in the description": (
        texts.deck_markup,
        lambda s: deck_with(s, description="<p>", standpoint="[a](b)"),
        ["D304", "D305"],
    ),
    "no gap": (texts.gaps, lambda s: with_fields(s, "nettle-years", text="nettles"), ["D301"]),
    "an option twice": (
        texts.same_options,
        lambda s: with_fields(s, "town-plan", wrong=("*sell* it", "Keep it")),
        ["D312"],
    ),
    "an option three times": (
        texts.same_options,
        lambda s: with_fields(s, "town-plan", wrong=("Sell  it", "Keep it", "sell it")),
        ["D312", "D312"],
    ),
    "a definition with its term": (
        texts.self_answers,
        lambda s: with_fields(s, "commons", definition="All **commons** are that."),
        ["D315"],
    ),
    "a claim with its holder": (
        texts.self_answers,
        lambda s: with_fields(s, "gardeners", claim="The gardeners should decide."),
        ["D315"],
    ),
    "HTML in an aim": (
        texts.deck_markup,
        lambda s: deck_with(s, evening=Evening(aims=(Text("<p>", s.deck.span),))),
        ["D304"],
    ),
    "an evening shorter than its parts": (
        evening.evening_times,
        lambda s: deck_with(s, evening=Evening(minutes=24)),
        ["D220"],
    ),
    "an evening with sections of another text": (
        evening.evening_sections,
        lambda s: deck_with(s, evening=Evening(weights={"town": 0, "river": 1})),
        ["D221"],
    ),
    "a file that no text names": (
        media.unused_media,
        lambda s: replace(s, media=frozenset({"gate.svg", "plan.svg", "gate.ar.svg"})),
        ["D705", "D705"],
    ),
    "a pale accent": (texts.pale_accent, lambda s: deck_with(s, accent="#ff7700"), ["D113"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_check_finds_its_fault(fault: str, subject: Subject) -> None:
    rule, change, expected = FAULTS[fault]
    diagnostics = list(rule(change(subject)))
    assert [diagnostic.code.id for diagnostic in diagnostics] == expected
    for diagnostic in diagnostics:
        assert diagnostic.text()
        assert diagnostic.hint()
        assert diagnostic.span.file in subject.sources or "/media/" in diagnostic.span.file


def test_every_check_has_a_fault() -> None:
    assert {rule for rule, _, _ in FAULTS.values()} == {*CHECKS, *COVERAGE}
    assert {code for _, _, codes in FAULTS.values() for code in codes} <= set(CODES)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        (
            identity.same_fronts,
            lambda s: with_fields(s, "leave", question="Why does the garden belong to somebody?"),
        ),
        (
            identity.former_ids,
            lambda s: with_item(s, replace(item_of(s, "leave"), former=("leave", "go-away"))),
        ),
        (texts.self_answers, lambda s: with_fields(s, "commons", definition="It is in common, uncommonsly.")),
        (
            texts.self_answers,
            lambda s: with_fields(s, "gardeners", claim="The gardener’s wife should decide."),
        ),
        (texts.same_options, lambda s: with_fields(s, "town-plan", wrong=("Sell it off", "Sell"))),
        (texts.gaps, lambda s: with_fields(s, "nettle-years", text="{{c1::a {{c2::b}}}}")),
        (texts.pale_accent, lambda s: deck_with(s, accent="#6e6e6e")),
        (evening.evening_times, lambda s: deck_with(s, evening=Evening(minutes=25))),
        (outline.uncovered_paragraphs, lambda s: deck_with(s, items=())),
        (
            media.unused_media,
            lambda s: replace(s, media=frozenset({"gate.svg", "gate.ar.svg"}), languages=("en", "ar-EG")),
        ),
        (texts.markup, lambda s: replace(s, media=frozenset({"gate.en.svg"}))),
    ],
)
def test_what_is_close_to_a_fault_is_none(
    rule: Check, change: Callable[[Subject], Subject], subject: Subject
) -> None:
    assert found(rule, change(subject)) == []


# Places and words ---------------------------------------------------------------------


def only(rule: Check, subject: Subject) -> Diagnostic:
    (diagnostic,) = rule(subject)
    return diagnostic


def test_a_second_id_names_the_place_of_the_first(subject: Subject) -> None:
    first = item_of(subject, "factory")
    second = replace(item_of(subject, "town-plan"), id="factory")
    twice = only(identity.duplicate_ids, deck_with(subject, items=(first, second)))
    assert twice.span == second.span
    assert twice.args == {"id": "factory", "place": f"{first.span.file}:{first.span.line}"}


def test_a_fault_in_a_text_is_shown_at_its_words(workspace: Workspace, subject: Subject) -> None:
    text = item_of(subject, "leave").fields["answer"]
    assert isinstance(text, Text)
    without = replace(subject, media=frozenset[str]())
    diagnostic = only(texts.markup, without)
    lines = subject.sources[text.span.file].lines()
    span = diagnostic.span
    assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == "gate.svg"
    assert diagnostic.args["files"] == "nothing"
    assert len(workspace.kinds) == len(subject.kinds)


@pytest.mark.parametrize(
    ("source", "near"),
    [(("nettels", 2), "nettles 2"), (("twon", 7), "town 1"), (("river", 1), ""), (("nettles", 3), "")],
)
def test_an_unknown_paragraph_is_told_with_a_near_one(
    subject: Subject, source: tuple[str, int], near: str
) -> None:
    assert only(outline.unknown_paragraphs, cited(subject, "leave", source)).args["near"] == near


def test_a_missing_picture_is_told_with_a_near_one(subject: Subject) -> None:
    wrong = with_fields(subject, "leave", answer="![a](gaet.svg)")
    assert only(texts.markup, wrong).args["near"] == "gate.svg"


def test_a_fault_in_a_record_is_told_with_its_field(subject: Subject) -> None:
    item = item_of(subject, "close-garden")
    views = item.fields["views"]
    assert isinstance(views, tuple)
    record = views[1]
    assert isinstance(record, Mapping)
    broken = {**record, "view": Text("a {{c1::b}}", record["view"].span)}
    changed = replace(item, fields={**item.fields, "views": (views[0], broken)})  # type: ignore[dict-item]
    diagnostic = only(texts.markup, with_item(subject, changed))
    assert diagnostic.code.id == "D303"
    assert diagnostic.args["field"] == "views"


def test_the_field_of_a_path() -> None:
    kinds = {kind.name: kind for kind in load_kinds(search_path(Path("nowhere"))).value}
    assert kinds["discussion"].at("views.1.who").name == "who"
    assert kinds["choice"].at("wrong.2").name == "wrong"
    assert kinds["question"].at("hint").name == "hint"


# When the coverage is told ------------------------------------------------------------


def uncovered(subject: Subject) -> Deck:
    return cited(subject, "leave", ("town", 1)).deck


def test_the_coverage_is_told_of_a_whole_deck_only(subject: Subject) -> None:
    lacking = replace(subject, deck=uncovered(subject))
    assert [one.code.id for one in checks.check(lacking, complete=True)] == ["D208"]
    assert list(checks.check(lacking, complete=False)) == []


def test_the_coverage_is_not_told_where_there_are_errors(subject: Subject) -> None:
    lacking = with_fields(replace(subject, deck=uncovered(subject)), "nettle-years", text="no gap")
    assert [one.code.id for one in checks.check(lacking, complete=True)] == ["D301"]


# Contrast -----------------------------------------------------------------------------


def test_a_place_in_a_sentence() -> None:
    assert checks.base.place(Span("items/10-a.yaml", 12, 3, 14, 1)) == "items/10-a.yaml:12"
