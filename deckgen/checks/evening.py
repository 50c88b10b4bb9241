"""An evening can be held: its parts fit into it, and its sections exist."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.checks.base import Subject
from deckgen.diagnostics import Diagnostic, codes, nearest


def evening_times(subject: Subject) -> Iterator[Diagnostic]:
    """Opening, break and closing are not longer than the evening; of what is given, the first is shown."""
    evening, spans = subject.deck.evening, subject.deck.spans
    taken = evening.opening + evening.pause + evening.closing
    if taken > evening.minutes:
        given = (spans.get(f"evening.{key}") for key in ("minutes", "opening", "break", "closing"))
        span = next((span for span in given if span), subject.deck.span)
        args = {name: getattr(evening, name) for name in ("minutes", "opening", "pause", "closing")}
        yield Diagnostic(codes.EVENING_TOO_SHORT, span, {**args, "taken": taken})


def evening_sections(subject: Subject) -> Iterator[Diagnostic]:
    """The sections that an evening gives weights to are those of the text."""
    known = [section.id for section in subject.deck.essay.sections]
    for name in subject.deck.evening.weights:
        if name not in known:
            span = subject.locate(subject.deck.spans.get("evening.weights", subject.deck.span), name)
            args = {"section": name[:60], "sections": ", ".join(known), "near": nearest(name, known)}
            yield Diagnostic(codes.NO_SUCH_SECTION, span, args)
