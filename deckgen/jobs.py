"""The files of a build: each is made apart from the others, in parallel processes, or was made before.

A job is named twice by a hash in the cache. The first is of all that can be known before anything is
composed: if it is known, nothing is done at all. The second is of what was composed: a text that a file
does not show changes the first of them and not the second.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from enum import StrEnum
from multiprocessing import get_context
from typing import NamedTuple

from deckgen.backends import Backend, Request
from deckgen.cache import Cache, contents, digest, programs
from deckgen.collector import uncollected
from deckgen.diagnostics import Diagnostic, Result, codes
from deckgen.model import Artifact


class Job(NamedTuple):
    """One file of one deck in one language, and the file's name. Jobs do not depend on each other."""

    backend: str
    request: Request
    file: str


def file_of(maker: Backend, request: Request) -> str:
    """Return the name of a file, as people see it in a download folder; empty if there is none."""
    draft = ".draft" if request.draft else ""
    suffix = maker.suffix(request)
    return suffix and f"{request.deck.id}.{request.language.tag}{draft}{suffix}"


def backend(name: str) -> Backend:
    """Return the back end of that name."""
    from deckgen.backends.products import BACKENDS

    return next(each for each in BACKENDS if each.name == name)


class Stage(StrEnum):
    """What a progress display is told of a job."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


Progress = Callable[[str, Stage], None]
Made = Result[Artifact | None]

_MOST = 60  # processes: Windows cannot wait for more


def keys(jobs: tuple[Job, ...]) -> dict[str, str]:
    """Return a hash for each job, by its file: of its deck, its options, the templates and the programs."""
    folders: dict[object, str] = {}
    decks: dict[int, str] = {}
    found = {}
    for job in jobs:
        request = job.request
        around = (*request.path.folders, request.deck.media)
        if around not in folders:
            folders[around] = contents(around)
        if id(request.deck) not in decks:
            decks[id(request.deck)] = digest(request.deck)
        options = (
            job.backend,
            request.kinds,  # which were loaded before the folders are hashed here
            request.language,
            request.draft,
            request.changed,
            request.paper,
            request.files,
        )
        found[job.file] = digest(programs(), folders[around], decks[id(request.deck)], options)
    return found


def known(job: Job, key: str, cache: Cache) -> Made | None:
    """Return what a job made before, if nothing that it depends on has changed since."""
    name = cache.get(key)
    content = None if name is None else cache.get(name.decode("ascii", "replace"))
    return None if content is None else Result(Artifact(job.file, content))


def render_job(job: Job, key: str = "", cache: Cache = Cache()) -> Made:  # noqa: B008 - it remembers nothing
    """Compose one file and make it, unless it was made before; runs in whatever process it is given to.

    What something was said of is made anew each time, so that it is said each time.
    """
    maker = backend(job.backend)
    with nullcontext() if maker.heavy else uncollected():
        composed = maker.compose(job.request)
        if composed.value is None:
            return Result(None, composed.diagnostics)
        name = digest(programs(), composed.value.key) if composed.value.key else ""
        content = cache.get(name) if name else None
        found = composed.diagnostics
        if content is None:
            made = composed.value.finish()
            content, found = made.value, (*found, *made.diagnostics)
            if content is None:
                return Result(None, found)
            if name and not made.diagnostics:
                cache.put(name, content)
    if key and name and not found:
        cache.put(key, name.encode())
    return Result(Artifact(job.file, content), found)


def render_all(jobs: tuple[Job, ...], workers: int, progress: Progress, cache: Cache) -> Iterator[Made]:
    """Render jobs, the heavy ones in ``workers`` processes, and yield results in the order of the jobs."""
    for job in jobs:
        progress(job.file, Stage.PLANNED)
    names = keys(jobs) if cache.folder else {job.file: "" for job in jobs}
    results: dict[str, Made] = {}
    for job in jobs:
        if names[job.file] and (made := known(job, names[job.file], cache)) is not None:
            results[job.file] = made
            progress(job.file, Stage.DONE)
    left = tuple(job for job in jobs if job.file not in results)
    heavy = tuple(job for job in left if backend(job.backend).heavy)
    if workers < 2 or len(heavy) < 2:
        for job in left:
            results[job.file] = _run(job, names[job.file], cache, progress)
    else:
        light = tuple(job for job in left if job not in heavy)
        results |= _in_parallel(heavy, light, names, workers, progress, cache)
    yield from (results[job.file] for job in jobs)


def _in_parallel(
    heavy: tuple[Job, ...],
    light: tuple[Job, ...],
    names: Mapping[str, str],
    workers: int,
    progress: Progress,
    cache: Cache,
) -> dict[str, Made]:
    pool = ProcessPoolExecutor(
        min(workers, len(heavy), _MOST), mp_context=get_context("spawn"), initializer=_quiet
    )
    try:
        futures: dict[Future[Made], Job] = {}
        for job in heavy:
            futures[pool.submit(render_job, job, names[job.file], cache)] = job
            progress(job.file, Stage.STARTED)
        results = {job.file: _run(job, names[job.file], cache, progress) for job in light}
        for future in as_completed(futures):
            job = futures[future]
            try:
                result = future.result()
            except BrokenProcessPool:  # the system has ended one of them, and with it all
                args = {"file": job.file}
                result = Result(None, (Diagnostic(codes.ENDED, job.request.deck.span, args),))
            results[job.file] = result
            progress(job.file, Stage.FAILED if result.value is None else Stage.DONE)
    finally:  # after an interruption no job is begun any more
        pool.shutdown(cancel_futures=True)
    return results


def _quiet() -> None:
    """Leave an interruption from the keyboard to the process that the person started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run(job: Job, key: str, cache: Cache, progress: Progress) -> Made:
    progress(job.file, Stage.STARTED)
    result = render_job(job, key, cache)
    progress(job.file, Stage.FAILED if result.value is None else Stage.DONE)
    return result
