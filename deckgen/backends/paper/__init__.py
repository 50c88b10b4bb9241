"""What is printed: ``sheet`` composes, ``pdf`` sets, and each product is a module."""

from deckgen.backends.paper.alignment import AlignmentBackend
from deckgen.backends.paper.cards import CardsBackend
from deckgen.backends.paper.handout import HandoutBackend

PRODUCTS = (HandoutBackend(), CardsBackend(), AlignmentBackend())

__all__ = ["PRODUCTS"]
