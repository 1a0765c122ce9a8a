"""The MkDocs plug-in: its events, each of which hands on to the current build (see ``build.py``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from builder.addresses import DOCUMENTS
from builder.diagnostics import UserError
from builder.engines.background import BackgroundTask
from builder.engines.blocked_scripts import script_policy
from builder.engines.build import Build, BuildOptions, log, start_build
from builder.engines.failures import explain_failure
from builder.engines.files import add_pressed_pages
from builder.engines.other_plugins import offer_as_redirect_targets, prune_shells
from builder.engines.plugin_config import PostilConfig, config_name
from builder.engines.preview_hosts import allow_reload_script, guard_preview
from builder.engines.theme_language import name_sections
from builder.engines.theme_templates import make_filters_safe, skip_label
from builder.pipeline import ReadResult
from builder.report import visible

_FIRST, _LAST = 200, -200  # before and after other plug-ins, which use 100 and -100 for that


class PostilPlugin(BasePlugin[PostilConfig]):  # type: ignore[no-untyped-call]
    """Publishes the corpus in ``seeds/`` as part of a MkDocs site.

    ``options`` are set by our own commands. ``build`` is the current or last build; None if it could not start.
    """

    def __init__(self) -> None:
        self.options = BuildOptions()
        self.build: Build | None = None
        self._preview = False
        self._read_results: dict[str, ReadResult] = {}
        self._background = BackgroundTask()
        self._depth = 0  # of builds in progress: the plug-in i18n runs one for each further language within the first

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether this is a preview. Having this event also keeps this object through a preview's rebuilds."""
        if dirty and command != "serve":
            raise PluginError("postil: a --dirty build would publish half a site; leave the option out")
        self._preview, self._depth = command == "serve", 0

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Start a build, or take note of one within it."""
        if self._depth:
            self._depth += 1
            return config
        self._background.stop()
        self.build = None  # if this one cannot start, nobody is to read the results of the last
        with _plugin_errors():
            self.build = start_build(config, self.config, replace(self.options, preview=self._preview))
        self._depth = 1
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Note that MkDocs goes on to empty its folder. Until now, what a preview shows is whole."""
        del config
        self._current.emptied = True

    @event_priority(_FIRST)
    def _on_files_first(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Take out what MkDocs is not to see, before any plug-in sees it."""
        del config
        self._current.remove_refused_files(files)
        return files

    def _on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Load the corpus, and add its pages and our assets to MkDocs's files."""
        del config
        with _plugin_errors():
            if self._depth > 1:
                self._current.add_link_targets(files)
            else:
                self._read_results = dict(self._current.load(self._read_results).read_results)
                self._current.add_files(files)
        return files

    @event_priority(_LAST)
    def _on_files_last(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add what other plug-ins are not to know of."""
        del config
        if self._depth == 1:
            self._current.add_last_files(files)
        return files

    on_files = CombinedEvent(_on_files_first, _on_files, _on_files_last)

    @event_priority(_LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Give the pages of the corpus their titles, and other plug-ins what they need to know of them."""
        add_pressed_pages(files, config)
        prune_shells(nav)
        if not config.nav:
            name_sections(nav, self._current.loaded.corpus.project.translation)
        if any(page.file.dest_uri.startswith(DOCUMENTS) for page in nav.pages):
            self._current.pages.leads_to_documents = True
        offer_as_redirect_targets(config, files)
        return nav

    @event_priority(_LAST)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ANN401 - jinja2 lives in render/
        """Keep the theme's filters from decoding what is escaped, and note which scripts the theme has."""
        make_filters_safe(env.filters)
        build = self._current
        build.skip_label = skip_label(env, config) or build.skip_label
        with _plugin_errors():
            build.policy = script_policy(env, files, config, self.config, search=build.search, before=build.policy)

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Note on which page cross-links are about to be resolved."""
        del config, files
        self._current.pages.current = page
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Fill the slots of a page."""
        del config, files
        return self._current.fill_page(html, page)

    @event_priority(_FIRST)
    def _on_post_page_first(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put our parts into the theme's page."""
        del config
        with _plugin_errors():
            return self._current.insert_parts(output, page)

    @event_priority(_LAST)
    def _on_post_page_last(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put the policy into the page, and cut it if it is a shell."""
        del config
        with _plugin_errors():
            return self._current.finish_page(output, page)

    on_post_page = CombinedEvent(_on_post_page_first, _on_post_page_last)

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Complete what the theme draws besides pages."""
        del config
        return self._current.finish_template(output_content, template_name)

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the pages of the corpus, and publish."""
        del config
        self._depth -= 1
        if self._depth:
            return
        build = self._current
        with _plugin_errors():
            build.finish()
        if self._preview and build.search:
            self._background.start(build.index_preview)

    def on_shutdown(self) -> None:
        """End what a preview still does, before its folder is removed."""
        self._background.stop()

    @event_priority(_LAST)
    def on_build_error(self, *, error: Exception) -> None:
        """Leave the published site as it is; in MkDocs's own commands, say what happened besides their traceback."""
        self._depth, build = 0, self.build
        if build is None:
            return
        build.discard()
        if self.options.quiet:
            return
        reason = explain_failure(error, build.config, seeds=self.config.seeds, page_name=build.page_name)
        if reason:
            log.error("postil: %s", reason)
        if reason and isinstance(error, OSError):
            raise Abort("Aborted: nothing was published") from error

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Watch the corpus too, outlast errors in the settings, and answer to this machine only."""
        server.builder = partial(self._rebuild, builder, config_name(config))
        allow_reload_script(server)
        server.watch(str(self._current.seeds))
        if (app := server.get_app()) is not None:
            server.set_app(guard_preview(app, config.dev_addr.host))
        return server

    @property
    def _current(self) -> Build:
        if self.build is None:
            raise PluginError("postil: no build has started; another plug-in is out of order")
        return self.build

    def _rebuild(self, rebuild: Callable[[], None], settings: str) -> None:
        """Rebuild a preview. With settings that cannot be used, say so and go on showing the site as it is.

        MkDocs's own server would not answer until they are mended.
        """
        self.build, self._depth = None, 0
        try:
            rebuild()
        except (ConfigurationError, Abort) as error:
            if self.build is not None and self.build.emptied:
                raise
            reason = visible(" ".join(str(error).split())).rstrip(".")
            log.error("%s: %s. The preview stays as it is.", settings, reason)


@contextmanager
def _plugin_errors() -> Iterator[None]:
    """Raise a UserError as MkDocs's own kind of error, which ends its commands with a line and no traceback."""
    try:
        yield
    except UserError as error:
        raise PluginError(f"postil: {error}") from error
