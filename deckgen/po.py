"""Catalogues of interface words as text; ``translate.catalogue`` has those of decks. polib comes late.

Lines are broken where a text has line breaks and nowhere else, so that a changed text changes its own
lines alone.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Mapping
from typing import Any

_FORMS = re.compile(r"nplurals\s*=\s*(\d+)")


def parse(text: str) -> Any:
    """Return the entries of a catalogue as polib has them. Raises ValueError if it is none."""
    import polib

    try:
        return polib.pofile(text + "\n", wrapwidth=0)  # with a line break it cannot name a file
    except (OSError, LookupError) as error:  # of its syntax, of its charset
        raise ValueError(str(error)) from error


def write(catalogue: Any) -> str:
    """Return a catalogue as text: equal for equal entries."""
    return str(catalogue).rstrip("\n") + "\n"


def empty(title: str, header: Mapping[str, str]) -> Any:
    """Return a catalogue that has a header, below its title, and no entries."""
    catalogue = parse("")
    catalogue.header = title
    catalogue.metadata = dict(header)
    return catalogue


def entry(text: str) -> Any:
    """Return an entry without a translation."""
    import polib

    return polib.POEntry(msgid=text)


def forms(catalogue: Any) -> int:
    """Return how many plural forms a catalogue's header names: two unless it says so."""
    found = _FORMS.match(catalogue.metadata.get("Plural-Forms", ""))
    return int(found[1]) if found else 2


def left(text: str) -> int:
    """Return how many entries of a catalogue wait for a translation. Raises ValueError if it is none."""
    return sum(1 for one in parse(text) if not one.obsolete and not one.translated())


def translations(text: str) -> gettext.NullTranslations:
    """Return a catalogue ready for use. Raises ValueError if it cannot be used."""
    try:
        return gettext.GNUTranslations(io.BytesIO(parse(text).to_binary()))
    except (OSError, LookupError) as error:  # of its plurals, of its charset
        raise ValueError(str(error) or type(error).__name__) from error
