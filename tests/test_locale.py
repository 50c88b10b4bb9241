"""The catalogues of interface words: complete, without leftovers, and fit for what they stand in."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from deckgen.kinds import load_kinds
from deckgen.resources import SearchPath, shipped
from deckgen.templating import Templates
from deckgen.words import load_words

PATH = SearchPath((shipped(),))
CATALOGUES = sorted((shipped() / "locale").glob("*.po"))
IN_CODE = {("{section}, paragraph {numbers}", "{section}, paragraphs {numbers}")}


def _messages() -> Iterator[tuple[str, str]]:
    """Yield every English text that the interface shows, with its plural or an empty text."""
    words = load_words("en", PATH).value
    for file in sorted(shipped().rglob("*")):
        if file.suffix not in (".html", ".css", ".md", ".txt", ".yaml") or file.name == "kind.yaml":
            continue
        source = file.read_text(encoding="utf-8")
        syntax = "face" if "[%" in source or "[[" in source else "page"
        environment = Templates(PATH, words, syntax).environment  # type: ignore[arg-type]
        for _, _, message in environment.extract_translations(source):  # type: ignore[attr-defined]
            one, many = message[:2] if isinstance(message, tuple) else (message, "")
            yield one, many or ""
    for kind in load_kinds(PATH).value:
        yield from ((text, "") for text in (kind.label, kind.plural))
        yield from ((field.name, "") for field in kind.note_type.fields)
        yield from ((face.name, "") for face in kind.note_type.faces)
    yield from IN_CODE


def test_there_are_messages_and_catalogues() -> None:
    assert len(set(_messages())) > 60
    assert [file.stem for file in CATALOGUES] == ["de"]


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_every_text_is_translated_and_nothing_else_is(file: Path) -> None:
    catalogue = polib.pofile(str(file))
    translated = {(entry.msgid, entry.msgid_plural) for entry in catalogue if entry.translated()}
    wanted = set(_messages())
    assert wanted - translated == set()
    assert {(entry.msgid, entry.msgid_plural) for entry in catalogue} - wanted == set()


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_placeholders_are_kept(file: Path) -> None:
    for entry in polib.pofile(str(file)):
        names = set(re.findall(r"%\(\w+\)s|\{\w+\}|\{\{c\d+::", entry.msgid + entry.msgid_plural))
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            if text:
                assert set(re.findall(r"%\(\w+\)s|\{\w+\}|\{\{c\d+::", text)) == names, entry.msgid


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_gettext_accepts_it(file: Path, tmp_path: Path) -> None:
    run = subprocess.run(["msgfmt", "-c", "-o", tmp_path / "out.mo", file], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (0, b"")
