"""Documents in the shapes that real ones have: where quotes of them stand, their titles, the words that are shown."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser
from sharing import shared

from builder.engines.mkdocs_commands import build_site, check_site

HERE = Path(__file__).parent
MKDOCS = (
    "site_name: Wild\nsite_url: https://example.org/wild/\ntheme: {name: material, font: false}\nplugins: [postil]\n"
)
TAKES_NO_ROOM = re.compile("[\u00ad\u200b\u2060\ufeff]")
EXPECTED = {"Q201": "missing", "Q202": "ambiguous", "Q205": "normalised"}


def read_lines(name: str) -> list[dict]:
    """The lines of a list; each quote with the id of its note in its document."""
    lines = [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line.strip()]
    count: dict[str, int] = defaultdict(int)
    for line in lines:
        count[line["file"]] += 1
        line["id"] = f"w{count[line['file']]}"
    return lines


QUOTES, TITLES, VISIBLE = map(read_lines, ("quotes.jsonl", "titles.jsonl", "visible.jsonl"))


def collapse(text: str) -> str:
    return " ".join(TAKES_NO_ROOM.sub("", text).split())


def letters(text: str) -> str:
    return collapse(text).replace(" ", "")


def write_sidecars(seeds: Path, lines: list[dict]) -> dict[tuple[str, int], tuple[str, str]]:
    """Write the quotes as notes; return whose note it is for each line of each sidecar."""
    owners = {}
    for file in dict.fromkeys(line["file"] for line in lines):
        path = (seeds / file).with_suffix(".yml")
        written = ["context:"]
        for line in (line for line in lines if line["file"] == file):
            note = {key: line[key] for key in ("id", "quote", "prefix", "suffix") if key in line} | {"note": "A test."}
            scalars = (
                yaml.dump(value, default_style='"', allow_unicode=True, width=10_000).strip() for value in note.values()
            )
            fields = [f"    {key}: {scalar}" for key, scalar in zip(note, scalars, strict=True)]
            for number in range(len(written) + 1, len(written) + len(fields) + 2):
                owners[f"seeds/{path.relative_to(seeds).as_posix()}", number] = (file, line["id"])
            written += ["  -", *fields]
        path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return owners


def make(project: Path) -> None:
    """Check all quotes, then build the site with those that have a place."""
    seeds = project / "seeds"
    shutil.copytree(HERE / "documents", seeds)
    (seeds / "corpus.yml").write_text("title: Wild\nlanguage: en\n")
    (project / "docs").mkdir()
    (project / "docs" / "index.md").write_text("# Home\n")
    (project / "mkdocs.yml").write_text(MKDOCS)
    owners = write_sidecars(seeds, QUOTES)
    outcomes = {}
    for diagnostic in check_site(project / "mkdocs.yml"):
        owner = owners.get((diagnostic.place.file, diagnostic.place.line))
        if owner and (diagnostic.code in EXPECTED or diagnostic.severity == "error"):
            outcomes[owner] = EXPECTED.get(diagnostic.code, diagnostic.code)
    for path in seeds.glob("*/*.yml"):
        path.unlink()
    placed = [line for line in QUOTES if outcomes.get((line["file"], line["id"]), "normalised") == "normalised"]
    write_sidecars(seeds, placed)
    assert build_site(project / "mkdocs.yml").published
    (project / "outcomes.json").write_text(json.dumps([[*owner, outcome] for owner, outcome in outcomes.items()]))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared(tmp_path_factory, "wild", make)


@cache
def page(site: Path, file: str) -> LexborHTMLParser:
    address = site / "site" / "documents" / Path(file).with_suffix("")
    parsed = LexborHTMLParser((address / "index.html").read_text(encoding="utf-8"))
    for reference in parsed.css('[data-postil="ref"]'):
        reference.decompose()
    return parsed


def text_of(page: LexborHTMLParser, selector: str) -> str:
    return "".join(node.text(deep=True) for node in page.css(selector))


@pytest.mark.parametrize("line", QUOTES, ids=[f"{line['file']} {line['id']}: {line['why']}" for line in QUOTES])
def test_quote(site: Path, line: dict) -> None:
    outcomes = {(file, note): outcome for file, note, outcome in json.loads((site / "outcomes.json").read_text())}
    outcome = outcomes.get((line["file"], line["id"]), "found")
    assert outcome == line["expect"]
    if outcome in ("missing", "ambiguous"):
        return
    right = [line["words"], *([line["or"]] if "or" in line else [])]
    assert letters(text_of(page(site, line["file"]), f'[data-postil-notes~="{line["id"]}"]')) in map(letters, right)
    quoted = collapse(text_of(page(site, line["file"]), f"#note-{line['id']} q"))
    assert quoted in map(collapse, right)


@pytest.mark.parametrize("line", TITLES, ids=[line["file"] for line in TITLES])
def test_title(site: Path, line: dict) -> None:
    heading = page(site, line["file"]).css_first("h1")
    assert heading is not None
    assert collapse(heading.text(deep=True)) == line["title"]


@pytest.mark.parametrize("line", VISIBLE, ids=[line["file"] for line in VISIBLE])
def test_words_that_are_shown(site: Path, line: dict) -> None:
    text = collapse(text_of(page(site, line["file"]), '[data-postil="text"]'))
    assert [words for words in line["present"] if collapse(words) not in text] == []
    assert [words for words in line["absent"] if collapse(words) in text] == []
