"""Cut-out cards: deckgen against WeasyPrint used bare, on the same words in the same boxes.

The reference is WeasyPrint called with the same elements and words, each card and each text in it at the
same place in mm and in the same size, which it is told: it decides nothing, and looks at nothing afterwards.
Goal: at most 1.2 for 80 and for 1,000 items, and as much an item for 1,000 as for 80.
"""

from __future__ import annotations

import re

import paper

_CSS = (
    "section { position: relative; height: 296mm; break-after: page }"
    ".head { margin: 6.3mm 8.4mm 0; border-bottom: .4pt solid } .foot { position: absolute; bottom: 6.3mm }"
    ".head, .foot, i { font: 8pt/10pt 'deckgen Condensed' } p, ol, ul { margin: 0 } .more { font-size: 11pt }"
    "h1, .q { font-weight: 600; font-size: 1em } @page { size: A4; margin: 0 }"
)
_KEPT = re.compile(r"\.(?:card|text|[fbs]\d) \{.*")


def bare(_: str, folder: str) -> tuple[str, str]:
    """Return the same boxes with the same words, and the least style for them."""
    from deckgen import fonts
    from deckgen.backends.paper.cards import Cards, laid_out

    request = paper.request(folder)
    layout = laid_out(request).value
    assert layout is not None
    page = Cards(request, layout).page().value
    places = "".join(_KEPT.findall(page))
    body = re.sub(r"<style>.*?</style>| data-box|<div class=\"cuts\"></div>", "", page, flags=re.DOTALL)
    sheet = (
        fonts.stylesheet(fonts.faces(request.language))
        + f'html {{ font: 10pt/14pt "{fonts.SANS}"; hyphens: auto }}'
        + _CSS
        + places
    )
    return body, sheet


if __name__ == "__main__":
    paper.compare(__doc__, {"cards": "Cut-out cards"}, bare)
