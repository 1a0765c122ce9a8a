"""Make the small record of a document that the link stage works with."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from builder.addresses import claim_address
from builder.model import (
    AnchoredDocument,
    Body,
    CrossLink,
    Document,
    DocumentRecord,
    Note,
    NoteRecord,
    Placement,
    Prose,
    Span,
)
from builder.spaced_text import SpacedText, space_out, spaced_text

WORDS = 90  # code points of a quote that stand for it elsewhere: about a line of a list
EXCERPT = 220  # code points of a body that stand for it elsewhere: about three lines
EXPLANATION = 600  # code points of the first paragraph on a claim: what its page begins with
SENTENCE = 400  # code points of context at most, on either side of a quote
# A sentence ends at a full stop, with the quotation marks and brackets that close after it, before white space.
_TAG = re.compile(r"<[^>]*>")  # of our own HTML, whose attributes have no such sign
_BREAK = re.compile(r"[.!?…。！？][’”'\")\]»]*\s|\n")


def document_record(anchored: AnchoredDocument) -> DocumentRecord:
    """Return the record of a document."""
    document = anchored.document
    meta = document.meta
    text = space_out(document.body, separator="\n")
    placed = tuple(_placed(text, document, placement) for placement in anchored.placements)
    general = tuple(
        _note_record(note, document.slug, number=None, words=_retired_words(note), sentence="", mark=None)
        for note in anchored.general
    )
    placed_ids = {record.note.id for record in (*general, *placed)}
    unplaced = (note for note in document.notes if note.id not in placed_ids)
    return DocumentRecord(
        slug=document.slug,
        path=document.path,
        sidecar=document.sidecar,
        collection=document.collection,
        title=meta.title,
        language=meta.language,
        notes_language=meta.notes_language,
        rtl=meta.rtl,
        published=meta.published,
        publisher=meta.publisher,
        topics=meta.topics,
        excerpt=truncate(meta.summary.text if meta.summary else text.text[: 4 * EXCERPT], EXCERPT),
        opening=_opening(meta.summary),
        noindex=meta.noindex,
        draft=meta.draft,
        reveal=meta.reveal,
        aliases=meta.aliases,
        finding=meta.finding,
        notes=general + placed,
        links=_crossrefs(meta.finding) + _crossrefs(meta.summary),
        sources=document.sources,
        unplaced=tuple(
            _note_record(note, document.slug, number=None, words="", sentence="", mark=None) for note in unplaced
        ),
    )


def truncate(text: str, limit: int) -> str:
    """Return ``text`` on one line of at most ``limit`` code points, cut between words if possible."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    # A text without spaces (Chinese, a long URL) is cut at the limit.
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:—–-") + "…"


def quoted_words(body: Body, spans: tuple[Span, ...]) -> str:
    """Return the words of a note's passages on one line, separated by an ellipsis."""
    return " … ".join(" ".join(spaced_text(body, span.start, span.end).split()) for span in spans)


def _placed(text: SpacedText, document: Document, placement: Placement) -> NoteRecord:
    first = text.from_body(placement.spans[0])
    start, end = _sentence(text.text, first)
    sentence = text.text[start:end]
    return _note_record(
        placement.note,
        document.slug,
        number=placement.number,
        words=truncate(quoted_words(document.body, placement.spans), WORDS),
        sentence=sentence,
        mark=Span(first.start - start, first.end - start),
    )


def _note_record(
    note: Note, slug: str, *, number: int | None, words: str, sentence: str, mark: Span | None
) -> NoteRecord:
    return NoteRecord(
        # Without what is long: a corpus keeps the records of all its notes in memory.
        note=replace(note, quote=None, body=None, see=()),
        number=number,
        words=words,
        excerpt=truncate(note.body.text, EXCERPT) if note.body else "",
        opening=_opening(note.body),
        sentence=sentence,
        mark=mark,
        links=note.see + _crossrefs(note.body),
        explanation=_first_paragraph(note.body) if claim_address(slug, note) else None,
    )


def _first_paragraph(prose: Prose | None) -> Prose | None:
    """Return the text of the first paragraph of a body, with its links; None if it begins with something else."""
    if prose is None or not prose.html or not str(prose.html[0]).startswith("<p"):
        return None
    length, links = 0, iter(prose.links)
    for part in prose.html:
        if isinstance(part, str):
            before, closed, _ = part.partition("</p>")
            length += len(unescape(_TAG.sub("", before)))
            if closed:
                break
        else:
            length = next(links)[0].end
    length = min(length, 4 * EXPLANATION)
    return Prose((), prose.text[:length], tuple(link for link in prose.links if link[0].end <= length))


def _opening(prose: Prose | None) -> Prose | None:
    """Return the part of a body that its excerpt is made from, if it holds a cross-link; else None."""
    if prose is None or not prose.links or prose.links[0][0].start > EXCERPT:
        return None
    cut = 4 * EXCERPT
    return Prose((), prose.text[:cut], tuple(link for link in prose.links if link[0].end <= cut))


def _retired_words(note: Note) -> str:
    """Return the words that a retired note was about; "" for a note on the whole document."""
    return truncate(" … ".join(note.quote.parts), WORDS) if note.quote else ""


def _crossrefs(prose: Prose | None) -> tuple[CrossLink, ...]:
    return tuple(part for part in prose.html if isinstance(part, CrossLink)) if prose else ()


def _sentence(text: str, span: Span) -> tuple[int, int]:
    """Return the offsets of the sentence or sentences around a span; a line end closes a sentence too."""
    floor, ceiling = max(0, span.start - SENTENCE), min(len(text), span.end + SENTENCE)
    start = max((match.end() for match in _BREAK.finditer(text, floor, span.start)), default=floor)
    after = _BREAK.search(text, span.end - 1, ceiling)
    end = after.end() if after and after.end() > span.end else ceiling
    while start < span.start and text[start].isspace():
        start += 1
    while end > span.end and text[end - 1].isspace():
        end -= 1
    return start, end
