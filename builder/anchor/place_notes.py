"""The anchoring stage: find the place of every quote in the reading text, or say what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from builder.anchor.choose_place import Missing, Resolved, resolve_quote
from builder.anchor.messages import normalised_match, unresolved_quote
from builder.anchor.searchable_text import quotable_body
from builder.model import AnchoredDocument, Document, Note, Placement, Span

if TYPE_CHECKING:
    from builder.anchor.choose_place import Failure
    from builder.diagnostics import Diagnostic

# What looking for nearest passages may cost for one document: code points of quotes times code points of text, plus a
# flat charge for each search. That is 200 searches in a short text, 100 quotes of 100 characters in a megabyte.
_NEAREST_WORK: Final = 20_000_000_000
_NEAREST_CHARGE: Final = 100_000_000


def anchor(document: Document) -> tuple[AnchoredDocument, tuple[Diagnostic, ...]]:
    """Place the notes of a document; those without a place are left out, with a diagnostic. Pure.

    A retired note is not looked for: it is listed with the notes on the whole document.

    Notes are numbered from 1 in the order in which their quotes end; where several end together the one that starts
    last comes first (inner before outer), then the sidecar's order decides.
    """
    searched = quotable_body(document.body)
    placed: list[tuple[Note, tuple[Span, ...]]] = []
    diagnostics: list[Diagnostic] = []
    work = 0
    for note in document.notes:
        if note.quote is None or note.retired:
            continue
        outcome = resolve_quote(searched, note.quote)
        if isinstance(outcome, Resolved):
            placed.append((note, outcome.spans))
            if outcome.normalised:
                diagnostics.append(normalised_match(document, note.quote, outcome.spans))
        else:
            work += _cost(document, note, outcome)
            diagnostics.append(
                unresolved_quote(document, note.quote, outcome, searched if work <= _NEAREST_WORK else None)
            )
    placed.sort(key=lambda item: (item[1][-1].end, -item[1][0].start))
    placements = tuple(Placement(note, spans, number) for number, (note, spans) in enumerate(placed, start=1))
    general = tuple(note for note in document.notes if note.quote is None or note.retired)
    return AnchoredDocument(document, placements, general), tuple(diagnostics)


def _cost(document: Document, note: Note, outcome: Failure) -> int:
    if note.quote is None or not isinstance(outcome, Missing) or outcome.elsewhere or outcome.cut:
        return 0
    return _NEAREST_CHARGE + len(note.quote.parts[outcome.part]) * len(document.text)
