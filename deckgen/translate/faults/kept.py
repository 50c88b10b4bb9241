"""What a translation keeps of its source: gaps, placeholders, addresses, pictures. Each fault is an error."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from deckgen.decoding import ODD, suspicious
from deckgen.diagnostics import Code, Diagnostic, Source, codes
from deckgen.markup.names import unvaried
from deckgen.markup.scan import Scanned
from deckgen.translate.faults.base import AT_MOST, Compared, listed
from deckgen.translate.tags import primary


def characters(message: Compared) -> Iterator[Diagnostic]:
    """Control characters and direction marks without their partner, as in every file that is read."""
    if ODD.search(message.pair.text):
        for odd in islice(suspicious(Source("", message.pair.text)), AT_MOST):
            yield message.tell(odd.code, **odd.args)


def no_words(message: Compared) -> Iterator[Diagnostic]:
    """A translation has a letter or a digit, if its source has one."""
    if not _WORDY.search(message.text) and _WORDY.search(message.source):
        yield message.tell(codes.NO_WORDS)


_WORDY = re.compile(r"[^\W_]")


def gaps(message: Compared) -> Iterator[Diagnostic]:
    """The same gaps, with a hint where the source has one. How often a number stands may differ.

    A gap that is broken was told as that.
    """
    if message.pair.type != "cloze":
        return
    source, text = message.scanned
    if any(problem.code is codes.BROKEN_CLOZE for problem in text.problems):
        return
    there, here = _hints(source), _hints(text)
    if set(there) != set(here):
        yield message.tell(codes.OTHER_GAPS, here=listed(map(_gap, here)), there=listed(map(_gap, there)))
        return
    said = "no hint", "a hint"
    for number in here:
        if here[number] != there[number]:
            args = {"here": said[here[number]], "there": said[there[number]]}
            yield message.tell(codes.OTHER_HINT, gap=_gap(number), **args)


def _hints(scanned: Scanned) -> dict[int, bool]:
    """Return the numbers of the gaps in order, and whether one of that number has a hint."""
    found: dict[int, bool] = {}
    for gap in scanned.gaps:
        for number in gap.numbers:
            found[number] = found.get(number, False) or bool(gap.hint)
    return dict(sorted(found.items()))


def _gap(number: int) -> str:
    return f"c{number}"


def braces(message: Compared) -> Iterator[Diagnostic]:
    """As many braces are closed as are opened, if that is so in the source. A broken gap was told."""
    source, text = message.pair.source, message.pair.text
    if text.count("{") == text.count("}") or source.count("{") != source.count("}"):
        return
    if not any(problem.code is codes.BROKEN_CLOZE for problem in message.scanned[1].problems):
        yield message.tell(codes.UNBALANCED_BRACES, opened=text.count("{"), closed=text.count("}"))


def placeholders(message: Compared) -> Iterator[Diagnostic]:
    """Placeholders and formulas are kept; a formula's words and decimal mark may be the language's."""
    if any(map(_MAY_HOLD.search, message.written)):
        there, here = (_kept(each) for each in message.scanned)
        yield from _differing(message, codes.OTHER_PLACEHOLDER, there, here)


_MAY_HOLD = re.compile(r"[$%{]|\\[(\[]")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<![\d\s])%[sd]\b|\$\{\w+\}|(?<!\{)\{[A-Za-z_]\w*\}(?!\})")
_WORDS_OF_FORMULA = re.compile(r"\\(?:text|mathrm|mbox)\s*\{[^{}]*\}|[\s~]|\\[,;:! ]")
_DECIMAL = re.compile(r"(?<=\d)(?:\{,\}|,)(?=\d)")


def _kept(scanned: Scanned) -> Counter[str]:
    found = Counter(_DECIMAL.sub(".", _WORDS_OF_FORMULA.sub("", math.tex)) for math in scanned.maths)
    if "%" in scanned.text or "{" in scanned.text:
        found.update(_PLACEHOLDER.findall(scanned.text))
    return found


def links(message: Compared) -> Iterator[Diagnostic]:
    """Links lead to the same places, or to the same site in the other language."""
    if not any(":" in text for text in message.written):
        return
    there, here = (Counter(_LINK.findall(text)) for text in message.written)
    if there != here:
        local = [address for address in here - there if primary(message.tongues.target) in _parts(address)]
        for address in local:
            meant = next((each for each in there - here if _site(each) == _site(address)), None)
            if meant is not None:
                here[meant] += here.pop(address)
        yield from _differing(message, codes.OTHER_LINK, there, here)


_LINK = re.compile(
    r"(?:https?://|mailto:)[^\s<>()\[\]«»„“”\"‘’]*[^\s<>()\[\]«»„“”\"‘’.,;:!?*_]", re.IGNORECASE
)


def _parts(address: str) -> list[str]:
    return re.split(r"[^a-z0-9]", address.lower())


def _site(address: str) -> str:
    """Return the last two parts of an address's host: ``wikipedia.org``."""
    try:
        return ".".join((urlsplit(address).hostname or "").split(".")[-2:])
    except ValueError:  # brackets that are no IPv6 address
        return address


def pictures(message: Compared) -> Iterator[Diagnostic]:
    """The same pictures and sounds, or the variants for the language: ``map.fr.svg`` for ``map.svg``."""
    if "![" not in message.pair.source and "![" not in message.pair.text:
        return
    there, here = (Counter(_PICTURE.findall(text)) for text in message.written)
    if there != here:
        tags = {primary(tag) for tag in message.tongues} | set(message.tongues)
        for name in here - there:
            meant = next(
                (each for each in there - here if unvaried(each, tags) == unvaried(name, tags)), None
            )
            if meant is not None:
                here[meant] += here.pop(name)
        yield from _differing(message, codes.OTHER_PICTURE, there, here)


_PICTURE = re.compile(r"!\[[^\[\]]*\]\(\s*([^\s()<>]+)")


def _differing(
    message: Compared, code: Code, there: Counter[str], here: Counter[str]
) -> Iterator[Diagnostic]:
    if there != here:
        yield message.tell(code, here=listed(here - there), there=listed(there - here))
