"""Files are written whole or not at all, and shown as people know them."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen import files
from deckgen.diagnostics import Diagnostic, Result, Span, codes
from deckgen.files import shown, write_whole

OLD, NEW = b"yesterday's\r\n\x00", b"today's\n\xff"


def fail(number: int) -> Any:
    """A function that raises the error that the system has for ``number``."""

    def raises(*_arguments: object, **_named: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return raises


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def umask() -> Iterator[None]:
    """Put the umask back."""
    mask = os.umask(0)
    os.umask(mask)
    yield
    os.umask(mask)


# Written ------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", NEW, b"\n" * 100_000], ids=["empty", "bytes", "long"])
@pytest.mark.parametrize("there", [False, True], ids=["new", "old"])
def test_a_file_has_what_was_written_and_nothing_else_is_left(
    folder: Path, content: bytes, there: bool
) -> None:
    file = folder / "garden.en.apkg"
    if there:
        file.write_bytes(OLD)
    assert write_whole(file, content) is None
    assert file.read_bytes() == content
    assert list(folder.iterdir()) == [file]


def test_missing_folders_are_made(folder: Path) -> None:
    assert write_whole(Path("output") / "deep" / "er" / "x.pdf", NEW) is None
    assert (folder / "output/deep/er/x.pdf").read_bytes() == NEW


def test_a_file_that_has_this_content_keeps_its_time(folder: Path) -> None:
    file = folder / "x.pdf"
    file.write_bytes(NEW)
    os.utime(file, ns=(10**18, 10**18))
    before = file.stat()
    assert write_whole(file, NEW) is None
    after = file.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert write_whole(file, NEW + b"!") is None
    assert file.stat().st_mtime_ns != before.st_mtime_ns


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_a_file_has_what_was_written_last(contents: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.pdf"
        for content in contents:
            assert write_whole(file, content) is None
            assert file.read_bytes() == content
        assert list(Path(folder).iterdir()) == [file]


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_permissions_follow_the_umask(folder: Path, mask: int) -> None:
    os.umask(mask)
    plain, whole = folder / "plain", folder / "whole"
    plain.write_bytes(NEW)
    assert write_whole(whole, NEW) is None
    assert whole.stat().st_mode == plain.stat().st_mode
    assert os.umask(mask) == mask, "it is as it was"


# Not written --------------------------------------------------------------------------

FAILURES = {
    "no temporary file can be made": ("tempfile.mkstemp", errno.EACCES),
    "the disk is full": ("os.fsync", errno.ENOSPC),
    "the permissions cannot be set": ("pathlib.Path.chmod", errno.EPERM),
    "the file is in use": ("pathlib.Path.replace", errno.EACCES),
    "the disk can only be read": ("tempfile.mkstemp", errno.EROFS),
}
REASONS = {
    errno.EACCES: "its permissions do not allow it",
    errno.EPERM: "its permissions do not allow it",
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the disk can only be read",
}


@pytest.mark.parametrize("there", [False, True], ids=["new", "old"])
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_told_and_leaves_all_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failure: str, there: bool
) -> None:
    file = folder / "x.pdf"
    if there:
        file.write_bytes(OLD)
    target, number = FAILURES[failure]
    with monkeypatch.context() as patch:
        patch.setattr(target, fail(number))
        problem = write_whole(file, NEW)
    args = {"file": "x.pdf", "reason": REASONS[number]}
    assert problem == Diagnostic(codes.UNWRITABLE, Span("x.pdf"), args)
    assert problem.text() == f"x.pdf cannot be written: {REASONS[number]}"
    assert list(folder.iterdir()) == ([file] if there else [])
    assert not there or file.read_bytes() == OLD


def test_a_disk_that_fills_up_in_the_middle_leaves_all_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "x.pdf"
    file.write_bytes(OLD)
    real = os.fdopen

    class Full:
        def __init__(self, handle: int, mode: str) -> None:
            self.file = real(handle, mode)

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, content: bytes) -> NoReturn:
            self.file.write(content[:3])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("os.fdopen", Full)
        problem = write_whole(file, NEW)
    assert problem is not None
    assert problem.args["reason"] == "the disk is full"
    assert list(folder.iterdir()) == [file]
    assert file.read_bytes() == OLD


def test_an_interruption_leaves_all_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "x.pdf"
    file.write_bytes(OLD)

    def interrupt(_handle: int) -> NoReturn:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_whole(file, NEW)
    assert list(folder.iterdir()) == [file]
    assert file.read_bytes() == OLD


def test_a_file_where_a_folder_is_needed_is_told(folder: Path) -> None:
    (folder / "output").write_bytes(OLD)
    problem = write_whole(folder / "output" / "deeper" / "x.pdf", NEW)
    assert problem is not None
    assert problem.span == Span("output/deeper/x.pdf")
    assert problem.args["reason"] == "a file stands where a folder is needed"
    assert (folder / "output").read_bytes() == OLD


def test_a_folder_where_the_file_should_be_is_told(folder: Path) -> None:
    (folder / "x.pdf").mkdir()
    problem = write_whole(folder / "x.pdf", NEW)
    assert problem is not None
    assert problem.code is codes.UNWRITABLE
    assert [path.name for path in folder.rglob("*")] == ["x.pdf"]


def test_a_failure_that_no_words_exist_for_is_told_in_the_system_s(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail(errno.EDEADLK))
        problem = write_whole(folder / "x.pdf", NEW)
    assert problem is not None
    assert problem.args["reason"] == os.strerror(errno.EDEADLK)


# Shown --------------------------------------------------------------------------------


def test_a_path_is_shown_from_where_people_stand(folder: Path) -> None:
    (folder / "cards").mkdir()
    for path in (Path("cards/x.yaml"), folder / "cards" / "x.yaml", Path("cards/../cards/./x.yaml")):
        assert shown(path) == "cards/x.yaml"
    assert shown(Path()) == "."


def test_a_path_elsewhere_is_shown_as_it_was_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "here").mkdir()
    monkeypatch.chdir(folder / "here")
    assert shown(Path("..") / "x.yaml") == "../x.yaml"
    assert shown(folder / "x.yaml") == (folder / "x.yaml").as_posix()


def test_a_link_to_itself_is_shown_as_it_was_given(folder: Path) -> None:
    link = Path("cards.yaml")
    (folder / link).symlink_to(link)
    assert shown(link) == "cards.yaml"
    assert write_whole(link, NEW) is None
    assert link.read_bytes() == NEW


def test_a_path_has_forward_slashes_on_every_system(folder: Path) -> None:
    path = Path("cards") / "garden" / "deck.yaml"
    assert "\\" not in shown(path)
    assert shown(path).count("/") == 2
    assert shown(folder / path) == shown(path)


def test_the_repository_has_the_same_bytes_on_every_system() -> None:
    """Git for Windows would give pictures (SVG), goldens and shell scripts other line ends."""
    attributes = Path(__file__).parents[1] / ".gitattributes"
    assert "* text=auto eol=lf" in attributes.read_text(encoding="utf-8").splitlines()


def test_the_names_in_a_folder_stand_in_order_and_no_folder_has_none(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / name).touch()
    assert files.names_in(tmp_path).value == ["a", "b", "c"]
    assert files.names_in(tmp_path / "a") == files.names_in(tmp_path / "nothing") == Result([])


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    (told,) = files.names_in(tmp_path).diagnostics
    assert told.code is codes.UNREADABLE
    assert "its permissions do not allow it" in told.text()
