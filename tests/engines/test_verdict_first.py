"""Wherever words of a document or a note stand away from their mark, the label of their note stands before them.

``postil diff`` is held to it in ``tests/history``, the results of search in ``tests/browser``.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from sharing import shared

from builder.cards.draw_cards import cards_available
from builder.engines import mkdocs_commands

pytestmark = pytest.mark.sites

# STATED is what a note says is claimed, QUOTED what the document says, WRONG what a correction puts right.
SIDECAR = """\
title: One letter
topics: [t]
claims:
  - {id: a, quote: QUOTED words, verdict: 'false', statement: STATED in a note., claim: k, speaker: Ann, topics: [t],
     note: 'Not so. See [[b]].', sources: [s]}
corrections:
  - {id: c, quote: WRONG words, correct: right words, note: So., sources: [s], reviewed: 2026-01-02}
"""
FILES = {
    "mkdocs.yml": "site_name: T\nsite_url: https://t.example/\ntheme: {name: material, font: false}\n"
    f"plugins: [{{postil: {{search: false, cards: {str(cards_available()).lower()}}}}}]\n",
    "docs/index.md": "# Home\n\n[[a#a]], [[a#c]]\n\n<!-- postil: overview -->\n\n<!-- postil: documents-newest -->\n\n"
    "<!-- postil: note -->\n\n<!-- postil: changes-newest -->\n",
    "docs/lists.md": "# Lists\n\n<!-- postil: claims -->\n\n<!-- postil: corrections -->\n\n<!-- postil: changes -->\n",
    "seeds/corpus.yml": "topics: {t: {label: T, about: 'See [[a#a]].'}}\n",
    "seeds/sources.yml": "s: {title: A report, url: 'https://h.example/'}\n",
    "seeds/a.txt": "There were QUOTED words here. There were WRONG words there.\n",
    "seeds/a.yml": SIDECAR,
    "seeds/b.txt": "It rained. Then there were QUOTED words again.\n",
    "seeds/b.yml": "title: Another letter\nclaims:\n  - {id: x, quote: QUOTED words, claim: k, verdict: 'false',\n"
    "     note: 'As in [[a#a]], [[a#c]].'}\n",
}
LABELS = {
    "STATED": r"False",
    "QUOTED": r"False",
    "WRONG": r"Correction|Reads",
}  # as notes have it: what it reads, and what it should
NEAR = 400  # code points: the label is in the same entry, not in another one far above
OUTPUTS = [
    "index.html", "lists/index.html", "claims/index.html", "claims/k/index.html", "people/ann/index.html",
    "topics/index.html", "topics/t/index.html", "sources/s/index.html", "corrections/index.html",
    "changes/index.html", "changes/feed.xml", "corrections/feed.xml", "documents/index.html", "overview/index.html",
    "claims/list.gz",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(root: Path) -> None:
        for name, content in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content, encoding="utf-8")
        git = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@t.example", "-C", str(root)]
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "All"]):
            subprocess.run([*git, *arguments], check=True, timeout=60)
        sidecar = root / "seeds" / "a.yml"
        sidecar.write_text(SIDECAR.replace("Not so.", "Not so at all.").replace("right words", "other words"))
        subprocess.run([*git, "commit", "-q", "-a", "-m", "Reworded"], check=True, timeout=60)
        assert mkdocs_commands.build_site(root / "mkdocs.yml").published

    return shared(tmp_path_factory, "verdict-first", make) / "site"


def texts(path: Path) -> list[str]:
    """What a program or a reader finds in a file: text, and what the head says of the page; of a list, its rows."""
    if path.suffix == ".gz":
        header, *rows = gzip.decompress(path.read_bytes()).decode().splitlines()
        assert json.loads(header)
        return [LexborHTMLParser(row).text() for row in rows]
    if path.suffix == ".xml":
        entries = path.read_text(encoding="utf-8").split("<entry>")[1:]
        return [re.sub("<[^>]*>", " ", unescape(unescape(entry))) for entry in entries]
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    for away in tree.css("script, style, [data-postil=text]"):
        away.decompose()
    metas = [meta.attributes.get("content") or "" for meta in tree.css("meta")]
    return [*metas, tree.css_first("title").text(), tree.body.text(separator=" ")]  # type: ignore[union-attr]


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_label_comes_first(site: Path, output: str) -> None:
    bare = [
        text[max(0, found.start() - 60) : found.end() + 20]
        for text in texts(site / output)
        for found in re.finditer("|".join(LABELS), text)
        if not re.search(LABELS[found[0]], text[max(0, found.start() - NEAR) : found.start()])
    ]
    assert bare == []


def test_the_words_are_found_where_they_are_looked_for(site: Path) -> None:
    said = {output: "".join(texts(site / output)) for output in OUTPUTS}
    assert {word for word in LABELS for text in said.values() if word in text} == set(LABELS)
    for output in ("claims/index.html", "claims/k/index.html", "claims/list.gz"):
        assert "STATED" in said[output], output
    for output in ("people/ann/index.html", "changes/feed.xml"):
        assert "QUOTED" in said[output], output
    for output in ("corrections/index.html", "corrections/feed.xml"):
        assert "WRONG" in said[output], output


def test_no_other_page_has_them(site: Path) -> None:
    """A page that is new has to be named above, or in what it shows, keep to the law."""
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    own = {"documents/a/index.html", "documents/b/index.html"}
    others = pages - set(OUTPUTS) - own
    assert [page for page in others if re.search("|".join(LABELS), " ".join(texts(site / page)))] == []
