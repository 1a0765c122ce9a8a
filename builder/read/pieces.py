"""What the readers of all formats make before it is a body."""

from __future__ import annotations

from dataclasses import dataclass

from builder.model import PieceRole


@dataclass(frozen=True, slots=True)
class SourcePiece:
    """A piece on its way into a body. Text knows where it stands in the file; ``line`` 0: it runs on."""

    role: PieceRole
    value: str
    line: int = 0
    column: int = 0


def name_set(words: str) -> frozenset[str]:
    """The set of these words: names of HTML, told in a line instead of forty."""
    return frozenset(words.split())
