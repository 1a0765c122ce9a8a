"""A real Chromium with one font, a server of built sites, and the sites, each built once for all workers."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from font import write_font
from reading_site import lay_out_reading
from sharing import ROOT, shared
from webkit import WebKit
from webkit import started as webkit_started

from builder.engines.mkdocs_commands import build_site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",  # see ``Tabs``
]


FORGET = """async () => {
  localStorage.clear();
  for (const { name } of await indexedDB.databases())
    await new Promise((done) => (indexedDB.deleteDatabase(name).onsuccess = done));
}"""


class Web(http.server.ThreadingHTTPServer):
    """Shows folders, each at ``http://NAME.localhost/``: an address that is the same in every worker.

    So a site that one of them has built for its address is good for all.
    """

    request_queue_size = 128  # a browser opens several connections at a time, and tries again only after a second

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folders: dict[str, Path] = {}

    def show(self, name: str, folder: Path) -> str:
        """Show the folder, and return its address."""
        self.folders[f"{name}.localhost"] = folder
        return f"http://{name}.localhost/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that is closed leaves its connections as they are."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open for the next file
    timeout = 60

    def send_head(self) -> Any:
        self.path = re.sub("^http://[^/]+", "", self.path)  # as a proxy is asked
        self.directory = str(self.server.folders[self.headers["Host"]])
        return super().send_head()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture(scope="session")
def web() -> Iterator[Web]:
    with Web() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(30)


@pytest.fixture(scope="session")
def chromium(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    fonts = shared(tmp_path_factory, "font", write_font) / "fonts.conf"
    with api.sync_playwright() as play:
        if not path and not Path(play.chromium.executable_path).is_file():
            pytest.skip("no Chromium here; `playwright install chromium` gets one")
        browser = play.chromium.launch(
            executable_path=path,
            args=[*FLAGS, f"--host-resolver-rules=MAP *.localhost 127.0.0.1:{web.server_port}"],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def firefox(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    pytest.importorskip("websockets", reason="websockets is not installed")
    from firefox import started  # noqa: PLC0415 - it needs them

    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if not path:
        pytest.skip("no Firefox here; as root on Debian, `apt-get install firefox-esr` gets one")
    fonts = shared(tmp_path_factory, "font", write_font) / "fonts.conf"
    with started(path, web.server_port, tmp_path_factory.mktemp("firefox"), fonts) as browser:
        yield browser


@pytest.fixture(scope="session")
def webkit(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browser = next(Path("/usr").glob("lib*/**/webkit2gtk-*/MiniBrowser"), None)
    if not driver or not screen or not browser:
        pytest.skip("no WebKit here; as root on Debian, `apt-get install webkit2gtk-driver xvfb` gets one")
    fonts = shared(tmp_path_factory, "font", write_font) / "fonts.conf"
    with webkit_started(driver, browser, screen, web.server_port, fonts) as page:
        yield page


class Tabs:
    """Makes pages of a site, as a fresh visitor would find them.

    To start a renderer, as each new context does, and to have it read the theme's scripts and styles takes longer than
    most tests. So contexts are kept, each with one page that keeps its renderer, and what a visitor leaves is cleared.
    """

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium
        self._kept: dict[tuple[object, ...], tuple[Any, Any]] = {}

    def new(self, site: str, *, viewport: tuple[int, int] = (1440, 900), **options: Any) -> Any:
        """Make an empty page of this size in the context with these options. ``site`` is the address it will go to."""
        key = (site, *sorted(options.items()))
        if key not in self._kept:
            context = self._chromium.new_context(**options)
            stays = context.new_page()
            stays.goto(f"{site}404.html")
            self._kept[key] = (context, stays)
        page = self._kept[key][0].new_page()
        page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
        return page

    def leave(self) -> None:
        """Close all pages, and forget what they have left."""
        for context, stays in self._kept.values():
            others = [page for page in context.pages if page is not stays]
            for page in others:
                page.close()
            if others:
                context.clear_cookies()
                stays.evaluate(FORGET)


@pytest.fixture(scope="session")
def kept_tabs(chromium: Any) -> Tabs:
    return Tabs(chromium)


@pytest.fixture
def tabs(kept_tabs: Tabs) -> Iterator[Tabs]:
    yield kept_tabs
    kept_tabs.leave()


def published(config: Path, **options: Any) -> None:
    outcome = build_site(config, **options)
    assert outcome.published, outcome.diagnostics


@pytest.fixture(scope="session")
def reading(web: Web, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site with every kind of document that reading has to do with."""
    address = "http://reading.localhost/"
    root = shared(tmp_path_factory, "reading", lambda root: published(lay_out_reading(root, address)))
    assert web.show("reading", root / "site") == address
    return address


@pytest.fixture(scope="session")
def corpus_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder above ``corpus/``, which is the repository's own site."""

    def make(root: Path) -> None:
        project = root / "project"
        for folder in ("docs", "seeds"):
            shutil.copytree(ROOT / folder, project / folder)
        settings = (ROOT / "mkdocs.yml").read_text()
        (project / "mkdocs.yml").write_text(f"{settings}\nsite_url: http://corpus.localhost/corpus/\n")
        published(project / "mkdocs.yml", site_dir=root / "corpus")

    return shared(tmp_path_factory, "corpus", make)


@pytest.fixture(scope="session")
def corpus(web: Web, corpus_root: Path) -> str:
    """The address of the repository's own site, under a sub-path."""
    return f"{web.show('corpus', corpus_root)}corpus/"


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    path = ROOT / "tests" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.skip("no axe-core: make .venv/.npm")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def opened(tabs: Tabs, reading: str) -> Iterator[Callable[..., Any]]:
    """Opens a page of the site: ``opened("documents/a/", width=390)``. A fault of its scripts fails the test."""
    faults: list[str] = []

    def open_page(
        path: str, *, width: int = 1440, height: int = 900, scheme: str = "light", js: bool = True, block: str = ""
    ) -> Any:
        page = tabs.new(
            reading,
            viewport=(width, height),
            color_scheme=scheme,
            java_script_enabled=js,
            has_touch=width < 500,
            reduced_motion="reduce",
        )
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if block:
            page.route(block, lambda route: route.abort())
        page.goto(f"{reading}{path}")
        if js and not block:
            page.wait_for_selector(".postil-document .postil-opener", state="attached")
        return page

    yield open_page
    assert faults == []
