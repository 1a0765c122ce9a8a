"""Which commit the published corpus is of: for the foot of every page."""

from __future__ import annotations

from pathlib import Path

from builder.diagnostics import UserError
from builder.history import git
from builder.model import CorpusCommit


def read_corpus_commit(root: Path, seeds: Path) -> CorpusCommit | None:
    """Return the last commit that changed anything below ``seeds``.

    None without git, a repository or a commit, and where files below ``seeds`` are not as committed: then no commit has
    what is published.

    ``root``: the project's folder.
    """
    try:
        repo = git.repository(root)
        below = git.within(repo, seeds)
        commit = git.head(repo)
        if commit is None or git.has_changes(repo, below):
            return None
        return git.last_commit(repo, commit, below)
    except UserError:
        return None
