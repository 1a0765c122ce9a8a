"""What history tells of each note, in repositories that git made; and what it does not tell, because it can't know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from history_repo import Repo

from builder.cache_files import read_cache_file, write_cache_file
from builder.history.ledger import UNKNOWN, read_ledger
from builder.history.text_changes import changed_words
from builder.model import Ledger, Limits, NoteKind

BEGUN = [
    "day 2 speech#twice added None -> unsupported: Begin",
    "day 2 speech#opened added None -> supported: Begin",
    "day 2 speech#band added None -> None: Begin",
    "day 2 speech#noon added None -> ended at one: Begin",
]
FALSE = ("verdict: unsupported", "verdict: false")


def told(repo: Repo, cache: Path | None = None) -> Ledger:
    return read_ledger(repo.top, repo.seeds, Limits(), cache)


def lines(repo: Repo, cache: Path | None = None) -> list[str]:
    return [
        f"day {int(change.date[8:10])} {change.sidecar[6:-4]}#{change.note} {change.event}"
        f" {change.before} -> {change.after}: {change.reason}"
        for change in told(repo, cache).changes
    ]


def test_the_beginning(repo: Repo) -> None:
    found = told(repo)
    assert lines(repo) == BEGUN
    assert found.since == ""
    first = found.changes[0]
    assert (first.date, first.commit) == ("2026-01-02T12:00:00+00:00", repo.git("rev-parse", "HEAD"))
    assert [change.kind for change in found.changes] == [
        NoteKind.CLAIM,
        NoteKind.CLAIM,
        NoteKind.CONTEXT,
        NoteKind.CORRECTION,
    ]


def test_a_verdict_and_a_correction(repo: Repo) -> None:
    repo.edit("speech.yml", *FALSE)
    repo.commit("The register says otherwise\n\nWe found it in the attic.")
    repo.edit("speech.yml", "correct: ended at one", "correct: ended at two")
    repo.edit("speech.yml", "note: Nobody counted.", "note: Somebody did.")
    repo.commit("Read the minutes again")
    assert lines(repo)[4:] == [
        "day 3 speech#twice verdict unsupported -> false: The register says otherwise",
        "day 4 speech#twice reworded doubled. Nobody counted. -> doubled. Somebody did.: Read the minutes again",
        "day 4 speech#noon correction ended at one -> ended at two: Read the minutes again",
    ]


def test_notes_that_go_retire_and_come_back(repo: Repo) -> None:
    note = "  - id: band\n    quote: The band played on\n    note: The town's own.\n"
    repo.edit("speech.yml", f"context:\n{note}", "context: []\n")
    repo.commit("Not needed")
    repo.edit("speech.yml", "context: []\n", f"context:\n{note}    retired: 2026-02-01 the band is gone\n")
    repo.commit("Needed after all")
    assert lines(repo)[4:] == [
        "day 3 speech#band removed None -> None: Not needed",
        "day 4 speech#band added None -> None: Needed after all",
    ]
    repo.edit(
        "speech.yml",
        "    note: So says the plaque.\n",
        "    note: So says the plaque.\n    retired: 2026-03-01 taken down\n",
    )
    repo.commit("Retire")
    assert lines(repo)[6:] == ["day 5 speech#opened retired None -> 2026-03-01 taken down: Retire"]


def test_drafts_are_not_published(repo: Repo) -> None:
    repo.edit("speech.yml", "title: A speech", "title: A speech\ndraft: true")
    repo.commit("Think again")
    repo.edit("speech.yml", *FALSE)
    repo.commit("Meanwhile")
    assert [line.split()[3] for line in lines(repo)[4:]] == ["removed"] * 4
    repo.edit("speech.yml", "draft: true\n", "")
    repo.commit("Publish")
    assert lines(repo)[8] == "day 5 speech#twice added None -> false: Publish"


def test_a_rename_is_followed(repo: Repo) -> None:
    (repo.seeds / "1971").mkdir()
    repo.git("mv", "seeds/speech.txt", "seeds/1971/opening.txt")
    repo.git("mv", "seeds/speech.yml", "seeds/1971/opening.yml")
    repo.commit("Sort")
    repo.edit("1971/opening.yml", *FALSE)
    repo.commit("Found out")
    assert lines(repo) == [
        *(line.replace("speech#", "1971/opening#") for line in BEGUN),
        "day 4 1971/opening#twice verdict unsupported -> false: Found out",
    ]


def test_two_sidecars_that_change_their_names(repo: Repo) -> None:
    repo.write("other.txt", "Other words.\n")
    repo.write("other.yml", "title: Another one, quite unlike\ncontext: [{id: only, note: Words of its own.}]\n")
    repo.commit("Another")
    repo.git("mv", "seeds/speech.yml", "seeds/aside")
    repo.git("mv", "seeds/other.yml", "seeds/speech.yml")
    repo.git("mv", "seeds/aside", "seeds/other.yml")
    repo.commit("Swap")
    found = lines(repo)
    assert set(found[:4]) == {line.replace("speech#", "other#") for line in BEGUN}
    assert found[4:] == ["day 3 speech#only added None -> None: Another"]


def test_a_merge_is_dated_by_itself_and_explained_by_the_commit_that_it_brought(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "work")
    repo.edit("speech.yml", *FALSE)
    cause = repo.commit("Found the count")
    repo.edit("speech.yml", "note: Nobody counted.", "note: Somebody did.")
    repo.commit("Wording")
    repo.git("checkout", "--quiet", "main")
    repo.edit("speech.yml", "correct: ended at one", "correct: ended at two")
    repo.commit("Meanwhile")
    repo.clock += 1
    repo.git("merge", "--quiet", "--no-ff", "--message", "Merge work", "work")
    assert lines(repo)[4:] == [
        "day 5 speech#noon correction ended at one -> ended at two: Meanwhile",
        "day 6 speech#twice verdict unsupported -> false: Found the count",
        "day 6 speech#twice reworded doubled. Nobody counted. -> doubled. Somebody did.: Wording",
    ]
    assert told(repo).changes[-2].commit == cause


def test_a_merge_that_settles_it_itself(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "work")
    repo.edit("speech.yml", *FALSE)
    repo.commit("False, I say")
    repo.git("checkout", "--quiet", "main")
    repo.edit("speech.yml", "verdict: unsupported", "verdict: misleading")
    repo.commit("Misleading, I say")
    repo.clock += 1
    repo.git("merge", "--quiet", "--no-ff", "--no-commit", "-X", "ours", "work")
    repo.edit("speech.yml", "verdict: misleading", "verdict: partly")
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--message", "Merge branch 'work'\n\nWe agreed in the end")
    assert lines(repo)[4:] == [
        "day 4 speech#twice verdict unsupported -> misleading: Misleading, I say",
        "day 5 speech#twice verdict misleading -> partly: We agreed in the end",
    ]


def test_the_same_change_on_two_branches_is_told_once(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "work")
    repo.edit("speech.yml", *FALSE)
    repo.commit("On the branch")
    repo.git("checkout", "--quiet", "main")
    repo.edit("speech.yml", *FALSE)
    repo.commit("On main")
    repo.git("merge", "--quiet", "--no-ff", "--message", "Merge work", "work")
    assert lines(repo)[4:] == ["day 4 speech#twice verdict unsupported -> false: On main"]


def test_a_version_that_cannot_be_read_says_nothing(repo: Repo) -> None:
    whole = (repo.seeds / "speech.yml").read_text()
    repo.write("speech.yml", whole.replace("verdict: supported", "verdict: [").replace(*FALSE))
    repo.commit("Broken")
    repo.write("speech.yml", whole.replace(*FALSE))
    repo.commit("Mended")
    assert lines(repo)[4:] == ["day 4 speech#twice verdict unsupported -> false: Mended"]


def test_line_ends_comments_and_other_files_are_no_news(repo: Repo) -> None:
    repo.write("speech.yml", "# A comment\r\n" + (repo.seeds / "speech.yml").read_text().replace("\n", "\r\n"))
    repo.write("corpus.yml", "title: claims\n")
    repo.write("_later.yml", "context: [{id: later, note: Not yet.}]\n")
    repo.write("picture.yml.png", "claims")
    repo.commit("Layout")
    assert lines(repo) == BEGUN


# --- what is missing -------------------------------------------------------------------------------------------------


def test_a_shallow_clone_invents_nothing(repo: Repo, tmp_path: Path) -> None:
    repo.edit("speech.yml", *FALSE)
    repo.commit("Second")
    repo.edit("speech.yml", "verdict: false", "verdict: partly")
    repo.commit("Third")
    for depth, since, expected in (
        (1, "2026-01-04T12:00:00+00:00", []),
        (2, "2026-01-03T12:00:00+00:00", ["day 4 speech#twice verdict false -> partly: Third"]),
    ):
        clone = Repo(tmp_path / f"clone-{depth}")
        repo.git("clone", "--quiet", "--depth", str(depth), f"file://{repo.top}", str(clone.top))
        assert lines(clone) == expected
        assert told(clone).since == since
    assert told(repo).since == ""


def test_a_clone_that_is_deepened_forgets_what_it_kept(repo: Repo, tmp_path: Path) -> None:
    repo.edit("speech.yml", *FALSE)
    repo.commit("Second")
    clone, cache = Repo(tmp_path / "clone"), tmp_path / "ledger.json"
    repo.git("clone", "--quiet", "--depth", "1", f"file://{repo.top}", str(clone.top))
    assert lines(clone, cache) == []
    clone.git("fetch", "--quiet", "--unshallow")
    assert lines(clone, cache) == lines(repo)


def test_no_repository_no_commit_no_git(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Repo(tmp_path / "alone")
    alone.seeds.mkdir(parents=True)
    assert told(alone) == UNKNOWN
    alone.git("init", "--quiet")
    assert told(alone) == UNKNOWN
    monkeypatch.setenv("PATH", str(tmp_path))
    assert told(repo) == UNKNOWN


# --- kept between passes ---------------------------------------------------------------------------------------------


def test_what_is_kept_is_what_would_be_read(repo: Repo, tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "ledger.json"
    assert lines(repo, cache) == BEGUN
    for step, (old, new) in enumerate([FALSE, ("verdict: false", "verdict: partly")]):
        repo.edit("speech.yml", old, new)
        repo.git(
            "mv", f"seeds/{'speech' if not step else 'moved'}.txt", f"seeds/{'moved' if not step else 'speech'}.txt"
        )
        repo.commit(f"Step {step}")
        assert told(repo, cache) == told(repo)
    repo.git("mv", "seeds/speech.yml", "seeds/renamed.yml")
    repo.commit("Rename")
    (repo.seeds / "renamed.yml").unlink()
    repo.commit("Remove")
    assert told(repo, cache) == told(repo)
    repo.git("checkout", "--quiet", "-b", "old", "HEAD~3")
    assert told(repo, cache) == told(repo), "another branch starts anew"
    repo.git("commit", "--quiet", "--amend", "--message", "Rewritten")
    assert told(repo, cache) == told(repo)


def test_a_merge_after_what_is_kept(repo: Repo, tmp_path: Path) -> None:
    cache = tmp_path / "ledger.json"
    repo.git("checkout", "--quiet", "-b", "work")
    repo.edit("speech.yml", *FALSE)
    repo.commit("On the branch")
    repo.git("checkout", "--quiet", "main")
    lines(repo, cache)
    repo.git("merge", "--quiet", "--no-ff", "--message", "Merge", "work")
    assert told(repo, cache) == told(repo)
    assert lines(repo, cache)[-1].endswith("unsupported -> false: On the branch")


def test_one_pass_reads_new_commits_only(repo: Repo, tmp_path: Path) -> None:
    cache = tmp_path / "ledger.json"
    told(repo, cache)
    kept = json.loads(read_cache_file(cache) or b"")
    kept["changes"][0][7] = "As it was kept"
    write_cache_file(cache, json.dumps(kept).encode())
    repo.edit("speech.yml", *FALSE)
    repo.commit("New")
    assert lines(repo, cache)[0].endswith("As it was kept")
    assert lines(repo, cache)[-1].endswith("unsupported -> false: New")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"version": 1}', b'{"version": 1, "circumstances": 0}', b"\xff"]
)
def test_a_spoilt_cache_is_none(repo: Repo, tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "ledger.json"
    write_cache_file(cache, content)
    assert lines(repo, cache) == BEGUN
    assert lines(repo, cache) == BEGUN


def test_nowhere_to_keep_it_is_no_fault(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert lines(repo, tmp_path / "file" / "ledger.json") == BEGUN


def test_words_that_could_pass_for_gits_own(repo: Repo) -> None:
    repo.write("a\tb\nc.yml", "context: [{id: odd, note: Odd.}]\n")
    repo.edit("speech.yml", *FALSE)
    repo.commit("\x01Strange\n\n:100644 100644 a b M\tseeds/speech.yml\n\x01\x02")
    assert [line for line in lines(repo)[4:] if "#twice" in line] == [
        "day 3 speech#twice verdict unsupported -> false: \x01Strange"
    ]


def test_several_processors_read_the_same(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.edit("speech.yml", *FALSE)
    repo.commit("Second")
    alone = told(repo)
    monkeypatch.setattr("builder.history.ledger._PARALLEL", 1)
    monkeypatch.setattr("builder.history.ledger._BATCH", 1)
    assert told(repo) == alone


def test_a_text_that_is_mended(repo: Repo) -> None:
    repo.edit("speech.txt", "Nobody counted them.", "Nobody has counted them.")
    repo.commit("By the second edition")
    repo.edit("speech.txt", "Twice as many people", "Twice  as many\npeople")
    repo.commit("Lines")
    assert [line.replace("speech.#", "speech.txt#") for line in lines(repo)[4:]] == [
        "day 3 speech# text Nobody counted them -> Nobody has counted them: By the second edition",
        "day 4 speech# text None -> None: Lines",
    ]
    assert {change.sidecar for change in told(repo).changes[4:]} == {"seeds/speech.txt"}


def test_a_text_is_followed_through_renames_and_formats(repo: Repo) -> None:
    repo.git("mv", "seeds/speech.txt", "seeds/address.md")
    repo.git("mv", "seeds/speech.yml", "seeds/address.yml")
    repo.commit("Another name")
    repo.edit("address.md", "cut the ribbon", "cut a ribbon")
    repo.commit("One of many ribbons")
    assert [change.after for change in told(repo).changes if change.event == "text"] == ["mayor cut a ribbon."]
    assert {change.sidecar for change in told(repo).changes if change.event == "text"} == {"seeds/address.md"}


def test_a_draft_is_mended_in_silence(repo: Repo) -> None:
    repo.edit("speech.yml", "title: A speech", "title: A speech\ndraft: true")
    repo.commit("Not yet")
    repo.edit("speech.txt", "Nobody counted them.", "Nobody has counted them.")
    repo.edit("speech.yml", "Nobody counted.", "Somebody did.")
    repo.commit("Mend")
    assert lines(repo)[8:] == []


def test_text_and_words_from_what_was_kept(repo: Repo, tmp_path: Path) -> None:
    cache = tmp_path / "ledger.json"
    assert lines(repo, cache) == BEGUN
    repo.edit("speech.txt", "Nobody counted them.", "Nobody has counted them.")
    repo.edit("speech.yml", "Nobody counted.", "Somebody did.")
    repo.commit("Mend")
    assert lines(repo, cache) == lines(repo)
    assert len(lines(repo)) == len(BEGUN) + 2


def test_many_changes_are_cut_short() -> None:
    old = " ".join(f"word{number} stays here and here and there" for number in range(9))
    assert changed_words(old, old.replace("word", "Word")) == (
        "word0 stays here … and there word1 stays here … and there word2 stays here … and 6 more",
        "Word0 stays here … and there Word1 stays here … and there Word2 stays here … and 6 more",
    )
    assert changed_words("a b c d", "a b x c d") == ("a b c d", "a b x c d")
    assert changed_words("a “b”", 'a  "b"') == (None, None)
    assert changed_words("", "a b") == (None, "a b")
