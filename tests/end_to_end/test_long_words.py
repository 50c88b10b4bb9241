"""Nothing is cut off and nothing covers another: long words, small paper, large print."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pdfplumber
import pytest

from deckgen import pipeline
from deckgen.model import PaperSize, Print
from tests.conftest import EPOCH, HERE
from tests.packages import edit

pytestmark = pytest.mark.slow

LONG = "Nachbarschaftsentwicklungsgenossenschaftsversammlungsprotokolle"
SECTION = "Technical solutions instead of political disputes in the city of gardens and allotments"
ROOM = 8  # pt that a printer leaves free at each edge, at least


def built(folder: Path, deck: str, tag: str, paper: PaperSize, print_: Print) -> list[Path]:
    """Build what is read on paper, and the cards, in a language."""
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load(workspace, folder / "cards" / deck)
    loaded = pipeline.translated(workspace, loaded, EPOCH, () if tag in ("en", "de") else (tag,))
    products = ("handout", "quiz", "guide", "poster") + (("cards",) if deck == "garden" else ())
    options = pipeline.Options(folder / "output", (tag,), products, paper=paper, print=print_, cached=False)
    outcome = pipeline.build(workspace, [loaded], options, 2_000_000_000, lambda _file, _stage: None)
    assert [one.text() for one in outcome.diagnostics if one.is_error] == []
    return [each.path for each in outcome.written]


def faults(file: Path) -> Iterator[str]:
    """Yield the words that leave their page, or that lie on others."""
    with pdfplumber.open(file) as document:
        for page in document.pages:
            words = page.extract_words(x_tolerance=1)
            for word in words:
                inside = word["x0"] >= ROOM and word["x1"] <= page.width - ROOM
                if not (inside and word["top"] >= ROOM and word["bottom"] <= page.height - ROOM):
                    yield f"{file.name}, {page.page_number}: {word['text']} leaves the page"
            for one, other in combinations(words, 2):
                across = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
                down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
                if across > 1.5 and down > 0.6 * min(w["bottom"] - w["top"] for w in (one, other)):
                    yield f"{file.name}, {page.page_number}: {one['text']} lies on {other['text']}"


@pytest.mark.parametrize("paper", [PaperSize.A4, PaperSize.A5])
@pytest.mark.parametrize("print_", [Print.NORMAL, Print.LARGE])
def test_long_words_and_a_section_without_a_short_name_stay_on_the_page(
    tmp_path: Path, paper: PaperSize, print_: Print
) -> None:
    deck = tmp_path / "cards" / "garden"
    shutil.copytree(HERE / "decks" / "garden", deck)
    edit(deck / "deck.yaml", "title: Who decides", f"title: {LONG} or who decides")
    edit(deck / "essay.yaml", "    title: Nettles and spades\n    short: Nettles", f"    title: {SECTION}")
    edit(deck / "items" / "10-nettles.yaml", "factory **closed**", f"factory {LONG} **closed**")
    for file in built(tmp_path, "garden", "en", paper, print_):
        assert list(faults(file)) == [], file.name


@pytest.mark.parametrize("tag", ["de", "ar", "es", "uk"])
@pytest.mark.parametrize("print_", [Print.NORMAL, Print.LARGE])
def test_the_deck_on_the_smart_city_fits_on_a5(tmp_path: Path, tag: str, print_: Print) -> None:
    shutil.copytree(HERE.parent / "cards" / "smart-city", tmp_path / "cards" / "smart-city")
    for file in built(tmp_path, "smart-city", tag, PaperSize.A5, print_):
        assert list(faults(file)) == [], file.name
