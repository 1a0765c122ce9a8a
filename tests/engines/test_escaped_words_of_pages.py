"""No word of ours escapes translation: not on pages, not in feeds, not in what scripts have to say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pseudo_language import build, escaped, known
from selectolax.lexbor import LexborHTMLParser, LexborNode

pytestmark = pytest.mark.sites

_SHOWN = ("aria-label", "title", "placeholder", "alt")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("pseudo"))


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


def test_no_word_of_ours_escapes_on_any_page(site: Path) -> None:
    ours = known(site.parent / "seeds")
    english: dict[str, set[str]] = {}
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 15
    for path in pages:
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        texts = [text for node in tree.css("[class*=postil]") for text in shown(node)]
        texts += [
            node.attributes.get("content") or ""
            for node in tree.css(
                'meta[name=description], meta[property^="og:"]:not([property$=url]):not([property$=type])'
            )
        ]
        texts += [node.attributes.get("title") or "" for node in tree.css("link[rel~=alternate], link[rel=search]")]
        texts += [node.text() for node in tree.css("head title, .postil h1")]
        if found := escaped(iter(texts), ours):
            english[path.relative_to(site).as_posix()] = found
    assert english == {}


@pytest.mark.parametrize("name", ["changes/feed.xml", "corrections/feed.xml", "opensearch.xml"])
def test_no_word_of_ours_escapes_in_feeds(site: Path, name: str) -> None:
    ours = known(site.parent / "seeds")
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
