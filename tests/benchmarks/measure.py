"""Measuring in fresh processes, and tables of what was measured.

Each measurement is a process of its own: nothing is warm from the one before, and its peak
memory is its alone. Times are processor seconds, which other programs disturb least. Either the
best of several runs is taken, or two processes take turns, run by run, and each pair of runs has
its ratio: what makes the machine slower for a second makes both of a pair slower.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

Measured = dict[str, Any]
MEGABYTE = 1_000_000


def peak() -> int:
    """Return the peak memory of this process (its resident set), in bytes.

    On Linux the kernel's own line is read: ``getrusage`` begins with the peak of the process that
    started this one.
    """
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(
            line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")
        )
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes, on macOS


class Clock:
    """Times the stages of a child's work; a stage inside another one is not counted twice."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self.running: list[str] = []
        self.since = 0.0

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        self._turn()
        self.running.append(stage)
        yield
        self._turn()
        self.running.pop()

    def _turn(self) -> None:
        now = time.process_time()
        if self.running:
            self.stages[self.running[-1]] = self.stages.get(self.running[-1], 0.0) + now - self.since
        self.since = now

    @property
    def seconds(self) -> float:
        """All stages together."""
        return sum(self.stages.values())

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose time, until its result is complete, goes to a stage."""

        def run(*arguments: Any, **named: Any) -> Any:
            with self(stage):
                result = function(*arguments, **named)
                return list(result) if isinstance(result, Iterator) else result

        return run


class Work(NamedTuple):
    """What a child does each time it is its turn, and what else is told of the result."""

    run: Callable[[], Any]
    told: Callable[[Any], Measured]


Child = Callable[..., Measured | Work]


def run_child(children: Mapping[str, Child]) -> None:
    """If this process is a child (``--child NAME ARGUMENT…``), do its work, print the result and leave."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    if sys.argv[1:2] == ["--child"]:
        found = children[sys.argv[2]](*sys.argv[3:])
        for result in _runs(found) if isinstance(found, Work) else [found]:
            print(json.dumps(result), flush=True)
        raise SystemExit


def _runs(work: Work) -> Iterator[Measured]:
    """Do the work once for each line that comes in, and yield its time."""
    for _ in sys.stdin:
        start = time.process_time()
        result = work.run()
        seconds = time.process_time() - start
        yield {"seconds": seconds, "peak": peak(), **work.told(result)}


def child(name: str, *arguments: object, best_of: int = 1, **options: Any) -> Measured:
    """Run a child of this script ``best_of`` times, and return the result of the quickest run.

    ``options`` go to ``subprocess.run``.
    """
    command = _command(name, arguments)
    results = []
    for _ in range(best_of):
        run = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True, **options)
        results.append(json.loads(run.stdout.splitlines()[-1]))
    return _best(results)


def _command(name: str, arguments: Iterable[object]) -> list[str]:
    script = Path(sys.argv[0]).resolve()
    return [sys.executable, str(script), "--child", name, *(str(argument) for argument in arguments)]


def in_turn(children: Sequence[tuple[object, ...]], best_of: int = 1) -> list[Measured]:
    """Run children one after the other, ``best_of`` times round, and return the quickest run of each.

    What else the machine does then weighs on all of them alike.
    """
    rounds = [[child(str(name), *rest) for name, *rest in children] for _ in range(best_of)]
    return [_best(results) for results in zip(*rounds, strict=True)]


def by_turns(ours: Sequence[object], theirs: Sequence[object], seconds: float) -> list[Measured]:
    """Let two children that return ``Work`` take turns for so long, five times at least.

    Each result has the median of the times, all of them in order (``runs``), and the memory of the first run.
    """
    pipe = subprocess.PIPE
    children = [
        subprocess.Popen(_command(str(name), rest), stdin=pipe, stdout=pipe, encoding="utf-8")
        for name, *rest in (ours, theirs)
    ]
    turns: list[list[Measured]] = [[], []]
    spent = 0.0
    while spent < seconds or len(turns[0]) < 5:
        for side in (0, 1) if len(turns[0]) % 2 else (1, 0):
            turns[side].append(_turn(children[side]))
            spent += turns[side][-1]["seconds"]
    for each in children:
        each.communicate()
    return [
        found[0] | {"runs": (runs := [turn["seconds"] for turn in found]), "seconds": median(runs)}
        for found in turns
    ]


def _turn(child: subprocess.Popen[str]) -> Measured:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("\n")
    child.stdin.flush()
    found: Measured = json.loads(child.stdout.readline())
    return found


def _best(results: Sequence[Measured]) -> Measured:
    """Return the quickest result, with the smallest peak of memory of all."""
    best = min(results, key=lambda result: result["seconds"])
    return best | {"peak": min(result["peak"] for result in results)}


def arguments(about: str | None, *, turns: bool = False, **sizes: tuple[int, ...]) -> argparse.Namespace:
    """Read the command line: an option for each of ``sizes``, and how many runs there are, or how long."""
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    for name, default in sizes.items():
        text = " ".join(map(str, default))
        parser.add_argument(f"--{name}", type=int, nargs="+", default=default, help=f"unless given: {text}")
    if turns:
        text = "both sides take turns for so long, five times at least (unless given: 20)"
        parser.add_argument("--seconds", type=float, default=20, help=text)
    else:
        text = "the best of so many short runs (unless given: 5)"
        parser.add_argument("--runs", type=int, default=5, help=text)
    return parser.parse_args()


# Tables -------------------------------------------------------------------------------


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column stands left, the others right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    print(f"\n{title}\n")
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [
            f"{cell:<{w}}" if n == 0 else f"{cell:>{w}}"
            for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def seconds(value: float) -> str:
    """Return a time: «0.012 s», «3.1 s»."""
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def megabytes(value: float) -> str:
    """Return a size of memory."""
    return f"{value / MEGABYTE:.0f} MB"


def ratio(ours: float, theirs: float) -> str:
    """Return how many times ``theirs`` ours is."""
    return f"{ours / theirs:.2f}"


def compared(ours: Measured, theirs: Measured) -> list[str]:
    """Return the cells of a row: both times and their ratio, both peaks of memory and theirs.

    The ratio of those who took turns is the median of all turns' ratios.
    """
    runs = [(each.get("runs") or [each["seconds"]]) for each in (ours, theirs)]
    return [
        seconds(ours["seconds"]),
        seconds(theirs["seconds"]),
        f"{median(a / b for a, b in zip(*runs, strict=True)):.2f}",
        megabytes(ours["peak"]),
        megabytes(theirs["peak"]),
        ratio(ours["peak"], theirs["peak"]),
    ]
