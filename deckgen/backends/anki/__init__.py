"""Anki packages: ``notes`` renders, ``package`` writes, ``dated`` wraps genanki."""

from __future__ import annotations

from deckgen.backends.anki.notes import compose, describe
from deckgen.backends.base import Request
from deckgen.diagnostics import Result


class AnkiBackend:
    """The package: ``output/<deck>.<lang>.apkg``."""

    name = "anki"
    suffix = ".apkg"
    heavy = False

    def render(self, request: Request) -> Result[bytes | None]:
        """Return the package's bytes: equal for equal input and ledger."""
        composed = compose(request) if request.composed is None else Result(request.composed)
        description = describe(request)
        if found := (*composed.diagnostics, *description.diagnostics):
            return Result(None, found)
        from deckgen.backends.anki.package import package

        return Result(package(request, composed.value, description.value))


__all__ = ["AnkiBackend", "compose"]
