"""Find characters that readers cannot see, or that change the direction of text, in what editors write (S112)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from builder.diagnostics import Diagnostic
from builder.read.yaml import Node, ScalarNode, SequenceNode

# Bidi embeddings, overrides and isolates; zero-width and invisible operators; interlinear marks; tag characters.
_ALWAYS: Final = "\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff\u180e\ufff9-\ufffb\U000e0000-\U000e007f"
# Joiners shape letters of many scripts and emoji, and directional marks belong into right-to-left text: reported only
# after a character of ASCII, or at the start, where they have no effect but to hide.
_AFTER_ASCII: Final = re.compile("(?:^|(?<=[\x00-\x7f]))[\u200c-\u200f\u061c]")
_SUSPECT: Final = re.compile(f"[{_ALWAYS}]")
_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # flags of England, Scotland, Wales …
# Copied from a document, which may hold such characters.
_COPIED: Final = frozenset({"quote", "prefix", "suffix"})


def find_invisible(node: Node) -> Iterator[Diagnostic]:
    """Yield an S112 for each value with such characters, at the first of them; quotes and their context excepted."""
    if isinstance(node, ScalarNode):
        if not node.value.isascii():
            yield from _scalar(node)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from find_invisible(item)
    else:
        for key, value in node.values.items():
            yield from find_invisible(node.keys[key])
            if key not in _COPIED:
                yield from find_invisible(value)


def _scalar(node: ScalarNode) -> Iterator[Diagnostic]:
    text = _FLAG.sub(lambda flag: "x" * len(flag[0]), node.value)
    rtl = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)
    found = [*_SUSPECT.finditer(text), *(() if rtl else _AFTER_ASCII.finditer(text))]
    if not found:
        return
    first = min(match.start() for match in found)
    names = sorted({f"U+{ord(match[0]):04X}" for match in found})
    line = text.count("\n", 0, first)
    column = first - (text.rfind("\n", 0, first) + 1)
    message = f"characters that readers cannot see, or that change the direction of text: {', '.join(names)}"
    yield Diagnostic(node.at(line, column), "S112", message, "delete them")
