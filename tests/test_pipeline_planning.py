"""What is planned: the ledger after a build, and what it depends on."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from builds import DAY, PACKAGE, build, found, names, state
from conftest import EPOCH
from packages import edit, made, read_package, study_everything

from deckgen import ledger, pipeline
from deckgen.backends.anki import AnkiBackend
from deckgen.diagnostics import Diagnostic, Source, Span, codes
from deckgen.pipeline import Loaded, Options, Workspace, building


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
    assert len(names(outcome)) == 1
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
    real = building.write_whole

    def refuse(path: Path, content: bytes, scratch: Path) -> Diagnostic | None:
        if path.name == "ledger.json":
            return Diagnostic(codes.UNWRITABLE, Span("ledger.json"), {"file": "x", "reason": "y"})
        return real(path, content, scratch)

    monkeypatch.setattr(building, "write_whole", refuse)
    outcome = build(workspace_folder)
    assert found(outcome.diagnostics) == ["D503"]
    assert not (workspace_folder / "output").exists()


def test_an_item_that_is_taken_out_is_retired_with_its_last_text_until_it_comes_back(
    workspace_folder: Path,
) -> None:
    build(workspace_folder)
    ledger = workspace_folder / "cards/garden/ledger.json"
    before = json.loads(ledger.read_text(encoding="utf-8"))["entries"]
    file = workspace_folder / "cards/garden/items/20-town.yaml"
    text = file.read_text(encoding="utf-8")
    gone = text[text.index("- id: town\n") : text.index("- id: close-garden")]
    file.write_text(text.replace(gone, ""), encoding="utf-8")
    build(workspace_folder, EPOCH + DAY)
    retired = ledger.read_bytes()
    after = json.loads(retired)["entries"]
    assert {key for key in before if after[key] != before[key]} == {"en/town"}
    assert after["en/town"].pop("retired") == after["en/town"]["since"] == "2025-06-16T15:06:40Z"
    assert {key: after["en/town"][key] for key in ("kind", "tags", "fields")} == {
        key: before["en/town"][key] for key in ("kind", "tags", "fields")
    }
    build(workspace_folder, EPOCH + 2 * DAY)
    assert ledger.read_bytes() == retired
    file.write_text(text, encoding="utf-8")
    build(workspace_folder, EPOCH + 3 * DAY)
    after = json.loads(ledger.read_text(encoding="utf-8"))["entries"]
    assert after == {**before, "en/town": {**before["en/town"], "since": "2025-06-18T15:06:40Z"}}


def test_a_language_in_which_a_card_is_not_current_does_not_retire_it(workspace_folder: Path) -> None:
    """Only the deck's own items say what there is: a translation may leave one out for a while."""
    build(workspace_folder)
    text = (workspace_folder / "cards/garden/ledger.json").read_text(encoding="utf-8")
    before = ledger.parse(Source("ledger.json", text)).value
    result = ledger.gone(before, "en", {"factory"})
    assert set(result) > {"town", "commons"}
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load(workspace, workspace_folder / "cards" / "garden")
    assert loaded.deck is not None
    few = replace(loaded.deck, items=loaded.deck.items[:1])
    composed = pipeline.compose(workspace, loaded, "en", Options(workspace_folder), before)
    assert composed.value is not None
    assert not composed.value[0].retired
    composed = pipeline.compose(workspace, replace(loaded, deck=few), "en", Options(workspace_folder), before)
    assert composed.value is not None
    assert len(composed.value[0].retired) == len(loaded.deck.items) - 1


def test_the_ledger_does_not_hang_on_what_is_built(workspace_folder: Path) -> None:
    study_everything(workspace_folder)
    build(workspace_folder, products=("handout",))
    ledger = (workspace_folder / "cards/garden/ledger.json").read_bytes()
    build(workspace_folder, products=("anki",))
    assert (workspace_folder / "cards/garden/ledger.json").read_bytes() == ledger


def test_a_language_is_as_new_as_its_newest_item(garden: Loaded, workspace: Workspace) -> None:
    def changed(now: int) -> int:
        plan = pipeline.plan(workspace, garden, Options(Path("output"), products=PACKAGE), now).value
        return plan.editions[0].jobs[0].request.changed

    assert changed(EPOCH) == EPOCH
    assert changed(EPOCH + DAY) == EPOCH + DAY, "nothing was written, so nothing was remembered"


def test_a_request_travels_to_another_process(workspace_folder: Path) -> None:
    """With the words of a catalogue, whose plural rule is a function that cannot travel."""
    edit(workspace_folder / "cards/garden/deck.yaml", "language: en", "language: de")
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load(workspace, workspace_folder / "cards" / "garden")
    planned = pipeline.plan(workspace, loaded, Options(workspace_folder, products=PACKAGE), EPOCH).value
    (edition,) = planned.editions
    job = edition.jobs[0]
    again = pickle.loads(pickle.dumps(job))
    assert again.request.words("Question") == job.request.words("Question") == "Frage"
    assert made(AnkiBackend(), again.request) == made(AnkiBackend(), job.request)
