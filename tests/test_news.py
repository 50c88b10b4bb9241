"""News: what came, was corrected or was taken out, told in a language, with the searches that find it."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import pyromark
import pytest
from conftest import EPOCH
from hypothesis import example, given
from hypothesis import strategies as st
from packages import edit, read_package
from typer.testing import Result

from deckgen.ledger import Entry, Last, Ledger
from deckgen.news import Card, News, escaped, news, opening, search

Run = Callable[..., Result]
BEFORE, SINCE, AFTER = 100, 200, 300


def entry(since: int, first: int = 0, text: str = "Why?", retired: int = 0, kind: str = "question") -> Entry:
    return Entry("0" * 16, since, Last(kind, ((1, text), (2, "So.")), (), retired), first)


def told(ledger: Ledger, **items: str) -> News:
    return news(ledger, "en", items, {"question"}, "1.0", SINCE)


# What is news -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "came", "corrected", "gone"),
    [
        (entry(BEFORE), False, False, False),
        (entry(SINCE), False, False, False),
        (entry(AFTER), True, False, False),
        (entry(AFTER, BEFORE), False, True, False),
        (entry(AFTER, SINCE + 1), True, False, False),
        (entry(AFTER, BEFORE, retired=AFTER), False, False, True),
        (entry(BEFORE, 50, retired=BEFORE), False, False, False),
        (entry(AFTER, SINCE + 1, retired=AFTER), False, False, False),
        (entry(AFTER, kind="discussion"), False, False, False),
        (Entry("0" * 16, AFTER), False, False, False),
    ],
    ids=[
        "old",
        "of the version itself",
        "new",
        "corrected",
        "new and corrected",
        "taken out",
        "taken out before",
        "new and taken out",
        "never studied",
        "a ledger without texts",
    ],
)
def test_what_is_news(what: Entry, came: bool, corrected: bool, gone: bool) -> None:
    found = told({"en/a": what, "de/a": entry(AFTER), "en/@question": Entry("0" * 16, AFTER)}, a="a")
    assert (bool(found.new), bool(found.corrected), bool(found.retired)) == (came, corrected, gone)
    assert bool(found) == (came or corrected or gone)


def test_cards_come_in_the_order_of_the_deck_by_the_ids_they_have_now() -> None:
    found = told({f"en/{name}": entry(AFTER) for name in "abc"}, c="c", a="renamed", b="b")
    assert [card.id for card in found.new] == ["c", "renamed", "b"]


# Words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Who <b>owns</b> it?", "Who owns it?"),
        ("<p>One</p><p>Two &lt; three</p>", "One Two < three"),
        ("For {{c1::two::a number}} years {{c2::<i>nettles</i>}}.", "For […] years […]."),
        ("{{c1::a {{c2::b}} c}} d {{c1,2::e}}", "[…] d […]"),
        ('<img src="a.svg" alt="A gate"> What is it?', "What is it?"),
        ("[sound:a.mp3] Who speaks?", "Who speaks?"),
        ("word " * 40, ("word " * 24).strip() + "…"),
        ("{{c1::open", "{{c1::open"),
    ],
)
def test_a_card_is_called_by_its_first_words(content: str, words: str) -> None:
    assert opening([(1, content), (2, "The answer")]) == words


def test_a_note_without_fields_has_no_words() -> None:
    assert opening([]) == ""


@given(
    st.lists(st.sampled_from(["&lt;", "1.", "- ", *"ab *_`[]()<>#|~{}+-\\!&;9)"]), max_size=12).map("".join)
)
@example("1. a")
@example("- a")
@example("&lt;")
def test_words_say_in_markdown_what_they_are(text: str) -> None:
    words = " ".join(text.split()) or "a"
    assert (
        pyromark.html(f"- {escaped(words)}") == f"<ul>\n<li>{html.escape(words, quote=False)}</li>\n</ul>\n"
    )


def test_few_cards_are_searched_by_their_ids_and_many_are_not() -> None:
    cards = [Card("a-b", ""), Card("c_d", "")]
    assert search("note:Deck – *", ["Item", "Der: Punkt"], cards) == (
        r'"note:Deck – *" ("Item:a-b" OR "Item:c\_d" OR "Der\: Punkt:a-b" OR "Der\: Punkt:c\_d")'
    )
    assert search("note:Deck – *", ["Item"], [Card(str(number), "") for number in range(61)]) == ""


# The command --------------------------------------------------------------------------


@pytest.fixture
def second(workspace_folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deck of which version 1.0 is built and the next is written, a day later."""
    assert run("build", "-p", "anki").exit_code == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 86_400))
    deck = workspace_folder / "cards/garden"
    edit(deck / "deck.yaml", 'version: "1.0"', 'version: "1.1"')
    edit(deck / "items/10-nettles.yaml", "Because the factory **closed**.", "Because it moved.")
    edit(
        deck / "items/10-nettles.yaml",
        """- id: commons
  kind: term
  term: Commons
  definition: What a group uses and tends by rules of its own.
  example: A meadow for everyone's sheep.
""",
        """- id: spade
  question: Who has *the* spade?
  answer: Nobody.
""",
    )
    return deck


def description(package: Path) -> str:
    """The description of the deck, which its subdecks have not."""
    return "".join(deck["desc"] for deck in read_package(package.read_bytes()).decks.values())


NEWS = """# Garden – English · Version 1.1

New since version 1.0 of June 15, 2025: 1 new card, 1 corrected card, 1 card taken out.

## New cards

- Who has the spade? (`spade`)

To find them, paste this into the search of Anki's browser:

    "note:Garden – English – *" ("Item:spade")

## Corrected cards

- Why does the garden belong to nobody? (`factory`)

To find them, paste this into the search of Anki's browser:

    "note:Garden – English – *" ("Item:factory")

## Cards taken out

- Commons (`commons`)

They stay in your collection, with your progress. To find them, paste this into the search of Anki's browser:

    "note:Garden – English – *" tag:deckgen::retired

## How to get it

Import `garden.en.apkg` in Anki: corrected cards get their new words, and your progress stays. Own notes \
stay if you import a new version with “Update notes: Never”, and then its file that ends in .update.tsv.
"""


def test_news_are_told_before_the_build_and_after_it_and_next_year(
    second: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = (second / "ledger.json").read_bytes()
    assert run("news").output == NEWS
    assert (second / "ledger.json").read_bytes() == ledger, "nothing is written"
    assert run("build", "-p", "anki").exit_code == 0
    assert run("news", "-l", "en").output == NEWS
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 400 * 86_400))
    assert run("news", "--since", "1.0").output == NEWS


def test_the_description_says_it_in_a_line_and_stays_the_same_in_another_year(
    second: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", "-p", "anki")
    file = second.parents[1] / "output/garden.en.apkg"
    package = file.read_bytes()
    line = "New since version 1.0 of June 15, 2025: 1 new card, 1 corrected card, 1 card taken out. What"
    assert f"\n\n{line}" in description(file)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 400 * 86_400))
    assert run("build", "-p", "anki", "--frozen", "--no-cache").exit_code == 0
    assert file.read_bytes() == package


def test_a_first_version_and_one_without_changes_have_no_news(workspace_folder: Path, run: Run) -> None:
    assert run("news").output == "garden.en: nothing is new\n"
    run("build", "-p", "anki")
    assert run("news").output == "garden.en: nothing is new\n"
    edit(workspace_folder / "cards/garden/deck.yaml", 'version: "1.0"', 'version: "1.1"')
    assert run("news").output == "garden.en: nothing is new\n"
    run("build", "-p", "anki")
    assert "New since" not in description(workspace_folder / "output/garden.en.apkg")


@pytest.mark.usefixtures("second")
def test_a_day_is_a_moment_as_well(run: Run) -> None:
    assert "New since June 16, 2025: 1 new card" in run("news", "--since", "2025-06-16").output
    assert "New since June 1, 2025: 7 new cards." in run("news", "--since", "2025-06-01").output
    assert "New since January 1, 1970: 7 new cards." in run("news", "--since", "0001-01-01").output


def test_files_are_written_where_they_are_wanted(second: Path, run: Run) -> None:
    assert run("news", "-o", "told").output == "told/garden.en.news.md\n"
    assert (second.parents[1] / "told/garden.en.news.md").read_text(encoding="utf-8") == NEWS


@pytest.mark.usefixtures("second")
def test_a_version_that_was_never_built_is_told(run: Run) -> None:
    result = run("news", "--since", "0.9")
    assert result.exit_code == 1
    assert "error[D523]: no version “0.9” of this deck has been built" in result.output
    assert "a version that was built: 1.0" in result.output


def test_a_new_version_alone_changes_the_ledger(workspace_folder: Path, run: Run) -> None:
    run("build", "-p", "anki")
    assert run("build", "-p", "anki", "--frozen", "--no-cache").exit_code == 0
    edit(workspace_folder / "cards/garden/deck.yaml", 'version: "1.0"', 'version: "1.1"')
    result = run("build", "-p", "anki", "--frozen")
    assert result.exit_code == 1
    assert "error[D502]: the ledger would change: shapes" in result.output
