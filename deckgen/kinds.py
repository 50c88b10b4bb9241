"""Kinds of items, each from its folder ``templates/kinds/<name>``; a user's kinds join deckgen's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from deckgen.diagnostics import Diagnostic, Result, Span, codes
from deckgen.files import shown
from deckgen.model import OWN, Face, FieldSpec, FieldType, Kind, NoteField, NoteType
from deckgen.reader import Mapping, read
from deckgen.resources import SearchPath, shipped
from deckgen.schema import kind_schema
from deckgen.shape import Shape, plain

BUILT_IN = ("section", "source", "item")
RESERVED = (*BUILT_IN, OWN, "id", "kind", "tags")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")  # what can stand in a ledger's key


@cache
def _shape() -> Shape:
    return Shape(kind_schema())


def load_kinds(path: SearchPath) -> Result[tuple[Kind, ...]]:
    """Return all kinds in their order; a kind of the user's replaces a shipped one of its name.

    The first one is the kind of an item that names none: a shipped one goes before a user's of equal order.
    """
    folders: dict[str, Path] = {}
    for root in path.all("kinds"):
        for file in sorted(root.glob("*/kind.yaml")):
            folders.setdefault(file.parent.name, file.parent)
    found: list[Diagnostic] = []
    kinds: list[Kind] = []
    ours = {folder.name for folder in (shipped() / "kinds").iterdir()}
    for name, folder in sorted(folders.items(), key=lambda pair: pair[0] not in ours):
        result = load_kind(name, folder / "kind.yaml")
        found += result.diagnostics
        if kind := result.value:
            if other := next((each for each in kinds if each.note_type.id == kind.note_type.id), None):
                reason = f'its Anki id is the one of the kind "{other.name}"'
                span = Span(shown(folder / "kind.yaml"))
                found.append(Diagnostic(codes.BAD_KIND, span, {"reason": reason}))
            kinds.append(kind)
    kinds.sort(key=lambda kind: (kind.order, kind.name not in ours, kind.name))
    return Result(tuple(kinds), tuple(found))


def load_kind(name: str, file: Path) -> Result[Kind | None]:
    """Read one ``kind.yaml``."""
    where = f"kinds/{name}/kind.yaml" if file.is_relative_to(shipped()) else shown(file)
    if not _NAME.match(name):
        reason = "the name of its folder is not made of small letters, digits, “-” and “_”"
        return Result(None, (Diagnostic(codes.BAD_KIND, Span(where), {"reason": reason}),))
    result = read(file, where)
    root = result.value.root
    if root is None:
        return Result(None, result.diagnostics)
    found = (*result.diagnostics, *_shape().check(root))
    if found or not isinstance(root, Mapping):
        return Result(None, found)
    kind = _kind(name, cast("dict[str, Any]", plain(root)))
    return Result(kind, tuple(_sound(kind, Span(where))))


def _yes(value: object) -> bool:
    return value in ("yes", "true")


def _field(name: str, data: dict[str, Any]) -> FieldSpec:
    many = data.get("many")
    return FieldSpec(
        name=name,
        type=cast("FieldType", data.get("type", "text")),
        required=_yes(data.get("required", "yes")),
        many=(int(many[0]), int(many[1])) if many else None,
        fields=tuple(_field(part, spec) for part, spec in data.get("fields", {}).items()),
        words=tuple(data.get("words", ())),
        description=data.get("description", ""),
    )


def _kind(name: str, data: dict[str, Any]) -> Kind:
    anki = data["anki"]
    return Kind(
        name=name,
        label=data["label"],
        plural=data["plural"],
        description=data["description"],
        order=int(data["order"]),
        fields=tuple(_field(field, spec) for field, spec in data["fields"].items()),
        note_type=NoteType(
            id=int(anki["id"]),
            fields=(
                *(
                    NoteField(
                        int(field["id"]), field["name"], field.get("value", ""), field.get("template", "")
                    )
                    for field in anki["fields"]
                ),
                own_field(int(anki["id"])),
            ),
            faces=tuple(
                Face(
                    int(card["id"]),
                    card["name"],
                    card["front"],
                    card["back"],
                    _yes(card.get("optional", "no")),
                )
                for card in anki["cards"]
            ),
            cloze=_yes(anki.get("cloze", "no")),
            studied=_yes(anki.get("studied", "yes")),
            typed=_yes(anki.get("typed", "no")),
        ),
    )


def own_field(note_type: int) -> NoteField:
    """Return the field for the learner's own notes, which each note type ends in, with a lasting id."""
    return NoteField(note_type * 100 + 99, "Own notes", OWN)


def _sound(kind: Kind, span: Span) -> Iterator[Diagnostic]:
    """Find what the schema cannot say."""
    for reason in (*_fields(kind), *_note_fields(kind), *_note_type(kind)):
        yield Diagnostic(codes.BAD_KIND, span, {"reason": reason})


def _fields(kind: Kind) -> Iterator[str]:
    """Fields that no item could fill, or that something else would be taken for."""
    if not kind.fields:
        yield "it has no fields"
    elif not kind.fields[0].required or kind.fields[0].many:
        yield f'its first field "{kind.fields[0].name}" is not one required text; cards are named after it'
    for spec in kind.fields:
        if spec.name in RESERVED:
            yield f'a field cannot be called "{spec.name}"'
        if spec.fields and spec.many is None:
            yield f'the field "{spec.name}" has fields of its own; it needs “many: [least, most]”'
        if spec.many is not None and spec.many[0] > spec.many[1]:
            yield f'the field "{spec.name}" has a least number above its most'
        if any(part.many for part in spec.fields):
            yield f'the fields of "{spec.name}" cannot be lists'


def _note_fields(kind: Kind) -> Iterator[str]:
    """Note fields that take their text from nothing."""
    for field in kind.note_type.fields:
        spec = kind.field(field.value)
        if bool(field.value) == bool(field.template):
            yield f'the note field "{field.name}" needs either a value or a template'
        elif field.value and field.value not in (*BUILT_IN, OWN) and spec is None:
            yield f'the note field "{field.name}" takes its text from "{field.value}", which does not exist'
        elif spec is not None and spec.many:
            yield f'the note field "{field.name}" takes its text from a list; it needs a template'


def _note_type(kind: Kind) -> Iterator[str]:
    """Ids and names that are used twice, and a cloze without its field."""
    fields, faces = kind.note_type.fields, kind.note_type.faces
    for what, values in (
        ("field ids", [field.id for field in fields]),
        ("field names", [field.name for field in fields]),
        ("card ids", [face.id for face in faces]),
        ("card names", [face.name for face in faces]),
    ):
        if len(set(values)) < len(values):
            yield f"two of its {what} are equal"
    if faces[0].optional or any(one.optional > two.optional for one, two in pairwise(faces)):
        yield "a card that is optional stands after those that are not, of which there is one at least"
    if kind.note_type.cloze and len(faces) != 1:
        yield "a cloze kind has exactly one card"
    texts = [spec for spec in kind.fields if spec.type == "cloze"]
    if kind.note_type.cloze and (len(texts) != 1 or not texts[0].required or texts[0].many):
        yield "a cloze kind has exactly one required text with gaps"
