"""Suggest a passage for a quote whose words are no longer in the text, for a person to check.

Used when the old text is not known. Candidates are passages similar to the quote and passages between prefix and
suffix; each is scored by its own words and by its context.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from builder.anchor.nearest_passage import nearest_passage, similarity
from builder.anchor.normalise import normalise_shapes
from builder.model import Span

# No passage is suggested below this score (0 to 1), nor one that another comes so near to. Without a threshold, more
# than half of the notes on deleted sentences find some other sentence; `tests/bench/rebase.py` prints what these do.
LEAST: Final = 0.80
AHEAD: Final = 0.05
# What stands around a passage has to be alike on either side that is given: texts repeat themselves, and the twin of a
# deleted sentence has one neighbour like the first one's often enough. Any two texts have a likeness of 0.3 to 0.5.
_CONTEXT_ALIKE: Final = 0.60
# Shorter quotes (code points) are like many words: they need context, and more of it has to be the same.
SHORT: Final = 15
_SHORT_CONTEXT_ALIKE: Final = 0.90
_CONTEXT_LEAST: Final = 8
# With no context at all only long quotes are looked for, and only what is nearly the same.
_ALONE: Final = 40
_ALONE_LEAST: Final = 0.92
# As Hypothesis's client weighs them (match-quote.ts): the quote 50, what stands before and after it 20 each.
_QUOTE, _CONTEXT = 50, 20
_CONTEXT_MOST: Final = 60
_PLACES: Final = 50  # of a prefix


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A passage, its score, and that of the next best one (0 if there is none)."""

    span: Span
    score: float
    runner_up: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    quote: str
    prefix: str
    suffix: str


def suggest(text: str, quote: str, prefix: str = "", suffix: str = "") -> Suggestion | None:
    """Return the passage that is most likely meant, or None if none is likely enough or two are almost as likely."""
    shape = normalise_shapes(text)
    wanted = _Wanted(
        normalise_shapes(quote).strip(),
        normalise_shapes(prefix)[-_CONTEXT_MOST:],
        normalise_shapes(suffix)[:_CONTEXT_MOST],
    )
    least = LEAST if len(wanted.prefix + wanted.suffix) >= _CONTEXT_LEAST else _ALONE_LEAST
    if not wanted.quote or (least > LEAST and len(wanted.quote) < _ALONE):
        return None
    scored = sorted({(_score(shape, wanted, passage), passage) for passage in _passages(shape, wanted)}, reverse=True)
    if not scored:
        return None
    score, best = scored[0]
    runner_up = next((score for score, span in scored if span.end <= best.start or best.end <= span.start), 0.0)
    if score < least or score - runner_up < AHEAD or not _has_similar_context(shape, wanted, best):
        return None
    return Suggestion(best, score, runner_up)


def _passages(text: str, wanted: _Wanted) -> Iterator[Span]:
    """Yield candidates: the nearest with and without context, the next best before and after it, those between."""
    yield from _between(text, wanted)
    for prefix, suffix in dict.fromkeys([(wanted.prefix, wanted.suffix), ("", "")]):
        nearest = nearest_passage(text, wanted.quote, prefix, suffix)
        if nearest is None:
            continue
        yield nearest.span
        for start, end in ((0, nearest.span.start), (nearest.span.end, len(text))):
            second = nearest_passage(text[start:end], wanted.quote)
            if second:
                yield Span(start + second.span.start, start + second.span.end)


def _between(text: str, wanted: _Wanted) -> Iterator[Span]:
    """Yield the passages between prefix and suffix whose length fits the quote."""
    if not wanted.prefix.strip() or not wanted.suffix.strip():
        return
    at = text.find(wanted.prefix)
    for _ in range(_PLACES):
        if at < 0:
            return
        start = at + len(wanted.prefix)
        end = text.find(wanted.suffix, start, start + 2 * len(wanted.quote) + SHORT + len(wanted.suffix))
        if end > start and text[start:end].strip():
            yield Span(start, end)
        at = text.find(wanted.prefix, at + 1)


def _score(text: str, wanted: _Wanted, span: Span) -> float:
    before, after = _contexts(text, wanted, span)
    parts = [(_QUOTE, similarity(wanted.quote, text[span.start : span.end]))]
    parts += [(_CONTEXT, score) for score in (before, after) if score is not None]
    return sum(weight * alike for weight, alike in parts) / sum(weight for weight, _ in parts)


def _contexts(text: str, wanted: _Wanted, span: Span) -> tuple[float | None, float | None]:
    """Return the similarity of the context to prefix and suffix; None for one that is empty."""
    prefix, suffix = wanted.prefix, wanted.suffix
    return (
        similarity(prefix, text[max(0, span.start - len(prefix)) : span.start]) if prefix else None,
        similarity(suffix, text[span.end : span.end + len(suffix)]) if suffix else None,
    )


def _has_similar_context(text: str, wanted: _Wanted, span: Span) -> bool:
    """Return whether the passage's context is similar enough to prefix and suffix."""
    alike = _CONTEXT_ALIKE if len(wanted.quote) >= SHORT else _SHORT_CONTEXT_ALIKE
    return all(score is None or score >= alike for score in _contexts(text, wanted, span))
