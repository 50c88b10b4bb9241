"""What all paper is composed of: a deck's items as fragments of HTML, and a page around them.

A kind of item takes part in a product by the files in its folder ``templates/kinds/<kind>``, each a
template of one item. Nothing here knows a kind by its name. A product is a subclass of ``Sheet`` with
its own page, and a back end that has it composed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, cast

from deckgen import fonts, languages
from deckgen.backends.base import Request, citations, shuffled
from deckgen.backends.paper import qr
from deckgen.backends.paper.looks import looks
from deckgen.backends.paper.pdf import Page
from deckgen.collector import uncollected
from deckgen.colours import grey, greyed
from deckgen.diagnostics import Diagnostic, Result, Span, failed
from deckgen.markup import isolated, plain_text, render
from deckgen.markup.flavours import GapFlavour, PrintFlavour
from deckgen.model import FieldSpec, Item, Kind, Text
from deckgen.templating import Safe, Templates

_BLOCK = re.compile(r"<(?:p|ul|ol|table|blockquote|pre|hr)\b")
_STYLE = re.compile("<style>.*?</style>", re.DOTALL)
_UNDRAWN = re.compile(r'<(head|title|style)\b.*?</\1>|<(?:[^>"]|"[^"]*")*>', re.DOTALL)
_DATA = re.compile(r'\sdata-\w+="([^"]*)"')
_FORMULA = re.compile(r"[$&]|\\[(\[]")
_BETWEEN = re.compile(
    r"(?<=>)\s*\n\s*(?=</?(?:p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|t[rhd]|thead|tbody|section)\b)"
)


def numbers(values: Sequence[int], comma: str = ", ") -> str:
    """Return ascending numbers with runs of three or more drawn together: ``1–3, 5``."""
    pairs = groupby(enumerate(values), key=lambda pair: pair[1] - pair[0])
    runs = [[value for _, value in run] for _, run in pairs]
    return comma.join(f"{run[0]}–{run[-1]}" if len(run) > 2 else comma.join(map(str, run)) for run in runs)


_TURNS = {"opening": 0, "closing": 2}
_LONG = 30  # characters that a citation has at most if no line is to be broken in it


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


class Sheet:
    """One run over a deck for a product. ``found`` collects what its templates got wrong.

    ``name`` is the template of the whole page. ``parts`` are the templates of items that decide their
    numbers: those with the first part go by section, then those with the second, and so on; an item that
    has none of them comes last.
    """

    name: str
    parts: tuple[str, ...] = ()

    def __init__(self, request: Request) -> None:
        self.request = _without_colour(request) if request.paper.grey else request
        self.templates = Templates(request.path, request.words, "page")
        self.found: list[Diagnostic] = []
        self.kinds = {kind.name: kind for kind in request.kinds}
        self.labels = {kind.name: request.words(kind.label) for kind in request.kinds}
        self.flavours = {solved: PrintFlavour(solved, self.media) for solved in (False, True)}
        self.comma = languages.separators(request.language.tag)[0]
        # Of the items rendered so far, by identity: with an alias of YAML, the texts of two fields are equal.
        self.specs: dict[int, FieldSpec] = {}
        self.known: dict[tuple[str, str], bool] = {}
        self.cited: dict[tuple[tuple[tuple[str, int], ...], str], Safe] = {}  # many items cite the same
        self.entries = self._numbered()

    # Which items, in which order

    def has(self, kind: str, part: str) -> bool:
        """Whether a kind has a template for a part of the sheet."""
        known = self.known.get((kind, part))
        if known is None:
            known = self.request.path.find(f"kinds/{kind}/{part}.html") is not None
            self.known[kind, part] = known
        return known

    def _numbered(self) -> tuple[Entry, ...]:
        """Number the items: by section in the first part, then those that stand in a later one alone."""
        deck = self.request.deck
        first = {
            name: next((at for at, part in enumerate(self.parts) if self.has(name, part)), len(self.parts))
            for name in self.kinds
        }
        place = {section.id: number for number, section in enumerate(deck.essay.sections)}

        def order(item: Item) -> tuple[int, int, int]:
            part = first[item.kind]
            return (part, self.turn(item) if part else 1, place[item.section])

        ordered = sorted(deck.items, key=order)
        return tuple(Entry(item, self.kinds[item.kind], number) for number, item in enumerate(ordered, 1))

    def turn(self, item: Item) -> int:
        """Return 0 for what opens an evening, 2 for what closes it, and 1 for all else."""
        when = item.fields.get("when")
        return _TURNS.get(when.value, 1) if isinstance(when, Text) else 1

    def part(self, part: str) -> tuple[Entry, ...]:
        """Return the items that stand in a part of the sheet."""
        kinds = {name for name in self.kinds if self.has(name, part)}
        return tuple(entry for entry in self.entries if entry.item.kind in kinds)

    def media(self, name: str) -> str:
        """Return where the page finds a picture."""
        return f"media/{self.request.media(name)}"

    @cached_property
    def changed(self) -> int:
        """When the items last changed: each of them is asked."""
        return self.request.changed

    # What templates call

    def html(self, text: Text | str, *, solved: bool = False) -> Safe:
        """Return a text as HTML, inline if it is one paragraph; ``solved`` fills its gaps."""
        spec = self.specs.get(id(text)) if isinstance(text, Text) else None
        value = text.value if isinstance(text, Text) else text
        rendered = render(
            value,
            self.flavours[solved],
            block=spec is None or spec.type != "line",
            cloze=spec is not None and spec.type == "cloze",
        )
        return Safe(fonts.printable(rendered.html))

    def line(self, text: str) -> Safe:
        """Return a text that is no item's as HTML in one line: what begins with «1.» is no list there."""
        return Safe(fonts.printable(render(text, self.flavours[False], block=False).html))

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

    def gaps(self, text: Text) -> tuple[Safe, ...]:
        """Return the words that belong in the gaps of a text, in its order."""
        flavour = GapFlavour(solved=True, media=self.flavours[True].media)
        render(text.value, flavour, cloze=True)
        return tuple(Safe(fonts.printable(words)) for words in flavour.found)

    def source(self, item: Item, before: str = "") -> Safe:
        """Return the brackets with an item's paragraphs: a line can break between sections only."""
        places = tuple((source.section, source.number) for source in item.sources)
        if (places, before) not in self.cited:
            cited = citations(self.request, places)
            parts = [f"{short} {numbers(values, self.comma)}" for short, values in cited]
            self.cited[places, before] = Safe(" ").join(
                self.bracket(part, place, len(parts), before) for place, part in enumerate(parts)
            )
        return self.cited[places, before]

    def bracket(self, part: str, place: int, count: int, before: str = "") -> Safe:
        """Return a citation, in brackets with those before and after it; a long one has a class."""
        opening = f"{before}[" if place == 0 else ""
        closing = "]" if place == count - 1 else self.comma.rstrip()
        name = "s w" if len(part) > _LONG else "s"
        return Safe(f'<i class="{name}">{Safe.escape(opening + part + closing)}</i>')

    def options(self, item: Item) -> list[Option]:
        """Return the answers of a choice in the order of its Anki card."""
        right, wrong = item.fields["right"], cast("tuple[Text, ...]", item.fields["wrong"])
        order = cast("list[Text]", shuffled([right, *wrong], item.origin))
        letters = languages.letters(self.request.language.tag, len(order))
        return [Option(letter, text, text is right) for letter, text in zip(letters, order, strict=True)]

    def qr(self, url: str) -> Safe:
        """Return an address as a QR code with a title that names it."""
        words = self.request.words("QR code: {url}").replace("{url}", url)
        return Safe(qr.svg(url, words))

    # The parts of the page

    def fragment(self, entry: Entry, part: str, **more: object) -> Safe:
        """Render an item's template for a part of the sheet; ``more`` is what that part tells it."""
        item, kind, number = entry
        self.specs.update((id(text), spec) for text, spec in _specs(item, kind))
        source = self.source(item, "\u00a0")
        values = {
            **self.helpers,
            "item": item,
            "kind": kind,
            "label": self.labels[kind.name],
            "number": number,
            "anchor": f"item-{item.id}",
            "id": Safe(f' <bdi class="id" dir="ltr">{Safe.escape(item.id)}</bdi>'),
            "source": source,
            "brackets": Safe(source.replace("\u00a0[", "[", 1)),
            "tongue": self.request.tongue(item),
            "mark": self.request.mark(item),
            **more,
        }
        return self.render(f"kinds/{kind.name}/{part}.html", values)

    def render(self, name: str, values: Mapping[str, object]) -> Safe:
        """Render a template; what is wrong with it is kept in ``found``."""
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
            "qr": self.qr,
            "gaps": self.gaps,
            "plain": plain_text,
            "foreign": self.request.foreign,
            "paper": self.request.paper,
            "looks": looks(self.request.paper),
        }

    def fragments(self, part: str) -> tuple[Safe, ...]:
        """Render the items of a part, one by one."""
        return tuple(self.fragment(entry, part) for entry in self.part(part))

    def place(self, section: str, values: Sequence[int]) -> str:
        """Return paragraphs of a section in the words of the language."""
        one, many = "{section}, paragraph {numbers}", "{section}, paragraphs {numbers}"
        words = self.request.words.plural(one, many, len(values))
        return words.replace("{section}", section).replace("{numbers}", numbers(values, self.comma))

    def values(self) -> dict[str, object]:
        """Return what the template of the page is given; a product adds what is its own."""
        request, tag = self.request, self.request.language.tag
        rtl = request.language.direction == "rtl"
        return {
            **self.helpers,
            "essay": request.deck.essay,
            "listing": lambda names, of=tag: languages.listing(of, names),
            "turned": languages.direction(request.deck.essay.language) != request.language.direction,
            "letters": languages.letters(tag, 9),
            "italics": languages.italics(tag) and not request.paper.large,
            "start": "right" if rtl else "left",
            "end": "left" if rtl else "right",
            "date": request.day(self.changed),
            "draft": request.draft,
            "count": len(self.entries),
        }

    def page(self) -> Result[str]:
        """Render the whole page as HTML; no path of this machine stands in it."""
        content = str(self.render(self.name, self.values()))
        content = isolated(fonts.hyphenated(content), self.request.language.direction)
        content = fonts.held_before_isolates(content)
        if self.request.paper.grey:
            content = _STYLE.sub(lambda style: greyed(style[0]), content)
        return Result(content, tuple({found.sort_key(): found for found in self.found}.values()))

    def lacking(self, page: str) -> tuple[Diagnostic, ...]:
        """Return an error for each character on the page that no font has.

        Unless it comes from the deck, it comes from the words of the interface. Nearly all pages have none
        at all: only of others it is asked what is drawn.
        """
        deck, language = self.request.deck, self.request.language
        if not fonts.missing(html.unescape(page), language):
            return ()
        found = fonts.check([(html.unescape(_drawn(page)), "templates", deck.span)], language)
        odd = {each.args["character"] for each in found}
        own = fonts.check(_texts(self.request), language) if odd else ()
        return tuple(each for each in own if each.args["character"] in odd) or found

    @uncollected()
    def compose(self) -> Result[Page | None]:
        """Return the page, ready to be set, or None with what prevents it: templates, fonts, or glyphs."""
        request = self.request
        deck = request.deck
        if absent := fonts.absent(request.language, deck.spans.get("language", deck.span)):
            return Result(None, absent)
        result = self.page()
        lacking = self.lacking(result.value)
        if failed(result.diagnostics) or lacking:
            return Result(None, (*result.diagnostics, *lacking))
        folders = (deck.media, *request.path.folders)
        page = Page(
            result.value,
            deck.folder,
            folders,
            request.language,
            self.changed,
            deck.span,
            large=request.paper.large,
            tagged=not request.paper.folded,
        )
        return Result(page, result.diagnostics)


def _without_colour(request: Request) -> Request:
    return replace(request, deck=replace(request.deck, accent=grey(request.deck.accent)))


def _specs(item: Item, kind: Kind) -> Iterator[tuple[Text, FieldSpec]]:
    """Yield each text of an item with its field, whose type says how to read it."""
    for spec in kind.fields:
        value = item.fields.get(spec.name, ())
        for entry in (value,) if isinstance(value, Text) else value:
            if isinstance(entry, Text):
                yield entry, spec
            else:
                yield from ((entry[part.name], part) for part in spec.fields if part.name in entry)


def _drawn(page: str) -> str:
    """Return what of a page is drawn: its text, and the attributes that style sheets take words from."""
    return _UNDRAWN.sub(lambda tag: " ".join(_DATA.findall(tag[0])), page)


def _texts(request: Request) -> Iterator[tuple[str, str, Span]]:
    """Yield all words that come from the deck, with what they are and their places."""
    deck, essay = request.deck, request.deck.essay
    for name in ("name", "title", "subtitle", "description", "standpoint", "version"):
        yield getattr(deck, name), name, deck.spans.get(name, deck.span)
    for number, aim in enumerate(deck.evening.aims, 1):
        yield aim.value, f"aims.{number}", aim.span
    yield " ".join(deck.authors), "authors", deck.span
    yield deck.licence.name, "licence", deck.span
    for name in ("title", "subtitle", "publisher", "year"):
        yield getattr(essay, name), f"essay.{name}", essay.span
    yield " ".join(essay.authors), "essay.authors", essay.span
    yield " ".join(essay.translated), "essay.translated", essay.span
    for section in essay.sections:
        yield f"{section.title} {section.short}", f"sections.{section.id}", section.span
    for item in deck.items:
        for path, (text, span) in item.texts():
            yield (text + plain_text(text) if _FORMULA.search(text) else text), f"{item.id}.{path}", span
