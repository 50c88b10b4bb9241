"""``python -m deckgen`` is the same as ``deckgen``."""

from deckgen.cli import main

if __name__ == "__main__":
    main()
