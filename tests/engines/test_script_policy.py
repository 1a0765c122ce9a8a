"""The policy of a site comes from its theme and its settings, never from what its pages hold."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from stored_script import lay_out

from builder.diagnostics import Diagnostic, UserError
from builder.engines import mkdocs, mkdocs_commands

pytestmark = pytest.mark.sites

MKDOCS = """\
site_name: T
theme: {name: material, font: false, custom_dir: theme}
plugins: [{postil: {search: false, content_security_policy: POLICY}}]
extra_javascript: ["https://cdn.example/lib.js?v=2", own.js]
"""
OVERRIDE = """\
{% extends "base.html" %}
{% block scripts %}{{ super() }}<script>everywhere()</script>
{% if page and page.meta.comments %}<script>comments("{{ page.meta.comments }}")</script>{% endif %}{% endblock %}
"""
PAGES = {
    "theme/main.html": OVERRIDE,
    "docs/index.md": "# Home\n",
    "docs/own.js": "",
    "docs/talk.md": "---\ncomments: here\n---\n# Talk\n",
    "docs/deep/er.md": '# Deep\n\n<script>counted()</script>\n\n<a onclick="x()">x</a>\n\n'
    '<script src="https://else.example/x.js"></script>\n',
    "seeds/a.txt": "Words.\n",
}


def build(root: Path, policy: str = "true") -> tuple[Path, tuple[Diagnostic, ...]]:
    for name, content in {**PAGES, "mkdocs.yml": MKDOCS.replace("POLICY", policy)}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    result = mkdocs_commands.build_site(root / "mkdocs.yml")
    assert result.published
    return root / "site", result.diagnostics


def policy_of(page: Path) -> str:
    found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page.read_text())
    assert len(found) == 1
    return unescape(found[0])


def test_every_page_has_one_policy_and_so_do_the_headers(tmp_path: Path) -> None:
    site, _ = build(tmp_path)
    policies = {policy_of(page) for page in site.rglob("*.html")}
    assert len(policies) == 1
    policy = policies.pop()
    assert f"Content-Security-Policy: {policy}; frame-ancestors 'self'\n" in (site / "_headers").read_text()
    assert " https://cdn.example/lib.js;" in policy
    assert "wasm" not in policy


def test_scripts_of_pages_are_reported_and_those_of_the_theme_are_not(tmp_path: Path) -> None:
    _, diagnostics = build(tmp_path)
    told = [(str(each.place), each.message.partition(" keeps ")[2]) for each in diagnostics if each.code == "P407"]
    assert told == [
        ("docs/deep/er.md:3:1", "an inline script from running"),
        ("docs/deep/er.md:5:4", "the event handler onclick from running"),
        ("docs/deep/er.md:7:14", "the script https://else.example/x.js from running"),
    ]


def test_what_a_hint_says_lets_a_script_run(tmp_path: Path) -> None:
    _, diagnostics = build(tmp_path)
    hints = "\n".join(each.hint for each in diagnostics)
    sources = ", ".join(re.findall(r'script-src: \[("[^"]*")\]', hints))
    site, diagnostics = build(tmp_path, f"{{script-src: [{sources}]}}")
    assert [each.message.partition(" keeps ")[2] for each in diagnostics if each.code == "P407"] == [
        "the event handler onclick from running"
    ]
    assert "https://else.example/x.js" in policy_of(site / "index.html")


def test_a_site_can_do_without(tmp_path: Path) -> None:
    site, diagnostics = build(tmp_path, "false")
    assert diagnostics == ()
    assert not (site / "_headers").exists()
    assert "Content-Security-Policy" not in (site / "index.html").read_text()


def test_a_file_of_headers_of_the_owners_stays(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "_headers").write_text("/*\n  X-Own: 1\n")
    site, _ = build(tmp_path)
    assert (site / "_headers").read_text() == "/*\n  X-Own: 1\n"


def test_settings_that_are_wrong_are_an_error_with_their_place(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'^plugins: postil: content_security_policy: unknown directive "scripts"; '):
        build(tmp_path, "{scripts: [x]}")


def test_the_policy_is_the_same_whatever_the_corpus_holds_and_however_it_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = lay_out(tmp_path, navigation=True)
    mkdocs_commands.build_site(config)
    before = policy_of(tmp_path / "site" / "index.html")
    monkeypatch.setattr(mkdocs, "make_filters_safe", lambda _: None)
    mkdocs_commands.build_site(config)
    page = tmp_path / "site" / "element-h1" / "index.html"
    assert "<script>evil()</script>" in page.read_text()
    assert policy_of(page) == before
