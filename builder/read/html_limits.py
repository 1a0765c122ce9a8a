"""Refuse HTML that would take the parser very long, before the parser gets all of it.

An HTML5 parser needs quadratic time for deep nesting (100,000 open ``<div>``: over 12 s), for many attributes on one
tag, and for unclosed formatting that it repeats in every paragraph. A linear scan is enough for documents whose
tags are closed in order, which is nearly all. It cannot know what is nested in what where ends are implied or content
is foreign, so for the others the parser itself is asked: its tree is measured on prefixes that grow by bounded steps.
"""

from __future__ import annotations

import re
from itertools import accumulate

from builder.diagnostics import Diagnostic
from builder.model import Limits
from builder.read.html_source_map import TAG, ScannedHtml, ScannedTag, count_attributes
from builder.read.pieces import name_set
from builder.read.sanitise import tree_outline

# Bytes of the first prefix, and the share by which the next ones grow: 4 KiB hold at most 1,400 open <div> (6 ms).
_STEP = 4_096
_GROWTH = 4
# 400 unclosed formatting elements make 400 elements of every later paragraph; real pages shrink in the outline.
_SWELLING = 16
# Scripts and styles are text to the parser, but not in foreign content, where they nest like any element.
_RAW_MOST = 2_000
# Attributes in what may be a tag or part of a script: less than 0.02 s.
_DOUBTFUL_ATTRIBUTES = 8_000
_DOUBTFUL_READING = 64
# Unclosed formatting that is left behind by an end tag out of order, before the parser is asked what it costs.
_FORMATTING_MOST = 8

_OPENING = re.compile(r"<([a-zA-Z][^\s/>]*)")
_TAG = re.compile(TAG, re.VERBOSE)
_VOID = "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"
_VOIDS = name_set(_VOID)
_NESTING = re.compile(rf"<(?!(?:{_VOID.replace(' ', '|')})[ >])(/?)")
_RAW = name_set("script style xmp iframe noembed noframes noscript plaintext textarea title")
_FORMATTING = name_set("a b big code em font i nobr s small strike strong tt u")
# In these the rules for tags, raw text and end tags are others.
_FOREIGN = name_set("svg math select template frameset")


def check_limits(scan: ScannedHtml, limits: Limits) -> Diagnostic | None:
    """Return an H101 if elements nest deeper, or a tag has more attributes, than ``limits`` allow; else None."""
    crowded = next((tag for tag in scan.tags if tag.attributes > limits.attributes), None)
    if crowded:
        message = f"<{crowded.name}> has {crowded.attributes} attributes; at most {limits.attributes} are allowed"
        return Diagnostic(scan.place(crowded.start), "H101", message, "remove the attributes that no reader needs")
    foreign = any(tag.name in _FOREIGN for tag in scan.tags)
    suspicious = _crowded_tag(scan.source) if foreign else None
    if suspicious is not None:
        return _too_deep(scan, suspicious, "too many attributes, or tags that do not end")
    starts = [match.start() for match in _OPENING.finditer(scan.source)]
    if len(starts) <= limits.depth or (not foreign and _in_order(scan.tags, limits.depth)):
        return None
    raw = sum(1 for tag in scan.tags if tag.name in _RAW)
    if raw > _RAW_MOST:
        return _too_deep(scan, 0, f"the document has {raw} scripts, styles and the like")
    return _measure_prefixes(scan, starts, limits.depth)


def _crowded_tag(source: str) -> int | None:
    """Return the offset of what would be a tag with very many attributes if it were a tag; None if there is none.

    Every place where a tag may begin is tried, so it does not matter what the parser takes for a script or a comment.
    """
    budget = _DOUBTFUL_READING * (len(source) + _STEP)
    for opening in _OPENING.finditer(source):
        match = _TAG.match(source, opening.start())
        length = len(match["attributes"]) if match else 0
        budget -= length
        if budget < 0 or (
            match and length > _DOUBTFUL_ATTRIBUTES and count_attributes(match["attributes"]) > _DOUBTFUL_ATTRIBUTES
        ):
            return opening.start()
    return None


def _in_order(tags: tuple[ScannedTag, ...], depth: int) -> bool:
    """Return whether at most ``depth`` elements are open at once, if an end tag closes only the last open element.

    Never counts too few: what an end tag out of order closes stays on the stack. Without foreign content the parser
    keeps an element open only while it is on the stack (or implied by a table on it, at most three for each).
    """
    stack: list[str] = []
    formatting = 0
    for tag in tags:
        if tag.name in _VOIDS or tag.name in _RAW:
            continue
        if not tag.closing:
            stack.append(tag.name)
            formatting += tag.name in _FORMATTING
            if len(stack) > depth:
                return False
        elif stack and stack[-1] == tag.name:
            stack.pop()
            formatting -= tag.name in _FORMATTING
        elif formatting > _FORMATTING_MOST:
            return False
    return True


def _measure_prefixes(scan: ScannedHtml, starts: list[int], depth: int) -> Diagnostic | None:
    """Measure the parser's own tree of ever longer prefixes; return an H101 for the first that is too deep."""
    tags = {match[1].lower() for match in _OPENING.finditer(scan.source)} - _RAW
    good, end = 0, 0
    while end < len(scan.source):
        end = min(len(scan.source), max(end + _STEP, end + end // _GROWTH))
        fault = _measure(scan.source[:end], tags, depth)
        if fault:
            between = [start for start in starts if good <= start < end]
            return _too_deep(scan, _first_bad(scan.source, tags, depth, between), fault)
        good = end
    return None


def _measure(prefix: str, tags: set[str], depth: int) -> str | None:
    """Return what is wrong with the tree of this prefix, or None."""
    tree = tree_outline(prefix, tags)
    if len(tree) > _SWELLING * (len(prefix) + _STEP):
        return "formatting that is never closed is repeated in every paragraph after it"
    deepest = max(accumulate(-1 if slash else 1 for slash in _NESTING.findall(tree)), default=0)
    return f"elements are nested more than {depth} deep" if deepest > depth else None


def _first_bad(source: str, tags: set[str], depth: int, starts: list[int]) -> int:
    """Return the first of the tags at ``starts`` with which the source exceeds the limits (binary search)."""
    low, high = 0, len(starts)
    while high - low > 1:
        middle = (low + high) // 2
        if _measure(source[: starts[middle]], tags, depth):
            high = middle
        else:
            low = middle
    return starts[low] if starts else 0


def _too_deep(scan: ScannedHtml, start: int, message: str) -> Diagnostic:
    return Diagnostic(scan.place(start), "H101", message, "close the tags that are left open, or remove wrappers")
