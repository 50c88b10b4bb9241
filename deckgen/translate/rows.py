"""A deck and a catalogue → the rows of the translators' spreadsheet; the rows that come back → the catalogue.

A row is taken if nothing has changed under the translator's hands: neither the source, nor the translation in
the catalogue. What a row says is then done to its entry:

================================  ======================================================================
in the row                        in the catalogue
================================  ======================================================================
another translation               written; no longer flagged
status ``done``                   no longer flagged: the translation fits the source as it is now
status ``needs work``             flagged fuzzy
another note                      the translator's comment
no translation where there was    nothing; a warning
================================  ======================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deckgen.decoding import FORBIDDEN, name_of
from deckgen.diagnostics import Code, Diagnostic, Span, codes, nearest
from deckgen.model import Deck, Kind
from deckgen.translate.catalogue import Catalogue
from deckgen.translate.localize import Standing, Told, told
from deckgen.translate.merge import FUZZY, is_fuzzy
from deckgen.translate.messages import Message, messages
from deckgen.translate.sheet import LOCKED, OPEN, Book, Returned, Row, Status, mark


def rows(deck: Deck, kinds: Mapping[str, Kind], catalogue: Catalogue) -> Iterator[Row]:
    """Yield the rows of the spreadsheet in the order of the deck's files."""
    labels = {item.id: kinds[item.kind].label for item in deck.items}
    for message in messages(deck, kinds):
        one = told(message, catalogue)
        entry = one.entry
        yield Row(
            id=message.ctxt,
            field=_field(message, labels),
            before=_before(one),
            now=message.text,
            translation=one.text,
            status=_status(one),
            note=entry.tcomment if entry is not None else "",
        )


def _field(message: Message, labels: Mapping[str, str]) -> str:
    """Return what a text is, for people: ``Choice: wrong 2``, ``Section: title``."""
    if message.item:
        return f"{labels[message.item]}: {message.path.replace('.', ' ')}"
    whose, _, rest = message.ctxt.removeprefix("@").partition(".")
    return f"{whose.title()}: {rest.rpartition('.')[2]}"


def _before(one: Told) -> str:
    stale = one.standing is Standing.STALE and one.entry is not None
    return (one.entry.previous_msgid or "") if stale and one.entry else ""


def _status(one: Told) -> Status:
    if one.standing is Standing.STALE and not _before(one):  # flagged, and not for its source
        return Status.NEEDS_WORK
    return Status(one.standing.value)


# What comes back


@dataclass(slots=True)
class Taken:
    """What became of the rows that came back."""

    taken: int = 0
    unchanged: int = 0
    refused: int = 0
    diagnostics: list[Diagnostic] = field(default_factory=list)


def take(book: Book, deck: Deck, kinds: Mapping[str, Kind], catalogue: Catalogue) -> Taken:
    """Write what a translator changed into the entries of a catalogue that is up to date with the deck."""
    known = {message.ctxt: message for message in messages(deck, kinds)}
    numbers: dict[str, list[int]] = {}
    for one in book.rows:
        numbers.setdefault(one.row.id, []).append(one.number)
    taken = Taken()
    for one in book.rows:
        name, places = one.row.id, numbers[one.row.id]
        if len(places) == 1 and one.exported and not one.changed((*LOCKED, *OPEN)):
            taken.unchanged += 1
            continue
        entry = catalogue.live.get(name)
        refusal = _refusal(one, places, known.get(name), entry)
        if refusal is not None:
            code, args = refusal
            span = Span(book.source.file, one.number, 1, one.number, len(name) + 1)
            taken.diagnostics.append(Diagnostic(code, span, {"name": name, **args}))
            taken.refused += 1
        elif _written(one, entry):
            taken.taken += 1
        else:
            taken.unchanged += 1
    return taken


def _refusal(
    one: Returned, places: list[int], message: Message | None, entry: Any | None
) -> tuple[Code, dict[str, object]] | None:
    """Return why a row that was changed cannot be taken, or None."""
    row, exported = one.row, one.exported
    if exported is None or message is None or entry is None:
        return codes.NO_SUCH_ROW, {}
    if len(places) > 1:
        return codes.ROW_TWICE, {"rows": ", ".join(map(str, places))}
    if locked := one.changed(LOCKED):
        return codes.LOCKED_CELL, {"column": locked[0]}
    if one.odd:
        return codes.NOT_TEXT, {"column": one.odd[0]}
    if exported.now != mark(message.text):
        return codes.SOURCE_CHANGED, {}
    for text in (row.translation, row.note):
        if found := FORBIDDEN.search(text):
            return codes.CONTROL_CHARACTER, {"character": name_of(found[0])}
    status = row.status.casefold()
    if status and status not in tuple(Status):
        return codes.BAD_STATUS, {"status": row.status, "near": nearest(status, Status)}
    if _meanwhile(one, entry):
        return codes.BOTH_CHANGED, {}
    if not row.translation and (entry.msgstr or status == Status.DONE):
        return codes.EMPTIED, {}
    return None


def _meanwhile(one: Returned, entry: Any) -> bool:
    """Whether the catalogue has changed since the export where the translator changed something."""
    assert one.exported is not None
    words = mark(entry.msgstr) not in (one.exported.translation, mark(one.row.translation))
    note = mark(entry.tcomment) not in (one.exported.note, mark(_comment(one.row.note)))
    return bool((words and one.changed(("translation", "status"))) or (note and one.changed(("note",))))


def _written(one: Returned, entry: Any | None) -> bool:
    """Write a row into its entry; return whether that changed it."""
    assert entry is not None
    before = (entry.msgstr, is_fuzzy(entry), entry.tcomment)
    row, changed = one.row, one.changed(OPEN)
    if "translation" in changed and row.translation != entry.msgstr:
        entry.msgstr, entry.previous_msgid = row.translation, None
    if "translation" in changed or "status" in changed:
        status = row.status.casefold()
        flags = [flag for flag in entry.flags if flag != FUZZY]
        if status == Status.NEEDS_WORK and entry.msgstr:
            entry.flags = [*flags, FUZZY]
        elif status == Status.DONE or "translation" in changed:
            entry.flags, entry.previous_msgid = flags, None
    if "note" in changed:
        entry.tcomment = _comment(row.note)
    return before != (entry.msgstr, is_fuzzy(entry), entry.tcomment)


def _comment(note: str) -> str:
    """Return a note as a comment of a catalogue can hold it: without empty lines."""
    return "\n".join(filter(None, map(str.strip, note.split("\n"))))
