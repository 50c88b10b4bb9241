"""Which quotation marks a language has, and which of a text's are of another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.translate.tags import nearest

# Pairs of double marks: first what CLDR (delimiters) has as the language's own, for outside and inside, then
# what its books and its neighbours' have as well. Single marks are not looked at: most are apostrophes.
_LOW, _HIGH, _POINTED, _TURNED, _SAME, _CORNERS = "„“", "“”", "«»", "»«", "””", "「」『』"
MARKS: dict[str, str] = {
    "ar": _HIGH + _POINTED + "”“",
    "be": _POINTED + _LOW,
    "bg": _LOW + _POINTED,
    "bs": "„”" + _LOW + _POINTED + _TURNED + _HIGH + _SAME,
    "ca": _POINTED + _HIGH,
    "ckb": _POINTED + _HIGH,
    "cs": _LOW + _TURNED,
    "da": _HIGH + _TURNED + _SAME + _LOW + "„”",
    "de": _LOW + _POINTED + _TURNED,
    "el": _POINTED + _HIGH,
    "en": _HIGH,
    "es": _POINTED + _HIGH,
    "et": _LOW + "„”" + _POINTED,
    "eu": _POINTED + _HIGH,
    "fa": _POINTED + _HIGH,
    "fi": _SAME + "»»",
    "fr": _POINTED + _HIGH,
    "gl": _POINTED + _HIGH,
    "he": "״״„”" + _SAME + _HIGH,
    "hi": _HIGH,
    "hr": "„”" + _LOW + _TURNED + _POINTED + _SAME,
    "hu": "„”" + _TURNED,
    "hy": _POINTED,
    "id": _HIGH,
    "it": _POINTED + _HIGH,
    "ja": _CORNERS + "《》〈〉" + _HIGH,
    "ka": _LOW + _POINTED,
    "kmr": _HIGH + _POINTED,
    "ko": _HIGH + _CORNERS + "《》〈〉",
    "ku": _HIGH + _POINTED,
    "lt": _LOW + "„”",
    "lv": _POINTED + _HIGH + "„”" + _LOW,
    "mk": _LOW + "„”" + _POINTED,
    "nb": _POINTED + _LOW,
    "nl": _HIGH + "„”",
    "nn": _POINTED + _LOW,
    "no": _POINTED + _LOW,
    "pl": "„”" + _POINTED + _TURNED,
    "ps": _POINTED + _HIGH,
    "pt": _HIGH + _POINTED,
    "ro": "„”" + _POINTED,
    "ru": _POINTED + _LOW,
    "sk": _LOW + _TURNED,
    "sl": _LOW + _TURNED + "„”",
    "so": _HIGH,
    "sq": _POINTED + _HIGH + "„”" + _LOW,
    "sr": "„”" + _LOW + _POINTED + _TURNED,
    "sv": _SAME + "»»" + _TURNED + _POINTED,
    "ti": _POINTED + _HIGH,
    "tr": _HIGH + _POINTED,
    "uk": _POINTED + _LOW + _HIGH,
    "ur": _HIGH,
    "vi": _HIGH,
    "zh": _HIGH + _CORNERS + "《》〈〉",
}
_MARK = re.compile(r'["„“”‟«»״「」『』《》〈〉＂]')
_SPACES = " \n\u00a0\u2009\u202f"
_BEFORE = f"{_SPACES}([{{–—/¿¡'’"
_BEHIND = f"{_SPACES})]}}–—/.,;:!?…-"


def own(tag: str) -> str:
    """Return the language's first pair of quotation marks, or an empty text if they are not known."""
    return MARKS.get(nearest(tag, MARKS), "")[:2]


def foreign(text: str, tag: str) -> Iterator[str]:
    """Yield each double quotation mark that the language does not have where it stands.

    ``text`` is without markup. A mark opens if a space or a bracket is before it, and closes if a space or a
    point is behind it. Where both is so (spaces inside the marks, as in French) or neither (بـ«…»), it may
    be any of the language's.
    """
    pairs = MARKS.get(nearest(tag, MARKS), "")
    if not pairs:
        return
    opening, closing = pairs[::2], pairs[1::2]
    for match in _MARK.finditer(text):
        mark, at = match.group(), match.start()
        opens = text[at - 1 : at] in _BEFORE if at else True
        closes = text[at + 1 : at + 2] in _BEHIND
        if mark not in (pairs if opens == closes else opening if opens else closing):
            yield mark
