"""The maintained Markdown libraries on a deck's fields, and on hostile ones.

deckgen needs more than HTML: gaps, formulas, pictures and faults are handled on the way, so it needs
events (or tokens, or a tree) rather than a string. So the libraries are measured both ways, where
they offer both. Nothing here is a dependency of the benchmark: what is not installed is left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import time
from collections.abc import Callable
from typing import Any

import data
import measure
from measure import Measured

FIELDS = 4000
HOSTILE = 20_000  # characters: the longest text that deckgen reads
PATIENCE = 30  # seconds for a hostile text

Render = Callable[[str], object]


# The libraries ------------------------------------------------------------------------
# Each function imports its library and returns what renders a text: CommonMark with tables, no raw HTML.


def _markdown_it_html() -> Render:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").render


def _markdown_it_tokens() -> Render:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").parse


def _mistune_html() -> Render:
    import mistune

    return mistune.create_markdown(escape=True, plugins=["table"])


def _mistune_tree() -> Render:
    import mistune

    return mistune.create_markdown(renderer="ast", plugins=["table"])


def _markdown_it_pyrs_html() -> Render:
    from markdown_it_pyrs import MarkdownIt

    return MarkdownIt("commonmark").enable("table").render


def _markdown_it_pyrs_tree() -> Render:
    from markdown_it_pyrs import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    return lambda text: list(parser.tree(text).walk())


def _cmarkgfm_html() -> Render:
    import cmarkgfm

    return lambda text: cmarkgfm.markdown_to_html_with_extensions(text, extensions=["table"])


def _markdown_html() -> Render:
    import markdown

    return markdown.Markdown(extensions=["tables"]).convert


def _pyromark_html() -> Render:
    import pyromark

    return lambda text: pyromark.html(text, options=pyromark.Options.ENABLE_TABLES)


def _pyromark_events() -> Render:
    import pyromark

    return lambda text: list(pyromark.events_with_range(text, options=pyromark.Options.ENABLE_TABLES))


def _deckgen() -> Render:
    from deckgen.markup import ANKI, render

    return lambda text: render(text, ANKI).html


# Module, what it is written in, what comes out, and the function.
LIBRARIES: dict[str, tuple[str, str, str, Callable[[], Render]]] = {
    "markdown-it-py": ("markdown_it", "Python", "HTML", _markdown_it_html),
    "markdown-it-py, tokens": ("markdown_it", "Python", "tokens", _markdown_it_tokens),
    "mistune": ("mistune", "Python", "HTML", _mistune_html),
    "mistune, tree": ("mistune", "Python", "tree", _mistune_tree),
    "Markdown": ("markdown", "Python", "HTML", _markdown_html),
    "cmarkgfm": ("cmarkgfm", "C", "HTML", _cmarkgfm_html),
    "markdown-it-pyrs": ("markdown_it_pyrs", "Rust", "HTML", _markdown_it_pyrs_html),
    "markdown-it-pyrs, tree": ("markdown_it_pyrs", "Rust", "tree", _markdown_it_pyrs_tree),
    "pyromark": ("pyromark", "Rust", "HTML", _pyromark_html),
    "pyromark, events": ("pyromark", "Rust", "events", _pyromark_events),
    "deckgen.markup": ("deckgen", "on pyromark", "HTML", _deckgen),
}


# The texts ----------------------------------------------------------------------------


def fields(count: int) -> dict[str, list[str]]:
    """Return a deck's text fields: without markup, with light markup in a line, with lists and tables."""
    found: dict[str, list[str]] = {"plain": [], "light": [], "blocks": []}
    for text in data.texts(count):
        marked = any(mark in text for mark in "*`[\\$&")
        found["blocks" if "\n" in text else "light" if marked else "plain"].append(text)
    return found


def hostile(length: int) -> dict[str, str]:
    """Return texts of about ``length`` characters that are made to be slow or deep."""

    def of(part: str) -> str:
        return part * (length // len(part))

    return {
        "> quotes": of("> ") + "a",
        "* lists": of("* ") + "a",
        "[ links": of("["),
        "[]( links": of("[a]("),
        "emphasis": of("*a **b "),
        "_ in words": of("a_b__c"),
        "backticks": "".join("a" + "`" * n for n in range(int((2 * length) ** 0.5))),
        "tables": "|a\n|-\n" + of("|x\n"),
        "indents": "".join(" " * n + "- a\n" for n in range(int((2 * length) ** 0.5))),
        "entities": of("&amp"),
    }


# Measuring ----------------------------------------------------------------------------


def speed(name: str, count: str) -> Measured:
    """Render a deck's fields; return the seconds a field of each class, and what the import took."""
    texts = fields(int(count))
    before, start = measure.peak(), time.process_time()
    render = LIBRARIES[name][3]()
    render("a *b*")
    imported = time.process_time() - start
    memory = measure.peak() - before
    times = {}
    for shape, entries in texts.items():
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            for text in entries:
                render(text)
            best = min(best, time.process_time() - start)
        times[shape] = best / max(1, len(entries))
    everything = sum(times[shape] * len(entries) for shape, entries in texts.items())
    return {"seconds": everything, "peak": memory, "imported": imported, "times": times}


def attack(name: str, shape: str, length: str) -> Measured:
    """Render one hostile text; an exception is part of the answer."""
    text = hostile(int(length))[shape]
    render = LIBRARIES[name][3]()
    start = time.process_time()
    try:
        render(text)
        failed = ""
    except Exception as error:
        failed = type(error).__name__
    return {"seconds": time.process_time() - start, "peak": measure.peak(), "failed": failed}


def _attacked(name: str, shape: str, length: int) -> str:
    """Return a cell of the table of hostile texts."""
    try:
        result = measure.child("attack", name, shape, length, timeout=PATIENCE, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return f"> {PATIENCE} s"
    except subprocess.CalledProcessError:
        return "crash"
    return str(result["failed"]) or f"{result['seconds'] * 1000:,.0f}"


def main() -> None:
    """Measure each library and print the tables."""
    measure.run_child({"speed": speed, "attack": attack})
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--items", type=int, default=FIELDS, help=f"of this many items (unless given: {FIELDS})"
    )
    parser.add_argument("--length", type=int, default=HOSTILE, help=f"of a hostile text ({HOSTILE:,})")
    parser.add_argument("--only", nargs="+", choices=LIBRARIES, default=list(LIBRARIES), metavar="NAME")
    wanted = parser.parse_args()
    there = [name for name in wanted.only if importlib.util.find_spec(LIBRARIES[name][0])]
    results = {name: measure.child("speed", name, wanted.items) for name in there}
    best = min((result["seconds"] for result in results.values()), default=1.0)
    rows = [_row(name, result, best) for name, result in results.items()]
    counts = {shape: len(entries) for shape, entries in fields(wanted.items).items()}
    title = "Microseconds a field: " + ", ".join(f"{count:,} {shape}" for shape, count in counts.items())
    head = ["library", "in", "gives", *counts, "all fields", "ratio", "import", "memory"]
    measure.table(title, head, rows)
    shapes = list(hostile(100))
    rows = [[name, *(_attacked(name, shape, wanted.length) for shape in shapes)] for name in there]
    measure.table(
        f"Milliseconds for a hostile text of {wanted.length:,} characters", ["library", *shapes], rows
    )
    for name in wanted.only:
        if name not in there:
            print(f"\nnot installed, so left out: {name}", end="")
    print()


def _row(name: str, result: dict[str, Any], best: float) -> list[str]:
    return [
        name,
        *LIBRARIES[name][1:3],
        *(f"{each * 1e6:.1f}" for each in result["times"].values()),
        measure.seconds(result["seconds"]),
        measure.ratio(result["seconds"], best),
        f"{result['imported'] * 1000:.0f} ms",
        measure.megabytes(result["peak"]),
    ]


if __name__ == "__main__":
    main()
