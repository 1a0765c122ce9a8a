"""What a page says of itself to other programs, in its head: Open Graph, for share cards and Zotero, and Highwire.

Titles and descriptions are the page's own: they come with verdicts, never with a document's words. ``citation_title``
is left out: Zotero takes every page that has it for an article in a journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from builder.model import Card, DocumentMeta, Note, Project
from builder.render.cite_page import site_address
from builder.render.formatting import iso_date, one_line
from builder.render.share_card import annotated_title, card_address, card_text

_Tag = tuple[str, str, str]  # kind of name, name, content

CARD_WIDTH, CARD_HEIGHT = 1200, 630  # pixels of a share card, as the sites that show them ask for
NOINDEX = '<meta name="robots" content="noindex">'


def document_head(
    meta: DocumentMeta,
    notes: Iterable[Note],
    topics: tuple[str, ...],
    project: Project,
    *,
    address: str,
    description: str,
    card: Card | None = None,
) -> str:
    """Return the tags of a document's page.

    ``meta``, ``notes``: of the document.
    ``topics``: its topics by their labels.
    ``project``: the corpus.
    ``address``: of the page.
    ``description``: of the page; it gives verdicts, and none of the document's words.
    ``card``: its share card, if it has one.
    """
    _, changed = first_and_last([meta.published, *(note.reviewed for note in notes)])
    tags: list[_Tag] = [*_citation_tags(meta, topics, project, address)]
    tags += (("name", "author", author) for author in meta.authors)
    tags += _page_tags(annotated_title(meta, project), project, address, description)
    tags += _card_tags(card, project, address)
    tags += _date_tags((iso_date(meta.published), changed))
    return _written(tags)


def entry_head(
    title: str,
    dates: tuple[str, str],
    project: Project,
    *,
    address: str,
    description: str,
    card: Card | None = None,
) -> str:
    """Return the tags of the page of a claim, a source, a topic or a person.

    ``title``: of the page, a claim's with its verdict before it.
    ``dates``: the first and the last of its notes' dates.
    ``project``: the corpus; its publisher is the author.
    ``address``, ``description``, ``card``: of the page.
    """
    tags: list[_Tag] = [("name", "author", project.publisher.name if project.publisher else project.title)]
    tags += _page_tags(title, project, address, description)
    tags += _card_tags(card, project, address)
    tags += _date_tags(dates)
    return _written(tags)


def first_and_last(dates: Iterable[str | None]) -> tuple[str, str]:
    """Return the first and the last of these dates in ISO 8601, "" if none of them is a date."""
    known = [date for date in map(iso_date, dates) if date]
    return min(known, default=""), max(known, default="")


def _citation_tags(meta: DocumentMeta, topics: tuple[str, ...], project: Project, address: str) -> Iterator[_Tag]:
    for author in meta.authors:
        yield "name", "citation_author", author
    if published := iso_date(meta.published):
        yield "name", "citation_publication_date", published.replace("-", "/")
    yield "name", "citation_publisher", meta.publisher or ""
    yield "name", "citation_language", meta.language
    for topic in topics:
        yield "name", "citation_keywords", topic
    yield "name", "citation_public_url", site_address(project, address) or ""


def _page_tags(title: str, project: Project, address: str, description: str) -> Iterator[_Tag]:
    yield "property", "og:type", "article"
    yield "property", "og:title", title
    yield "property", "og:description", description
    yield "property", "og:site_name", project.title
    yield "property", "og:url", site_address(project, address) or ""


def _card_tags(card: Card | None, project: Project, address: str) -> Iterator[_Tag]:
    """Yield the picture that other sites show with a link, and how; a picture needs a whole address."""
    picture = site_address(project, card_address(address, card)) if card else None
    yield "name", "twitter:card", "summary_large_image" if picture else "summary"
    if card and picture:
        yield "property", "og:image", picture
        yield "property", "og:image:type", "image/png"
        yield "property", "og:image:width", str(CARD_WIDTH)
        yield "property", "og:image:height", str(CARD_HEIGHT)
        yield "property", "og:image:alt", card_text(card)


def _date_tags(dates: tuple[str, str]) -> Iterator[_Tag]:
    """Yield the dates of a page: without them Zotero takes the first that stands on it, which may be another's."""
    published, modified = dates
    yield "property", "article:published_time", published
    yield "property", "article:modified_time", modified


def _written(tags: Iterable[_Tag]) -> str:
    return "".join(
        f'<meta {kind}="{name}" content="{escape(one_line(content))}">' for kind, name, content in tags if content
    )
