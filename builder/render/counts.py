"""How many notes of each kind and verdict: for a document's head, for rows of an index, for a description."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from builder.model import Note, NoteKind, Project
from builder.render.formatting import KINDS, Badge, badge, with_count

WIDTH = 1000  # of the bar, in units of its own
_GAP = 4


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """One step of a tally. ``start`` and ``width`` are its part of a bar that is ``WIDTH`` wide."""

    kind: NoteKind
    verdict: str | None
    badge: Badge
    label: str
    number: int
    start: float
    width: float


def count_notes(notes: Iterable[Note], project: Project) -> tuple[VerdictCount, ...]:
    """Count notes by kind and verdict: claims in the order of the verdict scale, then corrections, then context."""
    numbers = Counter((each.kind, each.verdict if each.kind is NoteKind.CLAIM else None) for each in notes)
    if not numbers:
        return ()
    scale = {verdict: place for place, verdict in enumerate(project.verdicts)}
    kinds = (NoteKind.CLAIM, NoteKind.CORRECTION, NoteKind.CONTEXT)
    order = sorted(
        numbers,
        key=lambda key: (kinds.index(key[0]), key[1] is None, scale.get(key[1] or "", len(scale)), key[1] or ""),
    )
    share = (WIDTH - _GAP * (len(order) - 1)) / numbers.total()
    counts, start = list[VerdictCount](), 0.0
    for kind, verdict in order:
        number = numbers[kind, verdict]
        label = badge(kind, verdict, project)
        words = label.label if kind is NoteKind.CLAIM else _several(kind, number)
        width = round(number * share, 2)
        counts.append(VerdictCount(kind, verdict, label, words, number, round(start, 2), width))
        start += number * share + _GAP
    return tuple(counts)


def counts_sentence(counts: tuple[VerdictCount, ...]) -> str:
    """Give a tally as a sentence: ``26 notes: 2 False, 4 Misleading, 2 corrections.`` Empty for no notes."""
    if not counts:
        return ""
    total = sum(each.number for each in counts)
    return f"{with_count(total, 'note')}: {', '.join(f'{each.number:,} {each.label.lower()}' for each in counts)}."


def _several(kind: NoteKind, number: int) -> str:
    if kind is NoteKind.CORRECTION and number > 1:
        return "Corrections"
    return KINDS[kind]
