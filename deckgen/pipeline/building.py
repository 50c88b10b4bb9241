"""render → write: what was planned is made, and written whole, the ledger first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from deckgen import ledger, receipts, shapes
from deckgen.cache import FOLDER, Cache
from deckgen.diagnostics import Diagnostic, Result, Source, failed
from deckgen.files import write_whole
from deckgen.jobs import Progress, render_all
from deckgen.model import Artifact
from deckgen.pipeline.loading import Loaded, load_all, remember, translated, verdict_keys
from deckgen.pipeline.planning import LEDGER, Edition, Options, ledger_text, plan
from deckgen.pipeline.workspace import Workspace, discover
from deckgen.receipts import Written


@dataclass(slots=True)
class Outcome:
    """What a build made and found; ``ledgers`` are those that what it made is by."""

    written: list[Written] = field(default_factory=list)
    ledgers: list[Written] = field(default_factory=list)
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
    asked = (replace(options, workers=0, output=Path()), workspace.kinds)  # which have been loaded before

    def inputs() -> str:
        return receipts.name(folders.value, workspace.path, options.output, asked) if cache.folder else ""

    key = inputs()  # before anything is read: what somebody saves during the build is for the next one
    if key and not folders.diagnostics and (found := receipts.find(cache, key)) is not None:
        return Outcome([each for each in found if each.path.name != LEDGER])
    outcome = build(workspace, load_all(workspace, folders.value), options, now, progress)
    outcome.diagnostics[:0] = folders.diagnostics
    if key and not outcome.diagnostics:
        if inputs() == key:
            receipts.keep(cache, key, (*outcome.written, *outcome.ledgers))
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
            keys = verdict_keys(workspace, each) if options.cached else {}  # before the files are read
            whole = translated(workspace, each, now, options.translations(each.folder))
            remember(workspace, whole, keys)
            made = _build(workspace, whole, options, now, progress)
            outcome.sources |= whole.sources
            outcome.diagnostics += made.diagnostics
            outcome.written += made.written
            outcome.ledgers += made.ledgers
        outcome.sources |= each.sources
    return outcome


def _build(workspace: Workspace, loaded: Loaded, options: Options, now: int, progress: Progress) -> Outcome:
    file = loaded.folder / LEDGER
    before = receipts.standing(file.resolve())
    planned = plan(workspace, loaded, options, now)
    outcome = Outcome(ledgers=[before] if before else [], diagnostics=list(planned.diagnostics))
    editions = planned.value.editions
    cache = workspace.cache if options.cached else Cache()
    made: dict[str, list[Artifact]] = {edition.tag: [] for edition in editions}
    jobs = tuple(job for edition in editions for job in edition.jobs)
    for job, result in zip(jobs, render_all(jobs, options.workers, progress, cache), strict=True):
        outcome.diagnostics += result.diagnostics
        made[job.request.language.tag] += [result.value] if result.value else []
    whole = [edition for edition in editions if len(made[edition.tag]) == len(edition.jobs)]
    # The ledger first: a build that is cut off after it is repeated with the same times.
    files: list[tuple[Path, bytes]] = []
    if whole and not options.frozen and not options.draft:
        text = _ledger(workspace, loaded, whole, now)
        if failed(text.diagnostics):
            outcome.diagnostics += text.diagnostics
            return outcome
        content = text.value.encode()
        files.append((file, content))
        outcome.ledgers = [receipts.written(file.resolve(), content)]
    artifacts = (artifact for edition in whole for artifact in made[edition.tag])
    files += ((options.output / artifact.name, artifact.content) for artifact in artifacts)
    for path, content in files:
        problem = write_whole(path, content, workspace.folder / FOLDER)
        if problem is not None:
            outcome.diagnostics.append(problem)
            break
        if path != file:
            outcome.written.append(receipts.written(path, content))
    return outcome


def _ledger(workspace: Workspace, loaded: Loaded, editions: Sequence[Edition], now: int) -> Result[str]:
    """Return the text of a deck's ledger after the build of some editions.

    It is read again for that: another build may have written other languages meanwhile. Only what such a
    build writes between this and the rename, some milliseconds, would still be lost.
    """
    deck = loaded.deck
    assert deck is not None
    text = ledger_text(loaded.folder)
    entries, known = ledger.parse(text.value), shapes.parse(text.value)
    after = dict(entries.value)
    for edition in editions:
        after |= edition.update.ledger_of(edition.tag)
    shape = known.value.after(shapes.shapes_of(deck, workspace.kinds)).built(deck.version, now)
    shape = shape.called(edition.decks for edition in editions)
    found = (*text.diagnostics, *entries.diagnostics, *known.diagnostics)
    return Result(shapes.within(ledger.write(after), shape), found)
