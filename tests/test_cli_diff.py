"""``deckgen diff``: what an import will do, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import edit
from typer.testing import Result

import deckgen

Run = Callable[..., Result]
SEEN = """\
updated     factory · Why does the garden belong to nobody?
    Hint: It made [-bricks-]{+tiles+}.
0 new, 1 updated, 6 unchanged
"""


@pytest.fixture
def published(workspace_folder: Path, run: Run) -> Path:
    """The garden, whose package was published before a correction."""
    assert run("build", "-p", "anki").exit_code == 0
    (workspace_folder / "output/garden.en.apkg").rename(workspace_folder / "old.apkg")
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "It made bricks.", "It made tiles.")
    return workspace_folder


@pytest.mark.parametrize("new", [(), ("garden",), ("cards/garden",), ("new.apkg",)])
def test_a_diff_shows_what_an_import_will_do(published: Path, run: Run, new: tuple[str, ...]) -> None:
    if new == ("new.apkg",):
        run("build", "-p", "anki")
        (published / "output/garden.en.apkg").rename(published / "new.apkg")
    result = run("diff", "old.apkg", *new)
    assert (result.exit_code, result.stdout) == (0, SEEN)


def test_a_diff_follows_the_options_of_anki_s_import(published: Path, run: Run) -> None:
    del published
    counts = json.loads(run("diff", "old.apkg", "--update", "never", "--format", "json").stdout)["counts"]
    assert (counts["updated"], counts["kept"]) == (0, 1)
    own = Path("templates/kinds/question")
    own.mkdir(parents=True)
    text = (Path(deckgen.__file__).parent.parent / own / "kind.yaml").read_text(encoding="utf-8")
    more = "    - {id: 7214539999, name: More, value: source}\n  cards:"
    (own / "kind.yaml").write_text(text.replace("  cards:", more), encoding="utf-8")
    counts = json.loads(run("diff", "old.apkg", "--no-merge", "--format", "json").stdout)["counts"]
    assert counts["conflicting"] == 2


def test_a_diff_ends_with_1_where_that_is_wanted(published: Path, run: Run) -> None:
    del published
    assert run("diff", "old.apkg", "--exit-code").exit_code == 1
    assert run("diff", "old.apkg", "old.apkg", "--exit-code").exit_code == 0


def test_what_is_no_package_is_told_on_standard_error(published: Path, run: Run) -> None:
    (published / "other.apkg").write_text("no package", encoding="utf-8")
    for names in (("other.apkg",), ("old.apkg", "other.apkg"), ("old.apkg", "gardn")):
        result = run("diff", *names)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "error[D" in result.stderr
