"""What changed, as HTML: the page of changes, and the timeline of a note or of a claim. From the changelog alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from builder.addresses import document_address, relative_url
from builder.model import Change, ChangelogEntry, ClaimEntry, Event, NoteKind, Project
from builder.render.formatting import Badge, FormattedDate, badge, format_date, shorten_middle
from builder.render.templating import render_template
from builder.translation import N_, Translation

# Where the feeds stand; whoever publishes them must put them there.
FEEDS = ((N_("Changes"), "changes/feed.xml"), (N_("Corrections"), "corrections/feed.xml"))
_COMMIT = 7  # characters by which a commit is known to people
_WORDS = 160  # code points of what a note is about


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change, in words. ``before`` and ``after`` are badges of verdicts; ``was`` and ``now`` are plain words.

    ``href`` leads to the note and ``title`` names its document, where they are not on the same page.
    ``words`` are what the note is about; ``label`` stands before them, because they may be false.
    """

    date: FormattedDate | None
    event: str
    before: Badge | None
    after: Badge | None
    was: str | None
    now: str | None
    reason: str
    commit: str | None
    href: str | None = None
    title: str | None = None
    words: str = ""
    label: Badge | None = None


@dataclass(frozen=True, slots=True)
class _InDocument:
    """What changed in a document. ``counts``: how many notes came or went, in words, with where they are."""

    href: str
    title: str
    changes: tuple[ChangeView, ...]
    counts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one commit did on one day, document by document."""

    reason: str
    commit: str | None
    documents: tuple[_InDocument, ...]


def changes_list(
    entries: Sequence[ChangelogEntry],
    project: Project,
    address: str,
    *,
    since: str | None,
    last: bool,
    pager: object = None,
) -> str:
    """Return the list of what changed, the newest day first, as the page at ``address`` shows it.

    ``entries``: the changes of this page of the list.
    ``project``: for the labels of verdicts.
    ``address``: that of the page, which links start from.
    ``since``: as in ``Changelog``.
    ``last``: whether this is the list's last page, where it says from when on changes are known.
    ``pager``: links to the list's other pages.
    """
    days = groupby(entries, lambda entry: entry.change.date[:10])
    return render_template(
        "changes.html",
        project.translation,
        days=[
            (format_date(day, project.translation), list(_batches(changes, project, address))) for day, changes in days
        ],
        gap=_gap(since, project.translation) if last else "",
        feeds=[(project.translation.gettext(words), relative_url(address, feed)) for words, feed in FEEDS],
        pager=pager,
    )


def feed_links(site_name: str, translation: Translation, relative: Callable[[str], str]) -> str:
    """Return the elements of a page's head by which programs find the feeds.

    ``site_name``: it tells this site's feeds from others in a reader of feeds.
    ``translation``: for the names of the feeds.
    ``relative``: makes an address from the site's root one from the page.
    """
    titled = ((feed_title(site_name, name, translation), relative(address)) for name, address in FEEDS)
    return "".join(
        f'<link rel="alternate feed" type="application/atom+xml" title="{escape(title)}" href="{escape(href)}">'
        for title, href in titled
    )


def feed_title(site_name: str, name: str, translation: Translation) -> str:
    """Return the title of a feed, which tells it from those of other sites."""
    words = translation.in_sentence(translation.gettext(name))
    return translation.gettext("%(site)s: %(list)s", site=site_name, list=words)


def note_timeline(changes: Iterable[Change], project: Project) -> tuple[ChangeView, ...]:
    """Return the changes of a note in its own page, oldest first; nothing where it only came, and has stood since."""
    views = tuple(_change_view(change, project) for change in changes)
    return views if len(views) > 1 else ()


def claim_timeline(entry: ClaimEntry, project: Project, address: str) -> tuple[ChangeView, ...]:
    """Return the changes of a claim's appearances in the claim's page, oldest first, each with where it is.

    Nothing where no verdict was ever changed: then the appearances say it all.
    """
    if all(change.change.event is Event.ADDED for change in entry.changes):
        return ()
    return tuple(linked_change_view(change, project, address, labelled=False) for change in entry.changes)


def _gap(since: str | None, translation: Translation) -> str:
    """Return the sentence on changes that are not known here; "" if all are."""
    if since is None:
        return translation.gettext("The history of these notes is not known here.")
    day = format_date(since, translation)
    return translation.gettext("What changed before %(day)s is not known here.", day=day.words) if day else ""


def _batches(entries: Iterable[ChangelogEntry], project: Project, address: str) -> Iterator[_Batch]:
    for (commit, reason), group in groupby(entries, lambda entry: (entry.change.commit, entry.change.reason)):
        verdicts_first = sorted(group, key=lambda entry: entry.change.event is not Event.VERDICT)
        by_document: dict[str, list[ChangelogEntry]] = {}
        for entry in verdicts_first:
            by_document.setdefault(entry.slug, []).append(entry)
        yield _Batch(
            reason=reason,
            commit=commit[:_COMMIT] if commit else None,
            documents=tuple(_in_document(slug, found, project, address) for slug, found in by_document.items()),
        )


def _in_document(slug: str, entries: Sequence[ChangelogEntry], project: Project, address: str) -> _InDocument:
    return _InDocument(
        href=relative_url(address, document_address(slug)),
        title=entries[0].title,
        changes=tuple(
            linked_change_view(entry, project, address, labelled=bool(entry.words))
            for entry in entries
            if not _is_counted(entry)
        ),
        counts=tuple(_counted([entry for entry in entries if _is_counted(entry)], project, address)),
    )


def _is_counted(entry: ChangelogEntry) -> bool:
    """Return whether a change is only counted among others, not shown by itself: corrections always are shown."""
    return entry.change.event in {Event.ADDED, Event.REMOVED} and entry.change.kind is not NoteKind.CORRECTION


def _counted(entries: Iterable[ChangelogEntry], project: Project, address: str) -> Iterator[tuple[str, str]]:
    by_event: dict[Event, list[ChangelogEntry]] = {}
    for entry in entries:
        by_event.setdefault(entry.change.event, []).append(entry)
    for event, group in by_event.items():
        if event is Event.ADDED:
            words = project.translation.ngettext("%(num)s note added", "%(num)s notes added", len(group))
        else:
            words = project.translation.ngettext("%(num)s note removed", "%(num)s notes removed", len(group))
        href = group[0].address if len(group) == 1 else document_address(group[0].slug)
        yield words, relative_url(address, href)


def linked_change_view(entry: ChangelogEntry, project: Project, address: str, *, labelled: bool) -> ChangeView:
    """Return a change with where it is. ``labelled``: the note's label stands before it anyway."""
    view = _change_view(entry.change, project)
    label = _label(entry, project)
    # What was reworded may be a claim, so its label comes before both wordings.
    event = view.event
    if entry.change.event is Event.REWORDED and not labelled:
        event = project.translation.gettext("%(event)s (%(label)s)", event=event, label=label.label)
    return replace(
        view,
        event=event,
        href=relative_url(address, entry.address),
        title=entry.title,
        words=shorten_middle(entry.words, _WORDS),
        label=label if entry.words and label != view.after else None,
    )


def _label(entry: ChangelogEntry, project: Project) -> Badge:
    label = badge(entry.change.kind, entry.verdict, project)
    reads = project.translation.gettext("Reads")
    return replace(label, label=reads) if entry.change.kind is NoteKind.CORRECTION else label


def _change_view(change: Change, project: Project) -> ChangeView:
    verdict = change.kind is NoteKind.CLAIM and change.event in {Event.VERDICT, Event.ADDED}
    events = _CORRECTION_EVENTS if change.kind is NoteKind.CORRECTION else _EVENTS
    words = change.kind is NoteKind.CORRECTION or change.event in {Event.RETIRED, Event.REWORDED, Event.TEXT}
    return ChangeView(
        date=format_date(change.date, project.translation),
        event=project.translation.gettext(events[change.event]),
        before=badge(NoteKind.CLAIM, change.before, project) if verdict and change.event is Event.VERDICT else None,
        after=badge(NoteKind.CLAIM, change.after, project) if verdict else None,
        was=change.before if words else None,
        now=change.after if words else None,
        reason=change.reason,
        commit=change.commit[:_COMMIT] if change.commit else None,
    )


_CORRECTION_EVENTS = {
    Event.ADDED: N_("Correction: should read"),
    Event.REMOVED: N_("Correction withdrawn"),
    Event.RETIRED: N_("Correction retired"),
    Event.VERDICT: N_("Correction changed"),
    Event.CORRECTION: N_("Correction changed"),
    Event.NOTED: N_("Correction changed"),
    Event.REWORDED: N_("Note reworded"),
}
_EVENTS = {
    Event.ADDED: N_("Added"),
    Event.REMOVED: N_("Removed"),
    Event.RETIRED: N_("Retired"),
    Event.VERDICT: N_("Verdict changed"),
    Event.CORRECTION: N_("Correction changed"),
    Event.NOTED: N_("Changed"),
    Event.REWORDED: N_("Note reworded"),
    Event.TEXT: N_("Text of the document changed"),
}
