"""Paper other than the handout: deckgen against WeasyPrint used bare, on the same words in the same blocks.

The reference is WeasyPrint called with the same elements and words, stripped of every class and
id, with a running head and a foot on each page: no margin column, no page numbers in the contents, no
rules of where to break, the least style in which it is the same work (own fonts, hyphenation, the size
of the page, PDF/UA-1). The poster is boxes at their places, so it is told these, and how large their words
are; it has nothing in its margins, and its lines are not hyphenated. What deckgen adds to it, from the
templates to the checks of glyphs and the looks, is the ratio. Goal: at most 1.2 for 80 and for 1,000
items. Of a worksheet all is drawn, and not what fits an evening; the guide and the poster show some of a
deck, whatever its size.
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import data
import measure
from measure import Measured, Work

if TYPE_CHECKING:
    from deckgen.backends import Request

TIMESTAMP = 1_750_000_000
Bare = Callable[[str, str], tuple[str, str]]
_KEPT = re.compile(
    "(?:html|body|header|nav|section|div|h[1-6]|p|[uod]l|li|table|thead|tbody|t[rhd]|d[td]|blockquote|pre"
    "|a|b|cite|code|em|i|span|strong|su[bp]|br)"
)


_SIZE = re.compile(r"size: [\d.]+mm [\d.]+mm")
# The words that stand in the margins of every page of ours, in as many boxes.
_MARGINS = (
    '@top-left { content: "A deck for benchmarks" } @top-right { content: "A section" } '
    '@bottom-left { content: "CC BY-SA 4.0 · As of today" } '
    '@bottom-right { content: counter(page) " / " counter(pages) }'
)


def request(folder: str) -> Request:
    """Return a deck with all that a product of it depends on."""
    from deckgen import ledger, pipeline
    from deckgen.backends import Request, anki
    from deckgen.languages import language
    from deckgen.model import Quiz
    from deckgen.words import load_words

    deck_folder = Path(folder)
    workspace = pipeline.open_workspace(deck_folder).value
    loaded = pipeline.load(workspace, deck_folder)
    assert loaded.deck is not None
    assert not loaded.failed
    words = load_words("de", workspace.path).value
    deck = replace(loaded.deck, quiz=Quiz("4711", None, None, None, None))  # all that there is
    new = Request(deck, language("de"), workspace.kinds, words, workspace.path, {})
    hashes = anki.compose(new).value.hashes("de")
    return replace(new, ledger=ledger.update({}, hashes, TIMESTAMP).ledger)


def deckgen(name: str, folder: str) -> Work:
    """From the deck to the bytes of the PDF."""
    from deckgen.backends.paper.pdf import available
    from deckgen.jobs import backend

    asked = request(folder)
    assert available()  # the import of WeasyPrint is not what is measured here

    def work() -> bytes:
        composed = backend(name).compose(asked).value
        assert composed is not None
        content = composed.finish().value
        assert content is not None
        return content

    return Work(work, _pages)


class _Bare(HTMLParser):
    """Keeps the elements and the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        place = dict(attributes).get("style") or ""
        if tag in ("style", "head"):
            self.hidden += 1
        elif _KEPT.fullmatch(tag):
            self.out.append(f'<{tag} style="{html.escape(place)}">' if place else f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "head"):
            self.hidden -= 1
        elif _KEPT.fullmatch(tag) and tag != "br":
            self.out.append(f"</{tag}>")

    def handle_data(self, text: str) -> None:
        if not self.hidden:
            self.out.append(html.escape(text))


def bare(name: str, folder: str) -> tuple[str, str]:
    """Return the same blocks with the same words, and the least style for them."""
    from deckgen import fonts
    from deckgen.backends.paper.pdf import Page
    from deckgen.jobs import backend

    asked = request(folder)
    composed = backend(name).compose(asked).value
    page = getattr(composed, "page", composed)
    assert isinstance(page, Page)
    size = _SIZE.search(page.html)
    assert size is not None
    parser = _Bare()
    parser.feed(page.html)
    body = "".join(parser.out).replace("<html>", '<html lang="de"><head><title>Bare</title></head>', 1)
    hyphens, margins = ("manual", "0") if name == "poster" else ("auto", f"25mm 23mm; {_MARGINS}")
    sheet = (
        fonts.stylesheet(fonts.faces(asked.language))
        + f'html, code, pre {{ font: 10pt/14pt "{fonts.SANS}"; hyphens: {hyphens} }}'
        f'i, p span {{ font: 8pt "{fonts.CONDENSED}" }}'
        + f"@page {{ {size[0]}; margin: {margins} }} p, dd {{ margin: 0 14mm 6pt 26mm }}"
        "[style] { position: absolute; margin: 0 }"
    )
    return body, sheet


def reference(made: Bare, name: str, folder: str) -> Work:
    """WeasyPrint alone; no deck is in memory, which its collector would look through."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    body, sheet = made(name, folder)

    def work() -> bytes:
        configuration = FontConfiguration()
        style = weasyprint.CSS(string=sheet, font_config=configuration)
        document = weasyprint.HTML(string=body).render(
            stylesheets=[style], font_config=configuration, pdf_variant="pdf/ua-1"
        )
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))

    return Work(work, _pages)


def _pages(content: bytes) -> Measured:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as document:
        return {"pages": len(document.pages)}


def write(folder: str, count: str) -> Measured:
    """Write the deck, in a process of its own too."""
    data.write_deck(Path(folder), int(count), discussions=True)
    return {"seconds": 0, "peak": 0}


def compare(about: str, products: Mapping[str, str], made: Bare = bare) -> None:
    """Measure back ends in each size, and print a table for each: its title by the back end's name.

    ``made`` makes the page for WeasyPrint alone, and its style.
    """
    measure.run_child({"deckgen": deckgen, "reference": partial(reference, made), "write": write})
    wanted = measure.arguments(about, turns=True, sizes=(80, 1_000))
    for name, title in products.items():
        rows = []
        for size in wanted.sizes:
            with tempfile.TemporaryDirectory() as folder:
                deck = Path(folder, "bench")
                measure.child("write", deck, size)
                sides = [(side, name, deck) for side in ("deckgen", "reference")]
                ours, theirs = measure.by_turns(*sides, seconds=wanted.seconds)
            rows.append(
                [f"{size:,}", f"{ours['pages']} / {theirs['pages']}", *measure.compared(ours, theirs)]
            )
        head = ["items", "pages", "deckgen", "WeasyPrint", "ratio", "memory", "WeasyPrint", "ratio"]
        measure.table(f"{title} (goal: a ratio of at most 1.2)", head, rows)


if __name__ == "__main__":
    compare(
        __doc__,
        {
            "quiz": "The worksheet",
            "quiz-key": "Its key",
            "guide": "The guide",
            "poster": "The poster",
            "booklet": "The booklet",
        },
    )
