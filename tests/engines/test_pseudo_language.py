"""No word of ours escapes translation: a site in a language that has none of our letters, about a corpus in Latin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from builder.engines import mkdocs_commands
from builder.translation import PLACEHOLDER, messages

pytestmark = pytest.mark.sites

_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_WORD = re.compile(r"[A-Za-z]{2,}")
_SHOWN = ("aria-label", "title", "placeholder", "alt")
# The site's language is English, so dates and lists have these (CLDR). And what is no word of any language: names of
# formats, keys of a keyboard, what a program reads.
_MONTHS = "January February March April May June July August September October November December"
_ALLOWED = {*_MONTHS.split(), "and", "epistulae", "SHA", "https", "http", "example", "svg", "postil", "JavaScript"}
_ALLOWED |= {"Atom", "Ctrl", "Esc", "xml"}

LATIN = """\
# Gallia omnis

Gallia est omnis divisa in partes tres. Horum omnium fortissimi sunt Belgae. Apud Helvetios longe nobilissimus fuit
Orgetorix. Civitati persuasit ut de finibus suis exirent. Perfacile esse totius Galliae imperio potiri.
"""
NOTES = """\
title: Gallia omnis
author: [Caesar, Hirtius]
publisher: Acta
published: 2025-12-18
url: https://acta.example/gallia
archived: https://arca.example/gallia
retrieved: 2026-01-02
rights: Omnia libera
topics: [gallia]
finding: Partim vera, partim ficta.
summary: Brevis relatio, vide [[altera]].
claims:
  - {id: una, quote: divisa in partes tres, note: "Vide [[#duo]]. Recte.", verdict: supported, claim: partes,
     statement: Gallia tripartita est., speaker: caesar, reviewed: 2026-01-02, by: [Livius], topics: [gallia],
     techniques: [amplificatio], see: [altera], sources: [{ref: annales, at: p. 3, supports: numerum}, chronica]}
  - {id: duo, quote: fortissimi sunt Belgae, note: Falsum., verdict: "false", statement: Belgae fortissimi.,
     speaker: Ignotus, sources: [{title: Tabulae}],
     history: [{date: 2026-01-01, from: partly, to: "false", reason: Nova fides.}]}
  - {id: tres, quote: nobilissimus, note: Dubium.}
  - {id: quattuor, quote: Apud Helvetios, verdict: misleading, note: Mendax.}
context:
  - {id: quinque, quote: Orgetorix, note: Dux Helvetiorum.}
  - {id: sex, note: De toto libello.}
  - {id: octo, quote: Roma, note: Olim., retired: "2026-01-03, deletum est"}
corrections:
  - {id: septem, quote: Perfacile, correct: Difficile, note: Erratum., reviewed: 2026-01-02}
"""
ALTERA = """\
title: Epistula altera
published: 2024
reveal: true
claims:
  - {id: nona, quote: tripartita, note: Ut supra., verdict: partly, claim: partes, topics: [gallia]}
corrections:
  - {id: decima, quote: Gallia, correct: Hispania, note: Erratum.}
"""


def wide(text: str) -> str:
    """The text in letters that are none of ours; what stands for values is left alone."""
    parts = re.split(f"({PLACEHOLDER.pattern})", text)
    return "".join(part if PLACEHOLDER.fullmatch(part) else part.translate(_WIDE) for part in parts)


def lay_out(root: Path, words: dict[str, object]) -> Path:
    corpus = {
        "title": "Corpus Gallicum",
        "language": "en",
        "publisher": {"name": "Scriptorium", "url": "https://scriptorium.example/"},
        "topics": {"gallia": {"label": "Gallia", "about": "De Gallia."}},
        "people": {"caesar": {"name": "Caesar", "same_as": "https://caesar.example/"}},
        "words": words,
    }
    files = {
        "mkdocs.yml": "site_name: Corpus\nsite_url: https://c.example/\n"
        "theme: {name: material, font: false}\nplugins: [postil]\n",
        "docs/index.md": "---\ntitle: Porta\n---\n\n<!-- postil: overview-small -->\n",
        "seeds/corpus.yml": json.dumps(corpus, ensure_ascii=False),
        "seeds/sources.yml": "annales: {title: Annales, author: Tacitus, publisher: Bibliotheca, date: 2020-05,\n"
        "  retrieved: 2026-01-02, url: 'https://annales.example/',\n"
        "  archived: 'https://arca.example/annales', note: Rara.}\n"
        "chronica: {title: Chronica, url: 'https://chronica.example/', link: false}\n",
        "seeds/epistulae/gallia.md": LATIN,
        "seeds/epistulae/gallia.yml": NOTES,
        "seeds/altera.txt": "Gallia tripartita est.\n",
        "seeds/altera.yml": ALTERA,
        "seeds/nuda.txt": "Sine notis.\n",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root / "mkdocs.yml"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = {name: wide(forms[-1]) for name, forms in messages().items()}
    root = tmp_path_factory.mktemp("pseudo")
    outcome = mkdocs_commands.build_site(lay_out(root, {**words}))
    assert [str(each) for each in outcome.diagnostics] == []
    assert outcome.published
    return root / "site"


def known() -> set[str]:
    """The words that are not ours: the corpus's, and those of addresses."""
    return {word.lower() for word in _WORD.findall(LATIN + NOTES + ALTERA)} | {word.lower() for word in _ALLOWED}


def shown(node: LexborNode) -> Iterator[str]:
    """What a reader sees or hears of an element: its texts, and the attributes that are read out."""
    for element in node.traverse(include_text=True):
        if element.tag == "-text":
            parents = []
            parent = element.parent
            while parent is not None:
                parents.append(parent)
                parent = parent.parent
            hidden = {"script", "style", "pre", "code"} & {each.tag for each in parents}
            if not hidden and not any("postil-address" in (each.attributes.get("class") or "") for each in parents):
                yield element.text_content or ""
        else:
            yield from (
                element.attributes.get(name) or ""
                for name in _SHOWN
                if "Z3988" not in (element.attributes.get("class") or "")
            )


def escaped(texts: Iterator[str], ours: set[str]) -> set[str]:
    texts = (re.sub("[0-9a-f]{64}", "", text) for text in texts)
    found = (text for text in texts if any(word.lower() not in ours for word in _WORD.findall(text)))
    return {" ".join(text.split())[:80] for text in found}


def test_no_word_of_ours_escapes_on_any_page(site: Path) -> None:
    corpus = (site.parent / "seeds" / "corpus.yml").read_text(encoding="utf-8")
    described = json.loads(corpus)
    described.pop("words")
    ours = known() | {word.lower() for word in _WORD.findall(json.dumps(described))}
    ours |= {
        word.lower()
        for path in (site.parent / "seeds").rglob("*")
        if path.suffix in {".txt", ".yml"} and path.name != "corpus.yml"
        for word in _WORD.findall(path.read_text(encoding="utf-8"))
    }
    ours |= {"porta"}
    english: dict[str, set[str]] = {}
    pages = sorted(site.rglob("index.html"))
    assert len(pages) > 15
    for path in pages:
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        texts = [
            text for node in tree.css(".postil, dialog.postil-search, .postil-search-open") for text in shown(node)
        ]
        texts += [
            node.attributes.get("content") or ""
            for node in tree.css(
                'meta[name=description], meta[property^="og:"]:not([property$=url]):not([property$=type])'
            )
        ]
        texts += [node.attributes.get("title") or "" for node in tree.css("link[rel~=alternate], link[rel=search]")]
        texts += [node.text() for node in tree.css("head title, h1")]
        if found := escaped(iter(texts), ours):
            english[path.parent.relative_to(site).as_posix()] = found
    assert english == {}


@pytest.mark.parametrize("name", ["changes/feed.xml", "corrections/feed.xml", "opensearch.xml"])
def test_no_word_of_ours_escapes_in_feeds(site: Path, name: str) -> None:
    ours = known() | {word.lower() for word in _WORD.findall((site.parent / "seeds" / "sources.yml").read_text())}
    ours |= {"corpus", "gallicum", "scriptorium"}
    told = {"title", "subtitle", "content", "name", "ShortName", "Description"}
    elements = ET.parse(site / name).iter()  # noqa: S314 - our own
    texts = (element.text or "" for element in elements if element.tag.rpartition("}")[2] in told)
    assert escaped(texts, ours) == set()


def test_scripts_have_their_words(site: Path) -> None:
    (script,) = (site / "assets" / "postil").glob("words.*.js")
    data = json.loads(
        script.read_text(encoding="utf-8").partition("globalThis.postilTranslation=")[2].partition(";\n")[0]
    )
    for path in (site / "assets" / "postil").rglob("*.js"):
        for said in re.findall(r'(?:\b_|ngettext)\(\s*"([^"]+)"', path.read_text(encoding="utf-8")):
            assert said in data["messages"], (path.name, said)
