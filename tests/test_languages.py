"""Languages by their tags: names, direction, dates, lists, alphabetical order."""

from __future__ import annotations

import datetime
import gettext
import re
import subprocess
import sys

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.languages import (
    collation,
    customary,
    date,
    direction,
    is_tag,
    italics,
    language,
    letters,
    listing,
    plural_forms,
    script,
    script_name,
    separators,
    voice,
)
from deckgen.model import Language


@pytest.mark.parametrize(
    "tag", ["de", "ckb", "zh-Hant", "de-CH-1996", "de-simple", "sr-Latn-RS", "DE", "qqq"]
)
def test_what_has_the_form_of_a_tag(tag: str) -> None:
    assert is_tag(tag)


@pytest.mark.parametrize(
    "tag", ["", "d", "de_DE", "de-", "-de", "de--CH", "deutsch", "de de", "de-simple2026x", "дe", "de\n"]
)
def test_what_has_not(tag: str) -> None:
    assert not is_tag(tag)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("FR", "fr"),
        ("pt-br", "pt-BR"),
        ("KU-ARAB", "ku-Arab"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("De-Simple", "de-simple"),
        ("DE-ch-1996", "de-CH-1996"),
        ("es-419", "es-419"),
        ("fr-fr-U-CO-Phonebk", "fr-FR-u-co-phonebk"),
    ],
)
def test_a_tag_in_customary_letters(tag: str, expected: str) -> None:
    assert customary(tag) == expected
    assert customary(expected) == expected


@pytest.mark.parametrize(
    ("tag", "base", "name", "way"),
    [
        ("de", "de", "Deutsch", "ltr"),
        ("en", "en", "English", "ltr"),
        ("fr", "fr", "Français", "ltr"),
        ("ar", "ar", "العربية", "rtl"),
        ("fa", "fa", "فارسی", "rtl"),
        ("he", "he", "עברית", "rtl"),
        ("de-AT", "de-AT", "Deutsch (Österreich)", "ltr"),
        ("ar-Latn", "ar", "العربية", "ltr"),
        ("dv", "dv", "ދިވެހިބަސް", "rtl"),
    ],
)
def test_a_known_language(tag: str, base: str, name: str, way: str) -> None:
    assert (language(tag).tag, language(tag).base, language(tag).name, language(tag).direction) == (
        tag,
        base,
        name,
        way,
    )


def test_easy_language_is_a_language_like_any_other() -> None:
    assert language("de-simple") == Language("de-simple", "de", "Leichte Sprache", "ltr")


def test_a_language_that_nobody_knows_is_its_own_name() -> None:
    assert language("qqq-x") == Language("qqq-x", "qqq-x", "Qqq-x", "ltr")


@pytest.mark.parametrize(
    ("tag", "count", "same"),
    [
        ("fr", 2, (0, 1)),  # customary: the CLDR has a third form, for millions
        ("tr", 2, (0, 2, 5)),  # custom has one form only
        ("uk", 3, (1, 21, 31)),
        ("ar", 6, (3, 10, 103)),
        ("de-simple", 2, (0, 2)),
        ("ja", 1, (0, 1, 2)),
        ("qqq", 2, (0, 2)),
    ],
)
def test_plural_forms(tag: str, count: int, same: tuple[int, ...]) -> None:
    text = plural_forms(tag)
    form = gettext.c2py(text.partition("plural=")[2].rstrip(";"))  # type: ignore[attr-defined]
    assert text.startswith(f"nplurals={count}; plural=")
    assert len({form(number) for number in range(200)}) == count
    assert len({form(number) for number in same}) == 1


def test_every_locale_has_plural_forms_that_gettext_can_read() -> None:
    for tag in {identifier.split("_")[0] for identifier in locale_identifiers()}:
        count, rule = re.fullmatch(r"nplurals=(\d+); plural=(.*);", plural_forms(tag)).groups()  # type: ignore[union-attr]
        form = gettext.c2py(rule)  # type: ignore[attr-defined]
        assert {form(number) for number in range(200)} <= set(range(int(count))), tag


def test_a_known_language_is_not_a_part_of_an_unknown_one() -> None:
    assert language("den").name != language("de").name


def test_the_direction_is_that_of_the_script_in_every_locale() -> None:
    """Babel has a direction for each of its locales; Mongolian from top to bottom is not made here."""
    seen = 0
    for identifier in locale_identifiers():
        expected = Locale.parse(identifier).text_direction
        if expected in ("ltr", "rtl"):
            seen += 1
            assert direction(identifier.replace("_", "-")) == expected, identifier
    assert seen > 500


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", "Latn"),
        ("ru", "Cyrl"),
        ("ar", "Arab"),
        ("zh-hant", "Hant"),
        ("sr-Latn", "Latn"),
        ("qqq", "Latn"),
    ],
)
def test_the_script_of_a_language(tag: str, expected: str) -> None:
    assert script(tag) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", "de_DE"),
        ("de-simple", "de_DE"),
        ("en", "en_US"),
        ("en-GB", "en_GB"),
        ("pt-br", "pt_BR"),
        ("ar", "ar_EG"),
        ("uk", "uk_UA"),
        ("tr", "tr_TR"),
        ("zh-Hant", "zh_TW"),
        ("sr-Latn", "sr_RS"),
        ("qqq", ""),
    ],
)
def test_a_voice_has_a_language_and_a_country(tag: str, expected: str) -> None:
    assert voice(tag) == expected


@settings(deadline=None, max_examples=300)
@given(st.from_regex(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}", fullmatch=True))
def test_anything_has_a_voice_or_none(tag: str) -> None:
    assert re.fullmatch("[a-z]{2,3}_[A-Z]{2}|", voice(tag))


@settings(deadline=None, max_examples=300)
@given(st.from_regex(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}", fullmatch=True))
def test_any_tag_is_a_language(tag: str) -> None:
    known = language(tag)
    assert known.tag == tag
    assert known.name
    assert known.direction in ("ltr", "rtl")
    assert date(tag, datetime.date(2026, 11, 22))
    assert "B" in listing(tag, ("A", "B"))
    assert len(set(letters(tag))) == 5
    assert len(set(letters(tag, 9))) == 9


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", "5. November 2026"),
        ("de-simple", "5. November 2026"),
        ("en", "November 5, 2026"),
        ("en-GB", "5 November 2026"),
        ("qqq", "November 5, 2026"),
    ],
)
def test_a_date(tag: str, expected: str) -> None:
    assert date(tag, datetime.date(2026, 11, 5)) == expected


@pytest.mark.parametrize(
    ("tag", "names", "expected"),
    [
        ("de", (), ""),
        ("de", ("A",), "A"),
        ("de", ("A", "B"), "A und B"),
        ("de", ("A", "B", "C"), "A, B und C"),
        ("en", ("A", "B", "C"), "A, B, and C"),
    ],
)
def test_a_list_of_names(tag: str, names: tuple[str, ...], expected: str) -> None:
    assert listing(tag, names) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", "A B C D E"),
        ("vi", "A B C D E"),
        ("uk", "А Б В Г Д"),
        ("el", "Α Β Γ Δ Ε"),
        ("ar", "أ ب ج د ه"),
        ("fa", "الف ب ج د ه"),
        ("he", "א ב ג ד ה"),
        ("ko", "가 나 다 라 마"),
        ("zh-Hant", "A B C D E"),
        ("sr-Latn", "A B C D E"),
    ],
)
def test_the_letters_of_a_quiz(tag: str, expected: str) -> None:
    assert " ".join(letters(tag)) == expected
    assert letters(tag, 9)[:5] == letters(tag)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("de", (", ", "; ")), ("he", (", ", "; ")), ("fa", ("، ", "؛ ")), ("ja", ("、", "；"))],
)
def test_what_separates_numbers(tag: str, expected: tuple[str, str]) -> None:
    assert separators(tag) == expected


def test_which_scripts_have_italics() -> None:
    assert [tag for tag in ("de", "de-simple", "uk", "el", "ar", "he", "ja", "zh", "ko") if italics(tag)] == [
        *("de", "de-simple", "uk", "el"),
    ]


def test_the_name_of_a_script() -> None:
    assert script_name("Hebr") == "Hebrew"
    assert script_name("Zzzq") == "Zzzq"


def test_german_words_are_in_german_order() -> None:
    words = [
        "Zebra",
        "Übung",
        "Apfel",
        "Straße",
        "Äpfel",
        "apfel",
        "Strasse",
        "Ubung",
        "Ärger",
        "Arbeit",
        "Öl",
    ]
    assert sorted(words, key=collation("de")) == [
        *("apfel", "Apfel", "Äpfel", "Arbeit", "Ärger", "Öl", "Strasse", "Straße", "Ubung", "Übung", "Zebra"),
    ]


def test_arabic_words_are_in_the_order_of_a_dictionary() -> None:
    """Alef is one letter. An article does not count; the same letters of the word for commitment do."""
    words = "أتمتة اجتماع إدارة الأرض أساس آلة التزام البنية تراكم التقنية المدينة"
    order = words.split()
    assert sorted(sorted(order), key=collation("ar")) == order
    assert collation("ar-EG")("الأرض") > collation("ar-EG")("أرض"), "the rest decides between equals"
    assert sorted(["المدينة", "آباد"], key=collation("fa")) == ["آباد", "المدينة"], "Persian has no article"


def test_the_module_is_imported_without_babel() -> None:
    code = "import sys, deckgen.languages; print('babel' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
