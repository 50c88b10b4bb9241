"""The way of the data: discover → read → parse → check → localize → plan → render → write.

Values in and values out; the disk is touched only when files are read at the one end (``loading``) and
written at the other (``building``). What goes wrong for a deck stops that deck alone.
"""

from deckgen.pipeline.building import Outcome, build, make
from deckgen.pipeline.loading import Loaded, languages_of, load, load_all, remember, translated, verdict_keys
from deckgen.pipeline.planning import (
    LEDGER,
    Options,
    announced,
    breaks,
    compose,
    ledger_text,
    localize,
    plan,
    unknown_languages,
)
from deckgen.pipeline.times import clock, day
from deckgen.pipeline.workspace import Workspace, discover, open_workspace

__all__ = [
    "LEDGER",
    "Loaded",
    "Options",
    "Outcome",
    "Workspace",
    "announced",
    "breaks",
    "build",
    "clock",
    "compose",
    "day",
    "discover",
    "languages_of",
    "ledger_text",
    "load",
    "load_all",
    "localize",
    "make",
    "open_workspace",
    "plan",
    "remember",
    "translated",
    "unknown_languages",
    "verdict_keys",
]
