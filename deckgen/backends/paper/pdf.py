"""HTML → PDF. The one user of weasyprint, which is imported when a page is first set.

The result is PDF/UA-1 with our own fonts and the same bytes for the same input. A page can
read the files of its folders and nothing else: no network, no other file, whatever it says.
WeasyPrint reads its settings from the environment, so one process sets one page at a time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import mimetypes
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.sax.saxutils import escape

from deckgen import fonts
from deckgen.backends.paper.mends import mend
from deckgen.cache import contents, digest
from deckgen.collector import uncollected
from deckgen.diagnostics import Diagnostic, Result, Span, codes
from deckgen.model import Language

VARIANT = "pdf/ua-1"
_LOGGERS = ("weasyprint", "weasyprint.progress", "fontTools")
_MAX_MESSAGE = 200
# What a page can name and is not written in it.
_FETCHED = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".css", ".ttf", ".otf", ".woff", ".woff2")


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be set.

    ``html`` is the whole document; its relative links start at the folder ``base``. It can
    read the files in ``folders``. ``changed`` (seconds since 1970, UTC) is its date. ``span``
    is where a diagnostic about its layout points. ``large`` print has faces of its own. What is not
    ``tagged`` is for print alone, and no PDF/UA.
    """

    html: str
    base: Path
    folders: tuple[Path, ...]
    language: Language
    changed: int
    span: Span
    large: bool = False
    tagged: bool = True

    @property
    def key(self) -> str:
        """A hash of all that the PDF depends on, but for the programs and fonts of this machine."""
        files = contents(self.folders, endings=_FETCHED)
        return digest("page", self.html, self.language, self.changed, self.large, self.tagged, files)

    def finish(self) -> Result[bytes | None]:
        """Set the page."""
        return write(self)


class Box(NamedTuple):
    """An element with the attribute ``data-box``, as it was set, and how far what stands in it reaches.

    All are mm from the top left corner of its page. It is ``whole`` if it stands on one page.
    """

    left: float
    top: float
    right: float
    bottom: float
    words: tuple[float, float, float, float]
    whole: bool = True


# What a page becomes when its boxes are seen: another page, or what prevents it; nothing if all is well.
Settle = Callable[[Page, tuple[Box, ...]], Page | tuple[Diagnostic, ...]]


def write(page: Page, settle: Settle | None = None) -> Result[bytes | None]:
    """Return the PDF, or None if this machine lacks Pango; what WeasyPrint says is a warning.

    ``settle`` is shown the boxes of the page, in the order of the document, and may have another page set
    instead, until it is content; it has to come to an end.
    """
    messages: list[str] = []
    with _quiet(page.changed, messages):
        weasyprint = _weasyprint()
        if not weasyprint:
            return Result(None, (Diagnostic(codes.NO_PANGO, page.span),))
        content, errors = _set(weasyprint, page, settle, messages)
    base = f"{page.base.resolve().as_uri()}/"
    told = dict.fromkeys(message.replace(base, "") for message in messages)
    said = (Diagnostic(codes.LAYOUT, page.span, {"message": message}) for message in told)
    return Result(content, (*errors, *said))


def _set(
    weasyprint: Any, page: Page, settle: Settle | None, messages: list[str]
) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """Return the PDF, or what prevents it. The document is gone before the collector looks at it."""
    document = _document(weasyprint, page)
    while settle is not None:
        settled = settle(page, _boxes(document))
        if not isinstance(settled, Page):
            if settled:
                return None, settled
            break
        page = settled
        messages.clear()  # the same is said of the other page
        document = _document(weasyprint, page)
    return _bytes_of(document, page), ()


def available() -> bool:
    """Whether this machine has what PDFs need: WeasyPrint's own libraries and Pango."""
    with _quiet(0, []):
        return _weasyprint() is not None


def _weasyprint() -> Any:
    """Import WeasyPrint; None if Pango is missing, which it also prints: that is held back."""
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")  # "no fonts configured": so it is meant
            import weasyprint
    except OSError:
        return None
    mend(weasyprint)
    return weasyprint


def _document(weasyprint: Any, page: Page) -> Any:
    """Lay the page out."""
    from weasyprint.text.fonts import FontConfiguration

    faces = fonts.faces(page.language, large=page.large)
    fetcher = _fetcher(page.folders, {face.file.as_uri(): face.file for face in faces})
    configuration = FontConfiguration()
    sheet = fonts.stylesheet(faces)
    style = weasyprint.CSS(string=sheet, font_config=configuration, url_fetcher=fetcher, base_url=None)
    html = weasyprint.HTML(string=page.html, base_url=page.base.resolve().as_uri() + "/", url_fetcher=fetcher)
    variant = VARIANT if page.tagged else None
    return html.render(font_config=configuration, stylesheets=[style], pdf_variant=variant)


def _bytes_of(document: Any, page: Page) -> bytes:
    moment = datetime.fromtimestamp(page.changed, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    document.metadata.created = document.metadata.modified = moment
    content: bytes = document.write_pdf(pdf_variant=VARIANT if page.tagged else None)
    return _identified(content, page)


def _identified(content: bytes, page: Page) -> bytes:
    """Return a PDF with its identifier (ISO 32000-1, 14.4): of the page, and of all that is in the file.

    It goes into the last dictionary, behind which there are no offsets. If WeasyPrint is asked for one, all
    objects are written and compressed twice.
    """
    start = int(content.rpartition(b"startxref")[2].split()[0])
    head = content.index(b"<<", start) + len(b"<<")
    ours, whole = (hashlib.sha256(data).hexdigest()[:32].encode() for data in (page.html.encode(), content))
    return content[:head] + b" /ID [<" + ours + b"> <" + whole + b">]" + content[head:]


# Where things were set


def _boxes(document: Any) -> tuple[Box, ...]:
    """Return the boxes of the elements with ``data-box``; one that goes on on another page is not whole."""
    found: dict[int, Box] = {}
    for page in document.pages:
        stack = [page._page_box]
        while stack:
            box = stack.pop()
            element = getattr(box, "element", None)
            if element is None or element.get("data-box") is None:
                stack += reversed(getattr(box, "children", ()))
            elif id(element) in found:
                found[id(element)] = found[id(element)]._replace(whole=False)
            else:
                left, top = box.border_box_x(), box.border_box_y()
                edges = _mm(left, top, left + box.border_width(), top + box.border_height())
                found[id(element)] = Box(*edges, words=_mm(*_reach(box)))
    return tuple(found.values())


def _reach(box: Any) -> tuple[float, float, float, float]:
    """Return the edges of the words and pictures in a box, in px; the box's own where there are none."""
    from weasyprint.formatting_structure import boxes

    left, top, right, bottom = [], [], [], []
    stack = [box]
    while stack:
        each = stack.pop()
        stack += getattr(each, "children", ())
        if isinstance(each, boxes.TextBox | boxes.ReplacedBox):
            left.append(each.position_x)
            right.append(each.position_x + each.width)
        if isinstance(each, boxes.LineBox | boxes.ReplacedBox):
            top.append(each.position_y)
            bottom.append(each.position_y + each.height)
    x, y = box.border_box_x(), box.border_box_y()
    return min(left, default=x), min(top, default=y), max(right, default=x), max(bottom, default=y)


def _mm(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    """Return lengths in CSS pixels as mm."""
    px = 25.4 / 96
    return left * px, top * px, right * px, bottom * px


# What a page can read


def _fetcher(folders: tuple[Path, ...], own: Mapping[str, Path]) -> Any:
    """Return a fetcher for WeasyPrint: of ``data:`` URIs with pictures, files in ``folders``, and our own."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data", "file"), allow_redirects=False)

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url[:11].lower() == "data:image/":
                return super().fetch(url, headers)
            file = own.get(url) or allowed(url, folders)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    return Fetcher()


def allowed(url: str, folders: tuple[Path, ...]) -> Path:
    """Return the file that a ``file:`` URI names, links resolved.

    Raises ``ValueError`` if it is no such URI or lies outside the folders, and ``OSError`` if
    there is no such file: WeasyPrint leaves the thing out and tells.
    """
    parts = urlsplit(url)
    if parts.scheme.lower() != "file" or parts.netloc not in ("", "localhost"):
        raise ValueError("only files of the deck and of its templates can be used")
    file = Path(url2pathname(parts.path)).resolve(strict=True)
    if not any(file.is_relative_to(folder.resolve()) for folder in folders):
        raise ValueError("this file lies outside the deck and its templates")
    return file


# What WeasyPrint reads and says


@contextlib.contextmanager
def _quiet(changed: int, messages: list[str]) -> Iterator[None]:
    """Run WeasyPrint apart from the machine: no fonts of its own, no clock, nothing printed."""
    with (
        tempfile.TemporaryDirectory(prefix="deckgen-", ignore_cleanup_errors=True) as folder,
        _environment(Path(folder), changed),
        _listening(messages),
        uncollected(),
    ):
        yield


@contextlib.contextmanager
def _environment(folder: Path, changed: int) -> Iterator[None]:
    """Give fontconfig no fonts of the machine and fontTools a fixed clock, for a while.

    WeasyPrint's own temporary files go into ``folder`` too: it would leave them until a collection.
    """
    configuration = folder / "fonts.conf"
    cache = escape(str(folder / "cache"))
    configuration.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig><cachedir>{cache}</cachedir></fontconfig>\n",
        encoding="utf-8",
    )
    values = {"FONTCONFIG_FILE": str(configuration), "SOURCE_DATE_EPOCH": str(changed)}
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    temporary, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = temporary
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Collector(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        message = " ".join(record.getMessage().split())
        self.messages.append(message[:_MAX_MESSAGE])


@contextlib.contextmanager
def _listening(messages: list[str]) -> Iterator[None]:
    """Collect what WeasyPrint and fontTools log as warnings or worse, instead of printing it."""
    collector = _Collector(messages)
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger.handlers[:], logger.propagate, logger.level) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [collector], False
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(level)
