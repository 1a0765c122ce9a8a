"""The plan of the house against the imports that are there. Imports only go down; two rooms of one floor never meet."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "builder"

# A room stands under its floor and name: its files, each with the outside libraries that it alone may know.
TABLE = """
5 door
    cli.py                  click rich
4 engines
    engines/__init__.py
    engines/background.py
    engines/build.py        mkdocs
    engines/config.py       mkdocs
    engines/faults.py       mkdocs
    engines/files.py        mkdocs
    engines/heard.py
    engines/host.py
    engines/load.py         mkdocs
    engines/mkdocs.py       mkdocs
    engines/pages.py        mkdocs
    engines/run.py          mkdocs
    engines/wikilinks.py    markdown
4 start
    start/__init__.py
    start/begin.py
    start/project.py
    start/sidecar.py
4 profiles
    profiles/__init__.py
    profiles/check.py
    profiles/profile.py
    profiles/rules.py
4 reach
    reach/__init__.py
    reach/addresses.py
    reach/check.py
    reach/store.py
    reach/visit.py
4 revise
    revise/__init__.py
    revise/carry.py
    revise/pin.py
    revise/rebase.py
    revise/rewrite.py
    revise/sidecars.py
    revise/splice.py
    revise/suggest.py
    revise/tell.py
    revise/texts.py
3 pipeline
    pipeline.py
3 history
    history/__init__.py
    history/diff.py
    history/git.py
    history/kept.py
    history/ledger.py
    history/notes.py
    history/sidecars.py
    history/tell.py
    history/trees.py
2 read
    read/__init__.py
    read/body.py
    read/characters.py
    read/clean.py           nh3
    read/corpus.py
    read/decode.py
    read/document.py
    read/faults.py          pydantic pydantic_core
    read/gather.py
    read/guard.py
    read/headings.py
    read/html.py            bs4
    read/invisible.py
    read/layout.py
    read/lines.py
    read/links.py
    read/markdown.py        markdown_it
    read/marks.py
    read/origins.py
    read/parts.py
    read/reading.py
    read/repairs.py
    read/schema.py          pydantic pydantic_core
    read/sidecar.py
    read/syntax.py
    read/text.py
    read/tokens.py          markdown_it
    read/values.py
    read/whereabouts.py
    read/yaml.py            yaml
2 anchor
    anchor/__init__.py
    anchor/choose.py
    anchor/difference.py    rapidfuzz
    anchor/fold.py
    anchor/match.py
    anchor/nearest.py       rapidfuzz
    anchor/pin.py
    anchor/place.py
    anchor/show.py
    anchor/tell.py
2 link
    link/__init__.py
    link/catalog.py
    link/chronicle.py
    link/link.py
    link/record.py
2 render
    render/__init__.py
    render/changes.py
    render/chrome.py
    render/cite.py
    render/document.py
    render/drawing.py       jinja2
    render/entries.py
    render/finding.py
    render/indexes.py
    render/note.py
    render/overview.py
    render/paging.py
    render/pictures.py
    render/prose.py
    render/records.py
    render/seen.py
    render/shell.py
    render/table.py
    render/tally.py
    render/weave.py
    render/wording.py
2 publish
    publish/__init__.py
    publish/cbor.py
    publish/check.py        selectolax
    publish/disk.py
    publish/feeds.py
    publish/index.py
    publish/pagefind.py
    publish/postings.py
    publish/prepare.py
    publish/search.py
    publish/shards.py
    publish/sitemap.py
    publish/standing.py
    publish/tables.py
1 ground
    __init__.py
    addresses.py
    diagnostics.py
    model.py
    packing.py
    positions.py
    report.py
    sarif.py
"""


def rows() -> Iterator[tuple[str, int, str, set[str]]]:
    """File, floor, room, libraries."""
    floor, room = 0, ""
    for line in TABLE.strip().splitlines():
        first, *rest = line.split()
        if line.startswith(" "):
            yield first, floor, room, set(rest)
        else:
            floor, room = int(first), rest[0]


ROWS = {file: (floor, room, libraries) for file, floor, room, libraries in rows()}
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def imports(file: str) -> set[str]:
    """What a file imports, in functions too: our own as files of the package, others by their first name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / file).read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in map(home, found) if name}


def home(module: str) -> str | None:
    """The file of the package that a dotted name lies in; the library it belongs to; None for Python's own."""
    first, *rest = module.split(".")
    if first != "builder":
        return None if first in sys.stdlib_module_names else first
    for length in range(len(rest), 0, -1):
        path = "/".join(rest[:length])
        for file in (f"{path}.py", f"{path}/__init__.py"):
            if (PACKAGE / file).exists():
                return file
    return "__init__.py"


def test_every_file_has_a_row_and_every_row_a_file() -> None:
    assert sorted(ROWS) == FILES


def test_a_room_is_a_folder() -> None:
    for file, (_, room, _) in ROWS.items():
        assert file.split("/")[0] == room or "/" not in file


@pytest.mark.parametrize("file", FILES)
def test_imports(file: str) -> None:
    floor, room, libraries = ROWS.get(file, (0, "no row", set()))
    found = imports(file)
    assert found - set(FILES) == libraries
    for name in sorted(found & set(ROWS)):
        below, other, _ = ROWS[name]
        assert other == room or below < floor, f"{file} (floor {floor}) imports {name} (floor {below})"


def test_one_library_lives_in_one_room() -> None:
    rooms: dict[str, set[str]] = {}
    for _, room, libraries in ROWS.values():
        for library in libraries:
            rooms.setdefault(library, set()).add(room)
    assert {library: homes for library, homes in rooms.items() if len(homes) > 1} == {}


@pytest.mark.parametrize("file", [file for file in FILES if file != "cli.py"])
def test_only_the_door_prints_and_exits(file: str) -> None:
    names = {"print", "sys.exit", "exit", "quit", "os._exit", "sys.stdout.write", "sys.stderr.write"}
    calls = [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse((PACKAGE / file).read_text()))
        if isinstance(node, ast.Call)
    ]
    assert names & set(calls) == set()


def test_the_table_tells_good_from_bad() -> None:
    assert home("builder.read.yaml.parse") == "read/yaml.py"
    assert home("builder.publish.disk") == "publish/disk.py"
    assert home("builder.publish") == "publish/__init__.py"
    assert home("builder.__version__") == "__init__.py"
    assert home("yaml.events") == "yaml"
    assert home("collections.abc.Mapping") is None
