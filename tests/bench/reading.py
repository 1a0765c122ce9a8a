"""How a page with 300 notes reads in a real Chromium: a step of scrolling, loading, what shifts, what is sent."""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import shutil
import statistics
import sys
import tempfile
import threading
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "browser"))

from reading_site import lay_out_reading  # noqa: E402 - the tests' own site, in their folder
from scrolling import scroll_steps  # noqa: E402

from builder.engines.mkdocs_commands import build_site  # noqa: E402
from builder.render.page_assets import read_asset, read_joined  # noqa: E402

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
ASSETS = HERE.parents[1] / "builder" / "render" / "assets"
RUNS = 5
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    """Print a table."""
    for name, content in (
        ("postil.css", read_asset(ASSETS / "postil.css")),
        ("postil.js", read_joined(ASSETS, "postil.js")),
    ):
        size = len(gzip.compress(content, 9, mtime=0))
        print(f"{name:12} {size:6,} bytes compressed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        print("no Chromium: nothing measured in a browser")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        handler = functools.partial(Quiet, directory=str(root / "site"))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            address = f"http://127.0.0.1:{server.server_port}/"
            build_site(lay_out_reading(root, address))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            measure(path, address)
            server.shutdown()


def measure(chromium: str, address: str) -> None:
    """Open the page with 300 notes at three widths."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        for document, width in product(("bridge", "many"), (390, 1440)):
            found = [loading(browser, f"{address}documents/{document}/", width) for _ in range(RUNS)]
            task, elements = (statistics.median(each) for each in zip(*found, strict=True))
            print(
                f"{document:6} at {width:5} px, at a quarter of the speed: longest task {task:5.0f} ms, "
                f"{elements:6.0f} elements styled"
            )
        for width in (390, 820, 1440):
            page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
            page.goto(f"{address}documents/many/")
            page.wait_for_selector(".postil-opener", state="attached")
            ready = page.evaluate("() => performance.now()")
            shift = page.evaluate(SHIFTS)
            step = scroll_steps(page, 60)
            print(
                f"300 notes at {width:5} px: a step of scrolling {step:5.1f} ms of script, style and layout; "
                f"ready after {ready:6.0f} ms; shift {shift:.4f}"
            )
        browser.close()


def loading(browser: Browser, address: str, width: int) -> tuple[float, int]:
    """Milliseconds of the longest task, of which the theme's scripts are part, and how many elements got a style.

    Counted is the time that the page's thread had the processor, at its full speed and times four: under load, a slowed
    browser counts the pauses that it makes.
    """
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{address}../../404.html")  # the theme's files are in the cache, as a reader's are
    browser.start_tracing(
        page=page, categories=["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"]
    )
    page.goto(address)
    page.wait_for_timeout(1500)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    page.context.close()
    threads = {(e["pid"], e["tid"]) for e in events if "assets/postil" in json.dumps(e.get("args"))}
    on_page = [e for e in events if (e["pid"], e["tid"]) in threads and "tdur" in e]
    longest = max(e["tdur"] for e in on_page if e["name"] == "ThreadControllerImpl::RunTask")
    styled = sum(e["args"].get("elementCount", 0) for e in on_page if e["name"] == "UpdateLayoutTree")
    return 4 * longest / 1000, styled


if __name__ == "__main__":
    main()
