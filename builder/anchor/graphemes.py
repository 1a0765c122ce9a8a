r"""Whether a place begins and ends between letters as readers see them: Unicode's extended grapheme clusters.

A letter may be several code points: ``e`` and an accent, two regional indicators that are a flag, the people of a
family, the consonants of an Indic conjunct. A footnote number between them would tear the letter apart.

Only the borders of candidates are looked at, by regex's ``\X``, which follows UAX #29 with its rule for conjuncts. It
takes 0.3 microseconds a cluster; of the packages written in Python, the fastest takes twice and the best known
(``grapheme``) twenty times as long.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

import regex

from builder.anchor.normalise import INVISIBLE

if TYPE_CHECKING:
    from builder.model import Span

_CLUSTER: Final = regex.compile(r"\X")
# A border beside these depends on more than the two code points at it.
_INNER: Final = regex.compile(r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}\p{GCB=Regional_Indicator}]")
# Between two code points of none of these there is always a border.
_JOINING: Final = regex.compile(
    r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}\p{GCB=Regional_Indicator}\p{GCB=Prepend}"
    r"\p{GCB=L}\p{GCB=V}\p{GCB=T}\p{GCB=LV}\p{GCB=LVT}]"
)
_PLAIN: Final = "\u0300"  # no code point below it continues a cluster (line ends are line feeds)
_FARTHEST: Final = 4_096  # code points that are looked back; a border behind so many marks counts as one in a letter


def is_whole(text: str, span: Span, breaks: tuple[int, ...] = ()) -> bool:
    """Return whether a span cuts no letter in two. At ``breaks``, offsets in order, a letter always ends.

    Invisible characters are no part of a letter, though Unicode joins some of them to it (a non-joiner after a Persian
    word): a place may end before them.
    """
    return _is_end(text, span.start, breaks, at_start=True) and _is_end(text, span.end, breaks, at_start=False)


def widened(text: str, span: Span) -> Span:
    """Return a span with the letters that it cuts."""
    first, last = _cluster(text, span.start), _cluster(text, span.end)
    return type(span)(first[0] if first else span.start, last[1] if last else span.end)


def _is_end(text: str, offset: int, breaks: tuple[int, ...], *, at_start: bool) -> bool:
    cluster = _cluster(text, offset)
    if cluster is None:
        return True
    index = bisect_left(breaks, offset)
    if index < len(breaks) and breaks[index] == offset:
        return True
    start, end = cluster
    cut_off = text[start:offset] if at_start else text[offset:end]
    return all(character in INVISIBLE for character in cut_off)


def _cluster(text: str, offset: int) -> tuple[int, int] | None:
    """Return the bounds of the cluster that an offset is inside of; None if it is at a border."""
    if not 0 < offset < len(text) or (text[offset] < _PLAIN and text[offset - 1] < _PLAIN):
        return None
    if not _JOINING.match(text, offset) and not _JOINING.match(text, offset - 1):
        return None
    start = offset - 1
    while start and _INNER.match(text, start):
        start -= 1
        if offset - start > _FARTHEST:
            return start, offset + 1
    for match in _CLUSTER.finditer(text, start):
        if match.end() == offset:
            return None
        if match.end() > offset:
            before = _cluster(text, match.start()) if match.start() == start else None
            return before[0] if before else match.start(), match.end()
    return None
