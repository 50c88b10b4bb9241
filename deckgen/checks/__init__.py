"""What can be said only of the deck as a whole. One rule is one function; ``CHECKS`` names them all.

A check is given the deck, its kinds, the places of words in the sources and the names of the files in
``media/``, and yields diagnostics. It changes nothing and reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.checks import evening, identity, media, outline, texts
from deckgen.checks.base import Check, Subject
from deckgen.diagnostics import Diagnostic, Level

CHECKS: tuple[Check, ...] = (
    identity.bad_deck_id,
    identity.duplicate_ids,
    identity.former_ids,
    identity.same_fronts,
    outline.duplicate_sections,
    outline.unknown_paragraphs,
    texts.markup,
    texts.deck_markup,
    texts.gaps,
    texts.same_options,
    texts.self_answers,
    texts.pale_accent,
    evening.evening_times,
    evening.evening_sections,
)

# What is said of a translation too.
TRANSLATED: tuple[Check, ...] = (
    identity.same_fronts,
    texts.markup,
    texts.deck_markup,
    texts.gaps,
    texts.same_options,
    texts.self_answers,
)

# Said only of a deck without errors: with items left out, it would be said falsely.
COVERAGE: tuple[Check, ...] = (identity.no_items, outline.uncovered_paragraphs, media.unused_media)

__all__ = ["CHECKS", "COVERAGE", "TRANSLATED", "Check", "Subject", "check"]


def check(subject: Subject, *, complete: bool) -> Iterator[Diagnostic]:
    """Run all checks; ``complete`` tells that nothing was left out of the deck for errors."""
    errors = False
    for rule in CHECKS:
        for diagnostic in rule(subject):
            errors = errors or diagnostic.level is Level.ERROR
            yield diagnostic
    if complete and not errors:
        for rule in COVERAGE:
            yield from rule(subject)
