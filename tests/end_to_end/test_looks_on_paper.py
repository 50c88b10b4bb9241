"""Pages as pictures, as poppler draws them: colours that can be read, paper without colour, the QR code."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import zxingcpp
from PIL import Image, ImageChops

from deckgen import pipeline
from deckgen.backends.products import BACKENDS
from deckgen.colours import TINT, contrast
from deckgen.model import Paper, PaperSize, Print
from tests.conftest import EPOCH, HERE

pytestmark = pytest.mark.slow

URL = "https://example.org/decks/garden?lang=en&from=paper"
NEEDED = 4.5  # WCAG 2.2, success criterion 1.4.3
PRODUCTS = tuple(sorted({each.product for each in BACKENDS} - {"anki"}))


def built(folder: Path, products: tuple[str, ...] = PRODUCTS, **options: Any) -> tuple[Path, ...]:
    """All paper of the garden, with an address and an accent that is just dark enough."""
    shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
    with (folder / "cards" / "garden" / "deck.yaml").open("a", encoding="utf-8") as file:
        file.write(f'\nurl: {URL}\naccent: "#0f7281"\n')
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load_all(workspace, [folder / "cards" / "garden"])
    wanted = pipeline.Options(folder / "output", products=products, cached=False, **options)
    outcome = pipeline.build(workspace, loaded, wanted, EPOCH, lambda _file, _stage: None)
    assert [one.text() for one in outcome.diagnostics] == []
    assert len(outcome.written) >= len(products)
    return tuple(written.path for written in outcome.written)


def named(files: tuple[Path, ...], name: str) -> Path:
    """The one file of a product."""
    (file,) = (file for file in files if file.name.startswith(f"garden.en.{name}."))
    return file


@pytest.fixture(scope="module")
def coloured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return built(tmp_path_factory.mktemp("coloured"))


@pytest.fixture(scope="module")
def greys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return built(tmp_path_factory.mktemp("grey"), sheet=Paper(grey=True))


def pictures(file: Path, resolution: int = 72) -> Iterator[Image.Image]:
    """The pages of a PDF, in colour."""
    stem = file.with_suffix(f".{resolution}")
    subprocess.run(["pdftoppm", "-r", str(resolution), "-png", str(file), str(stem)], check=True)
    for page in sorted(file.parent.glob(f"{stem.name}-*.png")):
        with Image.open(page) as picture:
            yield picture.convert("RGB")


def written(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour[:3])


def words_and_grounds(file: Path) -> Counter[tuple[str, str]]:
    """How often letters of a colour stand on a ground, which is what most of their surroundings is of."""
    found = Counter[tuple[str, str]]()
    with pdfplumber.open(file) as document:
        for page, picture in zip(document.pages, pictures(file), strict=True):
            for char in page.chars:
                if char["text"].strip():
                    parts = [round(255 * part) for part in char["non_stroking_color"] or (0,)]
                    ink = written(tuple(parts if len(parts) == 3 else parts * 3))
                    edges = (char["x0"] - 3, char["top"] - 3, char["x1"] + 3, char["bottom"] + 3)
                    colours = picture.crop(tuple(map(round, edges))).getcolors(10_000) or [(0, (0, 0, 0))]  # type: ignore[arg-type]
                    found[ink, written(max(colours)[1])] += 1  # type: ignore[arg-type]
    return found


def test_the_ground_of_words_is_found_where_it_is_tinted(coloured: tuple[Path, ...]) -> None:
    pairs = words_and_grounds(named(coloured, "handout"))
    assert {("#111111", "#ffffff"), ("#111111", TINT), ("#555555", TINT), ("#0f7281", "#ffffff")} <= set(
        pairs
    )


@pytest.mark.parametrize("paper", ["coloured", "greys"])
def test_all_words_can_be_told_from_their_ground(paper: str, request: pytest.FixtureRequest) -> None:
    for file in request.getfixturevalue(paper):
        pairs = words_and_grounds(file)
        assert pairs, file.name
        pale = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < NEEDED}
        assert pale == {}, file.name


def test_paper_without_colour_has_none(greys: tuple[Path, ...]) -> None:
    for file in greys:
        for page in pictures(file):
            red, green, blue = page.split()
            for one, other in ((red, green), (green, blue)):
                assert ImageChops.difference(one, other).getextrema()[1] <= 1, file.name


def test_everything_that_is_there_in_colour_is_there_in_grey_and_not_paler(
    coloured: tuple[Path, ...], greys: tuple[Path, ...]
) -> None:
    for one, other in zip(coloured, greys, strict=True):
        with pdfplumber.open(one) as before, pdfplumber.open(other) as after:
            texts = [page.extract_text() for page in before.pages]
            same = [page.extract_text().replace(".grey", "") for page in after.pages]
            assert texts == same, other.name
            named = [".grey" in page.extract_text() for page in after.pages]  # the guide names its files
        assert sum(named) <= 1, other.name
        for colour, grey, skipped in zip(pictures(one), pictures(other), named, strict=True):
            paler = ImageChops.subtract(grey.convert("L"), colour.convert("L"))
            assert skipped or paler.getextrema()[1] < 40, other.name


@pytest.mark.parametrize(("product", "resolution"), [("handout", 150), ("booklet", 150), ("handout", 110)])
def test_the_qr_code_is_read_from_a_picture(
    product: str, resolution: int, coloured: tuple[Path, ...], greys: tuple[Path, ...]
) -> None:
    for files in (coloured, greys):
        drawn = pictures(named(files, product), resolution)
        assert [code.text for page in drawn for code in zxingcpp.read_barcodes(page)] == [URL]


@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("printed", [Print.NORMAL, Print.LARGE])
def test_nothing_leaves_the_page_on_any_paper(size: PaperSize, printed: Print, tmp_path: Path) -> None:
    file = named(built(tmp_path, ("handout",), paper=size, print=printed), "handout")
    width, height = (length * 72 / 25.4 for length in size.mm)
    sizes = set()
    with pdfplumber.open(file) as document:
        for page in document.pages:
            assert (round(page.width), round(page.height)) == (round(width), round(height))
            sizes |= {round(char["size"], 1) for char in page.chars}
            for word in page.extract_words():
                assert word["x0"] >= 28 and word["x1"] <= page.width - 28, word["text"]
                assert word["top"] >= 20 and word["bottom"] <= page.height - 20, word["text"]
    assert min(sizes) == (16 if printed is Print.LARGE else 8)


def test_qpdf_finds_nothing_wrong_with_the_booklet(coloured: tuple[Path, ...]) -> None:
    file = named(coloured, "booklet")
    run = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors found" in run.stdout
    assert run.stderr == ""
