"""Make card.png, the README's picture of a card: ``python docs/pictures/make.py PACKAGE ITEM [CARD]``.

It needs ``anki`` (among the ``dev`` extras), Pillow and a Chromium or Chrome. The card's HTML is what
Anki itself makes of the package; its font is Fira Sans, as on a machine that has it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from PIL import Image

WIDTH, HEIGHT, SCALE, GAP, COLOURS = 380, 640, 2, 12, 48


def faces(package: str, item: str, ordinal: int, folder: Path) -> tuple[str, str]:
    """Return the HTML of a card's front and back, as Anki makes it."""
    collection = Collection(str(folder / "collection.anki2"))
    options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=False)
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=options))
    query = "select c.id from cards c join notes n on n.id = c.nid where n.flds like ? and c.ord = ?"
    card = collection.get_card(collection.db.scalar(query, f"%\x1f{item}", ordinal))
    return card.question(), card.answer()


def screenshot(face: str, folder: Path) -> Image.Image:
    """Return a picture of a face on a phone."""
    fonts = Path(str(files("fontpkg_fira_sans"))) / "files"
    rules = "".join(
        f'@font-face {{ font-family: "Fira Sans"; font-weight: {weight};'
        f' src: url("{(fonts / f"FiraSans-{cut}.ttf").as_uri()}") }}'
        for cut, weight in (("Regular", 400), ("SemiBold", 600))
    )
    page, picture = folder / "face.html", folder / "face.png"
    head = f'<!doctype html><meta charset="utf-8"><style>{rules}</style>'
    page.write_text(f'{head}<body class="card"><div id="qa">{face}</div>', encoding="utf-8")
    browser = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome")))
    )
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += [
        f"--user-data-dir={folder / 'profile'}",
        "--hide-scrollbars",
        "--allow-file-access-from-files",
    ]
    command += [f"--force-device-scale-factor={SCALE}", f"--window-size={WIDTH},{HEIGHT}"]
    command += [f"--screenshot={picture}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the browser, on our own page
    return Image.open(picture).convert("RGB")


def main(package: str, item: str, ordinal: str = "0") -> None:
    """Write front and back, side by side, beside this file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures = [screenshot(face, folder) for face in faces(package, item, int(ordinal), folder)]
    width, height = pictures[0].size
    whole = Image.new("RGB", (2 * width + 3 * GAP * SCALE, height + 2 * GAP * SCALE), "#d9d9d9")
    for number, picture in enumerate(pictures):
        whole.paste(picture, (GAP * SCALE + number * (width + GAP * SCALE), GAP * SCALE))
    whole.quantize(COLOURS, kmeans=4, dither=Image.Dither.NONE).save(
        Path(__file__).with_name("card.png"), optimize=True
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
