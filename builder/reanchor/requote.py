"""A note's quote written anew: which words, and the prefix, suffix or occurrence that tells them from others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Final

from builder.anchor.normalise import NormalisedText, normalise
from builder.anchor.resolve import Ambiguous, Missing, Resolved, resolve_quote
from builder.model import Quote, Span
from builder.read.yaml import MappingNode, ScalarNode, SequenceNode
from builder.reanchor.splice import Edit, set_field, set_value

_WORDS: Final = 12  # of a prefix or suffix; where so many do not tell, the occurrence does
_WORD_START: Final = re.compile(r"(?<!\S)(?=\S)")
_WORD_END: Final = re.compile(r"(?<=\S)(?!\S)")


@dataclass(frozen=True, slots=True)
class QuoteReader:
    """A text, where quotes stand in it, and the text folded, made once when it is needed."""

    text: str
    folded: Callable[[], NormalisedText]

    def spans(self, quote: Quote) -> tuple[Span, ...] | None:
        """The quote's passages, or None where it does not fit in one place."""
        outcome = resolve_quote(self.text, self.folded, quote)
        return outcome.spans if isinstance(outcome, Resolved) else None

    def absent(self, quote: Quote) -> bool:
        """Whether its words stand nowhere, whatever is around them."""
        outcome = resolve_quote(self.text, self.folded, quote)
        return isinstance(outcome, Missing) and not outcome.elsewhere

    def number(self, quote: Quote, spans: tuple[Span, ...]) -> int | None:
        """Which of the places that the quote fits this is, from 1; None where it is none of them."""
        outcome = resolve_quote(self.text, self.folded, replace(quote, occurrence=None))
        ways: tuple[tuple[Span, ...], ...] = (outcome.spans,) if isinstance(outcome, Resolved) else ()
        if isinstance(outcome, Ambiguous):
            ways = outcome.ways
        return next((number for number, way in enumerate(ways, start=1) if self.same(way, spans)), None)

    def same(self, left: tuple[Span, ...] | None, right: tuple[Span, ...]) -> bool:
        """Whether two places are the same words, but for white space at their ends."""
        return left is not None and [self._core(span) for span in left] == [self._core(span) for span in right]

    def _core(self, span: Span) -> tuple[int, int]:
        words = self.text[span.start : span.end]
        return span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip())


def quote_reader(text: str) -> QuoteReader:
    """A text made ready to look for quotes in."""
    return QuoteReader(text, cache(partial(normalise, text)))


def requoted(
    new: QuoteReader, old: QuoteReader | None, before: tuple[Span, ...], quote: Quote, wanted: tuple[Span, ...]
) -> tuple[Quote, bool] | None:
    """The quote, changed as little as may be, so that it stands on the ``wanted`` spans of the new text.

    Whether it is safe says whether it still means the passages ``before``, or nothing, in the old text: a sidecar that
    is not finished is read against that text again. None where nothing tells the place from others.
    """
    loose: Quote | None = None
    for candidate in _ways(new, quote, wanted):
        if not new.same(new.spans(candidate), wanted):
            continue
        stood = old.spans(candidate) if old else None
        if stood is None or (old and old.same(stood, before)):
            return candidate, True
        loose = loose or candidate
    return (loose, False) if loose else None


def _ways(new: QuoteReader, quote: Quote, wanted: tuple[Span, ...]) -> Iterator[Quote]:
    """The quote as it is, with the context that stands there now, with more of it, and with a number."""
    yield quote
    start, end = wanted[0].start, wanted[-1].end
    prefixes, suffixes = list(_before(new.text, start)), list(_after(new.text, end))
    fresh = replace(
        quote,
        prefix=_fit(prefixes, quote.prefix) if quote.prefix else "",
        suffix=_fit(suffixes, quote.suffix) if quote.suffix else "",
    )
    bare = replace(fresh, occurrence=None if quote.occurrence is None else 1)
    yield from (replace(quote, prefix=fresh.prefix), replace(quote, suffix=fresh.suffix), fresh, bare)
    yield from (replace(bare, prefix=prefix) for prefix in prefixes if len(prefix) >= len(bare.prefix))
    yield from (replace(bare, suffix=suffix) for suffix in suffixes if len(suffix) >= len(bare.suffix))
    for base in (quote, fresh):
        number = new.number(base, wanted)
        if number:
            yield replace(base, occurrence=number)


def _fit(contexts: list[str], written: str) -> str:
    """What stands there now, about as long as what was written."""
    return min(contexts, key=lambda context: abs(len(context) - len(written)), default="")


def _before(text: str, start: int) -> Iterator[str]:
    begins = [match.start() for match in _WORD_START.finditer(text, max(0, start - 30 * _WORDS), start)]
    yield from (text[begin:start] for begin in begins[-1 : -_WORDS - 1 : -1])


def _after(text: str, end: int) -> Iterator[str]:
    ends = [match.start() for match in _WORD_END.finditer(text, end, end + 30 * _WORDS) if match.start() > end]
    yield from (text[end:end_at] for end_at in ends[:_WORDS])


def unplaceable_quote(new: QuoteReader, old: str, before: tuple[Span, ...], quote: Quote) -> Quote | None:
    """A quote whose words are gone but stand elsewhere, with so much of its old context that it has no place.

    The quote itself where it has none already; None where no context keeps it from other words.
    """
    if new.spans(quote) is None:
        return quote
    prefixes, suffixes = list(_before(old, before[0].start)), list(_after(old, before[-1].end))
    for context in (*({"prefix": prefix} for prefix in prefixes), *({"suffix": suffix} for suffix in suffixes)):
        lone = replace(quote, prefix=context.get("prefix", quote.prefix), suffix=context.get("suffix", quote.suffix))
        if new.spans(lone) is None:
            return lone
    return None


def quote_edits(item: MappingNode, quote: Quote, wanted: Quote) -> tuple[list[Edit], dict[str, object]]:
    """The edits that make one quote the other in a note, and what the note's changed fields then say."""
    edits: list[Edit] = []
    fields: dict[str, object] = {}
    if quote.parts != wanted.parts:
        node = item.get("quote")
        nodes = node.items if isinstance(node, SequenceNode) else (node,)
        pairs = zip(nodes, quote.parts, wanted.parts, strict=True)
        edits += [set_value(scalar, new) for scalar, old, new in pairs if old != new and isinstance(scalar, ScalarNode)]
        fields["quote"] = list(wanted.parts) if isinstance(node, SequenceNode) else wanted.parts[0]
    for key, old, new in (
        ("prefix", quote.prefix, wanted.prefix),
        ("suffix", quote.suffix, wanted.suffix),
        ("occurrence", quote.occurrence, wanted.occurrence),
    ):
        if old != new:
            edits.append(set_field(item, key, str(new), beside="quote"))
            fields[key] = str(new)
    return edits, fields
