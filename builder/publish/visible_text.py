"""The words of a page as a reader sees them, for search."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser

# Elements inside a line, as browsers display them. All others part words.
_INLINE_NAMES: Final = """
a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rb ruby s samp small span strike
strong sub sup time tt u var
"""
_INLINE: Final = _INLINE_NAMES.split()
# What is no text of a page: programs, places where a word may be broken, and the marks that Python-Markdown puts at
# footnotes and headings.
_UNREAD: Final = "script, style, noscript, template, wbr, sup[id^='fnref'], a.footnote-backref, a.headerlink"


def visible_text(html: str) -> str:
    """Return what a reader sees of a piece of HTML, each run of white space as one space.

    A word may run over markup inside it, but not over the border of a block, a cell or a line.
    """
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    for element in body.css(_UNREAD):
        element.decompose()
    body.unwrap_tags(_INLINE)
    body.merge_text_nodes()
    return " ".join(body.text(deep=True, separator=" ").split())
