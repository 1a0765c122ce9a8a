"""How many notes of each kind and verdict: for a document's head, for rows of an index, for a description."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from builder.labels import kind_label
from builder.model import Note, NoteKind, Project
from builder.render.formatting import Badge, badge
from builder.translation import Translation

WIDTH = 1000  # of the bar, in units of its own
_GAP = 4  # units between the parts of the bar


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many notes have one kind and verdict. ``start`` and ``width`` are their part of a bar ``WIDTH`` wide."""

    kind: NoteKind
    verdict: str | None
    badge: Badge
    label: str
    number: int
    start: float
    width: float


def count_notes(notes: Iterable[Note], project: Project) -> tuple[VerdictCount, ...]:
    """Count notes by kind and verdict: claims in the order of the verdict scale, then corrections, then context."""
    numbers = Counter((note.kind, note.verdict if note.kind is NoteKind.CLAIM else None) for note in notes)
    if not numbers:
        return ()
    ranks = {verdict: rank for rank, verdict in enumerate(project.verdicts)}
    kinds = (NoteKind.CLAIM, NoteKind.CORRECTION, NoteKind.CONTEXT)
    order = sorted(
        numbers,
        key=lambda key: (kinds.index(key[0]), key[1] is None, ranks.get(key[1] or "", len(ranks)), key[1] or ""),
    )
    share = (WIDTH - _GAP * (len(order) - 1)) / numbers.total()
    counts, start = list[VerdictCount](), 0.0
    for kind, verdict in order:
        number = numbers[kind, verdict]
        label = badge(kind, verdict, project)
        words = label.label if kind is NoteKind.CLAIM else _kind_label(kind, number, project)
        width = round(number * share, 2)
        counts.append(VerdictCount(kind, verdict, label, words, number, round(start, 2), width))
        start += number * share + _GAP
    return tuple(counts)


def counts_sentence(counts: tuple[VerdictCount, ...], translation: Translation) -> str:
    """Return counts as a sentence: ``26 notes: 2 false, 4 misleading, 2 corrections.`` Empty for no notes."""
    if not counts:
        return ""
    parts = (
        translation.gettext("%(number)s %(label)s", number=count.number, label=translation.in_sentence(count.label))
        for count in counts
    )
    total = sum(count.number for count in counts)
    listed = translation.comma.join(parts)
    return translation.ngettext("%(num)s note: %(counts)s.", "%(num)s notes: %(counts)s.", total, counts=listed)


def _kind_label(kind: NoteKind, number: int, project: Project) -> str:
    if kind is NoteKind.CORRECTION and number > 1:
        return project.translation.gettext("Corrections")
    return kind_label(kind, project)
