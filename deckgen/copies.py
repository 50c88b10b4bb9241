"""A reader's own copy of the essay, held against the deck's fingerprints."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from deckgen import decoding, essay
from deckgen.diagnostics import Diagnostic, Result, Span, codes, reason_of
from deckgen.essay import Match, State
from deckgen.files import shown
from deckgen.model import Deck

LIMIT = 20 * 1024 * 1024  # bytes of a text; a long book has 2 MB
TIMEOUT = 60  # seconds for pdftotext


def read_copy(path: Path) -> Result[str]:
    """Return the text of a copy: plain text, or a PDF where poppler's ``pdftotext`` is installed."""
    try:
        with path.open("rb") as file:  # once: a pipe can be read no second time
            data = file.read(5)
            if data == b"%PDF-":
                return _read_pdf(path)
            data += file.read(LIMIT + 1 - len(data))
        size = path.stat().st_size
    except OSError as error:
        return _nothing(path, reason_of(error), "check the file's name")
    name = shown(path)
    result = decoding.too_large(name, size, LIMIT) if len(data) > LIMIT else decoding.decode(data, name)
    if not result.diagnostics and not result.value.text.strip():
        return _nothing(path, "it is empty", "is it the right file?")
    return Result(result.value.text, result.diagnostics)


def _nothing(path: Path, reason: str, advice: str) -> Result[str]:
    args = {"file": shown(path), "reason": reason, "advice": advice}
    return Result("", (Diagnostic(codes.NO_ESSAY_TEXT, Span(shown(path)), args),))


def _read_pdf(path: Path) -> Result[str]:
    program = shutil.which("pdftotext")
    if program is None:
        return _nothing(
            path, "pdftotext is not installed", "install poppler-utils, or save the text as a .txt file"
        )
    try:
        run = subprocess.run(  # noqa: S603 - the program is found on the path, the file is one argument
            [program, "-enc", "UTF-8", "-eol", "unix", str(path.resolve()), "-"],
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except OSError as error:
        return _nothing(path, f"pdftotext does not run: {reason_of(error)}", "save the text as a .txt file")
    except subprocess.TimeoutExpired:
        reason = f"pdftotext was not done after {TIMEOUT} seconds"
        return _nothing(path, reason, "save the text as a .txt file")
    text = run.stdout.decode("utf-8", "replace").replace("\f", "\n")
    if run.returncode or not text.strip():
        return _nothing(path, "pdftotext finds no text in it", "a scan has no text: save it as a .txt file")
    return Result(text)


def compare(deck: Deck, path: Path) -> Result[tuple[Match, ...]]:
    """Look for each paragraph of the deck's outline in the copy at ``path``."""
    copy = read_copy(path)
    if copy.diagnostics:
        return Result((), copy.diagnostics)
    matches = essay.compare(deck.essay, copy.value)
    found = []
    for match in matches:
        args: dict[str, object] = {"paragraph": str(match.paragraph), "file": shown(path)}
        if match.state is State.CHANGED and match.lines is not None:
            first, last = match.lines
            args["place"] = f"line {first}" if first == last else f"lines {first} to {last}"
            found.append(Diagnostic(codes.CHANGED, match.paragraph.span, args))
        elif match.state is State.MISSING:
            found.append(Diagnostic(codes.NOT_FOUND, match.paragraph.span, args))
    return Result(matches, tuple(found))


def outline(path: Path) -> Result[str]:
    """Return an essay.yaml for a text whose paragraphs begin with ``[section number]`` each."""
    copy = read_copy(path)
    if copy.diagnostics:
        return Result("", copy.diagnostics)
    sections: dict[str, list[str]] = {}
    found = []
    for marked in essay.marked_paragraphs(copy.value):
        if marked.section and marked.number == len(sections.get(marked.section, [])) + 1 and marked.text:
            sections.setdefault(marked.section, []).append(f"      - {essay.fingerprint(marked.text).yaml()}")
        else:
            span = Span(shown(path), marked.line, 1, marked.line, len(marked.mark) + 3)
            expected = f"{marked.section} {len(sections.get(marked.section, [])) + 1}"
            near = f"[{expected}]" if marked.section and expected != marked.mark.strip() else ""
            found.append(Diagnostic(codes.BAD_MARK, span, {"mark": f"[{marked.mark}]", "near": near}))
    if not sections and not found:
        start = copy.value.strip().split("\n")[0]
        mark = start[:30] + ("…" if len(start) > 30 else "")
        found.append(Diagnostic(codes.BAD_MARK, Span(shown(path)), {"mark": mark}))
    lines = ["sections:"]
    for section, paragraphs in sections.items():
        lines += [f"  - id: {section}", f"    title: {section}", "    paragraphs:", *paragraphs]
    return Result("\n".join(lines) + "\n", tuple(found))
