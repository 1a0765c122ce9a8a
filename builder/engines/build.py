"""One build of the site, whichever engine draws it.

In the order of a build:

1. ``start_build`` makes a staging folder to draw into.
2. ``Build.load`` reads the corpus; ``Build.given`` says what the engine is to draw besides the hand-written pages.
3. The engine draws hand-written pages and shells, also of a corpus with errors, so that one build reports them all.
   ``Build.fill_page``, ``insert_parts`` and ``finish_page`` complete them; ``finish_shell`` cuts the shells.
4. ``Build.finish`` stops at errors, writes the documents, the search index and the feeds, and publishes it all in one
   step.

MkDocs's plug-in calls these from its events (``mkdocs.py``), since MkDocs is in charge there; for an engine that only
draws, ``draw_site.py`` does.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

from builder.addresses import DOCUMENTS, document_address, page_file, relative_url
from builder.cache_files import cache_path
from builder.compression import gzip_bytes
from builder.diagnostics import Diagnostic, Severity, UserError, has_errors
from builder.engines.blocked_scripts import ScriptPolicy, script_policy
from builder.engines.hand_written import HandWrittenPages
from builder.engines.pressed import pressed_pages
from builder.engines.project_settings import check_cards, check_theme, pipeline_settings
from builder.engines.seam import DrawnPage, Given, ListPage, SiteFile, SiteSettings
from builder.engines.site_checks import check_site_files
from builder.engines.theme_language import with_direction
from builder.history.corpus_commit import read_corpus_commit
from builder.history.ledger import UNKNOWN, read_ledger
from builder.link.changelog import newest_date
from builder.model import CorpusCommit, Ledger
from builder.pipeline import LoadedCorpus, Progress, ReadResult, Settings, load_corpus, press_pages
from builder.publish import feeds, staging
from builder.publish.check_site_dir import check_site_dir
from builder.publish.content_policy import HEADERS, PageScripts, headers_file
from builder.publish.file_links import link_to_files
from builder.publish.sitemap import sitemap
from builder.publish.skip_link import lead_to_content
from builder.read.corpus_and_sources import untranslated
from builder.render.changelog_pages import feed_links
from builder.render.colophon import colophon_html
from builder.render.index_pages import INDEXES, list_files
from builder.render.not_found import add_ways_on, site_root, ways_on
from builder.render.page_assets import Asset, assets, insert_parts, words_asset
from builder.render.redirect_page import redirect_page
from builder.render.shell import Marker, Shell, ShellKey, cut_shell, shell_key
from builder.report import visible
from builder.search import search_page
from builder.search.check_pagefind import pagefind_available, pagefind_problem
from builder.search.opensearch import DESCRIPTION, opensearch, opensearch_link
from builder.search.pagefind_index import CancelledError
from builder.search.pages import SearchPage
from builder.search.records import facet_labels
from builder.search.search_assets import search_assets, search_button, search_dialog
from builder.search.write_index import write_search
from builder.translation import has_translation

_NOT_FOUND = "404.html"


class StoppedError(UserError):
    """There are errors, which the diagnostics tell: nothing is published."""


log = logging.getLogger("mkdocs.plugins.postil")

_POLICY = "corrections-policy.md"  # the page of ``docs/`` that the foot of every page leads to
# ``draft`` is for plug-ins that list pages by date.
_LIST = "---\ndraft: true\n---\n# {title}\n\n<!-- postil: {slot} -->\n"
_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTICE: logging.INFO}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What the caller of a build wants. An engine's own commands leave everything as it is here.

    ``preview``: show drafts and errors, publish nothing, and index the pages afterwards.
    ``check_only``: collect diagnostics; write no page of the corpus and publish nothing.
    ``draw_only``: have the engine draw, and fill in nothing of the corpus.
    ``quiet``: log no diagnostics, because the caller reports them.
    ``progress``: called as the corpus is read and written.
    ``diagnostics``: those known before the build.
    """

    preview: bool = False
    check_only: bool = False
    draw_only: bool = False
    quiet: bool = False
    progress: Progress | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What came of a build.

    ``diagnostics``: everything that is wrong, sorted.
    ``published``: whether the site was published.
    ``site_dir``: the folder of the site, new if ``published`` and old if not.
    ``documents``, ``notes``: how many there are.
    """

    diagnostics: tuple[Diagnostic, ...]
    published: bool
    site_dir: Path
    documents: int
    notes: int


@dataclass(slots=True)
class Build:
    """One build of the site. A preview starts a new one at every change.

    ``settings``: those of the site.
    ``options``: what the caller wants.
    ``site``: the folder that the site is published in.
    ``out``: the folder that it is written to; another one if it is to be published.
    ``diagnostics``: what is wrong so far, sorted.
    ``engine_has_warned``: whether the engine has told of a warning, which forbids a strict build.
    ``published``: whether ``site`` is new.
    ``policy``: which scripts the pages may run, once the theme is known; None if all.
    ``skip_label``: "Skip to content" in the theme's language.
    ``assets``: files that postil publishes besides pages, once the corpus is read.
    ``emptied``: whether the engine has emptied ``out``, or is about to.
    """

    settings: SiteSettings
    options: BuildOptions
    site: Path
    out: Path
    diagnostics: tuple[Diagnostic, ...]
    engine_has_warned: Callable[[], bool]
    published: bool = False
    emptied: bool = False
    policy: ScriptPolicy | None = None
    skip_label: str = "Skip to content"
    assets: tuple[Asset, ...] = ()
    _staging: staging.Staging | None = None
    _pages: HandWrittenPages | None = None
    _project: Settings | None = None
    _commit: CorpusCommit | None = None
    _policy_page: str | None = None
    _shells: dict[ShellKey, Shell] = field(default_factory=dict)
    _searched: list[SearchPage] = field(default_factory=list)

    # --- before the engine draws -------------------------------------------------------------------------------------

    @property
    def search(self) -> bool:
        """Whether this site has our search."""
        return self.settings.own.search and pagefind_available()

    @property
    def pages(self) -> HandWrittenPages:
        """The hand-written pages. UserError if another plug-in has pages drawn before their files are known."""
        if self._pages is None:
            raise UserError("a page was drawn before the corpus was read; another plug-in is out of order")
        return self._pages

    @property
    def loaded(self) -> LoadedCorpus:
        """The corpus. UserError if it is not loaded yet."""
        return self.pages.loaded

    @property
    def seeds(self) -> Path:
        """The folder of the corpus."""
        return self.project.seeds

    @property
    def page_name(self) -> str:
        """The hand-written page that is drawn, or was drawn last, as a path for people; "" before the first."""
        page = self._pages.current if self._pages else None
        return page.place(self.settings.docs_dir).file if page else ""

    @property
    def project(self) -> Settings:
        """The settings as the pipeline takes them. UserError if the corpus is not read yet."""
        if self._project is None:
            raise UserError("the corpus was not read; another plug-in is out of order")
        return self._project

    def load(self, earlier: Mapping[str, ReadResult]) -> LoadedCorpus:
        """Load the corpus; what has not changed since ``earlier`` is not read again."""
        self._project = settings = pipeline_settings(self.settings, preview=self.options.preview)
        loaded = load_corpus(settings, earlier, self.options.progress, ledger=self._ledger(settings))
        if self.settings.own.history and not self.options.check_only:
            self._commit = read_corpus_commit(settings.root, settings.seeds)
        # Pages may lead to the search page, and say at which address they are published.
        search = search_page.ADDRESS if self.search else None
        project = replace(
            loaded.corpus.project,
            search=search,
            site_url=self.settings.published_url,
            cards=settings.cards is not None,
        )
        loaded = replace(loaded, corpus=replace(loaded.corpus, project=project))
        self._pages = HandWrittenPages(loaded, self.settings.docs_dir, settings.directory_urls, self.settings.tabs)
        return loaded

    def given(self, files: Sequence[SiteFile]) -> Given:
        """Check the hand-written files, and return what is to be drawn besides them."""
        loaded = self.loaded
        self.report(check_cards(self.settings))
        self.report([*loaded.diagnostics, *check_site_files(files, loaded, self.settings, search=self.search)])
        if (language := self.project.language) and not has_translation(language):
            self.report([untranslated(self.settings.place("language", inside=True), language)])
        words = words_asset(loaded.corpus.project.translation)
        policy = next((file.destination for file in files if file.source == _POLICY), None)
        self._policy_page = policy.removesuffix("index.html") if policy else None
        pressed = tuple(pressed_pages(loaded))
        shells = tuple(sorted({shell_key(page.address) for page in pressed}))
        self.assets = (words, *assets(), *search_assets())
        lists, own_words = tuple(self._lists(files)), self.pages.own_words
        translation = loaded.corpus.project.translation
        return Given(self.settings, lists, shells, self.assets, pressed, translation, own_words)

    def make_policy(self, theme: Iterable[PageScripts]) -> None:
        """Decide which scripts pages may run; ``theme`` are those that they have of the theme."""
        self.policy = script_policy(theme, self.settings, search=self.search, before=self.policy)

    # --- while it draws ----------------------------------------------------------------------------------------------

    def fill_page(self, html: str, page: DrawnPage) -> str:
        """Return the content of a hand-written page with its slots filled."""
        return self.pages.fill(html, page)

    def insert_parts(self, output: str, address: str, *, tolerant: bool = False) -> str:
        """Return a page as the theme has drawn it with our parts put into it.

        ``output``: the page, a hand-written one or a shell.
        ``address``: where it is.
        ``tolerant``: whether it may lack a place for them: its author has chosen a template for it.
        """
        # An engine reads all pages before it draws the first, so every page can show what is wrong in any of them.
        known = {*self.diagnostics, *self.pages.diagnostics} if self.options.preview else ()
        problems = sorted(diagnostic for diagnostic in known if diagnostic.severity is Severity.ERROR)
        translation = self.loaded.corpus.project.translation
        head = feed_links(self.settings.name, translation, lambda target: relative_url(address, target))
        colophon = self._colophon(address)
        insert = partial(insert_parts, output, head=head, colophon=colophon, problems=problems)
        if self.search:
            head += opensearch_link(self.settings.name, self.settings.url or None)
            insert = partial(insert, head=head, button=search_button(translation), dialog=search_dialog(translation))
        with suppress(UserError) if tolerant else nullcontext():
            output = insert()
        return with_direction(lead_to_content(output, self.skip_label), translation)

    def _colophon(self, address: str) -> str:
        """Return what stands at the foot of the page at an address; links lead from there."""
        html = colophon_html(self.loaded.corpus.project, self._commit, address, policy=self._policy_page)
        return html if self.settings.directory_urls else link_to_files(html)

    def finish_page(self, output: str, page: DrawnPage) -> str:
        """Return a hand-written page, to which other plug-ins may have done something, with the policy."""
        return self.policy.apply(output, page) if self.policy else output

    def finish_shell(self, output: str, key: ShellKey) -> str:
        """Return a shell with the policy, and keep it to press pages from."""
        output = self.policy.apply(output, None) if self.policy else output
        self._shells[key] = cut_shell(output, key)
        return output

    def finish_template(self, output: str, name: str) -> str:
        """Return a page that the theme draws besides, such as ``404.html``, with our parts that it needs."""
        if not name.endswith(".html"):
            return output
        if name == _NOT_FOUND:
            output = self._lead_on(output)
        output = with_direction(lead_to_content(output, self.skip_label), self.loaded.corpus.project.translation)
        return self.policy.apply(output, None) if self.policy else output

    def _lead_on(self, output: str) -> str:
        """Return the page for addresses that there are not, with ways on and the parts of every page."""
        root, translation = site_root(self.settings.url or None), self.loaded.corpus.project.translation
        search, directory_urls = search_page.ADDRESS if self.search else None, self.settings.directory_urls
        lists = search_page.LISTS
        output = add_ways_on(output, ways_on(root, lists, translation, search=search, directory_urls=directory_urls))
        insert = partial(insert_parts, output, head=feed_links(self.settings.name, translation, root.__add__))
        if self.search:
            insert = partial(insert, button=search_button(translation), dialog=search_dialog(translation))
        with suppress(UserError):  # the owner's own may have no header
            output = insert()
        return output

    # --- after -------------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Write the corpus, the search index and the feeds, and publish; or stop at errors, and publish nothing."""
        self.report(
            [
                *self.pages.diagnostics,
                *self._unreachable(),
                *(self.policy.diagnostics(self.settings) if self.policy else ()),
            ]
        )
        if self.options.check_only:
            return
        self._stop_at_errors()
        self.report(self._press())
        self._stop_at_errors()
        for folder in self.out.glob(f"*/{Marker.ADDRESS}"):
            shutil.rmtree(folder, ignore_errors=True)
        if (sitemap_file := self.out / "sitemap.xml").is_file():
            if content := self._sitemap():
                staging.write_file(sitemap_file, content)
                staging.write_file(self.out / "sitemap.xml.gz", gzip_bytes(content))
            else:  # the theme's has relative addresses, which no search engine takes
                sitemap_file.unlink()
                (self.out / "sitemap.xml.gz").unlink(missing_ok=True)
        self.write_feeds()
        self._write_lists()
        self._write_redirects()
        if self.policy and not (self.out / HEADERS).exists():  # else the owner's own, from docs/
            staging.write_file(self.out / HEADERS, headers_file(self.policy.value))
        if self.search and self.settings.url:
            translation = self.loaded.corpus.project.translation
            description = opensearch(self.settings.name, self.settings.url, translation)
            staging.write_file(self.out / DESCRIPTION, description)
        if self.settings.own.search and (problem := pagefind_problem()):
            self.report([problem])
        if self._staging:
            self._publish(self._staging)

    def discard(self) -> None:
        """Clear the staging folder away: the published site is as it was."""
        if self._staging:
            staging.discard_staging(self._staging)
            self._staging = None

    def index_preview(self, cancelled: threading.Event) -> None:
        """Make the search index of a preview, whose pages are there already; until ``cancelled`` is set."""
        try:
            self._write_index(self._searched, cancelled=cancelled)
        except CancelledError:
            pass
        except UserError as error:
            log.warning("postil: %s", error)

    def report(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add to the diagnostics, and log them unless the caller reports them."""
        fresh = sorted({*diagnostics} - {*self.diagnostics})
        self.diagnostics = tuple(sorted({*self.diagnostics, *fresh}))
        if self.options.quiet:
            return
        for diagnostic in fresh:
            head = f"{diagnostic.place}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message}"
            lines = "\n    ".join(visible(line) for line in (head, *diagnostic.hint.splitlines()))
            log.log(_LEVELS[diagnostic.severity], lines)

    # --- what these share --------------------------------------------------------------------------------------------

    def _ledger(self, settings: Settings) -> Ledger | None:
        """Return what git's history says of the notes. A check has no page to show it on."""
        if self.options.check_only:
            return None
        if not self.settings.own.history:
            return UNKNOWN
        return read_ledger(settings.root, settings.seeds, settings.limits, cache_path(settings.root, "ledger.json"))

    def _sitemap(self) -> bytes | None:
        """Return the sitemap, with the documents and without the time of day; None for a site without an address."""
        if not self.settings.url:
            return None
        pages = dict.fromkeys(self.pages.addresses(), "")
        pages |= {page.address: page.changed for page in pressed_pages(self.loaded) if page.listed}
        return sitemap(self.settings.url, pages)

    def _unreachable(self) -> Iterator[Diagnostic]:
        """Yield P409 if the owner has written a navigation, and neither it nor any page leads to the documents."""
        if self.settings.has_nav and self.loaded.corpus.documents and not self.pages.leads_to_documents:
            hint = f"add to it:  - Documents: {DOCUMENTS}index.md"
            yield Diagnostic(self.settings.place("nav"), "P409", "nothing in it leads to the documents", hint)

    def _press(self) -> tuple[Diagnostic, ...]:
        """Write the pages of the corpus, and index them as they come."""
        return press_pages(
            self.loaded,
            self._shells,
            self.out,
            self.project,
            page_links=self.pages.links(),
            progress=self.options.progress,
            index=self._index if self.search else None,
        )

    def _index(self, pages: Iterable[SearchPage], pool: Executor | None) -> None:
        """Make the search index while pages are written; in a preview, keep them until all are there."""
        if self.options.preview:
            self._searched = [*pages, *self.pages.search_pages()]
        else:
            self._write_index(chain(pages, self.pages.search_pages()), pool=pool)

    def _write_index(
        self, pages: Iterable[SearchPage], *, pool: Executor | None = None, cancelled: threading.Event | None = None
    ) -> None:
        labels = facet_labels(self.loaded.corpus.project)
        cache_folder = cache_path(self.project.root, "search")
        self.report(
            write_search(pages, self.out, labels=labels, cache_folder=cache_folder, pool=pool, cancelled=cancelled)
        )

    def write_feeds(self) -> None:
        """Write the feeds of changes and of corrections."""
        changelog, changes = self.loaded.catalog.changelog, self.loaded.catalog.changes
        since, newest = changelog.since if changelog else None, newest_date(self.loaded.corpus)
        project = self.loaded.corpus.project
        for address in (feeds.CHANGES, feeds.CORRECTIONS):
            name = self.settings.name
            feed = feeds.render_feed(address, changes, project, name, since=since, newest=newest)
            staging.write_file(self.out / address, feed)

    def _write_lists(self) -> None:
        """Write what the script of the lists reads."""
        for address, content in list_files(self.loaded.corpus, self.loaded.catalog):
            html = content if self.settings.directory_urls else link_to_files(content.decode()).encode()
            staging.write_file(self.out / address, gzip_bytes(html))

    def _write_redirects(self) -> None:
        """Write the pages at old addresses of documents."""
        for record in self.loaded.corpus.documents:
            for alias in record.aliases:
                directory_urls = self.settings.directory_urls
                html = redirect_page(alias, record, self.settings.url or None, directory_urls=directory_urls)
                staging.write_file(self.out / page_file(document_address(alias)), html.encode())

    def _stop_at_errors(self) -> None:
        if has_errors(self.diagnostics) and not self.options.preview:
            raise StoppedError("there are errors; nothing was published")

    def _publish(self, staged: staging.Staging) -> None:
        """Publish; but not if the engine is about to fail a strict build, which it does only after us."""
        if self.settings.strict and (self.engine_has_warned() or has_errors(self.diagnostics, strict=True)):
            staging.discard_staging(staged)
        else:
            staging.publish_staging(staged, self.site)
            self.published = True
        self._staging = None
        self.out = self.site

    def _lists(self, files: Iterable[SiteFile]) -> Iterator[ListPage]:
        """Yield the pages of lists and of search that nobody has written. An owner's navigation has none."""
        taken, translation = {file.destination for file in files}, self.loaded.corpus.project.translation
        for index in INDEXES.values():
            if page_file(index.address) not in taken:
                content = _LIST.format(title=translation.gettext(index.title), slot=index.slot)
                yield ListPage(f"{index.address}index.md", content, listed=not self.settings.has_nav)
        if self.search and page_file(search_page.ADDRESS) not in taken:
            content = _LIST.format(title=translation.gettext(search_page.TITLE), slot=search_page.SLOT)
            yield ListPage(f"{search_page.ADDRESS}index.md", content, listed=False)


def start_build(settings: SiteSettings, options: BuildOptions, engine_has_warned: Callable[[], bool]) -> Build:
    """Start a build: make the folder that is drawn into.

    Raises UserError if the site cannot be built with these settings, or not where it is to stand.

    ``settings``: those of the site.
    ``options``: what the caller wants.
    ``engine_has_warned``: as in ``Build``.
    """
    check_theme(settings)
    site = settings.site_dir
    build = Build(settings, options, site, site, options.diagnostics, engine_has_warned)
    if not (options.preview or options.check_only or options.draw_only):
        pipeline_settings(settings, preview=False)  # checks the folders
        check_site_dir(site)
        build._staging = staging.create_staging(site)  # noqa: SLF001 - of the class in this file
        build.out = build._staging.path  # noqa: SLF001
    return build
