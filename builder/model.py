"""The frozen nouns that the stages hand to each other. No behaviour beyond what a value can say of itself.

Offsets are half-open and count Unicode code points of ``Document.text``. Addresses are relative to the site's
root, without a leading slash, directories ending in one (``documents/a/b/``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from builder.diagnostics import Place
from builder.translation import ENGLISH, OwnWords, Translation


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused for its size. Every figure is a setting; the guide's page of settings is made from these lines.

    ``document_bytes``: size of a document in bytes (F103).

    ``sidecar_bytes``: size of a sidecar, ``corpus.yml`` or ``sources.yml`` in bytes (F103).

    ``yaml_depth``: levels of nesting in a YAML file (Y108).

    ``yaml_events``: keys, values, and beginnings and ends of lists and mappings in a YAML file (Y108).

    ``notes``: notes in one sidecar (Y108).

    ``document_seconds``: seconds of a processor that reading a document and placing its notes may take (F117).

    ``document_memory``: bytes of memory that it may take (F117). Only on Linux, and not when a preview reads again.

    ``depth``: elements nested in one another in an HTML document (H101). Markdown has a limit of its own, about 100,
    which this can lower but not raise.

    ``attributes``: attributes of one HTML tag (H101).
    """

    document_bytes: int = 20_000_000
    document_seconds: int = 60
    document_memory: int = 2_000_000_000
    sidecar_bytes: int = 4_000_000
    yaml_depth: int = 12
    yaml_events: int = 400_000
    notes: int = 20_000
    depth: int = 512
    attributes: int = 64


# --- the corpus's own description (corpus.yml, sources.yml) ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """One step of the verdict scale. ``tone`` picks colour and shape: good, mixed, warn, bad, unknown, neutral.

    ``ours``: its label and meaning are the program's own words, which readers see in their language.
    """

    id: str
    label: str
    tone: str
    rating: int | None
    means: str
    ours: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that documents and notes are filed under."""

    id: str
    label: str
    about: Prose | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is quoted. ``same_as`` is an address that identifies the person elsewhere."""

    id: str
    name: str
    same_as: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the bibliography. ``link`` false: print the address, do not send readers to it.

    ``type``: what it is, as CSL calls it. ``party``: why it is a party to the dispute.
    """

    key: str
    title: str
    authors: tuple[str, ...]
    publisher: str | None
    date: str | None
    url: str | None
    archived: str | None
    retrieved: str | None
    note: str | None
    link: bool
    place: Place
    type: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who answers for the corpus."""

    name: str
    url: str | None
    corrections_policy: str | None


@dataclass(frozen=True, slots=True)
class Project:
    """What ``corpus.yml`` and ``sources.yml`` say: the same for every document. Maps keep the files' order.

    ``faulty`` are the keys of sources that were left out for a fault of their own. ``unsure`` are the codes of faults
    that are not to be told, because the file that would know could not be read. ``reveal``: the documents' default.
    ``site_url``: the published site's own address, where the engine knows it. ``search``: that of its search page, if
    it has one. ``cards``: whether share cards are drawn. ``translation``: the readers' language, in which the program
    speaks on the site. ``what_holds``: the corpus's own words for tones, in the sentence on a document's claims; None
    if it wants no such sentence.
    """

    title: str
    language: str
    publisher: Publisher | None
    license: str | None
    verdicts: Mapping[str, Verdict]
    topics: Mapping[str, Topic]
    people: Mapping[str, Person]
    sources: Mapping[str, Source]
    reveal: bool = False
    site_url: str | None = None
    search: str | None = None
    cards: bool = False
    faulty: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    translation: Translation = ENGLISH
    what_holds: tuple[OwnWords, ...] | None = ()


# --- a document -----------------------------------------------------------------------------------------------------


class PieceRole(StrEnum):
    """What a piece of a body is."""

    TAG = "tag"  # one tag of markup, clean and ready to print
    TEXT = "text"  # characters that a mark may be put around; not escaped
    GAP = "gap"  # white space between blocks: part of the text, but no place for a mark; not escaped


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a body. Tags are one piece each, so a reader of pieces can follow open elements."""

    role: PieceRole
    value: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The character at ``offset`` of the text stands at ``line`` and ``column`` (both from 1) of the source file.

    Between two origins the file is taken to run on as the text does: a line feed starts the next line at column 1.
    """

    offset: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document, for the contents list. ``id`` stands in the markup already."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A document's content as a flat run of pieces.

    ``text`` is the TEXT and GAP pieces joined: the one reading text, used by everyone. ``pictures`` are the files
    beside the document that the markup shows, relative to ``seeds/``. ``breaks`` are the offsets, in order, at which
    two words touch in ``text`` but not on the page: between them stands a line break or the border of a block, a cell
    or an item. ``builder.spaced_text`` gives the text with white space there. ``readings`` and ``brackets`` are the
    spans of ruby text and of the brackets around it: a quote may leave them out.
    """

    pieces: tuple[Piece, ...]
    text: str
    origins: tuple[Origin, ...]
    headings: tuple[Heading, ...] = ()
    pictures: tuple[str, ...] = ()
    breaks: tuple[int, ...] = ()
    readings: tuple[Span, ...] = ()
    brackets: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossLink:
    """A cross-link as written: ``[[document#note|words]]`` or an entry of ``see:``.

    ``document`` is None where the link stays in its own document; ``note`` is None where it goes to a whole one.
    ``bare``: a word of ``see:`` without ``#``, which is a note of its own document or else a document.
    """

    document: str | None
    note: str | None
    words: str | None
    place: Place
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown that was turned into safe HTML, with the cross-links left open for the link stage.

    ``html`` alternates freely between finished HTML and open cross-links; ``text`` is its plain reading text, in which
    a cross-link without words stands as its target: ``links`` are the places of all cross-links, in order.
    """

    html: tuple[str | CrossLink, ...]
    text: str
    links: tuple[tuple[Span, CrossLink], ...] = ()

    def with_words(self, words: Callable[[CrossLink], str | None]) -> Prose:
        """The prose with these words in ``text`` for cross-links without words; None leaves the target there."""
        parts, links, end, length = list[str](), list[tuple[Span, CrossLink]](), 0, 0
        for span, crossref in self.links:
            shown = self.text[span.start : span.end]
            parts += self.text[end : span.start], shown if crossref.words else words(crossref) or shown
            end, length = span.end, length + span.start - end + len(parts[-1])
            links.append((Span(length - len(parts[-1]), length), crossref))
        return Prose(self.html, "".join((*parts, self.text[end:])), tuple(links))


class NoteKind(StrEnum):
    """The three kinds of note."""

    CLAIM = "claim"
    CONTEXT = "context"
    CORRECTION = "correction"


# The lists of notes in a sidecar, in the order of the documentation, and the kind of the notes in each.
NOTE_LISTS: Final[Mapping[str, NoteKind]] = MappingProxyType(
    {"claims": NoteKind.CLAIM, "context": NoteKind.CONTEXT, "corrections": NoteKind.CORRECTION}
)


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that a note is about, as written: one part, or several passages in reading order."""

    parts: tuple[str, ...]
    prefix: str
    suffix: str
    occurrence: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Citation:
    """A source cited by a note: where in it (``at``), and what it supports."""

    source: str
    at: str | None
    supports: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Note:
    """One annotation, without a place in the text yet.

    ``retired``: the date and reason why its words are gone. It has no place any more, and keeps its address.
    """

    id: str
    kind: NoteKind
    quote: Quote | None
    body: Prose | None
    correct: str | None
    verdict: str | None
    statement: str | None
    claim: str | None
    speaker: str | None
    citations: tuple[Citation, ...]
    see: tuple[CrossLink, ...]
    topics: tuple[str, ...]
    techniques: tuple[str, ...]
    reviewed: str | None
    by: tuple[str, ...]
    place: Place
    retired: str | None = None
    history: tuple[VerdictChange, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentMeta:
    """What is known of a document. Dates are ISO 8601, whole or cut to the month or year.

    ``language`` is that of the document, ``notes_language`` that of what is written on it, both BCP 47.
    ``finding`` is one line on the document as a whole, ``summary`` a paragraph. ``reveal``: teaching mode, where a
    claim's verdict stays closed until the reader opens it. ``aliases`` are earlier slugs, whose addresses lead to this
    one.
    """

    title: str
    language: str
    rtl: bool
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    url: str | None
    archived: str | None
    retrieved: str | None
    rights: str | None
    topics: tuple[str, ...]
    finding: Prose | None
    summary: Prose | None
    link_original: bool
    noindex: bool
    draft: bool
    text_sha256: str | None
    reveal: bool = False
    notes_language: str = "en"
    aliases: tuple[str, ...] = ()


class SourceFormat(StrEnum):
    """The formats of a source document, by file ending."""

    TXT = "txt"
    MD = "md"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Document:
    """A source document with its notes, as read.

    ``path`` is the source file and ``sidecar`` its sidecar, both relative to the project; ``collection`` is the
    sub-folder of ``seeds/`` or "". ``sha256`` is the fingerprint of ``body.text`` in UTF-8. ``sources`` are those
    written out in the sidecar itself, under keys of their own.
    """

    slug: str
    path: str
    sidecar: str | None
    collection: str
    format: SourceFormat
    meta: DocumentMeta
    body: Body
    sha256: str
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    @property
    def text(self) -> str:
        """The reading text."""
        return self.body.text


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A change of verdict as an editor tells it in ``history:``; ``before`` and ``after`` are verdicts."""

    date: str
    before: str | None
    after: str | None
    reason: str


# --- with places ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of the text; never empty."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A note that has its place: its passages in reading order, and its number on the page (from 1)."""

    note: Note
    spans: tuple[Span, ...]
    number: int


@dataclass(frozen=True, slots=True)
class AnchoredDocument:
    """A document whose notes have their places, in the order of their numbers.

    ``general`` are the notes on the whole document and the retired ones, in the sidecar's order.
    """

    document: Document
    placements: tuple[Placement, ...]
    general: tuple[Note, ...]


# --- what links know: small records, no bodies ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note as seen from elsewhere: ``note`` itself without its quote, body and ``see``, and what stands for these.

    ``number``: the note's number on its page, if it has a place there.
    ``words``: the quote on one line, shortened.
    ``excerpt``: the body likewise.
    ``sentence``: the sentence of the text around the quote; a retired note has none.
    ``mark``: the quote's place in ``sentence``.
    ``links``: the cross-links of the body and of ``see``.
    ``excerpt_links``: the places of cross-links in ``excerpt``, and the addresses that they lead to.
    ``opening``: the beginning of a body with cross-links. The link stage knows where they lead, and the titles of those
    without words; it renews the excerpt and leaves None.
    ``explanation``: the first paragraph of the body of a claim that has a page of its own; after the link stage without
    links, and with titles for those that have no words.
    """

    note: Note
    number: int | None
    words: str
    excerpt: str
    sentence: str
    mark: Span | None
    links: tuple[CrossLink, ...]
    opening: Prose | None = None
    excerpt_links: tuple[tuple[Span, str], ...] = ()
    explanation: Prose | None = None


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as seen from elsewhere.

    ``unplaced`` are notes whose quote has no place (an error that has been told): links of theirs and to them are
    looked at all the same, so that one run tells everything. ``reveal``: readers open its verdicts themselves.
    ``opening``: of the summary, as in ``NoteRecord``. ``finding``: None where it is closed.
    """

    slug: str
    path: str
    sidecar: str | None
    collection: str
    title: str
    language: str
    rtl: bool
    published: str | None
    publisher: str | None
    topics: tuple[str, ...]
    excerpt: str
    noindex: bool
    draft: bool
    notes: tuple[NoteRecord, ...]
    links: tuple[CrossLink, ...]
    sources: tuple[Source, ...]
    unplaced: tuple[NoteRecord, ...] = ()
    reveal: bool = False
    opening: Prose | None = None
    notes_language: str = "en"
    aliases: tuple[str, ...] = ()
    finding: Prose | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a cross-link leads: a document, or one note of it. ``words`` is what to print if the link has none."""

    address: str
    slug: str
    note: str | None
    title: str
    words: str
    kind: NoteKind | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Backlink:
    """Somewhere that links here: another note, a document's summary, or a page of ``docs/``.

    ``title``: of the document or page. ``words``: those of the note, or the beginning of the summary.
    ``kind``, ``verdict``: of the note, if it is one.
    """

    address: str
    title: str
    words: str
    kind: NoteKind | None = None
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentLinks:
    """All that one document's page needs to know of the rest of the corpus.

    ``targets``: (document or own slug, note or "") -> target. ``backlinks``: note id, or "" for the document itself.
    ``changes``: note id -> what happened to it, the oldest first.
    """

    targets: Mapping[tuple[str, str], Target]
    backlinks: Mapping[str, tuple[Backlink, ...]]
    sources: Mapping[str, Source]
    previous: Target | None
    following: Target | None
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that the link stage knows: the project, every document's record in slug order, and who links to whom.

    ``hidden`` are the slugs of drafts that this site leaves out.
    """

    project: Project
    documents: tuple[DocumentRecord, ...]
    targets: Mapping[tuple[str, str], Target]
    backlinks: Mapping[tuple[str, str], tuple[Backlink, ...]]
    hidden: frozenset[str] = frozenset()


# --- what the whole corpus says, gathered from the records ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Appearance:
    """A note and the document that it stands in; the document's record is bare of its notes, links and sources.

    ``sources`` are those that the note cites and that exist, in its order, beside their citations.
    """

    document: DocumentRecord
    record: NoteRecord
    sources: tuple[tuple[Citation, Source], ...]

    @property
    def note(self) -> Note:
        """The note itself, as its record holds it."""
        return self.record.note


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim with all its appearances, the earliest document first. ``statement`` is None if no note states it.

    ``changes`` are those of all its appearances, the oldest first.
    """

    address: str
    statement: str | None
    appearances: tuple[Appearance, ...]
    changes: tuple[ChangelogEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source with every note that cites it."""

    address: str
    source: Source
    appearances: tuple[Appearance, ...]


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A topic with the documents and the notes that are filed under it; ``targets`` as in ``Links``."""

    address: str
    topic: Topic
    documents: tuple[DocumentRecord, ...]
    appearances: tuple[Appearance, ...]
    targets: Mapping[tuple[str, str], Target]


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A speaker with the claims that documents give to them."""

    address: str
    person: Person
    appearances: tuple[Appearance, ...]


Entry = ClaimEntry | SourceEntry | TopicEntry | PersonEntry


@dataclass(frozen=True, slots=True)
class Catalog:
    """What the whole corpus says. ``claims``, ``sources`` and the rest are in the order of their indexes.

    ``corrections``: the newest review first, the undated last.
    """

    claims: tuple[ClaimEntry, ...]
    sources: tuple[SourceEntry, ...]
    topics: tuple[TopicEntry, ...]
    people: tuple[PersonEntry, ...]
    corrections: tuple[Appearance, ...]
    changelog: Changelog | None = None

    @property
    def changes(self) -> tuple[ChangelogEntry, ...]:
        """What changed, the newest first; nothing where history was not asked."""
        return self.changelog.entries if self.changelog else ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All that has a page of its own."""
        return (*self.claims, *self.sources, *self.topics, *self.people)


# --- what changed when ------------------------------------------------------------------------------------------------


class Event(StrEnum):
    """What can happen to a published note, and to the text of its document."""

    ADDED = "added"
    REMOVED = "removed"
    RETIRED = "retired"
    VERDICT = "verdict"  # changed
    CORRECTION = "correction"  # reads otherwise
    NOTED = "noted"  # what an editor tells in ``history:`` without a value before and after
    REWORDED = "reworded"  # its statement or its text
    TEXT = "text"  # of the document changed


@dataclass(frozen=True, slots=True)
class Change:
    """One event in the life of a note. ``sidecar`` is where the note is, or was last; ``note`` its id.

    A change of a document's text has the document's path as ``sidecar``, and no note (""). ``before`` and ``after`` are
    verdicts; for corrections what the words should read; or the words that changed. ``date`` is ISO 8601, a day or a
    moment with its offset. ``commit`` is None for what an editor wrote into ``history:`` alone.
    """

    event: Event
    sidecar: str
    note: str
    kind: NoteKind
    before: str | None
    after: str | None
    date: str
    reason: str
    commit: str | None


@dataclass(frozen=True, slots=True)
class ChangelogEntry:
    """A change as the published corpus shows it. ``address`` is the note's, or its document's once the note is gone.

    ``change`` leaves out what the document keeps closed (teaching mode).
    ``title`` is the document's; ``words`` are what the note is about, "" where it is gone.
    ``verdict``, ``correct``: those of the note today, which is what its words have to stand with.
    """

    change: Change
    slug: str
    address: str
    title: str
    words: str
    verdict: str | None = None
    correct: str | None = None


@dataclass(frozen=True, slots=True)
class Changelog:
    """What changed in the published corpus. ``news``: the newest first. ``since`` as in ``Ledger``.

    ``notes``: (document, note) -> its changes, the oldest first.
    """

    entries: tuple[ChangelogEntry, ...]
    notes: Mapping[tuple[str, str], tuple[Change, ...]]
    since: str | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What git history tells of the notes, oldest first.

    ``since``: the date before which history is missing here, "" where all of it is; None where nothing is known.
    """

    changes: tuple[Change, ...]
    since: str | None


@dataclass(frozen=True, slots=True)
class CorpusCommit:
    """The commit that a published corpus is of. ``day``: when it was committed, ISO 8601, in UTC."""

    oid: str
    day: str


# --- pages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TocEntry:
    """One line of a page's contents list."""

    id: str
    text: str
    children: tuple[TocEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class CardWords:
    """Words on a share card, on one line of plain text. ``language``: BCP 47."""

    text: str
    language: str
    rtl: bool = False


@dataclass(frozen=True, slots=True)
class CardPart:
    """A verdict or kind on a share card: its tone, its shape, its words, and how many notes have it."""

    tone: str
    glyph: str
    words: CardWords
    number: int


@dataclass(frozen=True, slots=True)
class Card:
    """What a share card shows, from top to bottom: the picture that other sites put beside a link to a page.

    ``origin``: where the page's subject is from.
    ``verdicts``: those of a claim, which stand before its title; else none.
    ``finding``: one line on what was found, if there is one.
    ``bar``: numbers of notes.
    ``site``: the site's name.
    ``rtl``: whether the card is laid out from right to left.
    """

    origin: CardWords
    verdicts: tuple[CardPart, ...]
    title: CardWords
    finding: CardWords | None
    bar: tuple[CardPart, ...]
    site: CardWords
    rtl: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page, before it is pressed into the theme.

    ``title`` and ``description`` are plain text (escaped when pressed); ``content`` and ``head`` are HTML.
    ``card``: its share card, if it is to have one.
    """

    address: str
    title: str
    description: str
    content: str
    contents: tuple[TocEntry, ...]
    noindex: bool = False
    head: str = ""
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """One thing to find: a document, a note of it, or a hand-written page.

    ``group`` is what it belongs under (the document's title); ``filters`` are facet -> values.
    """

    address: str
    title: str
    text: str
    language: str
    type: str  # document | note | page
    group: str
    meta: Mapping[str, str]
    filters: Mapping[str, tuple[str, ...]]
    sort: Mapping[str, str]
