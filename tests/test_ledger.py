"""The ledger: reading and writing it, broken files, and what a build changes in it."""

from __future__ import annotations

import json

import pytest
from conftest import EPOCH
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.diagnostics import Source
from deckgen.ledger import Entry, Ledger, earlier, fingerprint, moment, parse, update, write

LEDGER: Ledger = {
    "de/mill": Entry("0123456789abcdef", 1_750_000_000),
    "de/@question": Entry("fedcba9876543210", 0),
    "en/mill": Entry("0123456789abcdef", 1_750_000_001),
}
TEXT = """{
  "version": 1,
  "entries": {
    "de/@question": {"hash": "fedcba9876543210", "since": "1970-01-01T00:00:00Z"},
    "de/mill": {"hash": "0123456789abcdef", "since": "2025-06-15T15:06:40Z"},
    "en/mill": {"hash": "0123456789abcdef", "since": "2025-06-15T15:06:41Z"}
  }
}
"""
YEAR_9999 = 253_370_764_799  # the last second before it

hashes = st.integers(0, 2**64 - 1).map("{:016x}".format)
ids = st.sampled_from(["mill", "@question", "a", "post-politics", "b2"]) | st.integers(0, 99).map(
    "item-{}".format
)
keys = st.builds("{}/{}".format, st.sampled_from(["de", "en", "de-simple", "zh-Hant"]), ids)
times = st.integers(0, YEAR_9999)
ledgers = st.dictionaries(keys, st.builds(Entry, hashes, times), max_size=12)


def read(text: str) -> Ledger:
    result = parse(Source("ledger.json", text))
    assert result.diagnostics == ()
    return result.value


# Reading and writing ------------------------------------------------------------------


def test_a_ledger_is_sorted_and_has_a_line_for_each_entry() -> None:
    assert write(LEDGER) == TEXT
    assert read(TEXT) == LEDGER


def test_an_empty_ledger() -> None:
    assert read("") == read(" \n") == read(write({})) == {}
    assert json.loads(write({}))["entries"] == {}


@settings(deadline=None, max_examples=200)
@given(ledgers)
def test_what_is_written_is_read_again(ledger: Ledger) -> None:
    text = write(ledger)
    assert read(text) == ledger
    assert text.isascii()
    lines = text.splitlines()[3:-2]
    assert len(lines) == max(len(ledger), 1)
    assert [line.split('"')[1] for line in lines if line] == sorted(ledger)


@settings(deadline=None, max_examples=100)
@given(ledgers, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_does_not_matter(ledger: Ledger, draw: object) -> None:
    entries = list(ledger.items())
    draw.shuffle(entries)  # type: ignore[attr-defined]
    assert write(dict(entries)) == write(ledger)


def test_two_changed_entries_far_apart_are_two_changed_lines() -> None:
    ledger = {f"de/item-{number:02}": Entry("0" * 16, 0) for number in range(20)}
    changed = {**ledger, "de/item-03": Entry("1" * 16, 9), "de/item-17": Entry("1" * 16, 9)}
    pairs = zip(write(ledger).splitlines(), write(changed).splitlines(), strict=True)
    assert [number for number, (before, after) in enumerate(pairs) if before != after] == [6, 20]


def test_a_time_is_written_as_people_read_it() -> None:
    assert moment(1_750_000_000) == "2025-06-15T15:06:40Z"


# Broken files -------------------------------------------------------------------------


def entry(**changes: object) -> str:
    return json.dumps(
        {"version": 1, "entries": {"de/mill": {"hash": "0" * 16, "since": moment(0)} | changes}}
    )


CONFLICT = TEXT.replace(
    '    "de/mill"', '<<<<<<< HEAD\n    "de/mill": {"hash": "1"},\n=======\n    "de/mill"'
).replace('"en/mill"', '>>>>>>> other\n    "en/mill"')


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        (CONFLICT, "it holds a merge conflict", 5),
        (TEXT[:-5], "it is not JSON (Expecting ',' delimiter)", 7),
        (TEXT.replace("},", "}", 1), "it is not JSON (Expecting ',' delimiter)", 5),
        ("deck", "it is not JSON (Expecting value)", 1),
        ("\x00", "it is not JSON (Expecting value)", 1),
        ("[" * 100_000, "it is nested too deep", 1),
        ('{"version": ' + "1" * 5000 + "}", "it holds a number that is too long", 1),
        ("[]", "it is not a ledger of version 1", 1),
        ("{}", "it is not a ledger of version 1", 1),
        ('{"version": 2, "entries": {}}', "it is not a ledger of version 1", 1),
        ('{"version": "1", "entries": {}}', "it is not a ledger of version 1", 1),
        ('{"version": 1}', "it is not a ledger of version 1", 1),
        ('{"version": 1, "entries": []}', "it is not a ledger of version 1", 1),
        (TEXT.replace("en/mill", "de/mill"), "“de/mill” stands in it twice", 6),
        (TEXT.replace("en/mill", "en mill"), "the entry “en mill” is not one of its own", 6),
        (TEXT.replace("de/mill", "de/Mill"), "the entry “de/Mill” is not one of its own", 5),
        (entry(hash="xyz"), "the entry “de/mill” is not one of its own", 1),
        (entry(hash="0" * 17), "the entry “de/mill” is not one of its own", 1),
        (entry(hash=5), "the entry “de/mill” is not one of its own", 1),
        (entry(hash=None), "the entry “de/mill” is not one of its own", 1),
        (entry(since="yesterday"), "the entry “de/mill” is not one of its own", 1),
        (entry(since="2025-13-01T00:00:00Z"), "the entry “de/mill” is not one of its own", 1),
        (entry(since="2025-01-01T00:00:00+01:00"), "the entry “de/mill” is not one of its own", 1),
        (entry(since="9999-12-31T23:59:59Z"), "the entry “de/mill” is not one of its own", 1),
        (entry(since="0001-01-01T00:00:00Z"), "the entry “de/mill” is not one of its own", 1),
        (entry(since=12), "the entry “de/mill” is not one of its own", 1),
        ('{"version": 1, "entries": {"de/mill": {}}}', "the entry “de/mill” is not one of its own", 1),
        ('{"version": 1, "entries": {"de/mill": []}}', "the entry “de/mill” is not one of its own", 1),
        ('{"version": 1, "entries": {"de/mill": "x"}}', "the entry “de/mill” is not one of its own", 1),
        ('{"version": 1, "entries": {"de/mill": null}}', "the entry “de/mill” is not one of its own", 1),
    ],
)
def test_a_broken_ledger_is_told_and_gives_nothing(text: str, reason: str, line: int) -> None:
    result = parse(Source("ledger.json", text))
    (found,) = result.diagnostics
    assert (found.code.id, found.args["reason"], found.span.line) == ("D501", reason, line)
    assert result.value == {}
    assert found.level == "error"  # which stops the build: a broken ledger is never written over


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | hashes,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | keys, inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=200)
@given(
    st.text(max_size=60)
    | json_values.map(json.dumps)
    | json_values.map(lambda value: json.dumps({"version": 1, "entries": value}))
    | json_values.map(lambda value: json.dumps({"version": 1, "entries": {"de/mill": value}}))
)
def test_any_text_is_a_ledger_or_told(text: str) -> None:
    result = parse(Source("ledger.json", text))
    assert not (result.value and result.diagnostics)
    if result.value:
        assert read(write(result.value)) == result.value


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_a_ledger_with_one_character_changed_keeps_its_entries_or_is_told(place: int, character: str) -> None:
    result = parse(Source("ledger.json", TEXT[:place] + character + TEXT[place + 1 :]))
    assert result.diagnostics or len(result.value) == len(LEDGER)


# What a build changes -----------------------------------------------------------------

rendered = st.dictionaries(keys, hashes, max_size=12)


def test_a_new_entry_has_the_time_of_its_build() -> None:
    result = update({}, {"de/mill": "0" * 16}, 100)
    assert result == ({"de/mill": Entry("0" * 16, 100)}, ("de/mill",), ())


def test_an_unchanged_entry_keeps_its_time() -> None:
    ledger = {"de/mill": Entry("0" * 16, 100)}
    assert update(ledger, {"de/mill": "0" * 16}, 200) == (ledger, (), ())


def test_a_changed_entry_gets_the_time_of_its_build() -> None:
    ledger = {"de/mill": Entry("0" * 16, 100)}
    result = update(ledger, {"de/mill": "1" * 16}, 200)
    assert result == ({"de/mill": Entry("1" * 16, 200)}, (), ("de/mill",))


@pytest.mark.parametrize("now", [0, 99, 100])
def test_a_changed_entry_gets_a_later_time_even_if_the_clock_runs_backwards(now: int) -> None:
    result = update({"de/mill": Entry("0" * 16, 100)}, {"de/mill": "1" * 16}, now)
    assert result.ledger["de/mill"].since == 101


def test_a_text_that_is_changed_and_changed_back_is_newer_than_both() -> None:
    ledger: Ledger = {"de/mill": Entry("0" * 16, 100)}
    ledger = update(ledger, {"de/mill": "1" * 16}, 100).ledger
    ledger = update(ledger, {"de/mill": "0" * 16}, 100).ledger
    assert ledger["de/mill"] == Entry("0" * 16, 102)


@settings(deadline=None, max_examples=300)
@given(ledgers, rendered, times)
def test_an_update_loses_nothing_and_makes_only_what_changed_later(
    ledger: Ledger, given_hashes: dict[str, str], now: int
) -> None:
    before = dict(ledger)
    result = update(ledger, given_hashes, now)
    assert ledger == before  # a value is not changed in place
    assert set(result.ledger) == set(ledger) | set(given_hashes)
    assert set(result.new) == set(given_hashes) - set(ledger)
    assert list(result.changed) == sorted(result.changed)
    for key, new in result.ledger.items():
        old = ledger.get(key)
        if key in given_hashes:
            assert new.hash == given_hashes[key]
        if old is None:
            assert new.since == now
        elif key not in given_hashes or old.hash == given_hashes[key]:
            assert new == old
            assert key not in result.changed
        else:
            assert new.since > old.since
            assert new.since >= now
            assert key in result.changed


@settings(deadline=None, max_examples=200)
@given(ledgers, rendered, times, times)
def test_a_second_build_changes_nothing(
    ledger: Ledger, given_hashes: dict[str, str], now: int, later: int
) -> None:
    once = update(ledger, given_hashes, now).ledger
    assert update(once, given_hashes, later) == (once, (), ())


# Hashes -------------------------------------------------------------------------------


def test_a_hash_is_of_the_parts_and_their_borders() -> None:
    """The first line is for ever: with another hash, every note of every ledger would be a changed one."""
    assert fingerprint(["a", "b"]) == fingerprint(iter(["a", "b"])) == "3554d2b8a1e34099"
    assert (
        len({fingerprint(parts) for parts in (["ab"], ["a", "b"], ["b", "a"], ["a", "b", ""], ['a", "b'])})
        == 5
    )


# Languages and drafts -----------------------------------------------------------------


def test_the_entries_of_one_language_are_its_own() -> None:
    entries = {"en/a": Entry("0" * 16, 5), "en/@term": Entry("1" * 16, 6), "en-simple/a": Entry("2" * 16, 7)}
    made = update(entries, {"en/b": "3" * 16}, 9)
    assert set(made.ledger_of("en")) == {"en/a", "en/@term", "en/b"}
    assert made.ledger_of("en-simple") == {"en-simple/a": Entry("2" * 16, 7)}
    assert made.ledger_of("de") == {}


def test_a_draft_is_a_second_older_than_what_replaces_it() -> None:
    assert earlier({"en/a": Entry("0" * 16, 5)}) == {"en/a": Entry("0" * 16, 4)}


def test_an_entry_under_a_new_name_is_later_than_under_the_old_one() -> None:
    """A note is the same one after its item was renamed: its time may not go back."""
    old = {"en/mill": Entry("5a1af93e4b44e0b2", EPOCH)}
    former = {"en/factory": ["en/brickworks", "en/mill"]}
    renamed = update(old, {"en/factory": "0e0cdd80b4bb1871"}, EPOCH - 5, former)
    assert renamed.ledger["en/factory"].since == EPOCH + 1
    assert renamed.new == ("en/factory",)
    later = update(old, {"en/factory": "0e0cdd80b4bb1871"}, EPOCH + 5, former)
    assert later.ledger["en/factory"].since == EPOCH + 5
