"""``postil rebase``: carry the notes of a document from the text they were written for to its text now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from builder.anchor.word_diff import diff_words
from builder.diagnostics import Diagnostic, Severity
from builder.model import NOTE_LISTS, Document, Limits, Note, Project, Quote, Span
from builder.read.discovery import Seed
from builder.read.document import read_document
from builder.read.yaml import MappingNode, SequenceNode
from builder.reanchor.carry import CarriedSpan, Fate, TextPair, carry, text_pair
from builder.reanchor.old_texts import OldText, TextHistory, old_text
from builder.reanchor.requote import QuoteReader, quote_edits, quote_reader, requoted, unplaceable_quote
from builder.reanchor.sidecar_files import SidecarFile, apply_edits, fingerprint_edit, sidecar_file
from builder.reanchor.splice import Edit, tree_values
from builder.reanchor.suggest import suggest

_WORST = tuple(Fate)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One note's fate. ``before``: the words it was on. ``after``: those it would be on; empty if unsure or gone.

    ``quote``: what to write; the note's own if nothing changes, None if nothing can be written. ``safe``: it means
    nothing else in the old text. ``score``: of a suggestion made without the old text.
    """

    note: Note
    fate: Fate
    before: tuple[str, ...]
    after: tuple[str, ...]
    spans: tuple[Span, ...]
    quote: Quote | None
    safe: bool
    score: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of a document's notes. ``old`` is None if the old text is not known.

    ``faults`` are errors of the sidecar itself, which keep notes out of ``outcomes``. ``shallow``: the repository's
    history is cut short.
    """

    document: Document
    sidecar: SidecarFile
    old: OldText | None
    outcomes: tuple[Outcome, ...]
    faults: tuple[Diagnostic, ...]
    shallow: bool


@dataclass(frozen=True, slots=True)
class Rebased:
    """The sidecar's new bytes. ``left``: notes without a place yet; with any, the fingerprint stays the old one."""

    plan: Plan
    data: bytes
    left: tuple[Outcome, ...]


def plan(
    seed: Seed, project: Project, limits: Limits, known: Callable[[], TextHistory]
) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """Return what becomes of each note; None if the text is the one they were written for, or cannot be read.

    ``known`` is called only if the text has changed: it reads all of history.
    """
    document, diagnostics = read_document(seed, project, limits)
    sidecar, unread = sidecar_file(seed, limits)
    if document is None or sidecar is None:
        return None, tuple(sorted({*diagnostics, *unread}))
    pinned = document.meta.text_sha256
    if pinned == document.sha256:
        return None, ()
    old = old_text(known(), seed, pinned, limits) if pinned else None
    outcomes = tuple(_outcomes(document, old))
    if pinned is None and all(outcome.fate is Fate.UNCHANGED for outcome in outcomes):
        return None, ()
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR)
    repository = known().repository if pinned else None
    return Plan(document, sidecar, old, outcomes, errors, repository is not None and repository.shallow), ()


def rebased(plan: Plan, accepted: frozenset[str], limits: Limits) -> Rebased:
    """Return the sidecar with moved quotes rewritten, and edited ones whose note id is accepted.

    A note whose words are gone, but occur elsewhere, gets enough of its old context to stay an error.
    """
    written = {outcome.note.id: outcome for outcome in plan.outcomes if outcome.quote and _is_due(outcome, accepted)}
    left = tuple(outcome for outcome in plan.outcomes if outcome.note.id not in written)
    if left:
        written = {key: outcome for key, outcome in written.items() if outcome.safe}
    quotes = {key: outcome.quote for key, outcome in written.items() if outcome.quote}
    quotes |= {outcome.note.id: quote for outcome in left if (quote := _quote_of_gone_note(plan, outcome))}
    changes, expected = _changes(plan.sidecar.tree, plan.document.notes, quotes)
    if plan.document.meta.text_sha256 and not left and not plan.faults:
        changes.append(fingerprint_edit(plan.sidecar, plan.document.sha256))
        expected["text_sha256"] = plan.document.sha256
    return Rebased(plan, apply_edits(plan.sidecar, changes, expected, limits) if changes else plan.sidecar.data, left)


def _is_due(outcome: Outcome, accepted: frozenset[str]) -> bool:
    return outcome.fate in {Fate.UNCHANGED, Fate.MOVED} or outcome.note.id in accepted


def _outcomes(document: Document, old: OldText | None) -> Iterator[Outcome]:
    new = quote_reader(document.body)
    texts = None
    if old:
        was = quote_reader(old.body)
        texts = _Texts(text_pair(was.text, new.text, diff_words(was.text, new.text)), was, new)
    for note in document.notes:
        if note.quote is None or note.retired:
            continue
        spans = texts.old.spans(note.quote) if texts else None
        yield (
            _carried(note, note.quote, texts, spans)
            if texts and spans
            else _outcome_by_similarity(note, note.quote, new)
        )


@dataclass(frozen=True, slots=True)
class _Texts:
    """An old and a new text: the pair with its diff, and a reader of quotes for each."""

    pair: TextPair
    old: QuoteReader
    new: QuoteReader


def _carried(note: Note, quote: Quote, texts: _Texts, spans: tuple[Span, ...]) -> Outcome:
    """Return the fate of a note whose words the old text shows."""
    new = texts.new
    passages = [carry(texts.pair, span) for span in spans]
    words = tuple(texts.old.text[span.start : span.end] for span in spans)
    fate = max((passage.fate for passage in passages), key=_WORST.index)
    placed = tuple(passage.span for passage in passages if passage.span)
    in_order = all(before.end <= after.start for before, after in pairwise(placed))
    if len(placed) < len(spans) or not in_order:
        worst = fate if fate in {Fate.UNSURE, Fate.GONE} else Fate.UNSURE
        return Outcome(note, worst, words, (), (), None, safe=True, score=None)
    parts = tuple(_part(part, passage, new.text) for part, passage in zip(quote.parts, passages, strict=True))
    wanted = requoted(new, texts.old, spans, replace(quote, parts=parts), placed)
    if wanted is None:
        return Outcome(note, Fate.UNSURE, words, (), (), None, safe=True, score=None)
    requote, safe = wanted
    if fate is Fate.EDITED and requote == quote:  # only what normalising ignores has changed
        fate = Fate.UNCHANGED
    elif fate is Fate.UNCHANGED and requote != quote:
        fate = Fate.MOVED
    after = tuple(new.text[span.start : span.end] for span in placed)
    score = min((passage.score for passage in passages if passage.score is not None), default=None)
    return Outcome(
        note, fate, words, after, new.body_spans(placed), requote, safe=safe or requote == quote, score=score
    )


def _part(part: str, carried: CarriedSpan, text: str) -> str:
    """Return the words to write: those in the sidecar, unless the text's words changed."""
    if carried.fate is Fate.EDITED and carried.span:
        return text[carried.span.start : carried.span.end]
    return part


def _outcome_by_similarity(note: Note, quote: Quote, new: QuoteReader) -> Outcome:
    """Return the fate of a note without the old text: it matches, or one passage is similar enough, or it is gone."""
    spans = new.spans(quote)
    if spans:
        words = tuple(new.text[span.start : span.end] for span in spans)
        return Outcome(note, Fate.UNCHANGED, quote.parts, words, new.body_spans(spans), quote, safe=True, score=None)
    fate = Fate.GONE if new.absent(quote) else Fate.UNSURE
    outcome = Outcome(note, fate, quote.parts, (), (), None, safe=True, score=None)
    if len(quote.parts) > 1:
        return outcome
    suggestion = suggest(new.text, quote.parts[0], quote.prefix, quote.suffix)
    if suggestion is None:
        return outcome
    passage = new.text[suggestion.span.start : suggestion.span.end]
    wanted = requoted(new, None, (), replace(quote, parts=(passage,)), (suggestion.span,))
    if wanted is None:
        return outcome
    spans = new.body_spans((suggestion.span,))
    return replace(outcome, fate=Fate.EDITED, after=(passage,), spans=spans, quote=wanted[0], score=suggestion.score)


def _quote_of_gone_note(plan: Plan, outcome: Outcome) -> Quote | None:
    """Return a quote that keeps a gone note from matching other words; None if none is needed."""
    quote = outcome.note.quote
    if outcome.fate is not Fate.GONE or quote is None or plan.old is None:
        return None
    old = quote_reader(plan.old.body)
    before = old.spans(quote)
    return unplaceable_quote(quote_reader(plan.document.body), old.text, before, quote) if before else None


def _changes(
    tree: MappingNode, notes: tuple[Note, ...], quotes: dict[str, Quote]
) -> tuple[list[Edit], dict[str, object]]:
    """Return the edits of all notes, and what the whole sidecar then says."""
    edits: list[Edit] = []
    expected: dict[str, object] = {key: tree_values(node) for key, node in tree.values.items()}
    by_place = {note.place: note for note in notes if note.id in quotes}
    for name in NOTE_LISTS:
        node = tree.get(name)
        if not isinstance(node, SequenceNode):
            continue
        notes_expected: list[object] = []
        for item in node.items:
            fields_expected = tree_values(item)
            note = by_place.get(item.place)
            if note and note.quote and isinstance(item, MappingNode) and isinstance(fields_expected, dict):
                own, fields = quote_edits(item, note.quote, quotes[note.id])
                edits += own
                fields_expected = {**fields_expected, **fields}
            notes_expected.append(fields_expected)
        expected[name] = notes_expected
    return edits, expected
