"""Which fonts a language gets, and which characters they lack."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import partial
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


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("tag", ["de", "ar", "he", "ja", "ko", "zh-Hant", "und-Cyrl"])
@pytest.mark.usefixtures("every_package")
def test_no_two_files_share_family_weight_and_style(
    tag: str, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint 70 takes them for one font, and writes the glyphs of one with the numbers of the other."""
    monkeypatch.setattr(fonts, "files", lambda package: f"/fonts/{package}")
    counted = Counter(
        (face.family, face.weight, face.style) for face in fonts.faces(language(tag), large=large)
    )
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


# The letters of languages beyond A to Z, by the CLDR's exemplar characters.
LETTERS = {
    "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "it": "àéèìóòù", "pt": "ãáàâçéêíõóôú",
    "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž", "hu": "áéíóöőúüű", "ro": "ăâîșț",
    "hr": "čćđšž", "sl": "čšž", "sq": "çë", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äõöšüž",
    "da": "åæø", "sv": "åäö", "is": "áæðéíóöþúý", "fi": "åäö", "ca": "àçéèíïóòúü", "ga": "áéíóú",
    "mt": "ċġħż", "ku": "çêîşû", "af": "áâäéèêëîïôöúûü", "eu": "ñ", "gl": "áéíñóúü", "lb": "äéë",
    "fo": "áæðíóøúý",
}  # fmt: skip


@pytest.mark.parametrize("tag", LETTERS)
def test_large_print_is_in_atkinson_hyperlegible_where_it_has_all_letters(tag: str) -> None:
    assert fonts.hyperlegible(language(tag))
    sans, condensed, *_ = fonts.faces(language(tag), large=True)[::2]
    assert (sans.file, sans.family, condensed.family) == (condensed.file, fonts.SANS, fonts.CONDENSED)
    with TTFont(sans.file, lazy=True) as font:
        assert set(map(ord, LETTERS[tag] + LETTERS[tag].upper().replace("SS", "") + "«»„“”–…")) <= set(
            font.getBestCmap()
        )


@pytest.mark.parametrize("tag", ["tr", "sk", "cy", "vi", "az", "uk", "el", "ar", "sr", "und", "qqq", "uz"])
def test_large_print_is_in_the_usual_face_where_a_letter_would_be_of_another(tag: str) -> None:
    usual = {face.family: face.file for face in fonts.faces(language(tag))}
    large = {face.family: face.file for face in fonts.faces(language(tag), large=True)}
    assert large[fonts.SANS] == large[fonts.CONDENSED] == usual[fonts.SANS]
    assert large["deckgen Arabic"] == usual["deckgen Arabic"]


@pytest.mark.parametrize("tag", ["de", "tr", "uk", "ar"])
def test_large_print_has_every_character_that_usual_print_has(tag: str) -> None:
    found = []
    for large in (False, True):
        points: set[int] = set()
        for face in fonts.faces(language(tag), large=large):
            with TTFont(face.file, lazy=True) as font:
                points |= set(font.getBestCmap())
        found.append(points)
    assert found[0] <= found[1]


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
    sheet = fonts.stylesheet(fonts.faces(DE))
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
        ("§ 5", "§\u00a05"),
        ("il dit « oui », puis « non »", "il dit «\u00a0oui\u00a0», puis «\u00a0non\u00a0»"),
        ("<p>« Oui ! » et l’« État »</p>", "<p>«\u00a0Oui\u00a0!\u00a0» et l’«\u00a0État\u00a0»</p>"),
        ("<em>‹ oui ›</em> – non", "<em>‹\u00a0oui\u00a0›</em>\u00a0– non"),
        ("Er sagte »Haus« und »Hof« laut.", "Er sagte »Haus« und »Hof« laut."),
        ("›Haus!‹ und ›<em>Hof</em>‹ oder", "›Haus!‹ und ›<em>Hof</em>‹ oder"),
        ("das «Haus» und «Hof» laut", "das «Haus» und «Hof» laut"),
    ],
)
def test_what_belongs_together_is_held_together(written: str, printed: str) -> None:
    assert fonts.printable(written) == printed


def test_a_page_has_hyphens_that_the_fonts_have_and_its_addresses_keep_theirs() -> None:
    page = '<h1 data-short="a\u2010b">a\u2011b</h1><a href="https://a\u2010b/">a\u2010b</a>'
    assert fonts.hyphenated(page) == (
        '<h1 data-short="a-b">a\u2060-\u2060b</h1><a href="https://a\u2010b/">a-b</a>'
    )


@pytest.mark.parametrize("tag", ["de", "uk", "ar", "tr"])
def test_a_text_is_as_wide_as_its_characters_and_semibold_is_wider(tag: str) -> None:
    of = language(tag)
    assert fonts.width("", of) == 0
    assert fonts.width("mm", of) == pytest.approx(2 * fonts.width("m", of))
    assert fonts.width("i", of) < fonts.width("m", of) < 1
    assert fonts.width("Stadt", of) < fonts.width("Stadt", of, 600)


def test_marks_and_invisible_characters_take_no_room_and_unknown_ones_an_em() -> None:
    of = language("de")
    assert fonts.width("a\u0301b\u200b\u2060", of) == fonts.width("ab", of)
    assert fonts.width("\u5b57", of) == 1


def test_a_letter_that_is_joined_to_the_next_is_narrower_than_alone() -> None:
    of = language("ar")
    assert fonts.width("\u0633\u0633", of) < 2 * fonts.width("\u0633", of)
    assert fonts.width("\u062f\u062f", of) == 2 * fonts.width("\u062f", of), (
        "this one joins nothing that follows"
    )
    assert fonts.width("\u0633\u064e\u0633", of) == fonts.width("\u0633\u0633", of)


def test_widths_are_those_of_the_family_and_of_another_one_for_what_it_lacks() -> None:
    sans, semibold, condensed = (
        partial(fonts.width, language=DE, weight=weight, family=family)
        for weight, family in ((400, fonts.SANS), (600, fonts.SANS), (400, fonts.CONDENSED))
    )
    assert sans("i") < sans("n") < sans("m") < 1
    assert condensed("n") < sans("n") != semibold("n")
    assert sans("\u0628") == condensed("\u0628"), "another family has it"


def test_arabic_letters_are_narrower_in_words_than_alone() -> None:
    assert 0.5 < fonts.width("\u0628\u0628", DE) / 2 / fonts.width("\u0628", DE) < 0.9
