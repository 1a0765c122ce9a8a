"""A preview has search too: made after the pages are there, anew after a change, and gone when the preview ends."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from processes import previewing

from builder.engines.background import BackgroundTask
from builder.search.check_pagefind import pagefind_available

pytestmark = pytest.mark.sites


def fetched(url: str, *, other_than: bytes = b"", patience: float = 60) -> bytes:
    """What is at this address, once it is there and is not what it was."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own
                content: bytes = answer.read()
            if content != other_than:
                return content
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    raise AssertionError(f"nothing new at {url}")


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
@pytest.mark.skipif(os.name == "nt", reason="Control-C is another matter there")
def test_a_preview_has_search_and_ends_clean(tmp_path: Path) -> None:
    for name, content in {
        "docs/index.md": "# Home\n",
        "seeds/a.txt": "It was the best of times.\n",
        "seeds/a.yml": "context:\n  - {id: n, quote: best of times, note: Was it?}\n",
        "mkdocs.yml": "site_name: T\ntheme: {name: material, font: false}\nplugins: [postil]\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    with previewing(tmp_path) as preview:
        listing = f"{preview.address}pagefind/bundles.json"
        before = fetched(listing)
        assert list(json.loads(before)["languages"]) == ["en"]
        assert b"data-postil-search=" in fetched(f"{preview.address}search/")
        (tmp_path / "seeds/a.yml").write_text("context:\n  - {id: n, quote: best of times, note: It was not.}\n")
        assert (
            json.loads(fetched(listing, other_than=before))["languages"]["en"] != json.loads(before)["languages"]["en"]
        )
        assert preview.stop(signal.SIGINT) == 0
    assert "Traceback" not in preview.log.read_text()
    assert [each.name for each in preview.temporary.iterdir() if each.name.startswith("mkdocs_")] == []
    assert (tmp_path / ".cache/postil/search/.gitignore").read_text() == "*\n"


def test_work_in_the_background_is_waited_for_when_it_is_cancelled() -> None:
    background, done = BackgroundTask(), list[str]()

    def work(name: str, cancelled: threading.Event) -> None:
        cancelled.wait(30)
        done.append(name)

    background.start(lambda cancelled: work("first", cancelled))
    background.start(lambda cancelled: work("second", cancelled))
    assert done == ["first"]
    background.stop()
    background.stop()
    assert done == ["first", "second"]
    assert "postil-search" not in {each.name for each in threading.enumerate()}
