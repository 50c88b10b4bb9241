"""What a deck may want of Anki beyond its cards, in the real Anki: nothing of it breaks what was learnt."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from conftest import EPOCH
from packages import edit
from people import DAY, IF_NEWER, Author, Learner

NEW = ("factory", "leave")  # the questions of the garden


def wants(author: Author, wishes: str) -> None:
    """Write what the deck wants into deck.yaml, in the place of what it wanted."""
    file = author.deck / "deck.yaml"
    text = re.sub(r"(?m)^anki:.*\n", "", file.read_text(encoding="utf-8"))
    file.write_text(f"{text}anki: {wishes}\n", encoding="utf-8")


def faces(learner: Learner, item: str) -> list[tuple[str, str]]:
    """The two sides of each card of an item, without their style."""

    def body(text: str) -> str:
        return re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)

    return [(body(card.question()), body(card.answer())) for card in learner.note(item).cards()]


def spoken(learner: Learner, item: str) -> list[list[tuple[str, str]]]:
    """The language and the words that are read aloud, by the sides of the cards."""
    cards = learner.note(item).cards()
    sides = (tags for card in cards for tags in (card.question_av_tags(), card.answer_av_tags()))
    return [[(tag.lang, tag.field_text) for tag in tags if hasattr(tag, "lang")] for tags in sides]


# Both ways ----------------------------------------------------------------------------


def test_reversed_cards_come_with_a_deck_that_wants_them(author: Author, learner: Learner) -> None:
    wants(author, "{reversed: [question]}")
    assert learner.imports(author.builds(EPOCH)) == {"new": 7}
    for item in NEW:
        first, second = faces(learner, item)
        assert learner.field(item, "Question") in first[0]
        assert learner.field(item, "Answer") in second[0]
        assert learner.field(item, "Question") not in second[0]
        assert learner.field(item, "Question") in second[1]
    assert len(learner.note("town-plan").cards()) == 1, "only the kinds that are named"
    assert learner.col.get_empty_cards().notes == []
    assert learner.sound()


@pytest.mark.parametrize("corrected", [False, True])
def test_reversed_cards_can_come_later(author: Author, learner: Learner, corrected: bool) -> None:
    """The new cards are new; all that was learnt stays, and no note is doubled."""
    learner.imports(author.builds(EPOCH))
    learner.answers(9)
    before, items = learner.progress(), learner.items()
    wants(author, "{reversed: [question]}")
    if corrected:
        edit(author.nettles, "It made bricks.", "It made bricks of clay.")
    log = learner.imports(author.builds(EPOCH + DAY))
    assert set(log) <= {"updated", "duplicate"}
    assert learner.items() == items
    after = learner.progress()
    assert {card: after[card] for card in before} == before
    assert set(after) - set(before) == {(item, 1) for item in NEW}
    assert len({note.mid for note in map(learner.note, NEW)}) == 1
    if corrected:
        assert learner.field("factory", "Hint") == "It made bricks of clay."
    assert learner.col.get_empty_cards().notes == []
    assert learner.sound()


def test_a_deck_that_no_longer_wants_them_takes_nothing_away(author: Author, learner: Learner) -> None:
    wants(author, "{reversed: [question]}")
    learner.imports(author.builds(EPOCH))
    learner.answers(12)
    before = learner.progress()
    wants(author, "{speech: no}")
    edit(author.nettles, "It made bricks.", "It made bricks of clay.")
    package = author.builds(EPOCH + DAY, breaking=True)  # who does not merge gets no corrections any more
    assert set(learner.imports(package)) <= {"updated", "duplicate"}
    assert learner.progress() == before
    assert learner.field("factory", "Hint") == "It made bricks of clay."
    assert learner.sound()


def test_without_merging_nothing_is_lost_either(author: Author, learner: Learner) -> None:
    """Anki then leaves the notes of that kind as they are: docs/study-in-anki.md says to leave merging on."""
    learner.imports(author.builds(EPOCH))
    learner.answers(9)
    before, items = learner.progress(), learner.items()
    wants(author, "{reversed: [question]}")
    log = learner.imports(author.builds(EPOCH + DAY), merge=False)
    assert log == {"conflicting": 2, "duplicate": 5}
    assert (learner.progress(), learner.items()) == (before, items)
    assert learner.imports(author.builds(EPOCH + DAY)) == {"duplicate": 7}
    assert set(learner.progress()) - set(before) == {(item, 1) for item in NEW}


# Typing -------------------------------------------------------------------------------


def test_answers_are_typed_where_the_deck_wants_it(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    learner.answers(9)
    before = learner.progress()
    for item in ("commons", "nettle-years"):
        assert not any("[[type:" in side for face in faces(learner, item) for side in face)
    wants(author, "{typed: [term, cloze]}")
    learner.imports(author.builds(EPOCH + DAY))
    assert learner.progress() == before
    _, (front, back) = faces(learner, "commons")
    assert "[[type:Term]]" in front
    assert "[[type:Term]]" in back
    assert all("[[type:cloze:Text]]" in side for card in faces(learner, "nettle-years") for side in card)
    assert not any("[[type:" in side for side in faces(learner, "factory")[0])
    expected = learner.col.compare_answer(learner.field("commons", "Term"), "Commons")
    assert "typeGood" in expected
    assert "typeBad" not in expected


# Reading aloud ------------------------------------------------------------------------


def test_questions_and_answers_are_read_aloud_in_their_language(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    assert not any(side for item in learner.items() for side in spoken(learner, item))
    learner.answers(9)
    before = learner.progress()
    wants(author, "{speech: yes, reversed: [question]}")
    learner.imports(author.builds(EPOCH + DAY))
    after = learner.progress()
    assert {card: after[card] for card in before} == before
    question, answer = "Why does the garden belong to nobody?", "Because the factory closed."
    one, two = [("en_US", question)], [("en_US", answer)]
    assert spoken(learner, "factory") == [one, two, two, one]
    for item in learner.items():
        for front, back in zip(*[iter(spoken(learner, item))] * 2, strict=True):
            assert front and back, item
            assert not {words for _, words in front} & {words for _, words in back}, "a front tells nothing"
        assert not any("tts" in side or "{{" in side for face in faces(learner, item) for side in face)


# Options ------------------------------------------------------------------------------


def imports(learner: Learner, package: Path, *, presets: bool) -> None:
    options = ImportAnkiPackageOptions(
        merge_notetypes=True, update_notes=IF_NEWER, update_notetypes=IF_NEWER, with_deck_configs=presets
    )
    learner.col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))


def configured(learner: Learner) -> dict[str, Any]:
    number = learner.col.decks.id_for_name("Garden – English::1 Nettles and spades")
    assert number is not None
    return dict(learner.col.decks.config_dict_for_deck_id(number))


def test_options_are_taken_over_where_the_learner_wants_them(author: Author, learner: Learner) -> None:
    wants(author, "{preset: {new: 7, reviews: 70, bury: no}}")
    imports(learner, author.builds(EPOCH), presets=True)
    options = configured(learner)
    assert options["name"] == "Garden"
    assert (options["new"]["perDay"], options["rev"]["perDay"]) == (7, 70)
    assert (options["new"]["bury"], options["rev"]["bury"]) == (False, False)
    assert learner.col.decks.get_config(1)["new"]["perDay"] != 7, "others are left alone"


def test_options_are_not_imposed(author: Author, learner: Learner) -> None:
    wants(author, "{preset: {new: 7}}")
    imports(learner, author.builds(EPOCH), presets=False)
    assert configured(learner)["id"] == 1
    assert [each["id"] for each in learner.col.decks.all_config()] == [1]


def test_a_learner_s_own_options_stay(author: Author, learner: Learner) -> None:
    wants(author, "{preset: {new: 7}}")
    imports(learner, author.builds(EPOCH), presets=True)
    options = configured(learner)
    options["new"]["perDay"] = 3
    learner.col.decks.update_config(options)
    wants(author, "{preset: {new: 50}}")
    edit(author.nettles, "It made bricks.", "It made bricks of clay.")
    imports(learner, author.builds(EPOCH + DAY), presets=True)
    assert configured(learner)["new"]["perDay"] == 3


def test_a_deck_without_options_suggests_none(author: Author, learner: Learner) -> None:
    imports(learner, author.builds(EPOCH), presets=True)
    assert configured(learner)["id"] == 1
    assert len(learner.col.decks.all_config()) == 1


# Sounds and pictures ------------------------------------------------------------------


def test_a_changed_sound_arrives_and_is_played(author: Author, learner: Learner) -> None:
    edit(author.nettles, "Because the factory", "It ![Wind](wind.mp3)")
    sound = author.deck / "media" / "wind.mp3"
    sound.write_bytes(b"ID3\x04\x00 one")
    learner.imports(author.builds(EPOCH))
    learner.answers(9)
    before = learner.progress()

    def heard() -> bytes:
        (tag,) = learner.note("factory").cards()[0].answer_av_tags()
        return (Path(learner.col.media.dir()) / tag.filename).read_bytes()

    assert heard() == b"ID3\x04\x00 one"
    sound.write_bytes(b"ID3\x04\x00 two")
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    assert heard() == b"ID3\x04\x00 two"
    assert learner.progress() == before
    assert not learner.col.media.check().missing


def test_a_variant_that_is_added_later_arrives(author: Author, learner: Learner) -> None:
    learner.imports(author.builds(EPOCH))
    own = (author.deck / "media/gate.svg").read_bytes().replace(b"#333", b"#777")
    (author.deck / "media/gate.en.svg").write_bytes(own)
    assert learner.imports(author.builds(EPOCH + DAY)) == {"updated": 1, "duplicate": 6}
    (name,) = re.findall(r'<img src="([^"]+)"', learner.note("leave").cards()[0].answer())
    assert (Path(learner.col.media.dir()) / name).read_bytes() == own
