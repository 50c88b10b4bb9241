"""genanki's classes with times of their own: a note, a note type and a deck know when they last changed.

genanki gives everything the time of the build; every rebuild would then overwrite a learner's
edits. It also misses nested gaps and ``{{c1,2::…}}``; a note here is told its cards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import genanki
from genanki import Package, guid_for

__all__ = ["DatedDeck", "DatedModel", "DatedNote", "Package", "guid_for"]


class DatedModel(genanki.Model):  # type: ignore[misc]
    """A note type with its own ``mod`` (seconds since 1970)."""

    def __init__(
        self,
        model_id: int,
        name: str,
        fields: list[dict[str, Any]],
        templates: list[dict[str, Any]],
        css: str,
        *,
        cloze: bool,
        mod: int,
    ) -> None:
        model_type = genanki.Model.CLOZE if cloze else genanki.Model.FRONT_BACK
        super().__init__(model_id, name, fields, templates, css, model_type)
        self.mod = mod

    @property
    def _req(self) -> list[list[Any]]:
        """Every face needs its first field, which is never empty; Anki works it out anew."""
        return [[number, "any", [0]] for number in range(len(self.templates))]

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:  # noqa: ARG002
        """Return what the collection holds of it."""
        return dict(super().to_json(self.mod, deck_id))


class DatedDeck(genanki.Deck):  # type: ignore[misc]
    """A deck with a Markdown description, its own ``mod`` and its options, 1 being those of Anki itself."""

    def __init__(self, deck_id: int, name: str, description: str, mod: int, options: int = 1) -> None:
        super().__init__(deck_id, name, description)
        self.mod = mod
        self.options = options

    def to_json(self) -> dict[str, Any]:
        """Return what the collection holds of it."""
        return {**super().to_json(), "md": True, "mod": self.mod, "conf": self.options}


class DatedNote(genanki.Note):  # type: ignore[misc]
    """A note with its own ``mod`` and the ordinals of its cards."""

    def __init__(self, *, mod: int, ordinals: Sequence[int], tags: Sequence[str], **rest: Any) -> None:
        super().__init__(**rest)
        self.mod = mod
        self.ordinals = ordinals
        self.tag_line = f" {' '.join(tags)} "

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:  # noqa: ARG002
        """Write the note and its cards: genanki's columns, our times."""
        note_id = next(id_gen)
        fields = "\x1f".join(self.fields)
        cursor.execute(
            "INSERT INTO notes VALUES(?,?,?,?,?,?,?,?,?,?,?)",
            (
                note_id,
                self.guid,
                self.model.model_id,
                self.mod,
                -1,
                self.tag_line,
                fields,
                self.sort_field,
                0,
                0,
                "",
            ),
        )
        cursor.executemany(
            "INSERT INTO cards VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                (
                    next(id_gen),
                    note_id,
                    deck_id,
                    ordinal,
                    self.mod,
                    -1,
                    0,
                    0,
                    self.due,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    "",
                )
                for ordinal in self.ordinals
            ],
        )
