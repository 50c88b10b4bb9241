"""A lost ledger, rebuilt from packages: what learners have says since when each note is as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from deckgen import ledger, pipeline
from deckgen.backends.anki.notes import MARK, RETIRED, Composed, guid, lasting_id, parts_of_type
from deckgen.backends.anki.unpack import Unpacked, UnpackedNote, unpack
from deckgen.catalogues import Step
from deckgen.decoding import read_text
from deckgen.diagnostics import Diagnostic, Span, codes, reason_of
from deckgen.files import shown, write_whole
from deckgen.ledger import Entry, Last, Ledger
from deckgen.model import Deck, Kind
from deckgen.pipeline import Loaded, Workspace


class Origin(NamedTuple):
    """The deck and the language that a package is of."""

    loaded: Loaded
    deck: Deck
    tag: str

    @property
    def id(self) -> int:
        """The id of the deck in Anki."""
        return lasting_id("deck", self.deck.id, self.tag)


def restore(workspace: Workspace, loaded: Iterable[Loaded], file: Path, now: int) -> Step:
    """Rebuild one language of a ledger from a package; the other languages of it stay as they are.

    A build with nothing changed then gives that package again. A ledger that is broken is begun anew.
    """
    done = Step()
    try:
        content = file.read_bytes()
    except OSError as error:
        done.diagnostics.append(Diagnostic(codes.UNREADABLE, Span(shown(file)), {"reason": reason_of(error)}))
        return done
    read = unpack(content, shown(file))
    done.diagnostics += read.diagnostics
    if (unpacked := read.value) is None:
        return done
    origin = next((each for each in _origins(loaded) if each.id in unpacked.decks), None)
    if origin is None:
        args = {"reason": "no deck here made it, in any of its languages"}
        done.diagnostics.append(Diagnostic(codes.BAD_PACKAGE, Span(shown(file)), args))
        return done
    path = origin.loaded.folder / pipeline.LEDGER
    before = ledger.parse(read_text(path, shown(path), limit=pipeline.LARGEST).value).value
    whole = pipeline.translated(workspace, origin.loaded, now, (origin.tag,))
    edition = pipeline.compose(workspace, whole, origin.tag, pipeline.Options(Path()), {})
    done.diagnostics += edition.diagnostics
    done.sources |= whole.sources
    if edition.value is None:
        return done
    entries = _entries(unpacked, origin, workspace.kinds, edition.value[1])
    others = {key: entry for key, entry in before.items() if key.partition("/")[0] != origin.tag}
    problem = write_whole(path, ledger.write({**others, **entries}).encode())
    done.diagnostics += [problem] if problem else []
    done.lines += [] if problem else [f"{shown(path)}: {len(entries)} entries of {origin.tag} rebuilt"]
    return done


def _origins(loaded: Iterable[Loaded]) -> Iterator[Origin]:
    for each in loaded:
        for tag in pipeline.languages_of(each.deck) if each.deck else ():
            assert each.deck is not None
            yield Origin(each, each.deck, tag)


def _entries(unpacked: Unpacked, origin: Origin, kinds: tuple[Kind, ...], composed: Composed) -> Ledger:
    """Return what the package says; what is in none, such as discussions, is as old as its deck."""
    tag = origin.tag
    ours = {lasting_id(str(kind.note_type.id), origin.deck.id, tag): kind for kind in kinds}
    ids = {guid(origin.deck.id, item.origin, tag): item.origin for item in origin.deck.items}
    since, texts = unpacked.decks[origin.id], composed.texts(tag)
    entries = {key: Entry(value, since, texts.get(key)) for key, value in composed.hashes(tag).items()}
    for each in unpacked.types.values():
        if kind := ours.get(each.id):
            parts = (each.name, each.css, *parts_of_type(each.fields, each.faces))
            entries[f"{tag}/@{kind.name}"] = Entry(ledger.fingerprint(parts), each.mod)
    for note in unpacked.notes:
        kind = ours.get(note.type)
        if kind and len(note.fields) == len(unpacked.types[note.type].fields):
            numbers = (number for number, _ in unpacked.types[note.type].fields)
            entry, item = _entry(note, dict(zip(numbers, note.fields, strict=True)), kind)
            item = ids.get(note.guid, item)
            if note.guid == guid(origin.deck.id, item, tag):  # else it was renamed before it was retired
                entries[f"{tag}/{item}"] = entry
    return entries


def _entry(note: UnpackedNote, texts: dict[int, str], kind: Kind) -> tuple[Entry, str]:
    """Return a note's entry, and the id of its item as the note has it."""
    values = {field.id: field.value for field in kind.note_type.fields}
    texts.pop(kind.note_type.fields[-1].id, None)  # the learner's own
    item = next((text for number, text in texts.items() if values.get(number) == "item"), "")
    hashed = ledger.fingerprint((*texts.values(), *note.tags))
    retired = RETIRED in note.tags
    fields = (
        (number, text.partition(MARK)[0] if retired and values.get(number) == "section" else text)
        for number, text in texts.items()
    )
    tags = tuple(each for each in note.tags if each != RETIRED)
    return Entry(hashed, note.mod, Last(kind.name, tuple(fields), tags, note.mod if retired else 0)), item
