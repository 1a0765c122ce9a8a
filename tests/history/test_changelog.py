"""From a repository to what readers are shown: the page of changes, the timelines, the feeds."""

from __future__ import annotations

import os
import re
import time
import xml.etree.ElementTree as ET
from dataclasses import replace

import html5lib
import pytest
from history_repo import Repo

from builder.history.ledger import UNKNOWN, read_ledger
from builder.link.changelog import add_changelog, build_changelog, changes_by_document
from builder.model import Catalog, Changelog, Ledger, Limits, Publisher
from builder.pipeline import LoadedCorpus, Settings, load_corpus
from builder.publish.feeds import CHANGES, CORRECTIONS, render_feed
from builder.render.changelog_pages import changes_list, claim_timeline, note_timeline

FALSE = ("verdict: unsupported", "verdict: false")
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script> & ]]> \x1b[31m “quoted”"


def surveyed(repo: Repo) -> LoadedCorpus:
    found = load_corpus(Settings(root=repo.top, seeds=repo.seeds), {})
    assert [diagnostic for diagnostic in found.diagnostics if diagnostic.severity == "error"] == []
    return found


def told(repo: Repo) -> Changelog:
    return build_changelog(read_ledger(repo.top, repo.seeds, Limits()), surveyed(repo).corpus)


def lines(found: Changelog) -> list[str]:
    return [
        f"{entry.change.date[:10]} {entry.address} {entry.change.event} {entry.change.before} -> {entry.change.after}:"
        f" {entry.change.reason}"
        for entry in found.entries
    ]


def page(repo: Repo, *, found: Changelog | None = None) -> str:
    found = found or told(repo)
    project = surveyed(repo).corpus.project
    drawn = changes_list(found.entries, project, "changes/", since=found.since, last=True)
    tree = html5lib.parseFragment(drawn, namespaceHTMLElements=False)
    assert {element.tag for element in tree.iter()} & {"script", "img"} == set()
    return " ".join("".join(tree.itertext()).split())


def entries(feed: bytes) -> list[dict[str, str]]:
    """The entries of a feed that has all that RFC 4287 demands (4.1.1, 4.1.2)."""
    root = ET.fromstring(feed)  # noqa: S314 - our own
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
            assert element.findtext(ATOM + name)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.findtext(f"{ATOM}updated") or "")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    ids = [element.findtext(f"{ATOM}id") for element in (root, *root.iter(f"{ATOM}entry"))]
    assert len(set(ids)) == len(ids)
    return [
        {
            "title": entry.findtext(f"{ATOM}title") or "",
            "href": (entry.find(f"{ATOM}link") or entry.find(f"{ATOM}link")).get("href", ""),
            "content": entry.findtext(f"{ATOM}content") or "",
            "updated": entry.findtext(f"{ATOM}updated") or "",
            "id": entry.findtext(f"{ATOM}id") or "",
        }
        for entry in root.iter(f"{ATOM}entry")
    ]


@pytest.fixture
def changed(repo: Repo) -> Repo:
    repo.edit("speech.yml", *FALSE)
    repo.edit("speech.yml", "correct: ended at one", "correct: ended at two")
    repo.commit("The register says otherwise")
    return repo


def test_news_are_the_newest_first_and_lead_to_their_notes(changed: Repo) -> None:
    assert lines(told(changed)) == [
        "2026-01-03 documents/speech/#note-twice verdict unsupported -> false: The register says otherwise",
        "2026-01-03 documents/speech/#note-noon correction ended at one -> ended at two: The register says otherwise",
        "2026-01-02 documents/speech/#note-opened added None -> supported: Begin",
        "2026-01-02 documents/speech/#note-twice added None -> unsupported: Begin",
        "2026-01-02 documents/speech/#note-noon added None -> ended at one: Begin",
        "2026-01-02 documents/speech/#note-band added None -> None: Begin",
    ]


def test_a_note_that_is_gone_leads_to_its_document(repo: Repo) -> None:
    repo.edit("speech.yml", "context:\n  - id: band\n    quote: The band played on\n    note: The town's own.\n", "")
    repo.commit("Not needed")
    found = told(repo)
    assert lines(found)[0] == "2026-01-03 documents/speech/ removed None -> None: Not needed"
    assert ("speech", "band") not in found.notes


@pytest.mark.parametrize("how", ["draft", "delete", "hide"])
def test_nothing_is_told_of_what_is_not_published(changed: Repo, how: str) -> None:
    if how == "draft":
        changed.edit("speech.yml", "title: A speech", "title: A speech\ndraft: true")
    for ending in ("txt", "yml"):
        if how == "delete":
            (changed.seeds / f"speech.{ending}").unlink()
        elif how == "hide":
            (changed.seeds / f"speech.{ending}").rename(changed.seeds / f"_speech.{ending}")
    changed.commit("Take it away")
    assert lines(told(changed)) == []
    assert page(changed) == "No changes yet. Follow by Atom: Changes, Corrections"


def test_an_editors_word_counts_before_a_commits(changed: Repo) -> None:
    turn = "    history:\n      - {date: 2025-12-30, from: unsupported, to: false, reason: Found in the attic.}\n"
    more = "      - {date: 2025-11, to: unsupported, reason: First look.}\n      - {date: 2025-12, reason: Reworded.}\n"
    changed.edit("speech.yml", "    sources: [register]\n", f"    sources: [register]\n{turn}{more}")
    changed.commit("History")
    found = told(changed)
    assert [(change.date[:10], str(change.event), change.reason) for change in found.notes["speech", "twice"]] == [
        ("2025-11", "verdict", "First look."),
        ("2025-12", "noted", "Reworded."),
        ("2025-12-30", "verdict", "Found in the attic."),
        ("2026-01-02", "added", "Begin"),
    ]
    assert [change.commit is None for change in found.notes["speech", "twice"]] == [True, True, False, False]


def test_without_history_the_editors_word_is_all_there_is(changed: Repo) -> None:
    turn = "    history: [{date: 2025-12-30, from: unsupported, to: false, reason: Found in the attic.}]\n"
    changed.edit("speech.yml", "    sources: [register]\n", f"    sources: [register]\n{turn}")
    found = build_changelog(UNKNOWN, surveyed(changed).corpus)
    assert [entry.change.reason for entry in found.entries] == ["Found in the attic."]
    assert "The history of these notes is not known here." in page(changed, found=found)


def test_the_page(changed: Repo) -> None:
    assert page(changed) == (
        "3 January 2026 The register says otherwise "
        + told(changed).notes["speech", "twice"][1].commit[:7]
        + " A speech Verdict changed: ○ No evidence found → to ✕ False Attendance doubled."
        " ✎ Reads ended at noon Correction changed: ended at one → to ended at two"
        " 2 January 2026 Begin "
        + told(changed).notes["speech", "twice"][0].commit[:7]
        + " A speech ✎ Reads ended at noon Correction: should read ended at one 3 notes added"
        " Follow by Atom: Changes, Corrections"
    )


def test_the_page_of_a_shallow_clone_says_so(changed: Repo) -> None:
    found = replace(told(changed), entries=(), since="2026-01-03T12:00:00+00:00")
    assert (
        page(changed, found=found)
        == "No changes yet. What changed before 3 January 2026 is not known here. Follow by Atom: Changes, Corrections"
    )


def test_a_timeline_is_shown_where_there_is_something_to_tell(changed: Repo) -> None:
    found, project = told(changed), surveyed(changed).corpus.project
    twice = note_timeline(found.notes["speech", "twice"], project)
    assert [
        (change.event, change.before and change.before.label, change.after and change.after.label) for change in twice
    ] == [
        ("Added", None, "No evidence found"),
        ("Verdict changed", "No evidence found", "False"),
    ]
    assert note_timeline(found.notes["speech", "opened"], project) == ()


def test_the_timeline_of_a_claim_in_two_documents(changed: Repo) -> None:
    changed.edit("speech.yml", "statement: Attendance doubled.", "statement: Attendance doubled.\n    claim: doubled")
    changed.write("report.txt", "Attendance doubled.\n")
    changed.write("report.yml", "claims: [{id: same, note: Too., claim: doubled, verdict: false}]\n")
    changed.commit("The same again")
    found, whole = told(changed), surveyed(changed)
    claims = add_changelog(whole.catalog, found).claims
    entry = next(entry for entry in claims if entry.address == "claims/doubled/")
    shown = claim_timeline(entry, whole.corpus.project, "claims/doubled/")
    assert [(change.date.iso, change.event, change.href) for change in shown if change.date] == [
        ("2026-01-02", "Added", "../../documents/speech/#note-twice"),
        ("2026-01-03", "Verdict changed", "../../documents/speech/#note-twice"),
        ("2026-01-04", "Added", "../../documents/report/#note-same"),
    ]


def test_the_feed_of_changes(changed: Repo) -> None:
    project = surveyed(changed).corpus.project
    found = entries(render_feed(CHANGES, told(changed).entries, project))
    assert [(entry["updated"], entry["title"], entry["href"]) for entry in found] == [
        ("2026-01-03T12:00:00Z", "Verdict: No evidence found → False – A speech", "../documents/speech/#note-twice"),
        ("2026-01-03T12:00:00Z", "Correction changed – A speech", "../documents/speech/#note-noon"),
        ("2026-01-02T12:00:00Z", "3 notes added – A speech", "../documents/speech/"),
        ("2026-01-02T12:00:00Z", "Correction: should read “ended at one” – A speech", "../documents/speech/#note-noon"),
    ]
    assert [entry["content"] for entry in found] == [
        "The register says otherwise\n\nFalse: Attendance doubled.",
        "The register says otherwise\n\nReads: “ended at noon”. Should read: “ended at two”",
        "Begin\n\nSupported: opened in 1971\n\nFalse: Attendance doubled.\n\nContext: The band played on",
        "Begin\n\nReads: “ended at noon”. Should read: “ended at two”",
    ]


def test_what_a_document_keeps_closed_is_not_in_the_changes(changed: Repo) -> None:
    """Teaching mode: no verdict, no correction and no reason for one, on the page, in the feeds or in a timeline."""
    changed.edit("speech.yml", "title: A speech", "title: A speech\nreveal: true")
    changed.edit("speech.yml", "statement: Attendance doubled.", "statement: Attendance doubled.\n    claim: doubled")
    changed.commit("Close it")
    found, whole = told(changed), surveyed(changed)
    project = whole.corpus.project
    feeds = render_feed(CHANGES, found.entries, project) + render_feed(CORRECTIONS, found.entries, project)
    claim = next(claim for claim in add_changelog(whole.catalog, found).claims if claim.address == "claims/doubled/")
    shown = [page(changed), feeds.decode(), str(claim_timeline(claim, project, claim.address))]
    for words in ("False", "No evidence found", "Supported", "ended at one", "ended at two", "says otherwise"):
        assert [words in text for text in shown] == [False] * 3, words
    contents = [entry["content"] for entry in entries(render_feed(CHANGES, found.entries, project))]
    assert contents == [
        "Verdict closed: Attendance doubled.",
        "Reads: “ended at noon”",
        "Begin\n\nVerdict closed: opened in 1971\n\nVerdict closed: Attendance doubled.\n\nContext: The band played on",
        "Begin\n\nReads: “ended at noon”",
    ]
    assert [change.after for change in found.notes["speech", "twice"]] == ["unsupported", "false"]  # its own page knows


def test_the_feed_of_corrections(changed: Repo) -> None:
    project = replace(surveyed(changed).corpus.project, site_url="https://example.org/corpus")
    feed = render_feed(CORRECTIONS, told(changed).entries, project)
    assert [entry["href"] for entry in entries(feed)] == ["https://example.org/corpus/documents/speech/#note-noon"] * 2
    assert b'<link rel="self" href="https://example.org/corpus/corrections/feed.xml"/>' in feed


def test_a_feed_of_nothing(repo: Repo) -> None:
    project = surveyed(repo).corpus.project
    assert entries(render_feed(CHANGES, (), project)) == []
    assert b"subtitle" not in render_feed(CHANGES, (), project)
    cut = render_feed(CHANGES, (), project, since="2026-01-03T12:00:00+00:00", newest="2026-02")
    assert b"<subtitle>What changed before 2026-01-03 is not known here.</subtitle>" in cut
    assert b"<updated>2026-01-03T12:00:00Z</updated>" in cut
    unknown = render_feed(CORRECTIONS, (), project, since=None, newest="2026-02")
    assert b"<subtitle>The history of these notes is not known here.</subtitle>" in unknown
    assert b"<updated>2026-02-01T00:00:00Z</updated>" in unknown


def ids(repo: Repo, **fields: object) -> list[str]:
    project = replace(surveyed(repo).corpus.project, **fields)
    return [entry["id"] for entry in entries(render_feed(CHANGES, told(repo).entries, project))]


def test_ids_outlive_an_amended_commit_and_a_move_of_the_site(changed: Repo) -> None:
    before = ids(changed)
    changed.clock += 9
    changed.git("commit", "--quiet", "--amend", "--message", "The register says otherwise, page 3")
    assert ids(changed) == before
    assert ids(changed, site_url="https://example.org/there/") == before
    tag = r"tag:postil\.invalid,2026:postil:[\w%]+:speech:[a-z:]+[0-9a-f]{12}"
    assert all(re.fullmatch(tag, name) for name in before)


def test_ids_are_told_from_those_of_others_by_the_publisher(changed: Repo) -> None:
    desk = Publisher("The desk", "https://désk.example/notes", None)
    assert {name.split(":")[1] for name in ids(changed, publisher=desk)} == {"xn--dsk-bma.example,2026"}
    assert ids(changed, publisher=desk, title="Another name") == ids(changed, publisher=desk)


def test_a_verdict_that_is_given_again_is_another_entry(changed: Repo) -> None:
    for verdict, other in (("false", "unsupported"), ("unsupported", "false")):
        changed.edit("speech.yml", f"verdict: {verdict}", f"verdict: {other}")
        changed.commit("Again")
    found = ids(changed)
    assert len(found) == len(set(found))


def test_entries_keep_their_ids_when_others_come(changed: Repo) -> None:
    project = surveyed(changed).corpus.project
    before = {entry["id"] for entry in entries(render_feed(CHANGES, told(changed).entries, project))}
    changed.edit("speech.yml", "verdict: false", "verdict: partly")
    changed.commit("Again")
    after = {entry["id"] for entry in entries(render_feed(CHANGES, told(changed).entries, project))}
    assert before < after
    assert len(after) == len(before) + 1


def test_a_feed_has_the_newest_hundred(repo: Repo) -> None:
    news = told(repo).entries
    correction = next(entry for entry in news if entry.change.kind == "correction")
    many = [replace(correction, change=replace(correction.change, after=f"{number}")) for number in range(150)]
    found = entries(render_feed(CORRECTIONS, many, surveyed(repo).corpus.project))
    assert len(found) == 100
    assert "“0”" in found[0]["title"]


def test_hostile_words_do_nothing(repo: Repo) -> None:
    repo.edit("speech.yml", *FALSE)
    repo.edit("speech.yml", "statement: Attendance doubled.", "statement: '<img src=x onerror=alert(1)>'")
    repo.commit(HOSTILE)
    assert "<script>alert(1)</script> & ]]>" in page(repo)
    found = entries(render_feed(CHANGES, told(repo).entries, surveyed(repo).corpus.project))
    assert found[0]["content"].startswith("<script>alert(1)</script> & ]]>")
    assert found[0]["content"].endswith("\n\nFalse: <img src=x onerror=alert(1)>")
    assert "\x1b" not in found[0]["content"]


def test_the_same_history_gives_the_same_bytes(changed: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    project = surveyed(changed).corpus.project
    made = []
    for zone in ("UTC", "Pacific/Auckland"):
        monkeypatch.setitem(os.environ, "TZ", zone)
        time.tzset()
        made.append(render_feed(CHANGES, told(changed).entries, project))
    monkeypatch.undo()
    time.tzset()
    assert made[0] == made[1]


def test_the_catalog_shows_what_it_was_given(changed: Repo) -> None:
    plain, found = Catalog((), (), (), (), ()), told(changed)
    assert plain.changes == ()
    assert add_changelog(plain, found).changes == found.entries
    assert changes_by_document(found)["speech"]["twice"] == found.notes["speech", "twice"]


def test_a_ledger_without_changes(repo: Repo) -> None:
    assert build_changelog(Ledger((), ""), surveyed(repo).corpus) == Changelog((), {}, "")


def test_words_of_notes_and_of_the_text(repo: Repo) -> None:
    repo.edit("speech.yml", "Nobody counted.", "Somebody did, <b>once</b>.")
    repo.edit("speech.txt", "Nobody counted them.", "Nobody has counted them.")
    repo.commit("Mend")
    found = told(repo)
    shown = page(repo)
    assert (
        "○ No evidence found Attendance doubled. "
        "Note reworded: doubled. Nobody counted. → to doubled. Somebody did, <b>once</b>." in shown
    )
    assert "Text of the document changed: Nobody counted them → to Nobody has counted them A speech" in shown
    feed = {
        entry["title"]: entry for entry in entries(render_feed(CHANGES, found.entries, surveyed(repo).corpus.project))
    }
    mended = feed["Text of the document changed – A speech"]
    assert mended["content"] == "Mend\n\nWas: “Nobody counted them”\n\nIs: “Nobody has counted them”"
    assert mended["href"] == "../documents/speech/"
    assert "Note reworded – A speech" in feed
    assert [change.event for change in found.notes["speech", "twice"]] == ["added", "reworded"]


def test_what_a_document_keeps_closed_is_not_in_words_that_changed(repo: Repo) -> None:
    repo.edit("speech.yml", "title: A speech", "title: A speech\nreveal: true")
    repo.edit("speech.yml", "Nobody counted.", "That is false.")
    repo.commit("Mend")
    assert "That is false" not in page(repo)
