"""An Arabic deck in the real programs: what poppler and pdfplumber read on paper, and Anki on a card."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from deckgen import pipeline
from deckgen.markup import plain_text
from deckgen.model import Deck
from deckgen.words import load_words
from tests.conftest import EPOCH, HERE


class Built:
    """A deck in Arabic and its files."""

    def __init__(self, folder: Path, source: Path) -> None:
        shutil.copytree(source, folder / "cards" / source.name)
        workspace = pipeline.open_workspace(folder).value
        loaded = pipeline.load_all(workspace, [folder / "cards" / source.name])
        options = pipeline.Options(folder / "output", languages=("ar",))
        outcome = pipeline.build(workspace, loaded, options, EPOCH, lambda _file, _stage: None)
        # Its ledger may be of a later time than the tests'.
        assert [one.text() for one in outcome.diagnostics if one.code.id not in ("D510", "D521")] == []
        deck = pipeline.localize(pipeline.translated(workspace, loaded[0], EPOCH), "ar", options).value
        assert deck is not None
        self.path = workspace.path
        self.deck: Deck = deck
        self.handout = folder / "output" / f"{source.name}.ar.handout.pdf"
        self.package = folder / "output" / f"{source.name}.ar.apkg"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("arabic"), HERE / "decks" / "arabic")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The deck that comes with deckgen, translated into Arabic."""
    return Built(tmp_path_factory.mktemp("shipped"), HERE.parent / "cards" / "smart-city")


def run(*arguments: object) -> str:
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


VOWELLED = re.compile("[\\w\u064b-\u0652]*[\u064b-\u0652][\\w\u064b-\u0652]+")


def words(text: str) -> list[str]:
    """The words of a text, the letters of each sorted.

    One glyph can stand for two Arabic letters, and poppler turns these round; nothing else may change.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub("[\u202a-\u202e]", " ", plain)  # poppler's own marks between directions
    plain = re.sub("[\u200b-\u200f\u2060-\u2069\u0640\u064b-\u0652]", "", plain)
    return ["".join(sorted(word)) for word in re.findall(r"[^\W_]+", plain)]


@pytest.mark.parametrize("deck", ["built", "shipped"])
def test_every_word_on_paper_can_be_read_out_of_it(deck: str, request: pytest.FixtureRequest) -> None:
    built: Built = request.getfixturevalue(deck)
    found = Counter[str]()
    for line in run("pdftotext", "-enc", "UTF-8", built.handout, "-").splitlines():
        read = words(line)
        found.update(read)  # poppler sees a space in some words, behind a letter with a long tail
        found.update("".join(sorted(first + second)) for first, second in pairwise(read))
        found.update("".join(sorted("".join(three))) for three in zip(read, read[1:], read[2:], strict=False))
    for item in built.deck.items:
        for path, field in item.texts():
            if path in ("when", "hint") or "$" in field.value:
                continue
            text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", field.value)  # a picture's description
            text = re.sub(r"\{\{c\d::|\}\}|::\w+|\[([^\]]*)\]\([^)]*\)", r" \1 ", text)
            missing = Counter(words(plain_text(text))) - found
            missing -= Counter(
                words(" ".join(VOWELLED.findall(text)))
            )  # poppler ends a line behind such a mark
            assert not missing, f"{item.id}.{path}: {missing}"


def test_a_glyph_of_two_letters_is_written_in_their_order(built: Built) -> None:
    with pdfplumber.open(built.handout) as document:
        glyphs = {char["text"] for page in document.pages for char in page.chars}
    assert {"لا", "لأ"} <= glyphs
    assert not {"ال", "أل"} & glyphs


def test_lines_are_in_logical_order(built: Built) -> None:
    text = run("pdftotext", "-enc", "UTF-8", built.handout, "-")
    lines = [words(line) for line in text.splitlines()]
    assert words("المكان الذي لا مالك له خطر") in lines
    assert words("من يرعى مكانا ينبغي أن يقرر في شأنه") == next(
        line[:8] for line in lines if words("يرعى")[0] in line
    )


def test_the_document_is_arabic_and_tagged(built: Built) -> None:
    with pikepdf.open(built.handout) as document:
        assert str(document.Root.Lang) == "ar"
        assert document.Root.MarkInfo.Marked
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", built.handout)


def test_only_our_fonts_and_arabic_is_never_slanted(built: Built) -> None:
    lines = run("pdffonts", built.handout).splitlines()[2:]
    names = [line.split()[0] for line in lines]
    assert all(re.match(r"[A-Z]{6}\+deckgen-(?:Sans|Condensed|Arabic)", name) for name in names), names
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)
    assert {name[7:] for name in names if "Arabic" in name} == {"deckgen-Arabic", "deckgen-Arabic-Semi-Bold"}
    with pdfplumber.open(built.handout) as document:
        for char in (char for page in document.pages for char in page.chars):
            arabic = any("\u0621" <= letter <= "\u064a" for letter in char["text"])
            assert arabic <= ("Arabic" in char["fontname"]), char["text"]
            assert not re.match("[A-Za-zЀ-ӿ]", char["text"]) or "Arabic" not in char["fontname"]


def test_the_page_is_mirrored(built: Built) -> None:
    with pdfplumber.open(built.handout) as document:
        first = document.pages[0]
        middle = first.width / 2
        title = [char for char in first.chars if round(char["size"]) == 25]
        assert max(char["x1"] for char in title) == pytest.approx(first.width - 65.2, abs=2)
        kind = load_words("ar", built.path).value("Question")
        kinds = [word for word in first.extract_words() if sorted(word["text"]) == sorted(kind)]
        assert kinds
        assert all(word["x0"] > middle for word in kinds)  # the margin column is on the right
        foot = [char for char in first.chars if char["top"] > first.height - 70 and char["text"] == "/"]
        assert foot
        assert all(char["x0"] < middle for char in foot)  # the page's number is on the left


def test_a_latin_name_reads_from_left_to_right_on_paper(built: Built) -> None:
    with pdfplumber.open(built.handout) as document:
        rows = [
            "".join(char["text"] for char in sorted(line["chars"], key=lambda char: char["x0"]))
            for page in document.pages
            for line in page.extract_text_lines(return_chars=True)
        ]
    for name in (
        "Hansen&Sons",
        "R&DPark",
        "SidewalkToronto",
        "https://example.org/garden",
        "ifx>0",
        "CCBY-SA4.0",
    ):
        assert any(name in re.sub(r"[\s\u200b\u2060]", "", row) for row in rows), name


def test_the_record_of_a_german_text_reads_from_left_to_right_over_its_lines(shipped: Built) -> None:
    with pdfplumber.open(shipped.handout) as document:
        for page in (document.pages[0], document.pages[-1]):
            read = page.extract_text(x_tolerance=1).replace("\n", " ")
            assert re.search(r"sein\? ?Die digitale", read), read


def test_anki_shows_the_isolated_names_and_the_gap(built: Built, tmp_path: Path) -> None:
    collection = Collection(str(tmp_path / "collection.anki2"))
    options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=False)
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(built.package), options=options))

    def card(item: str, ordinal: int) -> tuple[str, str]:
        query = "select c.id from cards c join notes n on n.id = c.nid where n.flds like ? and c.ord = ?"
        found = collection.get_card(collection.db.scalar(query, f"%\x1f{item}\x1f%", ordinal))
        return found.question(), found.answer()

    front, back = card("nettle-years", 2)
    assert '<bdi dir="ltr">Sidewalk Labs</bdi></span>' in back
    assert '[<bdi dir="ltr">company</bdi>]' in front
    assert 'lang="ar" dir="rtl"' in front
    front, back = card("factory", 0)
    assert '«<bdi dir="ltr">Hansen &amp; Sons</bdi>»؟' in front
    collection.close()
