"""From folders to files: what is found, what is read, and what is written or left as it was."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import EPOCH, HERE
from packages import edit, read_package, study_everything

from deckgen import files, pipeline
from deckgen.backends import BACKENDS, Request
from deckgen.backends.anki import AnkiBackend
from deckgen.diagnostics import Diagnostic, Result, codes
from deckgen.pipeline import Loaded, Options, Outcome, Stage, Workspace

DAY = 86_400
PACKAGE = ("anki",)


def silent(_file: str, _stage: Stage) -> None:
    """No progress display."""


def second_deck(folder: Path, name: str = "orchard") -> Path:
    """A second deck beside the garden."""
    deck = folder / "cards" / name
    shutil.copytree(folder / "cards" / "garden", deck)
    edit(deck / "deck.yaml", "id: garden", f"id: {name}")
    return deck


def build(folder: Path, now: int = EPOCH, *names: str, **options: object) -> Outcome:
    """Build decks of a workspace, as packages unless told."""
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load_all(workspace, pipeline.discover(workspace, names).value)
    wanted = Options(**{"output": folder / "output", "products": PACKAGE, **options})  # type: ignore[arg-type]
    return pipeline.build(workspace, loaded, wanted, now, silent)


def found(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> list[str]:
    return [one.code.id for one in diagnostics]


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file's bytes and time."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


# Discover -----------------------------------------------------------------------------


def discovered(folder: Path, *names: str) -> tuple[list[str], list[str]]:
    result = pipeline.discover(pipeline.open_workspace(folder).value, names)
    return [path.resolve().name for path in result.value], found(result.diagnostics)


def test_every_deck_is_found_in_the_order_of_their_names(workspace_folder: Path) -> None:
    second_deck(workspace_folder, "zucchini")
    second_deck(workspace_folder, "apples")
    (workspace_folder / "cards" / "schema").mkdir()
    (workspace_folder / "cards" / "notes.txt").write_text("no deck", encoding="utf-8")
    assert discovered(workspace_folder) == (["apples", "garden", "zucchini"], [])


def test_decks_are_named_by_name_or_by_folder(workspace_folder: Path) -> None:
    second_deck(workspace_folder)
    whole = workspace_folder / "cards" / "orchard"
    for name in ("orchard", "cards/orchard", "cards/orchard/", "./cards/orchard", str(whole)):
        assert discovered(workspace_folder, name) == (["orchard"], [])


def test_decks_stand_in_the_order_in_which_they_are_named_each_once(workspace_folder: Path) -> None:
    second_deck(workspace_folder)
    names = ("orchard", "garden", str(workspace_folder / "cards" / "orchard"), "./cards/garden/")
    assert discovered(Path(), *names) == (["orchard", "garden"], [])


def test_a_deck_may_stand_outside_of_cards(workspace_folder: Path) -> None:
    shutil.move(workspace_folder / "cards" / "garden", workspace_folder / "elsewhere")
    assert discovered(workspace_folder, "elsewhere") == (["elsewhere"], [])


def test_in_a_deck_s_own_folder_that_deck_is_meant(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = workspace_folder / "cards" / "garden"
    monkeypatch.chdir(deck)
    assert discovered(Path()) == (["garden"], [])
    assert discovered(Path(), "garden") == (["garden"], [])
    outcome = build(Path())
    assert [written.path.as_posix() for written in outcome.written] == ["output/garden.en.apkg"]
    assert found(outcome.diagnostics) == []


def test_an_unknown_deck_is_told_with_the_nearest_name(workspace_folder: Path) -> None:
    workspace = pipeline.open_workspace(workspace_folder).value
    result = pipeline.discover(workspace, ["gadren", "garden", "xyz"])
    assert [path.name for path in result.value] == ["garden"]
    assert [(one.code, one.args["near"]) for one in result.diagnostics] == [
        (codes.NO_DECK, "garden"),
        (codes.NO_DECK, ""),
    ]
    assert "garden" in result.diagnostics[0].hint()
    assert "deckgen new" in result.diagnostics[1].hint()


def test_a_folder_without_a_deck_is_told(tmp_path: Path) -> None:
    assert discovered(tmp_path) == ([], ["D206"])


# Load ---------------------------------------------------------------------------------


def test_all_errors_of_all_files_are_told_at_once(workspace_folder: Path) -> None:
    deck = workspace_folder / "cards" / "garden"
    edit(deck / "deck.yaml", "\ntitle:", "\ntitel:")
    edit(deck / "essay.yaml", "language: en", "language: '?'")
    edit(deck / "items" / "10-nettles.yaml", "question: Why", "qestion: Why")
    edit(deck / "items" / "10-nettles.yaml", "hint: It made bricks.", "hint: ''")
    edit(deck / "items" / "20-town.yaml", "kind: choice", "kind: quizz")
    (deck / "items" / "30-town.txt").write_text("forgotten", encoding="utf-8")
    loaded = pipeline.load(pipeline.open_workspace(workspace_folder).value, deck)
    assert loaded.failed
    assert loaded.deck is None
    told = {(one.span.file.rsplit("/", 1)[-1], one.code.id) for one in loaded.diagnostics}
    assert told == {
        ("deck.yaml", "D103"),
        ("essay.yaml", "D111"),
        ("10-nettles.yaml", "D103"),
        ("10-nettles.yaml", "D105"),
        ("20-town.yaml", "D104"),
        ("30-town.txt", "D210"),
    }
    assert list(loaded.diagnostics) == sorted(loaded.diagnostics, key=Diagnostic.sort_key)
    assert set(loaded.sources) >= {"cards/garden/deck.yaml", "cards/garden/items/20-town.yaml"}


def test_hidden_files_are_no_items(workspace_folder: Path) -> None:
    items = workspace_folder / "cards" / "garden" / "items"
    (items / ".10-nettles.yaml").write_text("- nonsense", encoding="utf-8")
    (items / ".DS_Store").write_bytes(b"\0")
    loaded = pipeline.load(pipeline.open_workspace(workspace_folder).value, items.parent)
    assert loaded.diagnostics == ()


@pytest.mark.parametrize("gone", ["deck.yaml", "essay.yaml", "items", "media"])
def test_what_is_missing_is_told_and_nothing_is_raised(workspace_folder: Path, gone: str) -> None:
    deck = workspace_folder / "cards" / "garden"
    path = deck / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    loaded = pipeline.load(pipeline.open_workspace(workspace_folder).value, deck)
    code = {"deck.yaml": "D001", "essay.yaml": "D001", "items": "D205", "media": "D307"}[gone]
    assert loaded.failed
    assert code in found(loaded.diagnostics)


def test_two_decks_with_one_id_are_told(workspace_folder: Path) -> None:
    orchard = second_deck(workspace_folder)
    edit(orchard / "deck.yaml", "id: orchard", "id: garden")
    outcome = build(workspace_folder)
    assert found(outcome.diagnostics) == ["D211"]
    assert outcome.diagnostics[0].span.file == "cards/orchard/deck.yaml"
    assert [written.path.name for written in outcome.written] == ["garden.en.apkg"]


# Build --------------------------------------------------------------------------------


def test_files_are_named_for_people(workspace_folder: Path) -> None:
    """The folder is made; a file says what it is of, in which language, as what."""
    outcome = build(workspace_folder, products=(), output=workspace_folder / "new" / "folder")
    assert not outcome.failed
    assert [written.path.name for written in outcome.written] == ["garden.en.apkg", "garden.en.handout.pdf"]
    for written in outcome.written:
        assert written.path.parent == workspace_folder / "new" / "folder"
        assert written.size == written.path.stat().st_size > 1000


def test_a_name_comes_from_the_id_and_not_from_the_folder(workspace_folder: Path) -> None:
    (workspace_folder / "cards" / "garden").rename(workspace_folder / "cards" / "My garden")
    outcome = build(workspace_folder)
    assert [written.path.name for written in outcome.written] == ["garden.en.apkg"]


def test_only_the_products_and_languages_that_are_asked_for_are_built(workspace_folder: Path) -> None:
    assert [w.path.name for w in build(workspace_folder, languages=("en", "en")).written] == [
        "garden.en.apkg"
    ]
    outcome = build(workspace_folder, languages=("en", "fr"))
    assert found(outcome.diagnostics) == ["D506"]
    assert outcome.diagnostics[0].args == {"language": "fr", "languages": "en"}
    assert outcome.written == []


def test_a_deck_with_errors_leaves_yesterday_s_files_and_no_other_waits_for_it(
    workspace_folder: Path,
) -> None:
    orchard = second_deck(workspace_folder)
    build(workspace_folder)
    yesterday = state(workspace_folder / "output")
    ledger = state(workspace_folder / "cards" / "garden")["ledger.json"]
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "source: nettles 2", "source: nettles 9")
    edit(orchard / "items" / "10-nettles.yaml", "It made bricks.", "It made tiles.")

    outcome = build(workspace_folder, EPOCH + DAY)
    today = state(workspace_folder / "output")
    assert found(outcome.diagnostics) == ["D203"]
    assert outcome.failed
    assert [written.path.name for written in outcome.written] == ["orchard.en.apkg"]
    assert today["garden.en.apkg"] == yesterday["garden.en.apkg"]
    assert today["orchard.en.apkg"][0] != yesterday["orchard.en.apkg"][0]
    assert state(workspace_folder / "cards" / "garden")["ledger.json"] == ledger


def test_a_deck_with_warnings_alone_is_built(workspace_folder: Path) -> None:
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "source: nettles 2", "source: nettles 1")
    outcome = build(workspace_folder)
    assert found(outcome.diagnostics) == ["D208"]
    assert not outcome.failed
    assert len(outcome.written) == 1


def test_a_product_that_fails_keeps_all_files_of_its_deck_as_they_were(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(workspace_folder, products=())
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    yesterday = state(workspace_folder)
    handout = next(each for each in BACKENDS if each.name == "handout")

    def broken(_self: object, request: Request) -> Result[bytes | None]:
        return Result(None, (Diagnostic(codes.NO_PANGO, request.deck.span),))

    monkeypatch.setattr(type(handout), "render", broken)
    stages: list[tuple[str, Stage]] = []
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load_all(workspace, pipeline.discover(workspace, ()).value)
    options = Options(workspace_folder / "output")
    outcome = pipeline.build(workspace, loaded, options, EPOCH + DAY, lambda *seen: stages.append(seen))
    assert found(outcome.diagnostics) == ["D507"]
    assert outcome.written == []
    assert state(workspace_folder) == yesterday
    assert stages == [
        ("garden.en.apkg", Stage.PLANNED),
        ("garden.en.handout.pdf", Stage.PLANNED),
        ("garden.en.apkg", Stage.STARTED),
        ("garden.en.apkg", Stage.DONE),
        ("garden.en.handout.pdf", Stage.STARTED),
        ("garden.en.handout.pdf", Stage.FAILED),
    ]


def test_a_file_that_did_not_change_keeps_its_time(workspace_folder: Path) -> None:
    build(workspace_folder)
    before = state(workspace_folder)
    outcome = build(workspace_folder, EPOCH + DAY)
    assert state(workspace_folder) == before
    assert len(outcome.written) == 1, "it is shown all the same"


def test_nothing_but_the_products_and_the_ledger_is_written(workspace_folder: Path) -> None:
    before = set(state(workspace_folder))
    build(workspace_folder)
    assert set(state(workspace_folder)) - before == {"output/garden.en.apkg", "cards/garden/ledger.json"}


def test_a_file_can_be_read_by_others(workspace_folder: Path) -> None:
    build(workspace_folder)
    plain = workspace_folder / "plain"
    plain.touch()
    assert (workspace_folder / "output/garden.en.apkg").stat().st_mode == plain.stat().st_mode


# The ledger ---------------------------------------------------------------------------


def test_frozen_fails_where_the_ledger_would_change(workspace_folder: Path) -> None:
    outcome = build(workspace_folder, frozen=True)
    assert found(outcome.diagnostics) == ["D502"]
    assert outcome.written == []
    assert not (workspace_folder / "cards/garden/ledger.json").exists()
    assert not (workspace_folder / "output").exists()

    build(workspace_folder)
    before = state(workspace_folder)
    outcome = build(workspace_folder, EPOCH + DAY, frozen=True)
    assert not outcome.failed
    assert len(outcome.written) == 1
    assert state(workspace_folder) == before

    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    changed = state(workspace_folder)
    outcome = build(workspace_folder, EPOCH + DAY, frozen=True)
    assert [one.text() for one in outcome.diagnostics] == ["the ledger would change: en/factory"]
    assert state(workspace_folder) == changed


def test_a_broken_ledger_is_never_overwritten(workspace_folder: Path) -> None:
    build(workspace_folder)
    ledger = workspace_folder / "cards/garden/ledger.json"
    ledger.write_text("<<<<<<< ours\n" + ledger.read_text(encoding="utf-8"), encoding="utf-8")
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    before = state(workspace_folder)
    outcome = build(workspace_folder, EPOCH + DAY)
    assert found(outcome.diagnostics) == ["D501"]
    assert state(workspace_folder) == before


def test_the_ledger_is_written_before_the_products(workspace_folder: Path) -> None:
    """A build that is cut off between the two is repeated with the same times: the same bytes."""
    blocked = workspace_folder / "blocked"
    blocked.write_text("a file where a folder should be", encoding="utf-8")
    outcome = build(workspace_folder, output=blocked)
    assert found(outcome.diagnostics) == ["D503"]
    assert outcome.written == []
    ledger = (workspace_folder / "cards/garden/ledger.json").read_bytes()
    build(workspace_folder, EPOCH + DAY)
    assert (workspace_folder / "cards/garden/ledger.json").read_bytes() == ledger
    package = read_package((workspace_folder / "output/garden.en.apkg").read_bytes())
    assert {note["mod"] for note in package.notes} == {EPOCH}


def test_a_ledger_that_cannot_be_written_stops_its_deck(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A product with times that are not remembered would overwrite learners' words next time."""
    real = pipeline.write_whole

    def refuse(path: Path, content: bytes) -> Diagnostic | None:
        if path.name == "ledger.json":
            return Diagnostic(codes.UNWRITABLE, pipeline.Span("ledger.json"), {"file": "x", "reason": "y"})
        return real(path, content)

    monkeypatch.setattr(pipeline, "write_whole", refuse)
    outcome = build(workspace_folder)
    assert found(outcome.diagnostics) == ["D503"]
    assert not (workspace_folder / "output").exists()


def test_what_a_build_leaves_out_stays_in_the_ledger(workspace_folder: Path) -> None:
    """An item that is gone may come back: as it was, with the time that it had."""
    build(workspace_folder)
    before = (workspace_folder / "cards/garden/ledger.json").read_text(encoding="utf-8")
    file = workspace_folder / "cards/garden/items/20-town.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("- id: close-garden")], encoding="utf-8")
    build(workspace_folder, EPOCH + DAY)
    assert (workspace_folder / "cards/garden/ledger.json").read_text(encoding="utf-8") == before


def test_the_ledger_does_not_hang_on_what_is_built(workspace_folder: Path) -> None:
    study_everything(workspace_folder)
    build(workspace_folder, products=("handout",))
    ledger = (workspace_folder / "cards/garden/ledger.json").read_bytes()
    build(workspace_folder, products=("anki",))
    assert (workspace_folder / "cards/garden/ledger.json").read_bytes() == ledger


# Interruption -------------------------------------------------------------------------


def test_an_interruption_leaves_no_part_of_a_file(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(workspace_folder)
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    before = state(workspace_folder)

    def interrupted(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(workspace_folder, EPOCH + DAY)
    assert state(workspace_folder) == before


# Processes and bytes ------------------------------------------------------------------


def test_a_request_travels_to_another_process(workspace_folder: Path) -> None:
    """With the words of a catalogue, whose plural rule is a function that cannot travel."""
    edit(workspace_folder / "cards/garden/deck.yaml", "language: en", "language: de")
    workspace = pipeline.open_workspace(workspace_folder).value
    deck = pipeline.load(workspace, workspace_folder / "cards" / "garden").deck
    assert deck is not None
    planned = pipeline.plan(workspace, deck, Options(workspace_folder, products=PACKAGE), EPOCH).value
    (job,) = planned.jobs
    again = pickle.loads(pickle.dumps(job))  # noqa: S301 - our own
    assert again.request.words("Question") == job.request.words("Question") == "Frage"
    assert AnkiBackend().render(again.request) == AnkiBackend().render(job.request)


@pytest.mark.slow
def test_one_process_and_two_give_the_same_bytes_in_the_same_order(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_deck(workspace_folder)
    monkeypatch.setattr(AnkiBackend, "heavy", True)  # two heavy jobs a deck, so that both processes work
    one = build(workspace_folder, products=(), workers=1)
    before = {written.path: written.path.read_bytes() for written in one.written}
    shutil.rmtree(workspace_folder / "output")
    two = build(workspace_folder, products=(), workers=2)
    assert len(before) == 4
    assert [written.path for written in two.written] == list(before)
    assert {written.path: written.path.read_bytes() for written in two.written} == before


@pytest.mark.slow
def test_two_builds_in_two_folders_on_two_dates_give_equal_bytes_of_every_product(tmp_path: Path) -> None:
    """By two programs, in two time zones and locales: only the deck and its ledger count."""
    made: list[dict[str, bytes]] = []
    for name, now, settings in (
        ("a", EPOCH, {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}),
        ("b/c", EPOCH + 400 * DAY, {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}),
    ):
        folder = tmp_path / name
        shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
        if made:
            shutil.copy(tmp_path / "a/cards/garden/ledger.json", folder / "cards/garden/ledger.json")
        environment = {**os.environ, **settings, "SOURCE_DATE_EPOCH": str(now)}
        command = [sys.executable, "-m", "deckgen", "build"]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        made.append({path.name: path.read_bytes() for path in (folder / "output").iterdir()})
    assert len(made[0]) == len(BACKENDS)
    assert made[0] == made[1]


# The collector ------------------------------------------------------------------------


@pytest.mark.parametrize("enabled", [True, False])
def test_python_s_collector_rests_while_a_deck_is_read_and_is_then_as_it_was(
    workspace: Workspace, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch, enabled: bool
) -> None:
    seen = []
    read = pipeline.reader.read

    def spy(path: Path, shown: str) -> Result[pipeline.reader.Document]:
        seen.append(gc.isenabled())
        return read(path, shown)

    monkeypatch.setattr(pipeline.reader, "read", spy)
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        pipeline.load(workspace, workspace_folder / "cards" / "garden")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
    assert set(seen) == {False}


# The clock ----------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["1234567890", "0"])
def test_source_date_epoch_rules_the_clock(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert pipeline.clock() == int(given)


@pytest.mark.parametrize("given", [None, "", "yesterday", "-5", "1.5"])
def test_without_it_the_clock_is_the_machine_s(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    if given is None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH")
    else:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    before = int(time.time())
    assert before <= pipeline.clock() <= int(time.time())


def test_a_language_is_as_new_as_its_newest_item(garden: Loaded, workspace: Workspace) -> None:
    assert garden.deck is not None
    first = pipeline.plan(workspace, garden.deck, Options(Path("output"), products=PACKAGE), EPOCH).value
    assert first.jobs[0].request.changed == EPOCH
    again = pipeline.plan(
        workspace, garden.deck, Options(Path("output"), products=PACKAGE), EPOCH + DAY
    ).value
    assert again.jobs[0].request.changed == EPOCH + DAY, "nothing was written, so nothing was remembered"
