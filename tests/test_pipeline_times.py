"""The clock is asked once, and can be told."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from builds import NETTLES, build
from packages import edit

from deckgen import pipeline


@pytest.mark.parametrize("given", ["1234567890", "0"])
def test_source_date_epoch_rules_the_clock(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert pipeline.clock() == int(given)


@pytest.mark.parametrize("given", [None, "", "yesterday", "-5", "1.5"])
def test_without_it_the_clock_is_the_machine_s(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    if given is None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH")
    else:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    before = int(time.time())
    assert before <= pipeline.clock() <= int(time.time())


def test_a_clock_behind_the_last_year_that_can_be_written_stands_still(
    workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given in ("999999999999", "9" * 5000):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
        assert pipeline.day(pipeline.clock()).year == 9998
        outcome = build(workspace_folder, pipeline.clock())
        assert not outcome.failed, "what was written is read again"
        edit(workspace_folder / NETTLES, "bricks.", "bricks, bricks.")
