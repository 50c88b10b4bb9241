"""What is printed: ``sheet`` composes, ``pdf`` sets, and each product is a module."""

from deckgen.backends.paper.alignment import AlignmentBackend
from deckgen.backends.paper.booklet import BookletBackend
from deckgen.backends.paper.cards import CardsBackend
from deckgen.backends.paper.guide import GuideBackend
from deckgen.backends.paper.handout import HandoutBackend
from deckgen.backends.paper.poster import PosterBackend
from deckgen.backends.paper.quiz import QuizBackend, QuizKeyBackend

PRODUCTS = (
    HandoutBackend(),
    BookletBackend(),
    QuizBackend(),
    QuizKeyBackend(),
    GuideBackend(),
    PosterBackend(),
    CardsBackend(),
    AlignmentBackend(),
)

__all__ = ["PRODUCTS"]
