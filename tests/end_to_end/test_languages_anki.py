"""All languages of the deck that comes with deckgen, in one real Anki collection."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from conftest import EPOCH, HERE
from people import Learner, learner_in

from deckgen import pipeline, survey

REPOSITORY = HERE.parent
TAGS = ("de", *survey.tags(REPOSITORY / "cards" / "smart-city"))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The packages of all languages, by their tags."""
    folder = tmp_path_factory.mktemp("languages")
    deck = shutil.copytree(REPOSITORY / "cards" / "smart-city", folder / "cards" / "smart-city")
    workspace = pipeline.open_workspace(folder).value
    loaded = pipeline.load(workspace, deck)
    options = pipeline.Options(folder / "output", products=("anki",))
    outcome = pipeline.build(workspace, (loaded,), options, EPOCH, lambda _file, _stage: None)
    assert not outcome.failed
    packages = (each.path for each in outcome.written if each.path.suffix == ".apkg")
    return {path.name.split(".")[1]: path for path in packages}


def test_every_language_is_built(packages: dict[str, Path]) -> None:
    assert len(TAGS) == 8
    assert sorted(packages) == sorted(TAGS)


@pytest.fixture
def learner(tmp_path: Path, packages: dict[str, Path]) -> Learner:
    """A person who has imported them all, one after the other."""
    with learner_in(tmp_path / "learner") as learner:
        counts = {tag: learner.imports(package) for tag, package in packages.items()}
        assert len({str(log) for log in counts.values()}) == 1, counts
        assert set(counts["de"]) == {"new"}
        yield learner


def test_all_languages_live_side_by_side(learner: Learner, packages: dict[str, Path]) -> None:
    assert learner.sound()
    items = Counter(learner.items())
    assert set(items.values()) == {len(TAGS)}
    for package in packages.values():
        assert learner.imports(package) == {"duplicate": len(items)}
    assert Counter(learner.items()) == items
    assert learner.col.get_empty_cards().notes == []


def test_an_item_has_the_same_tags_and_place_in_all_languages(learner: Learner) -> None:
    for item in sorted(set(learner.items()))[::7]:
        notes = [learner.note(item, "smart-city", tag) for tag in TAGS]
        assert len({tuple(note.tags) for note in notes}) == 1
        sections = {learner.col.decks.name(note.cards()[0].did).split("::")[1].split()[0] for note in notes}
        assert len(sections) == 1
    orders = []
    for tag in TAGS:
        ids = {learner.note(item, "smart-city", tag).id: item for item in set(learner.items())}
        rows = learner.col.db.all("select nid, ord, due from cards order by due, ord")
        orders.append([(ids[note], ordinal) for note, ordinal, _ in rows if note in ids])
    assert all(order == orders[0] for order in orders)


def test_each_note_says_its_language_and_direction(learner: Learner) -> None:
    for tag in TAGS:
        note = learner.note("begriff-smart-city", "smart-city", tag)
        question = note.cards()[0].question()
        assert f'lang="{tag}"' in question
        assert f'dir="{"rtl" if tag == "ar" else "ltr"}"' in question
