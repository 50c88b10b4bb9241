"""How long `deckgen build` takes for all there is: in one process and in two, and with nothing changed.

Goals: two processes are at least 1.6 times as fast as one; a build with nothing changed takes less than
0.6 seconds, and a twentieth of a clean one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure

REPOSITORY = Path(__file__).resolve().parents[2]


def build(folder: Path, *options: str) -> float:
    """Build in a workspace; return the seconds on the wall."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "deckgen", "build", *options]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, env={**os.environ})
    return time.perf_counter() - start


def main() -> None:
    """Build a copy of the decks (or of the small deck of the tests) and print the table."""
    wanted = measure.arguments(__doc__, sizes=(1_000,))
    small = max(wanted.sizes) < 1_000
    cards = REPOSITORY / ("tests/decks/garden" if small else "cards/smart-city")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copytree(cards, folder / "cards" / cards.name)
        build(folder, "-p", "anki")  # modules are compiled, and the ledger is written
        one = build(folder, "--no-cache", "-j", "1")
        two = build(folder, "--no-cache", "-j", "2")
        clean = build(folder)
        same = min(build(folder) for _ in range(max(wanted.runs, 2)))
        files = len(list((folder / "output").iterdir()))
    rows = [
        ["one process", measure.seconds(one), "1.00"],
        ["two processes (goal: 1.6 times as fast)", measure.seconds(two), measure.ratio(one, two)],
        ["two processes, filling the cache", measure.seconds(clean), measure.ratio(one, clean)],
        ["nothing changed (goal: 0.6 s, 20 times)", measure.seconds(same), measure.ratio(clean, same)],
    ]
    measure.table(f"Everything there is: {files} files", ["build", "time", "times as fast"], rows)


if __name__ == "__main__":
    main()
