"""Packages are read as they are; a hostile one is a diagnostic, no traceback, and nothing is unpacked."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import EPOCH
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import made, request_for

from deckgen import packages
from deckgen.backends.anki import AnkiBackend
from deckgen.packages import Field, Package


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The garden's package."""
    import shutil

    from conftest import HERE

    folder = tmp_path_factory.mktemp("garden")
    shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
    result = made(AnkiBackend(), request_for(folder, EPOCH))
    assert result.value is not None
    return result.value


def repacked(content: bytes, **changes: bytes | None) -> bytes:
    """The same zip with other files in it; None takes one out."""
    old = zipfile.ZipFile(io.BytesIO(content))
    files = {name: old.read(name) for name in old.namelist()}
    for name, new in changes.items():
        files.pop(name.replace("_", "."), None)
        if new is not None:
            files[name.replace("_", ".")] = new
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return out.getvalue()


def altered(content: bytes, *statements: str) -> bytes:
    """The same package after something was done to its database."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(zipfile.ZipFile(io.BytesIO(content)).read("collection.anki2"))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    return repacked(content, collection_anki2=connection.serialize())


def reason(content: bytes) -> str:
    """Why a package is refused."""
    result = packages.parse(content, "it.apkg")
    assert result.value is None
    (told,) = result.diagnostics
    assert told.code.id == "D801"
    assert told.span.file == "it.apkg"
    return str(told.args["reason"])


def good(content: bytes) -> Package:
    result = packages.parse(content, "it.apkg")
    assert result.diagnostics == ()
    assert result.value is not None
    return result.value


# What stands in it --------------------------------------------------------------------


def test_a_package_is_read_with_its_notes_types_decks_and_pictures(content: bytes) -> None:
    package = good(content)
    assert sorted(deck.name for deck in package.decks.values()) == [
        "Default",
        "Garden – English",
        "Garden – English::1 Nettles and spades",
        "Garden – English::2 What the town wants",
    ]
    note = next(note for note in package.notes if "factory" in note.fields)
    assert note.fields[1] == "Because the factory <strong>closed</strong>."
    assert note.mod == EPOCH
    assert note.tags == ("garden::history", "garden::kind::question", "garden::section::nettles")
    assert note.cards == (0,)
    kind = package.types[note.type]
    assert kind.fields[0] == Field(7214530011, "Question")
    assert (kind.cloze, kind.mod, len(kind.templates)) == (False, EPOCH, 1)
    assert kind.templates[0].id == 7214530019
    assert "{{Question}}" in kind.templates[0].front
    gaps = next(note for note in package.notes if "nettle-years" in note.fields)
    assert gaps.cards == (0, 1)
    assert package.types[gaps.type].cloze
    (picture,) = package.media
    assert picture.endswith(".svg")


def test_of_two_collections_the_newer_one_is_read(content: bytes) -> None:
    """Anki writes a note into the old one that tells old programs to be renewed."""
    emptied = altered(content, "delete from notes")
    old = zipfile.ZipFile(io.BytesIO(emptied)).read("collection.anki2")
    both = repacked(content, collection_anki21=old)
    assert good(both).notes == ()


def test_note_types_without_ids_are_read(content: bytes) -> None:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(zipfile.ZipFile(io.BytesIO(content)).read("collection.anki2"))
    models = json.loads(connection.execute("select models from col").fetchone()[0])
    for model in models.values():
        for part in (*model["flds"], *model["tmpls"]):
            del part["id"]
    connection.execute("update col set models = ?", (json.dumps(models),))
    connection.commit()
    package = good(repacked(content, collection_anki2=connection.serialize()))
    assert {field.id for each in package.types.values() for field in each.fields} == {None}


def test_a_package_without_a_list_of_pictures_has_none(content: bytes) -> None:
    assert good(repacked(content, media=None)).media == ()


def test_a_file_is_read_and_a_missing_one_is_told(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "it.apkg"
    file.write_bytes(content)
    assert packages.read(file).value == good(content)
    result = packages.read(tmp_path / "other.apkg")
    assert [one.text() for one in result.diagnostics] == [
        "this package cannot be read: there is no such file"
    ]
    assert packages.read(tmp_path).value is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it.apkg"], "nothing is unpacked"


# What is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _: b"", "not a package"),
        (lambda _: b"Garden", "not a package"),
        (lambda content: content[: len(content) // 2], "not a package"),
        (lambda content: content.replace(b"PK\x01\x02", b"PK\x01\x03"), "not a package"),
        (lambda content: repacked(content, collection_anki2=None), "no collection"),
        (lambda content: repacked(content, collection_anki21b=b"(\xb5/\xfd"), "newest format"),
        (lambda content: repacked(content, collection_anki2=b""), "database"),
        (lambda content: repacked(content, collection_anki2=b"SQLite format 3\0" + bytes(999)), "database"),
        (lambda content: repacked(content, media=b"{"), "not JSON"),
        (lambda content: repacked(content, media=b"[" * 100_000), "not JSON"),
        (lambda content: repacked(content, media=b"[]"), "not of the sort"),
        (lambda content: repacked(content, media=b'{"0": "../../bashrc"}'), "outside of its own folder"),
        (lambda content: repacked(content, media=b'{"0": "C:\\\\x"}'), "outside of its own folder"),
        (lambda content: repacked(content, media=b'{"0": ".."}'), "outside of its own folder"),
        (lambda content: repacked(content, media=b'{"0": 1}'), "not of the sort"),
        (lambda content: altered(content, "drop table notes"), "no table “notes”"),
        (lambda content: altered(content, "delete from col"), "no collection"),
        (lambda content: altered(content, "update col set models = '{}'"), "not in it"),
        (lambda content: altered(content, "update col set models = '{'"), "not JSON"),
        (lambda content: altered(content, "update col set models = '[]'"), "not of the sort"),
        (lambda content: altered(content, "update col set models = '{\"x\": {}}'"), "not of the sort"),
        (lambda content: altered(content, "update col set decks = x'00'"), "not JSON"),
        (lambda content: altered(content, "update col set decks = 7"), "not of the sort"),
        (lambda content: altered(content, "update notes set flds = x'ff'"), "not of the sort"),
        (lambda content: altered(content, "update notes set flds = cast(x'ff' as text)"), "database"),
        (lambda content: altered(content, "update notes set mod = 'now'"), "not of the sort"),
        (lambda content: altered(content, "alter table cards rename column ord to place"), "database"),
    ],
)
def test_a_broken_package_is_told_in_a_line(
    content: bytes, change: Callable[[bytes], bytes], told: str
) -> None:
    assert told in reason(change(content))


def test_a_view_in_the_place_of_a_table_is_not_asked(content: bytes) -> None:
    """It could count for ever."""
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n"
    assert "no table “cards”" in reason(
        altered(content, "drop table cards", f"create view cards as {endless}")
    )


def test_a_database_that_takes_for_ever_is_given_up(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_MAX_STEPS", -1)
    big = altered(
        content,
        "insert into cards with recursive n(i) as (select 9 union all select i + 1 from n where i < 90000)"
        " select i, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '' from n",
    )
    assert "interrupted" in reason(big)


def test_a_bomb_is_not_unpacked(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_DATABASE", 100_000)
    assert "too large" in reason(repacked(content, collection_anki2=bytes(10_000_000)))
    monkeypatch.setattr(packages, "MAX_LIST", 1000)
    assert "too large" in reason(repacked(content, collection_anki2=b"", media=bytes(100_000)))


def test_a_huge_file_is_not_read(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "it.apkg").write_bytes(content)
    monkeypatch.setattr(packages, "MAX_FILE", 100)
    (told,) = packages.read(tmp_path / "it.apkg").diagnostics
    assert "too large" in told.text()


def test_an_encrypted_package_is_told(content: bytes) -> None:
    locked = bytearray(content)
    for start, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = locked.find(start)
        while place >= 0:
            locked[place + at] |= 1
            place = locked.find(start, place + 1)
    assert "not a package" in reason(bytes(locked))


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_no_damage_leads_to_a_traceback(content: bytes, data: st.DataObject) -> None:
    """Bytes anywhere in the zip, or in its database, that are not what they were."""
    inside = data.draw(st.booleans())
    original = zipfile.ZipFile(io.BytesIO(content)).read("collection.anki2") if inside else content
    broken = bytearray(original)
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(broken) - 1), st.integers(0, 255)), min_size=1, max_size=20)
    ):
        broken[place] = byte
    whole = repacked(content, collection_anki2=bytes(broken)) if inside else bytes(broken)
    result = packages.parse(whole, "it.apkg")
    assert (result.value is None) == bool(result.diagnostics)
