"""What is made of a deck: ``base`` says what a back end is, and ``products`` has them all."""

from deckgen.backends.base import Backend, Composition, Request

__all__ = ["Backend", "Composition", "Request"]
