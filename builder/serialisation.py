"""Values as bytes and back: how what was made of a document waits for the stage that needs it, and travels.

A dataclass that is frozen and has slots brings its own way of being pickled, which looks its fields up at every value,
both ways. Here each class is told to ``copyreg`` once: values are made anew from the fields in their order. That takes
a half to a third of the time, for what is packed here and for what processes send each other.
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
    """Make bytes of a document, about a third of what they stand for."""
    return zlib.compress(pickle.dumps(anchored), _FASTEST)


def unpack(packed: bytes) -> AnchoredDocument:
    """Give the document that ``pack`` was given. For our own bytes only: others could run anything."""
    anchored: AnchoredDocument = pickle.loads(zlib.decompress(packed))  # noqa: S301 - our own
    return anchored


def _taken_apart(noun: type) -> Callable[[object], tuple[type, tuple[object, ...]]]:
    """How a value of this class is taken apart, and what makes it anew of the parts."""
    names = [field.name for field in fields(noun)]
    parts = attrgetter(*names)
    if len(names) == 1:  # then ``attrgetter`` gives the one part itself
        return lambda value: (noun, (parts(value),))
    return lambda value: (noun, parts(value))


for _noun in (*vars(model).values(), *vars(diagnostics).values()):
    if isinstance(_noun, type) and is_dataclass(_noun):
        copyreg.pickle(_noun, _taken_apart(_noun))
