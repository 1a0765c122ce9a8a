"""HTML documents: sanitised by nh3 first, then walked; the metadata in their head, and what is reported of them."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice

from builder.diagnostics import Diagnostic, Place
from builder.model import Body, Limits
from builder.read.build_body import build_body
from builder.read.characters import replace_unpublishable
from builder.read.html_limits import check_limits
from builder.read.html_source_map import ScannedHtml, ScannedTag, scan_html
from builder.read.html_walk import WalkedHtml, walk_html
from builder.read.links import unpublished_image, unpublished_image_diagnostic
from builder.read.parsed_source import ParsedSource
from builder.read.pieces import name_set
from builder.read.sanitise import DROPPED, SILENT, UNREPORTED, sanitise

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?!\d)")
_AUTHORS = name_set("author dc.creator dcterms.creator citation_author")
_DATES = ("article:published_time", "date", "dc.date", "dcterms.date", "datepublished", "citation_publication_date")
_SHOWN = 3  # passages that one message quotes
_WIDTH = 60  # code points of each of them
_VOID = name_set("embed")  # of what is dropped
_MOST_LOST = 500  # runs of text that are looked for in vain


def read_html(
    source: str, *, path: str, folder: str, limits: Limits
) -> tuple[ParsedSource | None, tuple[Diagnostic, ...]]:
    """Read an HTML document (decoded, byte-order mark dropped, line ends as line feeds).

    The text is that of the tree's text nodes under ``<body>``, without the elements that are left out (reported in an
    H102), without what the page hides (H104) and without white space at both ends. None and an H101 if the document is
    nested too deeply; H103 for what HTML cannot carry, H105 for visible words that got lost.

    ``source``: the document.
    ``path``: the file's name, for diagnostics.
    ``folder``: its folder relative to ``seeds/``, for pictures.
    ``limits``: how deep it may nest.
    """
    text, diagnostics = replace_unpublishable(source, path)
    scanned = scan_html(text, path)
    too_deep = check_limits(scanned, limits)
    if too_deep:
        return None, (*diagnostics, too_deep)
    walked = walk_html(sanitise(text), scanned, folder)
    body = build_body(walked.pieces)
    return _parsed_source(scanned, body), (
        *diagnostics,
        *_report_left_out(scanned),
        *_report_hidden(scanned, walked),
        *_report_lost(scanned, walked),
        *_report_unpublished_images(scanned),
    )


def _parsed_source(scanned: ScannedHtml, body: Body) -> ParsedSource:
    metas = [tag.values() for tag in scanned.tags if tag.name == "meta" and not tag.closing]
    fields = [
        ((meta.get("property") or meta.get("name", "")).lower(), meta.get("content", "").strip()) for meta in metas
    ]
    dates = (match.group() for key in _DATES for name, value in fields if name == key and (match := _DATE.match(value)))
    language = next(
        (tag.values().get("lang", "").strip() for tag in scanned.tags if tag.name == "html" and not tag.closing), ""
    )
    title = " ".join((scanned.title or "").split())
    return ParsedSource(
        body,
        title or None,
        tuple(dict.fromkeys(value for name, value in fields if name in _AUTHORS and value)),
        next(dates, None),
        language or None,
    )


def _report_left_out(scanned: ScannedHtml) -> Iterable[Diagnostic]:
    """Return one H102 that counts the elements that are not published, at the first of them."""
    opened = [tag for tag in scanned.tags if not tag.closing]
    dropped = [tag for tag in opened if tag.name in DROPPED and tag.name not in SILENT]
    unwrapped = [tag for tag in opened if tag.name not in UNREPORTED | DROPPED]
    kinds_with_labels = [(_tally(dropped), "left out: "), (_tally(unwrapped), "tags left out, their words kept: ")]
    message = "; ".join(label + kinds for kinds, label in kinds_with_labels if kinds)
    if message:
        hint = "nothing to do, unless a quote needs words that were in them"
        yield Diagnostic(scanned.place(min(tag.start for tag in dropped + unwrapped)), "H102", message, hint)


def _report_hidden(scanned: ScannedHtml, walked: WalkedHtml) -> Iterable[Diagnostic]:
    """Return one H104 that quotes the words that the page does not show, at the first of them."""
    if walked.hidden:
        first = walked.hidden[0]
        message = f"words that the page hides are left out: {_quote([passage.words for passage in walked.hidden])}"
        hint = "nothing to do, unless a reader of the page sees them: then change what hides them"
        yield Diagnostic(Place(scanned.path, first.line, first.column), "H104", message, hint)


def _report_lost(scanned: ScannedHtml, walked: WalkedHtml) -> Iterable[Diagnostic]:
    """Return one H105 that quotes visible words which are not in the text, at the first of them."""
    everything = " ".join(walked.text.split())
    lost = [
        (start, words) for start, words in islice(_unaligned(scanned, walked), _MOST_LOST) if words not in everything
    ]
    if lost:
        message = f"words that cannot be published are left out: {_quote([words for _, words in lost])}"
        hint = "put them into elements of HTML that may stand there, such as <p> or <span>"
        yield Diagnostic(scanned.place(lost[0][0]), "H105", message, hint)


def _unaligned(scanned: ScannedHtml, walked: WalkedHtml) -> Iterator[tuple[int, str]]:
    """Yield (offset in the source, words) of the runs between tags that were found nowhere in the tree."""
    dropped = tuple(_dropped(scanned.tags))
    aligned = sorted(walked.aligned)
    ends = list(accumulate((end for _, end in aligned), max))
    for number, (at, start) in enumerate(zip(scanned.at, scanned.start, strict=True)):
        end = scanned.at[number + 1] if number + 1 < len(scanned.at) else len(scanned.text)
        before = bisect_left(aligned, (end,)) - 1  # the last that begins before the run's end
        if before >= 0 and ends[before] > at:
            continue
        words = " ".join(scanned.text[at:end].split())
        inside = bisect_right(dropped, start, key=lambda span: span[0]) - 1
        if any(map(str.isalnum, words)) and not (inside >= 0 and start < dropped[inside][1]):
            yield start, words


def _dropped(tags: Iterable[ScannedTag]) -> Iterator[tuple[int, int]]:
    """Yield the spans of the source that dropped elements take, outermost ones, in order."""
    name, start, depth = "", 0, 0
    for tag in tags:
        if not name and tag.name in DROPPED and tag.name not in _VOID and not tag.closing:
            name, start, depth = tag.name, tag.start, 1
        elif name and tag.name == name:
            depth += -1 if tag.closing else 1
            if not depth:
                yield start, tag.start
                name = ""
    if name:
        yield start, sys.maxsize


def _quote(passages: list[str]) -> str:
    """Return the first of these passages in quotation marks, and the number of the others."""
    short = [words if len(words) <= _WIDTH else f"{words[:_WIDTH].rstrip()}…" for words in passages[:_SHOWN]]
    shown = ", ".join(f'"{words}"' for words in short)
    return shown + (f" and {len(passages) - _SHOWN} more" if len(passages) > _SHOWN else "")


def _report_unpublished_images(scanned: ScannedHtml) -> Iterable[Diagnostic]:
    """Yield an F111 for each picture beside the document in another format."""
    for tag in scanned.tags:
        src = unpublished_image(tag.values().get("src", "")) if tag.name == "img" else None
        if src:
            yield unpublished_image_diagnostic(scanned.place(tag.start), src)


def _tally(tags: list[ScannedTag]) -> str:
    counts = Counter(tag.name for tag in tags)
    return ", ".join(f"<{name}> ({count})" for name, count in sorted(counts.items()))
