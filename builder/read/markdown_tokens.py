"""From markdown-it's tokens to pieces: the same tags, links and pictures as for HTML, and the words' positions."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

from builder.model import PieceRole
from builder.read.headings import ID_PREFIX, demote_heading
from builder.read.links import image_tag, link_tag
from builder.read.markdown_source_map import Cursor, Lines, after_link, cursor_at_block, find_words, next_line
from builder.read.pieces import SourcePiece

CROSSREF = "crossref"
_ROW = re.compile(r"[^\n]*\n|[^\n]+")
_ALIGNED = re.compile(r"text-align:(left|center|right)")


@dataclass(frozen=True, slots=True)
class TokenOptions:
    """How links and pictures are printed.

    ``rel``: of links. ``folder``: of the document, relative to ``seeds/``; None for prose, where pictures become their
    alternative text, and headings strong lines.
    """

    rel: str
    folder: str | None


@dataclass(frozen=True, slots=True)
class CrossLinkSlot:
    """The text between a cross-link's brackets, and its offset in the source."""

    inside: str
    offset: int


def pieces_from_tokens(
    tokens: list[Token], lines: Lines, first_line: int, options: TokenOptions
) -> Iterator[SourcePiece | CrossLinkSlot]:
    """Yield the pieces of a parsed source, with line feeds between blocks where the CommonMark reference puts them.

    ``tokens``: the source as markdown-it reads it.
    ``lines``: the source.
    ``first_line``: the line of the file on which the source begins.
    ``options``: how links and pictures are printed.
    """
    cursor = Cursor(0, len(lines.source))
    lead: tuple[SourcePiece, ...] = ()  # what stands before the next words: a box of a task, a footnote's number
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if token.type == "inline":
            cell = before is not None and before.tag in ("td", "th")
            cursor = cursor_at_block(lines, cursor, token.map, cell=cell)
            yield from lead
            lead = ()
            yield from _tags(*(("<strong>",) if token.meta.get("callout") else ()))
            cursor = yield from _inline(token.children or [], lines, cursor, first_line, options)
            yield from _tags(*(("</strong>",) if token.meta.get("callout") else ()))
        elif token.type in ("fence", "code_block"):
            if before is not None and before.hidden:
                yield SourcePiece(PieceRole.TEXT, "\n")
            yield from _tags("<pre>", "<code>")
            yield from _code(token, lines, first_line)
            yield from _tags("</code>", "</pre>")
            yield SourcePiece(PieceRole.TEXT, "\n")
        elif not token.hidden:
            if token.nesting >= 0 and before is not None and before.hidden:
                yield SourcePiece(PieceRole.TEXT, "\n")
            yield from _tags(*_block(token, options))
            lead = _lead(token) or lead
            if _ends_with_line_feed(token, tokens[index + 1] if index + 1 < len(tokens) else None):
                yield SourcePiece(PieceRole.TEXT, "\n")


def _lead(token: Token) -> tuple[SourcePiece, ...]:
    """Return what stands before the first words of a task or a footnote: a box, or the number that leads back."""
    if token.type == "list_item_open" and "checked" in token.meta:
        return (SourcePiece(PieceRole.TEXT, "☑ " if token.meta["checked"] else "☐ "),)
    if token.type != "footnote_reference_open":
        return ()
    number = token.meta["number"]
    label = SourcePiece(PieceRole.TEXT, f"[{number or token.meta['label']}]")
    back = (SourcePiece(PieceRole.TAG, f'<a href="#fnref-{number}">'), label, SourcePiece(PieceRole.TAG, "</a>"))
    return (*(back if number else (label,)), SourcePiece(PieceRole.TEXT, " "))


def _footnote_mark(token: Token) -> Iterable[SourcePiece]:
    """Return the mark of a footnote: its number in brackets, because numbers without them are those of notes."""
    number, repeated = token.meta["id"] + 1, token.meta["subId"]
    own = f"{ID_PREFIX}fnref-{number}" + (f"-{repeated + 1}" if repeated else "")
    yield from _tags(f'<sup id="{own}">', f'<a href="#fn-{number}">')
    yield SourcePiece(PieceRole.TEXT, f"[{number}]")
    yield from _tags("</a>", "</sup>")


def _tags(*values: str) -> Iterable[SourcePiece]:
    return (SourcePiece(PieceRole.TAG, value) for value in values)


def _ends_with_line_feed(token: Token, following: Token | None) -> bool:
    """Return whether a line feed follows this block's tag."""
    if token.nesting != 1 or following is None:
        return True
    inline = following.type == "inline" or following.hidden
    return not inline and not (following.nesting == -1 and following.tag == token.tag)


def _block(token: Token, options: TokenOptions) -> tuple[str, ...]:
    """Return the tags of a block's token."""
    closing = token.nesting < 0
    if token.type.startswith("heading") and options.folder is None:
        return ("</strong>", "</p>") if closing else ("<p>", "<strong>")
    name = demote_heading(token.tag)
    if closing:
        return (f"</{name}>",)
    if token.type == "footnote_reference_open":
        number = token.meta["number"]
        return (
            f'<div class="postil-footnote" id="{ID_PREFIX}fn-{number}">' if number else '<div class="postil-footnote">',
        )
    start = token.attrs.get("start")
    aligned = _ALIGNED.match(str(token.attrs.get("style", "")))
    extra = f' start="{escape(str(start))}"' if start is not None else ""
    return (f'<{name}{extra} align="{aligned[1]}">' if aligned else f"<{name}{extra}>",)


def _code(token: Token, lines: Lines, first_line: int) -> Iterator[SourcePiece]:
    begin, end = token.map or [0, 0]
    fence = token.type == "fence"
    for number, row in enumerate(_ROW.findall(token.content), begin + fence):
        start = lines.start(number)
        words = row.rstrip("\n")
        found, _ = find_words(lines, Cursor(start, lines.start(min(number + 1, end))), words)
        yield SourcePiece(PieceRole.TEXT, row, number + first_line, (start if found is None else found) - start + 1)


def _inline(
    children: list[Token], lines: Lines, start: Cursor, first_line: int, options: TokenOptions
) -> Generator[SourcePiece | CrossLinkSlot, None, Cursor]:
    """Yield the pieces of a block's inline tokens; return the cursor after them."""
    links: list[bool] = []
    cursor = start
    for token in children:
        words, found, cursor = _words(token, lines, cursor, options)
        if token.type == "footnote_ref":
            yield from _footnote_mark(token)
            continue
        if token.type == CROSSREF:
            yield CrossLinkSlot(token.content, cursor.at if found is None else found)
            continue
        yield from _tags(*_inline_tags(token, links, options))
        if words:
            line, column = (-first_line, 0) if found is None else lines.position(found)
            yield SourcePiece(PieceRole.TEXT, words, line + first_line, column + 1)
        if token.type == "code_inline":
            yield SourcePiece(PieceRole.TAG, "</code>")
    return cursor


def _words(  # noqa: PLR0911 - one answer for each kind of token
    token: Token, lines: Lines, cursor: Cursor, options: TokenOptions
) -> tuple[str, int | None, Cursor]:
    """Return the words of an inline token, their offset in the source if it is known, and the cursor after them."""
    match token.type:
        case "text":
            return token.content, *find_words(lines, cursor, token.content)
        case "text_special":
            return token.content, *find_words(lines, cursor, token.markup)
        case "code_inline":
            _, cursor = find_words(lines, cursor, token.markup)
            found, cursor = find_words(lines, cursor, token.content)
            return token.content, found, find_words(lines, cursor, token.markup)[1]
        case "softbreak" | "hardbreak":
            return "\n", None, next_line(lines, cursor)
        case "image":
            _, cursor = find_words(lines, cursor, "![")
            found, cursor = find_words(lines, cursor, token.content)
            return "" if options.folder is not None else _alternative(token), found, after_link(lines, cursor)
        case "link_close":
            return "", None, after_link(lines, cursor)
        case _ if token.type == CROSSREF:
            _, cursor = find_words(lines, cursor, "[[")
            return "", cursor.at - 2, find_words(lines, cursor, "]]")[1]
    return "", None, cursor


def _inline_tags(token: Token, links: list[bool], options: TokenOptions) -> Iterable[str]:
    """Return the tags before an inline token's words. ``links``: for each open link, whether its tag was printed."""
    if token.type == "link_open":
        href, title = str(token.attrs.get("href", "")), str(token.attrs.get("title", ""))
        link = None if any(links) else link_tag(href, options.rel, title)
        links.append(link is not None)
        return (link,) if link else ()
    if token.type == "link_close":
        return ("</a>",) if links.pop() else ()
    if token.type == "image":
        folder = options.folder
        return () if folder is None else (image_tag(str(token.attrs.get("src", "")), _alternative(token), folder),)
    if token.nesting or token.type in ("hardbreak", "code_inline"):
        return (f"<{'/' if token.nesting < 0 else ''}{token.tag}>",)
    return ()


def _alternative(image: Token) -> str:
    """Return the alternative text of a picture, without markup."""
    return "".join(
        _alternative(token) if token.type == "image" else "\n" if token.type.endswith("break") else token.content
        for token in image.children or []
    )
