"""Builds that are killed at any moment: the output holds whole files only, and the next build is right."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pikepdf
import pytest
from packages import edit

from tests.conftest import EPOCH, HERE

KILLS = 50
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs sessions and SIGKILL")


def start(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)}
    command = [sys.executable, "-m", "deckgen", "build", "-j", "2", "-p", "anki", "-p", "handout", *options]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **quiet)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "output").iterdir()}


def is_whole(name: str, content: bytes) -> bool:
    if name.endswith(".apkg"):
        return zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    if name.endswith(".tsv"):
        *head, columns = (line for line in content.decode().splitlines() if line.startswith("#"))
        rows = list(csv.reader(io.StringIO(content.decode().partition(f"{columns}\n")[2]), delimiter="\t"))
        return len(head) == 5 and len(rows) == 7 and content.endswith(b'"\n')
    assert content.rstrip().endswith(b"%%EOF")
    with pikepdf.open(io.BytesIO(content)) as document:
        return not document.check_pdf_syntax()


@pytest.mark.slow
def test_builds_killed_at_fifty_moments_leave_whole_files_and_the_next_is_right(tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
    assert start(folder).wait() == 0
    names, answer = set(files(folder)), "It made bricks."
    assert len(names) == 3
    dice, cut, takes = random.Random(2026), 0, 0.0  # noqa: S311 - nothing here is a secret
    for number in range(KILLS):
        edit(folder / "cards/garden/items/10-nettles.yaml", answer, answer := f"It made {number} bricks.")
        began, running = time.monotonic(), start(folder)
        if number % 10 == 0:  # how long one takes, and that it is right after those that were killed
            assert running.wait() == 0
            takes = time.monotonic() - began
            right = files(folder)
            assert start(folder, "--no-cache", "-o", "clean").wait() == 0
            assert {path.name: path.read_bytes() for path in (folder / "clean").iterdir()} == right
            continue
        try:
            running.wait(dice.uniform(0.05, 1) * takes)
        except subprocess.TimeoutExpired:
            cut += 1
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        assert set(files(folder)) == names, "nothing else stands beside them"
        assert all(is_whole(name, content) for name, content in files(folder).items())
    assert cut > KILLS // 2, "most were killed while they worked"
    assert not list((folder / "cards").rglob("*.part"))
