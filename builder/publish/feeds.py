"""What changed as Atom (RFC 4287), for those who follow a corpus. Dates come from history, never from a clock.

Ids are tag URIs (RFC 4151) of what a change is: document, note, event and values. A reader of feeds shows an entry as
new if its id is, so nothing is in them that changes when the change does not: no commit (it may be amended), no date of
one, and not the site's address (it may move).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape, quoteattr

from builder.labels import note_label, verdict_label
from builder.model import Change, ChangelogEntry, Event, NoteKind, Project
from builder.translation import N_, Translation

CHANGES: Final = "changes/feed.xml"
CORRECTIONS: Final = "corrections/feed.xml"
_NAMES: Final = MappingProxyType({CHANGES: N_("Changes"), CORRECTIONS: N_("Corrections")})
_MOST: Final = 100  # entries: a reader that looks in once a month misses little, and the file stays small
_NAMED: Final = 10  # notes of an entry that are named
_NEVER: Final = "1970-01-01"  # Atom wants a date, and nothing in a corpus need have one
_NO_XML: Final = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# RFC 4151 wants a name that was ours on some day; a publisher without an address gets one that is nobody's (RFC 2606).
_NOBODY: Final = "postil.invalid"
_YEAR: Final = "2026"


def render_feed(
    address: str,
    entries: Iterable[ChangelogEntry],
    project: Project,
    site_name: str = "",
    *,
    since: str | None = "",
    newest: str = "",
) -> bytes:
    """Return the feed at an address, as Atom.

    ``address``: ``CHANGES``, all changes of verdicts and corrections and all notes that came or went; or
    ``CORRECTIONS``, corrections that are new, changed or withdrawn.
    ``entries``: all changes, newest first.
    ``project``: with the site's address, if it has one.
    ``site_name``: for the title; without one the corpus's own.
    ``since``: as in ``Changelog``.
    ``newest``: the newest date that the corpus itself gives, for a feed without entries; "" if it gives none.
    """
    shown = [entry for entry in entries if address == CHANGES or entry.change.kind is NoteKind.CORRECTION]
    word = address.partition("/")[0]
    translation, page = project.translation, f"{word}/"
    name = translation.gettext(_NAMES[address])
    title = translation.gettext(
        "%(site)s: %(list)s", site=site_name or project.title, list=translation.in_sentence(name)
    )
    base = f"{project.site_url.rstrip('/')}/" if project.site_url else "../"
    ids = _entry_ids(shown, project)
    items = [_entry(group, ids, base, project) for group in _groups(shown)[:_MOST]]
    updated = max((_moment(entry.change.date) for entry in shown), default=_moment(since or newest or _NEVER))
    gap = _gap(since, translation)
    subtitle = f"<subtitle>{_text(gap)}</subtitle>\n" if gap else ""
    author = project.publisher.name if project.publisher else project.title
    own = f'<link rel="self" href={_attribute(base + address)}/>\n' if project.site_url else ""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_attribute(translation.tag)}>\n'
        f"<title>{_text(title)}</title>\n{subtitle}"
        f"<id>{_tag(project, 'feed', word)}</id>\n"
        f"<updated>{updated}</updated>\n"
        f"<author><name>{_text(author)}</name></author>\n"
        f"<link href={_attribute(base + page)}/>\n{own}"
    )
    return (head + "".join(items) + "</feed>\n").encode()


def _gap(since: str | None, translation: Translation) -> str:
    """Return the sentence on changes that are not known here; "" if all are."""
    if since is None:
        return translation.gettext("The history of these notes is not known here.")
    return translation.gettext("What changed before %(day)s is not known here.", day=since[:10]) if since else ""


def _groups(entries: Sequence[ChangelogEntry]) -> list[list[ChangelogEntry]]:
    """Return each change by itself, but together what one commit added to a document, or took from it."""
    groups: dict[object, list[ChangelogEntry]] = {}
    for number, entry in enumerate(entries):
        change = entry.change
        many = change.kind is not NoteKind.CORRECTION and change.event in {Event.ADDED, Event.REMOVED}
        key = (change.commit, change.date, entry.slug, change.event) if many else number
        groups.setdefault(key, []).append(entry)
    return list(groups.values())


def _entry_ids(entries: Sequence[ChangelogEntry], project: Project) -> Mapping[Change, str]:
    """Return the id of each change. The second of two equal ones, such as a verdict given again, has a number."""
    ids: dict[Change, str] = {}
    count = Counter[tuple[str | None, ...]]()
    for entry in reversed(entries):
        change = entry.change
        # What an editor writes into ``history:`` alone may have no values; its date stays as it was written.
        values = (change.before, change.after, None if change.commit else change.date)
        name = (entry.slug, change.note, str(change.event))
        count[(*name, *values)] += 1
        digest = sha256(repr((*values, count[(*name, *values)])).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        ids[change] = _tag(project, *name, digest)
    return ids


def _entry(group: Sequence[ChangelogEntry], ids: Mapping[Change, str], base: str, project: Project) -> str:
    first = group[0]
    change = first.change
    address = first.address if len(group) == 1 else first.address.partition("#")[0]
    where, _, fragment = address.partition("#")
    href = base + quote(where, safe="/") + (f"#{fragment}" if fragment else "")
    others = len(group) - _NAMED
    more = project.translation.ngettext("… and %(num)s more", "… and %(num)s more", others) if others > 0 else ""
    said = "\n\n".join(filter(None, [change.reason, *(_words(entry, project) for entry in group[:_NAMED]), more]))
    return (
        "<entry>\n"
        f"<title>{_text(f'{_title(group, project)} – {first.title}')}</title>\n"
        f"<id>{min(ids[entry.change] for entry in group)}</id>\n"
        f"<updated>{_moment(change.date)}</updated>\n"
        f"<link href={_attribute(href)}/>\n"
        f'<content type="text">{_text(said)}</content>\n'
        "</entry>\n"
    )


def _words(entry: ChangelogEntry, project: Project) -> str:
    """Return what a note is about, behind its label: a reader of feeds sees no mark on it."""
    translation, label = project.translation, note_label(entry.change.kind, entry.verdict, project)
    if entry.change.event in {Event.REWORDED, Event.TEXT}:
        sides = (
            translation.gettext("Was: “%(words)s”", words=entry.change.before) if entry.change.before else "",
            translation.gettext("Is: “%(words)s”", words=entry.change.after) if entry.change.after else "",
        )
        return "\n\n".join(f"{label}. {side}" if entry.change.note else side for side in sides if side)
    if not entry.words:
        return ""
    if entry.change.kind is not NoteKind.CORRECTION:
        return translation.gettext("%(verdict)s: %(claim)s", verdict=label, claim=entry.words)
    if not entry.correct:
        return translation.gettext("Reads: “%(words)s”", words=entry.words)
    return translation.gettext(
        "Reads: “%(words)s”. Should read: “%(correct)s”", words=entry.words, correct=entry.correct
    )


def _title(group: Sequence[ChangelogEntry], project: Project) -> str:
    change, translation = group[0].change, project.translation
    correction = change.kind is NoteKind.CORRECTION
    match change.event:
        case Event.REWORDED:
            title = translation.gettext("Note reworded")
        case Event.TEXT:
            title = translation.gettext("Text of the document changed")
        case Event.VERDICT:
            before, after = verdict_label(change.before, project), verdict_label(change.after, project)
            title = translation.gettext("Verdict: %(before)s → %(after)s", before=before, after=after)
        case Event.CORRECTION:
            title = translation.gettext("Correction changed")
        case Event.NOTED:
            title = translation.gettext("Note changed")
        case Event.RETIRED:
            title = translation.gettext("Note retired: %(reason)s", reason=change.after)
        case Event.ADDED:
            title = _added_correction(change, translation) if correction else _added(group, project)
        case Event.REMOVED if correction:
            title = translation.gettext("Correction removed")
        case Event.REMOVED:
            title = translation.ngettext("%(num)s note removed", "%(num)s notes removed", len(group))
    return title


def _added_correction(change: Change, translation: Translation) -> str:
    if change.after:
        return translation.gettext("Correction: should read “%(correct)s”", correct=change.after)
    return translation.gettext("Correction added")


def _added(group: Sequence[ChangelogEntry], project: Project) -> str:
    added = project.translation.ngettext("%(num)s note added", "%(num)s notes added", len(group))
    verdict = group[0].change.after
    if len(group) > 1 or not verdict:
        return added
    # Translators: as in "1 note added: Misleading"
    return project.translation.gettext("%(added)s: %(verdict)s", added=added, verdict=verdict_label(verdict, project))


def _moment(date: str) -> str:
    """Return a date as RFC 3339 has it: a day as its first second, a month or a year as its first day."""
    if "T" in date:
        return date.replace("+00:00", "Z")
    year, month, day = [*date.split("-"), "01", "01"][:3]
    return f"{year}-{month}-{day}T00:00:00Z"


def _tag(project: Project, *parts: str) -> str:
    """Return a tag URI. Without an address of the publisher's, the title tells the corpus from others."""
    host = urlsplit(project.publisher.url or "").hostname if project.publisher else None
    authority, names = (host, parts) if host else (_NOBODY, (project.title, *parts))
    specific = ":".join(quote(name.encode("utf-8", "surrogatepass"), safe="/") for name in ("postil", *names))
    return f"tag:{authority.encode('idna').decode('ascii')},{_YEAR}:{specific}"


def _text(value: str) -> str:
    return escape(_NO_XML.sub("\ufffd", value))


def _attribute(value: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", value), {"\n": " ", "\r": " ", "\t": " "})
