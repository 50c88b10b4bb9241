"""Which fonts a language gets, and which characters they lack."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from deckgen import fonts
from deckgen.diagnostics import Span, codes
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
    assert {face.family for face in faces} == {fonts.SANS, fonts.CONDENSED, "deckgen Arabic"}
    assert all(face.file.is_file() for face in faces)


@pytest.mark.parametrize("tag", ["de", "ar", "he", "ja", "ko", "zh-Hant", "und-Cyrl"])
@pytest.mark.usefixtures("every_package")
def test_no_two_files_share_family_weight_and_style(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint 70 takes them for one font, and writes the glyphs of one with the numbers of the other."""
    monkeypatch.setattr(fonts, "files", lambda package: f"/fonts/{package}")
    counted = Counter((face.family, face.weight, face.style) for face in fonts.faces(language(tag)))
    assert set(counted.values()) == {1}
    assert {fonts.SANS, fonts.CONDENSED} <= {family for family, _, _ in counted}


def test_the_cuts_of_a_family_have_the_same_characters() -> None:
    for family in fonts.families(DE):
        maps = []
        for face in fonts.faces(DE):
            if face.family == family.name:
                with TTFont(face.file, lazy=True) as font:
                    maps.append(frozenset(font.getBestCmap()))
        assert len(set(maps)) == 1, family.name


@pytest.fixture
def every_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all extras were installed."""
    monkeypatch.setattr(fonts, "find_spec", lambda name: name)


@pytest.fixture
def no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no extra were installed, whatever this machine has."""
    optional = {name.replace("-", "_") for names in fonts.extras().values() for name in names}
    monkeypatch.setattr(fonts, "find_spec", lambda name: None if name in optional else name)


@pytest.mark.usefixtures("every_package")
def test_the_faces_of_chinese_japanese_and_korean_come_first() -> None:
    for tag in ("zh", "zh-Hant", "ja", "ko"):
        first, *rest = fonts.families(language(tag))
        assert (first.name, first.extra) == (fonts.SANS, "cjk")
        assert [family.name for family in rest] == [fonts.CONDENSED, "deckgen Latin"]


@pytest.mark.parametrize(("tag", "script", "extra"), [("ja", "Japanese", "cjk"), ("he", "Hebrew", "hebrew")])
@pytest.mark.usefixtures("no_extra")
def test_a_script_whose_fonts_are_not_installed_is_one_error_that_names_the_extra(
    tag: str, script: str, extra: str
) -> None:
    (found,) = fonts.absent(language(tag), Span("deck.yaml", 4, 11, 4, 13))
    assert (found.code, found.span.line) == (codes.NO_FONT, 4)
    assert found.args["script"] == script
    assert f'pip install "deckgen[{extra}]"' in found.hint()


def test_a_script_without_fonts_is_an_error_with_another_way() -> None:
    (found,) = fonts.absent(language("am"), Span("deck.yaml"))
    assert found.args["script"] == "Ethiopic"
    assert "-p anki" in found.hint()


@pytest.mark.parametrize("tag", ["de", "uk", "el", "tr", "ar", "fa", "ur", "ckb", "qqq"])
@pytest.mark.usefixtures("no_extra")
def test_scripts_with_fonts_are_no_error(tag: str) -> None:
    assert fonts.absent(language(tag), Span("deck.yaml")) == ()


@pytest.mark.usefixtures("every_package")
def test_no_script_lacks_fonts_with_all_extras() -> None:
    for tag in ("he", "yi", "ja", "zh", "zh-Hant", "ko"):
        assert fonts.absent(language(tag), Span("deck.yaml")) == ()


def test_the_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]["optional-dependencies"]
    assert fonts.extras() == {
        name: frozenset(re.split("[<>=]", line)[0] for line in declared[name])
        for name in declared.keys() & fonts.extras().keys()
    }
    assert set(fonts.extras()) == {"cjk", "hebrew"}


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
    found = fonts.check([("字 und 字 und ☃", "a.answer", span)], DE)
    assert [one.args["character"] for one in found] == ["U+2603 SNOWMAN", "U+5B57 CJK UNIFIED IDEOGRAPH-5B57"]
    assert {one.span for one in found} == {span}
    assert found[0].text() == "no font has the character U+2603 SNOWMAN in a.answer"


@pytest.mark.parametrize(
    "text",
    ["العدالة، لا غير؟", "پچژگ ی ک ۱۲۳", "ٹڈڑ ے ہ", "ۆێڵڕە", "مُدَرِّسَة", "İğışŞ", "Ґґ Єє Її", "٪ ٫ « » … –"],
)
def test_arabic_script_is_covered_in_every_language(text: str) -> None:
    assert fonts.missing(text, language("ar")) == ()
    assert fonts.missing(text, DE) == ()


def test_a_line_is_held_before_words_of_the_other_direction() -> None:
    page = '<p>a <bdi dir="rtl">x</bdi>\n<bdi dir="rtl">y</bdi> <b>z</b></p>'
    held = fonts.held_before_isolates(page)
    assert held == '<p>a \u200b<bdi dir="rtl">x</bdi> \u200b<bdi dir="rtl">y</bdi> <b>z</b></p>'


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


def test_widths_are_those_of_the_family_and_of_the_next_one_for_what_it_lacks() -> None:
    sans, semibold, condensed = (
        fonts.advances(DE, family, weight)
        for family, weight in ((fonts.SANS, 400), (fonts.SANS, 600), (fonts.CONDENSED, 400))
    )
    assert sans["i"] < sans["n"] < sans["m"] < 1
    assert condensed["n"] < sans["n"] != semibold["n"]
    assert sans["ب"] == condensed["ب"], "another family has it"
    assert sans["\u200b"] == 0
    assert "字" not in sans


def test_arabic_letters_are_narrower_in_words_than_alone() -> None:
    from fontTools.ttLib import TTFont

    face = next(face for face in fonts.faces(DE) if "Arabic" in face.family)
    with TTFont(face.file) as font:
        alone = font["hmtx"].metrics[font.getBestCmap()[ord("ب")]][0] / font["head"].unitsPerEm
    assert 0.5 < fonts.advances(DE, fonts.SANS, 400)["ب"] / alone < 0.9
