"""Which fonts a language gets, and which characters they lack."""

from __future__ import annotations

import pytest

from deckgen import fonts
from deckgen.diagnostics import Span
from deckgen.languages import language

DE = language("de")


def test_all_faces_of_a_language_are_static_files_that_exist() -> None:
    faces = fonts.faces(DE)
    assert {(face.weight, face.style) for face in faces} == {
        (400, "normal"),
        (400, "italic"),
        (600, "normal"),
        (600, "italic"),
    }
    assert {face.family for face in faces} == {fonts.SANS, fonts.CONDENSED}
    assert all(face.file.is_file() for face in faces)


def test_the_stylesheet_names_each_face_under_our_own_family() -> None:
    sheet = fonts.stylesheet(DE)
    assert sheet.count("@font-face") == len(fonts.faces(DE))
    assert sheet.count("file://") == len(fonts.faces(DE))
    assert "Fira Sans" not in sheet


@pytest.mark.parametrize(
    "text",
    ["Straße «Ähre» – CO₂ ½ €", "Україна", "Αθήνα", "ﬁ", "a\u0308", "x\u200by\u2060z\u00a0\u2066a\u2069"],
)
def test_latin_cyrillic_and_greek_are_covered(text: str) -> None:
    assert fonts.missing(text, DE) == ()


def test_each_missing_character_is_told_once_with_its_name_and_place() -> None:
    span = Span("items/10-a.yaml", 3, 5, 3, 9)
    found = fonts.check([("字 und 字 und ☃", span)], DE)
    assert [one.args["character"] for one in found] == ["U+2603 SNOWMAN", "U+5B57 CJK UNIFIED IDEOGRAPH-5B57"]
    assert {one.span for one in found} == {span}


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("30 Jahre alt", "30\u00a0Jahre alt"),
        ("J. Doe", "J.\u00a0Doe"),
        ("im Jahr 2020 geplant", "im Jahr 2020 geplant"),
        ("gut – sehr gut", "gut\u00a0– sehr gut"),
        ("70.000 Menschen", "70.000\u00a0Menschen"),
    ],
)
def test_what_belongs_together_is_held_together(written: str, printed: str) -> None:
    assert fonts.printable(written) == printed
