"""The house of ``docs/architecture.md``: imports go down, each library has its module, some come late."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

import deckgen
from deckgen import fonts

PACKAGE = Path(deckgen.__file__).parent
DOCUMENT = Path(__file__).parent.parent / "docs" / "architecture.md"
PROJECT = Path(__file__).parent.parent / "pyproject.toml"
OWN = "deckgen"

# Each third-party library and the modules that import it. A new one is written down here.
LIBRARIES = {
    "babel": {"interface", "languages"},
    "fontTools": {"fonts"},
    "genanki": {"backends.anki.dated"},
    "icu": {"languages"},
    "jinja2": {"templating"},
    "jsonschema_rs": {"shape"},
    "markupsafe": {"templating"},
    "openpyxl": {"translate.sheet"},
    "pikepdf": {"backends.paper.impose"},
    "polib": {"po", "translate.catalogue"},
    "pylatexenc": {"markup.formula"},
    "pyromark": {"markup.render"},
    "pyuca": {"languages"},
    "rich": {"cli", "progress", "report"},
    "segno": {"backends.paper.qr"},
    "typer": {"cli"},
    "weasyprint": {"backends.paper.pdf"},
    "yaml": {"reader"},
}


class Import(NamedTuple):
    """An import: the module that has it, its line, what is imported, and whether only types need it."""

    module: str
    line: int
    target: str
    typed: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def module_of(file: Path) -> str:
    """The name of a file's module within the package: ``markup.scan``; the package itself is ``__init__``."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package, parsed. ``templates`` of an installed wheel hold no Python."""
    return {
        module_of(file): ast.parse(file.read_text(encoding="utf-8"))
        for file in sorted(PACKAGE.rglob("*.py"))
        if "templates" not in file.relative_to(PACKAGE).parts
    }


def imports() -> Iterator[Import]:
    """Every import, also those in functions and those for types alone."""
    for module, tree in modules().items():
        typed = {
            id(node)
            for guard in ast.walk(tree)
            if isinstance(guard, ast.If) and ast.unparse(guard.test) == "TYPE_CHECKING"
            for node in ast.walk(guard)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{module}:{node.lineno} imports from a relative place"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            yield from (Import(module, node.lineno, name, id(node) in typed) for name in names)


def own(found: Import) -> str | None:
    """The module of the package that is imported: the deepest one that the target names."""
    top, *parts = found.target.split(".")
    if top != OWN:
        return None
    for length in range(len(parts), 0, -1):
        if (name := ".".join(parts[:length])) in modules():
            return name
    return "__init__"


def room(module: str) -> str:
    """What the table names: a module, or the whole package that it is in."""
    return module.split(".")[0]


@cache
def floors() -> dict[str, int]:
    """The floor of each room, as the table in the document has it."""
    rows = re.findall(
        r"^\| (\d+) \| ((?:`\w+`(?:, )?)+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    found = [(name, int(number)) for number, names in rows for name in re.findall(r"`(\w+)`", names)]
    assert len(dict(found)) == len(found), "a module stands on two floors"
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1))
    return dict(found)


# The floors ---------------------------------------------------------------------------


def test_there_are_modules_and_they_import_each_other() -> None:
    assert len(modules()) > 40
    seen = {(found.module, own(found)) for found in imports()}
    assert ("kinds", "reader") in seen
    assert ("markup.render", "markup.scan") in seen
    assert ("__main__", "cli") in seen
    assert ("cli", "pipeline") in seen  # in a function
    assert len(list(imports())) > 200
    assert any(found.typed for found in imports())


def test_every_module_is_on_exactly_one_floor_and_every_name_is_a_module() -> None:
    assert set(floors()) == {room(module) for module in modules()}


def test_each_module_imports_from_lower_floors_only() -> None:
    upwards = [
        str(found)
        for found in imports()
        if (target := own(found)) is not None
        and room(target) != room(found.module)
        and floors()[room(target)] >= floors()[room(found.module)]
    ]
    assert upwards == []


def test_the_house_has_no_floor_too_many() -> None:
    """The number of floors is the length of the longest chain of imports."""
    below: dict[str, set[str]] = {name: set() for name in floors()}
    for found in imports():
        if (target := own(found)) is not None and room(target) != room(found.module):
            below[room(found.module)].add(room(target))

    @cache
    def height(name: str) -> int:
        return 1 + max((height(each) for each in below[name]), default=0)

    assert max(map(height, below)) == max(floors().values())


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    """Within packages as well; what only types need is never imported there."""
    below: dict[str, set[str]] = {name: set() for name in modules()}
    for found in imports():
        if (target := own(found)) is not None and target != found.module and not found.typed:
            below[found.module].add(target)
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above, name))
        if name not in done:
            for each in sorted(below[name]):
                visit(each, (*above, name))
            done.add(name)

    for name in modules():
        visit(name, ())


# Libraries ----------------------------------------------------------------------------


def test_each_library_is_imported_by_its_own_module() -> None:
    seen: dict[str, set[str]] = {}
    for found in imports():
        top = found.target.split(".")[0]
        if top != OWN and top not in sys.stdlib_module_names:
            seen.setdefault(top, set()).add(found.module)
    assert seen == LIBRARIES


def normal(name: str) -> str:
    """A project's name as the package index compares it."""
    return re.sub("[-_.]+", "-", name).lower()


def test_every_dependency_is_used_and_every_library_is_a_dependency() -> None:
    """But for PyICU, which is used where it is there."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    declared = {normal(re.split(r"[^\w-]", text)[0]) for text in project["dependencies"]}
    distributions = packages_distributions()
    used = {normal(name) for top in LIBRARIES.keys() - {"icu"} for name in distributions[top]}
    assert declared == used | set(fonts.packages())


def test_nothing_is_imported_by_a_name_in_a_text() -> None:
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                assert called(node).split(".")[-1] not in ("import_module", "__import__"), module


def loaded(code: str, folder: Path) -> set[str]:
    """The libraries, and our own modules, that are loaded after some code has run in a new interpreter."""
    names = "{name if name.startswith('deckgen.') else name.split('.')[0] for name in sys.modules}"
    report = f"\nimport sys; print('loaded:', *sorted({names}))"
    run = subprocess.run(
        [sys.executable, "-c", code + report], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    (line,) = [line for line in run.stdout.splitlines() if line.startswith("loaded:")]
    return set(line.split()[1:])


COMMAND = "from deckgen.cli import app\napp({!r}, standalone_mode=False)"
HEAVY = {"weasyprint", "pikepdf", "segno", "genanki", "fontTools", "babel", "pylatexenc", "pydyf"}


@pytest.mark.parametrize(
    ("code", "needed", "spared"),
    [
        ("import deckgen.cli", "typer", HEAVY | {"yaml", "jinja2", "jsonschema_rs", "pyromark"}),
        (COMMAND.format(["--version"]), "typer", HEAVY | {"yaml", "jinja2", "jsonschema_rs", "pyromark"}),
        (COMMAND.format(["check"]), "yaml", HEAVY | {"deckgen.backends.products"}),
        (COMMAND.format(["status"]), "yaml", HEAVY | {"deckgen.backends.products"}),
    ],
    ids=["import", "version", "check", "status"],
)
def test_heavy_libraries_are_loaded_by_those_commands_that_need_them(
    code: str, needed: str, spared: set[str], workspace_folder: Path
) -> None:
    seen = loaded(code, workspace_folder)
    assert needed in seen
    assert seen & spared == set()


def test_a_package_for_anki_needs_no_weasyprint(workspace_folder: Path) -> None:
    seen = loaded(COMMAND.format(["build", "-p", "anki"]), workspace_folder)
    assert "genanki" in seen
    assert "weasyprint" not in seen


# Habits -------------------------------------------------------------------------------


def called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def test_only_the_command_line_prints_or_exits() -> None:
    said: dict[str, set[str]] = {}
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in (
                "print",
                "exit",
                "sys.exit",
                "typer.echo",
                "typer.Exit",
            ):
                said.setdefault(module, set()).add(called(node))
    assert set(said) == {"cli"}


def test_the_clock_is_asked_in_one_place() -> None:
    asked = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and called(node) in ("time.time", "datetime.now", "date.today", "datetime.utcnow", "datetime.today")
    }
    assert asked == {"pipeline.times"}


def test_every_module_says_what_it_is() -> None:
    assert [name for name, tree in modules().items() if not ast.get_docstring(tree)] == []
