"""Search at size: what making the index costs, and what a reader's first query downloads, in a real Chromium.

    python tests/bench/search.py [--documents 1000 10000] [--without-rivals]

Beside it, over the same pages, Pagefind's own command, and Material's own search (over 300 documents: it does not go
far beyond). Machines differ and are shared: read the ratios. The corpus is that of ``bench.py``: ten notes a document.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import _MKDOCS, SEED, make_corpus, make_footnoted, run, vocabulary
from playwright.sync_api import sync_playwright

from builder.publish.pagefind import find_program

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_STATUS = "document.querySelector('[data-postil-find=status]').textContent.includes(words)"


class _Counting(http.server.SimpleHTTPRequestHandler):
    """Serves as a plain host does, without compression, and counts."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Counting, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def size(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB"


def first_query(site: Path, words: list[str]) -> str:
    """Bytes that the search page fetches for its first query, and milliseconds for the ones after it."""
    with served(site) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        page = browser.new_page()
        fetched: dict[str, int] = {}

        def note(response: Any) -> None:
            kind = response.url.removeprefix(address).split("?")[0]
            if kind.startswith("pagefind/"):
                part = kind.rsplit(".", 1)[-1]
                fetched[part] = fetched.get(part, 0) + int(response.headers.get("content-length", 0))

        page.on("response", note)
        page.goto(f"{address}search/")
        page.wait_for_function(f"words => {_STATUS}", arg="Type words")
        opened = sum(fetched.values())
        started = time.perf_counter()
        ask(page, words[0])
        first = time.perf_counter() - started
        page.wait_for_timeout(300)
        total = sum(fetched.values())
        times = []
        for word in words[1:]:
            started = time.perf_counter()
            ask(page, word)
            times.append(time.perf_counter() - started)
        started = time.perf_counter()
        page.locator("[data-postil-value='verdict:false']").click()
        page.wait_for_function(f"words => {_STATUS}", arg="filtered")
        facet = time.perf_counter() - started
        browser.close()
    parts = ", ".join(f"{name} {number / 1e3:.0f}" for name, number in sorted(fetched.items()))
    return (
        f"first query {total / 1e3:.0f} KB ({opened / 1e3:.0f} of them before a word is typed), {first * 1e3:.0f} ms; "
        f"then {statistics.median(times) * 1e3:.0f} ms, a filter {facet * 1e3:.0f} ms\n"
        f"    KB after {len(words)} queries: {parts}"
    )


def ask(page: Any, word: str) -> None:
    page.evaluate(
        "word => { const field = document.querySelector('[data-postil-find=query]'); field.value = word;"
        " field.form.requestSubmit(); }",
        word,
    )
    page.wait_for_function(f"words => {_STATUS}", arg=f"“{word}”", timeout=120_000)


def build(root: Path, plugins: str, tool: str = "postil") -> str:
    (root / "mkdocs.yml").write_text(_MKDOCS.format(plugins=plugins))
    seconds, peak = run([str(Path(sys.executable).parent / tool), "build"], root)
    return f"{seconds:.1f} s, {peak:.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[1000])
    parser.add_argument("--without-rivals", action="store_true")
    arguments = parser.parse_args()
    import random  # noqa: PLC0415

    words = vocabulary(random.Random(SEED))[:: 9000 // 7][:6]  # noqa: S311 - as bench.py makes them
    with tempfile.TemporaryDirectory() as folder:
        for number in arguments.documents:
            root = Path(folder) / str(number)
            make_corpus(root, number)
            print(f"{number} documents with ten notes each")
            print(f"  without search       {build(root, '[{postil: {search: false}}]')}", flush=True)
            print(
                f"  with search          {build(root, '[postil]')}; search: {size(root / 'site' / 'pagefind')}",
                flush=True,
            )
            print(f"  again, one changed   {again(root)}", flush=True)
            print(f"  in the browser       {first_query(root / 'site', words)}", flush=True)
            if not arguments.without_rivals:
                shutil.rmtree(root / "site" / "pagefind")
                seconds, peak = run_pagefind(root)
                print(
                    f"  Pagefind's command   {seconds:.1f} s, {peak:.0f} MB; {size(root / 'pages' / 'pagefind')}",
                    flush=True,
                )
            shutil.rmtree(root)
        if not arguments.without_rivals:
            root = Path(folder) / "material"
            make_footnoted(root, 300)
            cost = build(root, "[search]", "mkdocs")
            index = (root / "site" / "search" / "search_index.json").stat().st_size
            print(f"300 documents, Material's own search: {cost}; {index / 1e6:.1f} MB before the first query")


def again(root: Path) -> str:
    sidecar = root / "seeds" / "doc-00007.yml"
    sidecar.write_text(sidecar.read_text().replace("    verdict: false\n", "    verdict: supported\n", 1))
    return build(root, "[postil]")


def run_pagefind(root: Path) -> tuple[float, float]:
    """Pagefind's own command over the same pages; ``run`` clears ``site``, so they move."""
    (root / "site").rename(root / "pages")
    return run([str(find_program()), "--site", str(root / "pages")], root)


if __name__ == "__main__":
    main()
