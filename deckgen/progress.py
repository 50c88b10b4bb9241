"""What the terminal shows besides diagnostics: progress while building, and tables at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from deckgen.coverage import Coverage
from deckgen.doctor import Finding
from deckgen.files import shown
from deckgen.forecast import Change, Fate, Forecast, compared
from deckgen.jobs import Progress as Callback
from deckgen.jobs import Stage
from deckgen.model import Deck, Kind
from deckgen.receipts import Written
from deckgen.report import counted, visible
from deckgen.standing import Row
from deckgen.translate.localize import Standing


@contextmanager
def shown_progress(console: Console) -> Iterator[Callback]:
    """Show a line for each job while it runs; nothing where the output is not a terminal."""
    if not console.is_terminal:
        yield lambda _file, _stage: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def callback(file: str, stage: Stage) -> None:
            if stage is Stage.PLANNED:
                tasks[file] = progress.add_task(file, start=False, total=None)
            elif stage is Stage.STARTED:
                progress.start_task(tasks[file])
            else:
                progress.update(tasks[file], total=1, completed=1)

        yield callback


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"


def _table(gap: int = 2, **options: Any) -> Table:
    """Return an empty table: a line below its head, no frame, ``gap`` blanks between columns."""
    return Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap - 1, 0, 0), **options)


def table(written: Sequence[Written]) -> Table:
    """Return the files of a build with their sizes."""
    made = _table()
    made.add_column("file", overflow="fold")
    made.add_column("size", justify="right", no_wrap=True)
    for each in written:
        made.add_row(Text(shown(each.path)), size(each.size))
    return made


def coverage_table(deck: Deck, covered: Coverage, kinds: Sequence[Kind], width: int) -> Table:
    """Return a row a paragraph: how many items of each kind cite it. One without any says so.

    Where ``width`` is too small for a column a kind, the kinds stand in words.
    """
    paragraphs, items = counted(len(covered.rows), "paragraph"), counted(len(deck.items), "item")
    title = f"{deck.id}: {covered.covered} of {paragraphs}, {items}"
    used = [kind.name for kind in kinds if covered.kinds.get(kind.name)]
    rows = [(row.paragraph, row.items, row.total) for row in covered.rows]
    first = max(map(cell_len, ("paragraph", *(name for name, _, _ in rows))))
    needed = first + sum(map(cell_len, used)) + len("none")
    gap = next((gap for gap in (2, 1) if needed + gap * (len(used) + 1) <= width), 0)
    made = _table(gap or 2, title=Text(title), title_justify="left", title_style="bold")
    made.add_column("paragraph", no_wrap=True)
    for name in used if gap else ():
        made.add_column(name, justify="right", no_wrap=True)
    made.add_column("all", justify="right", no_wrap=True)
    if not gap:
        made.add_column("by kind", overflow="fold")
    for name, counts, total in [*rows, ("items", covered.kinds, len(deck.items))]:
        if name == "items":
            made.add_section()
        whole = Text(str(total) if total else "none", style="" if total else "bold red")
        if gap:
            made.add_row(name, *(str(counts.get(kind, 0) or "·") for kind in used), whole)
        else:
            words = ", ".join(f"{counts[kind]}\u00a0{kind}" for kind in used if counts.get(kind))
            made.add_row(name, whole, words)
    return made


def languages_table(rows: Sequence[Row]) -> Table:
    """Return a row a language: how many of its cards are current, what waits, and since when."""
    shown_ones = [
        each for each in Standing if each is not Standing.MIXED or any(r.cards.get(each) for r in rows)
    ]
    made = _table(title="translations, by cards", title_justify="left", title_style="bold")
    made.add_column("language", overflow="fold")
    for standing in shown_ones:
        made.add_column(str(standing), justify="right", no_wrap=True)
    made.add_column("", justify="right", no_wrap=True)
    made.add_column("since", no_wrap=True)
    for row in rows:
        name = f"{row.tag}  {row.name}"
        if not row.cards:
            made.add_row(name, *("" for _ in shown_ones), Text("cannot be used", style="bold red"), "")
            continue
        total = sum(row.cards.values())
        share = 100 * row.cards[Standing.CURRENT] // total if total else 100
        style = "green" if share == 100 else "yellow"
        counts = (str(row.cards[standing] or "·") for standing in shown_ones)
        made.add_row(name, *counts, Text(f"{share} %", style=style), row.since or "·")
    return made


def health_table(findings: Sequence[Finding]) -> Table:
    """Return what ``doctor`` found."""
    made = _table(show_header=False)
    for finding in findings:
        mark = "good" if finding.good else ("missing" if finding.needed else "better with it")
        style = "green" if finding.good else ("bold red" if finding.needed else "yellow")
        made.add_row(finding.name, Text(mark, style=style), Text(finding.detail))
    return made


_FATES = {
    Fate.NEW: "green",
    Fate.UPDATED: "cyan",
    Fate.MERGED: "cyan",
    Fate.KEPT: "yellow",
    Fate.RETIRED: "yellow",
    Fate.RENAMED: "bold red",
    Fate.CONFLICTING: "bold red",
}
_SIGNS = {"-": ("[-", "-]", "red"), "+": ("{+", "+}", "green"), "=": ("", "", "")}
_ALWAYS = (Fate.NEW, Fate.UPDATED, Fate.UNCHANGED)


def forecast_text(told: Forecast) -> Text:
    """Return what an import will do: what is not unchanged, with the words that differ, and the counts."""
    out = Text()
    for what, changes in (("deck", told.decks), ("note type", told.types), ("", told.notes)):
        for change in changes:
            if change.fate is not Fate.UNCHANGED:
                _append_change(out, change, what)
    counts = [f"{count} {fate}" for fate, count in told.counts().items() if count or fate in _ALWAYS]
    out.append(f"{', '.join(counts)}\n", "bold")
    return out


def _append_change(out: Text, change: Change, what: str) -> None:
    out.append(f"{change.fate:<11}", _FATES[change.fate])
    out.append(f" {what} {visible(change.name)}\n" if what else f" {visible(change.name)}\n", "bold")
    for name, before, after in change.differences:
        out.append(f"    {visible(name)}: ")
        for sign, text in compared(before, after):
            left, right, style = _SIGNS[sign]
            shown_text = visible(text.replace("\n", " "))
            out.append(f"{left}{shown_text}{right}", style)
        out.append("\n")
