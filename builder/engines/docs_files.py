"""The files that people write by hand, in ``docs/``, and where each of them is in the site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from builder.engines.seam import SiteFile, SiteSettings

_MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")  # what MkDocs takes for pages
_INDEXES = ("index", "README")


def site_files(settings: SiteSettings) -> Iterator[SiteFile]:
    """Yield the files in the folder of hand-written pages that a site is made of: none whose name begins with a dot."""
    for path in sorted(settings.docs_dir.rglob("*")):
        source = path.relative_to(settings.docs_dir)
        if not path.is_dir() and not any(part.startswith(".") for part in source.parts):
            destination = _destination(source, directory_urls=settings.directory_urls)
            yield SiteFile(source.as_posix(), destination, path)


def is_page(source: str) -> bool:
    """Return whether a file in the folder of hand-written pages is a page."""
    return source.endswith(_MARKDOWN)


def page_address(source: str, *, directory_urls: bool) -> str:
    """Return the address of a hand-written page, percent-encoded; "" for the home page."""
    return quote(_destination(Path(source), directory_urls=directory_urls).removesuffix("index.html"))


def _destination(source: Path, *, directory_urls: bool) -> str:
    """Return the path in the site of a hand-written file."""
    if not is_page(source.name):
        return source.as_posix()
    if source.stem in _INDEXES:
        return source.with_name("index.html").as_posix()
    if directory_urls:
        return source.with_suffix("").joinpath("index.html").as_posix()
    return source.with_suffix(".html").as_posix()
