"""discover → read → parse → check → localize → plan → render → write.

Values in and values out; the disk is touched only when files are read at the one end and written at
the other. What goes wrong for a deck stops that deck alone.
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from deckgen import checks, decoding, ledger, media, parse, reader, receipts, shapes, survey
from deckgen.backends import Backend, Request, anki
from deckgen.cache import FOLDER, Cache, contents, digest, programs
from deckgen.collector import uncollected
from deckgen.diagnostics import Diagnostic, Result, Source, Span, codes, failed, nearest
from deckgen.files import names_in, shown, write_whole
from deckgen.jobs import Job, Progress, file_of, render_all
from deckgen.kinds import load_kinds
from deckgen.languages import language
from deckgen.ledger import Ledger
from deckgen.model import Artifact, Deck, Kind, Paper, PaperSize, Policy, Print
from deckgen.news import news
from deckgen.receipts import Written
from deckgen.resources import SearchPath, search_path
from deckgen.shapes import Shapes
from deckgen.survey import Translation
from deckgen.words import load_words

DECK, ESSAY, LEDGER = "deck.yaml", "essay.yaml", "ledger.json"
LARGEST = 64 * 1024 * 1024  # bytes of a ledger


def clock() -> int:
    """Return the time in seconds since 1970; ``SOURCE_DATE_EPOCH`` rules it. The one place that asks."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return min(int(given[:20]), ledger.LATEST) if given.isdecimal() else int(time.time())


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a command works: the folder with ``cards/`` and, maybe, ``templates/``."""

    folder: Path
    path: SearchPath
    kinds: tuple[Kind, ...]
    cache: Cache = field(default_factory=Cache)


def open_workspace(folder: Path) -> Result[Workspace]:
    """Return the workspace of a folder, with the kinds that exist in it."""
    path = search_path(folder)
    kinds = load_kinds(path)
    return Result(Workspace(folder, path, kinds.value, Cache(folder / FOLDER / "cache")), kinds.diagnostics)


# Discover -----------------------------------------------------------------------------


def discover(workspace: Workspace, names: Iterable[str]) -> Result[tuple[Path, ...]]:
    """Return the folders of the decks that are named, or of all: ``cards/*``, or this folder itself."""
    cards = workspace.folder / "cards"
    if (workspace.folder / DECK).is_file():
        known = {workspace.folder.resolve().name: workspace.folder}
    else:
        known = {path.parent.name: path.parent for path in sorted(cards.glob(f"*/{DECK}"))}
    wanted = tuple(names)
    if not wanted:
        missing = () if known else (Diagnostic(codes.NO_DECK, Span("cards"), {"name": "cards/*/deck.yaml"}),)
        return Result(tuple(known.values()), missing)
    folders: dict[Path, Path] = {}
    found: list[Diagnostic] = []
    for name in wanted:
        folder = known.get(name) or workspace.folder / name
        if (folder / DECK).is_file():
            folders.setdefault(folder.resolve(), folder)
        else:
            args = {"name": name, "near": nearest(name, known)}
            found.append(Diagnostic(codes.NO_DECK, Span(shown(workspace.folder / name)), args))
    return Result(tuple(folders.values()), tuple(found))


# Read and parse -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
    """A deck as far as it could be read, with everything found, and the sources for showing it.

    What was found in its ``translations`` stands there: it stops none of the other languages.
    """

    folder: Path
    deck: Deck | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    translations: tuple[Translation, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there are errors."""
        return failed(self.diagnostics)

    @property
    def policy(self) -> Policy:
        """What the deck wants built of cards that are not current."""
        return self.deck.stale if self.deck else Policy.KEEP_OLD


@uncollected()
def load(workspace: Workspace, folder: Path) -> Loaded:
    """Read, parse and check one deck."""
    found: list[Diagnostic] = []
    sources: dict[str, Source] = {}

    def document(path: Path) -> reader.Document:
        result = reader.read(path, shown(path), folder)
        found.extend(result.diagnostics)
        sources[result.value.source.file] = result.value.source
        return result.value

    items_folder = folder / "items"
    listed = names_in(items_folder)
    names = listed.value
    items = [name for name in names if name.endswith(".yaml") and not name.startswith(".")]
    found += listed.diagnostics
    found += [
        Diagnostic(codes.STRAY_FILE, Span(shown(items_folder / name)))
        for name in names
        if name not in items and not name.startswith(".")
    ]
    files = parse.Files(
        folder.resolve(),
        document(folder / DECK),
        document(folder / ESSAY),
        ((name, document(items_folder / name)) for name in items),
    )
    parsed = parse.parse_deck(files, workspace.kinds)
    found += parsed.diagnostics
    if parsed.value is not None:
        looked = media.look(folder / "media")
        found += looked.diagnostics
        subject = checks.Subject(
            parsed.value,
            {kind.name: kind for kind in workspace.kinds},
            sources,
            looked.value,
            languages_of(parsed.value),
        )
        complete = not failed(found)
        found += checks.check(subject, complete=complete)
    return Loaded(folder, parsed.value, tuple(sorted(found, key=Diagnostic.sort_key)), sources)


@uncollected()
def translated(workspace: Workspace, loaded: Loaded, now: int, wanted: Iterable[str] | None = None) -> Loaded:
    """Read and check the translations of a deck, or those ``wanted``; one with errors has none."""
    if loaded.deck is None or loaded.failed:
        return loaded
    kinds = {kind.name: kind for kind in workspace.kinds}
    tags = survey.tags(loaded.folder) if wanted is None else tuple(wanted)
    files = media.usable(loaded.folder / "media")
    found = tuple(survey.survey(loaded.folder, loaded.deck, kinds, files, day(now), tags))
    sources = {**loaded.sources, **{each.source.file: each.source for each in found}}
    return replace(loaded, translations=found, sources=sources)


def verdict_keys(workspace: Workspace, loaded: Loaded) -> dict[str, str]:
    """Return for each translation of a deck a hash of all that is to be said of it depends on."""
    media_files = media.usable(loaded.folder / "media")
    deck = digest("verdict", programs(), loaded.deck, workspace.kinds, media_files)
    files = {tag: loaded.folder / survey.FOLDER / f"{tag}.po" for tag in survey.tags(loaded.folder)}
    return {tag: digest(deck, tag, contents([file])) for tag, file in files.items()}


def remember(workspace: Workspace, loaded: Loaded, keys: Mapping[str, str]) -> None:
    """Keep in the cache that there was nothing to say of some of a deck's translations."""
    for translation in loaded.translations:
        if not translation.told(loaded.policy):
            workspace.cache.put(keys[translation.tag], translation.line.encode())


def day(now: int) -> datetime.date:
    """Return the day of a time in seconds since 1970, in UTC."""
    return datetime.datetime.fromtimestamp(now, datetime.UTC).date()


def load_all(workspace: Workspace, folders: Iterable[Path]) -> tuple[Loaded, ...]:
    """Load decks, and see that no two have one id or one name."""
    loaded = [load(workspace, folder) for folder in folders]
    seen: dict[str, Loaded] = {}
    named: dict[str, Loaded] = {}
    for number, each in enumerate(loaded):
        if each.deck is None:
            continue
        other = seen.setdefault(each.deck.id, each)
        if other is not each and other.deck is not None:
            args = {"id": each.deck.id, "other": shown(other.folder)}
            twice = Diagnostic(codes.DUPLICATE_DECK, each.deck.spans.get("id", each.deck.span), args)
            loaded[number] = Loaded(each.folder, each.deck, (*each.diagnostics, twice), each.sources)
            continue
        other = named.setdefault(each.deck.name.casefold(), each)  # as Anki compares the names of decks
        if other is not each:
            args = {"name": each.deck.name, "other": shown(other.folder)}
            same = Diagnostic(codes.SAME_NAME, each.deck.spans.get("name", each.deck.span), args)
            loaded[number] = replace(each, diagnostics=(*each.diagnostics, same))
    return tuple(loaded)


# Plan ---------------------------------------------------------------------------------


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
    """The editions of one deck, its ledger before the build, and the shapes to remember after it."""

    editions: tuple[Edition, ...]
    ledger: Ledger
    shapes: Shapes


def languages_of(deck: Deck) -> tuple[str, ...]:
    """Return the languages that a deck exists in, its own first."""
    return tuple(dict.fromkeys((deck.language, *survey.tags(deck.folder))))


def unknown_languages(deck: Deck, tags: Iterable[str]) -> list[Diagnostic]:
    """Return an error for each language that a deck does not exist in."""
    known = languages_of(deck)
    span, args = deck.spans.get("language", deck.span), {"languages": ", ".join(known)}
    return [
        Diagnostic(codes.NO_LANGUAGE, span, {"language": tag, **args})
        for tag in dict.fromkeys(tags)
        if tag not in known
    ]


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
        return Result(Plan((), parsed.value, shaped.value), tuple(found))
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
    return Result(Plan(tuple(editions), parsed.value, known), tuple(found))


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


def _jobs(request: Request, options: Options) -> Iterator[Job]:
    """Yield the files that a build makes of a deck in one language, in the products and prints wanted."""
    every = tuple(_every_job(request, options))
    files = tuple((maker.product, job.file) for maker, job in every)
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
        wanted = [
            tag for tag in survey.tags(each.folder) if tag in options.languages or not options.languages
        ]
        planned = plan(workspace, translated(workspace, each, now, wanted), options, now)
        found += planned.diagnostics
        for edition in planned.value.editions:
            request = next(job.request for job in edition.jobs if job.backend == anki.AnkiBackend.name)
            assert request.composed is not None
            text = anki.announce(request, request.composed)
            found += text.diagnostics
            told.append((f"{each.deck.id}.{edition.tag}", text.value))
    return Result(told, tuple(found))


# Build --------------------------------------------------------------------------------


@dataclass(slots=True)
class Outcome:
    """What a build made and found."""

    written: list[Written] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether any deck has errors."""
        return failed(self.diagnostics)


def make(
    workspace: Workspace, names: Iterable[str], options: Options, now: int, progress: Progress
) -> Outcome:
    """Build the decks that are named, or all; nothing is done if nothing has changed since the last build."""
    folders = discover(workspace, names)
    cache = workspace.cache if options.cached and not options.draft else Cache()
    asked = replace(options, workers=0, output=Path())
    key = receipts.name(folders.value, workspace.path, options.output, asked) if cache.folder else ""
    if not folders.diagnostics and key and (written := receipts.find(cache, key)) is not None:
        return Outcome(written)
    outcome = build(workspace, load_all(workspace, folders.value), options, now, progress)
    outcome.diagnostics[:0] = folders.diagnostics
    if cache.folder and not outcome.diagnostics:
        key = receipts.name(folders.value, workspace.path, options.output, asked)  # the ledgers are new
        receipts.keep(cache, key, ((each.path, each.path.read_bytes()) for each in outcome.written))
        cache.trim()
    return outcome


def build(
    workspace: Workspace, loaded: Iterable[Loaded], options: Options, now: int, progress: Progress
) -> Outcome:
    """Build decks. A deck with errors leaves the files of its last build as they were.

    So does a language that cannot be built, and the other languages are built all the same.
    """
    outcome = Outcome()
    for each in loaded:
        outcome.diagnostics += each.diagnostics
        if each.deck is not None and not each.failed:
            wanted = tuple(
                tag for tag in survey.tags(each.folder) if tag in options.languages or not options.languages
            )
            whole = translated(workspace, each, now, wanted)
            if options.cached:
                remember(workspace, whole, verdict_keys(workspace, each))
            found, written = _build(workspace, whole, options, now, progress)
            outcome.sources |= whole.sources
            outcome.diagnostics += found
            outcome.written += written
        outcome.sources |= each.sources
    return outcome


def _build(
    workspace: Workspace, loaded: Loaded, options: Options, now: int, progress: Progress
) -> tuple[list[Diagnostic], list[Written]]:
    planned = plan(workspace, loaded, options, now)
    found = list(planned.diagnostics)
    editions = planned.value.editions
    cache = workspace.cache if options.cached else Cache()
    made: dict[str, list[Artifact]] = {edition.tag: [] for edition in editions}
    jobs = tuple(job for edition in editions for job in edition.jobs)
    for job, result in zip(jobs, render_all(jobs, options.workers, progress, cache), strict=True):
        found += result.diagnostics
        made[job.request.language.tag] += [result.value] if result.value else []
    whole = [edition for edition in editions if len(made[edition.tag]) == len(edition.jobs)]
    after = dict(planned.value.ledger)
    for edition in whole:
        after |= edition.update.ledger_of(edition.tag)
    # The ledger first: a build that is cut off after it is repeated with the same times.
    files: list[tuple[Path, bytes]] = []
    if whole and not options.frozen and not options.draft:
        known = planned.value.shapes.called(edition.decks for edition in whole)
        text = shapes.within(ledger.write(after), known)
        files.append((loaded.folder / LEDGER, text.encode()))
    artifacts = (artifact for edition in whole for artifact in made[edition.tag])
    files += ((options.output / artifact.name, artifact.content) for artifact in artifacts)
    written: list[Written] = []
    for path, content in files:
        problem = write_whole(path, content, workspace.folder / FOLDER)
        if problem is not None:
            found.append(problem)
            break
        if path.name != LEDGER:
            written.append(Written(path, len(content)))
    return found, written
