"""MkDocs: the plug-in, whose events hand on to the current build, and MkDocs's own commands as functions.

The only file that imports MkDocs. ProperDocs runs it too: there, "mkdocs" is another name of ProperDocs's modules.
"""

from __future__ import annotations

import logging
import re
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import config_options as option
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, MkDocsException, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import get_relative_url, is_error_template

from builder.addresses import page_file
from builder.cache_files import cache_path
from builder.diagnostics import Diagnostic, Place, UserError
from builder.engines.background import BackgroundTask
from builder.engines.build import Build, BuildOptions, log, start_build
from builder.engines.cross_link_extension import CrossLinkExtension
from builder.engines.engine_log import (
    build_refusal,
    capture_warnings,
    format_warnings,
    has_warned,
    page_warnings,
    settings_refusal,
    settings_warning,
)
from builder.engines.failures import explain_failure
from builder.engines.hand_written import hidden_parts
from builder.engines.pressed import PressedPage, source_uri
from builder.engines.preview_hosts import allow_reload_script, guard_preview
from builder.engines.raw_page import link_target, mark_content
from builder.engines.seam import Drawn, DrawnPage, Given, OwnSettings, SiteFile, SiteSettings, is_documents
from builder.engines.site_checks import refused_files
from builder.engines.theme_language import section_titles, theme_language
from builder.engines.theme_templates import can_be_cut, make_filters_safe, skip_label
from builder.model import TocEntry
from builder.pipeline import ReadResult
from builder.publish.content_policy import PageScripts, page_scripts
from builder.publish.staging import write_file
from builder.render.index_pages import SECTIONS
from builder.render.shell import SHELL_CONTENTS, Marker, ShellKey, every_shell, shell_address, shell_key
from builder.report import visible

_OWN_NAME = "postil"  # as MkDocs knows the plug-in
_FIRST, _LAST = 200, -200  # before and after other plug-ins, which use 100 and -100 for that

# ``draft`` is for plug-ins that list pages by date, ``search`` for those that index them.
_SHELL = f"""\
---
title: {Marker.TITLE}
description: {Marker.DESCRIPTION}
search: {{exclude: true}}
draft: true
---
"""
# They read from git when a page's file was written and by whom, and print it on the page. Our files are written by
# builds; a document says in its sidecar when and by whom it was published.
_HISTORIANS = ("git-revision-date-localized", "git-authors", "git-committers")
# Links that a checker which knows MkDocs's pages alone takes for broken: searches, feeds, and notes and headings of
# documents. MkDocs and we check those to documents. The form is that of fnmatch.
_UNKNOWN_LINKS = ("*search/[?]*", "*search/index.html[?]*", "*feed.xml", "*documents/*#*", "*#note-*", "*#quote-*")
# Front matter that no template makes a script of. A page with other fields may have one that its neighbours don't.
_INERT = frozenset(
    ("author", "authors", "categories", "date", "description", "hide", "icon", "search", "status", "subtitle", "tags")
) | {"template", "title"}
_LINK_IN_WARNING = re.compile(r"\blink '([^']*)'")
_MOST = 200  # drawings of the theme, 15 ms each; a page beyond them may be warned of without need


# --- settings -------------------------------------------------------------------------------------------------------


class PostilConfig(Config):  # type: ignore[no-untyped-call]
    """The plug-in's settings in ``mkdocs.yml``. The guide's page of settings is made from these lines.

    ``seeds``: folder of the documents and their sidecars, relative to ``mkdocs.yml``. It must lie outside ``docs_dir``.

    ``workers``: number of processes that read documents and make pages; 0 means one for each processor core. A corpus
    of fewer than 64 documents is built in one process.

    ``search``: build the search index, the search box and the page ``/search/``.

    ``history``: read git's history for the page ``/changes/``, its feeds, and the histories on notes and claims.

    ``cards``: draw a share card for every document and claim, the picture that other sites put beside a link; needs
    `site_url`, and ``pip install 'postil[cards]'``. ``{fonts: FOLDER}`` takes fonts from a folder, not the machine.

    ``engine``: what draws the theme in postil's own commands: `mkdocs`, `properdocs`, `zensical`, or `frozen` for what
    `postil freeze` has kept.

    ``content_security_policy``: put a Content-Security-Policy on every page. A mapping adds sources to its directives,
    and ``false`` leaves it out.

    ``limits``: sizes beyond which a file is refused, by name; see below.
    """

    seeds = option.Type(str, default="seeds")
    workers = option.Type(int, default=0)
    search = option.Type(bool, default=True)
    history = option.Type(bool, default=True)
    cards = option.Type((bool, dict), default=False)
    engine = option.Type(str, default="mkdocs")
    content_security_policy = option.Type((bool, dict), default=True)
    limits = option.Type(dict, default={})


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site's settings, our plug-in among them, and what MkDocs warns of in the settings."""

    config: MkDocsConfig
    plugin: PostilPlugin
    warnings: tuple[Diagnostic, ...]

    @property
    def settings(self) -> SiteSettings:
        """The settings as postil takes them."""
        return _site_settings(self.config, self.plugin.config, preview=False)


def load_site(
    config_file: Path, *, strict: bool = False, site_dir: Path | None = None, address: str | None = None
) -> LoadedSite:
    """Return the settings of ``config_file``, changed as the caller wants.

    Raises UserError if the file can't be read, has a wrong value, or doesn't name the plug-in. Warnings forbid nothing
    here, not even under ``strict``.

    ``config_file``: the ``mkdocs.yml``.
    ``strict``: set MkDocs's ``strict``, whatever the file says.
    ``site_dir``: the folder of the site, if not that of the file.
    ``address``: where a preview is to listen, if not where the file says.
    """
    if not config_file.is_file():
        raise UserError(f"no such file: {config_file}. `postil init DIR` starts a project that has one.")
    with capture_warnings() as records:
        try:
            options = {"site_dir": str(site_dir) if site_dir else None, "dev_addr": address}
            config = _load_config(config_file, records, options)
        except (ConfigurationError, Abort) as error:
            raise settings_refusal(records, config_file, error) from error
    config.strict = config.strict or strict
    plugin = next((plugin for plugin in config.plugins.values() if isinstance(plugin, PostilPlugin)), None)
    settings = _site_settings(config, plugin.config if plugin else PostilConfig(), preview=False)
    known: dict[str | None, Iterable[str]] = {
        None: config,
        **{name: getattr(each, "config", ()) for name, each in config.plugins.items()},  # a hook has none
    }
    told = tuple(sorted({settings_warning(record.getMessage(), settings, known) for record in records}))
    if plugin is None:
        raise UserError(f"{config_file.name} doesn't name the plug-in; add `plugins: [postil]`{format_warnings(told)}")
    return LoadedSite(config, plugin, told)


def _load_config(
    config_file: Path, records: list[logging.LogRecord], options: Mapping[str, str | None]
) -> MkDocsConfig:
    """Load the settings, also those that MkDocs refuses only because they are strict and it has a warning."""
    try:
        return load_config(config_file=str(config_file), **options)
    except Abort:
        if any(record.levelno >= logging.ERROR for record in records):
            raise
    records.clear()
    config = load_config(config_file=str(config_file), strict=False, **options)
    config.strict = True
    return config


def _site_settings(config: MkDocsConfig, own: PostilConfig, *, preview: bool) -> SiteSettings:
    """Return MkDocs's settings as postil takes them. In a preview, MkDocs puts an address of its own in the site's."""
    published = _written_setting(config, "site_url") if preview else config.site_url
    theme = _written_setting(config, "theme")
    settings = SiteSettings(
        file=Path(config.config_file_path or "mkdocs.yml"),
        name=config.site_name,
        url=config.site_url or "",
        published_url=str(published) if published else None,
        docs_dir=Path(config.docs_dir),
        site_dir=Path(config.site_dir),
        directory_urls=bool(config.use_directory_urls),
        strict=config.strict,
        has_nav=bool(config.nav),
        plugins=frozenset(config.plugins),
        theme=config.theme.name or "",
        tabs="navigation.tabs" in (config.theme.get("features") or ()),
        language=str(theme.get("language") or "") if isinstance(theme, dict) else "",
        loads_fonts=False,
        repo_url=config.repo_url or "",
        scripts=tuple(map(str, config.extra_javascript)),
        styles=tuple(config.extra_css),
        own=OwnSettings(
            own.seeds, own.workers, own.search, own.history, own.cards, own.content_security_policy, own.limits
        ),
    )
    return replace(settings, loads_fonts=bool(config.theme.get("font")) and not settings.has_plugin("privacy"))


def _written_setting(config: MkDocsConfig, key: str) -> object:
    """Return a setting as the owner has written it, before MkDocs makes anything of it; None if it is not written."""
    with warnings.catch_warnings():  # MkDocs 1.6.1 means to remove it, and is the last of its line
        warnings.simplefilter("ignore", DeprecationWarning)
        given = config.user_configs
    return next((settings[key] for settings in reversed(given) if key in settings), None)


# --- the commands ---------------------------------------------------------------------------------------------------


def run_build(site: LoadedSite, options: BuildOptions, *, workers: int) -> tuple[Diagnostic, ...]:
    """Let MkDocs build; return our diagnostics and its own warnings, sorted.

    ``site``: what ``load_site`` returned; its plug-in has the build afterwards.
    ``options``: what the caller wants.
    ``workers``: number of processes; 0 means the number in the settings.
    """
    config, plugin, settings = site.config, site.plugin, site.settings
    plugin.options = replace(options, diagnostics=site.warnings)
    if workers:
        plugin.config.workers = workers
    with capture_warnings() as records:
        try:
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build.build(config)
        except (Abort, MkDocsException) as error:
            if reason := build_refusal(error, records):
                raise UserError(f"{reason}{format_warnings(site.warnings)}") from error
        except Exception as error:
            failure = plugin.explain(error, config)
            if failure is None:
                raise
            raise UserError(failure) from error
        finally:
            config.plugins.on_shutdown()
    diagnostics = plugin.build.diagnostics if plugin.build else ()
    return tuple(sorted({*diagnostics, *page_warnings(records, settings)}))


def draw_site(config_file: Path, out: Path) -> tuple[SiteSettings, Drawn]:
    """Let MkDocs draw a site and the shells of all its sections into ``out``; return its settings too.

    Raises UserError if it cannot.
    """
    site = load_site(config_file, site_dir=out)
    told = run_build(site, BuildOptions(draw_only=True, quiet=True), workers=0)
    said = tuple(fault for fault in told if fault.code == "P403" and not _is_told_again(fault))
    return load_site(config_file).settings, replace(site.plugin.drawn(out), said=said)


def _is_told_again(fault: Diagnostic) -> bool:
    """Return whether a warning is of a link: links are checked when a page is filled in."""
    return bool(_LINK_IN_WARNING.search(fault.message))


def preview_address(config_file: Path, address: str) -> tuple[str, int]:
    """Return the host and the port that a preview is to listen at. Raises UserError if ``address`` names none."""
    host, port = load_site(config_file, address=address).config.dev_addr
    return host, port


def serve_preview(config_file: Path, *, address: str, open_in_browser: bool) -> None:
    """Let MkDocs preview the site until interrupted."""
    mkdocs_serve.serve(config_file=str(config_file), dev_addr=address, open_in_browser=open_in_browser)


# --- the plug-in ----------------------------------------------------------------------------------------------------


class PostilPlugin(BasePlugin[PostilConfig]):  # type: ignore[no-untyped-call]
    """Publishes the corpus in ``seeds/`` as part of a MkDocs site.

    ``options`` are set by our own commands. ``build`` is the current or last build; None if it could not start.
    """

    def __init__(self) -> None:
        self.options = BuildOptions()
        self.build: Build | None = None
        self._mkdocs: MkDocsConfig | None = None
        self._preview = False
        self._read_results: dict[str, ReadResult] = {}
        self._background = BackgroundTask()
        self._own_files: tuple[File, ...] = ()
        self._theme: tuple[tuple[int, PageScripts], ...] = ()
        self._templates: list[str] = []
        self._drawn_shells: dict[ShellKey, str] = {}
        self._depth = 0  # of builds in progress: the plug-in i18n runs one for each further language within the first

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether this is a preview. Having this event also keeps this object through a preview's rebuilds."""
        if dirty and command != "serve":
            raise PluginError("postil: a --dirty build would publish half a site; leave the option out")
        self._preview, self._depth = command == "serve", 0

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Start a build, or take note of one within it; turn MkDocs's output aside, and add our cross-links."""
        if self._depth:
            self._depth += 1
            return config
        self._background.stop()
        self._mkdocs = config
        self.build = None  # if this one cannot start, nobody is to read the results of the last
        with _plugin_errors():
            settings = _site_settings(config, self.config, preview=self._preview)
            self.build = start_build(settings, replace(self.options, preview=self._preview), has_warned)
        config.site_dir = str(self.build.out)
        config.markdown_extensions.append(CrossLinkExtension(self._cross_link))  # type: ignore[arg-type]  # an object will do
        # A link to a note that does not exist is an error of this kind of site, not a matter of taste.
        config.validation.links.anchors = max(config.validation.links.anchors, logging.WARNING)
        self._depth = 1
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Note that MkDocs goes on to empty its folder. Until now, what a preview shows is whole."""
        del config
        self._current.emptied = True

    @event_priority(_FIRST)
    def _on_files_first(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Take out what MkDocs is not to see, before any plug-in sees it."""
        build = self._refreshed(config)
        named = {file.src_uri: file for file in files}
        for source, diagnostic in tuple(refused_files(_site_files(files, config), build.settings)):
            files.remove(named[source])
            build.report([diagnostic])
        return files

    def _on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Load the corpus, and add its pages and our assets to MkDocs's files."""
        with _plugin_errors():
            if self._depth > 1:
                self._add_link_targets(files, config)
            else:
                self._read_results = dict(self._current.load(self._read_results).read_results)
                given = self._current.given(tuple(_site_files(files, config)))
                if self._current.options.draw_only:
                    given = replace(given, shells=every_shell(SECTIONS, given.shells))
                self._add_files(files, config, given)
        return files

    @event_priority(_LAST)
    def _on_files_last(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add shells, which no other plug-in is to take for pages, and what others have dropped."""
        del config
        if self._depth == 1:
            _add_missing(files, self._own_files)
        return files

    on_files = CombinedEvent(_on_files_first, _on_files, _on_files_last)

    @event_priority(_LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Give the pages of the corpus their titles, and other plug-ins what they need to know of them."""
        _add_pressed_pages(files, config)
        _prune_shells(nav)
        if not config.nav:
            _name_sections(nav, section_titles(self._current.loaded.corpus.project.translation))
        if any(is_documents(page.file.dest_uri) for page in nav.pages):
            self._current.pages.leads_to_documents = True
        # `redirects` knows only the pages that MkDocs draws.
        targets = getattr(config.plugins.get("redirects"), "doc_pages", None)
        if isinstance(targets, dict):
            targets |= {file.src_uri: file for file in files if isinstance(file, PressedFile)}
        return nav

    @event_priority(_LAST)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ANN401 - jinja2 lives in render/
        """Keep the theme's filters from decoding what is escaped, and note which scripts the theme has."""
        make_filters_safe(env.filters)
        build = self._refreshed(config)
        build.skip_label = skip_label(env, config) or build.skip_label
        wanted = build.settings.own.content_security_policy is not False or build.options.draw_only
        with _plugin_errors():
            self._theme = tuple(_theme_pages(env, files, config)) if wanted else ()
            build.make_policy(scripts for _, scripts in self._theme)

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Note on which page cross-links are about to be resolved."""
        del config, files
        with _plugin_errors():
            self._current.pages.current = _drawn_page(page, "")
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Fill the slots of a page; have a shell's content and contents list be markers."""
        del config, files
        if _is_shell(page.file):
            page.toc = TableOfContents([_toc_item(line, 2) for line in SHELL_CONTENTS])
            return Marker.CONTENT
        _make_title_safe(page)
        if hidden := hidden_parts(html, tabs=self._current.settings.tabs):
            page.meta.setdefault("hide", hidden)
        drawn = _drawn_page(page, _title_text(page))
        if self._current.options.draw_only:
            return mark_content(html, drawn)
        with _plugin_errors():
            return self._current.fill_page(html, drawn)

    @event_priority(_FIRST)
    def _on_post_page_first(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put our parts into the theme's page."""
        del config
        if self._current.options.draw_only:
            return output
        address = _page_address(page)
        with _plugin_errors():
            output = self._current.insert_parts(output, address, tolerant=bool(page.meta.get("template")))
        if _is_shell(page.file):
            self._drawn_shells[shell_key(address)] = output
        return output

    @event_priority(_LAST)
    def _on_post_page_last(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put the policy into the page, and cut it if it is a shell; before other plug-ins' changes, if it must be."""
        del config
        if self._current.options.draw_only:
            return output
        with _plugin_errors():
            if not _is_shell(page.file):
                return self._current.finish_page(output, _drawn_page(page, ""))
            key = shell_key(_page_address(page))
            return self._current.finish_shell(output if can_be_cut(output) else self._drawn_shells[key], key)

    on_post_page = CombinedEvent(_on_post_page_first, _on_post_page_last)

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Complete what the theme draws besides pages."""
        del config
        if self._current.options.draw_only:
            if template_name.endswith(".html"):
                self._templates.append(template_name)
            return output_content
        return self._current.finish_template(output_content, template_name)

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the pages of the corpus, and publish."""
        self._depth -= 1
        if self._depth:
            return
        build = self._refreshed(config)
        if build.options.draw_only:
            return
        with _plugin_errors():
            build.finish()
        config.site_dir = str(build.out)  # `mkdocs gh-deploy` takes the site from here
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
        reason = self.explain(error, self._mkdocs) if self._mkdocs else None
        if reason:
            log.error("postil: %s", reason)
        if reason and isinstance(error, OSError):
            raise Abort("Aborted: nothing was published") from error

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Watch the corpus too, outlast errors in the settings, and answer to this machine only."""
        server.builder = partial(self._rebuild, builder, self._current.settings.file.name)
        allow_reload_script(server)
        server.watch(str(self._current.seeds))
        if (app := server.get_app()) is not None:
            server.set_app(guard_preview(app, config.dev_addr.host))
        return server

    def drawn(self, folder: Path) -> Drawn:
        """Return what a build has drawn into ``folder`` that was to draw only."""
        build = self._current
        leads = build.pages.leads_to_documents
        return Drawn(folder, tuple(sorted({*self._templates})), self._theme, build.skip_label, leads, ())

    def explain(self, error: BaseException, config: MkDocsConfig) -> str | None:
        """Return what people are told of an exception that ended a build; None if it is a bug."""
        build = self.build
        settings = build.settings if build else _site_settings(config, self.config, preview=False)
        return explain_failure(
            error,
            settings,
            out=build.out if build else settings.site_dir,
            made_of=config.theme.dirs,
            plugin=_failed_plugin(error, config),
            page_name=build.page_name if build else "",
        )

    @property
    def _current(self) -> Build:
        if self.build is None:
            raise PluginError("postil: no build has started; another plug-in is out of order")
        return self.build

    def _refreshed(self, config: MkDocsConfig) -> Build:
        """Return the current build, with the settings as other plug-ins may have changed them."""
        build = self._current
        settings = _site_settings(config, self.config, preview=self._preview)
        build.settings = replace(settings, site_dir=build.site)
        return build

    def _cross_link(self, target: str, words: str, file: File | None) -> tuple[str, str] | None:
        """Return where a cross-link in a file leads, as ``HandWrittenPages.cross_link`` does."""
        page = _drawn_page(file.page, "") if file and file.page else None
        found = self._current.pages.cross_link(target, words, page)
        if not self._current.options.draw_only:
            return found
        return link_target(target, words), found[1] if found else target

    def _add_files(self, files: Files, config: MkDocsConfig, given: Given) -> None:
        """Register everything of ours that other plug-ins may know of, and have pages load our assets."""
        build = self._current
        if not build.project.language:
            translation = build.loaded.corpus.project.translation
            if language := theme_language(tuple(map(Path, config.theme.dirs)), translation):
                config.theme["language"] = language
        for number, asset in enumerate(each for each in given.assets if not each.on_demand):
            if not asset.script:
                config.extra_css.append(asset.address)
            elif number == 0:  # what the others say is in it
                config.extra_javascript.insert(0, asset.address)
            else:
                config.extra_javascript.append(asset.address)
        # A check leaves nothing behind: its site is a temporary folder, and so is this one in it.
        temporary = Path(config.site_dir) / ".pages"
        folder = temporary if build.options.check_only else cache_path(build.project.root, "pages")
        generated = partial(_generated_file, config, folder)
        shells = [_shell_file(key, config, folder) for key in given.shells]
        lists = [
            generated(
                page.source,
                page.content.encode(),
                InclusionLevel.UNDEFINED if page.listed else InclusionLevel.NOT_IN_NAV,
            )
            for page in given.lists
        ]
        _leave_out_of_histories(config, [*shells, *lists])
        _leave_out_unknown_links(config)
        self._own_files = (
            *lists,
            *(generated(asset.address, asset.content) for asset in given.assets),
            *(PressedFile(page, config, build.project.root) for page in given.pressed),
            *shells,
        )
        if "i18n" not in config.plugins:  # it drops all pages that are not in docs/
            _add_missing(files, (file for file in self._own_files if not _is_shell(file)))

    def _add_link_targets(self, files: Files, config: MkDocsConfig) -> None:
        """Register what pages link to, in a build that another plug-in runs within this one."""
        root = self._current.project.root
        targets = [file for file in self._own_files if isinstance(file, PressedFile)]
        for file in self._own_files:
            if file.is_documentation_page() and not _is_shell(file):  # a list that has been drawn already
                address = file.dest_uri.removesuffix("index.html")
                page = PressedPage(address, address, Place(""), source=file.src_uri)
                targets.append(PressedFile(page, config, root))
        _add_missing(files, targets)

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


def _failed_plugin(error: BaseException, config: MkDocsConfig) -> str:
    """Return the name of the plug-in, or the file of the hook, that raised this error; "" if it was ours or none."""
    name = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        method = frame.f_locals.get("method") if frame.f_code.co_name == "run_event" else None
        if method is not None:
            name = config.plugins._event_origins.get(method)  # noqa: SLF001 - MkDocs says it nowhere else
    return "" if name in (None, _OWN_NAME) else str(name)


# --- files ----------------------------------------------------------------------------------------------------------


class PressedFile(File):
    """A pressed page as MkDocs is to know it: something to link to, which it neither draws nor copies."""

    def __init__(self, pressed: PressedPage, config: MkDocsConfig, root: Path) -> None:
        source, destination = pressed.source or source_uri(pressed.address), page_file(pressed.address)
        directory_urls = config.use_directory_urls
        super().__init__(source, None, config.site_dir, use_directory_urls=directory_urls, dest_uri=destination)
        self.inclusion = InclusionLevel.NOT_IN_NAV
        self.generated_by = _OWN_NAME
        # Plug-ins and hooks open the source of every file, so there has to be one.
        named = root / pressed.place.file if pressed.place.file else None
        self.abs_src_path = str(named if named and named.is_file() else config.config_file_path)
        self.pressed = pressed

    def is_documentation_page(self) -> bool:
        """Return False: it is not to be drawn."""
        return False

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 - MkDocs's signature
        """Do nothing: it is written when it is pressed."""


def _site_files(files: Iterable[File], config: MkDocsConfig) -> Iterator[SiteFile]:
    for file in files:
        on_disk = file.abs_src_path and file.src_dir == config.docs_dir
        yield SiteFile(file.src_uri, file.dest_uri, Path(str(file.abs_src_path)) if on_disk else None)


def _generated_file(
    config: MkDocsConfig,
    folder: Path,
    name: str,
    content: bytes,
    inclusion: InclusionLevel = InclusionLevel.UNDEFINED,
) -> File:
    """Return a file for MkDocs that nobody has written, and write it, since plug-ins and hooks open all files.

    ``config``: MkDocs's settings.
    ``folder``: where to write it. Nowhere, if that is not possible: then MkDocs alone knows its content.
    ``name``: its path, as if it were in ``docs/``.
    ``content``: what it holds.
    ``inclusion``: whether it is part of the navigation.
    """
    path = folder / name
    try:
        if not path.is_file() or path.read_bytes() != content:  # else nothing that watches files is to see a change
            write_file(path, content)
    except OSError:
        return File.generated(config, name, content=content, inclusion=inclusion)
    return File.generated(config, name, abs_src_path=str(path), inclusion=inclusion)


def _shell_file(key: ShellKey, config: MkDocsConfig, folder: Path) -> File:
    """Return a page for MkDocs to draw that the pages of this key are pressed from; see ``_generated_file``."""
    address = shell_address(key)
    file = _generated_file(config, folder, f"{address.rstrip('/')}.md", _SHELL.encode(), InclusionLevel.NOT_IN_NAV)
    file.dest_uri = page_file(address)  # also with `use_directory_urls: false`: our pages are folders all the same
    return file


def _is_shell(file: File) -> bool:
    """Return whether this page is drawn to be cut into a shell."""
    return Marker.ADDRESS in file.src_uri


def _add_missing(files: Files, own: Iterable[File]) -> None:
    """Add files of ours; but not where there is one of that name, which is reported if it is no picture or script."""
    for file in own:
        if files.get_file_from_path(file.src_uri) is None:
            files.append(file)


def _add_pressed_pages(files: Files, config: MkDocsConfig) -> None:
    """Give every pressed page the page object that links to it are checked against, once the navigation is made.

    A navigation that lists such a page has made an object of it already, with the title that it is given there, if any.
    MkDocs takes a title for HTML, and ours are a source's.
    """
    for file in files:
        if isinstance(file, PressedFile):
            page = file.page or Page(None, file, config)
            if page.title is None:
                page.title = escape(file.pressed.title)
            page.present_anchor_ids = file.pressed.ids  # type: ignore[assignment]  # nobody adds to it


def _leave_out_of_histories(config: MkDocsConfig, files: Iterable[File]) -> None:
    """Have plug-ins that print a page's date and authors leave these files out."""
    names = [file.src_uri for file in files]
    for plugin in _HISTORIANS:
        if plugin in config.plugins:
            config.plugins[plugin].config["exclude"] = [*(config.plugins[plugin].config.get("exclude") or []), *names]


def _leave_out_unknown_links(config: MkDocsConfig) -> None:
    """Have ``htmlproofer`` pass over links of ours that it cannot know to be good."""
    if "htmlproofer" in config.plugins:
        own = config.plugins["htmlproofer"].config
        own["ignore_urls"] = [*(own.get("ignore_urls") or []), *_UNKNOWN_LINKS]


def _prune_shells(nav: Navigation) -> None:
    """Take shells out of a navigation: plug-ins that make one of all files put them in."""
    nav.items = list(_without_shells(nav.items))
    nav.pages = [page for page in nav.pages if not _is_shell(page.file)]
    for page, before, after in zip(nav.pages, [None, *nav.pages], [*nav.pages[1:], None], strict=False):
        page.previous_page, page.next_page = before, after


def _name_sections(nav: Navigation, titles: Mapping[str, tuple[str, str]]) -> None:
    """Give the sections that MkDocs has named after the folders of our lists the names of these lists."""
    named = {page_file(address): title for address, title in titles.items()}
    for section in nav.items:
        if isinstance(section, Section):
            for page in section.children:
                english, title = named.get(page.file.dest_uri, ("", "")) if isinstance(page, Page) else ("", "")
                if english == section.title:
                    section.title = title


def _without_shells(items: Iterable[StructureItem]) -> Iterator[StructureItem]:
    for item in items:
        if isinstance(item, Section):
            item.children = list(_without_shells(item.children))
            if not item.children:
                continue
        if not isinstance(item, Page) or not _is_shell(item.file):
            yield item


# --- pages ----------------------------------------------------------------------------------------------------------


def _drawn_page(page: Page, title: str) -> DrawnPage:
    """Return what postil needs to know of a page. Its title is known only once its Markdown has been read."""
    path = Path(page.file.abs_src_path) if page.file.abs_src_path else None
    search = page.meta.get("search")
    return DrawnPage(
        address=_page_address(page),
        source=page.file.src_uri,
        path=path if path and path.is_file() else None,
        title=title,
        excluded=isinstance(search, dict) and search.get("exclude") is True,
        own_template=bool(page.meta.get("template")),
        generated=page.file.generated_by == _OWN_NAME,
    )


def _page_address(page: Page) -> str:
    """Return the address of a page, percent-encoded as MkDocs has it; "" for the home page."""
    address = "" if page.url == "./" else page.url
    return address.removesuffix("index.html")  # which it ends in with `use_directory_urls: false`


def _title_text(page: Page) -> str:
    """Return the title of a drawn page as plain text."""
    title = str(page.title or "")
    return unescape(title) if _title_is_html(page) else title


def _make_title_safe(page: Page) -> None:
    """Escape the quotation marks in the title and contents list of a drawn page.

    Both are HTML that MkDocs takes from the headings, and themes and plug-ins print them in attributes as they are. A
    heading may hold the words of a source, by a cross-link. Our markers are broken up too, so that no page's title
    becomes a slot of the shells that list it in their navigation.
    """
    if _title_is_html(page):
        page.title = _safe(str(page.title or ""))
    _make_contents_safe(page.toc)


def _title_is_html(page: Page) -> bool:
    """Return whether the title comes from a heading; from the navigation or the front matter it is as it was typed."""
    return "title" not in page.meta and getattr(page, "_title_from_render", None) is not None


def _make_contents_safe(lines: Iterable[AnchorLink]) -> None:
    for line in lines:
        line.title = _safe(line.title)
        _make_contents_safe(line.children)


def _safe(html: str) -> str:
    return html.replace('"', "&quot;").replace("'", "&#39;").replace("postil-slot", "postil&#45;slot")


def _toc_item(contents: TocEntry, level: int) -> AnchorLink:
    """Return an entry of a table of contents, with those below it, as MkDocs has them."""
    anchor = AnchorLink(contents.text, contents.id, level)
    anchor.children = [_toc_item(entry, level + 1) for entry in contents.children]
    return anchor


# --- the theme without pages ----------------------------------------------------------------------------------------


def _theme_pages(env: Any, files: Files, config: MkDocsConfig) -> Iterator[tuple[int, PageScripts]]:  # noqa: ANN401
    """Yield the scripts of the theme's pages as they are without title, content, contents list and navigation.

    Each with the depth of its page, as ``Drawn.theme`` has it.

    One for every template at every depth, since scripts hold the way to the site's root; and one for all front matter
    that a template may make a script of.
    """
    drawn: set[str] = set()
    for file in files.documentation_pages():
        if file.page is None:
            continue
        meta = {key: value for key, value in file.page.meta.items() if key not in _INERT}
        # If a template cannot be drawn without its page, what it shares with the others is known all the same.
        for template in {"main.html", str(file.page.meta.get("template", "main.html"))}:
            key = repr((template, get_relative_url(".", file.page.url), sorted(map(repr, meta.items()))))
            if key not in drawn and len(drawn) < _MOST:
                drawn.add(key)
                depth = file.page.url.count("/") if file.page.url != "./" else 0
                yield from (
                    (depth, scripts) for scripts in _draw(env, template, _empty_page(file, meta, config), config)
                )
    for name in sorted(config.theme.static_templates):
        if name.endswith(".html"):
            yield from ((-1, scripts) for scripts in _draw(env, name, None, config))


def _empty_page(file: File, meta: Mapping[str, object], config: MkDocsConfig) -> Page:
    """Return a page at the depth of ``file`` that holds nothing but its front matter."""
    twin = File(file.src_uri, None, config.site_dir, config.use_directory_urls, dest_uri=file.dest_uri)
    page = Page("", twin, config)
    page.markdown, page.content, page.meta = "", "", dict(meta)
    return page


def _draw(env: Any, template: str, page: Page | None, config: MkDocsConfig) -> Iterator[PageScripts]:  # noqa: ANN401
    base_url = urlsplit(config.site_url or "/").path if is_error_template(template) else "."
    context = mkdocs_build.get_context(Navigation([], []), [], config, page, base_url)
    try:
        yield page_scripts(env.get_template(template).render(context))
    except Exception as error:  # noqa: BLE001 - a template of the owner's may want what only a whole page has
        log.debug("postil: %s cannot be drawn without a page's content: %s", template, error)
