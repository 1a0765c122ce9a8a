"""Addresses of the site's pages, and links from one to another.

Addresses are as in ``model``: relative to the root, without a leading slash. They come from keys, ids and slugs, never
from counting, so they survive edits.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from builder.model import Note, NoteKind, Project, Source

DOCUMENTS = "documents/"

_LONGEST = 60  # code points of a folder's name: at most 240 bytes, and file systems take 255
_DIGITS = 8


def document_address(slug: str) -> str:
    """Return the address of a document's page."""
    return f"{DOCUMENTS}{slug}/"


def page_file(address: str) -> str:
    """Return the path of the file that is served at a page's address, relative to the site's root."""
    return f"{address}index.html"


def note_address(slug: str, note_id: str) -> str:
    """Return the address of a note on the page of the document ``slug``."""
    return f"{document_address(slug)}#note-{note_id}"


def claim_address(slug: str, note: Note) -> str | None:
    """Return the address of the claim that a note of the document ``slug`` is about; None if it has no page.

    A shared key is one folder; a statement without a key has its document's slug and its note's id, at least two. So
    no two claims can meet at one address.
    """
    if note.kind is not NoteKind.CLAIM:
        return None
    if note.claim:
        return f"claims/{_folder(note.claim)}/"
    return f"claims/{slug}/{_folder(note.id)}/" if note.statement else None


def source_address(source: Source, project: Project) -> str:
    """Return the address of a source: by its key if it is one of the bibliography's.

    One that is written out in a sidecar is known by where it is found, or by its title and origin, so that several
    sidecars can mean the same.
    """
    if source.key in project.sources and project.sources[source.key] == source:
        return f"sources/{_folder(source.key)}/"
    identity = source.url or "\n".join((source.title, *source.authors, source.publisher or "", source.date or ""))
    name = slugify(re.sub(r"^[a-z]+:(//)?(www\.)?", "", source.url) if source.url else source.title)
    return f"sources/{'-'.join(filter(None, (name[:40].rstrip('-'), _fingerprint(identity))))}/"


def topic_address(key: str) -> str:
    """Return the address of a topic."""
    return f"topics/{_folder(key)}/"


def person_address(speaker: str) -> str | None:
    """Return the address of a speaker, by key or plain name; None for a name without a letter or digit."""
    name = slugify(speaker)
    return f"people/{_folder(name)}/" if name else None


def relative_url(from_address: str, to_address: str) -> str:
    """Return ``to_address`` as a link on the page at ``from_address``, so that the site works under any sub-path.

    Both are addresses from the site's root, already percent-encoded; ``""`` is the home page. A trailing slash, a query
    and a fragment of ``to_address`` are kept; within one page only the fragment is left.

    >>> relative_url("documents/a/b/", "documents/c/#note-x")
    '../../c/#note-x'
    """
    if to_address.startswith("#", len(from_address)) and to_address.startswith(from_address):
        return to_address[len(from_address) :]  # the common case: a note of the same page
    here = from_address.partition("#")[0]
    cut = min((at for at in map(to_address.find, "?#") if at >= 0), default=len(to_address))
    there, rest = to_address[:cut], to_address[cut:]
    if there == here and rest:
        return rest
    ours, theirs = here.split("/")[:-1], there.split("/")[:-1]
    shared = 0
    for ours_part, theirs_part in zip(ours, theirs, strict=False):
        if ours_part != theirs_part:
            break
        shared += 1
    path = "../" * (len(ours) - shared) + there[sum(len(part) + 1 for part in theirs[:shared]) :]
    if not path or ":" in path.partition("/")[0]:  # `a:b/` alone would be read as a scheme
        path = "./" + path
    return path + rest


def slugify(text: str) -> str:
    """Return a text as a slug: letters, digits and marks of any script, NFC, lower case, hyphens between."""
    lowered = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    characters = (character if unicodedata.category(character)[0] in "LNM" else "-" for character in lowered)
    return re.sub("-+", "-", "".join(characters)).strip("-")


def _folder(name: str) -> str:
    """Return a name as a folder name; one that is too long for a file system is cut and ends in its fingerprint."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - _DIGITS - 1]}-{_fingerprint(name)}"


def _fingerprint(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
