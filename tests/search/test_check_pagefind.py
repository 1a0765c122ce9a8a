"""A Pagefind whose files have another form costs the site its search, not its publication."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from builder.engines.mkdocs_commands import build_site
from builder.model import SearchRecord
from builder.search.check_pagefind import REQUIREMENT, pagefind_available, pagefind_problem
from builder.search.pagefind import find_program
from builder.search.pages import search_pages
from builder.search.write_index import write_search

pytestmark = pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")

# Runs the real program, and changes the files in its answers.
DOCTORED = """#!{python}
import base64, gzip, json, subprocess, sys
service = subprocess.Popen([{program!r}, "--service"], stdin=sys.stdin, stdout=subprocess.PIPE)
rest = b""
while block := service.stdout.read1(65536):
    *answers, rest = (rest + block).split(b",")
    for answer in answers:
        value = json.loads(base64.b64decode(answer))
        for file in value["payload"].get("files", []):
            name, content = file["path"], base64.b64decode(file["content"])
            {change}
            file["path"], file["content"] = name, base64.b64encode(content).decode()
        sys.stdout.buffer.write(base64.b64encode(json.dumps(value).encode()) + b",")
        sys.stdout.buffer.flush()
sys.exit(service.wait())
"""
REPLACE = "content = gzip.compress(gzip.decompress(content).replace({old}, {new})) if '{kind}' in name else content"
CHANGES = {
    "another script": 'content = content.replace(b"Failed to load the index chunk", b"No such piece")',
    "two places in the script": 'content = content * 2 if name == "pagefind.js" else content',
    "another entry": 'content = b"[]" if name == "pagefind-entry.json" else content',
    "languages as a list": 'content = b\'{"languages": []}\' if name == "pagefind-entry.json" else content',
    "no JSON": 'content = b"<entry>" if name == "pagefind-entry.json" else content',
    "another name": 'name = name.replace("pf_meta", "pf_contents")',
    "another folder": 'name = name.replace("index/", "pieces/")',
    "not packed": 'content = gzip.decompress(content) if "pf_" in name else content',
    "cut short": "content = content[:-9]",
    "another signature": 'content = gzip.compress(gzip.decompress(content)[1:]) if "pf_index" in name else content',
    "more at the end": 'content = gzip.compress(gzip.decompress(content) + b"0") if "pf_index" in name else content',
    "a map for a list": REPLACE.format(old=b"\x83", new=b"\xa3", kind="pf_index"),
    "other words": REPLACE.format(old=b"river", new=b"ri ver", kind="fragment"),
    "no program for the browser": 'name = name.replace("wasm.", "module.")',
}


def doctored(folder: Path, change: str) -> str:
    path = folder / "pagefind"
    path.write_text(DOCTORED.format(python=sys.executable, program=str(find_program()), change=change))
    path.chmod(0o755)
    return str(path)


def records() -> list[SearchRecord]:
    return [SearchRecord("a/", "A", "by the river", "en", "page", "", {}, {}, {})]


def test_the_program_that_is_installed_is_known() -> None:
    assert pagefind_problem() is None


def test_a_program_that_changes_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", doctored(tmp_path, "pass"))
    assert pagefind_problem() is None
    assert write_search(search_pages(records()), tmp_path / "site") == ()
    assert b"Failed to load the index chunk" not in (tmp_path / "site" / "pagefind" / "pagefind.js").read_bytes()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_files_of_another_form_are_a_warning(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", doctored(tmp_path, change))
    problem = pagefind_problem()
    assert problem
    assert (problem.code, problem.severity) == ("P402", "warning")
    assert "have a form that postil does not know" in problem.message
    assert REQUIREMENT in problem.hint
    (written,) = write_search(search_pages(records()), tmp_path / "site", cache_folder=tmp_path / "cache")
    assert (written.code, written.hint) == (problem.code, problem.hint)
    assert not (tmp_path / "site").exists()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [".gitignore"]


def test_such_a_site_is_published_without_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", doctored(tmp_path, CHANGES["another script"]))
    for name, content in {
        "docs/index.md": "# Home\n",
        "seeds/a.txt": "It was the best of times.\n",
        "seeds/a.yml": "claims:\n  - {id: n, quote: best of times, note: Was it?, verdict: false}\n",
        "mkdocs.yml": "site_name: T\ntheme: {name: material, font: false}\nplugins: [postil]\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    outcome = build_site(tmp_path / "mkdocs.yml")
    warnings = [diagnostic for diagnostic in outcome.diagnostics if diagnostic.severity != "notice"]
    assert [diagnostic.code for diagnostic in warnings] == ["P402"]
    assert "pagefind.js passes over a piece that could not be loaded at 0 places, not at 1" in warnings[0].message
    assert outcome.published
    site = tmp_path / "site"
    assert not (site / "pagefind").exists()
    assert not (site / "search").exists()
    for page in site.rglob("*.html"):
        assert not re.search(r"data-postil-search|search/\?", page.read_text(encoding="utf-8")), page


def test_the_requirement_is_that_of_the_package() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"{REQUIREMENT};' in project
