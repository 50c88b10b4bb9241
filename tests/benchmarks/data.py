"""Made-up decks of a realistic shape: the same bytes for the same size, on any machine.

The lengths and the share of each kind are those of a real deck; about a fifth of the fields
have some Markdown, as heavy users have it. The sentences mean nothing.
"""

from __future__ import annotations

import hashlib
import json
import random
import textwrap
from collections.abc import Iterator
from pathlib import Path

SECTIONS = ("hafen", "deich", "schleuse", "markt", "werkstatt", "archiv", "garten")
PARAGRAPHS = 6
MAX_FILE = 450_000  # bytes; deckgen reads 512 KiB of one file at most
MARKED = 0.2  # the share of the fields that have Markdown

Field = str | list[str] | list[dict[str, str]]
Item = dict[str, Field]

_NOUNS = """
    Anlegestelle Behörde Brücke Deichgraf Eigentümer Erzählung Fähre Förderung Gemeinde Genossenschaft Gesetz
    Gewässer Grundstück Hafen Händlerin Insel Kaimauer Küste Lagerhaus Landkarte Leuchtturm Maßnahme Mündung
    Nachbarschaft Netz Pächter Planung Rücklage Schleuse Schöpfwerk Segelmacher Siedlung Speicher Steuer Tonne
    Überschuss Ufer Verein Vertrag Wächter Wasserstand Werft Wirtschaft Zoll Züchtung
""".split()  # noqa: SIM905 - a list of words reads better as words
_WORDS = """
    aber allein alte auch aus bald bei bleibt braucht breite damit dann das dem den der die dort
    drei durch eigene ein eine einer erst fast früher für führt ganz gehört gemeinsam gibt große hat
    heute hier höher ihre im immer in jede kaum keine kleine kommt können lange lässt macht mehr mit
    müssen nach neue nicht noch nur oder ohne öffentlich schon sehr seit sich sie sind soll später
    über um und unter vom von vor war wegen weil wenig wenn werden wie wird wohnt wurde zahlt zu
    zwischen
""".split()  # noqa: SIM905
_CYCLE = (
    "question",
    "term",
    "question",
    "cloze",
    "question",
    "choice",
    "term",
    "question",
    "position",
    "cloze",
)
_SYLLABLES = [c + v for c in "bdfgklmnprstw" for v in ("a", "e", "i", "o", "u")]


def name(number: int) -> str:
    """Return a made-up name that no other number has: «Bakelo»."""
    parts = []
    while True:
        number, part = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[part])
        if not number:
            return "".join(["ba", *parts]).title() + "ur"


class Writer:
    """Makes up sentences; what it makes hangs on the seed alone."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing here is a secret

    def sentence(self, length: int, end: str = ".") -> str:
        """Return a sentence of about ``length`` characters."""
        words = [self.random.choice(_NOUNS)]
        size = len(words[0])
        while size < length:
            word = self.random.choice(_NOUNS if self.random.random() < 0.25 else _WORDS)
            if self.random.random() < 0.04:
                word = f"«{word}»"
            words.append(word)
            size += len(word) + 1
        text = " ".join(words)
        if len(words) > 12:
            text = text.replace(f" {words[8]} ", f", {words[8]} ", 1)
        return text[0].upper() + text[1:] + end

    def line(self, length: int, end: str = ".") -> str:
        """Return one paragraph; a fifth of them with inline Markdown."""
        text = self.sentence(self.random.randint(length * 2 // 3, length * 4 // 3), end)
        return self._inline(text) if self.random.random() < MARKED else text

    def block(self, length: int) -> str:
        """Return a text; a fifth of them with Markdown, and a few of these with a list or a table."""
        text = self.sentence(self.random.randint(length * 2 // 3, length * 4 // 3))
        if self.random.random() >= MARKED:
            return text
        shape = self.random.random()
        if shape < 0.15:
            return "\n".join(["Drei Dinge:", "", *(f"- {self.sentence(30)}" for _ in range(3))])
        if shape < 0.2:
            rows = [f"| {self.random.choice(_NOUNS)} | {self.sentence(20, '')} |" for _ in range(2)]
            return "\n".join(["| Ort | Folge |", "| --- | --- |", *rows])
        return self._inline(text)

    def _inline(self, text: str) -> str:
        words = text.split(" ")
        place = self.random.randrange(1, len(words) - 1)
        word = words[place]
        words[place] = self.random.choice(
            (
                f"*{word}*",
                f"*{word}*",
                f"**{word}**",
                f"**{word}**",
                f"[{word}](https://example.org/{place})",
                f"`{word}`",
                f"{word} Nutzer\\*innen",
                f"{word} &amp; $x_{{{place}}}^2$",
            )
        )
        return " ".join(words)


def items(count: int, *, discussions: bool = False) -> Iterator[Item]:
    """Yield items: of all kinds that are studied, and with ``discussions`` of that kind too."""
    writer = Writer(count)
    for number in range(count):
        kind = _CYCLE[number % len(_CYCLE)]
        if discussions and number % 12 == 11:
            kind = "discussion"
        yield _item(writer, kind, number, count)


def _item(writer: Writer, kind: str, number: int, count: int) -> Item:
    word = name(number)
    section = SECTIONS[number * len(SECTIONS) // count]
    fields: Item
    if kind == "question":
        fields = {"question": f"{word}: {writer.line(105, '?')}", "answer": writer.block(100)}
        if number % 8 == 0:
            fields["hint"] = writer.line(42)
    elif kind == "term":
        fields = {"term": word, "definition": writer.block(115)}
        if number % 4 == 1:
            fields["example"] = writer.line(80)
    elif kind == "cloze":
        words = writer.sentence(130, "").split(" ")
        words[2] = f"{{{{c1::{words[2]}}}}}"
        words[6] = f"{{{{c{1 + number % 2}::{words[6]}::ein Hinweis}}}}"
        fields = {"text": f"{word} " + " ".join(words) + "."}
        if number % 4 == 3:
            fields["note"] = writer.line(75)
    elif kind == "choice":
        wrong = [f"{letter}: {writer.line(45, '')}" for letter in ("Erstens", "Zweitens", "Drittens")]
        fields = {
            "question": f"{word}: {writer.line(95, '?')}",
            "right": writer.line(50, ""),
            "wrong": wrong,
            "why": writer.block(145),
        }
    elif kind == "position":
        fields = {"who": f"Die Leute aus {word}", "claim": writer.block(160)}
        if number % 3:
            fields["contrast"] = writer.line(55, "")
    else:
        fields = {
            "question": f"{word}: {writer.line(70, '?')}",
            "prompts": [writer.line(65, "?") for _ in range(3)],
            "views": [{"who": f"Leute wie {name(number + n)}", "view": writer.block(135)} for n in (1, 2, 3)],
        }
    paragraphs = sorted({1 + number % PARAGRAPHS, 1 + number * 7 % PARAGRAPHS})
    source = [f"{section} {paragraph}" for paragraph in paragraphs]
    item: Item = {"id": f"{word.lower()}-{number}", "kind": kind, **fields}
    item["source"] = source[0] if len(source) == 1 else source
    if number % 2:
        item["tags"] = ["thema", f"gruppe-{number % 9}"]
    return item


def texts(count: int) -> list[str]:
    """Return the text fields of ``count`` items, without gaps."""
    found: list[str] = []
    for item in items(count):
        for field, value in item.items():
            if field in ("id", "kind", "source", "tags") or (item["kind"], field) == ("cloze", "text"):
                continue
            found += (
                [value] if isinstance(value, str) else [entry for entry in value if isinstance(entry, str)]
            )
    return found


# As files -----------------------------------------------------------------------------


def write_deck(folder: Path, count: int, *, discussions: bool = False) -> Path:
    """Write a deck of ``count`` items into ``folder`` and return it."""
    (folder / "items").mkdir(parents=True)
    _write(folder / "deck.yaml", _DECK)
    _write(folder / "essay.yaml", _essay())
    parts: dict[str, list[list[str]]] = {section: [[]] for section in SECTIONS}
    sizes = dict.fromkeys(SECTIONS, 0)
    for item in items(count, discussions=discussions):
        source = item["source"]
        section = str(source if isinstance(source, str) else source[0]).split()[0]
        text = _yaml(item)
        sizes[section] += len(text.encode())
        if sizes[section] > MAX_FILE:
            parts[section].append([])
            sizes[section] = len(text.encode())
        parts[section][-1].append(text)
    for place, (section, files) in enumerate(parts.items(), 1):
        for number, entries in enumerate(files):
            if entries:
                _write(folder / "items" / f"{place}{number:02}-{section}.yaml", "".join(entries))
    return folder


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


_DECK = """\
id: bench
name: Hafen
title: Was macht der Hafen?
description: Karten über *nichts*.
standpoint: Der Text hat keinen.
language: de
authors: [Niemand]
licence: {name: CC BY-SA 4.0, url: https://creativecommons.org/licenses/by-sa/4.0/}
version: "1"
"""


def _essay() -> str:
    lines = ["title: Der Hafen", "authors: [Niemand]", "language: de", 'year: "2020"', "sections:"]
    for section in SECTIONS:
        lines += [f"  - id: {section}", f"    title: Abschnitt über {section.title()}", "    paragraphs:"]
        for number in range(1, PARAGRAPHS + 1):
            digest = hashlib.sha256(f"{section} {number}".encode()).hexdigest()
            ends = f'start: "{digest[:8]}", end: "{digest[-8:]}"'
            lines.append(f"      - {{sha256: {digest}, length: {400 + number}, {ends}}}")
    return "\n".join(lines) + "\n"


def _yaml(item: Item) -> str:
    lines = []
    for field, value in item.items():
        if isinstance(value, str):
            lines += _scalar(f"{field}: ", value, "  ")
        elif field in ("source", "tags"):
            lines.append(f"{field}: [{', '.join(str(entry) for entry in value)}]")
        else:
            lines.append(f"{field}:")
            for entry in value:
                if isinstance(entry, str):
                    lines += _scalar("  - ", entry, "      ")
                    continue
                pairs = [_scalar(f"{part}: ", text, "  ") for part, text in entry.items()]
                inner = [line for pair in pairs for line in pair]
                lines += [f"  - {inner[0]}", *(f"    {line}" for line in inner[1:])]
    first, *rest = lines
    return "\n".join([f"- {first}", *(f"  {line}" if line else "" for line in rest)]) + "\n\n"


def _scalar(start: str, text: str, indent: str) -> list[str]:
    """A text as authors write it: in the line if it is short, folded if it is long."""
    if "\n" in text:
        return [f"{start}|-", *(indent + line if line else "" for line in text.split("\n"))]
    if len(text) > 80:
        return [f"{start}>-", *textwrap.wrap(text, 98, initial_indent=indent, subsequent_indent=indent)]
    plain = text[0].isalnum() and ": " not in text and " #" not in text
    return [start + (text if plain else json.dumps(text, ensure_ascii=False))]
