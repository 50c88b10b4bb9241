"""Packages in the real Anki: what arrives, of the garden and of the deck that comes with deckgen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import EPOCH, HERE
from packages import edit, study_everything
from people import DAY, Author, Learner

from deckgen import markup, pipeline
from deckgen.model import Text

REPOSITORY = HERE.parent
Golden = Callable[[str, str], None]


def test_everything_of_the_garden_arrives(author: Author, learner: Learner) -> None:
    log = learner.imports(author.builds(EPOCH))
    assert log == {"new": 7}
    assert learner.items() == [
        "commons",
        "factory",
        "gardeners",
        "leave",
        "nettle-years",
        "town",
        "town-plan",
    ]
    assert learner.decks() == [
        "Garden – English",
        "Garden – English::1 Nettles and spades",
        "Garden – English::2 What the town wants",
    ]
    assert learner.new_cards() == [
        ("factory", 0),
        ("commons", 0),
        ("commons", 1),
        ("nettle-years", 0),
        ("nettle-years", 1),
        ("leave", 0),
        ("town-plan", 0),
        ("gardeners", 0),
        ("gardeners", 1),
        ("town", 0),
        ("town", 1),
    ]
    assert learner.sound()


def test_anki_asks_in_the_order_of_the_text(author: Author, learner: Learner) -> None:
    """By the order that collections have unless told: first cards of all notes, then second ones."""
    learner.imports(author.builds(EPOCH))
    learner.col.decks.select(learner.col.decks.id_for_name("Garden – English"))
    queue = [entry.card for entry in learner.col.sched.get_queued_cards(fetch_limit=100).cards]
    asked = [(learner.col.get_note(card.note_id)["Item"], card.template_idx) for card in queue]
    assert asked == sorted(learner.new_cards(), key=lambda card: card[1])
    assert len(asked) == 11


def test_a_note_arrives_with_its_fields_tags_and_deck(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    note = learner.note("factory")
    assert dict(note.items()) == {
        "Question": "Why does the garden belong to nobody?",
        "Answer": "Because the factory <strong>closed</strong>.",
        "Hint": "It made bricks.",
        "Section": "Nettles and spades",
        "Source": "Nettles, paragraph\u00a01",
        "Item": "factory",
        "Own notes": "",
    }
    assert note.tags == ["garden::history", "garden::kind::question", "garden::section::nettles"]
    assert note.mod == EPOCH
    (card,) = note.cards()
    assert learner.col.decks.name(card.did) == "Garden – English::1 Nettles and spades"
    assert learner.col.db.scalar("select sfld from notes where id = ?", note.id) == note["Question"]


def test_the_description_arrives_as_harmless_markdown(author: Author, learner: Learner) -> None:
    edit(author.deck / "deck.yaml", "its town.", "its town. <script>x()</script>")
    learner.imports(author.builds(EPOCH))
    deck = learner.col.decks.by_name("Garden – English")
    assert deck is not None
    assert deck["md"] is True
    shown = learner.col.render_markdown(deck["desc"])
    assert "<strong>Who decides about the garden?</strong>" in shown
    assert "<em>a garden</em>" in shown
    assert '<a href="https://creativecommons.org/licenses/by-sa/4.0/"' in shown
    assert "Ada Example, Bo Sample" in shown
    assert "script" not in shown


def test_pictures_arrive_and_a_changed_one_takes_their_place(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    folder = Path(learner.col.media.dir())

    def shown() -> bytes:
        (name,) = re.findall(r'<img src="([^"]+)"', learner.note("leave").cards()[0].answer())
        return (folder / name).read_bytes()

    assert shown() == (author.deck / "media/gate.svg").read_bytes()
    edit(author.deck / "media/gate.svg", "#333", "#555")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    assert b"#555" in shown()
    assert not learner.col.media.check().missing


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("{{c1::one}} and {{c2::two}}", [0, 1]),
        ("{{c1::out {{c3::in}} out}}", [0, 2]),
        ("{{c1,2::both}} and {{c4::four}}", [0, 1, 3]),
        ("{{c1::a}} and {{c1::b}}", [0]),
    ],
)
def test_gap_texts_have_the_cards_that_anki_gives_them(
    author: Author, learner: Learner, text: str, cards: list[int]
) -> None:
    """No card is missing or empty: Anki, asked anew, would make the same ones."""
    content = re.sub(r"(?m)^  text: .*$", f"  text: '{text}'", author.nettles.read_text(encoding="utf-8"))
    author.nettles.write_text(content, encoding="utf-8")
    learner.imports(author.builds(EPOCH))
    note = learner.note("nettle-years")
    assert sorted(card.ord for card in note.cards()) == cards
    assert sorted(number - 1 for number in note.cloze_numbers_in_fields()) == cards
    learner.col.update_note(note)
    assert sorted(card.ord for card in note.cards()) == cards
    assert learner.col.get_empty_cards().notes == []
    for card in note.cards():
        assert 'class="cloze"' in card.question()


def test_a_discussion_is_studied_where_the_deck_says_so(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    study_everything(author.folder)
    assert learner.imports(author.builds(EPOCH + DAY)) == {"new": 2, "duplicate": 7}
    assert len(learner.note("open-garden").cards()) == 1


def test_anki_s_text_of_every_card_is_the_golden_one(
    author: Author, learner: Learner, golden: Golden
) -> None:
    """The HTML of both sides, as Anki makes it, without its style."""
    study_everything(author.folder)
    learner.imports(author.builds(EPOCH))
    out = []
    for item, ordinal in learner.new_cards():
        card = next(card for card in learner.note(item).cards() if card.ord == ordinal)
        for side, text in (("question", card.question()), ("answer", card.answer())):
            body = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
            out += [f"<!-- {item}, card {ordinal}: {side} -->", body.strip(), ""]
    golden("anki/garden.faces.html", "\n".join(out))


def test_a_hint_is_on_the_front_and_the_answer_is_not(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    (card,) = learner.note("factory").cards()
    assert "<details" in card.question()
    assert "It made bricks." in card.question()
    assert "closed" not in card.question()
    (card,) = learner.note("leave").cards()
    assert "<details" not in card.question(), "no hint, no empty box"


def test_two_languages_live_in_one_collection(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(5)
    before = learner.cards()
    edit(author.deck / "deck.yaml", "language: en", "language: de")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"new": 7}
    assert len(learner.decks()) == 6
    assert learner.note("factory", tag="de").fields[:4] == learner.note("factory").fields[:4]
    assert len(learner.cards()) == 2 * len(before)
    assert all(card in learner.cards() for card in before)
    assert learner.sound()


# The shipped deck ---------------------------------------------------------------------


@pytest.fixture
def shipped(tmp_path: Path) -> tuple[Path, pipeline.Loaded]:
    """A copy of the deck that comes with deckgen, built."""
    shutil.copytree(REPOSITORY / "cards" / "smart-city", tmp_path / "cards" / "smart-city")
    workspace = pipeline.open_workspace(tmp_path).value
    loaded = pipeline.load(workspace, tmp_path / "cards" / "smart-city")
    options = pipeline.Options(tmp_path / "output", products=("anki",))
    outcome = pipeline.build(workspace, (loaded,), options, EPOCH, lambda _file, _stage: None)
    assert not outcome.failed
    return next(each.path for each in outcome.written if each.path.name == "smart-city.de.apkg"), loaded


def test_the_shipped_deck_arrives_whole(shipped: tuple[Path, pipeline.Loaded], learner: Learner) -> None:
    package, loaded = shipped
    deck = loaded.deck
    assert deck is not None
    place = {section.id: number for number, section in enumerate(deck.essay.sections)}
    studied = sorted((i for i in deck.items if i.kind in deck.studied), key=lambda item: place[item.section])
    assert learner.imports(package) == {"new": len(studied)}
    assert learner.imports(package) == {"duplicate": len(studied)}
    assert learner.sound()
    assert learner.items() == sorted(item.id for item in studied)

    expected = []
    for item in studied:
        note = learner.note(item.id, "smart-city", "de")
        assert f"smart-city::kind::{item.kind}" in note.tags
        (folder,) = {learner.col.decks.name(card.did) for card in note.cards()}
        section = deck.section(item.section)
        assert folder.startswith(f"Smart City – Deutsch::{place[item.section] + 1} ")
        assert section.title.split()[0] in folder
        first = next(value for value in item.fields.values() if isinstance(value, Text))
        if item.kind != "cloze":
            assert note.fields[0] == markup.render(first.value, markup.ANKI, block=False).html
        cards = {"term": 2, "position": 2, "cloze": len(markup.gap_numbers(first.value))}.get(item.kind, 1)
        assert len(note.cards()) == cards
        expected += [(item.id, card.ord) for card in note.cards()]
    assert learner.new_cards() == expected
    assert learner.col.get_empty_cards().notes == []
