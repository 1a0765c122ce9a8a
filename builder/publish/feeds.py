"""What changed as Atom (RFC 4287), for those who follow a corpus. Dates come from history, never from a clock."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from builder.labels import note_label, verdict_label
from builder.model import Change, ChangelogEntry, Event, NoteKind, Project

CHANGES: Final = "changes/feed.xml"
CORRECTIONS: Final = "corrections/feed.xml"
_MOST: Final = 100  # entries: a reader that looks in once a month misses little, and the file stays small
_NAMED: Final = 10  # notes of an entry that are named
_NEVER: Final = "1970-01-01T00:00:00Z"  # Atom wants a date; a feed without entries has none
_NO_XML: Final = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE: Final = uuid.UUID("c7f4b1a2-6d3e-5f80-9a41-2b7c8d9e0f13")  # ours, so that ids are nobody else's


def changes_feed(entries: Iterable[ChangelogEntry], project: Project) -> bytes:
    """Return the feed of all changes: of verdicts, of corrections, and of notes that came or went."""
    return _feed(f"{project.title}: changes", CHANGES, "changes/", list(entries), project)


def corrections_feed(entries: Iterable[ChangelogEntry], project: Project) -> bytes:
    """Return the feed of corrections: new ones, changed ones, and those that were withdrawn."""
    corrections = [entry for entry in entries if entry.change.kind is NoteKind.CORRECTION]
    return _feed(f"{project.title}: corrections", CORRECTIONS, "corrections/", corrections, project)


def _feed(title: str, address: str, page: str, entries: list[ChangelogEntry], project: Project) -> bytes:
    base = f"{project.site_url.rstrip('/')}/" if project.site_url else "../"
    items = [_entry(group, base, project) for group in _groups(entries)[:_MOST]]
    updated = max((_moment(entry.change.date) for entry in entries), default=_NEVER)
    author = project.publisher.name if project.publisher else project.title
    own = f'<link rel="self" href={_attribute(base + address)}/>\n' if project.site_url else ""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_attribute(project.language)}>\n'
        f"<title>{_text(title)}</title>\n"
        f"<id>{_id('feed', address, project.site_url or project.title)}</id>\n"
        f"<updated>{updated}</updated>\n"
        f"<author><name>{_text(author)}</name></author>\n"
        f"<link href={_attribute(base + page)}/>\n{own}"
    )
    return (head + "".join(items) + "</feed>\n").encode()


def _groups(entries: Sequence[ChangelogEntry]) -> list[list[ChangelogEntry]]:
    """Return each change by itself, but together what one commit added to a document, or took from it."""
    groups: dict[object, list[ChangelogEntry]] = {}
    for number, entry in enumerate(entries):
        change = entry.change
        many = change.kind is not NoteKind.CORRECTION and change.event in {Event.ADDED, Event.REMOVED}
        key = (change.commit, change.date, entry.slug, change.event) if many else number
        groups.setdefault(key, []).append(entry)
    return list(groups.values())


def _entry(group: Sequence[ChangelogEntry], base: str, project: Project) -> str:
    first = group[0]
    change = first.change
    name = (str(change.event), first.slug, change.note, change.before, change.after, change.commit or change.date)
    address = first.address if len(group) == 1 else first.address.partition("#")[0]
    where, _, fragment = address.partition("#")
    href = base + quote(where, safe="/") + (f"#{fragment}" if fragment else "")
    more = f"… and {len(group) - _NAMED} more" if len(group) > _NAMED else ""
    said = "\n\n".join(filter(None, [change.reason, *(_words(entry, project) for entry in group[:_NAMED]), more]))
    return (
        "<entry>\n"
        f"<title>{_text(f'{_title(group, project)} – {first.title}')}</title>\n"
        f"<id>{_id(*name)}</id>\n"
        f"<updated>{_moment(change.date)}</updated>\n"
        f"<link href={_attribute(href)}/>\n"
        f'<content type="text">{_text(said)}</content>\n'
        "</entry>\n"
    )


def _words(entry: ChangelogEntry, project: Project) -> str:
    """Return what a note is about, behind its label: a reader of feeds sees no mark on it."""
    if not entry.words:
        return ""
    if entry.change.kind is not NoteKind.CORRECTION:
        return f"{note_label(entry.change.kind, entry.verdict, project)}: {entry.words}"
    should_read = f". Should read: “{entry.correct}”" if entry.correct else ""
    return f"Reads: “{entry.words}”{should_read}"


def _title(group: Sequence[ChangelogEntry], project: Project) -> str:
    change = group[0].change
    many = "1 note" if len(group) == 1 else f"{len(group)} notes"
    if change.kind is NoteKind.CORRECTION:
        many = "Correction"
    match change.event:
        case Event.VERDICT:
            title = f"Verdict: {verdict_label(change.before, project)} → {verdict_label(change.after, project)}"
        case Event.CORRECTION:
            title = "Correction changed"
        case Event.NOTED:
            title = "Note changed"
        case Event.RETIRED:
            title = f"Note retired: {change.after}"
        case Event.ADDED:
            title = _added(change, many, project)
        case Event.REMOVED:
            title = f"{many} removed"
    return title


def _added(change: Change, many: str, project: Project) -> str:
    if change.kind is NoteKind.CORRECTION:
        return f"Correction: should read “{change.after}”" if change.after else "Correction added"
    verdict = f": {verdict_label(change.after, project)}" if many == "1 note" and change.after else ""
    return f"{many} added{verdict}"


def _moment(date: str) -> str:
    """Return a date as RFC 3339 has it: a day as its first second, a month or a year as its first day."""
    if "T" in date:
        return date.replace("+00:00", "Z")
    year, month, day = [*date.split("-"), "01", "01"][:3]
    return f"{year}-{month}-{day}T00:00:00Z"


def _id(*parts: str | None) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, repr(parts))}"


def _text(value: str) -> str:
    return escape(_NO_XML.sub("\ufffd", value))


def _attribute(value: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", value), {"\n": " ", "\r": " ", "\t": " "})
