"""Histories in the real Anki: random decks, edits, rebuilds, reviews and imports.

An author keeps a deck and publishes it now and then; a learner imports it or not, studies, and writes own
words and tags into notes. Whatever they do, in whatever order: no note is ever there twice, no review is lost
or reset, no note that did not change loses what its learner wrote, every correction arrives, and
``forecast`` has told beforehand what became of each note.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageOptions
from anki.collection import ImportAnkiPackageRequest as Request
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS as ALWAYS
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_NEVER as NEVER
from conftest import EPOCH, HERE
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from deckgen import packages, pipeline
from deckgen.backends.anki.notes import RETIRED, guid
from deckgen.forecast import Fate, Forecast, forecast
from deckgen.model import Update
from deckgen.packages import Field, Note, NoteType, Package, Template

SHIPPED = HERE.parent / "templates" / "kinds"
KINDS = ("question", "term", "cloze")
DAY = 86_400
HISTORIES = 500
NUMBERS = {Update.NEWER: IF_NEWER, Update.ALWAYS: ALWAYS, Update.NEVER: NEVER}

DECK = """\
id: garden
name: Garden
title: Who decides about the garden?
language: en
licence: {name: CC BY-SA 4.0, url: "https://creativecommons.org/licenses/by-sa/4.0/"}
"""
WORDS = ("nettles", "spades", "a gate", "the town", "moss", "two keys")


# The author -----------------------------------------------------------------------------


@dataclass
class Item:
    """An item as its author thinks of it. ``former`` are the ids it had, the first one first."""

    id: str
    kind: str
    words: str
    gaps: int = 1
    former: list[str] = field(default_factory=list)

    def yaml(self) -> str:
        lines = [f"- id: {self.id}", f"  kind: {self.kind}", "  source: nettles 1"]
        if self.former:
            lines.append(f"  renamed_from: [{', '.join(self.former)}]")
        if self.kind == "cloze":
            gaps = " ".join(f"{{{{c{number + 1}::gap {number + 1}}}}}" for number in range(self.gaps))
            lines.append(f"  text: '{self.origin} {self.words}: {gaps}'")
        elif self.kind == "term":
            lines += [f"  term: Term {self.origin}", f"  definition: '{self.words}'"]
        else:
            lines += [f"  question: Is it {self.origin}?", f"  answer: '{self.words}'"]
        return "\n".join(lines) + "\n"

    @property
    def origin(self) -> str:
        return (*self.former, self.id)[0]


@dataclass
class Author:
    """Keeps a deck of a few items, and the packages published so far."""

    folder: Path
    items: list[Item]
    shelf: list[Item] = field(default_factory=list)
    now: int = EPOCH
    made: int = 0

    def __post_init__(self) -> None:
        deck = self.folder / "cards" / "garden"
        (deck / "items").mkdir(parents=True)
        (deck / "deck.yaml").write_text(DECK, encoding="utf-8")
        (deck / "essay.yaml").write_bytes((HERE / "decks" / "base" / "essay.yaml").read_bytes())

    def does(self, what: str, which: int, words: str) -> None:
        """Change the deck: an item's words, the items there are, their order, or an id."""
        if what == "add" or not self.items:
            self.made += 1
            name = f"item-{self.made}"
            self.items.append(Item(name, KINDS[which % 3], words))
            return
        place = which % len(self.items)
        item = self.items[place]
        if what == "edit":
            item.words = words
        elif what == "gap":
            item.gaps = min(item.gaps + 1, 4)
        elif what == "remove" and len(self.items) > 1:
            self.shelf.append(self.items.pop(place))
        elif what == "return" and self.shelf:
            self.items.append(self.shelf.pop(which % len(self.shelf)))
        elif what == "reorder":
            self.items.insert(0, self.items.pop(place))
        elif what == "rename":
            self.made += 1
            item.former.append(item.id)
            item.id = f"item-{self.made}"

    def upgrades(self, kind: str, what: str) -> None:
        """Change a note type for good, by a kind of one's own: a field more, another name, another look."""
        own = self.folder / "templates" / "kinds" / kind
        if not own.exists():
            shutil.copytree(SHIPPED / kind, own)
        back = "term-back.html" if kind == "term" else "back.html"
        file = own / (back if what == "face" else "kind.yaml")
        text = file.read_text(encoding="utf-8")
        if what == "face":
            text = text.replace("[% block main %]", "[% block main %]<hr>", 1)
        elif what == "name":
            text = text.replace("name: Item,", "name: Id,")  # which no template names
        elif "name: More" not in text:
            text = text.replace("  cards:", "    - {id: 7214539999, name: More, value: source}\n  cards:")
        file.write_text(text, encoding="utf-8")

    def builds(self, later: int) -> tuple[Path, Package]:
        """Publish, by a clock that may jump back; return the package and what is in it."""
        self.now += later * DAY
        deck = self.folder / "cards" / "garden"
        text = "\n".join(item.yaml() for item in self.items)
        (deck / "items" / "10-nettles.yaml").write_text(text, encoding="utf-8")
        workspace = pipeline.open_workspace(self.folder).value
        loaded = (pipeline.load(workspace, deck),)
        options = pipeline.Options(self.folder / "output", products=("anki",))
        outcome = pipeline.build(workspace, loaded, options, self.now, lambda _file, _stage: None)
        assert not outcome.failed, [one.text() for one in outcome.diagnostics]
        written = next(each for each in outcome.written if each.path.suffix == ".apkg")
        package = packages.read(written.path)
        assert package.value is not None
        return written.path, package.value


# The learner ----------------------------------------------------------------------------

_SCHEDULE = """
select n.guid, c.ord, c.id, c.did, c.due, c.ivl, c.reps, c.lapses, c.left, c.queue, c.type, c.factor, c.odue,
  c.odid, c.flags, c.data, (select count() from revlog r where r.cid = c.id)
from cards c join notes n on n.id = c.nid
"""
_FATES = {
    "new": {Fate.NEW},
    "updated": {Fate.UPDATED},
    "duplicate": {Fate.UNCHANGED, Fate.KEPT},
    "conflicting": {Fate.CONFLICTING},
}
Fates = Mapping[str, frozenset[str]]


class Learner:
    """A person's collection. What they do themselves is done half a day after the author's last package."""

    def __init__(self, folder: Path) -> None:
        self.col = Collection(str(folder / "collection.anki2"))

    def has(self) -> Package:
        """What stands in the collection, as a package."""
        self.col.models._clear_cache()
        types = {each["id"]: _type(each) for each in self.col.models.all()}
        cards: dict[int, list[int]] = {}
        for number, ordinal in self.col.db.all("select nid, ord from cards order by nid, ord"):
            cards.setdefault(number, []).append(ordinal)
        rows = self.col.db.all("select id, guid, mid, mod, flds, tags from notes order by id")
        notes = (
            Note(
                guid,
                kind,
                mod,
                tuple(fields.split("\x1f")),
                tuple(sorted(tags.split())),
                tuple(cards.get(number, ())),
            )
            for number, guid, kind, mod, fields, tags in rows
        )
        return Package(types, tuple(notes), {})

    def progress(self) -> dict[tuple[str, int], tuple[Any, ...]]:
        return {(row[0], row[1]): tuple(row[2:]) for row in self.col.db.all(_SCHEDULE)}

    def imports(self, path: Path, package: Package, update: Update, merge: bool, now: int) -> Fates:
        """Import a package at the time ``now``; return the GUIDs of the notes by how they fared."""
        began = int(time.time())
        options = ImportAnkiPackageOptions(
            merge_notetypes=merge, update_notes=NUMBERS[update], update_notetypes=NUMBERS[update]
        )
        log = self.col.import_anki_package(Request(package_path=str(path), options=options)).log
        self.col.db.execute("update notes set mod = ? where mod >= ?", now + DAY // 2, began)
        of_item = {_item(note.fields): note.guid for note in package.notes}
        fared = {}
        for name in ("new", "updated", "duplicate", "conflicting"):
            told = getattr(log, name)
            guids = (self.col.db.scalar("select guid from notes where id = ?", one.id.nid) for one in told)
            known = [guid or of_item[_item(one.fields)] for guid, one in zip(guids, told, strict=True)]
            fared[name] = frozenset(known)
            assert len(fared[name]) == len(known), "a note is told twice"
        assert not [*log.first_field_match, *log.missing_notetype, *log.missing_deck, *log.empty_first_field]
        return fared

    def studies(self, times: int) -> None:
        self.col.decks.select(self.col.decks.id_for_name("Garden – English"))
        for number in range(times):
            card = self.col.sched.getCard()
            if card is None:
                break
            self.col.sched.answerCard(card, (3, 4, 1, 2)[number % 4])
        self.col.fix_integrity()  # an answer on the turn of a second: see people.py

    def writes(self, which: int, words: str, now: int) -> str:
        """Write own words and a tag into a note; return its GUID, or nothing if there is none."""
        notes = self.col.db.list("select id from notes order by id")
        if not notes:
            return ""
        note = self.col.get_note(notes[which % len(notes)])
        note.fields[1] += f" {words}"
        note.add_tag("mine")
        self.col.update_note(note)
        self.col.db.execute("update notes set mod = ? where id = ?", now + DAY // 2, note.id)
        return str(note.guid)


def _type(data: Any) -> NoteType:
    return NoteType(
        data["id"],
        data["name"],
        tuple(Field(each.get("id"), each["name"]) for each in data["flds"]),
        tuple(Template(each.get("id"), each["name"], each["qfmt"], each["afmt"]) for each in data["tmpls"]),
        data["css"],
        data["type"] == 1,
        data["mod"],
    )


def _item(fields: Iterable[str]) -> str:
    return next(each for each in fields if re.fullmatch(r"item-\d+", each))


def by_field(package: Package, note: Note) -> dict[int | None, str]:
    """A note's fields by their ids; one that is empty might as well not be there."""
    fields = package.types[note.type].fields
    return {field.id: text for field, text in zip(fields, note.fields, strict=True) if text}


# The law --------------------------------------------------------------------------------


@dataclass
class History:
    """An author, a learner, and what the one has published and the other not taken over as it is."""

    author: Author
    learner: Learner
    published: list[tuple[Path, Package]] = field(default_factory=list)
    newest: int = -1
    touched: set[str] = field(default_factory=set)

    def publishes(self, later: int) -> None:
        path, package = self.author.builds(later)
        kept = path.with_name(f"{len(self.published)}.apkg")
        path.rename(kept)
        self.published.append((kept, package))

    def imports(self, number: int, update: Update, merge: bool) -> None:
        """Import a package; see that what happens is what was told, and that nothing is lost."""
        path, package = self.published[number]
        had, progress = self.learner.has(), self.learner.progress()
        told = forecast(had, package, update, merge=merge)
        fared = self.learner.imports(path, package, update, merge, self.author.now)
        has = self.learner.has()
        assert fared == {name: _told(told, *fates) for name, fates in _FATES.items()}
        if self.newest >= 0:
            self.as_by_the_packages(had, self.published[self.newest][1], package, fared, update, merge)

        after = self.learner.progress()
        assert {key: after.get(key) for key in progress} == progress, "a review is lost or reset"
        notes = {note.guid: note for note in has.notes}
        assert len(notes) == len(has.notes), "a note is there twice"
        assert set(notes) == {note.guid for note in (*had.notes, *package.notes)}
        came = {note.guid: note for note in package.notes}
        for key in fared["new"] | fared["updated"]:
            assert by_field(has, notes[key]) == by_field(package, came[key])
            assert notes[key].tags == came[key].tags
        for note in had.notes:
            if note.guid not in fared["updated"]:
                assert by_field(has, notes[note.guid]) == by_field(had, note), "what was not updated changed"
                assert notes[note.guid].tags == note.tags

        self.touched -= fared["updated"]
        self.touched |= _told(told, Fate.CONFLICTING)
        gained = {str(number) for number, each in has.types.items() if _grew(had.types.get(number), each)}
        self.touched |= {note.guid for note in had.notes if str(note.type) in gained} - fared["updated"]
        if update is not Update.NEVER and number >= self.newest:
            self.newest = number
            for note in package.notes:
                if note.guid not in self.touched:
                    assert by_field(has, notes[note.guid]) == by_field(package, note), "a correction is lost"
        elif number != self.newest:  # an older one, or none of the corrections: some notes are behind
            self.touched |= {
                key for key, note in came.items() if by_field(has, notes[key]) != by_field(package, note)
            }

    def as_by_the_packages(
        self, had: Package, old: Package, new: Package, fared: Fates, update: Update, merge: bool
    ) -> None:
        """What two packages alone tell is right for each note that is as the first of them had it."""
        has = {note.guid: note for note in had.notes}
        same = {
            note.guid
            for note in old.notes
            if note.guid in has and has[note.guid].mod == note.mod and has[note.guid].fields == note.fields
        }
        if any(had.types[number].fields != each.fields for number, each in old.types.items()):
            return
        told = forecast(old, new, update, merge=merge)
        for name, fates in _FATES.items():
            assert _told(told, *fates) & same == fared[name] & same


def _told(told: Forecast, *fates: Fate) -> frozenset[str]:
    return frozenset(each.key for each in told.notes if each.fate in fates)


def _grew(before: NoteType | None, after: NoteType) -> bool:
    return before is not None and len(before.fields) < len(after.fields)


@contextmanager
def beginning(folder: Path, kinds: Iterable[str]) -> Iterator[History]:
    """A deck with an item of each of these kinds, and an empty collection; both are gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        author = Author(Path(name), [])
        for kind in kinds:
            author.does("add", KINDS.index(kind), "nettles")
        learner = Learner(Path(name))
        try:
            yield History(author, learner)
        finally:
            learner.col.close()


def lives(history: History, steps: Iterable[tuple[Any, ...]]) -> None:
    """Let a history happen. Whatever it was, at its end everything that was published can be had."""
    history.publishes(0)
    history.imports(0, Update.NEWER, True)
    for what, *details in steps:
        if what == "edit":
            history.author.does(*details)
        elif what == "upgrade":
            history.author.upgrades(*details)
        elif what == "study":
            history.learner.studies(*details)
        elif what == "write":
            history.touched.add(history.learner.writes(*details, history.author.now))
        elif what == "again":
            history.imports(details[0] % len(history.published), *details[1:])
        else:
            history.publishes(details[0])
            history.imports(len(history.published) - 1, *details[1:])
    history.publishes(1)
    history.imports(len(history.published) - 1, Update.ALWAYS, True)
    has, package = history.learner.has(), history.published[-1][1]
    notes = {note.guid: note for note in has.notes}
    assert all(by_field(has, notes[note.guid]) == by_field(package, note) for note in package.notes)
    for item in history.author.shelf:
        guids = {packed.guid for packed in package.notes if RETIRED in packed.tags}
        assert guid("garden", item.origin, "en") in guids, "what is taken out is in the package, and tagged"
    assert all(notes[packed.guid].tags == packed.tags for packed in package.notes)
    problems, good = history.learner.col.fix_integrity()
    assert (problems, good) == ("Database rebuilt and optimized.", True)


_kinds = st.lists(st.sampled_from(KINDS), min_size=2, max_size=4)
_words = st.sampled_from(WORDS)
_which = st.integers(0, 5)
_edits = st.tuples(
    st.just("edit"),
    st.sampled_from(["edit", "edit", "edit", "add", "gap", "remove", "return", "reorder", "rename"]),
    _which,
    _words,
)
_updates = st.sampled_from([Update.NEWER, Update.NEWER, Update.NEWER, Update.ALWAYS, Update.NEVER])
_study = st.tuples(st.just("study"), st.integers(1, 5))
_writing = st.tuples(st.just("write"), _which, _words)
_later = st.integers(-2, 4)


def histories(merge: st.SearchStrategy[bool], *more: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Steps between the first package and the last. Each delivery comes after one or two edits."""
    between = st.lists(st.one_of(_edits, _study, _writing, *more), min_size=1, max_size=4)
    delivery = st.one_of(
        st.tuples(st.just("deliver"), _later, _updates, merge),
        st.tuples(st.just("deliver"), _later, _updates, merge),
        st.tuples(st.just("again"), _which, _updates, merge),
    )
    return st.lists(st.tuples(between, delivery), min_size=1, max_size=2).map(
        lambda rounds: [step for steps, last in rounds for step in (*steps, last)]
    )


_law = settings(
    deadline=None,
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a smaller history is no easier to read, and takes as long
)


RENAMED_BY_A_SLOW_CLOCK = [("edit", "rename", 1, ""), ("deliver", -1, Update.NEWER, True)]


@pytest.mark.slow
@given(_kinds, histories(st.booleans()))
@example(["cloze", "question"], RENAMED_BY_A_SLOW_CLOCK)
@_law
def test_nothing_is_lost_and_the_forecast_is_right_in_any_history(
    tmp_path: Path, kinds: list[str], steps: list[Any]
) -> None:
    with beginning(tmp_path, kinds) as history:
        lives(history, steps)


@pytest.mark.slow
@given(
    _kinds,
    histories(
        st.just(True),
        st.tuples(
            st.just("upgrade"),
            st.sampled_from(KINDS),
            st.sampled_from(["field", "name", "face"]),
        ),
    ),
)
@_law
def test_so_it_is_when_the_note_types_change_meanwhile(
    tmp_path: Path, kinds: list[str], steps: list[Any]
) -> None:
    with beginning(tmp_path, kinds) as history:
        lives(history, steps)


# What else is told ----------------------------------------------------------------------


def test_a_learner_s_own_export_tells_what_becomes_of_their_notes(tmp_path: Path) -> None:
    """Written words make a note newer than the package that they learn from; their export knows."""
    with beginning(tmp_path, ["question", "term", "cloze"]) as history:
        history.publishes(0)
        history.imports(0, Update.NEWER, True)
        written = history.learner.writes(0, "moss", EPOCH + 9 * DAY)
        history.author.does("edit", 0, "moss")
        history.author.does("edit", 1, "moss")
        history.publishes(1)
        export = history.author.folder / "export.apkg"
        options = ExportAnkiPackageOptions(
            with_scheduling=False, with_deck_configs=False, with_media=True, legacy=True
        )
        history.learner.col.export_anki_package(out_path=str(export), options=options, limit=None)
        path, package = history.published[1]
        had = packages.read(export).value
        assert had is not None
        told = forecast(had, package)
        assert _told(told, Fate.KEPT) == {written}
        fared = history.learner.imports(path, package, Update.NEWER, True, EPOCH)
        assert fared == {name: _told(told, *fates) for name, fates in _FATES.items()}


def test_an_export_in_anki_s_newest_format_is_told(tmp_path: Path) -> None:
    with beginning(tmp_path, ["question"]) as history:
        history.publishes(0)
        history.imports(0, Update.NEWER, True)
        export = history.author.folder / "export.apkg"
        options = ExportAnkiPackageOptions(
            with_scheduling=False, with_deck_configs=False, with_media=True, legacy=False
        )
        history.learner.col.export_anki_package(out_path=str(export), options=options, limit=None)
        (told,) = packages.read(export).diagnostics
        assert "Support older Anki versions" in told.text()


@pytest.mark.parametrize("what", ["field", "name", "face"])
@pytest.mark.parametrize("update", Update)
def test_without_merging_the_forecast_is_right_too(tmp_path: Path, what: str, update: Update) -> None:
    """A field more makes all notes of the type conflict; a new name or look does not."""
    with beginning(tmp_path, ["question", "term"]) as history:
        history.publishes(0)
        history.imports(0, Update.NEWER, True)
        history.author.does("edit", 0, "moss")
        history.author.upgrades("question", what)
        history.publishes(1)
        history.imports(1, update, False)
        told = forecast(history.published[0][1], history.published[1][1], update, merge=False)
        assert len(_told(told, Fate.CONFLICTING)) == (1 if what == "field" else 0)
