"""A deck's translations as they are: read, held against the cards, checked and counted.

What is wrong with a translation never stops the deck: it costs the card, and a catalogue that cannot be read
the language.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deckgen import checks, decoding, languages
from deckgen.checks import Subject
from deckgen.diagnostics import Diagnostic, Source, Span, codes
from deckgen.files import shown
from deckgen.model import Deck, Kind, Policy
from deckgen.translate import catalogue
from deckgen.translate.faults import Pair, Tongues, faults
from deckgen.translate.localize import Localized, Standing, Told, localize
from deckgen.translate.messages import glossary

FOLDER = "translations"
OLD = 90  # days after which a stale text is named
_MANY = 12  # cards that a diagnostic names
_DONE = {
    Policy.KEEP_OLD: "their last whole translation is built",
    Policy.SKIP: "they are left out",
    Policy.SOURCE: "the source's words stand in for them",
}


@dataclass(frozen=True, slots=True)
class Translation:
    """A language of a deck. Without ``localized`` its catalogue cannot be used."""

    tag: str
    source: Source
    localized: Localized | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def line(self) -> str:
        """«fr: 170 of 171 cards current», without the name that would cost Babel's import."""
        if self.localized is None:
            return f"{self.tag}: cannot be used"
        current, cards = self.localized.count(Standing.CURRENT), len(self.localized.cards)
        return f"{self.tag}: {current} of {cards} cards current"

    def told(self, policy: Policy) -> tuple[Diagnostic, ...]:
        """Return all that is to be said of it, under a policy for what is not current."""
        return (*self.diagnostics, *self.remarks(policy))

    def remarks(self, policy: Policy) -> Iterator[Diagnostic]:
        """Yield what is to be said of the cards that are not current, under a policy."""
        if self.localized is None:
            return
        left = policy if policy is Policy.SOURCE else Policy.SKIP
        for standing, code, done in (
            (Standing.STALE, codes.STALE_CARDS, policy),
            (Standing.MIXED, codes.MIXED_CARDS, left),
            (Standing.MISSING, codes.MISSING_CARDS, left),
            (Standing.FAILED, codes.FAILED_CARDS, left),
        ):
            items = [name for name, card in self.localized.cards.items() if card.standing is standing]
            if items:
                language = languages.language(self.tag).name
                args = {"language": language, "count": len(items), "names": names(items), "done": _DONE[done]}
                yield Diagnostic(code, Span(self.source.file), args)


def names(items: list[str]) -> str:
    """Return the names of cards, the first ones of many."""
    more = len(items) - _MANY
    return ", ".join(items[:_MANY]) + (f" and {more} more" if more > 0 else "")


def tags(folder: Path) -> tuple[str, ...]:
    """Return the languages that a deck in ``folder`` has catalogues of, in the order of their names."""
    return tuple(
        sorted(path.stem for path in (folder / FOLDER).glob("*.po") if not path.name.startswith("."))
    )


def survey(
    folder: Path,
    deck: Deck,
    kinds: Mapping[str, Kind],
    media: frozenset[str],
    today: datetime.date,
    wanted: Iterable[str],
) -> Iterator[Translation]:
    """Yield the translations of a deck into the languages wanted.

    ``media`` are the names of its pictures and sounds, and ``today`` decides which stale texts are old.
    """
    for tag in wanted:
        yield _translation(folder / FOLDER / f"{tag}.po", tag, deck, kinds, media, today)


def read(file: Path, tag: str, deck: Deck) -> tuple[catalogue.Catalogue | None, Source, list[Diagnostic]]:
    """Read a catalogue; None if it cannot be used."""
    text = decoding.read_text(file, shown(file), catalogue.MAX_BYTES, deck.folder)
    found = list(text.diagnostics)
    if not languages.is_tag(tag):
        found.append(Diagnostic(codes.FILE_NAME, Span(shown(file)), {"tag": tag}))
    elif tag.casefold() == deck.language.casefold():
        found.append(Diagnostic(codes.SOURCE_CATALOGUE, Span(shown(file)), {"language": tag}))
    if found:
        return None, text.value, found
    result = catalogue.read(text.value, tag)
    return result.value, text.value, [*found, *result.diagnostics]


def _translation(
    file: Path,
    tag: str,
    deck: Deck,
    kinds: Mapping[str, Kind],
    media: frozenset[str],
    today: datetime.date,
) -> Translation:
    entries, source, found = read(file, tag, deck)
    if entries is None:
        return Translation(tag, source, None, tuple(found))
    localized = localize(deck, kinds, entries)
    told = [one for one in localized.told if one.text]
    failed: set[str] = set()
    for name, diagnostic in (*_faults(told, deck, tag), *_rules(localized, kinds, source, media)):
        found.append(diagnostic)
        if diagnostic.is_error:
            failed.add(name)
    localized = localized.failing(frozenset(failed))
    found += _unsynced(localized, entries)
    found += _old(localized, today)
    lacking = [name for name, one in localized.general.items() if one.standing is not Standing.CURRENT]
    if lacking:
        args = {"language": languages.language(tag).name, "names": names(lacking)}
        found.append(Diagnostic(codes.GENERAL_TEXTS, Span(source.file), args))
    found.sort(key=Diagnostic.sort_key)
    return Translation(tag, source, localized, tuple(found))


def _faults(told: list[Told], deck: Deck, tag: str) -> Iterator[tuple[str, Diagnostic]]:
    """Yield what is wrong between a text and its translation, with the name of the message."""
    tongues = Tongues(deck.language, tag)
    terms = glossary((one.message, one.text) for one in told)
    for one in told:
        assert one.entry is not None
        stale = one.standing is Standing.STALE
        source = (one.entry.previous_msgid or one.entry.msgid) if stale else one.message.text
        pair = Pair(one.message.ctxt, source, one.text, one.message.type, one.span)
        for diagnostic in faults(pair, tongues, terms):
            yield one.message.ctxt, diagnostic


def _rules(
    localized: Localized, kinds: Mapping[str, Kind], source: Source, media: frozenset[str]
) -> Iterator[tuple[str, Diagnostic]]:
    """Yield what the checks of every deck find in the translation, with the name of the message."""
    subject = Subject(localized.whole(), kinds, {source.file: source}, media)
    places = sorted((one.span.line, one.message.ctxt) for one in localized.told if one.text)
    lines = [line for line, _ in places]
    for rule in checks.TRANSLATED:
        for diagnostic in rule(subject):
            if diagnostic.span.file == source.file:  # else it is said of the source's own words
                yield places[bisect_right(lines, diagnostic.span.line) - 1][1], diagnostic


def _unsynced(localized: Localized, entries: catalogue.Catalogue) -> Iterator[Diagnostic]:
    """Tell that the cards changed since the catalogue was last brought up to date."""
    known = {one.message.ctxt for one in localized.told}
    changed = [
        one.message.ctxt for one in localized.told if one.entry is None or one.entry.msgid != one.message.text
    ]
    changed += [name for name in reversed(entries.live) if name is not None and name not in known]
    if changed:
        args = {"count": len(changed), "names": names(changed)}
        yield Diagnostic(codes.NOT_SYNCED, Span(entries.source.file), args)


def _old(localized: Localized, today: datetime.date) -> Iterator[Diagnostic]:
    for one in localized.told:
        if one.standing is Standing.STALE and one.day:
            days = (today - datetime.date.fromisoformat(one.day)).days
            if days > OLD:
                language = languages.language(localized.tag).name
                args = {"language": language, "name": one.message.ctxt, "days": days}
                yield Diagnostic(codes.OLD_STALE, one.span, args)
