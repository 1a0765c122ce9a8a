"""How a page is cited, and what it says of itself to machines: APA-like words, BibTeX, tags for a page's head.

A citation never repeats a document's claims: a note is named by its number, kind and verdict, not by the words quoted.
Where the site's own address is not known, an address is relative to the site's root and ``whole`` is false; a script
completes it in the reader's browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from urllib.parse import quote

from builder.addresses import DOCUMENTS
from builder.model import DocumentMeta, Project
from builder.render.formatting import FormattedDate, format_date, one_line

_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX counts an escaped brace like any other
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "_": r"\_",
        "%": r"\%",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KEY = re.compile(r"[^A-Za-z0-9]+")
_PLAIN_NAME = re.compile(r"(?!.*\band\b)[^,{}]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SuggestedCitation:
    """A citation. ``words`` and ``bibtex`` stop right before the address; ``rest`` is what BibTeX has after it."""

    words: str
    bibtex: str
    rest: str
    address: str
    whole: bool


def cite_document(meta: DocumentMeta, project: Project, address: str) -> SuggestedCitation:
    """Cite a document with its notes: whoever wrote it, when, its title, and the corpus that annotated it."""
    authors = meta.authors or ((meta.publisher,) if meta.publisher else ())
    return _cite(authors, annotated_title(meta), project, address, corporate=not meta.authors, dated=meta.published)


def cite_note(
    note: str, meta: DocumentMeta, project: Project, address: str, *, by: tuple[str, ...], reviewed: str | None
) -> SuggestedCitation:
    """Cite one note, ``note`` naming it in a few words: whoever reviewed it, when, and the document that it is on."""
    authors = by or ((project.publisher.name,) if project.publisher else ())
    title = f"{note} on “{one_line(meta.title)}”"
    return _cite(authors, title, project, address, corporate=not by, dated=reviewed)


def annotated_title(meta: DocumentMeta) -> str:
    """Return the title of a document's page: the document's own, and that it stands here with notes."""
    return f"{one_line(meta.title)} [annotated]"


def head_tags(meta: DocumentMeta, topics: tuple[str, ...], project: Project, address: str, description: str) -> str:
    """Return the tags that reference managers (Highwire ``citation_*``) and sites that share links (Open Graph) read.

    The description is the page's own: it comes with verdicts, never with the document's words. No share image.
    """
    return "".join(
        f'<meta {kind}="{name}" content="{escape(one_line(content))}">'
        for kind, name, content in _tags(meta, topics, project, address, description)
        if content
    )


def _tags(
    meta: DocumentMeta, topics: tuple[str, ...], project: Project, address: str, description: str
) -> Iterator[tuple[str, str, str]]:
    published = format_date(meta.published)
    title, whole = annotated_title(meta), _absolute(project, address) if project.site_url else ""
    yield "name", "citation_title", title
    for author in meta.authors:
        yield "name", "citation_author", author
    if published and published.iso:
        yield "name", "citation_publication_date", published.iso.replace("-", "/")
    yield "name", "citation_publisher", meta.publisher or ""
    yield "name", "citation_language", meta.language
    for topic in topics:
        yield "name", "citation_keywords", topic
    yield "name", "citation_public_url", whole
    yield "property", "og:type", "article"
    yield "property", "og:title", title
    yield "property", "og:description", description
    yield "property", "og:site_name", project.title
    yield "property", "og:url", whole
    yield "name", "twitter:card", "summary"


def _cite(
    authors: tuple[str, ...], title: str, project: Project, address: str, *, corporate: bool, dated: str | None
) -> SuggestedCitation:
    names = [one_line(author) for author in authors]
    date = format_date(dated)
    publisher = project.publisher.name if project.publisher else ""
    corpus = one_line(project.title)
    home = f"{corpus}, {one_line(publisher)}" if publisher and publisher not in (corpus, *authors) else corpus
    words = f"{_listed(names)} ({_day(date)}). {title}." if names else f"{title}. ({_day(date)})."
    fields = [
        ("author", _people(names, corporate=corporate)),
        ("title", f"{{{_tex(title)}}}"),
        ("year", date.iso[:4] if date and date.iso else ""),
        ("month", _month(date)),
        ("howpublished", f"In {_tex(home)}"),
    ]
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields if value]
    return SuggestedCitation(
        words=f"{words} In {home}.",
        bibtex=f"@misc{{{_key(address)},\n{''.join(lines)}  url = {{",
        rest="}\n}",
        address=_absolute(project, address),
        whole=bool(project.site_url),
    )


def _absolute(project: Project, address: str) -> str:
    path, _, fragment = address.partition("#")
    base = f"{project.site_url.rstrip('/')}/" if project.site_url else ""
    return base + quote(path, safe="/") + (f"#{quote(fragment)}" if fragment else "")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} & {names[-1]}"


def _day(date: FormattedDate | None) -> str:
    """Return a date as APA writes it: ``2025, December 18``."""
    if date is None:
        return "n.d."
    if date.iso is None:
        return date.words
    *day, year = date.words.split(" ")
    return f"{year}, {' '.join(reversed(day))}" if day else year


def _month(date: FormattedDate | None) -> str:
    month = (date.iso or "")[5:7] if date else ""
    return _MONTHS[int(month) - 1] if month else ""


def _people(names: list[str], *, corporate: bool) -> str:
    """Return names as BibTeX has them: in braces where it would split one in two."""
    return " and ".join(
        _tex(name) if not corporate and _PLAIN_NAME.fullmatch(name) else f"{{{_tex(name)}}}" for name in names
    )


def _tex(text: str) -> str:
    return text.translate(_BIBTEX)


def _key(address: str) -> str:
    """Return a citation key: the address's ASCII letters and digits; where it has none, its fingerprint."""
    name = address.removeprefix(DOCUMENTS).replace("/#note-", ":")
    parts = (_KEY.sub("-", part).strip("-") for part in name.split(":"))
    return ":".join(part or sha256(name.encode()).hexdigest()[:8] for part in parts)
