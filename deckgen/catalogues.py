"""The catalogues on disk: brought up to date (``sync``), started, given to translators (``translate``)."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deckgen import decoding, interface, languages, survey
from deckgen.collector import uncollected
from deckgen.diagnostics import Diagnostic, Source, Span, codes, failed, nearest, reason_of
from deckgen.files import shown, write_whole
from deckgen.model import Deck, Kind
from deckgen.resources import SearchPath
from deckgen.translate import catalogue, rows, sheet
from deckgen.translate.merge import Merged, merge
from deckgen.translate.messages import messages
from deckgen.words import load_words


@dataclass(slots=True)
class Step:
    """What a command did: a line for each file, what was found, and the sources for showing it."""

    lines: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether there are errors."""
        return failed(self.diagnostics)

    def add(self, other: Step) -> None:
        """Take what another step did into this one."""
        self.lines += other.lines
        self.diagnostics += other.diagnostics
        self.sources |= other.sources


@dataclass(frozen=True, slots=True)
class Task:
    """A deck and a language in it, with the day on which something is done."""

    folder: Path
    deck: Deck
    kinds: Mapping[str, Kind]
    tag: str
    today: datetime.date

    @property
    def file(self) -> Path:
        """The catalogue."""
        return self.folder / survey.FOLDER / f"{self.tag}.po"

    @uncollected()
    def sync(self, minor: frozenset[str] = frozenset()) -> Step:
        """Bring the catalogue up to date; one that is so already is not written, nor one with errors."""
        step = Step()
        entries, source, step.diagnostics = survey.read(self.file, self.tag, self.deck)
        step.sources[source.file] = source
        if entries is None or step.failed:
            step.lines.append(f"{source.file}: left as it was")
            return step
        merged = merge(entries, self.deck, self.kinds, self.today, minor)
        if merged.text == source.text:
            step.lines.append(f"{source.file}: up to date")
        elif self.write(merged.text, step):
            step.lines.append(f"{source.file}: {_told(merged) or 'brought up to date'}")
        else:
            step.lines.append(f"{source.file}: left as it was")
        step.lines += (
            f"{source.file}: {name} was marked by an earlier sync and stays so; if its translation is right, "
            "take the mark “fuzzy” away"
            for name in merged.late
        )
        return step

    def start(self) -> Step:
        """Write the catalogue, all of it still to be translated; one that exists is left alone."""
        step = Step()
        if not languages.is_tag(self.tag):
            step.diagnostics.append(Diagnostic(codes.FILE_NAME, Span(shown(self.file)), {"tag": self.tag}))
        elif self.tag.casefold() == self.deck.language.casefold():
            args = {"language": self.tag}
            step.diagnostics.append(Diagnostic(codes.SOURCE_CATALOGUE, Span(shown(self.file)), args))
        elif not self.file.exists():
            nothing = Source(shown(self.file), "")
            empty = catalogue.Catalogue(self.tag, nothing, catalogue.new(self.tag, self.deck.id))
            merged = merge(empty, self.deck, self.kinds, self.today)
            if self.write(merged.text, step):
                step.lines.append(f"{nothing.file}: {len(merged.new)} texts to translate")
        else:
            step.lines.append(f"{shown(self.file)}: is there already")
        return step

    def export(self, out: Path) -> Step:
        """Write the texts to translate as a spreadsheet, once the catalogue is up to date."""
        step = self.sync()
        entries, _, _ = survey.read(self.file, self.tag, self.deck)
        if entries is None or step.failed:
            return step
        table: list[sheet.Row] = []
        for row in rows.rows(self.deck, self.kinds, entries):
            if all(map(sheet.fits, row)):
                table.append(row)
            else:
                args = {"size": max(map(len, row)), "limit": sheet.MAX_CELL}
                span = entries.span(entries.live[row.id])
                step.diagnostics.append(Diagnostic(codes.LONG_SCALAR, span, args, lenient=True))
        source, target = languages.language(self.deck.language), languages.language(self.tag)
        problem = write_whole(out, sheet.export(self.deck.id, self.deck.title, source, target, table))
        if problem is not None:
            step.diagnostics.append(problem)
        else:
            counts = Counter(row.status for row in table)
            told = ", ".join(f"{counts[status]} {status}" for status in sheet.Status if counts[status])
            step.lines.append(f"{shown(out)}: {told}")
        return step

    def take(self, back: Path) -> Step:
        """Write what a translator changed in a spreadsheet into the catalogue, if it can be taken."""
        step = Step()
        book = self.returned(back, step)
        if book is None:
            return step
        entries, source, found = survey.read(self.file, self.tag, self.deck)
        step.sources[source.file] = source
        step.diagnostics += found
        if entries is None or step.failed:
            return step
        current = Source(source.file, merge(entries, self.deck, self.kinds, self.today).text)
        entries = catalogue.read(current, self.tag).value
        assert entries is not None
        taken = rows.take(book, self.deck, self.kinds, entries)
        step.sources[book.source.file] = book.source
        step.diagnostics += taken.diagnostics
        if not taken.taken or self.write(merge(entries, self.deck, self.kinds, self.today).text, step):
            counts = f"{taken.taken} taken, {taken.unchanged} unchanged, {taken.refused} refused"
            step.lines.append(f"{source.file}: {counts}")
        return step

    def returned(self, back: Path, step: Step) -> sheet.Book | None:
        """Read a spreadsheet of this deck and language; None if it is none."""
        file = shown(back)
        try:
            with back.open("rb") as stream:
                content = stream.read(sheet.MAX_BYTES + 1)
        except OSError as error:
            step.diagnostics.append(Diagnostic(codes.UNREADABLE, Span(file), {"reason": reason_of(error)}))
            return None
        result = sheet.read(content, file)
        step.diagnostics += result.diagnostics
        book = result.value
        if book is not None and (book.deck, book.tag) != (self.deck.id, self.tag):
            args = {"deck": book.deck, "tag": book.tag}
            step.diagnostics.append(Diagnostic(codes.OTHER_SHEET, Span(file), args))
            return None
        return book

    def write(self, text: str, step: Step) -> bool:
        """Write the catalogue; return whether that went well."""
        problem = write_whole(self.file, text.encode())
        step.diagnostics += [problem] if problem else []
        return problem is None


def known(folder: Path, tag: str) -> str:
    """Return a tag as a deck's catalogue has it: big and small letters are the same in tags."""
    return next((one for one in survey.tags(folder) if one.casefold() == tag.casefold()), tag)


def start_words(folder: Path, path: SearchPath, tag: str) -> Step:
    """Write a new catalogue of the interface's words into ``folder``, unless the language has one.

    One that exists is not touched, whatever is wrong with it: it may be somebody's work.
    """
    step = Step()
    if not languages.is_tag(tag):
        return step
    found = load_words(tag, path).diagnostics
    file = folder / "locale" / f"{tag}.po"
    if os.path.lexists(file) or not any(one.code is codes.NO_CATALOGUE for one in found):
        step.diagnostics += (one for one in found if one.is_error)
        return step
    wanted = interface.messages(path)
    problem = write_whole(file, interface.started(tag, wanted).encode())
    if problem is None:
        step.lines.append(f"{shown(file)}: {len(wanted)} words of the interface to translate")
    else:
        step.diagnostics.append(problem)
    return step


def sync_words(folder: Path, path: SearchPath, tags: Collection[str] = ()) -> Step:
    """Bring the catalogues of interface words in ``folder`` up to date, all or those of some languages."""
    step = Step()
    for file in sorted((folder / "locale").glob("*.po")):
        if tags and file.stem not in tags:
            continue
        text = decoding.read_text(file, shown(file), limit=catalogue.MAX_BYTES)
        step.diagnostics += text.diagnostics
        if text.diagnostics:
            continue
        try:
            fresh = interface.updated(text.value.text, interface.messages(path))
        except ValueError as error:
            span, reason = Span(shown(file)), str(error).splitlines()[0]
            step.diagnostics.append(Diagnostic(codes.BAD_TEMPLATE, span, {"reason": reason}))
            continue
        if fresh != text.value.text:
            problem = write_whole(file, fresh.encode())
            if problem is None:
                step.lines.append(f"{shown(file)}: words of the interface renewed")
            else:
                step.diagnostics.append(problem)
    return step


def _told(merged: Merged) -> str:
    """Return what a merge did to the messages, in a line; empty if nothing."""
    counts = (
        (len(merged.new), "new"),
        (len(merged.changed), "changed"),
        (len(merged.back), "changed back"),
        (len(merged.removed), "removed"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count)


def unknown(decks: Sequence[Deck], kinds: Mapping[str, Kind], wanted: Iterable[str]) -> list[Diagnostic]:
    """Return an error for each name that is no message's in any of the decks."""
    known = {message.ctxt for deck in decks for message in messages(deck, kinds)}
    return [
        Diagnostic(
            codes.NO_MESSAGE, Span(shown(decks[0].folder)), {"name": name, "near": nearest(name, known)}
        )
        for name in sorted(set(wanted) - known)
    ]
