"""Every product that is read, held against outloud: PDF/UA-1 and what a validator cannot see.

The booklet is for print only. A product that is added to the list of back ends is tested here without more.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from deckgen import pipeline
from deckgen.backends.products import BACKENDS
from deckgen.model import Deck, Print
from tests.conftest import EPOCH, HERE

pytestmark = pytest.mark.slow

PRODUCTS = sorted({each.product for each in BACKENDS} - {"anki", "booklet"})
EDITIONS = ["garden", "de", "ar"]  # one that shows every kind and a QR code, and the shipped deck in two


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Deck]:
    """A deck in a language as everything that is read, and the folder of the files."""
    folder = tmp_path_factory.mktemp("accessible")
    garden = request.param == "garden"
    source = HERE / "decks" / "garden" if garden else HERE.parent / "cards" / "smart-city"
    home = folder / "cards" / source.name
    shutil.copytree(source, home)
    with (home / "deck.yaml").open("a", encoding="utf-8") as file:
        file.write("\nurl: https://example.org/garden\n")
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load_all(workspace, [home])
    tag = "en" if garden else request.param
    options = pipeline.Options(
        folder / "output", (tag,), tuple(PRODUCTS), workers=2, print=Print.BOTH, cached=False
    )
    outcome = pipeline.build(workspace, loaded, options, EPOCH, lambda _file, _stage: None)
    assert [one.text() for one in outcome.diagnostics if one.level == "error" or one.code.id == "D505"] == []
    deck = pipeline.localize(pipeline.translated(workspace, loaded[0], EPOCH), tag, options).value
    assert deck is not None
    return folder / "output", deck


def files(edition: tuple[Path, Deck]) -> list[Path]:
    found = sorted(edition[0].glob("*.pdf"))
    assert len(found) >= len(PRODUCTS)
    return found


def test_outloud_finds_no_error(edition: tuple[Path, Deck]) -> None:
    tool = Path(sys.executable).with_name("outloud")
    for file in files(edition):
        run = subprocess.run(
            [tool, "--fail-on", "error", "--no-info", file], capture_output=True, text=True, check=False
        )
        assert "0 error(s)" in run.stdout, run.stdout
        assert run.returncode == 0, run.stdout


@cache
def tree(file: Path) -> tuple[tuple[str, str, str], ...]:
    """The elements of a file's structure in their order: tag, language, scope."""
    with pikepdf.open(file) as document:
        return tuple(_elements(document.Root.StructTreeRoot.K))


def _elements(node: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, pikepdf.Array):
        for one in node:  # type: ignore[attr-defined]
            yield from _elements(one)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        attributes = node.get("/A", {})
        yield str(node.S)[1:], str(node.get("/Lang", "")), str(attributes.get("/Scope", ""))
        yield from _elements(node.get("/K"))


def test_title_language_and_tags_are_there(edition: tuple[Path, Deck]) -> None:
    _, deck = edition
    for file in files(edition):
        with pikepdf.open(file) as document:
            assert str(document.Root.Lang) == deck.language, file.name
            assert document.Root.MarkInfo.Marked, file.name
            assert document.Root.ViewerPreferences.DisplayDocTitle, file.name
            with document.open_metadata() as metadata:
                assert str(metadata["dc:title"]).startswith(deck.title), file.name
                assert metadata["pdfuaid:part"] == "1", file.name


def test_headings_begin_with_the_first_and_skip_none(edition: tuple[Path, Deck]) -> None:
    for file in files(edition):
        levels = [int(tag[1]) for tag, *_ in tree(file) if tag in ("H1", "H2", "H3", "H4")]
        assert levels, file.name
        assert levels[0] == 1, file.name
        assert all(after <= before + 1 for before, after in pairwise(levels)), file.name


def test_every_head_of_a_table_says_what_it_is_the_head_of(edition: tuple[Path, Deck]) -> None:
    for file in files(edition):
        scopes = [scope for tag, _, scope in tree(file) if tag == "TH"]
        assert set(scopes) <= {"/Column", "/Row"}, file.name


def test_what_is_in_another_language_is_told_in_its_tag(edition: tuple[Path, Deck]) -> None:
    folder, deck = edition
    foreign = deck.essay.language != deck.language
    for file in folder.glob("*.handout*.pdf"):
        tongues = [tongue for _, tongue, _ in tree(file) if tongue]
        assert (deck.essay.language in tongues) is foreign, file.name


def test_every_picture_has_its_words(edition: tuple[Path, Deck]) -> None:
    for file in files(edition):
        with pikepdf.open(file) as document:
            figures = [
                thing
                for thing in document.objects
                if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
            ]
            assert all(str(figure.get("/Alt", "")).strip() for figure in figures), file.name
