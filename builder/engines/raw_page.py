"""A hand-written page as an engine has drawn it, before anything of the corpus is filled in.

Its content stands between two comments, the first of which says what postil needs to know of the page. In it, slots
are as they were written, and cross-links are links to ``postil:TARGET``, or ``postil:TARGET?own`` if they show the
target's own words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote, unquote

from builder.addresses import relative_url
from builder.engines.seam import DrawnPage
from builder.publish.file_links import link_to_files

_PAGE = re.compile(r"<!--postil-begin (.*?)-->(.*)<!--postil-end-->", re.DOTALL)
_LINK = re.compile(r'<a href="postil:([^"?]*)(\?own)?"([^>]*)>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

Resolve = Callable[[str, str], tuple[str, str] | None]
"""(target, words as written) -> (address from the site's root, words of the target itself), or None."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page in three parts: ``content`` is what its author wrote, ``before`` and ``after`` are the theme's."""

    page: DrawnPage
    before: str
    content: str
    after: str


def mark_content(html: str, page: DrawnPage) -> str:
    """Return the content of a page between the two comments."""
    told = json.dumps({key: value for key, value in asdict(page).items() if key != "path"}, sort_keys=True)
    # Neither can end the comment, wherever it may be put.
    told = told.replace("-", "\\u002d").replace(">", "\\u003e").replace("<", "\\u003c")
    return f"<!--postil-begin {told}-->{html}<!--postil-end-->"


def link_target(target: str, words: str) -> str:
    """Return the address that stands for a cross-link until it is filled in; ``words`` are those as written, if any."""
    return f"postil:{quote(target, safe='/')}{'' if words else '?own'}"


def split_page(html: str, docs: Path) -> RawPage | None:
    """Return a drawn page in its parts; None if it is no hand-written one. ``docs`` is the folder of the latter."""
    found = _PAGE.search(html)
    if not found:
        return None
    told = json.loads(found[1])
    path = docs / told["source"]
    page = DrawnPage(**told, path=path if path.is_file() else None)
    return RawPage(page, html[: found.start()], found[2], html[found.end() :])


def fill_links(content: str, address: str, resolve: Resolve, *, directory_urls: bool) -> str:
    """Return the content of a page with its cross-links leading where they lead now.

    One that leads nowhere becomes what was written.
    """

    def filled(link: re.Match[str]) -> str:
        target, own, attributes, inner = unquote(link[1]), link[2], link[3], link[4]
        written = "" if own else unescape(_TAG.sub("", inner))
        found = resolve(target, written)
        if found is None:
            return escape(f"[[{target}|{written}]]" if written else f"[[{target}]]", quote=False)
        path, _, fragment = found[0].partition("#")
        href = relative_url(address, quote(path)) + (f"#{fragment}" if fragment else "")
        html = f'<a href="{escape(href)}"{attributes}>{inner if written else escape(found[1], quote=False)}</a>'
        return html if directory_urls else link_to_files(html)

    return _LINK.sub(filled, content)
