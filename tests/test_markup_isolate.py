"""Words of the other direction in HTML: what is isolated, what never is, and that nothing else changes."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.markup import ANKI, PRINT, Flavour, isolated, plain_text, render


def rtl(text: str) -> str:
    """The HTML with its isolates as brackets that are short enough to read."""
    return isolated(text, "rtl").replace('<bdi dir="ltr">', "⟨").replace("</bdi>", "⟩")


def ltr(text: str) -> str:
    return isolated(text, "ltr").replace('<bdi dir="rtl">', "⟨").replace("</bdi>", "⟩")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مدينة Songdo الذكية", "مدينة ⟨Songdo⟩ الذكية"),
        ("شركة R&amp;D Park.", "شركة ⟨R&amp;D Park⟩."),
        ("«Hansen &amp; Sons»؟", "«⟨Hansen &amp; Sons⟩»؟"),
        ("عن O&#x27;Neill و Jean-Luc", "عن ⟨O&#x27;Neill⟩ و ⟨Jean-Luc⟩"),
        ("عام 2015–2019، أي 30٪", "عام 2015–2019، أي 30٪"),
        ("شبكة 5G وWeb 2.0.", "شبكة ⟨5G⟩ و⟨Web 2.0⟩."),
        ("لغة C++ و @name", "لغة ⟨C++⟩ و ⟨@name⟩"),
        ("Smart City (Songdo) هنا", "⟨Smart City (Songdo)⟩ هنا"),
        ("هنا (Songdo) هنا", "هنا (⟨Songdo⟩) هنا"),
        ("Songdo (كوريا)", "⟨Songdo⟩ (كوريا)"),
        ("قال: Cover the answers, then compare.", "قال: ⟨Cover the answers, then compare⟩."),
        ("منهم Yılmaz Şahin وОльга Ґудзь", "منهم ⟨Yılmaz Şahin⟩ و⟨Ольга Ґудзь⟩"),
        ("Zoe\u0308 قالت", "⟨Zoe\u0308⟩ قالت"),
        ("انظر https://a.org/x-y?b=1&amp;c=2.", "انظر ⟨https://a.org/x-y?b=1&amp;c=2⟩."),
        ("س &lt; ص &amp; ع", "س &lt; ص &amp; ع"),
        ("a &lt; b", "⟨a⟩ &lt; ⟨b⟩"),
    ],
)
def test_latin_words_in_arabic(text: str, expected: str) -> None:
    assert rtl(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The word العدالة means justice.", "The word ⟨العدالة⟩ means justice."),
        ("عام 2015، ثم عام 2019.", "⟨عام 2015، ثم عام 2019⟩."),
        ("שָׁלוֹם, עולם!", "⟨שָׁלוֹם, עולם⟩!"),
        ("«ما العمل؟», a book", "«⟨ما العمل؟⟩», a book"),
        ("Только буквы and 12 %", "Только буквы and 12 %"),
    ],
)
def test_arabic_and_hebrew_words_in_a_text_from_left_to_right(text: str, expected: str) -> None:
    assert ltr(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a href="https://a.org" title="x">Songdo</a>', '<a href="https://a.org" title="x">⟨Songdo⟩</a>'),
        ('<img src="gate.svg" alt="a gate">', '<img src="gate.svg" alt="a gate">'),
        ("<code>if x</code>", '<code dir="ltr">if x</code>'),
        ("<pre><code>a\nb</code></pre>", '<pre dir="ltr"><code dir="ltr">a\nb</code></pre>'),
        (r"\(x^{2}\) و \[a &lt; b\]", r"\(x^{2}\) و \[a &lt; b\]"),
        (
            '<span class="formula">x<sup>2</sup></span>',
            '<span class="formula" dir="ltr">x<sup>2</sup></span>',
        ),
        (
            "<style>p { color: red }</style><title>Title</title>",
            "<style>p { color: red }</style><title>Title</title>",
        ),
        ("{{c1::Songdo::a city}}، {{c2,3::IBM}}", "{{c1::⟨Songdo⟩::⟨a city⟩}}، {{c2,3::⟨IBM⟩}}"),
    ],
)
def test_what_is_no_text_is_left_alone_and_code_is_from_left_to_right(text: str, expected: str) -> None:
    assert rtl(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<cite dir="ltr">The Garden</cite> IBM', '<cite dir="ltr">The Garden</cite> ⟨IBM⟩'),
        ('<div dir="ltr"><div>A</div> B</div> C', '<div dir="ltr"><div>A</div> B</div> ⟨C⟩'),
        ('<p dir="ltr">A<br><b>B</b></p><p>C</p>', '<p dir="ltr">A<br><b>B</b></p><p>⟨C⟩</p>'),
        (
            '<p dir="ltr"><code>x</code></p><code>x</code>',
            '<p dir="ltr"><code>x</code></p><code dir="ltr">x</code>',
        ),
    ],
)
def test_an_element_with_a_direction_of_its_own_has_that(text: str, expected: str) -> None:
    assert rtl(text) == expected


def test_in_such_an_element_the_page_s_own_words_are_the_foreign_ones() -> None:
    found = isolated('<p dir="ltr">The word العدالة</p>', "rtl")
    assert found == '<p dir="ltr">The word <bdi dir="rtl">العدالة</bdi></p>'


def test_a_text_without_words_of_the_other_direction_is_the_same_object() -> None:
    text = "<p>Nothing foreign, <code>code</code></p>"
    assert isolated(text, "ltr") is text


PIECES = [
    *(
        "مدينة",
        "שָׁלוֹם",
        "Songdo",
        "Zoe\u0308",
        "5G",
        "2015–2019",
        "٣",
        " ",
        "\n",
        "\u00a0",
        "\u200b",
        "-",
        ".",
        "،",
        "؟",
    ),
    *(
        "(",
        ")",
        "«",
        "»",
        "“",
        "”",
        "&",
        "<",
        ">",
        '"',
        "'",
        "*",
        "**",
        "_",
        "`",
        "$x_1$",
        "C++",
        "@",
        "#",
        "/",
        ":",
        "::",
    ),
    *(
        "{{c1::",
        "}}",
        "https://a.org/b?c=1&d=2",
        "[a](https://a.org)",
        "- ",
        "\n\n",
        "\\",
        "&amp;",
        "\u2066",
        "\u2069",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=30)


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.sampled_from([ANKI, PRINT]), st.sampled_from(["ltr", "rtl"]), st.booleans())
def test_isolating_changes_nothing_but_the_tags(
    text: str, flavour: Flavour, way: Literal["ltr", "rtl"], gaps: bool
) -> None:
    rendered = render(text, flavour, cloze=gaps).html
    found = isolated(rendered, way)
    assert re.sub(r'</?bdi(?: dir="(?:ltr|rtl)")?>|(?<=[ea"]) dir="ltr"(?=>)', "", found) == rendered
    assert found.count("<bdi ") == found.count("</bdi>")
    assert re.search(r"<[^>]*<bdi|<bdi[^>]*><bdi|<bdi[^>]*></bdi>", found) is None


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_a_gap_still_opens_where_it_did(text: str) -> None:
    rendered = render(f"{{{{c1::x}}}} {text}", ANKI, cloze=True).html
    marks = re.compile(r"\{\{c[0-9,]+::|::|\}\}")
    assert marks.findall(isolated(rendered, "rtl")) == marks.findall(rendered)


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_no_letter_of_the_other_direction_stays_outside(text: str) -> None:
    outside = re.sub(
        r"<bdi.*?</bdi>|<[^>]*>|&[#\w]+;|<code.*?</code>",
        "",
        isolated(plain_escaped(text), "rtl"),
        flags=re.DOTALL,
    )
    assert not re.search(r"[A-Za-z\u00c0-\u00d6\u0391-\u03a9\u0400-\u0481]", outside)


def plain_escaped(text: str) -> str:
    return re.sub(r"[<>&\\{}]|::", "", plain_text(text))


@pytest.mark.parametrize(
    "text",
    ["a " * 50_000, "a" * 100_000, "ا a." * 30_000, "(" * 50_000 + "a", "a(" * 30_000, "a " + " " * 90_000],
)
def test_a_long_text_takes_less_than_a_second(text: str) -> None:
    import time

    for way in ("ltr", "rtl"):
        start = time.process_time()
        isolated(text, way)
        assert time.process_time() - start < 1
