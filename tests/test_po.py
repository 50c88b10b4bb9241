"""Catalogues as text: what is read is written again to the byte, and nothing else is a catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckgen import po

TEXT = """# A title
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);\\n"

# A remark of the translator.
#: b.html
#, python-format
msgid "%(n)s card"
msgid_plural "%(n)s cards"
msgstr[0] "%(n)s carte"
msgstr[1] "%(n)s cartes (2)"
msgstr[2] "%(n)s cartes"

#: a.html c.html
msgid "{long}"
msgstr "{short}"

#, fuzzy
#~ msgid "gone"
#~ msgstr "parti"
""".replace("{long}", "many words " * 20).replace("{short}", "beaucoup de mots " * 20)


def test_what_is_read_is_written_to_the_byte() -> None:
    assert po.write(po.parse(TEXT)) == TEXT


def test_lines_are_broken_at_line_breaks_only() -> None:
    catalogue = po.parse(TEXT)
    catalogue[1].msgstr = "one\ntwo " + "long " * 60
    lines = [line for line in po.write(catalogue).splitlines() if line.startswith(('"one', '"two'))]
    assert lines == ['"one\\n"', '"two ' + "long " * 60 + '"']


def test_plural_forms_are_those_of_the_header() -> None:
    assert po.forms(po.parse(TEXT)) == 3
    assert po.forms(po.parse("")) == 2
    assert po.forms(po.empty("x", {"Plural-Forms": "nplurals=INTEGER"})) == 2


def test_an_empty_catalogue_has_its_title_and_its_header() -> None:
    text = po.write(po.empty("A title", {"Language": "fr", "X": ""}))
    assert text == '# A title\nmsgid ""\nmsgstr ""\n"Language: fr\\n"\n"X: \\n"\n'


def test_a_text_is_never_read_as_the_name_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    file.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        po.parse(str(file))


@pytest.mark.parametrize(
    "text", ["msgwhat", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=klingon\\n"\n']
)
def test_what_is_no_catalogue_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        po.translations(text)


def test_a_catalogue_translates() -> None:
    french = po.translations(TEXT)
    assert french.ngettext("%(n)s card", "%(n)s cards", 5) == "%(n)s cartes"
