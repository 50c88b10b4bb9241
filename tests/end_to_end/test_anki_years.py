"""A deck that lives for years, in the real Anki: own notes, retired items, upgrades, a lost ledger."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import ImportCsvRequest
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_NEVER as NEVER
from conftest import EPOCH, HERE
from packages import edit, item_of, read_package
from people import DAY, Author, Learner
from typer.testing import Result

from deckgen.backends.anki.notes import guid
from deckgen.diagnostics import Result as Found
from deckgen.model import Kind
from deckgen.pipeline import workspace
from deckgen.resources import SearchPath

Log = dict[str, int]
Run = Callable[..., Result]
SAYS = ' · <span class="label">No longer in the deck</span>'


def takes(learner: Learner, table: Path) -> Log:
    """Import a text file as Anki proposes to, and return how many notes fared how."""
    metadata = learner.col.get_csv_metadata(str(table), None)
    log = learner.col.import_csv(ImportCsvRequest(path=str(table), metadata=metadata)).log
    counts = {field.name: getattr(log, field.name) for field in log.DESCRIPTOR.fields}
    return {
        name: len(value) for name, value in counts.items() if not isinstance(value, int) and len(value) > 0
    }


def found(learner: Learner, search: str) -> set[str]:
    """The items that Anki's browser finds."""
    return {learner.col.get_note(note).fields[-2] for note in learner.col.find_notes(search)}


def test_the_searches_that_news_give_find_the_cards(author: Author, learner: Learner, run: Run) -> None:
    learner.imports(author.builds(EPOCH))
    edit(author.deck / "deck.yaml", 'version: "1.0"', 'version: "1.1"')
    edit(author.nettles, "Because the factory **closed**.", "It **left**.")
    edit(author.nettles, "- id: leave\n", "- id: leave-on\n  renamed_from: leave\n")
    taken_out(author, "town", "close-garden")
    package = author.builds(EPOCH + DAY)
    learner.imports(package)
    text = run("news").output
    corrected, retired = (line.strip() for line in text.splitlines() if line.startswith("    "))
    assert found(learner, corrected) == {"factory", "leave-on"}
    assert found(learner, retired) == {"town"}
    assert "New since version 1.0 of June 15, 2025: 2 corrected cards, 1 card taken out." in text


def update_of(package: Path) -> Path:
    return package.with_name(f"{package.stem}.update.tsv")


def writes(learner: Learner, item: str, words: str) -> None:
    """A learner's own words and tag."""
    note = learner.note(item)
    note["Own notes"] = words
    note.tags.append("mine")
    learner.col.update_note(note)


def taken_out(author: Author, item: str, after: str) -> str:
    """Take an item out of the town's file, and return the file as it was."""
    text = author.town.read_text(encoding="utf-8")
    gone = text[text.index(f"- id: {item}\n") : text.index(f"- id: {after}\n")]
    author.town.write_text(text.replace(gone, ""), encoding="utf-8")
    return text


# Own notes ----------------------------------------------------------------------------


def test_own_notes_are_on_the_back_where_there_are_any(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    for item in learner.items():
        for card in learner.note(item).cards():
            assert "Own notes" not in card.answer()
    for item in learner.items():
        writes(learner, item, f"<i>words on {item}</i>")
        for card in learner.note(item).cards():
            assert f"<i>words on {item}</i>" in card.answer()
            assert f"words on {item}" not in card.question()
    assert learner.sound()


def test_the_update_changes_the_answers_and_no_own_notes_tags_or_progress(
    author: Author, learner: Learner
) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(9)
    before = learner.progress()
    for item in learner.items():
        writes(learner, item, f"my words on {item}")
    tags = {item: learner.note(item).tags for item in learner.items()}
    assert all("mine" in each for each in tags.values())
    learner.col.set_deck([card.id for card in learner.note("town").cards()], learner.col.decks.id("Mine"))
    moved = learner.progress()
    edit(author.nettles, "Because the factory **closed**.", "'It \"left\" #1.'")
    edit(author.nettles, "definition: What a group", "definition: What any group")
    edit(author.nettles, "Then somebody cleared a path.", "Then they cleared a path.")
    edit(author.town, "Make it a park", "Make it a wood")
    table = update_of(author.builds(EPOCH + DAY))
    assert takes(learner, table) == {"updated": 4, "duplicate": 3}
    assert learner.field("factory", "Answer") == 'It "left" #1.'
    assert learner.field("commons", "Definition").startswith("What any group")
    assert learner.field("nettle-years", "Note") == "Then they cleared a path."
    assert "Make it a wood" in learner.field("town-plan", "Options")
    for item in learner.items():
        assert learner.field(item, "Own notes") == f"my words on {item}"
        assert learner.note(item).tags == tags[item]
    assert learner.progress() == moved
    assert {key: value[2:] for key, value in moved.items()} == {k: v[2:] for k, v in before.items()}
    assert takes(learner, table) == {"duplicate": 7}
    assert learner.imports(table.with_name("garden.en.apkg")) == {"duplicate": 7}, "nothing is undone by it"
    assert learner.field("town-plan", "Own notes") == "my words on town-plan"
    assert learner.sound()


def test_the_two_steps_that_learners_are_told_bring_new_notes_and_corrections(
    author: Author, learner: Learner
) -> None:
    """First the package with “Update notes: Never”, then the file beside it."""
    learner.imports(author.builds(EPOCH))
    learner.answers(9)
    before = learner.progress()
    writes(learner, "leave", "my words")
    edit(author.nettles, "- leave & licence", "- leave and licence")
    item = "\n- id: spades\n  question: Who brought spades?\n  answer: Others.\n  source: nettles 1\n"
    author.nettles.write_text(author.nettles.read_text(encoding="utf-8") + item, encoding="utf-8")
    package = author.builds(EPOCH + DAY)
    assert learner.imports(package, NEVER) == {"new": 1, "duplicate": 7}
    assert takes(learner, update_of(package)) == {"updated": 1, "duplicate": 7}
    assert "leave and licence" in learner.field("leave", "Answer")
    assert learner.field("leave", "Own notes") == "my words"
    assert "garden::section::nettles" in learner.note("spades").tags
    after = learner.progress()
    assert {key: after[key] for key in before} == before
    assert set(after) - set(before) == {("spades", 0)}
    assert learner.sound()


def test_a_package_empties_own_notes_where_it_corrects(author: Author, learner: Learner) -> None:
    """Anki replaces all fields: that is what the docs say, and why there is the file beside it."""
    learner.imports(author.builds(EPOCH))
    writes(learner, "factory", "my words")
    writes(learner, "town-plan", "my words")
    learner.col.db.execute("update notes set mod = ?", EPOCH)
    edit(author.nettles, "Because the factory **closed**.", "It **left**.")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    assert learner.field("factory", "Own notes") == ""
    assert learner.field("town-plan", "Own notes") == "my words"


def test_the_update_tells_a_collection_without_the_deck_that_it_lacks_it(
    author: Author, learner: Learner
) -> None:
    assert takes(learner, update_of(author.builds(EPOCH))) == {"missing_notetype": 7}
    assert learner.items() == []


def test_a_note_type_gets_the_field_and_nothing_is_lost(
    author: Author, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the note types as they were before there was a field for own notes, with merging on."""
    with monkeypatch.context() as earlier:
        package = _before_own_notes(author, earlier)
    learner.imports(package)
    assert learner.col.db.scalar("select count() from fields where name = 'Own notes'") == 0
    learner.answers(9)
    before = {values[0]: values for _, _, values in learner.cards()}
    edit(author.town, "Make it a park", "Make it a wood")
    package = author.builds(EPOCH + DAY)
    assert learner.imports(package) == {"duplicate": 7}
    assert "Make it a wood" not in learner.field("town-plan", "Options"), "Anki has given all notes its time"
    writes(learner, "factory", "my words")
    assert "my words" in learner.note("factory").cards()[0].answer()
    assert takes(learner, update_of(package)) == {"updated": 1, "duplicate": 6}
    assert "Make it a wood" in learner.field("town-plan", "Options"), "the update beside it brings it"
    assert learner.field("factory", "Own notes") == "my words"
    assert {values[0]: values for _, _, values in learner.cards()} == before
    assert learner.sound()


def _before_own_notes(author: Author, earlier: pytest.MonkeyPatch) -> Path:
    """Build as it was before there were own notes, with a ledger of version 1."""
    load = workspace.load_kinds

    def load_kinds(path: SearchPath) -> Found[tuple[Kind, ...]]:
        return Found(
            tuple(
                replace(kind, note_type=replace(kind.note_type, fields=kind.note_type.fields[:-1]))
                for kind in load(path).value
            )
        )

    earlier.setattr(workspace, "load_kinds", load_kinds)
    earlier.setattr("deckgen.backends.anki.notes.Note.parts", lambda note: (*note.fields, *note.tags))
    earlier.setattr("deckgen.backends.anki.notes.Composed.texts", lambda _self, _tag: {})
    own = author.folder / "templates" / "anki"
    own.mkdir(parents=True)
    lines = (HERE.parent / "templates" / "anki" / "back.html").read_text(encoding="utf-8").split("\n")
    back = "\n".join(line for line in lines if "Own notes" not in line)
    (own / "back.html").write_text(back, encoding="utf-8")
    package = author.builds(EPOCH)
    shutil.rmtree(own)
    file = author.deck / "ledger.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**data, "version": 1}), encoding="utf-8")
    return Path(shutil.move(package, package.with_name("old.apkg")))


# Retired items ------------------------------------------------------------------------


def test_a_retired_note_is_tagged_and_says_so_and_keeps_its_text_and_progress(
    author: Author, learner: Learner
) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(11)
    before, fields = learner.progress(), dict(learner.note("town").items())
    taken_out(author, "town", "close-garden")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    note = learner.note("town")
    assert learner.col.find_notes("tag:deckgen::retired") == [note.id]
    assert "garden::kind::position" in note.tags
    assert dict(note.items()) == {**fields, "Section": fields["Section"] + SAYS}
    for card in note.cards():
        assert "No longer in the deck" in card.question()
    assert learner.progress() == before
    first = author.builds(EPOCH + 2 * DAY).read_bytes()
    assert learner.imports(author.folder / "output/garden.en.apkg") == {"duplicate": 7}
    assert author.builds(EPOCH + 900 * DAY).read_bytes() == first, "it is newer once"
    assert learner.sound()


def test_somebody_who_comes_later_is_never_asked_what_is_retired(author: Author, learner: Learner) -> None:
    author.builds(EPOCH)
    taken_out(author, "town", "close-garden")
    learner.imports(author.builds(EPOCH + DAY))
    assert len(learner.new_cards()) == 9
    assert learner.col.find_cards("tag:deckgen::retired") == []
    own = author.folder / "templates" / "anki"  # nor after a note type has changed
    own.mkdir(parents=True)
    (own / "front.html").write_text('[% include "default/anki/front.html" %]<p>.</p>', encoding="utf-8")
    learner.imports(author.builds(EPOCH + 2 * DAY))
    assert learner.col.find_cards("tag:deckgen::retired") == []
    assert learner.sound()


def test_anki_s_database_check_makes_cards_of_retired_notes(author: Author, learner: Learner) -> None:
    """The docs say so. It makes the cards that any note could have, and finds nothing wrong."""
    author.builds(EPOCH)
    taken_out(author, "town", "close-garden")
    learner.imports(author.builds(EPOCH + DAY))
    assert learner.sound()
    assert len(learner.col.find_cards("tag:deckgen::retired")) == 2


def test_a_retired_item_that_returns_has_its_cards_for_those_who_came_later(
    author: Author, learner: Learner
) -> None:
    author.builds(EPOCH)
    text = taken_out(author, "town", "close-garden")
    learner.imports(author.builds(EPOCH + DAY))
    author.town.write_text(text, encoding="utf-8")
    assert learner.imports(author.builds(EPOCH + 2 * DAY)) == {"updated": 1, "duplicate": 6}
    assert [card for card in learner.new_cards() if card[0] == "town"] == [("town", 0), ("town", 1)]
    assert learner.col.find_notes("tag:deckgen::retired") == []
    assert learner.sound()


def test_the_update_has_no_row_for_what_is_retired(author: Author) -> None:
    author.builds(EPOCH)
    taken_out(author, "town", "close-garden")
    table = update_of(author.builds(EPOCH + DAY)).read_text(encoding="utf-8")
    assert guid("garden", "town-plan", "en") in table
    assert guid("garden", "town", "en") not in table


def test_an_item_that_was_renamed_is_the_same_note_and_not_retired(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(11)
    edit(author.town, "- id: town-plan\n", "- id: plan\n  renamed_from: town-plan\n")
    before = len(learner.cards())
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    assert learner.note("town-plan")["Item"] == "plan"
    assert len(learner.cards()) == before
    assert learner.col.find_notes("tag:deckgen::retired") == []
    ledger = json.loads((author.deck / "ledger.json").read_text(encoding="utf-8"))["entries"]
    assert "en/town-plan" in ledger
    assert "en/plan" not in ledger, "an entry is named by the id that learners' notes hang on"


# A lost ledger ------------------------------------------------------------------------


def test_a_ledger_rebuilt_from_a_package_gives_that_package_again(author: Author, run: Run) -> None:
    author.builds(EPOCH)
    edit(author.nettles, "Because the factory **closed**.", "It **left**.")
    author.builds(EPOCH + DAY)
    taken_out(author, "town", "close-garden")
    package = author.builds(EPOCH + 2 * DAY)
    content, table = package.read_bytes(), update_of(package).read_bytes()
    file = author.deck / "ledger.json"
    before = json.loads(file.read_text(encoding="utf-8"))["entries"]
    file.unlink()
    result = run("ledger", "--from", "output/garden.en.apkg")
    assert (result.exit_code, result.output) == (0, "cards/garden/ledger.json: 15 entries of en rebuilt\n")
    after = json.loads(file.read_text(encoding="utf-8"))["entries"]
    for entry in before.values():
        entry.pop("first", None)  # which no package knows
    studied = {f"en/{item_of(note['flds'])}" for note in read_package(content).notes}
    assert len(studied) == 7
    assert {key: after[key] for key in studied} == {key: before[key] for key in studied}
    assert {key for key in before if before[key] != after[key]} <= {"en/@discussion"} | {
        "en/open-garden",
        "en/close-garden",
    }, "what is in no package is as old as the deck"
    assert author.builds(EPOCH + 900 * DAY).read_bytes() == content
    assert update_of(package).read_bytes() == table
