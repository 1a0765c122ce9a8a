"""A preview outlasts settings that cannot be used: it says so, shows what it showed, and goes on after that."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import previewing

pytestmark = pytest.mark.sites

SETTINGS = "site_name: First\ntheme: {name: material, font: false}\nplugins: [{postil: {search: false}}]\n"


def comes_true(said: Callable[[], bool], patience: float = 60) -> bool:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if said():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(os.name == "nt", reason="Control-C is another matter there")
def test_a_preview_outlasts_settings_that_cannot_be_used(tmp_path: Path) -> None:
    for name, content in {"docs/index.md": "# Home\n", "seeds/a.txt": "Words.\n", "mkdocs.yml": SETTINGS}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)

    def page() -> str:
        with urllib.request.urlopen(preview.address, timeout=20) as answer:  # noqa: S310 - our own
            return str(answer.read().decode())

    def written(settings: str) -> None:
        """Write settings, again if the preview has not seen it: it may not yet have looked at the file before."""
        before = log.read_text().count("Detected file changes")
        for _ in range(5):
            (tmp_path / "mkdocs.yml").write_text(settings)
            if comes_true(lambda: log.read_text().count("Detected file changes") > before, patience=10):
                return
        raise AssertionError("no change was seen")

    with previewing(tmp_path) as preview:
        log = preview.log
        assert comes_true(lambda: "Serving on" in log.read_text())
        for number, broken in enumerate((SETTINGS + "extra: [\n", SETTINGS.replace("material", "mkdocs")), 1):
            written(broken)
            assert comes_true(lambda: log.read_text().count("The preview stays as it is.") == number)  # noqa: B023
            assert "First" in page()
        written(SETTINGS.replace("First", "Second"))
        assert comes_true(lambda: "Second" in page())
        assert preview.stop(signal.SIGTERM) == 0, "who ends a preview by its id gets the orderly end of Control-C"
    assert list(preview.temporary.iterdir()) == []
    assert "Traceback" not in log.read_text()
    assert "appear stuck" not in log.read_text()
