"""MkDocs's door: the plug-in. It moves values in and out of MkDocs and thinks as little as possible.

What happens when in a build:

1. ``on_config`` puts the output into a staging folder, and our parts into the configuration;
2. ``on_files`` surveys the corpus, stops if it has errors, and registers documents (as link targets), shells, assets;
3. the engine draws hand-written pages and shells; we fill their slots, and cut the shells;
4. ``on_post_build`` presses the documents, makes the search index, and publishes the whole in one step.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from posixpath import dirname, relpath
from typing import Literal, TypeVar
from urllib.parse import unquote

from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import CountHandler

from builder.diagnostics import Diagnostic, Place, Refusal, Severity, has_errors
from builder.engines.background import Background
from builder.engines.host import local_only
from builder.engines.wikilinks import CrossLinks
from builder.history.ledger import UNKNOWN, ledger
from builder.link.link import PageLink, resolve
from builder.model import Contents, Crossref, Ledger, Limits, NoteRecord, SearchRecord
from builder.pipeline import Progress, Reading, Settings, Survey, press_all, survey
from builder.publish import disk, feeds
from builder.publish.check import plain_text
from builder.publish.index import CancelledError
from builder.publish.prepare import SearchPage, search_pages
from builder.publish.search import bundle_available, write_search
from builder.publish.sitemap import packed, sitemap
from builder.render import finding
from builder.render.chrome import assets, dress
from builder.render.entries import entry_addresses, entry_hidden, entry_place, entry_title
from builder.render.indexes import INDEXES, SLOTS, fill, further_addresses
from builder.render.records import facet_labels
from builder.render.shell import SHELL_CONTENTS, Key, Shell, Slot, cut, shell_address, shell_key
from builder.report import visible

_Result = TypeVar("_Result")

log = logging.getLogger("mkdocs.plugins.postil")

_SHELL_PAGE = f"---\ntitle: {Slot.TITLE}\ndescription: {Slot.DESCRIPTION}\n---\n"
_SLOT = re.compile(r"<!--\s*postil:\s*([a-z-]+)\s*-->")
_ANCHORS = ("note", "quote")  # what a note has on its page: itself, and its words
_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTICE: logging.INFO}


class PostilConfig(Config):  # type: ignore[no-untyped-call]
    """The plug-in's settings in ``mkdocs.yml``."""

    seeds = option.Type(str, default="seeds")
    workers = option.Type(int, default=0)
    search = option.Type(bool, default=True)
    history = option.Type(bool, default=True)
    limits = option.Type(dict, default={})


@dataclass(slots=True)
class _Build:
    """What one build gathers on its way; a preview starts a new one at every rebuild."""

    settings: Settings
    found: Survey
    out: Path
    shells: dict[Key, Shell] = field(default_factory=dict)
    links: list[PageLink] = field(default_factory=list)
    pages: list[SearchRecord] = field(default_factory=list)
    searched: list[SearchPage] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)


class PostilPlugin(BasePlugin[PostilConfig]):  # type: ignore[no-untyped-call]
    """Publishes the corpus in ``seeds/`` as part of a MkDocs site.

    ``check_only``, ``quiet`` and ``progress`` are set by our own commands; ``diagnostics``, ``refusal``,
    ``published`` and ``found`` are what they read when a build is over.
    """

    def __init__(self) -> None:
        self.check_only = False
        self.quiet = False
        self.progress: Progress | None = None
        self.diagnostics: tuple[Diagnostic, ...] = ()
        self.refusal: Refusal | None = None
        self.published = False
        self.found: Survey | None = None
        self._command = "build"
        self._background = Background()
        self._readings: dict[str, Reading] = {}
        self._site: Path | None = None
        self._staging: Path | None = None
        self._build: _Build | None = None
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
        self.diagnostics, self.refusal, self.published, self.found = (), None, False, None
        self._background.stop()
        if not config.use_directory_urls:
            raise PluginError("postil: addresses end in a slash; take `use_directory_urls: false` out of mkdocs.yml")
        if not self._preview and not self.check_only:
            self._try(lambda: settings_of(self.config, config, preview=False))  # while site_dir is the owner's own
            self._site = Path(config.site_dir)
            self._staging = self._try(lambda: disk.staging(Path(config.site_dir)))
            config.site_dir = str(self._staging)
        for asset in assets():
            (config.extra_javascript if asset.script else config.extra_css).append(asset.address)
        config.markdown_extensions.append(CrossLinks(self._cross_link))  # type: ignore[arg-type]  # a ready one will do
        # A link to a note that isn't there is a fault in this kind of site, not a matter of taste.
        config.validation.links.anchors = max(config.validation.links.anchors, logging.WARNING)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Survey the corpus and register all that the engine has to know of it."""
        settings = self._try(lambda: settings_of(self.config, config, preview=self._preview))
        past = self._try(lambda: self._past(settings))
        found = self._try(lambda: survey(settings, self._readings, self.progress, ledger=past))
        found = _with_search(found) if self._searching else found
        self._readings = dict(found.readings)
        self.found, self.diagnostics = found, ()
        self._build = _Build(settings, found, Path(config.site_dir))
        own = [*_taken(files, found, config), *_strangers(files, config), *_fonts(config)]
        self._tell([*found.diagnostics, *own])
        if has_errors(self.diagnostics) and not self._preview and not self.check_only:
            raise PluginError("postil: the corpus has errors; nothing was published")
        for file in _missing_indexes(files, config, search=self._searching):
            files.append(file)
        pressed = tuple(_pressed(found))
        for each in pressed:
            link_target = _PressedFile(each, config)
            if files.get_file_from_path(link_target.src_uri) is None:  # else a page's address, which has been told
                files.append(link_target)
        for key in sorted({shell_key(each.address) for each in pressed}):
            source = shell_address(key).rstrip("/") + ".md"
            files.append(File.generated(config, source, content=_SHELL_PAGE, inclusion=InclusionLevel.NOT_IN_NAV))
        for asset in assets():
            files.append(File.generated(config, asset.address, content=asset.content))
        return files

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
        if _is_shell(page.file):
            page.toc = TableOfContents([_anchor(each, 2) for each in SHELL_CONTENTS])
            return Slot.CONTENT
        build.pages.append(_page_record(page, html, build.found.corpus.project.language))
        return _SLOT.sub(lambda found: self._fill(found, page), html)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put our parts into the theme's page, and cut it if it is a shell."""
        build = self._current
        problems = [each for each in self.diagnostics if each.severity is Severity.ERROR] if self._preview else []
        output = dress(output, search=self._searching, problems=problems)
        if self._searching:
            link = finding.search_link(config.site_name, config.site_url)
            output = output.replace("</head>", f"{link}</head>", 1)
        if _is_shell(page.file) and not self.check_only:
            key = shell_key(page.url)
            build.shells[key] = self._try(lambda: cut(output, key))
        return output

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Write the sitemap ourselves: with the documents in it, and without the time of day."""
        if template_name != "sitemap.xml":
            return output_content
        return sitemap(config.site_url, self._addresses()).decode() if config.site_url else output_content

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
        press = partial(press_all, build.found, build.shells, out, build.settings, page_links=build.links)
        searching = self._search if self._searching else None
        self._tell(self._try(lambda: press(progress=self.progress, searching=searching)))
        self._stop_at_errors()
        for section, _ in build.shells:
            disk.discard(out / section / Slot.ADDRESS)
        if (plain := out / "sitemap.xml").is_file():
            disk.write(out / "sitemap.xml.gz", packed(plain.read_bytes()))
        self._write_feeds(config)
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
            disk.discard(self._staging)
            self._staging = None

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Rebuild when the corpus changes, and answer to this machine only."""
        del builder
        server.watch(str(self._current.settings.seeds))
        if (app := server.get_app()) is not None:
            server.set_app(local_only(app, config.dev_addr.host))
        return server

    # --- what these share --------------------------------------------------------------------------------------------

    @property
    def drawing(self) -> str:
        """The hand-written page that the engine is drawing, or drew last, as people name it; "" before the first."""
        return str(_place_of(self._page, "")).partition(":")[0] if self._page else ""

    @property
    def _preview(self) -> bool:
        return self._command == "serve"

    @property
    def _searching(self) -> bool:
        return bool(self.config.search) and bundle_available()

    def _past(self, settings: Settings) -> Ledger | None:
        """What git history tells of the notes; a check has no page to show it on."""
        if self.check_only:
            return None
        if not self.config.history:
            return UNKNOWN
        return ledger(
            settings.root, settings.seeds, settings.limits, settings.root / ".cache" / "postil" / "ledger.json"
        )

    def _write_feeds(self, config: MkDocsConfig) -> None:
        found, out = self._current.found, Path(config.site_dir)
        project = replace(found.corpus.project, site_url=config.site_url or None)
        disk.write(out / feeds.CHANGES, feeds.changes_feed(found.catalog.changes, project))
        disk.write(out / feeds.CORRECTIONS, feeds.corrections_feed(found.catalog.changes, project))

    def _search(self, pages: Iterable[SearchPage], pool: Executor | None) -> None:
        """Make the search index while pages are pressed; in a preview keep them, for when they are all there."""
        own = search_pages(each for each in self._current.pages if each.address != finding.ADDRESS)
        if self._preview:
            self._current.searched = [*pages, *own]
        else:
            self._tell(self._make_search(chain(pages, own), pool=pool))

    def _finish_search(self, config: MkDocsConfig) -> None:
        """Describe the search to browsers; make a preview's index behind the reader's back; say so if there is none."""
        if not self._searching:
            self._tell(write_search((), self._current.out))
            return
        if config.site_url:
            description = finding.opensearch(config.site_name, config.site_url)
            disk.write(self._current.out / finding.DESCRIPTION, description)
        if self._preview:
            self._background.start(self._search_behind)

    def _make_search(
        self, pages: Iterable[SearchPage], *, pool: Executor | None = None, cancelled: threading.Event | None = None
    ) -> tuple[Diagnostic, ...]:
        build = self._current
        labels = facet_labels(build.found.corpus.project)
        kept = build.settings.root / ".cache" / "postil" / "search"
        return write_search(pages, build.out, labels=labels, cache_folder=kept, pool=pool, cancelled=cancelled)

    def _search_behind(self, cancelled: threading.Event) -> None:
        try:
            self._make_search(self._current.searched, cancelled=cancelled)
        except CancelledError:
            pass
        except Refusal as refusal:
            log.warning("postil: %s", refusal)

    @property
    def _current(self) -> _Build:
        if self._build is None:
            raise PluginError("postil: a page was drawn before the corpus was read; another plug-in is out of order")
        return self._build

    def _try(self, action: Callable[[], _Result]) -> _Result:
        try:
            return action()
        except Refusal as refusal:
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

    def _publish(self, staging: Path, site: Path, config: MkDocsConfig) -> None:
        """Publish, unless a strict build is about to fail: then MkDocs says so after us, and the old site stands."""
        if config.strict and (_warned() or has_errors(self.diagnostics, strict=True)):
            disk.discard(staging)
        else:
            self._try(lambda: disk.publish(staging, site))
            self.published = True
        self._staging = None
        config.site_dir = str(site)  # `mkdocs gh-deploy` takes the site from here

    def _addresses(self) -> Iterator[str]:
        build = self._current
        yield from (unquote(page.address) for page in build.pages)  # the engine's are quoted already
        yield from (each.address for each in _pressed(build.found) if each.listed)

    def _fill(self, found: re.Match[str], page: Page) -> str:
        build = self._current
        if found[1] == finding.SLOT:
            return finding.search_page(_address(page))
        filled = fill(found[1], build.found.corpus, build.found.catalog, _address(page))
        if filled is not None:
            return filled
        known = f"known: {', '.join(f'<!-- postil: {each} -->' for each in (*SLOTS, finding.SLOT))}"
        build.faults.append(Diagnostic(_place_of(page, found[0]), "P404", f'unknown slot "{found[1]}"', known))
        return found[0]

    def _cross_link(self, target: str, words: str) -> tuple[str, str] | None:
        page, build = self._page, self._current
        if page is None:
            return None
        slug, _, note = target.partition("#")
        written = f"[[{target}|{words}]]" if words else f"[[{target}]]"
        own = None if note and not slug else slug
        found = resolve(build.found.corpus, Crossref(own, note or None, words or None, _place_of(page, written)))
        if isinstance(found, Diagnostic):
            build.faults.append(found)
            return None
        build.links.append(PageLink(_address(page), str(page.title or ""), found.slug, found.note or ""))
        # As a path between source files: MkDocs turns it into an address with all others, and checks it.
        source = relpath(_source(f"documents/{found.slug}/"), dirname(page.file.src_uri) or ".")
        return source + (f"#note-{found.note}" if found.note else ""), words or found.words


def _with_search(found: Survey) -> Survey:
    """The survey of a site that has a search page: its pages may lead there."""
    project = replace(found.corpus.project, search=finding.ADDRESS)
    return replace(found, corpus=replace(found.corpus, project=project))


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A page that is pressed and not drawn: where it is, what it is called, who says so, whether it is to be listed.

    ``ids`` are the elements on it that others link to.
    """

    address: str
    title: str
    place: Place
    ids: AbstractSet[str] = frozenset()
    listed: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Anchors(AbstractSet[str]):
    """The elements on a document's page that others link to: told when asked, because there may be very many."""

    notes: tuple[NoteRecord, ...]

    def __contains__(self, name: object) -> bool:
        kind, _, note = name.partition("-") if isinstance(name, str) else ("", "", "")
        return kind in _ANCHORS and any(each.id == note for each in self.notes)

    def __iter__(self) -> Iterator[str]:
        return (f"{kind}-{note.id}" for note in self.notes for kind in _ANCHORS)

    def __len__(self) -> int:
        return len(_ANCHORS) * len(self.notes)


def _pressed(found: Survey) -> Iterator[_Pressed]:
    """Every page that will be pressed: documents, what the corpus says, and the further pages of long lists."""
    for each in found.corpus.documents:
        yield _Pressed(
            f"documents/{each.slug}/", each.title, Place(each.path), _Anchors(each.notes), listed=not each.noindex
        )
    for entry in found.catalog.entries:
        title = entry_title(entry, found.corpus.project)
        place = entry_place(entry)
        for number, address in enumerate(entry_addresses(entry)):
            yield _Pressed(address, title, place, listed=not (number or entry_hidden(entry)))
    for address in further_addresses(found.corpus, found.catalog):
        yield _Pressed(address, address, Place(""), listed=False)


def _source(address: str) -> str:
    """The name that hand-written pages link to a pressed page by; ``documents/index.md`` is the list's own already."""
    section, _, name = address.rstrip("/").partition("/")
    return f"{section}/index/index.md" if name == "index" else f"{section}/{name}.md"


class _PressedFile(File):
    """A pressed page as MkDocs may know it: something to link to, that it neither draws nor copies."""

    def __init__(self, pressed: _Pressed, config: MkDocsConfig) -> None:
        source, destination = _source(pressed.address), f"{pressed.address}index.html"
        super().__init__(source, None, config.site_dir, use_directory_urls=True, dest_uri=destination)
        self.inclusion = InclusionLevel.NOT_IN_NAV
        page = Page(pressed.title, self, config)
        page.present_anchor_ids = pressed.ids  # type: ignore[assignment]  # nobody adds to it

    def is_documentation_page(self) -> bool:
        """No: it is not to be drawn."""
        return False

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 - MkDocs's signature
        """Nothing: it is written when it is pressed."""


def settings_of(own: PostilConfig, config: MkDocsConfig, *, preview: bool) -> Settings:
    """The plug-in's settings as the pipeline takes them.

    Refusal if a limit has an unknown name or isn't a number, and if folders stand in each other: what is in
    ``site_dir`` is cleared away when a site is published, and must not be what the site is made of.
    """
    root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    try:
        limits = Limits(**{name: int(value) for name, value in own.limits.items()})
    except (TypeError, ValueError) as error:
        raise Refusal(f"plugins: postil: limits: {error}") from error
    seeds = (root / own.seeds).absolute()
    if seeds.is_relative_to(Path(config.docs_dir).absolute()):
        raise Refusal(f"{own.seeds} must lie outside docs_dir: its documents would be published unannotated too")
    site, corpus = Path(config.site_dir).resolve(), seeds.resolve()
    if site.is_relative_to(corpus) or corpus.is_relative_to(site) or root.resolve().is_relative_to(site):
        raise Refusal(
            f"site_dir ({config.site_dir}) must be a folder of its own: publishing clears away all that is in it\n"
            "write in mkdocs.yml:  site_dir: site"
        )
    return Settings(root.absolute(), seeds, limits, own.workers, preview)


def _is_shell(file: File) -> bool:
    return Slot.ADDRESS in file.src_uri


def _anchor(contents: Contents, level: int) -> AnchorLink:
    anchor = AnchorLink(contents.text, contents.id, level)
    anchor.children = [_anchor(each, level + 1) for each in contents.children]
    return anchor


def _warned() -> bool:
    """Whether MkDocs has counted a warning that makes its strict build fail, once we are done."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(count for each in handlers if isinstance(each, CountHandler) for _, count in each.get_counts())


def _address(page: Page) -> str:
    """The address of a hand-written page, percent-encoded as the engine has it; that of the home page is ""."""
    return "" if page.url == "./" else page.url


def _page_record(page: Page, html: str, language: str) -> SearchRecord:
    title = str(page.title or "")
    return SearchRecord(
        address=_address(page),
        title=title,
        text=f"{title}\n{plain_text(html)}",
        language=language,
        type="page",
        group=title,
        meta={},
        filters={"type": ("page",), "language": (language,)},
        sort={},
    )


def _place_of(page: Page, written: str) -> Place:
    """Where these characters stand in a hand-written page; its beginning if they can't be found."""
    name = f"{Path(page.file.src_dir or 'docs').name}/{page.file.src_uri}"
    source = page.file.content_string
    at = source.find(written)
    if at < 0:
        return Place(name)
    return Place(name, source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))


def _taken(files: Files, found: Survey, config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Pages of the corpus whose address a page of ``docs/`` has already."""
    pages = {file.dest_uri: file.src_uri for file in files}
    name = Path(config.docs_dir).name
    for each in _pressed(found):
        if source := pages.get(f"{each.address}index.html"):
            yield Diagnostic(
                each.place,
                "F109",
                f"{name}/{source} has the address /{each.address} already",
                "rename one of them, or give the document another address with `slug:` in its sidecar"
                if each.address.startswith("documents/")
                else "rename the page, or change the key",
            )


def _missing_indexes(files: Files, config: MkDocsConfig, *, search: bool) -> Iterator[File]:
    """The pages of lists and of search that nobody has written in ``docs/``; a written navigation does without them."""
    taken = {file.dest_uri for file in files}
    inclusion = InclusionLevel.NOT_IN_NAV if config.nav else InclusionLevel.UNDEFINED
    for index in INDEXES.values():
        if f"{index.address}index.html" not in taken:
            content = f"# {index.title}\n\n<!-- postil: {index.slot} -->\n"
            yield File.generated(config, f"{index.address}index.md", content=content, inclusion=inclusion)
    if search and f"{finding.ADDRESS}index.html" not in taken:
        content = f"# {finding.TITLE}\n\n<!-- postil: {finding.SLOT} -->\n"
        source = f"{finding.ADDRESS}index.md"
        yield File.generated(config, source, content=content, inclusion=InclusionLevel.NOT_IN_NAV)


def _fonts(config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Material loads its fonts from Google unless told not to, and tells Google of every reader by that."""
    if config.theme.get("font") and "material/privacy" not in config.plugins:
        yield Diagnostic(
            Place("mkdocs.yml"),
            "P405",
            "the theme loads its fonts from another host, which learns of every reader",
            "theme:\n  font: false",
        )


def _strangers(files: Files, config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Files that MkDocs followed a symbolic link to, out of ``docs/``: it would publish them."""
    docs = Path(config.docs_dir).resolve()
    for file in files:
        path = Path(file.abs_src_path) if file.abs_src_path else None
        if path and file.src_dir == config.docs_dir and not path.resolve().is_relative_to(docs):
            yield Diagnostic(
                Place(f"{docs.name}/{file.src_uri}"),
                "F104",
                "a symbolic link leads out of the folder; what it leads to would be published",
                "put a copy in its place",
            )
