"""The booklet: the handout in half the size, two pages on a side, for folding and stapling.

It is for print only: whoever reads on a screen, or has it read out, takes the handout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from deckgen.backends.base import Composition, Request
from deckgen.backends.paper.handout import Handout
from deckgen.backends.paper.impose import imposed
from deckgen.backends.paper.pdf import Page
from deckgen.cache import digest
from deckgen.diagnostics import Result
from deckgen.model import PaperSize


@dataclass(frozen=True, slots=True)
class Folded:
    """A page that is set, and then laid on sheets. ``told`` says how to print them."""

    page: Page
    told: str

    @property
    def key(self) -> str:
        """A hash of all that it depends on."""
        return digest("booklet", self.page.key, self.told)

    def finish(self) -> Result[bytes | None]:
        """Set the page and impose it."""
        made = self.page.finish()
        if made.value is None:
            return made
        rtl = self.page.language.direction == "rtl"
        return Result(imposed(made.value, rtl=rtl, told=self.told), made.diagnostics)


class BookletBackend:
    """The booklet: ``output/<deck>.<lang>.booklet.pdf``, on A4 or Letter."""

    name = product = "booklet"
    heavy = True
    has_large = False

    def suffix(self, request: Request) -> str:
        """Return the end of the file's name."""
        return f".booklet{request.print}.pdf"

    def compose(self, request: Request) -> Result[Composition | None]:
        """Return the handout in half the size, to be imposed, or None with the errors that prevent it."""
        letter = request.paper.size is PaperSize.LETTER
        size = PaperSize.LETTER if letter else PaperSize.A4
        paper = replace(request.paper, size=size, folded=True)
        composed = Handout(replace(request, paper=paper)).compose()
        if composed.value is None:
            return Result(None, composed.diagnostics)
        told = request.words("For print only: print on both sides, flip on the short edge, fold and staple.")
        return Result(Folded(composed.value, told), composed.diagnostics)
