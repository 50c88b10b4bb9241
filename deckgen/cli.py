"""The command line: arguments, progress and exit codes. 0 is good, 1 a deck with errors, 2 wrong usage.

Imports stand in the commands: ``--version`` and completion answer at once, and ``check`` does
not load what only ``build`` needs.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import deckgen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

    from deckgen.diagnostics import Diagnostic, Source
    from deckgen.pipeline import Loaded, Workspace

app = typer.Typer(
    name="deckgen",
    help="Compile question-and-answer items into Anki decks and printed handouts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: it names no types, and answers at once
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _decks_here() -> list[str]:
    """Return the decks' names, from which a shell completes one."""
    return sorted(path.parent.name for path in Path("cards").glob("*/deck.yaml"))


Decks = Annotated[list[str] | None, typer.Argument(metavar="DECK", hidden=True, autocompletion=_decks_here)]
Essay = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Your own copy of the essay (.txt, .pdf) to look for its paragraphs in."
    ),
]


class Format(StrEnum):
    """How diagnostics are shown."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):  # a pipe or a Windows console may speak another encoding
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"deckgen {deckgen.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Compile question-and-answer items into Anki decks and printed handouts."""


# What the commands share --------------------------------------------------------------


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False, soft_wrap=True)
    if not console.is_terminal:  # a file or a program has no margin: no line is broken
        console.width = 1000
    return console


def _show(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], form: Format, *, stderr: bool
) -> None:
    found = list(diagnostics)
    if not found and form is not Format.JSON:
        return
    from deckgen import report

    if form is Format.JSON:
        typer.echo(report.as_json(found))
    elif form is Format.GITHUB:
        typer.echo(report.as_github(found))
    else:
        console = _console(stderr=stderr)
        console.print(report.as_text(found, sources), end="")
        console.print(report.summary(found))


def _open(form: Format = Format.TEXT) -> Workspace:
    from deckgen.pipeline import open_workspace

    workspace = open_workspace(Path())
    if workspace.diagnostics:
        _show(workspace.diagnostics, {}, form, stderr=form is Format.TEXT)
        raise typer.Exit(1)
    return workspace.value


def _fail(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source] | None = None) -> NoReturn:
    _show(diagnostics, sources or {}, Format.TEXT, stderr=True)
    raise typer.Exit(1)


def _load(workspace: Workspace, decks: list[str] | None) -> tuple[tuple[Loaded, ...], tuple[Diagnostic, ...]]:
    from deckgen.pipeline import discover, load_all

    folders = discover(workspace, decks or ())
    return load_all(workspace, folders.value), folders.diagnostics


def _is_error(diagnostic: Diagnostic) -> bool:
    return diagnostic.level == "error"


# Commands -----------------------------------------------------------------------------


@app.command()
def build(
    decks: Decks = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", metavar="LANG", help="Only this language (repeatable)."),
    ] = None,
    product: Annotated[
        list[str] | None,
        typer.Option(
            "--product", "-p", metavar="PRODUCT", help="Only this product: anki, handout (repeatable)."
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder that the files go to.")
    ] = Path("output"),
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            "-j",
            metavar="N",
            min=1,
            show_default=False,
            help="How many processes work side by side; as many as there are processors unless given.",
        ),
    ] = os.cpu_count() or 1,
    frozen: Annotated[bool, typer.Option("--frozen", help="Fail where the ledger would change.")] = False,
) -> None:
    """Build decks as packages for Anki and as handouts.

    DECK is a deck's name or its folder. Every deck is built in every language as every product,
    unless you name some.
    """
    from deckgen import pipeline
    from deckgen.backends import BACKENDS
    from deckgen.progress import shown_progress, table

    names = [backend.name for backend in BACKENDS]
    if unknown := [name for name in product or () if name not in names]:
        message = f"unknown product {unknown[0]!r}; there are {', '.join(names)}"
        raise typer.BadParameter(message, param_hint="--product")
    workspace = _open()
    loaded, missing = _load(workspace, decks)
    wanted = pipeline.Options(output, tuple(language or ()), tuple(product or ()), jobs, frozen)
    console = _console()
    with shown_progress(console) as progress:
        outcome = pipeline.build(workspace, loaded, wanted, pipeline.clock(), progress)
    found = [*missing, *outcome.diagnostics]
    _show(found, outcome.sources, Format.TEXT, stderr=True)
    if outcome.written:
        console.print(table(outcome.written))
    if any(_is_error(one) for one in found):
        raise typer.Exit(1)


@app.command()
def check(
    decks: Decks = None,
    form: Annotated[Format, typer.Option("--format", help="How findings are shown.")] = Format.TEXT,
    essay: Essay = None,
) -> None:
    """Check decks, or your own copy of the essay against them.

    DECK is a deck's name or its folder; all are checked unless you name some. With --essay,
    deckgen looks in your copy of the text for each paragraph that a deck was made from.
    """
    from deckgen import copies
    from deckgen.files import shown

    loaded, missing = _load(_open(form), decks)
    found = list(missing)
    sources: dict[str, Source] = {}
    notes = []
    for each in loaded:
        found += each.diagnostics
        sources |= each.sources
        if essay is not None and each.deck is not None:
            compared = copies.compare(each.deck, essay)
            found += compared.diagnostics
            good = sum(1 for match in compared.value if match.state == "found")
            if compared.value:
                notes.append(
                    f"{each.deck.id}: {good} of {len(compared.value)} paragraphs found in {shown(essay)}"
                )
        elif each.deck is not None and not each.failed:
            notes.append(f"{each.deck.id}: {len(each.deck.items)} items, no errors")
    _show(found, sources, form, stderr=False)
    if form is Format.TEXT:
        for note in notes:
            typer.echo(note)
    if any(_is_error(one) for one in found):
        raise typer.Exit(1)


@app.command()
def status(decks: Decks = None) -> None:
    """Show how well decks cover their essay.

    Each paragraph is a row, with its items by kind. DECK is a deck's name or its folder; all are
    shown unless you name some.
    """
    from deckgen.coverage import coverage
    from deckgen.progress import coverage_table

    workspace = _open()
    loaded, missing = _load(workspace, decks)
    console = _console()
    failed = [one for each in loaded for one in each.diagnostics if _is_error(one)] + list(missing)
    tables = 0
    for each in loaded:
        if each.deck is not None and not each.failed:
            if tables:
                console.print()
            tables += 1
            console.print(coverage_table(each.deck, coverage(each.deck), workspace.kinds, console.width))
    if failed:
        sources = {file: source for each in loaded for file, source in each.sources.items()}
        _fail(failed, sources)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", hidden=True)],
    language: Annotated[
        str,
        typer.Option("--language", "-l", metavar="LANG", help="The language of the items, as a BCP 47 tag."),
    ] = "en",
) -> None:
    """Make a deck that builds, with comments that teach the format.

    NAME is the deck's id: small letters, digits and hyphens. It goes to the folder cards/NAME.
    """
    from deckgen.files import shown
    from deckgen.scaffold import new_deck

    workspace = _open()
    result = new_deck(Path("cards"), name, language, workspace.path, workspace.kinds)
    _show(result.diagnostics, {}, Format.TEXT, stderr=True)
    if any(_is_error(one) for one in result.diagnostics):
        raise typer.Exit(1)
    for file in result.value:
        typer.echo(shown(file))
    typer.echo("Now: deckgen build")


@app.command()
def outline(
    text: Annotated[Path, typer.Argument(metavar="FILE", hidden=True)],
) -> None:
    """Print an essay's outline, for essay.yaml.

    FILE is the essay (.txt, .pdf) in which each paragraph begins with its section and number in
    brackets: [section 1]. What is printed holds a fingerprint of each, and none of its words.
    """
    from deckgen.copies import outline as make

    result = make(text)
    if result.diagnostics:
        _fail(result.diagnostics)
    typer.echo(result.value, nl=False)


@app.command()
def schema(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder that the schemas go to.")
    ] = Path("cards/schema"),
) -> None:
    """Write the JSON Schemas with which editors check deck files."""
    from deckgen.files import shown, write_whole
    from deckgen.scaffold import schemas

    for name, content in schemas(_open().kinds).items():
        problem = write_whole(output / name, content.encode())
        if problem is not None:
            _fail([problem])
        typer.echo(shown(output / name))


@app.command()
def doctor() -> None:
    """Check the system, and name the one command that mends it."""
    from deckgen.doctor import examine, remedy
    from deckgen.progress import health_table

    findings = examine(Path("output"))
    console = _console()
    console.print(health_table(findings))
    if command := remedy(findings):
        console.print(f"To mend it:\n  {command}")
    if any(finding.needed and not finding.good for finding in findings):
        raise typer.Exit(1)
