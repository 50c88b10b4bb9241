"""Drawings (SVG) that only draw: no script, nothing from elsewhere, nothing that never ends.

A script in a picture can run where cards are shown, and a drawing that fetches something tells somebody who
learns what. It is read by expat, which is part of Python, and by no parser that would do what it says: a
document type with declarations of its own is refused before any of them counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from deckgen.diagnostics import Code, codes

SVG = "http://www.w3.org/2000/svg"
XHTML = "http://www.w3.org/1999/xhtml"
MAX_DEPTH = 100  # elements in each other
MAX_ELEMENTS = 100_000  # with those that <use> draws again
AT_MOST = 5  # faults of one file that are told

# Elements that run something, or that hold a page or another document (SVG 2, chapters 12, 15 and 17).
_ACTIVE = frozenset(
    {"script", "handler", "listener"}
    | {"foreignobject", "iframe", "object", "embed"}
    | {"audio", "video", "canvas"}
)
_ANIMATED = frozenset({"animate", "set", "animatetransform", "animatemotion"})
_INSIDE = re.compile(r"#|data:(?:image/(?:png|jpe?g|gif|webp)|font/[a-z0-9-]+)[;,]|\Z", re.IGNORECASE)
_SCRIPT = re.compile(r"[\s\x00-\x20]*(?:java|vb|live)script:", re.IGNORECASE)
_URL = re.compile(r"""\b(?:url|src|image|image-set)\(\s*["']?\s*([^"')]*)""", re.IGNORECASE)
_IMPORT = re.compile(r"@import\b[^;]*", re.IGNORECASE)
_QUOTED = re.compile(r"""["']\s*((?:[a-z][a-z0-9+.-]*:)?//[^"']*)""", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class Fault(NamedTuple):
    """What is wrong in a drawing, and where: line and column count from 1."""

    code: Code
    line: int
    column: int
    args: Mapping[str, object]


class _StopError(Exception):
    """Ends the reading: what follows would cost too much, or is no drawing."""


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.entity
        self.parser.SkippedEntityHandler = self.entity
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.found: list[Fault] = []
        self.open: list[str] = []  # the local names of the elements that are open
        self.style = ""
        self.weights = _Weights()

    def read(self, content: bytes) -> list[Fault]:
        try:
            self.parser.Parse(content, True)
        except _StopError:
            pass
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "") or "it cannot be read"
            self.found.append(Fault(codes.BROKEN_SVG, error.lineno, error.offset + 1, {"reason": reason}))
        except (LookupError, ValueError) as error:  # an encoding that nobody has
            self.found.append(Fault(codes.BROKEN_SVG, 1, 1, {"reason": str(error)[:80]}))
        else:
            if self.weights.endless():
                self.tell(codes.BROKEN_SVG, reason=f"<use> draws more than {MAX_ELEMENTS} elements")
        return self.found[:AT_MOST]

    def tell(self, code: Code, **args: object) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        self.found.append(Fault(code, line, column + 1, args))
        if len(self.found) >= AT_MOST:
            raise _StopError

    def stop(self, reason: str) -> None:
        self.tell(codes.BROKEN_SVG, reason=reason)
        raise _StopError

    # What stands before the drawing

    def doctype(self, _name: str, _system: str | None, _public: str | None, internal: int) -> None:
        if internal:
            self.stop("its document type declares entities or the like")

    def entity(self, *_: object) -> None:
        self.stop("it has entities of its own")

    def instruction(self, target: str, data: str) -> None:
        if target == "xml-stylesheet":
            address = re.search(r"""href\s*=\s*["']([^"']*)""", data)
            self.tell(codes.REMOTE_SVG, target=(address.group(1) if address else data)[:80])

    # The drawing

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self.open and (space, local) != (SVG, "svg"):
            self.stop(f"it begins with <{local}> and not with an <svg> of the namespace {SVG}")
        self.open.append(local)
        if len(self.open) > MAX_DEPTH:
            self.stop(f"its elements are nested deeper than {MAX_DEPTH}")
        if not self.weights.start(local, attributes):
            self.stop(f"it has more than {MAX_ELEMENTS} elements")
        if local.lower() in _ACTIVE or space == XHTML:
            self.tell(codes.ACTIVE_SVG, what=f"<{local}>")
        for key, value in attributes.items():
            self.attribute(local, key, value)

    def attribute(self, element: str, key: str, value: str) -> None:
        space, _, local = key.rpartition(" ")
        small = local.lower()
        if small.startswith("on") and not space:
            self.tell(codes.ACTIVE_SVG, what=f"{local}=…")
        elif small in ("href", "src", "base"):
            self.address(small, value)
        elif element.lower() in _ANIMATED and small == "attributename":
            changed = value.rpartition(":")[2].strip().lower()
            if changed.startswith("on") or changed == "href":
                self.tell(codes.ACTIVE_SVG, what=f"<{element}> of “{value[:20]}”")
        else:
            self.css(value)

    def address(self, attribute: str, value: str) -> None:
        if _SCRIPT.match(value):
            self.tell(codes.ACTIVE_SVG, what=f"{attribute}=“{value.strip()[:20]}…”")
        elif not _INSIDE.match(value.strip()) or attribute == "base":
            self.tell(codes.REMOTE_SVG, target=value.strip()[:80])

    def css(self, value: str) -> None:
        """Find what a property, or a sheet of styles, would fetch."""
        for target in _fetched(value):
            self.address("url", target)

    def text(self, data: str) -> None:
        if self.open and self.open[-1].lower() == "style":
            self.style += data

    def end(self, _name: str) -> None:
        if self.open.pop().lower() == "style":
            self.css(self.style)
            self.style = ""
        self.weights.end()


def _fetched(css: str) -> Iterator[str]:
    """Yield the addresses in a piece of CSS, as a browser reads it."""
    if not re.search(r"[\\(@/]", css):
        return
    css = _ESCAPE.sub(_unescaped, _COMMENT.sub(" ", css))
    for match in _URL.finditer(css):
        yield match.group(1).strip()
    for match in _IMPORT.finditer(css):
        yield match.group()
    for match in _QUOTED.finditer(_IMPORT.sub("", css)):
        yield match.group(1)


def _unescaped(match: re.Match[str]) -> str:
    digits, other = match.groups()
    if not digits:
        return str(other)
    number = int(digits, 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


class _Weights:
    """How many elements there are to draw: ten of <use> in ten, ten times over, never end."""

    def __init__(self) -> None:
        self.named = [""]  # the ids of the elements that are open; the empty one is the whole drawing
        self.own = {"": 0}  # how many elements stand in an element that has an id
        self.drawn: dict[str, list[str]] = {}  # the ids of what <use> draws in it once more

    def start(self, element: str, attributes: Mapping[str, str]) -> bool:
        """Count an element in; whether there may be more of them."""
        around = set(self.named)
        for name in around:
            self.own[name] = self.own.get(name, 0) + 1
        if element == "use":
            target = next((value for key, value in attributes.items() if key.endswith("href")), "")
            for name in around:
                self.drawn.setdefault(name, []).append(target.strip().removeprefix("#"))
        self.named.append(attributes.get("id", ""))
        return self.own[""] <= MAX_ELEMENTS

    def end(self) -> None:
        self.named.pop()

    def endless(self) -> bool:
        """Whether more is drawn than there may be, or something draws itself."""
        known: dict[str, int] = {}

        def weight(name: str, above: frozenset[str]) -> int:
            if name in above or len(above) > MAX_DEPTH:
                return MAX_ELEMENTS + 1
            if name not in known:
                inside = above | {name}
                total = self.own.get(name, 0) + 1
                for target in self.drawn.get(name, ()):
                    total += weight(target, inside)
                    if total > MAX_ELEMENTS:
                        break
                known[name] = total
            return known[name]

        return weight("", frozenset()) > MAX_ELEMENTS


def faults(content: bytes) -> list[Fault]:
    """Return what is wrong in a drawing, the first findings of many."""
    return _Reader().read(content)
