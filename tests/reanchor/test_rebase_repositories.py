"""Whole corpora in real repositories: a text changes, and the notes are where their words went."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from builder.cli import run

TEXT = """\
The library opens at ten.

It lent 41,200 books in 2023, twice as many as before. The mayor said so on Monday.

The old stone over the door says 1913. The mayor opened it.
"""
SIDECAR = """\
# Notes on the library.
title: The library   # as the town calls it

context:
  # Somebody should look at this again.
  - id: hours
    quote: opens at ten   # not on Sundays
    note: Since 1998.
  - id: lent
    quote: 'lent 41,200 books in 2023'
    note: |
      So it was.  # no comment
  - {id: mayor, quote: The mayor, occurrence: 2, note: A. Mayor.}
  - id: stone
    quote: The old stone over the door
    note: Look up.
"""


def sha(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()


@pytest.fixture
def committed(corpus: Path, git) -> Path:
    (corpus / "seeds" / "library.txt").write_text(TEXT)
    (corpus / "seeds" / "library.yml").write_text(SIDECAR)
    assert run(["pin"]) == 0
    shutil.rmtree(corpus / ".cache")
    git("add", ".")
    git("commit", "-q", "-m", "The library")
    return corpus


def sidecar(corpus: Path) -> str:
    return (corpus / "seeds" / "library.yml").read_text()


def change(corpus: Path, *pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (corpus / "seeds" / "library.txt").write_text(text)
    return text


def placed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    run(["check", "--format", "json"])
    return [each["code"] for each in json.loads(capsys.readouterr().out)["diagnostics"]]


def test_nothing_changed(committed: Path, capsys) -> None:
    before = (committed / "seeds" / "library.yml").read_bytes()
    assert run(["rebase"]) == 0
    assert (committed / "seeds" / "library.yml").read_bytes() == before
    assert capsys.readouterr().out == ""


def test_pin_writes_one_line(committed: Path) -> None:
    lines = sidecar(committed).splitlines(keepends=True)
    assert lines.pop(2) == f"text_sha256: {sha(TEXT)}\n"
    assert "".join(lines) == SIDECAR


def test_pin_says_what_it_did(committed: Path, capsys) -> None:
    capsys.readouterr()
    assert run(["pin"]) == 0
    assert capsys.readouterr() == ("", "Nothing to pin.\n")
    text = change(committed, ("twice as many", "more"))
    assert run(["pin", "seeds/library.txt"]) == 0
    assert capsys.readouterr() == ("", "Pinned seeds/library.yml to another text than before\n")
    assert f"text_sha256: {sha(text)}\n" in sidecar(committed)


def test_words_elsewhere_change_the_fingerprint_alone(committed: Path, capsys) -> None:
    text = change(committed, ("It lent", "As we said, it is new. It lent"), ("twice as many as before", "more"))
    assert "Q206" in placed(capsys)
    before = sidecar(committed)
    assert run(["rebase"]) == 0
    assert sidecar(committed) == before.replace(sha(TEXT), sha(text))
    assert placed(capsys) == []


def test_a_new_place_like_it_moves_the_occurrence(committed: Path, capsys) -> None:
    text = change(committed, ("The library opens", "The mayor is new here. The library opens"))
    assert run(["rebase", "seeds/library.yml"]) == 0
    assert "seeds/library.yml:14:5: moved: mayor, now at seeds/library.txt:5:40" in capsys.readouterr().out
    assert '{id: mayor, quote: The mayor, prefix: "1913. ", occurrence: 1, note: A. Mayor.}' in sidecar(committed)
    assert f"text_sha256: {sha(text)}" in sidecar(committed)
    assert placed(capsys) == []
    assert run(["rebase"]) == 0


def test_edited_words_are_written_only_when_accepted(committed: Path, capsys) -> None:
    text = change(committed, ("41,200", "42,000"))
    before = sidecar(committed)
    assert run(["rebase"]) == 1
    out = capsys.readouterr().out
    assert (
        '    was: "lent 41,200 books in 2023"\n    now: "lent 42,000 books in 2023"\n    "41,200" → "42,000"\n' in out
    )
    assert sidecar(committed) == before
    assert run(["rebase", "--accept", "edited"]) == 0
    assert sidecar(committed) == before.replace("41,200", "42,000").replace(sha(TEXT), sha(text))
    assert placed(capsys) == []


def test_a_dry_run_shows_a_diff_that_git_applies(committed: Path, capsys, git) -> None:
    change(committed, ("41,200", "42,000"))
    before = sidecar(committed)
    assert run(["rebase", "--dry-run", "--accept", "edited"]) == 0
    out = capsys.readouterr().out
    assert sidecar(committed) == before
    patch = out[out.index("--- a/seeds/library.yml") :]
    (committed / "patch").write_text(patch)
    git("apply", "patch")
    patched = sidecar(committed)
    (committed / "seeds" / "library.yml").write_text(before)
    assert run(["rebase", "--accept", "edited"]) == 0
    assert sidecar(committed) == patched


def test_gone_stays_an_error_until_it_retires(committed: Path, capsys) -> None:
    change(committed, (" The mayor opened it.", ""))
    before = sidecar(committed)
    assert run(["rebase", "--accept", "edited"]) == 1
    assert "gone: mayor" in capsys.readouterr().out
    codes = placed(capsys)
    assert "Q206" in codes
    assert {"Q201", "Q207"} & set(codes)
    assert sha(TEXT) in sidecar(committed)
    again = sidecar(committed)
    assert run(["rebase"]) == 1
    assert sidecar(committed) == again
    retired = again.replace("note: A. Mayor.", "note: A. Mayor., retired: '2026-11-22, the sentence was taken out'")
    (committed / "seeds" / "library.yml").write_text(retired)
    assert run(["rebase"]) == 0
    assert placed(capsys) == []
    assert "# Somebody should look" in before


def test_gone_never_slips_onto_other_words(committed: Path, capsys) -> None:
    """The first of two is gone, so that the second would be the first."""
    (committed / "seeds" / "library.yml").write_text(sidecar(committed).replace("occurrence: 2", "occurrence: 1"))
    change(committed, (" The mayor said so on Monday.", ""))
    assert placed(capsys) == ["Q206"]
    assert run(["rebase", "--accept", "edited"]) == 1
    assert "gone: mayor" in capsys.readouterr().out
    assert placed(capsys) == ["Q206", "Q201"]
    assert 'quote: The mayor, prefix: "before. ", occurrence: 1' in sidecar(committed)
    again = sidecar(committed)
    assert run(["rebase", "--accept", "edited"]) == 1
    assert sidecar(committed) == again


def test_paragraphs_swapped(committed: Path, capsys) -> None:
    one, two, three = TEXT.strip().split("\n\n")
    (committed / "seeds" / "library.txt").write_text(f"{three}\n\n{one}\n\n{two}\n")
    assert run(["rebase"]) == 0
    assert placed(capsys) == []
    assert run(["rebase"]) == 0
    # The second was of the stone's paragraph, which is the first now.
    assert '{id: mayor, quote: The mayor, prefix: "1913. ", occurrence: 1, note: A. Mayor.}' in sidecar(committed)


def test_the_document_was_renamed_with_its_sidecar(committed: Path, capsys, git) -> None:
    git("mv", "seeds/library.txt", "seeds/books.txt")
    git("mv", "seeds/library.yml", "seeds/books.yml")
    git("commit", "-q", "-m", "Another name")
    (committed / "seeds" / "town").mkdir()
    git("mv", "seeds/books.txt", "seeds/town/books.txt")
    git("mv", "seeds/books.yml", "seeds/town/books.yml")
    git("commit", "-q", "-m", "Another place")
    (committed / "seeds" / "town" / "books.txt").write_text(TEXT.replace("41,200", "42,000"))
    git("commit", "-q", "-a", "-m", "Counted again")
    assert run(["rebase", "--accept", "edited"]) == 0
    assert "the old text is from git, commit " in capsys.readouterr().out
    assert "lent 42,000 books" in (committed / "seeds" / "town" / "books.yml").read_text()


def test_renamed_and_rewritten_at_once(committed: Path, capsys, git) -> None:
    """Too different for git to see a rename: found among the other documents."""
    (committed / "seeds" / "library.txt").unlink()
    git("mv", "seeds/library.yml", "seeds/new.yml")
    (committed / "seeds" / "new.txt").write_text("All is new.\n\n" * 40 + TEXT.split("\n\n")[1])
    git("add", "-A")
    git("commit", "-q", "-m", "Rewritten")
    assert run(["rebase"]) == 1
    out = capsys.readouterr().out
    assert "the old text is from git, commit " in out
    assert "seeds/new.yml: 1 unchanged, 3 gone" in out


def test_a_version_that_came_by_a_merge(committed: Path, capsys, git) -> None:
    git("checkout", "-q", "-b", "side")
    (committed / "seeds" / "library.txt").write_text(TEXT.replace("opens at ten", "is open from ten"))
    (committed / "seeds" / "library.yml").write_text(sidecar(committed).replace("opens at ten", "is open from ten"))
    assert run(["pin"]) == 0
    shutil.rmtree(committed / ".cache")
    git("commit", "-q", "-a", "-m", "Side")
    git("checkout", "-q", "main")
    (committed / "other.md").write_text("x")
    git("add", ".")
    git("commit", "-q", "-m", "Main goes on")
    git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    path = committed / "seeds" / "library.txt"
    path.write_text("Notice.\n\n" + path.read_text())
    assert run(["rebase"]) == 0
    assert "the old text is from git" in capsys.readouterr().out
    assert placed(capsys) == []


def test_a_text_that_was_made_in_the_merge_itself(committed: Path, capsys, git) -> None:
    git("checkout", "-q", "-b", "side")
    change(committed, ("Monday", "Tuesday"))
    git("commit", "-q", "-a", "-m", "Tuesday")
    git("checkout", "-q", "main")
    change(committed, ("says 1913", "says 1914"))
    git("commit", "-q", "-a", "-m", "1914")
    git("merge", "-q", "--no-commit", "side")
    assert run(["rebase"]) == 0
    shutil.rmtree(committed / ".cache", ignore_errors=True)
    git("commit", "-q", "-a", "-m", "Both")
    path = committed / "seeds" / "library.txt"
    path.write_text(path.read_text().replace("41,200", "42,000"))
    capsys.readouterr()
    assert run(["rebase", "--accept", "edited"]) == 0
    assert "the old text is from git" in capsys.readouterr().out


def test_a_shallow_clone_without_the_old_text(committed: Path, capsys, git, tmp_path, monkeypatch) -> None:
    change(
        committed, ("41,200 books", "42,000 books"), ("The library opens", "The mayor is new here. The library opens")
    )
    git("commit", "-q", "-a", "-m", "Counted again")
    git("clone", "-q", "--depth", "1", f"file://{committed}", "shallow", folder=tmp_path)
    monkeypatch.chdir(tmp_path / "shallow")
    before = sidecar(tmp_path / "shallow")
    assert run(["rebase", "--accept", "edited"]) == 1
    out = capsys.readouterr().out
    assert "the old text was not found" in out
    assert "git fetch --unshallow" in out
    assert "gone: lent" in out
    assert sidecar(tmp_path / "shallow") == before
    git("fetch", "-q", "--unshallow", folder=tmp_path / "shallow")
    assert run(["rebase", "--accept", "edited"]) == 0
    assert "the old text is from git" in capsys.readouterr().out


def test_changed_line_ends_are_no_change(committed: Path, capsys) -> None:
    path = committed / "seeds" / "library.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    before = sidecar(committed)
    assert run(["rebase"]) == 0
    assert sidecar(committed) == before
    assert placed(capsys) == []


def test_a_sidecar_with_a_mark_and_carriage_returns_keeps_them(committed: Path) -> None:
    path = committed / "seeds" / "library.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    text = change(committed, ("41,200", "42,000"))
    assert run(["rebase", "--accept", "edited"]) == 0
    expected = before.replace(b"41,200", b"42,000").replace(sha(TEXT).encode(), sha(text).encode())
    assert path.read_bytes() == expected


def test_reflowed_lines_still_fit(committed: Path, capsys) -> None:
    change(committed, ("opens at ten", "opens\nat ten"), ("old stone over", "old stone\nover"))
    assert run(["rebase"]) == 0
    assert placed(capsys) == ["Q205", "Q205"]


def test_without_git_the_kept_text_is_used(corpus: Path, capsys) -> None:
    (corpus / "seeds" / "library.txt").write_text(TEXT)
    (corpus / "seeds" / "library.yml").write_text(SIDECAR)
    assert run(["pin"]) == 0
    change(corpus, ("41,200", "42,000"))
    assert run(["rebase", "--accept", "edited"]) == 0
    assert "the texts that `postil new` and `postil pin` kept" in capsys.readouterr().out
    kept = corpus / ".cache" / "postil" / "texts"
    assert sorted(each.name for each in kept.iterdir()) == sorted([sha(TEXT), sha(TEXT.replace("41,200", "42,000"))])


def test_without_git_the_text_that_new_has_seen_is_used(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    document = tmp_path / "seeds" / "library.txt"
    document.parent.mkdir()
    document.write_text(TEXT)
    assert run(["new", "seeds/library.txt"]) == 0
    sidecar = document.with_suffix(".yml")
    note = "context: [{id: hours, quote: The library opens at ten, note: N.}]"
    sidecar.write_text(sidecar.read_text() + note + "\n")
    document.write_text("Here it is. " + TEXT)
    assert run(["rebase"]) == 0
    assert "the texts that `postil new` and `postil pin` kept" in capsys.readouterr().out
    assert sha("Here it is. " + TEXT) in sidecar.read_text()


def test_a_kept_text_that_was_tampered_with_is_not_believed(corpus: Path, capsys) -> None:
    (corpus / "seeds" / "library.txt").write_text(TEXT)
    (corpus / "seeds" / "library.yml").write_text(SIDECAR)
    assert run(["pin"]) == 0
    (corpus / ".cache" / "postil" / "texts" / sha(TEXT)).write_text("Something else.")
    change(corpus, ("41,200", "42,000"))
    assert run(["rebase"]) == 1
    assert "the old text was not found" in capsys.readouterr().out


def test_without_the_old_text(corpus: Path, capsys) -> None:
    (corpus / "seeds" / "library.txt").write_text(TEXT)
    body = """\
context:
  - {id: like, quote: 'lent 41,000 books in 2023', prefix: 'ten.  It ', suffix: ', twice as', note: x}
  - {id: twice, quote: The mayor, note: x}
  - {id: here, quote: opens at ten, note: x}
  - {id: none, quote: Nobody ever came to borrow anything., note: x}
"""
    (corpus / "seeds" / "library.yml").write_text(body)
    assert run(["rebase", "--accept", "edited"]) == 1
    out = capsys.readouterr().out
    assert "seeds/library.yml: 1 unchanged, 1 edited, 1 unsure, 1 gone\n    there is no text_sha256" in out
    assert "edited: like, now at seeds/library.txt:3:4 (likeness 0.9" in out
    assert "'lent 41,200 books in 2023'" in sidecar(corpus)
    assert run(["rebase", "--accept", "edited"]) == 1
    assert "2 unchanged, 1 unsure, 1 gone" in capsys.readouterr().out


def test_html_and_markdown_are_read_as_documents(corpus: Path, git, capsys) -> None:
    (corpus / "seeds" / "a.html").write_text("<p>The <b>library</b> opens at ten &amp; closes at six.</p>\n")
    (corpus / "seeds" / "a.yml").write_text("context:\n- id: h\n  quote: opens at ten & closes\n  note: x\n")
    (corpus / "seeds" / "b.md").write_text("---\ntitle: B\n---\nThe *library* opens at ten.\n")
    (corpus / "seeds" / "b.yml").write_text("context:\n- id: h\n  quote: library opens at ten\n  note: x\n")
    assert run(["pin"]) == 0
    shutil.rmtree(corpus / ".cache")
    git("add", ".")
    git("commit", "-q", "-m", "x")
    (corpus / "seeds" / "a.html").write_text(
        "<h1>News</h1><p>The library opens at <i>nine</i> &amp; closes at six.</p>\n"
    )
    (corpus / "seeds" / "b.md").write_text("---\ntitle: B\n---\n# News\n\nThe library **opens at nine**.\n")
    capsys.readouterr()
    assert run(["rebase", "--accept", "edited"]) == 0
    assert (corpus / "seeds" / "a.yml").read_text().splitlines()[3] == "  quote: opens at nine & closes"
    assert (corpus / "seeds" / "b.yml").read_text().splitlines()[3] == "  quote: library opens at nine"
    assert placed(capsys) == []


def test_several_passages(committed: Path, capsys) -> None:
    body = sidecar(committed) + "  - id: both\n    quote: [The library opens, The mayor opened it]\n    note: x\n"
    (committed / "seeds" / "library.yml").write_text(body)
    text = change(committed, ("The mayor opened it", "The new mayor opened it"))
    assert run(["rebase", "--accept", "edited"]) == 0
    assert "quote: [The library opens, The new mayor opened it]" in sidecar(committed)
    assert sha(text) in sidecar(committed)
    assert placed(capsys) == []


def test_pin_refuses_where_a_note_does_not_stand(committed: Path, capsys) -> None:
    change(committed, ("41,200", "42,000"))
    before = sidecar(committed)
    assert run(["pin"]) == 1
    assert "error Q201" in capsys.readouterr().out
    assert sidecar(committed) == before


@pytest.mark.parametrize("given", ["seeds/nothing.txt", "elsewhere.txt", "seeds/plain.txt"])
def test_what_cannot_be_rebased(corpus: Path, given: str, capsys) -> None:
    (corpus / "elsewhere.txt").write_text("x")
    (corpus / "seeds" / "plain.txt").write_text("x")
    for command in ("pin", "rebase"):
        assert run([command, given]) == 2


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 1)])
def test_a_person_is_asked_in_the_terminal(committed: Path, answer: bytes, code: int) -> None:
    change(committed, ("41,200", "42,000"))
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer)
        command = [str(Path(sys.executable).with_name("postil")), "rebase"]
        done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, timeout=60, check=False)
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == code, done.stderr
    assert "write it?" in done.stderr
    assert ("42,000" in sidecar(committed)) is (code == 0)


TIGHT = (
    "<h1>Tolls</h1><table><tr><td>North</td><td>12</td></tr><tr><td>South</td><td>9</td></tr></table>"
    "<p>Paid<br>daily</p>\n"
)
TIGHT_SIDECAR = """\
context:
  - {id: north, quote: North 12, note: x}
  - {id: rows, quote: "12\\nSouth\\t9", note: x}
  - {id: paid, quote: 'Paid daily', note: x}
"""


@pytest.mark.parametrize("known", ["git", "cache"])
def test_quotes_over_borders_are_carried(corpus: Path, git, capsys, known) -> None:
    (corpus / "seeds" / "tolls.html").write_text(TIGHT)
    (corpus / "seeds" / "tolls.yml").write_text(TIGHT_SIDECAR)
    assert run(["pin"]) == 0
    if known == "git":
        shutil.rmtree(corpus / ".cache")
        git("add", ".")
        git("commit", "-q", "-m", "Tolls")
    moved = TIGHT.replace("<td>South", "<td>West</td><td>3</td></tr><tr><td>South").replace(
        "Paid<br>", "Paid<br>in full, <br>"
    )
    (corpus / "seeds" / "tolls.html").write_text(moved)
    capsys.readouterr()
    assert run(["rebase", "--accept", "edited"]) == 0, capsys.readouterr().out
    assert "2 edited" in capsys.readouterr().out
    written = (corpus / "seeds" / "tolls.yml").read_text()
    assert [line for line in written.splitlines() if "quote" in line] == [
        "  - {id: north, quote: North 12, note: x}",
        '  - {id: rows, quote: "12 West 3 South 9", note: x}',
        "  - {id: paid, quote: 'Paid in full, daily', note: x}",
    ]
    assert placed(capsys) == ["Q205"] * 3
