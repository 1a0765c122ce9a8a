"""Ids of a document's headings, and links inside the document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape, unescape
from urllib.parse import unquote

from builder.model import Heading, PieceRole
from builder.read.pieces import SourcePiece, is_border

# Every id of a document gets this prefix, because the theme's scripts look for ids of their own.
ID_PREFIX = "src-"
_OPEN = re.compile(r"<h([2-6])(?= |>)")
_ID = re.compile(r'<[^>]*? id="([^"]*)"')
_FRAGMENT = re.compile(r'<a href="#([^"]*)"')
_NOT_A_WORD = re.compile(r"[^\w]+")


def demote_heading(name: str) -> str:
    """Return a heading's tag name one level down, because the page's ``<h1>`` is its title; other names unchanged."""
    return f"h{min(int(name[1]) + 1, 6)}" if len(name) == 2 and name[0] == "h" and name[1].isdigit() else name  # noqa: PLR2004


def assign_heading_ids(parts: list[SourcePiece]) -> tuple[list[SourcePiece], tuple[Heading, ...]]:
    """Give every heading an id, made from its words where it has none; return the parts and the list of headings."""
    used_ids = {match[1] for part in parts if part.role is PieceRole.TAG and (match := _ID.match(part.value))}
    counts: dict[str, int] = {}
    named = list(parts)
    headings: list[Heading] = []
    opened: tuple[int, str] | None = None
    words: list[str] = []
    for index, part in enumerate(parts):
        if part.role is not PieceRole.TAG:
            words.append(part.value)
        elif match := _OPEN.match(part.value):
            opened, words = (index, match[1]), []
        elif opened and part.value == f"</h{opened[1]}>":
            text = " ".join("".join(words).split())
            named[opened[0]], name = _with_id(parts[opened[0]], text, used_ids, counts)
            headings.extend([Heading(int(opened[1]), name, text)] if text else [])
            opened = None
        elif is_border(part.value):
            words.append(" ")
    return named, tuple(headings)


def _with_id(part: SourcePiece, text: str, used_ids: set[str], counts: dict[str, int]) -> tuple[SourcePiece, str]:
    """Return a heading's tag with an id, and the id."""
    own = _ID.match(part.value)
    if own:
        return part, unescape(own[1])
    name = _new_name(text, used_ids, counts)
    return replace(part, value=f'{part.value[:3]} id="{escape(name)}"{part.value[3:]}'), name


def _new_name(text: str, used_ids: set[str], counts: dict[str, int]) -> str:
    """Return an id that is not in use. ``counts`` holds the last number given to each base."""
    base = ID_PREFIX + (_NOT_A_WORD.sub("-", text.lower()).strip("-")[:60] or "section")
    name = base
    while name in used_ids:
        counts[base] = counts.get(base, 1) + 1
        name = f"{base}-{counts[base]}"
    used_ids.add(name)
    return name


def rewrite_fragments(parts: Iterable[SourcePiece]) -> list[SourcePiece]:
    """Point links inside the document at the prefixed ids; remove the tags of links to ids that do not exist.

    Links do not nest, so the next ``</a>`` closes the link.
    """
    parts = list(parts)
    ids = {match[1] for part in parts if part.role is PieceRole.TAG and (match := _ID.match(part.value))}
    rewritten: list[SourcePiece] = []
    dead = False
    for part in parts:
        match = _FRAGMENT.match(part.value) if part.role is PieceRole.TAG else None
        if match:
            target = escape(ID_PREFIX + unquote(unescape(match[1])))
            dead = target not in ids
            if not dead:
                rewritten.append(replace(part, value=f'<a href="#{target}"{part.value[match.end() :]}'))
        elif dead and part.role is PieceRole.TAG and part.value == "</a>":
            dead = False
        else:
            rewritten.append(part)
    return rewritten
