"""Turn documents into bytes and back, to keep them between stages and to send them between processes.

The pickling that a frozen dataclass with slots brings looks its fields up for every value. Here each class is
registered with ``copyreg`` instead, and values are made from their fields in order. That takes a half to a third of
the time, both here and for what processes send each other.
"""

from __future__ import annotations

import copyreg
import pickle
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from operator import attrgetter

from builder import diagnostics, model
from builder.model import AnchoredDocument

_FASTEST = 1  # of zlib's levels: a third of the size already; the next ones take longer and save little


def pack(anchored: AnchoredDocument) -> bytes:
    """Return a document as compressed bytes, about a third of its pickled size."""
    return zlib.compress(pickle.dumps(anchored), _FASTEST)


def unpack(packed: bytes) -> AnchoredDocument:
    """Return the document that ``pack`` was given. Only for our own bytes: unpickling others could run any code."""
    anchored: AnchoredDocument = pickle.loads(zlib.decompress(packed))  # noqa: S301 - our own
    return anchored


def _taken_apart(noun: type) -> Callable[[object], tuple[type, tuple[object, ...]]]:
    """Return the function that takes a value of this class apart for ``copyreg``."""
    names = [field.name for field in fields(noun)]
    parts = attrgetter(*names)
    if len(names) == 1:  # then ``attrgetter`` gives the one part itself
        return lambda value: (noun, (parts(value),))
    return lambda value: (noun, parts(value))


for _noun in (*vars(model).values(), *vars(diagnostics).values()):
    if isinstance(_noun, type) and is_dataclass(_noun):
        copyreg.pickle(_noun, _taken_apart(_noun))
