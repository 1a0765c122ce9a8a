"""From markdown-it's tokens to parts: the same tags, links and pictures as for HTML, and where each word stands."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

from builder.model import PieceRole
from builder.read.headings import demote_heading
from builder.read.links import image_tag, link_tag
from builder.read.markdown_source_map import Cursor, Lines, after_link, cursor_at_block, find_words, next_line
from builder.read.pieces import SourcePiece

CROSSREF = "crossref"
_ROW = re.compile(r"[^\n]*\n|[^\n]+")
_ALIGNED = re.compile(r"text-align:(left|center|right)")


@dataclass(frozen=True, slots=True)
class TokenOptions:
    """How links and pictures are printed. ``folder`` None: pictures stand as their words, headings as strong lines."""

    rel: str
    folder: str | None


@dataclass(frozen=True, slots=True)
class CrossLinkSlot:
    """A cross-link as it stands between its brackets, and its offset in the source."""

    inside: str
    offset: int


def pieces_from_tokens(
    tokens: list[Token], lines: Lines, first_line: int, manner: TokenOptions
) -> Iterator[SourcePiece | CrossLinkSlot]:
    """The parts of a parsed source whose line 0 is line ``first_line`` of the file.

    Line feeds between blocks stand where the CommonMark reference puts them.
    """
    head = Cursor(0, len(lines.source))
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if token.type == "inline":
            cell = before is not None and before.tag in ("td", "th")
            head = cursor_at_block(lines, head, token.map, cell=cell)
            head = yield from _inline(token.children or [], lines, head, first_line, manner)
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
            yield from _tags(*_block(token, manner))
            if _feeds(token, tokens[index + 1] if index + 1 < len(tokens) else None):
                yield SourcePiece(PieceRole.TEXT, "\n")


def _tags(*values: str) -> Iterable[SourcePiece]:
    return (SourcePiece(PieceRole.TAG, value) for value in values)


def _feeds(token: Token, following: Token | None) -> bool:
    """Whether a line feed follows this block's tag."""
    if token.nesting != 1 or following is None:
        return True
    inline = following.type == "inline" or following.hidden
    return not inline and not (following.nesting == -1 and following.tag == token.tag)


def _block(token: Token, manner: TokenOptions) -> tuple[str, ...]:
    """The tags of a block's token."""
    closing = token.nesting < 0
    if token.type.startswith("heading") and manner.folder is None:
        return ("</strong>", "</p>") if closing else ("<p>", "<strong>")
    name = demote_heading(token.tag)
    if closing:
        return (f"</{name}>",)
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
    children: list[Token], lines: Lines, start: Cursor, first_line: int, manner: TokenOptions
) -> Generator[SourcePiece | CrossLinkSlot, None, Cursor]:
    """The parts of a block's inline tokens; returns the head behind them."""
    links: list[bool] = []
    head = start
    for token in children:
        words, found, head = _words(token, lines, head, manner)
        if token.type == CROSSREF:
            yield CrossLinkSlot(token.content, head.at if found is None else found)
            continue
        yield from _tags(*_inline_tags(token, links, manner))
        if words:
            line, column = (-first_line, 0) if found is None else lines.position(found)
            yield SourcePiece(PieceRole.TEXT, words, line + first_line, column + 1)
        if token.type == "code_inline":
            yield SourcePiece(PieceRole.TAG, "</code>")
    return head


def _words(  # noqa: PLR0911 - one answer for each kind of token
    token: Token, lines: Lines, head: Cursor, manner: TokenOptions
) -> tuple[str, int | None, Cursor]:
    """The words of an inline token, the offset in the source where they stand if it is known, and the head behind."""
    match token.type:
        case "text":
            return token.content, *find_words(lines, head, token.content)
        case "text_special":
            return token.content, *find_words(lines, head, token.markup)
        case "code_inline":
            _, head = find_words(lines, head, token.markup)
            found, head = find_words(lines, head, token.content)
            return token.content, found, find_words(lines, head, token.markup)[1]
        case "softbreak" | "hardbreak":
            return "\n", None, next_line(lines, head)
        case "image":
            _, head = find_words(lines, head, "![")
            found, head = find_words(lines, head, token.content)
            return "" if manner.folder is not None else _alternative(token), found, after_link(lines, head)
        case "link_close":
            return "", None, after_link(lines, head)
        case _ if token.type == CROSSREF:
            _, head = find_words(lines, head, "[[")
            return "", head.at - 2, find_words(lines, head, "]]")[1]
    return "", None, head


def _inline_tags(token: Token, links: list[bool], manner: TokenOptions) -> Iterable[str]:
    """The tags before an inline token's words. ``links`` holds for each open link whether its tag was printed."""
    if token.type == "link_open":
        href, title = str(token.attrs.get("href", "")), str(token.attrs.get("title", ""))
        link = None if any(links) else link_tag(href, manner.rel, title)
        links.append(link is not None)
        return (link,) if link else ()
    if token.type == "link_close":
        return ("</a>",) if links.pop() else ()
    if token.type == "image":
        folder = manner.folder
        return () if folder is None else (image_tag(str(token.attrs.get("src", "")), _alternative(token), folder),)
    if token.nesting or token.type in ("hardbreak", "code_inline"):
        return (f"<{'/' if token.nesting < 0 else ''}{token.tag}>",)
    return ()


def _alternative(image: Token) -> str:
    """The words of a picture, without the markup in them."""
    return "".join(
        _alternative(token) if token.type == "image" else "\n" if token.type.endswith("break") else token.content
        for token in image.children or []
    )
