"""What a document's page says to reference managers of two works: itself, and the document as it was first published.

The tags of a head tell of one work, the page. The other needs COinS (OpenURL 1.0 in empty elements), which Zotero takes
before the tags; so both works are told that way, the page first, and Zotero asks which to save.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from builder.model import DocumentMeta, Project
from builder.render.cite_page import cite_original, site_address
from builder.render.formatting import iso_date, one_line
from builder.render.share_card import annotated_title

_Field = tuple[str, str | None]


def coins(meta: DocumentMeta, project: Project, address: str, *, description: str) -> str:
    """Return the elements for a document's page; "" where it is not known where the document was found.

    Then there is one work to cite, and the tags of the head tell more of it.

    ``meta``: of the document.
    ``project``: the corpus that annotated it.
    ``address``, ``description``: of the page.
    """
    original = cite_original(meta, project, address)
    if original is None:
        return ""
    page: list[_Field] = [
        ("rft.title", annotated_title(meta, project)),
        ("rft.source", project.title),
        ("rft.identifier", site_address(project, address)),
        ("rft.description", description),
        ("rft.rights", project.license),
    ]
    found: list[_Field] = [
        ("rft.title", meta.title),
        ("rft.source", meta.publisher),
        ("rft.identifier", original.address),
        ("rft.rights", meta.rights),
    ]
    return _element([*page, *_shared(meta)]) + _element([*found, *_shared(meta)])


def _shared(meta: DocumentMeta) -> list[_Field]:
    """Return who wrote the document, when and in which language: as the tags of the head do, for the page too."""
    authors: list[_Field] = [("rft.au", author) for author in meta.authors] or [("rft.aucorp", meta.publisher)]
    return [*authors, ("rft.date", iso_date(meta.published)), ("rft.language", meta.language)]


def _element(fields: list[_Field]) -> str:
    known = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"), ("rft.type", "webpage"), *fields]
    pairs = "&".join(f"{name}={quote(one_line(value), safe='')}" for name, value in known if value)
    return f'<span class="Z3988" title="{escape(pairs)}" hidden></span>'
