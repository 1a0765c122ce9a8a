"""The ways on from the theme's page for addresses that there are not: a search, and the lists.

A server sends it for any address, so its links are from the server's root, with the path that the site is under.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from builder.addresses import page_file
from builder.render.templating import render_template
from builder.translation import Translation

_HEADING_END = "</h1>"


def site_root(site_url: str | None) -> str:
    """Return the path that the site is under on its server, ``/corpus/``; ``/`` if its address is not known."""
    return urlsplit(site_url or "").path.rstrip("/") + "/"


def ways_on(
    root: str,
    lists: Iterable[tuple[str, str]],
    translation: Translation,
    *,
    search: str | None,
    directory_urls: bool,
) -> str:
    """Return the HTML of the ways on.

    ``root``: as ``site_root`` returns it.
    ``lists``: addresses of the lists and their names, which are messages.
    ``translation``: the readers' language.
    ``search``: address of the search page, if there is one.
    ``directory_urls``: link to folders, not to the files in them.
    """

    def href(address: str) -> str:
        return root + (address if directory_urls else page_file(address))

    return render_template(
        "not-found.html",
        translation,
        search=href(search) if search else None,
        lists=[(href(address), translation.gettext(name)) for address, name in lists],
    )


def add_ways_on(html: str, ways: str) -> str:
    """Return the theme's page with the ways on under its heading; as it is if it has none."""
    before, heading_end, after = html.partition(_HEADING_END)
    return f"{before}{heading_end}{ways}{after}" if heading_end else html
