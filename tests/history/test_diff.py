"""What changed between two states, in repositories that git made: each edit is told as what it is, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from history_repo import SIDECAR, SOURCES, SPEECH, Repo
from jsonschema import validate
from markdown_it import MarkdownIt

from builder.cli import run
from builder.diagnostics import UserError
from builder.history.differences import DifferenceKind
from builder.history.format_comparison import MARK, DiffFormat, format_comparison, markdown, text
from builder.history.format_comparison import json as as_json


def test_nothing_changed(repo: Repo) -> None:
    assert repo.changes() == []
    assert text(repo.compare()) == "No note, document or source changed.\n"


def test_a_verdict(repo: Repo) -> None:
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    assert repo.changes() == ["verdict-changed seeds/speech.txt#twice unsupported -> false"]
    (found,) = repo.compare().differences
    assert (str(found.place), found.words) == ("seeds/speech.yml:4:5", "Twice as many people")


def test_verdicts_come_first(repo: Repo) -> None:
    repo.edit("speech.yml", "verdict: supported", "verdict: misleading")
    repo.edit("speech.yml", "note: The town's own.", "note: The fire brigade's.")
    repo.write("another.txt", "Another document.\n")
    repo.edit("speech.yml", "correct: ended at one", "correct: ended at two")
    assert repo.changes() == [
        "verdict-changed seeds/speech.txt#opened supported -> misleading",
        "correction seeds/speech.txt#noon ended at one -> ended at two",
        "note-edited seeds/speech.txt#band note",
        "document-added seeds/another.txt",
    ]


def test_notes_come_and_go(repo: Repo) -> None:
    repo.edit(
        "speech.yml",
        "  - id: band\n    quote: The band played on\n    note: The town's own.\n",
        "  - id: mayor\n    quote: the mayor\n    note: Her first.\n",
    )
    repo.edit(
        "speech.yml",
        "corrections:\n  - id: noon\n    quote: ended at noon\n    correct: ended at one\n    note: By the minutes.\n",
        "corrections:\n",
    )
    assert repo.changes() == [
        "correction seeds/speech.txt#noon ended at one -> None",
        "note-removed seeds/speech.txt#band",
        "note-added seeds/speech.txt#mayor",
    ]


def test_another_id_is_a_move_for_its_permalink_is_another(repo: Repo) -> None:
    repo.edit("speech.yml", "id: twice", "id: attendance")
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    assert repo.changes() == [
        "verdict-changed seeds/speech.txt#attendance unsupported -> false",
        "note-moved seeds/speech.txt#attendance seeds/speech.txt#twice -> seeds/speech.txt#attendance",
    ]


def test_other_words(repo: Repo) -> None:
    repo.edit("speech.yml", "quote: Twice as many people", "quote: Twice as many people came as the year before")
    assert repo.changes() == [
        "quote-re-anchored seeds/speech.txt#twice Twice as many people -> Twice as many people came as the year before"
    ]


def test_the_same_words_elsewhere(repo: Repo) -> None:
    repo.write("speech.txt", SPEECH + "\nThe band played on. The band played on, it did.\n")
    repo.edit("speech.yml", "quote: The band played on", "quote: The band played on\n    occurrence: 1")
    repo.commit("Twice")
    repo.edit("speech.yml", "occurrence: 1", "occurrence: 3")
    assert repo.changes() == ["quote-re-anchored seeds/speech.txt#band The band played on -> The band played on"]


def test_a_text_that_grows_around_its_notes(repo: Repo) -> None:
    repo.write("speech.txt", "A new first paragraph.\n\n" + SPEECH.replace("Nobody counted them.", "None did."))
    assert repo.changes() == ["document-edited seeds/speech.txt text"]


def test_a_note_that_lost_its_words(repo: Repo) -> None:
    repo.edit("speech.txt", "Twice as many people came", "More people came")
    assert repo.changes() == [
        "note-unplaced seeds/speech.txt#twice Twice as many people -> None",
        "document-edited seeds/speech.txt text",
    ]
    assert "The newer state has 1 error" in text(repo.compare())


def test_line_ends_are_no_change(repo: Repo) -> None:
    for name in ("speech.txt", "speech.yml", "sources.yml"):
        repo.write(name, (repo.seeds / name).read_text().replace("\n", "\r\n"))
    assert repo.changes() == []
    repo.commit("Line ends")
    assert repo.changes("HEAD~1", "HEAD") == []


def test_comments_and_layout_are_no_change(repo: Repo) -> None:
    repo.edit("speech.yml", "  # How this was counted is told below.\n", "\n\n  # Told below.\n")
    repo.edit("speech.yml", "sources: [register]", "sources:\n      - register")
    assert repo.changes() == []


@pytest.mark.parametrize("edited", [False, True])
def test_a_document_that_moves_with_its_sidecar(repo: Repo, *, edited: bool) -> None:
    (repo.seeds / "1971").mkdir()
    repo.git("mv", "seeds/speech.txt", "seeds/1971/opening.txt")
    repo.git("mv", "seeds/speech.yml", "seeds/1971/opening.yml")
    if edited:
        repo.edit("1971/opening.txt", "Nobody counted them.", "Nobody did.")
        repo.edit("1971/opening.yml", "verdict: unsupported", "verdict: false")
    verdict = ["verdict-changed seeds/1971/opening.txt#twice unsupported -> false"] if edited else []
    slug = " text slug" if edited else " slug"
    assert repo.changes() == [
        *verdict,
        "document-moved seeds/1971/opening.txt seeds/speech.txt -> seeds/1971/opening.txt",
        f"document-edited seeds/1971/opening.txt{slug}",
    ]


def test_a_note_that_moves_to_another_document(repo: Repo) -> None:
    repo.write("programme.txt", "Afterwards: The band played on.\n")
    repo.write("programme.yml", "title: Programme\n")
    repo.commit("Programme")
    note = "  - id: band\n    quote: The band played on\n    note: The town's own.\n"
    repo.edit("speech.yml", f"context:\n{note}", "")
    repo.edit("programme.yml", "title: Programme\n", f"title: Programme\ncontext:\n{note}")
    found = repo.changes()
    assert found[0] == "note-moved seeds/programme.txt#band seeds/speech.txt#band -> seeds/programme.txt#band"
    assert {text.split()[0] for text in found} <= {"note-moved", "quote-re-anchored"}


def test_sources(repo: Repo) -> None:
    repo.write(
        "sources.yml", SOURCES.replace("The register", "The visitors’ register") + "plaque:\n  title: The plaque\n"
    )
    repo.edit(
        "speech.yml", "note: So says the plaque.", "note: So says the plaque.\n    sources: [plaque, {title: A report}]"
    )
    assert repo.changes() == [
        "source-cited seeds/speech.txt#opened None -> The plaque",
        "source-cited seeds/speech.txt#opened None -> A report",
        "source-added plaque None -> The plaque",
        "source-edited register The register -> The visitors’ register title",
    ]
    repo.commit("Sources")
    repo.edit("speech.yml", "[plaque, {title: A report}]", "[{ref: plaque, at: left}]")
    assert repo.changes() == ["source-no-longer-cited seeds/speech.txt#opened A report -> None"]
    repo.commit("Fewer")
    repo.edit("speech.yml", "at: left", "at: right")
    assert repo.changes() == ["note-edited seeds/speech.txt#opened sources"]


def test_written_out_sources_are_known_by_what_they_say_not_by_their_number(repo: Repo) -> None:
    repo.edit("speech.yml", "note: By the minutes.", "note: By the minutes.\n    sources: [{title: The minutes}]")
    repo.commit("Minutes")
    repo.edit(
        "speech.yml", "note: So says the plaque.", "note: So says the plaque.\n    sources: [{title: The plaque}]"
    )
    assert repo.changes() == ["source-cited seeds/speech.txt#opened None -> The plaque"]


def test_the_scale(repo: Repo) -> None:
    repo.write("corpus.yml", "verdicts:\n  - {id: supported, label: Holds}\n  - {id: unsupported, label: Open}\n")
    found = repo.changes()
    assert "verdict-scale-changed supported Supported -> Holds label tone rating means" in found
    assert "verdict-scale-changed false False -> None" in found


def test_a_branch_and_its_merge(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "work")
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    repo.commit("Found the count")
    repo.git("checkout", "--quiet", "main")
    repo.edit("speech.yml", "note: By the minutes.", "note: By the minutes of the council.")
    repo.commit("Meanwhile")
    repo.git("merge", "--quiet", "--no-ff", "--message", "Merge work", "work")
    assert repo.changes("HEAD^1", "HEAD") == ["verdict-changed seeds/speech.txt#twice unsupported -> false"]
    assert repo.changes("HEAD^2", "HEAD") == ["note-edited seeds/speech.txt#noon note"]


def test_the_work_tree_has_what_git_does_not_know_yet(repo: Repo) -> None:
    repo.write("fresh.md", "# Fresh\n\nWords.\n")
    repo.write("_ignored.txt", "Nothing.\n")
    assert repo.changes() == ["document-added seeds/fresh.md"]
    (repo.seeds / "speech.txt").unlink()
    (repo.seeds / "speech.yml").unlink()
    found = repo.changes()
    assert found[-2:] == ["document-removed seeds/speech.txt", "document-added seeds/fresh.md"]
    assert [text.split()[0] for text in found[:4]] == ["correction", "note-removed", "note-removed", "note-removed"]


def test_nothing_is_touched(repo: Repo) -> None:
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in repo.top.rglob("*") if path.is_file()}
    repo.compare()
    repo.compare("HEAD", "HEAD")
    assert {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in repo.top.rglob("*") if path.is_file()
    } == before


def test_a_corpus_below_the_top_of_its_repository(repo: Repo) -> None:
    (repo.top / "site").mkdir()
    repo.git("mv", "seeds", "site/seeds")
    repo.commit("Down")
    repo.seeds = repo.top / "site" / "seeds"
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    below = Repo(repo.top / "site")
    assert below.changes() == ["verdict-changed seeds/speech.txt#twice unsupported -> false"]


def test_links_are_not_followed(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret.\n")
    (repo.seeds / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert repo.changes() == []
    repo.commit("Link")
    assert repo.changes("HEAD~1", "HEAD") == []


def test_a_shallow_clone_says_so(repo: Repo, tmp_path: Path) -> None:
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    repo.commit("Second")
    clone = tmp_path / "clone"
    repo.git("clone", "--quiet", "--depth", "1", f"file://{repo.top}", str(clone))
    with pytest.raises(UserError, match=r'no revision "HEAD~1"(.|\n)*shallow clone(.|\n)*--unshallow'):
        Repo(clone).compare("HEAD~1")


@pytest.mark.parametrize("revision", ["nowhere", "--help", "-n", "HEAD:seeds", "", "--output=x"])
def test_what_is_no_revision(repo: Repo, revision: str) -> None:
    with pytest.raises(UserError, match="git knows no revision"):
        repo.compare(revision)
    assert not (repo.top / "x").exists()


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with pytest.raises(UserError, match="not a git repository"):
        Repo(tmp_path).compare()


def test_git_is_needed(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.top))
    with pytest.raises(UserError, match="cannot run git: No such file or directory\ninstall it"):
        repo.compare()


def test_inside_a_hook_the_folder_counts(repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert repo.compare().differences == ()


# --- how it is told --------------------------------------------------------------------------------------------------

HOSTILE = "@everyone #1 <img src=x onerror=alert(1)> [x](https://evil.example) `` ` `` **b** \\u001b[31m --- | https://evil.example"


def test_markdown_gives_hostile_words_no_power(repo: Repo) -> None:
    repo.write("sources.yml", SOURCES + f'bad:\n  title: "{HOSTILE}"\n')
    repo.edit("speech.yml", "correct: ended at one", f'correct: "{HOSTILE}"')
    said = markdown(repo.compare())
    assert said.startswith(MARK + "\n")
    assert "\x1b" not in said
    page = MarkdownIt("commonmark", {"linkify": False}).enable("table").parse(said)
    kinds = {token.type for token in page} | {child.type for token in page for child in token.children or ()}
    assert kinds & {"link_open", "image", "html_inline", "table_open", "em_open"} == set()
    assert [token.content for token in page if token.type == "html_block"] == [MARK + "\n"]
    words = [child.content for token in page for child in token.children or () if child.type == "text"]
    assert not any(bad in word for word in words for bad in ("@", "<", "evil", "#1"))
    shown = [child.content for token in page for child in token.children or () if child.type == "code_inline"]
    assert sum("@everyone #1 <img" in each for each in shown) == 2


def test_markdown_stays_within_what_a_comment_takes(repo: Repo) -> None:
    notes = "".join(f'  - {{id: n{number}, note: "{number} words"}}\n' for number in range(3000))
    repo.write("many.txt", "Many.\n")
    repo.write("many.yml", "context:\n" + notes)
    said = markdown(repo.compare())
    assert len(said) < 65_536
    assert "- … and 2900 more\n" in said


def test_text(repo: Repo) -> None:
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    repo.edit("speech.yml", "correct: ended at one", "correct: ended at two")
    assert format_comparison(repo.compare(), DiffFormat.TEXT) == (
        "1 verdict changed\n"
        '  seeds/speech.txt#twice: unsupported → false  "Twice as many people"\n'
        "\n"
        "1 correction\n"
        '  seeds/speech.txt#noon: ended at one → ended at two  reads "ended at noon"\n'
        "\n"
        "1 verdict changed, 1 correction\n"
    )


def test_a_quote_never_stands_without_its_label(repo: Repo) -> None:
    """In a report that is copied, a claim has its verdict before it, and wrong words say that they are."""
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    repo.edit("speech.yml", "statement: Attendance doubled.", "statement: Attendance tripled.")
    repo.edit("speech.yml", "quote: opened in 1971", "quote: the mayor cut the ribbon")
    repo.edit("speech.yml", "sources: [register]", "sources: []")
    repo.edit("speech.yml", "note: By the minutes.", "note: By the minutes, too.")
    assert format_comparison(repo.compare(), DiffFormat.TEXT).split("\n\n")[:-1] == [
        '1 verdict changed\n  seeds/speech.txt#twice: unsupported → false  "Twice as many people"',
        "1 quote re-anchored\n  seeds/speech.txt#opened: claim, supported: opened in 1971 → the mayor cut the ribbon",
        (
            "2 notes edited\n"
            '  seeds/speech.txt#twice: claim, false: statement  "Twice as many people"\n'
            '  seeds/speech.txt#noon: correction: note  reads "ended at noon"'
        ),
        '1 source no longer cited\n  seeds/speech.txt#twice: claim, false: The register  "Twice as many people"',
    ]
    point = "- `seeds/speech.txt#twice`: claim, `false`: `statement` — `Twice as many people`\n"
    assert point in markdown(repo.compare())
    assert {each["verdict"] for each in json.loads(as_json(repo.compare()))["differences"]} == {
        "false",
        "supported",
        None,
    }


def test_json(repo: Repo) -> None:
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    value = json.loads(as_json(repo.compare()))
    kinds = [str(each) for each in DifferenceKind]
    nullable = {"type": ["string", "null"]}
    validate(
        value,
        {
            "type": "object",
            "required": ["version", "base", "head", "summary", "faults", "differences"],
            "properties": {
                "version": {"const": 1},
                "summary": {"propertyNames": {"enum": kinds}, "additionalProperties": {"type": "integer"}},
                "differences": {
                    "items": {
                        "properties": {"what": {"enum": kinds}, "before": nullable, "after": nullable},
                        "required": ["what", "document", "note", "kind", "before", "after", "words", "fields", "file"],
                    }
                },
            },
        },
    )
    assert value["summary"] == {"verdict-changed": 1}
    assert value["differences"][0]["before"] == "unsupported"


def test_the_command(repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(repo.top)
    assert run(["diff", "HEAD", "--exit-code"]) == 0
    repo.edit("speech.yml", "verdict: unsupported", "verdict: false")
    assert run(["diff", "HEAD"]) == 0
    assert run(["diff", "HEAD", "--exit-code"]) == 1
    assert run(["diff", "HEAD", "HEAD", "--exit-code"]) == 0
    capsys.readouterr()
    assert run(["diff", "HEAD", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["head"] == "the work tree"
    assert run(["diff", "nowhere"]) == 2
    assert 'git knows no revision "nowhere"' in capsys.readouterr().err


def test_a_tree_made_to_do_harm_writes_nothing_outside(repo: Repo) -> None:
    blob = repo.git("rev-parse", "HEAD:seeds/speech.txt")
    inner = _tree(repo, f"100644 blob {blob}\tescaped.txt")
    seeds = _tree(repo, f"040000 tree {inner}\t..")
    root = _tree(repo, f"040000 tree {seeds}\tseeds")
    commit = repo.git("commit-tree", root, "-m", "harm")
    found = repo.compare(commit, "HEAD")
    assert not list(repo.top.parent.rglob("escaped.txt"))
    assert [
        difference.document for difference in found.differences if difference.what is DifferenceKind.DOCUMENT_ADDED
    ] == ["seeds/speech.txt"]


def _tree(repo: Repo, entry: str) -> str:
    """A tree as git itself would refuse to make it from files."""
    mode, kind, rest = entry.split(" ", 2)
    oid, name = rest.split("\t")
    raw = f"{mode.lstrip('0')} {name}\0".encode() + bytes.fromhex(oid)
    command = ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"]
    done = subprocess.run(
        command, cwd=repo.top, input=raw, capture_output=True, timeout=120, check=True, env=dict(os.environ)
    )
    assert kind
    return done.stdout.decode().strip()


def test_the_sidecar_of_the_tests_is_whole(repo: Repo) -> None:
    assert SIDECAR.count("- id:") == 4
    assert repo.compare().faults_after == ()
