"""What WeasyPrint 70 gets wrong for those who have a document read to them, mended where it is made.

Each of these can go when a test shows that a newer version needs it no longer. Nothing is imported here:
``pdf`` hands WeasyPrint over when it has loaded it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PRINTED = 4  # the flag of an annotation that is there on paper too (ISO 32000-1, 12.5.3)


def mend(weasyprint: Any) -> None:
    """Mend WeasyPrint, once a process."""
    if hasattr(weasyprint, "deckgen"):
        return
    weasyprint.deckgen = True
    _readings(weasyprint.pdf.fonts.Font)
    _tags(weasyprint.pdf.tags)
    _links(weasyprint)


def _readings(font: Any) -> None:
    """Let no glyph stand for nothing.

    WeasyPrint notes what a glyph stands for where it meets it first (``draw/text.py``). For an Arabic
    ligature with a vowel mark on its first letter that is nothing, and then it can be read nowhere in
    the document: neither copied nor spoken.
    """
    begin = font.__init__

    def init(self: Any, *args: Any, **options: Any) -> None:
        begin(self, *args, **options)
        self.to_unicode = _Readings(self.to_unicode)

    font.__init__ = init


class _Readings(dict[object, str]):
    """What glyphs stand for; WeasyPrint asks again for one that stands for nothing yet."""

    def __contains__(self, glyph: object) -> bool:
        return bool(self.get(glyph))


def _tags(tags: Any) -> None:
    """Keep the ``lang`` of an element and the ``scope`` of a head in their tags, and links on paper.

    WeasyPrint keeps the language of ``<html>`` alone (``pdf/tags.py``), so that words of another language
    are spoken as if they were of this one; and it tells a cell its heads, but not a head its cells.
    """
    build = tags._build_box_tree

    def built(box: Any, *around: Any) -> Iterator[Any]:
        element = getattr(box, "element", None)
        tongue = None if element is None or element.tag in ("html", "body") else element.get("lang")
        for made in build(box, *around):
            if tongue:
                made["Lang"] = tags.pydyf.String(tongue)
            if made["S"] == "/TH":
                row = element is not None and element.get("scope") == "row"
                made["A"]["Scope"] = "/Row" if row else "/Column"
            yield made
        if annotation := getattr(box, "link_annotation", None):
            annotation["F"] = _PRINTED

    tags._build_box_tree = built


def _links(weasyprint: Any) -> None:
    """Make one link of a link, not another one of each element in it, whose tag is none of a link.

    WeasyPrint does so for the sake of blocks in a link (``anchors.py``); there are none here.
    """
    gather = weasyprint.anchors.gather_anchors

    def gathered(
        box: Any, anchors: Any, links: Any, bookmarks: Any, forms: Any, matrix: Any = None, form: Any = None,
        _link: Any = None,
    ) -> None:  # fmt: skip
        gather(box, anchors, links, bookmarks, forms, matrix, form)

    weasyprint.anchors.gather_anchors = weasyprint.document.gather_anchors = gathered
