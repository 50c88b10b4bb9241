"""The command line: arguments, progress and exit codes. 0 is good, 1 a deck with errors, 2 wrong usage.

Imports stand in the commands: ``--version`` and completion answer at once, and ``check`` does
not load what only ``build`` needs.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import deckgen
from deckgen.model import Flip, Paper, PaperSize, Policy, Print, Update

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from deckgen.catalogues import Step
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
Language = Annotated[
    list[str] | None,
    typer.Option("--language", "-l", metavar="LANG", help="Only this language (repeatable)."),
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


def _sound(workspace: Workspace, decks: list[str] | None) -> tuple[Loaded, ...]:
    """Load decks that have no errors; others end the command before anything is written."""
    loaded, missing = _load(workspace, decks)
    if failed := _errors(loaded, missing):
        _fail(failed, _sources(loaded))
    return loaded


def _errors(loaded: Iterable[Loaded], missing: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the errors of decks, and those that are missing."""
    return [one for each in loaded for one in each.diagnostics if one.is_error] + list(missing)


def _sources(loaded: Iterable[Loaded]) -> dict[str, Source]:
    return {file: source for each in loaded for file, source in each.sources.items()}


def _told(step: Step) -> None:
    """Show what a command did and found, and end with the exit code it asks for."""
    for line in step.lines:
        typer.echo(line)
    _finish(step.diagnostics, step.sources)


def _finish(found: Sequence[Diagnostic], sources: Mapping[str, Source]) -> None:
    """Show what was found; errors end the command."""
    _show(found, sources, Format.TEXT, stderr=True)
    _exit(found)


def _exit(found: Iterable[Diagnostic]) -> None:
    """End the command if there are errors."""
    if any(one.is_error for one in found):
        raise typer.Exit(1)


# Commands -----------------------------------------------------------------------------


class Turn(StrEnum):
    """Over which edge a printer turns a sheet."""

    LONG = "long"
    SHORT = "short"


def _sheet(grid: str, flip: Turn | None, fold: bool, back_offset: str) -> Paper:
    """Return how cut-out cards are printed, or end the command saying what is wrong with the options."""
    from deckgen.backends.paper.geometry import FARTHEST, GRIDS, is_grid

    if not is_grid(grid):
        message = f"{grid!r} is no grid; there are {', '.join(GRIDS)}, and columns by rows, as in 3x4"
        raise typer.BadParameter(message, param_hint="--grid")
    numbers = back_offset.split(",")
    if len(numbers) != 2 or not all(re.fullmatch(r"\s*[+-]?\d{1,2}(\.\d{1,3})?\s*", n) for n in numbers):
        message = f"{back_offset!r} is not two numbers, mm to the right and down, as in 1.5,-2"
        raise typer.BadParameter(message, param_hint="--back-offset")
    offset = (float(numbers[0]), float(numbers[1]))
    if max(map(abs, offset)) > FARTHEST:
        message = f"{FARTHEST:g} mm are the most"
        raise typer.BadParameter(message, param_hint="--back-offset")
    if fold and (flip is not None or any(offset)):
        message = "folded cards are printed on one side: leave out --flip and --back-offset"
        raise typer.BadParameter(message, param_hint="--fold")
    return Paper(grid=grid, flip=Flip.FOLD if fold else Flip(flip or Turn.LONG), offset=offset)


@app.command()
def build(
    decks: Decks = None,
    language: Language = None,
    product: Annotated[
        list[str] | None,
        typer.Option(
            "--product", "-p", metavar="PRODUCT", help="Only this product, as “handout” (repeatable)."
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
    draft: Annotated[
        bool, typer.Option("--draft", help="Mark cards that are not current; such files are named “.draft”.")
    ] = False,
    stale: Annotated[
        Policy | None,
        typer.Option(
            "--stale", help="What is built of a card whose translation is not current; else as the deck says."
        ),
    ] = None,
    breaking: Annotated[
        bool, typer.Option("--breaking", help="Build what breaks something that learners have: it is meant.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Make all anew, whatever was made before.")
    ] = False,
    paper: Annotated[
        PaperSize | None, typer.Option("--paper", help="The size of printed pages; else as the deck says.")
    ] = None,
    printed: Annotated[
        Print | None,
        typer.Option("--print", help="As usual, large for low vision, or both; else as the deck says."),
    ] = None,
    grey: Annotated[
        bool, typer.Option("--grey", help="Print without colour; such files are named “.grey”.")
    ] = False,
    grid: Annotated[
        str,
        typer.Option("--grid", metavar="GRID", help="Cut-out cards: a7, business, or columns by rows: 3x4."),
    ] = "a7",
    flip: Annotated[
        Turn | None,
        typer.Option(
            "--flip", show_default=False, help="Cut-out cards: the edge that your printer turns sheets over."
        ),
    ] = None,
    fold: Annotated[
        bool, typer.Option("--fold", help="Cut-out cards: print on one side, to fold and glue.")
    ] = False,
    back_offset: Annotated[
        str,
        typer.Option("--back-offset", metavar="X,Y", help="Cut-out cards: move the backs by so many mm."),
    ] = "0,0",
) -> None:
    """Build decks as packages for Anki and as files to print.

    DECK is a deck's name or its folder. Every deck is built in every language as every product,
    unless you name some.
    """
    from deckgen import pipeline
    from deckgen.backends.products import BACKENDS
    from deckgen.progress import shown_progress, table

    names = list(dict.fromkeys(backend.product for backend in BACKENDS))
    if unknown := [name for name in product or () if name not in names]:
        message = f"unknown product {unknown[0]!r}; there are {', '.join(names)}"
        raise typer.BadParameter(message, param_hint="--product")
    sheet = _sheet(grid, flip, fold, back_offset)
    workspace = _open()
    wanted = pipeline.Options(
        output,
        tuple(language or ()),
        tuple(product or ()),
        jobs,
        frozen=frozen,
        draft=draft,
        breaking=breaking,
        stale=stale,
        cached=not no_cache,
        paper=paper,
        print=printed,
        sheet=replace(sheet, grey=grey),
    )
    console = _console()
    with shown_progress(console) as progress:
        outcome = pipeline.make(workspace, decks or (), wanted, pipeline.clock(), progress)
    _show(outcome.diagnostics, outcome.sources, Format.TEXT, stderr=True)
    if outcome.written:
        console.print(table(outcome.written))
    _exit(outcome.diagnostics)


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
    from deckgen.pipeline import breaks, clock
    from deckgen.report import counted
    from deckgen.standing import verdicts

    workspace = _open(form)
    loaded, missing = _load(workspace, decks)
    found = list(missing)
    sources: dict[str, Source] = {}
    notes = []
    for one in loaded:
        found += one.diagnostics
        sources |= one.sources
        if essay is not None and one.deck is not None:
            compared = copies.compare(one.deck, essay)
            found += compared.diagnostics
            good = sum(1 for match in compared.value if match.state == "found")
            if compared.value:
                paragraphs = counted(len(compared.value), "paragraph")
                notes.append(f"{one.deck.id}: {good} of {paragraphs} found in {shown(essay)}")
        elif one.deck is not None and not one.failed:
            broken = breaks(workspace, one)
            found += broken
            sound = "" if any(each.is_error for each in broken) else ", no errors"
            notes.append(f"{one.deck.id}: {counted(len(one.deck.items), 'item')}{sound}")
            for verdict in verdicts(workspace, one, clock()):
                notes.append(f"{one.deck.id}: {verdict.line}")
                found += verdict.diagnostics
                sources |= verdict.sources
    _show(found, sources, form, stderr=False)
    if form is Format.TEXT:
        for note in notes:
            typer.echo(note)
    _exit(found)


class StatusFormat(StrEnum):
    """How what a command found out is shown."""

    TEXT = "text"
    JSON = "json"


@app.command()
def status(
    decks: Decks = None,
    form: Annotated[
        StatusFormat, typer.Option("--format", help="As tables, or for programs.")
    ] = StatusFormat.TEXT,
) -> None:
    """Show how well the essay is covered, and the languages.

    Each paragraph is a row, with its items by kind; then each language, with its cards. DECK is a
    deck's name or its folder; all are shown unless you name some.
    """
    from deckgen import standing
    from deckgen.coverage import coverage
    from deckgen.pipeline import clock, translated

    workspace = _open()
    loaded, missing = _load(workspace, decks)
    failed = _errors(loaded, missing)
    good = [translated(workspace, each, clock()) for each in loaded if each.deck and not each.failed]
    if form is StatusFormat.JSON:
        typer.echo(standing.as_json(good))
    else:
        from deckgen.progress import coverage_table, languages_table

        console = _console()
        for number, each in enumerate(good):
            assert each.deck is not None
            if number:
                console.print()
            console.print(coverage_table(each.deck, coverage(each.deck), workspace.kinds, console.width))
            if each.translations:
                console.print()
                console.print(languages_table(standing.rows(each)))
    unusable = [t for each in good for t in each.translations if t.localized is None]
    failed += [one for translation in unusable for one in translation.diagnostics if one.is_error]
    if failed:
        _fail(failed, _sources((*loaded, *good)))


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", hidden=True)],
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", hidden=True)] = None,
    update: Annotated[
        Update, typer.Option("--update", help="What Anki is told to update: newer, always or never.")
    ] = Update.NEWER,
    no_merge: Annotated[
        bool, typer.Option("--no-merge", help="Anki is told not to merge note types.")
    ] = False,
    form: Annotated[
        StatusFormat, typer.Option("--format", help="As text, or for programs.")
    ] = StatusFormat.TEXT,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 if there is a difference.")
    ] = False,
) -> None:
    """Show what an import will do to each note.

    OLD is the package that learners have. NEW is another one, or a deck: what its next build would make
    of it, though nothing is written. Without NEW, the deck that OLD is a package of is found.
    """
    from deckgen import forecast, packages
    from deckgen.files import shown
    from deckgen.pipeline import clock
    from deckgen.preview import preview

    before = packages.read(old)
    if before.value is None:
        _fail(before.diagnostics)
    if new is not None and (new.endswith(".apkg") or Path(new).is_file()):
        after = packages.read(Path(new))
    else:
        names = () if new is None else (new,)
        after = preview(_open(), names, before.value, shown(old), clock())
    if after.value is None:
        _fail(after.diagnostics)
    told = forecast.forecast(before.value, after.value, update, merge=not no_merge)
    if form is StatusFormat.JSON:
        typer.echo(forecast.as_json(told))
    else:
        from deckgen.progress import forecast_text

        _console().print(forecast_text(told), end="")
    if exit_code and not told.nothing:
        raise typer.Exit(1)


@app.command()
def news(
    decks: Decks = None,
    language: Language = None,
    since: Annotated[
        str,
        typer.Option(
            metavar="WHEN",
            show_default=False,
            help="A version, or a day as in 2026-11-23; else the version before the deck's.",
        ),
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Write a file a language there, and do not print them."
        ),
    ] = None,
) -> None:
    """Tell learners what is new, in their language, as Markdown.

    Which cards are new, corrected or taken out since the last version, and how to find them. DECK is a
    deck's name or its folder; all are told of unless you name some.
    """
    from deckgen.files import shown, write_whole
    from deckgen.pipeline import Options, announced, clock

    workspace = _open()
    options = Options(Path(), tuple(language or ()), since=since)
    step = announced(workspace, _sound(workspace, decks), options, clock())
    between = ""
    for name, text in step.value:
        if not text:
            typer.echo(f"{name}: nothing is new", err=True)
        elif output is None:
            typer.echo(f"{between}{text}")
            between = "\n"
        elif problem := write_whole(output / f"{name}.news.md", f"{text}\n".encode()):
            _fail([problem])
        else:
            typer.echo(shown(output / f"{name}.news.md"))
    _finish(step.diagnostics, {})


@app.command()
def sync(
    decks: Decks = None,
    language: Language = None,
    minor: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="A text whose change does not matter to its translations, as the catalogue names it: "
            "item.answer (repeatable).",
        ),
    ] = None,
) -> None:
    """Bring the translations up to date with the cards.

    A translation whose source has changed is kept and marked, with the words that it translated.
    Nothing is lost, and no translation moves to another card. DECK is a deck's name or its folder.
    """
    from deckgen import catalogues
    from deckgen.pipeline import clock, day, languages_of, unknown_languages

    workspace = _open()
    loaded = _sound(workspace, decks)
    kinds = {kind.name: kind for kind in workspace.kinds}
    wanted, trifles = tuple(language or ()), frozenset(minor or ())
    unknown = catalogues.unknown([each.deck for each in loaded if each.deck], kinds, trifles)
    if unknown:
        _fail(unknown)
    done = catalogues.sync_words(workspace.folder / "templates", workspace.path, wanted)
    for each in loaded:
        assert each.deck is not None
        done.diagnostics += unknown_languages(each.deck, wanted)
        for tag in languages_of(each.deck)[1:]:
            if not wanted or tag in wanted:
                done.add(catalogues.Task(each.folder, each.deck, kinds, tag, day(clock())).sync(trifles))
    _told(done)


@app.command()
def translate(
    language: Annotated[str, typer.Argument(metavar="LANG", hidden=True)],
    decks: Decks = None,
    out: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help="Write what is to be translated as a spreadsheet."),
    ] = None,
    back: Annotated[
        Path | None,
        typer.Option("--import", metavar="FILE", help="Take translations from such a spreadsheet."),
    ] = None,
) -> None:
    """Start a language, or hand its texts out as a spreadsheet.

    LANG is a BCP 47 tag: fr, pt-BR, de-simple. Its catalogues are written where there are none yet: the
    deck's, and the one of the interface's words. DECK is a deck's name or its folder.
    """
    from deckgen import catalogues
    from deckgen.languages import customary, is_tag
    from deckgen.pipeline import clock, day

    if out is not None and back is not None:
        raise typer.BadParameter("write a spreadsheet or import one, not both", param_hint="--import")
    workspace = _open()
    loaded = _sound(workspace, decks)
    if (out or back) and len(loaded) > 1:
        names = ", ".join(each.deck.id for each in loaded if each.deck)
        raise typer.BadParameter(f"a spreadsheet is of one deck: name one of {names}", param_hint="DECK")
    language = customary(language) if is_tag(language) else language
    kinds = {kind.name: kind for kind in workspace.kinds}
    done = catalogues.Step()
    if not back:  # a spreadsheet starts no language
        done = catalogues.start_words(workspace.folder / "templates", workspace.path, language)
    words_begun = bool(done.lines)
    for each in loaded:
        assert each.deck is not None
        if words_begun and language.casefold() == each.deck.language.casefold():
            continue  # it is written in this language; the words are what was wanted
        tag = catalogues.known(each.folder, language)
        task = catalogues.Task(each.folder, each.deck, kinds, tag, day(clock()))
        if back:
            done.add(task.take(back))
            continue
        begun = task.start()
        if out and not begun.failed:
            begun.lines.clear()  # the spreadsheet's own line says how much there is to translate
            begun.add(task.export(out))
        done.add(begun)
    _told(done)


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
    _finish(result.diagnostics, {})
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


@app.command("ledger")
def rebuild(
    packages: Annotated[
        list[Path],
        typer.Option("--from", metavar="FILE", help="A package that a build made (repeatable)."),
    ],
    decks: Decks = None,
) -> None:
    """Rebuild a ledger that was lost, from the last packages.

    Each package gives the entries of its language. DECK is a deck's name or its folder; a package finds
    its deck among all of them unless you name some.
    """
    from deckgen.catalogues import Step
    from deckgen.pipeline import clock
    from deckgen.restore import restore

    workspace = _open()
    loaded = _sound(workspace, decks)
    done = Step()
    for file in packages:
        done.add(restore(workspace, loaded, file, clock()))
    _told(done)


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
def clean() -> None:
    """Forget what was made before.

    The next build makes all anew. What stands in the output folder stays there.
    """
    from deckgen.cache import forget
    from deckgen.files import shown

    folder, problem = forget(Path())
    if problem is not None:
        _fail([problem])
    if folder is not None:
        typer.echo(shown(folder))


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
