"""What one build gathers while the engine draws, and what it makes of it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from posixpath import dirname, relpath
from urllib.parse import unquote

from mkdocs.structure.pages import Page

from builder.addresses import document_address
from builder.diagnostics import Diagnostic
from builder.engines.files import pressed_pages, source_uri
from builder.engines.pages import excluded_from_search, make_title_safe, page_address, place_of_text, title_text
from builder.link.cross_links import PageLink, resolve_cross_link
from builder.model import CrossLink, SearchRecord, Target
from builder.pipeline import LoadedCorpus, Settings
from builder.project_paths import cache_path
from builder.publish import feeds, staging
from builder.publish.page_check import visible_text
from builder.render.index_pages import SLOTS, fill_slot
from builder.render.shell import Key, Shell
from builder.search import search_page
from builder.search.pages import SearchPage, search_pages
from builder.search.records import facet_labels, page_record
from builder.search.write_index import write_search

_SLOT = re.compile(r"<!--\s*postil:\s*([a-z-]+)\s*-->")


@dataclass(slots=True)
class Build:
    """One build of the site into ``out``; a preview starts a new one at every change."""

    settings: Settings
    found: LoadedCorpus
    out: Path
    shells: dict[Key, Shell] = field(default_factory=dict)
    links: list[tuple[Page, Target]] = field(default_factory=list)
    pages: list[SearchRecord] = field(default_factory=list)
    searched: list[SearchPage] = field(default_factory=list)
    unsearched: set[str] = field(default_factory=lambda: {search_page.ADDRESS})
    faults: list[Diagnostic] = field(default_factory=list)

    def take(self, html: str, page: Page) -> str:
        """Note a hand-written page for search, and give its content with its slots filled. P404 for an unknown one."""
        make_title_safe(page)
        title = title_text(page)
        text, language = f"{title}\n{visible_text(html)}", self.found.corpus.project.language
        self.pages.append(page_record(page_address(page), title, text, language))
        if excluded_from_search(page):
            self.unsearched.add(page_address(page))
        return _SLOT.sub(lambda found: self._fill(found, page), html)

    def cross_link(self, page: Page, target: str, words: str) -> tuple[str, str] | None:
        """Return where ``[[target|words]]`` leads, as a path from the source of ``page``, and the target's own words.

        None, and a diagnostic kept for later, if it leads nowhere.
        """
        slug, _, note = target.partition("#")
        written = f"[[{target}|{words}]]" if words else f"[[{target}]]"
        own = None if note and not slug else slug
        crossref = CrossLink(own, note or None, words or None, place_of_text(page, written))
        found = resolve_cross_link(self.found.corpus, crossref, incomplete=self.found.incomplete)
        if isinstance(found, Diagnostic):
            self.faults.append(found)
            return None
        self.links.append((page, found))
        # MkDocs turns it into an address with all others, and checks it.
        source = relpath(source_uri(document_address(found.slug)), dirname(page.file.src_uri) or ".")
        return source + (f"#note-{found.note}" if found.note else ""), found.words

    def page_links(self) -> list[PageLink]:
        """Return the cross-links of hand-written pages. A page's title is known only once the page is drawn."""
        return [
            PageLink(page_address(page), title_text(page), target.slug, target.note or "")
            for page, target in self.links
        ]

    def addresses(self) -> Iterator[str]:
        """Every page that a sitemap lists, not percent-encoded."""
        yield from (unquote(page.address) for page in self.pages)  # the engine's are quoted already
        yield from (each.address for each in pressed_pages(self.found) if each.listed)

    def own_pages(self) -> Iterator[SearchPage]:
        """The hand-written pages as search takes them, without its own and those that want to be left out."""
        return search_pages(each for each in self.pages if each.address not in self.unsearched)

    def make_search(
        self, pages: Iterable[SearchPage], *, pool: Executor | None = None, cancelled: threading.Event | None = None
    ) -> tuple[Diagnostic, ...]:
        """Make the search index of ``pages``, and keep its shards for the next build; as ``write_search`` does."""
        labels = facet_labels(self.found.corpus.project)
        kept = cache_path(self.settings.root, "search")
        return write_search(pages, self.out, labels=labels, cache_folder=kept, pool=pool, cancelled=cancelled)

    def write_feeds(self, site_url: str | None) -> None:
        """Write the feeds of changes and of corrections."""
        changes = self.found.catalog.changes
        project = replace(self.found.corpus.project, site_url=site_url or None)
        staging.write_file(self.out / feeds.CHANGES, feeds.changes_feed(changes, project))
        staging.write_file(self.out / feeds.CORRECTIONS, feeds.corrections_feed(changes, project))

    def _fill(self, found: re.Match[str], page: Page) -> str:
        if found[1] == search_page.SLOT:
            return search_page.search_slot(page_address(page))
        filled = fill_slot(found[1], self.found.corpus, self.found.catalog, page_address(page))
        if filled is not None:
            return filled
        known = f"known: {', '.join(f'<!-- postil: {each} -->' for each in (*SLOTS, search_page.SLOT))}"
        self.faults.append(Diagnostic(place_of_text(page, found[0]), "P404", f'unknown slot "{found[1]}"', known))
        return found[0]
