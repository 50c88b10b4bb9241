"""The places where a text is shown: in a field of an Anki note, on paper with gaps, on paper solved."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from deckgen.markup.render import Flavour, render
from deckgen.markup.scan import Gap, Math

__all__ = ["ANKI", "PRINT", "SOLVED", "AnkiFlavour", "Flavour", "GapFlavour", "PrintFlavour", "plain_text"]

# What Anki reads in a field besides HTML: sound and LaTeX tags, boxes to type in, MathJax, gaps.
_ANKI_TAG = re.compile(r"\[(?=sound:|\[type:|anki:|latex\]|\$|/latex\]|/\$|/anki)", re.IGNORECASE)
_GAP_COLON = re.compile(r":(?=:)|(?<=:):|\A:|:\Z")
_SOUND = "\ufdd4sound:"  # a sound of our own, until it is told from what a text only says
_SPACED = re.compile(r"([{}:])(?=\1)")
_HYPHEN = re.compile(r"[-/–](?=.)")
_GAP = '<span class="gap" style="width: 9.0em">\u2007</span>'  # about 15 letters
_SHORT = 30  # characters of a hint that is no wider, with its gap, than a line of a small page
_BLOCK_TAG = re.compile(r"</?(?:p|li|td|th|pre|blockquote|hr|br)\b[^>]*>")


@dataclass(frozen=True, slots=True)
class AnkiFlavour:
    """HTML for a note's field. ``media`` gives a file's name in the collection."""

    media: Callable[[str], str] = str

    def words(self, escaped: str, in_gap: bool) -> str:
        """Break what Anki would take for a gap or for MathJax."""
        if "{" in escaped or "}" in escaped:
            escaped = escaped.replace("{", "&#123;").replace("}", "&#125;")
        if in_gap and ":" in escaped:
            escaped = _GAP_COLON.sub("&#58;", escaped)
        if "\\" in escaped:  # MathJax reads the page's text: a word joiner keeps "\(" apart
            escaped = re.sub(r"\\(?=[()\[\]])", "\\\\\u2060", escaped)
        return escaped

    def math(self, math: Math, in_gap: bool) -> str:
        """Give the formula to MathJax, which is part of Anki; ``}}`` in it would end the gap."""
        tex = html.escape(math.tex, quote=False)
        if in_gap or "{{" in tex or "}}" in tex:
            tex = _SPACED.sub(r"\1 ", tex)
            tex += " " if tex.endswith("}") else ""
        return f"\\[{tex}\\]" if math.display else f"\\({tex}\\)"

    def gap(self, gap: Gap, inner: str) -> str:
        """Return Anki's own marks."""
        hint = self.words(html.escape(gap.hint, quote=False), True)
        numbers = ",".join(str(number) for number in gap.numbers)
        return f"{{{{c{numbers}::{inner}" + (f"::{hint}" if hint else "") + "}}"

    def picture(self, name: str, alt: str) -> str:
        """Name the file by its name in the collection."""
        return f'<img src="{html.escape(self.media(name))}" alt="{self.words(html.escape(alt), True)}">'

    def sound(self, name: str, alt: str) -> str:
        """Let Anki play the file, with what it is beside its button."""
        return f'{_SOUND}{self.media(name)}] <span class="sound">{self.words(html.escape(alt), True)}</span>'

    def finish(self, rendered: str) -> str:
        """Break what Anki would take for a sound or for LaTeX, however the parts came together."""
        rendered = _ANKI_TAG.sub("&#91;", rendered) if "[" in rendered else rendered
        return rendered.replace(_SOUND, "[sound:")


@dataclass(frozen=True, slots=True)
class PrintFlavour:
    """HTML for paper; with ``solved`` the gaps are filled in.

    Else all gaps are equally long, so that none tells its words: lines, or a ``blank`` of characters.
    A short hint is ``held`` with its gap, if the style sheet says so.
    """

    solved: bool = False
    media: Callable[[str], str] = str
    blank: str = ""

    def words(self, escaped: str, _in_gap: bool, /) -> str:
        """Return the text as it is: paper reads nothing into it."""
        return escaped

    def math(self, math: Math, _in_gap: bool, /) -> str:
        """Return the formula as readable text."""
        from deckgen.markup.formula import readable

        style = ' style="display: block"' if math.display else ""
        return f'<span class="formula"{style}>{readable(math.tex)}</span>'

    def gap(self, gap: Gap, inner: str) -> str:
        """Return a line to write on, with the hint; or the words that belong there."""
        if self.solved:
            return f'<b class="solved">{inner}</b>'
        line = f'<span class="blank">{self.blank}</span>' if self.blank else _GAP
        if not gap.hint:
            return line
        words = _HYPHEN.sub("\\g<0>\u2060", gap.hint)  # no line is broken at a hyphen or a slash of it
        both = f'{line} <span class="hint">({html.escape(words)})</span>'
        return f'<span class="held">{both}</span>' if len(gap.hint) <= _SHORT else both

    def picture(self, name: str, alt: str) -> str:
        """Point to the file in the deck's media folder."""
        return f'<img src="{html.escape(self.media(name))}" alt="{html.escape(alt)}">'

    def sound(self, _name: str, alt: str, /) -> str:
        """Say what is heard; the style draws a note before it."""
        return f'<span class="sound">{html.escape(alt)}</span>'

    def finish(self, rendered: str) -> str:
        """Return it as it is."""
        return rendered


@dataclass(frozen=True, slots=True)
class GapFlavour(PrintFlavour):
    """HTML for paper, rendered for the words of its gaps: ``found`` collects them, inner ones first."""

    found: list[str] = field(default_factory=list)

    def gap(self, _gap: Gap, inner: str, /) -> str:
        """Note the words that belong in the gap."""
        self.found.append(inner)
        return inner


ANKI: Flavour = AnkiFlavour()
PRINT: Flavour = PrintFlavour()
SOLVED: Flavour = PrintFlavour(solved=True)


@dataclass(frozen=True, slots=True)
class _TextFlavour(PrintFlavour):
    def gap(self, _gap: Gap, inner: str, /) -> str:
        return inner

    def picture(self, _name: str, alt: str, /) -> str:
        return html.escape(alt)

    sound = picture


_TEXT: Flavour = _TextFlavour()


def plain_text(text: str, *, block: bool = True) -> str:
    """Return a text without markup, in one line, its gaps filled: for names, tables and comparison.

    ``block`` is as for ``render``: without it «1. Mai» is no list, and keeps its figure.
    """
    rendered = render(text, _TEXT, block=block, cloze=True).html
    if "<" in rendered:
        rendered = re.sub(r"<[^>]*>", "", _BLOCK_TAG.sub(" ", rendered))
    return " ".join(html.unescape(rendered).split())
