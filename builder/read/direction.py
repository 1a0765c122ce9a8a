"""The direction of blocks in documents that cannot say it: plain text and Markdown."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from builder.model import Piece, PieceRole
from builder.read.pieces import name_set, tag_name

# Ranges of the scripts that are written from right to left; whatever else has their direction stands beside them.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_WITH_DIRECTION = name_set("blockquote dd dl dt h1 h2 h3 h4 h5 h6 li ol p table td th ul")
_DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_OPENING = re.compile(r"<([a-z0-9]+)((?: [^>]*)?)>")


def with_directions(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Give each block the direction of its first letter, if the text has letters of a right-to-left script.

    A block that says its own direction, or has that of the block around it, is left as it is.
    """
    if not any(piece.role is not PieceRole.TAG and _RIGHT_TO_LEFT.search(piece.value) for piece in pieces):
        return pieces
    directions = _first_directions(pieces)
    open_blocks: list[str] = [""]
    turned: list[Piece] = []
    for number, piece in enumerate(pieces):
        match = _OPENING.fullmatch(piece.value) if piece.role is PieceRole.TAG else None
        if match and match[1] in _WITH_DIRECTION:
            direction = directions[number] or open_blocks[-1]
            says = " dir=" in match[2] or direction == open_blocks[-1]
            turned.append(piece if says else Piece(PieceRole.TAG, f'<{match[1]} dir="{direction}"{match[2]}>'))
            open_blocks.append(direction)
            continue
        turned.append(piece)
        if piece.role is PieceRole.TAG and piece.value.startswith("</") and tag_name(piece.value) in _WITH_DIRECTION:
            open_blocks.pop()
    return tuple(turned)


def _first_directions(pieces: tuple[Piece, ...]) -> list[str]:
    """Return, for each piece, the direction of the first letter that comes before its element ends; "" for none."""
    own = [_direction(piece.value) if piece.role is not PieceRole.TAG else "" for piece in pieces]
    # From the end backwards: the next direction at or after each piece, and where it stands.
    coming = list(
        accumulate(range(len(pieces) - 1, -1, -1), lambda seen, at: at if own[at] else seen, initial=len(pieces))
    )
    following = coming[:0:-1]
    ends = _element_ends(pieces)
    return [own[at] if at < ends[number] else "" for number, at in enumerate(following)]


def _element_ends(pieces: tuple[Piece, ...]) -> list[int]:
    """Return, for each piece that opens a block, the number of the piece that closes it; its own for all others."""
    ends = list(range(len(pieces)))
    opened: list[int] = []
    for number, piece in enumerate(pieces):
        if piece.role is PieceRole.TAG and tag_name(piece.value) in _WITH_DIRECTION:
            if piece.value.startswith("</"):
                ends[opened.pop()] = number
            else:
                opened.append(number)
    return ends


def _direction(text: str) -> str:
    return next((_DIRECTIONS[kind] for kind in map(unicodedata.bidirectional, text) if kind in _DIRECTIONS), "")
