"""Small makers of the nouns that rendering takes, with every field at its plainest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from html import escape

from builder.diagnostics import Place
from builder.model import (
    AnchoredDocument,
    Body,
    Document,
    DocumentLinks,
    DocumentMeta,
    Note,
    NoteKind,
    Piece,
    PieceRole,
    Placement,
    Project,
    Prose,
    Quote,
    Source,
    SourceFormat,
    Span,
    Verdict,
)

HERE = Place("seeds/a.yml", 1, 1)
VERDICTS = {
    each.id: each
    for each in (
        Verdict("supported", "Supported", "good", 5, ""),
        Verdict("partly", "Partly supported", "mixed", 3, ""),
        Verdict("misleading", "Misleading", "warn", 2, ""),
        Verdict("unsupported", "No evidence found", "unknown", None, ""),
        Verdict("false", "False", "bad", 1, ""),
        Verdict("opinion", "Opinion", "neutral", None, ""),
    )
}
PROJECT = Project("Annotated corpus", "en", None, None, VERDICTS, {}, {}, {})
LINKS = DocumentLinks({}, {}, {}, None, None)
META = DocumentMeta(
    title="A headline",
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


def prose(text: str) -> Prose:
    return Prose((f"<p>{escape(text)}</p>",), text)


def note(id_: str, kind: NoteKind = NoteKind.CONTEXT, **fields: object) -> Note:
    plain = Note(
        id=id_,
        kind=kind,
        quote=Quote(("x",), "", "", None, HERE),
        body=prose(f"About {id_}."),
        correct="right" if kind is NoteKind.CORRECTION else None,
        verdict="false" if kind is NoteKind.CLAIM else None,
        statement=None,
        claim=None,
        speaker=None,
        citations=(),
        see=(),
        topics=(),
        techniques=(),
        reviewed=None,
        by=(),
        place=HERE,
    )
    return replace(plain, **fields)


def source(key: str, **fields: object) -> Source:
    return replace(Source(key, f"Title of {key}", (), None, None, None, None, None, None, True, HERE), **fields)


def body(pieces: Iterable[Piece]) -> Body:
    pieces = tuple(pieces)
    text = "".join(each.value for each in pieces if each.role is not PieceRole.TAG)
    return Body(pieces, text, ())


def plain_body(text: str) -> Body:
    """A body as of a .txt file: paragraphs, the blank lines between them as gaps."""
    pieces = list[Piece]()
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            pieces.append(Piece(PieceRole.GAP, "\n\n"))
        pieces += [Piece(PieceRole.TAG, "<p>"), Piece(PieceRole.TEXT, paragraph), Piece(PieceRole.TAG, "</p>")]
    return body(pieces)


def placements(spans: Sequence[Sequence[tuple[int, int]]], notes: Sequence[Note] = ()) -> tuple[Placement, ...]:
    """Notes on these passages, numbered in the order in which they end; ids a, b, c … in the order given."""
    made = notes or [note(_name(place)) for place in range(len(spans))]
    order = sorted(range(len(spans)), key=lambda each: (spans[each][-1][1], -spans[each][0][0], each))
    numbers = {each: number for number, each in enumerate(order, 1)}
    return tuple(
        Placement(made[each], tuple(Span(*span) for span in spans[each]), numbers[each]) for each in range(len(spans))
    )


def anchored(
    text: Body,
    placed: Sequence[Placement] = (),
    general: Sequence[Note] = (),
    meta: DocumentMeta = META,
    slug: str = "a",
) -> AnchoredDocument:
    document = Document(
        slug=slug,
        path=f"seeds/{slug}.txt",
        sidecar=f"seeds/{slug}.yml",
        collection="",
        format=SourceFormat.TXT,
        meta=meta,
        body=text,
        sha256=sha256(text.text.encode("utf-8", "surrogatepass")).hexdigest(),
        notes=(*general, *(each.note for each in placed)),
        sources=(),
    )
    return AnchoredDocument(document, tuple(sorted(placed, key=lambda each: each.number)), tuple(general))


def _name(place: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[place] if place < len(letters) else f"n{place}"
