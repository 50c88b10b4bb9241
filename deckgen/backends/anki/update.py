"""The update for learners with own notes: ``<deck>.<lang>.update.tsv``, a text file for Anki to import.

A package replaces all fields and tags of a note that it updates. A text file replaces the fields it has and
no others (tried in ``tests/end_to_end``), so it lacks the field for own notes, and the tags. It finds notes
by their GUID, and note types by their id, which no translation changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deckgen.backends.anki.notes import Composed, compose, deck_name
from deckgen.backends.base import Composition, Request
from deckgen.diagnostics import Result

_HEAD = ("#separator:tab", "#html:true", "#guid column:1", "#notetype column:2", "#deck column:3")


@dataclass(frozen=True)
class Table:
    """The rows of an update, of which all notes are rendered."""

    request: Request
    composed: Composed
    key = ""

    def finish(self) -> Result[bytes | None]:
        """Return the file's bytes. The deck is only for notes that a collection has not got yet."""
        return Result("".join(f"{line}\n" for line in self.lines()).encode())

    def lines(self) -> Iterator[str]:
        """Yield the headers, then a row for each note that is studied."""
        request = self.request
        types = {each.kind.name: each.id for each in self.composed.types}
        sections = {each.id: number for number, each in enumerate(request.deck.essay.sections)}
        rows = [
            (
                note.guid,
                str(types[note.item.kind]),
                deck_name(request, sections[note.item.section]),
                *note.fields[:-1],
            )
            for note in self.composed.notes
            if note.cards and note.item.kind in request.deck.studied
        ]
        yield from _HEAD
        # Anki reads as many columns as have a name; where a row has fewer, the last fields stay as they are.
        widest = max((len(row) for row in rows), default=3)
        yield "\t".join(("#columns:guid", "notetype", "deck", *(str(n) for n in range(1, widest - 2))))
        for row in rows:
            yield "\t".join(_quoted(value) for value in row)


def _quoted(value: str) -> str:
    """Quote a value always: a row that began with “#” would be a comment."""
    return '"' + value.replace('"', '""') + '"'


class UpdateBackend:
    """The update beside the package: ``output/<deck>.<lang>.update.tsv``. A draft has none."""

    name, product = "anki-update", "anki"
    heavy = has_large = False

    def suffix(self, request: Request) -> str:
        """Return the end of the file's name."""
        return "" if request.draft else ".update.tsv"

    def compose(self, request: Request) -> Result[Composition | None]:
        """Render the notes, unless the ledger's plan has done it."""
        composed = compose(request) if request.composed is None else Result(request.composed)
        if composed.diagnostics:
            return Result(None, composed.diagnostics)
        return Result(Table(request, composed.value))
