"""Updates in the real Anki: a correction arrives, and no review, no own word and no card is ever lost."""

from __future__ import annotations

import re
import shutil
import time
from typing import Any

import pytest
from anki.import_export_pb2 import (
    IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS as ALWAYS,
)
from conftest import EPOCH, HERE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packages import edit
from people import DAY, IF_NEWER, Author, Learner, learner_in


@pytest.mark.parametrize("merge", [True, False])
@pytest.mark.parametrize("update", [IF_NEWER, ALWAYS])
def test_a_second_import_changes_nothing(author: Author, learner: Learner, update: Any, merge: bool) -> None:
    package = author.builds(EPOCH)
    learner.imports(package)
    learner.answers(6)
    before = learner.progress()
    assert learner.imports(package, update, merge=merge) == {"duplicate": 7}
    assert learner.progress() == before
    assert learner.sound()


@pytest.mark.parametrize("merge", [True, False])
@pytest.mark.parametrize("update", [IF_NEWER, ALWAYS])
def test_a_correction_arrives_and_leaves_all_progress_alone(
    author: Author, learner: Learner, update: Any, merge: bool
) -> None:
    learner.imports(author.builds(EPOCH))
    assert learner.answers(9) == 9
    before = learner.progress()
    # Shortly before Anki's day ends, what is being learned waits for the next day in a queue of its own.
    assert len({values[7] for values in before.values()}) >= 3, "some are new, some learned, some due"
    unchanged = {item: dict(learner.note(item).items()) for item in learner.items() if item != "factory"}

    edit(author.nettles, "Because the factory **closed**.", "The factory has **left**.")
    assert learner.imports(author.builds(EPOCH + DAY), update, merge=merge) == {"updated": 1, "duplicate": 6}
    assert learner.field("factory", "Answer") == "The factory has <strong>left</strong>."
    assert learner.progress() == before
    assert {item: dict(learner.note(item).items()) for item in unchanged} == unchanged
    assert learner.sound()


def test_a_correction_arrives_even_if_the_author_s_clock_runs_backwards(
    author: Author, learner: Learner
) -> None:
    learner.imports(author.builds(EPOCH))
    edit(author.nettles, "It made bricks.", "It made tiles.")
    assert learner.imports(author.builds(EPOCH - 10 * DAY)) == {"updated": 1, "duplicate": 6}
    edit(author.nettles, "It made tiles.", "It made pots.")
    assert learner.imports(author.builds(EPOCH - 5 * DAY)) == {"updated": 1, "duplicate": 6}
    assert learner.field("factory", "Hint") == "It made pots."


def test_a_word_of_the_interface_arrives_without_touching_a_note(author: Author, learner: Learner) -> None:
    """Templates and css are the note type's, whose time is its own."""
    learner.imports(author.builds(EPOCH))
    learner.answers(6)
    before = learner.progress()
    own = author.folder / "templates" / "anki"
    own.mkdir(parents=True)
    (own / "card.css").write_text(
        '[% include "default/anki/card.css" %]\n.face { color: teal; }', encoding="utf-8"
    )
    assert learner.imports(author.builds(EPOCH + DAY)) == {"duplicate": 7}
    assert "color: teal" in learner.note("factory").cards()[0].question()
    assert learner.progress() == before


def test_a_gap_that_is_added_makes_a_card_and_keeps_the_others(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(11)
    before = learner.progress()
    edit(author.nettles, "the soil held", "the {{c3::soil}} held")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    after = learner.progress()
    assert set(after) - set(before) == {("nettle-years", 2)}
    assert {key: after[key] for key in before} == before


@pytest.mark.parametrize("update", [IF_NEWER, ALWAYS])
def test_a_learner_s_own_words_stay_in_a_note_that_did_not_change(
    author: Author, learner: Learner, update: Any
) -> None:
    learner.imports(author.builds(EPOCH))
    note = learner.note("town-plan")
    note["Reason"] += " My own words."
    note.tags.append("mine")
    learner.col.update_note(note)
    edit(author.nettles, "Because the factory **closed**.", "It **left**.")
    log = learner.imports(author.builds(EPOCH + DAY), update)
    note = learner.note("town-plan")
    if update == IF_NEWER:
        assert log == {"updated": 1, "duplicate": 6}
        assert note["Reason"].endswith(" My own words.")
        assert "mine" in note.tags
    else:  # a learner who asks for "always" gets the package's words
        assert log == {"updated": 2, "duplicate": 5}
        assert not note["Reason"].endswith(" My own words.")


def test_a_correction_of_a_note_that_the_learner_changed_waits_for_always(
    author: Author, learner: Learner
) -> None:
    """Their own words are newer than the correction: Anki keeps them unless told otherwise."""
    learner.imports(author.builds(EPOCH))
    learner.answers(8)
    note = learner.note("factory")
    note["Answer"] += " My own words."
    learner.col.update_note(note)
    edit(author.nettles, "Because the factory **closed**.", "It **left**.")
    package = author.builds(EPOCH + DAY)
    before = learner.progress()
    assert learner.imports(package) == {"duplicate": 7}
    assert learner.field("factory", "Answer").endswith(" My own words.")
    assert learner.imports(package, ALWAYS) == {"updated": 1, "duplicate": 6}
    assert learner.field("factory", "Answer") == "It <strong>left</strong>."
    assert learner.progress() == before


def test_a_rebuild_in_another_year_gives_the_same_bytes(author: Author) -> None:
    first = author.builds(EPOCH).read_bytes()
    ledger = (author.deck / "ledger.json").read_bytes()
    assert author.builds(EPOCH + 400 * DAY).read_bytes() == first
    assert (author.deck / "ledger.json").read_bytes() == ledger


def test_another_order_of_the_items_changes_no_note(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(6)
    before = learner.progress()
    head, *items = author.nettles.read_text(encoding="utf-8").split("\n- id: ")
    author.nettles.write_text(
        "\n- id: ".join([head, *(item.rstrip() + "\n" for item in items[::-1])]), encoding="utf-8"
    )
    assert learner.imports(author.builds(EPOCH + DAY)) == {"duplicate": 7}
    assert learner.progress() == before


def test_an_item_that_is_gone_stays_with_the_learner(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(11)
    before = learner.progress()
    text = author.town.read_text(encoding="utf-8")
    gone = text[text.index("- id: town\n") : text.index("- id: close-garden")]
    author.town.write_text(text.replace(gone, ""), encoding="utf-8")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    assert "deckgen::retired" in learner.note("town").tags
    assert learner.progress() == before
    author.town.write_text(text, encoding="utf-8")
    assert learner.imports(author.builds(EPOCH + 2 * DAY)) == {"updated": 1, "duplicate": 6}
    assert "deckgen::retired" not in learner.note("town").tags, "and comes back as it was"
    assert learner.progress() == before
    assert learner.sound()


def test_an_item_may_move_to_another_section(author: Author, learner: Learner) -> None:
    """The note changes; its cards stay in the deck where they are studied, with all progress."""
    learner.imports(author.builds(EPOCH))
    learner.answers(11)
    before = learner.progress()
    text = author.town.read_text(encoding="utf-8")
    moved = text[text.index("- id: town\n") : text.index("- id: close-garden")]
    author.town.write_text(text.replace(moved, ""), encoding="utf-8")
    author.nettles.write_text(author.nettles.read_text(encoding="utf-8") + "\n" + moved, encoding="utf-8")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    assert learner.field("town", "Section") == "Nettles and spades"
    assert "garden::section::nettles" in learner.note("town").tags
    assert learner.progress() == before


def test_a_section_s_new_title_reaches_the_notes_and_moves_no_card(author: Author, learner: Learner) -> None:
    """Anki knows decks by name: the cards stay in the old subdeck, and an empty new one appears."""
    learner.imports(author.builds(EPOCH))
    learner.answers(11)
    before = learner.progress()
    edit(author.deck / "essay.yaml", "title: What the town wants", "title: The town and its plan")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 3, "duplicate": 4}
    assert learner.field("town", "Section") == "The town and its plan"
    assert learner.progress() == before
    assert learner.decks() == [
        "Garden – English",
        "Garden – English::1 Nettles and spades",
        "Garden – English::2 The town and its plan",
        "Garden – English::2 What the town wants",
    ]
    assert learner.sound()


def test_a_new_item_comes_after_all_that_are_there(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(2)
    before = learner.progress()
    item = "\n- id: spades\n  question: Who brought spades?\n  answer: Others.\n  source: nettles 1\n"
    author.nettles.write_text(author.nettles.read_text(encoding="utf-8") + item, encoding="utf-8")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"new": 1, "duplicate": 7}
    after = learner.progress()
    assert {key: after[key] for key in before} == before
    assert ("spades", 0) in after
    assert learner.sound()


def test_a_package_of_today_is_sound(author: Author, learner: Learner) -> None:
    """Ids and times made now do not lie in Anki's future."""
    learner.imports(author.builds(int(time.time())))
    assert learner.sound()
    assert learner.col.db.scalar("select max(id) from notes") < time.time() * 1000


@pytest.mark.parametrize("merge", [True, False])
def test_a_field_s_new_name_does_not_hold_a_correction_up(
    author: Author, learner: Learner, merge: bool
) -> None:
    """Fields have ids: a name that is translated at last is a new name, not another field."""
    learner.imports(author.builds(EPOCH))
    learner.answers(6)
    before = learner.progress()
    own = author.folder / "templates" / "kinds" / "question"
    shutil.copytree(HERE.parent / "templates" / "kinds" / "question", own)
    edit(own / "kind.yaml", "name: Hint", "name: Help")
    for side in ("front", "back"):
        text = (own / f"{side}.html").read_text(encoding="utf-8")
        (own / f"{side}.html").write_text(text.replace("{{Hint}}", "{{Help}}"), encoding="utf-8")
    text = (own / "front.html").read_text(encoding="utf-8")
    (own / "front.html").write_text(text.replace("Hint}}", "Help}}"), encoding="utf-8")
    edit(author.nettles, "It made bricks.", "It made tiles.")
    log = learner.imports(author.builds(EPOCH + DAY), merge=merge)
    assert log == {"updated": 1, "duplicate": 6}
    assert learner.field("factory", "Help") == "It made tiles."
    assert learner.progress() == before
    assert learner.sound()


@pytest.mark.parametrize("merge", [True, False])
def test_a_learner_s_own_field_stays(author: Author, learner: Learner, merge: bool) -> None:
    """With merging on, corrections arrive beside it; without, Anki leaves those notes alone."""
    learner.imports(author.builds(EPOCH))
    learner.answers(6)
    kind = learner.note("factory").note_type()
    assert kind is not None
    learner.col.models.add_field(kind, learner.col.models.new_field("Mine"))
    learner.col.models.update_dict(kind)
    note = learner.note("factory")
    note["Mine"] = "my own words"
    learner.col.update_note(note)
    before = {values[0]: values for _, _, values in learner.cards()}
    edit(author.nettles, "- leave & licence", "- leave and licence")
    log = learner.imports(author.builds(int(time.time()) + DAY), merge=merge)
    assert log == ({"updated": 1, "duplicate": 6} if merge else {"duplicate": 5, "conflicting": 2})
    assert ("leave and licence" in learner.field("leave", "Answer")) is merge
    assert learner.field("factory", "Mine") == "my own words"
    assert {values[0]: values for _, _, values in learner.cards()} == before


# A law --------------------------------------------------------------------------------

_TEXTS = {
    "factory": ("10-nettles.yaml", "answer", "Answer"),
    "commons": ("10-nettles.yaml", "definition", "Definition"),
    "nettle-years": ("10-nettles.yaml", "note", "Note"),
    "town-plan": ("20-town.yaml", "why", "Reason"),
    "town": ("20-town.yaml", "contrast", "Contrast"),
}
_words = st.text("abc xyzäß", min_size=1, max_size=12).map(str.strip).filter(bool)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(sorted(_TEXTS)), _words),
        st.tuples(st.just("study"), st.integers(1, 6), st.sampled_from([1, 2, 3, 4])),
        st.tuples(st.just("deliver"), st.integers(-3, 5), st.booleans()),
    ),
    min_size=1,
    max_size=12,
)


def _written(author: Author, item: str, words: str) -> None:
    file, key, _ = _TEXTS[item]
    path = author.deck / "items" / file
    head, body = path.read_text(encoding="utf-8").split(f"- id: {item}\n", 1)
    body, *rest = re.split(r"(?m)^(?=- id: )", body, maxsplit=1)
    body = re.sub(rf"(?m)^  {key}: .*\n", "", body).rstrip("\n") + f"\n  {key}: '{words}'\n\n"
    path.write_text(f"{head}- id: {item}\n{body}{''.join(rest)}", encoding="utf-8")


@pytest.mark.slow
@given(_steps)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_history_of_edits_and_imports_loses_a_review_or_a_text(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Any, Any]]
) -> None:
    """Whatever is edited, built (by clocks that jump) and imported in whatever order."""
    folder = tmp_path_factory.mktemp("law")
    shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
    author = Author(folder)
    now = EPOCH
    last: dict[str, str] = {}
    with learner_in(folder / "learner") as learner:
        learner.imports(author.builds(now))
        items = learner.items()
        for step, one, two in [*steps, ("deliver", 1, True)]:
            if step == "edit":
                _written(author, one, two)
                last[one] = two
            elif step == "study":
                learner.answers(one, two)
            else:
                now += one * DAY
                before = learner.progress()
                log = learner.imports(author.builds(now), merge=two)
                assert set(log) <= {"updated", "duplicate"}
                assert learner.progress() == before
                assert learner.items() == items
                for item, words in last.items():
                    assert learner.field(item, _TEXTS[item][2]) == words
        assert learner.sound()
