"""Words of a text as they are compared: without case and accents, by their stems, in every language.

There is no dictionary here and no model: a few endings for the languages that decks are written in, and
for a translation the beginnings of words. Where that is not sure, two words count as the same, because
a false alarm costs more trust than a missed fault.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from deckgen.translate.tags import primary

WORD = re.compile(r"[^\W_]++(?:[-\u2010\u2011'’·\u00ad\u200c][^\W_]++)*+")
_INNER = re.compile(r"[-\u2010\u2011'’·\u00ad\u200c]")
_MARKS = re.compile(r"[\u0300-\u036f\u05b0-\u05c7\u064b-\u065f\u0670\u0640]")
_TURKIC = frozenset({"tr", "az", "crh", "tt", "kk-Latn"})
_DOTS = str.maketrans({"İ": "i", "I": "ı"})
# Endings of words in the languages that decks are written in; in others only whole words are equal.
_ENDINGS = {
    "de": ("ern", "en", "em", "er", "es", "ns", "e", "n", "s"),
    "en": ("'s", "’s", "es", "s"),
    "es": ("es", "s", "a", "o"),
    "fr": ("es", "s", "x", "e"),
    "it": ("i", "e", "a", "o"),
    "nl": ("en", "s", "e"),
    "pt": ("es", "s", "a", "o"),
}
_LEAST = 3  # letters of a stem
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_ARABIC = re.compile(r"[\u0620-\u06ff]")
_ARTICLE = re.compile(r"\b(?:[وف]?[بكل]?ال|[وف]?لل)(?=\w{3})")
_WEAK = re.compile(r"[اويىةهءآ]")


def fold(text: str, tag: str) -> str:
    """Return a text in small letters as its language has them: Turkish İ is i, and I is ı."""
    return (text.translate(_DOTS) if primary(tag) in _TURKIC else text).casefold()


def bare(text: str, tag: str) -> str:
    """Return a text in small letters, without accents, vowel marks, and marks inside words."""
    folded = fold(text, tag)
    if not folded.isascii():
        folded = _MARKS.sub("", unicodedata.normalize("NFKD", folded))
    return _INNER.sub("", folded)


@lru_cache(maxsize=50_000)
def stem(word: str, tag: str) -> str:
    """Return what the forms of a word in the language ``tag`` have in common: Städten, Stadt → stadt."""
    out = bare(word, tag)
    endings = _ENDINGS.get(primary(tag), ())
    for _ in range(2):
        ending = next((each for each in endings if out.endswith(each)), "")
        if not ending or len(out) - len(ending) < _LEAST:
            break
        out = out[: -len(ending)]
    return out


def stands(term: str, text: str, tag: str) -> bool:
    """Whether any word of ``term`` stands in ``text``, in whatever form.

    A form is told by its first three fifths: Turkish vowel harmony and consonants (renk, rengi), and most
    cases and plurals change what is behind them. The plural of an Arabic word can change its vowels
    (مدينة, مدن): there the consonants are enough.
    """
    words, (there, joined) = _words(term), _forms(text, tag)
    telling = [word for word in words if len(word) >= 4 or word[0].isupper()] or words  # not «of the»
    return any(_found(bare(word, tag), there, joined) for word in telling)


@lru_cache(maxsize=64)  # one text is asked for each of its terms
def _forms(text: str, tag: str) -> tuple[tuple[str, ...], str]:
    """Return a text's words as they are compared, one by one and joined."""
    there = tuple(bare(word, tag) for word in _words(text))
    return there, " ".join(there)


def _found(word: str, there: tuple[str, ...], joined: str) -> bool:
    if UNSPACED.search(word):
        return word[: max(2, len(word) // 2)] in joined
    root = word[: max(_LEAST, round(len(word) * 0.6))]
    if len(root) >= 5:  # in compounds as well, and behind prefixes
        return root in joined
    if any(each.startswith(root) for each in there):
        return True
    return bool(_ARABIC.search(word)) and _WEAK.sub("", word) in {_WEAK.sub("", each) for each in there}


def _words(text: str) -> list[str]:
    """Return the words of a text, Arabic ones without the article and what is joined to it."""
    if _ARABIC.search(text):
        text = _ARTICLE.sub("", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    return WORD.findall(text)
