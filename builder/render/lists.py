"""The lists of documents, claims and sources, which a script sifts by facets and words and puts into other orders.

Without a script they are lists on as many pages as they need. The script reads all rows from one file, so that it
loads the same however a reader sifts: a line of JSON, then a line of HTML for each row.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from builder.addresses import claim_address, document_address, relative_url
from builder.labels import kind_label
from builder.model import ClaimEntry, Corpus, DocumentRecord, NoteKind, Project, SourceEntry
from builder.render.catalog_pages import claim_text, topic_links
from builder.render.counts import WIDTH, VerdictCount, count_notes
from builder.render.formatting import Badge, FormattedDate, badge, external_url, format_date
from builder.render.note_elsewhere import verdict_badges
from builder.render.note_view import LinkView
from builder.render.pagination import page_slices, pager
from builder.render.prose import prose_text
from builder.render.search_links import search_href
from builder.render.templating import environment, render_template
from builder.translation import N_, Translation

ROWS = 50  # on a page
_SIFTED = 8  # rows from which on there are facets: fewer are seen at a glance
_SHOWN = 6  # values of a facet that are shown at first
_FEW = 3  # documents of a row that are named
_NOTHING = "_"  # the value of what has none: no key has an underscore alone

_Item = TypeVar("_Item")
_Value = tuple[str, str, Badge | None]  # as addresses have it, in words, with its shape


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many rows have it. ``key`` is what addresses have."""

    key: str
    label: str
    badge: Badge | None
    number: int


@dataclass(frozen=True, slots=True)
class Facet:
    """What rows can be chosen by. ``of``: by row the places of its values among ``values``."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    of: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class _Shape(Generic[_Item]):
    """A kind of list.

    ``orders``: name and label of every order but the given one, ``given``, with what sorts it: the least first, what
    has None last. ``search``: the filter by which search finds all rows.
    """

    slot: str
    given: str
    words: str
    search: tuple[str, str] | None
    row: Callable[[_Item, Corpus, str], DocumentRow | ClaimRow | SourceRow]
    facets: Callable[[_Item, Project], Mapping[str, Sequence[_Value]]]
    orders: tuple[tuple[str, str, Callable[[_Item, Project], Any]], ...]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list. ``bar``: its claims by verdict; ``counts``: all its notes."""

    href: str
    title: str
    language: str
    direction: str
    draft: bool
    publisher: str | None
    date: FormattedDate | None
    finding: str
    finding_language: str
    bar: tuple[VerdictCount, ...]
    counts: tuple[VerdictCount, ...]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a list, with the first documents that make it; ``number``: of all of them."""

    href: str
    words: str
    verdicts: tuple[Badge, ...]
    documents: tuple[tuple[str, str], ...]
    number: int
    date: FormattedDate | None
    topics: tuple[LinkView, ...]


def newest_first(documents: Iterable[DocumentRecord], translation: Translation) -> list[DocumentRecord]:
    """Return documents by date, the newest first and the undated last; within a day by title."""
    by_title = sorted(documents, key=lambda document: (translation.sort_key(document.title), document.slug))
    return sorted(by_title, key=lambda document: document.published or "", reverse=True)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in a list. ``external_url``: where it is found, at ``host``; None if readers are not sent there.

    ``number``: of the notes that rest on it. ``party``: why it is a party to the dispute.
    """

    href: str
    title: str
    authors: tuple[str, ...]
    publisher: str | None
    kind: str
    date: FormattedDate | None
    external_url: str | None
    host: str
    party: str | None
    number: int


def documents_list(items: Sequence[DocumentRecord], corpus: Corpus, address: str, number: int) -> str:
    """Return page ``number`` of the list of documents, for the page at ``address``."""
    return _list(_DOCUMENTS, items, corpus, address, number)


def claims_list(items: Sequence[ClaimEntry], corpus: Corpus, address: str, number: int) -> str:
    """Return page ``number`` of the list of claims, for the page at ``address``."""
    return _list(_CLAIMS, items, corpus, address, number, unstated=_unstated(corpus) if number == 1 else 0)


def sources_list(items: Sequence[SourceEntry], corpus: Corpus, address: str, number: int) -> str:
    """Return page ``number`` of the list of sources, for the page at ``address``."""
    return _list(_SOURCES, items, corpus, address, number)


def sources_data(items: Sequence[SourceEntry], corpus: Corpus) -> bytes:
    """Return what the script reads of the list of sources."""
    return _data(_SOURCES, items, corpus)


def most_carrying_first(items: Sequence[SourceEntry]) -> list[SourceEntry]:
    """Return sources, those first that most notes rest on; else as they are."""
    return sorted(items, key=lambda entry: -len(entry.appearances))


def documents_data(items: Sequence[DocumentRecord], corpus: Corpus) -> bytes:
    """Return what the script reads of the list of documents."""
    return _data(_DOCUMENTS, items, corpus)


def claims_data(items: Sequence[ClaimEntry], corpus: Corpus) -> bytes:
    """Return what the script reads of the list of claims."""
    return _data(_CLAIMS, items, corpus)


def document_row(record: DocumentRecord, corpus: Corpus, address: str) -> DocumentRow:
    """Return a document as lists of the page at ``address`` show it."""
    notes = tuple(note_record.note for note_record in record.notes)
    return DocumentRow(
        href=relative_url(address, document_address(record.slug)),
        title=record.title,
        language=record.language,
        direction="rtl" if record.rtl else "ltr",
        draft=record.draft,
        publisher=record.publisher,
        date=format_date(record.published, corpus.project.translation),
        finding=prose_text(record.finding, corpus.targets, own=record.slug),
        finding_language=record.notes_language,
        bar=count_notes((note for note in notes if note.kind is NoteKind.CLAIM), corpus.project),
        counts=count_notes(notes, corpus.project),
    )


def _list(
    shape: _Shape[_Item], items: Sequence[_Item], corpus: Corpus, address: str, number: int, *, unstated: int = 0
) -> str:
    """Return one page of a list.

    ``items``: all rows of the list, over all its pages.
    ``address``: of the page that the list stands on.
    ``number``: of the list's page, from 1.
    ``unstated``: claims that are in no row.
    """
    first = f"{shape.slot}/"
    facets = _facets(shape, items, corpus.project) if number == 1 and len(items) >= _SIFTED else ()
    return render_template(
        "list.html",
        corpus.project.translation,
        slot=shape.slot,
        title=_caption(shape.slot, items, corpus.project.translation),
        given=corpus.project.translation.gettext(shape.given),
        orders=[(name, corpus.project.translation.gettext(label)) for name, label, _ in shape.orders],
        words=corpus.project.translation.gettext(shape.words),
        facets=facets,
        shown=_SHOWN,
        rows=[shape.row(item, corpus, address) for item in page_slices(items, ROWS)[number - 1]],
        width=WIDTH,
        search=search_href(corpus.project, address, [shape.search]) if shape.search else None,
        base=relative_url(address, first),
        size=ROWS,
        pager=pager(first, number, len(items), size=ROWS, here=address),
        unstated=unstated,
    )


def _data(shape: _Shape[_Item], items: Sequence[_Item], corpus: Corpus) -> bytes:
    project = corpus.project
    facets = {
        facet.name: {
            "values": [
                [value.key, value.label, value.number, *([value.badge.tone, value.badge.glyph] if value.badge else [])]
                for value in facet.values
            ],
            "of": facet.of,
        }
        for facet in _facets(shape, items, project)
    }
    orders = {name: _order([key(item, project) for item in items]) for name, _, key in shape.orders}
    head = json.dumps({"facets": facets, "orders": orders}, ensure_ascii=False, separators=(",", ":"))
    row = environment(project.translation).get_template(f"{shape.slot}-row.html")
    address = f"{shape.slot}/"
    rows = (row.render(row=shape.row(item, corpus, address), width=WIDTH).replace("\n", " ") for item in items)
    return "\n".join((head, *rows)).encode()


def _order(keys: Sequence[Any]) -> list[int]:
    """Return the places of keys, the least first; None last, and like ones as they are."""
    return sorted(range(len(keys)), key=lambda place: (keys[place] is None, 0 if keys[place] is None else keys[place]))


def _facets(shape: _Shape[_Item], items: Sequence[_Item], project: Project) -> tuple[Facet, ...]:
    """Return the facets that leave a choice."""
    found = [shape.facets(item, project) for item in items]
    made = (_facet(name, [values.get(name, ()) for values in found], project) for name in _LABELS)
    return tuple(facet for facet in made if len(facet.values) > 1 or (facet.values and not all(facet.of)))


def _facet(name: str, rows: Sequence[Sequence[_Value]], project: Project) -> Facet:
    """Return a facet, its values in an order of their own where they have one, or else the most frequent first."""
    counts = Counter(value for values in rows for value in values)
    if name == "verdict":
        ranks = {verdict: rank for rank, verdict in enumerate(project.verdicts)}
        ordered = sorted(counts, key=lambda value: (ranks.get(value[0], len(ranks)), value[1]))
    elif name == "year":
        ordered = sorted(counts, key=lambda value: value[0], reverse=True)
    else:
        ordered = sorted(counts, key=lambda value: (-counts[value], value[1]))
    places = {value: place for place, value in enumerate(ordered)}
    return Facet(
        name,
        project.translation.gettext(_LABELS[name]),
        tuple(FacetValue(*value, counts[value]) for value in ordered),
        tuple(tuple(places[value] for value in values) for values in rows),
    )


def _caption(slot: str, items: Sequence[object], translation: Translation) -> str:
    """Return how many there are; of claims also in how many places, which is what verdicts are counted by elsewhere."""
    if slot == _DOCUMENTS.slot:
        return translation.ngettext("%(num)s document", "%(num)s documents", len(items))
    if slot == _SOURCES.slot:
        return translation.ngettext("%(num)s source", "%(num)s sources", len(items))
    count = translation.ngettext("%(num)s claim", "%(num)s claims", len(items))
    number = sum(len(item.appearances) for item in items if isinstance(item, ClaimEntry))
    places = translation.ngettext("made in %(num)s place", "made in %(num)s places", number)
    return f"{count}{translation.comma}{places}" if number else count


def _unstated(corpus: Corpus) -> int:
    """Return how many claims have neither a statement nor a key, so no page."""
    notes = ((document.slug, record.note) for document in corpus.documents for record in document.notes)
    claims = ((slug, note) for slug, note in notes if note.kind is NoteKind.CLAIM)
    return sum(claim_address(slug, note) is None for slug, note in claims)


# --- documents --------------------------------------------------------------------------------------------------------


def _document_facets(record: DocumentRecord, project: Project) -> Mapping[str, Sequence[_Value]]:
    notes = [found.note for found in record.notes]
    verdicts = dict.fromkeys(note.verdict for note in notes if note.kind is NoteKind.CLAIM)
    kinds = dict.fromkeys(note.kind for note in notes)
    return {
        "verdict": [_verdict(verdict, project) for verdict in verdicts],
        "topic": _topics(record.topics, project),
        "publisher": [(record.publisher, record.publisher, None)] if record.publisher else [],
        "year": _year(record.published),
        "collection": [(record.collection, record.collection, None)] if record.collection else [],
        "kind": [(kind.value, kind_label(kind, project), None) for kind in kinds]
        or [(_NOTHING, project.translation.gettext("No notes"), None)],
    }


def _unsound(record: DocumentRecord, project: Project) -> int:
    """Return, below nothing, how many passages do not hold: false or misleading claims, and corrections."""
    notes = [found.note for found in record.notes]
    tones = Counter(badge(note.kind, note.verdict, project).tone for note in notes)
    return -(tones["bad"] + tones["warn"] + tones["correction"])


# --- claims -----------------------------------------------------------------------------------------------------------


def _claim_row(entry: ClaimEntry, corpus: Corpus, address: str) -> ClaimRow:
    documents = {appearance.document.slug: appearance.document for appearance in reversed(entry.appearances)}
    return ClaimRow(
        href=relative_url(address, entry.address),
        words=claim_text(entry, corpus.project.translation),
        verdicts=verdict_badges(entry.appearances, corpus.project),
        documents=tuple(
            (relative_url(address, document_address(document.slug)), document.title)
            for document in list(documents.values())[:_FEW]
        ),
        number=len(documents),
        date=format_date(_last_seen(entry), corpus.project.translation),
        topics=topic_links(_claim_topics(entry), corpus.project, address),
    )


def _claim_facets(entry: ClaimEntry, project: Project) -> Mapping[str, Sequence[_Value]]:
    notes = [appearance.note for appearance in entry.appearances]
    speakers = dict.fromkeys(note.speaker for note in notes if note.speaker)
    known = project.people
    return {
        "verdict": [_verdict(verdict, project) for verdict in dict.fromkeys(note.verdict for note in notes)],
        "topic": _topics(_claim_topics(entry), project),
        "person": [(key, known[key].name if key in known else key, None) for key in speakers],
        "year": _year(_last_seen(entry)),
    }


def _claim_topics(entry: ClaimEntry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for appearance in entry.appearances for key in appearance.note.topics))


def _last_seen(entry: ClaimEntry) -> str | None:
    return max((seen.document.published for seen in entry.appearances if seen.document.published), default=None)


def _spread(entry: ClaimEntry, _: Project) -> int:
    """Return, below nothing, how many documents make a claim."""
    return -len({seen.document.slug for seen in entry.appearances})


def _alphabetical(entry: ClaimEntry, project: Project) -> tuple[object, ...]:
    return project.translation.sort_key(claim_text(entry, project.translation))


# --- sources ----------------------------------------------------------------------------------------------------------


def _type_label(type_: str) -> str:
    """Return what readers see for a type: CSL's own name, as words."""
    return type_.replace("-", " ").replace("_", " ")


def _source_row(entry: SourceEntry, corpus: Corpus, address: str) -> SourceRow:
    source = entry.source
    external = external_url(source.url) if source.link else None
    return SourceRow(
        href=relative_url(address, entry.address),
        title=source.title,
        authors=source.authors,
        publisher=source.publisher,
        kind=_type_label(source.type) if source.type else "",
        date=format_date(source.date, corpus.project.translation),
        external_url=external,
        host=(urlsplit(external).hostname or external).removeprefix("www.") if external else "",
        party=source.party,
        number=len(entry.appearances),
    )


def _source_facets(entry: SourceEntry, project: Project) -> Mapping[str, Sequence[_Value]]:
    source = entry.source
    return {
        "type": [(source.type, _type_label(source.type), None)] if source.type else [],
        "publisher": [(source.publisher, source.publisher, None)] if source.publisher else [],
        "year": _year(source.date),
        "party": [("yes", project.translation.gettext("Party to the dispute"), None)] if source.party else [],
    }


# --- what all have ---------------------------------------------------------------------------------------------------


def _verdict(verdict: str | None, project: Project) -> _Value:
    shown = badge(NoteKind.CLAIM, verdict, project)
    return verdict or _NOTHING, shown.label, shown


def _topics(keys: Sequence[str], project: Project) -> list[_Value]:
    return [(key, project.topics[key].label, None) for key in keys if key in project.topics]


def _year(date: str | None) -> list[_Value]:
    year = (date or "")[:4]
    return [(year, year, None)] if year.isdecimal() and len(year) == len("2025") else []


_LABELS = {
    "type": N_("Type of source"),
    "verdict": N_("Verdict"),
    "topic": N_("Topic"),
    "person": N_("Person"),
    "publisher": N_("Publisher"),
    "year": N_("Year"),
    "collection": N_("Collection"),
    "kind": N_("Notes"),
    "party": N_("Party to the dispute"),
}
_DOCUMENTS: _Shape[DocumentRecord] = _Shape(
    slot="documents",
    given=N_("Newest first"),
    words=N_("Words in titles, findings, publishers"),
    search=("type", "document"),
    row=document_row,
    facets=_document_facets,
    orders=(
        ("unsound", N_("Most that does not hold"), _unsound),
        ("oldest", N_("Oldest first"), lambda record, _: record.published),
        ("title", N_("Title"), lambda record, project: project.translation.sort_key(record.title)),
    ),
)
_CLAIMS: _Shape[ClaimEntry] = _Shape(
    slot="claims",
    given=N_("Last seen first"),
    words=N_("Words in claims"),
    search=("kind", "claim"),
    row=_claim_row,
    facets=_claim_facets,
    orders=(
        (
            "documents",
            N_("In most documents"),
            _spread,
        ),
        ("oldest", N_("First seen first"), lambda entry, _: _last_seen(entry)),
        (
            "words",
            N_("A to Z"),
            _alphabetical,
        ),
    ),
)
_SOURCES: _Shape[SourceEntry] = _Shape(
    slot="sources",
    given=N_("Most cited first"),
    words=N_("Words in titles, authors, publishers"),
    search=None,
    row=_source_row,
    facets=_source_facets,
    orders=(
        ("newest", N_("Newest first"), lambda entry, _: [-ord(sign) for sign in entry.source.date or ""] or None),
        ("publisher", N_("Publisher"), lambda entry, project: _by_name(entry.source.publisher, project)),
        ("title", N_("Title"), lambda entry, project: _by_name(entry.source.title, project)),
    ),
)


def _by_name(name: str | None, project: Project) -> tuple[object, ...] | None:
    return project.translation.sort_key(name) if name else None
