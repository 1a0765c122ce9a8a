"""What holds of a document, in a sentence made from its verdicts.

``Of 3 claims checked, 2 hold and 1 is false.`` A tone has words of its own only where it surely means them: for the
verdicts of our own scale, and where the corpus gives it words (``what_holds``). On a scale that somebody else has made,
``warn`` need not be *misleading*; other verdicts are counted by their labels: ``3 claims checked: 2 True, 1 Satire.``
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from builder.labels import DEFAULT_VERDICTS
from builder.model import NoteKind, Project, Verdict
from builder.render.counts import VerdictCount
from builder.translation import N_, Translation

_OURS: Final = frozenset((verdict.tone, verdict.label) for verdict in DEFAULT_VERDICTS)

_CLAUSES: Final[Mapping[str, Callable[[Translation, int], str]]] = MappingProxyType(
    {
        "good": lambda words, number: words.ngettext("%(num)s holds", "%(num)s hold", number),
        "mixed": lambda words, number: words.ngettext("%(num)s holds in part", "%(num)s hold in part", number),
        "warn": lambda words, number: words.ngettext("%(num)s misleads", "%(num)s mislead", number),
        "bad": lambda words, number: words.ngettext("%(num)s is false", "%(num)s are false", number),
        "neutral": lambda words, number: words.ngettext("%(num)s is an opinion", "%(num)s are opinions", number),
        "unknown": lambda words, number: words.ngettext(
            "for %(num)s no evidence was found", "for %(num)s no evidence was found", number
        ),
    }
)
# For a single claim, which a sentence that counts "1" would be a strange one for.
_SINGLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "good": N_("The one claim checked holds."),
        "mixed": N_("The one claim checked holds in part."),
        "warn": N_("The one claim checked misleads."),
        "bad": N_("The one claim checked is false."),
        "neutral": N_("The one claim checked is an opinion."),
        "unknown": N_("No evidence was found for the one claim checked."),
    }
)


def what_holds(counts: Iterable[VerdictCount], project: Project) -> str:
    """Return the sentence on a document's claims; "" if none has a verdict, or if the corpus wants no sentence.

    ``counts``: of the document's notes, in the order of the scale.
    ``project``: the scale, the readers' language, and the corpus's own words.
    """
    rated = [count for count in counts if count.kind is NoteKind.CLAIM and count.verdict is not None]
    if not rated or project.what_holds is None:
        return ""
    own = {words.message for words in project.what_holds}
    verdicts = [project.verdicts.get(count.verdict or "") for count in rated]
    if not all(verdict and (verdict.tone in own or _is_ours(verdict)) for verdict in verdicts):
        return _by_labels(rated, project.translation)
    numbers = Counter[str]()
    for count in rated:
        numbers[count.badge.tone] += count.number
    return _by_tones(numbers, own, project)


def other_notes(counts: Iterable[VerdictCount], project: Project) -> str:
    """Return in words what a document has beside claims with a verdict: ``Also: 2 corrections.`` "" if nothing."""
    words, parts, rated = project.translation, list[str](), False
    for count in counts:
        match count.kind:
            case NoteKind.CLAIM if count.verdict is not None:
                rated = True
            case NoteKind.CLAIM:
                parts.append(words.ngettext("%(num)s claim not rated", "%(num)s claims not rated", count.number))
            case NoteKind.CORRECTION:
                parts.append(words.ngettext("%(num)s correction", "%(num)s corrections", count.number))
            case NoteKind.CONTEXT:
                parts.append(words.ngettext("%(num)s note of context", "%(num)s notes of context", count.number))
    if not parts:
        return ""
    notes = words.sentence_list(parts)
    return words.gettext("Also: %(notes)s.", notes=notes) if rated else words.gettext("Notes: %(notes)s.", notes=notes)


def _is_ours(verdict: Verdict) -> bool:
    return (verdict.tone, verdict.label) in _OURS


def _by_labels(rated: list[VerdictCount], words: Translation) -> str:
    # As they are written: in small letters, NATO would not be itself.
    parts = (words.gettext("%(number)s %(label)s", number=count.number, label=count.label) for count in rated)
    return words.ngettext(
        "%(num)s claim checked: %(verdicts)s.",
        "%(num)s claims checked: %(verdicts)s.",
        sum(count.number for count in rated),
        verdicts=words.comma.join(parts),
    )


def _by_tones(numbers: Mapping[str, int], own: set[str], project: Project) -> str:
    """Return the sentence from the number of claims of each tone. ``own``: tones that the corpus has words for."""
    words, total = project.translation, sum(numbers.values())
    corpus_words = words.with_words(project.what_holds or ())
    if total == 1 and not own.intersection(numbers):
        return words.gettext(_SINGLE[next(iter(numbers))])
    clauses = {
        tone: corpus_words.ngettext(tone, tone, number) if tone in own else _CLAUSES[tone](words, number)
        for tone, number in numbers.items()
    }
    if "unknown" in own or "unknown" not in clauses:
        return words.ngettext(
            "Of %(num)s claim checked, %(verdicts)s.",
            "Of %(num)s claims checked, %(verdicts)s.",
            total,
            verdicts=words.sentence_list(clauses.values()),
        )
    unknown = clauses.pop("unknown")
    if not clauses:
        return words.ngettext(
            "No evidence was found for %(num)s claim checked.",
            "No evidence was found for any of the %(num)s claims checked.",
            total,
        )
    return words.ngettext(
        "Of %(num)s claim checked, %(verdicts)s; %(unknown)s.",
        "Of %(num)s claims checked, %(verdicts)s; %(unknown)s.",
        total,
        verdicts=words.comma.join(clauses.values()),
        unknown=unknown,
    )
