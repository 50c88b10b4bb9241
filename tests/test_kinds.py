"""Kinds of items: the six that come with deckgen, a new one without any Python, and broken ones."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
import pytest
from typer.testing import Result

from deckgen.kinds import BUILT_IN, load_kinds
from deckgen.model import OWN, Kind
from deckgen.resources import search_path, shipped

KINDS = load_kinds(search_path(Path("nowhere"))).value
NAMES = ["question", "term", "cloze", "choice", "position", "discussion"]


# The kinds that come with deckgen -----------------------------------------------------


def test_the_six_kinds_load_in_their_order() -> None:
    result = load_kinds(search_path(Path("nowhere")))
    assert result.diagnostics == ()
    assert [kind.name for kind in result.value] == NAMES
    assert [kind.name for kind in result.value if not kind.note_type.studied] == ["discussion"]
    assert [kind.name for kind in result.value if kind.note_type.cloze] == ["cloze"]


def test_no_id_stands_twice_over_all_kinds() -> None:
    ids = [kind.note_type.id for kind in KINDS]
    ids += [field.id for kind in KINDS for field in kind.note_type.fields]
    ids += [face.id for kind in KINDS for face in kind.note_type.faces]
    assert len(set(ids)) == len(ids)
    assert all(0 < number < 2**53 for number in ids)  # JavaScript holds no greater ones


def test_the_ids_are_for_ever() -> None:
    """A learner's cards hang on these: a changed one makes a second note type, or takes a card away."""
    assert {
        kind.name: (kind.note_type.id, *(face.id for face in kind.note_type.faces)) for kind in KINDS
    } == {
        "question": (1763900101, 7214530019, 7214530018),
        "term": (1763900102, 7214530028, 7214530029),
        "cloze": (1763900103, 7214530039),
        "choice": (1763900104, 7214530049),
        "position": (1763900105, 7214530058, 7214530059),
        "discussion": (1763900106, 7214530069),
    }
    fields = {kind.name: {field.name: field.id for field in kind.note_type.fields} for kind in KINDS}
    for kind in KINDS:
        assert fields[kind.name].pop("Own notes") == kind.note_type.id * 100 + 99
    for name, first in zip(NAMES, ("Question", "Term", "Text", "Question", "Who", "Question"), strict=True):
        assert min(fields[name], key=lambda field: fields[name][field]) == first
        assert fields[name]["Item"] == max(fields[name].values())
        assert {number // 10 for number in fields[name].values()} == {721453001 + NAMES.index(name)}


def fields_on(face: str) -> set[str]:
    return {name.split(":")[-1] for name in re.findall(r"\{\{[#^/]?([^{}]+)\}\}", face)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kinds_files_exist_and_name_its_note_fields(kind: Kind) -> None:
    folder = shipped() / "kinds" / kind.name
    frame = (shipped() / "anki" / "back.html").read_text(encoding="utf-8")
    shown = fields_on(frame)
    for face in kind.note_type.faces:
        for file in (face.front, face.back):
            shown |= fields_on((folder / file).read_text(encoding="utf-8"))
    for field in kind.note_type.fields:
        assert not field.template or (folder / field.template).is_file()
    assert {field.name for field in kind.note_type.fields} - shown == {"Item"}
    assert shown <= {field.name for field in kind.note_type.fields}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_of_a_kind_reaches_a_note_and_paper(kind: Kind) -> None:
    folder = shipped() / "kinds" / kind.name
    templates = " ".join(file.read_text(encoding="utf-8") for file in folder.glob("*.html"))
    values = {field.value for field in kind.note_type.fields}
    for spec in kind.fields:
        if spec.type != "word":
            assert spec.name in values or f"item.fields.{spec.name}" in templates, spec.name
        assert spec.description, spec.name
    assert values - {""} <= {spec.name for spec in kind.fields} | {*BUILT_IN, OWN}
    assert [field.value for field in kind.note_type.fields].index(OWN) == len(kind.note_type.fields) - 1
    assert any((folder / f"{part}.html").is_file() for part in ("handout", "table", "discussion"))


def test_a_kind_finds_its_fields() -> None:
    question = KINDS[0]
    found = question.field("answer")
    assert found is not None
    assert (found.name, found.type, found.required) == ("answer", "text", True)
    assert question.field("anser") is None


# A kind of one's own ------------------------------------------------------------------

FACT = {
    "kind.yaml": """
label: Fact or not
plural: Facts or not
description: A claim that is true or false.
order: 7
fields:
  claim: {type: line, description: The claim.}
  verdict: {type: word, words: [right, wrong], description: What it is.}
  reasons: {type: text, many: [1, 3], description: Why.}
  more: {type: text, required: no}
anki:
  id: 1763900777
  fields:
    - {id: 7214537771, name: Claim, value: claim}
    - {id: 7214537772, name: Verdict, template: verdict.html}
    - {id: 7214537773, name: Source, value: source}
    - {id: 7214537774, name: Section, value: section}
  cards:
    - {id: 7214537779, name: Fact, front: front.html, back: back.html}
""",
    "front.html": '[% extends "anki/front.html" %][% block main %]<p>{{Claim}}</p>[% endblock %]',
    "back.html": (
        '[% extends "anki/back.html" %][% block main %]<p>{{Claim}}</p>[% endblock %]'
        "[% block answer %]{{Verdict}}[% endblock %]"
    ),
    "verdict.html": (
        "<p>[[ item.fields.verdict.value ]]</p>"
        "[% for reason in item.fields.reasons %]<p>[[ html(reason) ]]</p>[% endfor %]"
    ),
    "handout.html": (
        '{% extends "print/item.html" %}{% block main %}<p class="q">{{ html(item.fields.claim) }}</p>'
        "{% for reason in item.fields.reasons %}{{ blocks(reason) }}{% endfor %}{% endblock %}"
    ),
}
FACTS = """
- id: fact-bricks
  kind: fact
  claim: The factory made *bricks*.
  verdict: right
  reasons: [Its chimney is **brick** & mortar., The gate says so.]
  source: nettles 1
"""


def add_kind(workspace: Path, name: str, files: dict[str, str]) -> None:
    folder = workspace / "templates" / "kinds" / name
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")


@pytest.fixture
def with_facts(workspace_folder: Path) -> Path:
    """The garden's workspace with a kind of its own, and an item of it."""
    add_kind(workspace_folder, "fact", FACT)
    with (workspace_folder / "cards" / "garden" / "items" / "10-nettles.yaml").open(
        "a", encoding="utf-8"
    ) as file:
        file.write(FACTS)
    return workspace_folder


Run = Callable[..., Result]


def test_a_kind_of_ones_own_is_checked_like_the_others(with_facts: Path, run: Run) -> None:
    result = run("check")
    assert (result.exit_code, result.output) == (0, "garden: 10 items, no errors\n")
    items = with_facts / "cards" / "garden" / "items" / "10-nettles.yaml"
    text = items.read_text(encoding="utf-8")
    items.write_text(
        text.replace("verdict: right", "verdict: rihgt").replace("  reasons:", "  resons:"), encoding="utf-8"
    )
    found = json.loads(run("check", "--format", "json").output)
    assert {"D103", "D109"} <= {one["code"] for one in found}
    assert "right" in next(one["help"] for one in found if one["code"] == "D109")


def test_a_kind_of_ones_own_is_in_the_schema_and_in_the_coverage(with_facts: Path, run: Run) -> None:
    assert run("schema").exit_code == 0
    schema = json.loads((with_facts / "cards" / "schema" / "items.json").read_text(encoding="utf-8"))
    assert set(schema["$defs"]) == {*NAMES, "fact"}
    assert "fact" in run("status").output


def test_a_kind_of_ones_own_becomes_an_anki_note(with_facts: Path, run: Run, tmp_path: Path) -> None:
    assert run("build", "-p", "anki").exit_code == 0
    with zipfile.ZipFile(with_facts / "output" / "garden.en.apkg") as archive:
        (tmp_path / "collection").write_bytes(archive.read("collection.anki2"))
    connection = sqlite3.connect(tmp_path / "collection")
    notes = {
        fields.split("\x1f")[0]: (fields, tags)
        for fields, tags in connection.execute("select flds, tags from notes")
    }
    models = json.loads(connection.execute("select models from col").fetchone()[0])
    connection.close()
    fields, tags = notes["The factory made <em>bricks</em>."]
    _, verdict, source, section, own = fields.split("\x1f")
    assert verdict == (
        "<p>right</p><p>Its chimney is <strong>brick</strong> &amp; mortar.</p><p>The gate says so.</p>"
    )
    assert source.split() == ["Nettles,", "paragraph", "1"]
    assert section == "Nettles and spades"
    assert own == "", "the learner's field is there, and empty"
    assert "garden::kind::fact" in tags.split()
    (model,) = [model for model in models.values() if model["name"].endswith("Fact or not")]
    assert [field["name"] for field in model["flds"]] == [
        "Claim",
        "Verdict",
        "Source",
        "Section",
        "Own notes",
    ]
    assert "<p>{{Claim}}</p>" in model["tmpls"][0]["qfmt"]


def test_a_kind_of_ones_own_stands_in_the_handout(with_facts: Path, run: Run) -> None:
    result = run("build", "-p", "handout")
    assert result.exit_code == 0, result.output
    file = with_facts / "output" / "garden.en.handout.pdf"
    text = subprocess.run(
        ["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    words = " ".join(text.split())
    assert "The factory made bricks." in words
    assert "Its chimney is brick & mortar." in words
    assert "Fact or not" in words


def test_a_shipped_kind_can_be_replaced(workspace_folder: Path, run: Run) -> None:
    yaml = (shipped() / "kinds" / "question" / "kind.yaml").read_text(encoding="utf-8")
    add_kind(workspace_folder, "question", {"kind.yaml": yaml.replace("label: Question", "label: Riddle")})
    result = load_kinds(search_path(workspace_folder))
    assert result.diagnostics == ()
    assert [(kind.name, kind.label) for kind in result.value][:2] == [
        ("question", "Riddle"),
        ("term", "Term"),
    ]
    assert run("build", "-p", "anki").exit_code == 0  # the faces are still the shipped ones


def test_an_item_without_a_kind_stays_a_question_whatever_kinds_are_added(workspace_folder: Path) -> None:
    add_kind(
        workspace_folder, "fact", {**FACT, "kind.yaml": FACT["kind.yaml"].replace("order: 7", "order: 1")}
    )
    assert load_kinds(search_path(workspace_folder)).value[0].name == "question"


def test_a_folder_without_a_kind_is_none(tmp_path: Path) -> None:
    (tmp_path / "templates" / "kinds" / "drafts").mkdir(parents=True)
    (tmp_path / "templates" / "kinds" / "README.md").write_text("kinds", encoding="utf-8")
    result = load_kinds(search_path(tmp_path))
    assert ([kind.name for kind in result.value], result.diagnostics) == (NAMES, ())


# Broken ones --------------------------------------------------------------------------


def broken(changes: dict[str, str]) -> str:
    text = FACT["kind.yaml"]
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


CLOZE = {
    "claim: {type: line": "claim: {type: cloze",
    "  id: 1763900777": "  id: 1763900777\n  cloze: yes",
}
BROKEN: dict[str, tuple[str, str, str]] = {
    "empty": ("", "D016", "this file is empty"),
    "no YAML": ("label: [", "D007", ""),
    "a list": ("- label: Fact", "D101", "the kind"),
    "no label": (broken({"label: Fact or not\n": ""}), "D102", "label"),
    "an unknown key": (broken({"plural:": "plurals:"}), "D103", "plurals"),
    "an unknown type": (broken({"type: word": "type: choice"}), "D109", "choice"),
    "a type that is a list": (broken({"type: word": "type: [word]"}), "D101", "type"),
    "an id that is no number": (broken({"id: 1763900777": "id: x"}), "D117", "x"),
    "a name with braces": (broken({"name: Claim": 'name: "{{Claim}}"'}), "D117", "{{Claim}}"),
    "a file elsewhere": (broken({"front: front.html": "front: ../front.html"}), "D117", "../front.html"),
    "no fields": (
        re.sub(r"fields:\n(  .*\n)+anki", "fields: {}\nanki", FACT["kind.yaml"]),
        "D509",
        "no fields",
    ),
    "a first field that may be missing": (
        broken({"claim: {type: line": "claim: {type: line, required: no"}),
        "D509",
        '"claim" is not one required text',
    ),
    "a field with a name that is taken": (broken({"more:": "tags:"}), "D509", '"tags"'),
    "a value that names nothing": (
        broken({"value: claim": "value: clam"}),
        "D509",
        '"clam", which does not exist',
    ),
    "a value that is a list": (
        broken({"template: verdict.html": "value: reasons"}),
        "D509",
        "needs a template",
    ),
    "neither value nor template": (broken({", template: verdict.html": ""}), "D509", "needs either"),
    "value and template": (broken({"template:": "value: more, template:"}), "D509", "needs either"),
    "least above most": (broken({"many: [1, 3]": "many: [3, 1]"}), "D509", "least"),
    "fields without many": (broken({"many: [1, 3]": "fields: {a: {type: line}}"}), "D509", "needs “many"),
    "lists in records": (
        broken({"many: [1, 3]": "many: [1, 3], fields: {a: {type: line, many: [1, 2]}}"}),
        "D509",
        "cannot be lists",
    ),
    "two field ids": (broken({"7214537772": "7214537771"}), "D509", "two of its field ids"),
    "two field names": (broken({"name: Source": "name: Claim"}), "D509", "two of its field names"),
    "two card ids": (
        broken({"back.html}": "back.html}\n    - {id: 7214537779, name: B, front: a.html, back: b.html}"}),
        "D509",
        "two of its card ids",
    ),
    "two card names": (
        broken({"back.html}": "back.html}\n    - {id: 7214537778, name: Fact, front: a.html, back: b.html}"}),
        "D509",
        "two of its card names",
    ),
    "a cloze with two cards": (
        broken(
            CLOZE | {"back.html}": "back.html}\n    - {id: 7214537778, name: B, front: a.html, back: b.html}"}
        ),
        "D509",
        "exactly one card",
    ),
    "a cloze without its text": (broken({"  id: 17": "  cloze: yes\n  id: 17"}), "D509", "text with gaps"),
    "the id of another kind": (broken({"1763900777": "1763900101"}), "D509", 'the kind "question"'),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_kind_is_told_and_stops_every_command(case: str, workspace_folder: Path, run: Run) -> None:
    text, code, words = BROKEN[case]
    add_kind(workspace_folder, "fact", {**FACT, "kind.yaml": text})
    found = [one for one in load_kinds(search_path(workspace_folder)).diagnostics if one.code.id == code]
    assert found, case
    assert words in found[0].text() + found[0].hint()
    assert found[0].span.file == "templates/kinds/fact/kind.yaml"
    for command in ("check", "build", "status"):
        result = run(command)
        assert result.exit_code == 1
        assert f"error[{code}]" in result.output


def test_a_kind_with_gaps_of_ones_own_is_sound(workspace_folder: Path) -> None:
    add_kind(workspace_folder, "fact", {**FACT, "kind.yaml": broken(CLOZE)})
    assert load_kinds(search_path(workspace_folder)).diagnostics == ()


@pytest.mark.parametrize("name", ["Fact", "fact or not", "tatsäche", "-fact", "fact.old"])
def test_a_kinds_folder_has_a_name_that_the_ledger_can_hold(name: str, workspace_folder: Path) -> None:
    add_kind(workspace_folder, name, FACT)
    (found,) = load_kinds(search_path(workspace_folder)).diagnostics
    assert (found.code.id, found.span.file) == ("D509", f"templates/kinds/{name}/kind.yaml")
    assert "name of its folder" in found.text()


def test_a_missing_face_is_told_by_the_build(workspace_folder: Path, run: Run) -> None:
    add_kind(workspace_folder, "fact", {name: text for name, text in FACT.items() if name != "back.html"})
    items = workspace_folder / "cards" / "garden" / "items" / "10-nettles.yaml"
    items.write_text(items.read_text(encoding="utf-8") + FACTS, encoding="utf-8")
    result = run("build", "-p", "anki")
    assert result.exit_code == 1
    assert "kinds/fact/back.html:1:1: error[D508]" in result.output
    assert not list((workspace_folder / "output").glob("*.apkg"))


def all_texts(kind: Kind) -> Iterator[str]:
    yield from (kind.label, kind.plural, *(field.name for field in kind.note_type.fields))
    yield from (face.name for face in kind.note_type.faces)


def test_what_a_deck_can_wish_for_is_known_of_each_kind() -> None:
    assert {kind.name for kind in KINDS if kind.note_type.reversed} == {"question"}
    assert {kind.name for kind in KINDS if kind.note_type.typed} == {"term", "cloze"}


def test_the_words_of_the_kinds_are_translated_into_german() -> None:
    catalogue = polib.pofile(str(shipped() / "locale" / "de.po"))
    translated = {entry.msgid for entry in catalogue if entry.translated()}
    assert {text for kind in KINDS for text in all_texts(kind)} <= translated
