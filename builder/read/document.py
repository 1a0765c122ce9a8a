"""Read a document: decode its bytes, read its format, add its sidecar's notes and fields."""

from __future__ import annotations

import hashlib
import shlex
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import MappingProxyType

from builder.addresses import document_address
from builder.diagnostics import Diagnostic, Place
from builder.model import Body, Document, DocumentMeta, DocumentRecord, Limits, Project, SourceFormat
from builder.read import field_values
from builder.read.characters import replace_unpublishable
from builder.read.corpus_and_sources import read_fields
from builder.read.decode import decode
from builder.read.discovery import Seed, misnamed_sidecar, read_limited, read_text_file
from builder.read.front_matter import read_front_matter, split_front_matter
from builder.read.html import read_html
from builder.read.markdown import read_markdown
from builder.read.parsed_source import ParsedSource
from builder.read.plain_text import read_plain_text
from builder.read.script import script_language, script_mismatch
from builder.read.sidecar import ParsedSidecar, read_sidecar
from builder.read.title import derive_title, one_line
from builder.read.wrong_endings import reads_like_sidecar
from builder.read.yaml import MappingNode, ScalarNode


def read_document(seed: Seed, project: Project, limits: Limits) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read a document and its sidecar; None if the document itself cannot be read.

    A document whose sidecar cannot be read has no notes; the diagnostics say why.
    """
    data, diagnostics = read_limited(seed.path, seed.name, limits.document_bytes)
    if data is None:
        return None, diagnostics
    read, of_text = READERS[seed.format](data, seed, limits)
    if read is None:
        return None, of_text
    if not read.parsed.body.text.strip():
        hint = "add text to it, or begin its name with _ to have it ignored"
        return None, (*of_text, Diagnostic(Place(seed.name), "F102", "the document has no text", hint))
    if seed.format is SourceFormat.TXT and reads_like_sidecar(read.parsed.body.text):
        return None, (*of_text, misnamed_sidecar(Place(seed.name), f"{seed.name.removesuffix(seed.path.suffix)}.yml"))
    of_rivals: tuple[Diagnostic, ...] = ()
    if seed.rivals:
        seed, of_rivals = _assign_sidecar(seed, fingerprint(read.parsed.body.text), limits)
    text, of_file = _sidecar_text(seed, limits)
    sidecar, of_sidecar = read_sidecar(
        text, file=seed.sidecar_name or seed.name, slug=seed.slug, project=project, limits=limits, front=read.front
    )
    document = _document(seed, read.parsed, sidecar, project)
    of_document = {*_report_changed_text(document, sidecar), *_report_other_script(document, sidecar)}
    return document, tuple(sorted({*of_text, *of_rivals, *of_file, *of_sidecar, *of_document}))


def read_body(data: bytes, seed: Seed, limits: Limits) -> Body | None:
    """Return the body of other bytes, read as this document is; None if they cannot be read."""
    read, _ = READERS[seed.format](data, seed, limits)
    return read.parsed.body if read else None


def fingerprint(text: str) -> str:
    """Return the fingerprint of a reading text: SHA-256 of its UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _assign_sidecar(seed: Seed, own: str, limits: Limits) -> tuple[Seed, tuple[Diagnostic, ...]]:
    """Return a seed whose sidecar is beside several documents, with the sidecar only if it is certainly its own (F105).

    ``own`` is the fingerprint of its text. The sidecar's ``text_sha256`` says which document it belongs to.
    """
    text, _ = _sidecar_text(seed, limits)
    tree, _ = read_fields(text, seed.sidecar_name or "", limits)
    field = tree.get("text_sha256")
    pinned = field.text.lower() if isinstance(field, ScalarNode) else ""
    bare = replace(seed, sidecar=None, sidecar_name=None, rivals=())
    assigned = replace(seed, rivals=()) if pinned == own else bare
    first, *others = seed.rivals
    if seed.name not in others:
        return assigned, ()
    hint = "rename one of the two, and its sidecar with it"
    rivals = (replace(bare, name=name, path=seed.path.with_name(PurePosixPath(name).name)) for name in seed.rivals)
    owners = [rival.name for rival in rivals if pinned and _fingerprint_of(rival, limits) == pinned]
    if len(owners) == 1:
        hint = f"according to its text_sha256, {seed.sidecar_name} belongs to {owners[0]}: rename the other document"
    return assigned, (Diagnostic(Place(seed.name), "F105", _address_in_use(seed.slug, first), hint),)


def _fingerprint_of(seed: Seed, limits: Limits) -> str:
    seed = replace(seed, format=SourceFormat(seed.path.suffix.lower()[1:]))
    data, _ = read_limited(seed.path, seed.name, limits.document_bytes)
    body = read_body(data, seed, limits) if data is not None else None
    return fingerprint(body.text) if body is not None else ""


def _address_in_use(slug: str, other: str) -> str:
    return f"the address {document_address(slug)} already belongs to {other}"


def slug_collisions(documents: Iterable[DocumentRecord]) -> tuple[Diagnostic, ...]:
    """Report an F105 for each document whose address, or old address, another has, on some file system at least."""
    first: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    records = sorted(documents, key=lambda document: document.path)
    for record in records:
        other = first.setdefault(_on_any_file_system(record.slug), record.path)
        if other != record.path:
            hint = "rename one of the two, or give one another address in its sidecar: slug: …"
            diagnostics.append(Diagnostic(Place(record.path), "F105", _address_in_use(record.slug, other), hint))
    for record in records:
        for alias in record.aliases:
            other = first.setdefault(_on_any_file_system(alias), record.path)
            if other != record.path:
                place = Place(record.sidecar or record.path)
                hint = "an old address can lead to one document only: remove it from aliases: here, or there"
                diagnostics.append(Diagnostic(place, "F105", _address_in_use(alias, other), hint))
    return tuple(diagnostics)


def _on_any_file_system(slug: str) -> str:
    """Return a slug as file systems compare it that ignore case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", slug).casefold())


@dataclass(frozen=True, slots=True)
class _ReadSource:
    """A document as its format is read, and the fields of its front matter."""

    parsed: ParsedSource
    front: MappingNode | None = None


_Reader = Callable[[bytes, Seed, Limits], tuple[_ReadSource | None, tuple[Diagnostic, ...]]]
"""(bytes of the file, the seed, limits) -> what the document holds, None if it cannot be read; and diagnostics."""


def _sidecar_text(seed: Seed, limits: Limits) -> tuple[str | None, tuple[Diagnostic, ...]]:
    if seed.sidecar is None or seed.sidecar_name is None:
        return None, ()
    return read_text_file(seed.sidecar, seed.sidecar_name, limits.sidecar_bytes)


def _read_txt(data: bytes, seed: Seed, limits: Limits) -> tuple[_ReadSource | None, tuple[Diagnostic, ...]]:
    del limits
    source, diagnostics = decode(data, seed.name)
    if source is None:
        return None, diagnostics
    clean, diagnostics = replace_unpublishable(source, seed.name)
    return _ReadSource(ParsedSource(read_plain_text(clean), None, (), None, None)), diagnostics


def _read_html(data: bytes, seed: Seed, limits: Limits) -> tuple[_ReadSource | None, tuple[Diagnostic, ...]]:
    source, diagnostics = decode(data, seed.name)
    if source is None:
        return None, diagnostics
    parsed, diagnostics = read_html(source, path=seed.name, folder=seed.collection, limits=limits)
    return (_ReadSource(parsed) if parsed else None), diagnostics


def _read_markdown(data: bytes, seed: Seed, limits: Limits) -> tuple[_ReadSource | None, tuple[Diagnostic, ...]]:
    source, diagnostics = decode(data, seed.name)
    if source is None:
        return None, diagnostics
    matter, first_line, rest = split_front_matter(source)
    front, of_front = read_front_matter(matter, seed.name, limits) if matter is not None else (None, ())
    parsed, diagnostics = read_markdown(
        rest, path=seed.name, folder=seed.collection, limits=limits, first_line=first_line
    )
    return (_ReadSource(parsed, front) if parsed else None), (*of_front, *diagnostics)


# A new format is a member of SourceFormat, a function here, and its row.
READERS: Mapping[SourceFormat, _Reader] = MappingProxyType(
    {SourceFormat.TXT: _read_txt, SourceFormat.HTML: _read_html, SourceFormat.MD: _read_markdown}
)


def _document(seed: Seed, parsed: ParsedSource, sidecar: ParsedSidecar, project: Project) -> Document:
    return Document(
        slug=sidecar.head.slug or seed.slug,
        path=seed.name,
        sidecar=seed.sidecar_name,
        collection=seed.collection,
        format=seed.format,
        meta=_meta(seed, parsed, sidecar, project),
        body=parsed.body,
        sha256=fingerprint(parsed.body.text),
        notes=sidecar.notes,
        sources=sidecar.sources,
    )


def _meta(seed: Seed, parsed: ParsedSource, sidecar: ParsedSidecar, project: Project) -> DocumentMeta:
    head = sidecar.head
    language = head.language or _valid_language(parsed.language) or project.language
    return DocumentMeta(
        title=head.title or one_line(parsed.title or "") or derive_title(parsed.body, seed.format) or _file_name(seed),
        language=language,
        notes_language=head.notes_language or project.language,
        rtl=field_values.is_rtl(language),
        authors=head.author or parsed.authors,
        publisher=head.publisher,
        published=head.published or _valid_date(parsed.published),
        url=head.url,
        archived=head.archived,
        retrieved=head.retrieved,
        rights=head.rights,
        topics=sidecar.topics,
        finding=sidecar.finding,
        summary=sidecar.summary,
        link_original=head.link_original,
        noindex=head.noindex,
        draft=head.draft,
        text_sha256=head.text_sha256,
        reveal=project.reveal if head.reveal is None else head.reveal,
        aliases=tuple(dict.fromkeys(alias for alias in head.aliases if alias != (head.slug or seed.slug))),
    )


def _file_name(seed: Seed) -> str:
    return seed.relative.rpartition("/")[2]


def _valid_language(tag: str | None) -> str | None:
    """Return the language that a document states, if it is a language tag."""
    try:
        return field_values.language(tag) if tag else None
    except field_values.InvalidValue:
        return None


def _valid_date(date: str | None) -> str | None:
    try:
        return field_values.date(date) if date else None
    except field_values.InvalidValue:
        return None


def _report_changed_text(document: Document, sidecar: ParsedSidecar) -> Iterable[Diagnostic]:
    recorded = document.meta.text_sha256
    if recorded and recorded != document.sha256:
        message = "the text differs from the one that the quotes were taken from"
        path = shlex.quote(document.path)
        hint = (
            f"carry the notes over:  postil rebase {path}\n"
            f"or, if they are still right:  postil pin {path}\n"
            f"which writes: text_sha256: {document.sha256}"
        )
        yield Diagnostic(sidecar.places["text_sha256"], "Q206", message, hint)


def _report_other_script(document: Document, sidecar: ParsedSidecar) -> Iterable[Diagnostic]:
    language = document.meta.language
    script = script_mismatch(document.text, language) if language else ""
    if script:
        likely = script_language(document.text)
        hint = (
            f"write in the sidecar: language: {likely}" if likely else "write its language in the sidecar: language: …"
        )
        message = f"the language is {language}, but most of the letters are {script}"
        yield Diagnostic(sidecar.places.get("language", Place(document.path)), "S114", message, hint)
