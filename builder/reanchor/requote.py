"""Rewrite a note's quote: its words, and the prefix, suffix or occurrence that singles them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from builder.anchor.choose_place import Ambiguous, Missing, Resolved, resolve_quote
from builder.anchor.searchable_text import QuotableText, quotable_body
from builder.model import Body, Quote, Span
from builder.read.yaml import MappingNode, ScalarNode, SequenceNode
from builder.reanchor.splice import Edit, set_field, set_value
from builder.spaced_text import SpacedText, spaced_text

_WORDS: Final = 12  # of a prefix or suffix at most; beyond that the occurrence is written
_WORD_START: Final = re.compile(r"(?<!\S)(?=\S)")
_WORD_END: Final = re.compile(r"(?<=\S)(?!\S)")


@dataclass(frozen=True, slots=True)
class QuoteReader:
    """A document's text in which quotes are looked for.

    ``text`` has a space at each break, and all spans here are of it. Quotes are resolved in ``body.text``, as they are
    when a page is built: ``searched`` is that text.
    """

    text: str
    body: Body
    searched: QuotableText

    def spans(self, quote: Quote) -> tuple[Span, ...] | None:
        """Return the quote's passages, or None if it does not match exactly one place."""
        outcome = resolve_quote(self.searched, quote)
        return self._spaced(outcome.spans) if isinstance(outcome, Resolved) else None

    def absent(self, quote: Quote) -> bool:
        """Return whether its words match nowhere, whatever the context."""
        outcome = resolve_quote(self.searched, quote)
        return isinstance(outcome, Missing) and not outcome.elsewhere

    def number(self, quote: Quote, spans: tuple[Span, ...]) -> int | None:
        """Return which of the quote's matches this is, from 1; None if it is none."""
        outcome = resolve_quote(self.searched, replace(quote, occurrence=None))
        ways: tuple[tuple[Span, ...], ...] = (outcome.spans,) if isinstance(outcome, Resolved) else ()
        if isinstance(outcome, Ambiguous):
            ways = outcome.ways
        return next((number for number, way in enumerate(ways, start=1) if self.same(self._spaced(way), spans)), None)

    def same(self, left: tuple[Span, ...] | None, right: tuple[Span, ...]) -> bool:
        """Return whether two places are the same words, white space at their ends aside."""
        return left is not None and [self._core(span) for span in left] == [self._core(span) for span in right]

    def body_spans(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """Return spans of ``text`` as spans of ``body.text``."""
        spaced = SpacedText(self.text, self.body.breaks)
        return tuple(spaced.to_body(span) for span in spans)

    def _spaced(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        spaced = SpacedText(self.text, self.body.breaks)
        return tuple(spaced.from_body(span) for span in spans)

    def _core(self, span: Span) -> tuple[int, int]:
        words = self.text[span.start : span.end]
        return span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip())


def quote_reader(body: Body) -> QuoteReader:
    """Return a reader of quotes in a document's text."""
    return QuoteReader(spaced_text(body), body, quotable_body(body))


def requoted(
    new: QuoteReader, old: QuoteReader | None, before: tuple[Span, ...], quote: Quote, wanted: tuple[Span, ...]
) -> tuple[Quote, bool] | None:
    """Return the quote, changed as little as possible, so that it matches the ``wanted`` spans of the new text.

    The flag says whether it still means the passages ``before``, or nothing, in the old text: an unfinished sidecar is
    read against that text again. None if nothing singles out the place.

    ``new``, ``old``: the texts; ``old`` is None if it is not known.
    ``before``: the quote's spans in the old text.
    ``quote``: with the words to write.
    ``wanted``: the spans in the new text.
    """
    unsafe: Quote | None = None
    for candidate in _candidates(new, quote, wanted):
        if not new.same(new.spans(candidate), wanted):
            continue
        stood = old.spans(candidate) if old else None
        if stood is None or (old and old.same(stood, before)):
            return candidate, True
        unsafe = unsafe or candidate
    return (unsafe, False) if unsafe else None


def _candidates(new: QuoteReader, quote: Quote, wanted: tuple[Span, ...]) -> Iterator[Quote]:
    """Yield the quote as it is, with today's context, with more context, and with an occurrence."""
    yield quote
    start, end = wanted[0].start, wanted[-1].end
    prefixes, suffixes = list(_before(new.text, start)), list(_after(new.text, end))
    fresh = replace(
        quote,
        prefix=_fit(prefixes, quote.prefix) if quote.prefix else "",
        suffix=_fit(suffixes, quote.suffix) if quote.suffix else "",
    )
    renumbered = replace(fresh, occurrence=None if quote.occurrence is None else 1)
    yield from (replace(quote, prefix=fresh.prefix), replace(quote, suffix=fresh.suffix), fresh, renumbered)
    yield from (replace(renumbered, prefix=prefix) for prefix in prefixes if len(prefix) >= len(renumbered.prefix))
    yield from (replace(renumbered, suffix=suffix) for suffix in suffixes if len(suffix) >= len(renumbered.suffix))
    for base in (quote, fresh):
        number = new.number(base, wanted)
        if number:
            yield replace(base, occurrence=number)


def _fit(contexts: list[str], written: str) -> str:
    """Return the context that is about as long as the written one."""
    return min(contexts, key=lambda context: abs(len(context) - len(written)), default="")


def _before(text: str, start: int) -> Iterator[str]:
    begins = [match.start() for match in _WORD_START.finditer(text, max(0, start - 30 * _WORDS), start)]
    yield from (text[begin:start] for begin in begins[-1 : -_WORDS - 1 : -1])


def _after(text: str, end: int) -> Iterator[str]:
    ends = [match.start() for match in _WORD_END.finditer(text, end, end + 30 * _WORDS) if match.start() > end]
    yield from (text[end:end_at] for end_at in ends[:_WORDS])


def unplaceable_quote(new: QuoteReader, old: str, before: tuple[Span, ...], quote: Quote) -> Quote | None:
    """Return a quote whose words are gone, but occur elsewhere, with enough of its old context to match nowhere.

    The quote itself if it matches nowhere already; None if no context keeps it from other words.
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
    """Return the edits that turn one quote into the other in a note, and what the changed fields then say."""
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
