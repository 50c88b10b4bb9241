"""The catalogues of interface words: complete, without leftovers, and fit for what they stand in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import polib
import pytest
from fontTools.ttLib import TTFont

from deckgen import fonts, languages
from deckgen.diagnostics import Level
from deckgen.interface import messages
from deckgen.kinds import load_kinds
from deckgen.pipeline import load, open_workspace
from deckgen.resources import SearchPath, shipped
from deckgen.scaffold import new_deck
from deckgen.words import load_words

PATH = SearchPath((shipped(),))
CATALOGUES = sorted((shipped() / "locale").glob("*.po"), key=lambda file: file.stem)
LANGUAGES = ["ar", "de", "de-simple", "es", "fr", "tr", "uk"]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|\{\{c\d+::")

every = pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)


def test_there_are_messages_and_catalogues() -> None:
    assert len(messages(PATH)) > 100
    assert [file.stem for file in CATALOGUES] == sorted(LANGUAGES)


@every
def test_every_text_is_translated_and_nothing_else_is(file: Path) -> None:
    catalogue = polib.pofile(str(file))
    translated = {(entry.msgid, entry.msgid_plural) for entry in catalogue if entry.translated()}
    wanted = {message[:2] for message in messages(PATH)}
    assert wanted - translated == set()
    assert {(entry.msgid, entry.msgid_plural) for entry in catalogue} - wanted == set()


@every
def test_placeholders_are_kept(file: Path) -> None:
    for entry in polib.pofile(str(file)):
        names = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        forms = [
            set(PLACEHOLDER.findall(text)) for text in (entry.msgstr, *entry.msgstr_plural.values()) if text
        ]
        if entry.msgid_plural:  # “one card” needs no number
            assert not forms or (set().union(*forms) == names and forms[-1] == names), entry.msgid
        else:
            assert all(form == names for form in forms), entry.msgid


@pytest.mark.parametrize("tag", ["de", "de-simple"])
def test_german_paper_has_one_kind_of_quotation_marks(tag: str) -> None:
    for entry in polib.pofile(str(shipped() / "locale" / f"{tag}.po")):
        if any(name.startswith(("print/", "kinds/")) for name, _ in entry.occurrences):
            assert "„" not in entry.msgstr, entry.msgid


@every
def test_gettext_accepts_it(file: Path, tmp_path: Path) -> None:
    run = subprocess.run(["msgfmt", "-c", "-o", tmp_path / "out.mo", file], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (0, b"")


@every
def test_its_header_is_that_of_its_language(file: Path) -> None:
    metadata = polib.pofile(str(file)).metadata
    assert metadata["Language"] == file.stem
    assert metadata["Plural-Forms"] == languages.plural_forms(file.stem)


@every
def test_every_plural_form_can_be_used(file: Path) -> None:
    words = load_words(file.stem, PATH).value
    said = {words.plural("%(count)s card", "%(count)s cards", count) for count in range(200)}
    assert "%(count)s cards" not in said
    assert all("%(count)s" in text for text in said)


# What is quoted, in the marks of each language
MARKS = {"ar": "«»", "de": "«»„“", "de-simple": "«»", "es": "«»", "fr": "«»", "tr": "“”", "uk": "«»"}


@every
def test_quotation_marks_are_those_of_the_language(file: Path) -> None:
    text = "".join(
        word for entry in polib.pofile(str(file)) for word in (entry.msgstr, *entry.msgstr_plural.values())
    )
    assert set(re.findall('[«»„“”‟"]', text)) == set(MARKS[file.stem])


@every
def test_apostrophes_are_typographic(file: Path) -> None:
    assert [entry.msgstr for entry in polib.pofile(str(file)) if "'" in entry.msgstr] == []


def test_french_marks_have_their_thin_spaces() -> None:
    text = "\n".join(entry.msgstr for entry in polib.pofile(str(shipped() / "locale" / "fr.po")))
    assert re.findall(r"[^\u202f][;?!»]|«[^\u202f]", text) == []


@every
def test_the_note_types_fields_can_be_told_apart(file: Path) -> None:
    """Else all fields of a note type would keep their English names."""
    words = load_words(file.stem, PATH).value
    for kind in load_kinds(PATH).value:
        for each in (kind.note_type.fields, kind.note_type.faces):
            assert len({words(named.name).casefold() for named in each}) == len(each), kind.name


# The margin of the handout has 18 mm for a kind and 17 mm for a draft's mark, in 8 points.
MARGIN = {400: 18 / 25.4 * 72, 600: 17 / 25.4 * 72}


@pytest.mark.parametrize(
    "tag", ["en", *(tag for tag in LANGUAGES if languages.script(tag) in ("Latn", "Cyrl"))]
)
def test_what_stands_in_the_margin_fits_into_it(tag: str) -> None:
    words = load_words(tag, PATH).value
    for weight, texts in (
        (
            400,
            [*(words(kind.label) for kind in load_kinds(PATH).value), words("To begin"), words("To close")],
        ),
        (
            600,
            [
                part
                for mark in ("Not translated yet", "Translation out of date")
                for part in words(mark).split()
            ],
        ),
    ):
        (face,) = (
            each
            for each in fonts.faces(languages.language(tag))
            if (each.family, each.weight, each.style) == (fonts.CONDENSED, weight, "normal")
        )
        font = TTFont(face.file)
        glyphs, advances, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        for text in texts:
            width = sum(advances[glyphs[ord(character)]][0] for character in text) * 8 / unit
            assert width <= MARGIN[weight], text


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_new_deck_in_the_language_has_no_findings(tag: str, tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path).value
    made = new_deck(tmp_path / "cards", "my-garden", tag, workspace.path, workspace.kinds)
    assert made.diagnostics == ()
    loaded = load(workspace, tmp_path / "cards" / "my-garden")
    assert loaded.deck is not None
    assert [found for found in loaded.diagnostics if found.level in (Level.ERROR, Level.WARNING)] == []
