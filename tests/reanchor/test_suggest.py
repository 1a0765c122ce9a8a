"""Suggestions without the old text: a likely passage, or none; never the twin of a deleted sentence."""

from __future__ import annotations

import pytest

from builder.model import Span
from builder.reanchor.suggest import AHEAD, LEAST, suggest

TEXT = (
    "The town library opens at ten. It lent 42,000 books in 2023, more than twice as many as in the year before. "
    "The mayor said so on Monday. The council will meet again in May to talk about the roof of the library."
)


def words(found: object, text: str = TEXT) -> str | None:
    span = getattr(found, "span", None)
    return text[span.start : span.end] if isinstance(span, Span) else None


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix", "expected"),
    [
        ("lent 41,200 books in 2023", "at ten. It ", ", more than", "lent 42,000 books in 2023"),
        ("lent 41,200 books in 2023", "", "", None),  # too short to be looked for alone
        ("It lent 41,200 books in 2023, more than twice as many as in the year before.", "", "",
         "It lent 42,000 books in 2023, more than twice as many as in the year before."),
        ("41,200", "ten. It lent ", " books in 2023", "42,000"),
        ("41,200", "ten. It had ", " books in 2023", None),  # so short, and not quite between the same words
        ("42,001", "ten. It lent ", " books in 2023", "42,000"),
        ("42,001", "", "", None),
        ("The mayor denied it on Tuesday.", "", "", None),
        ("Nobody was there at all.", "the year before. ", " The council", None),
        ("", "ten. It lent ", " books", None),
        ("   ", "", "", None),
    ],
)  # fmt: skip
def test_suggestions(quote: str, prefix: str, suffix: str, expected: str | None) -> None:
    assert words(suggest(TEXT, quote, prefix, suffix)) == expected


def test_the_twin_of_a_deleted_sentence_is_not_suggested() -> None:
    text = "Intro. Figure 1 . Original and mutant application. Then results. Outro of the paper."
    quote = "Figure 2 . Original and mutant application."
    assert suggest(text, quote, "as seen above in the plot. ", " 3. Conclusions follow") is None


def test_two_that_are_as_likely_are_none() -> None:
    text = "We met the old mayor of the town here. And more. We met the odd mayor of the town here."
    assert suggest(text, "We met the owd mayor of the town here.", "", "") is None


def test_a_suggestion_has_its_score_and_its_lead() -> None:
    found = suggest(TEXT, "lent 41,200 books in 2023", "at ten. It ", ", more than")
    assert found is not None
    assert LEAST <= found.score <= 1
    assert found.score - found.runner_up >= AHEAD
