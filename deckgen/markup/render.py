"""CommonMark → HTML, by pyromark's events and a table from node to tags.

pyromark (bindings to Rust's pulldown-cmark) was chosen by measurement among the maintained
libraries: see ``tests/benchmarks/markdown_libraries.py``. A text without any markup does not
reach it. Raw HTML is off: it is shown as it stands.
"""

from __future__ import annotations

import html
import re
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import pyromark

from deckgen.diagnostics import Code, codes
from deckgen.markup.names import PICTURES, SOUNDS, is_name, is_sound
from deckgen.markup.scan import (
    CLOSE,
    EDGE,
    MARKER,
    MATH,
    MAX_PROBLEMS,
    OPEN,
    START,
    Gap,
    Math,
    Problem,
    Scanned,
    scan,
)

MAX_NESTING = 6
_OPTIONS = pyromark.Options.ENABLE_TABLES
_PLAIN = re.compile(r"[«„“‚‹(]?[^\W\d_][^\n*_`\[<>&\\{}$]*\Z")
_LINE_END = re.compile(r"(?<![ \t])[ \t]*\n[ \t\n]*")  # looked for once in a run of blanks
_SCHEMES = re.compile(r"(?:https?://|mailto:)[^\s]+\Z", re.IGNORECASE)
_STRONG = re.compile(rf"(?<![\\*_])(?:\*\*+|__+)(?=[\s{EDGE}]|\Z)|(?<![^\s{EDGE}])(?:\*\*+|__+)")
# Letters of scripts without spaces between words, or before endings: emphasis is always inside a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u9fff\uac00-\ud7ff\uf900-\ufaff]")
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_SPACED = re.compile(r"!\[[^\[\]\n]*\]\(([^()\n<>\"']*)\)")
_ENDING = re.compile(rf"\.(?:{'|'.join((*PICTURES, *SOUNDS, 'gif'))})\Z", re.IGNORECASE)
_ENDINGS = ", ".join(f".{ending}" for ending in (*PICTURES, *SOUNDS))


class Flavour(Protocol):
    """What differs between the places where a text is shown."""

    def words(self, escaped: str, in_gap: bool, /) -> str:
        """Return text that is already escaped for HTML, made harmless for the place."""

    def math(self, math: Math, in_gap: bool, /) -> str:
        """Return a formula."""

    def gap(self, gap: Gap, inner: str, /) -> str:
        """Return a gap with its content."""

    def picture(self, name: str, alt: str, /) -> str:
        """Return a picture of the deck's; ``alt`` is plain text."""

    def sound(self, name: str, alt: str, /) -> str:
        """Return a sound of the deck's, and say what it is."""

    def finish(self, rendered: str) -> str:
        """Return the whole text made harmless for the place."""


class Rendered(NamedTuple):
    """A text as HTML, what was found in it, and the pictures and sounds it names."""

    html: str
    problems: tuple[Problem, ...] = ()
    media: tuple[str, ...] = ()


def render(text: str, flavour: Flavour, *, block: bool = True, cloze: bool = False) -> Rendered:
    """Render a text. ``block`` allows lists, tables, …; without it all is one paragraph.

    One paragraph alone comes without its ``<p>``. Nothing is raised: whatever is wrong is
    among the problems, and the HTML is balanced and safe all the same.
    """
    text = text.strip()
    if not block:
        text = _LINE_END.sub(" ", text)
    if _PLAIN.match(text):
        return Rendered(flavour.words(text, False))
    scanned = scan(text, cloze)
    source = scanned.text if block else START + scanned.text
    return _Renderer(scanned, source, flavour).run()


_SIMPLE = {
    "Emphasis": "em",
    "Strong": "strong",
    "Item": "li",
    "Paragraph": "p",
    "TableRow": "tr",
    "BlockQuote": "blockquote",
}
_HANDLERS = {name: f"on_{name.lower()}" for name in ("Text", "Code", "Html", "InlineHtml", "Start", "End")}
_ALIGN = {"Left": "start", "Center": "center", "Right": "end"}  # mirrored where the text is


class _Renderer:
    """One run over the events of one text."""

    def __init__(self, scanned: Scanned, source: str, flavour: Flavour) -> None:
        self.scanned = scanned
        self.source = source
        self.bytes = source.encode()
        self.flavour = flavour
        self.problems = list(scanned.problems)
        self.media: list[str] = []
        self.buffers: list[list[str]] = [[]]
        self.gaps: list[tuple[int, int]] = []  # open gaps: number, depth of elements
        self.ends: list[str] = []  # what closes the open elements
        self.met: set[int] = set()  # gaps that were opened
        self.nesting = 0
        self.alt: list[str] | None = None
        self.pictures_in_alt = 0
        self.code = False
        self.html_told = False
        self.tags: set[str] = set()  # the names of the tags that were met
        self.at = 0  # where the link or the picture begins that is read
        self.strong = ("**" in source or "__" in source) and bool(_STRONG.search(source))
        self.literal: list[tuple[int, int]] = []  # the bytes of texts: what is no markup
        self.blocks = 0
        self.align: tuple[str, ...] = ()
        self.column = 0

    @property
    def out(self) -> list[str]:
        return self.buffers[-1]

    def run(self) -> Rendered:
        if _PLAIN.match(self.scanned.text):  # gaps and formulas, but no Markdown
            self.on_text(self.scanned.text, {"start": 0, "end": len(self.bytes)})
        else:
            self.markdown()
        for number, gap in enumerate(self.scanned.gaps):
            if number not in self.met:
                reason = "none can be in code, HTML, an address or a picture's description"
                skip = sum(other.raw == gap.raw for other in self.scanned.gaps[:number])
                self.problem(codes.BROKEN_CLOZE, gap.raw, skip, marker=gap.raw[:60], reason=reason)
        if self.strong:
            self.broken_emphasis()
        if "![" in self.source:
            self.spaced_pictures()
        while self.gaps:  # crossed or unclosed: reported already, balanced here
            self.close_gap(self.gaps[-1][0])
        result = "".join(self.out)
        if self.blocks == 1 and result.startswith("<p>") and result.endswith("</p>\n"):
            result = result[3:-5]
        return Rendered(self.flavour.finish(result.strip()), tuple(self.problems), tuple(self.media))

    def markdown(self) -> None:
        """Go through the events of the source."""
        for event, place in pyromark.events_with_range(self.source, options=_OPTIONS):
            if isinstance(event, str):
                self.plain_event(event)
            else:
                ((name, value),) = event.items()
                getattr(self, _HANDLERS[name])(value, place)

    def problem(self, code: Code, needle: str, skip: int, **args: object) -> None:
        """Note a problem; the first ones in a text suffice."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, needle, args, skip))

    def earlier(self, needle: str, place: int) -> int:
        """How often words stand in the source before a place in its bytes."""
        if len(self.problems) >= MAX_PROBLEMS:
            return 0
        return self.scanned.restore(self.bytes[:place].decode(errors="ignore")).count(needle)

    # Leaves

    def plain_event(self, event: str) -> None:
        if self.alt is not None:
            self.alt.append(" ")
        elif event == "SoftBreak":
            self.out.append("\n")
        elif event == "HardBreak":
            self.out.append("<br>\n")
        elif event == "Rule":
            self.blocks += 1
            self.out.append("<hr>\n")

    def on_text(self, text: str, place: dict[str, int]) -> None:
        if self.alt is not None:
            self.alt.append(self.scanned.restore(text))
            return
        if self.code:
            self.words(self.scanned.restore(text))
            return
        if self.strong:
            self.literal.append((place["start"], place["end"]))
        if EDGE not in text:
            self.words(text)
            return
        text = text.replace(START, "")
        position = 0
        for match in MARKER.finditer(text):
            self.words(text[position : match.start()])
            self.marker(match.group(1), int(match.group(2)))
            position = match.end()
        self.words(text[position:])

    def words(self, text: str) -> None:
        if text:
            self.out.append(self.flavour.words(html.escape(text, quote=False), bool(self.gaps)))

    def on_code(self, text: str, place: dict[str, int]) -> None:  # noqa: ARG002
        if self.alt is not None:
            self.alt.append(text)
            return
        self.out.append("<code>")
        self.words(self.scanned.restore(text))
        self.out.append("</code>")

    def on_html(self, text: str, place: dict[str, int]) -> None:
        """A line of a block of HTML: the first one is told."""
        if self.html_told:
            self.literal_html(text)
        else:
            self.on_inlinehtml(text, place)
        self.html_told = True

    def on_inlinehtml(self, text: str, place: dict[str, int]) -> None:
        """A tag; one that closes what was told already is not told again."""
        if tag := self.scanned.restore(text).strip():
            tag = tag.split("\n")[0]
            name = tag.strip("</>").split(" ")[0].lower()
            if not (tag.startswith("</") and name in self.tags):
                self.problem(codes.RAW_HTML, tag, self.earlier(tag, place["start"]), tag=tag[:60])
            self.tags.add(name)
        self.literal_html(text)

    def literal_html(self, text: str) -> None:
        text = self.scanned.restore(text)
        (self.alt if self.alt is not None else self.out).append(
            text
            if self.alt is not None
            else self.flavour.words(html.escape(text, quote=False), bool(self.gaps))
        )

    def marker(self, kind: str, number: int) -> None:
        if kind == MATH:
            self.out.append(self.flavour.math(self.scanned.maths[number], bool(self.gaps)))
        elif kind == OPEN:
            self.met.add(number)
            self.gaps.append((number, len(self.ends)))
            self.buffers.append([])
        elif kind == CLOSE and any(gap == number for gap, _ in self.gaps):
            if self.gaps[-1] != (number, len(self.ends)):
                self.crossed(number)
            while self.gaps and self.close_gap(self.gaps[-1][0]) != number:
                pass

    @cached_property
    def closed(self) -> frozenset[int]:
        """The gaps that are closed somewhere; the others were told by the scanner."""
        found = MARKER.finditer(self.scanned.text)
        return frozenset(int(match.group(2)) for match in found if match.group(1) == CLOSE)

    def crossed(self, number: int) -> None:
        if number not in self.closed:
            return
        raw = self.scanned.gaps[number].raw
        skip = sum(gap.raw == raw for gap in self.scanned.gaps[:number])
        self.problem(codes.CROSSED_CLOZE, raw, skip, marker=raw[:60])

    def close_gap(self, number: int) -> int:
        """Close the innermost gap, and first whatever element was opened in it."""
        _, depth = self.gaps.pop()
        while len(self.ends) > depth:
            self.out.append(self.ends.pop())
        inner = "".join(self.buffers.pop())
        self.out.append(self.flavour.gap(self.scanned.gaps[number], inner))
        return number

    # Elements

    def open(self, tag: str, end: str) -> None:
        self.out.append(tag)
        self.ends.append(end)

    def on_start(self, tag: str | dict[str, Any], place: dict[str, int]) -> None:
        name, value = (tag, None) if isinstance(tag, str) else next(iter(tag.items()))
        if self.alt is not None:
            self.pictures_in_alt += name == "Image"
            return
        if not self.ends and name not in ("Emphasis", "Strong", "Link", "Image"):
            self.blocks += 1
        if name in ("List", "BlockQuote"):
            self.nesting += 1
            if self.nesting == MAX_NESTING + 1:
                start, end = place["start"], place["end"]
                entry = self.bytes[start:end].decode(errors="ignore").split("\n")[0]
                needle = self.scanned.restore(entry.strip())
                self.problem(codes.DEEP_MARKUP, needle, self.earlier(needle, start), limit=MAX_NESTING)
        if name == "Emphasis":
            self.inside_word(place)
        if name in _SIMPLE:
            element = _SIMPLE[name]
            newline = "" if name in ("Emphasis", "Strong") else "\n"
            self.open(f"<{element}>", f"</{element}>{newline}")
        else:
            self.at = place["start"]
            getattr(self, f"start_{name.lower()}")(value)

    def inside_word(self, place: dict[str, int]) -> None:
        """Stars between letters on both sides are most likely gender stars: Autor*innen."""
        start, end = place["start"], place["end"]
        around = self.before(start), self.bytes[end : end + 4].decode(errors="ignore")[:1]
        if self.bytes[start : start + 1] == b"*" and all(
            letter.isalpha() and not _UNSPACED.match(letter) for letter in around
        ):
            marker = self.scanned.restore(self.bytes[start:end].decode())
            self.problem(codes.INWORD_EMPHASIS, marker, self.earlier(marker, start), marker=marker[:60])

    def broken_emphasis(self) -> None:
        """Find strong marks at a word's edge that have no effect, and tell them by pairs."""
        shown = bytearray(len(self.bytes))  # the source, but for what is no text
        for first, last in self.literal:
            shown[first:last] = self.bytes[first:last]
        runs, at, position = [], 0, 0  # a place in bytes and the same one in characters
        for match in _STRONG.finditer(self.source):
            at, position = at + len(self.source[position : match.start()].encode()), match.start()
            if shown.startswith(match.group().encode(), at):
                runs.append(match)
        told = -1
        for number, run in enumerate(runs):
            if run.start() < told:
                continue
            line_end = self.source.find("\n", run.start())
            told = len(self.source) if line_end < 0 else line_end
            if number + 1 < len(runs) and runs[number + 1].end() <= told:
                told = runs[number + 1].end()
            marker = self.scanned.restore(self.source[run.start() : told].strip())
            if len(self.problems) < MAX_PROBLEMS:
                skip = self.scanned.restore(self.source[: run.start()]).count(marker)
                self.problem(codes.BROKEN_EMPHASIS, marker, skip, marker=marker[:60])

    def spaced_pictures(self) -> None:
        """Find pictures whose name has a space in it: for Markdown these are no pictures."""
        for match in _SPACED.finditer(self.source):
            name = self.scanned.restore(match.group(1)).strip()
            if re.search(r"\s", name) and _ENDING.search(name):
                skip = self.source.count(match.group(1), 0, match.start())
                self.problem(codes.BAD_PICTURE, name, skip, target=name[:80], endings=_ENDINGS)

    def before(self, place: int) -> str:
        """Return the character before a place; pyromark counts places in bytes."""
        return self.bytes[max(0, place - 4) : place].decode(errors="ignore")[-1:]

    def on_end(self, tag: str | dict[str, Any], place: dict[str, int]) -> None:  # noqa: ARG002
        name = tag if isinstance(tag, str) else next(iter(tag))
        if name == "Image":
            if self.pictures_in_alt:
                self.pictures_in_alt -= 1
            else:
                self.end_image()
            return
        if self.alt is not None:
            return
        self.nesting -= name in ("List", "BlockQuote")
        if name == "CodeBlock":
            self.code = False
        if self.gaps and len(self.ends) <= self.gaps[-1][1]:
            while self.gaps and len(self.ends) <= self.gaps[-1][1]:
                self.crossed(self.gaps[-1][0])
                self.close_gap(self.gaps[-1][0])
        if self.ends:
            self.out.append(self.ends.pop())

    def start_list(self, start: int | None) -> None:
        if start is None:
            self.open("<ul>\n", "</ul>\n")
        else:
            self.open("<ol>\n" if start == 1 else f'<ol start="{start}">\n', "</ol>\n")

    def start_heading(self, value: object) -> None:  # noqa: ARG002
        """A heading in an item is a strong line: the pages' own headings stay in order."""
        self.open("<p><strong>", "</strong></p>\n")

    def start_codeblock(self, value: object) -> None:  # noqa: ARG002
        self.code = True
        self.open("<pre><code>", "</code></pre>\n")

    def start_htmlblock(self, value: object) -> None:  # noqa: ARG002
        self.html_told = False
        self.open("<p>", "</p>\n")

    def start_table(self, align: tuple[str, ...]) -> None:
        self.align = align
        self.open("<table>\n", "</table>\n")

    def start_tablehead(self, value: object) -> None:  # noqa: ARG002
        self.column = 0
        self.open('<tr class="head">', "</tr>\n")

    def start_tablecell(self, value: object) -> None:  # noqa: ARG002
        head = self.ends[-1] == "</tr>\n" and self.out_is_head()
        align = _ALIGN.get(self.align[self.column % len(self.align)]) if self.align else None
        style = f' style="text-align: {align}"' if align else ""
        self.column += 1
        if head:
            self.open(f'<th scope="col"{style}>', "</th>")
        else:
            self.open(f"<td{style}>", "</td>")

    def out_is_head(self) -> bool:
        """Whether the row that is open is the table's head."""
        return self.column < len(self.align)

    def start_link(self, link: dict[str, str]) -> None:
        target = self.scanned.restore(link["dest_url"])
        if link["link_type"] == "Email":
            target = "mailto:" + target
        if _SCHEMES.match(target):
            address = html.escape(target.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"))
            self.open(f'<a href="{self.flavour.words(address, bool(self.gaps))}">', "</a>")
        else:
            skip = self.earlier(target, self.at) if target else 0
            self.problem(codes.BAD_LINK, target, skip, target=target[:80] or "nothing")
            self.open("", "")

    def start_image(self, image: dict[str, str]) -> None:
        self.alt = []
        self.image = self.scanned.restore(image["dest_url"])

    def end_image(self) -> None:
        name, alt = self.image, "".join(self.alt or ()).strip()
        self.alt = None
        skip, shown = self.earlier(name or "](", self.at), name[:80] or "nothing"
        if _REMOTE.match(name):
            self.problem(codes.REMOTE_PICTURE, name, skip, target=shown)
        elif not is_name(name):
            self.problem(codes.BAD_PICTURE, name, skip, target=shown, endings=_ENDINGS)
        elif not alt:
            needle = f"]({name}"
            self.problem(codes.NO_ALT, needle, self.earlier(needle, self.at), target=shown)
            self.media.append(name)
        else:
            self.media.append(name)
            show = self.flavour.sound if is_sound(name) else self.flavour.picture
            self.out.append(show(name, alt))
