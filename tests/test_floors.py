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
6 door
    __main__.py
    cli.py                  click rich
5 engines
    engines/__init__.py
    engines/background.py
    engines/blocked_scripts.py
    engines/build.py
    engines/commands.py
    engines/cross_link_extension.py markdown
    engines/dead_links.py
    engines/docs_files.py
    engines/draw_site.py
    engines/engine_log.py
    engines/failures.py
    engines/frozen.py
    engines/guard.py        markdown
    engines/hand_written.py
    engines/installed.py
    engines/mkdocs.py       mkdocs
    engines/mkdocs_commands.py
    engines/pressed.py
    engines/preview_hosts.py
    engines/project_settings.py
    engines/properdocs.py   properdocs
    engines/raw_page.py
    engines/seam.py
    engines/site_checks.py
    engines/theme_language.py
    engines/theme_templates.py markupsafe
    engines/written_settings.py
    engines/zensical.py
    engines/zensical_extension.py markdown
5 scaffold
    scaffold/__init__.py
    scaffold/new_project.py
    scaffold/new_sidecar.py
    scaffold/sidecar_template.py
5 profiles
    profiles/__init__.py
    profiles/check_corpus.py
    profiles/load_profile.py
    profiles/rules.py
5 linkcheck
    linkcheck/__init__.py
    linkcheck/cache.py
    linkcheck/check_links.py
    linkcheck/request.py
    linkcheck/source_urls.py
5 reanchor
    reanchor/__init__.py
    reanchor/carry.py
    reanchor/fixes.py
    reanchor/messages.py
    reanchor/old_texts.py
    reanchor/pin.py
    reanchor/rebase.py
    reanchor/requote.py
    reanchor/sidecar_files.py
    reanchor/splice.py
    reanchor/suggest.py
4 pipeline
    limited_map.py
    pipeline.py
4 history
    history/__init__.py
    history/cache.py
    history/compare_revisions.py
    history/corpus_commit.py
    history/corpus_trees.py
    history/differences.py
    history/format_comparison.py
    history/git.py
    history/ledger.py
    history/note_states.py
    history/text_changes.py
3 search
    search/__init__.py
    search/cache.py
    search/cbor.py
    search/check_pagefind.py
    search/join.py
    search/join_postings.py
    search/opensearch.py
    search/pagefind.py
    search/pagefind_index.py
    search/pages.py
    search/browser_tables.py
    search/postings.py
    search/records.py
    search/search_assets.py
    search/search_page.py
    search/shard_index.py
    search/shards.py
    search/words.py
    search/write_index.py
2 read
    read/__init__.py
    read/build_body.py
    read/characters.py
    read/decode.py
    read/direction.py
    read/discovery.py
    read/document.py
    read/engine_settings.py yaml
    read/field_values.py
    read/front_matter.py
    read/headings.py
    read/html.py
    read/html_hidden.py
    read/html_limits.py
    read/html_source_map.py
    read/html_walk.py       bs4
    read/invisible_characters.py
    read/links.py
    read/markdown.py        markdown_it
    read/markdown_source_map.py
    read/markdown_syntax.py markdown_it mdit_py_plugins
    read/markdown_tokens.py markdown_it
    read/markdown_unread.py markdown_it
    read/parsed_source.py
    read/pieces.py
    read/plain_text.py
    read/corpus_and_sources.py
    read/sanitise.py        nh3
    read/schema.py          pydantic pydantic_core
    read/script.py
    read/sidecar.py
    read/tags_in_fields.py
    read/title.py
    read/validation.py      pydantic pydantic_core
    read/wrong_endings.py
    read/yaml.py            yaml
    read/yaml_repair/__init__.py
    read/yaml_repair/candidates.py
    read/yaml_repair/explain.py
    read/yaml_repair/indentation.py
    read/yaml_repair/lines.py
    read/yaml_repair/quoting.py
2 anchor
    anchor/__init__.py
    anchor/around_page_number.py
    anchor/choose_place.py
    anchor/divided_words.py
    anchor/find_places.py
    anchor/graphemes.py     regex
    anchor/list_places.py
    anchor/messages.py
    anchor/nearest_passage.py rapidfuzz
    anchor/normalise.py
    anchor/place_notes.py
    anchor/searchable_text.py
    anchor/word_diff.py     rapidfuzz
    anchor/disambiguating_lines.py
2 link
    link/__init__.py
    link/build_catalog.py
    link/changelog.py
    link/cross_links.py
    link/document_record.py
2 render
    render/__init__.py
    render/catalog_pages.py
    render/changelog_pages.py
    render/chart_geometry.py
    render/cite_page.py
    render/coins.py
    render/colophon.py
    render/counts.py
    render/document_page.py
    render/formatting.py
    render/head_tags.py
    render/home_slots.py
    render/index_pages.py
    render/lists.py
    render/not_found.py
    render/note_elsewhere.py
    render/note_view.py
    render/overview_page.py
    render/page_assets.py
    render/pagination.py
    render/prose.py
    render/redirect_page.py
    render/search_links.py
    render/share_card.py
    render/shell.py
    render/templating.py    jinja2
    render/weave.py
    render/what_holds.py
2 cards
    cards/__init__.py
    cards/cache.py
    cards/draw_cards.py     typst
2 publish
    publish/__init__.py
    publish/check_site_dir.py
    publish/content_policy.py selectolax
    publish/feeds.py
    publish/fidelity_check.py selectolax
    publish/file_links.py
    publish/sitemap.py
    publish/skip_link.py
    publish/staging.py
    publish/visible_text.py selectolax
1 ground
    __init__.py
    addresses.py
    cache_files.py
    collation.py
    compression.py
    diagnostics.py
    explanations.py
    labels.py
    model.py
    pickling.py
    hidden_paths.py
    report.py
    sarif_and_junit.py
    source_positions.py
    spaced_text.py
    suggestions.py
    translation.py          babel
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


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_an_engine_is_imported_in_one_file(engine: str) -> None:
    """No type of an engine crosses the seam: what is not in its file has to do without."""
    assert {file for file in FILES if engine in imports(file)} <= {f"engines/{engine}.py"}


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
    assert home("builder.publish.staging") == "publish/staging.py"
    assert home("builder.publish") == "publish/__init__.py"
    assert home("builder.__version__") == "__init__.py"
    assert home("yaml.events") == "yaml"
    assert home("collections.abc.Mapping") is None
