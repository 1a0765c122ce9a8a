"""What holds of every published site, tried on this repository's own and on a made one that has a bit of everything.

Pages are read with html5lib and sidecars with PyYAML's own loader: nothing here trusts what built the site.
"""

from __future__ import annotations

import copy
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
import yaml
from sharing import shared
from site_cases import lay_out, tree

from builder.engines.mkdocs_commands import build_site
from builder.link.cross_links import document_links
from builder.model import TocEntry
from builder.pickling import unpack
from builder.pipeline import Settings, load_corpus
from builder.render.document_page import document_page
from builder.search.check_pagefind import pagefind_available
from builder.search.search_page import ADDRESS

pytestmark = pytest.mark.sites

ROOT = Path(__file__).parents[1]
KINDS = {"claims": "claim", "context": "context", "corrections": "correction"}
NOWHERE = "https://site.invalid/"


@dataclass(frozen=True)
class Built:
    """A project, its site, and the site of the same documents without their sidecars."""

    project: Path
    site: Path
    bare: Path
    base: str

    def documents(self) -> list[Path]:
        """Every source document that is published."""
        seeds = sorted((self.project / "seeds").rglob("*"))
        found = [path for path in seeds if path.suffix in {".txt", ".md", ".html"} and path.name[0] not in "_."]
        return [path for path in found if sidecar(path).get("draft") != "true"]

    def page(self, document: Path, site: Path | None = None) -> Element:
        return parsed((site or self.site) / self.address(document) / "index.html")

    def address(self, document: Path) -> str:
        return "documents/" + document.relative_to(self.project / "seeds").with_suffix("").as_posix()


def sidecar(document: Path) -> dict:
    for ending in (".yml", ".yaml"):
        path = document.with_suffix(ending)
        if path.exists():
            return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - makes nothing but text
    return {}


def notes(document: Path) -> Iterator[tuple[str, dict]]:
    for key, kind in KINDS.items():
        for note in sidecar(document).get(key) or []:
            yield kind, note


@cache
def parsed(path: Path) -> Element:
    """A page of a site that does not change any more, read once for all laws. Nobody changes what is returned."""
    return html5lib.parse(path.read_bytes(), namespaceHTMLElements=False, transport_encoding="utf-8")


def text_of(page: Element) -> str:
    """The text's ``textContent``, without its references."""
    (article,) = page.iterfind(".//*[@data-postil='text']")
    article = copy.deepcopy(article)
    for parent in list(article.iter()):
        before = None
        for child in list(parent):
            if child.get("data-postil") == "ref":
                tail = child.tail or ""
                if before is None:
                    parent.text = (parent.text or "") + tail
                else:
                    before.tail = (before.tail or "") + tail
                parent.remove(child)
            else:
                before = child
    return "".join(article.itertext())


def without_sidecars(project: Path, folder: Path) -> None:
    own = {"corpus.yml", "sources.yml"}
    shutil.copytree(
        project / "seeds",
        folder / "seeds",
        ignore=lambda _, names: {name for name in names if name.endswith((".yml", ".yaml")) and name not in own},
    )
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# Home\n")
    (folder / "mkdocs.yml").write_text(
        "site_name: Bare\ntheme: {name: material, font: false}\nplugins: [{postil: {search: false}}]\n"
    )
    assert build_site(folder / "mkdocs.yml").published


@pytest.fixture(scope="module", params=["own", "good"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    own = request.param == "own"

    def make(folder: Path) -> None:
        project = ROOT if own else lay_out("good", folder)
        outcome = build_site(project / "mkdocs.yml", site_dir=folder / "site")
        assert outcome.published, outcome.diagnostics
        (folder / "bare").mkdir()
        without_sidecars(project, folder / "bare")

    folder = shared(tmp_path_factory, f"law-{request.param}", make)
    base = NOWHERE if own else "https://example.org/papers/"
    return Built(ROOT if own else folder / "good", folder / "site", folder / "bare" / "site", base)


# --- the laws ---------------------------------------------------------------------------------------------------------


def test_fidelity(built: Built) -> None:
    documents = built.documents()
    assert len(documents) >= 3
    for document in documents:
        shown = text_of(built.page(document))
        if document.suffix == ".txt":
            source = document.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
            assert shown.strip() == source.strip(), document
        else:
            assert shown == text_of(built.page(document, built.bare)), document
            assert shown.strip(), document


def test_every_note_is_on_its_page(built: Built) -> None:
    count = 0
    for document in built.documents():
        page = built.page(document)
        shown = {each.get("id"): each for each in page.iterfind(".//*[@data-postil-kind]")}
        wanted = list(notes(document))
        assert set(shown) == {f"note-{note['id']}" for _, note in wanted}
        for kind, note in wanted:
            element = shown[f"note-{note['id']}"]
            assert element.get("data-postil-kind") == kind
            assert element.get("data-postil-verdict") == note.get("verdict")
            count += 1
    assert count > 15


def test_every_quote_is_marked(built: Built) -> None:
    for document in built.documents():
        (article,) = built.page(document).iterfind(".//*[@data-postil='text']")
        marks = [each for each in article.iter("mark") if each.get("data-postil-notes")]
        references = [
            each.find("a").get("href") for each in article.iterfind(".//sup[@data-postil='ref']") if each is not None
        ]
        quoted = [note for _, note in notes(document) if note.get("quote")]
        assert sorted(references) == sorted(f"#note-{note['id']}" for note in quoted)
        for note in quoted:
            words = "".join(own_text(each) for each in marks if note["id"] in each.get("data-postil-notes").split())
            quote = note["quote"] if isinstance(note["quote"], str) else "".join(note["quote"])
            assert letters(words) == letters(quote), (document, note["id"])
            assert article.find(f".//*[@id='quote-{note['id']}']") is not None


def own_text(mark: Element) -> str:
    """What is marked: a reference that stands in a mark is none of it."""
    return (mark.text or "") + "".join(
        ("" if child.get("data-postil") == "ref" else own_text(child)) + (child.tail or "") for child in mark
    )


def letters(text: str) -> str:
    """Without white space, typographic marks as their plain forms."""
    plain = text.translate(str.maketrans("“”„‘’–—‑‐−", '"""\'\'-----', "\u00ad\u200b\ufeff"))
    return re.sub(r"\s+", "", plain)


def test_every_link_leads_somewhere(built: Built) -> None:
    pages = {path: parsed(path) for path in sorted(built.site.rglob("*.html"))}
    ids = {path: {each.get("id") for each in page.iter() if each.get("id")} for path, page in pages.items()}
    wrong = []
    for path, page in pages.items():
        here = urljoin(built.base, path.relative_to(built.site).as_posix().removesuffix("index.html"))
        for tag, address in addresses(page):
            where, fragment = urldefrag(urljoin(here, address))
            if not where.startswith(built.base):
                if tag != "a" or urlsplit(where).scheme not in {"http", "https", "mailto"}:
                    wrong.append((path.relative_to(built.site).as_posix(), tag, address))
                continue
            target = built.site / unquote(urlsplit(where[len(built.base) :]).path)
            target = target / "index.html" if target.is_dir() else target
            found = target.is_file() and (not fragment or target not in ids or unquote(fragment) in ids[target])
            if not found:
                wrong.append((path.relative_to(built.site).as_posix(), tag, address))
    assert wrong == []
    assert len(pages) > 5


def addresses(page: Element) -> Iterator[tuple[str, str]]:
    for element in page.iter():
        for name in ("href", "src", "action", "poster", "data"):
            if (value := element.get(name)) is not None and not value.startswith("data:"):
                yield element.tag, value


def test_no_style_sheet_asks_another_host(built: Built) -> None:
    sheets = list(built.site.rglob("*.css"))
    assert sheets
    for path in sheets:
        assert not re.search(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", path.read_text(encoding="utf-8")), path


def test_ids_are_unique(built: Built) -> None:
    for path in built.site.rglob("*.html"):
        found = [each.get("id") for each in parsed(path).iter() if each.get("id")]
        twice = sorted({each for each in found if found.count(each) > 1})
        assert twice == [], path


def test_search_knows_every_note(built: Built) -> None:
    """A document is one page of the index; what it shows says how long each of its notes is in its text."""
    found: dict[str, set[str]] = {}
    for path in (built.site / "pagefind").rglob("*.pf_texts"):
        for address, _, shown in json.loads(gzip.decompress(path.read_bytes())):
            if shown:  # else the echo of a page in the index of its notes' language
                found[f"/{unquote(address)}"] = {part[0] for part in shown["parts"]}
    for document in built.documents():
        wanted = {f"note-{note['id']}" for _, note in notes(document)}
        assert found[f"/{built.address(document)}/"] >= wanted


def test_the_sitemap_lists_what_may_be_listed(tmp_path: Path) -> None:
    project = lay_out("good", tmp_path)
    assert build_site(project / "mkdocs.yml").published
    found = re.findall(r"<loc>(.*?)</loc>", (project / "site" / "sitemap.xml").read_text(encoding="utf-8"))
    pages = {unquote(each.removeprefix("https://example.org/papers/")) for each in found}
    documents = {"documents/ar/", "documents/plain/", "documents/thread/", "documents/日本/図書館/"}
    assert {each for each in pages if each.startswith("documents/")} == {"documents/"} | documents
    assert all((project / "site" / each / "index.html").is_file() for each in pages)
    assert "" in pages
    assert len(found) == len(pages)


# --- same in, same out ------------------------------------------------------------------------------------------------

BUILD = """
import sys
from pathlib import Path
from builder.engines.mkdocs_commands import build_site
outcome = build_site(Path(sys.argv[1]), workers=int(sys.argv[2]))
sys.exit(0 if outcome.published else repr(outcome.diagnostics))
"""


def test_same_in_same_out(tmp_path: Path) -> None:
    one, other = lay_out("good", tmp_path / "one"), lay_out("good", tmp_path / "another" / "place")
    numbers = range(70)  # enough that workers are started
    for project, order in ((one, numbers), (other, reversed(numbers))):
        for number in order:
            stem = project / "seeds" / "many" / f"paper-{number}"
            stem.parent.mkdir(exist_ok=True)
            stem.with_suffix(".txt").write_text(f"Paper {number} says that it is number {number}.\n")
            following = f"[[many/paper-{(number + 1) % 70}#number]]"
            stem.with_suffix(".yml").write_text(
                f"context:\n  - id: number\n    quote: number {number}\n    note: See {following}.\n"
            )
    made(one, 1, cwd=one, PYTHONHASHSEED="1", TZ="UTC")
    made(other, 3, cwd=Path("/"), PYTHONHASHSEED="2", TZ="Pacific/Auckland", LC_ALL="C")
    first, second = tree(one / "site"), tree(other / "site")
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) > 140


def made(project: Path, workers: int, *, cwd: Path, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(project / "mkdocs.yml"), str(workers)],
        cwd=cwd,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# --- a pressed page is the engine's own -------------------------------------------------------------------------------

PRESSED = """\
# The notice

It opens on Sundays.

## When

From May.

### For how long

A year.

## Where

Here.
"""
THEMED = """\
site_name: Papers & more
site_url: https://example.org/papers/
site_description: About papers
repo_url: https://example.org/repository
edit_uri: edit/main/docs/
copyright: Nobody
theme:
  name: material
  font: false
  features: [navigation.tabs, navigation.footer, navigation.instant, content.action.edit, toc.follow, header.autohide]
plugins: [postil]
markdown_extensions: [{toc: {permalink: true}}]
nav:
  - Home: index.md
  - Documents: documents/index.md
"""
HOOKS = """
import json
from pathlib import Path
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.toc import AnchorLink, TableOfContents

GIVEN = json.loads(Path(__file__).with_name("given.json").read_text())

def on_files(files, config):
    head = f"---\\ntitle: {GIVEN['title']}\\ndescription: {GIVEN['description']}\\n---\\n"
    files.append(File.generated(config, GIVEN["source"], content=head, inclusion=InclusionLevel.NOT_IN_NAV))
    return files

def on_page_content(html, page, config, files):
    if page.file.src_uri == GIVEN["source"]:
        page.toc = TableOfContents([anchor(each, 2) for each in GIVEN["contents"]])
        return GIVEN["content"]
    return html

def on_post_page(output, page, config):
    return output.replace("</head>", GIVEN["head"] + "</head>", 1) if page.file.src_uri == GIVEN["source"] else output

def anchor(line, level):
    made = AnchorLink(line["text"], line["id"], level)
    made.children = [anchor(each, level + 1) for each in line["children"]]
    return made
"""


@pytest.mark.parametrize("slug", ["notice", "town/notice"])
def test_a_pressed_page_is_the_engines_own(slug: str, tmp_path: Path) -> None:
    pressed, drawn = tmp_path / "pressed", tmp_path / "drawn"
    for project in (pressed, drawn):
        for name, content in (
            ("mkdocs.yml", THEMED),
            ("docs/index.md", "# Home\n"),
            ("seeds/town/other.txt", "Other.\n"),
        ):
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
    (pressed / "seeds" / f"{slug}.md").write_text(PRESSED)
    (pressed / "seeds" / f"{slug}.yml").write_text(
        "summary: On *Sundays*.\ncontext: [{id: sundays, quote: on Sundays, note: Since May.}]\n"
    )
    assert build_site(pressed / "mkdocs.yml").published

    (drawn / "hooks.py").write_text(HOOKS)
    (drawn / "given.json").write_text(json.dumps(given(pressed, slug)))
    with (drawn / "mkdocs.yml").open("a") as config:
        config.write("hooks: [hooks.py]\n")
    assert build_site(drawn / "mkdocs.yml").published

    ours, theirs = (
        folded((project / "site" / "documents" / slug / "index.html").read_text(encoding="utf-8"))
        for project in (pressed, drawn)
    )
    assert ours == theirs
    assert "postil-slot" not in ours


def folded(html: str) -> str:
    """The page with runs of white space as one space, and none around the items of lists, where it shows nothing."""
    return re.sub(r"\s*(</?(?:li|ul)\b[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", html))


def given(project: Path, slug: str) -> dict:
    """The page of a document as it is before it is pressed, for the engine to draw."""
    found = load_corpus(Settings(root=project, seeds=project / "seeds"), {})
    record, links = next(each for each in document_links(found.corpus) if each[0].slug == slug)
    anchored = unpack(found.read_results[record.path].packed)
    # As a build knows the site: by its address, and by whether it has a search page.
    site = replace(found.corpus.project, site_url="https://example.org/papers/")
    page = document_page(anchored, links, replace(site, search=ADDRESS) if pagefind_available() else site)
    return {
        "source": f"documents/{slug}.md",
        "title": json.dumps(page.title),
        "description": json.dumps(page.description),
        "content": page.content,
        "head": page.head,
        "contents": [plain(each) for each in page.contents],
    }


def plain(contents: TocEntry) -> dict:
    return {"id": contents.id, "text": contents.text, "children": [plain(each) for each in contents.children]}
