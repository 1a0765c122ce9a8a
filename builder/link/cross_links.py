"""Resolve cross-links and collect backlinks: the one stage that sees all documents at once, as small records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import repeat

from builder.addresses import document_address, note_address, topic_address
from builder.diagnostics import Diagnostic
from builder.labels import CLOSED, is_closed
from builder.link.document_record import EXCERPT, EXPLANATION, truncate
from builder.model import (
    Backlink,
    Corpus,
    CrossLink,
    DocumentLinks,
    DocumentRecord,
    NoteKind,
    NoteRecord,
    Project,
    Prose,
    Span,
    Target,
    Topic,
)
from builder.suggestions import Suggestions

_Key = tuple[str, str]  # (slug, note id or "" for the document itself)

_PAIRS = 16_000_000  # as in suggestions.py, for all links of a build: 40,000 names, about a second


@dataclass(frozen=True, slots=True)
class PageLink:
    """A cross-link in a hand-written page.

    ``address`` and ``title``: of the page. ``slug`` and ``note``: of the target.
    """

    address: str
    title: str
    slug: str
    note: str


def link_documents(
    documents: Iterable[DocumentRecord],
    project: Project,
    *,
    drafts: bool,
    incomplete: frozenset[str] = frozenset(),
) -> tuple[Corpus, tuple[Diagnostic, ...]]:
    """Resolve every cross-link and return the linked corpus.

    ``documents``: the records of all documents, in any order.
    ``project``: the corpus's own description.
    ``drafts``: include drafts (in a preview); otherwise links to them are errors.
    ``incomplete``: slugs of documents with errors of their own, which may lack notes: a missing note there is reported
    as such, and no source is reported as uncited.

    Diagnostics: L301 to L303 at the link, S109 at a source that is never cited.
    """
    ordered = sorted(documents, key=lambda document: document.slug)
    published = tuple(document for document in ordered if drafts or not document.draft)
    hidden = frozenset(document.slug for document in ordered) - {document.slug for document in published}
    titles = {document.slug: document.title for document in published}
    notes = {document.slug: {record.note.id for record in document.notes} for document in published}
    published = tuple(_with_linked_excerpts(document, titles, notes) for document in published)
    targets = {key: target for document in published for key, target in _targets(document)}
    lookup = _Lookup(targets, hidden, incomplete)
    diagnostics: list[Diagnostic] = []
    backlinks: dict[_Key, list[Backlink]] = {}
    for document in published:
        for origin, crossref in _links(document):
            resolved = lookup.find(crossref, document.slug)
            if isinstance(resolved, Diagnostic):
                diagnostics.append(resolved)
            elif resolved != (document.slug, origin.note.id if origin else ""):
                backlinks.setdefault(resolved, []).append(_backlink(document, origin))
        for crossref in (link for record in document.unplaced for link in record.links):
            resolved = lookup.find(crossref, document.slug)
            diagnostics += [resolved] if isinstance(resolved, Diagnostic) else []
    for topic in project.topics.values():
        for crossref in _crossrefs(topic):
            resolved = lookup.find(crossref, "")
            if isinstance(resolved, Diagnostic):
                diagnostics.append(resolved)
            else:
                backlinks.setdefault(resolved, []).append(Backlink(topic_address(topic.id), topic.label, ""))
    diagnostics += [] if incomplete else _uncited(project, published)
    corpus = Corpus(project, published, targets, {key: _unique(links) for key, links in backlinks.items()}, hidden)
    return corpus, tuple(diagnostics)


def redact_closed_verdicts(corpus: Corpus) -> Corpus:
    """Return the corpus without what ``reveal`` documents keep closed, for every page but their own.

    Closed are verdicts and corrections, and whatever gives them away: the body and techniques of a claim or correction,
    what its sources support, and the document's finding and summary.
    """
    if not any(document.reveal for document in corpus.documents):
        return corpus
    documents = tuple(_closed(document) if document.reveal else document for document in corpus.documents)
    targets = dict(corpus.targets)
    links = dict[str, Backlink]()
    for document in documents:
        if document.reveal:
            targets.update(_targets(document))
            links |= {link.address: link for link in map(_backlink, repeat(document), (None, *document.notes))}
    backlinks = {
        key: _unique(links.get(link.address, link) for link in found) for key, found in corpus.backlinks.items()
    }
    return replace(corpus, documents=documents, targets=targets, backlinks=backlinks)


def _closed(document: DocumentRecord) -> DocumentRecord:
    return replace(document, notes=tuple(map(_closed_note, document.notes)), excerpt="", finding=None)


def _closed_note(record: NoteRecord) -> NoteRecord:
    note = record.note
    if not is_closed(note.kind, reveal=True):
        return record
    citations = tuple(replace(citation, supports=None) for citation in note.citations)
    verdict = CLOSED if note.kind is NoteKind.CLAIM else None
    note = replace(note, verdict=verdict, correct=None, techniques=(), citations=citations)
    return replace(record, note=note, excerpt="", excerpt_links=(), explanation=None)


def add_page_links(corpus: Corpus, links: Sequence[PageLink]) -> Corpus:
    """Return the corpus with the backlinks from hand-written pages."""
    backlinks = dict(corpus.backlinks)
    for link in sorted(links, key=lambda link: (link.address, link.title)):
        key = (link.slug, link.note)
        backlinks[key] = _unique([*backlinks.get(key, ()), Backlink(link.address, link.title, "")])
    return replace(corpus, backlinks=backlinks)


def resolve_cross_link(
    corpus: Corpus, crossref: CrossLink, *, incomplete: frozenset[str] = frozenset()
) -> Target | Diagnostic:
    """Return the target of a cross-link in a hand-written page, or the error.

    ``incomplete`` as for ``link_documents``.
    """
    resolved = _Lookup(corpus.targets, corpus.hidden, incomplete).find(crossref, "")
    return resolved if isinstance(resolved, Diagnostic) else corpus.targets[resolved]


def document_links(corpus: Corpus) -> Iterator[tuple[DocumentRecord, DocumentLinks]]:
    """Yield each document with all that its page needs to know of the others, in slug order."""
    lookup = _Lookup(corpus.targets, frozenset())
    for position, document in enumerate(corpus.documents):
        yield document, _links_of(corpus, document, lookup, *_neighbours(corpus, position))


def topic_targets(corpus: Corpus, topic: Topic) -> Mapping[_Key, Target]:
    """Return the targets of the cross-links in a topic's description, as in ``DocumentLinks``."""
    lookup = _Lookup(corpus.targets, frozenset())
    keys = {(crossref.document or "", crossref.note or ""): lookup.find(crossref, "") for crossref in _crossrefs(topic)}
    return {key: corpus.targets[place] for key, place in keys.items() if not isinstance(place, Diagnostic)}


def _crossrefs(topic: Topic) -> Iterator[CrossLink]:
    return (part for part in topic.about.html if isinstance(part, CrossLink)) if topic.about else iter(())


def _neighbours(corpus: Corpus, position: int) -> tuple[Target | None, Target | None]:
    documents = corpus.documents
    before = corpus.targets[documents[position - 1].slug, ""] if position else None
    after = corpus.targets[documents[position + 1].slug, ""] if position + 1 < len(documents) else None
    return before, after


def _links_of(
    corpus: Corpus, document: DocumentRecord, lookup: _Lookup, previous: Target | None, following: Target | None
) -> DocumentLinks:
    targets: dict[_Key, Target] = {}
    for _, crossref in _links(document):
        key = lookup.find(crossref, document.slug)
        if not isinstance(key, Diagnostic):
            targets[key] = corpus.targets[key]
    keys = ["", *(record.note.id for record in document.notes)]
    backlinks = {key: corpus.backlinks[document.slug, key] for key in keys if (document.slug, key) in corpus.backlinks}
    own = {source.key: source for source in document.sources}
    cited = {citation.source for record in document.notes for citation in record.note.citations}
    shared = corpus.project.sources
    sources = {key: own.get(key) or shared[key] for key in sorted(cited) if key in own or key in shared}
    return DocumentLinks(targets, backlinks, sources, previous, following)


def _targets(document: DocumentRecord) -> Iterator[tuple[_Key, Target]]:
    address = document_address(document.slug)
    yield (
        (document.slug, ""),
        Target(address, document.slug, None, document.title, document.title, None, None),
    )
    for record in document.notes:
        note = record.note
        target = Target(
            address=note_address(document.slug, note.id),
            slug=document.slug,
            note=note.id,
            title=document.title,
            words=record.words or record.excerpt,
            kind=note.kind,
            verdict=note.verdict,
        )
        yield (document.slug, note.id), target
    for record in document.unplaced:  # in a preview, as near as one can get
        name = record.note.id
        yield (document.slug, name), Target(address, document.slug, None, document.title, name, None, None)


def _with_linked_excerpts(
    document: DocumentRecord, titles: Mapping[str, str], notes: Mapping[str, AbstractSet[str]]
) -> DocumentRecord:
    """Return the record with excerpts that know where their cross-links lead, those without words by a title.

    A link to a note gets its document's title too: the note's words would stand there without its verdict.

    ``titles``: of all documents, by slug. ``notes``: the ids of their notes.
    """
    if not document.opening and not any(record.opening or record.explanation for record in document.notes):
        return document

    def words(crossref: CrossLink) -> str | None:
        return titles.get(crossref.document or document.slug)

    def address(crossref: CrossLink) -> str | None:
        slug = crossref.document or document.slug
        if crossref.note is None:
            return document_address(slug) if slug in titles else None
        return note_address(slug, crossref.note) if crossref.note in notes.get(slug, ()) else None

    def linked(record: NoteRecord) -> NoteRecord:
        if record.explanation:
            text = truncate(record.explanation.with_words(words).text, EXPLANATION)
            record = replace(record, explanation=Prose((), text))
        if record.opening is None:
            return record
        opening = record.opening.with_words(words)
        excerpt = truncate(opening.text, EXCERPT)
        return replace(record, excerpt=excerpt, excerpt_links=_link_places(opening, excerpt, address), opening=None)

    excerpt = truncate(document.opening.with_words(words).text, EXCERPT) if document.opening else document.excerpt
    return replace(document, notes=tuple(map(linked, document.notes)), excerpt=excerpt, opening=None)


def _link_places(
    opening: Prose, excerpt: str, address: Callable[[CrossLink], str | None]
) -> tuple[tuple[Span, str], ...]:
    """Return where cross-links are in an excerpt of ``opening``, and the addresses that they lead to."""
    text, whole = opening.text, len(excerpt.removesuffix("…"))
    places = list[tuple[Span, str]]()
    for span, crossref in opening.links:
        start = len(" ".join(f"{text[: span.start]}x".split())) - 1  # an excerpt has single spaces
        end = min(len(" ".join(text[: span.end].split())), whole)
        if start < end and (leads_to := address(crossref)):
            places.append((Span(start, end), leads_to))
    return tuple(places)


def _links(document: DocumentRecord) -> Iterator[tuple[NoteRecord | None, CrossLink]]:
    for crossref in document.links:
        yield None, crossref
    for record in document.notes:
        for crossref in record.links:
            yield record, crossref


def _backlink(document: DocumentRecord, record: NoteRecord | None) -> Backlink:
    address = note_address(document.slug, record.note.id) if record else document_address(document.slug)
    if record is None:
        return Backlink(address, document.title, document.excerpt)
    words, note = record.words or record.excerpt, record.note
    return Backlink(address, document.title, words, note.kind, note.verdict)


def _unique(backlinks: Iterable[Backlink]) -> tuple[Backlink, ...]:
    return tuple(sorted(set(backlinks), key=lambda backlink: (backlink.address, backlink.title, backlink.words)))


def _uncited(project: Project, documents: Sequence[DocumentRecord]) -> Iterator[Diagnostic]:
    cited = {
        citation.source
        for document in documents
        for record in (*document.notes, *document.unplaced)
        for citation in record.note.citations
    }
    for key, source in project.sources.items():
        if key not in cited:
            yield Diagnostic(
                source.place,
                "S109",
                f'source "{key}" is never cited',
                f"cite it in a note (sources: [{key}]) or remove it",
            )


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Resolves cross-links; ``hidden`` are the slugs of drafts that this site leaves out."""

    targets: Mapping[_Key, Target]
    hidden: frozenset[str]
    incomplete: frozenset[str] = frozenset()
    suggestions: Suggestions = field(default_factory=lambda: Suggestions(_PAIRS), compare=False)

    def find(self, crossref: CrossLink, own: str) -> _Key | Diagnostic:
        """Return the target's key, or the error. ``own`` is the slug of the linking document, "" outside documents."""
        if crossref.document is None:
            return self._in_same_document(crossref, own)
        if crossref.document in self.hidden:
            return self._draft(crossref, crossref.document)
        if (crossref.document, "") not in self.targets:
            hint = self._hint(crossref.document, "", self._slugs)
            return Diagnostic(crossref.place, "L301", f'no document "{crossref.document}"', hint)
        key = (crossref.document, crossref.note or "")
        return key if key in self.targets else self._missing_elsewhere(crossref, crossref.document)

    def _in_same_document(self, crossref: CrossLink, own: str) -> _Key | Diagnostic:
        """Return the key of a note of the same document; for a bare word without such a note, of a document."""
        note = crossref.note or ""
        if (own, note) in self.targets:
            return own, note
        if crossref.bare and (note, "") in self.targets:
            return note, ""
        if crossref.bare and note in self.hidden:
            return self._draft(crossref, note)
        return self._missing_note(crossref, own)

    def _draft(self, crossref: CrossLink, slug: str) -> Diagnostic:
        return Diagnostic(
            crossref.place,
            "L303",
            f'"{slug}" is a draft and left out of the published site',
            "publish it (remove `draft: true`) or remove the link",
        )

    def _missing_elsewhere(self, crossref: CrossLink, slug: str) -> Diagnostic:
        if slug in self.incomplete:
            return self._unreadable(crossref, slug)
        message = f'no note "{crossref.note}" in document "{slug}"'
        hint = self._hint(f"{slug}#{crossref.note}", slug, lambda: [f"{slug}#{note}" for note in self._notes(slug)])
        return Diagnostic(crossref.place, "L302", message, hint)

    def _missing_note(self, crossref: CrossLink, own: str) -> Diagnostic:
        if own in self.incomplete:
            return self._unreadable(crossref, own)
        wanted = crossref.note or ""
        if not own:
            message, hint = f'no note "{wanted}" here: only documents have notes', f"write [[document#{wanted}]]"
            return Diagnostic(crossref.place, "L302", message, hint)
        message = f'no note "{wanted}" in this document'
        if crossref.bare:
            hint = self._hint(wanted, own, lambda: [*self._notes(own), *self._slugs()])
            return Diagnostic(crossref.place, "L302", f"{message}, and no document of that name", hint)
        if (wanted, "") in self.targets:
            hint = f"for the document of that name write {wanted} without #"
        else:
            hint = self._hint(f"#{wanted}", f"#{own}", lambda: [f"#{note}" for note in self._notes(own)])
        return Diagnostic(crossref.place, "L302", message, hint)

    def _unreadable(self, crossref: CrossLink, slug: str) -> Diagnostic:
        return Diagnostic(
            crossref.place,
            "L302",
            f'no readable note "{crossref.note}" in document "{slug}"',
            f'"{slug}" has errors of its own: fix those first, the note may be among them',
        )

    def _hint(self, wanted: str, among: str, known: Callable[[], list[str]]) -> str:
        near = self.suggestions.nearest(wanted, known, among=among, cutoff=0.5)
        if near is None:
            return "no suggestion: there are too many broken links; fix the ones above first"
        return f"nearest: {near}" if near else "no similar name exists"

    def _notes(self, slug: str) -> list[str]:
        return [note for document, note in self.targets if note and document == slug]

    def _slugs(self) -> list[str]:
        return [slug for slug, note in self.targets if not note]
