"""Find tags of HTML in fields that are plain text: readers see them as they are written (H107)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from builder.diagnostics import Diagnostic
from builder.read.markdown_unread import tags_as_text, tags_of_html
from builder.read.yaml import Node, ScalarNode, SequenceNode

_REFERENCE: Final = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);")
# Words of the document, which may have such signs; and Markdown, whose tags are reported when it is read.
_LEFT_OUT: Final = frozenset({"quote", "prefix", "suffix"})
PROSE: Final = frozenset({"note", "summary", "about"})


def find_tags(nodes: Iterable[Node], *, prose: frozenset[str] = frozenset()) -> Iterator[Diagnostic]:
    """Yield one H107 for each file, at the first field with tags or character references of HTML.

    ``nodes``: trees of fields.
    ``prose``: names of fields that are read as Markdown.
    """
    found = [each for node in nodes for each in _found(node, _LEFT_OUT | prose)]
    for _, several in groupby(found, key=lambda each: each[0].place.file):
        in_file = tuple(several)
        names = dict.fromkeys(name for _, several_names in in_file for name in several_names)
        hint = "write plain text: é, &, “”; fields other than notes and summaries have no markup"
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
                yield from _found(value, _LEFT_OUT if key == "sources" else left_out)
