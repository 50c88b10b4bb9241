"""What stands in the texts: Markdown, gaps, pictures, options."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.checks.base import Subject
from deckgen.colours import TINT, contrast
from deckgen.diagnostics import Diagnostic, Span, codes, nearest
from deckgen.markup import ANKI, Problem, Rendered, gap_numbers, plain_text, render
from deckgen.markup.names import chosen
from deckgen.model import FieldSpec, Text

CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3


def markup(subject: Subject) -> Iterator[Diagnostic]:
    """Every text is Markdown that does what it seems to do, with pictures and sounds that exist."""
    specs: dict[tuple[str, str], FieldSpec] = {}
    for item in subject.deck.items:
        for path, text in item.texts():
            spec = specs.get((item.kind, path))
            if spec is None:
                spec = specs[item.kind, path] = subject.kinds[item.kind].at(path)
            if spec.type == "word":
                continue
            rendered = render(text.value, ANKI, block=spec.type != "line", cloze=spec.type == "cloze")
            yield from _told(subject, rendered, text.span, path)


def deck_markup(subject: Subject) -> Iterator[Diagnostic]:
    """The deck's own texts are Markdown as well."""
    for field in ("description", "standpoint"):
        if text := getattr(subject.deck, field):
            rendered = render(text, ANKI)
            yield from _told(subject, rendered, subject.deck.spans[field], field)
    for aim in subject.deck.evening.aims:
        yield from _told(subject, render(aim.value, ANKI, block=False), aim.span, "aims")


def _told(subject: Subject, rendered: Rendered, span: Span, path: str) -> Iterator[Diagnostic]:
    for problem in rendered.problems:
        yield _diagnostic(subject, problem, span, path)
    for number, name in enumerate(rendered.media):
        if chosen(name, subject.deck.language, subject.media) is None:
            files = ", ".join(sorted(subject.media)) or "nothing"
            args = {"target": name, "files": files[:200], "near": nearest(name, subject.media)}
            skip = rendered.media[:number].count(name)
            yield Diagnostic(codes.NO_PICTURE, subject.locate(span, name, skip), args)


def _diagnostic(subject: Subject, problem: Problem, span: Span, path: str) -> Diagnostic:
    args = {"field": path.split(".")[0], **problem.args}
    return Diagnostic(problem.code, subject.locate(span, problem.needle, problem.skip), args)


def gaps(subject: Subject) -> Iterator[Diagnostic]:
    """A cloze has a gap: without one Anki makes no card of it, silently. A broken one was told already."""
    for item in subject.deck.items:
        for spec in subject.kinds[item.kind].fields:
            text = item.fields.get(spec.name)
            if spec.type != "cloze" or not isinstance(text, Text) or gap_numbers(text.value):
                continue
            problems = render(text.value, ANKI, cloze=True).problems
            if not any(problem.code is codes.BROKEN_CLOZE for problem in problems):
                yield Diagnostic(codes.NO_CLOZE, text.span)


def same_options(subject: Subject) -> Iterator[Diagnostic]:
    """The options of a choice differ."""
    for item in subject.deck.items:
        if item.kind != "choice":
            continue
        seen: set[str] = set()
        for path, text in item.texts():
            if path == "right" or path.startswith("wrong."):
                option = plain_text(text.value).casefold()
                if option in seen:
                    yield Diagnostic(codes.SAME_OPTION, text.span, {"option": plain_text(text.value)})
                seen.add(option)


def self_answers(subject: Subject) -> Iterator[Diagnostic]:
    """A definition does not contain its term, a claim not its holder: both are asked both ways."""
    for item in subject.deck.items:
        for asked, answer in (("term", "definition"), ("who", "claim")):
            word, text = item.fields.get(asked), item.fields.get(answer)
            if isinstance(word, Text) and isinstance(text, Text):
                words, answered = plain_text(word.value), plain_text(text.value)
                if not words or words.casefold() not in answered.casefold():
                    continue
                same = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", answered, re.IGNORECASE)
                if same:
                    args = {"field": answer, "words": words[:60]}
                    yield Diagnostic(codes.SELF_ANSWER, subject.locate(text.span, same.group()), args)


def pale_accent(subject: Subject) -> Iterator[Diagnostic]:
    """The accent can be read on the tint of boxes, and so on white."""
    deck = subject.deck
    ratio = contrast(deck.accent, TINT)
    if ratio < CONTRAST:
        args = {"colour": deck.accent, "ratio": f"{ratio:.1f}"}
        yield Diagnostic(codes.PALE_COLOUR, deck.spans.get("accent", deck.span), args)
