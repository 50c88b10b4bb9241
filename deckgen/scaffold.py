"""``deckgen new``: a deck that builds, in the language asked for, with comments that teach."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
from collections.abc import Mapping
from pathlib import Path

from deckgen import essay
from deckgen.diagnostics import Diagnostic, Result, Span, codes
from deckgen.files import shown, write_whole
from deckgen.languages import is_tag, language
from deckgen.model import Kind, is_id
from deckgen.resources import SearchPath
from deckgen.schema import deck_schema, essay_schema, items_schema
from deckgen.shape import slug
from deckgen.templating import Safe, Templates
from deckgen.words import load_words

_FILES = {
    "essay.txt": "new/essay.txt",
    "deck.yaml": "new/deck.yaml",
    "items/10-garden.yaml": "new/items.yaml",
}


def schemas(kinds: tuple[Kind, ...]) -> dict[str, str]:
    """Return the JSON Schemas by the names of their files."""
    made = {"deck.json": deck_schema(kinds), "essay.json": essay_schema(), "items.json": items_schema(kinds)}
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in made.items()}


def _quoted(text: str) -> Safe:
    """A text as a YAML scalar in double quotation marks; JSON's strings are YAML's."""
    return Safe(json.dumps(" ".join(str(text).split()), ensure_ascii=False))


def _comment(text: str, indent: int = 0) -> Safe:
    """A text as lines of comment, 100 characters wide."""
    start = " " * indent + "# "
    lines = textwrap.wrap(" ".join(str(text).split()), 100, initial_indent=start, subsequent_indent=start)
    return Safe("\n".join(lines))


def new_deck(
    cards: Path, name: str, tag: str, path: SearchPath, kinds: tuple[Kind, ...]
) -> Result[tuple[Path, ...]]:
    """Write a new deck into ``cards/<name>``, and the schemas that its files name beside it.

    A deck that exists is not touched, and one that cannot be written whole is not left behind.
    """
    folder = cards / name
    here = Span(shown(folder))
    if not is_id(name):
        return Result((), (Diagnostic(codes.BAD_ID, here, {"id": name[:60], "near": slug(name)}),))
    if not is_tag(tag):
        return Result((), (Diagnostic(codes.BAD_LANGUAGE, here, {"tag": tag[:60]}),))
    if os.path.lexists(folder):  # a link that leads nowhere as well
        args = {"file": shown(folder), "reason": "it exists already"}
        return Result((), (Diagnostic(codes.UNWRITABLE, here, args),))
    words = load_words(tag, path, here)
    templates = Templates(path, words.value, "page")
    values = {"name": name, "language": language(tag), "kinds": kinds, "quoted": _quoted, "comment": _comment}
    files: dict[Path, str] = {}
    found = list(words.diagnostics)
    for target, template in _FILES.items():
        result = templates.render(template, values)
        found += result.diagnostics
        files[folder / target] = result.value.rstrip() + "\n"
    paragraphs = list(essay.marked_paragraphs(files[folder / "essay.txt"]))
    prints = [Safe(essay.fingerprint(paragraph.text).yaml()) for paragraph in paragraphs]
    result = templates.render("new/essay.yaml", {**values, "prints": prints})
    found += result.diagnostics
    files[folder / "essay.yaml"] = result.value.rstrip() + "\n"
    if any(one.level == "error" for one in found):
        return Result((), tuple(found))
    files |= {cards / "schema" / file: text for file, text in schemas(kinds).items()}
    problem = _write(folder, files)
    if problem is not None:
        return Result((), (*found, problem))
    return Result(tuple(files), tuple(found))


def _write(folder: Path, files: Mapping[Path, str]) -> Diagnostic | None:
    """Write the files of a new deck; leave nothing in its folder if one of them cannot be written."""
    whole = False
    try:
        for file, text in files.items():
            if problem := write_whole(file, text.encode()):
                return problem
        whole = True
    finally:  # after an interruption from the keyboard as well
        if not whole:
            shutil.rmtree(folder, ignore_errors=True)
    return None
