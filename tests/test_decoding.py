"""Bytes → text: encodings, line ends, and characters that may not stand in a text."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.decoding import FORBIDDEN, MAX_BYTES, MAX_OPEN, decode, read_text, suspicious
from deckgen.diagnostics import Source

TEXT = "- id: grün\n  answer: 🌿 «nettles»\n"


def found(text: str) -> list[tuple[str, int, int]]:
    return [(one.code.id, one.span.line, one.span.column) for one in suspicious(Source("a.yaml", text))]


# Encodings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_every_encoding_that_can_be_told_gives_the_same_text(mark: bytes, encoding: str) -> None:
    result = decode(mark + TEXT.encode(encoding), "a.yaml")
    assert result.value == Source("a.yaml", TEXT)
    assert result.diagnostics == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_becomes_a_line_feed(end: str) -> None:
    assert decode(f"a{end}{end}b{end}".encode(), "a.yaml").value.text == "a\n\nb\n"


def test_a_nul_alone_does_not_make_a_file_utf_16() -> None:
    assert decode(b"a\0bc", "a.yaml").value.text == "a\0bc"
    assert decode(b"a\0", "a.yaml").value.text == "a\0"


@pytest.mark.parametrize(
    ("data", "line", "column", "encoding", "byte"),
    [
        (b"\xfc", 1, 1, "UTF-8", "0xfc"),
        (b"a: b\nc: gr\xfcn\n", 2, 6, "UTF-8", "0xfc"),
        (b"a: b\r\nc: gr\xfcn\r\n", 2, 6, "UTF-8", "0xfc"),
        (b"a: b\rc: gr\xfcn\r", 2, 6, "UTF-8", "0xfc"),
        ("🌿🌿".encode() + b"\xe2\x82", 1, 3, "UTF-8", "0xe2"),
        (codecs.BOM_UTF8 + b"a\xff", 1, 2, "UTF-8", "0xff"),
        (codecs.BOM_UTF16_LE + "ab\nc".encode("utf-16-le") + b"\x00\xd8", 2, 2, "UTF-16", "0x00"),
        (codecs.BOM_UTF32_BE + "ab".encode("utf-32-be") + b"\x00\x11\x00\x00", 1, 3, "UTF-32", "0x00"),
        (b"\xed\xa0\x80", 1, 1, "UTF-8", "0xed"),
    ],
)
def test_what_is_no_text_is_told_with_its_place(
    data: bytes, line: int, column: int, encoding: str, byte: str
) -> None:
    result = decode(data, "a.yaml")
    (one,) = result.diagnostics
    assert result.value.text == ""
    assert (one.code.id, one.span.line, one.span.column) == ("D003", line, column)
    assert one.text() == f"this is not {encoding}: byte {byte}"


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=500)
def test_any_bytes_are_a_text_or_a_finding_inside_them(data: bytes) -> None:
    result = decode(data, "a.yaml")
    assert "\r" not in result.value.text
    for one in result.diagnostics:
        assert one.span.line >= 1
        assert 1 <= one.span.column <= len(data) + 1


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff\ufffe\0"), max_size=200))
@settings(deadline=None, max_examples=300)
def test_any_text_comes_back_from_utf_8_and_from_marked_utf_16(text: str) -> None:
    assert decode(text.encode(), "a.yaml").value.text == text
    assert decode(text.encode("utf-16"), "a.yaml").value.text == text


# Files --------------------------------------------------------------------------------


def test_a_file_of_the_most_bytes_is_read_and_a_longer_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"#" * MAX_BYTES)
    assert read_text(file, "a.yaml").diagnostics == ()
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    result = read_text(file, "a.yaml")
    assert result.value.text == ""
    assert [one.text() for one in result.diagnostics] == ["this file has 513 kB; 512 kB are the most"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    missing = read_text(tmp_path / "none.yaml", "none.yaml")
    assert [one.text() for one in missing.diagnostics] == ["this file cannot be read: there is no such file"]
    assert [one.code.id for one in read_text(tmp_path, "folder.yaml").diagnostics] == ["D001"]


# Characters ---------------------------------------------------------------------------


@pytest.mark.parametrize("character", [*map(chr, range(9)), "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f"])
def test_control_characters_are_told(character: str) -> None:
    assert found(f"ab\nc{character}d\n") == [("D004", 2, 2)]


@pytest.mark.parametrize(
    "character", ["\u2028", "\u2029", "\ufeff", "\ufdd0", "\ufdef", "\ufffc", "\ufffe", "\U0001ffff"]
)
def test_what_is_invisible_or_no_character_is_told(character: str) -> None:
    assert found(f"ab\nc{character}d\n") == [("D004", 2, 2)]
    assert FORBIDDEN.search(character)


@pytest.mark.parametrize(
    "text", ["\t\n", " a\u00a0b\u00adc\n", "\u200b\u200c\u200d\u200e\u200f", "שלום, مرحبا", "🌿"]
)
def test_what_a_language_needs_is_not_told(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("\u2066a\u2069", []),
        ("\u202bأ\u202c and \u2067ب\u2069", []),
        ("\u2066\u202ba\u202c\u2069", []),
        ("a\u202eb", [(1, 2)]),
        ("a\u2066b\nc\u2069", [(1, 2), (2, 2)]),
        ("a\u2066b\u202c", [(1, 2), (1, 4)]),
        ("\u2069\u2069", [(1, 1), (1, 2)]),
        ("\u202a\u2066\u202c\u2069", [(1, 1), (1, 3)]),
        ("x\n\n\u2066", [(3, 1)]),
    ],
)
def test_direction_marks_are_paired_within_their_line(text: str, places: list[tuple[int, int]]) -> None:
    assert sorted((line, column) for code, line, column in found(text) if code == "D005") == places


def test_direction_marks_deeper_than_unicode_heeds_are_told_at_once() -> None:
    depth = MAX_OPEN + 1
    assert len(found("\u2066" * depth + "\u2069" * depth)) == 2
    assert found("\u2066" * MAX_OPEN + "\u2069" * MAX_OPEN) == []
