"""What an import will do to each note that somebody has: Anki's importer, told beforehand.

Its rules were tried with the real Anki, and ``tests/end_to_end/test_histories.py`` holds them to it. A note
is found by its GUID alone. It is updated where the incoming one is newer (“always”: of another time). A
note type is found by its id; its fields and templates are matched by their ids, or by their names where one
has none. Where they differ, they are united, if Anki is let merge them, and all notes of the type are
given the time of the import if it gains a field; else their notes conflict, and are left alone.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from deckgen.model import Update, is_id
from deckgen.packages import Field, Note, NoteType, Package, Template

_NAMED = 60  # characters of a note's first field that tell which one is meant


class Fate(StrEnum):
    """What becomes of a note, a note type or a deck.

    What is ``KEPT`` differs from what comes, and stays as it is: it is not older. ``MERGED`` are note types
    that are united, ``RENAMED`` decks of which Anki makes new ones.
    """

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    MERGED = "merged"
    CONFLICTING = "conflicting"
    RETIRED = "retired"
    RENAMED = "renamed"


class Difference(NamedTuple):
    """A field (or the tags, or the cards) before and after; of what is kept, what stays and what came."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a note, a note type or a deck, whose ``name`` is for people.

    ``key`` is the GUID of a note, else an id.
    """

    key: str
    name: str
    fate: Fate
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an import will do: the notes in the order of the new package, the retired ones last."""

    notes: tuple[Change, ...]
    types: tuple[Change, ...]
    decks: tuple[Change, ...]

    def counts(self) -> Mapping[Fate, int]:
        """Return how many notes fare how."""
        counted = Counter(note.fate for note in self.notes)
        fates = (Fate.NEW, Fate.UPDATED, Fate.UNCHANGED, Fate.KEPT, Fate.CONFLICTING, Fate.RETIRED)
        return {fate: counted[fate] for fate in fates}

    @property
    def nothing(self) -> bool:
        """Whether both are the same."""
        return all(each.fate is Fate.UNCHANGED for each in (*self.notes, *self.types, *self.decks))


def forecast(old: Package, new: Package, update: Update = Update.NEWER, *, merge: bool = True) -> Forecast:
    """Return what the import of ``new`` will do to somebody who has ``old`` and changed nothing of it."""
    types = tuple(_types(old, new, update, merge=merge))
    conflicting = {change.key for change in types if change.fate is Fate.CONFLICTING}
    stamped = {
        number
        for number, incoming in new.types.items()
        if merge and number in old.types and _gains(old.types[number], incoming)
    }
    existing = {note.guid: note for note in old.notes}
    notes = []
    for note in new.notes:
        has = existing.get(note.guid)
        if has is None:
            notes.append(Change(note.guid, title(note), Fate.NEW))
            continue
        foreign = has.type != note.type or str(note.type) in conflicting
        since = float("inf") if has.type in stamped else has.mod
        if foreign and not merge:
            fate = Fate.CONFLICTING
        else:
            fate = Fate.UPDATED if update.allows(since, note.mod) else Fate.KEPT
        found = tuple(_differences(has, old.types[has.type], note, new.types[note.type], fate))
        if fate is Fate.KEPT and not found:
            fate = Fate.UNCHANGED
        notes.append(Change(note.guid, title(note), fate, found))
    known = {note.guid for note in new.notes}
    gone = (Change(note.guid, title(note), Fate.RETIRED) for note in old.notes if note.guid not in known)
    decks = (
        Change(str(number), deck.name, Fate.RENAMED, (Difference("name", old.decks[number].name, deck.name),))
        for number, deck in new.decks.items()
        if number in old.decks and old.decks[number].name != deck.name
    )
    return Forecast((*notes, *gone), types, tuple(decks))


def title(note: Note) -> str:
    """Return what a note is called: its item's id, the last field that is one, and its first words."""
    item = next((field for field in reversed(note.fields) if is_id(field)), "")
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", note.fields[0])).split())
    short = words if len(words) <= _NAMED else words[:_NAMED].rstrip() + "…"
    return f"{item} · {short}" if item and short != item else short


# Note types ---------------------------------------------------------------------------


def _same(one: Field | Template, other: Field | Template) -> bool:
    """Whether Anki takes a field or template for another one."""
    return one.name == other.name if one.id is None or other.id is None else one.id == other.id


def _place(part: Field | Template, parts: Sequence[Field | Template]) -> int | None:
    return next((place for place, each in enumerate(parts) if _same(part, each)), None)


def _fits(old: NoteType, new: NoteType) -> bool:
    """Whether the fields and templates of two note types are the same ones, in the same order."""
    return all(
        len(before) == len(after) and all(map(_same, before, after))
        for before, after in ((old.fields, new.fields), (old.templates, new.templates))
    )


def _gains(old: NoteType, new: NoteType) -> bool:
    return any(_place(field, old.fields) is None for field in new.fields)


def _types(old: Package, new: Package, update: Update, *, merge: bool) -> Iterator[Change]:
    for number, incoming in new.types.items():
        has = old.types.get(number)
        if has is None:
            yield Change(str(number), incoming.name, Fate.NEW)
            continue
        found = tuple(_parts(has, incoming))
        if not _fits(has, incoming):
            fate = Fate.MERGED if merge else Fate.CONFLICTING
        elif not found:
            fate = Fate.UNCHANGED
        else:
            fate = Fate.UPDATED if update.allows(has.mod, incoming.mod) else Fate.KEPT
        yield Change(str(number), incoming.name, fate, found)


def _parts(old: NoteType, new: NoteType) -> Iterator[Difference]:
    """Yield what differs between two note types; a field or template that one of them lacks is empty."""
    if old.name != new.name:
        yield Difference("name", old.name, new.name)
    pairs: tuple[tuple[str, Sequence[Field | Template], Sequence[Field | Template]], ...] = (
        ("field", old.fields, new.fields),
        ("card", old.templates, new.templates),
    )
    for what, before, after in pairs:
        for part in after:
            place = _place(part, before)
            name = "" if place is None else before[place].name
            if name != part.name:
                yield Difference(what, name, part.name)
        for part in before:
            if _place(part, after) is None:
                yield Difference(what, part.name, "")
    for template in new.templates:
        place = _place(template, old.templates)
        if place is not None:
            yield from _sides(old.templates[place], template)
    if old.css != new.css:
        yield Difference("style", old.css, new.css)


def _sides(old: Template, new: Template) -> Iterator[Difference]:
    for side, before, after in (("front", old.front, new.front), ("back", old.back, new.back)):
        if before != after:
            yield Difference(f"{new.name}, {side}", before, after)


# Notes --------------------------------------------------------------------------------


def _differences(has: Note, old: NoteType, note: Note, new: NoteType, fate: Fate) -> Iterator[Difference]:
    taken = set()
    for field, after in zip(new.fields, note.fields, strict=False):
        place = _place(field, old.fields)
        before = has.fields[place] if place is not None and place < len(has.fields) else ""
        taken.add(place)
        if before != after:
            yield Difference(field.name, before, after)
    if fate is Fate.UPDATED:  # which empties what the new note type does not have
        for place, (field, before) in enumerate(zip(old.fields, has.fields, strict=False)):
            if place not in taken and before:
                yield Difference(field.name, before, "")
    if has.tags != note.tags:
        yield Difference("tags", " ".join(has.tags), " ".join(note.tags))
    if has.cards != note.cards:
        before, after = (", ".join(str(card + 1) for card in cards) for cards in (has.cards, note.cards))
        yield Difference("cards", before, after)


# For people and for programs ----------------------------------------------------------

# Words, tags and signs; scripts that part no words are compared by the letter.
_TOKEN = re.compile(
    r"<[^>]*>|\s+|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w+|.", re.DOTALL
)
_AROUND = 8  # tokens that are shown beside a change
_MOST = 4000  # tokens that are compared one by one


class Stretch(NamedTuple):
    """A part of a text that stayed (``=``), went (``-``) or came (``+``)."""

    sign: str
    text: str


def compared(before: str, after: str) -> list[Stretch]:
    """Return two texts as one, word by word; of what stayed only what stands near a change."""
    from difflib import SequenceMatcher

    one, two = _TOKEN.findall(before), _TOKEN.findall(after)
    if before == after:
        return [Stretch("=", before)]
    if not before or not after or len(one) + len(two) > _MOST:
        return [Stretch(sign, text) for sign, text in (("-", before), ("+", after)) if text]
    matched = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    out = []
    for number, (tag, start, stop, begin, end) in enumerate(matched):
        if tag == "equal":
            first = 0 if number == 0 else _AROUND
            last = 0 if number == len(matched) - 1 else _AROUND
            kept = one[start:stop]
            if len(kept) > first + last + 1:
                kept = [*kept[:first], "…", *kept[len(kept) - last :]]
            out.append(Stretch("=", "".join(kept)))
            continue
        parts = (("-", "".join(one[start:stop])), ("+", "".join(two[begin:end])))
        out += [Stretch(sign, text) for sign, text in parts if text]
    return out


def as_json(told: Forecast) -> str:
    """Return a forecast for programs: all notes, with the whole text of what differs."""
    plain = {
        "counts": {str(fate): count for fate, count in told.counts().items()},
        "notes": [_plain(each, "guid") for each in told.notes],
        "types": [_plain(each, "id") for each in told.types],
        "decks": [_plain(each, "id") for each in told.decks],
    }
    return json.dumps(plain, ensure_ascii=True, indent=2)


def _plain(change: Change, key: str) -> dict[str, object]:
    told: dict[str, object] = {key: change.key, "name": change.name, "fate": str(change.fate)}
    if change.differences:
        told["differences"] = [each._asdict() for each in change.differences]
    return told
