"""One build of the site: what MkDocs hands over in the plug-in's events, and what is made of it.

In the order of a build:

1. ``start_build`` turns MkDocs's output aside into a staging folder, and adds our assets to the configuration.
2. ``Build.add_files`` loads the corpus, and registers documents (as link targets), shells, lists and assets.
3. MkDocs draws hand-written pages and shells, also of a corpus with errors, so that one build reports them all.
   ``Build.fill_page`` and ``Build.finish_page`` fill their slots and cut the shells.
4. ``Build.finish`` stops at errors, writes the documents, the search index and the feeds, and publishes it all in one
   step.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils import get_relative_url

from builder.addresses import DOCUMENTS, document_address, page_file
from builder.cache_files import cache_path
from builder.compression import gzip_bytes
from builder.diagnostics import Diagnostic, Severity, UserError, has_errors
from builder.engines.blocked_scripts import ScriptPolicy
from builder.engines.cross_link_extension import CrossLinkExtension
from builder.engines.drawn_page import is_shell_page, page_address, place_of_text, toc_item
from builder.engines.files import (
    PressedFile,
    generated_file,
    list_target,
    missing_index_pages,
    pressed_pages,
    shell_file,
)
from builder.engines.hand_written import HandWrittenPages
from builder.engines.other_plugins import can_be_cut, leave_out_of_histories, leave_out_unknown_links
from builder.engines.plugin_config import (
    PostilConfig,
    check_cards,
    check_theme,
    pipeline_settings,
    published_address,
    setting_place,
)
from builder.engines.site_checks import check_site_files, refused_files
from builder.engines.theme_language import speak_in_theme, with_direction
from builder.history.corpus_commit import read_corpus_commit
from builder.history.ledger import UNKNOWN, read_ledger
from builder.link.changelog import newest_date
from builder.model import CorpusCommit, Ledger
from builder.pipeline import LoadedCorpus, Progress, ReadResult, Settings, load_corpus, press_pages
from builder.publish import feeds, staging
from builder.publish.check_site_dir import check_site_dir
from builder.publish.content_policy import HEADERS, headers_file
from builder.publish.file_links import link_to_files
from builder.publish.sitemap import sitemap
from builder.publish.skip_link import lead_to_content
from builder.read.corpus_and_sources import untranslated
from builder.render.changelog_pages import feed_links
from builder.render.colophon import colophon_html
from builder.render.index_pages import list_files
from builder.render.not_found import add_ways_on, site_root, ways_on
from builder.render.page_assets import assets, insert_parts, words_asset
from builder.render.redirect_page import redirect_page
from builder.render.shell import SHELL_CONTENTS, Marker, Shell, ShellKey, cut_shell, shell_key
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
STOPPED = "postil: there are errors; nothing was published"

log = logging.getLogger("mkdocs.plugins.postil")

_POLICY = "corrections-policy.md"  # the page of ``docs/`` that the foot of every page leads to
_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTICE: logging.INFO}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What the caller of a build wants. MkDocs's own commands leave everything as it is here.

    ``preview``: show drafts and errors, publish nothing, and index the pages afterwards.
    ``check_only``: collect diagnostics; write no page of the corpus and publish nothing.
    ``quiet``: log no diagnostics, because the caller reports them.
    ``progress``: called as the corpus is read and written.
    ``diagnostics``: those known before the build.
    """

    preview: bool = False
    check_only: bool = False
    quiet: bool = False
    progress: Progress | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class Build:
    """One build of the site. A preview starts a new one at every change.

    ``config``: MkDocs's settings; its ``site_dir`` is ``out`` while this build runs.
    ``own``: the plug-in's settings.
    ``options``: what the caller wants.
    ``site``: the folder that the site is published in.
    ``out``: the folder that it is written to; another one if it is to be published.
    ``diagnostics``: what is wrong so far, sorted.
    ``published``: whether ``site`` is new.
    ``policy``: which scripts the pages may run, once the theme's templates are known; None if all.
    ``skip_label``: "Skip to content" in the theme's language.
    ``emptied``: whether MkDocs has emptied ``out``, or is about to.
    """

    config: MkDocsConfig
    own: PostilConfig
    options: BuildOptions
    site: Path
    out: Path
    diagnostics: tuple[Diagnostic, ...]
    published: bool = False
    emptied: bool = False
    policy: ScriptPolicy | None = None
    skip_label: str = "Skip to content"
    _staging: staging.Staging | None = None
    _pages: HandWrittenPages | None = None
    _settings: Settings | None = None
    _own_files: tuple[File, ...] = ()
    _commit: CorpusCommit | None = None
    _policy_page: str | None = None
    _drawn_shells: dict[ShellKey, str] = field(default_factory=dict)
    _shells: dict[ShellKey, Shell] = field(default_factory=dict)
    _searched: list[SearchPage] = field(default_factory=list)

    # --- before MkDocs draws -----------------------------------------------------------------------------------------

    @property
    def search(self) -> bool:
        """Whether this site has our search."""
        return bool(self.own.search) and pagefind_available()

    @property
    def pages(self) -> HandWrittenPages:
        """The hand-written pages. PluginError if another plug-in has MkDocs draw pages before its files are known."""
        if self._pages is None:
            raise PluginError("postil: a page was drawn before the corpus was read; another plug-in is out of order")
        return self._pages

    @property
    def loaded(self) -> LoadedCorpus:
        """The corpus. PluginError if it is not loaded yet."""
        return self.pages.loaded

    @property
    def seeds(self) -> Path:
        """The folder of the corpus."""
        return self._project_settings.seeds

    @property
    def page_name(self) -> str:
        """The hand-written page that MkDocs draws, or drew last, as a path for people; "" before the first."""
        page = self._pages.current if self._pages else None
        return str(place_of_text(page, "")).partition(":")[0] if page else ""

    def load(self, earlier: Mapping[str, ReadResult]) -> LoadedCorpus:
        """Load the corpus; what has not changed since ``earlier`` is not read again."""
        self._settings = settings = pipeline_settings(self.own, self.config, preview=self.options.preview)
        loaded = load_corpus(settings, earlier, self.options.progress, ledger=self._ledger(settings))
        if self.own.history and not self.options.check_only:
            self._commit = read_corpus_commit(settings.root, settings.seeds)
        # Pages may lead to the search page, and say at which address they are published.
        search = search_page.ADDRESS if self.search else None
        project = replace(
            loaded.corpus.project,
            search=search,
            site_url=published_address(self.config, preview=self.options.preview),
            cards=settings.cards is not None,
        )
        loaded = replace(loaded, corpus=replace(loaded.corpus, project=project))
        tabs = "navigation.tabs" in self.config.theme.get("features", ())
        self._pages = HandWrittenPages(loaded, settings.directory_urls, tabs)
        return loaded

    def remove_refused_files(self, files: Files) -> None:
        """Take out of MkDocs's files what it is not to see, and report it."""
        for file, diagnostic in tuple(refused_files(files, self.config)):
            files.remove(file)
            self.report([diagnostic])

    def add_files(self, files: Files) -> None:
        """Check the hand-written files, and register everything of ours that other plug-ins may know of."""
        config, loaded = self.config, self.loaded
        # A check leaves nothing behind: its site is a temporary folder, and so is this one in it.
        temporary = Path(config.site_dir) / ".pages"
        folder = temporary if self.options.check_only else cache_path(self._project_settings.root, "pages")
        self.report(check_cards(self.own, config))
        self.report([*loaded.diagnostics, *check_site_files(files, loaded, config, search=self.search)])
        if (language := self._project_settings.language) and not has_translation(language):
            self.report([untranslated(setting_place(config, "language", inside=True), language)])
        translation = loaded.corpus.project.translation
        if not self._project_settings.language:
            speak_in_theme(config, translation)
        words = words_asset(translation)
        config.extra_javascript.insert(0, words.address)
        policy = files.get_file_from_path(_POLICY)
        self._policy_page = policy.url if policy else None
        pressed = tuple(pressed_pages(loaded))
        shells = [shell_file(key, config, folder) for key in sorted({shell_key(page.address) for page in pressed})]
        lists = list(missing_index_pages(files, config, folder, translation, search=self.search))
        leave_out_of_histories(config, [*shells, *lists])
        leave_out_unknown_links(config)
        self._own_files = (
            *lists,
            *(
                generated_file(config, folder, asset.address, asset.content)
                for asset in (words, *assets(), *search_assets())
            ),
            *(PressedFile(page, config, self._project_settings.root) for page in pressed),
            *shells,
        )
        if "i18n" not in config.plugins:  # it drops all pages that are not in docs/
            _add_missing(files, (file for file in self._own_files if not is_shell_page(file)))

    def add_last_files(self, files: Files) -> None:
        """Register shells, which no other plug-in is to take for pages, and what others have dropped."""
        _add_missing(files, self._own_files)

    def add_link_targets(self, files: Files) -> None:
        """Register what pages link to, in a build that another plug-in runs within this one."""
        targets = [file for file in self._own_files if isinstance(file, PressedFile)]
        lists = [file for file in self._own_files if file.is_documentation_page() and not is_shell_page(file)]
        targets += [list_target(file, self.config, self._project_settings.root) for file in lists]
        _add_missing(files, targets)

    # --- while MkDocs draws ------------------------------------------------------------------------------------------

    def fill_page(self, html: str, page: Page) -> str:
        """Return the content of a page: a marker if it is a shell, else with its slots filled."""
        if is_shell_page(page.file):
            page.toc = TableOfContents([toc_item(line, 2) for line in SHELL_CONTENTS])
            return Marker.CONTENT
        return self.pages.fill(html, page)

    def cross_link(self, target: str, words: str, file: File | None) -> tuple[str, str] | None:
        """Return where a cross-link in a file leads, as ``HandWrittenPages.cross_link`` does."""
        return self.pages.cross_link(target, words, file)

    def insert_parts(self, output: str, page: Page) -> str:
        """Return a page as the theme has drawn it with our parts put into it."""
        # MkDocs has read all pages before it draws the first, so every page can show what is wrong in any of them.
        known = {*self.diagnostics, *self.pages.diagnostics} if self.options.preview else ()
        problems = sorted(diagnostic for diagnostic in known if diagnostic.severity is Severity.ERROR)
        translation = self.loaded.corpus.project.translation
        head = feed_links(
            self.config.site_name,
            translation,
            lambda address: get_relative_url(address, page.url),
        )
        colophon = self._colophon(page)
        insert = partial(insert_parts, output, head=head, colophon=colophon, problems=problems)
        if self.search:
            head += opensearch_link(self.config.site_name, self.config.site_url)
            insert = partial(insert, head=head, button=search_button(translation), dialog=search_dialog(translation))
        # A template that the author of the page has chosen may well have no header.
        with suppress(UserError) if page.meta.get("template") else nullcontext():
            output = insert()
        output = with_direction(lead_to_content(output, self.skip_label), translation)
        if is_shell_page(page.file):
            self._drawn_shells[shell_key(page_address(page))] = output
        return output

    def _colophon(self, page: Page) -> str:
        """Return what stands at the foot of a page; links of the page lead from its own address."""
        project = self.loaded.corpus.project
        html = colophon_html(project, self._commit, page_address(page), policy=self._policy_page)
        return html if self.config.use_directory_urls else link_to_files(html)

    def finish_page(self, output: str, page: Page) -> str:
        """Return a page, to which other plug-ins may have done something, with the policy; cut it, if it is a shell."""
        if is_shell_page(page.file):
            key = shell_key(page_address(page))
            output = output if can_be_cut(output) else self._drawn_shells[key]
        if self.policy:
            output = self.policy.apply(output, page)
        if is_shell_page(page.file):
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
        root, translation = site_root(self.config.site_url), self.loaded.corpus.project.translation
        search = search_page.ADDRESS if self.search else None
        directory_urls = bool(self.config.use_directory_urls)
        lists = search_page.LISTS
        output = add_ways_on(output, ways_on(root, lists, translation, search=search, directory_urls=directory_urls))
        insert = partial(insert_parts, output, head=feed_links(self.config.site_name, translation, root.__add__))
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
                *(self.policy.diagnostics(self.config) if self.policy else ()),
            ]
        )
        if self.options.check_only:
            return
        self._stop_at_errors()
        self.report(self._press())
        self._stop_at_errors()
        for section, _ in self._shells:
            shutil.rmtree(self.out / section / Marker.ADDRESS, ignore_errors=True)
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
        translation = self.loaded.corpus.project.translation
        if self.search and self.config.site_url:
            staging.write_file(
                self.out / DESCRIPTION, opensearch(self.config.site_name, self.config.site_url, translation)
            )
        if self.own.search and (problem := pagefind_problem()):
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

    @property
    def _project_settings(self) -> Settings:
        if self._settings is None:
            raise PluginError("postil: the corpus was not read; another plug-in is out of order")
        return self._settings

    def _ledger(self, settings: Settings) -> Ledger | None:
        """Return what git's history says of the notes. A check has no page to show it on."""
        if self.options.check_only:
            return None
        if not self.own.history:
            return UNKNOWN
        return read_ledger(settings.root, settings.seeds, settings.limits, cache_path(settings.root, "ledger.json"))

    def _sitemap(self) -> bytes | None:
        """Return the sitemap, with the documents and without the time of day; None for a site without an address."""
        if not self.config.site_url:
            return None
        pages = dict.fromkeys(self.pages.addresses(), "")
        pages |= {page.address: page.changed for page in pressed_pages(self.loaded) if page.listed}
        return sitemap(self.config.site_url, pages)

    def _unreachable(self) -> Iterator[Diagnostic]:
        """Yield P409 if the owner has written a navigation, and neither it nor any page leads to the documents."""
        if self.config.nav and self.loaded.corpus.documents and not self.pages.leads_to_documents:
            hint = f"add to it:  - Documents: {DOCUMENTS}index.md"
            yield Diagnostic(setting_place(self.config, "nav"), "P409", "nothing in it leads to the documents", hint)

    def _press(self) -> tuple[Diagnostic, ...]:
        """Write the pages of the corpus, and index them as they come."""
        return press_pages(
            self.loaded,
            self._shells,
            self.out,
            self._project_settings,
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
        cache_folder = cache_path(self._project_settings.root, "search")
        self.report(
            write_search(pages, self.out, labels=labels, cache_folder=cache_folder, pool=pool, cancelled=cancelled)
        )

    def write_feeds(self) -> None:
        """Write the feeds of changes and of corrections."""
        changelog, changes = self.loaded.catalog.changelog, self.loaded.catalog.changes
        since, newest = changelog.since if changelog else None, newest_date(self.loaded.corpus)
        project = self.loaded.corpus.project
        for address in (feeds.CHANGES, feeds.CORRECTIONS):
            name = self.config.site_name
            feed = feeds.render_feed(address, changes, project, name, since=since, newest=newest)
            staging.write_file(self.out / address, feed)

    def _write_lists(self) -> None:
        """Write what the script of the lists reads."""
        for address, content in list_files(self.loaded.corpus, self.loaded.catalog):
            html = content if self.config.use_directory_urls else link_to_files(content.decode()).encode()
            staging.write_file(self.out / address, gzip_bytes(html))

    def _write_redirects(self) -> None:
        """Write the pages at old addresses of documents."""
        for record in self.loaded.corpus.documents:
            for alias in record.aliases:
                directory_urls = self.config.use_directory_urls
                html = redirect_page(alias, record, self.config.site_url, directory_urls=directory_urls)
                staging.write_file(self.out / page_file(document_address(alias)), html.encode())

    def _stop_at_errors(self) -> None:
        if has_errors(self.diagnostics) and not self.options.preview:
            raise PluginError(STOPPED)

    def _publish(self, staged: staging.Staging) -> None:
        """Publish; but not if MkDocs is about to fail a strict build, which it does only after us."""
        if self.config.strict and (_mkdocs_has_warned() or has_errors(self.diagnostics, strict=True)):
            staging.discard_staging(staged)
        else:
            staging.publish_staging(staged, self.site)
            self.published = True
        self._staging = None
        self.out = self.site
        self.config.site_dir = str(self.site)  # `mkdocs gh-deploy` takes the site from here


def start_build(config: MkDocsConfig, own: PostilConfig, options: BuildOptions) -> Build:
    """Start a build: turn MkDocs's output aside, and add our assets and cross-links to its settings.

    Raises UserError if the site cannot be built with these settings, or not where it is to stand.

    ``config``: MkDocs's settings, which are changed.
    ``own``: the plug-in's settings.
    ``options``: what the caller wants.
    """
    check_theme(config)
    site = Path(config.site_dir)
    build = Build(config, own, options, site=site, out=site, diagnostics=options.diagnostics)
    for asset in (*assets(), *search_assets()):
        if not asset.on_demand:
            (config.extra_javascript if asset.script else config.extra_css).append(asset.address)
    config.markdown_extensions.append(CrossLinkExtension(build.cross_link))  # type: ignore[arg-type]  # an object will do
    # A link to a note that does not exist is an error of this kind of site, not a matter of taste.
    config.validation.links.anchors = max(config.validation.links.anchors, logging.WARNING)
    if not options.preview and not options.check_only:
        pipeline_settings(own, config, preview=False)  # checks the folders while site_dir is the owner's
        check_site_dir(site)
        build._staging = staging.create_staging(site)  # noqa: SLF001 - of the class in this file
        build.out = build._staging.path  # noqa: SLF001
        config.site_dir = str(build.out)
    return build


def _add_missing(files: Files, own: Iterable[File]) -> None:
    """Add files of ours; but not where there is one of that name, which is reported if it is no picture or script."""
    for file in own:
        if files.get_file_from_path(file.src_uri) is None:
            files.append(file)


def _mkdocs_has_warned() -> bool:
    """Return whether MkDocs or ProperDocs has counted a warning: its strict build fails for it once we are done.

    Each counts with a class of its own, and ProperDocs at its own logger.
    """
    handlers = chain.from_iterable(logging.getLogger(name).handlers for name in ("mkdocs", "properdocs"))
    counters = (getattr(handler, "get_counts", None) for handler in handlers)
    return any(count for get_counts in counters if get_counts for _, count in get_counts())
