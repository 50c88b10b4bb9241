"""What all tests share: a small deck of our own, a workspace to work in, and goldens."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from packages import Package, edit, package_of, request_for, study_everything
from typer.testing import CliRunner, Result

from deckgen.backends import Request
from deckgen.cli import app
from deckgen.pipeline import Loaded, Workspace, load, open_workspace

if TYPE_CHECKING:
    from people import Author, Learner

HERE = Path(__file__).parent
EPOCH = 1_750_000_000  # the time that tests build at: 2025-06-15T15:06:40Z

# Whoever changes nothing sees the same result twice; `make hunt` looks in new places.
settings.register_profile("same", derandomize=True)
settings.register_profile("hunt", derandomize=False)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write what is seen into the golden files")


@pytest.fixture(autouse=True)
def _fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def workspace_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the garden deck in cards/garden; it is the current folder."""
    shutil.copytree(HERE / "decks" / "garden", tmp_path / "cards" / "garden")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def workspace(workspace_folder: Path) -> Workspace:
    result = open_workspace(workspace_folder)
    assert not result.diagnostics
    return result.value


@pytest.fixture
def garden(workspace: Workspace, workspace_folder: Path) -> Loaded:
    """The garden deck, loaded; it has no findings."""
    loaded = load(workspace, workspace_folder / "cards" / "garden")
    assert loaded.deck is not None
    assert loaded.diagnostics == ()
    return loaded


@pytest.fixture
def broken(workspace_folder: Path) -> Path:
    """The garden with one error and one warning."""
    items = workspace_folder / "cards/garden/items"
    (items / "ideas.txt").write_text("Ask about the fence.\n", encoding="utf-8")
    edit(items / "20-town.yaml", "contrast: The town", "kontrast: The town")
    return workspace_folder


@pytest.fixture
def everything(workspace_folder: Path) -> Request:
    """The garden, with discussions studied too: every kind has a note."""
    study_everything(workspace_folder)
    return request_for(workspace_folder, EPOCH)


@pytest.fixture
def package(everything: Request) -> Package:
    """The package of everything."""
    return package_of(everything)


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run the command line in the current folder."""
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with ``tests/goldens/<name>``; ``--update-goldens`` writes it instead."""

    def compare(name: str, text: str) -> None:
        file = HERE / "goldens" / name
        if request.config.getoption("--update-goldens"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        assert file.is_file(), f"no golden {name}: run with --update-goldens, and read what it writes"
        assert text == file.read_text(encoding="utf-8")

    return compare


# In the real Anki, which is imported by the tests that need it alone


@pytest.fixture
def author(workspace_folder: Path) -> Author:
    """One who keeps the garden."""
    from people import Author

    return Author(workspace_folder)


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    """One with an empty collection."""
    from people import learner_in

    with learner_in(tmp_path / "learner") as made:
        yield made
