"""The handout: everything of a deck on paper, as a PDF.

A kind of item takes part by the files in its folder ``templates/kinds/<kind>``, each a
template of one item: ``handout.html`` in its section, ``table.html`` a row of the table of
positions, ``glossary.html`` an entry of the glossary (sorted by the kind's first field),
``discussion.html`` a block of the discussion pages, ``solution.html`` an entry of the key.
``print/handout.html`` puts them together. Nothing here knows a kind by its name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, cast

from deckgen import fonts, languages
from deckgen.backends.base import Request, cite, shuffled
from deckgen.diagnostics import Diagnostic, Result, Span, failed
from deckgen.markup import isolated, plain_text, render
from deckgen.markup.flavours import PrintFlavour
from deckgen.model import FieldSpec, Item, Kind, Section, Text
from deckgen.templating import Safe, Templates

_BLOCK = re.compile(r"<(?:p|ul|ol|table|blockquote|pre|hr)\b")
_FORMULA = re.compile(r"[$&]|\\[(\[]")
_BETWEEN = re.compile(
    r"(?<=>)\s*\n\s*(?=</?(?:p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|t[rhd]|thead|tbody|section)\b)"
)
_TURNS = {"opening": 0, "closing": 2}


def numbers(values: Sequence[int], comma: str = ", ") -> str:
    """Return ascending numbers with runs of three or more drawn together: ``1–3, 5``."""
    pairs = groupby(enumerate(values), key=lambda pair: pair[1] - pair[0])
    runs = [[value for _, value in run] for _, run in pairs]
    return comma.join(f"{run[0]}–{run[-1]}" if len(run) > 2 else comma.join(map(str, run)) for run in runs)


class Entry(NamedTuple):
    """An item with its kind and its number on the sheet, from 1."""

    item: Item
    kind: Kind
    number: int


class Option(NamedTuple):
    """An answer of a choice: its letter, its text, and whether it is the right one."""

    letter: str
    text: Text
    right: bool


class Chapter(NamedTuple):
    """A section of the essay with its items, already HTML."""

    section: Section
    place: str
    items: tuple[Safe, ...]


class _Sheet:
    """One run over a deck. ``found`` collects what its templates got wrong."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.templates = Templates(request.path, request.words, "page")
        self.found: list[Diagnostic] = []
        self.kinds = {kind.name: kind for kind in request.kinds}
        self.labels = {kind.name: request.words(kind.label) for kind in request.kinds}
        self.flavours = {solved: PrintFlavour(solved, "media/{}".format) for solved in (False, True)}
        self.comma = languages.separators(request.language.tag)[0]
        self.specs = dict(_specs(request))
        self.entries = self._numbered()

    # Which items, in which order

    def has(self, kind: str, part: str) -> bool:
        """Whether a kind has a template for a part of the sheet."""
        return self.request.path.find(f"kinds/{kind}/{part}.html") is not None

    def _numbered(self) -> tuple[Entry, ...]:
        """Number the items: by section, then on the discussion pages, then those that only a list has."""
        deck = self.request.deck
        parts = {name: (self.has(name, "handout"), self.has(name, "discussion")) for name in self.kinds}
        place = {section.id: number for number, section in enumerate(deck.essay.sections)}

        def order(item: Item) -> tuple[int, int, int]:
            in_section, in_discussion = parts[item.kind]
            when = item.fields.get("when")
            turn = _TURNS.get(when.value, 1) if isinstance(when, Text) and not in_section else 1
            return (0 if in_section else 1 if in_discussion else 2, turn, place[item.section])

        ordered = sorted(deck.items, key=order)
        return tuple(Entry(item, self.kinds[item.kind], number) for number, item in enumerate(ordered, 1))

    def part(self, part: str) -> tuple[Entry, ...]:
        """Return the items that stand in a part of the sheet."""
        kinds = {name for name in self.kinds if self.has(name, part)}
        return tuple(entry for entry in self.entries if entry.item.kind in kinds)

    # What templates call

    def html(self, text: Text | str, *, solved: bool = False) -> Safe:
        """Return a text as HTML, inline if it is one paragraph; ``solved`` fills its gaps."""
        spec = self.specs.get(text) if isinstance(text, Text) else None
        value = text.value if isinstance(text, Text) else text
        rendered = render(
            value,
            self.flavours[solved],
            block=spec is None or spec.type != "line",
            cloze=spec is not None and spec.type == "cloze",
        )
        return Safe(fonts.printable(rendered.html))

    def blocks(self, text: Text | str, after: str = "", *, solved: bool = False) -> Safe:
        """Return a text as paragraphs, with ``after`` at the end of the last one."""
        content, last = self.html(text, solved=solved), Safe.escape(after)
        if not _BLOCK.search(content):
            return Safe("<p>{}{}</p>").format(content, last)
        if content.endswith("</p>"):
            content = Safe("{}{}</p>").format(Safe(content.removesuffix("</p>")), last)
        elif last:
            content += Safe("<p>{}</p>").format(last)
        return Safe('<div class="blocks">{}</div>').format(content)

    def source(self, item: Item, before: str = "") -> Safe:
        """Return the brackets with an item's paragraphs: a line can break between sections only."""
        cited = cite(self.request, tuple((source.section, source.number) for source in item.sources))
        parts = [f"{short} {numbers(values, self.comma)}" for short, values in cited.items()]
        return Safe(" ").join(
            self.bracket(part, place, len(parts), before) for place, part in enumerate(parts)
        )

    def bracket(self, part: str, place: int, count: int, before: str = "") -> Safe:
        """Return a citation as a piece that does not break, in brackets with those before and after it."""
        opening = f"{before}[" if place == 0 else ""
        closing = "]" if place == count - 1 else self.comma.rstrip()
        glued = part.replace(" ", "\u00a0")
        return Safe('<i class="s">{}{}{}</i>').format(opening, glued, closing)

    def options(self, item: Item) -> list[Option]:
        """Return the answers of a choice in the order of its Anki card."""
        right, wrong = item.fields["right"], cast("tuple[Text, ...]", item.fields["wrong"])
        order = cast("list[Text]", shuffled([right, *wrong], item.origin))
        letters = languages.letters(self.request.language.tag)
        return [Option(letter, text, text is right) for letter, text in zip(letters, order, strict=False)]

    # The parts of the page

    def fragment(self, entry: Entry, part: str) -> Safe:
        """Render an item's template for a part of the sheet."""
        item, kind, number = entry
        values = {
            **self.helpers,
            "item": item,
            "kind": kind,
            "label": self.labels[kind.name],
            "number": number,
            "anchor": f"item-{item.id}",
            "source": self.source(item, "\u00a0"),
            "brackets": self.source(item),
            "tongue": self.request.tongue(item),
            "mark": self.request.mark(item),
        }
        return self.render(f"kinds/{kind.name}/{part}.html", values)

    def render(self, name: str, values: Mapping[str, object]) -> Safe:
        result = self.templates.render(name, values)
        self.found += result.diagnostics
        return Safe(_BETWEEN.sub("", result.value))  # each blank between blocks costs time to set

    @cached_property
    def helpers(self) -> dict[str, object]:
        """What every template can use."""
        return {
            "deck": self.request.deck,
            "language": self.request.language,
            "html": self.html,
            "blocks": self.blocks,
            "options": self.options,
            "plain": plain_text,
            "foreign": self.request.foreign,
        }

    def fragments(self, part: str) -> tuple[Safe, ...]:
        return tuple(self.fragment(entry, part) for entry in self.part(part))

    def glossary(self) -> tuple[Safe, ...]:
        """Return the entries of the glossary in the order of the language's alphabet."""
        key = languages.collation(self.request.language.tag)

        def head(entry: Entry) -> object:
            text = entry.item.fields[entry.kind.fields[0].name]
            return key(plain_text(text.value) if isinstance(text, Text) else entry.item.id)

        entries = sorted(self.part("glossary"), key=head)  # type: ignore[arg-type]
        return tuple(self.fragment(entry, "glossary") for entry in entries)

    def chapters(self) -> Iterator[Chapter]:
        """Yield the sections that have items."""
        entries = self.part("handout")
        for section in self.request.deck.essay.sections:
            own = [entry for entry in entries if entry.item.section == section.id]
            if own:
                place = self.place(section.short, range(1, len(section.paragraphs) + 1))
                yield Chapter(section, place, tuple(self.fragment(entry, "handout") for entry in own))

    def place(self, section: str, values: Sequence[int]) -> str:
        """Return paragraphs of a section in the words of the language."""
        one, many = "{section}, paragraph {numbers}", "{section}, paragraphs {numbers}"
        words = self.request.words.plural(one, many, len(values))
        return words.replace("{section}", section).replace("{numbers}", numbers(values, self.comma))

    def example(self) -> tuple[Safe, str, int] | None:
        """Return the first citation, its section and its paragraph, to explain what brackets mean."""
        first = next((citation for entry in self.entries for citation in entry.item.sources), None)
        if first is None:
            return None
        short = self.request.deck.section(first.section).short
        return self.bracket(f"{short} {first.number}", 0, 1), short, first.number

    def page(self) -> Safe:
        """Render the whole page."""
        request, tag = self.request, self.request.language.tag
        rtl = request.language.direction == "rtl"
        values = {
            **self.helpers,
            "essay": request.deck.essay,
            "listing": lambda names: languages.listing(tag, names),
            "letters": languages.letters(tag),
            "italics": languages.italics(tag),
            "start": "right" if rtl else "left",
            "end": "left" if rtl else "right",
            "date": request.date,
            "draft": request.draft,
            "count": len(self.entries),
            "example": self.example(),
            "chapters": tuple(self.chapters()),
            "positions": self.fragments("table"),
            "glossary": self.glossary(),
            "discussions": self.fragments("discussion"),
            "solutions": self.fragments("solution"),
        }
        return self.render("print/handout.html", values)


def _specs(request: Request) -> Iterator[tuple[Text, FieldSpec]]:
    """Yield each text of the items with its field, whose type says how to read it."""
    for item in request.deck.items:
        for spec in request.kind(item.kind).fields:
            value = item.fields.get(spec.name, ())
            for entry in (value,) if isinstance(value, Text) else value:
                if isinstance(entry, Text):
                    yield entry, spec
                else:
                    yield from ((entry[part.name], part) for part in spec.fields if part.name in entry)


def page(request: Request) -> Result[str]:
    """Return the whole page as HTML; no path of this machine stands in it."""
    sheet = _Sheet(request)
    content = fonts.held_before_isolates(isolated(str(sheet.page()), request.language.direction))
    return Result(content, tuple({found.sort_key(): found for found in sheet.found}.values()))


def _texts(request: Request) -> Iterator[tuple[str, str, Span]]:
    """Yield all words that come from the deck, with what they are and their places."""
    deck, essay = request.deck, request.deck.essay
    for name in ("title", "subtitle", "standpoint", "version"):
        yield getattr(deck, name), name, deck.spans.get(name, deck.span)
    yield " ".join(deck.authors), "authors", deck.span
    yield deck.licence.name, "licence", deck.span
    for name in ("title", "subtitle", "publisher", "year"):
        yield getattr(essay, name), f"essay.{name}", essay.span
    yield " ".join(essay.authors), "essay.authors", essay.span
    for section in essay.sections:
        yield f"{section.title} {section.short}", f"sections.{section.id}", section.span
    for item in deck.items:
        for path, (text, span) in item.texts():
            yield (text + plain_text(text) if _FORMULA.search(text) else text), f"{item.id}.{path}", span


class HandoutBackend:
    """The handout: ``output/<deck>.<lang>.handout.pdf``."""

    name = "handout"
    suffix = ".handout.pdf"
    heavy = True

    def render(self, request: Request) -> Result[bytes | None]:
        """Return the PDF's bytes: equal for equal input and ledger."""
        place = request.deck.spans.get("language", request.deck.span)
        if absent := fonts.absent(request.language, place):
            return Result(None, absent)
        result = page(request)
        lacking = fonts.check(_texts(request), request.language)
        if not lacking:  # what is left then comes from the words of the interface
            words = (html.unescape(result.value), "templates", request.deck.span)
            lacking = fonts.check([words], request.language)
        if failed(result.diagnostics) or lacking:
            return Result(None, (*result.diagnostics, *lacking))
        from deckgen.backends import pdf

        deck = request.deck
        folders = (deck.media, *request.path.folders)
        sheet = pdf.Page(result.value, deck.folder, folders, request.language, request.changed, deck.span)
        written = pdf.write(sheet)
        return Result(written.value, (*result.diagnostics, *written.diagnostics))
