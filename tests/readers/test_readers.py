"""What programs make of a document's page that take text out of pages: reader views, extractors, citation managers."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from builder.engines import mkdocs_commands

pytestmark = pytest.mark.sites

NPM = Path(__file__).parents[1] / "npm"
NOTES = (1, 2, 3, 5, 8, 12, 16, 20, 30, 45, 60)  # Readability lost the document from some number of notes on
PARAGRAPHS = (3, 8)
VERDICTS = {"false": "False", "supported": "Supported"}
CONFIG = """\
site_name: Annotated speeches
site_url: https://example.org/corpus/
theme: {name: material, font: false}
plugins: [{postil: {search: false, history: false}}]
"""


def document(notes: int, paragraphs: int) -> tuple[str, str]:
    """A text with so many paragraphs, and a sidecar with so many notes, of all kinds, on the numbers in it."""
    figures = [41_200 + number for number in range(notes)]
    text = [
        f"In the year {1900 + part} the library of the town lent more books than ever, as the mayor told the council. "
        + " ".join(f"Then it lent {figure} books." for figure in figures[part::paragraphs])
        for part in range(paragraphs)
    ]
    lists: dict[str, list[str]] = {"claims": [], "context": [], "corrections": []}
    for number, figure in enumerate(figures):
        kind = list(lists)[number % 3]
        lists[kind].append(f"  - id: n{figure}\n    quote: lent {figure}\n    note: |")
        lists[kind].append(
            f"      The register of the archive, volume {figure}, gives another number; the clerk wrote it twice.\n\n"
            "      There is more on the second page, where all of this is added up, and nobody has doubted it since.\n"
            f"    sources:\n      - title: Register {figure}\n        url: https://example.org/{figure}\n"
        )
        if kind == "claims":
            verdict = list(VERDICTS)[number % 2]
            lists[kind].append(f"    verdict: {verdict}\n    statement: The library lent {figure} books.\n")
        if kind == "corrections":
            lists[kind].append(f"    correct: lent {figure + 1}\n")
    head = f"title: Speech {notes}, {paragraphs}\npublished: 2024-05-06\nauthor: [Ann Mayor]\npublisher: The Paper\n"
    return "\n\n".join(text) + "\n", head + "".join(
        f"{kind}:\n" + "\n".join(entries) + "\n" for kind, entries in lists.items() if entries
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("readers")
    (root / "docs").mkdir()
    (root / "seeds").mkdir()
    (root / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    (root / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    for notes in NOTES:
        for paragraphs in PARAGRAPHS:
            text, sidecar = document(notes, paragraphs)
            (root / "seeds" / f"d{notes}-{paragraphs}.txt").write_text(text, encoding="utf-8")
            (root / "seeds" / f"d{notes}-{paragraphs}.yml").write_text(sidecar, encoding="utf-8")
    outcome = mkdocs_commands.build_site(root / "mkdocs.yml")
    assert outcome.published, outcome.diagnostics
    return root / "site"


def pages(site: Path) -> dict[tuple[int, int], Path]:
    return {
        (notes, paragraphs): site / "documents" / f"d{notes}-{paragraphs}" / "index.html"
        for notes in NOTES
        for paragraphs in PARAGRAPHS
    }


def is_whole(text: str, notes: int, paragraphs: int) -> bool:
    """Whether a text has all paragraphs of the document and all notes, and no number of the document is changed."""
    line = " ".join(text.split())
    numbers = [int(number) for number in re.findall(r"Then it lent (\d+)", line)]
    volumes = [int(number) for number in re.findall(r"archive, volume (\d+)", line)]
    figures = [41_200 + number for number in range(notes)]
    heard = [number for number in range(paragraphs) if f"In the year {1900 + number} the library" in line]
    return (sorted(numbers), sorted(volumes), len(heard)) == (figures, figures, paragraphs)


def test_a_reader_view_shows_the_document_with_its_notes(site: Path) -> None:
    if not (NPM / "node_modules" / "@mozilla" / "readability").is_dir():
        pytest.skip("no Readability: make .venv/.npm")
    files = pages(site)
    command = ["node", str(NPM / "readability.mjs"), *map(str, files.values())]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    articles = [json.loads(line) for line in output.splitlines()]
    broken = {key for key, article in zip(files, articles, strict=True) if not is_whole(article["text"], *key)}
    assert broken == set()


def test_an_extractor_finds_the_document_with_its_notes(site: Path) -> None:
    trafilatura = pytest.importorskip("trafilatura", reason="no trafilatura here")
    texts = {key: trafilatura.extract(path.read_text(encoding="utf-8")) for key, path in pages(site).items()}
    assert {key for key, text in texts.items() if not is_whole(text, *key)} == set()


def test_an_extractor_finds_who_wrote_a_document_and_when(site: Path) -> None:
    trafilatura = pytest.importorskip("trafilatura", reason="no trafilatura here")
    page = pages(site)[3, 3].read_text(encoding="utf-8")
    found = trafilatura.extract_metadata(page, default_url="https://example.org/corpus/documents/d3-3/")
    assert (found.title, found.author, found.date, found.sitename) == (
        "[annotated] Speech 3, 3",
        "Ann Mayor",
        "2024-05-06",
        "Annotated corpus",
    )


def test_a_citation_has_the_published_address(site: Path) -> None:
    page = pages(site)[3, 3].read_text(encoding="utf-8")
    assert '">https://example.org/corpus/documents/d3-3/</a>' in page
    assert "  url = {https://example.org/corpus/documents/d3-3/#note-n41200}\n}</pre>" in page
