"""Find tags of HTML in fields, which readers see as they are written (H107)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from builder.diagnostics import Diagnostic
from builder.read.markdown_unread import tags_as_text, tags_of_html
from builder.read.yaml import Node, ScalarNode, SequenceNode

_REFERENCE: Final = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);")
# Words of the document, which may have such signs.
_COPIED: Final = frozenset({"quote", "prefix", "suffix"})
_NOTE: Final = "note"  # of a note: Markdown, which may show tags in code, and character references are read


def find_tags(nodes: Iterable[Node]) -> Iterator[Diagnostic]:
    """Yield one H107 for each file, at the first field with tags or character references of HTML.

    ``nodes``: trees of fields. The text of notes is left out; their sources' remarks are not.
    """
    found = [each for node in nodes for each in _found(node, _COPIED | {_NOTE})]
    for _, several in groupby(found, key=lambda each: each[0].place.file):
        in_file = tuple(several)
        names = dict.fromkeys(name for _, several_names in in_file for name in several_names)
        hint = "write plain text: é, &, “”"
        yield Diagnostic(in_file[0][0].place, "H107", tags_as_text(tuple(names)), hint)


def _found(node: Node, left_out: frozenset[str]) -> Iterator[tuple[ScalarNode, tuple[str, ...]]]:
    """Yield each value with tags or references, and these as they are named in a message."""
    if isinstance(node, ScalarNode):
        names = (*(f"<{name}>" for name in tags_of_html(node.value)), *_REFERENCE.findall(node.value))
        if names:
            yield node, names
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _found(item, left_out)
    else:
        for key, value in node.values.items():
            if key not in left_out:
                yield from _found(value, _COPIED if key == "sources" else left_out)
