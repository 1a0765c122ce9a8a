"""Documents for the anchor stage's tests, built from the model alone."""

from __future__ import annotations

from builder.diagnostics import Place
from builder.model import Body, Document, DocumentMeta, Note, NoteKind, Origin, Piece, PieceRole, Quote, SourceFormat

META = DocumentMeta(
    title="A text",
    language="en",
    rtl=False,
    authors=(),
    publisher=None,
    published=None,
    url=None,
    archived=None,
    retrieved=None,
    rights=None,
    topics=(),
    finding=None,
    summary=None,
    link_original=True,
    noindex=False,
    draft=False,
    text_sha256=None,
)


def quote(*parts: str, prefix: str = "", suffix: str = "", occurrence: int | None = None, line: int = 1) -> Quote:
    return Quote(parts, prefix, suffix, occurrence, Place("seeds/a.yml", line, 5))


def note(words: Quote | None, ident: str = "n") -> Note:
    return Note(
        id=ident,
        kind=NoteKind.CONTEXT,
        quote=words,
        body=None,
        correct=None,
        verdict=None,
        statement=None,
        claim=None,
        speaker=None,
        citations=(),
        see=(),
        topics=(),
        techniques=(),
        reviewed=None,
        by=(),
        place=words.place if words else Place("seeds/a.yml", 1, 1),
    )


def document(text: str, *notes: Note, breaks: tuple[int, ...] = ()) -> Document:
    return Document(
        slug="a",
        path="seeds/a.txt",
        sidecar="seeds/a.yml",
        collection="",
        format=SourceFormat.TXT,
        meta=META,
        body=Body((Piece(PieceRole.TEXT, text),), text, (Origin(0, 1, 1),), breaks=breaks),
        sha256="",
        notes=notes,
        sources=(),
    )
