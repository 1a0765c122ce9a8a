"""The pages that are pressed and not drawn: what others have to know of them before they are there."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from builder.addresses import document_address
from builder.diagnostics import Place
from builder.link.changelog import last_changes
from builder.model import NoteRecord
from builder.pipeline import LoadedCorpus
from builder.render.catalog_pages import entry_addresses, entry_noindex, entry_place, entry_title
from builder.render.index_pages import continuation_addresses

_ANCHORS = ("note", "quote")  # what a note has on its page: itself, and its words


@dataclass(frozen=True, slots=True)
class PressedPage:
    """A page that is pressed and not drawn.

    ``address``: where it is.
    ``title``: as plain text.
    ``place``: where the author named it.
    ``ids``: elements on it that others link to.
    ``listed``: whether it is in the sitemap.
    ``changed``: when it last changed, ISO 8601, "" if that is not known.
    ``source``: the path that hand-written pages link to it by, if not that of ``source_uri``.
    """

    address: str
    title: str
    place: Place
    ids: AbstractSet[str] = frozenset()
    listed: bool = True
    changed: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Anchors(AbstractSet[str]):
    """The elements on a document's page that others link to. Computed when asked for: there may be very many."""

    notes: tuple[NoteRecord, ...]

    def __contains__(self, name: object) -> bool:
        kind, _, note = name.partition("-") if isinstance(name, str) else ("", "", "")
        return kind in _ANCHORS and any(record.note.id == note for record in self.notes)

    def __iter__(self) -> Iterator[str]:
        return (f"{kind}-{record.note.id}" for record in self.notes for kind in _ANCHORS)

    def __len__(self) -> int:
        return len(_ANCHORS) * len(self.notes)


def pressed_pages(loaded: LoadedCorpus) -> Iterator[PressedPage]:
    """Yield every page that will be pressed: documents, entries, and the further pages of long lists."""
    dates = last_changes(loaded.corpus, loaded.catalog.changelog)
    for record in loaded.corpus.documents:
        address, place, changed = document_address(record.slug), Place(record.path), dates.get((record.slug, ""), "")
        listed = not record.noindex
        yield PressedPage(address, record.title, place, _Anchors(record.notes), listed=listed, changed=changed)
        for alias in record.aliases:
            yield PressedPage(document_address(alias), record.title, Place(record.sidecar or record.path), listed=False)
    for entry in loaded.catalog.entries:
        title = entry_title(entry, loaded.corpus.project)
        place = entry_place(entry)
        changed = max((dates.get((seen.document.slug, seen.note.id), "") for seen in entry.appearances), default="")
        for number, address in enumerate(entry_addresses(entry)):
            yield PressedPage(address, title, place, listed=not (number or entry_noindex(entry)), changed=changed)
    for address in continuation_addresses(loaded.corpus, loaded.catalog):
        yield PressedPage(address, address, Place(""), listed=False)


def source_uri(address: str) -> str:
    """Return the path that hand-written pages link to a pressed page by, as if it had a source file in ``docs/``.

    ``documents/index.md`` is the list's own, so a document called ``index`` has ``documents/index/index.md``.
    """
    section, _, name = address.rstrip("/").partition("/")
    return f"{section}/index/index.md" if name == "index" else f"{section}/{name}.md"
