"""The pieces that the readers of all formats produce, before they become a body."""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.model import PieceRole


@dataclass(frozen=True, slots=True)
class SourcePiece:
    """A piece of a source. ``line`` and ``column`` (from 1) are a text's position in the file; 0 after the last one."""

    role: PieceRole
    value: str
    line: int = 0
    column: int = 0


def name_set(words: str) -> frozenset[str]:
    """Return the set of these space-separated names: forty names of HTML in a line instead of forty lines."""
    return frozenset(words.split())


BLOCKS = name_set(
    "address article aside blockquote caption center col colgroup dd details div dl dt fieldset figcaption figure "
    "footer h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_TAG_NAME = re.compile(r"</?([a-z0-9]+)")


def tag_name(tag: str) -> str:
    """Return the name of a tag."""
    match = _TAG_NAME.match(tag)
    return match[1] if match else ""


def is_border(tag: str) -> bool:
    """Return whether a tag begins or ends a block, a cell, an item or a line: on the page, words never join over it."""
    name = tag_name(tag)
    return name in BLOCKS or name == "br"
