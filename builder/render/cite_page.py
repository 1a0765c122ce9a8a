"""How a page is cited: APA-like words, and BibTeX.

A citation never repeats a document's claims: a note is named by its number, kind and verdict, not by the words quoted.
Where the site's own address is not known, a citation has none: one that is relative, or a preview's, leads nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from builder.addresses import DOCUMENTS
from builder.model import DocumentMeta, Project
from builder.render.formatting import external_url, iso_date, one_line
from builder.render.share_card import annotated_title
from builder.translation import Translation

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
_URL = re.compile(r"[{}\\\s]")  # would end the field, or the entry


@dataclass(frozen=True, slots=True)
class SuggestedCitation:
    """A citation in words and in BibTeX. ``address`` comes after the words; BibTeX has it already."""

    words: str
    bibtex: str
    address: str | None


def cite_document(meta: DocumentMeta, project: Project, address: str) -> SuggestedCitation:
    """Cite a document with its notes: whoever wrote it, when, its title, and the corpus that annotated it."""
    authors, title = _authors(meta), annotated_title(meta, project)
    home, url = _home(project, authors), site_address(project, address)
    return _cite(authors, title, meta.published, project.translation, home=home, key=_key(address), address=url)


def cite_original(meta: DocumentMeta, project: Project, address: str) -> SuggestedCitation | None:
    """Cite the document as it stood where it was found; None if that is not known. ``address``: its page's here."""
    url = external_url(meta.url)
    if url is None:
        return None
    home = one_line(meta.publisher) if meta.publisher and meta.authors else ""
    return _cite(
        _authors(meta),
        one_line(meta.title),
        meta.published,
        project.translation,
        home=home,
        key=f"{_key(address)}-original",
        address=url,
    )


def cite_note(
    note: str, meta: DocumentMeta, project: Project, address: str, *, by: tuple[str, ...], reviewed: str | None
) -> SuggestedCitation:
    """Cite one note: whoever reviewed it, when, and the document that it is on.

    ``note``: its number, kind and verdict in words.
    ``meta``: of its document.
    ``project``: the corpus that it is in.
    ``address``: of the note.
    ``by``, ``reviewed``: who reviewed it, and when.
    """
    authors = by or ((project.publisher.name,) if project.publisher else ())
    title = project.translation.gettext("%(note)s on “%(title)s”", note=note, title=one_line(meta.title))
    home, url = _home(project, authors), site_address(project, address)
    return _cite(authors, title, reviewed, project.translation, home=home, key=_key(address), address=url)


def site_address(project: Project, address: str) -> str | None:
    """Return an address with that of the site before it, percent-encoded; None if the site's is not known."""
    if not project.site_url:
        return None
    path, _, fragment = address.partition("#")
    return f"{project.site_url.rstrip('/')}/{quote(path, safe='/')}" + (f"#{quote(fragment)}" if fragment else "")


def _authors(meta: DocumentMeta) -> tuple[str, ...]:
    return meta.authors or ((meta.publisher,) if meta.publisher else ())


def _home(project: Project, authors: tuple[str, ...]) -> str:
    """Return the name of the corpus, with its publisher if that is none of the authors."""
    publisher = project.publisher.name if project.publisher else ""
    corpus = one_line(project.title)
    return f"{corpus}, {one_line(publisher)}" if publisher and publisher not in (corpus, *authors) else corpus


def _cite(
    authors: tuple[str, ...],
    title: str,
    dated: str | None,
    translation: Translation,
    *,
    home: str,
    key: str,
    address: str | None,
) -> SuggestedCitation:
    names = [one_line(author) for author in authors]
    day, iso = _day(dated, translation), iso_date(dated)
    within = translation.gettext("In %(corpus)s.", corpus=home) if home else ""
    words = f"{_listed(names)} ({day}). {title}." if names else f"{title}. ({day})."
    fields = [
        # Each name in braces: nobody here knows whether it is a person's, and a team's would be taken apart.
        ("author", " and ".join(f"{{{_tex(name)}}}" for name in names)),
        ("title", f"{{{_tex(title)}}}"),
        ("year", iso[:4]),
        ("month", _month(iso)),
        ("howpublished", f"In {_tex(home)}" if home else ""),
        ("organization", _tex(home)),
        ("url", _URL.sub(_percent, address) if address else ""),
        # Last, for Zotero takes the last: year and month are for BibTeX, which knows no date, the date for all others.
        ("date", iso),
    ]
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields if value]
    return SuggestedCitation(
        words=" ".join(filter(None, (words, within))),
        bibtex=f"@online{{{key},\n" + ",\n".join(lines) + "\n}",
        address=address,
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} & {names[-1]}"


def _day(written: str | None, translation: Translation) -> str:
    """Return a date as APA writes it: ``2025, December 18``."""
    if not written:
        # Translators: no date, in a citation
        return translation.gettext("n.d.")
    words, day = translation.date(written), translation.month_and_day(written)
    if not words or not day:
        return words or written
    # Translators: the date in a citation: "2025, December 18"
    return translation.gettext("%(year)s, %(day)s", year=translation.date(written[:4]), day=day)


def _month(iso: str) -> str:
    return _MONTHS[int(iso[5:7]) - 1] if iso[5:7] else ""


def _percent(found: re.Match[str]) -> str:
    return quote(found[0])


def _tex(text: str) -> str:
    return text.translate(_BIBTEX)


def _key(address: str) -> str:
    """Return a citation key: the address's ASCII letters and digits; where it has none, its fingerprint."""
    name = address.removeprefix(DOCUMENTS).replace("/#note-", ":")
    parts = (_KEY.sub("-", part).strip("-") for part in name.split(":"))
    return ":".join(part or sha256(name.encode()).hexdigest()[:8] for part in parts)
