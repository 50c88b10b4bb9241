"""The time of a build and its day: asked here and handed on, so that equal input gives equal bytes."""

from __future__ import annotations

import datetime
import os
import time

from deckgen import ledger


def clock() -> int:
    """Return the time in seconds since 1970; ``SOURCE_DATE_EPOCH`` rules it. The one place that asks."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return min(int(given[:20]), ledger.LATEST) if given.isdecimal() else int(time.time())


def day(now: int) -> datetime.date:
    """Return the day of a time in seconds since 1970, in UTC."""
    return datetime.datetime.fromtimestamp(now, datetime.UTC).date()
