"""Which font files a language gets on paper, and which characters no font of ours has.

The files are from PyPI, under family names of our own, so that a font of the machine never takes their
place. Templates name ``SANS`` and ``CONDENSED`` alone: a character that these lack is set in the first other
family that has it, because Pango knows no fonts but those that it is given. Two files of one cut must not
share a name: WeasyPrint 70 then writes the glyphs of the one with the numbers of the other.

Large print has one face under both names: small labels are not narrow there. In languages whose letters it
has, that is Atkinson Hyperlegible, which was made for low vision.

Large fonts, and those for scripts with few decks, are extras (``pip install "deckgen[cjk]"``). To give a
script a face, add its families and its line in ``_SCRIPTS``. fontTools is imported when first asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, NamedTuple

from deckgen.diagnostics import Diagnostic, Span, codes
from deckgen.languages import script, script_name
from deckgen.model import Language

SANS = "deckgen Sans"
CONDENSED = "deckgen Condensed"

Style = Literal["normal", "italic"]


class Cut(NamedTuple):
    """One file of a family: its package, its path in that, its weight (CSS: 400 or 600) and its style."""

    package: str
    file: str
    weight: int = 400
    style: Style = "normal"


class Family(NamedTuple):
    """A family: our own name for it, its files, the regular one first, and the extra that brings them."""

    name: str
    cuts: tuple[Cut, ...]
    extra: str = ""

    @property
    def installed(self) -> bool:
        """Whether all its packages are there."""
        return all(find_spec(cut.package) is not None for cut in self.cuts)


class Face(NamedTuple):
    """One font file: the family it belongs to, its weight (CSS: 400 or 600) and its style."""

    family: str
    file: Path
    weight: int
    style: Style


def _fira(package: str, stem: str) -> tuple[Cut, ...]:
    return (
        Cut(package, f"files/{stem}-Regular.ttf"),
        Cut(package, f"files/{stem}-Italic.ttf", style="italic"),
        Cut(package, f"files/{stem}-SemiBold.ttf", 600),
        Cut(package, f"files/{stem}-SemiBoldItalic.ttf", 600, "italic"),
    )


_FIRA = Family(SANS, _fira("fontpkg_fira_sans", "FiraSans"))
_FIRA_CONDENSED = Family(CONDENSED, _fira("fontpkg_fira_sans_condensed", "FiraSansCondensed"))
# Large print has no italics; its bold (700) stands for our semibold.
_ATKINSON = Family(
    SANS,
    (
        Cut("fontpkg_atkinson_hyperlegible", "files/AtkinsonHyperlegible-Regular.ttf"),
        Cut("fontpkg_atkinson_hyperlegible", "files/AtkinsonHyperlegible-Bold.ttf", 600),
    ),
)
# The languages whose letters it has, all of them: a letter of another face in a word is hard to read. Turkish
# lacks «İ», Slovak «ĺ», Welsh «ŵ», Azerbaijani «ə».
_HYPERLEGIBLE = frozenset(
    """
    af bs ca cs da de en es et eu fi fo fr ga gl hr hu id is it ku lb lt lv ms mt nb nl nn no pl pt ro sl so
    sq sv sw
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
# No script below has italics, and none is slanted for them: style sheets let emphasis be semibold there.
_PLEX_ARABIC = Family(
    "deckgen Arabic",
    (
        Cut("fontpkg_ibm_plex_sans_arabic", "files/IBMPlexSansArabic-Regular.ttf"),
        Cut("fontpkg_ibm_plex_sans_arabic", "files/IBMPlexSansArabic-SemiBold.ttf", 600),
    ),
)
# There is no static Hebrew font on PyPI that we know of; WeasyPrint sets both weights of this one.
_HEEBO = Family(
    "deckgen Hebrew",
    (Cut("fontpkg_heebo", "files/Heebo[wght].ttf"), Cut("fontpkg_heebo", "files/Heebo[wght].ttf", 600)),
    "hebrew",
)
# One font for four ways of writing: its glyphs follow the language of the text. It comes first, so that
# Chinese quotation marks and dashes are as wide as they should be.
_NOTO_CJK = Family(
    SANS,
    (
        Cut("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
        Cut("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf", 600),
    ),
    "cjk",
)
_EUROPEAN = (_FIRA, _FIRA_CONDENSED, _PLEX_ARABIC)
_EAST_ASIAN = (_NOTO_CJK, _FIRA_CONDENSED, _FIRA._replace(name="deckgen Latin"))
_SCRIPTS: Mapping[str, tuple[Family, ...]] = {
    **dict.fromkeys(("Latn", "Cyrl", "Grek", "Arab"), _EUROPEAN),
    "Hebr": (*_EUROPEAN, _HEEBO),
    **dict.fromkeys(("Jpan", "Hans", "Hant", "Hani", "Kore"), _EAST_ASIAN),
}

# Spaces at which a line must not break: after a number (but for years), an initial, an
# opening mark or "§", and before a dash or a closing mark, as French sets them. German sets »…« the other
# way round: there, what precedes « is a word or the end of an element, and what follows » is no blank.
_HELD = re.compile(
    r"(?<![\w.,])((?!(?:1[5-9]|20)\d\d )\d[\d.,]*) (?=[^\W\d_]|[%‰°€$£]|\d{3}(?!\d))"
    r"|(?<![\w*])([^\W\d_]\.) (?=[^\W\d_])"
    r"|((?:^|[\s(\['’]|<\w[^>]*>)[«‹]|§) (?=\w)"
    r"| (?=[!?;:]|[–—] |[»›](?:[\s.,;:!?)\]]|</|\Z))"
)

# WeasyPrint 70 breaks a line after its first word if the text before an inline element fits
# without its last space but not with it. A zero-width space after it keeps it from that.
_LAST_SPACE = re.compile(r"[ \n](?=<(?:a|b|code|em|i|span|strong|sub|sup)\b)")

# The hyphens of their own code point are missing in Fira Sans; the common one looks the same,
# and word joiners around it keep it from breaking.
_REPLACED = str.maketrans({"\u2010": "-", "\u2011": "\u2060-\u2060"})
_HYPHEN = re.compile(r'(\b(?:href|src)="[^"]*")|[\u2010\u2011]')
_INVISIBLE = re.compile(r"[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")


def families(language: Language, *, large: bool = False) -> tuple[Family, ...]:
    """Return the families of a language's script in order, as far as they are installed."""
    wanted = _SCRIPTS.get(script(language.tag), _EUROPEAN)
    if large:
        wanted = _enlarged(wanted, language)
    return tuple(family for family in wanted if family.installed)


def _enlarged(wanted: tuple[Family, ...], language: Language) -> tuple[Family, ...]:
    """Return the families of large print: one under both names, and the others for what it lacks."""
    usual = next(family for family in wanted if family.name == SANS)
    first = _ATKINSON if hyperlegible(language) else usual
    others = [family for family in wanted if family is not first and family.name != CONDENSED]
    rest = (family._replace(name="deckgen Other") if family is usual else family for family in others)
    return (first, first._replace(name=CONDENSED), *rest)


def hyperlegible(language: Language) -> bool:
    """Whether Atkinson Hyperlegible has all letters of a language."""
    return language.tag.split("-")[0].lower() in _HYPERLEGIBLE and script(language.tag) == "Latn"


def faces(language: Language, *, large: bool = False) -> tuple[Face, ...]:
    """Return the font files of a language: regular and semibold, and italics where a script has them."""
    return tuple(
        Face(family.name, Path(str(files(cut.package))) / cut.file, cut.weight, cut.style)
        for family in families(language, large=large)
        for cut in family.cuts
    )


def packages() -> dict[str, bool]:
    """Return the packages that deckgen depends on, by their names on PyPI, and whether each is installed."""
    return {name: find_spec(name.replace("-", "_")) is not None for name in sorted(_packages()[""])}


def extras() -> dict[str, frozenset[str]]:
    """Return the extras that bring fonts, and the packages of each by their names on PyPI."""
    return {extra: frozenset(names) for extra, names in _packages().items() if extra}


def _packages() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for family in {_ATKINSON, *(family for every in _SCRIPTS.values() for family in every)}:
        found.setdefault(family.extra, set()).update(cut.package.replace("_", "-") for cut in family.cuts)
    return found


def absent(language: Language, span: Span) -> tuple[Diagnostic, ...]:
    """Return an error if no font of ours, or none that is installed, has the script of a language."""
    needed = script(language.tag)
    missing = [family for family in _SCRIPTS.get(needed, ()) if not family.installed]
    if needed in _SCRIPTS and not missing:
        return ()
    extra = next((family.extra for family in missing if family.extra), "")
    args = {"script": script_name(needed), "near": extra}
    return (Diagnostic(codes.NO_FONT, span, args),)


def stylesheet(of: Iterable[Face]) -> str:
    """Return the ``@font-face`` rules of faces, their files as ``file:`` URIs."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
        f'src: url("{face.file.as_uri()}") }}\n'
        for face in of
    )


def printable(text: str) -> str:
    """Return text or HTML as it is set: with hyphens that the fonts have, and no line broken amiss.

    No-break spaces hold a number and its unit together, initials and a name: ``30 Jahre``, ``J. Doe``.
    """
    held = _HELD.sub(lambda match: f"{match[1] or match[2] or match[3] or ''}\u00a0", text)
    return _LAST_SPACE.sub(" \u200b", held).translate(_REPLACED)


def hyphenated(page: str) -> str:
    """Return a page whose hyphens the fonts have; addresses keep theirs."""
    if "\u2010" not in page and "\u2011" not in page:
        return page
    return _HYPHEN.sub(lambda match: match[1] or match[0].translate(_REPLACED), page)


def held_before_isolates(page: str) -> str:
    """Return a page whose lines are not broken amiss before words of the other direction either."""
    return re.sub("[ \n](?=<bdi )", " \u200b", page)


@cache
def _covered(language: Language) -> frozenset[str]:
    """Return the characters that have a glyph; a family's cuts all have the same ones.

    Large print lacks none of them: its families are these and one more.
    """
    from fontTools.ttLib import TTFont

    points: set[int] = set()
    for face in faces(language):
        if face.weight == 400 and face.style == "normal":
            with TTFont(face.file, lazy=True) as font:
                points.update(font.getBestCmap())
    return frozenset(map(chr, points))


@cache
def _advances(language: Language, weight: int, family: str) -> Mapping[str, float]:
    """Return the widths of characters in ems: those of ``family``, and for others the widest that there is.

    A letter before a zero-width joiner is one that is joined to the next.
    """
    from fontTools.ttLib import TTFont

    widths: dict[str, float] = {}
    own: set[str] = set()
    for face in sorted(faces(language), key=lambda face: face.family != family):
        if face.weight != weight or face.style != "normal":
            continue
        with TTFont(face.file, lazy=True) as font:
            metrics, em = font["hmtx"], font["head"].unitsPerEm
            if weight > 400 and "fvar" in font:  # what stands there is the regular weight
                em *= 0.92
            joined = _joined(font)
            for point, glyph in font.getBestCmap().items():
                forms = {chr(point): [glyph], f"{chr(point)}\u200d": joined.get(glyph, [])}
                for form, glyphs in forms.items():
                    if glyphs and form not in own:
                        widest = max(metrics[each][0] for each in glyphs) / em
                        widths[form] = max(widths.get(form, 0.0), widest)
        if face.family == family:
            own |= widths.keys()
    return widths


def _joined(font: Any) -> dict[str, list[str]]:
    """Return the glyphs that letters have where they are joined to the next one (features init and medi)."""
    forms: dict[str, list[str]] = {}
    if "GSUB" not in font:
        return forms
    table = font["GSUB"].table
    wanted: set[int] = set()
    for each in table.FeatureList.FeatureRecord:
        if each.FeatureTag in ("init", "medi"):
            wanted.update(each.Feature.LookupListIndex)
    for at in sorted(wanted):
        for part in table.LookupList.Lookup[at].SubTable:
            single = getattr(part, "ExtSubTable", part)
            for glyph, form in getattr(single, "mapping", {}).items():
                if isinstance(form, str):
                    forms.setdefault(glyph, []).append(form)
    return forms


def width(text: str, language: Language, weight: int = 400, family: str = SANS) -> float:
    """Return about how wide a text is set, in ems: without kerning and ligatures.

    These make it narrower, if anything; a character that no font has counts as one em.
    """
    widths = _advances(language, weight, family)
    seen = [character for character in text if _wide(character)]
    total = 0.0
    for character, after in zip(seen, [*seen[1:], " "], strict=False):
        alone = widths.get(character, 1.0)
        total += widths.get(f"{character}\u200d", alone) if after.isalpha() else alone
    return total


def _wide(character: str) -> bool:
    """Whether a character takes room of its own: not if it is a control, a format character or a mark."""
    return character.isascii() or unicodedata.category(character) not in ("Cc", "Cf", "Mn", "Me")


def missing(text: str, language: Language) -> tuple[str, ...]:
    """Return the characters of a text that no font of the language has, in the order of Unicode.

    Spaces, controls and other invisible characters need no glyph. Letters are looked up
    composed (NFC), as they are set.
    """
    covered = _covered(language)
    if not any(map(_visible, set(text) - covered)):
        return ()
    odd = set(unicodedata.normalize("NFC", text.translate(_REPLACED))) - covered
    return tuple(sorted(character for character in odd if _visible(character)))


def _visible(character: str) -> bool:
    """Whether a character needs a glyph: not if it is a control, a format character or a space."""
    invisible = unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
    return not invisible and not _INVISIBLE.match(character)


def check(texts: Iterable[tuple[str, str, Span]], language: Language) -> tuple[Diagnostic, ...]:
    """Return an error for each character of each text that would be an empty box on paper.

    Each text comes with the name of what it is (``nettles.answer``, item and field) and its place.
    """
    return tuple(
        Diagnostic(codes.NO_GLYPH, span, {"character": named(character), "field": field})
        for text, field, span in texts
        for character in missing(text, language)
    )


def named(character: str) -> str:
    """Return a character as a diagnostic names it: ``U+2713 CHECK MARK``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
