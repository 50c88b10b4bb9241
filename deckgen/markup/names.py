"""Names of media files: what they may be, and which file stands for one in a language.

A file can have variants by language, ``map.ar.svg`` beside ``map.svg``: an item names ``map.svg``, and each
deck shows the nearest one that there is.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

PICTURES = ("png", "jpg", "jpeg", "webp", "svg")
SOUNDS = ("mp3", "m4a", "ogg", "opus", "wav", "flac")
LONGEST = 100  # characters of a name

# Not the names of devices, which Windows gives to no file whatever their ending.
_NAME = re.compile(
    rf"(?=.{{1,{LONGEST}}}\Z)(?!(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])\.)"
    rf"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*\.(?:{'|'.join(PICTURES + SOUNDS)})\Z"
)


def is_name(name: str) -> bool:
    """Whether a file of this name can be named in a text."""
    return _NAME.match(name) is not None


def is_sound(name: str) -> bool:
    """Whether a file is heard, not seen."""
    return name.rpartition(".")[2] in SOUNDS


def variants(name: str, tag: str) -> Iterator[str]:
    """Yield the files that may stand for ``name`` in a language, the nearest first.

    For ``map.svg`` in ``pt-BR``: ``map.pt-BR.svg``, ``map.pt.svg``, ``map.svg``.
    """
    stem, _, ending = name.rpartition(".")
    while tag:
        yield f"{stem}.{tag}.{ending}"
        tag = tag.rpartition("-")[0]
    yield name


def chosen(name: str, tag: str, files: Container[str]) -> str | None:
    """Return the one of ``files`` that stands for ``name`` in a language; None if there is none."""
    return next((each for each in variants(name, tag) if each in files), None)


def unvaried(name: str, tags: Container[str]) -> str:
    """Return the name that a variant in one of the languages ``tags`` stands for: ``map.svg``."""
    stem, _, ending = name.rpartition(".")
    base, _, tag = stem.rpartition(".")
    return f"{base}.{ending}" if base and tag in tags else name
