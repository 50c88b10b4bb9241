"""Where templates, kinds and interface words are found: the user's folder first, then deckgen's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@cache
def shipped() -> Path:
    """Return the folder of the templates that come with deckgen.

    In a wheel it stands inside the package, in a checkout beside it.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "kinds").is_dir():
            return folder
    message = f"deckgen's own templates are missing beside {package}"
    raise FileNotFoundError(message)


@dataclass(frozen=True, slots=True)
class SearchPath:
    """The folders that are searched, in order; the shipped one is the last."""

    folders: tuple[Path, ...]

    def find(self, name: str) -> Path | None:
        """Return the first file or folder of that name (parts separated by ``/``), or None."""
        return next((found for found in self.all(name)), None)

    def all(self, name: str) -> Iterator[Path]:
        """Yield every file or folder of that name, the user's first."""
        for folder in self.folders:
            path = folder.joinpath(*name.split("/"))
            with suppress(OSError):  # a folder that may not be looked into has nothing for us
                if path.exists():
                    yield path


def search_path(workspace: Path) -> SearchPath:
    """Return the search path for a workspace: its own ``templates`` folder, if any, goes first."""
    own = workspace / "templates"
    if own.is_dir() and own.resolve() != shipped():
        return SearchPath((own.resolve(), shipped()))
    return SearchPath((shipped(),))
