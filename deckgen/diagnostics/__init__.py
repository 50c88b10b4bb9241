"""What is wrong, where, and what to do about it: errors are values here, never exceptions."""

from deckgen.diagnostics.codes import CODES, Code, Level
from deckgen.diagnostics.types import (
    MAX_SHOWN,
    Diagnostic,
    Result,
    Source,
    Span,
    failed,
    limited,
    nearest,
    reason_of,
)

__all__ = [
    "CODES",
    "MAX_SHOWN",
    "Code",
    "Diagnostic",
    "Level",
    "Result",
    "Source",
    "Span",
    "failed",
    "limited",
    "nearest",
    "reason_of",
]
