"""What a reader of the page sees of a body: printed, and parsed again by parsers that the program doesn't read with."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import html5lib
import pytest
from selectolax.lexbor import LexborHTMLParser

from builder.model import Body, PieceRole
from builder.read.pieces import name_set

TESTDATA = Path(__file__).parents[2].parent / "shared" / "testdata"
ALLOWED = name_set(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd "
    "del details dfn div dl dt em figcaption figure footer h2 h3 h4 h5 h6 header hgroup hr i img ins kbd "
    "li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table "
    "tbody td tfoot th thead time tr tt u ul var wbr "
    "math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace "
    "msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics "
)
ATTRIBUTES = name_set(
    "align alt class colspan datetime dir height href id lang open rel reversed rowspan scope span src "
    "start title type value width "
    "accent accentunder close columnalign columnspan depth display displaystyle fence form largeop linethickness "
    "lspace "
    "mathvariant movablelimits notation rowalign rspace scriptlevel separator separators stretchy symmetric voffset "
)
MATHML = "{http://www.w3.org/1998/Math/MathML}"  # which html5lib writes before the names of formulas alone
ADDRESS = re.compile(r"(?:https?://[^/\\?#]|mailto:[^?#]|#[^\x00]).*", re.IGNORECASE | re.DOTALL)


def outside(name: str) -> Path:
    """A file of data that nobody here wrote; skips where it is not."""
    path = TESTDATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here: it stands beside the project, and is no part of it")
    return path


def records(name: str) -> list[dict[str, str]]:
    text = outside(name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line] if name.endswith("l") else json.loads(text)


def printed(body: Body) -> str:
    return "".join(p.value if p.role is PieceRole.TAG else escape(p.value, quote=False) for p in body.pieces)


def page(markup: str) -> str:
    return (
        f"<!doctype html><html><head><title>t</title></head><body><article>{markup}</article><p>after</p></body></html>"
    )


def html5lib_article(markup: str):
    return html5lib.parse(page(markup), namespaceHTMLElements=False).find("body/article")


def seen_by_html5lib(markup: str) -> str:
    return "".join(html5lib_article(markup).itertext())


def seen_by_lexbor(markup: str) -> str:
    return LexborHTMLParser(page(markup)).css_first("article").text(deep=True)


def faults(markup: str) -> list[str]:
    """Elements, attributes and addresses outside the allow-list, as each of two parsers sees them."""
    found = []
    for element in html5lib_article(markup).iter():
        name = element.tag.removeprefix(MATHML) if isinstance(element.tag, str) else "a comment"
        found += _faults(name, dict(element.attrib))
    for node in LexborHTMLParser(page(markup)).css("article *"):
        found += _faults(node.tag, node.attributes)
    return found


def _faults(name: str, attributes: dict[str, str | None]) -> list[str]:
    found = [] if name in ALLOWED else [name]
    for key, value in attributes.items():
        if key not in ATTRIBUTES:
            found.append(f"{name} {key}")
        if key == "href" and not ADDRESS.fullmatch(value or ""):
            found.append(f"{name} {key}={value}")
        if key == "src" and not re.fullmatch(r"postil:[^:]+\.(?:png|jpe?g|gif|webp|avif)", value or "", re.IGNORECASE):
            found.append(f"{name} {key}={value}")
        if key == "class" and value != "postil-picture":
            found.append(f"{name} {key}={value}")
        if key == "id" and not (value or "").startswith("src-"):
            found.append(f"{name} {key}={value}")
    return found
