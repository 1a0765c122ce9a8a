"""What reference managers are told of a page and of the document on it, read as Zotero reads it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_makers import LINKS, META, PROJECT, anchored, plain_body
from selectolax.lexbor import LexborHTMLParser

from builder.model import DocumentMeta, Project
from builder.render.coins import coins
from builder.render.document_page import document_page

SITE = replace(PROJECT, site_url="https://example.org/corpus", license="CC BY 4.0")
FOUND = replace(
    META,
    title="A & B = “C”",
    authors=("Ann Mayor", "B. Clerk"),
    publisher="The Paper",
    published="2025-12-18",
    url="https://paper.example/a?x=1&y=2#z",
    rights="Quoted",
    language="de",
)


def works(html: str) -> list[dict[str, list[str]]]:
    """The works of a page. Zotero cuts at ``&``, takes what is between the first two ``=``, and reads + as a blank."""
    found = []
    for element in LexborHTMLParser(html).css("span.Z3988[title]"):
        work: dict[str, list[str]] = {}
        for pair in (element.attributes["title"] or "").split("&"):
            name, value = pair.split("=")[:2]
            work.setdefault(name, []).append(unquote(value.replace("+", " ")))
        found.append(work)
    return found


def told(meta: DocumentMeta, project: Project = SITE) -> list[dict[str, list[str]]]:
    return works(coins(meta, project, "documents/ä/", description="2 notes: 1 False, 1 Supported."))


def test_the_page_comes_first_and_then_the_document_as_it_was_found() -> None:
    web = {"ctx_ver": ["Z39.88-2004"], "rft_val_fmt": ["info:ofi/fmt:kev:mtx:dc"], "rft.type": ["webpage"]}
    both = {"rft.au": ["Ann Mayor", "B. Clerk"], "rft.date": ["2025-12-18"], "rft.language": ["de"]}
    page, found = told(FOUND)
    assert page == {
        **web,
        **both,
        "rft.title": ["[annotated] A & B = “C”"],
        "rft.source": ["Annotated corpus"],
        "rft.identifier": ["https://example.org/corpus/documents/%C3%A4/"],
        "rft.description": ["2 notes: 1 False, 1 Supported."],
        "rft.rights": ["CC BY 4.0"],
    }
    assert found == {
        **web,
        **both,
        "rft.title": ["A & B = “C”"],
        "rft.source": ["The Paper"],
        "rft.identifier": ["https://paper.example/a?x=1&y=2#z"],
        "rft.rights": ["Quoted"],
    }


def test_a_publisher_stands_for_authors_as_a_body() -> None:
    _, found = told(replace(FOUND, authors=()))
    assert (found.get("rft.au"), found["rft.aucorp"]) == (None, ["The Paper"])


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)"])
def test_where_it_is_not_known_where_it_was_found_there_is_one_work_and_the_head_tells_of_it(url: str | None) -> None:
    assert told(replace(FOUND, url=url)) == []


def test_without_an_address_of_the_site_the_page_has_none() -> None:
    page, found = told(FOUND, PROJECT)
    assert "rft.identifier" not in page
    assert found["rft.identifier"] == ["https://paper.example/a?x=1&y=2#z"]


def test_a_page_has_both_works_outside_its_text() -> None:
    page = document_page(anchored(plain_body("A text."), meta=FOUND), LINKS, SITE)
    assert [work["rft.title"] for work in works(page.content)] == [["[annotated] A & B = “C”"], ["A & B = “C”"]]
    assert not LexborHTMLParser(page.content).css("[data-postil=text] .Z3988")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_any_title_comes_through(title: str) -> None:
    _, found = told(replace(FOUND, title=title, authors=(title,)))
    assert found["rft.title"] == found["rft.au"] == [" ".join(title.split())]
