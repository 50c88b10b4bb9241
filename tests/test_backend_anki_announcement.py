"""The words beside the cards: a deck's description."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from packages import made, package_of, translated

from deckgen.backends import Request
from deckgen.backends.anki import AnkiBackend
from deckgen.backends.anki.announcement import describe
from deckgen.diagnostics import codes
from deckgen.resources import search_path


def test_the_description_says_how_current_a_translation_is(everything: Request) -> None:
    german = describe(translated(everything, "de")).value
    assert "In dieser Übersetzung aktuell: 3 von 9 Karten, Stand 15. Juni 2025." in german
    assert f"«{everything.deck.essay.title}» [A translated title]" in german
    english = describe(everything).value
    assert "translation" not in english
    assert "2025" not in english


def test_the_essays_title_keeps_its_direction_in_the_description(everything: Request) -> None:
    assert f"«\u2068{everything.deck.essay.title}\u2069»" in describe(translated(everything)).value
    assert "\u2068" not in describe(translated(everything, "de")).value


def test_the_description_stands_in_the_package(everything: Request) -> None:
    package = package_of(translated(everything, "de"))
    assert any("3 von 9 Karten" in deck["desc"] for deck in package.decks.values())


def test_a_faulty_description_makes_no_package(workspace_folder: Path, everything: Request) -> None:
    own = workspace_folder / "templates" / "anki"
    own.mkdir(parents=True)
    (own / "description.md").write_text("{% if %}", encoding="utf-8")
    result = made(AnkiBackend(), replace(everything, path=search_path(workspace_folder)))
    assert result.value is None
    assert {one.code for one in result.diagnostics} == {codes.BAD_TEMPLATE}
