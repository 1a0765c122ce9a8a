"""What the corpus says as a whole, in a built site: every address is there, listed, and can be linked to."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest

from builder.engines import mkdocs_commands
from builder.link.build_catalog import build_catalog
from builder.pipeline import Settings, load_corpus
from builder.render.catalog_pages import entry_addresses

pytestmark = pytest.mark.sites

LINK = re.compile(r'<a href="([^"]*)"')
BASE = "https://c.example/sub/"
FILES = {
    "mkdocs.yml": f"site_name: C\nsite_url: {BASE}\ntheme: {{name: material, font: false}}\n"
    "plugins: [{postil: {search: false}}]\nvalidation: {links: {not_found: warn}}\n",
    "docs/index.md": "# Home\n\n[claim](claims/k.md), [own](claims/a/b/own.md), [source](sources/report.md),\n"
    "[topic](topics/t.md), [person](people/ann.md), [all](claims/index.md)\n\n<!-- postil: overview-small -->\n",
    "docs/corrections.md": "# Errata\n\n<!--postil:corrections-->\n",
    "seeds/corpus.yml": "topics: {t: {label: T, about: 'See [[a/b#own]].'}}\npeople: {ann: {name: Ann Lee}}\n",
    "seeds/sources.yml": "report: {title: A report}\nunused: {title: Nobody cites it}\n",
    "seeds/a/b.txt": "It was in June. It rained.\n",
    "seeds/a/b.yml": "published: 2025\nclaims:\n"
    "  - {id: shared, quote: in June, note: No., claim: k, verdict: 'false', sources: [report], topics: [t],\n"
    "     speaker: ann}\n"
    "  - {id: own, quote: It rained, note: Yes., statement: It rained., speaker: 李明, sources: [{title: Diary}]}\n"
    "corrections:\n  - {id: fix, quote: June, correct: May, reviewed: 2026-01-02, note: 'As in [[secret]].'}\n",
    "seeds/secret.txt": "It was in June.\n",
    "seeds/secret.yml": "noindex: true\nclaims:\n"
    "  - {id: hidden, quote: in June, note: No., claim: hidden}\n"
    "  - {id: shared, quote: It was, note: No., claim: k}\n",
    "seeds/later.txt": "It was in June.\n",
    "seeds/later.yml": "draft: true\nclaims:\n  - {id: n, quote: in June, note: No., claim: drafted, speaker: Bob}\n",
}
SHARED = ["claims/k/", "claims/a/b/own/", "sources/report/", "topics/t/", "people/ann/", "people/李明/"]
LISTS = ["", "changes/", "claims/", "corrections/", "documents/", "overview/", "people/", "sources/", "topics/"]


def lay_out(root: Path, **changed: str) -> Path:
    for name, content in {**FILES, **changed}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root / "mkdocs.yml"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corpus")
    outcome = mkdocs_commands.build_site(lay_out(root))
    assert [str(told.code) for told in outcome.diagnostics] == ["S109"]
    assert outcome.published
    return root / "site"


def test_every_address_is_there_and_none_of_a_draft(site: Path) -> None:
    pages = {path.parent.relative_to(site).as_posix() + "/" for path in site.glob("*/**/index.html")}
    written = [address for address in pages if address.startswith("sources/diary-")]
    assert len(written) == 1
    documents = {"documents/a/b/", "documents/secret/"}
    assert pages == {*SHARED, *LISTS[1:], *documents, *written, "claims/hidden/"}


def test_every_entry_of_the_catalog_has_its_pages(site: Path) -> None:
    root = site.parent
    found = load_corpus(Settings(root, root / "seeds"), {})
    assert found.catalog == build_catalog(found.corpus)
    for entry in found.catalog.entries:
        for address in entry_addresses(entry):
            assert "postil-entry" in (site / address / "index.html").read_text(encoding="utf-8")


def test_hand_written_pages_link_to_them(site: Path) -> None:
    home = (site / "index.html").read_text(encoding="utf-8")
    for address in ["claims/k/", "claims/a/b/own/", "sources/report/", "topics/t/", "people/ann/", "claims/"]:
        assert f'<a href="{address}">' in home


def test_a_page_of_ones_own_takes_the_place_of_a_list(site: Path) -> None:
    page = (site / "corrections" / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<h1[^>]*>Errata", page)
    assert "<ins>May</ins>" in page
    assert re.search(r"<h1[^>]*>Claims", (site / "claims" / "index.html").read_text(encoding="utf-8"))


def test_a_list_names_a_document_that_is_linked_to_by_its_title(site: Path) -> None:
    page = (site / "corrections" / "index.html").read_text(encoding="utf-8")
    assert '>As in <a href="../documents/secret/">It was in June.</a>.' in page


def test_the_sitemap_has_them_and_not_what_search_engines_are_to_leave_out(site: Path) -> None:
    listed = set(re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8")))
    wanted = {BASE + quote(address) for address in [*SHARED, *LISTS, "documents/a/b/"]}
    assert wanted <= listed
    assert {address for address in listed - wanted if "sources/diary-" not in address} == set()
    robots = '<meta name="robots" content="noindex">'
    assert robots in (site / "claims" / "hidden" / "index.html").read_text(encoding="utf-8")
    assert robots not in (site / "claims" / "k" / "index.html").read_text(encoding="utf-8")


def test_titles_are_the_pages_own(site: Path) -> None:
    page = (site / "claims" / "k" / "index.html").read_text(encoding="utf-8")
    assert "<title>False / Not rated: “in June” - C</title>" in page
    assert f'<link rel="canonical" href="{BASE}claims/k/">' in page


def ways(site: Path) -> set[tuple[str, str]]:
    """(page, where its link to a search leads) from the site's root."""
    found = set()
    for path in site.rglob("index.html"):
        at = path.relative_to(site).as_posix().removesuffix("index.html")
        links = (urljoin(BASE + quote(at), unescape(href)) for href in LINK.findall(path.read_text("utf-8")))
        found |= {(at, href.removeprefix(BASE)) for href in links if "search/?" in href}
    return found


def test_pages_lead_to_a_search_where_the_site_has_one(tmp_path: Path, site: Path) -> None:
    searching = FILES["mkdocs.yml"].replace("search: false", "search: true")
    assert mkdocs_commands.build_site(lay_out(tmp_path, **{"mkdocs.yml": searching})).published
    assert ways(site) == set()
    assert ways(tmp_path / "site") == {
        ("", "search/?verdict=false"),
        ("overview/", "search/?verdict=false"),
        ("documents/", "search/?type=document"),
        ("documents/a/b/", "search/?collection=a"),
        ("claims/", "search/?kind=claim"),
        ("corrections/", "search/?kind=correction"),
        ("topics/t/", "search/?topic=t"),
        ("people/ann/", "search/?person=ann"),
        ("people/ann/", "search/?person=ann&verdict=false"),
        ("people/李明/", f"search/?person={quote('李明')}"),
    }


@pytest.mark.parametrize("page", ["docs/claims/k.md", "docs/sources/report/index.md"])
def test_an_address_that_a_page_has_already_is_told(tmp_path: Path, page: str) -> None:
    outcome = mkdocs_commands.build_site(lay_out(tmp_path, **{page: "# Mine\n"}))
    assert not outcome.published
    (fault,) = [told for told in outcome.diagnostics if told.code == "F109"]
    assert page in fault.message
    assert fault.hint == "rename the page, or change the key"


def test_a_slot_that_nobody_knows_names_those_that_there_are(tmp_path: Path) -> None:
    outcome = mkdocs_commands.build_site(lay_out(tmp_path, **{"docs/odd.md": "# Odd\n\n<!-- postil: claimz -->\n"}))
    (fault,) = [told for told in outcome.diagnostics if told.code == "P404"]
    assert str(fault.place) == "docs/odd.md:3:1"
    assert "<!-- postil: claims -->" in fault.hint
    assert "<!-- postil: overview-small -->" in fault.hint


@pytest.mark.parametrize(
    ("slot", "code", "message"),
    [
        ("note a/b#nobody", "L302", 'no note "nobody" in document "a/b"'),
        ("note nowhere#x", "L301", 'no document "nowhere"'),
        ("note a/b", "P404", 'slot "note a/b" names no note'),
        ("claims a#x", "P404", 'unknown slot "claims a#x"'),
    ],
)
def test_a_slot_that_names_no_note_is_told_where_it_stands(tmp_path: Path, slot: str, code: str, message: str) -> None:
    outcome = mkdocs_commands.build_site(lay_out(tmp_path, **{"docs/odd.md": f"# Odd\n\n<!-- postil: {slot} -->\n"}))
    (fault,) = [told for told in outcome.diagnostics if told.code != "S109"]
    assert (str(fault.place), fault.code, fault.message) == ("docs/odd.md:3:1", code, message)
