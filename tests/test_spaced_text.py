"""The text with white space at its breaks, and the way between its offsets and the body's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from builder.model import Body, Span
from builder.spaced_text import space_out, spaced_text

BODY = Body((), "NorthSouth12", (), breaks=(5, 10))


def test_a_slice_has_the_breaks_inside_it_only():
    assert spaced_text(BODY) == "North South 12"
    assert spaced_text(BODY, separator="\n") == "North\nSouth\n12"
    assert [spaced_text(BODY, *span) for span in ((0, 5), (5, 10), (4, 6), (10, 12), (5, 12))] == [
        "North",
        "South",
        "h S",
        "12",
        "South 12",
    ]


@given(st.text("abc ", min_size=2, max_size=12), st.data())
def test_a_span_goes_there_and_back(text, data):
    breaks = tuple(sorted(data.draw(st.sets(st.integers(1, len(text) - 1)))))
    body = Body((), text, (), breaks=breaks)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    spaced = space_out(body)
    there = spaced.from_body(span)
    assert spaced.text[there.start : there.end] == spaced_text(body, span.start, span.end)
    assert spaced.to_body(there) == span
    wider = Span(max(0, there.start - 1), min(len(spaced.text), there.end + 1))
    assert text[span.start : span.end] in text[slice(spaced.to_body(wider).start, spaced.to_body(wider).end)]
