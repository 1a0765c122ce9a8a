"""The parts of search that every page carries: a style sheet, scripts, the button in the header and the dialog.

``find.js`` is none of them: it reads the index, so it is published with the index (see ``write_index``).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from builder.render.page_assets import ASSETS_FOLDER, Asset, fingerprinted_address, read_asset, short_fingerprint
from builder.render.templating import render_template
from builder.translation import Translation

_STYLES = "search.css"

# The first is loaded by every page; it imports the others when they are needed, by their names, so all are in one
# folder, which is named after the content of them all.
_SCRIPTS = ("search.js", "arrival.js", "dialog.js", "load-index.js", "run-search.js", "page.js", "results.js")


@cache
def search_assets() -> tuple[Asset, ...]:
    """Return the style sheet and the scripts of search, in the order in which pages load them."""
    browser = files("builder.search") / "browser"
    styles = read_asset(browser / _STYLES)
    scripts = {name: read_asset(browser / name) for name in _SCRIPTS}
    folder = f"{ASSETS_FOLDER}/search.{short_fingerprint(b''.join(scripts.values()))}"
    return (
        Asset(fingerprinted_address(_STYLES, styles), styles),
        *(Asset(f"{folder}/{name}", code, on_demand=name != _SCRIPTS[0]) for name, code in scripts.items()),
    )


@cache
def script_address(name: str) -> str:
    """Return the address of one of the scripts of search."""
    (address,) = (asset.address for asset in search_assets() if asset.address.endswith(f"/{name}"))
    return address


@cache
def search_button(translation: Translation) -> str:
    """Return the HTML of the button that opens the search box; hidden until its script runs."""
    return render_template("search-button.html", translation)


@cache
def search_dialog(translation: Translation) -> str:
    """Return the HTML of the search box, a closed dialog."""
    return render_template("search-dialog.html", translation)
