"""What the next build would put into a package: the working tree as a package, and nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from deckgen import packages, pipeline
from deckgen.backends import anki
from deckgen.backends.anki.notes import guid
from deckgen.diagnostics import Diagnostic, Result, Span, codes, failed
from deckgen.jobs import render_job
from deckgen.packages import Package
from deckgen.pipeline import Loaded, Options, Workspace


def preview(
    workspace: Workspace, names: Iterable[str], old: Package, file: str, now: int
) -> Result[Package | None]:
    """Return what the package that is now ``old`` would become, if the decks were built at ``now``.

    Of the decks that are named, or of all, and of their languages, it is the one that has most of its notes.
    ``file`` is what the old package is called in what is said of it.
    """
    folders = pipeline.discover(workspace, names)
    if folders.diagnostics:
        return Result(None, folders.diagnostics)
    loaded = pipeline.load_all(workspace, folders.value)
    known = {note.guid for note in old.notes}
    shared: Counter[tuple[int, str]] = Counter()
    for number, each in enumerate(loaded):
        if each.deck is not None:
            origins = [item.origin for item in each.deck.items]
            for tag in pipeline.languages_of(each.deck):
                shared[number, tag] = sum(guid(each.deck.id, item, tag) in known for item in origins)
    ((number, tag), count), *_ = shared.most_common(1) or [((0, ""), 0)]
    if not count:
        broken = tuple(one for each in loaded for one in each.diagnostics if one.is_error)
        return Result(None, broken or (Diagnostic(codes.NOT_OURS, Span(file)),))
    return _built(workspace, loaded[number], tag, now)


def _built(workspace: Workspace, loaded: Loaded, tag: str, now: int) -> Result[Package | None]:
    if loaded.failed:
        return Result(None, loaded.diagnostics)
    options = Options(Path(), (tag,), ("anki",), breaking=True)
    whole = pipeline.translated(workspace, loaded, now, options.translations(loaded.folder))
    planned = pipeline.plan(workspace, whole, options, now)
    found = tuple(one for one in planned.diagnostics if one.is_error)
    if found or not planned.value.editions:
        return Result(None, found)
    job = next(each for each in planned.value.editions[0].jobs if each.backend == anki.AnkiBackend.name)
    made = render_job(job)
    if made.value is None or failed(made.diagnostics):
        return Result(None, made.diagnostics)
    return packages.parse(made.value.content, made.value.name)
