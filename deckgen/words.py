"""The words of the interface in a language: gettext catalogues ``templates/locale/<lang>.po``.

A language without a catalogue has the English words, and says so.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache

from deckgen import po
from deckgen.diagnostics import Diagnostic, Result, Span, codes
from deckgen.resources import SearchPath

_DECK = Span("deck.yaml")


@dataclass(frozen=True, slots=True)
class Words:
    """The interface words of one language."""

    tag: str
    path: SearchPath
    translations: gettext.NullTranslations

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to another process by name: a catalogue's plural rule is a function made at run time."""
        return _again, (self.tag, self.path)

    def __call__(self, text: str) -> str:
        """Translate an English text; one that the catalogue lacks stays English."""
        return self.translations.gettext(text)

    def plural(self, one: str, many: str, count: int) -> str:
        """Translate a text that depends on a number."""
        return self.translations.ngettext(one, many, count)


def load_words(tag: str, path: SearchPath, named: Span = _DECK) -> Result[Words]:
    """Return the words of ``tag``, or of the language it is a variety of, or English ones.

    ``named`` is where the language was asked for: a catalogue that is missing or not finished is told there.
    """
    words, file, reason, left = _load(tag, path)
    if reason:
        return Result(words, (Diagnostic(codes.BAD_TEMPLATE, Span(f"locale/{file}"), {"reason": reason}),))
    if not file:
        return Result(words, (Diagnostic(codes.NO_CATALOGUE, named, {"language": tag}),))
    if left:
        args = {"count": left, "language": tag, "file": file}
        return Result(words, (Diagnostic(codes.WORDS_LACK, named, args),))
    return Result(words)


@cache
def _load(tag: str, path: SearchPath) -> tuple[Words, str, str, int]:
    """Return the words, the name of their file, why it cannot be read, and how many words it leaves English.

    The name is empty if there is none.
    """
    english = Words(tag, path, gettext.NullTranslations())
    parts = tag.split("-")
    if parts[0].lower() == "en":
        return english, "en", "", 0
    for length in range(len(parts), 0, -1):
        file = path.find(f"locale/{'-'.join(parts[:length])}.po")
        if file is None:
            continue
        try:
            text = file.read_text(encoding="utf-8")
            return Words(tag, path, po.translations(text)), file.name, "", po.left(text)
        except (OSError, ValueError) as error:
            return english, file.name, (str(error) or type(error).__name__).splitlines()[0], 0
    return english, "", "", 0


def _again(tag: str, path: SearchPath) -> Words:
    return _load(tag, path)[0]
