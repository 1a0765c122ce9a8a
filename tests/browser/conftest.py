"""A real Chromium, and sites built once for a session and served from here."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from reading_site import lay_out_reading

from builder.engines.commands import build_site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")  # two of them at a time cannot be: another module starts its own
def chromium() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with every kind of document that reading has to do with."""
    root = tmp_path_factory.mktemp("reading")
    handler = functools.partial(_Quiet, directory=str(root / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        outcome = build_site(lay_out_reading(root, address))
        assert outcome.published, outcome.diagnostics
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join(30)


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    path = Path(__file__).parents[1] / "npm" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.skip("no axe-core: make .venv/.npm")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def opened(chromium: Any, reading: str) -> Iterator[Callable[..., Any]]:
    """Opens a page of the site: ``opened("documents/a/", width=390)``. A fault of its scripts fails the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def open_page(
        path: str, *, width: int = 1440, height: int = 900, scheme: str = "light", js: bool = True, block: str = ""
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=js,
            has_touch=width < 500,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if block:
            page.route(block, lambda route: route.abort())
        page.goto(f"{reading}{path}")
        if js and not block:
            page.wait_for_selector(".postil-document .postil-opener", state="attached")
        return page

    yield open_page
    for each in contexts:
        each.close()
    assert faults == []


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
        pass
