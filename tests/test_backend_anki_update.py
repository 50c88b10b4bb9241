"""The update: the texts of a package for learners with own notes, which it leaves alone."""

from __future__ import annotations

import csv
from dataclasses import replace

from packages import item_of, made, package_of

from deckgen.backends import Request
from deckgen.backends.anki import UpdateBackend, compose


def rows(request: Request) -> tuple[list[str], list[list[str]]]:
    """The headers and the rows of an update."""
    content = made(UpdateBackend(), request).value
    assert content is not None
    lines = content.decode().split("\n")
    head = [line for line in lines if line.startswith("#")]
    return head, list(csv.reader("\n".join(lines[len(head) :]).splitlines(keepends=True), delimiter="\t"))


def test_an_update_has_the_texts_of_the_package_and_neither_tags_nor_own_notes(everything: Request) -> None:
    head, found = rows(everything)
    package = package_of(everything)
    assert head[:5] == [
        "#separator:tab",
        "#html:true",
        "#guid column:1",
        "#notetype column:2",
        "#deck column:3",
    ]
    assert head[5].count("\t") + 1 == max(len(row) for row in found), "Anki reads no column without a name"
    folders = {note["guid"]: package.cards_of(item_of(note["flds"]))[0]["did"] for note in package.notes}
    assert found == [
        [
            note["guid"],
            str(note["mid"]),
            package.decks[folders[note["guid"]]]["name"],
            *note["flds"].split("\x1f")[:-1],
        ]
        for note in package.notes
    ]


def test_every_value_of_an_update_is_quoted_so_that_no_row_is_a_comment(everything: Request) -> None:
    content = made(UpdateBackend(), everything).value
    assert content is not None
    assert content.count(b"\n#") == 5
    assert b'\n"' + compose(everything).value.notes[0].guid.encode() + b'"\t"' in content


def test_a_draft_has_no_update_and_an_empty_deck_an_empty_one(everything: Request) -> None:
    assert UpdateBackend().suffix(everything) == ".update.tsv"
    assert UpdateBackend().suffix(replace(everything, draft=True)) == ""
    head, found = rows(replace(everything, deck=replace(everything.deck, items=())))
    assert (len(head), found) == (6, [])
