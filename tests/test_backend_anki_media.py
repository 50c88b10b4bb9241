"""Pictures and sounds in a package: their names there, and which of them it has."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from conftest import EPOCH
from packages import edit, package_of, request_for, study_everything

from deckgen.backends.paper.handout import Handout


def test_a_picture_is_named_by_its_content(workspace_folder: Path) -> None:
    file = workspace_folder / "cards/garden/media/gate.svg"
    package = package_of(request_for(workspace_folder, EPOCH))
    content = file.read_bytes()
    name = f"garden-gate-{hashlib.sha256(content).hexdigest()[:8]}.svg"
    assert package.media == {name: content}
    assert f'<img src="{name}" alt="A gate with nettles">' in package.note("leave")["flds"]

    file.write_bytes(content.replace(b"#333", b"#555"))
    changed = package_of(request_for(workspace_folder, EPOCH))
    assert set(changed.media) != {name}
    assert changed.note("leave")["flds"] != package.note("leave")["flds"], "the note is newer, so it arrives"


def test_a_picture_that_is_not_studied_stays_at_home(workspace_folder: Path) -> None:
    items = workspace_folder / "cards/garden/items/20-town.yaml"
    shutil.copy(
        workspace_folder / "cards/garden/media/gate.svg", workspace_folder / "cards/garden/media/plan.svg"
    )
    edit(items, "- Who is not heard?", "- Who is not heard? ![a plan](plan.svg)")
    assert len(package_of(request_for(workspace_folder, EPOCH)).media) == 1
    study_everything(workspace_folder)
    assert len(package_of(request_for(workspace_folder, EPOCH)).media) == 2


def test_a_language_has_its_own_variant_of_a_picture(workspace_folder: Path) -> None:
    media = workspace_folder / "cards/garden/media"
    plain = (media / "gate.svg").read_bytes()
    (media / "gate.pt.svg").write_bytes(plain.replace(b"#333", b"#444"))
    shown = {}
    for tag in ("en", "pt-BR", "ar"):
        package = package_of(request_for(workspace_folder, EPOCH, tag))
        ((name, content),) = package.media.items()
        assert f'<img src="{name}"' in package.note("leave")["flds"]
        shown[tag] = content
    assert shown == {"en": plain, "ar": plain, "pt-BR": plain.replace(b"#333", b"#444")}
    assert "media/gate.pt.svg" in Handout(request_for(workspace_folder, EPOCH, "pt-BR")).page().value
    assert "media/gate.svg" in Handout(request_for(workspace_folder, EPOCH, "en")).page().value


def test_a_sound_is_played_in_anki_and_named_on_paper(workspace_folder: Path) -> None:
    (workspace_folder / "cards/garden/media/wind.mp3").write_bytes(b"ID3 and so on")
    edit(
        workspace_folder / "cards/garden/items/10-nettles.yaml", "Because the factory", "It ![Wind](wind.mp3)"
    )
    for tag in ("en", "ar"):
        request = request_for(workspace_folder, EPOCH, tag)
        package = package_of(request)
        (name,) = (name for name in package.media if name.endswith(".mp3"))
        assert f'[sound:{name}] <span class="sound">' in package.note("factory")["flds"]
        page = Handout(request).page().value
        assert '<span class="sound">' in page
        assert "wind.mp3" not in page


def test_what_only_looks_like_a_sound_is_none(workspace_folder: Path) -> None:
    edit(
        workspace_folder / "cards/garden/items/10-nettles.yaml", "Because the factory", "It [sound:gate.svg]"
    )
    package = package_of(request_for(workspace_folder, EPOCH))
    assert "&#91;sound:gate.svg]" in package.note("factory")["flds"]


def test_a_name_in_the_collection_is_never_too_long(workspace_folder: Path) -> None:
    media = workspace_folder / "cards/garden/media"
    long = f"{95 * 'x'}.svg"
    (media / "gate.svg").rename(media / long)
    edit(workspace_folder / "cards/garden/items/10-nettles.yaml", "gate.svg", long)
    request = request_for(workspace_folder, EPOCH)
    (name,) = package_of(replace(request, deck=replace(request.deck, id=60 * "g"))).media
    assert len(name) <= 120
