"""Items rest on paragraphs that exist, and every paragraph has items."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.checks.base import Subject
from deckgen.diagnostics import Diagnostic, codes, nearest


def duplicate_sections(subject: Subject) -> Iterator[Diagnostic]:
    """A section's id is given once."""
    seen: set[str] = set()
    for section in subject.deck.essay.sections:
        if section.id in seen:
            yield Diagnostic(codes.DUPLICATE_SECTION, section.span, {"section": section.id})
        seen.add(section.id)


def unknown_paragraphs(subject: Subject) -> Iterator[Diagnostic]:
    """Each source names a paragraph of the outline, and names it once."""
    sections = {section.id: len(section.paragraphs) for section in subject.deck.essay.sections}
    for item in subject.deck.items:
        named: set[str] = set()
        for source in item.sources:
            count = sections.get(source.section)
            if count is None or source.number > count:
                close = "" if count is not None else nearest(source.section, sections)
                args = {
                    "source": str(source),
                    "section": source.section if count is not None else "none of that name; the essay",
                    "count": count if count is not None else sum(sections.values()),
                    "near": f"{close} {min(source.number, sections[close])}" if close else "",
                }
                yield Diagnostic(codes.UNKNOWN_PARAGRAPH, source.span, args)
            elif str(source) in named:
                yield Diagnostic(codes.SAME_SOURCE, source.span, {"source": str(source)})
            named.add(str(source))


def uncovered_paragraphs(subject: Subject) -> Iterator[Diagnostic]:
    """Every paragraph is cited by an item."""
    cited = {(source.section, source.number) for item in subject.deck.items for source in item.sources}
    for paragraph in subject.deck.essay.paragraphs():
        if (paragraph.section, paragraph.number) not in cited:
            yield Diagnostic(codes.UNCOVERED, paragraph.span, {"paragraph": str(paragraph)})
