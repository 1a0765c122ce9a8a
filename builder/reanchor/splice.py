"""Rewrite single fields of a sidecar and leave every other byte as it is.

Edits are made at the places that ``read/yaml.py`` found, not by loading and printing the YAML again: ruamel.yaml's
round trip gives this repository's six sidecars back to the byte only when it is told their indentation and width (else
22 to 89 % of their lines come back changed), and it always takes away carriage returns, blanks after a colon or a
comma, and escapes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from builder.anchor.disambiguating_lines import yaml_scalar
from builder.read.yaml import MappingNode, Node, ScalarNode, SequenceNode

_MARK: Final = "\ufeff"
# Words that are text in every YAML reader without quotation marks, in brackets too.
_PLAIN: Final = re.compile(r"[0-9a-f]{64}|[^\W\d_](?:[^\n:#,\[\]{}\\\"`]*[^\W_.])?")
_HEADER: Final = re.compile(r"[|>][-+0-9]*([ \t]+#[^\n]*)?\n")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The characters from ``start`` to ``end`` (code points of the decoded text) are to be ``text``."""

    start: int
    end: int
    text: str


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return a file's bytes with edits of its decoded text (UTF-8, no byte-order mark, line feeds).

    Byte-order mark and line ends stay; an inserted line ends as the file's first line does. Edits must not overlap.
    """
    text = data.decode("utf-8")
    lead = len(text) - len(text.removeprefix(_MARK))
    # The decoded text has one line feed for each CR LF of the file, so offsets after it are one less.
    feeds = [match.start() - lead - count for count, match in enumerate(re.finditer(r"\r\n", text))]
    ending = "\r\n" if text.find("\r\n") >= 0 and text.find("\r\n") == text.find("\n") - 1 else "\n"
    out: list[str] = []
    done = 0
    for edit in sorted(edits):
        start, end = (offset + lead + bisect_left(feeds, offset) for offset in (edit.start, edit.end))
        out += (text[done:start], edit.text.replace("\n", ending))
        done = end
    return "".join([*out, text[done:]]).encode("utf-8")


def set_field(item: MappingNode, key: str, value: str, *, beside: str) -> Edit:
    """Return the edit that sets a field of ``item``; a new one is inserted after the field ``beside``."""
    node = item.get(key)
    if isinstance(node, ScalarNode):
        return set_value(node, value)
    return _insert(
        item, f"{key}: {value if value.isdecimal() else yaml_scalar(value)}", item.keys[beside], item.get(beside)
    )


def set_value(node: ScalarNode, value: str) -> Edit:
    """Return the edit that replaces a scalar, on one line, in its own quotation marks if possible."""
    source = node.origin.text
    if node.style in {"|", ">"}:
        written = source[node.start : node.end].rstrip()
        header = _HEADER.match(written)
        comment = f"  {header[1].strip()}" if header and header[1] else ""
        return Edit(node.start, node.start + len(written), yaml_scalar(value) + comment)
    gap = " " if node.start == node.end and source[node.start - 1 : node.start] == ":" else ""
    return Edit(node.start, node.end, gap + _written(value, node.style))


def set_list(node: ScalarNode, values: Iterable[str]) -> Edit:
    """Return the edit that replaces a scalar by a list of texts, on one line."""
    edit = set_value(node, "0")
    lead = " " * (len(edit.text) - len(edit.text.lstrip(" ")))
    return Edit(edit.start, edit.end, f"{lead}[{', '.join(yaml_scalar(value) for value in values)}]")


def set_key(node: ScalarNode, name: str) -> Edit:
    """Return the edit that gives a field another name."""
    return Edit(node.start, node.end, name)


def top_field(text: str, item: MappingNode, key: str, value: str, lists: Iterable[str]) -> Edit:
    """Return the edit that sets a top-level field; a new one follows the last one-line field before the ``lists``."""
    if not item.keys:
        return Edit(len(text), len(text), "\n" * (not text.endswith("\n") and bool(text)) + f"{key}: {value}\n")
    if key in item.keys:
        return set_field(item, key, value, beside=key)
    beside = next(iter(item.keys))
    for name, node in item.values.items():
        if name in lists:
            break
        if isinstance(node, ScalarNode) and node.style not in {"|", ">"}:
            beside = name
    return _insert(item, f"{key}: {value}", item.keys[beside], item.get(beside))


def _insert(item: MappingNode, line: str, key: ScalarNode, node: Node | None) -> Edit:
    """Return the edit that inserts a field after another; before it, if that one does not end on a line of its own."""
    source = key.origin.text
    plain = isinstance(node, ScalarNode) and node.style not in {"|", ">"}
    if _in_braces(item, key):
        end = node.end if isinstance(node, ScalarNode) else key.start
        return Edit(end, end, f", {line}") if plain else Edit(key.start, key.start, f"{line}, ")
    indent = " " * (key.place.column - 1)
    if not isinstance(node, ScalarNode) or not plain:
        return Edit(key.start, key.start, f"{line}\n{indent}")
    newline = source.find("\n", node.end)
    end = newline if newline >= 0 else len(source)
    return Edit(end, end, f"\n{indent}{line}")


def _in_braces(item: MappingNode, key: ScalarNode) -> bool:
    origin = key.origin
    number = item.place.line - origin.first_line
    return origin.lines[number][item.place.column - 1 : item.place.column] == "{"


def _written(value: str, style: str) -> str:
    if style == "" and _PLAIN.fullmatch(value) and value.isprintable():
        return value
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return value if value.isdecimal() else yaml_scalar(value)


def tree_values(node: Node | None) -> object:
    """Return a tree as str, list and dict, without places, for comparison."""
    if isinstance(node, MappingNode):
        return {key: tree_values(child) for key, child in node.values.items()}
    if isinstance(node, SequenceNode):
        return [tree_values(child) for child in node.items]
    return node.text if isinstance(node, ScalarNode) else None
