"""What the hand-written pages of a site hold, collected while MkDocs draws them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from posixpath import dirname, relpath
from urllib.parse import unquote

from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from builder.addresses import DOCUMENTS, document_address
from builder.diagnostics import Diagnostic
from builder.engines.drawn_page import excluded_from_search, make_title_safe, page_address, place_of_text, title_text
from builder.engines.files import OWN_NAME, source_uri
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


@dataclass(slots=True)
class HandWrittenPages:
    """The hand-written pages of one build.

    ``loaded``: the corpus that they take words from.
    ``directory_urls``: whether links lead to folders; else to files.
    ``tabs``: whether the theme shows sections as tabs, so that a page needs no list of them at its side.
    ``current``: the page that MkDocs draws, or drew last.
    ``leads_to_documents``: whether any page so far shows or links documents.
    ``diagnostics``: what is wrong with their cross-links and slots.
    """

    loaded: LoadedCorpus
    directory_urls: bool
    tabs: bool = False
    current: Page | None = None
    leads_to_documents: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _links: list[tuple[Page, Target]] = field(default_factory=list)
    _records: list[SearchRecord] = field(default_factory=list)
    _unsearched: set[str] = field(default_factory=lambda: {search_page.ADDRESS})

    def fill(self, html: str, page: Page) -> str:
        """Return a page's content with its slots filled, and note the page for search."""
        make_title_safe(page)
        title = title_text(page)
        text, language = f"{title}\n{visible_text(html)}", self.loaded.corpus.project.language
        self._records.append(page_record(page_address(page), title, text, language))
        if excluded_from_search(page):
            self._unsearched.add(page_address(page))
        slots = {slot[1] for slot in _SLOT.finditer(html)}
        if slots & _WIDE:  # facets stand beside the rows; a page that says itself what to hide has its way
            page.meta.setdefault("hide", ["navigation", "toc"] if self.tabs else ["toc"])
        if page.file.generated_by != OWN_NAME:
            self.leads_to_documents |= bool(slots & _LEADING or _DOCUMENT_LINK.search(html))
            self.diagnostics += self._missing_list(page, slots)
        return _SLOT.sub(lambda slot: self._fill_slot(slot, page), html)

    def cross_link(self, target: str, words: str, file: File | None) -> tuple[str, str] | None:
        """Return where ``[[target|words]]`` in ``file`` leads, and the target's own words.

        It leads to a path from that file, which MkDocs turns into an address and checks, as it does with all others.
        None if the target does not exist, which is then among the diagnostics. Without a file it stands on the current
        page. That is not always so: a blog draws the beginnings of its posts again on other pages.
        """
        page = file.page if file and file.page else self.current
        if page is None:
            return None
        slug, _, note = target.partition("#")
        written = f"[[{target}|{words}]]" if words else f"[[{target}]]"
        own = None if note and not slug else slug
        cross_link = CrossLink(own, note or None, words or None, place_of_text(page, written))
        found = resolve_cross_link(self.loaded.corpus, cross_link, incomplete=self.loaded.incomplete)
        if isinstance(found, Diagnostic):
            self.diagnostics.append(found)
            return None
        self._links.append((page, found))
        source = relpath(source_uri(document_address(found.slug)), dirname(page.file.src_uri) or ".")
        return source + (f"#note-{found.note}" if found.note else ""), link_words(found, self.loaded.corpus.project)

    def links(self) -> list[PageLink]:
        """Return the cross-links that lead somewhere. A page's title is known only once the page is drawn."""
        return [
            PageLink(page_address(page), title_text(page), target.slug, target.note or "")
            for page, target in self._links
        ]

    def addresses(self) -> Iterator[str]:
        """Yield the address of every page, not percent-encoded; MkDocs's are."""
        return (unquote(record.address) for record in self._records)

    def search_pages(self) -> Iterator[SearchPage]:
        """Yield the pages for search, without the search page and those that ask to be left out."""
        return search_pages(record for record in self._records if record.address not in self._unsearched)

    def _missing_list(self, page: Page, slots: AbstractSet[str]) -> Iterator[Diagnostic]:
        """Yield P408 if a page has the address of a list that is not empty, and does not show the list."""
        lists = {index.address: (index.slot, index.title.lower()) for index in INDEXES.values()}
        if self.loaded.corpus.project.search:
            lists[search_page.ADDRESS] = (search_page.SLOT, "search")
        slot, name = lists.get(page_address(page), ("", ""))
        if not slot or slot in slots or not self._is_filled(slot):
            return
        what = "the search page" if slot == search_page.SLOT else f"the list of {name}"
        hint = f"write where it is to be:  <!-- postil: {slot} -->\nor give this page another name"
        message = f"this page takes the place of {what}, and does not show it"
        yield Diagnostic(place_of_text(page, ""), "P408", message, hint)

    def _is_filled(self, slot: str) -> bool:
        """Return whether a list has anything to show. The history is not read for a check, but seldom empty."""
        entries = getattr(self.loaded.catalog, slot, None) if slot != "changes" else None
        return bool(self.loaded.corpus.documents if entries is None else entries)

    def _fill_slot(self, slot: re.Match[str], page: Page) -> str:
        """Return what replaces a slot; the slot itself, and P404 among the diagnostics, if its name is unknown."""
        if slot[1] == search_page.SLOT:
            filled: str | None = search_page.search_slot(page_address(page), self.loaded.corpus.project.translation)
        else:
            if unknown_note := self._unknown_note(slot, page):
                self.diagnostics.append(unknown_note)
                return slot[0]
            filled = fill_slot(slot[1], self.loaded.corpus, self.loaded.catalog, page_address(page), slot[2] or "")
        if filled is not None:
            return filled if self.directory_urls else link_to_files(filled)
        name = " ".join(filter(None, slot.groups()))
        hint = f"known: {', '.join(f'<!-- postil: {name} -->' for name in (*SLOTS, search_page.SLOT))}"
        unknown = Diagnostic(place_of_text(page, slot[0]), "P404", f'unknown slot "{name}"', hint)
        self.diagnostics.append(unknown)
        return slot[0]

    def _unknown_note(self, slot: re.Match[str], page: Page) -> Diagnostic | None:
        """Return what is wrong with the note that a slot names, as of a cross-link."""
        if slot[1] != NOTE_SLOT or not slot[2]:
            return None
        document, _, note = slot[2].partition("#")
        link = CrossLink(document, note or None, None, place_of_text(page, slot[0]))
        found = resolve_cross_link(self.loaded.corpus, link, incomplete=self.loaded.incomplete)
        if isinstance(found, Diagnostic) or note:
            return found if isinstance(found, Diagnostic) else None
        return Diagnostic(
            link.place, "P404", f'slot "{NOTE_SLOT} {document}" names no note', f"write {document}#its-id"
        )
