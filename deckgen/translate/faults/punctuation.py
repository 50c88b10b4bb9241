"""How a translation ends, and the marks of its script and language. Each fault is a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.diagnostics import Diagnostic, codes
from deckgen.translate.faults import quotes
from deckgen.translate.faults.base import Compared
from deckgen.translate.tags import primary

_STOP, _QUESTION, _NONE = "a full stop", "a question mark", "no mark"
_ENDS = {
    _STOP: ".。．｡।۔։።။។",
    _QUESTION: "?？؟;՞፧",
    "an exclamation mark": "!！՜",
    "a colon": ":：",
    "an ellipsis": "…",
}
_END_OF = {mark: name for name, marks in _ENDS.items() for mark in marks}
_BEHIND = " \u00a0\u202f\"'’‘“”»«›‹„)]」』】）〉》*_\u2069\u200f\u200e"
_ASKS = re.compile("[?？؟;՞፧]")
_ABBREVIATED = re.compile(
    r"(?<!\w)(?:\w|\w+\.\s?\w|etc|usw|bzw|co|al|inc|ltd|jh|ff|т\. ?д|др)\.\Z", re.IGNORECASE
)
_NO_STOPS = frozenset({"th", "lo", "km", "my", "ja", "zh", "yue"})  # or not after what is no sentence


def end(message: Compared) -> Iterator[Diagnostic]:
    """A text ends like its source: quiz options with a full stop among such without stand out.

    The last of several sentences may be a question in one language and a request in the other («Name
    three.»). A text told anew makes sentences of what was none.
    """
    there, here = _end(message.source), _end(message.text)
    if there == here or "etc" in (there, here):
        return
    if {there, here} == {_STOP, _QUESTION}:
        fine = message.tongues.retold or all(map(_ASKS.search, (message.source, message.text)))
    elif here == _NONE:
        fine = there == _STOP and primary(message.tongues.target) in _NO_STOPS
    else:
        fine = message.tongues.retold and there == _NONE
    if not fine:
        yield message.tell(codes.OTHER_END, here=here, there=there)


def _end(text: str) -> str:
    core = text.rstrip(_BEHIND)
    if core.endswith("..."):
        return "an ellipsis"
    mark = core[-1:]
    if mark == "." and _ABBREVIATED.search(core):
        return "etc"
    return _END_OF.get(mark, _NONE)


# A mark of another script, by the letter before it.
_FOREIGN = re.compile(
    r"(?P<arabic>[\u0620-\u06ff])[\"”»)]*\?|(?P<han>[\u3040-\u30ff\u3400-\u9fff])[\"”」』)]*[?!.](?!\w)"
    r"|(?P<greek>[\u0370-\u03ff])[\"”»)]*\?|(?P<armenian>[\u0531-\u0587])[\"”»)]*[?.]"
)
_RIGHT = {
    "?": {"arabic": "؟", "han": "？", "greek": ";", "armenian": "՞"},
    ".": {"han": "。", "armenian": "։"},
}
_INVERTED = frozenset({"es", "ast"})


def marks(message: Compared) -> Iterator[Diagnostic]:
    """Questions and sentences end with the marks of their script; Spanish ones begin with one as well."""
    if match := _FOREIGN.search(message.text):
        mark = match.group()[-1]
        right = _RIGHT.get(mark, {}).get(match.lastgroup or "", "！")
        yield message.tell(codes.FOREIGN_MARK, mark=mark, right=right)
    elif primary(message.tongues.target) in _INVERTED:
        for mark, first in (("?", "¿"), ("!", "¡")):
            if message.text.count(first) < message.text.count(mark):
                yield message.tell(codes.FOREIGN_MARK, mark=f"…{mark}", right=f"{first}…{mark}")


def quotation(message: Compared) -> Iterator[Diagnostic]:
    """Quotation marks are those of the language; straight ones only where the source has them too."""
    straight = '"' in message.pair.source
    for mark in quotes.foreign(message.text, message.tongues.target):
        if not (mark == '"' and straight):
            own = quotes.own(message.tongues.target)
            yield message.tell(codes.FOREIGN_QUOTES, mark=mark, right=f"{own[0]}…{own[1]}")
            return
