"""The names that readers see for kinds of notes and for verdicts.

Words of a document or of a note may be false, and whoever copies, feeds or lists them takes them away from their mark.
So wherever they stand elsewhere, the label of their note stands before them, in text.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from builder.model import NoteKind, Project, Verdict
from builder.translation import N_

NOT_RATED = N_("Not rated")
# Stands for a verdict that only its own page shows: no key of any scale.
CLOSED = N_("Verdict closed")
_KINDS = MappingProxyType(
    {NoteKind.CLAIM: N_("Claim"), NoteKind.CONTEXT: N_("Context"), NoteKind.CORRECTION: N_("Correction")}
)

# The scale of a corpus that defines none.
DEFAULT_VERDICTS: Final = (
    Verdict("supported", N_("Supported"), "good", 5, N_("The evidence we found bears it out."), ours=True),
    Verdict("partly", N_("Partly supported"), "mixed", 3, N_("Part of it is borne out, part of it is not."), ours=True),
    Verdict(
        "misleading",
        N_("Misleading"),
        "warn",
        2,
        N_("The words may be right, but they lead to a wrong conclusion."),
        ours=True,
    ),
    Verdict(
        "unsupported",
        N_("No evidence found"),
        "unknown",
        None,
        N_("We looked, and found nothing that bears it out."),
        ours=True,
    ),
    Verdict("false", N_("False"), "bad", 1, N_("The evidence we found contradicts it."), ours=True),
    Verdict(
        "opinion",
        N_("Opinion"),
        "neutral",
        None,
        N_("A judgement or a forecast, which evidence can't settle."),
        ours=True,
    ),
)


def kind_label(kind: NoteKind, project: Project) -> str:
    """Return the name of a kind of note."""
    return project.translation.gettext(_KINDS[kind])


def verdict_label(verdict: str | None, project: Project) -> str:
    """Return the name of a verdict; an unknown one is its own name."""
    if verdict is None:
        return project.translation.gettext(NOT_RATED)
    known = project.verdicts.get(verdict)
    if known is None:
        return project.translation.gettext(CLOSED) if verdict == CLOSED else verdict
    return project.translation.gettext(known.label) if known.ours else known.label


def note_label(kind: NoteKind, verdict: str | None, project: Project) -> str:
    """Return the label of a note: a claim's verdict, or the name of the kind."""
    return verdict_label(verdict, project) if kind is NoteKind.CLAIM else kind_label(kind, project)


def is_own(authors: Iterable[str], publisher: str | None, project: Project) -> bool:
    """Return whether whoever wrote and published a document answers for the corpus too.

    A document that names nobody is somebody else's: nothing is to be taken for the corpus's own words by mistake.
    """
    own = {project.title.casefold(), *([project.publisher.name.casefold()] if project.publisher else ())}
    named = {name.casefold() for name in (*authors, publisher) if name}
    return bool(named) and named <= own


def is_closed(kind: NoteKind, *, reveal: bool) -> bool:
    """Return whether what a note finds is closed until a reader asks: its document is for teaching (``reveal``)."""
    return reveal and kind is not NoteKind.CONTEXT
