"""Pages side by side on sheets that are folded and stapled. The one user of pikepdf, imported late."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any, NamedTuple

MOST = 80  # pages in one signature: 20 sheets are what a stapler holds and a hand can fold


class Side(NamedTuple):
    """A side of a sheet: the pages on its two halves, from 0; None is a blank."""

    left: int | None
    right: int | None


def signatures(pages: int) -> tuple[range, ...]:
    """Return the pages of each pile of sheets that is folded once and stapled, blanks at the end with them.

    A sheet has four pages. More than ``MOST`` pages are parted into piles of about equal size.
    """
    sheets = -(-pages // 4)
    piles = -(-4 * sheets // MOST)
    cuts = [4 * (sheets * number // piles) for number in range(piles)]
    return tuple(range(first, last) for first, last in pairwise((*cuts, 4 * sheets)))


def sides(pages: int, *, rtl: bool = False) -> tuple[Side, ...]:
    """Return the sides of the sheets in the order they are printed: front and back of each in turn.

    What is read from right to left is bound on the right.
    """
    found: list[Side] = []
    for pile in signatures(pages):
        for at in range(len(pile) // 2):
            pair = (pile[at], pile[-1 - at]) if at % 2 else (pile[-1 - at], pile[at])
            left, right = (page if page < pages else None for page in (reversed(pair) if rtl else pair))
            found.append(Side(left, right))
    return tuple(found)


def imposed(content: bytes, *, rtl: bool = False, told: str = "") -> bytes:
    """Return a PDF with the pages of another two by two on landscape sheets, each as large as it was.

    Its title and language stay; ``told`` is said in its metadata. Tags are lost, so it is for print only.
    Equal input gives equal bytes.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as booklet:
        forms = [booklet.copy_foreign(page.as_form_xobject()) for page in source.pages]
        width, height = (float(size) for size in source.pages[0].mediabox[2:])
        for side in sides(len(forms), rtl=rtl):
            page = booklet.add_blank_page(page_size=(2 * width, height))
            halves = ((side.left, 0.0), (side.right, width))
            drawn = [(number, x) for number, x in halves if number is not None]
            resources = {f"/P{number}": forms[number] for number, _ in drawn}
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(resources))
            commands = "".join(f"q 1 0 0 1 {x:.3f} 0 cm /P{number} Do Q\n" for number, x in drawn)
            page.Contents = booklet.make_stream(commands.encode())
        _describe(source, booklet, told)
        out = io.BytesIO()
        booklet.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _describe(source: Any, booklet: Any, told: str) -> None:
    """Take over what a document says of itself, and say how to print it."""
    for name, value in source.docinfo.items():
        booklet.docinfo[name] = booklet.make_indirect(str(value))
    if told:
        booklet.docinfo["/Subject"] = booklet.make_indirect(told)
    booklet.Root.Lang = source.Root.Lang
    booklet.Root.ViewerPreferences = {"/DisplayDocTitle": True, "/Duplex": "/DuplexFlipShortEdge"}
