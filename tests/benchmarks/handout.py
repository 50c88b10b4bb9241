"""The handout: deckgen against WeasyPrint used bare, on the same words in the same blocks.

What is measured, and against what, stands in ``paper``. Goal: at most 1.2 for 80 and for 1,000 items.
"""

from __future__ import annotations

import paper

if __name__ == "__main__":
    paper.compare(__doc__, {"handout": "The handout"})
