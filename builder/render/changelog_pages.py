"""What changed, drawn: the page of changes, and the timeline of a note or of a claim. From the chronicle alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from builder.addresses import document_address, relative_url
from builder.model import Change, ChangelogEntry, ClaimEntry, Event, NoteKind, Project
from builder.render.formatting import Badge, FormattedDate, badge, format_date, shorten_middle, with_count
from builder.render.templating import render_template

# Where the feeds stand; whoever publishes them must put them there.
FEEDS = (("Changes", "changes/feed.xml"), ("Corrections", "corrections/feed.xml"))
_COMMIT = 7  # characters by which a commit is known to people
_WORDS = 160  # code points of what a note is about


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change, in words. ``before`` and ``after`` are stamps of verdicts; ``was`` and ``now`` are plain words.

    ``href`` leads to the note and ``title`` names its document, where they are not on the same page.
    """

    date: FormattedDate | None
    said: str
    before: Badge | None
    after: Badge | None
    was: str | None
    now: str | None
    reason: str
    commit: str | None
    href: str | None = None
    title: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one commit did on one day. ``counts``: what came or went in a document, in words, with where it is."""

    reason: str
    commit: str | None
    changes: tuple[ChangeView, ...]
    counts: tuple[tuple[str, str, str], ...]


def changes_list(
    news: Sequence[ChangelogEntry],
    project: Project,
    address: str,
    *,
    since: str | None,
    last: bool,
    pager: object = None,
) -> str:
    """Give the list of what changed, the newest day first, as the page at ``address`` shows it.

    ``since`` as in ``Chronicle``: what is not known is said, on the ``last`` page of the list, where it would stand.
    """
    days = groupby(news, lambda each: each.change.date[:10])
    return render_template(
        "changes.html",
        days=[(format_date(day), list(_batches(found, project, address))) for day, found in days],
        gap=_gap(since) if last else "",
        feeds=[(words, relative_url(address, feed)) for words, feed in FEEDS],
        pager=pager,
    )


def note_timeline(changes: Iterable[Change], project: Project) -> tuple[ChangeView, ...]:
    """Give the changes of a note in its own page, oldest first; nothing where it only came, and has stood since."""
    told = tuple(_view(each, project) for each in changes)
    return told if len(told) > 1 else ()


def claim_timeline(entry: ClaimEntry, project: Project, address: str) -> tuple[ChangeView, ...]:
    """Give the changes of a claim's appearances in the claim's page, oldest first, each with where it is.

    Nothing where no verdict was ever changed: then the appearances say it all.
    """
    if all(each.change.event is Event.ADDED for each in entry.changes):
        return ()
    return tuple(_placed(each, project, address) for each in entry.changes)


def _gap(since: str | None) -> str:
    """What is to be said of history that is not here."""
    if since is None:
        return "The history of these notes is not known here."
    day = format_date(since)
    return f"What changed before {day.words} is not known here." if day else ""


def _batches(news: Iterable[ChangelogEntry], project: Project, address: str) -> Iterator[_Batch]:
    for (commit, reason), several in groupby(news, lambda each: (each.change.commit, each.change.reason)):
        found = list(several)
        single = [each for each in found if not _counts(each)]
        verdicts = sorted(single, key=lambda each: each.change.event is not Event.VERDICT)
        yield _Batch(
            reason=reason,
            commit=commit[:_COMMIT] if commit else None,
            changes=tuple(_placed(each, project, address) for each in verdicts),
            counts=tuple(_counted([each for each in found if _counts(each)], address)),
        )


def _counts(each: ChangelogEntry) -> bool:
    """Whether a change is told as one of many: corrections never are."""
    return each.change.event in {Event.ADDED, Event.REMOVED} and each.change.kind is not NoteKind.CORRECTION


def _counted(news: Iterable[ChangelogEntry], address: str) -> Iterator[tuple[str, str, str]]:
    grouped: dict[tuple[str, Event], list[ChangelogEntry]] = {}
    for each in news:
        grouped.setdefault((each.slug, each.change.event), []).append(each)
    for (slug, event), several in grouped.items():
        words = f"{with_count(len(several), 'note')} {event.value}"
        href = several[0].address if len(several) == 1 else document_address(slug)
        yield words, relative_url(address, href), several[0].title


def _placed(news: ChangelogEntry, project: Project, address: str) -> ChangeView:
    view = _view(news.change, project)
    return ChangeView(
        date=view.date,
        said=view.said,
        before=view.before,
        after=view.after,
        was=view.was,
        now=view.now,
        reason=view.reason,
        commit=view.commit,
        href=relative_url(address, news.address),
        title=news.title,
        words=shorten_middle(news.words, _WORDS),
    )


def _view(change: Change, project: Project) -> ChangeView:
    verdict = change.kind is NoteKind.CLAIM and change.event in {Event.VERDICT, Event.ADDED}
    words = change.kind is NoteKind.CORRECTION or change.event is Event.RETIRED
    return ChangeView(
        date=format_date(change.date),
        said=_CORRECTED[change.event] if change.kind is NoteKind.CORRECTION else _SAID[change.event],
        before=badge(NoteKind.CLAIM, change.before, project) if verdict and change.event is Event.VERDICT else None,
        after=badge(NoteKind.CLAIM, change.after, project) if verdict else None,
        was=change.before if words else None,
        now=change.after if words else None,
        reason=change.reason,
        commit=change.commit[:_COMMIT] if change.commit else None,
    )


_CORRECTED = {
    Event.ADDED: "Correction: should read",
    Event.REMOVED: "Correction withdrawn",
    Event.RETIRED: "Correction retired",
    Event.VERDICT: "Correction changed",
    Event.CORRECTION: "Correction changed",
    Event.NOTED: "Correction changed",
}
_SAID = {
    Event.ADDED: "Added",
    Event.REMOVED: "Removed",
    Event.RETIRED: "Retired",
    Event.VERDICT: "Verdict changed",
    Event.CORRECTION: "Correction changed",
    Event.NOTED: "Changed",
}
