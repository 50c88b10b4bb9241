"""What rules by language are found by: the longest part of a tag that a table has."""

from __future__ import annotations

from collections.abc import Collection


def nearest(tag: str, known: Collection[str]) -> str:
    """Return the longest beginning of a BCP 47 tag that is among ``known``, or an empty text."""
    parts = tag.split("-")
    beginnings = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((each for each in beginnings if each in known), "")


def primary(tag: str) -> str:
    """Return the language of a tag, without its script, region and variants: ``de`` of ``de-simple``."""
    return tag.partition("-")[0].lower()
