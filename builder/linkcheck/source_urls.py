"""Collect the URLs of a corpus's sources and documents, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag

from builder.diagnostics import Place
from builder.model import Source
from builder.pickling import unpack
from builder.pipeline import LoadedCorpus


@dataclass(frozen=True, slots=True)
class SourceUrl:
    """An http or https URL, without its fragment. ``linked``: readers are sent there.

    ``of``: what it is the URL of, in words. ``kept``: there is a stored copy too.
    """

    url: str
    place: Place
    of: str
    linked: bool
    kept: bool


def source_urls(loaded: LoadedCorpus) -> tuple[SourceUrl, ...]:
    """Return those of the bibliography, then of each document and the sources written out in its sidecar."""
    return tuple(url for url in _all(loaded) if url.url.lower().startswith(("http://", "https://")))


def _all(loaded: LoadedCorpus) -> Iterator[SourceUrl]:
    yield from _sources(loaded.corpus.project.sources.values())
    for record in loaded.corpus.documents:
        anchored = unpack(loaded.read_results[record.path].packed)
        meta = anchored.document.meta
        place = Place(record.sidecar or record.path)
        yield from _pair(meta.url, meta.archived, place, "the document", linked=meta.link_original)
        yield from _sources(anchored.document.sources)


def _sources(sources: Iterable[Source]) -> Iterator[SourceUrl]:
    for source in sources:
        yield from _pair(source.url, source.archived, source.place, f'"{source.title}"', linked=source.link)


def _pair(url: str | None, archived: str | None, place: Place, of: str, *, linked: bool) -> Iterator[SourceUrl]:
    if url:
        yield SourceUrl(urldefrag(url).url, place, of, linked, kept=bool(archived))
    if archived:
        yield SourceUrl(urldefrag(archived).url, place, f"the stored copy of {of}", linked=True, kept=False)
