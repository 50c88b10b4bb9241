"""Words of the other direction in finished HTML, each wrapped in a ``<bdi>`` of its own.

Without it, the marks around a Latin name in an Arabic text, and the names around it, change places.
WeasyPrint 70 heeds no ``unicode-bidi: isolate`` and no ``<bdi>`` without ``dir``; with it, it does.
"""

from __future__ import annotations

import re
from typing import Literal

# The blocks that Unicode keeps for scripts from right to left (DerivedBidiClass.txt, its defaults).
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
_MARKS = "\u0300-\u036f\u0483-\u0489\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\u00ad\u200b-\u200d\u2060"
_VOWELS = "\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200d"
# What may stand between two words of one name, and so inside a run, never at its end.
_BETWEEN = "(?:[ \n\u00a0.,;:!?…’'/@_+·–\u200b\u2060-]|&amp;|&#x27;|&#39;){1,6}"
_PAIRS = ("()", "[]", "“”", "«»", "„“")  # in a run with what they enclose, if a word of it stands before them


def _run(letter: str, digit: str, between: str, last: str) -> str:
    """A run begins with a letter, or digits right before one, and ends with a letter, a digit or a pair."""
    words = rf"(?:{letter}|{digit})(?:(?:{between})?(?:{letter}|{digit}))*"
    pairs = "|".join(rf"{re.escape(pair[0])}{words}[.!?]?{re.escape(pair[1])}" for pair in _PAIRS)
    return rf"[@#]?(?:{digit}+(?={letter}))?{letter}(?:(?:{between})?(?:{letter}|{digit}|{pairs}))*{last}"


_ENTITY = "(?P<entity>&[#A-Za-z0-9]+;)"
_ADDRESS = r"(?:https?://|mailto:|www\.)(?:&amp;|[^\s<>&\\{}])+(?<![.,;:!?)])"
_LATIN = rf"(?:(?![{_RTL}])[^\W\d_][{_MARKS}]*)"
_HEBREW_OR_ARABIC = rf"(?:(?=[{_RTL}])[^\W\d_][{_VOWELS}]*)"
_RUNS = {
    "rtl": re.compile(f"{_ENTITY}|{_ADDRESS}|{_run(_LATIN, '[0-9]', _BETWEEN, '[+]{0,2}')}"),
    "ltr": re.compile(f"{_ENTITY}|{_run(_HEBREW_OR_ARABIC, '[0-9٠-٩۰-۹]', f'[،؛؟]?{_BETWEEN}', '؟?')}"),
}
_ANY = {"rtl": re.compile(_LATIN), "ltr": re.compile(f"[{_RTL}]")}
_OTHER = {"rtl": "ltr", "ltr": "rtl"}

# What is no text: elements that hold none in a language, tags, formulas of MathJax, marks of Anki's gaps and
# sounds.
_SKIPPED = re.compile(
    r"<(?P<element>style|script|title|code|pre)\b.*?</(?P=element)>"
    r'|<span class="formula".*?</span>'
    r"|<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>[^>]*)>"
    r"|<[^>]*>|\\\(.*?\\\)|\\\[.*?\\\]|\[sound:[^\]]*\]|\{\{c[0-9,]+::|::|\}\}",
    re.DOTALL,
)
_LTR_ALWAYS = re.compile(r'<(?:code|pre|span class="formula")(?=[ >])')
_DIR = re.compile(r'\bdir="(ltr|rtl)"')


class _Scopes:
    """The elements with a direction of their own that are open, each with those of its name inside it."""

    def __init__(self, direction: str) -> None:
        self.open = [("", direction)]

    @property
    def direction(self) -> str:
        return self.open[-1][1]

    def meet(self, tag: re.Match[str]) -> None:
        """Open or close an element."""
        name, own = tag["tag"], _DIR.search(tag["attributes"] or "")
        if tag["end"] and name == self.open[-1][0]:
            self.open.pop()
        elif not tag["end"] and (own or name == self.open[-1][0]):
            self.open.append((name, own[1] if own else self.direction))


def _wrapped(text: str, direction: str) -> str:
    opening = f'<bdi dir="{_OTHER[direction]}">'
    return _RUNS[direction].sub(
        lambda match: match[0] if match["entity"] else f"{opening}{match[0]}</bdi>", text
    )


def isolated(rendered: str, direction: Literal["ltr", "rtl"]) -> str:
    """Return HTML of a text in ``direction`` with each run of words of the other one as ``<bdi dir="…">``.

    Nothing else changes, but that code and formulas in a text from right to left get ``dir="ltr"``. Tags,
    entities, formulas and the marks of Anki's gaps are left as they are. In an element with a ``dir`` of its
    own, that is the direction of the text.
    """
    if not _ANY[direction].search(rendered):
        return rendered
    out: list[str] = []
    position, scopes = 0, _Scopes(direction)
    for match in _SKIPPED.finditer(rendered):
        out.append(_wrapped(rendered[position : match.start()], scopes.direction))
        skipped = match[0]
        if match["tag"]:
            scopes.meet(match)
        elif scopes.direction == "rtl":
            skipped = _LTR_ALWAYS.sub(r'\g<0> dir="ltr"', skipped)
        out.append(skipped)
        position = match.end()
    out.append(_wrapped(rendered[position:], scopes.direction))
    return "".join(out)
