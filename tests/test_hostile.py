"""What a malicious or broken deck costs as a whole: less than a second and less than 200 megabytes.

What one file costs to read, and one of items to check, is held in ``test_reader.py`` and
``test_parse.py``; the memory of all of them together is measured here, in a process of its own
and with what libyaml and the validator take.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from examples import BASE, Checked, check, outside

from deckgen.collector import uncollected
from deckgen.decoding import MAX_BYTES
from deckgen.pipeline import open_workspace
from deckgen.reader import MAX_VALUES

KINDS = open_workspace(Path(__file__).parent).value.kinds
FILES = {file.relative_to(BASE).as_posix(): file.read_bytes() for file in sorted(BASE.rglob("*.yaml"))}
ITEMS = "items/10-nettles.yaml"
ESSAY = "title: a\nauthors: [b]\nlanguage: en\nsections:\n"
SECTION = "  - id: nettles\n    title: a\n    paragraphs:\n"
PARAGRAPH = f'      - {{sha256: {"a" * 64}, length: 1, start: "{"a" * 8}", end: "{"a" * 8}"}}\n'
ITEM = "- id: a\n  question: b\n  answer: c\n"
DECK = FILES["deck.yaml"].decode()


def most(head: str, unit: str, values: int, tail: str = "") -> bytes:
    """The file with the most units that the limits allow; each has so many values."""
    room = MAX_BYTES - len(head) - len(tail)
    return (head + unit * min(room // len(unit), (MAX_VALUES - 100) // values) + tail).encode()


HOSTILE: dict[str, tuple[str, bytes]] = {
    "wrong paragraphs": ("essay.yaml", most(ESSAY + SECTION, "      - {a: b}\n", 3)),
    "wrong paragraphs in many sections": (
        "essay.yaml",
        most(ESSAY, SECTION + "      - {a: b}\n" * 50, 157),
    ),
    "texts for paragraphs": ("essay.yaml", most(ESSAY + SECTION, "      - a\n", 1)),
    "many paragraphs": ("essay.yaml", most(ESSAY + SECTION, PARAGRAPH, 9)),
    "one section again and again": ("essay.yaml", most(ESSAY, SECTION + PARAGRAPH, 16)),
    "wrong sections": ("essay.yaml", most(ESSAY, "  - {a: b}\n", 3)),
    "authors without names": ("essay.yaml", most("title: a\nauthors: [", "'',", 1, "]\n")),
    "unknown words": ("deck.yaml", most(f"{DECK}study: [", "a,", 1, "]\n")),
    "one word again and again": ("deck.yaml", most(f"{DECK}study: [", "term,", 1, "]\n")),
    "lists for words": ("deck.yaml", most(f"{DECK}study: [", "[],", 1, "]\n")),
    "wrong tags": (ITEMS, most(f"{ITEM}  source: nettles 1\n  tags: [", "a b,", 1, "]\n")),
    "many tags": (ITEMS, most(f"{ITEM}  source: nettles 1\n  tags: [", "a,", 1, "]\n")),
    "wrong sources": (ITEMS, most(f"{ITEM}  source: [", "a,", 1, "]\n")),
    "many sources": (ITEMS, most(f"{ITEM}  source: [", "nettles 1,", 1, "]\n")),
    "wrong views": (
        ITEMS,
        most("- id: a\n  kind: discussion\n  views:\n", "    - {a: b}\n", 3),
    ),
}


def hostile(name: str) -> Checked:
    file, data = HOSTILE[name]
    return check(FILES | {file: data}, KINDS)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_deck_takes_a_second_to_check(name: str) -> None:
    with uncollected():  # as decks are read: the tests' own heap is large
        start = time.process_time()
        checked = hostile(name)
        assert time.process_time() - start < 1
    assert outside(checked.found, checked.sources) == []


CHILD = """
import json, test_hostile, test_parse, test_reader
from benchmarks.measure import peak
peaks = {"nothing": peak()}
for name, make in test_reader.HOSTILE.items():
    test_reader.hostile(make())
    peaks[name] = peak()
for name, unit in test_parse.HOSTILE.items():
    test_parse.check(test_parse.FILES | {test_hostile.ITEMS: test_parse.fill(unit)}, test_parse.KINDS)
    peaks[name] = peak()
for name in test_hostile.HOSTILE:
    test_hostile.hostile(name)
    peaks[name] = peak()
print(json.dumps(peaks))
"""


@pytest.mark.slow
def test_no_deck_takes_200_megabytes_to_check() -> None:
    run = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=Path(__file__).parent, stdout=subprocess.PIPE, check=True
    )
    peaks: dict[str, int] = json.loads(run.stdout.splitlines()[-1])
    assert len(peaks) > 60
    assert {name: size for name, size in peaks.items() if size > 200_000_000} == {}
