"""Translations of a deck: what can be said of a message and its translation."""
