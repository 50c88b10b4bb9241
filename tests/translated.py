"""Decks made of items, and catalogues as text: what the tests of translations share.

A translation that a test makes up says what it translates: ``shop.answer: A penny.`` is that of this text of
this card, so that a translation in a wrong place is seen.
"""

from __future__ import annotations

import datetime
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import polib
from examples import BASE, check

from deckgen.diagnostics import Source, Span
from deckgen.kinds import load_kinds
from deckgen.model import Citation, Deck, Item, Record, Text, Value
from deckgen.resources import search_path
from deckgen.translate import catalogue
from deckgen.translate.catalogue import Catalogue, Entry
from deckgen.translate.localize import Localized, Standing, localize
from deckgen.translate.merge import Merged, merge

KINDS = {kind.name: kind for kind in load_kinds(search_path(Path("nowhere"))).value}
TODAY = datetime.date(2025, 6, 15)
FILE = "cards/garden/translations/fr.po"
_FILES = {file.relative_to(BASE).as_posix(): file.read_bytes() for file in sorted(BASE.rglob("*.yaml"))}
_READ = check(_FILES, tuple(KINDS.values())).deck
assert _READ is not None
SMALL: Deck = _READ

Given = str | Sequence[str] | Sequence[dict[str, str]]


def deck(*items: Item) -> Deck:
    """The small deck with other items."""
    return replace(SMALL, items=items)


def item(name: str, kind: str = "question", former: tuple[str, ...] = (), /, **fields: Given) -> Item:
    span = Span("cards/garden/items/10-nettles.yaml")

    def value(given: Given) -> Value:
        if isinstance(given, str):
            return Text(given, span)
        entries: list[Text | Record] = [
            Text(one, span)
            if isinstance(one, str)
            else {part: Text(text, span) for part, text in one.items()}
            for one in given
        ]
        return tuple(entries)  # type: ignore[return-value]

    values = {name: value(given) for name, given in fields.items()}
    return Item(name, kind, "nettles", values, (Citation("nettles", 1, span),), (), span, former)


def question(name: str, question: str = "", answer: str = "", /, hint: str = "", former: str = "") -> Item:
    fields = {"question": question or f"{name}?", "answer": answer or f"{name}!"}
    return item(name, "question", tuple(former.split()), **fields, **({"hint": hint} if hint else {}))


def choice(name: str, *wrong: str, former: str = "") -> Item:
    fields: dict[str, Given] = {"question": f"{name}?", "right": "yes", "wrong": wrong, "why": "so"}
    return item(name, "choice", tuple(former.split()), **fields)


def read(text: str, tag: str = "fr") -> Catalogue:
    result = catalogue.read(Source(FILE, text), tag)
    assert result.diagnostics == ()
    assert result.value is not None
    return result.value


def begun(of: Deck, tag: str = "fr") -> str:
    """An empty catalogue of a deck."""
    nothing = Catalogue(tag, Source(FILE, ""), catalogue.new(tag, of.id))
    return merge(nothing, of, KINDS, TODAY).text


def finished(of: Deck) -> str:
    """A deck's catalogue with all its translations."""
    return sync(translate(begun(of)), of).text


def sync(text: str, of: Deck, *minor: str, day: datetime.date = TODAY) -> Merged:
    """Merge; a second time it changes nothing, whatever the day."""
    merged = merge(read(text), of, KINDS, day, frozenset(minor))
    tomorrow = day + datetime.timedelta(days=1)
    again = merge(read(merged.text), of, KINDS, tomorrow)
    assert again.text == merged.text
    assert not (again.new and set(again.new) - waiting(merged.text))
    assert (again.changed, again.back, again.removed) == ([], [], [])
    return merged


def waiting(text: str) -> set[str]:
    """The names of the entries without a translation."""
    return {entry.msgctxt for entry in polib.pofile(text) if not entry.msgstr}


def words(entry: Entry) -> str:
    """A translation that says what it translates."""
    return f"{entry.msgctxt}: {entry.msgid}"


def translate(text: str, *names: str, how: Callable[[Entry], str] = words) -> str:
    """Translate what is new or stale, or the entries of those names, as a person does in Poedit."""
    file = polib.pofile(text, wrapwidth=0)
    for entry in file:
        if not entry.obsolete and (entry.msgctxt in names if names else not entry.msgstr or entry.fuzzy):
            entry.msgstr = how(entry)
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            entry.previous_msgid = None
    return catalogue.write(file, file)


def live(text: str) -> dict[str, Entry]:
    return {entry.msgctxt: entry for entry in polib.pofile(text) if not entry.obsolete}


def dead(text: str) -> list[tuple[str, str, str]]:
    """The obsolete entries: names, sources, translations."""
    return [(one.msgctxt, one.msgid, one.msgstr) for one in polib.pofile(text) if one.obsolete]


def state(text: str, name: str) -> tuple[str, str | None]:
    """What an entry has: its translation, and the source that was translated if it is flagged."""
    entry = live(text)[name]
    assert (entry.previous_msgid is not None) <= entry.fuzzy
    return entry.msgstr, entry.previous_msgid if entry.fuzzy else None


def localized(text: str, of: Deck) -> Localized:
    return localize(of, KINDS, read(text))


def msgfmt(text: str, folder: Path) -> None:
    """Hold a catalogue against gettext's own check."""
    program = shutil.which("msgfmt")
    assert program is not None, "gettext is installed: .ci/system test"
    file = folder / "checked.po"
    file.write_text(text, encoding="utf-8", newline="\n")
    run = subprocess.run([program, "-c", "-o", "/dev/null", str(file)], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (0, b""), run.stderr.decode()


def changed_lines(before: str, after: str) -> tuple[int, int]:
    """How many lines went and came."""
    import difflib

    lines: Iterable[str] = difflib.ndiff(before.split("\n"), after.split("\n"))
    marks = [line[0] for line in lines if line[0] in "-+"]
    return marks.count("-"), marks.count("+")


# Two cards and their translations -----------------------------------------------------

LATER = TODAY + datetime.timedelta(days=40)
SHOP = deck(question("shop", "What does it cost?", "A penny."))
SHOP_FR = finished(SHOP)
QUIZ = finished(deck(choice("quiz", "a", "b", "c")))


def shop(question_: str = "What does it cost?", answer: str = "A penny.", **more: str) -> Deck:
    return deck(question("shop", question_, answer, **more))


RENEWED = sync(SHOP_FR, shop("What is its price?", "Two pence.")).text


def standing(text: str, of: Deck, name: str) -> Standing:
    return localized(text, of).cards[name].standing
