"""``deckgen sync`` from text to text: reading, merging and writing a catalogue, against polib bare.

One card in a hundred was edited since the catalogue was synced, and one in a hundred is new. The reference
reads the same file with polib and writes it again. Goal: at most 1.5 times the reference, and as much
a message for 100,000 as for 10,000.
"""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import replace
from pathlib import Path

import data
import measure
from measure import Clock, Measured

EACH = 2.5  # messages of an item, about
LONG_AGO, TODAY = datetime.date(2024, 1, 1), datetime.date(2025, 6, 15)


def prepare(folder: str, size: str) -> Measured:
    """Write a deck of about ``size`` messages, and the catalogue that it had before it was edited."""
    import polib

    from deckgen import pipeline
    from deckgen.diagnostics import Source
    from deckgen.model import Text
    from deckgen.translate import catalogue
    from deckgen.translate.merge import merge

    data.write_deck(Path(folder) / "bench", round(int(size) / EACH))
    workspace = pipeline.open_workspace(Path(folder)).value
    deck = pipeline.load(workspace, Path(folder) / "bench").deck
    assert deck is not None
    kinds = {kind.name: kind for kind in workspace.kinds}
    items = []
    for number, item in enumerate(deck.items):
        if number % 100 == 50:
            continue
        name, text = next((name, text) for name, text in item.fields.items() if isinstance(text, Text))
        words = Text(f"Früher: {text.value}", text.span) if number % 100 == 0 else text
        items.append(replace(item, fields={**item.fields, name: words}))
    empty = catalogue.Catalogue("fr", Source("fr.po", ""), catalogue.new("fr", deck.id))
    text = ""
    for turn in range(2):  # a second time, for the glossary's terms in the comments
        merged = merge(empty, replace(deck, items=tuple(items)), kinds, LONG_AGO)
        file = polib.pofile(merged.text, wrapwidth=0)
        for entry in file:
            entry.msgstr = entry.msgstr or f"{entry.msgid} ({turn})"
        text = catalogue.write(file, file)
        read = catalogue.read(Source("fr.po", text), "fr").value
        assert read is not None
        empty = read
    (Path(folder) / "fr.po").write_text(text, encoding="utf-8", newline="\n")
    return {"seconds": 0, "peak": 0}


def deckgen(folder: str) -> Measured:
    """Read, merge and write as ``sync`` does."""
    from deckgen import pipeline
    from deckgen.collector import uncollected
    from deckgen.diagnostics import Source
    from deckgen.translate import catalogue
    from deckgen.translate.merge import merge

    workspace = pipeline.open_workspace(Path(folder)).value
    deck = pipeline.load(workspace, Path(folder) / "bench").deck
    assert deck is not None
    kinds = {kind.name: kind for kind in workspace.kinds}
    text = (Path(folder) / "fr.po").read_text(encoding="utf-8")
    clock = Clock()
    with uncollected():
        with clock("read"):
            entries = catalogue.read(Source("fr.po", text), "fr").value
        assert entries is not None
        with clock("merge and write"):
            merged = merge(entries, deck, kinds, TODAY)
    return {
        "seconds": clock.seconds,
        "stages": clock.stages,
        "peak": measure.peak(),
        "messages": len(entries.live),
        "changed": len(merged.changed),
        "new": len(merged.new),
    }


def reference(folder: str) -> Measured:
    """Read with polib and write again."""
    import polib

    text = (Path(folder) / "fr.po").read_text(encoding="utf-8")
    clock = Clock()
    with clock("read"):
        file = polib.pofile(text, wrapwidth=0)
    with clock("merge and write"):
        assert str(file)
    return {"seconds": clock.seconds, "stages": clock.stages, "peak": measure.peak()}


def main() -> None:
    """Measure each size and print the tables."""
    measure.run_child({"prepare": prepare, "deckgen": deckgen, "reference": reference})
    wanted = measure.arguments(__doc__, sizes=(10_000, 100_000))
    rows, stages, growth = [], [], []
    before: tuple[float, float] | None = None
    with tempfile.TemporaryDirectory() as scratch:
        for size in wanted.sizes:
            folder = Path(scratch) / str(size)
            folder.mkdir()
            measure.child("prepare", folder, size)
            runs = min(wanted.runs, 3)
            ours, theirs = measure.in_turn([("deckgen", folder), ("reference", folder)], best_of=runs)
            count = ours["messages"]
            rows.append(
                [f"{count:,}", f"{ours['changed']}", f"{ours['new']}", *measure.compared(ours, theirs)]
            )
            for who, each in (("deckgen", ours), ("reference", theirs)):
                stages.append(
                    [f"{count:,} {who}", *(measure.seconds(value) for value in each["stages"].values())]
                )
            now = ours["seconds"] / count, theirs["seconds"] / count
            if before:
                growth.append(
                    [f"{count:,}", *(measure.ratio(a, b) for a, b in zip(now, before, strict=True))]
                )
            before = now
    head = ["messages", "changed", "new", "time", "reference", "ratio", "memory", "reference", "ratio"]
    measure.table("A catalogue brought up to date (the reference: polib's read and write)", head, rows)
    measure.table("Where the time goes", ["", "read", "merge and write"], stages)
    if growth:
        measure.table("Time a message, against the size before", ["messages", "deckgen", "reference"], growth)


if __name__ == "__main__":
    main()
