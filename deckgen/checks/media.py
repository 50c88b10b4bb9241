"""The files in ``media/`` are named by texts."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.checks.base import Subject
from deckgen.diagnostics import Diagnostic, Span, codes
from deckgen.files import shown
from deckgen.markup import ANKI, render
from deckgen.markup.names import unvaried, variants


def unused_media(subject: Subject) -> Iterator[Diagnostic]:
    """A file that no text names is no part of the deck; a variant is named with its language's deck."""
    deck = subject.deck
    named = set(_named(subject))
    wanted = {file for name in named for tag in subject.languages for file in variants(name, tag)}
    for name in sorted(subject.media - wanted - named):
        base, tag = _variant_of(name, named)
        args = {"name": name, "base": base, "near": tag}
        yield Diagnostic(codes.UNUSED_MEDIA, Span(f"{shown(deck.media)}/{name}"), args)


def _named(subject: Subject) -> Iterator[str]:
    """Yield the files that the deck's texts name."""
    deck = subject.deck
    texts = [text.value for item in deck.items for _, text in item.texts()]
    for text in (*texts, deck.description, deck.standpoint):
        if "](" in text or "![" in text:
            yield from render(text, ANKI, cloze=True).media


def _variant_of(name: str, named: set[str]) -> tuple[str, str]:
    """Return the named file that a variant stands for, and its language; empty if it is none."""
    tag = name.split(".")[-2]
    base = unvaried(name, (tag,))
    return (base, tag) if base in named else ("", "")
