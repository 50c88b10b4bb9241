"""Quotation marks: those of the language, at the right end."""

from __future__ import annotations

import pytest

from deckgen.translate.faults.quotes import MARKS, foreign, own


def test_marks_come_in_pairs_and_each_language_knows_its_own() -> None:
    assert len(MARKS) > 40
    assert [tag for tag, marks in MARKS.items() if len(marks) % 2 or len(marks) < 2] == []
    for tag, marks in MARKS.items():
        assert own(tag) == marks[:2]
        assert list(foreign(f"{marks[0]}x{marks[1]}", tag)) == []
    assert own("de-simple") == "„“"
    assert own("xx") == ""


@pytest.mark.parametrize(
    ("text", "tag", "marks"),
    [
        ("„Garten“ und «Garten» und »Garten«", "de", []),
        ("Der “Garten”", "de", ["“", "”"]),
        ("Der „Garten”", "de", ["”"]),
        ("A «garden»", "en-GB", ["«", "»"]),
        ("The ‘garden’ isn’t a child's", "en", []),
        ("«\u00a0l’“espace”\u00a0»", "fr", []),
        ("l’«\u00a0espace\u00a0»", "fr", []),
        ("»espace«", "fr", ["»", "«"]),
        ("”trädgård”", "sv", []),
        ("“trädgård”", "sv", ["“"]),
        ("“Bahçe”den", "tr", []),
        ("„сад“ і «сад»", "uk", []),
        ("「花園」", "ja", []),
        ("„whatever” «it»", "xx", []),
    ],
)
def test_a_mark_of_another_language_is_found(text: str, tag: str, marks: list[str]) -> None:
    assert list(foreign(text, tag)) == marks
