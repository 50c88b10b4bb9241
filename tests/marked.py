"""What tests of texts share: rendering them, reading gaps as Anki does, what is safe, and any text at all."""

from __future__ import annotations

import importlib
import re
from html.parser import HTMLParser
from types import ModuleType
from typing import NamedTuple

from hypothesis import strategies as st

from deckgen.decoding import FORBIDDEN
from deckgen.markup import ANKI, PRINT, SOLVED, Flavour, render

RENDER: ModuleType = importlib.import_module("deckgen.markup.render")  # the name is its function's as well
FLAVOURS = {"anki": ANKI, "print": PRINT, "solved": SOLVED}


def anki(text: str, *, block: bool = True) -> str:
    return render(text, ANKI, block=block).html


def cloze(text: str, flavour: Flavour = ANKI) -> str:
    return render(text, flavour, cloze=True).html


def codes(text: str, *, block: bool = True, gaps: bool = False) -> list[str]:
    return [problem.code.id for problem in render(text, ANKI, block=block, cloze=gaps).problems]


class Gap(NamedTuple):
    """A gap as Anki reads it: its numbers, what stands in it, its hint."""

    numbers: tuple[int, ...]
    nodes: tuple[Gap | str, ...]
    hint: str | None


def as_anki_reads(field: str) -> tuple[Gap | str, ...]:
    """Read a field as ``rslib/src/cloze.rs`` does: the last ``::`` in a gap's own text begins its hint."""
    output: list[Gap | str] = []
    stack: list[tuple[tuple[int, ...], list[Gap | str], list[str]]] = []
    position = 0

    def text(words: str) -> None:
        if not words:
            return
        if not stack:
            output.append(words)
            return
        _, nodes, hints = stack[-1]
        words, double_colon, hint = words.partition("::")
        hints.extend([hint] if double_colon else [])
        nodes.append(words)

    for match in re.finditer(r"\{\{c([0-9,]+)::|\}\}", field):
        numbers = tuple(int(number) for number in (match.group(1) or "").split(",") if number)
        if match.group().startswith("{{") and (not numbers or len(stack) >= 10):
            continue
        text(field[position : match.start()])
        position = match.end()
        if match.group().startswith("{{"):
            stack.append((numbers, [], []))
        elif stack:
            numbers, nodes, hints = stack.pop()
            (stack[-1][1] if stack else output).append(
                Gap(numbers, tuple(nodes), hints[-1] if hints else None)
            )
    text(field[position:])
    return tuple(output)


def numbers_in(nodes: tuple[Gap | str, ...]) -> set[int]:
    found: set[int] = set()
    for node in nodes:
        if isinstance(node, Gap):
            found |= {*node.numbers, *numbers_in(node.nodes)}
    return found


PIECES = (
    *(
        "*",
        "**",
        "***",
        "_",
        "__",
        "`",
        "``",
        "~~~",
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "\\",
        "\n",
        "\n\n",
        "    ",
    ),
    *(
        "- ",
        "1. ",
        "> ",
        "# ",
        "|",
        "\n|-|-|\n",
        "---",
        "===",
        "![",
        "[",
        "](",
        ")",
        "]",
        ": ",
        "<",
        ">",
        "&",
        "&amp;",
    ),
    *(
        "{{c1::",
        "{{c2::",
        "{{c1,3::",
        "{{c12::",
        "{{",
        "}}",
        "{",
        "}",
        "::",
        ":",
        "[sound:a.mp3]",
        "[latex]",
        "[/$]",
    ),
    *(
        "https://a.org",
        "javascript:alert(1)",
        "data:text/html,a",
        "a.png",
        "../a.png",
        "//a.org/b.png",
        "<b onclick=x>",
    ),
    *(
        "<script>",
        "</script>",
        "<img src=x onerror=y>",
        "<!--",
        "-->",
        "<?a?>",
        "<https://a.org>",
        "me@a.org",
    ),
    *(
        "Wort",
        "a",
        "ä",
        "„so“",
        "5",
        " ",
        "x^{2}",
        "\\frac{1}{2}",
        "\u00a0",
        "😀",
        "ע",
        '"',
        "'",
        "[a]: https://b.org",
    ),
)
readable_text = st.text(max_size=12).map(lambda text: FORBIDDEN.sub("", text))
mixed = st.lists(st.sampled_from(PIECES) | readable_text, max_size=14).map("".join)
# a few sorts of pieces many times, so that they meet: openings, closings, and what stands between
few = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).flatmap(
    lambda some: st.lists(st.sampled_from([*some, *some, "{{c1::", "}}", "a", " "]), min_size=4, max_size=16)
)
texts = mixed | few.map("".join)
ALLOWED = {
    **dict.fromkeys(
        ("blockquote", "br", "code", "em", "hr", "li", "p", "pre", "strong", "sub", "sup", "ul"), frozenset()
    ),
    "table": frozenset[str](),
    "a": frozenset({"href"}),
    "b": frozenset({"class"}),
    "img": frozenset({"src", "alt"}),
    "ol": frozenset({"start"}),
    "span": frozenset({"class", "style"}),
    "td": frozenset({"style"}),
    "th": frozenset({"scope", "style"}),
    "tr": frozenset({"class"}),
}
STYLE = re.compile(r"text-align: (left|center|right)|width: \d+\.\dem|display: block")


class StrictParser(HTMLParser):
    """Holds HTML to a short list of tags and attributes, each opened and closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        assert tag in ALLOWED, tag
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)
        assert len(dict(attrs)) == len(attrs)
        for name, value in attrs:
            assert name in ALLOWED[tag], (tag, name)
            assert value is not None
            if name == "href":
                assert re.match("(?:https?://|mailto:)", value, re.IGNORECASE), value
            if name == "src":
                assert re.fullmatch(r"[\w-]+(\.[\w-]+)*", value, re.ASCII), value
            if name == "style":
                assert STYLE.fullmatch(value), value

    def handle_endtag(self, tag: str) -> None:
        self.tags += 1
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def assert_safe(rendered: str) -> None:
    parser = StrictParser()
    parser.feed(rendered)
    parser.close()
    assert parser.open == []
    assert parser.tags == rendered.count("<") == rendered.count(">")
