"""Notes: what stands in them, what they are for ever, when they changed, and the cards they make."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import EPOCH, HERE
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import Package, edit, item_of, package_of, request_for, translated

from deckgen.backends import Request
from deckgen.backends.anki import compose
from deckgen.backends.anki.notes import deck_name, guid, lasting_id
from deckgen.backends.base import citations, shuffled
from deckgen.ledger import moment, update
from deckgen.model import State

Golden = Callable[[str, str], None]
ITEMS = (
    "open-garden",
    "factory",
    "commons",
    "nettle-years",
    "leave",
    "town-plan",
    "gardeners",
    "town",
    "close-garden",
)


def test_the_notes_are_the_golden_ones(package: Package, golden: Golden) -> None:
    out = []
    for note in package.notes:
        kind = package.types[note["mid"]]
        cards = package.cards_of(item_of(note["flds"]))
        out.append(f"{note['guid']} ({kind['name']})")
        out.append(f"  deck: {package.decks[cards[0]['did']]['name']}")
        out.append(f"  cards: {', '.join(str(card['ord']) for card in cards)}; due {cards[0]['due']}")
        out.append(f"  changed: {moment(note['mod'])}; sorted by: {note['sfld']}")
        out.append(f"  tags: {note['tags'].strip()}")
        for field, value in zip(kind["flds"], note["flds"].split("\x1f"), strict=True):
            lines = value.split("\n")
            out.append(f"  {field['name']}: {lines[0]}".rstrip())
            out += [f"    | {line}".rstrip() for line in lines[1:]]
        out.append("")
    golden("anki/garden.notes.txt", "\n".join(out))


def test_the_decks_are_the_golden_ones(package: Package, golden: Golden) -> None:
    out = []
    for number, deck in sorted(package.decks.items(), key=lambda pair: pair[1]["name"]):
        if number != 1:  # Anki's own "Default", which every package has
            assert deck["md"] is True, "the description is Markdown"
            out += [deck["name"], f"  id {number}, mod {deck['mod']}", *deck["desc"].split("\n"), ""]
    golden("anki/garden.decks.txt", "\n".join(out))


def test_the_arabic_notes_and_a_face_are_the_golden_ones(workspace_folder: Path, golden: Golden) -> None:
    shutil.copytree(HERE / "decks" / "arabic", workspace_folder / "cards" / "arabic")
    package = package_of(request_for(workspace_folder, EPOCH, name="arabic"))
    out = []
    for note in package.notes:
        kind = package.types[note["mid"]]
        out.append(f"{note['guid']} sorted by {note['sfld']}")
        for field, value in zip(kind["flds"], note["flds"].split("\x1f"), strict=True):
            out += [f"  {field['name']}: {value}".rstrip().replace("\n", "\n    | ")]
    kind = package.types[lasting_id("1763900104", "arabic", "ar")]
    golden(
        "anki/arabic.txt", "\n".join([*out, "", kind["tmpls"][0]["qfmt"], "", kind["tmpls"][0]["afmt"], ""])
    )


# Identity ---------------------------------------------------------------------------


def test_ids_are_for_ever() -> None:
    """These hang in collections: a change here makes every learner's deck a second one."""
    assert guid("garden", "factory", "en") == "g<55YY7LaI"
    assert guid("garden", "factory", "de") == "GTiQ_3.&y7"
    assert lasting_id("1763900101", "garden", "en") == 269409291205705
    assert lasting_id("deck", "garden", "en") == 89331763439475


def test_an_id_depends_on_each_of_its_parts() -> None:
    assert len({guid("a", "b", "c"), guid("x", "b", "c"), guid("a", "x", "c"), guid("a", "b", "x")}) == 4
    assert len({lasting_id("a", "b"), lasting_id("b", "a"), lasting_id("a"), lasting_id("ab")}) == 4


@given(st.lists(st.text(), min_size=1, max_size=4))
@settings(deadline=None)
def test_a_lasting_id_fits_into_javascript_and_is_never_zero(parts: list[str]) -> None:
    assert 0 < lasting_id(*(part.encode("utf-8", "replace").decode() for part in parts)) < 2**48


def test_nothing_hangs_on_texts_or_order(workspace_folder: Path) -> None:
    before = compose(request_for(workspace_folder, EPOCH)).value
    file = workspace_folder / "cards" / "garden" / "items" / "10-nettles.yaml"
    edit(file, "Why does the garden belong to nobody?", "Who has the garden?")
    head, *items = file.read_text(encoding="utf-8").split("\n- id: ")
    file.write_text("\n- id: ".join([head, *reversed([i.rstrip() + "\n" for i in items])]), encoding="utf-8")
    after = compose(request_for(workspace_folder, EPOCH)).value
    assert [note.item.id for note in after.notes] != [note.item.id for note in before.notes]
    assert {note.item.id: note.guid for note in after.notes} == {n.item.id: n.guid for n in before.notes}
    assert [each.id for each in after.types] == [each.id for each in before.types]
    changed = {key for key, value in after.hashes("en").items() if before.hashes("en")[key] != value}
    assert changed == {"en/factory"}, "order is not part of what a note is"


def test_each_language_has_its_own_notes_note_types_and_decks(workspace_folder: Path) -> None:
    english, german = (package_of(request_for(workspace_folder, EPOCH, tag)) for tag in ("en", "de"))

    def identities(package: Package) -> list[set[object]]:
        return [
            {note["guid"] for note in package.notes},
            set(package.types),
            {kind["name"] for kind in package.types.values()},
            set(package.decks) - {1},
            {deck["name"] for deck in package.decks.values()} - {"Default"},
            {note["id"] for note in package.notes} | {card["id"] for card in package.cards},
        ]

    for ours, theirs in zip(identities(english), identities(german), strict=True):
        assert len(ours) == len(theirs) > 0
        assert not ours & theirs
    assert [note["tags"] for note in english.notes] == [note["tags"] for note in german.notes]


def test_two_decks_in_one_language_share_nothing(workspace_folder: Path) -> None:
    request = request_for(workspace_folder, EPOCH)
    other = replace(request, deck=replace(request.deck, id="orchard", name="Orchard"))
    one, two = compose(request).value, compose(other).value
    assert not {note.guid for note in one.notes} & {note.guid for note in two.notes}
    assert not {each.id for each in one.types} & {each.id for each in two.types}


def test_numbers_keep_subdecks_in_the_order_of_the_text(everything: Request) -> None:
    assert deck_name(everything) == "Garden – English"
    assert deck_name(everything, 0) == "Garden – English::1 Nettles and spades"
    essay = everything.deck.essay
    many = replace(essay, sections=essay.sections * 6)
    request = replace(everything, deck=replace(everything.deck, essay=many))
    names = [deck_name(request, number) for number in range(12)]
    assert names[0].endswith("::01 Nettles and spades")
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("title", "name"),
    [("A::B", "A:B"), ('The "ground"', "The ground"), ("{{x}} #", "x"), ("*Two* words", "Two words")],
)
def test_a_section_s_title_cannot_make_further_subdecks(everything: Request, title: str, name: str) -> None:
    essay = everything.deck.essay
    sections = (replace(essay.sections[0], title=title), *essay.sections[1:])
    request = replace(everything, deck=replace(everything.deck, essay=replace(essay, sections=sections)))
    assert deck_name(request, 0) == f"Garden – English::1 {name}"


# Times and order --------------------------------------------------------------------


def test_each_note_has_the_time_at_which_it_last_changed(workspace_folder: Path) -> None:
    before = request_for(workspace_folder, EPOCH)
    edit(workspace_folder / "cards/garden/items/20-town.yaml", "Make it a park", "Make it a wood")
    after = request_for(workspace_folder, EPOCH)
    later = update(before.ledger, compose(after).value.hashes("en"), EPOCH + 1000).ledger
    package = package_of(replace(after, ledger=later))
    times = {item_of(note["flds"]): note["mod"] for note in package.notes}
    assert times == {item: EPOCH + (1000 if item == "town-plan" else 0) for item in times}
    assert {kind["mod"] for kind in package.types.values()} == {EPOCH}
    assert {card["mod"] for card in package.cards_of("town-plan")} == {EPOCH + 1000}


def test_a_tag_is_part_of_what_a_note_is(workspace_folder: Path) -> None:
    before = compose(request_for(workspace_folder, EPOCH)).value.hashes("en")
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "tags: [history]", "tags: [past]")
    after = compose(request_for(workspace_folder, EPOCH)).value.hashes("en")
    assert {key for key in before if before[key] != after[key]} == {"en/factory"}


def test_a_note_type_is_newer_only_where_its_own_words_changed(workspace_folder: Path) -> None:
    before = compose(request_for(workspace_folder, EPOCH)).value.hashes("en")
    own = workspace_folder / "templates" / "kinds" / "term"
    own.mkdir(parents=True)
    (own / "term-front.html").write_text(
        '[% extends "default/kinds/term/term-front.html" %]', encoding="utf-8"
    )
    (own / "term-back.html").write_text("<b>{{Term}}</b>: {{Definition}}", encoding="utf-8")
    after = compose(request_for(workspace_folder, EPOCH)).value.hashes("en")
    assert {key for key in before if before[key] != after[key]} == {"en/@term"}


def test_cards_are_due_in_the_order_of_the_text(package: Package) -> None:
    due = {
        item_of(note["flds"]): {c["due"] for c in package.cards if c["nid"] == note["id"]}
        for note in package.notes
    }
    assert due == {item: {number} for number, item in enumerate(ITEMS, 1)}


def test_a_file_s_name_does_not_order_the_sections(workspace_folder: Path) -> None:
    """The essay does: its first section comes first, whatever its file is called."""
    items = workspace_folder / "cards" / "garden" / "items"
    (items / "10-nettles.yaml").rename(items / "90-nettles.yaml")
    assert [note.item.id for note in compose(request_for(workspace_folder, EPOCH)).value.notes] == list(ITEMS)


def test_ids_of_notes_and_cards_lie_in_the_past(package: Package) -> None:
    """Anki reads a note's id as the moment it was made, and renumbers those of the future."""
    ids = [row["id"] for row in (*package.notes, *package.cards)]
    assert len(set(ids)) == len(ids)
    assert max(ids) < EPOCH * 1000
    assert min(ids) > (EPOCH - 15 * 86_400) * 1000


# Cards ------------------------------------------------------------------------------


def test_every_kind_makes_its_cards(package: Package) -> None:
    ordinals = {item: [card["ord"] for card in package.cards_of(item)] for item in ITEMS}
    assert ordinals == {
        "open-garden": [0],
        "factory": [0],
        "commons": [0, 1],
        "nettle-years": [0, 1],
        "leave": [0],
        "town-plan": [0],
        "gardeners": [0, 1],
        "town": [0, 1],
        "close-garden": [0],
    }


@pytest.mark.parametrize(
    ("text", "ordinals"),
    [
        ("{{c1::one}}", [0]),
        ("{{c3::three}} and {{c1::one}} and {{c3::again}}", [0, 2]),
        ("{{c1::out {{c2::in}} out}}", [0, 1]),
        ("{{c1,2::both}} and {{c5::five}}", [0, 1, 4]),
        ("{{c2::$\\frac{1}{x^{2}}$}}", [1]),
    ],
)
def test_a_gap_text_has_a_card_a_number(workspace_folder: Path, text: str, ordinals: list[int]) -> None:
    file = workspace_folder / "cards/garden/items/10-nettles.yaml"
    content = re.sub(r"(?m)^  text: .*$", lambda _: f"  text: '{text}'", file.read_text(encoding="utf-8"))
    file.write_text(content, encoding="utf-8")
    package = package_of(request_for(workspace_folder, EPOCH))
    assert [card["ord"] for card in package.cards_of("nettle-years")] == ordinals


def test_a_discussion_has_no_card_unless_the_deck_studies_it(workspace_folder: Path) -> None:
    package = package_of(request_for(workspace_folder, EPOCH))
    assert {item_of(note["flds"]) for note in package.notes} == set(ITEMS) - {
        "open-garden",
        "close-garden",
    }
    assert not any("Discussion" in kind["name"] for kind in package.types.values())


def test_a_deck_studies_what_it_names_and_no_more(workspace_folder: Path) -> None:
    edit(workspace_folder / "cards/garden/deck.yaml", "\nversion:", "\nstudy: [term, discussion]\nversion:")
    package = package_of(request_for(workspace_folder, EPOCH))
    assert {item_of(note["flds"]) for note in package.notes} == {
        "commons",
        "open-garden",
        "close-garden",
    }
    assert {deck["name"] for deck in package.decks.values()} >= {"Garden – English::2 What the town wants"}


def test_a_section_without_cards_has_no_subdeck(workspace_folder: Path) -> None:
    edit(workspace_folder / "cards/garden/deck.yaml", "\nversion:", "\nstudy: [term]\nversion:")
    package = package_of(request_for(workspace_folder, EPOCH))
    assert {deck["name"] for deck in package.decks.values()} == {
        "Default",
        "Garden – English",
        "Garden – English::1 Nettles and spades",
    }


def test_tags_are_made_of_ids(package: Package) -> None:
    assert (
        package.note("factory")["tags"] == " garden::history garden::kind::question garden::section::nettles "
    )


@pytest.mark.parametrize("words", ["Zzz", "Build homes on it", "0", "Verkaufen"])
def test_the_options_stand_in_an_order_that_no_translation_changes(
    workspace_folder: Path, words: str
) -> None:
    def places(request: Request) -> list[str]:
        note = next(note for note in compose(request).value.notes if note.item.id == "town-plan")
        return [option.partition("</li>")[0] for option in note.fields[1].split("<li")[1:]]

    before = places(request_for(workspace_folder, EPOCH))
    edit(workspace_folder / "cards/garden/items/20-town.yaml", "right: Sell it", f"right: {words}")
    after = places(request_for(workspace_folder, EPOCH, "de"))
    assert after == [option.replace("Sell it", words) for option in before]
    assert len(set(after)) == 3


def test_the_right_option_stands_everywhere() -> None:
    """Over many ids each place is about as likely: a learner cannot learn the place."""
    counts = [0, 0, 0, 0]
    for number in range(2000):
        counts[shuffled([True, False, False, False], f"item-{number}").index(True)] += 1
    assert all(400 < count < 600 for count in counts)


def test_two_sections_with_one_short_name_are_both_cited(everything: Request) -> None:
    deck = everything.deck
    sections = tuple(replace(section, short="Part") for section in deck.essay.sections)
    request = replace(everything, deck=replace(deck, essay=replace(deck.essay, sections=sections)))
    first, last = sections[0].id, sections[-1].id
    assert citations(request, ((last, 5), (first, 2), (last, 4), (first, 2))) == (
        ("Part", (2,)),
        ("Part", (4, 5)),
    )


# What is retired, and own notes -----------------------------------------------------


def test_a_retired_note_has_its_last_text_a_tag_a_mark_and_no_card(everything: Request) -> None:
    last = compose(everything).value.texts("en")["en/town"]
    items = tuple(item for item in everything.deck.items if item.id != "town")
    request = replace(everything, deck=replace(everything.deck, items=items), retired={"town": last})
    package = package_of(request)
    whole, note = package_of(everything).note("town"), package.note("town")
    assert package.cards_of("town") == []
    assert note["guid"] == whole["guid"]
    assert note["tags"].split() == ["deckgen::retired", *whole["tags"].split()]
    *texts, section, source, item, own = whole["flds"].split("\x1f")
    mark = ' · <span class="label">No longer in the deck</span>'
    assert note["flds"].split("\x1f") == [*texts, section + mark, source, item, own]
    assert len(package.notes) == len(package_of(everything).notes)
    assert [card["due"] for card in package.cards_of("close-garden")] == [len(ITEMS) - 1]


def test_what_is_retired_is_left_out_where_its_kind_is_gone_or_not_studied(everything: Request) -> None:
    texts = compose(everything).value.texts("en")
    retired = {
        "gone": texts["en/town"]._replace(kind="gone"),
        "talk": texts["en/open-garden"],
    }
    deck = replace(everything.deck, studied=("question",))
    request = replace(everything, deck=deck, retired=retired)
    ledger = {**everything.ledger, "en/talk": everything.ledger["en/town"]}
    package = package_of(replace(request, ledger=ledger))
    assert not any("retired" in note["tags"] for note in package.notes)


def test_a_field_that_a_kind_got_later_is_empty_on_what_was_retired_before(everything: Request) -> None:
    last = compose(everything).value.texts("en")["en/town"]
    retired = {
        "old": last._replace(fields=(*last.fields[:1], *last.fields[2:], (1, "of a field that is gone")))
    }
    note = compose(replace(everything, retired=retired)).value.notes[-1]
    assert next(field for _, field in last.fields) == note.fields[0]
    assert note.fields[1] == note.fields[-1] == ""
    assert len(note.fields) == len(last.fields) + 1


def test_the_learner_s_field_is_the_last_empty_and_no_part_of_what_a_note_is(everything: Request) -> None:
    for each in compose(everything).value.types:
        assert each.fields[-1] == (each.kind.note_type.id * 100 + 99, "Own notes")
    for note in compose(everything).value.notes:
        assert note.fields[-1] == ""
        assert list(replace(note, fields=(*note.fields[:-1], "mine")).parts()) == list(note.parts())
        assert list(replace(note, fields=("new", *note.fields[1:])).parts()) != list(note.parts())


# Translations -----------------------------------------------------------------------


def test_what_is_not_translated_is_in_its_own_language_field_by_field(everything: Request) -> None:
    sources = compose(translated(everything, states=(State.SOURCE,))).value.notes
    for plain, note in zip(
        compose(translated(everything, states=(State.CURRENT,))).value.notes, sources, strict=True
    ):
        *contents, section, source, item, _ = plain.fields
        own = [re.sub("</?bdi[^>]*>", "", each) for each in contents]  # English is not foreign in English
        wrapped = [f'<div lang="en" dir="ltr">{each}</div>' if each else "" for each in own]
        assert note.fields == (*wrapped, section, source, item, "")


def test_a_source_in_the_decks_own_language_needs_no_telling(everything: Request) -> None:
    request = translated(everything, "en", (State.SOURCE,))
    assert [note.fields for note in compose(request).value.notes] == [
        note.fields for note in compose(everything).value.notes
    ]


def test_a_draft_marks_what_is_not_current_after_the_section(everything: Request) -> None:
    request = translated(everything, "de")
    said = {State.CURRENT: "", State.STALE: "Übersetzung veraltet", State.SOURCE: "Noch nicht übersetzt"}
    plain, draft = compose(request).value, compose(replace(request, draft=True)).value
    assert draft.types == plain.types, "one note type for all notes"
    for before, after in zip(plain.notes, draft.notes, strict=True):
        mark = said[after.item.state]
        changed = [pair for pair in zip(before.fields, after.fields, strict=True) if pair[0] != pair[1]]
        if not mark:
            assert changed == []
        else:
            ((section, marked),) = changed
            assert marked == f'{section} · <span class="label">{mark}</span>'


def test_a_section_s_title_is_read_as_words_by_anki(workspace_folder: Path) -> None:
    """Neither as a sound, a formula, LaTeX nor a gap, on the card and beside the paragraph's number."""
    essay = workspace_folder / "cards" / "garden" / "essay.yaml"
    edit(essay, "title: Nettles and spades", r"title: '[sound:x.mp3] \(x\) [$]y[/$] {{c1::z}}'")
    request = request_for(workspace_folder, EPOCH)
    composed = compose(request).value
    for note in composed.notes:
        for field in note.fields[-3:-1]:
            assert not re.search(r"\[sound:|\\\(|\[\$\]|\{\{", field)
