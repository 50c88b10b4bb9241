"""The guide and the poster held against the real programs: qpdf, poppler, pikepdf and pdfplumber."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pdfplumber
import pikepdf
import pytest

from deckgen import pipeline
from deckgen.backends.paper.guide import Guide
from deckgen.backends.paper.poster import Poster
from deckgen.backends.paper.wall import MM, Box, Wall
from deckgen.jobs import Job, backend
from tests.conftest import EPOCH, HERE
from tests.packages import made
from tests.pages import has_one_part_alone

CARDS = HERE.parent / "cards"
DECKS = ["garden en", "smart-city de", "smart-city ar", "smart-city uk", "smart-city tr"]
POINTS = {"a3": (842, 1191), "a4": (595, 842)}


class Made(NamedTuple):
    """A deck's guide or poster in a language, and what was decided for it."""

    file: Path
    job: Job

    @property
    def tag(self) -> str:
        return self.job.request.language.tag

    @property
    def title(self) -> str:
        return self.job.request.deck.title


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evening")
    shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
    shutil.copytree(CARDS / "smart-city", folder / "cards" / "smart-city")
    return folder


@cache
def _planned(folder: Path, name: str, tag: str) -> dict[str, Job]:
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load(workspace, folder / "cards" / name)
    whole = pipeline.translated(workspace, loaded, EPOCH, (tag,) if name != "garden" and tag != "de" else ())
    options = pipeline.Options(folder, languages=(tag,), products=("guide", "poster"))
    plan = pipeline.plan(workspace, whole, options, EPOCH).value
    return {job.backend: job for job in plan.editions[0].jobs}


@cache
def _made(folder: Path, deck: str, product: str) -> Made:
    job = _planned(folder, *deck.split())[product]
    result = made(backend(product), job.request)
    assert result.diagnostics == ()
    assert result.value is not None
    file = folder / job.file
    file.write_bytes(result.value)
    return Made(file, job)


@pytest.fixture(params=DECKS)
def guide(request: pytest.FixtureRequest, folder: Path) -> Made:
    return _made(folder, request.param, "guide")


@pytest.fixture(params=DECKS)
def poster(request: pytest.FixtureRequest, folder: Path) -> Made:
    return _made(folder, request.param, "poster")


@pytest.fixture(params=[f"{deck} {product}" for deck in DECKS for product in ("guide", "poster")])
def any_made(request: pytest.FixtureRequest, folder: Path) -> Made:
    deck, _, product = request.param.rpartition(" ")
    return _made(folder, deck, product)


def _run(*arguments: object) -> str:
    run = subprocess.run([str(argument) for argument in arguments], capture_output=True, check=True)
    assert run.stderr == b""
    return run.stdout.decode("utf-8")


# Both ---------------------------------------------------------------------------------


def test_it_is_tagged_pdf_ua_with_language_and_title(any_made: Made) -> None:
    assert "No syntax or stream encoding errors found" in _run("qpdf", "--check", any_made.file)
    with pikepdf.open(any_made.file) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == any_made.tag
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.StructTreeRoot.K
        with document.open_metadata() as metadata:
            assert metadata["dc:title"].startswith(any_made.title)
            assert metadata["pdfuaid:part"] == "1"


def test_headings_are_in_order_and_only_our_fonts_are_used(any_made: Made) -> None:
    structure = _run("pdfinfo", "-struct-text", any_made.file)
    levels = [int(level) for level in re.findall(r"^\s*H([1-6])\b", structure, re.MULTILINE)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    fonts = _run("pdffonts", any_made.file).splitlines()[2:]
    assert fonts
    assert all(re.match(r"[A-Z]{6}\+(deckgen|Fira|IBM)", line) for line in fonts), fonts


# The guide ----------------------------------------------------------------------------


def test_a_guide_is_a_few_pages_of_a4_and_nothing_leaves_them(guide: Made) -> None:
    with pdfplumber.open(guide.file) as document:
        assert 2 <= len(document.pages) <= 7
        for page in document.pages:
            assert (round(page.width), round(page.height)) == POINTS["a4"]
            for word in page.extract_words():
                assert word["x0"] >= 40 and word["x1"] <= page.width - 40, word["text"]
                assert word["top"] >= 20 and word["bottom"] <= page.height - 20, word["text"]


def test_no_id_is_broken(guide: Made) -> None:
    text = _run("pdftotext", "-enc", "UTF-8", guide.file, "-")
    ids = re.findall(r'class="id" dir="ltr">([^<]+)', Guide(guide.job.request).page().value)
    assert ids
    assert [each for each in ids if each not in text] == []


def test_the_imprint_is_not_alone_on_its_page(guide: Made) -> None:
    with pdfplumber.open(guide.file) as document:
        assert not has_one_part_alone(document.pages[-1])


def test_the_timetable_stands_on_the_first_page(guide: Made) -> None:
    first = _run("pdftotext", "-l", "1", "-enc", "UTF-8", guide.file, "-")
    assert re.search("0–10|10–0", first)
    assert re.search("80–90|90–80", first)


# The poster ---------------------------------------------------------------------------


def _wall(poster: Made) -> Wall:
    wall = Poster(poster.job.request).wall()
    assert wall is not None
    return wall


def _boxes(wall: Wall) -> list[Box]:
    rows = [box for row in wall.rows for box in (row.mark, row.title, *row.labels, *row.texts)]
    return [wall.title, *([wall.subtitle] if wall.subtitle else []), *rows, wall.foot]


def test_a_poster_is_one_sheet_of_a3_with_the_most_that_a_section_has(poster: Made) -> None:
    with pdfplumber.open(poster.file) as document:
        (page,) = document.pages
        assert (round(page.width), round(page.height)) == POINTS["a3"]
    wall = _wall(poster)
    assert wall.whole
    assert len(wall.rows) == len(poster.job.request.deck.essay.sections)
    assert all(row.title.size >= 24 and row.texts for row in wall.rows)


def test_every_letter_of_a_poster_lies_in_the_box_of_its_text(poster: Made) -> None:
    """Counted box by box: a line too many would stand in the box below, or in none."""
    boxes = _boxes(_wall(poster))
    rtl = poster.job.request.language.direction == "rtl"
    counts = [0] * len(boxes)
    with pdfplumber.open(poster.file) as document:
        (page,) = document.pages
        for char in page.chars:
            middle = (char["top"] + char["bottom"]) / 2 * MM
            left, right = char["x0"] * MM, char["x1"] * MM
            if rtl:
                left, right = page.width * MM - right, page.width * MM - left
            inside = [
                number
                for number, box in enumerate(boxes)
                if box.top <= middle <= box.top + box.height
                and box.start - 0.3 <= left
                and right <= box.start + box.width + 0.3
            ]
            assert len(inside) == 1 or not char["text"].strip(), (char["text"], middle, left)
            for number in inside if char["text"].strip() else ():
                counts[number] += len(char["text"])
    if not rtl:  # there a glyph can stand for several letters, or a letter for two glyphs
        for box, count in zip(boxes, counts, strict=True):
            assert count == len(re.sub(r"[\s\u200b\u2060]", "", box.text)), box.text
    assert all(counts)


def test_an_arrow_leads_from_the_number_of_each_step_to_the_next(poster: Made) -> None:
    """Also from right to left, where it is drawn on the other side."""
    with pdfplumber.open(poster.file) as document:
        (page,) = document.pages
        marks = sorted(page.rects, key=lambda rect: float(rect["top"]))
        lines, heads = (sorted(each, key=lambda one: float(one["top"])) for each in (page.lines, page.curves))
    rows = _wall(poster).rows
    assert [len(marks), len(lines), len(heads)] == [len(rows), len(rows) - 1, len(rows) - 1]
    for (above, below), line, head in zip(pairwise(marks), lines, heads, strict=True):
        middle = (above["x0"] + above["x1"]) / 2
        assert line["x0"] == pytest.approx(middle, abs=0.05)
        assert line["x1"] == pytest.approx(middle, abs=0.05)
        assert (head["x0"] + head["x1"]) / 2 == pytest.approx(middle, abs=0.05)
        assert above["bottom"] < line["top"] < head["top"] < line["bottom"] < head["bottom"] < below["top"]
