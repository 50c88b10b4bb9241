"""When each item came and last changed, in each language, and its last text: ``ledger.json``, committed.

Anki updates a note only where the incoming one is newer. So a note's time is not the clock's
but the moment at which its rendered text last changed, and it is remembered here. An entry
is ``<language>/<item>``, by the first id that the item had; the note types have entries of their own,
``<language>/@<kind>``. An item that is taken out of the deck is retired: its entry keeps its last text,
with which learners are told.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from deckgen.diagnostics import Diagnostic, Result, Source, Span, codes

VERSION = 2
_READ = (1, VERSION)  # version 1 had no texts
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
LATEST = 253_339_228_800  # the year 9998 begins: no build is later
_END = 253_370_764_800  # the year 9999 begins: a time that can still grow is before it
_SKEW = 86_400  # seconds that the clocks of those who build a deck may be apart
_KIND = "[a-z0-9][a-z0-9_-]*"
_KEY = re.compile(rf"[A-Za-z0-9-]+/@?{_KIND}\Z")
# What a reader of the file cannot see, or would take for the end of a line.
_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")


class Last(NamedTuple):
    """The text of a note as it was last built: its kind, its fields by their lasting ids, and its tags.

    ``retired`` is when its item was taken out of the deck, in seconds since 1970; 0 while it is there.
    """

    kind: str
    fields: tuple[tuple[int, str], ...]
    tags: tuple[str, ...]
    retired: int = 0


class Entry(NamedTuple):
    """The hash of what was rendered, and since when (seconds since 1970, UTC) it has been so.

    A note type has no ``last`` text, nor has a note of which only a ledger of version 1 knew. ``first`` is
    when it came into the deck; 0 if it has not changed since then.
    """

    hash: str
    since: int
    last: Last | None = None
    first: int = 0

    @property
    def born(self) -> int:
        """When it came into the deck, in seconds since 1970."""
        return self.first or self.since


Ledger = Mapping[str, Entry]


_JSON = json.JSONEncoder(ensure_ascii=False)  # made once: it is asked for every note


def fingerprint(parts: Iterable[str]) -> str:
    """Return the hash of what was rendered: 16 hexadecimal digits of a SHA-256."""
    return hashlib.sha256(_JSON.encode(list(parts)).encode()).hexdigest()[:16]


class _TwiceError(ValueError):
    """A key that stands in an object a second time; JSON's readers would drop the first, silently."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise _TwiceError(next(key for key, count in counts.items() if count > 1))
    return found


def parse(source: Source) -> Result[Ledger]:
    """Read a ledger's text; an empty one is an empty ledger. A broken one is never overwritten."""
    if not source.text.strip():
        return Result({})

    def broken(reason: str, line: int = 1, column: int = 1) -> Result[Ledger]:
        span = Span(source.file, line, column, line, column + 1)
        return Result({}, (Diagnostic(codes.BAD_LEDGER, span, {"reason": reason}),))

    def line_of(key: str, after: int = 0) -> int:
        """The line after line ``after`` in which a key stands as ``write`` writes it, or 1."""
        lines = enumerate(source.lines(), 1)
        return next((n for n, line in lines if n > after and json.dumps(key) in line), 1)

    try:
        data: Any = json.loads(source.text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        reason = "it holds a merge conflict" if "<<<<<<<" in source.text else f"it is not JSON ({error.msg})"
        return broken(reason, error.lineno, error.colno)
    except _TwiceError as error:
        key = str(error)
        return broken(f"“{key[:60]}” stands in it twice", line_of(key, line_of(key)))
    except ValueError:
        return broken("it holds a number that is too long")
    except RecursionError:
        return broken("it is nested too deep")
    if (
        not isinstance(data, dict)
        or data.get("version") not in _READ
        or not isinstance(data.get("entries"), dict)
    ):
        return broken(f"it is not a ledger of version {' or '.join(map(str, _READ))}")
    entries: dict[str, Entry] = {}
    for key, value in data["entries"].items():
        try:
            entry = _entry(value) if _KEY.match(key) else None
        except (AttributeError, KeyError, TypeError, ValueError):
            entry = None
        if entry is None:
            return broken(f"the entry “{key[:60]}” is not one of its own", line_of(key))
        last = entry.last
        if last and not last.retired and entry.hash != fingerprint(spoken(last)):
            return broken(f"the entry “{key[:60]}” has another text than its hash", line_of(key))
        entries[key] = entry
    return Result(entries)


def _entry(value: Any) -> Entry | None:
    """Return an entry as the file has it; None, or any error that a wrong type raises, if it is not one."""
    if not re.fullmatch("[0-9a-f]{16}", value["hash"]):
        return None
    since = seconds(value["since"])
    first = seconds(value["first"]) if "first" in value else 0
    if not value.keys() & {"kind", "fields", "tags", "retired"}:
        return Entry(value["hash"], since, None, first)
    fields = tuple((int(number), text) for number, text in value["fields"].items())
    texts = [*(text for _, text in fields), *value["tags"]]
    if not (isinstance(value["tags"], list) and all(isinstance(text, str) for text in texts)):
        return None
    if not re.fullmatch(_KIND, value["kind"]):
        return None
    retired = seconds(value["retired"]) if "retired" in value else 0
    return Entry(value["hash"], since, Last(value["kind"], fields, tuple(value["tags"]), retired), first)


def seconds(written: Any) -> int:
    """Return a time as the ledger writes it; one that no note can have is a ``ValueError``."""
    seconds = int(datetime.strptime(written, _MOMENT).replace(tzinfo=UTC).timestamp())
    if not 0 <= seconds < _END:
        raise ValueError
    return seconds


def spoken(last: Last) -> Iterable[str]:
    """Return what the hash of a note is made of: its fields and tags."""
    return (*(text for _, text in last.fields), *last.tags)


def write(ledger: Ledger) -> str:
    """Return a ledger's text: sorted, one line an entry, so that versions merge and compare well."""
    lines = (f"    {json.dumps(key)}: {_written(entry)}" for key, entry in sorted(ledger.items()))
    body = ",\n".join(lines)
    return f'{{\n  "version": {VERSION},\n  "entries": {{\n{body}\n  }}\n}}\n'


def _written(entry: Entry) -> str:
    values: dict[str, object] = {"hash": entry.hash, "since": moment(entry.since)}
    values |= {"first": moment(entry.first)} if entry.first else {}
    if last := entry.last:
        values |= {"retired": moment(last.retired)} if last.retired else {}
        values |= {"kind": last.kind, "tags": last.tags, "fields": {str(n): text for n, text in last.fields}}
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(values, ensure_ascii=False))


def moment(seconds: int) -> str:
    """Return a time as the ledger writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime(_MOMENT)


class Update(NamedTuple):
    """A ledger after a build, and the keys that are new or changed."""

    ledger: Ledger
    new: tuple[str, ...]
    changed: tuple[str, ...]

    def ledger_of(self, language: str) -> Ledger:
        """Return the entries of one language."""
        return of_language(self.ledger, language)


def update(
    ledger: Ledger,
    hashes: Mapping[str, str],
    now: int,
    last: Mapping[str, Last] | None = None,
    retired: Collection[str] = (),
) -> Update:
    """Return the ledger with what was rendered ``now``; entries that were not rendered stay.

    A changed entry's time is later than its old one, even if the clock ran backwards: Anki would not take
    the correction otherwise. What returns to the deck is as new. ``last`` are the texts that the hashes are
    of, ``retired`` the keys of items that are no more: they keep their text, and the moment of it.
    """
    new, changed = [], []
    entries = dict(ledger)
    for key, value in hashes.items():
        old = ledger.get(key)
        if old is None:
            new.append(key)
            entries[key] = Entry(value, now)
        elif old.hash != value:
            changed.append(key)
            back = old.last is not None and old.last.retired and key not in retired
            first = 0 if back else old.born
            entries[key] = old._replace(hash=value, since=max(now, old.since + 1), first=first)
    for key, text in (last or {}).items():
        entries[key] = entries[key]._replace(last=text)
    for key in retired:
        entry = entries[key]
        if entry.last and not entry.last.retired:
            gone = max(now, ledger[key].since + 1)
            entries[key] = entry._replace(last=entry.last._replace(retired=gone))
    return Update(entries, tuple(sorted(new)), tuple(sorted(changed)))


def of_language(ledger: Ledger, language: str) -> Ledger:
    """Return the entries of one language."""
    return {key: entry for key, entry in ledger.items() if key.partition("/")[0] == language}


def gone(ledger: Ledger, language: str, items: Collection[str]) -> dict[str, Last]:
    """Return the last texts of what a language had beside these items, by their ids."""
    found = {}
    for key, entry in sorted(of_language(ledger, language).items()):
        item = key.partition("/")[2]
        if entry.last and item not in items:
            found[item] = entry.last
    return found


def times_of(ledger: Ledger, language: str) -> Ledger:
    """Return what a product of one language has to know: its entries without their texts."""
    return {key: entry._replace(last=None) for key, entry in of_language(ledger, language).items()}


def late(ledger: Ledger, now: int) -> tuple[str, ...]:
    """Return the keys of what lies more than a day ahead of the clock: one of them is wrong."""
    return tuple(sorted(key for key, entry in ledger.items() if entry.since > now + _SKEW))


def earlier(ledger: Ledger) -> Ledger:
    """Return a ledger a second before its times: Anki replaces a draft made with it by the real thing."""
    return {key: entry._replace(since=entry.since - 1) for key, entry in ledger.items()}
