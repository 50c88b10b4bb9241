"""The products. A new one is a module here, its templates, and a line in ``BACKENDS``."""

from deckgen.backends.anki import AnkiBackend
from deckgen.backends.base import Backend, Request
from deckgen.backends.handout import HandoutBackend

BACKENDS: tuple[Backend, ...] = (AnkiBackend(), HandoutBackend())

__all__ = ["BACKENDS", "Backend", "Request"]
