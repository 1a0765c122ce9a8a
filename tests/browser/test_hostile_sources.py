"""Nothing of a source or a sidecar runs in a browser; and nothing would, if it were ever printed as markup."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import previewing
from sharing import shared
from stored_script import ATTACKS, lay_out

from builder.engines import mkdocs
from builder.engines.mkdocs_commands import build_site
from builder.search.check_pagefind import pagefind_available

WATCH = """
window.hurt = []; window.evil = () => { window.hurt.push(location.pathname) };
window.violations = [];
document.addEventListener("securitypolicyviolation", event => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`)
});
"""
HEADING = "{slug}-h1 {slug}-only {slug}-setext {slug}-nested {slug}-meta {slug}-html {slug} documents/{slug}"
OTHERS = ["", "404.html", "documents/", "claims/", "overview/", "people/", "sources/s/", "topics/t/", "slots/claims/"]


@pytest.fixture(scope="session")
def hostile(web: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    def make(root: Path) -> None:
        assert build_site(lay_out(root, navigation=False, search=pagefind_available())).published
        control = "<title>x" + ATTACKS["element"] + ATTACKS["image"]
        (root / "site" / "control.html").write_text(control, encoding="utf-8")

    address: str = web.show("hostile", shared(tmp_path_factory, "hostile", make) / "site")
    return address


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    opened = chromium.new_page()
    opened.add_init_script(WATCH)
    yield opened
    opened.close()


def visit(page: Any, address: str) -> tuple[list[str], list[str]]:
    """What ran of an attack on the page, and what its policy kept from running."""
    page.goto(address, wait_until="load", timeout=20_000)
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return page.evaluate("window.hurt"), page.evaluate("window.violations")


def test_the_attacks_are_seen_where_nothing_keeps_them_off(page: Any, hostile: str) -> None:
    page.goto(hostile + "control.html", timeout=20_000)
    page.wait_for_function("() => window.hurt.length == 2", timeout=20_000)


@pytest.mark.parametrize("slug", ATTACKS)
def test_no_page_that_takes_words_of_a_source_runs_them(page: Any, hostile: str, slug: str) -> None:
    for name in HEADING.format(slug=slug).split():
        assert visit(page, f"{hostile}{name}/") == ([], []), name


@pytest.mark.parametrize("name", OTHERS)
def test_no_list_runs_them_and_the_policy_forbids_nothing_of_ours(page: Any, hostile: str, name: str) -> None:
    assert visit(page, hostile + name) == ([], [])


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
def test_search_runs_under_the_policy(page: Any, hostile: str) -> None:
    visit(page, hostile + "documents/element/")
    page.keyboard.press("/")
    page.keyboard.type("onfocus")
    page.wait_for_selector("#postil-search-results [role=option]", timeout=20_000)
    visit(page, hostile + "search/?q=onfocus")
    page.wait_for_selector("[data-postil-search=page] a[href*='documents/'], main ol a", timeout=20_000)
    assert (page.evaluate("window.hurt"), page.evaluate("window.violations")) == ([], [])


@pytest.mark.parametrize("policy", [True, False])
def test_what_is_printed_unescaped_is_kept_from_running_by_the_policy(
    tmp_path: Path, web: Any, page: Any, monkeypatch: pytest.MonkeyPatch, *, policy: bool
) -> None:
    monkeypatch.setattr(mkdocs, "make_filters_safe", lambda _: None)  # the first line of defence is taken away
    config = lay_out(tmp_path, navigation=False)
    settings = f"{{search: false, content_security_policy: {str(policy).lower()}}}"
    config.write_text(config.read_text().replace("{search: false}", settings))
    assert build_site(config).published
    address = web.show(f"unescaped-{policy}".lower(), tmp_path / "site")
    hurt, violations = visit(page, address + "element-h1/")
    assert (bool(hurt), bool(violations)) == (not policy, policy)


def test_a_preview_still_reloads_its_pages(tmp_path: Path, page: Any) -> None:
    for name, content in {
        "docs/index.md": "# Before\n",
        "seeds/a.txt": "Words.\n",
        "mkdocs.yml": "site_name: T\ntheme: {name: material, font: false}\nplugins: [{postil: {search: false}}]\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    with previewing(tmp_path) as preview:
        end = time.monotonic() + 60
        while "Serving on" not in preview.log.read_text():
            assert time.monotonic() < end
            time.sleep(0.1)
        assert visit(page, preview.address)[1] == []
        (tmp_path / "docs" / "index.md").write_text("# After\n")
        page.wait_for_selector("h1:text-is('After')", timeout=60_000)
        assert page.evaluate("window.violations") == []


FEATURES = """\
site_name: T
site_url: http://features.localhost/
repo_url: https://github.com/example/example
copyright: Nobody
theme:
  name: material
  font: false
  palette:
    - {scheme: default, toggle: {icon: material/weather-sunny, name: Dark}}
    - {scheme: slate, toggle: {icon: material/weather-night, name: Light}}
  features: [navigation.instant, navigation.instant.progress, navigation.tracking, navigation.tabs, navigation.sections,
    navigation.path, navigation.top, navigation.footer, toc.follow, content.code.copy, content.code.annotate,
    content.tabs.link, content.tooltips, announce.dismiss, header.autohide]
extra:
  version: {provider: mike}
  consent: {title: Consent, description: To what}
  analytics:
    feedback: {title: Helpful, ratings: [{icon: material/heart, name: "Yes", data: 1, note: Thanks}]}
plugins: [{postil: {search: SEARCH}}, search, tags]
markdown_extensions: [admonition, attr_list, md_in_html, tables, footnotes, pymdownx.details, pymdownx.highlight,
  pymdownx.superfences, {pymdownx.tabbed: {alternate_style: true}}, {pymdownx.tasklist: {custom_checkbox: true}},
  {toc: {permalink: true}}]
extra_javascript: [own.js]
"""
PAGE = """\
---
tags: [one]
---
# Home

[[a]] and [more](deep/er/page.md).

| a | b |
|:-:|--:|
| 1 | 2 |

```python
x = 1  # (1)!
```

1. A note.

=== "A"

    Text.

=== "B"

    Text[^1].

??? note

    - [x] Done

[^1]: A footnote.
"""


def test_the_features_of_the_theme_work_under_the_policy(tmp_path: Path, web: Any, page: Any) -> None:
    for name, content in {
        "docs/index.md": PAGE,
        "docs/own.js": "window.own = true\n",
        "docs/deep/er/page.md": "# Deep\n\n[Home](../../index.md)\n",
        "seeds/a.txt": "Words.\n",
        "mkdocs.yml": FEATURES.replace("SEARCH", str(pagefind_available()).lower()),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    result = build_site(tmp_path / "mkdocs.yml")
    assert result.published
    assert "P407" not in {diagnostic.code for diagnostic in result.diagnostics}
    address = web.show("features", tmp_path / "site")
    page.route("https://api.github.com/**", lambda route: route.fulfill(json={}))
    assert visit(page, address)[1] == []
    assert page.evaluate("window.own")
    page.click(".md-consent button:has-text('Accept')")
    page.wait_for_selector(".md-consent__overlay", state="hidden", timeout=20_000)
    page.click("article a:has-text('more')")  # by instant navigation: the page's own policy still holds
    page.wait_for_selector("h1:has-text('Deep')", timeout=20_000)
    page.click(".md-header label[title=Dark]")
    page.wait_for_selector("[data-md-color-scheme=slate]", timeout=20_000)
    assert page.evaluate("window.violations") == []
