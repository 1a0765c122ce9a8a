"""Search at size: what making the index costs, and what a reader's first query downloads, in a real Chromium.

    python tests/bench/search.py [--documents 1000] [--index 1000 10000] [--without-rivals]

``--documents`` builds whole sites; ``--index`` makes the index alone, from records of the same corpus.

Beside it, over the same pages, Pagefind's own command, and Material's own search (over 300 documents: it does not go
far beyond). Machines differ and are shared: read the ratios. The corpus is that of ``bench.py``: ten notes a document.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from bench import _MKDOCS, SEED, VERDICTS, make_corpus, make_footnoted, run, text_of, vocabulary
from playwright.sync_api import sync_playwright

from builder.model import SearchRecord
from builder.search.pagefind import find_program
from builder.search.pages import search_pages
from builder.search.search_assets import search_button, search_dialog
from builder.search.search_page import search_slot
from builder.search.write_index import write_search
from builder.translation import ENGLISH

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


def first_query(site: Path, words: list[str], common: str, plain: str) -> str:
    """What a reader fetches for a first query, on the search page and in the box, and milliseconds for those after it.

    ``plain`` is the address of a page that has the box alone.
    """
    with served(site) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)

        def opened(fetched: dict[str, int]) -> Any:
            """The search page, of a reader who has nothing of it yet; ``fetched`` counts bytes by kind of file."""

            def note(response: Any) -> None:
                kind = response.url.removeprefix(address).split("?")[0]
                if kind.startswith("pagefind/"):
                    part = kind.rsplit(".", 1)[-1]
                    fetched[part] = fetched.get(part, 0) + int(response.headers.get("content-length", 0))

            page = browser.new_context().new_page()
            page.on("response", note)
            page.goto(f"{address}search/")
            page.wait_for_function(f"words => {_STATUS}", arg="Type words")
            return page

        page = opened(fetched := {})
        before = sum(fetched.values())
        times = []
        for word in words:
            started = time.perf_counter()
            ask(page, word)
            times.append(time.perf_counter() - started)
            page.wait_for_timeout(300)
            if word == words[0]:
                first, parts = sum(fetched.values()), dict(fetched)
        started = time.perf_counter()
        page.locator("[data-postil-value='verdict:false']").click()
        page.wait_for_function(f"words => {_STATUS}", arg="filtered")
        facet = time.perf_counter() - started
        page = opened(fetched := {})
        ask(page, common)
        page.wait_for_timeout(300)
        most = sum(fetched.values())
        page = browser.new_context().new_page()
        boxed: list[int] = []
        page.goto(f"{address}{plain}")
        page.on("response", lambda response: boxed.append(int(response.headers.get("content-length", 0))))
        page.keyboard.press("/")
        page.locator("dialog.postil-search input").fill(words[0])
        page.wait_for_function("document.querySelector('dialog.postil-search [role=option]')", timeout=120_000)
        page.wait_for_timeout(500)
        browser.close()
    told = ", ".join(f"{name} {number / 1e3:.0f}" for name, number in sorted(parts.items()))
    return (
        f"first query on the page {first / 1e3:.0f} KB ({before / 1e3:.0f} of them before a word is typed; {told}), "
        f"in the box {sum(boxed) / 1e3:.0f} KB, on the page for the most common word of all {most / 1e3:.0f} KB;\n"
        f"    {times[0] * 1e3:.0f} ms, then {statistics.median(times[1:]) * 1e3:.0f} ms, a filter {facet * 1e3:.0f} ms"
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
    parser.add_argument("--documents", type=int, nargs="+", default=[])
    parser.add_argument("--index", type=int, nargs="+", default=[])
    parser.add_argument("--make", nargs=2)
    parser.add_argument("--without-rivals", action="store_true")
    arguments = parser.parse_args()
    if arguments.make:
        make_index(int(arguments.make[0]), Path(arguments.make[1]))
        return
    common, *words = vocabulary(random.Random(SEED))[:: 9000 // 7][:7]  # noqa: S311 - as bench.py makes them
    with tempfile.TemporaryDirectory() as folder:
        for number in arguments.index:
            root = Path(folder) / "index"
            command = [sys.executable, __file__, "--make", str(number), str(root / "site")]
            root.mkdir()
            with (root / "said").open("w") as said:
                _, peak = run(command, root, stdout=said)
            times = " and ".join((root / "said").read_text().split("\n")[:2])
            print(f"{number} documents with ten notes each, the index alone: {times} (one note changed), {peak:.0f} MB")
            print(
                f"  {size(root / 'site' / 'pagefind')}; {first_query(root / 'site', words, common, 'box/')}", flush=True
            )
            shutil.rmtree(root)
        for number in arguments.documents:
            root = Path(folder) / str(number)
            make_corpus(root, number)
            print(f"{number} documents with ten notes each")
            print(f"  without search       {build(root, '[{postil: {search: false}}]')}", flush=True)
            print(
                f"  with search          {build(root, '[postil]')}; search: {size(root / 'site' / 'pagefind')}"
                f" of {size(root / 'site')}",
                flush=True,
            )
            print(f"  again, one changed   {again(root)}", flush=True)
            print(f"  in the browser       {first_query(root / 'site', words, common, '')}", flush=True)
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


def records_of(documents: int) -> Iterator[SearchRecord]:
    """The records of a corpus like that of ``bench.py``, with facets, and notes of every length."""
    chance = random.Random(SEED)  # noqa: S311
    words = vocabulary(chance)
    for number in range(documents):
        address, date = f"documents/doc-{number:05}/", f"{chance.randint(2005, 2025)}-06-{number % 28 + 1:02}"
        of_document = {"collection": (chance.choice("abcd"),), "topic": (f"topic-{chance.randint(0, 39)}",)}
        of_document |= {"language": ("en",), "year": (date[:4],)}
        shared: dict[str, Any] = {"language": "en", "group": "", "sort": {"date": date}}
        body = " ".join(" ".join(each) for each in text_of(chance, words))
        title = f"Document {number}"
        facets = {"type": ("document",)} | of_document
        yield SearchRecord(address, title, f"{title}\n{body}", type="document", meta={}, filters=facets, **shared)
        for note in range(10):
            verdict = chance.choice(VERDICTS)
            said = " ".join(chance.choices(words, k=chance.randint(20, 80)))
            facets = {"type": ("note",), "kind": ("claim",), "verdict": (verdict,)} | of_document
            meta = {"kind": "claim", "verdict": verdict, "tone": "bad"}
            at = f"{address}#note-n{note}"
            yield SearchRecord(at, said[:40], said, type="note", meta=meta, filters=facets, **shared)


def make_index(documents: int, out: Path) -> None:
    """In a process of its own: make the index and a search page, and print how long the index took."""
    records = list(records_of(documents))
    for name in ("one", "two"):  # the second time with one note changed
        started = time.perf_counter()
        write_search(search_pages(records), out, cache_folder=out.parent / "cache")
        print(f"{name} {time.perf_counter() - started:.1f} s", flush=True)
        records[5] = replace(records[5], text=f"{records[5].text} changed")
    parts = files("builder.search")
    (out / "search").mkdir()
    (out / "box").mkdir()
    shutil.copytree(str(parts / "browser"), out / "assets/postil/search")
    button, dialog = search_button(ENGLISH), search_dialog(ENGLISH)
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>bare</title>'
    shutil.copyfile(str(files("builder.render") / "assets" / "words.js"), out / "assets/postil/words.js")
    names = ("words.js", "search/search.js")
    script = "".join(f'<script src="../assets/postil/{name}"></script>' for name in names)
    (out / "search/index.html").write_text(
        f"{head}{button}{dialog}{search_slot('search/', ENGLISH)}{script}", encoding="utf-8"
    )
    (out / "box/index.html").write_text(f"{head}{button}{dialog}{script}", encoding="utf-8")


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
