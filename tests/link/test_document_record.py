from __future__ import annotations

import pytest

from builder.link.document_record import _sentence, quoted_words, truncate
from builder.model import Body, Span


@pytest.mark.parametrize(
    ("text", "limit", "wanted"),
    [
        ("short", 10, "short"),
        ("two\n\nlines", 20, "two lines"),
        ("one two three four", 12, "one two…"),
        ("one two, three", 10, "one two…"),
        ("字" * 30, 10, "字" * 9 + "…"),
    ],
)
def test_shorten_cuts_between_words_where_there_are_any(text: str, limit: int, wanted: str) -> None:
    assert truncate(text, limit) == wanted
    assert len(truncate(text, limit)) <= limit


def test_quoted_parts_passages() -> None:
    assert quoted_words(Body((), "a b c d e", ()), (Span(0, 3), Span(6, 9))) == "a b … d e"


def test_quoted_words_have_a_space_at_each_break_inside() -> None:
    body = Body((), "northsoutheast", (), breaks=(5, 10))
    assert quoted_words(body, (Span(0, 10), Span(10, 14))) == "north south … east"


@pytest.mark.parametrize(
    "marked",
    [
        "Before. [The ⟦words⟧ in it.] After.",
        "[⟦First⟧ of all.] After.",
        "Said she. [‘Not ⟦that⟧.’] And more.",
        "A line\n[the ⟦words⟧]\nanother",
        "Pi is. [It is ⟦3.14⟧ or so!] Yes.",
        "Before. [Two ⟦here. And⟧ there.] After.",
        "[⟦all of it⟧]",
    ],
)
def test_a_sentence_is_found_around_a_quote(marked: str) -> None:
    text = marked.translate({ord(character): None for character in "⟦⟧[]"})
    bare = marked.translate({ord(character): None for character in "[]"})
    span = Span(bare.index("⟦"), bare.index("⟧") - 1)
    start, end = _sentence(text, span)
    sentence = marked[marked.index("[") + 1 : marked.index("]")].translate({ord(character): None for character in "⟦⟧"})
    assert text[start:end] == sentence
