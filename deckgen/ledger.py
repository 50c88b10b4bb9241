"""When each item last changed, in each language: ``ledger.json``, written by ``build`` and committed.

Anki updates a note only where the incoming one is newer. So a note's time is not the clock's
but the moment at which its rendered text last changed, and it is remembered here. An entry
is ``<language>/<item>``; the note types have entries of their own, ``<language>/@<kind>``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from deckgen.diagnostics import Diagnostic, Result, Source, Span, codes

VERSION = 1
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
LATEST = 253_339_228_800  # the year 9998 begins: no build is later
_END = 253_370_764_800  # the year 9999 begins: a time that can still grow is before it
_KEY = re.compile(r"[A-Za-z0-9-]+/@?[a-z0-9][a-z0-9_-]*\Z")


class Entry(NamedTuple):
    """The hash of what was rendered, and since when (seconds since 1970, UTC) it has been so."""

    hash: str
    since: int


Ledger = Mapping[str, Entry]


def fingerprint(parts: Iterable[str]) -> str:
    """Return the hash of what was rendered: 16 hexadecimal digits of a SHA-256."""
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=False).encode()).hexdigest()[:16]


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
        or data.get("version") != VERSION
        or not isinstance(data.get("entries"), dict)
    ):
        return broken(f"it is not a ledger of version {VERSION}")
    entries: dict[str, Entry] = {}
    for key, value in data["entries"].items():
        try:
            moment = datetime.strptime(value["since"], _MOMENT).replace(tzinfo=UTC)
            entry = Entry(value["hash"], int(moment.timestamp()))
            fits = bool(_KEY.match(key)) and bool(re.fullmatch("[0-9a-f]{16}", entry.hash))
            fits = fits and 0 <= entry.since < _END
        except (KeyError, TypeError, ValueError):
            fits = False
        if not fits:
            return broken(f"the entry “{key[:60]}” is not one of its own", line_of(key))
        entries[key] = entry
    return Result(entries)


def write(ledger: Ledger) -> str:
    """Return a ledger's text: sorted, one line an entry, so that versions merge and compare well."""
    lines = [
        f"    {json.dumps(key)}: {json.dumps({'hash': entry.hash, 'since': moment(entry.since)})}"
        for key, entry in sorted(ledger.items())
    ]
    body = ",\n".join(lines)
    return f'{{\n  "version": {VERSION},\n  "entries": {{\n{body}\n  }}\n}}\n'


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
        return {key: entry for key, entry in self.ledger.items() if key.partition("/")[0] == language}


def update(
    ledger: Ledger, hashes: Mapping[str, str], now: int, former: Mapping[str, Iterable[str]] | None = None
) -> Update:
    """Return the ledger with what was rendered ``now``; entries that were not rendered stay.

    A changed entry's time is later than its old one, even if the clock ran backwards: Anki
    would not take the correction otherwise. ``former`` are the keys that a key had before.
    """
    new, changed = [], []
    entries = dict(ledger)
    for key, value in hashes.items():
        old = ledger.get(key)
        if old is None:
            new.append(key)
            before = (ledger[name].since + 1 for name in (former or {}).get(key, ()) if name in ledger)
            entries[key] = Entry(value, max(now, *before, 0))
        elif old.hash != value:
            changed.append(key)
            entries[key] = Entry(value, max(now, old.since + 1))
    return Update(entries, tuple(sorted(new)), tuple(sorted(changed)))


def earlier(ledger: Ledger) -> Ledger:
    """Return a ledger a second before its times: Anki replaces a draft made with it by the real thing."""
    return {key: Entry(entry.hash, entry.since - 1) for key, entry in ledger.items()}
