"""The handout held against the real programs: qpdf, poppler, pikepdf and pdfplumber."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from deckgen import essay, pipeline
from deckgen.markup import plain_text
from deckgen.model import Deck, Item, Text
from tests.conftest import EPOCH, HERE
from tests.pages import has_one_part_alone

CARDS = HERE.parent / "cards"


# Arabic, whose lines poppler reads its own way, has a module of its own.
DECKS = [
    "garden en",
    "smart-city de",
    "smart-city tr",
    "smart-city uk",
    *(pytest.param(f"smart-city {tag}", marks=pytest.mark.slow) for tag in ("de-simple", "en", "es", "fr")),
]


@pytest.fixture(scope="module", params=DECKS)
def handout(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Deck]:
    """A deck's handout in a language, built once, and the deck."""
    name, tag = request.param.split()
    folder = tmp_path_factory.mktemp("handout")
    source = HERE / "decks" / "garden" if name == "garden" else CARDS / "smart-city"
    shutil.copytree(source, folder / "cards" / name)
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load_all(workspace, [folder / "cards" / name])
    assert loaded[0].deck is not None
    tag = loaded[0].deck.language if name == "garden" else tag
    options = pipeline.Options(folder / "output", languages=(tag,), products=("handout",))
    outcome = pipeline.build(workspace, loaded, options, EPOCH, lambda _file, _stage: None)
    assert [one.text() for one in outcome.diagnostics if one.level == "error" or one.code.id == "D505"] == []
    deck = pipeline.localize(pipeline.translated(workspace, loaded[0], EPOCH), tag, options).value
    assert deck is not None
    return outcome.written[0].path, deck


def _run(*arguments: object) -> str:
    run = subprocess.run([str(argument) for argument in arguments], capture_output=True, check=True)
    assert run.stderr == b""
    return run.stdout.decode("utf-8")


def test_qpdf_finds_nothing_wrong(handout: tuple[Path, Deck]) -> None:
    assert "No syntax or stream encoding errors found" in _run("qpdf", "--check", handout[0])


def test_it_is_tagged_pdf_ua_with_language_and_title(handout: tuple[Path, Deck]) -> None:
    file, deck = handout
    with pikepdf.open(file) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == deck.language
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.StructTreeRoot.K
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == deck.title
            assert metadata["pdfuaid:part"] == "1"
        with document.open_outline() as outline:
            assert len(outline.root) >= 1
            titles = [str(item.title) for root in outline.root for item in (root, *root.children)]
    for section in deck.essay.sections:
        assert section.title in titles


def test_only_our_fonts_and_all_of_them_embedded(handout: tuple[Path, Deck]) -> None:
    lines = _run("pdffonts", handout[0]).splitlines()[2:]
    assert lines
    for line in lines:
        assert re.match(r"[A-Z]{6}\+deckgen-(Sans|Condensed)|[A-Z]{6}\+Fira-?Sans", line), line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line


def test_every_item_is_there_in_the_order_of_the_text(handout: tuple[Path, Deck]) -> None:
    """Text is compared without spaces, hyphens and quotation marks: lines are broken and hyphenated.

    What poppler reads apart, because a gap stands before it, it reads together line by line.
    """
    file, deck = handout
    text = _words(_run("pdftotext", "-enc", "UTF-8", file, "-"))
    lines = _words(_run("pdftotext", "-layout", "-enc", "UTF-8", file, "-"))
    for item in deck.items:
        for path, field in item.texts():
            for piece in _pieces(field.value, path):
                assert piece in text or piece in lines, f"{item.id}.{path}"
    place = {section.id: number for number, section in enumerate(deck.essay.sections)}
    questions = [
        _words(_field(item, "question"))
        for item in sorted(deck.items, key=lambda item: place[item.section])
        if item.kind == "question"
    ]
    found = [text.index(question) for question in questions]
    assert found == sorted(found)


def _field(item: Item, name: str) -> str:
    text = item.fields[name]
    assert isinstance(text, Text)
    return plain_text(text.value)


def _words(text: str) -> str:
    return essay.normalise(text.replace("\f", "\n")).text.replace("\u200b", "").replace("\u2060", "")


def _pieces(value: str, path: str) -> Iterator[str]:
    """The stretches of a text that stand together on paper: between gaps, list entries and formulas."""
    if path in ("when", "hint"):  # a hint has no use beside the answer
        return
    parts = re.split(
        r"\$[^$]*\$|\n\s*\n|\n\s*[-*] |\{\{c[0-9,]+::|\}\}|::|!\[[^\]]*\]\([^)]*\)", f"\n{value}"
    )
    for part in parts:
        words = _words(plain_text(re.sub(r"^\s*[-*] ", "", part)))
        if len(words) > 3:
            yield words


def test_the_structure_reads_question_before_answer_and_skips_no_heading(handout: tuple[Path, Deck]) -> None:
    file, deck = handout
    structure = _run("pdfinfo", "-struct-text", file)
    levels = [int(level) for level in re.findall(r"^\s*H([1-6])\b", structure, re.MULTILINE)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert re.search(r"^\s*TH\b", structure, re.MULTILINE)
    flat = _words(" ".join(re.findall(r'"(.*)"', structure)))
    for item in deck.items:
        if item.kind == "question":
            question, answer = (_field(item, name) for name in ("question", "answer"))
            start = flat.index(_words(question))
            assert 0 <= flat.find(_words(answer)[:10], start) < start + len(_words(question)) + 400, item.id


def test_every_picture_has_its_description(handout: tuple[Path, Deck]) -> None:
    with pikepdf.open(handout[0]) as document:
        figures = [
            node for node in _nodes(document.Root.StructTreeRoot) if str(node.get("/S", "")) == "/Figure"
        ]
        assert all(str(node.Alt).strip() for node in figures)
        if handout[1].id == "garden":
            assert [str(node.Alt) for node in figures] == ["A gate with nettles"]


def _nodes(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, pikepdf.Array):
            stack.extend(list(one))
        elif isinstance(one, pikepdf.Dictionary):
            yield one
            if "/K" in one:
                stack.append(one.K)


def test_nothing_leaves_the_page_and_pages_are_a4(handout: tuple[Path, Deck]) -> None:
    with pdfplumber.open(handout[0]) as document:
        for page in document.pages:
            assert (round(page.width), round(page.height)) == (595, 842)
            for word in page.extract_words():
                assert word["x0"] >= 40 and word["x1"] <= page.width - 40, word["text"]
                assert word["top"] >= 20 and word["bottom"] <= page.height - 20, word["text"]


def test_no_heading_stands_alone_at_the_foot_of_a_page(handout: tuple[Path, Deck]) -> None:
    with pdfplumber.open(handout[0]) as document:
        for page in document.pages:
            lines = page.extract_text_lines(return_chars=True)
            body = [line for line in lines if line["bottom"] < page.height - 60]
            assert body
            assert max(char["size"] for char in body[-1]["chars"]) < 13


def test_neither_the_imprint_nor_the_last_row_of_the_table_is_alone_on_a_page(
    handout: tuple[Path, Deck],
) -> None:
    with pdfplumber.open(handout[0]) as document:
        assert not has_one_part_alone(document.pages[-1])
        rules = [
            Counter(round(line["top"]) for line in page.lines if line["width"] > 60)  # not those of drawings
            for page in document.pages
        ]
    rows = [count for page in rules if (count := sum(cells == 4 for cells in page.values()))]
    assert len(rows) == 1 or min(rows) > 2, "a head and two rows at least"


def test_licence_version_and_date_are_told(handout: tuple[Path, Deck]) -> None:
    file, deck = handout
    text = _run("pdftotext", "-enc", "UTF-8", file, "-")
    assert deck.licence.name in text
    assert f" {deck.version}." in text.replace("\u00a0", " ")
    for author in deck.essay.authors:
        assert author in text.replace("\n", " ").replace("\u00a0", " ")
