"""Word the diagnostics of quotes: what is wrong, where in the text, and the line of YAML to write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from builder.anchor.around_page_number import split_quote
from builder.anchor.choose_place import (
    Ambiguous,
    EmptyPart,
    Missing,
    OutOfOrder,
    Resolved,
    TooFewPlaces,
    TooManyPlaces,
    part_context,
    resolve_quote,
)
from builder.anchor.disambiguating_lines import disambiguating_lines, message_excerpt
from builder.anchor.find_places import combinations_in_order, find_exact, find_normalised
from builder.anchor.list_places import (
    LISTED,
    list_combinations,
    list_places,
    location_of,
    more_places,
    quote_line,
    quoted_parts,
)
from builder.anchor.nearest_passage import covers, is_certain, nearest_passage, word_changes
from builder.anchor.normalise import describe_differences, normalise, original_span
from builder.diagnostics import Diagnostic, Fix
from builder.model import Span
from builder.spaced_text import spaced_text

if TYPE_CHECKING:
    from builder.anchor.choose_place import Failure
    from builder.anchor.searchable_text import QuotableText
    from builder.model import Body, Document, Quote

_CHANGES: Final = 8  # differences in one message
_LONGEST: Final = 200  # code points of letters that a line to write adds to a quote
_COPY: Final = "Copy the words from the document."


def normalised_match(document: Document, quote: Quote, spans: tuple[Span, ...]) -> Diagnostic:
    """Return the notice that a quote matched only normalised (Q205), with the differences and the exact words."""
    text = tuple(spaced_text(document.body, span.start, span.end) for span in spans)
    names: dict[str, None] = {}
    for ours, theirs in zip(quote.parts, text, strict=True):
        names |= dict.fromkeys(describe_differences(ours, theirs))
    where = location_of(document, spans[0])
    over_border = text != tuple(document.text[span.start : span.end] for span in spans)
    if not names and over_border:
        hint = f"At {where} it runs over a border where the document has no white space. Nothing to do."
        return Diagnostic(quote.place, "Q205", f"quote normalised: {quoted_parts(*quote.parts)}", hint)
    if not names:
        hint = f"The quote matches {where} exactly, its prefix or suffix does not."
        return Diagnostic(quote.place, "Q205", f"prefix or suffix normalised: {quoted_parts(*quote.parts)}", hint)
    lead = "Write" if over_border else "Exactly"  # a border is white space to a reader, and none in the text
    hint = f"It differs from {where} in {', '.join(names)}. {lead}:\n  {quote_line(text)}"
    return Diagnostic(quote.place, "Q205", f"quote normalised: {quoted_parts(*quote.parts)}", hint)


def unresolved_quote(
    document: Document, quote: Quote, failure: Failure, searched: QuotableText, *, suggest: bool
) -> Diagnostic:
    """Return the diagnostic of a quote without a place.

    ``document``: where it was looked for.
    ``quote``: as written.
    ``failure``: why it has no place.
    ``searched``: its text.
    ``suggest``: whether to look for the nearest passage.
    """
    match failure:
        case EmptyPart(part):
            explanation = ("Q203", *_empty(quote, part))
        case Missing():
            message, hint, parts = _missing(document, quote, failure, searched, suggest=suggest)
            return Diagnostic(quote.place, "Q201", message, hint, _quote_fix(searched, quote, failure.part, parts))
        case Ambiguous():
            explanation = ("Q202", *_ambiguous(document, searched, quote, failure))
        case TooManyPlaces(part, places):
            explanation = ("Q202", *_too_many_places(document, quote, part, places))
        case OutOfOrder(places):
            explanation = ("Q204", *_out_of_order(document, quote, places))
        case TooFewPlaces():
            explanation = ("Q207", *_too_few_places(document, searched, quote, failure))
    return Diagnostic(quote.place, *explanation)


def _quote_fix(searched: QuotableText, quote: Quote, part: int, passages: tuple[str, ...]) -> Fix | None:
    """Return the fix that writes these passages for a part of a quote; None if there are none.

    Of several parts the others stay; the quote must then have one place.
    """
    if not passages:
        return None
    parts = (*quote.parts[:part], *passages, *quote.parts[part + 1 :])
    if len(quote.parts) > 1 and not isinstance(resolve_quote(searched, replace(quote, parts=parts)), Resolved):
        return None
    return Fix(quote.place, parts[0] if len(parts) == 1 else parts)


def _empty(quote: Quote, part: int) -> tuple[str, str]:
    hint = 'Write the words that the note is about, or leave out "quote" for a note on the whole document.'
    return f"part {part + 1} of the quote is empty" if len(quote.parts) > 1 else "empty quote", hint


def _missing(
    document: Document, quote: Quote, missing: Missing, searched: QuotableText, *, suggest: bool
) -> tuple[str, str, tuple[str, ...]]:
    """Return message, hint and, if they are certain, the parts to write."""
    part = quote.parts[missing.part]
    which = f"part {missing.part + 1} of the quote" if len(quote.parts) > 1 else "quote"
    if missing.elsewhere:
        message = f"{which} not found with this prefix and suffix: {quoted_parts(part)}"
        return message, _without_context(document, searched, quote, missing.elsewhere), ()
    message = f"{which} not found: {quoted_parts(part)}"
    if missing.cut:
        return f"{which} would cut a letter: {quoted_parts(part)}", *_cut_letters(document, searched, quote, missing)
    if not suggest:
        return (
            message,
            ("No suggestion: too many quotes of this document are missing.\nFix the errors above and check again."),
            (),
        )
    return message, *_nearest_lines(document, quote, missing.part, searched)


def _without_context(document: Document, searched: QuotableText, quote: Quote, places: tuple[Span, ...]) -> str:
    """Return where the words match without prefix and suffix, with the lines to replace those with."""
    if len(places) == 1:
        pinned = disambiguating_lines(searched, places, [0])[0]
        where = f"The only match is at {location_of(document, places[0])}"
        return f"{where}: remove prefix and suffix, or replace them with:\n  {pinned}"
    if len(quote.parts) > 1:
        lines = [f"  {location_of(document, place)}" for place in places[:LISTED]]
        return "\n".join(["Without prefix and suffix it matches several places, such as:", *lines])
    return "\n".join(
        [
            "Replace prefix and suffix with one of these lines:",
            *list_places(document, searched, places),
            *more_places(len(places)),
        ]
    )


def _cut_letters(
    document: Document, searched: QuotableText, quote: Quote, missing: Missing
) -> tuple[str, tuple[str, ...]]:
    """Return the passages with the letters that the matches of a part cut, as lines to write."""
    lines = ["A letter, sign or flag may be several characters. With whole letters the text has:"]
    passages = tuple(dict.fromkeys(searched.widened(span) for span in missing.cut[:LISTED]))
    if any(whole.end - whole.start > _LONGEST + len(quote.parts[missing.part]) for whole in passages):
        return f"The letter at {location_of(document, passages[0])} has very many characters. {_COPY}", ()
    for whole in passages:
        passage = spaced_text(document.body, whole.start, whole.end)
        parts = (*quote.parts[: missing.part], passage, *quote.parts[missing.part + 1 :])
        lines.append(f"  {location_of(document, whole)}\n    {quote_line(parts)}")
    return "\n".join(lines), (passage,) if len(missing.cut) == 1 else ()


def _nearest_lines(document: Document, quote: Quote, part: int, searched: QuotableText) -> tuple[str, tuple[str, ...]]:
    """Return the passage nearest to a part, what differs, and the lines to write; and the parts, if certain."""
    halves = split_quote(searched, quote, part)
    if halves:
        return _two_passages(document, quote, part, halves)
    folded = searched.normalised()
    words = normalise(quote.parts[part]).text.strip()
    near = nearest_passage(folded.text, words, *(normalise(side).text for side in part_context(quote, part)))
    bounds = original_span(folded, near.span.start, near.span.end) if near else None
    if near is None or bounds is None:
        return f"No similar passage in {document.path}. {_COPY}", ()
    span = searched.widened(Span(*bounds))
    lines = [
        f"nearest: {location_of(document, span)} {quoted_parts(spaced_text(document.body, span.start, span.end))}",
        *_differences(words, folded.text[near.span.start : near.span.end]),
    ]
    if not covers(words, normalise(spaced_text(document.body, span.start, span.end)).text):
        return "\n".join([*lines, f"It is not the whole of the quote, or more. {_COPY}"]), ()
    replacement = _replacement_lines(document.body, searched, quote, part, span)
    sure = len(replacement) == 1 and is_certain(folded.text, words, near)
    parts = (spaced_text(document.body, span.start, span.end),) if sure else ()
    return "\n".join([*lines, "write:", *(f"  {line}" for line in replacement)]), parts


def _two_passages(
    document: Document, quote: Quote, part: int, halves: tuple[Span, Span]
) -> tuple[str, tuple[str, ...]]:
    """Return the line that makes two passages of a part, and what is between them."""
    passages = tuple(spaced_text(document.body, span.start, span.end) for span in halves)
    between = spaced_text(document.body, halves[0].end, halves[1].start)
    line = quote_line((*quote.parts[:part], *passages, *quote.parts[part + 1 :]))
    hint = "\n".join(
        [
            f"It is two passages, at {location_of(document, halves[0])} and {location_of(document, halves[1])}.",
            f"between them: {quoted_parts(between)}",
            f"write:\n  {line}",
        ]
    )
    return hint, passages


def _differences(ours: str, theirs: str) -> list[str]:
    changed = word_changes(ours, theirs)
    lines = [f"{_side('quote has', wanted)}, {_side('text has', actual)}" for wanted, actual in changed[:_CHANGES]]
    more = len(changed) - len(lines)
    return [*lines, f"and {more} more"] if more else lines


def _side(verb: str, words: str) -> str:
    return f'{verb} "{message_excerpt(words)}"' if words else f"{verb} nothing"


def _replacement_lines(body: Body, searched: QuotableText, quote: Quote, part: int, span: Span) -> list[str]:
    """Return the lines that replace a part with the passage and, if it is not the only one like it, single it out."""
    passage = spaced_text(body, span.start, span.end)
    lines = [quote_line((*quote.parts[:part], passage, *quote.parts[part + 1 :]))]
    if len(quote.parts) > 1 or _places(searched, passage, quote.prefix, quote.suffix) == (span,):
        return lines
    places = _places(searched, passage)
    if len(places) > 1:
        lines += disambiguating_lines(searched, places, [places.index(span)] if span in places else [])
    if quote.prefix or quote.suffix:
        lines.append("# and remove the old prefix and suffix")
    return lines


def _places(searched: QuotableText, passage: str, prefix: str = "", suffix: str = "") -> tuple[Span, ...]:
    """All places of a passage. One with breaks is found by folding, and may stand elsewhere to the letter."""
    places = find_exact(searched, passage, prefix, suffix)
    if searched.breaks:
        places = tuple(sorted({*places, *find_normalised(searched, passage, prefix, suffix)}))
    return places


def _ambiguous(document: Document, searched: QuotableText, quote: Quote, ambiguous: Ambiguous) -> tuple[str, str]:
    count = f"{len(ambiguous.ways):,} places" + " or more" * ambiguous.more
    heading = "Add one of these lines to the note:"
    if quote.prefix or quote.suffix:
        heading = "Add one of these lines to the note, replacing the same field if it is there:"
    return f"quote matches {count}: {quoted_parts(*quote.parts)}", "\n".join(
        [heading, *_ways(document, searched, quote, ambiguous.ways, len(ambiguous.ways))]
    )


def _too_many_places(document: Document, quote: Quote, part: int, places: tuple[Span, ...]) -> tuple[str, str]:
    message = f"part {part + 1} of the quote matches {len(places):,} places or more: {quoted_parts(quote.parts[part])}"
    return message, f"Quote more words in it. The first place is {location_of(document, places[0])}."


def _too_few_places(document: Document, searched: QuotableText, quote: Quote, found: TooFewPlaces) -> tuple[str, str]:
    message = f"no occurrence {quote.occurrence}, the quote matches "
    if found.count == 1:
        hint = f'The only match is at {location_of(document, found.ways[0][0])}: remove "occurrence".'
        return f"{message}1 place: {quoted_parts(*quote.parts)}", hint
    hint = "\n".join(
        ["Replace the occurrence with one of these lines:", *_ways(document, searched, quote, found.ways, found.count)]
    )
    return f"{message}{found.count:,} places: {quoted_parts(*quote.parts)}", hint


def _ways(
    document: Document, searched: QuotableText, quote: Quote, ways: tuple[tuple[Span, ...], ...], count: int
) -> list[str]:
    listed = (
        list_combinations(document, ways)
        if len(quote.parts) > 1
        else list_places(document, searched, tuple(way[0] for way in ways), quote.prefix, quote.suffix)
    )
    return [*listed, *more_places(count)]


def _out_of_order(document: Document, quote: Quote, places: tuple[tuple[Span, ...], ...]) -> tuple[str, str]:
    """Return where each part matches and, if that is all it takes, the parts in reading order."""
    lines = ["Each part must come after the one before. Found:"]
    for part, spans in zip(quote.parts, places, strict=True):
        where = ", ".join(location_of(document, span) for span in spans[:LISTED]) + " …" * (len(spans) > LISTED)
        lines.append(f"  {quoted_parts(part)} {where}")
    pairs = sorted(zip(places, quote.parts, strict=True))
    if not (quote.prefix or quote.suffix) and next(combinations_in_order(tuple(pair for pair, _ in pairs)), None):
        lines.append(f"In reading order:\n  {quote_line(tuple(part for _, part in pairs))}")
    return f"passages out of order: {quoted_parts(*quote.parts)}", "\n".join(lines)
