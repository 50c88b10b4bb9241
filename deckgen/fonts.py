"""Which font files a language gets on paper, and which characters no font of ours has.

The files are static TrueType from PyPI (``fontpkg-fira-sans``, ``fontpkg-fira-sans-condensed``),
under family names of our own, so that a font of the machine never takes their place. fontTools
is imported when first asked. To give a script a face of its own, add a ``Family``
and its line in ``_SCRIPTS``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

from deckgen.diagnostics import Diagnostic, Span, codes
from deckgen.languages import script
from deckgen.model import Language

SANS = "deckgen Sans"
CONDENSED = "deckgen Condensed"


class Family(NamedTuple):
    """A family: our own name for it, the package of its files, and how their names begin."""

    name: str
    package: str
    stem: str


class Face(NamedTuple):
    """One font file: the family it belongs to, its weight (CSS: 400 or 600) and its style."""

    family: str
    file: Path
    weight: int
    style: Literal["normal", "italic"]


_FIRA = (
    Family(SANS, "fontpkg_fira_sans", "FiraSans"),
    Family(CONDENSED, "fontpkg_fira_sans_condensed", "FiraSansCondensed"),
)
_SCRIPTS: Mapping[str, tuple[Family, ...]] = {"Latn": _FIRA, "Cyrl": _FIRA, "Grek": _FIRA}
_CUTS: tuple[tuple[str, int, Literal["normal", "italic"]], ...] = (
    ("Regular", 400, "normal"),
    ("Italic", 400, "italic"),
    ("SemiBold", 600, "normal"),
    ("SemiBoldItalic", 600, "italic"),
)

# Spaces at which a line must not break: after a number (but for years), an initial, an
# opening mark or "§", and before a dash or a closing mark, as French sets them.
_HELD = re.compile(
    r"(?<![\w.,])((?!(?:1[5-9]|20)\d\d )\d[\d.,]*) (?=[^\W\d_]|[%‰°€$£]|\d{3}(?!\d))"
    r"|(?<![\w*])([^\W\d_]\.) (?=[^\W\d_])"
    r"|([«‹§]) (?=\w)"
    r"| (?=[»›!?;:]|[–—] )"
)

# WeasyPrint 70 breaks a line after its first word if the text before an inline element fits
# without its last space but not with it. A zero-width space after it keeps it from that.
_LAST_SPACE = re.compile(r"[ \n](?=<(?:a|b|code|em|i|span|strong|sub|sup)\b)")

# The hyphens of their own code point are missing in Fira Sans; the common one looks the same,
# and word joiners around it keep it from breaking.
_REPLACED = str.maketrans({"\u2010": "-", "\u2011": "\u2060-\u2060"})
_INVISIBLE = re.compile(r"[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")


def families(language: Language) -> tuple[Family, ...]:
    """Return the families of a language's script; Fira Sans where it has none of its own."""
    return _SCRIPTS.get(script(language.tag), _FIRA)


def faces(language: Language) -> tuple[Face, ...]:
    """Return the font files of a language: regular and semibold, upright and italic."""
    return tuple(
        Face(family.name, folder / f"{family.stem}-{cut}.ttf", weight, style)
        for family in families(language)
        for folder in (Path(str(files(family.package))) / "files",)
        for cut, weight, style in _CUTS
    )


def packages() -> dict[str, bool]:
    """Return the packages of all families, by their names on PyPI, and whether each is installed."""
    return {
        family.package.replace("_", "-"): find_spec(family.package) is not None
        for every in _SCRIPTS.values()
        for family in every
    }


def stylesheet(language: Language) -> str:
    """Return the ``@font-face`` rules of a language's faces, their files as ``file:`` URIs."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
        f'src: url("{face.file.as_uri()}") }}\n'
        for face in faces(language)
    )


def printable(text: str) -> str:
    """Return text or HTML as it is set: with hyphens that the fonts have, and no line broken amiss.

    No-break spaces hold a number and its unit together, initials and a name: ``30 Jahre``, ``J. Doe``.
    """
    held = _HELD.sub(lambda match: f"{match[1] or match[2] or match[3] or ''}\u00a0", text)
    return _LAST_SPACE.sub(" \u200b", held).translate(_REPLACED)


@cache
def _covered(language: Language) -> frozenset[str]:
    """Return the characters that have a glyph; a family's cuts all have the same ones."""
    from fontTools.ttLib import TTFont

    points: set[int] = set()
    for face in faces(language):
        if face.weight == 400 and face.style == "normal":
            with TTFont(face.file, lazy=True) as font:
                points.update(font.getBestCmap())
    return frozenset(map(chr, points))


def missing(text: str, language: Language) -> tuple[str, ...]:
    """Return the characters of a text that no font of the language has, in the order of Unicode.

    Spaces, controls and other invisible characters need no glyph. Letters are looked up
    composed (NFC), as they are set.
    """
    covered = _covered(language)
    if covered.issuperset(text):
        return ()
    odd = set(unicodedata.normalize("NFC", text.translate(_REPLACED))) - covered
    return tuple(sorted(character for character in odd if _visible(character)))


def _visible(character: str) -> bool:
    """Whether a character needs a glyph: not if it is a control, a format character or a space."""
    invisible = unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
    return not invisible and not _INVISIBLE.match(character)


def check(texts: Iterable[tuple[str, Span]], language: Language) -> tuple[Diagnostic, ...]:
    """Return an error for each character of each text that would be an empty box on paper."""
    return tuple(
        Diagnostic(codes.NO_GLYPH, span, {"character": named(character)})
        for text, span in texts
        for character in missing(text, language)
    )


def named(character: str) -> str:
    """Return a character as a diagnostic names it: ``U+2713 CHECK MARK``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
