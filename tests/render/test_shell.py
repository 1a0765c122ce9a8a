"""Cutting a theme's page at its markers, and pressing pages from it."""

from __future__ import annotations

import pytest

from builder.diagnostics import UserError
from builder.model import Page, TocEntry
from builder.render.shell import Marker, cut_shell, press_page, shell_address, shell_key

KEY = ("documents", 3)

THEME = f"""<html><head><link rel="stylesheet" href="../x.css"><title>{Marker.TITLE} - Site</title>
<meta name="description" content="{Marker.DESCRIPTION}">
<link rel="canonical" href="https://s.example/{shell_address(KEY)}"></head>
<body><a href="#{Marker.ITEM_ID}">Skip</a><ul><li>menu</li></ul><header>{Marker.TITLE}</header>
<ul class="toc"><li class="i"><a href="#{Marker.ITEM_ID}">{Marker.ITEM_TEXT}</a></li>
<li class="i"><a href="#{Marker.PARENT_ID}">{Marker.PARENT_TEXT}</a><nav aria-label="{Marker.PARENT_TEXT}"><ul>
<li class="i"><a href="#{Marker.CHILD_ID}">{Marker.CHILD_TEXT}</a></li></ul></nav></li></ul>
<main>{Marker.CONTENT}</main></body></html>"""


def page(*contents: TocEntry, title: str = "A title", head: str = "") -> Page:
    return Page("documents/a/b/", title, "What it is", "<h1>Text</h1>", contents, head=head)


def test_a_page_is_pressed_whole() -> None:
    html = press_page(
        page(TocEntry("one", "One"), TocEntry("two", "Two", (TocEntry("in", "In"),))), cut_shell(THEME, KEY)
    )
    assert html == (
        '<html><head><link rel="stylesheet" href="../x.css"><title>A title - Site</title>\n'
        '<meta name="description" content="What it is">\n'
        '<link rel="canonical" href="https://s.example/documents/a/b/"></head>\n'
        '<body><a href="#one">Skip</a><ul><li>menu</li></ul><header>A title</header>\n'
        '<ul class="toc"><li class="i"><a href="#one">One</a></li>'
        '<li class="i"><a href="#two">Two</a><nav aria-label="Two"><ul>\n'
        '<li class="i"><a href="#in">In</a></li></ul></nav></li></ul>\n'
        "<main><h1>Text</h1></main></body></html>"
    )


def test_texts_are_escaped_wherever_the_theme_prints_them() -> None:
    hostile = "<img src=x onerror=\"alert(1)\"> & 'x'"
    contents = (TocEntry('"><script>', hostile), TocEntry("p", hostile, (TocEntry("c", hostile),)))
    html = press_page(page(*contents, title=hostile), cut_shell(THEME, KEY))
    assert "<img" not in html
    assert "<script" not in html
    assert html.count("&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#x27;x&#x27;") == 6


def test_texts_that_look_like_markers_are_only_texts() -> None:
    html = press_page(page(TocEntry("a", Marker.ITEM_ID.value), title=Marker.DESCRIPTION.value), cut_shell(THEME, KEY))
    assert f"<title>{Marker.DESCRIPTION}" in html
    assert "What it is" in html


def test_an_address_is_quoted_and_a_head_goes_into_the_head() -> None:
    made = Page("documents/ä b/c/", "T", "D", "C", (), head='<meta name="robots" content="noindex">')
    html = press_page(made, cut_shell(THEME, KEY))
    assert "https://s.example/documents/%C3%A4%20b/c/" in html
    assert '<meta name="robots" content="noindex"></head>' in html


def test_a_shell_stands_where_its_pages_do() -> None:
    assert shell_key("documents/a/b/") == ("documents", 3)
    assert shell_address(("documents", 3)).count("/") == "documents/a/b/".count("/")


@pytest.mark.parametrize("broken", ["<p>nothing</p>", THEME.replace("</li></ul></nav></li></ul>", "")])
def test_a_theme_that_cannot_be_cut_is_refused(broken: str) -> None:
    with pytest.raises(UserError, match="theme"):
        cut_shell(broken.replace("</li>", "") if "toc" in broken else broken, KEY)
