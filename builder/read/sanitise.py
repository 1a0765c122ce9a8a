"""The HTML that a document may bring into a page: an allow-list, applied by nh3 before anything else reads the HTML."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import nh3

from builder.read.pieces import name_set

TAGS = name_set(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details "
    "dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark nav ol "
    "p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time "
    "tr tt u ul var wbr"
)
# MathML Core and what older formulas have, but for what holds other markup (``annotation-xml``: CVE-2026-63430), what
# the parser treats as no other element (``mglyph``, ``malignmark``), links and actions.
MATHML = name_set(
    "math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace "
    "msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics"
)
# Boxes of their own, but none that a page needs: printed as what looks the same, so that the border around them stays.
# The words of a drawing, a menu or a button are words in the text; a line feed follows each that stands by itself.
SHOWN_AS = MappingProxyType(
    {
        **dict.fromkeys(("dialog", "fieldset", "form", "legend", "search"), "div"),
        **dict.fromkeys(("dir", "menu"), "ul"),
        "listing": "pre",
        **dict.fromkeys(("button", "optgroup", "option", "select", "svg", "text"), "span"),
    }
)
LINES = name_set("option text")
# Kept for the words in them, never printed: without them the sanitiser drops those, too.
UNPRINTED = name_set("foreignObject g switch textPath tspan")
# In a drawing these are not drawn where they stand. Kept by the sanitiser, because elsewhere they are no such thing.
NOT_DRAWN = name_set("clipPath defs desc marker mask metadata pattern symbol")
# Removed with their content: no words for a reader, or words that a reader of the page would not see.
# The parser takes the content of ``noscript``, ``noembed`` and ``noframes`` for one string, not for markup.
DROPPED = name_set(
    "annotation annotation-xml datalist embed iframe noembed noframes noscript script style template title"
)
# Removed without a notice: what they say of the document is read elsewhere, or they say nothing.
SILENT = name_set("base body dir head html link menu meta title")

# Published as they are, or without a word: all others are counted in a notice.
UNREPORTED = (
    TAGS | MATHML | SILENT | frozenset(map(str.lower, UNPRINTED | NOT_DRAWN)) | name_set("legend optgroup option text")
)

# What says whether an element is shown. Read, and never printed.
HINTS = name_set("class hidden style")
# On every element.
_GLOBAL = name_set("dir id lang title")
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {*_GLOBAL, *HINTS},
    "a": {"href", "name"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "dialog": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "math": {"display"},
    "menclose": {"notation"},
    "mfenced": {"open", "close", "separators"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mo": {
        "accent",
        "fence",
        "form",
        "largeop",
        "lspace",
        "movablelimits",
        "rspace",
        "separator",
        "stretchy",
        "symmetric",
    },
    "mover": {"accent"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mspace": {"width", "height", "depth"},
    "mstyle": {"displaystyle", "scriptlevel", "mathvariant"},
    "mtable": {"columnalign", "rowalign", "displaystyle"},
    "mtd": {"columnspan", "rowspan", "columnalign", "rowalign"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
}
_SCHEMES = {"http", "https", "mailto"}


def sanitise(source: str) -> str:
    """Return the document's markup reduced to allowed elements, attributes and schemes, as balanced HTML."""
    return nh3.clean(
        source,
        tags=TAGS | MATHML | SHOWN_AS.keys() | UNPRINTED | NOT_DRAWN,
        clean_content_tags=set(DROPPED),
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def printed_attributes(name: str, attributes: Mapping[str, str]) -> Mapping[str, str]:
    """Return those attributes of a sanitised element that are printed, in the order of their names."""
    own = set() if name in SHOWN_AS else _ATTRIBUTES.get(name, set())
    return {key: value for key, value in sorted(attributes.items()) if key in _GLOBAL or key in own}


def tree_outline(source: str, tags: set[str]) -> str:
    """Return the parser's own tree of these ``tags``, without attributes: for measuring only, never for display."""
    return nh3.clean(source, tags=tags, clean_content_tags=set(), attributes={}, link_rel=None)
