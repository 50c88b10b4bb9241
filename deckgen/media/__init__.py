"""The files in a deck's ``media/``: which can be used, and what is wrong with them, by their contents too.

``formats`` knows files by their first bytes, ``svg`` reads drawings. Whether a text names a file is no matter
of the folder: ``checks`` tells that.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from deckgen.diagnostics import Diagnostic, Result, Span, codes, reason_of
from deckgen.files import names_in, shown
from deckgen.markup.names import LONGEST, PICTURES, SOUNDS, is_name
from deckgen.media import formats, svg

LARGE = 5 * 1024 * 1024  # bytes from which a file is large
HUGE = 20 * 1024 * 1024  # bytes from which it is refused, and not read
ENDINGS = ", ".join(f".{ending}" for ending in (*PICTURES, *SOUNDS))


def look(folder: Path) -> Result[frozenset[str]]:
    """Return the names of the files in a media folder that a text can name, with all that is wrong there."""
    listed = names_in(folder)
    found = list(listed.diagnostics)
    names: list[str] = []
    by_letters: dict[str, str] = {}
    by_content: dict[str, str] = {}
    for name in listed.value:
        if name.startswith("."):
            continue
        path, span = folder / name, Span(f"{shown(folder)}/{name}")
        refused = _refused(path, span)
        if refused is not None:
            found.append(refused)
            continue
        names.append(name)
        if (other := by_letters.setdefault(name.casefold(), name)) != name:
            found.append(Diagnostic(codes.MEDIA_CASE, span, {"name": name, "other": other}))
        size = path.stat().st_size
        if size > HUGE:
            args = {"size": f"{size / 1024**2:.1f}", "limit": HUGE // 1024**2}
            found.append(Diagnostic(codes.HUGE_MEDIA, span, args))
            continue
        content = path.read_bytes()
        found += _faults(name, content, span)
        if (other := by_content.setdefault(hashlib.sha256(content).hexdigest(), name)) != name:
            found.append(Diagnostic(codes.SAME_MEDIA, span, {"name": name, "other": other}))
    return Result(frozenset(names), tuple(found))


def usable(folder: Path) -> frozenset[str]:
    """Return the names of the files in a media folder that a text can name."""
    names = names_in(folder).value
    return frozenset(name for name in names if _refused(folder / name, Span("")) is None)


def _refused(path: Path, span: Span) -> Diagnostic | None:
    """Return why a file cannot be used, whatever its content; a link that leads out of the folder is one."""
    own = path.parent.parent.resolve() / path.parent.name
    try:
        inside = path.resolve(strict=True).parent == own
    except RuntimeError:  # a link that leads to itself, before Python 3.13
        inside = False
    except OSError as error:
        return Diagnostic(codes.MEDIA_ELSEWHERE, span, {"reason": reason_of(error)})
    if not inside:
        return Diagnostic(codes.MEDIA_ELSEWHERE, span, {"reason": "it is a link that leads out of media/"})
    if not path.is_file():
        reason = "it is a folder" if path.is_dir() else "it is no file"
    elif not is_name(path.name):
        reason = f"its name is longer than {LONGEST} characters" if len(path.name) > LONGEST else "its name"
    elif not os.access(path, os.R_OK):
        return Diagnostic(codes.MEDIA_ELSEWHERE, span, {"reason": "it may not be read"})
    else:
        return None
    return Diagnostic(codes.MEDIA_NAME, span, {"reason": reason, "endings": ENDINGS})


def _faults(name: str, content: bytes, span: Span) -> Iterator[Diagnostic]:
    """Yield what is wrong with a file's content."""
    if len(content) > LARGE:
        yield Diagnostic(codes.LARGE_MEDIA, span, {"size": f"{len(content) / 1024**2:.1f}"})
    fault = formats.fault(name, content)
    if fault is not None:
        yield Diagnostic(fault.code, span, fault.args)
    elif name.endswith(".svg"):
        for one in svg.faults(content):
            place = Span(span.file, one.line, one.column, one.line, one.column + 1)
            yield Diagnostic(one.code, place, one.args)


__all__ = ["ENDINGS", "HUGE", "LARGE", "look", "usable"]
