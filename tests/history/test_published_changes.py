"""What changed, on a built site: the page, the notes' and claims' histories, the feeds; whole and shallow clones."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import html5lib
import pytest
from history_repo import Repo

from builder.cli import run
from builder.engines.mkdocs_commands import build_site

pytestmark = pytest.mark.sites

CONFIG = """\
site_name: S
site_url: https://example.org/s/
theme: {name: material, font: false}
plugins: [{postil: {search: false%s}}]
"""
ATOM = "{http://www.w3.org/2005/Atom}"


def built(repo: Repo, settings: str = "") -> Path:
    (repo.top / "docs").mkdir(exist_ok=True)
    (repo.top / "docs" / "index.md").write_text("# Home\n")
    (repo.top / "mkdocs.yml").write_text(CONFIG % settings)
    outcome = build_site(repo.top / "mkdocs.yml")
    assert outcome.published, outcome.diagnostics
    return repo.top / "site"


def words(path: Path, selector: str) -> str:
    page = html5lib.parse(path.read_bytes(), namespaceHTMLElements=False, transport_encoding="utf-8")
    found = [each for each in page.iter() if selector in (each.get("class") or "").split()]
    return " ".join(" ".join("".join(each.itertext()).split()) for each in found)


@pytest.fixture
def changed(repo: Repo) -> Repo:
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    repo.edit("speech.yml", "statement: Attendance doubled.", "statement: Attendance doubled.\n    claim: doubled")
    repo.commit("The register says otherwise")
    return repo


def test_the_site(changed: Repo) -> None:
    site = built(changed)
    page = words(site / "changes" / "index.html", "postil-changes")
    assert re.match(
        r"3 January 2026 The register says otherwise [0-9a-f]{7} A speech Verdict changed: ○ No evidence found", page
    )
    note = words(site / "documents" / "speech" / "index.html", "postil-timeline")
    assert note == (
        "History 2 January 2026 Added: ○ No evidence found Begin"
        " 3 January 2026 Verdict changed: ○ No evidence found → to ✕ False The register says otherwise"
    )
    assert "Verdict changed" in words(site / "claims" / "doubled" / "index.html", "postil-timeline")
    assert "<loc>https://example.org/s/changes/</loc>" in (site / "sitemap.xml").read_text()
    for feed, title in (("changes", "S: changes"), ("corrections", "S: corrections")):
        root = ET.parse(site / feed / "feed.xml").getroot()  # noqa: S314 - our own
        assert root.findtext(f"{ATOM}title") == title
        for link in root.iter(f"{ATOM}link"):
            address = link.get("href", "")
            assert address.startswith("https://example.org/s/")
            there = site / address.removeprefix("https://example.org/s/").partition("#")[0]
            assert (there if there.suffix else there / "index.html").is_file()


def test_search_engines_are_told_when_a_page_changed_and_readers_of_feeds_find_the_feeds(changed: Repo) -> None:
    changed.edit("speech.yml", "note: So says the plaque.", "note: So says the plaque.\n    reviewed: 2026-05")
    site = built(changed)
    pages = {
        page.findtext("{*}loc", "").removeprefix("https://example.org/s/"): page.findtext("{*}lastmod")
        for page in ET.parse(site / "sitemap.xml").getroot()  # noqa: S314 - our own
    }
    assert pages.pop("documents/speech/") == "2026-05"
    assert pages.pop("claims/doubled/") == "2026-01-03"
    assert pages.pop("sources/register/") == "2026-01-03"
    assert set(pages.values()) == {None}
    for page in site.rglob("index.html"):
        html = page.read_text(encoding="utf-8")
        for title, address in re.findall(r'type="application/atom\+xml" title="([^"]*)" href="([^"]*)"', html):
            assert title in {"S: changes", "S: corrections"}
            assert (page.parent / address).resolve() == site / title.removeprefix("S: ") / "feed.xml"
        assert html.count("application/atom+xml") == 2


def test_a_site_without_an_address_has_no_sitemap(changed: Repo) -> None:
    config = changed.top / "mkdocs.yml"
    built(changed)
    config.write_text(re.sub(r"site_url: .*\n", "", config.read_text()))
    assert build_site(config).published
    assert list((changed.top / "site").glob("sitemap.*")) == []


def test_two_builds_give_the_same_bytes_with_and_without_what_was_kept(changed: Repo) -> None:
    first = {path.relative_to(changed.top): path.read_bytes() for path in built(changed).rglob("*") if path.is_file()}
    assert (changed.top / ".cache" / "postil" / "ledger.json").is_file()
    kept = {path.relative_to(changed.top): path.read_bytes() for path in built(changed).rglob("*") if path.is_file()}
    shutil.rmtree(changed.top / ".cache")
    again = {path.relative_to(changed.top): path.read_bytes() for path in built(changed).rglob("*") if path.is_file()}
    assert first == kept == again


def test_a_shallow_clone_says_what_it_does_not_know(changed: Repo, tmp_path: Path) -> None:
    clone = Repo(tmp_path / "clone")
    changed.git("clone", "--quiet", "--depth", "1", f"file://{changed.top}", str(clone.top))
    site = built(clone)
    page = words(site / "changes" / "index.html", "postil-changes")
    assert page.startswith("No changes yet. What changed before 3 January 2026 is not known here.")
    assert words(site / "documents" / "speech" / "index.html", "postil-timeline") == ""
    feed = (site / "changes" / "feed.xml").read_text(encoding="utf-8")
    assert "<subtitle>What changed before 2026-01-03 is not known here.</subtitle>" in feed
    assert "<updated>2026-01-03T12:00:00Z</updated>" in feed


def test_it_can_be_switched_off(changed: Repo) -> None:
    site = built(changed, ", history: false")
    assert "The history of these notes is not known here." in words(site / "changes" / "index.html", "postil-changes")
    assert not (changed.top / ".cache" / "postil" / "ledger.json").exists()


def test_a_check_asks_nothing_of_history(changed: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    built(changed)
    shutil.rmtree(changed.top / ".cache")
    monkeypatch.chdir(changed.top)
    assert run(["check"]) == 0
    assert not (changed.top / ".cache").exists()
