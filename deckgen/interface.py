"""The catalogues of interface words: what there is to translate, and catalogues brought up to date with it.

Texts come from all templates, from the kinds and from the back ends; the diagnostics' texts are a domain of
their own. A catalogue is merged by exact text, never by likeness, which would give one text's translation
to its neighbour. ``python -m deckgen.interface`` refreshes deckgen's own files (``make words``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from deckgen import backends, po, templating
from deckgen.diagnostics import codes
from deckgen.files import write_whole
from deckgen.kinds import load_kinds
from deckgen.languages import language, plural_forms
from deckgen.resources import SearchPath, shipped

_TEMPLATES = frozenset((".html", ".css", ".md", ".txt", ".yaml"))
_CALLS = {"words": None, "plural": (1, 2)}  # what back ends ask a ``Words`` for
_FORMATS = {"python-format": re.compile(r"%\(\w+\)s"), "python-brace-format": re.compile(r"\{\w+\}")}
_EMPTY = re.compile(r"\{\w+\}\Z")  # a text that is filled wholly has no words to translate


class Message(NamedTuple):
    """An English text with its plural, if it has one, and the files that it stands in."""

    text: str
    plural: str = ""
    places: tuple[str, ...] = ()

    @property
    def formats(self) -> list[str]:
        """The kinds of placeholders in it, by the names that gettext's tools check them by."""
        return [name for name, pattern in _FORMATS.items() if pattern.search(self.text + self.plural)]


# What there is to translate -----------------------------------------------------------


def messages(path: SearchPath) -> tuple[Message, ...]:
    """Return the texts that cards, handouts and new decks show, in the order of their files.

    Both a user's templates and the shipped ones count. A template that jinja2 cannot read has none: the
    build says what is wrong with it.
    """
    return _merged(chain(_of_templates(path), _of_kinds(path), _of_back_ends()))


def diagnostics() -> tuple[Message, ...]:
    """Return the texts of the diagnostics."""
    found = _in_python(Path(codes.__file__), {"N_": None})
    return _merged(message for message in found if not _EMPTY.match(message.text))


def _merged(found: Iterable[Message]) -> tuple[Message, ...]:
    """Make each text one message: gettext tells them apart by the singular alone."""
    merged: dict[str, Message] = {}
    for text, plural, places in found:
        known = merged.get(text, Message(text))
        merged[text] = Message(text, known.plural or plural, tuple(dict.fromkeys(known.places + places)))
    return tuple(merged.values())


def _of_templates(path: SearchPath) -> Iterator[Message]:
    names = {
        file.relative_to(folder).as_posix()
        for folder in path.folders
        for file in folder.rglob("*")
        if file.suffix in _TEMPLATES and file.name != "kind.yaml"
    }
    for name in sorted(names):
        for file in path.all(name):
            source = file.read_text(encoding="utf-8", errors="replace")
            yield from (Message(*texts, (name,)) for texts in templating.texts(source, path))


def _of_kinds(path: SearchPath) -> Iterator[Message]:
    for kind in load_kinds(path).value:
        fields = (field.name for field in kind.note_type.fields)
        faces = (face.name for face in kind.note_type.faces)
        for text in (kind.label, kind.plural, *fields, *faces):
            yield Message(text, places=(f"kinds/{kind.name}/kind.yaml",))


def _of_back_ends() -> Iterator[Message]:
    for file in sorted(Path(backends.__file__).parent.rglob("*.py")):
        yield from _in_python(file, _CALLS)


def _in_python(file: Path, keywords: Mapping[str, tuple[int, ...] | None]) -> Iterator[Message]:
    """Yield the texts that a module gives to some functions."""
    from babel.messages.extract import extract

    place = file.relative_to(Path(__file__).parent.parent).as_posix()
    for _, texts, _, _ in extract("python", BytesIO(file.read_bytes()), keywords):
        text, plural, *_ = (texts, "") if isinstance(texts, str) else texts
        yield Message(text, plural, (place,))


# Catalogues ---------------------------------------------------------------------------


def started(tag: str, wanted: Iterable[Message]) -> str:
    """Return a new catalogue of the language ``tag``, with every text to translate and its plural forms.

    It names no time and nobody: the same texts give the same bytes.
    """
    name = language(tag).name
    return _filled(f"{name}: words of the interface", wanted, tag, name, plural_forms(tag))


def template(title: str, wanted: Iterable[Message]) -> str:
    """Return the texts as a template for the catalogues of all languages (``.pot``)."""
    return _filled(title, wanted)


def _filled(title: str, wanted: Iterable[Message], tag: str = "", team: str = "", plurals: str = "") -> str:
    """Return a catalogue without translations, with the header that gettext's tools ask for."""
    header = {
        "Project-Id-Version": "deckgen",
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": "",
        "PO-Revision-Date": "",
        "Last-Translator": "",
        "Language-Team": team,
        "Language": tag,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plurals or "nplurals=2; plural=(n != 1);",
    }
    return updated(po.write(po.empty(title, header)), wanted)


def updated(text: str, wanted: Iterable[Message]) -> str:
    """Return a catalogue with exactly the texts that are ``wanted``, in their order.

    A translation stays with its exact text; one whose text is gone is kept as obsolete and returns with it.
    What only its plural has changed for is kept as doubtful (fuzzy). Raises ValueError if ``text`` is no
    catalogue.
    """
    catalogue = po.parse(text)
    count = po.forms(catalogue)
    known = {entry.msgid: entry for entry in sorted(catalogue, key=lambda entry: not entry.obsolete)}
    live = [_entry(known.pop(message.text, None), message, count) for message in wanted]
    lost = [entry for entry in known.values() if entry.msgstr or any(entry.msgstr_plural.values())]
    for entry in lost:
        entry.obsolete, entry.occurrences = True, []
    catalogue[:] = [*live, *lost]
    return po.write(catalogue)


def _entry(entry: Any, message: Message, count: int) -> Any:
    """Return the entry of a message: the one that is known, brought up to date, or a new one."""
    entry = entry or po.entry(message.text)
    words = list(entry.msgstr_plural.values()) or [entry.msgstr]
    doubtful = entry.fuzzy or (entry.msgid_plural != message.plural and any(words))
    entry.msgid_plural = message.plural
    entry.msgstr = "" if message.plural else words[0]
    padded = [*words, *("" for _ in range(count))]
    entry.msgstr_plural = dict(enumerate(padded[: max(count, len(words))])) if message.plural else {}
    entry.flags = (["fuzzy"] if doubtful else []) + message.formats
    entry.occurrences = [(place, "") for place in message.places]
    entry.obsolete = False
    return entry


def refreshed(folder: Path) -> dict[Path, str]:
    """Return what the files of deckgen's own ``locale`` folder should say; they are not written."""
    wanted = messages(SearchPath((folder,)))
    locale = folder / "locale"
    files = {
        locale / "deckgen.pot": template("Words of the interface: cards, handouts and new decks", wanted),
        locale / "diagnostics.pot": template("What deckgen says of a deck", diagnostics()),
    }
    for file in sorted(locale.glob("*.po")):
        files[file] = updated(file.read_text(encoding="utf-8"), wanted)
    return files


if __name__ == "__main__":
    for path, content in refreshed(shipped()).items():
        write_whole(path, content.encode())
