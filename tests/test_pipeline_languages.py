"""A deck is built in its languages, each as far as it can be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builds import DAY, NETTLES, build, errors, found, french, names, notes_of, state
from conftest import EPOCH
from packages import edit, read_package

from deckgen import ledger, pipeline
from deckgen.backends import Composition, Request
from deckgen.backends.anki import AnkiBackend
from deckgen.catalogues import Task
from deckgen.diagnostics import Diagnostic, Result, Source, codes
from deckgen.model import Policy


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
