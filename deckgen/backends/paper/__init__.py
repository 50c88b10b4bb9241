"""What is printed: ``sheet`` composes, ``pdf`` sets, and each product is a module."""

from deckgen.backends.paper.guide import GuideBackend
from deckgen.backends.paper.handout import HandoutBackend
from deckgen.backends.paper.poster import PosterBackend

PRODUCTS = (HandoutBackend(), GuideBackend(), PosterBackend())

__all__ = ["PRODUCTS"]
