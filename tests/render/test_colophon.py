"""The foot of every page."""

from __future__ import annotations

from dataclasses import replace

from render_makers import PROJECT
from selectolax.lexbor import LexborHTMLParser

from builder.model import CorpusCommit, Publisher
from builder.render.colophon import colophon_html
from builder.render.page_assets import insert_parts

COMMIT = CorpusCommit("0123456789abcdef", "2025-12-18")


def lines(html: str) -> list[str]:
    return [" ".join(item.text(separator="").split()) for item in LexborHTMLParser(html).css("li")]


def hrefs(html: str) -> list[str | None]:
    return [link.attributes["href"] for link in LexborHTMLParser(html).css("a")]


def test_it_says_who_on_what_terms_and_of_when() -> None:
    publisher = Publisher("The <desk>", "https://desk.example/", "https://desk.example/policy")
    project = replace(PROJECT, publisher=publisher, license="CC BY 4.0")
    html = colophon_html(project, COMMIT, "documents/a/", policy="corrections-policy/")
    assert lines(html) == [
        "Published by The <desk>",
        "Notes: CC BY 4.0",
        "Corrections policy",
        "Feeds: Changes, Corrections",
        "Corpus as of 18 December 2025, commit 0123456",
    ]
    assert hrefs(html) == [
        "https://desk.example/",
        "../../corrections-policy/",
        "../../changes/feed.xml",
        "../../corrections/feed.xml",
    ]
    elsewhere = colophon_html(project, COMMIT, "", policy=None)
    assert hrefs(elsewhere)[1] == "https://desk.example/policy"


def test_it_does_not_say_what_is_not_known() -> None:
    assert lines(colophon_html(PROJECT, None, "", policy=None)) == ["Feeds: Changes, Corrections"]


def test_it_stands_before_what_the_theme_says_of_itself() -> None:
    theme = '<footer><nav></nav><div class="md-footer-meta md-typeset">Theme</div></footer>'
    before = "<html><head></head><body><header><nav></nav></header>"
    assert insert_parts(f"{before}{theme}", colophon="<p>") == (
        f'{before}<footer><nav></nav><p><div class="md-footer-meta md-typeset">Theme</div></footer>'
    )
    assert insert_parts(f"{before}<footer></footer>", colophon="<p>") == f"{before}<footer><p></footer>"
    assert insert_parts(before, colophon="<p>") == before
