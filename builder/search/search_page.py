"""The search page: where it is, and what its slot ``<!-- postil: search -->`` is replaced with."""

from __future__ import annotations

from builder.addresses import relative_url
from builder.render.templating import render_template
from builder.search.search_assets import script_address
from builder.translation import N_, Translation

SLOT = "search"
ADDRESS = "search/"
TITLE = N_("Search")


# What a reader without scripts, or at an address that there is not, is led to instead.
LISTS = (
    ("documents/", N_("Documents")),
    ("claims/", N_("Claims")),
    ("sources/", N_("Sources")),
    ("topics/", N_("Topics")),
    ("people/", N_("People")),
    ("corrections/", N_("Corrections")),
)


def search_slot(address: str, translation: Translation) -> str:
    """Return the HTML of the search slot on the page at ``address``; its script fills it."""
    lists = [(list_, translation.in_sentence(translation.gettext(name))) for list_, name in LISTS]
    # The index is loaded at once, and what shows it meanwhile: the theme's own scripts take seconds on a slow line.
    scripts = [relative_url(address, script_address(name)) for name in ("page.js", "run-search.js", "results.js")]
    return render_template(
        "search-page.html",
        translation,
        root=relative_url(address, ""),
        lists=lists,
        scripts=scripts,
        loader=relative_url(address, script_address("load-index.js")),
    )
