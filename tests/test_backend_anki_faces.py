"""Faces: the note types and their style, which run nothing, fetch nothing and follow the script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import EPOCH
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import Package, package_of, request_for, study_everything

from deckgen.backends.anki.notes import lighter
from deckgen.colours import contrast

Golden = Callable[[str, str], None]


def test_the_note_types_are_the_golden_ones(package: Package, golden: Golden) -> None:
    out = []
    for number, kind in sorted(package.types.items(), key=lambda pair: pair[1]["name"]):
        out.append(
            f"{kind['name']} (id {number}, {'cloze' if kind['type'] else 'normal'}, mod {kind['mod']})"
        )
        out += [f"  field {f['ord']} {f['id']} {f['name']}{' rtl' if f['rtl'] else ''}" for f in kind["flds"]]
        for face in kind["tmpls"]:
            out.append(f"  card {face['ord']} {face['id']} {face['name']}")
            for side, key in (("front", "qfmt"), ("back", "afmt")):
                out.append(f"    {side}:")
                out += [f"      {line}" for line in face[key].split("\n")]
        out.append("")
    golden("anki/garden.types.txt", "\n".join(out))


def test_all_note_types_have_the_golden_css(package: Package, golden: Golden) -> None:
    styles = {kind["css"] for kind in package.types.values()}
    assert len(styles) == 1
    golden("anki/card.css", styles.pop())


def test_the_css_follows_the_script(package: Package, workspace_folder: Path) -> None:
    (latin,) = {kind["css"] for kind in package.types.values()}
    (arabic,) = {
        kind["css"] for kind in package_of(request_for(workspace_folder, EPOCH, "ar")).types.values()
    }
    assert '.options li:nth-child(2)::before { content: "ب"; }' in arabic
    assert ".face em { font-style: normal" in arabic
    assert set(latin.splitlines()) < set(arabic.splitlines())


# Harmless ---------------------------------------------------------------------------


class _Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_faces_run_nothing_and_fetch_nothing(package: Package) -> None:
    faces = [
        face[key] for kind in package.types.values() for face in kind["tmpls"] for key in ("qfmt", "afmt")
    ]
    assert len(faces) == 16
    for face in faces:
        for tag, attributes in _Elements(face).found:
            assert tag in {"div", "p", "span", "hr", "details", "summary"}
            assert set(attributes) <= {"class", "id", "lang", "dir"}
        assert not re.search(r"https?:|javascript:|//", face)
    for kind in package.types.values():
        assert not re.search(r"url\(|@import|https?:|expression|//", kind["css"])


def test_fields_run_nothing_and_fetch_nothing(workspace_folder: Path) -> None:
    study_everything(workspace_folder)
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](https://example.org/) {{Answer}}"
    for file in (workspace_folder / "cards/garden/items").iterdir():
        text = file.read_text(encoding="utf-8")
        file.write_text(
            re.sub(
                r"(?m)^( *(?:- )?(?:answer|term|who|view|claim|why|example|definition): )(?!\|)(.*)$",
                lambda m: f"{m[1]}{json.dumps(hostile + m[2])}",
                text,
            ),
            encoding="utf-8",
        )
    package = package_of(request_for(workspace_folder, EPOCH))
    assert sum("alert(1)" in note["flds"] for note in package.notes) == 7
    for note in package.notes:
        for tag, attributes in _Elements(note["flds"]).found:
            assert tag in {"a", "p", "strong", "em", "ul", "ol", "li", "img", "dl", "dt", "dd"}
            assert set(attributes) <= {"href", "src", "alt", "class"}
            assert not (attributes.get("src") or "").startswith(("http", "//", "x"))
        assert "{{Answer}}" not in note["flds"]


def _names(face: str) -> Iterator[str]:
    for name in re.findall(r"\{\{([^{}]*)\}\}", face):
        yield name.lstrip("#^/").split(":")[-1].strip()


def test_every_field_that_a_face_names_exists(package: Package) -> None:
    seen = 0
    for kind in package.types.values():
        fields = {field["name"] for field in kind["flds"]}
        for face in kind["tmpls"]:
            named = {*_names(face["qfmt"]), *_names(face["afmt"])}
            assert named <= fields
            seen += len(named)
    assert seen > 25


# Words and directions ---------------------------------------------------------------


CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Term"
msgstr "Wort"

msgid "Definition"
msgstr "{definition}"

msgid "Example"
msgstr "#Beispiel: {{so::etwas}}"

msgid "From the term"
msgstr "Hin \\"und\\" her"
"""


@pytest.mark.parametrize(
    ("definition", "names"),
    [
        ("Bedeutung", ["Wort", "Bedeutung", "Beispiel soetwas"]),
        ("wort", ["Term", "Definition", "Example"]),
        (":", ["Term", "Definition", "Example"]),
    ],
)
def test_names_of_fields_are_translated_where_they_fit(
    workspace_folder: Path, definition: str, names: list[str]
) -> None:
    """What Anki would read in a name is left out; two equal names would lose a field: all stay English."""
    locale = workspace_folder / "templates" / "locale"
    locale.mkdir(parents=True)
    (locale / "tlh.po").write_text(CATALOGUE.replace("{definition}", definition), encoding="utf-8")
    package = package_of(request_for(workspace_folder, EPOCH, "tlh"))
    kind = next(kind for kind in package.types.values() if kind["flds"][0]["id"] == 7214530021)
    assert [field["name"] for field in kind["flds"]][:3] == names
    assert [face["name"] for face in kind["tmpls"]] == ["Hin und her", "From the definition"]
    fields = {field["name"] for field in kind["flds"]}
    for face in kind["tmpls"]:
        named = {*_names(face["qfmt"]), *_names(face["afmt"])}
        assert set(names) <= named <= fields


def test_a_face_is_mirrored_for_a_language_from_right_to_left(workspace_folder: Path) -> None:
    package = package_of(request_for(workspace_folder, EPOCH, "ar"))
    for kind in package.types.values():
        assert all(field["rtl"] for field in kind["flds"])
        for face in kind["tmpls"]:
            assert 'lang="ar" dir="rtl"' in face["qfmt"]
            assert 'lang="ar" dir="rtl"' in face["afmt"]


def test_css_names_no_side_of_the_page(package: Package) -> None:
    """Left and right would stay where they are when the page is mirrored."""
    css = next(iter(package.types.values()))["css"]
    assert not re.search(r"(?<!\.)\b(left|right)\b(?!-tint)\s*[:;]", css.replace("--right:", ""))
    assert "inline-start" in css


@given(st.integers(0, 0xFFFFFF))
@settings(deadline=None)
def test_every_accent_can_be_read_at_night(colour: int) -> None:
    assert contrast(lighter(f"#{colour:06x}"), "#1d1d20") >= 4.5
