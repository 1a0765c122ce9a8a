"""Read from a sidecar's bytes what the ledger follows of its notes: kind, verdict, correction, retirement.

Reading is lenient: old versions need not follow today's rules, and what cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from builder.model import NOTE_LISTS, Limits, NoteKind
from builder.read.decode import decode
from builder.read.yaml import MappingNode as Fields
from builder.read.yaml import Node, ScalarNode, SequenceNode, read_yaml

_TRUE: Final = frozenset({"true", "yes"})


@dataclass(frozen=True, slots=True)
class NoteState:
    """What is followed of one note. ``value`` is a claim's verdict, or what a correction says the words should read.

    ``words`` are its statement and its text, with single spaces.
    """

    kind: NoteKind
    value: str | None
    retired: str | None
    words: str = ""


# What is followed of a draft: that it is one. "" is no note's id.
DRAFT: Final[Mapping[str, NoteState]] = MappingProxyType({"": NoteState(NoteKind.CONTEXT, "draft", None)})


def note_states(content: bytes, limits: Limits) -> Mapping[str, NoteState] | None:
    """Return note id -> state; ``DRAFT`` for a draft, None if the sidecar cannot be read."""
    text, _ = decode(content, "")
    if text is None:
        return None
    tree, diagnostics = read_yaml(text, file="", limits=limits)
    if tree is None and diagnostics:
        return None
    if not isinstance(tree, Fields):
        return {}
    if (_text(tree.get("draft")) or "").lower() in _TRUE:
        return dict(DRAFT)
    return dict(_notes(tree))


def _notes(tree: Fields) -> Iterator[tuple[str, NoteState]]:
    for key, kind in NOTE_LISTS.items():
        items = tree.get(key)
        for item in items.items if isinstance(items, SequenceNode) else ():
            if isinstance(item, Fields) and (name := _text(item.get("id"))):
                value = _text(item.get({NoteKind.CLAIM: "verdict", NoteKind.CORRECTION: "correct"}.get(kind, "")))
                words = " ".join(filter(None, (_text(item.get("statement")), _text(item.get("note")))))
                yield name, NoteState(kind, value, _text(item.get("retired")), words)


def _text(node: Node | None) -> str | None:
    return " ".join(node.text.split()) or None if isinstance(node, ScalarNode) else None
