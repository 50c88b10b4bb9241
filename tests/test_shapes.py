"""What learners have is remembered beside the ledger, and what would break it is found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import EPOCH
from packages import edit
from typer.testing import Result

from deckgen import ledger, pipeline
from deckgen.diagnostics import Source, codes
from deckgen.ledger import Entry
from deckgen.model import Deck, Kind
from deckgen.pipeline import Loaded, Workspace
from deckgen.shapes import ItemShape, Shapes, TypeShape, breaks, parse, renamed, shapes_of, within

LEDGER = ledger.write({"en/factory": Entry("5a1af93e4b44e0b2", EPOCH)})


@pytest.fixture
def deck(garden: Loaded) -> Deck:
    assert garden.deck is not None
    return garden.deck


@pytest.fixture
def kinds(workspace: Workspace) -> tuple[Kind, ...]:
    return workspace.kinds


def found(before: Shapes, deck: Deck, kinds: tuple[Kind, ...]) -> list[tuple[str, str]]:
    """The codes of what breaks, each with what it is about."""
    told = breaks(before, shapes_of(deck, kinds), deck, kinds)
    return [(one.code.id, str(one.args.get("item") or one.args.get("name") or "")) for one in told]


def question(shapes: Shapes, **changes: object) -> Shapes:
    """The same with another shape of questions."""
    return replace(shapes, kinds={**shapes.kinds, "question": shapes.kinds["question"]._replace(**changes)})


# What is remembered -------------------------------------------------------------------


def test_the_shapes_are_those_of_what_learners_get(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    shapes = shapes_of(deck, kinds)
    assert shapes.name == "Garden"
    assert set(shapes.kinds) == {"question", "term", "cloze", "choice", "position"}, "no discussions"
    assert shapes.kinds["question"].fields["Hint"] == 7214530013
    assert shapes.kinds["cloze"].cloze
    assert shapes.items["nettle-years"] == ItemShape("cloze", (1, 2))
    assert shapes.items["factory"] == ItemShape("question")
    assert len(shapes.items) == 7


def test_an_item_is_remembered_by_its_first_id(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    items = [
        replace(item, id="mill", former=("factory",)) if item.id == "factory" else item for item in deck.items
    ]
    assert "factory" in shapes_of(replace(deck, items=tuple(items)), kinds).items


def test_what_is_gone_is_remembered(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    whole = shapes_of(deck, kinds)
    assert whole.after(shapes_of(replace(deck, items=deck.items[:2]), kinds)) == whole


def test_shapes_are_read_as_they_were_written(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    shapes = shapes_of(deck, kinds).built("1.0", EPOCH).built("1 «ß»", EPOCH + 1)
    shapes = shapes.called([{"en/nettles": "Garden::1 Nettles"}, {"fr/nettles": "Jardin::1 Orties"}])
    text = within(LEDGER, shapes)
    assert parse(Source("ledger.json", text)).value == shapes
    assert parse(Source("ledger.json", within(LEDGER, Shapes()))).value == Shapes()
    assert (
        ledger.parse(Source("ledger.json", text)).value == ledger.parse(Source("ledger.json", LEDGER)).value
    )
    assert text.count("\n") == LEDGER.count("\n") + 7 + 5 + 7 + 4 + 4, (
        "a line each, so that versions merge well"
    )


def test_a_version_is_remembered_from_its_first_build() -> None:
    known = Shapes().built("1.0", 100).built("1.0", 200).built("", 300).built("1.1", 400)
    assert known.versions == {"1.0": 100, "1.1": 400}
    assert known.after(Shapes()).versions == known.versions


@pytest.mark.parametrize(
    ("version", "before"), [("1.0", ""), ("1.1", "1.0"), ("1.2", "1.1"), ("", "1.1"), ("0.9", "1.1")]
)
def test_the_version_before_is_the_last_that_was_built_before(version: str, before: str) -> None:
    assert Shapes(versions={"1.1": 400, "1.0": 100}).previous(version) == before


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", LEDGER, '{"version": 1}'])
def test_a_ledger_without_shapes_has_none(text: str) -> None:
    assert parse(Source("ledger.json", text)) == parse(Source("ledger.json", ""))


@pytest.mark.parametrize(
    "part",
    [
        "[]",
        '{"name": 1}',
        '{"kinds": {"question": {}}}',
        '{"kinds": {"question": {"id": "x", "cloze": false, "fields": {}, "cards": {}}}}',
        '{"items": {"factory": "question"}}',
        '{"versions": {"1.0": "yesterday"}}',
        '{"versions": {"1.0": 5}}',
        '{"decks": {"en/nettles": 5}}',
        '{"items": {"factory": {"kind": "cloze", "gaps": ["c1"]}}}',
    ],
)
def test_shapes_that_somebody_edited_are_told(part: str) -> None:
    (told,) = parse(Source("ledger.json", f'{{"version": 1, "entries": {{}}, "shapes": {part}}}')).diagnostics
    assert told.code is codes.BAD_LEDGER


# What breaks --------------------------------------------------------------------------


def test_nothing_breaks_where_nothing_changed_or_nothing_is_known(
    deck: Deck, kinds: tuple[Kind, ...]
) -> None:
    assert found(shapes_of(deck, kinds), deck, kinds) == []
    assert found(Shapes(), deck, kinds) == []


def test_a_field_or_a_card_that_is_gone_breaks(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    now = shapes_of(deck, kinds)
    old = now.kinds["question"]
    assert found(question(now, fields={**old.fields, "Picture": 1}), deck, kinds) == [("D803", "Picture")]
    assert found(question(now, cards={**old.cards, "Backwards": 1}), deck, kinds) == [("D803", "Backwards")]


def test_fields_that_change_places_without_their_ids_break(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    now = shapes_of(deck, kinds)
    fields = dict(now.kinds["question"].fields)
    fields["Answer"], fields["Hint"] = fields["Hint"], fields["Answer"]
    assert found(question(now, fields=fields), deck, kinds) == [("D804", "Answer"), ("D804", "Hint")]


def test_a_field_that_has_another_id_breaks(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    now = shapes_of(deck, kinds)
    fields = {**now.kinds["question"].fields, "Hint": 1}
    assert found(question(now, fields=fields), deck, kinds) == [("D804", "Hint")]


def test_a_field_with_its_id_may_move_and_be_renamed(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    now = shapes_of(deck, kinds)
    named = {"Hint": "Help"}
    fields = {named.get(name, name): number for name, number in now.kinds["question"].fields.items()}
    assert found(question(now, fields=dict(reversed(fields.items()))), deck, kinds) == []


def test_a_field_that_is_new_is_a_warning(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    now = shapes_of(deck, kinds)
    fields = {name: number for name, number in now.kinds["question"].fields.items() if name != "Hint"}
    assert found(question(now, fields=fields), deck, kinds) == [("D809", "Hint")]
    assert not next(breaks(question(now, fields=fields), now, deck, kinds)).is_error


@pytest.mark.parametrize("changes", [{"id": 1}, {"cloze": True}])
def test_a_kind_that_is_another_note_type_breaks(
    deck: Deck, kinds: tuple[Kind, ...], changes: dict[str, object]
) -> None:
    now = question(shapes_of(deck, kinds), **changes)
    assert [code for code, _ in found(now, deck, kinds)] == ["D805"]


def test_a_gap_that_is_gone_and_an_item_of_another_kind_break(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    now = shapes_of(deck, kinds)
    items = {**now.items, "nettle-years": ItemShape("cloze", (1, 2, 3)), "town": ItemShape("term")}
    assert found(replace(now, items=items), deck, kinds) == [("D806", "nettle-years"), ("D807", "town")]
    items = {**now.items, "nettle-years": ItemShape("cloze", (2,)), "gone": ItemShape("term")}
    assert found(replace(now, items=items), deck, kinds) == [], "a gap more, an item less"


def test_a_deck_with_another_name_breaks(deck: Deck, kinds: tuple[Kind, ...]) -> None:
    now = shapes_of(deck, kinds)
    assert found(replace(now, name="Yard"), deck, kinds) == [("D808", "")]
    assert found(replace(now, name=""), deck, kinds) == []


# In a build ---------------------------------------------------------------------------


def built(folder: Path, *, breaking: bool = False) -> Iterator[str]:
    """Build the garden in ``folder``; yield the codes of what was said."""
    workspace = pipeline.open_workspace(folder).value
    loaded = (pipeline.load(workspace, folder / "cards" / "garden"),)
    options = pipeline.Options(folder / "output", products=("anki",), breaking=breaking)
    outcome = pipeline.build(workspace, loaded, options, EPOCH, lambda _file, _stage: None)
    yield from (one.code.id for one in outcome.diagnostics)


def test_a_build_that_would_break_something_writes_nothing_unless_it_is_meant(workspace_folder: Path) -> None:
    file = workspace_folder / "cards" / "garden" / "ledger.json"
    package = workspace_folder / "output" / "garden.en.apkg"
    assert list(built(workspace_folder)) == []
    before = file.read_bytes(), package.read_bytes()
    edit(workspace_folder / "cards/garden/deck.yaml", "name: Garden", "name: Yard")
    assert list(built(workspace_folder)) == ["D808"]
    assert (file.read_bytes(), package.read_bytes()) == before
    assert list(built(workspace_folder, breaking=True)) == []
    assert json.loads(file.read_text(encoding="utf-8"))["shapes"]["name"] == "Yard"
    assert list(built(workspace_folder)) == [], "and from then on it is what learners have"


def test_what_a_kind_loses_is_told_by_check_too(workspace_folder: Path) -> None:
    assert list(built(workspace_folder)) == []
    file = workspace_folder / "cards" / "garden" / "ledger.json"
    text = file.read_text(encoding="utf-8")
    known = parse(Source("ledger.json", text)).value
    picture = TypeShape(1763900101, False, {**known.kinds["question"].fields, "Picture": 1}, {})
    file.write_text(within(LEDGER, replace(known, kinds={"question": picture})), encoding="utf-8")
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load(workspace, workspace_folder / "cards" / "garden")
    assert [one.code.id for one in pipeline.breaks(workspace, loaded)] == ["D803"]


def test_sections_that_anki_makes_new_decks_of_are_found(deck: Deck) -> None:
    before = Shapes(decks={"en/nettles": "Garden – English::1 Weeds", "en/town": "Garden – English::2 Town"})
    now = {"en/nettles": "Garden – English::1 Nettles", "en/town": "Garden – English::2 Town"}
    (told,) = renamed(before, deck, now)
    assert (told.code.id, told.is_error, told.span) == ("D810", False, deck.section("nettles").span)
    assert list(renamed(Shapes(), deck, now)) == []


def test_a_section_s_new_name_is_told_once_in_the_languages_it_is_new_in(
    workspace_folder: Path, run: Callable[..., Result]
) -> None:
    run("build", "-p", "anki")
    edit(workspace_folder / "cards/garden/essay.yaml", "Nettles and spades", "Nettles")
    first = run("build", "-p", "anki")
    assert "warning[D810]: the subdeck “Garden – English::1 Nettles and spades” is called" in first.output
    assert first.exit_code == 0
    assert "D810" not in run("build", "-p", "anki").output
