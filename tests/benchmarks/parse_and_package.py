"""Items to package: deckgen against its libraries used bare, on the same items.

deckgen's way is the one that ``deckgen build --product anki`` goes: it reads the item files with places
for diagnostics, checks everything, renders for Anki, keeps the ledger, and makes a package with equal
bytes for equal input. The reference is the least that such a program could do: libyaml's compose,
markdown-it-py on each text field, and genanki's write of equal notes. Goal: at most 1.5 times the
reference, and as much an item for 100,000 as for 10,000.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import data
import measure
from measure import Clock, Measured

TIMESTAMP = 1_750_000_000
SMALL = 1_000  # items; so few are done again and again in one process
LARGE = 50_000  # items; so many are done once
STAGES = ("read", "parse", "check", "compose", "ledger", "package")

Counts = dict[str, int]


def deckgen(folder: str, times: str) -> Measured:
    """Everything between the item files and the bytes of the package."""
    for library in ("genanki", "jinja2.ext", "pylatexenc.latex2text", "deckgen.backends.products"):
        import_module(library)  # imports are not what is measured here

    from deckgen import checks, jobs, parse, pipeline, reader
    from deckgen.backends import anki
    from deckgen.languages import language

    language("de")  # Babel's data are as good as an import
    workspace = pipeline.open_workspace(Path(folder)).value
    options = pipeline.Options(Path("output"), products=("anki",))
    parts: tuple[tuple[Any, str, str], ...] = (
        (reader, "read", "read"),
        (parse, "parse_deck", "parse"),
        (checks, "check", "check"),
        (anki, "compose", "compose"),
    )

    def work(clock: Clock) -> Counts:
        with ExitStack() as stack:
            for module, name, stage in parts:
                stack.enter_context(patch.object(module, name, clock.timed(stage, getattr(module, name))))
            with clock("check"):
                loaded = pipeline.load(workspace, Path(folder))
            assert not loaded.failed, loaded.diagnostics[:3]
            with clock("ledger"):
                (edition,) = pipeline.plan(workspace, loaded, options, TIMESTAMP).value.editions
            job = edition.jobs[0]
            with clock("package"):
                artifact = jobs.render_job(job).value
        assert artifact is not None
        assert job.request.composed is not None
        notes = job.request.composed.notes
        return {
            "notes": len(notes),
            "cards": sum(len(note.cards) for note in notes),
            "bytes": len(artifact.content),
        }

    return _repeated(work, int(times))


def _repeated(work: Callable[[Clock], Counts], times: int) -> Measured:
    """Do the work so many times; return the quickest run, and the first one's time and memory."""
    clocks = []
    for _ in range(times):
        clocks.append(Clock())
        counts = work(clocks[-1])
        if len(clocks) == 1:
            memory = measure.peak()
    best = min(clocks, key=lambda clock: clock.seconds)
    first = clocks[0].seconds
    return {"seconds": best.seconds, "first": first, "stages": best.stages, "peak": memory, **counts}


# The reference ------------------------------------------------------------------------

_FIELDS = {
    "question": ("question", "answer", "hint"),
    "term": ("term", "definition", "example"),
    "cloze": ("text", "note"),
    "choice": ("question", "options", "why"),
    "position": ("who", "claim", "contrast"),
}


def reference(folder: str, times: str) -> Measured:
    """Compose, render and write, and nothing else."""
    import genanki
    import yaml
    from markdown_it import MarkdownIt

    def work(clock: Clock) -> Counts:
        with clock("read"):
            roots = {}
            for file in sorted((Path(folder) / "items").iterdir()):
                roots[file.stem] = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        with clock("compose"):
            markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
            models = {kind: _model(kind, number) for number, kind in enumerate(_FIELDS, 1)}
            decks: dict[str, genanki.Deck] = {}
            for stem, root in roots.items():
                section = stem.split("-")[1]
                deck = decks.setdefault(section, genanki.Deck(len(decks) + 1, f"Hafen::{section}"))
                for node in root.value:
                    item = {key.value: _plain(value) for key, value in node.value}
                    kind = item["kind"]
                    fields = _fields(item, markdown.render)
                    fields += [section, str(item["source"]), item["id"]]
                    tags = [f"bench::{section}", f"bench::{kind}", *item.get("tags", ())]
                    guid = genanki.guid_for("bench", item["id"])
                    deck.add_note(genanki.Note(models[kind], fields, tags=tags, guid=guid))
            del roots, root, node
        with clock("package"), tempfile.TemporaryDirectory() as output:
            package = Path(output, "reference.apkg")
            genanki.Package(list(decks.values())).write_to_file(package, timestamp=TIMESTAMP)
            size = package.stat().st_size
        notes = [note for deck in decks.values() for note in deck.notes]
        return {"notes": len(notes), "cards": sum(len(note.cards) for note in notes), "bytes": size}

    return _repeated(work, int(times))


def _plain(node: Any) -> Any:
    return node.value if isinstance(node.value, str) else [_plain(entry) for entry in node.value]


def _fields(item: dict[str, Any], render: Callable[[str], str]) -> list[str]:
    """Return the rendered texts of an item; the options of a choice are one field."""
    if item["kind"] == "choice":
        options = (render(option) for option in (item["right"], *item["wrong"]))
        item = item | {"options": "".join(f"<li>{option}</li>" for option in options)}
    texts = ((name, item.get(name, "")) for name in _FIELDS[item["kind"]])
    return [text if name == "options" else render(text) for name, text in texts]


def _model(kind: str, number: int) -> Any:
    import genanki

    fields = [*_FIELDS[kind], "section", "source", "item"]
    faces = fields[:2] if kind in ("term", "position") else fields[:1]
    templates = []
    for face in faces:
        mark = f"cloze:{face}" if kind == "cloze" else face
        back = "".join(f"<div>{{{{{field}}}}}</div>" for field in fields)
        templates.append({"name": face, "qfmt": f"{{{{{mark}}}}}", "afmt": back})
    model_type = genanki.Model.CLOZE if kind == "cloze" else genanki.Model.FRONT_BACK
    return genanki.Model(number, kind, [{"name": field} for field in fields], templates, "", model_type)


# Both ---------------------------------------------------------------------------------


def write(folder: str, count: str) -> Measured:
    """Write the deck, in a process of its own too."""
    data.write_deck(Path(folder), int(count))
    return {"seconds": 0, "peak": 0}


def _measured(size: int, runs: int) -> tuple[Measured, Measured]:
    """Measure deckgen and the reference on the same items."""
    times = runs if size <= SMALL else 1
    processes = runs if size < LARGE else 1
    with tempfile.TemporaryDirectory() as folder:
        deck = Path(folder, "bench")
        measure.child("write", deck, size)
        ours, theirs = measure.in_turn(
            [("deckgen", deck, times), ("reference", deck, times)], best_of=processes
        )
    assert (ours["notes"], ours["cards"]) == (theirs["notes"], theirs["cards"])
    return ours, theirs


def main() -> None:
    """Measure each size and print the tables."""
    measure.run_child({"deckgen": deckgen, "reference": reference, "write": write})
    wanted = measure.arguments(__doc__, sizes=(100, 10_000, 100_000))
    results = {size: _measured(size, wanted.runs) for size in wanted.sizes}
    rows, stages = [], []
    for size, (ours, theirs) in results.items():
        rows.append([f"{size:,}", f"{ours['cards']:,}", *measure.compared(ours, theirs)])
        for who, result in (("deckgen", ours), ("reference", theirs)):
            times = result["stages"]
            cells = [measure.seconds(times[name]) if name in times else "" for name in STAGES]
            stages.append([f"{size:,} {who}", *cells, f"{result['bytes'] / 1000:,.0f} kB"])
    head = ["items", "cards", "deckgen", "reference", "ratio", "memory", "reference", "ratio"]
    measure.table("Items to package (goal: a ratio of at most 1.5)", head, rows)
    measure.table("Where the time goes", ["stages", *STAGES, "file"], stages)
    rows = [
        [
            f"{small:,} → {large:,}",
            *(
                _growth(size, other, small, large)
                for size, other in zip(results[small], results[large], strict=True)
            ),
        ]
        for small, large in zip(wanted.sizes, wanted.sizes[1:], strict=False)
    ]
    if rows:
        measure.table(
            "Time an item, from size to size (linear: 1.00)", ["items", "deckgen", "reference"], rows
        )
    rows = [
        [
            f"{size:,}",
            *(measure.seconds(each["first"]) for each in pair),
            measure.ratio(*(e["first"] for e in pair)),
        ]
        for size, pair in results.items()
        if size <= SMALL
    ]
    if rows:
        title = "The first time in a process, when schemas and card templates are compiled"
        measure.table(title, ["items", "deckgen", "reference", "ratio"], rows)


def _growth(before: Measured, after: Measured, small: int, large: int) -> str:
    return measure.ratio(after["seconds"] / large, before["seconds"] / small)


if __name__ == "__main__":
    main()
