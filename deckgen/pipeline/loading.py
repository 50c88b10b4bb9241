"""read → parse → check: decks and their translations from their folders, with all that is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen import checks, media, parse, reader, survey
from deckgen.cache import contents, digest, programs
from deckgen.collector import uncollected
from deckgen.diagnostics import Diagnostic, Source, Span, codes, failed
from deckgen.files import names_in, shown
from deckgen.model import Deck, Policy
from deckgen.pipeline.times import day
from deckgen.pipeline.workspace import DECK, Workspace
from deckgen.survey import Translation

ESSAY = "essay.yaml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A deck as far as it could be read, with everything found, and the sources for showing it.

    What was found in its ``translations`` stands there: it stops none of the other languages.
    """

    folder: Path
    deck: Deck | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    translations: tuple[Translation, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there are errors."""
        return failed(self.diagnostics)

    @property
    def policy(self) -> Policy:
        """What the deck wants built of cards that are not current."""
        return self.deck.stale if self.deck else Policy.KEEP_OLD


def languages_of(deck: Deck) -> tuple[str, ...]:
    """Return the languages that a deck exists in, its own first."""
    return tuple(dict.fromkeys((deck.language, *survey.tags(deck.folder))))


@uncollected()
def load(workspace: Workspace, folder: Path) -> Loaded:
    """Read, parse and check one deck."""
    found: list[Diagnostic] = []
    sources: dict[str, Source] = {}

    def document(path: Path) -> reader.Document:
        result = reader.read(path, shown(path), folder)
        found.extend(result.diagnostics)
        sources[result.value.source.file] = result.value.source
        return result.value

    items_folder = folder / "items"
    listed = names_in(items_folder)
    names = listed.value
    items = [name for name in names if name.endswith(".yaml") and not name.startswith(".")]
    found += listed.diagnostics
    found += [
        Diagnostic(codes.STRAY_FILE, Span(shown(items_folder / name)))
        for name in names
        if name not in items and not name.startswith(".")
    ]
    files = parse.Files(
        folder.resolve(),
        document(folder / DECK),
        document(folder / ESSAY),
        ((name, document(items_folder / name)) for name in items),
    )
    parsed = parse.parse_deck(files, workspace.kinds)
    found += parsed.diagnostics
    if parsed.value is not None:
        looked = media.look(folder / "media")
        found += looked.diagnostics
        subject = checks.Subject(
            parsed.value,
            {kind.name: kind for kind in workspace.kinds},
            sources,
            looked.value,
            languages_of(parsed.value),
        )
        complete = not failed(found)
        found += checks.check(subject, complete=complete)
    return Loaded(folder, parsed.value, tuple(sorted(found, key=Diagnostic.sort_key)), sources)


def load_all(workspace: Workspace, folders: Iterable[Path]) -> tuple[Loaded, ...]:
    """Load decks, and see that no two have one id or one name."""
    loaded = [load(workspace, folder) for folder in folders]
    seen: dict[str, Loaded] = {}
    named: dict[str, Loaded] = {}
    for number, each in enumerate(loaded):
        if each.deck is None:
            continue
        other = seen.setdefault(each.deck.id, each)
        if other is not each and other.deck is not None:
            args = {"id": each.deck.id, "other": shown(other.folder)}
            twice = Diagnostic(codes.DUPLICATE_DECK, each.deck.spans.get("id", each.deck.span), args)
            loaded[number] = Loaded(each.folder, each.deck, (*each.diagnostics, twice), each.sources)
            continue
        other = named.setdefault(each.deck.name.casefold(), each)  # as Anki compares the names of decks
        if other is not each:
            args = {"name": each.deck.name, "other": shown(other.folder)}
            same = Diagnostic(codes.SAME_NAME, each.deck.spans.get("name", each.deck.span), args)
            loaded[number] = replace(each, diagnostics=(*each.diagnostics, same))
    return tuple(loaded)


@uncollected()
def translated(workspace: Workspace, loaded: Loaded, now: int, wanted: Iterable[str] | None = None) -> Loaded:
    """Read and check the translations of a deck, or those ``wanted``; one with errors has none."""
    if loaded.deck is None or loaded.failed:
        return loaded
    kinds = {kind.name: kind for kind in workspace.kinds}
    tags = survey.tags(loaded.folder) if wanted is None else tuple(wanted)
    files = media.usable(loaded.folder / "media")
    found = tuple(survey.survey(loaded.folder, loaded.deck, kinds, files, day(now), tags))
    sources = {**loaded.sources, **{each.source.file: each.source for each in found}}
    return replace(loaded, translations=found, sources=sources)


def verdict_keys(workspace: Workspace, loaded: Loaded) -> dict[str, str]:
    """Return for each translation of a deck a hash of all that is to be said of it depends on.

    To be asked for before the translations are read: what is saved after that has another hash.
    """
    media_files = media.usable(loaded.folder / "media")
    deck = digest("verdict", programs(), loaded.deck, workspace.kinds, media_files)
    files = {tag: loaded.folder / survey.FOLDER / f"{tag}.po" for tag in survey.tags(loaded.folder)}
    return {tag: digest(deck, tag, contents([file])) for tag, file in files.items()}


def remember(workspace: Workspace, loaded: Loaded, keys: Mapping[str, str]) -> None:
    """Keep in the cache that there was nothing to say of some of a deck's translations, those with keys."""
    for translation in loaded.translations:
        if translation.tag in keys and not translation.told(loaded.policy):
            workspace.cache.put(keys[translation.tag], translation.line.encode())
