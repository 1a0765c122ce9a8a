"""No word of a source is more than text on any page, whatever a hand-written page or the theme does with it."""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest
from stored_script import ATTACKS, lay_out

from builder.engines import mkdocs_commands

pytestmark = pytest.mark.sites

_TEXT_ATTRIBUTES = {"title", "aria-label", "content", "alt", "value", "data-title", "id", "href"}


@pytest.fixture(scope="module", params=[False, True], ids=["no nav", "nav"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("stored")
    result = mkdocs_commands.build_site(lay_out(root, navigation=request.param))
    assert result.published, [str(diagnostic) for diagnostic in result.diagnostics]
    return root / "site"


def parsed(path: Path) -> html5lib.treebuilders.etree.Any:
    return html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False)


def test_no_page_holds_a_script_or_a_handler_of_a_source(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 10 * len(ATTACKS)
    for page in pages:
        for element in parsed(page).iter():
            if not isinstance(element.tag, str):
                continue
            where = f"{page.relative_to(site)}: {element.tag} {element.attrib}"
            if element.tag in ("script", "style", "title", "textarea"):
                assert len(element) == 0
            if element.tag in ("script", "style"):
                assert "evil" not in (element.text or ""), where
            assert element.tag not in ("iframe", "object", "embed", "base"), where
            for name, value in element.attrib.items():
                assert not name.startswith("on"), where
                assert not value.lower().lstrip().startswith("javascript:"), where
                assert "evil" not in name, where
                assert "evil()" not in value or name in _TEXT_ATTRIBUTES or name.startswith("data-postil-"), where


@pytest.mark.parametrize("slug", ATTACKS)
def test_the_words_stand_as_text_in_the_title_the_navigation_and_the_contents(site: Path, slug: str) -> None:
    words = " ".join(ATTACKS[slug].split())
    tree = parsed(site / f"{slug}-h1" / "index.html")
    texts = {" ".join("".join(element.itertext()).split()) for element in tree.iter() if isinstance(element.tag, str)}
    assert tree.findtext("./head/title") == f"About {words} - T"
    assert f"About {words}¶" in texts
    assert {element.get("content") for element in tree.iterfind("./head/meta[@property='og:title']")} == {
        f"About {words} - T"
    }
    assert f"About {words}" in texts, "in the header and the navigation"


@pytest.mark.parametrize("slug", ATTACKS)
def test_a_page_that_links_is_called_by_its_own_title_where_it_is_linked_back(site: Path, slug: str) -> None:
    tree = parsed(site / "documents" / slug / "index.html")
    backlinks = {"".join(element.itertext()).strip() for element in tree.iter("a")}
    assert f"About {' '.join(ATTACKS[slug].split())}" in backlinks


@pytest.mark.parametrize("slug", ATTACKS)
def test_a_document_is_in_the_navigation_if_that_lists_it_with_its_title_as_text(site: Path, slug: str) -> None:
    links = parsed(site / "index.html").iterfind(f".//a[@href='documents/{slug}/']")
    titles = [" ".join("".join(link.itertext()).split()) for link in links]
    listed = "nav:" in (site.parent / "mkdocs.yml").read_text(encoding="utf-8")
    assert (" ".join(ATTACKS[slug].split()) in titles) == listed
