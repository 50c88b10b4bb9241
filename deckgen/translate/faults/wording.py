"""What a translation says: its figures, terms, emphasis, entries and length. Each fault is a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.diagnostics import Diagnostic, codes
from deckgen.markup import PRINT, render
from deckgen.markup.scan import MARKER, MATH, OPEN, Scanned
from deckgen.model import FieldType
from deckgen.translate.faults import figures
from deckgen.translate.faults.base import Compared, listed
from deckgen.translate.stems import UNSPACED, WORD, fold, stands

_SMALL_WORD = re.compile(r"(?<![\w·])[^\W\d_]{2,}")
_FEW = 3  # words in small letters that make a sentence


def unchanged(message: Compared) -> Iterator[Diagnostic]:
    """A whole sentence is not the same in two languages. Names, figures, terms and titles of works are.

    Where a source is told anew in its language, a short sentence may stay; only long ones are told.
    """
    pair = message.pair
    if pair.source.strip() != pair.text.strip() or pair.ctxt.startswith("@essay."):
        return
    words = sum(not word[0].isupper() for word in _SMALL_WORD.findall(message.text))
    words += len(UNSPACED.findall(message.text)) // 3
    if words >= (4 * _FEW if message.tongues.retold else _FEW):
        yield message.tell(codes.UNCHANGED)


def other_figures(message: Compared) -> Iterator[Diagnostic]:
    """The figures are the same ones."""
    if not (_DIGIT.search(message.source) or _DIGIT.search(message.text)):
        return
    lost, new = figures.differences(message.source, message.text, *message.tongues)
    if lost or (new and not message.tongues.retold):  # Leichte Sprache explains, with years and numbers
        yield message.tell(codes.OTHER_FIGURES, here=listed(new), there=listed(lost))


_DIGIT = re.compile(r"\d")


def emphasis(message: Compared) -> Iterator[Diagnostic]:
    """What is emphasised stays so. Scripts without italics need not keep the weak emphasis."""
    if not _STARRED.search(message.pair.source):
        return
    there, here = (_html(text, message.pair.type) for text in message.written)
    strong, weak = (there.count(tag) for tag in ("<strong>", "<em>"))
    kept = here.count("<strong>") + here.count("<em>")
    if kept < strong + (0 if _UPRIGHT.search(message.text) else weak):
        yield message.tell(codes.LOST_EMPHASIS, here=kept, there=strong + weak)


_STARRED = re.compile(r"(?<!\\)[*_]|^#", re.MULTILINE)
_UPRIGHT = re.compile(r"[\u0590-\u0dff\u0e00-\u0fff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _html(text: str, form: FieldType) -> str:
    return render(text, PRINT, block=form != "line", cloze=form == "cloze").html


def lists(message: Compared) -> Iterator[Diagnostic]:
    """Lists and tables keep their entries; in another form of the same language they may gain some."""
    if message.pair.type == "line" or not any(map(_LISTED.search, message.written)):
        return
    there, here = (_entries(_html(text, message.pair.type)) for text in message.written)
    if here < there or (here > there and not message.tongues.retold):
        yield message.tell(codes.OTHER_LIST, here=here, there=there)


_LISTED = re.compile(r"^\s*(?:[-+*]|\d{1,9}[.)])\s|^.*\|.*$", re.MULTILINE)


def _entries(html: str) -> int:
    return html.count("<li>") + html.count("<tr")


# The least and the most that a translation has of its source's length, by the source's characters.
_RATIOS = ((100, 0.55, 1.75), (60, 0.5, 2.0))
_RETOLD = ((60, 0.4, 4.0),)
# How much more a character says than a Latin or Cyrillic one, roughly, by the lengths of the same texts.
_DENSE = ((UNSPACED, 2.0), (re.compile(r"[\uac00-\ud7af]"), 1.0), (re.compile(r"[\u0590-\u06ff]"), 0.25))


def length(message: Compared) -> Iterator[Diagnostic]:
    """A translation of some length is not half or twice as long as its source.

    Measured on a whole deck, German into English, French, Spanish, Turkish, Ukrainian and Arabic: 0.6 to 1.8
    times as long from 60 characters on, 0.63 to 1.47 from 100. Shorter texts and terms are not looked at.
    """
    there = _size(message.source)
    ratios = _RETOLD if message.tongues.retold else _RATIOS
    for longer, least, most in ratios:
        if there >= longer and not message.pair.ctxt.endswith(".term"):
            ratio = _size(message.text) / there
            if not least <= ratio <= most:
                yield message.tell(codes.OTHER_LENGTH, percent=round(100 * ratio))
            return


def _size(text: str) -> float:
    if text.isascii():
        return len(text)
    return len(text) + sum(more * len(dense.findall(text)) for dense, more in _DENSE)


def terms(message: Compared) -> Iterator[Diagnostic]:
    """A term is called everywhere what it is called as a term of its own.

    But not where the item's own term has that word in it: a definition must not give its term away.
    """
    if message.pair.ctxt.endswith(".term"):
        return  # where that is decided
    item = message.pair.ctxt.partition(".")[0]
    for term in message.glossary.found(message.source, message.tongues.source):
        if item not in term.items and not any(
            stands(each, message.text, message.tongues.target) for each in term.translations
        ):
            own = [
                each for other in message.glossary.terms if item in other.items for each in other.translations
            ]
            if any(stands(each, name, message.tongues.target) for each in term.translations for name in own):
                continue
            names = " / ".join(term.translations)
            yield message.tell(codes.OTHER_TERM, term=term.name[:60], translation=names[:80])


def answers(message: Compared) -> Iterator[Diagnostic]:
    """What a gap asks for does not stand outside of it, unless it does so in the source."""
    if message.pair.type != "cloze":
        return
    source, text = message.scanned
    if not set(_given_away(source, message.tongues.source)):
        yield from (
            message.tell(codes.GIVEN_AWAY, words=words[:60])
            for words in dict.fromkeys(_given_away(text, message.tongues.target))
        )


def _given_away(scanned: Scanned, tag: str) -> Iterator[str]:
    """Yield the answers whose words all stand outside of the gaps with their number, in whole words.

    Words of four letters and more count, wherever they stand; an answer without one counts as a whole.
    """
    for number in sorted({number for gap in scanned.gaps for number in gap.numbers}):
        inside, outside = _divided(scanned, number)
        there = WORD.findall(fold(outside, tag))
        for answer in inside:
            words = WORD.findall(fold(answer, tag))
            long = [word for word in words if len(word) >= 4]
            if UNSPACED.search(answer):
                given = len(answer.strip()) > 1 and answer.strip() in outside
            elif long:
                given = set(long) <= set(there)
            else:
                given = len("".join(words)) > 1 and f" {' '.join(words)} " in f" {' '.join(there)} "
            if given:
                yield answer.strip()


def _divided(scanned: Scanned, number: int) -> tuple[list[str], str]:
    """Return what the gaps of a number ask for, and everything that is read while they are open.

    The hints of these gaps are read as well.
    """
    inside: list[str] = []
    outside: list[str] = [gap.hint for gap in scanned.gaps if number in gap.numbers]
    depth = 0  # within gaps of this number
    position = 0
    for match in MARKER.finditer(scanned.text):
        piece = scanned.text[position : match.start()]
        (inside if depth else outside).append(piece)
        kind, index = match.group(1), int(match.group(2))
        if kind != MATH and number in scanned.gaps[index].numbers:
            depth += 1 if kind == OPEN else -1
        position = match.end()
    outside.append(scanned.text[position:])
    return inside, " ".join(outside)
