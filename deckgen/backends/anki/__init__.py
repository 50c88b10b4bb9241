"""Anki packages: ``notes`` renders, ``package`` writes, ``dated`` wraps genanki.

``update`` is for own notes, ``announcement`` for the words beside the cards.
"""

from __future__ import annotations

from dataclasses import dataclass

from deckgen.backends.anki.announcement import announce, describe
from deckgen.backends.anki.notes import Composed, compose, decks_of
from deckgen.backends.anki.update import UpdateBackend
from deckgen.backends.base import Composition, Request
from deckgen.diagnostics import Result


@dataclass(frozen=True)
class Package:
    """A package of which all notes are rendered."""

    request: Request
    composed: Composed
    description: str
    key = ""

    def finish(self) -> Result[bytes | None]:
        """Return the package's bytes: equal for equal input and ledger."""
        from deckgen.backends.anki.package import package

        return Result(package(self.request, self.composed, self.description))


class AnkiBackend:
    """The package: ``output/<deck>.<lang>.apkg``."""

    name = product = "anki"
    heavy = has_large = False
    ending = ".apkg"

    def suffix(self, _: Request) -> str:
        """Return the end of the file's name."""
        return self.ending

    def compose(self, request: Request) -> Result[Composition | None]:
        """Render the notes, unless the ledger's plan has done it, and the deck's description."""
        composed = compose(request) if request.composed is None else Result(request.composed)
        description = describe(request)
        if found := (*composed.diagnostics, *description.diagnostics):
            return Result(None, found)
        return Result(Package(request, composed.value, description.value))


__all__ = ["AnkiBackend", "Composed", "UpdateBackend", "announce", "compose", "decks_of"]
