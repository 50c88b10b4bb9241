"""Random histories: no translation is lost, moves to another card or is silently stale."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from translated import KINDS, begun, deck, item, localized, read, sync, translate

from deckgen.model import Deck, Item, Policy, State, Text
from deckgen.translate.catalogue import Entry
from deckgen.translate.messages import messages

WORDS = ("a", "b", "c", "d")
Snapshot = dict[str, tuple[str, ...]]


class History:
    """An author, a translator and a catalogue. Each card has a number that never changes, whatever its id."""

    def __init__(self) -> None:
        self.cards: dict[int, Item] = {}
        self.order: list[int] = []
        self.bin: dict[int, Item] = {}
        self.seen: dict[int, list[Snapshot]] = {}
        self.minor: set[tuple[str, str, str]] = set()
        self.trifled: set[int] = set()
        self.count = 0
        for _ in range(3):
            self.insert(0, 0)
        self.text = begun(self.deck())
        self.translate(0, 0)

    def deck(self) -> Deck:
        return deck(*(self.cards[number] for number in self.order))

    def card(self, place: int) -> int:
        return self.order[place % len(self.order)]

    def note(self, number: int) -> None:
        """Remember what a card says now."""
        texts: dict[str, list[str]] = {}
        for path, text in self.cards[number].texts():
            texts.setdefault(path.split(".")[0], []).append(text.value)
        self.seen.setdefault(number, []).append({name: tuple(each) for name, each in texts.items()})

    def number_of(self, name: str) -> int:
        """The card that a message's name belongs to, by the ids it has or had."""
        wanted = name.split(".")[0]
        (number,) = (n for n, card in (self.cards | self.bin).items() if wanted in (card.id, *card.former))
        return number

    # What the author does

    def insert(self, place: int, more: int) -> None:
        self.count += 1
        word = WORDS[more % len(WORDS)]
        if more % 2:
            card = item(f"card-{self.count}", question=word, answer=word)
        else:
            card = item(f"card-{self.count}", "choice", question=word, right="r", wrong=("a", "b"), why="w")
        self.cards[self.count] = card
        self.order.insert(place % (len(self.order) + 1), self.count)
        self.note(self.count)

    def edit(self, place: int, more: int) -> None:
        number = self.card(place)
        card = self.cards[number]
        names = [name for name, value in card.fields.items() if isinstance(value, Text)]
        name = names[more % len(names)]
        self.change(number, name, Text(WORDS[more // len(names) % len(WORDS)], card.span))

    def hint(self, place: int, more: int) -> None:
        number = self.card(place)
        card = self.cards[number]
        if card.kind != "question":
            return
        if "hint" in card.fields:
            fields = {name: value for name, value in card.fields.items() if name != "hint"}
            self.cards[number] = replace(card, fields=fields)
            self.note(number)
        else:
            self.change(number, "hint", Text(WORDS[more % len(WORDS)], card.span))

    def edit_both(self, place: int, more: int) -> None:
        """Two texts of a card in one go."""
        number = self.card(place)
        card = self.cards[number]
        second = "answer" if card.kind == "question" else "why"
        word = Text(WORDS[more % len(WORDS)], card.span)
        self.cards[number] = replace(card, fields={**card.fields, "question": word, second: word})
        self.note(number)

    def options(self, place: int, more: int) -> None:
        """Insert, remove, edit or swap wrong answers."""
        number = self.card(place)
        card = self.cards[number]
        if card.kind != "choice":
            return
        wrong = [text for text in card.fields["wrong"] if isinstance(text, Text)]
        what, at = more % 4, more // 4 % len(wrong)
        fresh = Text(f"{WORDS[more // 16 % 4]}{more // 64 % 3}", card.span)
        if what == 0 and len(wrong) < 4:
            wrong.insert(at, fresh)
        elif what == 1 and len(wrong) > 2:
            del wrong[at]
        elif what == 2:
            wrong[at] = fresh
        else:
            wrong[0], wrong[at] = wrong[at], wrong[0]
        if len({text.value for text in wrong}) == len(wrong):
            self.change(number, "wrong", tuple(wrong))

    def change(self, number: int, name: str, value: Text | tuple[Text, ...]) -> None:
        card = self.cards[number]
        self.cards[number] = replace(card, fields={**card.fields, name: value})
        self.note(number)

    def undo(self, place: int, more: int) -> None:
        """Take a card back to what it said before."""
        number = self.card(place)
        card = self.cards[number]
        before = self.seen[number][more % len(self.seen[number])]
        fields = {
            name: tuple(Text(text, card.span) for text in texts)
            if name == "wrong"
            else Text(texts[0], card.span)
            for name, texts in before.items()
        }
        self.cards[number] = replace(card, fields=fields)
        self.note(number)

    def rename(self, place: int, more: int) -> None:  # noqa: ARG002
        number = self.card(place)
        card = self.cards[number]
        self.count += 1
        self.cards[number] = replace(card, id=f"card-{self.count}-new", former=(*card.former, card.id))

    def remove(self, place: int, more: int) -> None:  # noqa: ARG002
        if len(self.order) > 1:
            number = self.card(place)
            self.order.remove(number)
            self.bin[number] = self.cards.pop(number)

    def restore(self, place: int, more: int) -> None:
        if self.bin:
            number = sorted(self.bin)[place % len(self.bin)]
            self.cards[number] = self.bin.pop(number)
            self.order.insert(more % (len(self.order) + 1), number)

    def move(self, place: int, more: int) -> None:
        number = self.order.pop(place % len(self.order))
        self.order.insert(more % (len(self.order) + 1), number)

    # What the others do

    def translate(self, place: int, more: int) -> None:
        """Translate all that waits, or one text; the words tell the card and what was translated."""
        names = [message.ctxt for message in messages(self.deck(), KINDS)]
        one = names[place % len(names)]
        if more % 3 and one in {entry.msgctxt for entry in polib.pofile(self.text)}:
            self.text = translate(self.text, one, how=self.words)
        else:
            self.text = translate(self.text, how=self.words)

    def words(self, entry: Entry) -> str:
        if entry.msgctxt.startswith("@"):
            return f"{entry.msgctxt}|{entry.msgid}"
        return f"{self.number_of(entry.msgctxt)}.{entry.msgctxt.split('.')[1]}|{entry.msgid}"

    def doubt(self, place: int, more: int) -> None:  # noqa: ARG002
        """A translator marks an entry as needing work."""
        file = polib.pofile(self.text, wrapwidth=0)
        entry = [entry for entry in file if not entry.obsolete][place % len(read(self.text).live)]
        if entry.msgstr and not entry.fuzzy:
            entry.flags = ["fuzzy"]
        self.text = str(file) + "\n"

    def sync(self, place: int, more: int) -> None:
        before = polib.pofile(self.text)
        minor = []
        if more % 4 == 0:
            name = [message.ctxt for message in messages(self.deck(), KINDS)][place % 7]
            if "." in name and ".wrong." not in name and not name.startswith("@"):
                minor.append(name)
        self.text = sync(self.text, self.deck(), *minor).text
        after = polib.pofile(self.text)
        for name in minor:
            number = self.number_of(name)
            self.trifled.add(number)
            for entry in after:
                if entry.msgctxt == name and not entry.obsolete and entry.msgstr and not entry.fuzzy:
                    self.minor.add((str(number), entry.msgstr.partition("|")[2], entry.msgid))
        kept = Counter(entry.msgstr for entry in after if entry.msgstr)
        assert Counter(entry.msgstr for entry in before if entry.msgstr) <= kept, "no translation is lost"
        self.law(after)

    # What must hold

    def law(self, file: polib.POFile) -> None:
        told = list(messages(self.deck(), KINDS))
        fresh = [entry for entry in file if not entry.obsolete]
        assert [(entry.msgctxt, entry.msgid) for entry in fresh] == [(one.ctxt, one.text) for one in told]
        for entry in file:
            if not entry.msgstr or entry.msgctxt.startswith("@"):
                continue
            whose, _, source = entry.msgstr.partition("|")
            number, field = self.number_of(entry.msgctxt), entry.msgctxt.split(".")[1]
            assert whose == f"{number}.{field}", "it is of this card and this field"
            if source in (entry.previous_msgid, entry.msgid):
                assert entry.fuzzy or source == entry.msgid
            else:
                assert number in self.trifled, "a translation of other words is marked"

    def coherent(self) -> None:
        """No card has texts together that never stood together, synced or not."""
        found = localized(self.text, self.deck())
        for policy in Policy:
            for card in found.built(policy).items:
                number = self.number_of(card.id)
                if card.state is State.SOURCE or number in self.trifled:
                    continue
                built = {path: text.value.partition("|") for path, text in card.texts()}
                assert all(whose.startswith(f"{number}.") for whose, _, _ in built.values())
                sources = [(path.split(".")[0], source) for path, (_, _, source) in built.items()]
                assert any(
                    all(source in snapshot.get(name, ()) for name, source in sources)
                    for snapshot in self.seen[number]
                ), (card.id, sources)
                if card.state is State.CURRENT:
                    now = {path: text.value for path, text in self.cards[number].texts()}
                    assert {path: source for path, (_, _, source) in built.items()} == now


ACTIONS = (
    *("insert", "edit", "edit", "edit_both", "hint", "options", "options", "undo", "rename", "remove"),
    *("restore", "move", "translate", "translate", "doubt", "sync", "sync", "sync"),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 40), st.integers(0, 1000)), min_size=1, max_size=25
)


def live_through(steps: list[tuple[str, int, int]]) -> None:
    history = History()
    for action, place, more in steps:
        getattr(history, action)(place, more)
        history.coherent()
    history.sync(0, 1)
    history.coherent()


@given(STEPS)
@settings(deadline=None, max_examples=120)
def test_translations_keep_their_words_whatever_the_author_does(steps: list[tuple[str, int, int]]) -> None:
    live_through(steps)


@pytest.mark.slow
@given(STEPS)
@settings(deadline=None, max_examples=4000)
def test_they_do_so_in_four_thousand_histories(steps: list[tuple[str, int, int]]) -> None:
    live_through(steps)
