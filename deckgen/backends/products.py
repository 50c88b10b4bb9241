"""The products. A new one is a module beside this one, its templates, and a line in ``BACKENDS``.

All that makes them is imported here, so this is imported when something is made: ``check`` does without.
"""

from deckgen.backends.anki import AnkiBackend, UpdateBackend
from deckgen.backends.base import Backend
from deckgen.backends.paper import PRODUCTS

BACKENDS: tuple[Backend, ...] = (AnkiBackend(), UpdateBackend(), *PRODUCTS)
