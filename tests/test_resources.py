"""Where templates are found: the user's folder first, then deckgen's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckgen.resources import SearchPath, search_path, shipped


@pytest.fixture
def path(tmp_path: Path) -> SearchPath:
    for folder, names in (("own", ("a.txt", "kinds/riddle")), ("other", ("a.txt", "b.txt", "kinds/term"))):
        for name in names:
            file = tmp_path / folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(folder, encoding="utf-8")
    return SearchPath((tmp_path / "own", tmp_path / "other"))


def test_the_first_folder_that_has_it_wins(path: SearchPath) -> None:
    own, other = path.folders
    assert path.find("a.txt") == own / "a.txt"
    assert path.find("b.txt") == other / "b.txt"
    assert path.find("c.txt") is None


def test_all_folders_that_have_it_are_told_in_their_order(path: SearchPath) -> None:
    own, other = path.folders
    assert list(path.all("a.txt")) == [own / "a.txt", other / "a.txt"]
    assert list(path.all("kinds")) == [own / "kinds", other / "kinds"]
    assert list(path.all("kinds/term")) == [other / "kinds" / "term"]
    assert list(path.all("c.txt")) == []


def test_a_workspaces_own_templates_go_before_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    assert search_path(tmp_path).folders == ((tmp_path / "templates").resolve(), shipped())


def test_without_own_templates_there_are_the_shipped_ones(tmp_path: Path) -> None:
    assert search_path(tmp_path).folders == (shipped(),)
    (tmp_path / "templates").write_text("a file", encoding="utf-8")
    assert search_path(tmp_path).folders == (shipped(),)


def test_templates_that_are_a_link_to_themselves_are_none(tmp_path: Path) -> None:
    (tmp_path / "templates").symlink_to("templates")
    assert search_path(tmp_path).folders == (shipped(),)


def test_the_shipped_templates_are_not_searched_twice() -> None:
    assert search_path(shipped().parent).folders == (shipped(),)


def test_the_shipped_folder_has_what_deckgen_needs() -> None:
    for name in ("kinds/question/kind.yaml", "anki/card.css", "print", "new/deck.yaml", "locale"):
        assert search_path(Path("nowhere")).find(name), name


def test_a_package_without_its_templates_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("deckgen.resources.__file__", str(tmp_path / "deckgen" / "resources.py"))
    with pytest.raises(FileNotFoundError, match="templates are missing"):
        shipped.__wrapped__()
    (tmp_path / "templates" / "kinds").mkdir(parents=True)
    assert shipped.__wrapped__() == tmp_path / "templates"
    (tmp_path / "deckgen" / "templates" / "kinds").mkdir(parents=True)
    assert shipped.__wrapped__() == tmp_path / "deckgen" / "templates"
