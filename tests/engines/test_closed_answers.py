"""Teaching mode in a built site: what a document keeps closed stands in details of its page, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from builder.cards.draw_cards import cards_available
from builder.engines import mkdocs_commands
from builder.link.cross_links import document_links
from builder.pickling import unpack
from builder.pipeline import Settings, load_corpus
from builder.search.records import search_records

pytestmark = pytest.mark.sites

# Every word that gives an answer away is in capitals.
FILES = {
    "mkdocs.yml": "site_name: T\nsite_url: https://t.example/\ntheme: {name: material, font: false}\n"
    f"plugins: [{{postil: {{search: false, cards: {str(cards_available()).lower()}}}}}]\n",
    "docs/index.md": "# Home\n\n[[a#one]] [[a#fix]] [[a#whole]] [[a]]\n\n<!-- postil: overview-small -->\n",
    "seeds/corpus.yml": "verdicts:\n  - {id: wrong, label: WRONG, tone: bad, means: It is not so.}\n"
    "topics: {t: {label: T, about: 'See [[a#one]] and [[a#whole]].'}}\n",
    "seeds/sources.yml": "report: {title: A report}\n",
    "seeds/a.txt": "It was in June. It rained. They all went home.\n",
    "seeds/a.yml": """\
title: To be taught with
reveal: true
finding: FOUND in [[b]].
summary: SUMMED up in [[b]].
topics: [t]
claims:
  - {id: one, quote: in June, verdict: wrong, claim: k, topics: [t], techniques: [HASTE], speaker: Ann, correct: in MAY,
     note: 'NOTED. See [[b#two]].', sources: [{title: A diary, supports: that it is NOT}]}
  - {id: whole, verdict: wrong, statement: It was so., note: WHOLLY wrong., sources: [report]}
corrections:
  - {id: fix, quote: It rained, correct: It POURED, note: REPORTED., reviewed: 2026-01-02, history:
     [{date: 2026-01-01, reason: REASONED}, {date: 2026-01-02, reason: REASONED}]}
""",
    "seeds/b.txt": "It was in June.\n",
    "seeds/b.yml": "claims:\n  - {id: two, quote: in June, claim: k, note: 'As in [[a#whole]] and [[a#fix]].',\n"
    "     see: [a#one]}\n",
}
ANSWERS = ("WRONG", "SUMMED", "HASTE", "MAY", "NOTED", "NOT", "WHOLLY", "POURED", "REPORTED", "REASONED")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("teaching")
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    outcome = mkdocs_commands.build_site(root / "mkdocs.yml")
    assert outcome.published, outcome.diagnostics
    return root


def test_no_page_and_no_feed_gives_an_answer_away(root: Path) -> None:
    own = root / "site" / "documents" / "a" / "index.html"
    assert "FOUND" not in own.read_text(encoding="utf-8")
    leaks = []
    for path in sorted((root / "site").rglob("*")):
        if path.suffix not in {".html", ".xml", ".json"}:
            continue
        text = path.read_text(encoding="utf-8")
        if path == own:
            tree = LexborHTMLParser(text)
            assert len(tree.css("details.postil-closed:not([open])")) == 5
            assert [answer for answer in ANSWERS if answer not in tree.body.text()] == []  # type: ignore[union-attr]
            # A question has the whole scale, which here is one verdict.
            for part in tree.css("details.postil-closed, .postil-ask"):
                part.decompose()
            text = tree.html or ""
        leaks += [(path.name, path.parent.name, answer) for answer in (*ANSWERS, "FOUND") if answer in text]
    assert leaks == []


def test_share_cards_say_what_their_pages_say_of_them(root: Path) -> None:
    """What a card shows is in its description, so the test above holds for the pictures too."""
    if not cards_available():
        pytest.skip("Typst is not installed")
    page = (root / "site" / "documents" / "a" / "index.html").read_text(encoding="utf-8")
    assert '"og:image:alt" content="[annotated] To be taught with. 2 Claims. 1 Correction. Annotated corpus."' in page


def test_search_knows_no_answer(root: Path) -> None:
    loaded = load_corpus(Settings(root=root, seeds=root / "seeds"), {})
    anchored = unpack(loaded.read_results["seeds/a.txt"].packed)
    links = {record.slug: links for record, links in document_links(loaded.corpus)}
    told = repr(search_records(anchored, links["a"], loaded.corpus.project))
    assert [answer for answer in (*ANSWERS, "FOUND") if answer in told] == []
    assert "It was in June" in told
