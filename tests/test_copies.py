"""A reader's own copy of the essay: plain text, other encodings, PDF; and the outline of a text."""

from __future__ import annotations

import codecs
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result as Run
from weasyprint import HTML

from deckgen.copies import LIMIT, compare, outline, read_copy
from deckgen.diagnostics import Diagnostic
from deckgen.essay import State
from deckgen.model import Deck
from deckgen.pipeline import Loaded, Workspace, load

COPY = (
    "The garden at the end of the street has belonged to nobody since the factory closed. For two years "
    "nettles grew there; then some neighbours cleared a path, and others brought spades.¹",
    "Nobody asked for leave. „We did not know whom to ask“, says one of them, and laughs.",
    "Now the town wants to sell the ground. The gardeners say that those who tend a place should decide "
    "about it.² The town says that a garden for forty people cannot outweigh homes for two hundred.",
)


@pytest.fixture
def deck(garden: Loaded) -> Deck:
    assert garden.deck is not None
    return garden.deck


def states(deck: Deck, path: Path) -> list[State]:
    result = compare(deck, path)
    return [match.state for match in result.value]


def only(diagnostics: tuple[Diagnostic, ...]) -> tuple[str, str, str]:
    (found,) = diagnostics
    return found.code.id, str(found.args.get("reason", "")), found.hint()


def pdf(path: Path, body: str, css: str = "") -> Path:
    style = f"@page {{ size: A5; {css} }} p {{ hyphens: auto }}"
    page = f"<html lang=en><style>{style}</style><body>{body}</body></html>"
    path.write_bytes(HTML(string=page).write_pdf())
    return path


# Plain text ---------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_a_text_in_any_unicode_encoding(deck: Deck, tmp_path: Path, encoding: str) -> None:
    copy = tmp_path / "copy.txt"
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    copy.write_bytes(mark + "\r\n\r\n".join(COPY).encode(encoding))
    assert states(deck, copy) == [State.FOUND] * 3
    assert compare(deck, copy).diagnostics == ()


def test_what_is_changed_and_what_is_missing_is_told(deck: Deck, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text(f"{COPY[0].replace('spades', 'shovels')}\n\n\n{COPY[2]}\n", encoding="utf-8")
    result = compare(deck, copy)
    assert [match.state for match in result.value] == [State.CHANGED, State.MISSING, State.FOUND]
    changed, missing = result.diagnostics
    assert (changed.code.id, changed.args["paragraph"], changed.args["place"]) == (
        "D401",
        "nettles 1",
        "line 1",
    )
    assert (missing.code.id, missing.args["paragraph"]) == ("D402", "nettles 2")
    assert changed.span == deck.essay.sections[0].paragraphs[0].span
    assert missing.span.file.endswith("essay.yaml")


def test_a_change_over_several_lines_is_told_with_all_of_them(deck: Deck, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    changes = (
        ("gardeners", "people"),
        ("wants to sell", "sells"),
        ("sell", "give away"),
        ("two hundred", "many"),
    )
    for before, after in changes:
        lines = COPY[2].replace(before, after).replace(". ", ".\n")
        copy.write_text("\n".join((*COPY[:2], "", lines.replace("2 The", "2\nThe"))), encoding="utf-8")
        assert compare(deck, copy).diagnostics[0].args["place"] == "lines 4 to 5"


def test_the_command_tells_how_many_are_found(workspace_folder: Path, run: Callable[..., Run]) -> None:
    copy = workspace_folder / "copy.txt"
    copy.write_text("\n".join(COPY), encoding="utf-8")
    result = run("check", "--essay", copy)
    assert (result.exit_code, result.output) == (0, "garden: 3 of 3 paragraphs found in copy.txt\n")
    copy.write_text("\n".join(COPY).replace("laughs", "cries"), encoding="utf-8")
    result = run("check", "--essay", copy)
    assert result.exit_code == 1
    assert "error[D401]: nettles 2 reads differently in copy.txt" in result.output
    assert "garden: 2 of 3 paragraphs found in copy.txt" in result.output


# What cannot be read ------------------------------------------------------------------


def test_a_file_that_is_not_there(deck: Deck, tmp_path: Path) -> None:
    code, reason, _ = only(compare(deck, tmp_path / "none.txt").diagnostics)
    assert code == "D403"
    assert "no" in reason.lower()
    assert only(read_copy(tmp_path).diagnostics)[0] == "D403"  # a folder


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_text(" \n\n", encoding="utf-8")
    assert only(read_copy(tmp_path / "copy.txt").diagnostics)[:2] == ("D403", "it is empty")


def test_a_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("The garden.",))
    writer.start()
    assert read_copy(pipe).value == "The garden."
    writer.join()


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_bytes("Gärten".encode("latin-1"))
    assert [found.code.id for found in read_copy(tmp_path / "copy.txt").diagnostics] == ["D003"]


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_bytes(b"a" * (LIMIT + 1))
    assert [found.code.id for found in read_copy(tmp_path / "copy.txt").diagnostics] == ["D002"]


def test_a_long_text_is_not_too_large(tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_bytes(b"a\n" * 2_000_000)
    assert read_copy(tmp_path / "copy.txt").diagnostics == ()


# PDF ----------------------------------------------------------------------------------


def test_a_pdf_with_running_heads_and_hyphens(deck: Deck, tmp_path: Path) -> None:
    css = '@top-center { content: "A journal" } @bottom-center { content: "page " counter(page) }'
    body = "".join(f"<p>{paragraph}</p>" for paragraph in ("A title", *COPY))
    copy = pdf(tmp_path / "copy.pdf", body, css)
    assert states(deck, copy) == [State.FOUND] * 3


def test_a_pdf_with_a_paragraph_over_two_pages(deck: Deck, tmp_path: Path) -> None:
    css = 'size: 60mm 52mm; margin: 12mm 8mm; @top-left { content: "A journal"; font-size: 6pt }'
    copy = pdf(
        tmp_path / "copy.pdf",
        "".join(f"<p>{paragraph}</p>" for paragraph in COPY[1:]),
        css + "font-size: 7pt",
    )
    text = read_copy(copy).value
    assert text.count("A journal") > 1
    found = states(deck, copy)
    assert found[0] is State.MISSING
    assert found[1] is State.FOUND


def test_a_pdf_is_known_by_its_content_not_by_its_name(deck: Deck, tmp_path: Path) -> None:
    named = pdf(tmp_path / "copy.pdf", "".join(f"<p>{paragraph}</p>" for paragraph in COPY)).rename(
        tmp_path / "copy"
    )
    assert states(deck, named) == [State.FOUND] * 3
    (tmp_path / "text.pdf").write_text("\n".join(COPY), encoding="utf-8")
    assert states(deck, tmp_path / "text.pdf") == [State.FOUND] * 3


def test_a_pdf_whose_name_looks_like_an_option(
    deck: Deck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pdf(tmp_path / "-v", "".join(f"<p>{paragraph}</p>" for paragraph in COPY))
    assert states(deck, Path("-v")) == [State.FOUND] * 3


def test_a_pdf_without_a_text(tmp_path: Path) -> None:
    code, reason, hint = only(read_copy(pdf(tmp_path / "scan.pdf", "")).diagnostics)
    assert (code, reason) == ("D403", "pdftotext finds no text in it")
    assert ".txt" in hint


def test_a_broken_pdf(tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(b"%PDF-1.7\nnothing")
    assert only(read_copy(tmp_path / "copy.pdf").diagnostics)[0] == "D403"


def test_a_pdf_where_pdftotext_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deckgen.copies.shutil.which", lambda _: None)
    (tmp_path / "copy.pdf").write_bytes(b"%PDF-1.7")
    code, reason, hint = only(read_copy(tmp_path / "copy.pdf").diagnostics)
    assert (code, reason) == ("D403", "pdftotext is not installed")
    assert "poppler" in hint


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "does not run"),
        (subprocess.TimeoutExpired("pdftotext", 60), "after 60 seconds"),
    ],
)
def test_a_pdf_where_pdftotext_does_not_work(
    error: Exception, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("deckgen.copies.subprocess.run", fail)
    monkeypatch.setattr("deckgen.copies.shutil.which", lambda _: "pdftotext")
    (tmp_path / "copy.pdf").write_bytes(b"%PDF-1.7")
    code, reason, _ = only(read_copy(tmp_path / "copy.pdf").diagnostics)
    assert code == "D403"
    assert words in reason


# The outline of a text ----------------------------------------------------------------


def test_the_outline_of_a_text_makes_an_essay_in_which_it_is_found(
    workspace: Workspace, workspace_folder: Path, run: Callable[..., Run]
) -> None:
    text = "A title\n\n" + "\n\n".join(
        f"[{mark}] {paragraph}" for mark, paragraph in zip(("a 1", "b-c 1", "b-c 2"), COPY, strict=True)
    )
    (workspace_folder / "own.txt").write_text(text, encoding="utf-8")
    printed = run("outline", "own.txt")
    assert printed.exit_code == 0
    head = "title: Another\nauthors: [Nobody]\nlanguage: en\n"
    deck_folder = workspace_folder / "cards" / "garden"
    (deck_folder / "essay.yaml").write_text(head + printed.output, encoding="utf-8")
    loaded = load(workspace, deck_folder)
    assert loaded.deck is not None
    assert [str(paragraph) for paragraph in loaded.deck.essay.paragraphs()] == ["a 1", "b-c 1", "b-c 2"]
    (workspace_folder / "copy.txt").write_text(" ".join(COPY), encoding="utf-8")
    for copy in ("own.txt", "copy.txt"):
        assert states(loaded.deck, workspace_folder / copy) == [State.FOUND] * 3


def test_the_gardens_own_outline_is_that_of_its_text(deck: Deck) -> None:
    printed = outline(deck.folder / "essay.txt")
    assert printed.diagnostics == ()
    lines = [line.strip() for line in printed.value.splitlines() if "sha256" in line]
    essay = (deck.folder / "essay.yaml").read_text(encoding="utf-8")
    assert lines == [line.strip() for line in essay.splitlines() if "sha256" in line]


@pytest.mark.parametrize(
    ("text", "line", "mark"),
    [
        ("[a 1] x\n[a 3] y", 2, "[a 3]"),
        ("[a 2] x", 1, "[a 2]"),
        ("[a 1] x\n\n[a 1] y", 3, "[a 1]"),
        ("[Kritik] x", 1, "[Kritik]"),
        ("[a 1]\n[a 2] y", 1, "[a 1]"),
        ("No mark at all", 1, "No mark at all"),
    ],
)
def test_a_mark_out_of_order_is_told(text: str, line: int, mark: str, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text(text, encoding="utf-8")
    found = outline(tmp_path / "own.txt").diagnostics[0]
    assert (found.code.id, found.span.line, found.args["mark"]) == ("D405", line, mark)


def test_the_outline_of_nothing_is_told(tmp_path: Path) -> None:
    assert only(outline(tmp_path / "none.txt").diagnostics)[0] == "D403"
