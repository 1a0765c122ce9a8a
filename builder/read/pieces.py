"""The pieces that the readers of all formats produce, before they become a body."""

from __future__ import annotations

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
