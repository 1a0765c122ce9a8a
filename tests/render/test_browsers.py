"""The browsers that the guide promises, against what style sheets and scripts use, by MDN's browser-compat-data."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from sharing import ROOT

NPM = ROOT / "tests" / "npm"
GUIDE = (ROOT / "docs" / "guide" / "reading.md").read_text(encoding="utf-8")
ASSETS = [path for ending in ("css", "js", "d.ts") for path in sorted((ROOT / "builder").rglob(f"*.{ending}"))]


def newer(floor: dict[str, str], *files: Path) -> list[str]:
    """What the files use that the browsers do not have."""
    if not (NPM / "node_modules" / "@mdn" / "browser-compat-data").exists():
        pytest.skip("no browser-compat-data: make .venv/.npm")
    versions = {**floor, "chrome_android": floor["chrome"], "firefox_android": floor["firefox"]}
    versions["safari_ios"] = floor["safari"]
    command = ["node", str(NPM / "newer_than.mjs"), json.dumps(versions), *map(str, files)]
    found = subprocess.run(command, check=True, timeout=60, stdout=subprocess.PIPE).stdout
    return list(json.loads(found))


def test_the_guide_lists_what_is_newer_than_the_browsers_it_promises() -> None:
    promised = re.search(r"from Chrome ([\d.]+), Firefox ([\d.]+) and Safari ([\d.]+) on", GUIDE)
    assert promised
    table = GUIDE.partition("| Newer |")[2].partition("\n\n")[0]
    listed = [name for row in table.splitlines()[2:] for name in re.findall(r"`(.+?)`", row.split("|")[1])]
    assert newer(dict(zip(("chrome", "firefox", "safari"), promised.groups(), strict=True)), *ASSETS) == sorted(listed)


CASES = [
    ("a:has(b) { color: red }", [":has"]),
    ("a { width: 3lh; color: light-dark(red, blue) }", ["lh", "light-dark()"]),
    ("@starting-style { a { height: calc-size(auto, size) } }", ["@starting-style", "calc-size()"]),
    ("@media (400px < width) { a { display: grid } }", ["(a < b)"]),
    ("a { -webkit-user-select: none; user-select: none }", []),
    ("a { user-select: none }", ["user-select"]),
    ("a { no-such-property: none }", ["no-such-property"]),
    ("a { & b { --mixed: color-mix(in srgb, red, blue) } }", ["&", "color-mix()"]),
    ("Promise.withResolvers(); new Set().union(other); [].at(0);", ["Promise.withResolvers", "Set.union"]),
    (
        "scheduler.yield(); addEventListener('scrollend', stop);",
        ["Document.scrollend_event", "Scheduler.yield", "scheduler"],
    ),
    ("const own = { union: 1 }; own.union;", []),
]


@pytest.mark.parametrize(("source", "found"), CASES)
def test_what_is_newer_is_found(tmp_path: Path, source: str, found: list[str]) -> None:
    file = tmp_path / ("a.css" if "{ " in source and "const" not in source else "a.js")
    file.write_text(source, encoding="utf-8")
    assert newer({"chrome": "110", "firefox": "113", "safari": "16"}, file) == found
