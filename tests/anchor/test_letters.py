"""Where letters begin and end, against a segmentation of the whole text by UAX #29."""

from __future__ import annotations

import regex
from hypothesis import example, given
from hypothesis import strategies as st

from builder.anchor.graphemes import clusters_of, is_whole, widened
from builder.anchor.normalise import INVISIBLE
from builder.model import Span

TRICKY = (
    "ea \n"
    "\u0301\u0323\u0600\u0e01\u0e33\u30ab\uff9e\u200c\u200d\ufe0f\u0915\u0928\u0937\u094d\u0947\u1b13\u1b44\u1112\u1161\u11ab\ud55c"
    "\U0001f1eb\U0001f1f7\U0001f469\U0001f467\U0001f3fd"
)
texts = st.text(st.sampled_from(TRICKY), min_size=1, max_size=12) | st.text(min_size=1, max_size=12)


@given(texts, st.data())
@example("\u1b44\u0937\u0301\U0001f3fd\u0301e", None)
def test_a_span_is_whole_if_it_ends_between_clusters_but_for_what_cannot_be_seen(text: str, data: st.DataObject | None):
    cuts = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    start = data.draw(st.integers(0, len(text) - 1)) if data else 1
    end = data.draw(st.integers(start + 1, len(text))) if data else 2
    first = max(cut for cut in cuts if cut <= start)
    last = min(cut for cut in cuts if cut >= end)
    unseen = all(character in INVISIBLE for character in text[first:start] + text[end:last])
    assert is_whole(clusters_of(text), Span(start, end)) is unseen
    assert widened(clusters_of(text), Span(start, end)) == Span(first, last)


@given(texts, st.data())
def test_a_break_ends_a_letter(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert is_whole(clusters_of(text), Span(start, end), tuple(sorted({start, end} - {0, len(text)})))


def test_a_letter_may_be_very_long():
    text = "e" + "\u0301" * 1_000_000 + "\u0915"
    assert is_whole(clusters_of(text), Span(0, 1_000_001))
    assert not is_whole(clusters_of(text), Span(0, 1_000_000))
