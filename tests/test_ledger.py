"""The ledger: reading and writing it, broken files, and what a build changes in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.diagnostics import Source
from deckgen.ledger import (
    Entry,
    Last,
    Ledger,
    earlier,
    fingerprint,
    gone,
    late,
    moment,
    parse,
    spoken,
    times_of,
    update,
    write,
)

LAST = Last("question", ((7, "Wo?"), (8, "In <b>Köln</b>.")), ("a::b", "c"))
LEDGER: Ledger = {
    "de/mill": Entry(fingerprint(spoken(LAST)), 1_750_000_000, LAST),
    "de/@question": Entry("fedcba9876543210", 0),
    "en/mill": Entry("0123456789abcdef", 1_750_000_001, LAST._replace(retired=1_750_000_001)),
}
TEXT = """{
  "version": 2,
  "entries": {
    "de/@question": {"hash": "fedcba9876543210", "since": "1970-01-01T00:00:00Z"},
    "de/mill": {"hash": "HASH", "since": "2025-06-15T15:06:40Z", \
"kind": "question", "tags": ["a::b", "c"], "fields": {"7": "Wo?", "8": "In <b>Köln</b>."}},
    "en/mill": {"hash": "0123456789abcdef", "since": "2025-06-15T15:06:41Z", \
"retired": "2025-06-15T15:06:41Z", \
"kind": "question", "tags": ["a::b", "c"], "fields": {"7": "Wo?", "8": "In <b>Köln</b>."}}
  }
}
""".replace("HASH", fingerprint(["Wo?", "In <b>Köln</b>.", "a::b", "c"]))
OLD_TEXT = """{
  "version": 1,
  "entries": {
    "de/mill": {"hash": "0123456789abcdef", "since": "2025-06-15T15:06:40Z"}
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
texts = st.text('aä<>&"\\\n\u2067\u2028\U0001f333', max_size=12)
words = st.lists(st.sampled_from(["a::b", "c", "d-e"]), max_size=3).map(tuple)
fields = st.lists(st.tuples(st.integers(0, 9), texts), max_size=3, unique_by=lambda pair: pair[0]).map(tuple)
lasts = st.builds(Last, st.sampled_from(["question", "my_kind"]), fields, words, st.just(0) | times)


def entry_of(value: str, since: int, last: Last | None, first: int) -> Entry:
    """An entry whose hash is of its text, unless it is retired."""
    return Entry(fingerprint(spoken(last)) if last and not last.retired else value, since, last, first)


ledgers = st.dictionaries(
    keys, st.builds(entry_of, hashes, times, st.none() | lasts, st.just(0) | times), max_size=12
)


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
    assert text.encode().decode() == text
    assert len(text.splitlines()) == text.count("\n"), "nothing else ends a line"
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


def test_a_ledger_of_version_1_is_read_and_carried_over() -> None:
    """It knew no texts; its times count on."""
    old = read(OLD_TEXT)
    assert old == {"de/mill": Entry("0123456789abcdef", 1_750_000_000)}
    assert read(write(old)) == old
    assert '"version": 2' in write(old)
    after = update(old, {"de/mill": fingerprint(spoken(LAST))}, 1, {"de/mill": LAST})
    assert after.ledger["de/mill"] == Entry(fingerprint(spoken(LAST)), 1_750_000_001, LAST, 1_750_000_000)


def test_what_cannot_be_seen_is_written_as_its_number() -> None:
    last = LAST._replace(fields=((7, "a\u2067b\u2069\u2028\u200f"),))
    text = write({"de/mill": Entry(fingerprint(spoken(last)), 0, last)})
    assert "a\\u2067b\\u2069\\u2028\\u200f" in text
    assert read(text)["de/mill"].last == last


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
        (TEXT.replace("Köln", "Kiel", 1), "the entry “de/mill” has another text than its hash", 5),
        (TEXT.replace('"c"', '"d"', 1), "the entry “de/mill” has another text than its hash", 5),
        (TEXT.replace('"7"', '"seven"', 1), "the entry “de/mill” is not one of its own", 5),
        (TEXT.replace('["a::b", "c"]', '"a"', 1), "the entry “de/mill” is not one of its own", 5),
        (TEXT.replace('"question"', '"Question!"', 1), "the entry “de/mill” is not one of its own", 5),
        (TEXT.replace('"question"', "5", 1), "the entry “de/mill” is not one of its own", 5),
        (TEXT.replace('"Wo?"', "[]", 1), "the entry “de/mill” is not one of its own", 5),
        (
            TEXT.replace('"retired": "2025', '"retired": "soon'),
            "the entry “en/mill” is not one of its own",
            6,
        ),
        (TEXT.replace("},", "}", 1), "it is not JSON (Expecting ',' delimiter)", 5),
        ("deck", "it is not JSON (Expecting value)", 1),
        ("\x00", "it is not JSON (Expecting value)", 1),
        ("[" * 100_000, "it is nested too deep", 1),
        ('{"version": ' + "1" * 5000 + "}", "it holds a number that is too long", 1),
        ("[]", "it is not a ledger of version 1 or 2", 1),
        ("{}", "it is not a ledger of version 1 or 2", 1),
        ('{"version": 3, "entries": {}}', "it is not a ledger of version 1 or 2", 1),
        ('{"version": "2", "entries": {}}', "it is not a ledger of version 1 or 2", 1),
        ('{"version": 1}', "it is not a ledger of version 1 or 2", 1),
        ('{"version": 1, "entries": []}', "it is not a ledger of version 1 or 2", 1),
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
    assert result == ({"de/mill": Entry("1" * 16, 200, first=100)}, (), ("de/mill",))


@pytest.mark.parametrize("now", [0, 99, 100])
def test_a_changed_entry_gets_a_later_time_even_if_the_clock_runs_backwards(now: int) -> None:
    result = update({"de/mill": Entry("0" * 16, 100)}, {"de/mill": "1" * 16}, now)
    assert result.ledger["de/mill"].since == 101


def test_a_text_that_is_changed_and_changed_back_is_newer_than_both() -> None:
    ledger: Ledger = {"de/mill": Entry("0" * 16, 100)}
    ledger = update(ledger, {"de/mill": "1" * 16}, 100).ledger
    ledger = update(ledger, {"de/mill": "0" * 16}, 100).ledger
    assert ledger["de/mill"] == Entry("0" * 16, 102, first=100)


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


# What is retired ----------------------------------------------------------------------


def test_what_is_gone_are_the_items_with_a_text_that_are_no_more() -> None:
    ledger = {**LEDGER, "de/old": Entry("0" * 16, 5)}
    assert gone(ledger, "de", {"mill"}) == {}
    assert gone(ledger, "de", set()) == {"mill": LAST}
    assert gone(ledger, "fr", set()) == {}


def test_a_retired_entry_keeps_its_text_and_the_moment() -> None:
    first = update(LEDGER, {"de/mill": "1" * 16}, 1_760_000_000, {}, ["de/mill"]).ledger
    assert first["de/mill"] == Entry(
        "1" * 16, 1_760_000_000, LAST._replace(retired=1_760_000_000), LEDGER["de/mill"].since
    )
    again = update(first, {"de/mill": "1" * 16}, 1_770_000_000, {}, ["de/mill"])
    assert (again.ledger, again.changed) == (first, ())


def test_an_item_that_returns_is_newer_and_not_retired_any_more() -> None:
    retired = update(LEDGER, {"de/mill": "1" * 16}, 1_760_000_000, {}, ["de/mill"]).ledger
    back = update(retired, {"de/mill": LEDGER["de/mill"].hash}, 1_760_000_000, {"de/mill": LAST})
    assert back.ledger["de/mill"] == LEDGER["de/mill"]._replace(since=1_760_000_001)
    assert back.ledger["de/mill"].born == 1_760_000_001, "who comes now has never seen it"
    assert back.changed == ("de/mill",)


def test_what_changes_remembers_when_it_came() -> None:
    ledger: Ledger = {"de/mill": Entry("0" * 16, 100)}
    assert ledger["de/mill"].born == 100
    for now in (200, 300):
        ledger = update(ledger, {"de/mill": f"{now:016}"}, now).ledger
        assert (ledger["de/mill"].born, ledger["de/mill"].since) == (100, now)
    assert '"first": "1970-01-01T00:01:40Z"' in write(ledger)


def test_products_are_given_times_without_texts() -> None:
    assert times_of(LEDGER, "de") == {
        key: Entry(LEDGER[key].hash, LEDGER[key].since) for key in ("de/mill", "de/@question")
    }


def test_late_is_what_lies_more_than_a_day_ahead() -> None:
    ledger = {"de/a": Entry("0" * 16, 100_000), "de/b": Entry("0" * 16, 100_001)}
    assert late(ledger, 100_000 - 86_400) == ("de/b",)
    assert late(ledger, 100_001 - 86_400) == ()
