"""Which files a build makes anew, and which it takes from the cache."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from builds import NETTLES, once
from packages import edit, study_everything

from deckgen import jobs, pipeline
from deckgen.backends.paper import pdf
from deckgen.cache import programs
from deckgen.diagnostics import Diagnostic, Result, codes
from deckgen.files import write_whole
from deckgen.jobs import Job
from deckgen.languages import language
from deckgen.model import Flip, Paper, PaperSize
from deckgen.pipeline import Options, Outcome, Workspace, building, loading
from deckgen.resources import SearchPath, shipped
from tests.conftest import EPOCH

TSV = "garden.en.update.tsv"

Build = Callable[..., tuple[Outcome, list[str]]]


@pytest.fixture
def build(workspace_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Build as the command does; return the outcome, and the pages that were set for it."""
    pages: list[str] = []
    real = pdf.write

    def write(page: pdf.Page) -> Result[bytes | None]:
        pages.append(page.language.tag)
        return real(page)

    monkeypatch.setattr(pdf, "write", write)

    def run(meanwhile: Callable[[], None] = lambda: None, **options: Any) -> tuple[Outcome, list[str]]:
        """Build, and do something ``meanwhile``, when the first file is about to be made."""
        pages.clear()
        wanted = Options(workspace_folder / "output", **{"products": ("anki", "handout"), **options})
        workspace = pipeline.open_workspace(workspace_folder).value
        outcome = pipeline.make(workspace, (), wanted, EPOCH, once(meanwhile))
        return outcome, list(pages)

    return run


def state(outcome: Outcome) -> dict[str, bytes]:
    return {each.path.name: each.path.read_bytes() for each in outcome.written}


def test_a_build_with_nothing_changed_renders_nothing(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    first, set_first = build()
    files = state(first)
    assert set_first == ["en"]
    monkeypatch.setattr(loading, "load", None)  # nor is anything read
    again, set_again = build()
    assert set_again == []
    assert again.written == first.written
    assert state(again) == files


@pytest.mark.parametrize("damage", [b"", b"broken", None])
def test_a_file_of_the_output_that_is_not_as_it_was_is_written_again(
    build: Build, workspace_folder: Path, damage: bytes | None
) -> None:
    files = state(build()[0])
    file = workspace_folder / "output" / "garden.en.handout.pdf"
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage)
    outcome, pages = build()
    assert pages == []
    assert state(outcome) == files


def test_every_broken_entry_of_the_cache_is_made_anew(build: Build, workspace_folder: Path) -> None:
    files = state(build()[0])
    entries = list((workspace_folder / ".deckgen" / "cache").glob("??/*"))
    assert len(entries) >= 3
    for path in entries:
        path.write_bytes(path.read_bytes()[:-1])
    outcome, pages = build()
    assert pages == ["en"]
    assert state(outcome) == files
    assert build()[1] == []


def test_a_change_that_a_file_does_not_show_sets_no_page(build: Build, workspace_folder: Path) -> None:
    build()
    study_everything(workspace_folder)  # which is for Anki alone
    outcome, pages = build()
    assert pages == []
    assert outcome.diagnostics == []


def test_a_changed_card_sets_the_page_that_shows_it(build: Build, workspace_folder: Path) -> None:
    before = state(build()[0])
    edit(workspace_folder / NETTLES, "It made bricks.", "It made tiles.")
    outcome, pages = build()
    assert pages == ["en"]
    assert all(before[name] != content for name, content in state(outcome).items())


def test_a_template_counts(build: Build, workspace_folder: Path) -> None:
    before = state(build()[0])
    own = workspace_folder / "templates" / "print"
    own.mkdir(parents=True)
    (own / "handout.css").write_text(
        '{% include "default/print/handout.css" %} h1 { color: #333 }', encoding="utf-8"
    )
    outcome, pages = build()
    assert pages == ["en"]
    assert state(outcome)["garden.en.handout.pdf"] != before["garden.en.handout.pdf"]


def test_without_the_cache_all_is_made_anew_and_is_the_same(build: Build) -> None:
    first = state(build()[0])
    outcome, pages = build(cached=False)
    assert pages == ["en"]
    assert state(outcome) == first


def test_what_was_said_is_said_again(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = pdf.write

    def write(page: pdf.Page) -> Result[bytes | None]:
        return replace(counted(page), diagnostics=(Diagnostic(codes.LAYOUT, page.span, {"message": "a"}),))

    monkeypatch.setattr(pdf, "write", write)
    for _ in range(2):
        outcome, pages = build()
        assert [one.code.id for one in outcome.diagnostics] == ["D505"]
        assert pages == ["en"]


def test_an_emptied_output_folder_gets_its_files_back(build: Build, workspace_folder: Path) -> None:
    files = state(build()[0])
    for path in (workspace_folder / "output").iterdir():
        path.unlink()
    (workspace_folder / "output").rmdir()
    outcome, pages = build()
    assert pages == []
    assert state(outcome) == files


# What changes during a build -----------------------------------------------------------


def test_what_is_saved_during_a_build_is_built_by_the_next(build: Build, workspace_folder: Path) -> None:
    before = state(build(lambda: edit(workspace_folder / NETTLES, "It made bricks.", "It made tiles."))[0])
    outcome, pages = build()
    assert pages == ["en"]
    assert all(before[name] != content for name, content in state(outcome).items())
    assert build()[1] == []


def test_a_kind_that_is_saved_after_it_was_read_is_built_by_the_next(
    build: Build, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = workspace_folder / "templates" / "kinds" / "question"
    shutil.copytree(shipped() / "kinds" / "question", own)
    real = pipeline.open_workspace

    def read_and_saved(folder: Path) -> Result[Workspace]:
        workspace = real(folder)
        edit(own / "kind.yaml", "label: Question\n", "label: Riddle\n")
        return workspace

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "open_workspace", read_and_saved)
        before = state(build()[0])
    outcome, _ = build()
    assert state(outcome)["garden.en.handout.pdf"] != before["garden.en.handout.pdf"]


def test_the_next_build_puts_back_what_another_one_wrote_over_a_file(
    build: Build, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = state(build()[0])
    edit(workspace_folder / NETTLES, "It made bricks.", "It made tiles.")

    def write(path: Path, content: bytes, scratch: Path | None = None) -> Diagnostic | None:
        problem = write_whole(path, content, scratch)
        if path.name in files:
            path.write_bytes(files[path.name])
        return problem

    with monkeypatch.context() as patch:
        patch.setattr(building, "write_whole", write)
        assert state(build()[0]) == files
    assert all(files[name] != content for name, content in state(build()[0]).items())


@pytest.mark.parametrize("frozen", [False, True])
def test_a_ledger_that_is_not_as_it_was_is_looked_at(
    build: Build, workspace_folder: Path, frozen: bool
) -> None:
    build()
    build(frozen=frozen)
    (workspace_folder / "cards/garden/ledger.json").unlink()
    outcome, _ = build(frozen=frozen)
    assert [one.code.id for one in outcome.diagnostics if one.is_error]


@pytest.mark.parametrize("frozen", [False, True])
def test_a_build_with_nothing_changed_reads_nothing_frozen_or_not(
    build: Build, monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    build()
    build(frozen=frozen)
    monkeypatch.setattr(loading, "load", None)
    assert build(frozen=frozen)[0].diagnostics == []


# Hashes -------------------------------------------------------------------------------


PAPER: dict[str, Any] = {
    "size": PaperSize.LETTER,
    "large": True,
    "grey": True,
    "folded": True,
    "grid": "a6",
    "flip": Flip.SHORT,
    "offset": (0.0, 0.5),
}


def asked(**values: Any) -> Callable[[Job], Job]:
    return lambda job: job._replace(request=replace(job.request, **values))


def on_paper(name: str) -> Callable[[Job], Job]:
    return lambda job: asked(paper=replace(job.request.paper, **{name: PAPER[name]}))(job)


def a_second_later(job: Job) -> Job:
    ledger = {key: entry._replace(since=entry.since + 1) for key, entry in job.request.ledger.items()}
    return asked(ledger=ledger)(job)


def in_another_language(job: Job) -> Job:
    """With the same time: the ledger of a language is its own."""
    other = asked(
        language=language("en-GB"),
        ledger={key.replace("en/", "en-GB/", 1): entry for key, entry in job.request.ledger.items()},
    )(job)
    assert other.request.changed == job.request.changed
    return other


CHANGES: dict[str, Callable[[Job], Job]] = {
    **{f"paper: {name}": on_paper(name) for name in PAPER},
    "back end": lambda job: job._replace(backend="quiz"),
    "draft": asked(draft=True),
    "language": in_another_language,
    "ledger": a_second_later,
    "files": asked(files=(("anki", "another.apkg"),)),
    "kinds": lambda job: asked(kinds=job.request.kinds[1:])(job),
    "deck": lambda job: asked(deck=replace(job.request.deck, title="Another"))(job),
    "folders": asked(path=SearchPath(())),
}


@pytest.fixture
def job(workspace_folder: Path) -> Job:
    """The garden's handout."""
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load(workspace, workspace_folder / "cards/garden")
    wanted = Options(workspace_folder / "output", products=("handout",))
    (edition,) = pipeline.plan(workspace, loaded, wanted, EPOCH).value.editions
    (handout,) = edition.jobs
    return handout


def key_of(job: Job) -> str:
    (key,) = jobs.keys((job,)).values()
    return key


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_a_file_is_made_from_changes_its_hash(job: Job, change: Callable[[Job], Job]) -> None:
    before = key_of(job)
    assert key_of(change(job)) != before
    assert key_of(asked()(job)) == before


def test_the_options_of_paper_are_all_tried() -> None:
    assert PAPER.keys() == {each.name for each in fields(Paper)}
    assert all(getattr(Paper(), name) != value for name, value in PAPER.items())


def test_a_picture_that_is_drawn_anew_sets_the_page_that_shows_it(
    build: Build, workspace_folder: Path, job: Job
) -> None:
    before, key = state(build()[0]), key_of(job)
    edit(workspace_folder / "cards/garden/media/gate.svg", "M10 70V20h100v50", "M10 70V30h100v40")
    assert key_of(job) != key
    outcome, pages = build()
    assert pages == ["en"]
    assert all(before[name] != content for name, content in state(outcome).items() if name != TSV)


def test_another_version_of_a_library_sets_all_pages_anew(
    build: Build, job: Job, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    key = key_of(job)
    site = tmp_path_factory.mktemp("site")
    (site / "weasyprint.dist-info").mkdir()
    (site / "weasyprint.dist-info" / "METADATA").write_text("Name: weasyprint\nVersion: 999\n", "utf-8")
    monkeypatch.syspath_prepend(site)
    programs.cache_clear()
    try:
        assert key_of(job) != key
        assert build()[1] == ["en"]
    finally:
        programs.cache_clear()
