"""The names that readers see for kinds of notes and for verdicts.

Words of a document or of a note may be false, and whoever copies, feeds or lists them takes them away from their mark.
So wherever they stand elsewhere, the label of their note stands before them, in text.
"""

from __future__ import annotations

from types import MappingProxyType

from builder.model import NoteKind, Project

KINDS = MappingProxyType({NoteKind.CLAIM: "Claim", NoteKind.CONTEXT: "Context", NoteKind.CORRECTION: "Correction"})
NOT_RATED = "Not rated"


def verdict_label(verdict: str | None, project: Project) -> str:
    """Return the name of a verdict; an unknown one is its own name."""
    if verdict is None:
        return NOT_RATED
    return project.verdicts[verdict].label if verdict in project.verdicts else verdict


def note_label(kind: NoteKind, verdict: str | None, project: Project) -> str:
    """Return the label of a note: a claim's verdict, or the name of the kind."""
    return verdict_label(verdict, project) if kind is NoteKind.CLAIM else KINDS[kind]


def is_closed(kind: NoteKind, *, reveal: bool) -> bool:
    """Return whether what a note finds is closed until a reader asks: its document is for teaching (``reveal``)."""
    return reveal and kind is not NoteKind.CONTEXT
