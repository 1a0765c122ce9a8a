"""Refuse HTML that would keep the parser busy for ever, before the parser sees it whole.

An HTML5 parser takes quadratic time for deep nesting (100,000 open ``<div>``: over 12 s) and for many attributes on one
tag, and a linear scanner can be led astray about what is nested in what (foreign content, raw text, comments). So the
parser itself is asked: its tree is measured on prefixes of the source that grow by bounded steps. Documents that are
too short for any harm (nearly all) are not measured at all.
"""

from __future__ import annotations

import re

from builder.diagnostics import Diagnostic
from builder.model import Limits
from builder.read.clean import outline
from builder.read.origins import Scan
from builder.read.parts import names

# Of a prefix: 16 KiB hold at most 5,400 open <div> (0.1 s) or 8,000 attributes (0.02 s).
_STEP = 16_384
_GROWTH = 8
# An unclosed formatting element is opened again in every later block: 400 of them make 400 elements a paragraph.
_SWELLING = 16

_OPENING = re.compile(r"<([a-zA-Z][^\s/>]*)")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)((?:[^>\"]++|\"[^\"]*+\")*+)>")
_ATTRIBUTE = re.compile(r"\s[^\s=]+=\"")
_VOID = names("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")
# Their content is one string to the parser: their tags are left out of the outline, their words stay.
_RAW = names("script style xmp iframe noembed noframes noscript plaintext textarea title")
_RAW_MOST = 2_000


def refuse(scan: Scan, limits: Limits) -> Diagnostic | None:
    """H101 with its place if the source is nested deeper or has more attributes on a tag than ``limits``, else None."""
    for tag in scan.tags:
        if tag.attributes > limits.attributes:
            message = f"<{tag.name}> has {tag.attributes} attributes; at most {limits.attributes} are read"
            return Diagnostic(scan.place(tag.start), "H101", message, "remove the attributes that no reader needs")
    source = scan.source
    starts = [match.start() for match in _OPENING.finditer(source)]
    if len(starts) <= limits.depth and len(source) <= _STEP:
        return None
    names = {match[1].lower() for match in _OPENING.finditer(source)}
    raw = sum(1 for tag in scan.tags if tag.name in _RAW)
    if raw > _RAW_MOST:
        return _too_deep(scan, 0, f"the document has {raw} scripts, styles and the like")
    good, end = 0, 0
    while end < len(source):
        end = min(len(source), max(end + _STEP, end + end // _GROWTH))
        fault = _measure(source[:end], names, limits)
        if fault:
            return _too_deep(scan, _first_bad(scan, names, limits, good, end), fault)
        good = end
    return None


def _first_bad(scan: Scan, names: set[str], limits: Limits, good: int, bad: int) -> int:
    """The offset in the source of the tag that is too much, between a good prefix and a bad one."""
    starts = [match.start() for match in _OPENING.finditer(scan.source, good, bad)]
    low, high = 0, len(starts)
    while high - low > 1:
        middle = (low + high) // 2
        if _measure(scan.source[: starts[middle]], names, limits):
            high = middle
        else:
            low = middle
    return starts[low] if starts else good


def _measure(prefix: str, names: set[str], limits: Limits) -> str | None:
    """What is wrong with the tree of this prefix, or None."""
    # Closes whatever tag or quoted value the prefix ends in, so that an unfinished tag is measured too.
    tree = outline(prefix + "'\">", names - _RAW)
    if len(tree) > _SWELLING * len(prefix) + _STEP:
        return "unclosed tags are repeated in every paragraph that follows"
    depth = deepest = 0
    for match in _TAG.finditer(tree):
        closing, name, attributes = match.groups()
        if name in _VOID:
            continue
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
        if len(attributes) > limits.attributes and len(_ATTRIBUTE.findall(attributes)) > limits.attributes:
            return f"a tag has more than {limits.attributes} attributes"
    return f"elements are nested more than {limits.depth} deep" if deepest > limits.depth else None


def _too_deep(scan: Scan, start: int, message: str) -> Diagnostic:
    return Diagnostic(scan.place(start), "H101", message, "close the tags that are left open, or take wrappers away")
