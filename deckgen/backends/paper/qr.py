"""An address as a QR code (ISO/IEC 18004), drawn as inline SVG. The one user of segno, imported late."""

from __future__ import annotations

import html
from itertools import groupby

_LEAST = 24.0  # mm: what a telephone reads from a hand's breadth away
_MODULE = 0.5  # mm at least: what an office printer prints and a copier copies
_QUIET = 4  # modules of white around it, as the standard asks


def svg(url: str, title: str) -> str:
    """Return the code as an SVG element with a ``title``; a long address makes it larger than 24 mm."""
    import segno

    rows = [bytes(row) for row in segno.make_qr(url, error="m").matrix_iter(border=_QUIET)]
    width = len(rows)
    size = max(_LEAST, width * _MODULE)
    dark = []
    for y, row in enumerate(rows):
        x = 0
        for on, run in groupby(row):
            length = len(tuple(run))
            if on:
                dark.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" width="{size:g}mm" height="{size:g}mm" '
        f'viewBox="0 0 {width} {width}"><title>{html.escape(title)}</title>'
        f'<path fill="#fff" d="M0 0h{width}v{width}h-{width}z"/><path d="{"".join(dark)}"/></svg>'
    )
