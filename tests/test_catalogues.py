"""``sync`` and ``translate`` on the disk: what is written, and what is left as it was."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from examples import lay, whole_catalogue
from packages import edit
from translated import msgfmt

from deckgen import catalogues, pipeline, words
from deckgen.catalogues import Task
from deckgen.pipeline import Workspace
from deckgen.resources import search_path

TODAY = datetime.date(2025, 6, 15)
FR = "cards/garden/translations/fr.po"


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    lay(tmp_path, {"translations/fr.po": whole_catalogue("").rstrip("\n").encode() + b"\n"})
    monkeypatch.chdir(tmp_path)
    return pipeline.open_workspace(Path()).value


def task(space: Workspace, tag: str = "fr", today: datetime.date = TODAY) -> Task:
    folder = Path("cards/garden")
    deck = pipeline.load(space, folder).deck
    assert deck is not None
    return Task(folder, deck, {kind.name: kind for kind in space.kinds}, tag, today)


def test_a_catalogue_that_is_up_to_date_is_not_touched(space: Workspace) -> None:
    before = Path(FR).stat()
    step = task(space).sync()
    assert step.lines == [f"{FR}: up to date"]
    assert (Path(FR).stat().st_mtime_ns, Path(FR).stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert not step.failed


def test_a_step_tells_what_changed(space: Workspace) -> None:
    items = Path("cards/garden/items")
    edit(items / "10-nettles.yaml", "answer: Nettles.", "answer: Weeds.\n  hint: Look.")
    (items / "20-town.yaml").write_text(
        "- id: new\n  question: Q?\n  answer: A.\n  source: [nettles 2, town 1]\n", encoding="utf-8"
    )
    assert task(space).sync().lines == [f"{FR}: 3 new, 1 changed, 2 removed"]
    edit(items / "10-nettles.yaml", "answer: Weeds.", "answer: Nettles.")
    assert task(space).sync().lines == [f"{FR}: 1 changed back"]
    assert task(space).sync().lines == [f"{FR}: up to date"]


def test_a_catalogue_with_errors_is_left_as_it_was(space: Workspace) -> None:
    edit(Path("cards/garden/items/10-nettles.yaml"), "answer: Nettles.", "answer: Weeds.")
    twice = 'msgctxt "nettles.answer"\nmsgid "Nettles."\nmsgstr "a"\n'
    for text in ("nonsense", whole_catalogue(f"{twice}\n{twice}")):
        Path(FR).write_text(text, encoding="utf-8")
        step = task(space).sync()
        assert step.lines == [f"{FR}: left as it was"]
        assert step.failed
        assert Path(FR).read_text(encoding="utf-8") == text


def full(*_: object, **__: object) -> None:
    raise OSError(28, "no space")


def test_a_catalogue_that_cannot_be_written_is_told(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(Path("cards/garden/items/10-nettles.yaml"), "answer: Nettles.", "answer: Weeds.")
    before = Path(FR).read_bytes()
    monkeypatch.setattr("tempfile.mkstemp", full)
    step = task(space).sync()
    assert [one.code.id for one in step.diagnostics] == ["D503"]
    assert step.lines == [f"{FR}: left as it was"]
    assert Path(FR).read_bytes() == before


@pytest.mark.parametrize("tag", ["ar", "de-simple", "pt-BR", "ku-Arab"])
def test_a_language_is_begun(space: Workspace, tag: str, tmp_path: Path) -> None:
    step = task(space, tag).start()
    file = Path(f"cards/garden/translations/{tag}.po")
    assert step.lines == [f"{file.as_posix()}: 8 texts to translate"]
    msgfmt(file.read_text(encoding="utf-8"), tmp_path)
    assert task(space, tag).sync().lines == [f"{file.as_posix()}: up to date"]


def test_a_language_that_exists_is_not_begun_again(space: Workspace) -> None:
    before = Path(FR).read_bytes()
    step = task(space).start()
    assert step.lines == [f"{FR}: is there already"]
    assert Path(FR).read_bytes() == before


@pytest.mark.parametrize(
    ("tag", "code"), [("french", "D605"), ("../fr", "D605"), ("en", "D606"), ("EN", "D606")]
)
def test_what_is_no_other_language_is_not_begun(space: Workspace, tag: str, code: str) -> None:
    step = task(space, tag).start()
    assert [one.code.id for one in step.diagnostics] == [code]
    assert sorted(path.name for path in Path("cards/garden/translations").iterdir()) == ["fr.po"]


WORDS = Path("templates/locale/it.po")


@pytest.fixture
def begun(space: Workspace) -> str:
    """The catalogue of interface words in a language that deckgen has none of."""
    (line,) = catalogues.start_words(Path("templates"), space.path, "it").lines
    assert line.startswith(f"{WORDS.as_posix()}: ")
    return WORDS.read_text(encoding="utf-8")


def test_words_are_begun_once_and_not_where_deckgen_has_them(space: Workspace, begun: str) -> None:
    own = pipeline.open_workspace(Path()).value.path
    for path, tag in ((own, "it"), (space.path, "fr"), (space.path, "italian")):
        step = catalogues.start_words(Path("templates"), path, tag)
        assert (step.lines, step.diagnostics) == ([], [])
    assert sorted(Path("templates/locale").iterdir()) == [WORDS]
    assert WORDS.read_text(encoding="utf-8") == begun


def test_words_are_renewed_in_the_languages_that_are_asked_for(space: Workspace, begun: str) -> None:
    assert catalogues.sync_words(Path("templates"), space.path).lines == []
    WORDS.write_text(begun.replace('msgid "Hint"', 'msgid "Clue"'), encoding="utf-8")
    assert catalogues.sync_words(Path("templates"), space.path, ("fr",)).lines == []
    step = catalogues.sync_words(Path("templates"), space.path, ("it",))
    assert step.lines == [f"{WORDS.as_posix()}: words of the interface renewed"]
    assert WORDS.read_text(encoding="utf-8") == begun


def test_words_that_cannot_be_read_or_written_are_told(
    space: Workspace, begun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    WORDS.write_text("nonsense", encoding="utf-8")
    step = catalogues.sync_words(Path("templates"), space.path)
    assert ([one.code.id for one in step.diagnostics], step.lines) == (["D508"], [])
    WORDS.write_text(begun.replace('msgid "Hint"', 'msgid "Clue"'), encoding="utf-8")
    monkeypatch.setattr("tempfile.mkstemp", full)
    step = catalogues.sync_words(Path("templates"), space.path)
    assert ([one.code.id for one in step.diagnostics], step.lines) == (["D503"], [])


def test_names_of_texts_are_known_in_any_of_the_decks(space: Workspace) -> None:
    one = task(space)
    found = catalogues.unknown([one.deck, one.deck], one.kinds, ["nettles.anser", "nettles.answer", "zzz"])
    assert [(each.args["name"], each.args["near"]) for each in found] == [
        ("nettles.anser", "nettles.answer"),
        ("zzz", ""),
    ]
    assert catalogues.unknown([one.deck], one.kinds, ["@deck.title"]) == []


@pytest.mark.usefixtures("space")
def test_words_are_begun_once_and_never_written_over() -> None:
    """Not even where they cannot be read: they may be somebody's work."""
    file = Path("templates/locale/pl.po")
    folder = Path("templates").absolute()
    assert catalogues.start_words(folder, search_path(Path()), "pl").lines
    broken = f"junk\n{file.read_text(encoding='utf-8')}".replace('msgstr ""', 'msgstr "x"')
    file.write_text(broken, encoding="utf-8")
    load_words_again()
    step = catalogues.start_words(folder, search_path(Path()), "pl")
    assert step.lines == []
    assert [one.code.id for one in step.diagnostics] == ["D508"]
    assert file.read_text(encoding="utf-8") == broken


def load_words_again() -> None:
    """Let a catalogue be read anew, as another run of deckgen does."""
    words._load.cache_clear()


@pytest.mark.usefixtures("space")
def test_words_that_cannot_be_read_are_told_with_their_file() -> None:
    file = Path("templates/locale/it.po")
    file.parent.mkdir(parents=True)
    file.write_text("junk\n", encoding="utf-8")
    step = catalogues.sync_words(Path("templates").absolute(), search_path(Path()))
    assert [(one.code.id, one.span.file) for one in step.diagnostics] == [("D508", file.as_posix())]
