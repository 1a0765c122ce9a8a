"""HTML documents: sanitised by nh3 first, then walked by BeautifulSoup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from builder.diagnostics import Diagnostic
from builder.model import Body, Limits, PieceRole
from builder.read.body import build_body
from builder.read.characters import replace_unpublishable
from builder.read.headings import ID_PREFIX, demote_heading
from builder.read.html_limits import check_limits
from builder.read.html_source_map import ScannedHtml, ScannedTag, align_text, scan_html
from builder.read.links import SOURCE_REL, image_tag, link_tag, unpublished_image, unpublished_image_diagnostic
from builder.read.parsed_source import ParsedSource
from builder.read.pieces import SourcePiece, name_set
from builder.read.sanitise import DROPPED, SHOWN_AS, SILENT, TAGS, sanitise

# Of the 1,796 inputs of html5lib's tree tests, after nh3, the text that html5lib and lexbor see: html.parser 1,791,
# html5lib 1,756, lxml 1,752. What they miss is mostly the first line feed of <pre>, dropped a second time when nh3's
# output is parsed again; html.parser alone never does that. 600 words: lxml 1.5 ms, html.parser 1.8, html5lib 4.9.
_BUILDER = "html.parser"
_VOID = name_set("br col hr img wbr")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?!\d)")
_AUTHORS = name_set("author dc.creator dcterms.creator citation_author")
_DATES = ("article:published_time", "date", "dc.date", "dcterms.date", "datepublished", "citation_publication_date")


def read_html(
    source: str, *, path: str, folder: str, limits: Limits
) -> tuple[ParsedSource | None, tuple[Diagnostic, ...]]:
    """Read an HTML document (decoded, byte-order mark dropped, line ends as line feeds).

    The text is that of the tree's text nodes under ``<body>``, without the elements that are left out (reported in an
    H102) and without white space at both ends. None and an H101 if the document is nested too deeply; H103 for what
    HTML cannot carry.

    ``source``: the document.
    ``path``: the file's name, for diagnostics.
    ``folder``: its folder relative to ``seeds/``, for pictures.
    ``limits``: how deep it may nest.
    """
    text, diagnostics = replace_unpublishable(source, path)
    scanned = scan_html(text, path)
    too_deep = check_limits(scanned, limits)
    if too_deep:
        return None, (*diagnostics, too_deep)
    body = build_body(_source_pieces(_tree(sanitise(text)), scanned, folder))
    return _parsed_source(scanned, body), (
        *diagnostics,
        *_report_left_out(scanned),
        *_report_unpublished_images(scanned),
    )


def _tree(markup: str) -> Tag:
    # Without the last two arguments BeautifulSoup shortens white space between tags and hides the text of <rt> and
    # <rp>; without <body> it warns about a document that is nothing but an address.
    soup = BeautifulSoup(
        f"<body>{markup}</body>",
        _BUILDER,
        multi_valued_attributes=None,
        preserve_whitespace_tags={"[document]"},
        string_containers={},
    )
    body = soup.body
    return soup if body is None else body


def _events(root: Tag) -> Iterator[tuple[Tag | NavigableString, bool]]:
    """Yield the nodes of a tree in document order, a tag at its start (False) and at its end (True)."""
    open_tags: list[tuple[Tag, Iterator[object]]] = [(root, iter(root.contents))]
    while open_tags:
        tag, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            open_tags.pop()
            if open_tags:
                yield tag, True
        elif isinstance(child, Tag):
            yield child, False
            open_tags.append((child, iter(child.contents)))
        elif isinstance(child, NavigableString):
            yield child, False


def _source_pieces(tree: Tag, scanned: ScannedHtml, folder: str) -> Iterator[SourcePiece]:
    cursor = 0
    ids: set[str] = set()
    links: list[bool] = []
    for node, closing in _events(tree):
        if isinstance(node, NavigableString):
            runs, cursor = align_text(scanned, str(node), cursor)
            for value, line, column in runs:
                yield SourcePiece(PieceRole.TEXT, value, line, column)
        elif closing:
            yield from (SourcePiece(PieceRole.TAG, tag) for tag in _closing(node, links))
        else:
            yield from (SourcePiece(PieceRole.TAG, tag) for tag in _opening(node, links, ids, folder))


def _opening(node: Tag, links: list[bool], ids: set[str], folder: str) -> Iterator[str]:
    """Yield the tags that open an element.

    ``node``: the element.
    ``links``: for each open ``<a>``, whether its tag was printed; links do not nest.
    ``ids``: the ids in use.
    ``folder``: the document's folder relative to ``seeds/``.
    """
    if node.name == "img":
        yield _image(node, folder)
    elif node.name == "a":
        link = None if any(links) else link_tag(_value(node, "href"), SOURCE_REL, _value(node, "title"))
        links.append(link is not None)
        identity = _id_attribute(ids, _value(node, "id") or _value(node, "name"))
        if identity:
            yield from (f"<span{identity}>", "</span>")
        if link:
            yield link
    else:
        yield f"<{_printed_name(node)}{_attributes(node, ids)}>"


def _closing(node: Tag, links: list[bool]) -> Iterator[str]:
    if node.name == "a":
        if links.pop():
            yield "</a>"
    elif node.name not in _VOID:
        yield f"</{_printed_name(node)}>"


def _printed_name(node: Tag) -> str:
    return SHOWN_AS.get(node.name) or demote_heading(node.name)


def _value(tag: Tag, name: str) -> str:
    return str(tag.attrs.get(name) or "")


def _id_attribute(ids: set[str], value: str) -> str:
    """Return the prefixed ``id`` attribute; empty if there is none, or if another element has it."""
    if not value or value in ids:
        return ""
    ids.add(value)
    return f' id="{escape(ID_PREFIX + value)}"'


def _attributes(tag: Tag, ids: set[str]) -> str:
    identity = _id_attribute(ids, _value(tag, "id"))
    rest = (f' {name}="{escape(str(value))}"' for name, value in sorted(tag.attrs.items()) if name != "id")
    return identity + "".join(rest)


def _image(tag: Tag, folder: str) -> str:
    sizes = ((name, _value(tag, name)) for name in ("width", "height"))
    extra = "".join(f' {name}="{value}"' for name, value in sizes if value.isascii() and value.isdigit())
    return image_tag(_value(tag, "src"), _value(tag, "alt"), folder, extra)


def _parsed_source(scanned: ScannedHtml, body: Body) -> ParsedSource:
    metas = [tag.values() for tag in scanned.tags if tag.name == "meta" and not tag.closing]
    fields = [
        ((meta.get("property") or meta.get("name", "")).lower(), meta.get("content", "").strip()) for meta in metas
    ]
    dates = (match.group() for key in _DATES for name, value in fields if name == key and (match := _DATE.match(value)))
    language = next(
        (tag.values().get("lang", "").strip() for tag in scanned.tags if tag.name == "html" and not tag.closing), ""
    )
    title = " ".join((scanned.title or "").split())
    return ParsedSource(
        body,
        title or first_heading(body),
        tuple(dict.fromkeys(value for name, value in fields if name in _AUTHORS and value)),
        next(dates, None),
        language or None,
    )


def first_heading(body: Body) -> str | None:
    """Return the words of the first heading of the highest level, if there is one."""
    top = min((heading.level for heading in body.headings), default=0)
    return next((heading.text for heading in body.headings if heading.level == top), None)


def _report_left_out(scanned: ScannedHtml) -> Iterable[Diagnostic]:
    """Return one H102 that counts the elements that are not published, at the first of them."""
    opened = [tag for tag in scanned.tags if not tag.closing]
    dropped = [tag for tag in opened if tag.name in DROPPED and tag.name not in SILENT]
    unwrapped = [tag for tag in opened if tag.name not in TAGS | DROPPED | SILENT]
    kinds_with_labels = [(_tally(dropped), "left out: "), (_tally(unwrapped), "tags left out, their words kept: ")]
    message = "; ".join(label + kinds for kinds, label in kinds_with_labels if kinds)
    if message:
        hint = "nothing to do, unless a quote needs words that were in them"
        yield Diagnostic(scanned.place(min(tag.start for tag in dropped + unwrapped)), "H102", message, hint)


def _report_unpublished_images(scanned: ScannedHtml) -> Iterable[Diagnostic]:
    """Yield an F111 for each picture beside the document in another format."""
    for tag in scanned.tags:
        src = unpublished_image(tag.values().get("src", "")) if tag.name == "img" else None
        if src:
            yield unpublished_image_diagnostic(scanned.place(tag.start), src)


def _tally(tags: list[ScannedTag]) -> str:
    counts = Counter(tag.name for tag in tags)
    return ", ".join(f"<{name}> ({count})" for name, count in sorted(counts.items()))
