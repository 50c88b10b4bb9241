"""``deckgen doctor``: what is missing, and the one command that mends it on each system."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import Result

from deckgen import doctor, fonts
from deckgen.backends.paper import pdf
from deckgen.doctor import MEND, Finding, examine, platform, remedy

Run = Callable[..., Result]
SYSTEMS = ("debian", "fedora", "macos", "windows")


def looked_at(lacking: str = "", output: Path = Path("output")) -> dict[str, Finding]:
    """What is found on a machine on which every library but one can be loaded."""

    def library(names: tuple[str, ...]) -> bool:
        return not lacking or not any(lacking in name for name in names)

    return {finding.name: finding for finding in examine(output, library)}


@pytest.fixture(autouse=True)
def _with_pdftotext(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("deckgen.doctor.shutil.which", lambda name: f"bin/{name}")


# What is looked at --------------------------------------------------------------------


def test_a_good_machine_needs_nothing() -> None:
    found = looked_at()
    assert all(finding.good for finding in found.values())
    assert set(found) == {"Python", "Pango", "PangoFT2", "HarfBuzz subset", "fonts", "output", "pdftotext"}
    for system in SYSTEMS:
        assert remedy(tuple(found.values()), system) == ""


@pytest.mark.parametrize(
    ("lacking", "name", "needed"),
    [
        ("pango-1.0", "Pango", True),
        ("pangoft2", "PangoFT2", True),
        ("harfbuzz-subset", "HarfBuzz subset", False),
    ],
)
def test_a_missing_library_is_named(lacking: str, name: str, needed: bool) -> None:
    found = looked_at(lacking)
    assert [finding.name for finding in found.values() if not finding.good] == [name]
    assert found[name].needed is needed
    assert "missing" in found[name].detail
    for system in SYSTEMS:
        assert remedy(tuple(found.values()), system).endswith(MEND[system])


def test_a_missing_pdftotext_is_named_but_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deckgen.doctor.shutil.which", lambda _: None)
    found = looked_at()
    assert (found["pdftotext"].good, found["pdftotext"].needed) == (False, False)
    for system in SYSTEMS:
        assert "poppler" in remedy(tuple(found.values()), system)


def test_missing_fonts_are_named_with_the_command_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deckgen.doctor.fonts.packages", lambda: {"fontpkg-one": True, "fontpkg-two": False})
    found = looked_at()["fonts"]
    assert (found.good, found.needed) == (False, True)
    assert found.detail == "missing: pip install fontpkg-two"
    assert remedy((found,), "debian") == ""  # it is nothing of the system's


def test_an_output_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    output = looked_at(output=Path("file") / "output")["output"]
    assert (output.good, output.needed) == (False, True)
    assert output.detail.startswith("file/output cannot be written: ")
    assert remedy((output,), "debian") == ""


def test_a_file_in_the_place_of_the_output_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("", encoding="utf-8")
    output = looked_at()["output"]
    assert (output.good, output.needed) == (False, True)
    assert output.detail.startswith("output cannot be written: ")


def test_an_output_folder_without_permission_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(dir: Path) -> NoReturn:  # noqa: A002 - the name that tempfile gives it
        assert dir == tmp_path.resolve()
        raise PermissionError(errno.EACCES, "Permission denied", str(dir))

    monkeypatch.setattr("deckgen.doctor.tempfile.TemporaryFile", refuse)
    detail = "output cannot be written: its permissions do not allow it"
    assert looked_at()["output"] == Finding("output", False, detail)


def test_nothing_on_the_machine_is_changed(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "garden.en.apkg").write_bytes(b"yesterday's")

    def state() -> dict[Path, tuple[bytes, int]]:
        return {
            path: (path.read_bytes(), path.stat().st_mtime_ns) if path.is_file() else (b"", 0)
            for path in tmp_path.rglob("*")
        }

    before, environment = state(), dict(os.environ)
    examine(Path("output"))
    assert state() == before
    assert dict(os.environ) == environment


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deckgen.doctor.sys.version_info", (3, 10, 14, "final", 0))
    assert looked_at()["Python"] == Finding("Python", False, "3.10.14")


def test_the_doctor_and_the_back_end_see_the_same_machine() -> None:
    found = {finding.name: finding.good for finding in examine(Path("output"))}
    assert (found["Pango"] and found["PangoFT2"]) is pdf.available()
    assert not doctor._library(("no-such-library-of-any-system",))


def test_the_fonts_are_those_of_the_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(fonts.packages().values())
    name, *_ = fonts.packages()
    monkeypatch.setitem(sys.modules, name.replace("-", "_"), None)
    assert looked_at()["fonts"] == Finding("fonts", False, f"missing: pip install {name}")


def test_an_output_folder_is_looked_at_and_not_made(tmp_path: Path) -> None:
    assert looked_at(output=Path("a") / "b")["output"] == Finding("output", True, "a/b can be written")
    assert list(tmp_path.iterdir()) == []


def test_a_library_is_looked_for_where_weasyprint_looks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried: list[str] = []

    def load(name: str) -> None:
        tried.append(name)
        raise OSError(name)

    monkeypatch.setattr("deckgen.doctor.ctypes.CDLL", load)
    monkeypatch.setattr("deckgen.doctor.ctypes.util.find_library", lambda name: f"found-{name}")
    monkeypatch.setenv("WEASYPRINT_DLL_DIRECTORIES", f"{tmp_path};{tmp_path / 'b'}")
    assert not doctor._library(("pango-1.0", "libpango.so"))
    assert tried == [
        *("pango-1.0", "libpango.so", "found-pango-1.0", "found-libpango.so"),
        *(str(tmp_path / "pango-1.0.dll"), str(tmp_path / "libpango.so.dll")),
        *(str(tmp_path / "b" / "pango-1.0.dll"), str(tmp_path / "b" / "libpango.so.dll")),
    ]
    monkeypatch.delenv("WEASYPRINT_DLL_DIRECTORIES")
    assert not doctor._library(("libpango",))
    assert any("msys64" in name for name in tried), "WeasyPrint's own places, if it is not told any"
    monkeypatch.setattr("deckgen.doctor.ctypes.CDLL", lambda _: None)
    assert doctor._library(("pango-1.0",))


# The command that mends it ------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "words"),
    [
        (
            "debian",
            (
                "apt-get install",
                "libpango-1.0-0",
                "libpangoft2-1.0-0",
                "libharfbuzz-subset0",
                "poppler-utils",
            ),
        ),
        ("fedora", ("dnf install", "pango", "harfbuzz", "poppler-utils")),
        ("macos", ("brew install", "pango", "poppler")),
        ("windows", ("pacman -S", "pango", "poppler", "WEASYPRINT_DLL_DIRECTORIES")),
    ],
)
@pytest.mark.parametrize("lacking", ["pango-1.0", "pangoft2", "harfbuzz-subset"])
def test_one_command_mends_all(system: str, words: tuple[str, ...], lacking: str) -> None:
    command = remedy(tuple(looked_at(lacking).values()), system)
    assert all(word in command for word in words)
    assert "\n" not in command


def test_the_command_asks_for_rights_where_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tuple(looked_at("pango").values())
    for user, start in ((1000, "sudo "), (0, "")):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user, raising=False)
        assert remedy(found, "debian") == start + MEND["debian"]
        assert remedy(found, "fedora") == start + MEND["fedora"]
        assert remedy(found, "macos") == MEND["macos"]
        assert remedy(found, "windows") == MEND["windows"]
    monkeypatch.delattr(os, "geteuid")
    assert remedy(found, "debian") == MEND["debian"]


@pytest.mark.parametrize(
    ("system", "release", "expected"),
    [
        ("darwin", "", "macos"),
        ("win32", "", "windows"),
        ("cygwin", "", "windows"),
        ("linux", 'NAME="Fedora Linux"\nID=fedora\n', "fedora"),
        ("linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', "fedora"),
        ("linux", 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', "fedora"),
        ("linux", "ID=debian\n", "debian"),
        ("linux", 'ID=ubuntu\nID_LIKE=debian\nHOME_URL="https://fedora.example"\n', "debian"),
        ("linux", "", "debian"),
        ("freebsd14", "", "debian"),
    ],
)
def test_the_system_is_known(system: str, release: str, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "os-release"
    if release:
        file.write_text(release, encoding="utf-8")
    assert platform(system, file) == expected


def test_a_strange_release_file_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "os-release").write_bytes(b"ID=\xff\xfe\nID_LIKE=fedora\n")
    assert platform("linux", tmp_path / "os-release") == "fedora"
    assert platform("linux", tmp_path) == "debian"  # a folder


# The command --------------------------------------------------------------------------


def test_the_command_names_what_is_missing_and_how_to_mend_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deckgen.doctor.examine.__defaults__", (lambda names: "pango-1.0-0" not in names,))
    monkeypatch.setattr("deckgen.doctor.platform", lambda: "macos")
    result = run("doctor")
    assert result.exit_code == 1
    words = " ".join(result.output.split())
    assert "Pango missing missing: no PDFs without it" in words
    assert words.endswith("To mend it: brew install pango poppler")


def test_the_command_is_content_with_what_is_only_better(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "deckgen.doctor.examine.__defaults__", (lambda names: "harfbuzz-subset" not in names,)
    )
    result = run("doctor")
    assert result.exit_code == 0
    assert "better with it" in result.output
    assert "To mend it:" in result.output
