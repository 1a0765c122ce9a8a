"""Which commit the foot of every page names."""

from __future__ import annotations

from pathlib import Path

from history_repo import Repo

from builder.history.corpus_commit import read_corpus_commit
from builder.model import CorpusCommit


def test_it_is_the_last_commit_that_changed_the_documents(repo: Repo) -> None:
    repo.edit("speech.yml", "title:", "# looked at again\ntitle:")
    last = repo.commit("Look again")
    (repo.top / "mkdocs.yml").write_text("site_name: C\n")
    repo.commit("Describe the site")
    assert read_corpus_commit(repo.top, repo.seeds) == CorpusCommit(last, "2026-01-03")


def test_a_corpus_that_no_commit_has_names_none(repo: Repo) -> None:
    repo.write("new.txt", "Not committed.")
    assert read_corpus_commit(repo.top, repo.seeds) is None
    repo.commit("Add it")
    (repo.top / "note.txt").write_text("Beside the corpus.")
    assert read_corpus_commit(repo.top, repo.seeds) is not None
    repo.write("new.txt", "Changed since.")
    assert read_corpus_commit(repo.top, repo.seeds) is None


def test_without_a_repository_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    assert read_corpus_commit(tmp_path, tmp_path / "seeds") is None
