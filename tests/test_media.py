"""The files in ``media/``: each format by its bytes, drawings that only draw, and hostile ones."""

from __future__ import annotations

import io
import re
import time
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from deckgen import media
from deckgen.diagnostics import Result, codes
from deckgen.markup.names import chosen, is_name, is_sound, unvaried, variants
from deckgen.media import formats, svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def picture(kind: str, width: int = 31, height: int = 17, **options: Any) -> bytes:
    """A picture as a program of our days writes it."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#9b1c31").save(out, kind, **options)
    return out.getvalue()


def ogg(codec: bytes) -> bytes:
    return b"OggS\x00\x02" + bytes(20) + b"\x01" + bytes([len(codec)]) + codec + bytes(40)


WHOLE = {
    "a.png": picture("PNG"),
    "a.jpg": picture("JPEG"),
    "b.jpeg": picture("JPEG", progressive=True),
    "a.webp": picture("WEBP"),
    "b.webp": picture("WEBP", lossless=True),
    "c.webp": picture("WEBP", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"),
    "a.svg": f"{HEAD}<path/></svg>".encode(),
    "b.svg": b"\xef\xbb\xbf" + f"<?xml version='1.0'?>\n{HEAD}</svg>".encode(),
    "c.svg": f"{HEAD}</svg>".encode("utf-16"),
    "a.mp3": b"ID3\x04\x00\x00" + bytes(100),
    "b.mp3": b"\xff\xfb\x90\x64" + bytes(100),
    "a.ogg": ogg(b"vorbis"),
    "b.ogg": ogg(b"OpusHead"),
    "a.opus": ogg(b"OpusHead"),
    "a.m4a": b"\x00\x00\x00\x20ftypM4A " + bytes(40),
    "a.wav": b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28),
    "a.flac": b"fLaC\x00\x00\x00\x22" + bytes(40),
}


def told(name: str, content: bytes) -> str:
    fault = formats.fault(name, content)
    return fault.code.id if fault else ""


def found(body: str | bytes) -> list[str]:
    content = body if isinstance(body, bytes) else f"{HEAD}{body}</svg>".encode()
    return [fault.code.id for fault in svg.faults(content)]


# Names --------------------------------------------------------------------------------


def test_the_nearest_variant_stands_for_a_file() -> None:
    assert list(variants("map.svg", "pt-BR")) == ["map.pt-BR.svg", "map.pt.svg", "map.svg"]
    files = {"map.svg", "map.pt.svg", "map.ar.svg", "sign.ar.svg"}
    assert chosen("map.svg", "pt-BR", files) == "map.pt.svg"
    assert chosen("map.svg", "ar", files) == "map.ar.svg"
    assert chosen("map.svg", "de-simple", files) == "map.svg"
    assert chosen("sign.svg", "ar", files) == "sign.ar.svg"
    assert chosen("sign.svg", "de", files) is None


def test_a_variant_s_own_name_is_told_from_others() -> None:
    assert unvaried("map.ar.svg", ("ar",)) == "map.svg"
    assert unvaried("map.old.svg", ("ar",)) == "map.old.svg"
    assert unvaried("ar.svg", ("ar",)) == "ar.svg"


@pytest.mark.parametrize(
    "name", ["map.svg", "a_b-c.1.png", "A.jpeg", "x.pt-BR.webp", "wind.opus", "con-a.svg"]
)
def test_these_can_be_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    ["map.SVG", "map.gif", "a b.png", "ä.png", ".svg", "-a.png", "a/b.png", "..png", "con.svg", "Aux.fr.png"],
)
def test_these_cannot(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("name", ["a.png\n", f"{97 * 'a'}.png", "", "a", "a\\b.png", "%41.png"])
def test_nor_can_these(name: str) -> None:
    assert not is_name(name)


def test_sounds_are_told_from_pictures() -> None:
    assert is_sound("a.mp3")
    assert not is_sound("a.mp3.png")


# Formats ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_of_each_format_is_good(name: str) -> None:
    assert formats.fault(name, WHOLE[name]) is None


@pytest.mark.parametrize("name", [name for name in WHOLE if not is_sound(name) and "svg" not in name])
def test_the_pixels_of_a_picture_are_read(name: str) -> None:
    content = WHOLE[name]
    assert formats.size(formats.format_of(content), content) == (31, 17)


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_by_another_s_name_is_told(name: str) -> None:
    for other in WHOLE:
        one, two = formats.format_of(WHOLE[name]), formats.format_of(WHOLE[other])
        if one != two and {one, two} != {"ogg", "opus"}:
            assert told(other, WHOLE[name]) == "D708", f"{name} as {other}"


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "b.jpeg", "a.webp", "b.webp", "c.webp", "a.wav"])
def test_a_file_that_is_cut_off_is_told_wherever_it_was_cut(name: str) -> None:
    content = WHOLE[name]
    for length in range(len(content) - 2):
        assert told(name, content[:length]) in ("D708", "D709"), length


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_with_too_many_pixels_is_told_by_its_header(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MAX_PIXELS", 4000)
    monkeypatch.setattr(formats, "MAX_SIDE", 100)
    name = {"PNG": "a.png", "JPEG": "a.jpg", "WEBP": "a.webp"}[kind]
    assert told(name, picture(kind, 80, 50)) == told(name, picture(kind, 100, 1)) == ""
    assert told(name, picture(kind, 81, 50)) == told(name, picture(kind, 1, 101)) == "D710"


def test_a_bomb_is_not_unpacked() -> None:
    """A gigabyte of nothing, in a megabyte: its header alone is read."""
    header = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    packed = zlib.compress(bytes(50_000_000), 9)
    chunks = (header, b"IDAT" + packed, b"IEND")
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(each) - 4).to_bytes(4, "big") + each + zlib.crc32(each).to_bytes(4, "big") for each in chunks
    )
    tracemalloc.start()
    assert told("a.png", bomb) == "D710"
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()


@given(st.sampled_from(sorted(WHOLE)), st.binary(max_size=60), st.integers(0, 200))
@settings(deadline=None)
def test_no_bytes_bring_it_down(name: str, noise: bytes, at: int) -> None:
    content = WHOLE[name][:at] + noise + WHOLE[name][at:]
    formats.fault(name, content)
    formats.fault(name, noise)
    svg.faults(content)
    svg.faults(HEAD.encode() + noise)


# Drawings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<title>A map</title><path d='M0 0h1' fill='url(#a)'/><style>.a { fill: #9b1c31 } /* //x */</style>",
        "<defs><linearGradient id='a'/></defs><use xlink:href='#a'/><a id='b'/><animate attributeName='x'/>",
        "<image href='data:image/png;base64,AAAA'/><text on='x' font-family=\"'Fira Sans'\">http://a.b</text>",
        "<metadata><a:b xmlns:a='http://a.b/c' a:resource='http://a.b/d'/></metadata><!-- http://a.b -->",
        "<image href=''/><style>@font-face { src: url(data:font/woff2;base64,AAAA) }</style>",
    ],
)
def test_a_drawing_that_only_draws_is_good(body: str) -> None:
    assert [each for each in svg.faults(f"{HEAD}{body}</svg>".encode()) if "on=" not in str(each.args)] == []


def test_a_document_type_without_declarations_is_good() -> None:
    public = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert found(f"{public}{HEAD}</svg>".encode()) == []
    assert found(f"{public}{HEAD}<text>&haha;</text></svg>".encode()) == ["D711"]


@pytest.mark.parametrize(
    "body",
    [
        "<script/>",
        "<a:script xmlns:a='http://www.w3.org/1999/xhtml'/>",
        "<p xmlns='http://www.w3.org/1999/xhtml'/>",
        "<foreignObject/>",
        "<path ONLOAD='x()'/>",
        "<a href='javascript:x()'/>",
        "<a xlink:href=' \n jAvAsCrIpT:x()'/>",
        "<animate attributeName='xlink:href' values='#a'/>",
        "<set attributeName='onclick' to='x()'/>",
        "<audio xmlns='http://www.w3.org/1999/xhtml' src='#'/>",
        "<g><g><handler/></g></g>",
        "<style>a { b: url(javascript:x) }</style>",
    ],
)
def test_what_could_run_is_told(body: str) -> None:
    assert set(found(body)) == {"D712"}


@pytest.mark.parametrize(
    "body",
    [
        "<image href='http://a.b/c.png'/>",
        "<image xlink:href='//a.b/c.png'/>",
        "<image href='c.png'/>",
        "<use href='other.svg#a'/>",
        "<use href='file:///etc/passwd'/>",
        "<image href='data:image/svg+xml,&lt;svg/>'/>",
        "<image href='data:text/html,x'/>",
        "<path fill='url(http://a.b/c#d)'/>",
        "<path style='fill: URL( \"//a.b/c#d\" )'/>",
        "<path style='fill: u\\72 l(//a.b/c#d)'/>",
        "<path style='fill: u/**/rl(x); mask: image-set(\"//a.b/c.png\" 1x)'/>",
        "<style>@import 'http://a.b/c.css';</style>",
        "<style><![CDATA[@import url(c.css);]]></style>",
        "<style>@font-face { src: url(http://a.b/c.woff) }</style>",
        "<g xml:base='http://a.b/'/>",
    ],
)
def test_what_would_be_fetched_is_told(body: str) -> None:
    assert set(found(body)) == {"D713"}


@pytest.mark.parametrize(
    "content",
    [
        b"<svg/>",
        b"<a/>",
        b"<",
        b"<?xml version='1.0' encoding='nothing'?><svg/>",
        f"{HEAD}<g></svg>".encode(),
        f"{HEAD}{200 * '<g>'}{200 * '</g>'}</svg>".encode(),
        f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{HEAD}&a;</svg>".encode(),
        f"<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'x()'>]>{HEAD}</svg>".encode(),
        f"<!DOCTYPE svg [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]>{HEAD}</svg>".encode(),
        f"{HEAD}<use href='#a'/><g id='a'><g id='b'><use href='#b'/></g></g></svg>".encode(),
        f"{HEAD}{'<g/>' * 100_001}</svg>".encode(),
    ],
)
def test_what_is_no_drawing_is_told_once(content: bytes) -> None:
    assert found(content) == ["D711"]


def test_what_is_drawn_again_and_again_is_counted_and_not_drawn() -> None:
    levels = "".join(
        f"<g id='a{level + 1}'>" + 10 * f"<use xlink:href='#a{level}'/>" + "</g>" for level in range(20)
    )
    start = time.process_time()
    assert found(f"<g id='a0'><path/></g>{levels}<use href='#a20'/>") == ["D711"]
    assert time.process_time() - start < 1
    assert found("<g id='a'><path/></g>" + 1000 * "<use href='#a'/>") == []


def test_a_fault_is_told_at_its_place() -> None:
    (fault,) = svg.faults(f"{HEAD}\n<g>\n  <script/></g></svg>".encode())
    assert (fault.line, fault.column, fault.args) == (3, 3, {"what": "<script>"})


def test_the_first_faults_of_many_are_told() -> None:
    assert len(found(50 * "<script/>")) == svg.AT_MOST


# The folder ---------------------------------------------------------------------------


def test_a_folder_of_good_files_is_good(tmp_path: Path) -> None:
    for name, content in WHOLE.items():
        (tmp_path / name).write_bytes(content + (b"" if name[0] == "a" or "svg" in name else b" "))
    (tmp_path / ".DS_Store").write_bytes(b"x")
    result = media.look(tmp_path)
    assert [one.text() for one in result.diagnostics] == []
    assert result.value == media.usable(tmp_path) == set(WHOLE)


def test_no_folder_is_no_fault(tmp_path: Path) -> None:
    assert media.look(tmp_path / "media") == Result(frozenset(), ())


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(2_000_000_000)
    (found,) = media.look(tmp_path).diagnostics
    assert found.code is codes.HUGE_MEDIA
    assert found.args["size"] == "1907.3"


def test_a_folder_that_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.svg").write_bytes(WHOLE["a.svg"])
    (tmp_path / "media").symlink_to("elsewhere")
    result = media.look(tmp_path / "media")
    assert result.value == frozenset()
    assert [one.code for one in result.diagnostics] == [codes.MEDIA_ELSEWHERE]


def test_hints_name_all_endings() -> None:
    endings = "png jpg jpeg webp svg mp3 m4a ogg opus wav flac"
    assert re.findall(r"\.(\w+)", media.ENDINGS) == endings.split()


def test_a_folder_of_pictures_that_lies_elsewhere_has_none(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "map.png").write_bytes(b"x")
    deck = tmp_path / "deck"
    deck.mkdir()
    (deck / "media").symlink_to(elsewhere)
    assert media.usable(deck / "media") == frozenset()
    (deck / "media").unlink()
    (deck / "media").mkdir()
    (deck / "media" / "own.png").write_bytes(b"x")
    (deck / "media" / "link.png").symlink_to(elsewhere / "map.png")
    (deck / "media" / "round.png").symlink_to(deck / "media" / "round.png")
    assert media.usable(deck / "media") == {"own.png"}
