"""Files are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from deckgen.diagnostics import Diagnostic, Result, Span, codes, reason_of


def shown(path: Path) -> str:
    """Return a path as people are shown it: relative to where they stand if it is below, with ``/``."""
    with contextlib.suppress(ValueError, OSError, RuntimeError):  # the last: a link to itself, before 3.13
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    return path.as_posix()


def write_whole(path: Path, content: bytes, scratch: Path | None = None) -> Diagnostic | None:
    """Write a file by a temporary one and a rename; return what prevented it, if anything.

    The temporary file stands beside it, or in the folder ``scratch`` if that is on the same disk: there,
    what a killed program leaves is in nobody's way. A file that already has this content is left alone,
    with its time.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == content:
            return None
        folder = scratch if scratch and _on_one_disk(scratch, path.parent) else path.parent
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=folder)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
        temporary = None
    except OSError as error:
        args = {"file": shown(path), "reason": reason_of(error)}
        return Diagnostic(codes.UNWRITABLE, Span(shown(path)), args)
    finally:  # an interruption from the keyboard leaves nothing behind either
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
    return None


def _on_one_disk(scratch: Path, folder: Path) -> bool:
    """Whether a file can be moved from one folder into the other; the first is made if need be."""
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        return os.access(scratch, os.W_OK) and scratch.stat().st_dev == folder.stat().st_dev
    except OSError:
        return False


def names_in(folder: Path) -> Result[list[str]]:
    """Return the names in a folder in their order; none if there is no such folder."""
    try:
        return Result(sorted(path.name for path in folder.iterdir()))
    except (FileNotFoundError, NotADirectoryError):
        return Result([])
    except OSError as error:
        return Result([], (Diagnostic(codes.UNREADABLE, Span(shown(folder)), {"reason": reason_of(error)}),))
