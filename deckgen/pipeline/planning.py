"""localize → plan: decks in their languages, the files to make of them, and the ledger after that."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from deckgen import decoding, ledger, shapes, survey
from deckgen.backends import Backend, Request, anki
from deckgen.collector import uncollected
from deckgen.diagnostics import Diagnostic, Result, Source, Span, codes, failed
from deckgen.files import shown
from deckgen.jobs import Job, file_of
from deckgen.languages import language
from deckgen.ledger import Ledger
from deckgen.model import Deck, Paper, PaperSize, Policy, Print
from deckgen.news import news
from deckgen.pipeline.loading import Loaded, languages_of, translated
from deckgen.pipeline.workspace import Workspace
from deckgen.shapes import Shapes
from deckgen.words import load_words

LEDGER = "ledger.json"
LARGEST = 64 * 1024 * 1024  # bytes of a ledger


@dataclass(frozen=True, slots=True)
class Options:
    """What a build was asked for; empty tuples mean everything.

    ``stale`` rules over the policies of the decks. A ``draft`` marks what is not current, and leaves the
    ledger alone. ``breaking`` says that what breaks something learners have is meant. ``paper`` and ``print``
    rule over the decks' as well; ``sheet`` says how cards are cut, and whether there is colour. ``since`` is
    a version or a day (ISO 8601, UTC) after which changes are news; else it is the version before the deck's.
    """

    output: Path
    languages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    workers: int = 1
    frozen: bool = False
    draft: bool = False
    breaking: bool = False
    stale: Policy | None = None
    paper: PaperSize | None = None
    print: Print | None = None
    sheet: Paper = field(default_factory=Paper)
    cached: bool = True
    since: str = ""

    def translations(self, folder: Path) -> tuple[str, ...]:
        """Return those languages asked for that the deck in a folder is translated into."""
        return tuple(tag for tag in survey.tags(folder) if tag in self.languages or not self.languages)


class Since(NamedTuple):
    """The version that learners have, if it is one, and the moment after which changes are news to them."""

    version: str
    moment: int


class Edition(NamedTuple):
    """A deck in one language: its jobs, its part of the ledger after the build, its subdecks' names."""

    tag: str
    jobs: tuple[Job, ...]
    update: ledger.Update
    decks: Mapping[str, str]


class Plan(NamedTuple):
    """What a build makes of one deck."""

    editions: tuple[Edition, ...]


def plan(workspace: Workspace, loaded: Loaded, options: Options, now: int) -> Result[Plan]:
    """Compose what the ledger remembers, and return the editions of a deck.

    An edition that cannot be made is left out and told; what concerns all of them leaves none.
    """
    deck = loaded.deck
    assert deck is not None
    text = ledger_text(deck.folder)
    parsed, shaped = ledger.parse(text.value), shapes.parse(text.value)
    found = [*text.diagnostics, *parsed.diagnostics, *shaped.diagnostics]
    found += unknown_languages(deck, options.languages)
    shape = shapes.shapes_of(deck, workspace.kinds)
    broken = shapes.breaks(shaped.value, shape, deck, workspace.kinds)
    found += (one for one in broken if not options.breaking or not one.is_error)
    if failed(found):
        return Result(Plan(()), tuple(found))
    since = _since(shaped.value, deck, options.since)
    found += since.diagnostics
    known = shaped.value.after(shape).built(deck.version, now)
    editions: list[Edition] = []
    for tag in dict.fromkeys(options.languages or languages_of(deck)):
        doubts = tuple(_doubts(text.value, parsed.value, deck, tag, options, now))
        found += doubts
        if failed(doubts):
            continue
        edition = _edition(workspace, loaded, tag, options, parsed.value, since.value, now)
        found += edition.diagnostics
        if edition.value:
            editions.append(edition.value)
            found += shapes.renamed(shaped.value, deck, edition.value.decks)
    changes = [key for each in editions for key in (*each.update.new, *each.update.changed)]
    changes += ["shapes"] if known.called(each.decks for each in editions) != shaped.value else []
    if options.frozen and changes:
        found.append(Diagnostic(codes.FROZEN, Span(text.value.file), {"changes": _first(changes)}))
        editions = []
    return Result(Plan(tuple(editions)), tuple(found))


def _since(known: Shapes, deck: Deck, wanted: str) -> Result[Since | None]:
    """Return since when there are news; None if nobody has an earlier version."""
    version = wanted or known.previous(deck.version)
    if version in known.versions:
        return Result(Since(version, known.versions[version]))
    if not wanted:
        return Result(None)
    try:
        first = datetime.datetime.combine(datetime.date.fromisoformat(wanted), datetime.time(), datetime.UTC)
    except ValueError:
        args = {"version": wanted, "versions": ", ".join(known.versions) or "none"}
        span = deck.spans.get("version", deck.span)
        return Result(None, (Diagnostic(codes.NO_VERSION, span, args),))
    return Result(Since("", max(0, int(first.timestamp()))))


def unknown_languages(deck: Deck, tags: Iterable[str]) -> list[Diagnostic]:
    """Return an error for each language that a deck does not exist in."""
    known = languages_of(deck)
    span, args = deck.spans.get("language", deck.span), {"languages": ", ".join(known)}
    return [
        Diagnostic(codes.NO_LANGUAGE, span, {"language": tag, **args})
        for tag in dict.fromkeys(tags)
        if tag not in known
    ]


def _doubts(
    source: Source, before: Ledger, deck: Deck, tag: str, options: Options, now: int
) -> Iterator[Diagnostic]:
    """Find that the ledger has been lost, or is ahead of the clock; it matters where it is written."""
    if options.frozen or options.draft:
        return
    entries = ledger.of_language(before, tag)
    package = options.output / f"{deck.id}.{tag}{anki.AnkiBackend.ending}"
    if not entries and package.is_file():
        args = {"language": tag, "file": shown(package), "deck": deck.id}
        yield Diagnostic(codes.LOST_LEDGER, Span(source.file), args)
    if late := ledger.late(entries, now):
        args = {"now": ledger.moment(now), "names": _first(late)}
        yield Diagnostic(codes.LATE, Span(source.file), args)


def _first(names: Sequence[str]) -> str:
    """Return the first three names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def ledger_text(folder: Path) -> Result[Source]:
    """Return the text of a deck's ledger; an empty one if there is none yet."""
    file = folder / LEDGER
    if not file.exists():
        return Result(Source(shown(file), ""))
    return decoding.read_text(file, shown(file), limit=LARGEST)


def breaks(workspace: Workspace, loaded: Loaded) -> tuple[Diagnostic, ...]:
    """Find what would break what learners have of a deck, by the ledger of its last build."""
    if loaded.deck is None:
        return ()
    known = shapes.parse(ledger_text(loaded.folder).value).value
    now = shapes.shapes_of(loaded.deck, workspace.kinds)
    return tuple(shapes.breaks(known, now, loaded.deck, workspace.kinds))


@uncollected()
def _edition(
    workspace: Workspace,
    loaded: Loaded,
    tag: str,
    options: Options,
    before: Ledger,
    since: Since | None,
    now: int,
) -> Result[Edition | None]:
    """Compose a deck in one language; None if that cannot be done."""
    result = compose(workspace, loaded, tag, options, before)
    if result.value is None:
        return Result(None, result.diagnostics)
    request, composed = result.value
    retired = [f"{tag}/{item}" for item in request.retired]
    update = ledger.update(before, composed.hashes(tag), now, composed.texts(tag), retired)
    times = ledger.times_of(update.ledger, tag)
    if options.draft:
        request = replace(request, draft=True, ledger=ledger.earlier(times))
    else:
        items = {item.origin: item.id for item in request.deck.items}
        told = news(update.ledger, tag, items, request.deck.studied, *since) if since else None
        request = replace(request, composed=composed, ledger=times, news=told)
    jobs = tuple(_jobs(request, options))
    return Result(Edition(tag, jobs, update, anki.decks_of(request, composed)), result.diagnostics)


def compose(
    workspace: Workspace, loaded: Loaded, tag: str, options: Options, before: Ledger
) -> Result[tuple[Request, anki.Composed] | None]:
    """Render the notes of a deck in one language, with those retired that only the ledger has; or None."""
    localized = localize(loaded, tag, options)
    found = list(localized.diagnostics)
    deck = localized.value
    if deck is None or loaded.deck is None:
        return Result(None, tuple(found))
    words = load_words(tag, workspace.path, deck.spans.get("language", deck.span))
    gone = ledger.gone(before, tag, {item.origin for item in loaded.deck.items})
    request = Request(deck, language(tag), workspace.kinds, words.value, workspace.path, {}, retired=gone)
    composed = anki.compose(request)
    found += (*words.diagnostics, *composed.diagnostics)
    return Result(None if failed(found) else (request, composed.value), tuple(found))


def localize(loaded: Loaded, tag: str, options: Options) -> Result[Deck | None]:
    """Return a deck in a language, decided card by card; None where nothing of it can be built.

    Faults in single texts are no errors here: they cost a card.
    """
    deck = loaded.deck
    assert deck is not None
    if tag == deck.language:
        return Result(deck)
    translation = next(each for each in loaded.translations if each.tag == tag)
    if translation.localized is None:
        return Result(None, translation.diagnostics)
    policy = options.stale or deck.stale
    built = translation.localized.built(policy)
    if deck.items and not built.items:
        args = {"language": language(tag).name, "file": translation.source.file}
        return Result(None, (Diagnostic(codes.NOTHING_TRANSLATED, Span(translation.source.file), args),))
    found = [replace(one, lenient=True) for one in translation.diagnostics]
    return Result(built, (*found, *translation.remarks(policy)))


def _jobs(request: Request, options: Options) -> Iterator[Job]:
    """Yield the files that a build makes of a deck in one language, in the products and prints wanted."""
    every = tuple(_every_job(request, options))
    files = tuple((maker.name, job.file) for maker, job in every)
    for maker, job in every:
        if not options.products or maker.product in options.products:
            yield job._replace(request=replace(job.request, files=files))


def _every_job(request: Request, options: Options) -> Iterator[tuple[Backend, Job]]:
    """Yield the files of all products in the prints wanted, each with what makes it."""
    from deckgen.backends.products import BACKENDS

    deck = request.deck
    printed = options.print or deck.print
    prints = {Print.NORMAL: (False,), Print.LARGE: (True,), Print.BOTH: (False, True)}[printed]
    for each in BACKENDS:
        for large in prints if each.has_large else (False,):
            paper = replace(options.sheet, size=options.paper or deck.paper, large=large)
            composed = None if each.heavy else request.composed
            asked = replace(request, paper=paper, composed=composed)
            if name := file_of(each, asked):
                yield each, Job(each.name, asked, name)


def announced(
    workspace: Workspace, loaded: Iterable[Loaded], options: Options, now: int
) -> Result[list[tuple[str, str]]]:
    """Return the news of decks in their languages, each named ``garden.en``; empty if nothing is new.

    They are those of the next build, whose descriptions say the same in short.
    """
    told: list[tuple[str, str]] = []
    found: list[Diagnostic] = []
    for each in loaded:
        assert each.deck is not None
        whole = translated(workspace, each, now, options.translations(each.folder))
        planned = plan(workspace, whole, options, now)
        found += planned.diagnostics
        for edition in planned.value.editions:
            request = next(job.request for job in edition.jobs if job.backend == anki.AnkiBackend.name)
            assert request.composed is not None
            text = anki.announce(request, request.composed)
            found += text.diagnostics
            told.append((f"{each.deck.id}.{edition.tag}", text.value))
    return Result(told, tuple(found))
