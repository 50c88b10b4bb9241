"""From folders to files: what is found, what is read, and what is written or left as it was."""

from __future__ import annotations

import gc
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import EPOCH, HERE
from packages import edit, item_of, made, read_package, study_everything
from translated import translate

from deckgen import files, ledger, media, pipeline
from deckgen.backends import Composition, Request
from deckgen.backends.anki import AnkiBackend
from deckgen.backends.products import BACKENDS
from deckgen.catalogues import Task
from deckgen.diagnostics import Diagnostic, Result, Source, codes
from deckgen.jobs import Stage
from deckgen.model import Policy
from deckgen.pipeline import Loaded, Options, Outcome, Workspace

DAY = 86_400
PACKAGE = ("anki",)


def silent(_file: str, _stage: Stage) -> None:
    """No progress display."""


def second_deck(folder: Path, name: str = "orchard") -> Path:
    """A second deck beside the garden."""
    deck = folder / "cards" / name
    shutil.copytree(folder / "cards" / "garden", deck)
    edit(deck / "deck.yaml", "id: garden", f"id: {name}")
    edit(deck / "deck.yaml", "name: Garden", f"name: {name.title()}")
    return deck


def build(folder: Path, now: int = EPOCH, *names: str, **options: object) -> Outcome:
    """Build decks of a workspace, as packages unless told."""
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load_all(workspace, pipeline.discover(workspace, names).value)
    wanted = Options(**{"output": folder / "output", "products": PACKAGE, **options})  # type: ignore[arg-type]
    return pipeline.build(workspace, loaded, wanted, now, silent)


def names(outcome: Outcome) -> list[str]:
    """The files that a build made, but for the updates, each of which stands beside its package."""
    return [each.path.name for each in outcome.written if not each.path.name.endswith(".update.tsv")]


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
    assert [written.path.as_posix() for written in outcome.written] == [
        "output/garden.en.apkg",
        "output/garden.en.update.tsv",
    ]
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
    assert names(outcome) == ["garden.en.apkg"]


def test_two_decks_with_one_name_are_told_and_built(workspace_folder: Path) -> None:
    orchard = second_deck(workspace_folder)
    edit(orchard / "deck.yaml", "name: Orchard", "name: GARDEN")
    outcome = build(workspace_folder)
    assert found(outcome.diagnostics) == ["D214"]
    assert outcome.diagnostics[0].span.file == "cards/orchard/deck.yaml"
    assert names(outcome) == ["garden.en.apkg", "orchard.en.apkg"]


# Build --------------------------------------------------------------------------------


def test_files_are_named_for_people(workspace_folder: Path) -> None:
    """The folder is made; a file says what it is of, in which language, as what."""
    outcome = build(workspace_folder, products=(), output=workspace_folder / "new" / "folder")
    assert not outcome.failed
    assert [written.path.name for written in outcome.written] == [
        "garden.en.apkg",
        "garden.en.update.tsv",
        "garden.en.handout.pdf",
        "garden.en.booklet.pdf",
        "garden.en.quiz.pdf",
        "garden.en.quiz-key.pdf",
        "garden.en.guide.pdf",
        "garden.en.poster.pdf",
        "garden.en.cards.long-edge.pdf",
        "garden.en.cards.long-edge.test.pdf",
    ]
    for written in outcome.written:
        assert written.path.parent == workspace_folder / "new" / "folder"
        assert written.size == written.path.stat().st_size > 1000


def test_a_name_comes_from_the_id_and_not_from_the_folder(workspace_folder: Path) -> None:
    (workspace_folder / "cards" / "garden").rename(workspace_folder / "cards" / "My garden")
    outcome = build(workspace_folder)
    assert names(outcome) == ["garden.en.apkg"]


def test_only_the_products_and_languages_that_are_asked_for_are_built(workspace_folder: Path) -> None:
    assert names(build(workspace_folder, languages=("en", "en"))) == ["garden.en.apkg"]
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
    assert names(outcome) == ["orchard.en.apkg"]
    assert today["garden.en.apkg"] == yesterday["garden.en.apkg"]
    assert today["orchard.en.apkg"][0] != yesterday["orchard.en.apkg"][0]
    assert state(workspace_folder / "cards" / "garden")["ledger.json"] == ledger


def test_a_deck_with_warnings_alone_is_built(workspace_folder: Path) -> None:
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "source: nettles 2", "source: nettles 1")
    outcome = build(workspace_folder)
    assert found(outcome.diagnostics) == ["D208"]
    assert not outcome.failed
    assert len(names(outcome)) == 1


def test_a_product_that_fails_keeps_all_files_of_its_deck_as_they_were(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    products = ("anki", "handout")
    build(workspace_folder, products=products)
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    yesterday = state(workspace_folder)
    handout = next(each for each in BACKENDS if each.name == "handout")

    def broken(_self: object, request: Request) -> Result[Composition | None]:
        return Result(None, (Diagnostic(codes.NO_PANGO, request.deck.span),))

    monkeypatch.setattr(type(handout), "compose", broken)
    stages: list[tuple[str, Stage]] = []
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load_all(workspace, pipeline.discover(workspace, ()).value)
    options = Options(workspace_folder / "output", products=products)
    outcome = pipeline.build(workspace, loaded, options, EPOCH + DAY, lambda *seen: stages.append(seen))
    assert found(outcome.diagnostics) == ["D507"]
    assert outcome.written == []
    assert state(workspace_folder) == yesterday
    assert stages == [
        ("garden.en.apkg", Stage.PLANNED),
        ("garden.en.update.tsv", Stage.PLANNED),
        ("garden.en.handout.pdf", Stage.PLANNED),
        ("garden.en.apkg", Stage.STARTED),
        ("garden.en.apkg", Stage.DONE),
        ("garden.en.update.tsv", Stage.STARTED),
        ("garden.en.update.tsv", Stage.DONE),
        ("garden.en.handout.pdf", Stage.STARTED),
        ("garden.en.handout.pdf", Stage.FAILED),
    ]


def test_a_file_that_did_not_change_keeps_its_time(workspace_folder: Path) -> None:
    build(workspace_folder)
    before = state(workspace_folder)
    outcome = build(workspace_folder, EPOCH + DAY)
    assert state(workspace_folder) == before
    assert len(names(outcome)) == 1, "it is shown all the same"


def test_nothing_but_the_products_and_the_ledger_is_written(workspace_folder: Path) -> None:
    before = set(state(workspace_folder))
    build(workspace_folder)
    assert set(state(workspace_folder)) - before == {
        "output/garden.en.apkg",
        "output/garden.en.update.tsv",
        "cards/garden/ledger.json",
    }


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
    real = pipeline.write_whole

    def refuse(path: Path, content: bytes, scratch: Path) -> Diagnostic | None:
        if path.name == "ledger.json":
            return Diagnostic(codes.UNWRITABLE, pipeline.Span("ledger.json"), {"file": "x", "reason": "y"})
        return real(path, content, scratch)

    monkeypatch.setattr(pipeline, "write_whole", refuse)
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


# Languages ----------------------------------------------------------------------------

NETTLES = "cards/garden/items/10-nettles.yaml"


def french(folder: Path, tag: str = "fr") -> Path:
    """The whole garden in another language: each text in angle brackets."""
    workspace = pipeline.open_workspace(folder).value
    deck = pipeline.load(workspace, folder / "cards/garden").deck
    assert deck is not None
    kinds = {kind.name: kind for kind in workspace.kinds}
    task = Task(folder / "cards/garden", deck, kinds, tag, pipeline.day(EPOCH))
    task.start()
    words = translate(task.file.read_text(encoding="utf-8"), how=lambda entry: f"‹{entry.msgid}›")
    task.file.write_text(words, encoding="utf-8", newline="\n")
    task.sync()
    return task.file


def notes_of(folder: Path, tag: str, draft: str = "") -> dict[str, str]:
    content = (folder / f"output/garden.{tag}{draft}.apkg").read_bytes()
    return {item_of(note["flds"]): note["flds"] for note in read_package(content).notes}


def errors(outcome: Outcome) -> list[str]:
    return [one.code.id for one in outcome.diagnostics if one.level == "error"]


def test_a_deck_is_built_in_all_its_languages(workspace_folder: Path) -> None:
    french(workspace_folder, "de")
    french(workspace_folder, "ar")
    outcome = build(workspace_folder)
    assert errors(outcome) == []
    assert names(outcome) == ["garden.en.apkg", "garden.ar.apkg", "garden.de.apkg"]
    assert names(build(workspace_folder, languages=("de",))) == ["garden.de.apkg"]
    german, english = notes_of(workspace_folder, "de"), notes_of(workspace_folder, "en")
    assert list(german) == list(english)
    assert "‹" in german["leave"]
    assert "‹" not in english["leave"]


def test_a_language_that_cannot_be_used_leaves_yesterday_s_files_and_the_others_are_built(
    workspace_folder: Path,
) -> None:
    broken = french(workspace_folder, "de")
    french(workspace_folder, "ar")
    build(workspace_folder)
    yesterday = state(workspace_folder / "output")
    before = ledger.parse(Source("", (workspace_folder / "cards/garden/ledger.json").read_text())).value
    broken.write_text("nonsense", encoding="utf-8")
    edit(workspace_folder / NETTLES, "It made bricks.", "It made tiles.")

    outcome = build(workspace_folder, EPOCH + DAY)
    today = state(workspace_folder / "output")
    assert errors(outcome) == ["D601"]
    assert outcome.failed
    assert names(outcome) == ["garden.en.apkg", "garden.ar.apkg"]
    assert today["garden.de.apkg"] == yesterday["garden.de.apkg"]
    assert today["garden.en.apkg"][0] != yesterday["garden.en.apkg"][0]
    after = ledger.parse(Source("", (workspace_folder / "cards/garden/ledger.json").read_text())).value
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"en/factory"}, "what is not built is not remembered as built"


def test_one_language_alone_can_be_broken_and_not_asked_for(workspace_folder: Path) -> None:
    french(workspace_folder, "de").write_text("nonsense", encoding="utf-8")
    outcome = build(workspace_folder, languages=("en",))
    assert (errors(outcome), names(outcome)) == ([], ["garden.en.apkg"])


def test_a_product_that_fails_costs_its_language_alone(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    french(workspace_folder, "de")
    real = AnkiBackend.compose

    def compose(self: AnkiBackend, request: Request) -> Result[Composition | None]:
        if request.language.tag == "de":
            return Result(None, (Diagnostic(codes.NO_PANGO, request.deck.span),))
        return real(self, request)

    monkeypatch.setattr(AnkiBackend, "compose", compose)
    outcome = build(workspace_folder)
    assert (errors(outcome), names(outcome)) == (["D507"], ["garden.en.apkg"])
    text = (workspace_folder / "cards/garden/ledger.json").read_text(encoding="utf-8")
    assert '"en/leave"' in text
    assert '"de/leave"' not in text


def test_a_half_translated_language_is_built_with_what_is_there(workspace_folder: Path) -> None:
    file = french(workspace_folder, "de")
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r'(msgctxt "commons\.\w+"\nmsgid .*\n)msgstr .*', r'\1msgstr ""', text), "utf-8")
    outcome = build(workspace_folder, languages=("de",))
    assert [(one.code.id, one.args.get("names")) for one in outcome.diagnostics] == [("D609", "commons")]
    assert "commons" not in notes_of(workspace_folder, "de")
    assert "leave" in notes_of(workspace_folder, "de")


@pytest.mark.parametrize("by_deck", [True, False], ids=["deck.yaml", "option"])
@pytest.mark.parametrize("policy", Policy)
def test_what_is_built_of_a_stale_card_is_decided_by_the_deck_or_the_option(
    workspace_folder: Path, policy: Policy, by_deck: bool
) -> None:
    french(workspace_folder, "de")
    edit(workspace_folder / NETTLES, "It made bricks.", "It made tiles.")
    other = Policy.SKIP if policy is not Policy.SKIP else Policy.SOURCE
    edit(
        workspace_folder / "cards/garden/deck.yaml",
        "language: en",
        f"language: en\nstale: {policy if by_deck else other}",
    )
    outcome = build(workspace_folder, languages=("de",), stale=None if by_deck else policy)
    assert [one.code.id for one in outcome.diagnostics] == ["D607", "D608"]
    fields = notes_of(workspace_folder, "de").get("factory", "")
    assert ("bricks" in fields, "tiles" in fields) == {
        Policy.KEEP_OLD: (True, False),
        Policy.SKIP: (False, False),
        Policy.SOURCE: (False, True),
    }[policy]


def test_a_broken_cloze_costs_its_card_and_is_no_error_of_the_build(workspace_folder: Path) -> None:
    file = french(workspace_folder, "de")
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r'(msgstr "‹.*)\{\{c1::', r"\1{{c1:", text), "utf-8")
    outcome = build(workspace_folder, languages=("de",))
    assert not outcome.failed
    assert "D302" in found(outcome.diagnostics)
    (told,) = (one for one in outcome.diagnostics if one.code.id == "D610")
    assert told.args["names"] == "nettle-years"
    assert "nettle-years" not in notes_of(workspace_folder, "de")


def test_a_draft_has_a_name_of_its_own_and_leaves_the_ledger_alone(workspace_folder: Path) -> None:
    french(workspace_folder, "de")
    build(workspace_folder)
    edit(workspace_folder / NETTLES, "It made bricks.", "It made tiles.")
    before = state(workspace_folder)
    outcome = build(workspace_folder, EPOCH + DAY, draft=True)
    assert names(outcome) == ["garden.en.draft.apkg", "garden.de.draft.apkg"]
    after = state(workspace_folder)
    assert {name: each for name, each in after.items() if ".draft." not in name} == before
    drafted = read_package((workspace_folder / "output/garden.en.draft.apkg").read_bytes())
    build(workspace_folder, EPOCH + DAY)
    real = read_package((workspace_folder / "output/garden.en.apkg").read_bytes())
    for one in real.notes:
        (other,) = (note for note in drafted.notes if note["guid"] == one["guid"])
        assert other["mod"] == one["mod"] - 1, "what follows a draft replaces it"


def test_a_renamed_card_keeps_what_learners_know_of_it(workspace_folder: Path) -> None:
    french(workspace_folder, "de")
    build(workspace_folder)
    before = read_package((workspace_folder / "output/garden.de.apkg").read_bytes()).note("leave")
    edit(workspace_folder / NETTLES, "- id: leave\n", "- id: go-away\n  renamed_from: leave\n")
    build(workspace_folder, EPOCH + DAY)
    assert "go-away" not in notes_of(workspace_folder, "de"), "nobody has run sync yet"
    workspace = pipeline.open_workspace(workspace_folder).value
    deck = pipeline.load(workspace, workspace_folder / "cards/garden").deck
    assert deck is not None
    kinds = {kind.name: kind for kind in workspace.kinds}
    Task(workspace_folder / "cards/garden", deck, kinds, "de", pipeline.day(EPOCH)).sync()
    build(workspace_folder, EPOCH + DAY)
    after = read_package((workspace_folder / "output/garden.de.apkg").read_bytes()).note("go-away")
    assert after["guid"] == before["guid"]
    assert after["flds"].split("\x1f")[:2] == before["flds"].split("\x1f")[:2]


def test_a_catalogue_of_the_deck_s_own_language_changes_no_word(workspace_folder: Path) -> None:
    build(workspace_folder)
    before = state(workspace_folder / "output")
    folder = workspace_folder / "cards/garden/translations"
    folder.mkdir()
    (folder / "en.po").write_text('msgctxt "leave.answer"\nmsgid "a"\nmsgstr "b"\n', encoding="utf-8")
    build(workspace_folder)
    assert state(workspace_folder / "output") == before


# Processes and bytes ------------------------------------------------------------------


def test_a_request_travels_to_another_process(workspace_folder: Path) -> None:
    """With the words of a catalogue, whose plural rule is a function that cannot travel."""
    edit(workspace_folder / "cards/garden/deck.yaml", "language: en", "language: de")
    workspace = pipeline.open_workspace(workspace_folder).value
    loaded = pipeline.load(workspace, workspace_folder / "cards" / "garden")
    planned = pipeline.plan(workspace, loaded, Options(workspace_folder, products=PACKAGE), EPOCH).value
    (edition,) = planned.editions
    job = edition.jobs[0]
    again = pickle.loads(pickle.dumps(job))  # noqa: S301 - our own
    assert again.request.words("Question") == job.request.words("Question") == "Frage"
    assert made(AnkiBackend(), again.request) == made(AnkiBackend(), job.request)


@pytest.mark.slow
def test_one_process_and_two_give_the_same_bytes_in_the_same_order(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_deck(workspace_folder)
    monkeypatch.setattr(AnkiBackend, "heavy", True)  # two heavy jobs a deck, so that both processes work
    one = build(workspace_folder, products=(), workers=1)
    before = {written.path: written.path.read_bytes() for written in one.written}
    shutil.rmtree(workspace_folder / "output")
    shutil.rmtree(workspace_folder / ".deckgen")
    two = build(workspace_folder, products=(), workers=2)
    assert len(before) == 2 * len(BACKENDS)
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

    def spy(path: Path, shown: str, within: Path | None = None) -> Result[pipeline.reader.Document]:
        seen.append(gc.isenabled())
        return read(path, shown, within)

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
    def changed(now: int) -> int:
        plan = pipeline.plan(workspace, garden, Options(Path("output"), products=PACKAGE), now).value
        return plan.editions[0].jobs[0].request.changed

    assert changed(EPOCH) == EPOCH
    assert changed(EPOCH + DAY) == EPOCH + DAY, "nothing was written, so nothing was remembered"


def test_a_clock_behind_the_last_year_that_can_be_written_stands_still(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given in ("999999999999", "9" * 5000):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
        assert pipeline.day(pipeline.clock()).year == 9998
        outcome = build(workspace_folder, pipeline.clock())
        assert not outcome.failed, "what was written is read again"
        edit(workspace_folder / NETTLES, "bricks.", "bricks, bricks.")


# Links that lead out of the deck ------------------------------------------------------


def test_a_folder_of_pictures_that_lies_elsewhere_has_none(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "map.png").write_bytes(b"x")
    deck = tmp_path / "deck"
    deck.mkdir()
    (deck / "media").symlink_to(elsewhere)
    assert media.usable(deck / "media") == frozenset()
    (deck / "media").unlink()
    (deck / "media").mkdir()
    (deck / "media" / "own.png").write_bytes(b"x")
    (deck / "media" / "link.png").symlink_to(elsewhere / "map.png")
    (deck / "media" / "round.png").symlink_to(deck / "media" / "round.png")
    assert media.usable(deck / "media") == {"own.png"}


@pytest.mark.parametrize("name", ["deck.yaml", "items", "items/10-nettles.yaml"])
def test_a_file_of_a_deck_that_lies_elsewhere_is_not_read(
    workspace_folder: Path, tmp_path: Path, name: str
) -> None:
    part = workspace_folder / "cards" / "garden" / name
    elsewhere = tmp_path / "elsewhere"
    part.rename(elsewhere)
    part.symlink_to(elsewhere)
    outcome = build(workspace_folder)
    assert "D001" in found(outcome.diagnostics)
    assert not outcome.written


def test_a_deck_may_be_a_link_itself(workspace_folder: Path, tmp_path: Path) -> None:
    deck = workspace_folder / "cards" / "garden"
    deck.rename(tmp_path / "elsewhere")
    deck.symlink_to(tmp_path / "elsewhere")
    outcome = build(workspace_folder)
    assert not outcome.failed
    assert outcome.written
