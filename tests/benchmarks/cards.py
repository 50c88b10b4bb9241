"""Cut-out cards: deckgen against WeasyPrint used bare, on the same words in the same boxes.

The reference is WeasyPrint called with the same elements and words, each card and each text in it at the
same place in mm and in the same size, which it is told: it decides nothing, and looks at nothing afterwards.
Goal: at most 1.2 for 80 and for 1,000 items, and as much an item for 1,000 as for 80.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import measure
from measure import Measured
from paper import SIDES, _best, _request, write

_CSS = (
    "section { position: relative; height: 296mm; break-after: page }"
    ".head { margin: 6.3mm 8.4mm 0; border-bottom: .4pt solid } .foot { position: absolute; bottom: 6.3mm }"
    ".head, .foot, i { font: 8pt/10pt 'deckgen Condensed' } p, ol, ul { margin: 0 } .more { font-size: 11pt }"
    "h1, .q { font-weight: 600; font-size: 1em } @page { size: A4; margin: 0 }"
)
_KEPT = re.compile(r"\.(?:card|text|[fbs]\d) \{.*")


def deckgen(folder: str, times: str) -> Measured:
    """From the deck to the bytes of the PDF."""
    from deckgen.backends.paper.cards import CardsBackend
    from deckgen.backends.paper.pdf import available

    request = _request(folder)
    assert available()  # the import of WeasyPrint is not what is measured here

    def work() -> bytes:
        composed = CardsBackend().compose(request).value
        assert composed is not None
        content = composed.finish().value
        assert content is not None
        return content

    return _best(work, int(times))


def reference(folder: str, times: str) -> Measured:
    """The same boxes with the same words, and WeasyPrint alone."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from deckgen import fonts
    from deckgen.backends.paper.cards import Cards, laid_out

    request = _request(folder)
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

    def work() -> bytes:
        configuration = FontConfiguration()
        style = weasyprint.CSS(string=sheet, font_config=configuration)
        document = weasyprint.HTML(string=body).render(
            stylesheets=[style], font_config=configuration, pdf_variant="pdf/ua-1"
        )
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))

    return _best(work, int(times))


def main() -> None:
    """Measure each size and print the table."""
    measure.run_child({"deckgen": deckgen, "reference": reference, "write": write})
    wanted = measure.arguments(__doc__, sizes=(80, 1_000))
    rows = []
    for size in wanted.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure.child("write", Path(folder, "bench"), size)
            short = size < 500
            ours, theirs = measure.in_turn(
                [(side, Path(folder, "bench"), wanted.runs if short else 2) for side in SIDES],
                best_of=4 if short else 1,
            )
        rows.append([f"{size:,}", f"{ours['pages']} / {theirs['pages']}", *measure.compared(ours, theirs)])
    head = ["items", "pages", "deckgen", "WeasyPrint", "ratio", "memory", "WeasyPrint", "ratio"]
    measure.table("Cut-out cards (goal: a ratio of at most 1.2)", head, rows)


if __name__ == "__main__":
    main()
