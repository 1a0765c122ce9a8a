"""How pages are cited: in words, in BibTeX, and in tags of the head."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_makers import LINKS, META, PROJECT, anchored, note, placements, plain_body
from selectolax.lexbor import LexborHTMLParser

from builder.model import NoteKind, Publisher, Topic
from builder.render.cite_page import cite_document, cite_note, cite_original
from builder.render.document_page import document_page
from builder.render.head_tags import document_head

SITE = replace(PROJECT, publisher=Publisher("The editors", None, None), site_url="https://example.org/corpus")
ARTICLE = replace(META, title="A headline", publisher="A paper", published="2025-12-18")
ADDRESS = "documents/west/a/"


def test_a_document() -> None:
    cite = cite_document(ARTICLE, SITE, ADDRESS)
    assert cite.words == "A paper (2025, December 18). [annotated] A headline. In Annotated corpus, The editors."
    assert cite.address == "https://example.org/corpus/documents/west/a/"
    assert cite.bibtex == (
        "@online{west-a,\n"
        "  author = {{A paper}},\n"
        "  title = {{[annotated] A headline}},\n"
        "  year = {2025},\n"
        "  month = dec,\n"
        "  howpublished = {In Annotated corpus, The editors},\n"
        "  organization = {Annotated corpus, The editors},\n"
        "  url = {https://example.org/corpus/documents/west/a/},\n"
        "  date = {2025-12-18}\n"
        "}"
    )


def test_a_note_is_named_by_number_kind_and_verdict_and_never_quotes() -> None:
    cite = cite_note("Note 3 (Claim: False)", ARTICLE, SITE, f"{ADDRESS}#note-n", by=("A. K.", "B"), reviewed="2026-11")
    assert cite.words == (
        "A. K. & B (2026, November). Note 3 (Claim: False) on “A headline”. In Annotated corpus, The editors."
    )
    assert cite.bibtex.startswith("@online{west-a:n,\n  author = {{A. K.} and {B}},\n")
    assert cite.address == "https://example.org/corpus/documents/west/a/#note-n"
    unsigned = cite_note("Note", ARTICLE, SITE, f"{ADDRESS}#note-n", by=(), reviewed=None)
    assert unsigned.words == "The editors (n.d.). Note on “A headline”. In Annotated corpus."


def test_without_an_author_the_title_comes_first_and_without_a_site_there_is_no_address() -> None:
    cite = cite_document(META, PROJECT, ADDRESS)
    assert cite.words == "[annotated] A headline. (n.d.). In Annotated corpus."
    assert cite.address is None
    assert not {"author", "year", "date", "url"} & set(re.findall(r"^  (\w+) =", cite.bibtex, re.MULTILINE))


def test_the_document_itself_is_cited_where_it_was_found() -> None:
    meta = replace(ARTICLE, authors=("A. Name",), url="https://paper.example/{a}b")
    cite = cite_original(meta, SITE, ADDRESS)
    assert cite is not None
    assert cite.words == "A. Name (2025, December 18). A headline. In A paper."
    assert cite.bibtex.startswith("@online{west-a-original,\n  author = {{A. Name}},\n  title = {{A headline}},\n")
    assert "  url = {https://paper.example/%7Ba%7Db},\n" in cite.bibtex
    assert cite_original(ARTICLE, SITE, ADDRESS) is None
    tree = LexborHTMLParser(document_page(anchored(plain_body("x"), meta=meta), LINKS, SITE).content)
    assert [each.text().partition(",")[0] for each in tree.css(".postil-cite pre")] == [
        "@online{a",
        "@online{a-original",
    ]


@pytest.mark.parametrize(
    ("published", "words"),
    [("2025", "(2025)"), ("2025-06", "(2025, June)"), ("about 1900", "(about 1900)"), (None, "(n.d.)")],
)
def test_dates(published: str | None, words: str) -> None:
    assert words in cite_document(replace(ARTICLE, published=published), SITE, ADDRESS).words


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (("A. Name",), "{{A. Name}}"),
        (("A. Name", "B. Other"), "{{A. Name} and {B. Other}}"),
        (("The editors", "B, C. and D"), "{{The editors} and {B, C. and D}}"),
        (("Marks and Spencer",), "{{Marks and Spencer}}"),
        (("Name, A.",), "{{Name, A.}}"),
    ],
)
def test_a_name_stays_one_name(names: tuple[str, ...], written: str) -> None:
    assert f"author = {written},\n" in cite_document(replace(ARTICLE, authors=names), SITE, ADDRESS).bibtex


def test_addresses_in_other_scripts() -> None:
    cite = cite_document(META, SITE, "documents/日本/図書館/")
    assert cite.address == "https://example.org/corpus/documents/%E6%97%A5%E6%9C%AC/%E5%9B%B3%E6%9B%B8%E9%A4%A8/"
    assert re.fullmatch(r"@online\{[0-9a-f]{8},", cite.bibtex.splitlines()[0])


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_no_word_leaves_its_field_in_bibtex(title: str, author: str, address: str) -> None:
    meta = replace(META, title=title, authors=(author,))
    cite = cite_document(meta, SITE, f"documents/{address}/")
    whole = cite.bibtex
    depth, at_line_ends = 0, set()
    for place, each in enumerate(whole):
        depth += {"{": 1, "}": -1}.get(each, 0)
        assert depth > 0 or place in {*range(7), len(whole) - 1}, whole
        if each == "\n":
            at_line_ends.add(depth)
    assert (depth, at_line_ends) == (0, {1})
    assert re.fullmatch(r"@online\{[A-Za-z0-9:-]+,", whole.split("\n", 1)[0])


# --- the head of a page ---------------------------------------------------------------------------------------------


def tags(html: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in LexborHTMLParser(f"<!doctype html><head>{html}</head>").css("head > meta"):
        name = each.attributes.get("name") or each.attributes.get("property") or ""
        found.setdefault(name, []).append(each.attributes.get("content") or "")
    return found


def test_a_reference_manager_reads_the_page() -> None:
    meta = replace(ARTICLE, authors=("A", 'B "c" <d>'))
    notes = [note("a", reviewed="2026-03-04"), note("b", reviewed="2026-01"), note("c")]
    head = document_head(meta, notes, ("NATO", "War"), SITE, address=ADDRESS, description="What it is.")
    assert tags(head) == {
        "citation_author": ["A", 'B "c" <d>'],
        "citation_publication_date": ["2025/12/18"],
        "citation_publisher": ["A paper"],
        "citation_language": ["en"],
        "citation_keywords": ["NATO", "War"],
        "citation_public_url": ["https://example.org/corpus/documents/west/a/"],
        "author": ["A", 'B "c" <d>'],
        "og:type": ["article"],
        "og:title": ["[annotated] A headline"],
        "og:description": ["What it is."],
        "og:site_name": ["Annotated corpus"],
        "og:url": ["https://example.org/corpus/documents/west/a/"],
        "twitter:card": ["summary"],
        "article:published_time": ["2025-12-18"],
        "article:modified_time": ["2026-03-04"],
    }


def test_what_is_shared_gives_verdicts_no_claim_and_no_picture() -> None:
    project = replace(SITE, topics={"t": Topic("t", "A topic", None)})
    one = note("a", NoteKind.CLAIM, statement="The moon is made of cheese.")
    made = anchored(plain_body("They say the moon is cheese."), placements([[(9, 27)]], [one]), meta=ARTICLE)
    page = document_page(made, LINKS, project)
    found = tags(page.head)
    assert (
        found["og:description"] == [page.description] == ["A paper, 18 December 2025. The one claim checked is false."]
    )
    assert "cheese" not in page.head
    assert not [name for name in found if "image" in name]


def test_without_the_sites_address_no_address_is_made_up() -> None:
    found = tags(document_head(ARTICLE, (), (), PROJECT, address=ADDRESS, description=""))
    assert not {"og:url", "citation_public_url", "og:description"} & set(found)
