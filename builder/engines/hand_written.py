"""What the hand-written pages of a site hold, collected while they are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, relpath
from urllib.parse import unquote

from builder.addresses import DOCUMENTS, document_address, note_address
from builder.diagnostics import Diagnostic, Place
from builder.engines.pressed import source_uri
from builder.engines.seam import DrawnPage
from builder.link.cross_links import PageLink, resolve_cross_link
from builder.model import CrossLink, SearchRecord, Target
from builder.pipeline import LoadedCorpus
from builder.publish.file_links import link_to_files
from builder.publish.visible_text import visible_text
from builder.render.home_slots import HOME_SLOTS, NOTE_SLOT
from builder.render.index_pages import INDEXES, SLOTS, fill_slot
from builder.render.prose import link_words
from builder.search import search_page
from builder.search.pages import SearchPage, search_pages
from builder.search.records import page_record

_LEADING = frozenset(
    ("documents", "overview", "overview-small", "claims", "changes", *HOME_SLOTS)
)  # slots with links to documents
_WIDE = frozenset(("documents", "claims"))  # slots that use the whole width
_DOCUMENT_LINK = re.compile(rf'<a\b[^>]*\shref="(?:\.\./)*{DOCUMENTS}')
_SLOT = re.compile(r"<!--\s*postil:\s*([a-z-]+)(?:\s+([^\s>]+))?\s*-->")  # with the note that it is to show


def hidden_parts(html: str, *, tabs: bool) -> list[str]:
    """Return the parts of the theme that a page with this content hides, if it does not say itself what to hide.

    Facets stand beside the rows of a list.

    ``html``: its content, before slots are filled.
    ``tabs``: as for ``HandWrittenPages``.
    """
    if not {slot[1] for slot in _SLOT.finditer(html)} & _WIDE:
        return []
    return ["navigation", "toc"] if tabs else ["toc"]


@dataclass(slots=True)
class HandWrittenPages:
    """The hand-written pages of one build.

    ``loaded``: the corpus that they take words from.
    ``docs``: their folder.
    ``directory_urls``: whether links lead to folders; else to files.
    ``tabs``: whether the theme shows sections as tabs, so that a page needs no list of them at its side.
    ``current``: the page that is drawn, or was drawn last.
    ``leads_to_documents``: whether any page so far shows or links documents.
    ``diagnostics``: what is wrong with their cross-links and slots.
    """

    loaded: LoadedCorpus
    docs: Path
    directory_urls: bool
    tabs: bool = False
    current: DrawnPage | None = None
    leads_to_documents: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _links: list[tuple[str, Target]] = field(default_factory=list)
    _titles: dict[str, str] = field(default_factory=dict)
    _records: list[SearchRecord] = field(default_factory=list)
    _unsearched: set[str] = field(default_factory=lambda: {search_page.ADDRESS})

    def fill(self, html: str, page: DrawnPage) -> str:
        """Return a page's content with its slots filled, and note the page for search."""
        text, language = f"{page.title}\n{visible_text(html)}", self.loaded.corpus.project.language
        self._titles[page.address] = page.title
        self._records.append(page_record(page.address, page.title, text, language))
        if page.excluded:
            self._unsearched.add(page.address)
        slots = {slot[1] for slot in _SLOT.finditer(html)}
        if not page.generated:
            self.leads_to_documents |= bool(slots & _LEADING or _DOCUMENT_LINK.search(html))
            self.diagnostics += self._missing_list(page, slots)
        return _SLOT.sub(lambda slot: self._fill_slot(slot, page), html)

    def cross_link(self, target: str, words: str, page: DrawnPage | None) -> tuple[str, str] | None:
        """Return where ``[[target|words]]`` in the file of ``page`` leads, and the target's own words.

        It leads to a path from that file, which the engine turns into an address, as it does with all others. None if
        the target does not exist, which is then among the diagnostics. Without a page it stands on the current one.
        That is not always so: a blog draws the beginnings of its posts again on other pages.
        """
        page = page or self.current
        found = self._resolve(target, words, page) if page else None
        if page is None or found is None:
            return None
        source = relpath(source_uri(document_address(found.slug)), dirname(page.source) or ".")
        return source + (f"#note-{found.note}" if found.note else ""), link_words(found, self.loaded.corpus.project)

    def drawn_link(self, target: str, words: str, page: DrawnPage) -> tuple[str, str] | None:
        """Return the address that a cross-link on a drawn page leads to, and the target's own words; None as above."""
        found = self._resolve(target, words, page)
        if found is None:
            return None
        address = note_address(found.slug, found.note) if found.note else document_address(found.slug)
        return address, link_words(found, self.loaded.corpus.project)

    def own_words(self, target: str) -> str:
        """Return what a cross-link shows that has no words of its own; its target, if that does not exist."""
        slug, _, note = target.partition("#")
        cross_link = CrossLink(slug or None, note or None, None, Place(""))
        found = resolve_cross_link(self.loaded.corpus, cross_link, incomplete=self.loaded.incomplete)
        return target if isinstance(found, Diagnostic) else link_words(found, self.loaded.corpus.project)

    def _resolve(self, target: str, words: str, page: DrawnPage) -> Target | None:
        slug, _, note = target.partition("#")
        written = f"[[{target}|{words}]]" if words else f"[[{target}]]"
        own = None if note and not slug else slug
        cross_link = CrossLink(own, note or None, words or None, page.place(self.docs, written))
        found = resolve_cross_link(self.loaded.corpus, cross_link, incomplete=self.loaded.incomplete)
        if isinstance(found, Diagnostic):
            self.diagnostics.append(found)
            return None
        self._links.append((page.address, found))
        return found

    def links(self) -> list[PageLink]:
        """Return the cross-links that lead somewhere. A page's title is known only once the page is drawn."""
        return [
            PageLink(address, self._titles.get(address, ""), target.slug, target.note or "")
            for address, target in sorted(self._links, key=lambda link: link[0])
        ]

    def addresses(self) -> Iterator[str]:
        """Yield the address of every page, not percent-encoded; an engine's are."""
        return (unquote(record.address) for record in self._records)

    def search_pages(self) -> Iterator[SearchPage]:
        """Yield the pages for search, without the search page and those that ask to be left out."""
        ordered = sorted(self._records, key=lambda record: record.address)  # not as the engine happens to draw them
        return search_pages(record for record in ordered if record.address not in self._unsearched)

    def _missing_list(self, page: DrawnPage, slots: AbstractSet[str]) -> Iterator[Diagnostic]:
        """Yield P408 if a page has the address of a list that is not empty, and does not show the list."""
        lists = {index.address: (index.slot, index.title.lower()) for index in INDEXES.values()}
        if self.loaded.corpus.project.search:
            lists[search_page.ADDRESS] = (search_page.SLOT, "search")
        slot, name = lists.get(page.address, ("", ""))
        if not slot or slot in slots or not self._is_filled(slot):
            return
        what = "the search page" if slot == search_page.SLOT else f"the list of {name}"
        hint = f"write where it is to be:  <!-- postil: {slot} -->\nor give this page another name"
        message = f"this page takes the place of {what}, and does not show it"
        yield Diagnostic(page.place(self.docs), "P408", message, hint)

    def _is_filled(self, slot: str) -> bool:
        """Return whether a list has anything to show. The history is not read for a check, but seldom empty."""
        entries = getattr(self.loaded.catalog, slot, None) if slot != "changes" else None
        return bool(self.loaded.corpus.documents if entries is None else entries)

    def _fill_slot(self, slot: re.Match[str], page: DrawnPage) -> str:
        """Return what replaces a slot; the slot itself, and P404 among the diagnostics, if its name is unknown."""
        if slot[1] == search_page.SLOT:
            filled: str | None = search_page.search_slot(page.address, self.loaded.corpus.project.translation)
        else:
            if unknown_note := self._unknown_note(slot, page):
                self.diagnostics.append(unknown_note)
                return slot[0]
            filled = fill_slot(slot[1], self.loaded.corpus, self.loaded.catalog, page.address, slot[2] or "")
        if filled is not None:
            return filled if self.directory_urls else link_to_files(filled)
        name = " ".join(filter(None, slot.groups()))
        hint = f"known: {', '.join(f'<!-- postil: {name} -->' for name in (*SLOTS, search_page.SLOT))}"
        unknown = Diagnostic(page.place(self.docs, slot[0]), "P404", f'unknown slot "{name}"', hint)
        self.diagnostics.append(unknown)
        return slot[0]

    def _unknown_note(self, slot: re.Match[str], page: DrawnPage) -> Diagnostic | None:
        """Return what is wrong with the note that a slot names, as of a cross-link."""
        if slot[1] != NOTE_SLOT or not slot[2]:
            return None
        document, _, note = slot[2].partition("#")
        link = CrossLink(document, note or None, None, page.place(self.docs, slot[0]))
        found = resolve_cross_link(self.loaded.corpus, link, incomplete=self.loaded.incomplete)
        if isinstance(found, Diagnostic) or note:
            return found if isinstance(found, Diagnostic) else None
        return Diagnostic(
            link.place, "P404", f'slot "{NOTE_SLOT} {document}" names no note', f"write {document}#its-id"
        )
