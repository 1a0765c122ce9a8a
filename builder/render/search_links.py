"""Links from the site's pages to the search page with filters already chosen."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from builder.addresses import relative_url
from builder.model import Project
from builder.render.counts import VerdictCount


def search_href(project: Project, address: str, facets: Iterable[tuple[str, str]]) -> str | None:
    """Return the link from the page at ``address`` to the search with these filters; None on a site without search.

    ``facets`` are (name, value) as the search page's address has them; a name may come several times.
    """
    return relative_url(address, f"{project.search}?{urlencode(list(facets))}") if project.search else None


def verdict_search_hrefs(
    counts: Iterable[VerdictCount], project: Project, address: str, facets: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """Return, for each verdict that was counted, the link to the search for its notes.

    A verdict that is not in the project's scale (closed) has no link: search does not know it.

    ``counts``: numbers of notes by verdict.
    ``project``: its scale of verdicts, and whether the site has search.
    ``address``: of the page that has the links.
    ``facets``: filters besides the verdict, as for ``search_href``.
    """
    filters = list(facets)
    verdicts = (count.verdict for count in counts if count.verdict in project.verdicts)
    hrefs = ((key, search_href(project, address, [*filters, ("verdict", key)])) for key in verdicts if key)
    return {key: href for key, href in hrefs if href}
