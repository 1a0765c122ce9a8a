"""Check a corpus and its hand-written pages by a profile's rules. Pure: the date is an argument."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from builder.diagnostics import Diagnostic, Place
from builder.model import Corpus, DocumentRecord, Note, Source
from builder.profiles.load_profile import PageRule, Profile

# What does not count as text of a page: front matter, comments (slots too), headings, code.
_NO_TEXT: Final = re.compile(r"\A---\n.*?\n---\n|<!--.*?-->|^#[^\n]*$|^```.*?^```", re.DOTALL | re.MULTILINE)
# Scripts without spaces between words are counted by the letter.
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_UNWRITTEN: Final = re.compile(
    r"\bTODO\b|\bTBD\b|(?i:lorem ipsum|coming soon|under construction|this page is yours to write)"
)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w+|https?://|\]\([^)\s]+\)")


def check_rules(
    profile: Profile, corpus: Corpus, pages: Mapping[str, str], docs: str, today: date
) -> tuple[Diagnostic, ...]:
    """Return R501 to R506 for every rule that is not met, sorted. Drafts are not checked.

    ``profile``: the rules.
    ``corpus``: with all verdicts.
    ``pages``: path below the folder of hand-written pages -> text.
    ``docs``: that folder's name.
    ``today``: the day from which the age of reviews is counted.
    """
    diagnostics: set[Diagnostic] = set()
    for document in corpus.documents:
        if not document.draft:
            diagnostics |= set(_verdicts(profile, document, corpus.project.sources, today))
    for rule in profile.pages.values():
        diagnostics |= set(_page(rule, pages, docs))
    return tuple(sorted(diagnostics))


def _verdicts(
    profile: Profile, document: DocumentRecord, bibliography: Mapping[str, Source], today: date
) -> Iterator[Diagnostic]:
    sources = {**bibliography, **{source.key: source for source in document.sources}}
    for note in (record.note for record in document.notes):
        if note.verdict is None or note.verdict in profile.exempt or note.retired:
            continue
        cited = [sources[citation.source] for citation in note.citations if citation.source in sources]
        if profile.source and not any(source.url or source.note for source in cited):
            hint = "cite a source with url: …, or one whose note: … says why it has none"
            yield Diagnostic(note.place, "R501", f'"{note.id}" has a verdict and no source to follow', hint)
        if profile.stored_copy:
            yield from (_unstored(source) for source in cited if source.url and not source.archived)
        yield from _review(profile, note, today)


def _unstored(source: Source) -> Diagnostic:
    message = f'"{source.title}" has no stored copy, and a verdict rests on it'
    return Diagnostic(source.place, "R502", message, "store one at a web archive, and write: archived: https://…")


def _review(profile: Profile, note: Note, today: date) -> Iterator[Diagnostic]:
    if note.reviewed is None:
        if profile.reviewed:
            message = f'"{note.id}" has a verdict and no date of review'
            yield Diagnostic(
                note.place, "R503", message, f"if you check it today, add a line: reviewed: {today.isoformat()}"
            )
        return
    age = (today - _last_day(note.reviewed)).days
    if profile.days is not None and age > profile.days:
        message = f'"{note.id}" was reviewed on {note.reviewed}, {age} days ago; {profile.days} are allowed'
        yield Diagnostic(note.place, "R504", message, f"check it again, and write: reviewed: {today.isoformat()}")


def _last_day(written: str) -> date:
    """Return a date's last day: of a month or a year, if it gives no day."""
    year, month, day = ([int(number) for number in written.split("-")] + [0, 0])[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _page(rule: PageRule, pages: Mapping[str, str], docs: str) -> Iterator[Diagnostic]:
    """Yield nothing if one of the rule's pages meets it; else what the first one lacks, or that none exists."""
    there = [name for name in rule.files if name in pages]
    lacks = {name: _lack(rule, pages[name]) for name in there}
    if not there:
        names = " or ".join(f"{docs}/{name}" for name in rule.files[:2])
        yield Diagnostic(Place(f"{docs}/{rule.files[0]}"), "R505", f"no {rule.name} page", f"write {names}")
    elif all(lacks.values()):
        place = Place(f"{docs}/{there[0]}")
        yield Diagnostic(place, "R506", f"the {rule.name} page {lacks[there[0]]}", "write it for your readers")


def _lack(rule: PageRule, text: str) -> str:
    """Return what a page lacks; "" if nothing."""
    body = _NO_TEXT.sub(" ", text.replace("\r\n", "\n"))
    words = len(_WORD.findall(body))
    unwritten = _UNWRITTEN.search(body)
    if unwritten:
        return f'still says "{unwritten[0]}"'
    if words < rule.words:
        return f"has {words} words; {rule.words} are required"
    if rule.address and not _ADDRESS.search(body):
        return "has no mail address and no link"
    return ""
