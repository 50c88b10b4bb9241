"""What was made before, found by the hash of all it was made from.

An entry is a file of its own in ``.deckgen/cache``: the hash of its content, then the content. One that is
broken or half written is no entry. The folder holds nothing that cannot be made again, so nothing that
goes wrong with it is an error: without it everything takes longer.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.parser import HeaderParser
from functools import cache
from importlib import metadata
from pathlib import Path

from deckgen import __version__
from deckgen.diagnostics import Diagnostic, Span, codes, reason_of
from deckgen.files import shown, write_whole

FOLDER = ".deckgen"
KEPT = 30 * 24 * 3600  # seconds for which an entry that nobody asks for is kept
_HASH = 32  # bytes of SHA-256
_EXTRAS = ("cjk", "hebrew")  # of deckgen: those that change what is made
_REQUIREMENT = re.compile(r"\s*([\w.-]+)\s*(?:\[([\w., -]*)\])?")  # fonttools[woff]
_EXTRA = re.compile(r"\bextra\s*==\s*[\"']([\w.-]+)")  # ; extra == "woff"
_SEPARATORS = re.compile(r"[-_.]+")  # one is as good as another in a package's name


def digest(*values: object) -> str:
    """Return a hash (hexadecimal) of plain values: equal values have equal ones on every machine.

    Texts, bytes, numbers, mappings, sequences, sets, enumerations and dataclasses of these are plain.
    Places in files are left out: they say nothing of what is made. Raises ``TypeError`` for anything else.
    """
    hasher = hashlib.sha256()
    _feed(hasher.update, values)
    return hasher.hexdigest()


def _feed(feed: Callable[[bytes], None], value: object) -> None:
    if isinstance(value, str):
        content = value.encode("utf-8", "surrogatepass")
        feed(b"s%d:" % len(content))
        feed(content)
    elif isinstance(value, Span):
        pass
    elif isinstance(value, bytes):
        feed(b"b%d:" % len(value))
        feed(value)
    elif value is None or isinstance(value, (bool, int, float)):
        feed(f"n{value!r};".encode())
    elif isinstance(value, (tuple, list)):
        feed(b"(")
        for each in value:
            _feed(feed, each)
        feed(b")")
    elif isinstance(value, Mapping):
        feed(b"{")
        for key, each in value.items():
            _feed(feed, key)
            _feed(feed, each)
        feed(b"}")
    elif isinstance(value, (set, frozenset)):
        _feed(feed, sorted(digest(each) for each in value))
    elif isinstance(value, enum.Enum):
        _feed(feed, value.value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        feed(f"<{type(value).__name__}".encode())
        for part in dataclasses.fields(value):
            _feed(feed, getattr(value, part.name))
        feed(b">")
    elif isinstance(value, Path):  # where a folder lies says nothing of what is in it
        _feed(feed, value.name)
    else:
        message = f"nothing is known of the hash of {type(value).__name__}"
        raise TypeError(message)


def contents(paths: Iterable[Path], *, endings: tuple[str, ...] = ("",)) -> str:
    """Return a hash of files, and of those below folders whose names end so: their names and bytes.

    Hidden ones are left out. Links are followed, as those who read the files follow them.
    """
    hasher = hashlib.sha256()
    for top in paths:
        for path in _below(top) if top.is_dir() else [top]:
            if not path.name.lower().endswith(endings):
                continue
            with contextlib.suppress(OSError):
                if path.is_file():
                    inside = (top.name, *path.relative_to(top).parts, "")
                    hasher.update("/".join(inside).encode("utf-8", "surrogatepass"))
                    hasher.update(hashlib.sha256(path.read_bytes()).digest())
    return hasher.hexdigest()


def _below(folder: Path, above: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield what stands below a folder and is not hidden, in order; no link is followed back ``above``."""
    here = os.path.realpath(folder)
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            if path.name.startswith((".", "__pycache__")):
                continue
            if not path.is_dir():
                yield path
            elif os.path.realpath(path) not in (*above, here):
                yield from _below(path, (*above, here))


@cache
def programs() -> str:
    """Return a hash of deckgen itself and of the versions of all that it is made of and works with.

    These are the libraries that it needs, those that they need, its fonts, and PyICU if it is there, for it
    orders the glossary. The libraries of the system, Pango and ICU, are left out: to ask them is to load
    them. After an upgrade of these, ``deckgen clean`` has all made anew.
    """
    return digest(__version__, contents([Path(__file__).parent], endings=(".py",)), _versions())


def _versions() -> dict[str, str]:
    """Return the versions of the packages that are installed for deckgen, by their names in order."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    left = [("deckgen", extra) for extra in ("", *_EXTRAS)] + [("pyicu", "")]
    while left:
        name, extra = left.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name], needed = _package(name)
            left += [(other, part) for other, part, only in needed if only == extra]
    return dict(sorted(found.items()))


def _package(name: str) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """Return a package's version, and what it needs: the package, the extra of that, and for which extra.

    No extra is an empty name. Of what it has to say of itself, only the head is read: that is fast.
    """
    package = metadata.distribution(name)
    text = package.read_text("METADATA") or package.read_text("PKG-INFO") or ""
    head = HeaderParser().parsestr(text.partition("\n\n")[0])
    needed = []
    for line in head.get_all("Requires-Dist", []):
        if asked := _REQUIREMENT.match(line):
            only = _EXTRA.search(line)
            other = _SEPARATORS.sub("-", asked[1]).lower()
            parts = ("", *(asked[2] or "").replace(" ", "").split(","))
            needed += [(other, part, only[1] if only else "") for part in dict.fromkeys(parts)]
    return head.get("Version", ""), tuple(needed)


def forget(workspace: Path) -> tuple[Path | None, Diagnostic | None]:
    """Delete all that was kept in a workspace; return the folder if there was one, or what prevented it."""
    folder = workspace / FOLDER
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
        else:
            return None, None
    except OSError as error:
        args = {"file": shown(folder), "reason": reason_of(error)}
        return None, Diagnostic(codes.UNWRITABLE, Span(shown(folder)), args)
    return folder, None


@dataclasses.dataclass(frozen=True, slots=True)
class Cache:
    """What was made in a workspace; without a ``folder`` it remembers nothing."""

    folder: Path | None = None

    def _file(self, key: str) -> Path | None:
        return None if self.folder is None else self.folder / key[:2] / key[2:]

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a hash; None if there is nothing, or nothing whole."""
        file = self._file(key)
        if file is None:
            return None
        try:
            stored = file.read_bytes()
            content = stored[_HASH:]
            if hashlib.sha256(content).digest() != stored[:_HASH]:
                return None
            os.utime(file)  # it is wanted still
        except OSError:
            return None
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep something under a hash, if the folder lets us."""
        file = self._file(key)
        if file is None or self.folder is None:
            return
        if not (mark := self.folder.parent / ".gitignore").exists():
            write_whole(mark, b"*\n")
        write_whole(file, hashlib.sha256(content).digest() + content)

    def trim(self) -> None:
        """Forget what nobody has asked for in a month, by the clock of the file system."""
        if self.folder is None or not self.folder.is_dir():
            return
        with contextlib.suppress(OSError):
            mark = self.folder.parent / ".gitignore"
            os.utime(mark)
            oldest = mark.stat().st_mtime - KEPT
            for file in self.folder.glob("??/*"):
                if file.stat().st_mtime < oldest:
                    file.unlink()
