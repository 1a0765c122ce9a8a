"""postil beside the plug-ins that sites use most: each builds a corpus. Those that are not installed are skipped.

``pip install`` their packages to run all of it; docs/guide/plugins.md says what was found.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from builder.diagnostics import UserError
from builder.engines import mkdocs_commands
from builder.search.check_pagefind import pagefind_available

# Plug-in -> its settings, in the order of mkdocs.yml if a list of several.
PLUGINS: dict[str, object] = {
    "autorefs": {},
    "awesome-nav": {},
    "awesome-pages": {},
    "callouts": {},
    "encryptcontent": {},
    "exclude": {"glob": ["*.tmp"]},
    "exclude-search": {"exclude": ["*.tmp"]},
    "ezlinks": {},
    "gen-files": {"scripts": ["gen.py"]},
    "git-authors": {},
    "git-revision-date-localized": {"enable_creation_date": True},
    "glightbox": {},
    "include-markdown": {},
    "literate-nav": {},
    "macros": {},
    "material/blog": {},
    "material/group": {"enabled": True, "plugins": ["tags"]},
    "material/meta": {},
    "material/offline": {},
    "material/privacy": {},
    "material/search": {},
    "material/tags": {},
    "mermaid2": {},
    "minify": {"minify_html": True},
    "mkdocstrings": {},
    "monorepo": {},
    "obsidian-bridge": {},
    "open-in-new-tab": {},
    "print-site": {},
    "redirects": {"redirect_maps": {"old.md": "documents/a.md", "older.md": "page.md"}},
    "roamlinks": {},
    "rss": {},
    "section-index": {},
    "htmlproofer": {"validate_external_urls": False},
    "i18n": {"languages": [{"locale": "en", "default": True, "name": "English"}, {"locale": "fr", "name": "Français"}]},
    "swagger-ui-tag": {},
    "table-reader": {},
}
FILES = {
    "docs/index.md": "# Home\n\n[[a]], [[a#n]], [the document](documents/a.md#note-n)\n\n<!-- postil: documents -->\n",
    "docs/page.md": "---\ntags: [one]\n---\n# Page\n\nText about [[b/c]].\n\n![A picture](picture.png)\n",
    "docs/page.fr.md": "# Page\n\nTexte.\n",
    "docs/section/index.md": "# Section\n",
    "docs/section/deep.md": "# Deep\n\n| a |\n|---|\n| 1 |\n",
    "docs/blog/index.md": "# Blog\n",
    "docs/blog/posts/first.md": "---\ndate: 2026-01-02\n---\n# First\n\nAbout [[a#n]].\n\n<!-- more -->\n\nMore.\n",
    "docs/picture.png": "",
    "gen.py": "import mkdocs_gen_files\nwith mkdocs_gen_files.open('made.md', 'w') as page: page.write('# Made')\n",
    "seeds/a.txt": "It was the best of times.\n",
    "seeds/a.yml": "published: 2019-03-04\ncontext:\n  - {id: n, quote: best of times, note: Was it?}\n",
    "seeds/b/c.txt": "It was the age of wisdom.\n",
    "seeds/b/c.yml": "claims:\n  - {id: m, quote: age of wisdom, note: See., verdict: partly, statement: It was.}\n",
}
THEME = {"name": "material", "font": False}


def installed(plugin: str) -> bool:
    return bool(importlib.metadata.entry_points(group="mkdocs.plugins", name=plugin))


def lay_out(root: Path, plugins: list[object], **settings: object) -> Path:
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    own = {"site_name": "T", "site_url": "https://t.example/", "repo_url": "https://github.com/x/y", "theme": THEME}
    (root / "mkdocs.yml").write_text(json.dumps({**own, "plugins": plugins, **settings}))
    git = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@t.example", "-C", str(root)]
    day = {"GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"}
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "All"]):
        subprocess.run([*git, *arguments], check=True, timeout=60, env={**os.environ, **day})
    return root / "mkdocs.yml"


@pytest.mark.parametrize("first", [True, False], ids=["postil first", "postil last"])
@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_corpus_is_built_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugin: str, *, first: bool) -> None:
    if not installed(plugin):
        pytest.skip(f"{plugin} is not installed")
    monkeypatch.chdir(tmp_path)
    own: list[object] = [{"postil": {"search": False}}]
    other: list[object] = [{plugin: PLUGINS[plugin]}]
    result = mkdocs_commands.build_site(lay_out(tmp_path, own + other if first else other + own))
    assert result.published, [str(each) for each in result.diagnostics]
    assert (result.documents, result.notes) == (2, 2)
    page = (tmp_path / "site" / "documents" / "a" / "index.html").read_text()
    assert 'id="note-n"' in page
    published = [path for path in (tmp_path / "site").rglob("*") if path.suffix in (".html", ".xml", ".json", ".js")]
    assert [path for path in published if "postil-slot-" in path.read_text() and "assets/postil" not in str(path)] == []


def built(root: Path, monkeypatch: pytest.MonkeyPatch, plugin: str, **settings: object) -> Path:
    if not installed(plugin):
        pytest.skip(f"{plugin} is not installed")
    monkeypatch.chdir(root)
    result = mkdocs_commands.build_site(
        lay_out(root, [{plugin: PLUGINS[plugin]}, {"postil": {"search": False}}], **settings)
    )
    assert result.published, [str(each) for each in result.diagnostics]
    return root / "site"


@pytest.mark.parametrize("plugin", ["git-authors", "git-revision-date-localized"])
def test_a_document_has_no_date_and_no_author_but_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugin: str
) -> None:
    site = built(tmp_path, monkeypatch, plugin)
    assert "md-source-file" in (site / "page" / "index.html").read_text()
    for name in ("documents/a", "documents/b/c", "documents", "claims/b/c/m"):
        assert "md-source-file" not in (site / name / "index.html").read_text(), name


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
@pytest.mark.parametrize("directory_urls", [True, False])
def test_no_link_of_ours_is_reported_as_broken(tmp_path: Path, *, directory_urls: bool) -> None:
    if not installed("htmlproofer"):
        pytest.skip("htmlproofer is not installed")
    proofer = {"validate_external_urls": False, "raise_error_after_finish": True}
    config = lay_out(tmp_path, ["postil", {"htmlproofer": proofer}], use_directory_urls=directory_urls)
    (tmp_path / "docs" / "over.md").write_text("# Over\n\n<!-- postil: overview -->\n\n<!-- postil: claims -->\n")
    result = mkdocs_commands.build_site(config)
    assert result.published, [str(each) for each in result.diagnostics]
    page = tmp_path / "site" / ("over/index.html" if directory_urls else "over.html")
    assert "search/" in page.read_text()
    (tmp_path / "docs" / "broken.md").write_text("# Broken\n\n<a href='search/nowhere/'>x</a>\n")
    with pytest.raises(UserError, match="Invalid links present"):
        mkdocs_commands.build_site(config)


def test_a_redirect_leads_to_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = built(tmp_path, monkeypatch, "redirects")
    assert 'href="../documents/a/"' in (site / "old" / "index.html").read_text()
    assert 'href="../page/"' in (site / "older" / "index.html").read_text()


def test_a_feed_lists_no_page_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = (built(tmp_path, monkeypatch, "rss") / "feed_rss_created.xml").read_text()
    assert "<link>https://t.example/page/</link>" in feed
    assert [line for line in feed.splitlines() if "/documents/" in line or "/claims/" in line] == []


def test_every_language_links_to_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    french_page = "# Page\n\nTexte sur [[b/c]] et [a](documents/a.md#note-n).\n"
    monkeypatch.setitem(FILES, "docs/page.fr.md", french_page)
    site = built(tmp_path, monkeypatch, "i18n")
    french = (site / "fr" / "page" / "index.html").read_text()
    assert 'href="../../documents/b/c/"' in french
    assert 'href="../../documents/a/#note-n"' in french
    assert 'href="../documents/b/c/"' in (site / "page" / "index.html").read_text()
    assert 'id="note-n"' in (site / "documents" / "a" / "index.html").read_text()
    assert not (site / "fr" / "documents").exists()
    sitemap = (site / "sitemap.xml").read_text()
    for address in ("page/", "fr/page/", "documents/a/"):
        assert f"<loc>https://t.example/{address}</loc>" in sitemap
    note = (site / "documents" / "b" / "c" / "index.html").read_text()
    assert 'href="../../../fr/page/"' in note, "linked back from there too"


def test_a_navigation_made_of_all_files_has_our_lists_and_no_shells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = (built(tmp_path, monkeypatch, "literate-nav") / "index.html").read_text()
    assert 'href="documents/" class="md-nav__link"' in home
    assert "postil-slot" not in home


def test_the_beginning_of_a_post_has_its_links_and_its_faults_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = FILES["docs/blog/posts/first.md"].replace("About", "[[nowhere]] About")
    monkeypatch.setitem(FILES, "docs/blog/posts/first.md", post)
    config = lay_out(tmp_path, ["blog", {"postil": {"search": False}}])
    faults = [each for each in mkdocs_commands.check_site(config) if each.code == "L301"]
    assert [str(each.place) for each in faults] == ["docs/blog/posts/first.md:6:1"]
    (tmp_path / "docs/blog/posts/first.md").write_text(post.replace("[[nowhere]]", ""))
    result = mkdocs_commands.build_site(config)
    assert result.published
    assert "P407" not in {each.code for each in result.diagnostics}
    assert 'href="../documents/a/#note-n"' in (tmp_path / "site" / "blog" / "index.html").read_text()
    assert 'href="../../../documents/a/#note-n"' in (tmp_path / "site" / "blog/archive/2026/index.html").read_text()


HOOK = """\
from pathlib import Path

def {event}(*arguments, page=None, files=None, **others):
    for file in [page.file] if page else files or arguments[0]:
        Path(file.abs_src_path).read_bytes()
"""


@pytest.mark.parametrize("event", ["on_files", "on_page_markdown", "on_page_content", "on_post_page"])
@pytest.mark.parametrize("first", [True, False], ids=["postil first", "hook first"])
def test_every_file_has_a_source_that_can_be_opened(tmp_path: Path, event: str, *, first: bool) -> None:
    priority = (
        f"\nfrom mkdocs.plugins import event_priority\n{event} = event_priority({-300 if first else 50})({event})\n"
    )
    (tmp_path / "hook.py").write_text(HOOK.format(event=event) + priority)
    result = mkdocs_commands.build_site(lay_out(tmp_path, [{"postil": {"search": False}}], hooks=["hook.py"]))
    assert result.published


@pytest.mark.parametrize("event", ["on_config", "on_files", "on_nav", "on_env", "on_page_markdown", "on_post_build"])
def test_a_hook_that_fails_is_named_in_one_line(tmp_path: Path, event: str) -> None:
    (tmp_path / "hook.py").write_text(f"def {event}(*_, **__):\n    return [][1]\n")
    config = lay_out(tmp_path, [{"postil": {"search": False}}], hooks=["hook.py"])
    message = (
        r"^the hook hook\.py failed: IndexError: list index out of range\. The published site stands as it was\.\n"
    )
    with pytest.raises(UserError, match=message):
        mkdocs_commands.build_site(config)
    done = subprocess.run(
        [str(Path(sys.executable).with_name("mkdocs")), "build"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "postil: the hook hook.py failed: IndexError: list index out of range." in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".site")] == []
