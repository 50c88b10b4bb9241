"""``deckgen doctor``: what the system must have, whether it has it, and the one command that mends it."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from deckgen import fonts
from deckgen.diagnostics import reason_of

# Tried on a bare Debian 12; Fedora's, Homebrew's and MSYS2's names are from their package lists.
MEND = {
    "debian": "apt-get install --no-install-recommends"
    " libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils",
    "fedora": "dnf install pango harfbuzz poppler-utils",
    "macos": "brew install pango poppler",
    "windows": "pacman -S mingw-w64-ucrt-x86_64-pango mingw-w64-ucrt-x86_64-poppler"
    " (in MSYS2; then set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\ucrt64\\bin)",
}
# Where WeasyPrint looks on Windows if WEASYPRINT_DLL_DIRECTORIES does not say.
_DLLS = r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin;C:\Program Files\GTK3-Runtime Win64\bin"
_PANGO = ("pango-1.0-0", "pango-1.0", "libpango-1.0-0", "libpango-1.0.so.0", "libpango-1.0.dylib")
_FT2 = (
    "pangoft2-1.0-0",
    "pangoft2-1.0",
    "libpangoft2-1.0-0",
    "libpangoft2-1.0.so.0",
    "libpangoft2-1.0.dylib",
)
_SUBSET = (
    "harfbuzz-subset",
    "harfbuzz-subset-0",
    "libharfbuzz-subset-0",
    "libharfbuzz-subset.so.0",
    "libharfbuzz-subset.dylib",
)


class Finding(NamedTuple):
    """One thing looked at; ``needed`` tells whether deckgen cannot do without."""

    name: str
    good: bool
    detail: str
    needed: bool = True


def platform(system: str = sys.platform, release: Path = Path("/etc/os-release")) -> str:
    """Return ``debian``, ``fedora``, ``macos`` or ``windows``: whose command is named."""
    if system == "darwin":
        return "macos"
    if system.startswith(("win", "cygwin", "msys")):
        return "windows"
    try:
        text = release.read_text(encoding="utf-8", errors="replace").lower()
    except OSError:
        text = ""
    likes = [line for line in text.splitlines() if line.startswith(("id=", "id_like="))]
    return (
        "fedora" if any(word in line for line in likes for word in ("fedora", "rhel", "suse")) else "debian"
    )


def _library(names: tuple[str, ...]) -> bool:
    """Whether one of the names can be loaded, in the way that WeasyPrint loads it."""
    candidates = [*names, *filter(None, (ctypes.util.find_library(name) for name in names))]
    folders = os.environ.get("WEASYPRINT_DLL_DIRECTORIES", _DLLS).split(";")
    candidates += [str(Path(folder) / f"{name}.dll") for folder in folders if folder for name in names]
    for name in candidates:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def _fonts() -> Finding:
    packages = fonts.packages()
    missing = [name for name, installed in packages.items() if not installed]
    detail = f"missing: pip install {' '.join(missing)}" if missing else "installed"
    return Finding("fonts", not missing, detail)


def _output(folder: Path) -> Finding:
    whole = folder.resolve()
    place = next((path for path in (whole, *whole.parents) if path.exists()), whole)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Finding("output", False, f"{folder.as_posix()} cannot be written: {reason_of(error)}")
    return Finding("output", True, f"{folder.as_posix()} can be written")


def examine(output: Path, library: Callable[[tuple[str, ...]], bool] = _library) -> tuple[Finding, ...]:
    """Look at everything. Nothing is changed."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    pdftotext = shutil.which("pdftotext")

    def found(name: str, names: tuple[str, ...], why: str, needed: bool = True) -> Finding:
        good = library(names)
        return Finding(name, good, "installed" if good else why, needed)

    return (
        Finding("Python", sys.version_info >= (3, 11), version),
        found("Pango", _PANGO, "missing: no PDFs without it"),
        found("PangoFT2", _FT2, "missing: no PDFs without it"),
        found("HarfBuzz subset", _SUBSET, "missing: PDFs are made slowly, with a warning", needed=False),
        _fonts(),
        _output(output),
        Finding(
            "pdftotext",
            bool(pdftotext),
            "installed" if pdftotext else "missing: “check --essay” reads no PDFs",
            needed=False,
        ),
    )


def remedy(findings: tuple[Finding, ...], system: str | None = None) -> str:
    """Return the one command that installs what is missing from the system, or an empty text."""
    system_parts = ("Pango", "PangoFT2", "HarfBuzz subset", "pdftotext")
    if all(finding.good for finding in findings if finding.name in system_parts):
        return ""
    system = system or platform()
    getuid = getattr(os, "geteuid", None)
    sudo = "sudo " if system in ("debian", "fedora") and getuid is not None and getuid() != 0 else ""
    return sudo + MEND[system]
