"""Helpers for the tests of pages: any words in every field of a deck, and whether HTML is balanced."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from hypothesis import strategies as st

from deckgen import pipeline
from deckgen.backends import Request
from deckgen.diagnostics import Span
from deckgen.languages import language
from deckgen.model import Item, Text
from deckgen.words import load_words
from tests.conftest import HERE

CLOZE = st.text(st.sampled_from("ab *_`<>&[](){}$|#-\n1.:c\"'\\"), max_size=60).map(
    lambda text: f"x {{{{c1::y}}}} {text}"
)
WORDS = st.text(max_size=60) | st.text(st.sampled_from("ab *_`<>&[](){}$|#-\n1.:\"'\\"), max_size=60)
ANY = st.lists(WORDS.filter(str.strip), min_size=12, max_size=12)


class Balance(HTMLParser):
    """Fails where an element is closed that is not the open one."""

    VOID = frozenset({"br", "hr", "img", "meta", "col", "link", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def whole(html: str) -> None:
    """Fails if a page is not balanced, or has what can do something."""
    parser = Balance()
    parser.feed(html)
    assert parser.open == []
    assert not parser.tags & {"script", "iframe", "object", "embed", "form", "input"}


def with_words(request: Request, words: list[str], cloze: str) -> Request:
    """Return the request with these words in every field of its deck, and one text with gaps."""
    left = iter(words * (1 + 12 * len(request.deck.items) // len(words)))
    span = Span("items/10-nettles.yaml")

    def anew(item: Item) -> Item:
        fields = {}
        for name, value in item.fields.items():
            if name == "when":
                fields[name] = value
            elif item.kind == "cloze" and name == "text":
                fields[name] = Text(cloze, span)
            elif isinstance(value, Text):
                fields[name] = Text(next(left), span)
            else:
                fields[name] = tuple(
                    Text(next(left), span)
                    if isinstance(entry, Text)
                    else {part: Text(next(left), span) for part in entry}
                    for entry in value
                )  # type: ignore[assignment]
        return replace(item, fields=fields)

    items = tuple(anew(item) for item in request.deck.items)
    return replace(request, deck=replace(request.deck, items=items, title=words[0], standpoint=words[1]))


def any_request() -> Request:
    """The garden straight from the tests' folder: Hypothesis runs many examples in one test."""
    workspace = pipeline.open_workspace(HERE).value
    deck = pipeline.load(workspace, HERE / "decks" / "garden").deck
    assert deck is not None
    return Request(
        deck, language("en"), workspace.kinds, load_words("en", workspace.path).value, workspace.path, {}
    )


def has_one_part_alone(page: Any) -> bool:
    """Whether a page that pdfplumber has read begins with a head, its largest words, and has no other."""
    below = [char for char in page.chars if char["top"] > 55 and char["text"].strip()]
    most = max(char["size"] for char in below)
    heads = [char["bottom"] for char in below if char["size"] > 0.99 * most]
    return min(heads) - min(char["bottom"] for char in below) < 6 and max(heads) - min(heads) < 3 * most
