"""deckgen compiles a text's question-and-answer items into Anki decks and printed handouts."""

__version__ = "0.1.0"
