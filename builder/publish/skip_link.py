"""The link "Skip to content", for those who read with a keyboard or a screen reader: it leads to the content."""

from __future__ import annotations

import re
from html import escape

_TARGET = "__content"  # the theme's own ids begin so, and no id of a document does
_LINK = re.compile(r'(<div data-md-component="skip">).*?(</div>)', re.DOTALL)
_CONTENT = re.compile(r"<article(?=[\s>])(?![^>]*\sid=)")


def lead_to_content(html: str, label: str) -> str:
    """Return a page of the theme whose link "Skip to content" leads to its content; ``label`` is what the link says.

    Material's leads to the first entry of the contents list, which may be behind the text. Where the list is empty, and
    on the error page, there is none. A page without the place of the link, or without content, is returned as it is.
    """
    if not _LINK.search(html) or not _CONTENT.search(html):
        return html
    link = f'<a href="#{_TARGET}" class="md-skip">{escape(label)}</a>'
    html = _LINK.sub(lambda place: place[1] + link + place[2], html, count=1)
    return _CONTENT.sub(f'<article id="{_TARGET}"', html, count=1)
