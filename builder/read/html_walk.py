"""The walk over a sanitised HTML document: its pieces, and the words that the page hides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from builder.model import PieceRole
from builder.read.headings import ID_PREFIX, demote_heading
from builder.read.html_hidden import HidingRules, read_hiding_rules, visibility
from builder.read.html_source_map import ScannedHtml, align_text
from builder.read.links import SOURCE_REL, image_tag, link_tag
from builder.read.pieces import SourcePiece, name_set
from builder.read.sanitise import LINES, NOT_DRAWN, SHOWN_AS, UNPRINTED, printed_attributes

# Of the 1,796 inputs of html5lib's tree tests, after nh3, the text that html5lib and lexbor see: html.parser 1,791,
# html5lib 1,756, lxml 1,752. What they miss is mostly the first line feed of <pre>, dropped a second time when nh3's
# output is parsed again; html.parser alone never does that. 600 words: lxml 1.5 ms, html.parser 1.8, html5lib 4.9.
_BUILDER = "html.parser"
_VOID = name_set("br col hr img wbr")
# Elements that are shown otherwise than the one around them by their name alone.
_PREFORMATTED = {name for name, shown in SHOWN_AS.items() if shown == "pre"} | {"pre"}
_WITH_STATE = frozenset({"svg", "dialog", "mphantom", *_PREFORMATTED, *map(str.lower, NOT_DRAWN)})
_NOT_PRINTED = frozenset(map(str.lower, UNPRINTED))
_NOT_DRAWN = frozenset(map(str.lower, NOT_DRAWN))


@dataclass(frozen=True, slots=True)
class HiddenPassage:
    """Words of an element that is not shown, on one line, and where they begin in the file (0: unknown)."""

    words: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class WalkedHtml:
    """A document's pieces and its hidden passages, in order.

    ``text``: all text of the tree, hidden or not. ``aligned``: the half-open ranges of the scanned text that it is.
    """

    pieces: tuple[SourcePiece, ...]
    hidden: tuple[HiddenPassage, ...]
    text: str
    aligned: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _Walk:
    """The state of a walk."""

    folder: str
    rules: HidingRules
    ids: set[str] = field(default_factory=set)
    links: list[bool] = field(default_factory=list)  # for each open <a>, whether its tag was printed: links do not nest
    hidden: list[HiddenPassage] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    aligned: list[tuple[int, int]] = field(default_factory=list)


def walk_html(markup: str, scanned: ScannedHtml, folder: str) -> WalkedHtml:
    """Walk over a document that was sanitised.

    ``markup``: what the sanitiser printed.
    ``scanned``: the source.
    ``folder``: the document's folder relative to ``seeds/``, for pictures.
    """
    walk = _Walk(folder, read_hiding_rules(scanned.style_sheets()))
    pieces = tuple(_source_pieces(_tree(markup), scanned, walk))
    return WalkedHtml(pieces, tuple(walk.hidden), "".join(walk.texts), tuple(walk.aligned))


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


@dataclass(slots=True)
class _State:
    """Of an open element: whether it is shown, whether its text is visible, whether it is in a drawing or a pre."""

    shown: bool = True
    visible: bool = True
    drawing: bool = False
    pre: bool = False


def _source_pieces(tree: Tag, scanned: ScannedHtml, walk: _Walk) -> Iterator[SourcePiece]:
    cursor = 0
    states = [_State()]
    concealed: list[SourcePiece] = []  # the texts of a hidden passage
    blank = after_hidden = False  # whether the last text ends in white space; whether something hidden came after it
    for node, closing in _events(tree):
        state = states[-1]
        if isinstance(node, NavigableString):
            alignment = align_text(scanned, str(node), cursor)
            cursor = alignment.cursor
            walk.texts.append(str(node))
            walk.aligned.append((alignment.start, alignment.end))
            texts = [SourcePiece(PieceRole.TEXT, *run) for run in alignment.runs]
            if state.shown and state.visible:
                # White space on both sides of what is hidden is that of one gap, not of two.
                if not (after_hidden and blank and node.isspace() and not state.pre):
                    yield from texts
                blank, after_hidden = node[-1:].isspace(), False
            elif not state.drawing:
                concealed += texts
        elif closing:
            states.pop()
            if state.shown:
                yield from _closing(node, walk)
            after_hidden = after_hidden or not (state.shown and state.visible)
        else:
            states.append(_state(node, state, walk.rules))
            if states[-1].shown:
                yield from (SourcePiece(PieceRole.TAG, tag) for tag in _opening(node, walk, visible=states[-1].visible))
        if concealed and states[-1].shown and states[-1].visible:
            walk.hidden.extend(_passage(concealed))
            concealed = []
    walk.hidden.extend(_passage(concealed))


def _state(node: Tag, parent: _State, rules: HidingRules) -> _State:
    if not parent.shown or (not node.attrs and not rules.by_key and node.name not in _WITH_STATE):
        return parent
    drawing = parent.drawing or node.name == "svg"
    if drawing and node.name in _NOT_DRAWN:
        return _State(shown=False, visible=False, drawing=True)
    attributes = {name: str(value) for name, value in node.attrs.items()}
    shown, visible = visibility(node.name, attributes, rules, visible=parent.visible)
    return _State(shown, visible, drawing and shown, pre=parent.pre or SHOWN_AS.get(node.name, node.name) == "pre")


def _passage(texts: list[SourcePiece]) -> Iterator[HiddenPassage]:
    words = " ".join("".join(text.value for text in texts).split())
    if words:
        first = next((text for text in texts if text.line), texts[0])
        yield HiddenPassage(words, first.line, first.column)


def _opening(node: Tag, walk: _Walk, *, visible: bool) -> Iterator[str]:
    """Yield the tags that open an element; of a picture that is not visible, none."""
    if node.name == "img":
        if visible:
            yield _image(node, walk.folder)
    elif node.name == "a":
        link = None if any(walk.links) else link_tag(_value(node, "href"), SOURCE_REL, _value(node, "title"))
        walk.links.append(link is not None)
        identity = _id_attribute(walk.ids, _value(node, "id") or _value(node, "name"))
        if identity:
            yield from (f"<span{identity}>", "</span>")
        if link:
            yield link
    elif node.name not in _NOT_PRINTED:
        yield f"<{_printed_name(node)}{_attributes(node, walk.ids)}>"


def _closing(node: Tag, walk: _Walk) -> Iterator[SourcePiece]:
    if node.name == "a":
        if walk.links.pop():
            yield SourcePiece(PieceRole.TAG, "</a>")
    elif node.name not in _VOID | _NOT_PRINTED:
        yield SourcePiece(PieceRole.TAG, f"</{_printed_name(node)}>")
        if node.name in LINES:
            yield SourcePiece(PieceRole.TEXT, "\n")


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
    attributes = printed_attributes(tag.name, {name: str(value) for name, value in tag.attrs.items()})
    return identity + "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if name != "id")


def _image(tag: Tag, folder: str) -> str:
    sizes = ((name, _value(tag, name)) for name in ("width", "height"))
    extra = "".join(f' {name}="{value}"' for name, value in sizes if value.isascii() and value.isdigit())
    return image_tag(_value(tag, "src"), _value(tag, "alt"), folder, extra)
