"""The view of a note as seen from outside its document: in a claim's, a source's, a topic's or a person's page.

Plain data that a template prints; nothing here is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from builder.addresses import (
    claim_address,
    document_address,
    note_address,
    person_address,
    relative_url,
    source_address,
)
from builder.labels import kind_label
from builder.model import Appearance, DocumentRecord, NoteKind, NoteRecord, Project, Source
from builder.render.formatting import (
    Badge,
    FormattedDate,
    badge,
    external_url,
    format_date,
    one_line,
    shorten_middle,
)

_AROUND = 180  # code points of a sentence shown before and after the words
_WORDS = 300  # code points of the words themselves
_FIX = 400  # code points of wrong words that are struck through, and of the right ones


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document to be named and linked to."""

    href: str
    title: str
    language: str
    direction: str
    publisher: str | None
    date: FormattedDate | None
    draft: bool


@dataclass(frozen=True, slots=True)
class CitedView:
    """A source as notes cite it.

    ``href``: its page here. ``external_url``: where it is found, if readers are sent there.
    ``uses``: where in it, and what it supports, for each time that it is cited.
    """

    title: str
    href: str
    external_url: str | None
    publisher: str | None
    date: FormattedDate | None
    uses: tuple[tuple[str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class AppearanceView:
    """A note. ``before``, ``words`` and ``after`` are its sentence, the words that it is about in the middle.

    ``excerpt``: the beginning of what it says, in parts, each with what it links to. ``language``: of what it says.
    """

    href: str
    kind: str
    kind_label: str
    number: int | None
    badge: Badge
    document: DocumentView
    before: str
    words: str
    after: str
    statement: str | None
    claim_href: str | None
    speaker: str | None
    speaker_href: str | None
    correct: str | None
    excerpt: tuple[tuple[str, str | None], ...]
    cited: tuple[CitedView, ...]
    reviewed: FormattedDate | None
    retired: str | None
    language: str


def document_view(record: DocumentRecord, project: Project, address: str) -> DocumentView:
    """Return a document as the page at ``address`` names it."""
    return DocumentView(
        href=relative_url(address, document_address(record.slug)),
        title=record.title,
        language=record.language,
        direction="rtl" if record.rtl else "ltr",
        publisher=record.publisher,
        date=format_date(record.published, project.translation),
        draft=record.draft,
    )


def appearance_view(appearance: Appearance, project: Project, address: str) -> AppearanceView:
    """Return a note as the page at ``address`` shows it."""
    note, document = appearance.note, appearance.document
    before, words, after = _sentence(appearance)
    claim = claim_address(document.slug, note)
    person = person_address(note.speaker) if note.speaker else None
    known = project.people.get(note.speaker or "")
    return AppearanceView(
        href=relative_url(address, note_address(appearance.document.slug, appearance.note.id)),
        kind=note.kind.value,
        kind_label=kind_label(note.kind, project),
        number=appearance.record.number,
        badge=badge(note.kind, note.verdict, project),
        document=document_view(document, project, address),
        before=before,
        words=words,
        after=after,
        statement=note.statement,
        claim_href=relative_url(address, claim) if claim else None,
        speaker=known.name if known else note.speaker,
        speaker_href=relative_url(address, person) if person else None,
        correct=shorten_middle(note.correct, _FIX) if note.correct else None,
        excerpt=tuple(_linked(appearance.record, address)),
        cited=cited_views((appearance,), project, address),
        reviewed=format_date(note.reviewed, project.translation),
        retired=note.retired,
        language=document.notes_language,
    )


def cited_views(appearances: Iterable[Appearance], project: Project, address: str) -> tuple[CitedView, ...]:
    """Return the sources that notes cite, each once and in their order, for the page at ``address``."""
    uses: dict[str, tuple[Source, dict[tuple[str | None, str | None], None]]] = {}
    for appearance in appearances:
        for citation, source in appearance.sources:
            _, source_uses = uses.setdefault(source_address(source, project), (source, {}))
            source_uses[citation.at, citation.supports] = None
    return tuple(
        CitedView(
            title=source.title,
            href=relative_url(address, source_page),
            external_url=external_url(source.url) if source.link else None,
            publisher=source.publisher,
            date=format_date(source.date, project.translation),
            uses=tuple(use for use in source_uses if any(use)),
        )
        for source_page, (source, source_uses) in uses.items()
    )


def verdict_badges(appearances: tuple[Appearance, ...], project: Project) -> tuple[Badge, ...]:
    """Return the badge of every verdict that a claim got, in the order of the scale, each once."""
    ranks = {verdict: rank for rank, verdict in enumerate(project.verdicts)}
    notes = (appearance.note for appearance in appearances)
    verdicts = {note.verdict for note in notes if note.kind is NoteKind.CLAIM}
    order = sorted(verdicts, key=lambda key: (key is None, ranks.get(key or "", len(ranks)), key or ""))
    return tuple(badge(NoteKind.CLAIM, verdict, project) for verdict in order)


def _linked(record: NoteRecord, address: str) -> Iterator[tuple[str, str | None]]:
    end = 0
    for span, to in record.excerpt_links:
        yield record.excerpt[end : span.start], None
        yield record.excerpt[span.start : span.end], relative_url(address, to)
        end = span.end
    if end < len(record.excerpt):
        yield record.excerpt[end:], None


def _sentence(appearance: Appearance) -> tuple[str, str, str]:
    record = appearance.record
    if record.mark is None:
        return "", record.words, ""
    text, mark = record.sentence, record.mark
    limit = _FIX if appearance.note.correct else _WORDS
    return _tail(text[: mark.start]), shorten_middle(text[mark.start : mark.end], limit), _head(text[mark.end :])


def _tail(text: str) -> str:
    """Return the last words of the text before a quote; white space at its end is kept."""
    line = one_line("x" + text + "x")[1:-1]
    if len(line) <= _AROUND:
        return line
    return "… " + line[-_AROUND:].split(" ", 1)[-1]


def _head(text: str) -> str:
    """Return the first words of the text after a quote; white space at its start is kept."""
    line = one_line("x" + text + "x")[1:-1]
    if len(line) <= _AROUND:
        return line
    return line[:_AROUND].rsplit(" ", 1)[0] + " …"
