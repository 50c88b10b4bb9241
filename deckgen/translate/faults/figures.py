"""The figures of a text and of its translation, each in its language's way of writing them.

German 1.000,5 is English 1,000.5, French 1 000,5 and Arabic ١٬٠٠٠٫٥. Some differences are none:

- Small numbers are words in one style and figures in another: German spells them up to twelve (Duden), and
  Leichte Sprache writes figures throughout (rules of Netzwerk Leichte Sprache). Figures up to twelve are
  missed only where another one came in their place; round ones (20, 100, 1000) may come for a word.
- Ordinals up to 21 may become words, and centuries Roman figures: 19. Jahrhundert, XIXe siècle, siglo XIX.
- Decades may be short or long (90er, 1990s) or words, and thousands words: 70.000, 70 mil, 70 bin.
- How often a figure stands may differ: «Horizon 2020» may be explained, with its year.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from deckgen.translate.tags import nearest

# Which mark is the decimal one (CLDR, number symbols): these languages and regions have the point, those
# both, in different countries; all others have the comma. A test holds the lists against Babel's data.
POINT = frozenset(
    """
    am bn ckb cy en es-419 es-MX es-US fa fil ga gu he hi ja km kn ko ml mr mt my ne om pa si so ta te th
    ti ug ur yi yo zh zu
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
EITHER = frozenset({"ar", "de-CH", "de-LI", "es", "it-CH", "ms", "qu", "sw"})
_SPACES = " \u00a0\u2009\u202f"
# Not a figure on its own: the one in CO2 or G20. In Arabic and Chinese, letters stand before one unspaced.
_FIGURE = re.compile(
    rf"(?<![\dA-Za-z\u00c0-\u04ff])"
    rf"(?:\d{{1,3}}(?:[{_SPACES}'’٬]\d{{3}})+(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,٬٫]\d+)*)"
)
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"\d+")
_DECADE = re.compile(r"er(?![^\W_])|['’]?s\b|['’]l|-?[хті]{1,2}\b")
_ORDINAL = re.compile(r"\.(?=[ \u00a0\u202f]\w)|(?:st|nd|rd|th|er?|re|[eè]me|o|a|й|го|му|те|та|е)\b|[ºªᵉ'’-]")
_ROMAN = re.compile(r"(?<!\w)[IVXLІХ]+(?=[eᵉ]?(?:r|me|ème)?(?!\w))")
_CYRILLIC = str.maketrans("ІХ", "IX")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_SPELLED = 12
_ORDINALS = 21
_ROUND = frozenset(map(Decimal, (*range(20, 101, 10), 1_000, 1_000_000)))
# Words for powers of ten, by what they begin with.
_SCALES = {
    3: "tausend tsd thousand mille mil bin тис ألف آلاف هزار hezar hazar nghìn ribu elfu 千 천 हज़ार",
    4: "万 萬 만",
    5: "lakh लाख",
    6: "mio million milion millon millón milhão milhões milyon мільйон млн миллион مليون ملايين میلیون juta",
    7: "crore करोड़",
    8: "亿 億 억",
    9: "mrd milliard billion bilhão bilhões milyar мільярд млрд миллиард مليار میلیارد",
    12: "billion bilyon trillion більйон трильйон",
}
_SCALE = re.compile(
    rf"[{_SPACES}-]?(?:(?P<double>mil mill)|(?P<word>"
    + "|".join(sorted({word for words in _SCALES.values() for word in words.split()}, key=len, reverse=True))
    + "))",
    re.IGNORECASE,
)


class Figure(NamedTuple):
    """A number as it was written, what it may mean, and whether it is an ordinal or a decade."""

    written: str
    values: frozenset[Decimal]
    ordinal: bool = False
    decade: bool = False

    @property
    def value(self) -> Decimal:
        """The least that it may mean: the figure without a word after it."""
        return min(self.values)


def differences(source: str, text: str, source_tag: str, target_tag: str) -> tuple[list[str], list[str]]:
    """Return the figures of ``source`` that ``text`` lacks, and those that it has instead.

    Both texts are without markup; the tags are BCP 47.
    """
    if not (_DIGIT.search(source) or _DIGIT.search(text)):
        return [], []
    lost, new = _unmatched(figures(source, source_tag), figures(text, target_tag))
    if lost and new:
        lost, new = _unmatched(_apart(lost), _apart(new))
    lost, new = _without(lost, _romans(text)), _without(new, _romans(source))
    if not (lost and new):
        lost = [one for one in lost if not _may_be_a_word(one)]
        new = [one for one in new if not _may_be_a_word(one) and one.value not in _ROUND]
    return [one.written for one in lost], [one.written for one in new]


def figures(text: str, tag: str) -> list[Figure]:
    """Return the figures in a text of the language ``tag``, in order."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        scales = _scales(text, match.end())
        ordinal = bool(_ORDINAL.match(text, match.end()))
        decade = match.group().endswith("0") and bool(_DECADE.match(text, match.end()))
        for number in _read(match.group(), tag):
            values = frozenset(value * scale for value in number for scale in (1, *scales))
            found.append(Figure(match.group(), values, ordinal, decade))
    return found


def _read(written: str, tag: str) -> list[frozenset[Decimal]]:
    """Return what a figure with its separators means: mostly one number, sometimes one of two."""
    digits = re.sub(rf"[{_SPACES}'’٬]", "", written).replace("٫", ",")
    if digits.isdecimal():
        return [frozenset({Decimal(digits)})]
    head, *groups = re.split("[.,]", digits)
    marks = set(re.findall("[.,]", digits))
    thousands = head[0] != "0" and len(head) <= 3 and all(len(group) == 3 for group in groups)
    whole = Decimal(head + "".join(groups))
    if len(groups) == 1:
        decimal = Decimal(f"{head}.{groups[0]}").normalize()
        readings = {decimal}
        if thousands and "٫" not in written:
            form = nearest(tag, POINT | EITHER)
            if form in EITHER:
                readings = {decimal, whole}
            elif marks != {"." if form else ","}:
                readings = {whole}
        return [frozenset(readings)]
    if len(marks) == 1 and thousands:
        return [frozenset({whole})]
    if len(marks) == 2 and all(len(group) == 3 for group in groups[:-1]):
        return [frozenset({Decimal(f"{head}{''.join(groups[:-1])}.{groups[-1]}").normalize()})]
    return [frozenset({Decimal(part)}) for part in (head, *groups)]  # a date, a version


@cache
def _powers() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for power, words in _SCALES.items():
        for word in words.split():
            found[word] = (*found.get(word, ()), 10**power)
    return found


def _scales(text: str, at: int) -> tuple[int, ...]:
    """Return what a word after a figure may multiply it by; a billion is two different numbers."""
    match = _SCALE.match(text, at)
    if match is None:
        return ()
    return (10**9,) if match["double"] else _powers().get(match["word"].lower(), ())


def _unmatched(ones: list[Figure], others: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """Return the figures of each side that have no equal on the other."""
    lost = [one for one in ones if not any(_equal(one, other) for other in others)]
    new = [other for other in others if not any(_equal(one, other) for one in ones)]
    return lost, new


def _equal(one: Figure, other: Figure) -> bool:
    if one.values & other.values:
        return True
    short, long = sorted((one.written, other.written), key=len)  # decades
    return len(short) == 2 and len(long) == 4 and short[1] == "0" and long.endswith(short)


def _apart(found: list[Figure]) -> list[Figure]:
    """Take figures with fractions apart: 12.30 is 12:30 or 12 h 30 elsewhere."""
    out: list[Figure] = []
    for one in found:
        parts = _PARTS.findall(one.written)
        if len(parts) == 2 and len(parts[1]) == 2:
            out += [Figure(one.written, frozenset({Decimal(part)})) for part in parts]
        else:
            out.append(one)
    return out


def _romans(text: str) -> list[int]:
    """Return the Roman figures in a text; in Ukrainian they may be typed with Cyrillic letters."""
    found = []
    for match in _ROMAN.finditer(text):
        digits = [_VALUES[letter] for letter in match.group().translate(_CYRILLIC)]
        signed = (-one if one < after else one for one, after in zip(digits, (*digits[1:], 0), strict=True))
        found.append(sum(signed))
    return found


def _without(found: list[Figure], romans: list[int]) -> list[Figure]:
    return [one for one in found if not any(value in romans for value in one.values)] if romans else found


def _may_be_a_word(one: Figure) -> bool:
    return one.decade or one.value <= (_ORDINALS if one.ordinal else _SPELLED)
