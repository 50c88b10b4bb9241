"""What learners have that a change could break: the shapes of note types, of items, and a deck's name.

Anki keeps fields and cards by their ids, gaps by their numbers and decks by their names. ``build`` writes
them into ``ledger.json`` as its part ``shapes``; ``check`` and the next ``build`` compare. What breaks
something that learners have is an error, until a build with ``--breaking`` says that it is meant. Beside
them stands when each version of the deck was first built: what came later is news to those who have it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from deckgen import ledger
from deckgen.diagnostics import Diagnostic, Result, Source, Span, codes
from deckgen.markup import gap_numbers
from deckgen.model import Deck, Item, Kind, Text


class TypeShape(NamedTuple):
    """A kind's note type: its id, whether it has gaps, and its fields' and cards' ids by their names."""

    id: int
    cloze: bool
    fields: Mapping[str, int]
    cards: Mapping[str, int]


class ItemShape(NamedTuple):
    """An item's kind, and the numbers of its gaps."""

    kind: str
    gaps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shapes:
    """What is remembered of a deck: its name, its kinds, and its items by their first ids.

    ``versions`` are the deck's versions, and when each was first built, in seconds since 1970. ``decks`` are
    the full names that sections have in Anki, by language and section: ``de/kritik``.
    """

    name: str = ""
    kinds: Mapping[str, TypeShape] = field(default_factory=dict)
    items: Mapping[str, ItemShape] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    decks: Mapping[str, str] = field(default_factory=dict)

    def after(self, now: Shapes) -> Shapes:
        """Return what is to be remembered next; what is gone is remembered, it may come back."""
        kinds, items = {**self.kinds, **now.kinds}, {**self.items, **now.items}
        return Shapes(now.name, kinds, items, {**now.versions, **self.versions}, {**self.decks, **now.decks})

    def built(self, version: str, now: int) -> Shapes:
        """Return the same with a version, if it has a name: one that is not known yet is first built now."""
        return replace(self, versions={version: now, **self.versions}) if version else self

    def called(self, decks: Iterable[Mapping[str, str]]) -> Shapes:
        """Return the same with the names that sections have now."""
        return replace(
            self, decks={**self.decks, **{key: name for each in decks for key, name in each.items()}}
        )

    def previous(self, version: str) -> str:
        """Return the version before another one, or before the next if that is not known; else nothing."""
        until = self.versions.get(version)
        earlier = [
            (since, name)
            for name, since in self.versions.items()
            if name != version and (until is None or since <= until)
        ]
        return max(earlier, default=(0, ""))[1]


# What a deck is like ------------------------------------------------------------------


def shapes_of(deck: Deck, kinds: Iterable[Kind]) -> Shapes:
    """Return the shapes of what learners get of a deck."""
    studied = [item for item in deck.items if item.kind in deck.studied]
    used = {item.kind for item in studied}
    types = {kind.name: _type(kind, deck) for kind in kinds if kind.name in used}
    by_name = {kind.name: kind for kind in kinds}
    items = {item.origin: ItemShape(item.kind, _gaps(by_name[item.kind], item)) for item in studied}
    return Shapes(deck.name, types, items)


def _type(kind: Kind, deck: Deck) -> TypeShape:
    note = kind.note_type
    fields = {each.name: each.id for each in note.fields}
    return TypeShape(note.id, note.cloze, fields, {face.name: face.id for face in deck.faces(kind)})


def _text(kind: Kind, item: Item) -> Text | None:
    """Return the text with gaps of an item, if its kind has one."""
    name = next((spec.name for spec in kind.fields if kind.note_type.cloze and spec.type == "cloze"), "")
    text = item.fields.get(name)
    return text if isinstance(text, Text) else None


def _gaps(kind: Kind, item: Item) -> tuple[int, ...]:
    text = _text(kind, item)
    return tuple(gap_numbers(text.value)) if text else ()


# What breaks --------------------------------------------------------------------------


def breaks(before: Shapes, now: Shapes, deck: Deck, kinds: Iterable[Kind]) -> Iterator[Diagnostic]:
    """Find what would break what learners have of a deck, in every language of it; ``now`` are its shapes."""
    by_name = {kind.name: kind for kind in kinds}
    for name, shape in now.kinds.items():
        if name in before.kinds:
            yield from _types(name, before.kinds[name], shape)
    for item in deck.items:
        old, new = before.items.get(item.origin), now.items.get(item.origin)
        if old is None or new is None:
            continue
        if old.kind != new.kind:
            args = {"item": item.id, "old": old.kind, "new": new.kind}
            yield Diagnostic(codes.KIND_CHANGED, item.span, args)
        elif gone := [number for number in old.gaps if number not in new.gaps]:
            text = _text(by_name[item.kind], item)
            args = {"item": item.id, "gaps": ", ".join(f"c{number}" for number in gone)}
            yield Diagnostic(codes.GAPS_GONE, text.span if text else item.span, args)
    if before.name not in ("", deck.name):
        args = {"old": before.name, "new": deck.name}
        yield Diagnostic(codes.DECK_RENAMED, deck.spans.get("name", deck.span), args)


def renamed(before: Shapes, deck: Deck, decks: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Find the sections that Anki would make new decks of, in one language; not if the deck itself is new."""
    if before.name not in ("", deck.name):
        return
    spans = {section.id: section.span for section in deck.essay.sections}
    for key, name in decks.items():
        if before.decks.get(key, name) != name:
            args = {"old": before.decks[key], "new": name}
            yield Diagnostic(codes.SECTION_RENAMED, spans[key.partition("/")[2]], args)


def _types(kind: str, old: TypeShape, new: TypeShape) -> Iterator[Diagnostic]:
    span = Span(f"templates/kinds/{kind}/kind.yaml")
    if (old.id, old.cloze) != (new.id, new.cloze):
        yield Diagnostic(codes.TYPE_CHANGED, span, {"kind": kind, "id": old.id})
        return
    for what, before, now in (("field", old.fields, new.fields), ("card", old.cards, new.cards)):
        for name, number in before.items():
            args = {"what": what, "name": name, "kind": kind, "id": number}
            if now.get(name, number) != number:
                yield Diagnostic(codes.PART_MOVED, span, args)
            elif number not in now.values():
                yield Diagnostic(codes.PART_GONE, span, args)
    for name, number in new.fields.items():
        if name not in old.fields and number not in old.fields.values():
            yield Diagnostic(codes.FIELD_ADDED, span, {"name": name, "kind": kind})


# As text ------------------------------------------------------------------------------


def parse(source: Source) -> Result[Shapes]:
    """Read the shapes in a ledger's text. What is not JSON at all is for the ledger itself to tell."""
    try:
        data: Any = json.loads(source.text or "{}")
        found = data.get("shapes", {}) if isinstance(data, dict) else {}
    except (ValueError, RecursionError):
        return Result(Shapes())
    try:
        return Result(
            Shapes(
                _of(str, found.get("name", "")),
                {name: _type_of(value) for name, value in found.get("kinds", {}).items()},
                {name: _item_of(value) for name, value in found.get("items", {}).items()},
                {name: ledger.seconds(value) for name, value in found.get("versions", {}).items()},
                {name: _of(str, value) for name, value in found.get("decks", {}).items()},
            )
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        reason = "its part “shapes” is not one of its own"
        return Result(Shapes(), (Diagnostic(codes.BAD_LEDGER, Span(source.file), {"reason": reason}),))


def _of(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError
    return value


def _ids(value: Any) -> dict[str, int]:
    return {name: _of(int, number) for name, number in _of(dict, value).items()}


def _type_of(value: Any) -> TypeShape:
    return TypeShape(
        _of(int, value["id"]), _of(bool, value["cloze"]), _ids(value["fields"]), _ids(value["cards"])
    )


def _item_of(value: Any) -> ItemShape:
    gaps = tuple(_of(int, number) for number in _of(list, value.get("gaps", [])))
    return ItemShape(_of(str, value["kind"]), gaps)


def within(text: str, shapes: Shapes) -> str:
    """Return a ledger's text with the shapes as its last part: one line each, so that versions merge well."""
    kinds = {name: shape._asdict() for name, shape in shapes.kinds.items()}
    items = {
        name: {"kind": shape.kind, **({"gaps": shape.gaps} if shape.gaps else {})}
        for name, shape in shapes.items.items()
    }
    parts = [f'    "name": {_json(shapes.name)}']
    versions = {name: ledger.moment(since) for name, since in shapes.versions.items()}
    tables: dict[str, Mapping[str, object]] = {
        "kinds": kinds,
        "items": items,
        "versions": versions,
        "decks": shapes.decks,
    }
    for title, values in tables.items():
        lines = [f"      {_json(key)}: {_json(value)}" for key, value in sorted(values.items())]
        body = ",\n".join(lines)
        parts.append(f'    "{title}": {{\n{body}\n    }}' if lines else f'    "{title}": {{}}')
    body = ",\n".join(parts)
    head = text.removesuffix("\n}\n")
    return f'{head},\n  "shapes": {{\n{body}\n  }}\n}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
