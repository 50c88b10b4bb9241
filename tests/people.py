"""Those whom the tests in the real Anki are about: an author who builds a deck, a learner who imports it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER
from anki.notes import Note
from packages import item_of

from deckgen import pipeline
from deckgen.backends.anki.notes import guid

DAY = 86_400
Log = dict[str, int]

_CARDS = """
select n.flds, c.ord, c.id, c.did, c.due, c.ivl, c.reps, c.lapses, c.left, c.queue, c.type, c.factor,
  c.odue, c.odid, c.flags, c.data, (select count() from revlog r where r.cid = c.id)
from cards c join notes n on n.id = c.nid order by c.due, c.ord
"""


class Learner:
    """A person's collection."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.col = Collection(str(folder / "collection.anki2"))

    def imports(self, package: Path, update: Any = IF_NEWER, *, merge: bool = True) -> Log:
        """Import a package and return how many notes fared how; what did not happen is left out."""
        options = ImportAnkiPackageOptions(
            merge_notetypes=merge, update_notes=update, update_notetypes=update, with_scheduling=False
        )
        request = ImportAnkiPackageRequest(package_path=str(package), options=options)
        log = self.col.import_anki_package(request).log
        counts = {field.name: getattr(log, field.name) for field in log.DESCRIPTOR.fields}
        return {
            name: len(value)
            for name, value in counts.items()
            if not isinstance(value, int) and len(value) > 0
        }

    def note(self, item: str, deck: str = "garden", tag: str = "en") -> Note:
        number = self.col.db.scalar("select id from notes where guid = ?", guid(deck, item, tag))
        assert number is not None, f"{item} is not in the collection"
        return self.col.get_note(number)

    def field(self, item: str, name: str) -> str:
        return self.note(item)[name]

    def items(self) -> list[str]:
        """The items of all notes, a note each: two notes of one item would show."""
        return sorted(item_of(fields) for fields in self.col.db.list("select flds from notes"))

    def answers(self, times: int, rating: Any = None) -> int:
        """Study with the real scheduler, by ratings in turn; return how many cards there were."""
        self.col.decks.select(self.col.decks.id_for_name("Garden – English"))
        studied = 0
        while studied < times and (card := self.col.sched.getCard()) is not None:
            self.col.sched.answerCard(card, rating or (4, 1, 3, 2)[studied % 4])
            studied += 1
        # An answer on the turn of a second has a last review time one second before its entry in the log;
        # Anki's check mends that, with or without an import. Mended here, it is not taken for our doing.
        self.col.fix_integrity()
        return studied

    def cards(self) -> list[tuple[str, int, tuple[Any, ...]]]:
        """Each card's item, its ordinal and all that the scheduler knows of it, as they are due."""
        return [(item_of(row[0]), row[1], tuple(row[2:])) for row in self.col.db.all(_CARDS)]

    def progress(self) -> dict[tuple[str, int], tuple[Any, ...]]:
        return {(item, ordinal): values for item, ordinal, values in self.cards()}

    def new_cards(self) -> list[tuple[str, int]]:
        """The new cards in the order in which Anki shows them."""
        return [(item, ordinal) for item, ordinal, values in self.cards() if values[7] == 0]

    def decks(self) -> list[str]:
        return [deck.name for deck in self.col.decks.all_names_and_ids() if deck.name != "Default"]

    def sound(self) -> bool:
        """Whether Anki's own database check finds nothing to mend."""
        problems, good = self.col.fix_integrity()
        return good and problems == "Database rebuilt and optimized."


class Author:
    """A person who keeps the garden deck and builds it from time to time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.deck = folder / "cards" / "garden"
        self.nettles = self.deck / "items" / "10-nettles.yaml"
        self.town = self.deck / "items" / "20-town.yaml"

    def builds(self, now: int, *, breaking: bool = False) -> Path:
        workspace = pipeline.open_workspace(self.folder).value
        loaded = (pipeline.load(workspace, self.deck),)
        options = pipeline.Options(self.folder / "output", products=("anki",), breaking=breaking)
        outcome = pipeline.build(workspace, loaded, options, now, lambda _file, _stage: None)
        assert not outcome.failed, [one.text() for one in outcome.diagnostics]
        return next(each.path for each in outcome.written if each.path.suffix == ".apkg")


@contextmanager
def learner_in(folder: Path) -> Iterator[Learner]:
    learner = Learner(folder)
    try:
        yield learner
    finally:
        learner.col.close()
