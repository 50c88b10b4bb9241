"""What is printed: ``sheet`` composes, ``pdf`` sets, and each product is a module."""

from deckgen.backends.paper.handout import HandoutBackend

PRODUCTS = (HandoutBackend(),)

__all__ = ["PRODUCTS"]
