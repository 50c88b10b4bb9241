"""The page on looks: its worked example is built, and what it says of templates is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from deckgen import colours
from deckgen.backends.paper.handout import Handout
from deckgen.backends.paper.looks import Looks, looks
from deckgen.model import Paper
from tests.conftest import HERE
from tests.packages import request_for

PAGE = (HERE.parent / "docs" / "looks.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^`(templates/\S+)`\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def write_example(folder: Path) -> None:
    assert len(EXAMPLE) == 3
    for name, content in EXAMPLE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def test_the_example_changes_what_it_says_and_nothing_else(workspace_folder: Path) -> None:
    before = Handout(request_for(workspace_folder, 0)).page()
    write_example(workspace_folder)
    after = Handout(request_for(workspace_folder, 0)).page()
    assert after.diagnostics == ()
    html = after.value
    name = '<p class="kicker">Reading group Nordhafen</p>'
    line = '<div class="own"></div>'
    assert html.count(name) == 1
    assert html.count(line) == 2, "the garden has two questions"
    assert ".own { height: 9mm" in html
    assert ".blocks > * + * { margin-top: 7.0pt }" in html

    def plain(page: str) -> str:
        return re.sub(r"\s+", "", re.sub("<style>.*?</style>", "", page, flags=re.DOTALL))

    left = html.replace(name, "").replace(line, "")
    assert plain(left) == plain(before.value)


def test_the_example_is_built(workspace_folder: Path, run: Callable[..., Result]) -> None:
    write_example(workspace_folder)
    result = run("build", "-p", "handout", "--print", "both")
    assert result.exit_code == 0
    assert result.stderr == ""
    names = sorted(path.name for path in (workspace_folder / "output").iterdir())
    assert names == ["garden.en.handout.large.pdf", "garden.en.handout.pdf"]


def test_the_scale_and_the_names_of_the_measures_are_those_of_the_looks() -> None:
    for large in (False, True):
        page = looks(Paper(large=large))
        scale = (page.small, page.base, page.lead, page.head, page.title)
        assert " / ".join(f"{size:g}" for size in scale) + " pt on" in PAGE
    row = next(line for line in PAGE.splitlines() if line.startswith("| `looks` |"))
    named = set(re.findall(r"`(\w+)`", row)) - {"looks"}
    assert named == {*Looks._fields, "inner", "tables"}
    assert colours.TINT in PAGE
