"""MkDocs's door: the plug-in. It moves values in and out of MkDocs and thinks as little as possible.

What happens when in a build:

1. ``on_config`` puts the output into a staging folder, and our parts into the configuration;
2. ``on_files`` surveys the corpus, and registers documents (as link targets), shells, assets;
3. the engine draws hand-written pages and shells, errors or not, so that all faults are told at once; we fill their
   slots, and cut the shells;
4. ``on_post_build`` stops at errors, presses the documents, makes the search index, and publishes all in one step.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Literal, TypeVar

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils import CountHandler

from builder.diagnostics import Diagnostic, Severity, UserError, has_errors
from builder.engines.background import BackgroundTask
from builder.engines.build import Build
from builder.engines.cross_link_extension import CrossLinkExtension
from builder.engines.files import PressedFile, missing_index_pages, pressed_pages
from builder.engines.pages import is_shell_page, place_of_text, toc_item
from builder.engines.plugin_config import PostilConfig, check_theme, pipeline_settings
from builder.engines.preview_hosts import local_only
from builder.engines.site_checks import check_site_files, escaping_links
from builder.engines.theme_filters import make_filters_safe
from builder.history.ledger import UNKNOWN, read_ledger
from builder.model import Ledger
from builder.pipeline import LoadedCorpus, Progress, ReadResult, Settings, load_corpus, press_pages
from builder.project_paths import cache_path
from builder.publish import staging
from builder.publish.site_dir import check_site_dir
from builder.publish.sitemap import compressed, sitemap
from builder.render.page_assets import assets, insert_parts
from builder.render.shell import SHELL_CONTENTS, Marker, cut_shell, shell_address, shell_key
from builder.report import visible
from builder.search.index import CancelledError
from builder.search.opensearch import DESCRIPTION, opensearch, opensearch_link
from builder.search.pages import SearchPage
from builder.search.search_assets import search_assets, search_button, search_dialog
from builder.search.search_page import ADDRESS as SEARCH_ADDRESS
from builder.search.write_index import pagefind_available, write_search

_Result = TypeVar("_Result")

log = logging.getLogger("mkdocs.plugins.postil")

_SHELL_PAGE = f"---\ntitle: {Marker.TITLE}\ndescription: {Marker.DESCRIPTION}\n---\n"
_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTICE: logging.INFO}


class PostilPlugin(BasePlugin[PostilConfig]):  # type: ignore[no-untyped-call]
    """Publishes the corpus in ``seeds/`` as part of a MkDocs site.

    ``check_only``, ``quiet``, ``progress`` and ``beforehand`` (faults known before the build) are set by our own
    commands; ``diagnostics``, ``refusal``, ``published`` and ``found`` are what they read when a build is over.
    """

    def __init__(self) -> None:
        self.check_only = False
        self.quiet = False
        self.progress: Progress | None = None
        self.beforehand: tuple[Diagnostic, ...] = ()
        self.diagnostics: tuple[Diagnostic, ...] = ()
        self.refusal: UserError | None = None
        self.published = False
        self.found: LoadedCorpus | None = None
        self._command = "build"
        self._emptied = False
        self._background = BackgroundTask()
        self._readings: dict[str, ReadResult] = {}
        self._site: Path | None = None
        self._staging: Path | None = None
        self._build: Build | None = None
        self._page: Page | None = None

    # --- before the engine draws -------------------------------------------------------------------------------------

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember what was asked for; having this method also keeps this object through a preview's rebuilds."""
        if dirty and command != "serve":
            raise PluginError("postil: a --dirty build would publish half a site; leave the option out")
        self._command = command

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Turn the output aside into a staging folder, and add our assets and cross-links."""
        # MkDocs keeps this object for the next build of the same process, which must not answer for this one.
        self.diagnostics, self.refusal, self.published, self.found = self.beforehand, None, False, None
        self._background.stop()
        if not config.use_directory_urls:
            raise PluginError("postil: addresses end in a slash; take `use_directory_urls: false` out of mkdocs.yml")
        self._try(lambda: check_theme(config))
        if not self._preview and not self.check_only:
            self._try(
                lambda: pipeline_settings(self.config, config, preview=False)
            )  # while site_dir is the owner's own
            self._try(lambda: check_site_dir(Path(config.site_dir)))
            self._site = Path(config.site_dir)
            self._staging = self._try(lambda: staging.create_staging(Path(config.site_dir)))
            config.site_dir = str(self._staging)
        for asset in (*assets(), *search_assets()):
            if not asset.on_demand:
                (config.extra_javascript if asset.script else config.extra_css).append(asset.address)
        config.markdown_extensions.append(CrossLinkExtension(self._cross_link))  # type: ignore[arg-type]  # a ready one will do
        # A link to a note that isn't there is a fault in this kind of site, not a matter of taste.
        config.validation.links.anchors = max(config.validation.links.anchors, logging.WARNING)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Remember that the engine goes on to empty its folder: until now, what a preview shows is whole."""
        del config
        self._emptied = True

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Survey the corpus and register all that the engine has to know of it."""
        settings = self._try(lambda: pipeline_settings(self.config, config, preview=self._preview))
        past = self._try(lambda: self._past(settings))
        found = self._try(lambda: load_corpus(settings, self._readings, self.progress, ledger=past))
        found = _with_search(found) if self._searching else found
        self._readings = dict(found.read_results)
        self.found = found
        self._build = Build(settings, found, Path(config.site_dir))
        self._tell([*found.diagnostics, *check_site_files(files, found, config, search=self._searching)])
        for file in tuple(escaping_links(files, config)):
            files.remove(file)  # it has been told, and what it leads to is not even copied
        for file in missing_index_pages(files, config, search=self._searching):
            files.append(file)
        pressed = tuple(pressed_pages(found))
        for each in pressed:
            link_target = PressedFile(each, config)
            if files.get_file_from_path(link_target.src_uri) is None:  # else a page's address, which has been told
                files.append(link_target)
        for key in sorted({shell_key(each.address) for each in pressed}):
            source = shell_address(key).rstrip("/") + ".md"
            files.append(File.generated(config, source, content=_SHELL_PAGE, inclusion=InclusionLevel.NOT_IN_NAV))
        for asset in (*assets(), *search_assets()):
            files.append(File.generated(config, asset.address, content=asset.content))
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Give the pages that are pressed their titles, also those that a written navigation lists."""
        for file in files:
            if isinstance(file, PressedFile):
                file.add_page(config)
        return nav

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ANN401 - jinja2 lives in render/
        """Keep the theme's filters from decoding what is escaped."""
        del config, files
        make_filters_safe(env.filters)

    # --- while the engine draws --------------------------------------------------------------------------------------

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Remember whose cross-links are being resolved."""
        del config, files
        self._page = page
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Turn a shell's page into markers; fill the slots of a hand-written one and note it for search."""
        del config, files
        build = self._current
        if is_shell_page(page.file):
            page.toc = TableOfContents([toc_item(each, 2) for each in SHELL_CONTENTS])
            return Marker.CONTENT
        return build.take(html, page)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put our parts into the theme's page, and cut it if it is a shell."""
        build = self._current
        # The engine has read all pages before it prints the first: what is wrong in one is known to all.
        known = {*self.diagnostics, *build.faults} if self._preview else ()
        problems = sorted(each for each in known if each.severity is Severity.ERROR)
        if not self._searching:
            output = insert_parts(output, problems=problems)
        else:
            output = insert_parts(output, button=search_button(), dialog=search_dialog(), problems=problems)
            link = opensearch_link(config.site_name, config.site_url)
            output = output.replace("</head>", f"{link}</head>", 1)
        if is_shell_page(page.file):
            key = shell_key(page.url)
            build.shells[key] = self._try(lambda: cut_shell(output, key))
        return output

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Write the sitemap ourselves: with the documents in it, and without the time of day."""
        if template_name != "sitemap.xml":
            return output_content
        return sitemap(config.site_url, self._current.addresses()).decode() if config.site_url else output_content

    # --- after -------------------------------------------------------------------------------------------------------

    @event_priority(-100)  # after other plug-ins have written what they write
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Press the documents, make the search index, and publish all of it or nothing."""
        build = self._current
        out = build.out
        self._tell(build.faults)
        if self.check_only:
            return
        self._stop_at_errors()
        press = partial(press_pages, build.found, build.shells, out, build.settings, page_links=build.page_links())
        searching = self._search if self._searching else None
        self._tell(self._try(lambda: press(progress=self.progress, searching=searching)))
        self._stop_at_errors()
        for section, _ in build.shells:
            staging.discard_staging(out / section / Marker.ADDRESS)
        if (plain := out / "sitemap.xml").is_file():
            staging.write_file(out / "sitemap.xml.gz", compressed(plain.read_bytes()))
        build.write_feeds(config.site_url)
        if self.config.search:
            self._finish_search(config)
        if self._staging and self._site:
            self._publish(self._staging, self._site, config)

    def on_shutdown(self) -> None:
        """End what a preview still does, before its folder is cleared away."""
        self._background.stop()

    def on_build_error(self, *, error: Exception) -> None:
        """Clear the staging folder away: the published site is as it was."""
        del error
        if self._staging:
            staging.discard_staging(self._staging)
            self._staging = None

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Rebuild when the corpus changes, outlast faults in the settings, and answer to this machine only."""
        server.builder = partial(self._rebuild, builder)
        server.watch(str(self._current.settings.seeds))
        if (app := server.get_app()) is not None:
            server.set_app(local_only(app, config.dev_addr.host))
        return server

    # --- what these share --------------------------------------------------------------------------------------------

    @property
    def drawing(self) -> str:
        """The hand-written page that the engine is drawing, or drew last, as people name it; "" before the first."""
        return str(place_of_text(self._page, "")).partition(":")[0] if self._page else ""

    @property
    def _preview(self) -> bool:
        return self._command == "serve"

    @property
    def _searching(self) -> bool:
        return bool(self.config.search) and pagefind_available()

    def _rebuild(self, build: Callable[[], None]) -> None:
        """Build a preview anew; with settings that can't be used say so, and go on showing the site as it is.

        Else the engine would answer nothing until they are mended.
        """
        self._emptied = False
        try:
            build()
        except (ConfigurationError, Abort) as error:
            if self._emptied:
                raise
            said = visible(" ".join(str(error).split())).rstrip(".")
            log.error("mkdocs.yml: %s. The preview stays as it is.", said)  # noqa: TRY400 - the author's fault, not ours

    def _past(self, settings: Settings) -> Ledger | None:
        """What git history tells of the notes; a check has no page to show it on."""
        if self.check_only:
            return None
        if not self.config.history:
            return UNKNOWN
        return read_ledger(settings.root, settings.seeds, settings.limits, cache_path(settings.root, "ledger.json"))

    def _search(self, pages: Iterable[SearchPage], pool: Executor | None) -> None:
        """Make the search index while pages are pressed; in a preview keep them, for when they are all there."""
        build = self._current
        if self._preview:
            build.searched = [*pages, *build.own_pages()]
        else:
            self._tell(build.make_search(chain(pages, build.own_pages()), pool=pool))

    def _finish_search(self, config: MkDocsConfig) -> None:
        """Describe the search to browsers; make a preview's index behind the reader's back; say so if there is none."""
        if not self._searching:
            self._tell(write_search((), self._current.out))
            return
        if config.site_url:
            description = opensearch(config.site_name, config.site_url)
            staging.write_file(self._current.out / DESCRIPTION, description)
        if self._preview:
            self._background.start(self._search_behind)

    def _search_behind(self, cancelled: threading.Event) -> None:
        try:
            self._current.make_search(self._current.searched, cancelled=cancelled)
        except CancelledError:
            pass
        except UserError as refusal:
            log.warning("postil: %s", refusal)

    @property
    def _current(self) -> Build:
        if self._build is None:
            raise PluginError("postil: a page was drawn before the corpus was read; another plug-in is out of order")
        return self._build

    def _try(self, action: Callable[[], _Result]) -> _Result:
        try:
            return action()
        except UserError as refusal:
            self.refusal = refusal
            raise PluginError(f"postil: {refusal}") from refusal

    def _tell(self, diagnostics: Iterable[Diagnostic]) -> None:
        fresh = tuple(diagnostics)
        self.diagnostics = tuple(sorted({*self.diagnostics, *fresh}))
        if self.quiet:
            return
        for each in sorted(fresh):
            lines = f"{each.place}: {each.severity} {each.code}: {each.message}", *each.hint.splitlines()
            log.log(_LEVELS[each.severity], "\n    ".join(visible(line) for line in lines))

    def _stop_at_errors(self) -> None:
        if has_errors(self.diagnostics) and not self._preview:
            raise PluginError("postil: there are errors; nothing was published")

    def _publish(self, staged: Path, site: Path, config: MkDocsConfig) -> None:
        """Publish, unless a strict build is about to fail: then MkDocs says so after us, and the old site stands."""
        if config.strict and (_warned() or has_errors(self.diagnostics, strict=True)):
            staging.discard_staging(staged)
        else:
            self._try(lambda: staging.publish_staging(staged, site))
            self.published = True
        self._staging = None
        config.site_dir = str(site)  # `mkdocs gh-deploy` takes the site from here

    def _cross_link(self, target: str, words: str) -> tuple[str, str] | None:
        return self._current.cross_link(self._page, target, words) if self._page else None


def _with_search(found: LoadedCorpus) -> LoadedCorpus:
    """The survey of a site that has a search page: its pages may lead there."""
    project = replace(found.corpus.project, search=SEARCH_ADDRESS)
    return replace(found, corpus=replace(found.corpus, project=project))


def _warned() -> bool:
    """Whether MkDocs has counted a warning that makes its strict build fail, once we are done."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(count for each in handlers if isinstance(each, CountHandler) for _, count in each.get_counts())
