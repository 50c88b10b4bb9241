"""Fingerprints of paragraphs, and looking for them in a reader's copy."""

from __future__ import annotations

import hashlib
import random
import textwrap
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deckgen.diagnostics import Span
from deckgen.essay import ANCHOR, Match, State, compare, fingerprint, marked_paragraphs, normalise
from deckgen.model import Essay, Paragraph, Section

TEXTS = (
    "The mill by the river ground its last sack in the spring of 1990. Since then its wheel has stood "
    "still, and ducks have come to live below it. «It was never quiet here before», the miller’s "
    "daughter says.1 Nobody has asked her what should become of the house.",
    "Two plans lie on the table. The first would turn the mill into flats, forty of them, with a "
    "lift and a view. The second comes from the village itself: a workshop, a stage, a long table.2 "
    "What the two have in common is that neither has been paid for.",
    "The bank lends money for flats. For a long table it does not lend any, because no one can say "
    "what a table will earn in twenty years.",
    "The river, for its part, goes on turning nothing. It carries leaves past the wheel in autumn and "
    "ice in winter, and it has its own opinion about cellars.",
)


def essay_of(*texts: str) -> Essay:
    """An essay of one section with these paragraphs."""
    span = Span("essay.yaml")
    paragraphs = tuple(Paragraph("mill", n, *fingerprint(text), span) for n, text in enumerate(texts, 1))
    section = Section("mill", "The mill", "Mill", paragraphs, span)
    return Essay("", "", (), "en", "", "", "", (section,), span)


def states(essay: Essay, copy: str) -> list[State]:
    return [match.state for match in compare(essay, copy)]


ALL_FOUND = [State.FOUND] * len(TEXTS)
ESSAY = essay_of(*TEXTS)


# Fingerprints -------------------------------------------------------------------------

BASE = "The town's garden is «open to all». Not only to some."


@pytest.mark.parametrize(
    "other",
    [
        "The town's garden\nis «open to all».\r\n\n   Not only to some.\n",
        "The town's gar-\nden is «open to all». Not on-\nly to some.",
        "The town's gar\u00adden is «open to all». Not only to some.",
        "The town's gar\u2010\nden is «open to all». Not only to some.",
        "The town's garden is «open to all». Not\u00a0only\u202fto\u2009some.",
        "The town's\u200b garden is «open to\u2060 all».\ufeff Not\tonly to some.",
        "The town’s garden is „open to all“. Not only to some.",
        "The town’s garden is »open to all«. Not only to some.",
        'The town´s garden is "open to all". Not only to some.',
        "The town`s garden is “open to all”. Not only to some.",
        "The townʼs garden is ‹open to all›. Not only to some.",
        "The town‘s garden is ‚open to all‘. Not only to some.",
        "The town's garden is ＂open to all＂. Not only to some.",
        "The town's garden is 『open to all』. Not only to some.",
        "The town's garden is «open to all».1 Not only to some.123",
        "The town's garden is «open to all»12. Not only to some.9",
        "The town's garden is «open to all.»7 Not only to some.",
        "The town's garden is „open to all“.7 Not only to some.",
        "The town's garden is „open to all.“7 Not only to some.",
        "The town's garden is »open to all.«7 Not only to some.",
        "The town's garden is «open to all».¹ Not only¹² to some³.",
        "The town's garden is «open to all».[1] Not only[12] to some[123].",
        "The town's garden is «open to all» . Not only to some.",
        "The town's garden is «open to all». Not only to some.\f",
        "\u200eThe town's\u200f garden \u202ais «open\u202c to \u2067all\u2069». Not only to some.",
    ],
)
def test_two_copies_of_one_text_have_one_fingerprint(other: str) -> None:
    assert fingerprint(other) == fingerprint(BASE)


def test_letters_apart_from_their_accents_do_not_matter() -> None:
    text = "They went to the café.3 And the menü[4] was short."
    assert fingerprint(unicodedata.normalize("NFD", text)) == fingerprint(text)
    assert fingerprint(text) == fingerprint("They went to the café. And the menü was short.")


def test_ligatures_do_not_matter() -> None:
    assert fingerprint("a ﬂat oﬃce…") == fingerprint("a flat office...")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A garden for forty.", "A garden for fourty."),
        ("A garden for forty.", "A garden for forty people."),
        ("A garden for forty.", "A garden forty."),
        ("A garden for forty.", "a garden for forty."),
        ("A garden for forty.", "A garden for forty!"),
        ("A garden for forty.", "A forty for garden."),
        ("70.000 sensors", "70 sensors"),
        ("70.000 sensors", "71.000 sensors"),
        ("1.5 million", "1.6 million"),
        ("as much CO2", "as much CO"),
        ("as much CO2", "as much CO3"),
        ("in 2013 already", "in 2014 already"),
        ("in 2013. Then", "in. Then"),
        ("the 1990er years", "the 1980er years"),
        ("the 1990er years", "the er years"),
        ("a Web-2.0 company", "a Web-3.0 company"),
        ("a Web-2.0 company", "a Web company"),
        ("in § 12. Then", "in § 13. Then"),
        ("level 3.1 is", "level 3.2 is"),
        ("by Art.3.1 it", "by Art.4.1 it"),
        ("at 10:30. Then", "at 10:31. Then"),
        ("by 1000 people.1000 more", "by 1000 people. more"),
    ],
)
def test_another_text_has_another_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one).sha256 != fingerprint(other).sha256


def test_the_lines_of_a_normalised_text_are_those_of_its_characters() -> None:
    normal = normalise("\nA b-\nc.1\n\n «d»")
    assert normal.text == "Abc.d"
    assert normal.lines == (2, 2, 3, 3, 5)


def test_a_fingerprint_as_it_stands_in_a_file() -> None:
    digest = hashlib.sha256(b"Ab").hexdigest()
    assert fingerprint("“A” b").yaml() == (
        f'{{sha256: {digest}, length: 2, start: "{digest[:8]}", end: "{digest[:8]}"}}'
    )


FIGURES = ("70.000", "CO2", "2013", "1990er", "Web-2.0")
WORDS = (
    "garden,",
    "town.",
    "«nobody»",
    "asked:",
    "houses;",
    "(or)",
    "isn’t",
    "well-known",
    "–",
    "Bürger*innen",
)
words = st.lists(
    st.sampled_from(FIGURES + WORDS) | st.from_regex("[a-zäöüß]{1,9}", fullmatch=True),
    min_size=1,
    max_size=60,
)
SPACES = (" ", "  ", "\n", "\r\n", "\u00a0", "\u202f", " \t", "\n\n")
QUOTES = ("«»", "»«", "„“", "“”", '""', "‹›", "‚‘", "『』")


def rewrapped(text: list[str], draw: random.Random) -> str:
    """The words with other spaces, hyphens, quotation marks and footnote numbers."""
    pair = draw.choice(QUOTES)
    out = []
    for each in text:
        word = each.replace("«", pair[0]).replace("»", pair[1]).replace("’", draw.choice("'’´`"))
        middle = len(word) // 2
        if word[:-1].isalpha() and middle and draw.random() < 0.3:
            hyphen = draw.choice(("-\n", "\u00ad", "\u00ad\n", "\u2010\n"))
            word = word[:middle] + hyphen + word[middle:]
        if word[-1] in ".,;:" and word[-2:-1].isalpha() and draw.random() < 0.5:
            word += draw.choice(("1", "12", "123", "¹", "¹²³", "[4]", "[45]"))
        out.append(word)
    return "".join(word + draw.choice(SPACES) for word in out)


@settings(deadline=None, max_examples=300)
@given(words, st.randoms(use_true_random=False))
def test_wrapping_and_quoting_anew_leaves_a_fingerprint_alone(text: list[str], draw: random.Random) -> None:
    assert fingerprint(rewrapped(text, draw)) == fingerprint(" ".join(text))


@settings(deadline=None, max_examples=300)
@given(words, st.data())
def test_replacing_a_word_changes_a_fingerprint(text: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    word = data.draw(st.from_regex("[a-zäöü]{1,9}", fullmatch=True))
    assume(normalise(word).text != normalise(text[place]).text)
    other = [*text[:place], word, *text[place + 1 :]]
    assume("".join(other) != "".join(text))
    assert fingerprint(" ".join(other)).sha256 != fingerprint(" ".join(text)).sha256


# Looking for paragraphs ---------------------------------------------------------------


def test_all_paragraphs_are_found_whatever_the_line_breaks() -> None:
    for width in (20, 47, 90, 5000):
        copy = "The mill\nA text\n\n" + "\n\n".join(textwrap.fill(text, width) for text in TEXTS)
        assert states(ESSAY, copy) == ALL_FOUND


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False))
def test_all_paragraphs_are_found_in_any_copy(draw: random.Random) -> None:
    copy = "A heading\n\n" + "\n\n".join(rewrapped(text.split(" "), draw) for text in TEXTS)
    assert states(ESSAY, copy) == ALL_FOUND


def test_a_found_paragraph_has_its_lines() -> None:
    lines = [textwrap.wrap(text, 40) for text in TEXTS]
    copy = "\n\n".join("\n".join(paragraph) for paragraph in lines)
    line = 1
    for match, paragraph in zip(compare(ESSAY, copy), lines, strict=True):
        assert match.lines == (line, line + len(paragraph) - 1)
        line += len(paragraph) + 1


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_pages_foot_and_head_in_the_middle_of_a_paragraph_do_not_matter(number: int) -> None:
    lines = textwrap.wrap(TEXTS[number], 50)
    for place in range(1, len(lines)):
        between = [
            "",
            "1  Note by the editors: see the village chronicle.",
            "– 17 –",
            "\f",
            "THE MILL, a journal",
            "",
        ]
        body = "\n".join([*lines[:place], *between, *lines[place:]])
        copy = "\n\n".join([*TEXTS[:number], body, *TEXTS[number + 1 :]])
        assert states(ESSAY, copy) == ALL_FOUND


def test_a_paragraph_with_a_foot_and_a_changed_word_is_changed() -> None:
    lines = textwrap.wrap(TEXTS[1].replace("workshop", "workbench"), 50)
    copy = "\n\n".join([TEXTS[0], "\n".join([*lines[:2], "17", *lines[2:]]), *TEXTS[2:]])
    assert states(ESSAY, copy) == [State.FOUND, State.CHANGED, State.FOUND, State.FOUND]


def changed_by(number: int, text: str) -> tuple[Match, ...]:
    """What is found if one paragraph reads differently; every paragraph stands in one line."""
    return compare(ESSAY, "\n".join([*TEXTS[:number], text, *TEXTS[number + 1 :]]))


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_changed_word_is_found_wherever_it_stands(number: int) -> None:
    split = TEXTS[number].split(" ")
    for place in range(len(split)):
        text = " ".join([*split[:place], "windmill", *split[place + 1 :]])
        matches = changed_by(number, text)
        assert [match.state for match in matches] == [
            State.CHANGED if n == number else State.FOUND for n in range(len(TEXTS))
        ]
        assert matches[number].lines == (number + 1, number + 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "Behold: " + text,
        lambda text: text + " Amen.",
        lambda text: text[:-1],
        lambda text: text[1:],
        lambda text: text.partition(". ")[2],
        lambda text: text.rpartition(". ")[0] + ".",
    ],
)
def test_words_before_and_after_a_paragraph_do_not_hide_it(change: Callable[[str], str]) -> None:
    text = change(TEXTS[1])
    expected = State.FOUND if TEXTS[1] in text else State.CHANGED
    found = [match.state for match in changed_by(1, text)]
    assert found == [State.FOUND, expected, State.FOUND, State.FOUND]


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_removed_paragraph_is_missing_and_no_other(number: int) -> None:
    matches = compare(ESSAY, "\n\n".join(TEXTS[:number] + TEXTS[number + 1 :]))
    assert [match.state for match in matches] == [
        State.MISSING if n == number else State.FOUND for n in range(len(TEXTS))
    ]
    assert matches[number].lines is None


def test_a_removed_paragraph_is_missing_even_if_another_begins_and_ends_alike() -> None:
    one = "In the beginning there was the mill, and it was new, and so it shall remain for ever."
    other = "In the beginning there was the mill, and it was old, and so it shall remain for ever."
    essay = essay_of(one, other)
    assert states(essay, other) == [State.MISSING, State.FOUND]
    assert states(essay, one) == [State.FOUND, State.MISSING]
    assert states(essay, f"{one}\n{other}") == [State.FOUND, State.FOUND]
    assert states(essay, f"{one}\n{other.replace('old', 'very old')}") == [State.FOUND, State.CHANGED]


def test_two_equal_paragraphs_are_found_twice_or_once() -> None:
    essay = essay_of(TEXTS[2], TEXTS[0], TEXTS[2])
    assert [match.lines for match in compare(essay, "\n".join((TEXTS[2], TEXTS[0], TEXTS[2])))] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    assert states(essay, f"{TEXTS[2]}\n{TEXTS[0]}") == [State.FOUND, State.FOUND, State.MISSING]


def test_very_short_paragraphs() -> None:
    essay = essay_of("Yes.", "No!", "A mill by a river, that is all.", "A mill by the river")
    copy = "A mill by a river, that is all.\n\nYes.\n\nNo!\n\nA mill by the river"
    assert states(essay, copy) == [State.FOUND] * 4
    assert states(essay, copy.replace("No!", "Maybe.")) == [*[State.FOUND, State.MISSING], *[State.FOUND] * 2]
    assert fingerprint("Yes.").length < ANCHOR


@pytest.mark.parametrize(
    "copy", ["", " \n\f\n ", "«»", "x", "Something else altogether, and at some length, too."]
)
def test_nothing_is_found_in_another_text(copy: str) -> None:
    assert states(ESSAY, copy) == [State.MISSING] * len(TEXTS)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=4))
def test_any_copy_can_be_compared_with_any_essay(copy: str, texts: list[str]) -> None:
    assume(all(normalise(text).text for text in texts))
    essay = essay_of(*texts)
    assert len(compare(essay, copy)) == len(texts)
    assert set(states(essay, "\n".join(texts) + "\n" + "\n".join(texts))) == {State.FOUND}


def seconds(essay: Essay, copy: str) -> float:
    start = time.process_time()
    compare(essay, copy)
    return time.process_time() - start


def test_the_time_grows_with_the_length_of_the_copy() -> None:
    draw = random.Random(1)  # noqa: S311 - the same words in every run
    vocabulary = " ".join(TEXTS).split()
    filler = "\n".join(" ".join(draw.choices(vocabulary, k=12)) for _ in range(15_000))
    copy = f"{filler}\n\n" + "\n\n".join(TEXTS)
    assert 900_000 < len(copy) < 1_200_000
    assert states(ESSAY, copy) == ALL_FOUND
    small, large = seconds(ESSAY, copy[-len(copy) // 8 :]), seconds(ESSAY, copy)
    assert large < 16 * small
    assert large < 15


@pytest.mark.parametrize(
    "paragraph",
    ["a" * 200 + "b" + "a" * 200, TEXTS[2], "ab" * 12 + "c" + "ab" * 30, "a"],
    ids=["one letter", "a paragraph", "two letters", "short"],
)
def test_a_copy_that_repeats_itself_costs_no_more(paragraph: str) -> None:
    changed = paragraph.replace("b", "x").replace("not lend", "lend")
    repeated = "\n".join([changed] * (300_000 // len(changed)))
    assert seconds(essay_of(paragraph, "aaaa" * 20), repeated) < 15


# Numbered paragraphs ------------------------------------------------------------------


def test_numbered_paragraphs() -> None:
    text = "A title\n[mill 1]  The mill\nstands.\n\n[mill 2] It is [sic] old [mill 3].\n[the-river 1] Water\n"
    assert [tuple(marked) for marked in marked_paragraphs(text)] == [
        ("mill", 1, "mill 1", 2, "The mill\nstands."),
        ("mill", 2, "mill 2", 5, "It is [sic] old [mill 3]."),
        ("the-river", 1, "the-river 1", 6, "Water"),
    ]


@pytest.mark.parametrize("end", ["\f", "\n\f", "\v", "\u2028", "\u2029", "\x85"], ids=ascii)
def test_a_numbered_paragraph_begins_after_any_end_of_a_line_or_page(end: str) -> None:
    text = f"[mill 1] The mill{end}[mill 2] It is old\n"
    one, two = marked_paragraphs(text)
    assert (one.number, one.text, one.line) == (1, "The mill", 1)
    assert (two.number, two.text, two.line) == (2, "It is old", 1 + end.count("\n"))


@pytest.mark.parametrize("mark", ["mill", "Mill 1", "mill 0", "1", "mill one", "mill 1a", "mill-1"])
def test_a_mark_that_names_no_paragraph(mark: str) -> None:
    (marked,) = marked_paragraphs(f"[{mark}] The mill")
    assert (marked.section, marked.number, marked.mark, marked.text) == ("", 0, mark, "The mill")


@pytest.mark.parametrize("text", ["", "No mark at all", " [mill 1] indented", "[mill\n1] broken"])
def test_text_without_marks(text: str) -> None:
    assert list(marked_paragraphs(text)) == []
