"""The worksheet and its key in the real programs: qpdf, poppler, pikepdf and pdfplumber."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pdfplumber
import pikepdf
import pytest

from deckgen import pipeline
from deckgen.backends import Request
from deckgen.backends.paper.quiz import PARTS, Quiz
from deckgen.languages import direction, language
from deckgen.markup import plain_text
from deckgen.model import Deck, PaperSize, Print, Text
from deckgen.words import load_words
from tests.conftest import EPOCH, HERE
from tests.pages import has_one_part_alone

CARDS = HERE.parent / "cards"


class Built(NamedTuple):
    """A worksheet, its key, and what they were made of."""

    sheet: Path
    key: Path
    deck: Deck
    quiz: Quiz
    size: PaperSize


@pytest.fixture(
    scope="module",
    params=[
        "garden en a4 normal",
        "smart-city de a4 normal",
        "smart-city ar a4 normal",
        "smart-city de letter large",
        pytest.param("smart-city ar a4 large", marks=pytest.mark.slow),
        pytest.param("smart-city uk a5 normal", marks=pytest.mark.slow),
    ],
)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A deck's worksheet in a language, on a paper and in a print."""
    name, tag, paper, printed = request.param.split()
    folder = tmp_path_factory.mktemp("quiz")
    source = HERE / "decks" / "garden" if name == "garden" else CARDS / "smart-city"
    shutil.copytree(source, folder / "cards" / name)
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load_all(workspace, [folder / "cards" / name])
    size = PaperSize(paper)
    options = pipeline.Options(
        folder / "output", languages=(tag,), products=("quiz",), paper=size, print=Print(printed)
    )
    outcome = pipeline.build(workspace, loaded, options, EPOCH, lambda _file, _stage: None)
    assert [one.text() for one in outcome.diagnostics if one.code.id not in ("D510", "D512", "D521")] == []
    deck = pipeline.localize(pipeline.translated(workspace, loaded[0], EPOCH), tag, options).value
    deck = loaded[0].deck if name == "garden" else deck
    assert deck is not None
    words = load_words(tag, workspace.path).value
    made = Request(deck, language(tag), workspace.kinds, words, workspace.path, {})
    large = ".large" if printed == "large" else ""
    assert [written.path.name for written in outcome.written] == [
        f"{name}.{tag}.quiz{large}.pdf",
        f"{name}.{tag}.quiz-key{large}.pdf",
    ]
    sheet, key = (written.path for written in outcome.written)
    return Built(sheet, key, deck, Quiz(made), size)


def run(*arguments: object) -> str:
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


def test_both_are_tagged_with_language_and_title(built: Built) -> None:
    titles = []
    for file in (built.sheet, built.key):
        assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)
        with pikepdf.open(file) as document:
            assert document.Root.MarkInfo.Marked
            assert document.Root.StructTreeRoot.K
            assert str(document.Root.Lang) == built.deck.language
            with document.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                titles.append(str(metadata["dc:title"]))
    assert all(title.startswith(f"{built.deck.title} – ") for title in titles)
    assert len(set(titles)) == 2


def test_only_our_fonts(built: Built) -> None:
    for file in (built.sheet, built.key):
        for line in run("pdffonts", file).splitlines()[2:]:
            assert "+deckgen-" in line or re.match(r"[A-Z]{6}\+(Fira|IBM)", line), line


def test_headings_are_in_order(built: Built) -> None:
    for file in (built.sheet, built.key):
        structure = run("pdfinfo", "-struct-text", file)
        levels = [int(level) for level in re.findall(r"^\s*H([1-6])\b", structure, re.MULTILINE)]
        assert levels[0] == 1
        assert len(levels) > 3
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_gaps_boxes_and_lines_are_read_out(built: Built) -> None:
    structure = run("pdfinfo", "-struct-text", built.sheet)
    pairs = len(built.quiz.part(PARTS[3]))
    assert len(re.findall(r'"\s*____\s*"', structure)) == pairs
    written = re.findall(r'"[^"]*_{20}[^"]*"', structure)
    assert len(written) >= 2 * len(built.quiz.part(PARTS[2])) + len(built.quiz.part(PARTS[1])) + 2
    assert "____" not in run("pdfinfo", "-struct-text", built.key)


def test_the_seed_stands_at_the_foot_of_every_page(built: Built) -> None:
    for file in (built.sheet, built.key):
        for page in run("pdftotext", "-enc", "UTF-8", file, "-").split("\f")[:-1]:
            assert built.quiz.seed in page


def test_nothing_leaves_the_page(built: Built) -> None:
    width, height = (round(side * 72 / 25.4) for side in built.size.mm)
    for file in (built.sheet, built.key):
        with pdfplumber.open(file) as document:
            for page in document.pages:
                assert (round(page.width), round(page.height)) == (width, height)
                for word in page.extract_words():
                    assert word["x0"] >= 33 and word["x1"] <= page.width - 33, word["text"]
                    assert word["top"] >= 18 and word["bottom"] <= page.height - 18, word["text"]


class Number(NamedTuple):
    """A task's number on paper: on which page, and how far from the side where lines begin, in pt."""

    text: str
    page: int
    edge: float


def numbers(file: Path, deck: Deck) -> list[Number]:
    """The numbers of a sheet: figures in the deck's colour, which no others have."""
    accent = tuple(int(deck.accent[place : place + 2], 16) / 255 for place in (1, 3, 5))
    found = []
    with pdfplumber.open(file) as document:
        for place, page in enumerate(document.pages):
            own = page.filter(
                lambda each: (
                    each["object_type"] == "char"
                    and each["text"].isdigit()
                    and each["non_stroking_color"] == pytest.approx(accent, abs=0.01)
                )
            )
            for word in own.extract_words():
                right = direction(deck.language) == "rtl"
                edge = page.width - word["x1"] if right else word["x0"]
                found.append(Number(word["text"], place, float(edge)))
    return found


def test_numbers_stand_in_order_at_the_side_where_lines_begin(built: Built) -> None:
    for file in (built.sheet, built.key):
        found = numbers(file, built.deck)
        assert [number.text for number in found] == [str(entry.number) for entry in built.quiz.entries]
        edges = [number.edge for number in found]
        assert max(edges) - min(edges) < 1
        assert max(edges) < 80


def test_the_imprint_is_not_alone_on_its_page(built: Built) -> None:
    with pdfplumber.open(built.key) as document:
        assert not has_one_part_alone(document.pages[-1])


def test_a_block_of_pairs_stays_on_its_page(built: Built) -> None:
    """In large print, where all of it can be longer than a page, its terms and its definitions do."""
    on = {number.text: number.page for number in numbers(built.sheet, built.deck)}
    text = run("pdftotext", "-enc", "UTF-8", built.sheet, "-")
    pages = [re.sub(r"[\W_]", "", page) for page in text.split("\f")]
    for block in built.quiz.blocks_of_pairs:
        terms = {on[str(pair.entry.number)] for pair in block}
        assert len(terms) == 1
        if direction(built.deck.language) == "rtl":  # poppler reads such lines in its own way
            continue
        definitions = set()
        for pair in block:
            definition = pair.entry.item.fields["definition"]
            assert isinstance(definition, Text)
            words = re.sub(r"[\W_]", "", plain_text(definition.value))
            definitions |= {number for number, page in enumerate(pages) if words in page}
        assert len(definitions) == 1
        if ".large." not in built.sheet.name:
            assert definitions == terms
