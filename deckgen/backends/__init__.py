"""The products. A new one is a module here, its templates, and a line in ``BACKENDS``."""

from deckgen.backends.anki import AnkiBackend, UpdateBackend
from deckgen.backends.base import Backend, Composition, Request
from deckgen.backends.paper import PRODUCTS

BACKENDS: tuple[Backend, ...] = (AnkiBackend(), UpdateBackend(), *PRODUCTS)

__all__ = ["BACKENDS", "Backend", "Composition", "Request"]
