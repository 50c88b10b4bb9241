"""Items rest on paragraphs that exist, and every paragraph has items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from deckgen.checks.base import Subject
from deckgen.diagnostics import Diagnostic, codes, nearest

MOST = 12  # sections that a hint names


def duplicate_sections(subject: Subject) -> Iterator[Diagnostic]:
    """A section's id is given once."""
    seen: set[str] = set()
    for section in subject.deck.essay.sections:
        if section.id in seen:
            yield Diagnostic(codes.DUPLICATE_SECTION, section.span, {"section": section.id})
        seen.add(section.id)


def unknown_paragraphs(subject: Subject) -> Iterator[Diagnostic]:
    """Each source names a paragraph of the outline, and names it once."""
    sections: dict[str, int] = {}
    for section in subject.deck.essay.sections:  # of two sections with one id the longer one counts
        sections[section.id] = max(len(section.paragraphs), sections.get(section.id, 0))
    for item in subject.deck.items:
        named: set[str] = set()
        for source in item.sources:
            count = sections.get(source.section)
            if count is None or source.number > count:
                close = "" if count is not None else nearest(source.section, sections)
                known = {source.section: count} if count is not None else sections
                args = {
                    "source": str(source),
                    "paragraphs": _paragraphs(known),
                    "near": f"{close} {min(source.number, sections[close])}" if close else "",
                }
                yield Diagnostic(codes.UNKNOWN_PARAGRAPH, source.span, args)
            elif str(source) in named:
                yield Diagnostic(codes.SAME_SOURCE, source.span, {"source": str(source)})
            named.add(str(source))


def _paragraphs(sections: Mapping[str, int]) -> str:
    """Return the paragraphs that there are: ``nettles 1 to 2, town 1``."""
    shown = [f"{name} 1 to {count}" if count > 1 else f"{name} 1" for name, count in sections.items()]
    return ", ".join(shown[:MOST]) + (", …" if len(shown) > MOST else "")


def uncovered_paragraphs(subject: Subject) -> Iterator[Diagnostic]:
    """Every paragraph is cited by an item; of a deck without items this is not said."""
    if not subject.deck.items:
        return
    cited = {(source.section, source.number) for item in subject.deck.items for source in item.sources}
    for paragraph in subject.deck.essay.paragraphs():
        if (paragraph.section, paragraph.number) not in cited:
            yield Diagnostic(codes.UNCOVERED, paragraph.span, {"paragraph": str(paragraph)})
