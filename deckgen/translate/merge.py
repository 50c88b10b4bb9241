"""What ``deckgen sync`` does: a catalogue and the deck's messages → the catalogue brought up to date.

Merged by identity, never by likeness: a message keeps the translation that has its name, and none moves to
another card. Matching by likeness, as Babel and msgmerge do it, hands a card's translation to its neighbour.

====================================  ==================================================================
in the source                         in the catalogue
====================================  ==================================================================
unchanged                             kept
changed                               kept, flagged fuzzy; ``#|`` is the source that was translated
changed back                          the flag goes
changed, named as minor               kept, not flagged
renamed (``renamed_from``), returned  the translation comes along
removed                               obsolete
new                                   empty; a translation of the same words elsewhere is a comment
====================================  ==================================================================

The entries of a list follow their words within the list of their item. Comments that deckgen writes tell
since when an entry is new or stale, which other texts of its card were stale with it, and whether a person
had flagged it: such a flag they alone take away.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from deckgen.diagnostics import Source
from deckgen.model import Deck, Kind
from deckgen.translate.catalogue import Catalogue, Entry, complete, is_translated, read, write
from deckgen.translate.messages import Context, Message, glossary, messages

FUZZY = "fuzzy"
# Some programs break the lines of comments.
_SINCE = re.compile(
    r"(?m)^(stale|new)\s+since\s+(\d{4}-\d\d-\d\d)\b"
    r"(?:,\s+together\s+with\s+([\w.-]+(?:,\s+(?!half\s|in\s)[\w.-]+)*))?(,\s+half\s+renewed)?(,\s+in\s+doubt)?"
)


class Since(NamedTuple):
    """Since when (ISO 8601, a day) an entry is ``stale`` or ``new``.

    ``together`` are the other texts of its card that waited with it. A card is ``mixed`` of which some were
    renewed and others were not. A text in ``doubt`` was flagged by a person, not for its source.
    """

    what: str
    day: str
    together: tuple[str, ...] = ()
    mixed: bool = False
    doubt: bool = False

    def __str__(self) -> str:
        together = f", together with {', '.join(self.together)}" if self.together else ""
        mixed, doubt = ", half renewed" if self.mixed else "", ", in doubt" if self.doubt else ""
        return f"{self.what} since {self.day}{together}{mixed}{doubt}"


def since(entry: Entry) -> Since | None:
    """Return what the comment of an entry says, or None."""
    found = _SINCE.search(entry.comment)
    if found is None:
        return None
    try:
        datetime.date.fromisoformat(found[2])
    except ValueError:  # somebody wrote it by hand
        return None
    together = tuple(re.split(r",\s+", found[3])) if found[3] else ()
    return Since(found[1], found[2], together, bool(found[4]), bool(found[5]))


def is_fuzzy(entry: Entry) -> bool:
    """Whether an entry is flagged: its translation is of an earlier source, or in doubt."""
    return FUZZY in entry.flags


def in_doubt(entry: Entry) -> bool:
    """Whether a person flagged an entry: then no change of its source takes the flag away.

    So is a translation of nobody knows what: its entry has lost its source.
    """
    if is_translated(entry) and not entry.msgid:
        return True
    if not is_fuzzy(entry):
        return False
    noted = since(entry)
    return not entry.previous_msgid or (noted is not None and noted.doubt)


def _marked(entry: Entry) -> bool:
    """Whether a person has flagged an entry since the last merge."""
    noted = since(entry)
    return is_fuzzy(entry) and not entry.previous_msgid and not (noted and noted.doubt)


def half_renewed(entries: Mapping[str, Entry]) -> bool:
    """Whether some of a card's texts were renewed and others that were stale with them were not.

    The entries are given by the places of their texts: the old translations of such a card no longer fit
    together.
    """
    for entry in entries.values():
        noted = since(entry) if is_fuzzy(entry) else None
        if noted is None:
            continue
        if noted.mixed:
            return True
        if noted.doubt and not entry.previous_msgid:  # its source is as it was
            continue
        for other in filter(None, map(entries.get, noted.together)):
            # A translation that was replaced and flagged again has lost the source of the old one.
            renewed = not is_fuzzy(other) or (entry.previous_msgid and _marked(other))
            if is_translated(other) and renewed:
                return True
    return False


@dataclass(slots=True)
class Merged:
    """A catalogue's text after a merge, and the names of the messages that changed their state.

    ``late`` are those named as minor whose change an earlier merge has taken in already.
    """

    text: str = ""
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


def merge(
    catalogue: Catalogue,
    deck: Deck,
    kinds: Mapping[str, Kind],
    today: datetime.date,
    minor: frozenset[str] = frozenset(),
) -> Merged:
    """Bring a catalogue up to date with a deck; ``minor`` names messages whose change does not matter.

    The entries of ``catalogue`` are used up.
    """
    merged = _Merge(catalogue, deck, kinds, today, minor).run()
    if any(home(name) != name for name in merged.removed if name):
        # What has just left its place in a list may be wanted at another one of it.
        again = read(Source(catalogue.source.file, merged.text), catalogue.tag).value
        if again is not None:
            merged.text = _Merge(again, deck, kinds, today, minor).run().text
    return merged


class Claim(NamedTuple):
    """A message with its entry, and its place in its item as the catalogue had it; empty if it had none."""

    message: Message
    entry: Entry
    path: str


Records = dict[int, dict[str, str]]  # the texts of a list by their places and parts


def home(name: str) -> str:
    """Return what stays the same of a name: an entry's place in its list is no identity."""
    item, _, path = name.partition(".")
    field_name, listed, place = path.partition(".")
    if not listed or item.startswith("@"):
        return name
    return f"{item}.{field_name}..{place.partition('.')[2]}"


class _Merge:
    def __init__(
        self,
        catalogue: Catalogue,
        deck: Deck,
        kinds: Mapping[str, Kind],
        today: datetime.date,
        minor: frozenset[str],
    ) -> None:
        self.catalogue, self.live = catalogue, dict(catalogue.live)
        self.today, self.minor = today.isoformat(), minor
        self.deck = deck
        self.messages = tuple(messages(deck, kinds))
        self.context = Context(deck, kinds, self.messages)
        self.former = {item.id: item.former for item in deck.items if item.former}
        self.lists = _lists(self.live)
        self.dead: dict[str, list[Entry]] = {}
        for entry in catalogue.dead:
            self.dead.setdefault(home(entry.msgctxt or ""), []).append(entry)
        self.merged = Merged()

    def run(self) -> Merged:
        entries: list[Entry] = []
        days: list[Since | None] = []
        for _, group in groupby(self.messages, key=lambda message: message.item):
            claims = self.claimed(tuple(group))
            entries += (claim.entry for claim in claims)
            days += self.updated(claims)
        for entry in reversed(self.live.values()):  # what nobody claimed
            self.merged.removed.append(entry.msgctxt)
            if is_translated(entry):
                self.dead.setdefault(home(entry.msgctxt), []).append(retired(entry))
        dead = sorted(
            (entry for kept in self.dead.values() for entry in kept),
            key=lambda entry: (entry.msgctxt or "", entry.msgid),
        )
        known = {e.previous_msgid or e.msgid: e.msgstr for e in (*dead, *entries) if is_translated(e)}
        for message, entry, day in zip(self.messages, entries, days, strict=True):
            self.describe(message, entry, day, known)
        self.gloss(entries)
        complete(self.catalogue.file, self.catalogue.tag, self.deck.id)
        self.merged.text = write(self.catalogue.file, (*entries, *dead))
        return self.merged

    # Which entry a message has

    def claimed(self, own: Sequence[Message]) -> list[Claim]:
        """Return one item's messages with their entries, which are taken out of those that are left."""
        moved = self.moved(own)
        claims: list[Claim] = []
        for message in own:
            name = moved.get(message.ctxt, message.ctxt)
            entry = self.live.pop(name, None) if name else None
            if entry is None or not is_translated(entry):  # a rename may be told after the new id was synced
                entry = self.returned(message) or entry
            if entry is None:
                self.merged.new.append(message.ctxt)
                entry = Entry(msgctxt=message.ctxt, msgid=message.text)
                claims.append(Claim(message, entry, ""))
            else:
                claims.append(
                    Claim(message, entry, "" if entry.obsolete else entry.msgctxt.partition(".")[2])
                )
        return claims

    def returned(self, message: Message) -> Entry | None:
        """Find the entry under a former id, or one that had become obsolete."""
        names = [message.ctxt]
        names += (f"{item}.{message.path}" for item in reversed(self.former.get(message.item, ())))
        in_list = home(message.ctxt) != message.ctxt
        for name in () if in_list else names[1:]:
            if name in self.live:
                return self.live.pop(name)
        for name in names if self.dead else ():
            kept = self.dead.get(home(name), [])
            for number, entry in enumerate(kept):
                # The place in a list is no identity: there only the same words come back.
                if not in_list or entry.msgid == message.text:
                    return kept.pop(number)
        return None

    def moved(self, own: Sequence[Message]) -> dict[str, str]:
        """Return the names that the entries of lists had before, where they are not the present ones.

        An empty name tells that an entry is new, though another one had its place.
        """
        found: dict[str, str] = {}
        for name, group in groupby(own, key=lambda message: message.path.partition(".")[0]):
            parts = [message for message in group if message.item and "." in message.path]
            if not parts:
                continue
            records: Records = {}
            for message in parts:
                number, _, part = message.path.partition(".")[2].partition(".")
                records.setdefault(int(number), {})[part] = message.text
            item = parts[0].item
            for former in (item, *reversed(self.former.get(item, ()))):
                if (old := self.lists.get(f"{former}.{name}")) is None:
                    continue
                if former != item or old != records:
                    for place, before in _aligned(old, records).items():
                        for part in records[place]:
                            end = f".{part}" if part else ""
                            source = f"{former}.{name}.{before}{end}" if before else ""
                            found[f"{item}.{name}.{place}{end}"] = source
                break
        return found

    # What becomes of it

    def updated(self, claims: Sequence[Claim]) -> list[Since | None]:
        """Bring one item's entries up to date; return since when they wait, None for those that are current.

        A stale text names those that wait with it. Where the translator has renewed one of them since, the
        card is half renewed, and stays so until nothing waits.
        """
        # What was stale when it was removed is not known of one that returns.
        doubtful = any(one.entry.obsolete and one.entry.msgid != one.message.text for one in claims)
        mixed = doubtful or half_renewed({one.path: one.entry for one in claims if one.path})
        doubts = [in_doubt(claim.entry) for claim in claims]
        for claim, doubt in zip(claims, doubts, strict=True):
            self.update(claim.message, claim.entry, doubt=doubt)
        days = [self.day(claim.entry, doubt) for claim, doubt in zip(claims, doubts, strict=True)]
        if not any(days) or not claims[0].message.item:
            return days
        # A text that is only in doubt is of the present source: it waits for nobody.
        waiting = {
            claim.message.path
            for claim, day in zip(claims, days, strict=True)
            if day and (claim.entry.previous_msgid or not is_fuzzy(claim.entry))
        }
        for number, (claim, day) in enumerate(zip(claims, days, strict=True)):
            if day is not None and day.what == "stale":
                together = waiting - {claim.message.path}
                days[number] = day._replace(together=tuple(sorted(together)), mixed=mixed)
        return days

    def update(self, message: Message, entry: Entry, *, doubt: bool) -> None:
        """Give an entry its name, its source, its flag, and the source that was translated.

        A text in ``doubt`` keeps its flag even if its source has changed back.
        """
        entry.msgctxt, entry.obsolete = message.ctxt, False
        if not is_fuzzy(entry):
            entry.previous_msgid = None
            if is_translated(entry):  # what its comment says of it is over
                entry.comment = ""
        if entry.msgid != message.text:
            trifle = message.ctxt in self.minor or entry.previous_msgid == message.text
            if is_translated(entry) and not trifle:
                self.merged.changed.append(message.ctxt)
                entry.previous_msgid = entry.previous_msgid or entry.msgid or None
                entry.flags = entry.flags if is_fuzzy(entry) else [*entry.flags, FUZZY]
            entry.msgid = message.text
        elif is_fuzzy(entry) and message.ctxt in self.minor:
            self.merged.late.append(message.ctxt)
        back = is_fuzzy(entry) and entry.previous_msgid == message.text
        if back:
            self.merged.back.append(message.ctxt)
        if (back and not doubt) or not is_translated(entry):
            entry.flags = [flag for flag in entry.flags if flag != FUZZY]
        if back or not is_fuzzy(entry):
            entry.previous_msgid = None
        entry.previous_msgctxt = entry.previous_msgid_plural = None

    def day(self, entry: Entry, doubt: bool) -> Since | None:
        """Return since when an entry is new or stale; None if it is current."""
        if is_translated(entry) and not is_fuzzy(entry):
            return None
        what, before = "stale" if is_translated(entry) else "new", since(entry)
        found = before if before and before.what == what else Since(what, self.today)
        return found._replace(doubt=doubt and what == "stale")

    # Its comments

    def describe(self, message: Message, entry: Entry, day: Since | None, known: Mapping[str, str]) -> None:
        """Write an entry's comments anew, but for the glossary's terms."""
        entry.occurrences = [(message.file, "")]
        lines = list(self.context.lines(message))
        if day is not None:
            lines.append(str(day))
            if day.what == "new" and message.text in known:
                lines.append(f"suggestion: {' '.join(known[message.text].split())}")
        entry.comment = "\n".join(lines)

    def gloss(self, entries: Sequence[Entry]) -> None:
        """Add the glossary's terms to the comments, with their translations as they are now."""
        terms = glossary(
            (message, entry.msgstr) for message, entry in zip(self.messages, entries, strict=True)
        )
        for message, entry in zip(self.messages, entries, strict=True):
            lines = [
                f"term: {term.name} = {', '.join(dict.fromkeys(term.translations))}"
                for term in terms.found(message.text, self.deck.language)
                if message.item not in term.items
            ]
            if lines:
                entry.comment = "\n".join([entry.comment, *lines] if entry.comment else lines)


def retired(entry: Entry) -> Entry:
    """Return an entry made obsolete: a source and its translation, whatever the source said last.

    Of an obsolete entry polib reads no ``#|``.
    """
    if is_fuzzy(entry) and entry.previous_msgid:
        doubt = in_doubt(entry)
        entry.msgid = entry.previous_msgid
        entry.flags = entry.flags if doubt else [flag for flag in entry.flags if flag != FUZZY]
    entry.previous_msgid = entry.previous_msgctxt = entry.previous_msgid_plural = None
    entry.obsolete, entry.comment, entry.occurrences = True, "", []
    return entry


def _lists(live: Mapping[str, Entry]) -> dict[str, Records]:
    """Return the sources of the entries of lists, by ``item.field``."""
    found: dict[str, Records] = {}
    for name, entry in live.items():
        item, _, path = name.partition(".")
        if "." in path and not item.startswith("@"):
            field_name, _, place = path.partition(".")
            number, _, part = place.partition(".")
            if number.isdecimal() and len(number) < 4:
                found.setdefault(f"{item}.{field_name}", {}).setdefault(int(number), {})[part] = entry.msgid
    return found


def _aligned(old: Records, new: Records) -> dict[int, int | None]:
    """Return for each place of a list its place before: by its words, else by its place if that is free."""
    left = dict(old)
    found: dict[int, int | None] = {}

    def take(fits: Callable[[dict[str, str], dict[str, str]], bool]) -> None:
        for place, record in new.items():
            if place in found:
                continue
            order = sorted(left, key=lambda other: other != place)  # its own place first
            before = next((other for other in order if fits(left[other], record)), None)
            if before is not None:
                found[place] = before
                del left[before]

    take(lambda before, after: before == after)
    take(lambda before, after: any(before.get(part) == text for part, text in after.items()))
    for place in new:  # edited where it stands
        if place not in found:
            found[place] = place if left.pop(place, None) is not None else None
    return found
