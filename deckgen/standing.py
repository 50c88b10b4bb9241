"""How current the translations of a deck are: a row a language, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from deckgen import languages, pipeline, survey
from deckgen.coverage import coverage
from deckgen.diagnostics import Diagnostic, Source
from deckgen.pipeline import Loaded, Workspace
from deckgen.survey import Translation
from deckgen.translate.localize import Standing, tally


class Row(NamedTuple):
    """A language: its cards and its messages by their standing, and since when something waits.

    ``since`` is a day (ISO 8601), empty if nothing waits or it was never synced. ``waiting`` are the cards
    that are not current, by their standing. A catalogue that cannot be used has no cards at all.
    """

    tag: str
    name: str
    cards: Mapping[Standing, int]
    messages: Mapping[Standing, int]
    since: str
    waiting: Mapping[Standing, tuple[str, ...]]
    warnings: int


def row(translation: Translation) -> Row:
    """Return how current a translation is."""
    name = languages.language(translation.tag).name
    warnings = sum(1 for one in translation.diagnostics if one.level == "warning")
    localized = translation.localized
    if localized is None:
        return Row(translation.tag, name, {}, {}, "", {}, warnings)
    waiting = {
        standing: tuple(item for item, card in localized.cards.items() if card.standing is standing)
        for standing in Standing
    }
    days = [one.day for one in localized.told if one.day]
    return Row(
        translation.tag,
        name,
        {standing: len(items) for standing, items in waiting.items()},
        tally(localized),
        min(days, default=""),
        {standing: items for standing, items in waiting.items() if standing is not Standing.CURRENT},
        warnings,
    )


def rows(loaded: Loaded) -> tuple[Row, ...]:
    """Return a row for each translation of a deck."""
    return tuple(row(translation) for translation in loaded.translations)


class Verdict(NamedTuple):
    """What is said of a translation: a line on its cards, and what was found, with the sources to show it."""

    line: str
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, Source] = {}


def verdicts(workspace: Workspace, loaded: Loaded, now: int) -> Iterator[Verdict]:
    """Yield the verdict on each translation of a deck.

    One of which there was nothing to say is not looked at again until it, the deck, or deckgen changes.
    """
    tags, keys = survey.tags(loaded.folder), pipeline.verdict_keys(workspace, loaded)
    known = {tag: line for tag, key in keys.items() if (line := workspace.cache.get(key)) is not None}
    whole = pipeline.translated(workspace, loaded, now, [tag for tag in tags if tag not in known])
    pipeline.remember(workspace, whole, keys)
    found = {each.tag: each for each in whole.translations}
    for tag in tags:
        if tag in known:
            yield Verdict(known[tag].decode())
        else:
            translation = found[tag]
            told = translation.told(loaded.policy)
            yield Verdict(translation.line, told, {translation.source.file: translation.source})


def as_json(decks: Iterable[Loaded]) -> str:
    """Return the coverage and the languages of decks for programs."""
    return json.dumps({"decks": [_plain(each) for each in decks]}, ensure_ascii=False, indent=2)


def _plain(loaded: Loaded) -> dict[str, object]:
    deck = loaded.deck
    assert deck is not None
    covered = coverage(deck)
    return {
        "deck": deck.id,
        "language": deck.language,
        "items": dict(covered.kinds),
        "paragraphs": [{"paragraph": each.paragraph, "items": dict(each.items)} for each in covered.rows],
        "translations": [
            {
                "language": each.tag,
                "name": each.name,
                "cards": {str(standing): count for standing, count in each.cards.items()},
                "messages": {str(standing): each.messages.get(standing, 0) for standing in each.cards},
                "since": each.since or None,
                "waiting": {str(standing): list(items) for standing, items in each.waiting.items() if items},
                "warnings": each.warnings,
            }
            for each in rows(loaded)
        ],
    }
