"""What is said beside the cards, in Markdown: the deck's description, and the news for those who have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from deckgen import languages
from deckgen.backends.anki.notes import RETIRED, Composed, deck_name
from deckgen.backends.base import Request
from deckgen.diagnostics import Result
from deckgen.markup import plain_text
from deckgen.news import News, escaped, search
from deckgen.templating import Safe, Templates


def describe(request: Request) -> Result[str]:
    """Return the deck's description in Anki. It needs the ledger, for its date."""
    essay = request.deck.essay
    title = essay.title
    if languages.direction(essay.language) != request.language.direction:
        title = f"\u2068{title}\u2069"  # keeps the marks at its ends where they belong
    values = {"deck": request.deck, "title": title, "date": request.date, "plain": plain_text}
    return _rendered(request, "anki/description.md", {**values, **_told(request)})


def announce(request: Request, composed: Composed) -> Result[str]:
    """Return the news of a deck in a language, to be published with its files; empty if there are none."""
    if not request.news:
        return Result("")
    values = {
        "name": deck_name(request),
        "version": request.deck.version,
        "package": dict(request.files).get("anki", ""),
        "find": lambda cards: search(_types(request), _fields(composed), cards),
        **_told(request),
    }
    return _rendered(request, "anki/news.md", values)


def _rendered(request: Request, template: str, values: dict[str, object]) -> Result[str]:
    rendered = Templates(request.path, request.words, "page").render(template, values)
    return Result(rendered.value.strip(), rendered.diagnostics)


def _told(request: Request) -> dict[str, object]:
    """Return what both say of news: what there is, since when, and how to find what is no more."""
    news = request.news or News("", 0)
    day = datetime.fromtimestamp(news.since, UTC).date()
    return {
        "news": news,
        "day": languages.date(request.language.tag, day),
        "changes": languages.separators(request.language.tag)[0].join(_counted(request, news)),
        "escaped": lambda text: Safe(escaped(text)),
        "retired": Safe(f'"{_types(request)}" tag:{RETIRED}'),
    }


def _counted(request: Request, news: News) -> Iterator[str]:
    plural = request.words.plural
    if count := len(news.new):
        yield plural("{count} new card", "{count} new cards", count).format(count=count)
    if count := len(news.corrected):
        yield plural("{count} corrected card", "{count} corrected cards", count).format(count=count)
    if count := len(news.retired):
        yield plural("{count} card taken out", "{count} cards taken out", count).format(count=count)


def _types(request: Request) -> str:
    """Return what finds the note types of a deck in a language: its cards may be in any deck by now."""
    return f"note:{deck_name(request)} – *"


def _fields(composed: Composed) -> Iterable[str]:
    """Return the names that the field with the item's id has in this language."""
    return dict.fromkeys(
        name
        for each in composed.types
        for (_, name), field in zip(each.fields, each.kind.note_type.fields, strict=True)
        if field.value == "item"
    )
