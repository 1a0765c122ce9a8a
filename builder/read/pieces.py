"""The pieces that the readers of all formats produce, before they become a body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

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
_TAGS_KEPT: Final = 2_000  # the tags of a document are few, and each is asked for many times
_TAG_NAME = re.compile(r"</?([a-z0-9]+)")


@lru_cache(_TAGS_KEPT)
def tag_name(tag: str) -> str:
    """Return the name of a tag."""
    match = _TAG_NAME.match(tag)
    return match[1] if match else ""


@lru_cache(_TAGS_KEPT)
def is_border(tag: str) -> bool:
    """Return whether a tag begins or ends a block, a cell, an item or a line: on the page, words never join over it."""
    name = tag_name(tag)
    return name in BLOCKS or name == "br"
