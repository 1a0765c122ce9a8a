"""The positions of an HTML file's words: a linear scan of the source, and its alignment with the tree's text.

The scan serves positions, counts and the metadata in the head only: neither safety nor the text depends on it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from builder.diagnostics import Place
from builder.read.pieces import name_set

# Possessive quantifiers: no alternative is tried twice, so the scan is linear whatever the source holds.
TAG = r"""<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)
        (?P<attributes>(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|))*+)(?:>|\Z)"""
_MARKUP = re.compile(
    rf"""<!--(?:-?>|.*?(?:--!?>|\Z))
      | {TAG}
      | <[!?/][^>]*+(?:>|\Z)""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s>]*+)))?""")
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*;?)")
_RAW = name_set("iframe noembed noframes noscript script style textarea title xmp")
# How far ahead a text is searched for when it does not follow the last one: enough for a menu that was left out.
_WINDOW = 20_000
_PROBE = 48


@dataclass(frozen=True, slots=True)
class ScannedTag:
    """A tag: its name in lower case, its offset, its attributes' source and their number."""

    name: str
    start: int
    closing: bool
    source: str
    attributes: int

    def values(self) -> dict[str, str]:
        """Return attribute name (lower case) -> value, character references resolved; the first of two wins."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.source):
            value = next((group for group in match.groups()[1:] if group is not None), "")
            found.setdefault(match[1].lower(), unescape(value))
        return found


@dataclass(frozen=True, slots=True)
class ScannedHtml:
    """A scanned source: its tags, and the text between its tags with the position of each run.

    ``text`` has its character references resolved; run k of it begins at offset ``at[k]`` there and at ``start[k]`` in
    the source. ``line_feeds`` are the offsets of the line feeds there.
    ``title`` is the content of ``<title>``.
    """

    path: str
    source: str
    tags: tuple[ScannedTag, ...]
    text: str
    at: tuple[int, ...]
    start: tuple[int, ...]
    line_feeds: tuple[int, ...]
    title: str | None

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column (from 1) of an offset in the source."""
        line = bisect_left(self.line_feeds, offset)
        return line + 1, offset - (self.line_feeds[line - 1] if line else -1)

    def style_sheets(self) -> Iterable[tuple[str, str]]:
        """Yield the media and the text of each ``<style>``."""
        for number, tag in enumerate(self.tags):
            if tag.name == "style" and not tag.closing:
                start = tag.start + len("<style>") + len(tag.source)
                end = self.tags[number + 1].start if number + 1 < len(self.tags) else len(self.source)
                yield tag.values().get("media", ""), self.source[start:end]

    def place(self, offset: int) -> Place:
        """Return the place of an offset in the source."""
        return Place(self.path, *self.position(offset))


def scan_html(source: str, path: str) -> ScannedHtml:
    """Scan a source in one pass. ``path`` is its file's name, for places."""
    tags: list[ScannedTag] = []
    runs: list[tuple[int, str]] = []
    title: str | None = None
    consumed = pos = 0
    while (pos := source.find("<", pos)) >= 0:
        match = _MARKUP.match(source, pos)
        if match is None:
            pos += 1
            continue
        runs.extend(_runs(source, consumed, pos))
        consumed = pos = match.end()
        if match["name"]:
            name, closing = match["name"].lower(), bool(match["close"])
            tags.append(
                ScannedTag(name, match.start(), closing, match["attributes"], count_attributes(match["attributes"]))
            )
            if name in _RAW and not closing:
                consumed = _raw_end(source, pos, name)
                if name == "title" and title is None:
                    title = unescape(source[pos:consumed])
                pos = consumed
    runs.extend(_runs(source, consumed, len(source)))
    at: list[int] = []
    length = 0
    for _, text in runs:
        at.append(length)
        length += len(text)
    line_feeds = tuple(match.start() for match in re.finditer("\n", source))
    starts = tuple(start for start, _ in runs)
    return ScannedHtml(
        path, source, tuple(tags), "".join(text for _, text in runs), tuple(at), starts, line_feeds, title
    )


def _raw_end(source: str, start: int, name: str) -> int:
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, start)
    return match.start() if match else len(source)


def count_attributes(attributes: str) -> int:
    """Return the number of attributes in a tag's source after its name."""
    # Most tags have no attributes; the shortest possible one needs two characters.
    return sum(1 for _ in _ATTRIBUTE.finditer(attributes)) if len(attributes) > 1 else 0


def _runs(source: str, start: int, end: int) -> Iterable[tuple[int, str]]:
    """Yield the text between two tags as runs of (offset, text): literal text, or one resolved character reference."""
    if start < end and source.find("&", start, end) < 0:
        yield start, source[start:end]
        return
    consumed = start
    for match in _REFERENCE.finditer(source, start, end):
        if consumed < match.start():
            yield consumed, source[consumed : match.start()]
        yield match.start(), unescape(match.group())
        consumed = match.end()
    if consumed < end:
        yield consumed, source[consumed:end]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A text of the tree as runs ``(text, line, column)``, and the half-open range of the scanned text that it is.

    Line 0: position unknown, the run follows the one before. ``cursor`` is for the next text.
    """

    runs: tuple[tuple[str, int, int], ...]
    start: int
    end: int
    cursor: int


def align_text(scanned: ScannedHtml, text: str, cursor: int) -> Alignment:
    """Find a text of the tree in the scanned text.

    It is searched for from ``cursor`` on, within a window, then before it (the parser moves misplaced text out of a
    table). Where only its beginning is found, its length is taken for its extent.
    """
    if scanned.text.startswith(text, cursor):
        found, whole = cursor, True
    else:
        probe = text[:_PROBE]
        if probe.isspace():
            return Alignment(((text, 0, 0),), cursor, cursor, cursor)
        found = scanned.text.find(probe, cursor, cursor + _WINDOW)
        if found < 0:
            found = scanned.text.find(probe, max(0, cursor - _WINDOW), cursor)
            if found < 0:
                return Alignment(((text, 0, 0),), cursor, cursor, cursor)
            return Alignment(((text, *_origin(scanned, found)),), found, found + len(text), cursor)
        whole = scanned.text.startswith(text, found)
    end = found + len(text)
    if not whole:
        return Alignment(((text, *_origin(scanned, found)),), found, end, found + min(_PROBE, len(text)))
    first, last = bisect_right(scanned.at, found), bisect_left(scanned.at, end)
    cuts = [0, *(at - found for at in scanned.at[first:last]), len(text)]
    runs = tuple((text[a:b], *_origin(scanned, found + a)) for a, b in pairwise(cuts) if a < b)
    return Alignment(runs, found, end, end)


def _origin(scanned: ScannedHtml, offset: int) -> tuple[int, int]:
    run = bisect_right(scanned.at, offset) - 1
    return scanned.position(scanned.start[run] + offset - scanned.at[run])
