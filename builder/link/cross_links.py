"""Who links to whom: the one stage that sees all documents at once, and it sees records only."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from builder.addresses import document_address, note_address, topic_address
from builder.diagnostics import Diagnostic
from builder.link.records import EXCERPT, truncate
from builder.model import (
    Backlink,
    Corpus,
    CrossLink,
    DocumentLinks,
    DocumentRecord,
    NoteRecord,
    Project,
    Target,
    Topic,
)

# In the place of a verdict that only its own page tells: no key of any scale, so it is printed as it stands.
CLOSED = "Verdict closed"

_Key = tuple[str, str]  # (slug, note id or "" for the document itself)

_COMPARED = 100_000  # names that are compared with those of broken links, all in all: some five seconds


@dataclass(frozen=True, slots=True)
class PageLink:
    """A cross-link that stands in a hand-written page: where it is, and where it leads."""

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
    """Introduce the documents to each other.

    ``drafts`` says whether drafts take part (in a preview) or are left out, so that links to them are faults.
    ``incomplete`` are the slugs of documents that have errors of their own, for which notes may have been left out:
    what they lack, or don't cite, says nothing. Faults: L301 to L303 at the link, S109 at a source that nobody cites.
    """
    everything = sorted(documents, key=lambda each: each.slug)
    published = tuple(each for each in everything if drafts or not each.draft)
    hidden = frozenset(each.slug for each in everything) - {each.slug for each in published}
    titles = {each.slug: each.title for each in published}
    published = tuple(_finished(each, titles) for each in published)
    targets = {key: target for each in published for key, target in _targets(each)}
    lookup = _Lookup(targets, hidden, incomplete)
    faults: list[Diagnostic] = []
    backlinks: dict[_Key, list[Backlink]] = {}
    for document in published:
        for origin, crossref in _links(document):
            found = lookup.find(crossref, document.slug)
            if isinstance(found, Diagnostic):
                faults.append(found)
            elif found != (document.slug, origin.note.id if origin else ""):
                backlinks.setdefault(found, []).append(_backlink(document, origin))
        for crossref in (link for record in document.unplaced for link in record.links):
            found = lookup.find(crossref, document.slug)
            faults += [found] if isinstance(found, Diagnostic) else []
    for topic in project.topics.values():
        for crossref in _crossrefs(topic):
            found = lookup.find(crossref, "")
            if isinstance(found, Diagnostic):
                faults.append(found)
            else:
                backlinks.setdefault(found, []).append(Backlink(topic_address(topic.id), topic.label, ""))
    faults += [] if incomplete else _uncited(project, published)
    corpus = Corpus(project, published, targets, {key: _unique(found) for key, found in backlinks.items()}, hidden)
    return corpus, tuple(faults)


def redact_closed_verdicts(corpus: Corpus) -> Corpus:
    """The corpus as other pages may tell of it: no list gives away what a document keeps closed until a reader asks."""
    closed = {each.slug for each in corpus.documents if each.reveal}
    if not closed:
        return corpus
    documents = tuple(_closed(each) if each.reveal else each for each in corpus.documents)
    targets = {
        key: replace(target, verdict=CLOSED) if target.verdict and key[0] in closed else target
        for key, target in corpus.targets.items()
    }
    return replace(corpus, documents=documents, targets=targets)


def _closed(document: DocumentRecord) -> DocumentRecord:
    notes = tuple(
        replace(record, note=replace(record.note, verdict=CLOSED), excerpt="") if record.note.verdict else record
        for record in document.notes
    )
    return replace(document, notes=notes)


def add_page_links(corpus: Corpus, links: Sequence[PageLink]) -> Corpus:
    """The corpus with the backlinks that come from hand-written pages."""
    backlinks = dict(corpus.backlinks)
    for each in sorted(links, key=lambda link: (link.address, link.title)):
        key = (each.slug, each.note)
        backlinks[key] = _unique([*backlinks.get(key, ()), Backlink(each.address, each.title, "")])
    return replace(corpus, backlinks=backlinks)


def resolve_cross_link(
    corpus: Corpus, crossref: CrossLink, *, incomplete: frozenset[str] = frozenset()
) -> Target | Diagnostic:
    """Where a cross-link of a hand-written page leads, or what is wrong with it. ``incomplete`` as for ``link``."""
    found = _Lookup(corpus.targets, corpus.hidden, incomplete).find(crossref, "")
    return found if isinstance(found, Diagnostic) else corpus.targets[found]


def document_links(corpus: Corpus) -> Iterator[tuple[DocumentRecord, DocumentLinks]]:
    """Each document with all that its page needs to know of the others, in slug order."""
    lookup = _Lookup(corpus.targets, frozenset())
    for position, document in enumerate(corpus.documents):
        yield document, _slice(corpus, document, lookup, *_neighbours(corpus, position))


def topic_targets(corpus: Corpus, topic: Topic) -> Mapping[_Key, Target]:
    """Where the cross-links of a topic's description lead, as in ``Links``."""
    lookup = _Lookup(corpus.targets, frozenset())
    found = {(each.document or "", each.note or ""): lookup.find(each, "") for each in _crossrefs(topic)}
    return {key: corpus.targets[place] for key, place in found.items() if not isinstance(place, Diagnostic)}


def _crossrefs(topic: Topic) -> Iterator[CrossLink]:
    return (part for part in topic.about.html if isinstance(part, CrossLink)) if topic.about else iter(())


def _neighbours(corpus: Corpus, position: int) -> tuple[Target | None, Target | None]:
    documents = corpus.documents
    before = corpus.targets[documents[position - 1].slug, ""] if position else None
    after = corpus.targets[documents[position + 1].slug, ""] if position + 1 < len(documents) else None
    return before, after


def _slice(
    corpus: Corpus, document: DocumentRecord, lookup: _Lookup, previous: Target | None, following: Target | None
) -> DocumentLinks:
    targets: dict[_Key, Target] = {}
    for _, crossref in _links(document):
        found = lookup.find(crossref, document.slug)
        if not isinstance(found, Diagnostic):
            targets[found] = corpus.targets[found]
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


def _finished(document: DocumentRecord, titles: Mapping[str, str]) -> DocumentRecord:
    """The record with titles in its excerpts, where only the targets of cross-links have stood so far.

    Not with the words of a note that is linked to: they would stand there without their verdict.
    """
    if not document.opening and not any(each.opening for each in document.notes):
        return document

    def words(crossref: CrossLink) -> str | None:
        return titles.get(crossref.document or document.slug)

    notes = tuple(
        replace(each, excerpt=truncate(each.opening.text_with(words), EXCERPT), opening=None) if each.opening else each
        for each in document.notes
    )
    excerpt = truncate(document.opening.text_with(words), EXCERPT) if document.opening else document.excerpt
    return replace(document, notes=notes, excerpt=excerpt, opening=None)


def _links(document: DocumentRecord) -> Iterator[tuple[NoteRecord | None, CrossLink]]:
    for crossref in document.links:
        yield None, crossref
    for record in document.notes:
        for crossref in record.links:
            yield record, crossref


def _backlink(document: DocumentRecord, record: NoteRecord | None) -> Backlink:
    address = note_address(document.slug, record.note.id) if record else document_address(document.slug)
    return Backlink(address, document.title, (record.words or record.excerpt) if record else document.excerpt)


def _unique(backlinks: Iterable[Backlink]) -> tuple[Backlink, ...]:
    return tuple(sorted(set(backlinks), key=lambda each: (each.address, each.title, each.words)))


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
                f"cite it in a note (sources: [{key}]) or take it out",
            )


@dataclass(slots=True)
class _Nearest:
    """The names nearest to those that lead nowhere. Each is looked for once, and no more once it has cost too much."""

    left: int = _COMPARED
    hints: dict[tuple[str, str], str] = field(default_factory=dict)

    def hint(self, wanted: str, place: str, known: list[str]) -> str:
        """What to say of a name that is wanted at a place where these are known."""
        if (wanted, place) not in self.hints:
            if self.left < len(known):
                return "too many links lead nowhere to look for the nearest name of each: mend those told before"
            self.left -= len(known)
            near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
            self.hints[wanted, place] = f"nearest: {near[0]}" if near else "nothing here has a name like that"
        return self.hints[wanted, place]


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Finds what a cross-link means; ``hidden`` are the slugs of drafts that this site leaves out."""

    targets: Mapping[_Key, Target]
    hidden: frozenset[str]
    incomplete: frozenset[str] = frozenset()
    nearest: _Nearest = field(default_factory=_Nearest, compare=False)

    def find(self, crossref: CrossLink, own: str) -> _Key | Diagnostic:
        """The target's key, or the fault. ``own`` is the slug of the document that links, "" for what is none."""
        if crossref.document is None:
            return self._here(crossref, own)
        if crossref.document in self.hidden:
            return self._draft(crossref, crossref.document)
        if (crossref.document, "") not in self.targets:
            hint = self.nearest.hint(crossref.document, "", self._slugs())
            return Diagnostic(crossref.place, "L301", f'no document "{crossref.document}"', hint)
        key = (crossref.document, crossref.note or "")
        return key if key in self.targets else self._missing_there(crossref, crossref.document)

    def _here(self, crossref: CrossLink, own: str) -> _Key | Diagnostic:
        """A note of the same document; for a bare word, if there is none, a document."""
        note = crossref.note or ""
        if (own, note) in self.targets:
            return own, note
        if crossref.bare and (note, "") in self.targets:
            return note, ""
        if crossref.bare and note in self.hidden:
            return self._draft(crossref, note)
        return self._missing_here(crossref, own)

    def _draft(self, crossref: CrossLink, slug: str) -> Diagnostic:
        return Diagnostic(
            crossref.place,
            "L303",
            f'"{slug}" is a draft and left out of the published site',
            "publish it (take `draft: true` out) or take the link out",
        )

    def _missing_there(self, crossref: CrossLink, slug: str) -> Diagnostic:
        if slug in self.incomplete:
            return self._perhaps(crossref, slug)
        notes = [f"{document}#{note}" for document, note in self.targets if note and document == slug]
        message = f'no note "{crossref.note}" in document "{slug}"'
        hint = self.nearest.hint(f"{slug}#{crossref.note}", slug, notes)
        return Diagnostic(crossref.place, "L302", message, hint)

    def _missing_here(self, crossref: CrossLink, own: str) -> Diagnostic:
        if own in self.incomplete:
            return self._perhaps(crossref, own)
        wanted = crossref.note or ""
        if not own:
            message, hint = f'no note "{wanted}" here: only documents have notes', f"write [[document#{wanted}]]"
            return Diagnostic(crossref.place, "L302", message, hint)
        notes = [note for slug, note in self.targets if note and slug == own]
        message = f'no note "{wanted}" in this document'
        if crossref.bare:
            hint = self.nearest.hint(wanted, own, [*notes, *self._slugs()])
            return Diagnostic(crossref.place, "L302", f"{message}, and no document of that name", hint)
        if (wanted, "") in self.targets:
            hint = f"for the document of that name write {wanted} without #"
        else:
            hint = self.nearest.hint(f"#{wanted}", f"#{own}", [f"#{each}" for each in notes])
        return Diagnostic(crossref.place, "L302", message, hint)

    def _perhaps(self, crossref: CrossLink, slug: str) -> Diagnostic:
        return Diagnostic(
            crossref.place,
            "L302",
            f'no note "{crossref.note}" could be read in document "{slug}"',
            f'"{slug}" has errors of its own: mend those first, the note may be among them',
        )

    def _slugs(self) -> list[str]:
        return [slug for slug, note in self.targets if not note]
