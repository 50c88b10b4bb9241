"""How long deckgen takes to answer, against a Python that does nothing; and what it does not load for that.

Goal: ``check`` of a shipped deck takes less than half a second more than an empty Python, and neither it
nor ``--version`` imports what only a build needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure
from measure import Measured

REPOSITORY = Path(__file__).resolve().parents[2]
HEAVY = (
    "weasyprint",
    "genanki",
    "fontTools",
    "babel",
    "jinja2",
    "polib",
    "PIL",
    "pylatexenc",
    "pyuca",
    "sqlite3",
)
COMMANDS = {"--version": ["--version"], "check": ["check"]}


def modules(*arguments: str) -> Measured:
    """Run a command in this process; return the modules that it has imported."""
    from deckgen.cli import main

    sys.argv = ["deckgen", *arguments]
    try:
        main()
    except SystemExit as end:
        assert not end.code
    return {"seconds": 0, "peak": measure.peak(), "modules": sorted(sys.modules)}


def _times(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds of one run: by the clock on the wall, and of the processor (0 on Windows)."""
    start, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL, env=environment)
    wall, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, spent


def main() -> None:
    """Measure each command and print the tables."""
    measure.run_child({"modules": modules})
    wanted = measure.arguments(__doc__)
    commands = {"python -c pass": ["-c", "pass"]}
    commands |= {f"deckgen {name}": ["-m", "deckgen", *command] for name, command in COMMANDS.items()}
    best = {name: [float("inf"), float("inf")] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        # Modules are compiled in the first run and not again, whatever is set here: so it is at the user's.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        for _ in range(wanted.runs + 1):
            for name, command in commands.items():
                times = _times([sys.executable, *command], environment)
                best[name] = [min(pair) for pair in zip(best[name], times, strict=True)]
    empty = best["python -c pass"]
    rows = []
    for name, (wall, spent) in best.items():
        more = [f"{wall - empty[0]:+.3f} s", f"{spent - empty[1]:+.3f} s"]
        rows.append([name, measure.seconds(wall), measure.ratio(wall, empty[0]), *more])
    head = ["command", "time", "ratio", "difference", "of the processor"]
    measure.table("Until the answer (goal for check: a difference below half a second)", head, rows)
    results = [measure.child("modules", *command, cwd=REPOSITORY) for command in COMMANDS.values()]
    rows = [["all", *(f"{len(result['modules']):,}" for result in results)]]
    rows += [[each, *("yes" if each in result["modules"] else "no" for result in results)] for each in HEAVY]
    rows.append(["peak memory", *(measure.megabytes(result["peak"]) for result in results)])
    measure.table("Imported modules", ["module", *COMMANDS], rows)


if __name__ == "__main__":
    main()
