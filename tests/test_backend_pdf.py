"""HTML → PDF: what a page can read, what it says, and that its bytes are its own."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from deckgen import fonts
from deckgen.backends.paper import pdf
from deckgen.diagnostics import Diagnostic, Span, codes
from deckgen.languages import language

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>dot</title><rect width="9" height="9"/></svg>'
SECRET = "nobody may read this"


def page(body: str, base: Path, *folders: Path, changed: int = 1_700_000_000) -> pdf.Page:
    html = f'<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><h1>T</h1>{body}</body></html>'
    return pdf.Page(html, base, folders or (base,), language("en"), changed, Span("deck.yaml"))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    (tmp_path / "deck").mkdir()
    file = tmp_path / "secret.txt"
    file.write_text(SECRET, encoding="utf-8")
    return file


def test_a_picture_in_the_deck_is_shown_and_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "dot.svg").write_text(SVG, encoding="utf-8")
    result = pdf.write(page('<p><img src="dot.svg" alt="a dot"></p>', tmp_path))
    assert result.diagnostics == ()
    assert result.value is not None


@pytest.mark.parametrize(
    "body",
    [
        '<link rel="attachment" href="{uri}">',
        '<p><img src="{uri}" alt="x"></p>',
        '<p><a rel="attachment" href="{uri}">x</a></p>',
        '<style>@import url("{uri}");</style>',
        '<p><img alt="x" src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\' '
        "xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='{uri}'/></svg>\"></p>",
        '<p><img src="../secret.txt" alt="x"></p>',
    ],
)
def test_no_file_outside_the_deck_is_read(body: str, secret: Path) -> None:
    deck = secret.parent / "deck"
    result = pdf.write(page(body.format(uri=secret.as_uri()), deck))
    assert result.value is not None
    with pikepdf.open(io.BytesIO(result.value)) as document:
        assert not document.attachments
        assert all(SECRET.encode() not in stream for stream in _streams(document))


def test_a_link_that_leads_out_of_the_deck_is_not_followed(secret: Path) -> None:
    deck = secret.parent / "deck"
    (deck / "inside.txt").symlink_to(secret)
    with pytest.raises(ValueError, match="outside"):
        pdf.allowed((deck / "inside.txt").as_uri(), (deck,))


def structure(document: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """The elements of a document's structure in their order."""

    def below(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
        if isinstance(node, pikepdf.Array):
            for one in node:  # type: ignore[attr-defined]
                yield from below(one)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node
            yield from below(node.get("/K"))  # type: ignore[arg-type]

    return below(document.Root.StructTreeRoot.K)


def _streams(document: pikepdf.Pdf) -> Iterator[bytes]:
    for thing in document.objects:
        if isinstance(thing, pikepdf.Stream):
            try:
                yield thing.read_bytes()
            except pikepdf.PdfError:
                yield thing.read_raw_bytes()


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", asked
    httpd.shutdown()
    thread.join()


def test_nothing_is_fetched_from_the_network(server: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = server
    body = (
        f'<link rel="stylesheet" href="{address}/a.css"><style>p {{ background: url({address}/b) }}</style>'
        f'<p><img src="{address}/c.png" alt="x"></p><link rel="attachment" href="{address}/d">'
    )
    result = pdf.write(page(body, tmp_path))
    assert asked == []
    assert {found.code for found in result.diagnostics} == {codes.LAYOUT}


def test_what_weasyprint_says_is_a_warning_and_is_not_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result = pdf.write(
        page('<p style="no-such-property: 1">x</p><p><img src="no.png" alt="x"></p>', tmp_path)
    )
    assert {found.code for found in result.diagnostics} == {codes.LAYOUT}
    assert len(result.diagnostics) == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("tag", ["no", "nb", "tr", "fa", "he", "de-simple", "qqq"])
def test_a_language_that_nobody_can_hyphenate_is_set_all_the_same(tag: str, tmp_path: Path) -> None:
    style = "<style>p { width: 20mm; hyphens: auto }</style>"
    made = page(f"{style}<p>internasjonalisering</p>", tmp_path)
    html = made.html.replace('lang="en"', f'lang="{tag}"')
    result = pdf.write(replace(made, html=html, language=language(tag)))
    assert result.value is not None
    assert result.diagnostics == ()


def test_the_same_page_gives_the_same_bytes_and_another_date_other_ones(tmp_path: Path) -> None:
    first = pdf.write(page("<p>x</p>", tmp_path)).value
    assert first == pdf.write(page("<p>x</p>", tmp_path)).value
    assert first != pdf.write(page("<p>x</p>", tmp_path, changed=1_800_000_000)).value


def test_a_file_has_an_identifier_of_its_page_and_one_of_its_bytes(tmp_path: Path) -> None:
    def identifier(body: str, changed: int = 1_700_000_000) -> list[bytes]:
        content = pdf.write(page(body, tmp_path, changed=changed)).value
        assert content is not None
        with pikepdf.open(io.BytesIO(content)) as document:
            assert document.check_pdf_syntax() == []
            return [bytes(part) for part in document.trailer["/ID"]]

    first, other = identifier("<p>One</p>"), identifier("<p>Two</p>")
    later = identifier("<p>One</p>", 1_800_000_000)
    assert {len(part) for part in first + later + other} == {16}
    assert first[0] == later[0] != other[0]
    assert len({first[1], later[1], other[1]}) == 3


def test_the_environment_is_as_it_was_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    pdf.write(page("<p>x</p>", tmp_path))
    assert os.environ["SOURCE_DATE_EPOCH"] == "7"
    assert "FONTCONFIG_FILE" not in os.environ


def test_no_temporary_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    pdf.write(page("<p>x</p>", tmp_path))
    assert list(folder.iterdir()) == []


def test_a_machine_without_pango_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    result = pdf.write(page("<p>x</p>", tmp_path))
    assert result.value is None
    assert [found.code for found in result.diagnostics] == [codes.NO_PANGO]
    assert not pdf.available()


def test_words_of_another_language_keep_it_in_their_tags(tmp_path: Path) -> None:
    """WeasyPrint 70 drops every ``lang`` but the document's."""
    body = (
        '<p>a <cite lang="de" dir="ltr">Titel</cite> and <span lang="fr">mot</span></p>'
        '<ul><li lang="tr">söz</li></ul><div lang="es">x<p>y</p></div>'
        '<table><tr><th scope="col">h</th></tr><tr><td lang="uk">слово</td></tr></table>'
    )
    made = pdf.write(page(body, tmp_path))
    assert made.diagnostics == ()
    assert made.value is not None
    with pikepdf.open(io.BytesIO(made.value)) as document:
        assert document.Root.Lang == "en"
        found = [(str(node.S), str(node.Lang)) for node in structure(document) if "/Lang" in node]
    assert set(found) == {
        ("/NonStruct", "de"),
        ("/Span", "fr"),
        *((tag, "tr") for tag in ("/LI", "/Lbl", "/LBody")),
        ("/Div", "es"),
        ("/TD", "uk"),
    }


def test_the_head_of_a_column_or_a_row_says_which_it_is(tmp_path: Path) -> None:
    """WeasyPrint 70 tells the cells alone."""
    head = '<tr><th scope="col">a</th><th scope="col">b</th></tr>'
    made = pdf.write(page(f'<table>{head}<tr><th scope="row">c</th><td>d</td></tr></table>', tmp_path)).value
    assert made is not None
    with pikepdf.open(io.BytesIO(made)) as document:
        cells = [node for node in structure(document) if str(node.S) in ("/TH", "/TD")]
        assert [str(cell.A.get("/Scope", "")) for cell in cells] == ["/Column", "/Column", "/Row", ""]
        assert [str(name) for name in cells[3].A.Headers] == [str(cells[2].ID), str(cells[1].ID)]


def test_a_link_is_one_link_and_is_there_on_paper_whatever_stands_in_it(tmp_path: Path) -> None:
    """WeasyPrint 70 makes one of each element in it, in tags that are no link's."""
    made = pdf.write(page('<p><a href="https://example.org">x <b>y</b> <i>z</i></a></p>', tmp_path)).value
    assert made is not None
    with pikepdf.open(io.BytesIO(made)) as document:
        (link,) = document.pages[0].Annots  # type: ignore[misc]
        assert link.F == 4
        assert [str(node.S) for node in structure(document)].count("/Link") == 1


@pytest.mark.parametrize(("words", "read"), [("السردية يفسّر", {"سر"}), ("يفسّر", set())])
def test_a_ligature_with_a_vowel_mark_can_be_read_elsewhere(
    tmp_path: Path, words: str, read: set[str]
) -> None:
    """WeasyPrint 70 learns what a glyph stands for from the first word that has it."""
    arabic = language("ar")
    (family,) = [each.name for each in fonts.families(arabic) if "Arabic" in each.name]
    body = f'<p lang="ar" dir="rtl" style="font-family: {family}">{words}</p>'
    made = pdf.write(replace(page(body, tmp_path), language=arabic)).value
    assert made is not None
    with pdfplumber.open(io.BytesIO(made)) as document:
        glyphs = [glyph["text"] for glyph in document.pages[0].chars if "Arabic" in glyph["fontname"]]
    assert len(glyphs) == len(words) - words.count("سر") - words.count("سّر"), "no glyph is lost"
    assert read <= set(glyphs)


# What a page is told of itself


def seen(body: str, base: Path) -> tuple[pdf.Box, ...]:
    """The boxes of a page as ``settle`` is shown them."""
    shown: list[tuple[pdf.Box, ...]] = []

    def settle(_: pdf.Page, boxes: tuple[pdf.Box, ...]) -> tuple[Diagnostic, ...]:
        shown.append(boxes)
        return ()

    style = "<style>@page { size: 100mm 100mm; margin: 0 } body, p { margin: 0 } h1 { display: none }</style>"
    assert pdf.write(page(style + body, base), settle).value is not None
    (boxes,) = shown
    return boxes


def test_a_box_tells_its_edges_and_how_far_its_words_reach(tmp_path: Path) -> None:
    at = "position: absolute; left: 10mm; top: 20mm; width: 30mm; height: 5mm"
    wide, empty = seen(
        f'<div data-box style="{at}; white-space: nowrap">{"word " * 30}</div><p data-box></p>', tmp_path
    )
    assert wide[:4] == pytest.approx((10, 20, 40, 25))
    left, top, right, _ = wide.words
    assert (left, top) == pytest.approx((10, 20))
    assert right > 90
    assert wide.whole
    assert empty.words[:2] == empty[:2]
    assert empty.words[3] <= empty.bottom


def test_a_box_that_goes_on_on_another_page_is_not_whole(tmp_path: Path) -> None:
    one, two = seen(f"<p data-box>{'word<br>' * 60}</p><p data-box>last</p>", tmp_path)
    assert not one.whole
    assert two.whole


def test_a_page_is_set_anew_until_nothing_has_to_be_changed(tmp_path: Path) -> None:
    before = page("<p data-box>wrong</p>", tmp_path)

    def settle(now: pdf.Page, boxes: tuple[pdf.Box, ...]) -> pdf.Page | tuple[Diagnostic, ...]:
        assert len(boxes) == 1
        return replace(now, html=now.html.replace("wrong", "right")) if "wrong" in now.html else ()

    after = pdf.write(page("<p data-box>right</p>", tmp_path))
    assert pdf.write(before, settle) == after
    assert after.diagnostics == ()


def test_a_page_that_cannot_be_settled_is_not_written(tmp_path: Path) -> None:
    error = Diagnostic(codes.CARD_FULL, Span("deck.yaml"), {"item": "a", "side": "front", "size": "9"})
    result = pdf.write(page("<p>x</p>", tmp_path), lambda _page, _boxes: (error,))
    assert result.value is None
    assert result.diagnostics == (error,)
