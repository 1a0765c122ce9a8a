"""The HTML that a document may bring into a page: an allow-list, applied by nh3 before anything else reads the HTML."""

from __future__ import annotations

from types import MappingProxyType

import nh3

from builder.read.pieces import name_set

TAGS = name_set(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details "
    "dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark nav ol "
    "p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time "
    "tr tt u ul var wbr"
)
# Boxes of their own, but none that a page needs: printed as what looks the same, so that the border around them stays.
SHOWN_AS = MappingProxyType(
    {
        **dict.fromkeys(("dialog", "fieldset", "form", "legend", "search"), "div"),
        **dict.fromkeys(("dir", "menu"), "ul"),
        "listing": "pre",
    }
)
# Removed with their content: no words for a reader, or words that a reader of the page would not see.
# The parser takes the content of ``noscript``, ``noembed`` and ``noframes`` for one string, not for markup.
DROPPED = name_set(
    "applet audio button canvas datalist embed iframe math noembed noframes noscript object optgroup option script "
    "select style svg template textarea title video"
)
# Removed without a notice: what they say of the document is read elsewhere, or they say nothing.
SILENT = name_set("base body dir head html link menu meta title")

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "lang", "dir", "title"},
    "a": {"href", "name"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto"}


def sanitise(source: str) -> str:
    """Return the document's markup reduced to allowed elements, attributes and schemes, as balanced HTML."""
    return nh3.clean(
        source,
        tags=TAGS | SHOWN_AS.keys(),
        clean_content_tags=set(DROPPED),
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def tree_outline(source: str, tags: set[str]) -> str:
    """Return the parser's own tree of these ``tags``, without attributes: for measuring only, never for display."""
    return nh3.clean(source, tags=tags, clean_content_tags=set(), attributes={}, link_rel=None)
