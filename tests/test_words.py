"""The words of the interface: which catalogue a language gets, and what happens where there is none."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from deckgen.resources import SearchPath, search_path
from deckgen.words import Words, load_words

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
PLURALS = HEADER + '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'


@pytest.fixture
def path(tmp_path: Path) -> SearchPath:
    """A search path whose first folder has no catalogue yet."""
    (tmp_path / "own" / "locale").mkdir(parents=True)
    (tmp_path / "shipped" / "locale").mkdir(parents=True)
    return SearchPath((tmp_path / "own", tmp_path / "shipped"))


def catalogue(path: SearchPath, name: str, text: str, folder: int = 0) -> None:
    (path.folders[folder] / "locale" / name).write_text(text, encoding="utf-8")


def word(text: str) -> str:
    return f'\nmsgid "Hint"\nmsgstr "{text}"\n'


@pytest.mark.parametrize("tag", ["en", "en-GB"])
def test_english_needs_no_catalogue(path: SearchPath, tag: str) -> None:
    result = load_words(tag, path)
    assert result.diagnostics == ()
    assert result.value("Hint") == "Hint"
    assert result.value.plural("one", "many", 1) == "one"
    assert result.value.plural("one", "many", 2) == "many"


@pytest.mark.parametrize(
    ("catalogues", "expected"),
    [
        (("fr", "fr-CH", "fr-CH-1990"), "fr-CH-1990"),
        (("fr", "fr-CH"), "fr-CH"),
        (("fr",), "fr"),
    ],
)
def test_a_variety_has_the_nearest_catalogue(
    path: SearchPath, catalogues: tuple[str, ...], expected: str
) -> None:
    for name in catalogues:
        catalogue(path, f"{name}.po", HEADER + word(name))
    result = load_words("fr-CH-1990", path)
    assert result.value("Hint") == expected
    assert result.value.tag == "fr-CH-1990"
    assert result.diagnostics == ()


def test_the_users_catalogue_goes_first(path: SearchPath) -> None:
    catalogue(path, "fr.po", HEADER + word("shipped"), folder=1)
    assert load_words("fr", path).value("Hint") == "shipped"
    catalogue(path, "it.po", HEADER + word("shipped"), folder=1)
    catalogue(path, "it.po", HEADER + word("own"), folder=0)
    assert load_words("it", path).value("Hint") == "own"


def test_a_word_that_a_catalogue_lacks_stays_english(path: SearchPath) -> None:
    catalogue(path, "fr.po", HEADER + word("Indice") + '\nmsgid "Term"\nmsgstr ""\n')
    words = load_words("fr", path).value
    assert (words("Hint"), words("Term"), words("Quiz")) == ("Indice", "Term", "Quiz")


def test_a_fuzzy_word_is_not_used(path: SearchPath) -> None:
    catalogue(path, "fr.po", HEADER + "\n#, fuzzy" + word("Indice"))
    assert load_words("fr", path).value("Hint") == "Hint"


def test_a_catalogue_that_is_not_finished_is_told(path: SearchPath) -> None:
    plural = '\nmsgid "{n} item"\nmsgid_plural "{n} items"\nmsgstr[0] "{n} carte"\nmsgstr[1] ""\n'
    old = '\n#~ msgid "Old"\n#~ msgstr ""\n'
    text = PLURALS + word("Indice") + "\n#, fuzzy" + word("").replace("Hint", "Term") + plural + old
    catalogue(path, "fr.po", text, folder=1)
    (found,) = load_words("fr-CH", path).diagnostics
    assert (found.code.id, found.level) == ("D512", "warning")
    assert (found.args["count"], found.args["file"]) == (2, "fr.po")


def test_plurals_follow_the_catalogues_rule(path: SearchPath) -> None:
    text = '\nmsgid "{n} item"\nmsgid_plural "{n} items"\nmsgstr[0] "{n} carte"\nmsgstr[1] "{n} cartes"\n'
    catalogue(path, "fr.po", PLURALS + text)
    words = load_words("fr", path).value
    assert [words.plural("{n} item", "{n} items", count) for count in (0, 1, 2)] == [
        *("{n} carte", "{n} carte", "{n} cartes"),
    ]


@pytest.mark.parametrize("tag", ["fr", "fr-CH"])
def test_a_language_without_a_catalogue_has_english_words_and_says_so(path: SearchPath, tag: str) -> None:
    result = load_words(tag, path)
    (found,) = result.diagnostics
    assert (found.code.id, found.level, found.args["language"]) == ("D510", "warning", tag)
    assert f"deckgen translate {tag}" in found.hint()
    assert result.value("Hint") == "Hint"


@pytest.mark.parametrize(
    "content",
    [
        b'msgid "Hint"\nmsgstr "Indice"\nmsgwhat "x"\n',
        b'msgid "Hint"\nmsgstr "\\xff"\nmsgid',
        b'msgid ""\nmsgstr "Plural-Forms: nplurals=2\\n"\n',
        "msgid ä".encode("latin-1"),
        b'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=x;\\n"\n',
        b'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=__import__(\'os\');\\n"\n',
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=klingon\\n"\n\nmsgid "a"\nmsgstr "b"\n',
    ],
)
def test_a_broken_catalogue_is_told_and_english_words_are_used(path: SearchPath, content: bytes) -> None:
    (path.folders[0] / "locale" / "fr.po").write_bytes(content)
    result = load_words("fr", path)
    (found,) = result.diagnostics
    assert (found.code.id, found.span.file) == ("D508", "locale/fr.po")
    assert found.args["reason"]
    assert result.value("Hint") == "Hint"


def test_a_catalogue_that_is_a_folder_is_told(path: SearchPath) -> None:
    (path.folders[0] / "locale" / "fr.po").mkdir()
    assert [found.code.id for found in load_words("fr", path).diagnostics] == ["D508"]


def test_words_travel_to_another_process(path: SearchPath) -> None:
    text = '\nmsgid "{n} item"\nmsgid_plural "{n} items"\nmsgstr[0] "{n} carte"\nmsgstr[1] "{n} cartes"\n'
    catalogue(path, "fr.po", PLURALS + word("Indice") + text)
    for tag in ("fr", "en", "qqq"):
        words = load_words(tag, path).value
        again = pickle.loads(pickle.dumps(words))
        assert isinstance(again, Words)
        assert again.tag == tag
        assert again("Hint") == words("Hint")
        assert again.plural("{n} item", "{n} items", 5) == words.plural("{n} item", "{n} items", 5)


# The catalogues that come with deckgen ------------------------------------------------


@pytest.mark.parametrize("tag", ["ar", "de", "de-simple", "es", "fr", "tr", "uk"])
def test_a_language_has_a_catalogue(tag: str) -> None:
    result = load_words(tag, search_path(Path("nowhere")))
    assert result.diagnostics == ()
    assert result.value("Hint") != "Hint"
