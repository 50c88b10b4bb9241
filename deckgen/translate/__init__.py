"""Translations of decks: gettext catalogues that are never silently stale, and what is checked in them."""
