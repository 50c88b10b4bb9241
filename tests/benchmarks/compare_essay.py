"""Finding an essay's paragraphs in a reader's copy: the time grows with the copy, not with its square.

Three copies of each size: the essay as it is, but set in lines of another width and with a footnote's number
here and there; with a word changed in every tenth paragraph; and another text altogether. The
reference is what any comparison has to do first: take away what differs between two copies of one text.
"""

from __future__ import annotations

import random
import textwrap
from collections import Counter

import data
import measure
from measure import Clock, Measured

PARAGRAPH = 900  # characters
COPIES = ("same", "changed", "another")


def _paragraphs(length: int, seed: int) -> list[str]:
    writer = data.Writer(seed)
    count = max(1, length // PARAGRAPH)
    return [" ".join(writer.sentence(120) for _ in range(PARAGRAPH // 125)) for _ in range(count)]


def _copy(paragraphs: list[str], which: str) -> str:
    """Return the text as a reader has it, in lines of 60 characters."""
    chance = random.Random(1)  # noqa: S311 - nothing here is a secret
    lines: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        words = paragraph.split(" ")
        if which == "changed" and number % 10 == 0:
            words[len(words) // 2] = "anders"
        if chance.random() < 0.2:
            words[-1] += str(number % 90 + 1)
        lines += [*textwrap.wrap(" ".join(words), 60), ""]
    return "\n".join(lines)


def compare(size: str, which: str) -> Measured:
    """Compare an essay of ``size`` characters with one of the copies."""
    from deckgen import essay
    from deckgen.diagnostics import Span
    from deckgen.model import Essay, Paragraph, Section

    span = Span("essay.yaml")
    written = _paragraphs(int(size), 1)
    outline = tuple(
        Paragraph("text", number, *essay.fingerprint(text), span) for number, text in enumerate(written, 1)
    )
    section = Section("text", "Text", "Text", outline, span)
    subject = Essay("Der Hafen", "", (), "de", "", "", "", (section,), span)
    copy = _copy(_paragraphs(int(size), 2) if which == "another" else written, which)
    clock = Clock()
    with clock("compare"):
        matches = essay.compare(subject, copy)
    with clock("reference"):
        essay.normalise(copy)
    return {
        "seconds": clock.stages["compare"],
        "reference": clock.stages["reference"],
        "peak": measure.peak(),
        "states": Counter(str(match.state) for match in matches),
        "length": len(copy),
    }


def main() -> None:
    """Measure each size and print the table."""
    measure.run_child({"compare": compare})
    wanted = measure.arguments(__doc__, sizes=(20_000, 200_000, 2_000_000))
    rows = []
    for which in COPIES:
        before = None
        for size in wanted.sizes:
            result = measure.child("compare", size, which, best_of=min(wanted.runs, 3))
            each = result["seconds"] / result["length"]
            rows.append(
                [
                    f"{which}, {size // 1000:,} kB",
                    ", ".join(f"{count:,} {state}" for state, count in result["states"].items()),
                    measure.seconds(result["seconds"]),
                    measure.ratio(result["seconds"], result["reference"]),
                    measure.megabytes(result["peak"]),
                    f"{each * 1e6:.2f}",
                    measure.ratio(each, before) if before else "",
                ]
            )
            before = each
    head = ["copy", "paragraphs", "time", "ratio", "memory", "µs a character", "growth"]
    measure.table("Comparing a copy (ratio: to normalising it; growth: linear is 1.00)", head, rows)


if __name__ == "__main__":
    main()
