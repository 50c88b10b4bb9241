"""Text that is only text: in fields of Anki, on paper, and without any markup."""

from __future__ import annotations

import html
import re

import pytest
from marked import anki, codes

from deckgen.markup import PRINT, plain_text, render


@pytest.mark.parametrize(
    "text",
    [
        "[sound:a.mp3]",
        "[latex]x[/latex]",
        "[$$]x, [/$]",
        "[anki:play:q:0]",
        "[SOUND:a.mp3]",
        "[sound:`a`]",
        "[[type:Answer]]",
        "{{Front}}",
    ],
)
@pytest.mark.parametrize("block", [True, False])
def test_what_anki_would_play_or_set_is_only_text(text: str, block: bool) -> None:
    field = anki(text, block=block)
    assert not re.search(r"\[/?(?:sound:|anki:|\[type:|latex\]|\$)|\{\{", field, re.IGNORECASE)
    assert html.unescape(re.sub("</?code>", "`", field)) == text
    assert codes(text, block=block) == []


def test_what_mathjax_would_read_is_only_text() -> None:
    for text in (r"a \\(b\\) c", r"`\(b\)`", r"`\[b\]`"):
        field = anki(text)
        assert not re.search(r"\\[()\[\]]", field)
        assert "\\\u2060" in field


def test_paper_shows_what_anki_must_not_read() -> None:
    assert render("[sound:a.mp3] {{Front}}", PRINT).html == "[sound:a.mp3] {{Front}}"


# Plain text ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain & <simple>", "Plain & <simple>"),
        ("*a* `b`\n\nc", "a b c"),
        ("- *a*\n- b", "a b"),
        ("un*frag*lich", "unfraglich"),
        ("|a|b|\n|-|-|\n|c|d|", "a b c d"),
        ("{{c1::a::b}} {{c2,3::{{c4::c}}}}", "a c"),
        ("[a](https://a.org) ![b](c.png)", "a b"),
        ("$x^2$ &amp; $5", "x2 & $5"),
        ("", ""),
    ],
)
def test_plain_text_is_one_line_without_markup(text: str, expected: str) -> None:
    assert plain_text(text) == expected


def test_plain_text_of_one_line_keeps_a_figure_at_its_beginning() -> None:
    assert plain_text("20. Jahrhundert", block=False) == "20. Jahrhundert"
    assert plain_text("- *a*", block=False) == "- a"
    assert plain_text("20. Jahrhundert") == "Jahrhundert"  # a list's number is no text
