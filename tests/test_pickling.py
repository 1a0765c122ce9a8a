"""Whatever a corpus is made of comes out of its bytes as it went in."""

from __future__ import annotations

import copyreg
import pickle
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from builder import diagnostics, model
from builder.pickling import pack, unpack
from builder.pipeline import Settings, load_corpus

ROOT = Path(__file__).parents[1]
NOUNS = [
    each
    for room in (model, diagnostics)
    for each in vars(room).values()
    if isinstance(each, type) and is_dataclass(each) and each.__module__ == room.__name__
]


@pytest.mark.parametrize("noun", NOUNS, ids=[each.__name__ for each in NOUNS])
def test_every_noun_is_made_anew_of_its_fields(noun: type) -> None:
    names = noun.__match_args__  # type: ignore[attr-defined]
    parts = [f"{noun.__name__}.{name}" for name in names]
    value = noun(*parts)
    assert noun in copyreg.dispatch_table
    assert copyreg.dispatch_table[noun](value) == (noun, tuple(parts))
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own


def test_a_corpus_comes_back_as_it_was() -> None:
    found = load_corpus(Settings(ROOT, ROOT / "seeds", workers=1), {})
    assert found.corpus.documents
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own
    for record in found.corpus.documents:
        anchored = unpack(found.read_results[record.path].packed)
        assert (anchored.document.slug, len(anchored.document.notes)) == (record.slug, len(record.notes))
        assert unpack(pack(anchored)) == anchored
