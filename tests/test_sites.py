"""Whole corpora, each a folder of ``sites/``: what must be told of it, and of a good one what its pages must show.

``expect.txt`` holds the report, a line for each diagnostic, in order: ``place: severity code: message``. A line that
ends in … gives only how the message begins. A case with a ``mkdocs.yml`` is checked with its hand-written pages, one
without as the folder ``seeds/`` alone, and by the house rules in its ``profiles/``. To write a new case: make its
folder, run ``pytest tests/test_sites.py --update``, and read the ``expect.txt`` that it writes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import html5lib
import pytest
from site_cases import CASES, SITES, lay_out, tree
from snapshots import Snapshots

from builder.cards.draw_cards import cards_available
from builder.diagnostics import CODES, Diagnostic, Place
from builder.engines import commands
from builder.engines.mkdocs_commands import build_site, check_site
from builder.linkcheck.check_links import link_diagnostics
from builder.linkcheck.request import Answer, State
from builder.linkcheck.source_urls import SourceUrl
from builder.pickling import unpack
from builder.pipeline import Settings, check, load_corpus
from builder.profiles.check_corpus import check_profiles
from builder.publish.fidelity_check import check_page

WITH_ENGINE = [name for name in CASES if (SITES / name / "mkdocs.yml").exists()]
GUIDE = Path(__file__).parents[1] / "docs" / "guide" / "diagnostics.md"
EXPLANATIONS = Path(__file__).parents[1] / "builder" / "explanations.md"

# Codes that no file of a corpus can raise, and the test that raises each.
ELSEWHERE = {
    "F117": "test_a_document_that_passes_a_limit_is_left_out_and_the_rest_is_built",
    "F116": "test_what_cannot_be_read_is_left_out_and_the_rest_is_read",
    "P401": "test_a_page_that_differs_is_told",
    "P411": "test_a_card_with_characters_that_no_font_has_is_told",
    "P413": "test_what_changed_since_a_site_was_frozen_is_told",
    "P414": "test_what_changed_since_a_site_was_frozen_is_told",
    "P402": "test_without_pagefind_there_is_a_site_without_search",
    "A601": "test_an_address_is_told_of_by_what_it_answers",
    "A602": "test_an_address_is_told_of_by_what_it_answers",
    "A603": "test_an_address_is_told_of_by_what_it_answers",
}
TODAY = date(2026, 11, 22)


def told(project: Path) -> tuple[Diagnostic, ...]:
    config = project / "mkdocs.yml"
    if config.exists():
        return check_site(config)
    settings = Settings(root=project, seeds=project / "seeds")
    profiles = sorted(path.stem for path in project.glob("profiles/*.yml"))
    return tuple(sorted({*check(settings), *check_profiles(settings, project / "docs", profiles, TODAY)}))


def lines(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{each.place}: {each.severity} {each.code}: {each.message}" for each in diagnostics]


def expected(case: str) -> list[str]:
    path = SITES / case / "expect.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def as_expected(line: str, wanted: list[str]) -> str:
    """The expectation that the line meets, so that lists can be compared; else the line itself."""
    return next((each for each in wanted if each == line or (each[-1:] == "…" and line.startswith(each[:-1]))), line)


@pytest.mark.parametrize("case", CASES)
def test_the_report(case: str, tmp_path: Path, snapshot: Snapshots) -> None:
    wanted = expected(case)
    found = [as_expected(line, wanted) for line in lines(told(lay_out(case, tmp_path)))]
    snapshot.whole(SITES / case / "expect.txt", "".join(f"{line}\n" for line in found))


def test_no_expected_file_is_left_over() -> None:
    files = sorted(path.relative_to(SITES).as_posix() for path in SITES.glob("*/*.txt"))
    assert files == sorted(["good/pages.txt", *(f"{case}/expect.txt" for case in CASES)])


@pytest.mark.sites
@pytest.mark.parametrize("case", [case for case in WITH_ENGINE if any(": error " in line for line in expected(case))])
def test_a_broken_corpus_leaves_the_published_site_as_it_was(case: str, tmp_path: Path) -> None:
    project = lay_out(case, tmp_path)
    site = project / "site"
    (site / "documents" / "old").mkdir(parents=True)
    (site / "documents" / "old" / "index.html").write_bytes(b"<p>Published yesterday.\r\n")
    (site / "assets" / "postil").mkdir(parents=True)
    (site / ".well-known").write_bytes(b"the owner's")
    before = tree(site)
    outcome = build_site(project / "mkdocs.yml")
    assert not outcome.published
    assert outcome.diagnostics == check_site(project / "mkdocs.yml")
    assert any(each.severity == "error" for each in outcome.diagnostics)
    assert tree(site) == before
    assert [path.name for path in project.iterdir() if ".postil-" in path.name] == []


def test_one_run_tells_of_every_file() -> None:
    files = {line.split(":")[0] for line in expected("everything-at-once")}
    case = SITES / "everything-at-once"
    faulty = {
        path.relative_to(case).as_posix() for folder in ("seeds", "docs") for path in (case / folder).rglob("*.*")
    }
    sound = {f"seeds/{name}" for name in ("a-speech.txt", "a-report.md", "table.html")}
    assert files == faulty - sound | {"seeds/table.html"}


def test_every_code_is_raised() -> None:
    found = [
        re.match(r"\S.*?: (?:error|warning|notice) ([A-Z]\d{3}): ", line) for case in CASES for line in expected(case)
    ]
    assert all(found), "each line has a place, a severity and a code"
    raised = {match[1] for match in found if match}
    assert raised & set(ELSEWHERE) == set()
    assert raised | set(ELSEWHERE) == set(CODES)


@pytest.mark.parametrize("test", ELSEWHERE.values())
def test_what_is_raised_elsewhere_has_its_test(test: str) -> None:
    assert callable(globals()[test])


def test_every_code_has_its_section_in_the_guide() -> None:
    sections = re.findall(r"^### ([A-Z]\d{3}) (.*)\n\n\*\*(\w+)\.\*\*", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sections == [(code, row.title, row.severity.capitalize()) for code, row in CODES.items()]
    assert len(re.findall("^### ", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)) == len(sections)


def test_the_examples_of_the_explanations_are_what_is_told(snapshot: Snapshots) -> None:
    """An example that is told no more becomes what is told of its code at its place now, where that is one thing."""
    everything = {line for case in CASES for line in expected(case)}
    shown = re.findall(
        r"^`(\S+ (?:error|warning|notice) ([A-Z]\d{3}): .*)`$", EXPLANATIONS.read_text(encoding="utf-8"), re.MULTILINE
    )
    for line, code in shown:
        if code not in ELSEWHERE and line not in everything:
            head = line.partition(f" {code}: ")[0]
            now = [other for other in everything if other.startswith(f"{head} {code}: ") and other[-1] != "…"]
            assert len(now) == 1, f"no case of tests/sites tells: {line}"
            snapshot.part(EXPLANATIONS, "\n`", f"{line}`\n", f"{now[0]}`\n")
    assert {code for _, code in shown} == set(CODES)


def test_a_page_that_differs_is_told(tmp_path: Path) -> None:
    project = lay_out("good", tmp_path)
    found = load_corpus(Settings(root=project, seeds=project / "seeds"), {})
    anchored = unpack(found.read_results["seeds/plain.txt"].packed)
    page = '<!doctype html><title>x</title><article data-postil="text"><p>{}</p></article>'
    assert check_page(page.format("A document without a sidecar."), anchored) == ()
    said = "the published text differs from the source at character 15: {!r} became {!r}"
    (fault,) = check_page(page.format("A document with a sidecar."), anchored)
    assert (fault.code, str(fault.place)) == ("P401", "seeds/plain.txt")
    assert fault.message == said.format("A document without a sidecar.", "A document with a sidecar.")
    assert [each.code for each in check_page("<p>Nothing", anchored)] == ["P401"]


@pytest.mark.sites
@pytest.mark.skipif(not cards_available(), reason="Typst is not installed")
def test_a_card_with_characters_that_no_font_has_is_told(tmp_path: Path) -> None:
    project = lay_out("good", tmp_path)
    (project / "fonts").mkdir()
    config = "site_name: T\nsite_url: https://t.example/\ntheme: {name: material, font: false}\n"
    (project / "mkdocs.yml").write_text(f"{config}plugins: [{{postil: {{search: false, cards: {{fonts: fonts}}}}}}]\n")
    (project / "seeds" / "runes.txt").write_text("ᚠ and ᚢ\n", encoding="utf-8")
    outcome = build_site(project / "mkdocs.yml")
    assert "seeds/runes.txt: warning P411: its share card shows boxes for what no font here has: ᚠᚢ" in lines(
        outcome.diagnostics
    )
    pages = [path.read_text(encoding="utf-8") for path in (project / "site").rglob("*.html")]
    image = re.compile('"og:image" content="https://t.example/([^"]+)"')
    named = {unquote(address) for page in pages for address in image.findall(page)}
    assert named == {path.relative_to(project / "site").as_posix() for path in (project / "site").rglob("card.*.png")}
    assert {name.partition("/")[0] for name in named} == {"claims", "documents"}


@pytest.mark.sites
def test_what_changed_since_a_site_was_frozen_is_told(tmp_path: Path) -> None:
    project = lay_out("good", tmp_path)
    settings, pages = project / "mkdocs.yml", project / "docs"
    (pages / "old.md").write_text("# Old\n", encoding="utf-8")
    commands.freeze_site(settings, project / "frozen")
    assert commands.check_site(settings, engine="frozen") == check_site(settings)
    settings.write_text(settings.read_text(encoding="utf-8") + "# later\n", encoding="utf-8")
    (pages / "index.md").write_text("# Other words\n", encoding="utf-8")
    (pages / "old.md").unlink()
    (pages / "new.md").write_text("# New\n", encoding="utf-8")
    result = commands.build_site(settings, engine="frozen")
    told = [(str(each.place), each.code, each.message) for each in result.diagnostics if each.code in {"P413", "P414"}]
    assert told == [
        ("docs/index.md", "P414", "changed since frozen/ was drawn"),
        ("docs/new.md", "P414", "written after frozen/ was drawn"),
        ("docs/old.md", "P414", "removed since frozen/ was drawn"),
        ("mkdocs.yml", "P413", "changed since frozen/ was drawn, and has no effect until it is drawn again"),
    ]
    assert not result.published
    assert not (project / "site").exists()


@pytest.mark.sites
def test_without_pagefind_there_is_a_site_without_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(tmp_path / "nowhere"))
    project = lay_out("good", tmp_path)
    outcome = build_site(project / "mkdocs.yml")
    assert [each.code for each in outcome.diagnostics if each.severity != "notice"] == ["P402"]
    assert outcome.published
    assert (project / "site" / "documents" / "thread" / "index.html").exists()
    assert not (project / "site" / "pagefind").exists()


def test_an_address_is_told_of_by_what_it_answers() -> None:
    url, place = "https://example.org/register", Place("seeds/sources.yml", 4, 1)
    address = SourceUrl(url, place, '"The register"', linked=True, kept=False)
    answers = (
        Answer(State.GONE, "404 Not Found"),
        Answer(State.UNSURE, "403 Forbidden"),
        Answer(State.MOVED, "https://example.org/new"),
        Answer(State.FINE, ""),
    )
    found = tuple(fault for each in answers for fault in link_diagnostics([address], {url: each}))
    shown = re.findall(r"^`(\S+ \w+ A\d{3}: .*)`$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert lines(found) == shown
    assert [each.code for each in found] == ["A601", "A602", "A603"]


# --- the good case's pages --------------------------------------------------------------------------------------------


@pytest.mark.sites
def test_the_pages_of_the_good_case(tmp_path: Path, snapshot: Snapshots) -> None:
    project = lay_out("good", tmp_path)
    outcome = build_site(project / "mkdocs.yml")
    assert outcome.published
    site = project / "site"
    pages = sorted(site.glob("documents/**/index.html"))
    shown = [f"=== {path.relative_to(site).as_posix()}\n{essence(path)}" for path in pages]
    snapshot.whole(SITES / "good" / "pages.txt", "\n".join(shown))


def essence(path: Path) -> str:
    """A page's text with marks as ⟦words⟧{ids} and references as [n]; then what its notes say, and where they lead."""
    page = html5lib.parse(path.read_bytes(), namespaceHTMLElements=False, transport_encoding="utf-8")
    text = page.find(".//*[@data-postil='text']")
    out = []
    if text is not None:
        out.append(f"<{text.get('lang')} {text.get('dir')}>")
        out.append(marked(text).strip())
    for note in page.iterfind(".//*[@data-postil-kind]"):
        kind = " ".join(filter(None, (note.get("data-postil-kind"), note.get("data-postil-verdict"))))
        out.append(f"--- {note.get('id')} ({kind})")
        said = [part for part in note.iter() if part.tag in {"q", "del", "ins"} or part.get("class") == "postil-body"]
        out += [f"{part.tag}: {' '.join(''.join(part.itertext()).split())}" for part in said]
        own = {f"#{note.get('id')}", f"#{note.get('id').replace('note', 'quote', 1)}"}
        leads = dict.fromkeys(link.get("href") for link in note.iter("a"))
        out += [f"-> {each}" for each in leads if each not in own]
    if text is None:
        rows = page.iterfind(".//a[@class='postil-row-name']")
        out += [f"{''.join(each.itertext())} -> {each.get('href')}" for each in rows]
    return "\n".join(out) + "\n"


def marked(element) -> str:
    inner = (element.text or "") + "".join(marked(child) + (child.tail or "") for child in element)
    if element.get("data-postil") == "ref":
        return "".join(element.itertext())
    if element.tag == "mark" and element.get("data-postil-notes"):
        return f"⟦{inner}⟧{{{element.get('data-postil-notes')}}}"
    if element.tag == "img":
        return f"<img {element.get('src') or ''} {element.get('alt')}>"
    return inner


def test_what_cannot_be_read_is_left_out_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = tmp_path / "seeds"
    for name in ("a.txt", "b.txt", "closed/c.txt"):
        (seeds / name).parent.mkdir(parents=True, exist_ok=True)
        (seeds / name).write_text("Words.\n")
    (seeds / "b.yml").write_text("context: [{id: n, quote: Words, note: Yes.}]\n")
    opened, scanned = os.open, os.scandir

    def refuse(path: object, *arguments: object) -> int:  # what the system does to all but root
        if Path(str(path)).name in ("a.txt", "b.yml"):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments)  # type: ignore[arg-type]

    def refuse_folder(path: object) -> object:
        if Path(str(path)).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scanned(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_folder)
    loaded = load_corpus(Settings(tmp_path, seeds), {})
    assert [f"{each.place}: {each.code}: {each.message}" for each in loaded.diagnostics] == [
        f"seeds/{name}: F116: cannot be read: Permission denied" for name in ("a.txt", "b.yml", "closed")
    ]
    assert [record.slug for record in loaded.corpus.documents] == ["b"]


BOMBED = """
import sys
from pathlib import Path
import builder.read.document as document
from builder.cli import run

read = document.READERS

def burn(data, seed, limits):
    while b"bomb" in data: pass
    return read[seed.format](data, seed, limits)

document.READERS = {format: burn for format in read}
sys.exit(run(["check", "--workers", sys.argv[1]]))
"""


@pytest.mark.parametrize("documents", [3, 80])
def test_a_document_that_passes_a_limit_is_left_out_and_the_rest_is_built(tmp_path: Path, documents: int) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n\n[[d0]]\n")
    settings = "site_name: T\ntheme: {name: material, font: false}\n"
    (tmp_path / "mkdocs.yml").write_text(f"{settings}plugins: [{{postil: {{limits: {{document_seconds: 1}}}}}}]\n")
    for number in range(documents):
        (tmp_path / "seeds" / f"d{number}.txt").write_text("A bomb.\n" if number == 1 else "Words.\n")
    done = subprocess.run(
        [sys.executable, "-c", BOMBED, "2"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.splitlines()[0] == (
        "seeds/d1.txt: error F117: reading it takes more than 1 seconds of a processor"
    ), done.stderr
    assert "1 error, no warnings" in done.stdout
