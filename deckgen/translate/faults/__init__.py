"""What is wrong in a translation that can be seen without knowing its language well.

One rule is one function; ``FAULTS`` names them all. An error would show the learner something broken; a
warning is worth a translator's second look, and is only given where it mostly is right: who has learned to
skip false alarms skips the others as well. What any text can have wrong, translated or not (HTML, links that
are not allowed, broken gaps and stars), the ordinary checks find in the translated deck: ``checks.texts``.
"""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.diagnostics import Diagnostic, codes
from deckgen.translate.faults import kept, punctuation, wording
from deckgen.translate.faults.base import Compared, Fault, Pair, Tongues
from deckgen.translate.glossary import Glossary

__all__ = ["FAULTS", "Compared", "Fault", "Glossary", "Pair", "Tongues", "faults"]

FAULTS: tuple[Fault, ...] = (
    kept.characters,
    kept.no_words,
    kept.gaps,
    kept.braces,
    kept.placeholders,
    kept.links,
    kept.pictures,
    wording.unchanged,
    wording.other_figures,
    wording.emphasis,
    wording.lists,
    wording.length,
    punctuation.end,
    punctuation.marks,
    punctuation.quotation,
    wording.terms,
    wording.answers,
)


def faults(pair: Pair, tongues: Tongues, glossary: Glossary) -> Iterator[Diagnostic]:
    """Find what is wrong in a translation, the errors first.

    One that is no translation at all is told as that alone.
    """
    message = Compared(pair, tongues, glossary)
    for fault in FAULTS:
        alone = False
        for diagnostic in fault(message):
            yield diagnostic
            alone = diagnostic.code in (codes.NO_WORDS, codes.UNCHANGED)
        if alone:
            return
