"""What is printed: ``sheet`` composes, ``pdf`` sets, and each product is a module."""

from deckgen.backends.paper.booklet import BookletBackend
from deckgen.backends.paper.handout import HandoutBackend

PRODUCTS = (HandoutBackend(), BookletBackend())

__all__ = ["PRODUCTS"]
