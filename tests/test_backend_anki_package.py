"""The file: the same bytes for the same input, and none where something is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import EPOCH, HERE
from packages import Package, made, read_package, request_for

from deckgen.backends import Request
from deckgen.backends.anki import AnkiBackend, compose
from deckgen.diagnostics import codes
from deckgen.ledger import update
from deckgen.pipeline import Loaded


def test_the_zip_is_sorted_deflated_and_without_dates(package: Package) -> None:
    assert list(package.names) == sorted(package.names) == ["0", "collection.anki2", "media"]
    for info in package.infos:
        assert info.date_time == (1980, 1, 1, 0, 0, 0)
        assert info.compress_type == zipfile.ZIP_DEFLATED
        assert (info.create_system, info.external_attr) == (3, 0o644 << 16)


def test_two_renders_are_equal_and_leave_nothing_behind(
    everything: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    one, two = made(AnkiBackend(), everything), made(AnkiBackend(), everything)
    assert one.value == two.value is not None
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert list(folder.iterdir()) == []


def test_a_package_does_not_hang_on_folder_clock_or_hashes(tmp_path: Path) -> None:
    """With the ledger that was committed, whoever builds gets the same file."""
    made = []
    for name, now, seed, zone in (
        ("a", EPOCH, "1", "UTC"),
        ("b/c", EPOCH + 400 * 86_400, "77", "Asia/Tokyo"),
    ):
        folder = tmp_path / name
        shutil.copytree(HERE / "decks" / "garden", folder / "cards" / "garden")
        if made:
            shutil.copy(tmp_path / "a" / "cards/garden/ledger.json", folder / "cards/garden/ledger.json")
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(now), "PYTHONHASHSEED": seed, "TZ": zone}
        command = [sys.executable, "-m", "deckgen", "build", "-p", "anki"]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        made.append((folder / "output" / "garden.en.apkg").read_bytes())
    assert made[0] == made[1]


def test_a_faulty_template_is_a_diagnostic_and_makes_no_package(workspace_folder: Path) -> None:
    own = workspace_folder / "templates" / "kinds" / "choice"
    own.mkdir(parents=True)
    (own / "options.html").write_text("one\n[% if %]", encoding="utf-8")
    from deckgen import pipeline

    workspace = pipeline.open_workspace(workspace_folder).value
    loaded: Loaded = pipeline.load(workspace, workspace_folder / "cards" / "garden")
    planned = pipeline.plan(workspace, loaded, pipeline.Options(workspace_folder / "output"), EPOCH)
    assert {(one.code, one.span.line) for one in planned.diagnostics} == {(codes.BAD_TEMPLATE, 2)}
    assert planned.value.editions == ()
    result = made(AnkiBackend(), request_for(workspace_folder, EPOCH))
    assert result.value is None
    assert {one.code for one in result.diagnostics} == {codes.BAD_TEMPLATE}


def test_a_bigger_deck_is_compressed(everything: Request) -> None:
    items = tuple(
        replace(item, id=f"{item.id}-{number}") for number in range(50) for item in everything.deck.items
    )
    request = replace(everything, deck=replace(everything.deck, items=items))
    ledger = update({}, compose(request).value.hashes("en"), EPOCH).ledger
    content = made(AnkiBackend(), replace(request, ledger=ledger)).value
    assert content is not None
    package = read_package(content)
    assert len(package.notes) == 450
    assert len(content) < 0.25 * sum(info.file_size for info in package.infos)
