"""A site is built from what `postil freeze` has kept as the engine would build it, byte for byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from other_python import run_with, without
from site_cases import lay_out, tree
from test_build import hidden, prints, project

from builder.diagnostics import UserError
from builder.engines import commands

pytestmark = pytest.mark.sites

ENGINES = ("mkdocs", "mkdocs-material", "properdocs", "zensical")
MORE = """\
use_directory_urls: false
markdown_extensions: [admonition, footnotes, toc: {permalink: true}]
nav: [index.md, Documents: documents/index.md, One: documents/a.md, deep/er/page.md]
extra_css: [own.css]
"""
PAGE = """\
---
title: A "page" & <more>
search: {exclude: true}
---
# About [[a#n]] and [[a|these < words]]

[[a#n]] [[nowhere]] [[a#none|gone]] `[[a]]` [by path](../../documents/a.md#note-n) ![picture](../../picture.png)

<!-- postil: claims -->

!!! note

    [[a]]
"""


def demanding(root: Path) -> Path:
    """A project with everything on its pages that is filled in, in places where it is easily got wrong."""
    config = project(root)
    config.write_text(config.read_text() + MORE)
    for name, content in {"docs/deep/er/page.md": PAGE, "docs/own.css": "p {}\n", "docs/picture.png": "P"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return config


def both(config: Path, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What the engine publishes, and what is published from what is frozen in `folder`; both tell the same."""
    root = config.parent
    drawn = commands.build_site(config, site_dir=root / "drawn")
    frozen = commands.build_site(config, engine=f"frozen:{folder}", site_dir=root / "thawed")
    assert [str(each) for each in frozen.diagnostics] == [str(each) for each in drawn.diagnostics]
    assert drawn.published == frozen.published
    assert (drawn.documents, drawn.notes) == (frozen.documents, frozen.notes)
    return (prints(root / "drawn"), prints(root / "thawed")) if drawn.published else ({}, {})


def test_the_same_bytes_as_the_engine(tmp_path: Path) -> None:
    config = lay_out("good", tmp_path) / "mkdocs.yml"
    commands.freeze_site(config, tmp_path / "frozen")
    drawn, frozen = both(config, tmp_path / "frozen")
    assert len(drawn) > 50
    assert frozen == drawn


def test_what_is_easily_got_wrong_is_the_same_too(tmp_path: Path) -> None:
    config = demanding(tmp_path)
    page = tmp_path / "docs/deep/er/page.md"
    page.write_text(page.read_text().replace("[[nowhere]] [[a#none|gone]]", ""))
    commands.freeze_site(config, tmp_path / "frozen")
    drawn, frozen = both(config, tmp_path / "frozen")
    assert "deep/er/page.html" in drawn
    assert frozen == drawn


def test_links_that_lead_nowhere_are_told_as_the_engine_tells_them(tmp_path: Path) -> None:
    config = demanding(tmp_path)
    commands.freeze_site(config, tmp_path / "frozen")
    told = commands.check_site(config, engine=f"frozen:{tmp_path / 'frozen'}")
    assert [(str(each.place), each.code) for each in told if each.code[0] == "L"] == [
        ("docs/deep/er/page.md:7:9", "L301"),
        ("docs/deep/er/page.md:7:21", "L302"),
    ]
    assert both(config, tmp_path / "frozen") == ({}, {})


def test_a_corpus_that_grew_is_built_as_the_engine_would(tmp_path: Path) -> None:
    """Documents, notes, pictures and sections may come and go after the engine has."""
    config = project(tmp_path)
    (tmp_path / "docs" / "old.png").write_text("old")
    (tmp_path / "docs" / "other.png").write_text("other")
    commands.freeze_site(config, tmp_path / "frozen")
    claim = "claims:\n  - {id: m, quote: age, note: See., verdict: partly, statement: It was.}\n"
    (tmp_path / "seeds" / "far" / "away").mkdir(parents=True)
    (tmp_path / "seeds" / "far" / "away" / "b.txt").write_text("It was the age of wisdom.\n")
    (tmp_path / "seeds" / "far" / "away" / "b.yml").write_text(claim)
    (tmp_path / "seeds" / "a.yml").write_text("title: Renamed & new\n" + (tmp_path / "seeds" / "a.yml").read_text())
    (tmp_path / "docs" / "old.png").unlink()
    (tmp_path / "docs" / "other.png").write_text("another")
    (tmp_path / "docs" / "new.png").write_text("new")
    drawn, frozen = both(config, tmp_path / "frozen")
    assert "documents/far/away/b/index.html" in drawn
    assert "claims/far/away/b/m/index.html" in drawn
    assert frozen == drawn


def test_no_engine_has_to_be_installed(tmp_path: Path) -> None:
    config = project(tmp_path / "project")
    assert commands.build_site(config).published
    built = prints(tmp_path / "project" / "site")
    commands.freeze_site(config, tmp_path / "project" / "frozen")
    config.write_text(config.read_text().replace("{postil: {", "{postil: {engine: frozen, "))
    packages = without(tmp_path / "packages", ENGINES)
    done = run_with(packages, "build", "--engine", "frozen", cwd=tmp_path / "project")
    assert done.returncode == 0, done.stderr
    assert prints(tmp_path / "project" / "site") == built
    done = run_with(packages, "check", cwd=tmp_path / "project")
    assert (done.returncode, done.stdout.count("P413")) == (0, 2), "the settings name it now, which they did not then"
    assert run_with(packages, "pin", cwd=tmp_path / "project").returncode == 0
    done = run_with(packages, "build", "--engine", "mkdocs", cwd=tmp_path / "project")
    assert "install it:  pip install 'mkdocs>=1.6.1,<2'" in done.stderr


def test_what_is_refused_changes_nothing_that_is_published(tmp_path: Path) -> None:
    config = project(tmp_path)
    commands.freeze_site(config, tmp_path / "frozen")
    assert commands.build_site(config, engine="frozen").published
    before = prints(tmp_path / "site")
    (tmp_path / "seeds/sources.yml").write_text("unused: {title: T}\n")
    assert not commands.build_site(config, engine="frozen", strict=True).published
    assert prints(tmp_path / "site") == before
    (tmp_path / "seeds/a.txt").write_text("Other words.\n")
    assert not commands.build_site(config, engine="frozen").published
    shutil.rmtree(tmp_path / "frozen" / "site" / "documents")
    (tmp_path / "seeds/a.txt").write_text("It was the best of times.\n")
    with pytest.raises(UserError, match=r"has no page to press /documents/…/ from\ndraw it again"):
        commands.build_site(config, engine="frozen")
    assert prints(tmp_path / "site") == before
    assert hidden(tmp_path) == []


def test_frozen_twice_is_the_same(tmp_path: Path) -> None:
    config = project(tmp_path)
    names = commands.freeze_site(config, tmp_path / "frozen")
    first = tree(tmp_path / "frozen")
    assert sorted(first) == sorted(names)
    assert commands.freeze_site(config, tmp_path / "frozen") == names
    assert tree(tmp_path / "frozen") == first
    assert str(tmp_path) not in "".join(content.decode("latin-1") for content in first.values()), "no path of a machine"
    assert hidden(tmp_path) == []


def test_what_cannot_be_frozen_or_thawed_is_refused_with_the_next_step(tmp_path: Path) -> None:
    config = project(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("Dear")
    with pytest.raises(UserError, match="mine holds something else than a frozen site\nuse a new folder"):
        commands.freeze_site(config, tmp_path / "mine")
    assert prints(tmp_path / "mine").keys() == {"diary.txt"}
    with pytest.raises(UserError, match=r"there is no frozen site in .*frozen\ndraw one:  postil freeze"):
        commands.build_site(config, engine="frozen")
    with pytest.raises(UserError, match="a frozen site can't be frozen"):
        commands.freeze_site(config, tmp_path / "frozen", engine="frozen")
    for name in ("hugo", "mkdocs:frozen", ""):
        if name:
            with pytest.raises(UserError, match="unknown engine"):
                commands.build_site(config, engine=name)
    commands.freeze_site(config, tmp_path / "frozen")
    manifest = tmp_path / "frozen" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 99}))
    with pytest.raises(UserError, match="of another version of postil"):
        commands.build_site(config, engine="frozen")
