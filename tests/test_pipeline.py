"""The stages in order, without an engine: what a preview of a corpus with faults still does."""

from __future__ import annotations

from pathlib import Path

from builder.pipeline import Settings, press_all, survey
from builder.render.shell import Shell, Slot

BARE = Shell(("", ""), (Slot.CONTENT,), "", ("", ""))


def test_a_preview_leaves_out_a_picture_that_is_a_link(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.md").write_text("![One](one.png) and ![two](two.png)\n")
    (seeds / "one.png").write_bytes(b"one")
    (seeds / "two.png").symlink_to("one.png")
    settings = Settings(tmp_path, seeds, preview=True)
    found = survey(settings, {})
    assert [(str(each.place), each.code) for each in found.diagnostics] == [
        ("seeds/a.md", "F110"),
        ("seeds/two.png", "F104"),
    ]
    press_all(found, {("documents", 2): BARE}, tmp_path / "out", settings)
    published = [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert sorted(published) == ["index.html", "one.png"]
