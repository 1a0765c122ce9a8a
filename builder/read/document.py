"""A seed -> a Document: the bytes decoded, the format read, the sidecar's notes and fields put to it."""

from __future__ import annotations

import hashlib
import re
import shlex
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from builder.addresses import document_address
from builder.diagnostics import Diagnostic, Place
from builder.model import NOTE_LISTS, Document, DocumentMeta, Limits, Project, SourceFormat
from builder.read import field_values
from builder.read.characters import replace_unpublishable
from builder.read.corpus_files import read_fields
from builder.read.decode import decode
from builder.read.discovery import Seed, read_limited, read_text_file
from builder.read.html import read_html
from builder.read.markdown import read_markdown, split_front_matter
from builder.read.parsed_source import ParsedSource
from builder.read.plain_text import read_plain_text
from builder.read.schema import NAMES
from builder.read.sidecar import ParsedSidecar, read_sidecar
from builder.read.yaml import MappingNode, ScalarNode, read_yaml

_TITLE_WIDTH: Final = 120  # of a title that is made from a document's first line


def read_document(seed: Seed, project: Project, limits: Limits) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read a document and its sidecar; None where the document itself can't be read.

    A sidecar that can't be read leaves the document plain; the diagnostics say why.
    """
    data, faults = read_limited(seed.path, seed.name, limits.document_bytes)
    if data is None:
        return None, faults
    read, unread = READERS[seed.format](data, seed, limits)
    if read is None:
        return None, unread
    if not read.reading.body.text.strip():
        hint = "write something in it, or begin its name with _ to have it ignored"
        return None, (*unread, Diagnostic(Place(seed.name), "F102", "the document has no text", hint))
    contested: tuple[Diagnostic, ...] = ()
    if seed.rivals:
        seed, contested = _settle(seed, fingerprint(read.reading.body.text), limits)
    text, unsaid = _sidecar_text(seed, limits)
    sidecar, said = read_sidecar(
        text, file=seed.sidecar_name or seed.name, slug=seed.slug, project=project, limits=limits, front=read.front
    )
    document = _document(seed, read.reading, sidecar, project)
    found = {*unread, *contested, *unsaid, *said, *_changed(document, sidecar)}
    return document, tuple(sorted(found))


def reading_text(data: bytes, seed: Seed, limits: Limits) -> str | None:
    """The reading text of other bytes, read as this document is; None where they can't be."""
    read, _ = READERS[seed.format](data, seed, limits)
    return read.reading.body.text if read else None


def fingerprint(text: str) -> str:
    """The fingerprint of a reading text: SHA-256 of its UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _settle(seed: Seed, own: str, limits: Limits) -> tuple[Seed, tuple[Diagnostic, ...]]:
    """A seed whose sidecar stands beside several documents: with the sidecar only where it is surely its own (F105).

    ``own`` is the fingerprint of its text; whose the sidecar is, its ``text_sha256`` says.
    """
    text, _ = _sidecar_text(seed, limits)
    tree, _ = read_fields(text, seed.sidecar_name or "", limits)
    noted = tree.get("text_sha256")
    pinned = noted.text.lower() if isinstance(noted, ScalarNode) else ""
    bare = replace(seed, sidecar=None, sidecar_name=None, rivals=())
    kept = replace(seed, rivals=()) if pinned == own else bare
    first, *others = seed.rivals
    if seed.name not in others:
        return kept, ()
    hint = "rename one of the two, and the sidecar with the one that it belongs to"
    rivals = (replace(bare, name=name, path=seed.path.with_name(PurePosixPath(name).name)) for name in seed.rivals)
    owners = [each.name for each in rivals if pinned and _fingerprint_of(each, limits) == pinned]
    if len(owners) == 1:
        hint = f"by its text_sha256, {seed.sidecar_name} belongs to {owners[0]}: rename the other document"
    return kept, (Diagnostic(Place(seed.name), "F105", _taken(seed.slug, first), hint),)


def _fingerprint_of(seed: Seed, limits: Limits) -> str:
    seed = replace(seed, format=SourceFormat(seed.path.suffix.lower()[1:]))
    data, _ = read_limited(seed.path, seed.name, limits.document_bytes)
    text = reading_text(data, seed, limits) if data is not None else None
    return fingerprint(text) if text is not None else ""


def _taken(slug: str, other: str) -> str:
    return f"the address {document_address(slug)} belongs to {other} already"


def slug_collisions(documents: Iterable[tuple[str, str]]) -> tuple[Diagnostic, ...]:
    """F105 for every document, given as (slug, path), whose address another has in the eyes of some file system."""
    first: dict[str, str] = {}
    found: list[Diagnostic] = []
    for slug, path in sorted(documents, key=lambda each: each[1]):
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", slug).casefold())
        other = first.setdefault(folded, path)
        if other != path:
            hint = "rename one of the two, or give one of them another address in its sidecar: slug: …"
            found.append(Diagnostic(Place(path), "F105", _taken(slug, other), hint))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Read:
    """A document's text in its format, and its front matter's fields."""

    reading: ParsedSource
    front: MappingNode | None = None


_Reader = Callable[[bytes, Seed, Limits], tuple[_Read | None, tuple[Diagnostic, ...]]]
"""(bytes of the file, the seed, limits) -> what the document holds, None where it can't be read; and diagnostics."""


def _sidecar_text(seed: Seed, limits: Limits) -> tuple[str | None, tuple[Diagnostic, ...]]:
    if seed.sidecar is None or seed.sidecar_name is None:
        return None, ()
    return read_text_file(seed.sidecar, seed.sidecar_name, limits.sidecar_bytes)


def _read_txt(data: bytes, seed: Seed, limits: Limits) -> tuple[_Read | None, tuple[Diagnostic, ...]]:
    del limits
    source, diagnostics = decode(data, seed.name)
    if source is None:
        return None, diagnostics
    clean, diagnostics = replace_unpublishable(source, seed.name)
    return _Read(ParsedSource(read_plain_text(clean), None, (), None, None)), diagnostics


def _read_html(data: bytes, seed: Seed, limits: Limits) -> tuple[_Read | None, tuple[Diagnostic, ...]]:
    source, diagnostics = decode(data, seed.name)
    if source is None:
        return None, diagnostics
    reading, diagnostics = read_html(source, path=seed.name, folder=seed.collection, limits=limits)
    return (_Read(reading) if reading else None), diagnostics


def _read_markdown(data: bytes, seed: Seed, limits: Limits) -> tuple[_Read | None, tuple[Diagnostic, ...]]:
    source, diagnostics = decode(data, seed.name)
    if source is None:
        return None, diagnostics
    matter, first_line, rest = split_front_matter(source)
    front, unread = _front(matter, seed.name, limits) if matter is not None else (None, ())
    reading, faults = read_markdown(rest, path=seed.name, folder=seed.collection, limits=limits, first_line=first_line)
    return (_Read(reading, front) if reading else None), (*unread, *faults)


# A new format is a member of SourceFormat, a function here, and its row.
READERS: Mapping[SourceFormat, _Reader] = MappingProxyType(
    {SourceFormat.TXT: _read_txt, SourceFormat.HTML: _read_html, SourceFormat.MD: _read_markdown}
)


def _front(matter: str, name: str, limits: Limits) -> tuple[MappingNode | None, tuple[Diagnostic, ...]]:
    """The fields of front matter, which begins on the file's second line. Keys we don't know are the document's own."""
    tree, faults = read_yaml(matter, file=name, limits=limits, first_line=2, names=NAMES)
    if not isinstance(tree, MappingNode):
        empty = tree is None or (isinstance(tree, ScalarNode) and not tree.value)
        wrong = Diagnostic(Place(name, 2, 1), "S102", "front matter is a list of fields", "write: title: …")
        return None, faults if empty else (*faults, wrong)
    notes = [tree.keys[key] for key in NOTE_LISTS if key in tree.keys]
    return tree, (
        *faults,
        *(
            Diagnostic(
                key.place, "S101", f'"{key.value}" in front matter', "notes stand in the sidecar: move them there"
            )
            for key in notes
        ),
    )


def _document(seed: Seed, reading: ParsedSource, sidecar: ParsedSidecar, project: Project) -> Document:
    return Document(
        slug=sidecar.head.slug or seed.slug,
        path=seed.name,
        sidecar=seed.sidecar_name,
        collection=seed.collection,
        format=seed.format,
        meta=_meta(seed, reading, sidecar, project),
        body=reading.body,
        sha256=fingerprint(reading.body.text),
        notes=sidecar.notes,
        sources=sidecar.sources,
    )


def _meta(seed: Seed, reading: ParsedSource, sidecar: ParsedSidecar, project: Project) -> DocumentMeta:
    head = sidecar.head
    language = head.language or _fit_language(reading.language) or project.language
    return DocumentMeta(
        title=head.title or _own_title(reading) or seed.relative.rpartition("/")[2],
        language=language,
        notes_language=head.notes_language or project.language,
        rtl=field_values.is_rtl(language),
        authors=head.author or reading.authors,
        publisher=head.publisher,
        published=head.published or _fit_date(reading.published),
        url=head.url,
        archived=head.archived,
        retrieved=head.retrieved,
        rights=head.rights,
        topics=sidecar.topics,
        summary=sidecar.summary,
        link_original=head.link_original,
        noindex=head.noindex,
        draft=head.draft,
        text_sha256=head.text_sha256,
        reveal=project.reveal if head.reveal is None else head.reveal,
    )


def _own_title(reading: ParsedSource) -> str:
    if reading.title and reading.title.strip():
        return re.sub(r"\s+", " ", reading.title).strip()
    lines = (re.sub(r"\s+", " ", line).strip() for line in reading.body.text.split("\n"))
    first = next((line for line in lines if line), "")
    if len(first) <= _TITLE_WIDTH:
        return first
    cut = first[:_TITLE_WIDTH]
    return (cut[: cut.rfind(" ")] if " " in cut else cut).rstrip(" ,;:–—-") + "…"


def _fit_language(tag: str | None) -> str | None:
    """A document's own word for its language, where it is one."""
    try:
        return field_values.language(tag) if tag else None
    except field_values.InvalidValue:
        return None


def _fit_date(date: str | None) -> str | None:
    try:
        return field_values.date(date) if date else None
    except field_values.InvalidValue:
        return None


def _changed(document: Document, sidecar: ParsedSidecar) -> Iterable[Diagnostic]:
    noted = document.meta.text_sha256
    if noted and noted != document.sha256:
        message = "the text is not the one that the quotes were taken from"
        path = shlex.quote(document.path)
        hint = (
            f"carry the notes over to it:  postil rebase {path}\n"
            f"or, if they are right as they stand:  postil pin {path}\n"
            f"which writes: text_sha256: {document.sha256}"
        )
        yield Diagnostic(sidecar.places["text_sha256"], "Q206", message, hint)
