"""A site in a language that has none of our letters, about a corpus in Latin: what is left in ours has escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from builder.engines import mkdocs_commands
from builder.translation import PLACEHOLDER, messages

_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_WORD = re.compile(r"[A-Za-z]{2,}")
# The site's language is English, so dates and lists have these (CLDR). And what is no word of any language: names of
# formats, keys of a keyboard, what a program reads.
_MONTHS = "January February March April May June July August September October November December"
_ALLOWED = {*_MONTHS.split(), "and", "English", "epistulae", "porta", "SHA", "https", "http", "example", "svg"}
_ALLOWED |= {"postil", "JavaScript", "Atom", "Ctrl", "Esc", "Enter", "xml"}

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


def build(root: Path) -> Path:
    """Build the site, and return its folder."""
    words = {name: wide(forms[-1]) for name, forms in messages().items()}
    outcome = mkdocs_commands.build_site(lay_out(root, {**words}))
    assert [str(each) for each in outcome.diagnostics] == []
    assert outcome.published
    return root / "site"


def values(tree: object) -> Iterator[str]:
    """The texts of a file of YAML, without its keys and what they choose among."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key not in {"verdict", "from", "to", "words", "tone", "language"}:
                yield from values(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from values(value)
    else:
        yield str(tree)


def known(seeds: Path) -> set[str]:
    """The words that are not ours: the corpus's."""
    texts = [path.read_text(encoding="utf-8") for pattern in ("*.txt", "*.md") for path in seeds.rglob(pattern)]
    for path in seeds.rglob("*.yml"):
        texts += values(yaml.safe_load(path.read_text(encoding="utf-8")))
    return {word.lower() for word in _WORD.findall("\n".join(texts))} | {word.lower() for word in _ALLOWED}


def escaped(texts: Iterable[str], ours: set[str]) -> set[str]:
    texts = (re.sub("[0-9a-f]{64}", "", text) for text in texts)
    found = (text for text in texts if any(word.lower() not in ours for word in _WORD.findall(text)))
    return {" ".join(text.split())[:80] for text in found}
