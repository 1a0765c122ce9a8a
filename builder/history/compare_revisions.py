"""Compare two revisions: the call behind ``postil diff``."""

from __future__ import annotations

from pathlib import Path

from builder.history.corpus_trees import load_trees
from builder.history.differences import compare
from builder.history.format_comparison import Comparison
from builder.model import Limits

WORK_TREE = "the work tree"


def compare_revisions(root: Path, seeds: Path, limits: Limits, base: str, head: str | None) -> Comparison:
    """Return what changed from ``base`` to ``head``, two git revisions; the work tree if ``head`` is None.

    Raises UserError if git fails. Touches neither the work tree nor the index.
    """
    before, after = load_trees(root, seeds, limits, base, head)
    return Comparison(base, head or WORK_TREE, compare(before, after), before.faults, after.faults)
