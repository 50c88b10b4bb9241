"""discover → read → parse → check → localize → plan → render → write.

Values in and values out; the disk is touched only when files are read at the one end and written at
the other. What goes wrong for a deck stops that deck alone.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from deckgen import checks, decoding, ledger, parse, reader
from deckgen.backends import BACKENDS, Backend, Request, anki
from deckgen.collector import uncollected
from deckgen.diagnostics import Diagnostic, Level, Result, Source, Span, codes, nearest
from deckgen.files import shown, write_whole
from deckgen.kinds import load_kinds
from deckgen.languages import language
from deckgen.ledger import Ledger
from deckgen.model import Artifact, Deck, Kind
from deckgen.resources import SearchPath, search_path
from deckgen.words import load_words

DECK, ESSAY, LEDGER = "deck.yaml", "essay.yaml", "ledger.json"


def clock() -> int:
    """Return the time in seconds since 1970; ``SOURCE_DATE_EPOCH`` rules it. The one place that asks."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given) if given.isdecimal() else int(time.time())


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a command works: the folder with ``cards/`` and, maybe, ``templates/``."""

    folder: Path
    path: SearchPath
    kinds: tuple[Kind, ...]


def open_workspace(folder: Path) -> Result[Workspace]:
    """Return the workspace of a folder, with the kinds that exist in it."""
    path = search_path(folder)
    kinds = load_kinds(path)
    return Result(Workspace(folder, path, kinds.value), kinds.diagnostics)


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
    """A deck as far as it could be read, with everything found, and the sources for showing it."""

    folder: Path
    deck: Deck | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]

    @property
    def failed(self) -> bool:
        """Whether there are errors."""
        return any(diagnostic.level is Level.ERROR for diagnostic in self.diagnostics)


@uncollected()
def load(workspace: Workspace, folder: Path) -> Loaded:
    """Read, parse and check one deck."""
    found: list[Diagnostic] = []
    sources: dict[str, Source] = {}

    def document(path: Path) -> reader.Document:
        result = reader.read(path, shown(path))
        found.extend(result.diagnostics)
        sources[result.value.source.file] = result.value.source
        return result.value

    items_folder = folder / "items"
    names = sorted(path.name for path in items_folder.iterdir()) if items_folder.is_dir() else []
    items = [name for name in names if name.endswith(".yaml") and not name.startswith(".")]
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
        subject = checks.Subject(
            parsed.value,
            {kind.name: kind for kind in workspace.kinds},
            sources,
            frozenset(pictures(folder / "media")),
        )
        complete = not any(diagnostic.level is Level.ERROR for diagnostic in found)
        found += checks.check(subject, complete=complete)
    return Loaded(folder, parsed.value, tuple(sorted(found, key=Diagnostic.sort_key)), sources)


def pictures(media: Path) -> Iterator[str]:
    """Yield the names of the files in a media folder; a link that leads out of it is not one of them."""
    for path in media.iterdir() if media.is_dir() else ():
        if path.is_file() and path.resolve().parent == media.resolve():
            yield path.name


def load_all(workspace: Workspace, folders: Iterable[Path]) -> tuple[Loaded, ...]:
    """Load decks, and see that no two have one id."""
    loaded = [load(workspace, folder) for folder in folders]
    seen: dict[str, Loaded] = {}
    for number, each in enumerate(loaded):
        if each.deck is None:
            continue
        other = seen.setdefault(each.deck.id, each)
        if other is not each and other.deck is not None:
            args = {"id": each.deck.id, "other": shown(other.folder)}
            twice = Diagnostic(codes.DUPLICATE_DECK, each.deck.spans.get("id", each.deck.span), args)
            loaded[number] = Loaded(each.folder, each.deck, (*each.diagnostics, twice), each.sources)
    return tuple(loaded)


# Plan ---------------------------------------------------------------------------------


class Job(NamedTuple):
    """One product of one deck in one language. Jobs do not depend on each other."""

    backend: str
    request: Request

    @property
    def file(self) -> str:
        """The name of the file it makes, as people see it in a download folder."""
        return f"{self.request.deck.id}.{self.request.language.tag}{backend(self.backend).suffix}"


def backend(name: str) -> Backend:
    """Return the back end of that name."""
    return next(each for each in BACKENDS if each.name == name)


@dataclass(frozen=True, slots=True)
class Options:
    """What a build was asked for; empty tuples mean everything."""

    output: Path
    languages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    workers: int = 1
    frozen: bool = False


class Plan(NamedTuple):
    """The jobs of one deck and its ledger after the build."""

    jobs: tuple[Job, ...]
    ledger: Ledger


def languages_of(deck: Deck) -> tuple[str, ...]:
    """Return the languages that a deck exists in."""
    return (deck.language,)


def localize(deck: Deck, tag: str) -> Deck | None:
    """Return the deck in a language, or None where it does not exist in it."""
    return deck if tag == deck.language else None


@uncollected()
def plan(workspace: Workspace, deck: Deck, options: Options, now: int) -> Result[Plan]:
    """Compose what the ledger remembers, and return the jobs of a deck with the ledger they use."""
    file = deck.folder / LEDGER
    found: list[Diagnostic] = []
    read = decoding.read_text(file, shown(file), limit=64 * 1024 * 1024) if file.exists() else None
    parsed = ledger.parse(read.value if read else Source(shown(file), ""))
    found += (*(read.diagnostics if read else ()), *parsed.diagnostics)
    known = languages_of(deck)
    wanted = tuple(dict.fromkeys(options.languages)) or known
    requests: list[Request] = []
    hashes: dict[str, str] = {}
    for tag in wanted:
        localized = localize(deck, tag)
        if localized is None:
            args = {"language": tag, "languages": ", ".join(known)}
            found.append(Diagnostic(codes.NO_LANGUAGE, deck.spans.get("language", deck.span), args))
            continue
        words = load_words(tag, workspace.path, deck.spans.get("language", deck.span))
        request = Request(localized, language(tag), workspace.kinds, words.value, workspace.path, {})
        composed = anki.compose(request)
        found += (*words.diagnostics, *composed.diagnostics)
        requests.append(replace(request, composed=composed.value))
        hashes |= composed.value.hashes(tag)
    updated = ledger.update(parsed.value, hashes, now)
    if options.frozen and (updated.new or updated.changed):
        names = [*updated.new, *updated.changed]
        changes = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        found.append(Diagnostic(codes.FROZEN, Span(shown(file)), {"changes": changes}))
    jobs = tuple(
        Job(each.name, replace(request, ledger=updated.ledger))
        for request in requests
        for each in BACKENDS
        if not options.products or each.name in options.products
    )
    return Result(Plan(jobs, updated.ledger), tuple(found))


# Render -------------------------------------------------------------------------------


class Stage(StrEnum):
    """What a progress display is told of a job."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


Progress = Callable[[str, Stage], None]


def render_job(job: Job) -> Result[Artifact | None]:
    """Render one job; runs in whatever process it is given to."""
    maker = backend(job.backend)
    with nullcontext() if maker.heavy else uncollected():
        result = maker.render(job.request)
    artifact = None if result.value is None else Artifact(job.file, result.value)
    return Result(artifact, result.diagnostics)


def render_all(jobs: tuple[Job, ...], workers: int, progress: Progress) -> Iterator[Result[Artifact | None]]:
    """Render jobs, the heavy ones in ``workers`` processes, and yield results in the order of the jobs."""
    heavy = [job for job in jobs if backend(job.backend).heavy]
    for job in jobs:
        progress(job.file, Stage.PLANNED)
    if workers < 2 or len(heavy) < 2:
        for job in jobs:
            yield _run(job, progress)
        return
    pool = ProcessPoolExecutor(min(workers, len(heavy)), mp_context=get_context("spawn"), initializer=_quiet)
    try:
        futures: dict[Future[Result[Artifact | None]], Job] = {}
        for job in heavy:
            futures[pool.submit(render_job, job)] = job
            progress(job.file, Stage.STARTED)
        results = {job.file: _run(job, progress) for job in jobs if not backend(job.backend).heavy}
        for future in as_completed(futures):
            job, result = futures[future], future.result()
            results[job.file] = result
            progress(job.file, Stage.FAILED if result.value is None else Stage.DONE)
    finally:  # after an interruption no job is begun any more
        pool.shutdown(cancel_futures=True)
    yield from (results[job.file] for job in jobs)


def _quiet() -> None:
    """Leave an interruption from the keyboard to the process that the person started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run(job: Job, progress: Progress) -> Result[Artifact | None]:
    progress(job.file, Stage.STARTED)
    result = render_job(job)
    progress(job.file, Stage.FAILED if result.value is None else Stage.DONE)
    return result


# Build --------------------------------------------------------------------------------


class Written(NamedTuple):
    """A file that stands in the output folder: its path and its size in bytes."""

    path: Path
    size: int


@dataclass(slots=True)
class Outcome:
    """What a build made and found."""

    written: list[Written] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether any deck has errors."""
        return any(diagnostic.level is Level.ERROR for diagnostic in self.diagnostics)


def build(
    workspace: Workspace, loaded: Iterable[Loaded], options: Options, now: int, progress: Progress
) -> Outcome:
    """Build decks. A deck with errors leaves the files of its last build as they were."""
    outcome = Outcome()
    for each in loaded:
        outcome.diagnostics += each.diagnostics
        outcome.sources |= each.sources
        if each.deck is not None and not each.failed:
            found, written = _build(workspace, each.deck, options, now, progress)
            outcome.diagnostics += found
            outcome.written += written
    return outcome


def _build(
    workspace: Workspace, deck: Deck, options: Options, now: int, progress: Progress
) -> tuple[list[Diagnostic], list[Written]]:
    planned = plan(workspace, deck, options, now)
    found = list(planned.diagnostics)
    if any(one.level is Level.ERROR for one in found):
        return found, []
    artifacts: list[Artifact] = []
    for result in render_all(planned.value.jobs, options.workers, progress):
        found += result.diagnostics
        artifacts += [result.value] if result.value else []
    if len(artifacts) < len(planned.value.jobs):
        return found, []
    # The ledger first: a build that is cut off after it is repeated with the same times.
    files = [] if options.frozen else [(deck.folder / LEDGER, ledger.write(planned.value.ledger).encode())]
    files += [(options.output / artifact.name, artifact.content) for artifact in artifacts]
    written: list[Written] = []
    for path, content in files:
        problem = write_whole(path, content)
        if problem is not None:
            found.append(problem)
            break
        if path.name != LEDGER:
            written.append(Written(path, len(content)))
    return found, written
