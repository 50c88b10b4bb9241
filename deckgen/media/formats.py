"""Files by their contents: what they are, by their first bytes, whether they are whole, and their pixels.

A file's name is what whoever put it there says; a program that shows it goes by the content. Read are headers
alone, so that a picture that would fill the memory is known before anybody draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from struct import error, unpack_from
from typing import NamedTuple

from deckgen.diagnostics import Code, codes

MAX_PIXELS = 40_000_000  # drawn, they take 160 MB
MAX_SIDE = 16_384  # more than that WebP cannot have, nor the graphics of most telephones

_NAMES = {
    "png": "PNG",
    "jpeg": "JPEG",
    "webp": "WebP",
    "svg": "SVG",
    "gif": "GIF",
    "mp3": "MP3",
    "m4a": "MPEG-4 (M4A)",
    "ogg": "Ogg",
    "opus": "Opus",
    "wav": "WAV",
    "flac": "FLAC",
    "pdf": "PDF",
    "zip": "a ZIP archive",
    "gzip": "compressed (gzip)",
    "html": "a web page",
    "": "something else",
}
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
)
_UTF16 = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")


class Fault(NamedTuple):
    """What is wrong with a file: a diagnostic's code and words."""

    code: Code
    args: Mapping[str, object]


def fault(name: str, content: bytes) -> Fault | None:
    """Return what is wrong with a file, None if nothing is; of a drawing only that it is one is looked at."""
    ending = name.rpartition(".")[2].replace("jpg", "jpeg")
    if not content:
        return Fault(codes.BROKEN_MEDIA, {"reason": "it is empty"})
    seen = format_of(content)
    if seen != ending and not (ending == "ogg" and seen == "opus"):
        return Fault(codes.OTHER_CONTENT, {"told": _NAMES[ending], "seen": _NAMES[seen]})
    if _is_cut_off(seen, content):
        return Fault(codes.BROKEN_MEDIA, {"reason": "its end is missing"})
    if seen not in _SIZES:
        return None
    width, height = size(seen, content)
    if not width or not height:
        return Fault(codes.BROKEN_MEDIA, {"reason": "its width or height cannot be read"})
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        limits = {"limit": MAX_PIXELS // 1_000_000, "side": MAX_SIDE}
        return Fault(codes.MANY_PIXELS, {"width": width, "height": height, **limits})
    return None


def format_of(content: bytes) -> str:
    """Return what a file is by its first bytes, by its usual ending; empty if that is none of ours."""
    for beginning, name in _BEGINNINGS:
        if content.startswith(beginning):
            return name
    if content.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(content[8:12], "")
    if content.startswith(b"OggS"):
        return "opus" if b"OpusHead" in content[:100] else "ogg"
    if content[4:8] == b"ftyp":
        return "m4a"
    text = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:14].lower() == b"<!doctype html" or text[:5].lower() == b"<html":
        return "html"
    if text.startswith(b"<") or content.startswith(_UTF16):
        return "svg"
    return "mp3" if _is_mpeg_audio(content) else ""


def _is_mpeg_audio(content: bytes) -> bool:
    """Whether a frame of MPEG audio begins here (ISO/IEC 11172-3, 2.4.1.3); AAC has another layer."""
    head = content[:3]
    return (
        len(head) == 3
        and head[0] == 0xFF
        and head[1] & 0xE0 == 0xE0
        and head[1] & 0x18 != 0x08  # the version
        and head[1] & 0x06 != 0  # the layer
        and head[2] & 0xF0 != 0xF0  # the bit rate
        and head[2] & 0x0C != 0x0C  # the sampling rate
    )


def _is_cut_off(name: str, content: bytes) -> bool:
    """Whether the end of a file is missing, of those whose end can be known."""
    if name in ("webp", "wav"):
        return len(content) < 12 or len(content) < int.from_bytes(content[4:8], "little") + 8
    if name == "png":
        return not _png_ends(content)
    return name == "jpeg" and b"\xff\xd9" not in content[4:]


def _png_ends(content: bytes) -> bool:
    """Whether the chunks of a PNG lead to its last one (PNG, third edition, 5.3)."""
    at = 8
    while at + 12 <= len(content):
        kind = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if kind == b"IEND":
            return at <= len(content)
    return False


# Sizes in pixels ----------------------------------------------------------------------


def size(name: str, content: bytes) -> tuple[int, int]:
    """Return the width and the height of a picture in pixels; zeros where they cannot be read."""
    try:
        return _SIZES[name](content)
    except (error, IndexError):
        return 0, 0


def _png(content: bytes) -> tuple[int, int]:
    if content[12:16] != b"IHDR":
        return 0, 0
    width, height = unpack_from(">II", content, 16)
    return width, height


def _jpeg(content: bytes) -> tuple[int, int]:
    """Go through the segments to the one that begins a frame (ITU-T T.81, B.2.2)."""
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = unpack_from(">HH", content, at + 5)
            return width, height
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:  # filling, and marks without a length
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + max(unpack_from(">H", content, at + 2)[0], 2)
    return 0, 0


def _webp(content: bytes) -> tuple[int, int]:
    """Read the first chunk (RFC 9649, 2.5 to 2.7)."""
    kind = content[12:16]
    if kind == b"VP8X":
        return (
            int.from_bytes(content[24:27], "little") + 1,
            int.from_bytes(content[27:30], "little") + 1,
        )
    if kind == b"VP8L":
        bits = unpack_from("<I", content, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


_SIZES: Mapping[str, Callable[[bytes], tuple[int, int]]] = {"png": _png, "jpeg": _jpeg, "webp": _webp}
