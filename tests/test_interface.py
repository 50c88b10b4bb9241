"""What of the interface is translated, and catalogues that follow it by exact text."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen import interface, po
from deckgen.diagnostics import codes
from deckgen.interface import Message, messages, started, updated
from deckgen.resources import SearchPath, shipped

PATH = SearchPath((shipped(),))
HINT, TERM = Message("Hint", "", ("a.html",)), Message("Term", "", ("a.html",))
CARDS = Message("%(n)s card", "%(n)s cards", ("a.html", "b.html"))


def translated(text: str, **words: str) -> str:
    """The catalogue with some translations."""
    for source, word in words.items():
        assert f'msgid "{source}"\nmsgstr ""' in text
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{word}"')
    return text


def accepted(text: str, folder: Path) -> bool:
    """Whether gettext's own compiler has nothing to say against it."""
    (folder / "a.po").write_text(text, encoding="utf-8")
    run = subprocess.run(
        ["msgfmt", "-c", "-o", folder / "a.mo", folder / "a.po"], capture_output=True, check=False
    )
    return (run.returncode, run.stderr) == (0, b"")


# What there is to translate -----------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> SearchPath:
    """A user's templates before the shipped ones."""
    (tmp_path / "kinds" / "question").mkdir(parents=True)
    return SearchPath((tmp_path, shipped()))


def test_texts_come_from_pages_faces_kinds_and_back_ends() -> None:
    found = {message.text: message for message in messages(PATH)}
    assert found["Glossary"].places == ("print/handout.html",)
    assert found["Essay:"].places == ("anki/back.html",)
    assert found["From the term"].places == ("kinds/term/kind.yaml",)
    assert "kinds/question/front.html" in found["Hint"].places
    assert found["Not translated yet"].places == ("deckgen/backends/base.py",)
    assert found["{section}, paragraph {numbers}"].plural == "{section}, paragraphs {numbers}"
    assert found["%(count)s card"].plural == "%(count)s cards"


def test_a_users_templates_count_as_well_and_hide_nothing(own: SearchPath) -> None:
    page = own.folders[0] / "kinds" / "question" / "handout.html"
    page.write_text("{% trans n=1 %}One of {{ n }}{% endtrans %}{{ _('Mine') }}", encoding="utf-8")
    front = own.folders[0] / "kinds" / "question" / "front.html"
    front.write_text("{{#Hint}}[% trans %]My hint[% endtrans %]{{/Hint}}", encoding="utf-8")
    found = {message.text: message.places for message in messages(own)}
    assert found["Mine"] == found["One of %(n)s"] == ("kinds/question/handout.html",)
    assert found["My hint"] == ("kinds/question/front.html",)
    assert {message.text for message in messages(PATH)} == found.keys() - {"Mine", "One of %(n)s", "My hint"}


@pytest.mark.parametrize(
    "source", ["{% trans %}open", "{{ _(x) }}{{ _(1) }}{{ _() }}", "{{#Hint}}{{Hint}}", "\xff"]
)
def test_a_template_without_texts_or_with_mistakes_has_none(own: SearchPath, source: str) -> None:
    (own.folders[0] / "page.html").write_bytes(source.encode("latin-1"))
    assert messages(own) == messages(PATH)


def test_a_text_with_a_plural_and_without_is_one_message(own: SearchPath) -> None:
    page = "{% trans count=n %}Hint{% pluralize %}Hints{% endtrans %}"
    (own.folders[0] / "page.html").write_text(page, encoding="utf-8")
    (found,) = (message for message in messages(own) if message.text == "Hint")
    assert found.plural == "Hints"
    assert {"page.html", "kinds/question/front.html"} <= set(found.places)


def test_every_template_that_comes_with_deckgen_gives_the_texts_that_it_marks() -> None:
    marks = re.compile(r"[{\[]%-? trans|[{( ]_\(")
    marked = {
        file.relative_to(shipped()).as_posix()
        for file in shipped().rglob("*")
        if file.suffix in (".html", ".md", ".css", ".yaml", ".txt") and marks.search(file.read_text("utf-8"))
    }
    assert len(marked) > 10
    assert marked <= {place for message in messages(PATH) for place in message.places}


def test_the_diagnostics_are_a_domain_of_their_own() -> None:
    found = {message.text for message in interface.diagnostics()}
    for code in codes.CODES.values():
        for text in (code.message, code.hint, code.near):
            assert text in found or not re.sub(r"\{\w+\}", "", text), code.id
    assert found & {message.text for message in messages(PATH)} == set()


# A new catalogue ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "forms"), [("fr", 2), ("ar", 6), ("uk", 3), ("tr", 2), ("de-simple", 2), ("ja", 1)]
)
def test_a_new_catalogue_is_one_that_gettext_accepts(tag: str, forms: int, tmp_path: Path) -> None:
    text = started(tag, [HINT, CARDS])
    assert accepted(text, tmp_path)
    assert f'"Language: {tag}\\n"' in text
    assert f"nplurals={forms};" in text
    assert text.count("msgstr[") == forms
    assert accepted(started(tag, messages(PATH)), tmp_path)


def test_a_new_catalogue_names_no_time_and_nobody() -> None:
    text = started("fr", [HINT])
    assert text == updated(text, [HINT]) == started("fr", [HINT])
    assert not re.search(r"\d{4}", text)
    assert text.startswith("# Français: words of the interface\n")


# Bringing one up to date --------------------------------------------------------------


def test_a_translation_goes_with_its_exact_text_and_never_to_a_similar_one() -> None:
    text = translated(started("fr", [HINT, TERM]), Hint="Indice", Term="Notion")
    after = updated(text, [Message("Hints"), TERM])
    assert 'msgid "Hints"\nmsgstr ""' in after
    assert 'msgid "Term"\nmsgstr "Notion"' in after
    assert '#~ msgid "Hint"\n#~ msgstr "Indice"' in after


def test_a_text_that_returns_has_its_translation_again() -> None:
    text = translated(started("fr", [HINT, TERM]), Hint="Indice", Term="Notion")
    assert updated(updated(text, [TERM]), [HINT, TERM]) == text


def test_a_lost_text_that_nobody_translated_is_dropped() -> None:
    assert updated(started("fr", [HINT, TERM]), [TERM]) == started("fr", [TERM])


def test_texts_and_places_are_in_the_order_of_the_templates() -> None:
    moved = Message("Term", "", ("z.html",))
    text = updated(started("fr", [HINT, TERM]), [moved, HINT])
    assert text == started("fr", [moved, HINT])


def test_remarks_and_the_header_stay() -> None:
    text = "# Kept.\n" + started("fr", [HINT]).replace("#: a.html", "# Not “Conseil”.\n#: a.html")
    text = text.replace("Last-Translator: ", "Last-Translator: Ada")
    assert updated(text, [HINT]) == text


def test_a_doubtful_translation_stays_doubtful() -> None:
    text = translated(started("fr", [HINT]), Hint="Indice").replace("#: a.html", "#: a.html\n#, fuzzy")
    assert updated(text, [HINT]) == text


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (HINT, Message("Hint", "Hints"), 'msgstr[0] "Indice"\nmsgstr[1] ""'),
        (Message("Hint", "Hints"), HINT, 'msgstr "Indice"'),
        (Message("Hint", "Hints"), Message("Hint", "Tips"), 'msgstr[0] "Indice"\nmsgstr[1] "Indices"'),
    ],
)
def test_what_gets_another_plural_is_doubtful(before: Message, after: Message, expected: str) -> None:
    text = started("fr", [before]).replace(
        'msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "Indice"\nmsgstr[1] "Indices"'
    )
    text = updated(translated(text, Hint="Indice") if not before.plural else text, [after])
    assert expected in text
    assert "#, fuzzy" in text
    assert updated(text, [after]) == text


def test_what_is_no_catalogue_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"."):
        updated("msgwhat", [HINT])


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30
)
found = st.lists(
    st.builds(Message, texts, st.just("") | texts, st.just(("a.html",))),
    unique_by=lambda each: each.text,
    max_size=6,
)


@given(st.sampled_from(["fr", "ar", "ja"]), found, found, st.data())
def test_any_catalogue_follows_any_texts(
    tag: str, before: list[Message], after: list[Message], data: st.DataObject
) -> None:
    """Nothing wanted is missing, nothing else is live, no translation is lost, and twice is once."""
    catalogue = po.parse(started(tag, before))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {form: data.draw(texts) for form in entry.msgstr_plural}
        else:
            entry.msgstr = data.draw(texts)
    text = updated(po.write(catalogue), after)
    seen = po.parse(text)
    assert [(each.msgid, each.msgid_plural) for each in seen if not each.obsolete] == [
        each[:2] for each in after
    ]
    assert {each.msgid for each in seen} == {each.text for each in (*before, *after)}
    known = {each.msgid: [each.msgstr, *each.msgstr_plural.values()] for each in catalogue}
    for each in seen:
        said = [word for word in known.get(each.msgid, ()) if word]
        assert not said or said[0] in (each.msgstr, *each.msgstr_plural.values())
    assert updated(text, after) == text


# deckgen's own files ------------------------------------------------------------------


@pytest.mark.parametrize("file", interface.refreshed(shipped()), ids=lambda file: file.name)
def test_the_files_in_the_repository_are_what_the_templates_say(file: Path) -> None:
    """``make words`` writes them."""
    assert file.read_text(encoding="utf-8") == interface.refreshed(shipped())[file]


def test_the_files_are_those_of_the_folder() -> None:
    assert {path.name for path in interface.refreshed(shipped())} == {
        path.name for path in (shipped() / "locale").iterdir()
    }
