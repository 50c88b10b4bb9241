"""Languages by their BCP 47 tags: names, script, direction, plurals, dates, marks, order of the alphabet.

The raw tag is kept: ``de-simple`` (Leichte Sprache) is a language like any other here. Babel
gives what it knows of the nearest language it has; direction comes from the script. Babel is
imported when first asked, so that ``check`` does not pay for it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from deckgen.model import Language

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*\Z")
_OWN = {"de-simple": "Leichte Sprache"}
_RTL_SCRIPTS = frozenset(
    """
    Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat
    Nkoo Orkh Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sogd Sogo Syrc Thaa Yezi
    """.split()  # noqa: SIM905 - a list of words reads better as words
)

# What the answers of a quiz are lettered with in schoolbooks: the alphabet's first letters, in Arabic, Hebrew
# and Persian the first of the old (abjad) order; in Cyrillic those that its languages have in common.
_LETTERS = {
    "Arab": "أبجدهوزحط",
    "Cyrl": "АБВГДЕЖЗИ",
    "Grek": "ΑΒΓΔΕΖΗΘΙ",
    "Hebr": "אבגדהוזחט",
    "Jpan": "アイウエオカキクケ",
    "Kore": "가나다라마바사아자",
}

# What stands between the members of a list without «and», and between lists; others have ", " and "; ".
_SEPARATORS = {"Arab": ("، ", "؛ "), **dict.fromkeys(("Jpan", "Hans", "Hant", "Hani"), ("、", "；"))}


def is_tag(tag: str) -> bool:
    """Whether ``tag`` has the form of a BCP 47 language tag (RFC 5646, without its oddities)."""
    return bool(_TAG.match(tag))


def customary(tag: str) -> str:
    """Return a tag in the letters that are customary: ``pt-BR`` for ``PT-br`` (RFC 5646, 2.1.1)."""
    first, *rest = tag.split("-")
    parts = [first.lower()]
    for part in rest:
        plain = any(
            len(before) == 1 for before in parts
        )  # what follows a single letter has no case of its own
        form = str.lower if plain else {2: str.upper, 4: str.title}.get(len(part), str.lower)
        parts.append(form(part))
    return "-".join(parts)


@cache
def _locale(tag: str) -> Any:
    """Babel's locale for the longest part of the tag that it knows, or English."""
    from babel import Locale, UnknownLocaleError

    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:length]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")


@cache
def language(tag: str) -> Language:
    """Return what is known of the language ``tag``; a tag that is unknown is its own name."""
    locale = _locale(tag)
    known = locale.language == tag.split("-")[0].lower()
    name = _OWN.get(tag) or (locale.get_display_name(locale) if known else None) or tag
    return Language(
        tag=tag,
        base=str(locale).replace("_", "-") if known else tag,
        name=name[:1].upper() + name[1:],
        direction=direction(tag),
    )


def script(tag: str) -> str:
    """Return the script of a language by its BCP 47 tag (ISO 15924: ``Latn``); Latin if unknown."""
    first, *rest = tag.split("-")
    named = next((part.title() for part in rest if re.fullmatch("[A-Za-z]{4}", part)), "")
    if named:
        return named
    from babel.core import get_global

    likely = str(get_global("likely_subtags").get(first.lower(), ""))
    return next((part for part in likely.split("_")[1:] if len(part) == 4), "Latn")


def voice(tag: str) -> str:
    """Return a language and its likeliest country, as Anki's speech wants it: ``de_DE``; empty if unknown."""
    from babel.core import get_global

    first, *rest = tag.split("-")
    country = next((part.upper() for part in rest if re.fullmatch("[A-Za-z]{2}", part)), "")
    if not country:
        written = next((part.title() for part in rest if re.fullmatch("[A-Za-z]{4}", part)), "")
        likely = get_global("likely_subtags")
        found = likely.get(f"{first.lower()}_{written}") or likely.get(first.lower()) or ""
        country = next((part for part in str(found).split("_")[1:] if len(part) == 2), "")
    return f"{first.lower()}_{country}" if country else ""


def script_name(code: str) -> str:
    """Return the English name of a script by its ISO 15924 code: «Hebrew»; the code if it is unknown."""
    from babel import Locale

    return str(Locale.parse("en").scripts.get(code, code))


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Return the direction in which a language's script is written."""
    return "rtl" if script(tag) in _RTL_SCRIPTS else "ltr"


def plural_forms(tag: str) -> str:
    """Return gettext's ``Plural-Forms`` of a language: its customary ones, else those of the CLDR.

    The CLDR has forms for millions and for fractions as well, which gettext's tools do not expect; but
    custom gives one form to some languages that have two.
    """
    from babel.messages.plurals import get_plural
    from babel.plural import to_gettext

    customary = get_plural(_locale(tag))
    if customary.num_plurals > 1:
        return str(customary)
    return str(to_gettext(_locale(tag).plural_form))


def date(tag: str, day: datetime.date) -> str:
    """Return a date as the language writes it: «22. November 2026»."""
    from babel.dates import format_date

    return str(format_date(day, "long", locale=_locale(tag)))


def listing(tag: str, names: tuple[str, ...]) -> str:
    """Return names as a list in the language: «A, B und C»."""
    from babel.lists import format_list

    return str(format_list(list(names), locale=_locale(tag))) if names else ""


def italics(tag: str) -> bool:
    """Whether the language's script has italics; where it has none, emphasis is set in another way."""
    return script(tag) in ("Latn", "Cyrl", "Grek", "Armn", "Geor")


def separators(tag: str) -> tuple[str, str]:
    """Return what stands between the members of a list of numbers, and between such lists: ", " and "; "."""
    return _SEPARATORS.get(script(tag), (", ", "; "))


def letters(tag: str, count: int = 5) -> tuple[str, ...]:
    """Return the first letters, nine at most, that a quiz has for its answers in the language's script."""
    known = tuple(_LETTERS.get(script(tag), "ABCDEFGHI"))
    if tag.split("-")[0].lower() == "fa":
        known = ("الف", *known[1:])
    return known[:count]


# Arabic dictionaries pass over an article at the beginning, and take all forms of alef for one letter. What
# begins with the same letters and is no article are nouns of the eighth form whose root begins with lām.
_ARTICLE = re.compile(r"ال(?!ت(?:باس|حاق|حام|زام|فات|فاف|قاء|قاط|ماس|هاب|واء)|له\b)(?=\w\w)")
_ALEFS = str.maketrans("أإآٱ", "اااا")


@cache
def collation(tag: str) -> Callable[[str], Any]:
    """Return the sort key of the language's alphabet; in Arabic, that of its dictionaries."""
    key = _collator(tag)
    if tag.split("-")[0].lower() != "ar":
        return key

    def indexed(text: str) -> Any:
        article = _ARTICLE.match(text)
        return key(text[article.end() if article else 0 :].translate(_ALEFS)), key(text)

    return indexed


def _collator(tag: str) -> Callable[[str], Any]:
    """Return the sort key of the language's letters.

    ICU knows every language's own order; where PyICU is not installed, the Unicode Collation
    Algorithm's default table does, which is right for German (DIN 5007-1) and most others.
    """
    try:
        from icu import Collator
        from icu import Locale as IcuLocale
    except ImportError:
        from pyuca import Collator as Uca

        key: Callable[[str], Any] = Uca().sort_key
        return key
    return Collator.createInstance(IcuLocale(tag)).getSortKey  # type: ignore[no-any-return]
