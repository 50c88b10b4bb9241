"""What is printed: ``sheet`` composes, ``pdf`` sets, and each product is a module."""

from deckgen.backends.paper.handout import HandoutBackend
from deckgen.backends.paper.quiz import QuizBackend, QuizKeyBackend

PRODUCTS = (HandoutBackend(), QuizBackend(), QuizKeyBackend())

__all__ = ["PRODUCTS"]
