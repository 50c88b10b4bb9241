"""What an import will do, told from two packages; ``end_to_end/test_histories.py`` asks the real Anki."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.forecast import Fate, Forecast, as_json, compared, forecast, title
from deckgen.model import Update
from deckgen.packages import Field, Note, NoteType, Package, PackedDeck, Template
from deckgen.progress import forecast_text

CARD = Template(9, "Card", "{{Front}}", "{{Back}}")
TYPE = NoteType(
    1, "Question", (Field(1, "Front"), Field(2, "Back"), Field(3, "Item")), (CARD,), "css", False, 5
)
NOTE = Note("a", 1, 5, ("Why?", "It closed.", "factory"), ("garden",), (0,))
OLD = Package(
    {1: TYPE}, (NOTE, replace(NOTE, guid="b", fields=("How?", "So.", "town"))), {7: PackedDeck("Garden")}
)


def notes(**changes: Any) -> Package:
    """OLD with another first note."""
    return replace(OLD, notes=(replace(NOTE, **changes), OLD.notes[1]))


def typed(**changes: Any) -> Package:
    """OLD with another note type, a second later."""
    return replace(OLD, types={1: replace(TYPE, **{"mod": 6, **changes})})


def fate(new: Package, update: Update = Update.NEWER, *, merge: bool = True) -> Fate:
    """What becomes of the first note."""
    return forecast(OLD, new, update, merge=merge).notes[0].fate


CORRECTED = notes(mod=6, fields=("Why?", "It left.", "factory"))
GROWN = (*TYPE.fields, Field(4, "Own"))


# Notes --------------------------------------------------------------------------------


@pytest.mark.parametrize("update", Update)
@pytest.mark.parametrize("merge", [True, False])
def test_of_the_same_package_nothing_changes(update: Update, merge: bool) -> None:
    told = forecast(OLD, OLD, update, merge=merge)
    assert told.nothing
    assert told.counts() == {**dict.fromkeys(told.counts(), 0), Fate.UNCHANGED: 2}


@pytest.mark.parametrize(
    ("new", "newer", "always", "never"),
    [
        (CORRECTED, Fate.UPDATED, Fate.UPDATED, Fate.KEPT),
        (notes(mod=6), Fate.UPDATED, Fate.UPDATED, Fate.UNCHANGED),
        (notes(mod=5, tags=("x",)), Fate.KEPT, Fate.KEPT, Fate.KEPT),
        (notes(mod=4, fields=("Why?", "It left.", "factory")), Fate.KEPT, Fate.UPDATED, Fate.KEPT),
    ],
    ids=["newer", "newer but the same", "of the same time", "older"],
)
def test_a_note_is_updated_by_its_time(new: Package, newer: Fate, always: Fate, never: Fate) -> None:
    assert [fate(new, update) for update in Update] == [newer, always, never]


def test_notes_are_new_or_retired_by_their_guid() -> None:
    told = forecast(OLD, notes(guid="c"))
    assert [(note.key, note.fate) for note in told.notes] == [
        ("c", Fate.NEW),
        ("b", Fate.UNCHANGED),
        ("a", Fate.RETIRED),
    ]


def test_what_differs_is_told_with_both_texts() -> None:
    told = forecast(OLD, notes(mod=6, fields=("Why?", "It left.", "factory"), tags=("x",), cards=(0, 2)))
    assert told.notes[0].differences == (
        ("Back", "It closed.", "It left."),
        ("tags", "garden", "x"),
        ("cards", "1", "1, 3"),
    )


def test_a_note_is_called_by_its_item_and_its_first_words() -> None:
    assert title(NOTE) == "factory · Why?"
    assert title(replace(NOTE, fields=("A &amp; <b>B</b>", "C!"))) == "A & B"
    assert title(replace(NOTE, fields=("word " * 40, "C!"))).endswith("word…")


# Note types ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "merging", "apart"),
    [
        ({"css": "other"}, Fate.UPDATED, Fate.UPDATED),
        ({"css": "other", "mod": 5}, Fate.KEPT, Fate.KEPT),
        ({"mod": 6}, Fate.UNCHANGED, Fate.UNCHANGED),
        ({"fields": (Field(1, "Asked"), *TYPE.fields[1:])}, Fate.UPDATED, Fate.UPDATED),
        ({"fields": GROWN}, Fate.MERGED, Fate.CONFLICTING),
        ({"fields": TYPE.fields[:2]}, Fate.MERGED, Fate.CONFLICTING),
        ({"fields": TYPE.fields[::-1]}, Fate.MERGED, Fate.CONFLICTING),
        ({"templates": (CARD, CARD._replace(id=10))}, Fate.MERGED, Fate.CONFLICTING),
    ],
    ids=["look", "look, no newer", "time", "name", "field more", "field less", "order", "card more"],
)
def test_note_types_are_compared_by_their_ids(changes: dict[str, object], merging: Fate, apart: Fate) -> None:
    assert forecast(OLD, typed(**changes)).types[0].fate is merging
    assert forecast(OLD, typed(**changes), merge=False).types[0].fate is apart


def test_without_ids_a_new_name_is_another_field() -> None:
    fields = tuple(Field(None, name) for name in ("Front", "Back", "Item"))
    before = typed(fields=fields, mod=5)
    after = typed(fields=(Field(None, "Asked"), *fields[1:]))
    assert forecast(before, before).types[0].fate is Fate.UNCHANGED
    assert forecast(before, after).types[0].fate is Fate.MERGED


def test_a_type_that_gains_a_field_holds_corrections_back() -> None:
    """Anki gives its notes the time of the import; only “always” goes on from there."""
    new = replace(CORRECTED, types=typed(fields=GROWN).types)
    assert [fate(new, update) for update in Update] == [Fate.KEPT, Fate.UPDATED, Fate.KEPT]
    assert fate(replace(new, types=typed(fields=TYPE.fields[:2]).types)) is Fate.UPDATED, "not one that loses"


def test_where_types_are_not_merged_their_notes_conflict() -> None:
    new = typed(fields=GROWN)
    assert forecast(OLD, new, merge=False).counts()[Fate.CONFLICTING] == 2


def test_a_note_of_another_type_conflicts_unless_types_are_merged() -> None:
    new = replace(notes(type=2, mod=6), types={1: TYPE, 2: replace(TYPE, id=2)})
    assert fate(new, merge=False) is Fate.CONFLICTING
    assert fate(new) is Fate.UPDATED
    assert forecast(OLD, new).types[1].fate is Fate.NEW


def test_an_update_empties_a_field_that_is_no_longer_there() -> None:
    new = replace(notes(mod=6, fields=("Why?", "It closed.")), types=typed(fields=TYPE.fields[:2]).types)
    assert forecast(OLD, new).notes[0].differences == (("Item", "factory", ""),)


# Decks --------------------------------------------------------------------------------


def test_a_deck_with_another_name_is_told() -> None:
    told = forecast(OLD, replace(OLD, decks={7: PackedDeck("Yard"), 8: PackedDeck("Other")}))
    assert [(deck.name, deck.fate) for deck in told.decks] == [("Yard", Fate.RENAMED)]
    assert not told.nothing


# For people and for programs ----------------------------------------------------------


def marked(before: str, after: str) -> str:
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(signs[part.sign].format(part.text) for part in compared(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("It has closed.", "It has left.", "It has [-closed-]{+left+}."),
        ("", "All.", "{+All.+}"),
        ("All.", "", "[-All.-]"),
        ("<b>so</b>", "<i>so</i>", "[-<b>-]{+<i>+}so[-</b>-]{+</i>+}"),
        ("庭は誰のもの", "庭は町のもの", "庭は[-誰-]{+町+}のもの"),
        ("a b c d e f g h i j k l", "a b c d e f g h i j k m", "…h i j k [-l-]{+m+}"),
    ],
)
def test_texts_are_compared_word_by_word(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


@given(st.text("ab <>&\n", max_size=8), st.text("ab <>&\n", max_size=8))
def test_both_texts_can_be_read_from_the_comparison(before: str, after: str) -> None:
    parts = compared(before, after)
    assert "".join(part.text for part in parts if part.sign in "=-") == before
    assert "".join(part.text for part in parts if part.sign in "=+") == after


def everything() -> Forecast:
    grown = replace(
        CORRECTED, types=typed(name="Question\x1b[2J", css="other").types, decks={7: PackedDeck("Yard")}
    )
    return forecast(OLD, grown)


def test_people_see_what_differs_and_how_many() -> None:
    assert forecast_text(everything()).plain == (
        "renamed     deck Yard\n"
        "    name: [-Garden-]{+Yard+}\n"
        "updated     note type Question\ufffd[2J\n"
        "    name: Question{+\ufffd[2J+}\n"
        "    style: [-css-]{+other+}\n"
        "updated     factory · Why?\n"
        "    Back: It [-closed-]{+left+}.\n"
        "0 new, 1 updated, 1 unchanged\n"
    )


def test_programs_are_told_everything() -> None:
    data = json.loads(as_json(everything()))
    assert data["counts"] == {
        "new": 0,
        "updated": 1,
        "unchanged": 1,
        "kept": 0,
        "conflicting": 0,
        "retired": 0,
    }
    assert data["notes"][0] == {
        "guid": "a",
        "name": "factory · Why?",
        "fate": "updated",
        "differences": [{"name": "Back", "before": "It closed.", "after": "It left."}],
    }
    assert data["notes"][1] == {"guid": "b", "name": "town · How?", "fate": "unchanged"}
    assert [each["fate"] for each in (*data["types"], *data["decks"])] == ["updated", "renamed"]
    assert "\x1b" not in as_json(everything())
