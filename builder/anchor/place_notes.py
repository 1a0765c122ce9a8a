"""The anchoring stage: find the place of every quote in the reading text, or say what to write instead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from builder.anchor.choose_place import KnownPlaces, Missing, Resolved, resolve_quote
from builder.anchor.messages import normalised_match, unresolved_quote
from builder.anchor.searchable_text import quotable_body
from builder.model import AnchoredDocument, Document, Note, Placement, Span

if TYPE_CHECKING:
    from builder.anchor.choose_place import Failure
    from builder.diagnostics import Diagnostic, Place
    from builder.model import Quote

# What looking for nearest passages may cost for one document: code points of quotes times code points of text, plus a
# flat charge for each search. That is 200 searches in a short text, 100 quotes of 100 characters in a megabyte.
_NEAREST_WORK: Final = 20_000_000_000
_NEAREST_CHARGE: Final = 100_000_000
# Places that are kept for other occurrences of the same words, some 100 bytes each.
_KNOWN_PLACES: Final = 1_000_000


def anchor(document: Document) -> tuple[AnchoredDocument, tuple[Diagnostic, ...]]:
    """Place the notes of a document; those without a place are left out, with a diagnostic. Pure.

    A retired note is not looked for: it is listed with the notes on the whole document. Words that several notes quote
    are looked for once.

    Notes are numbered from 1 in the order in which their quotes end; where several end together the one that starts
    last comes first (inner before outer), then the sidecar's order decides.
    """
    searched = quotable_body(document.body)
    placed: list[tuple[Note, tuple[Span, ...]]] = []
    diagnostics: list[Diagnostic] = []
    answers: dict[tuple[object, ...], tuple[tuple[Span, ...], Diagnostic | None]] = {}
    known: KnownPlaces = {}
    work = 0
    for note in document.notes:
        quote = note.quote
        if quote is None or note.retired:
            continue
        words = (quote.parts, quote.prefix, quote.suffix, quote.occurrence)
        if words not in answers:
            outcome = resolve_quote(searched, quote, known if quote.occurrence else None)
            if isinstance(outcome, Resolved):
                told = normalised_match(document, quote, outcome.spans) if outcome.normalised else None
                answers[words] = outcome.spans, told
            else:
                work += _cost(document, quote, outcome)
                suggest = work <= _NEAREST_WORK
                answers[words] = (), unresolved_quote(document, quote, outcome, searched, suggest=suggest)
            if sum(len(spans) for _, spans, _ in known.values()) > _KNOWN_PLACES:
                known = {}
        spans, diagnostic = answers[words]
        if spans:
            placed.append((note, spans))
        if diagnostic:
            diagnostics.append(_at(diagnostic, quote.place))
    placed.sort(key=lambda item: (item[1][-1].end, -item[1][0].start))
    placements = tuple(Placement(note, spans, number) for number, (note, spans) in enumerate(placed, start=1))
    general = tuple(note for note in document.notes if note.quote is None or note.retired)
    return AnchoredDocument(document, placements, general), tuple(diagnostics)


def _at(diagnostic: Diagnostic, place: Place) -> Diagnostic:
    """Return what is told of a quote, told of the same quote at another place."""
    return replace(diagnostic, place=place, fix=replace(diagnostic.fix, place=place) if diagnostic.fix else None)


def _cost(document: Document, quote: Quote, outcome: Failure) -> int:
    if not isinstance(outcome, Missing) or outcome.elsewhere or outcome.cut:
        return 0
    return _NEAREST_CHARGE + len(quote.parts[outcome.part]) * len(document.text)
