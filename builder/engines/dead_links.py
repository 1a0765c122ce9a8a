"""Find links of hand-written pages that lead nowhere, after an engine has drawn them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from html import unescape
from pathlib import Path
from posixpath import basename
from urllib.parse import unquote, urljoin, urlsplit

from builder.addresses import DOCUMENTS, page_file
from builder.diagnostics import Diagnostic
from builder.engines.pressed import PressedPage
from builder.engines.seam import DrawnPage
from builder.publish import feeds

_HREF = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
_ID = re.compile(r'\s(?:id|name)="([^"]*)"')
_ROOT = "https://site.invalid/"
_WRITTEN_LATER = frozenset((feeds.CHANGES, feeds.CORRECTIONS))


def dead_links(
    pages: Iterable[tuple[DrawnPage, str]], folder: Path, pressed: Iterable[PressedPage], docs: Path
) -> Iterator[Diagnostic]:
    """Yield P403 for each link of a hand-written page to a page, a file or an anchor of the site that is not there.

    ``pages``: the pages with their content, before lists are filled in.
    ``folder``: the site as it is drawn.
    ``pressed``: pages that are not drawn.
    ``docs``: the folder of hand-written pages.
    """
    known = {page.address: page.ids for page in pressed}
    ids: dict[Path, AbstractSet[str]] = {}
    for page, content in pages:
        for href in dict.fromkeys(map(unescape, _HREF.findall(content))):
            if what := _missing(href, page.address, folder, known, ids):
                path, _, fragment = href.partition("#")
                named = (
                    f"#{fragment}"
                    if what == "anchor"
                    else unquote(basename(path.removesuffix("index.html").rstrip("/")))
                )
                message = f"contains a link '{unquote(href)}', but there is no such {what}"
                yield Diagnostic(page.place(docs, named), "P403", message)


def _missing(
    href: str,
    address: str,
    folder: Path,
    known: Mapping[str, AbstractSet[str]],
    ids: dict[Path, AbstractSet[str]],
) -> str:
    """Return what a link lacks, "" if nothing, or if it leads out of the site."""
    if urlsplit(href).scheme or href.startswith("/"):
        return ""
    target = urlsplit(urljoin(_ROOT + address, href))
    path, fragment = unquote(target.path).lstrip("/"), unquote(target.fragment)
    if path in _WRITTEN_LATER:
        return ""
    if (place := path.removesuffix("index.html")) in known:
        # Only what notes have: headings of a document are not known before it is pressed.
        is_note = fragment.partition("-")[0] in {"note", "quote"} and place.startswith(DOCUMENTS)
        return "anchor" if is_note and fragment not in known[place] else ""
    file = folder / (page_file(path) if not path or path.endswith("/") else path)
    if not file.is_file():
        return "page"
    if not fragment or file.suffix != ".html":
        return ""
    if file not in ids:
        ids[file] = frozenset(map(unescape, _ID.findall(file.read_text(encoding="utf-8"))))
    return "" if fragment in ids[file] else "anchor"
