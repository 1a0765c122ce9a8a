"""Suggest the name that was meant instead of an unknown one, within a bound on the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

# What the suggestions for one file may cost: letters of unknown names times letters of known ones. 8 million pairs are
# 20,000 comparisons of names with 20 letters, 0.3 s, or 1.2 s where all names are alike. Without a bound 200 unknown
# topics against 1,000 known ones took 3.5 s, and the cost is the product of the two.
_PAIRS: Final = 8_000_000


@dataclass(slots=True)
class Suggestions:
    """The suggestions for one file. Each name is looked for once, and none any more when ``left`` is used up."""

    left: int = _PAIRS
    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def nearest(
        self, wanted: str, known: Callable[[], Iterable[str]], *, among: str, cutoff: float = 0.6
    ) -> str | None:
        """Return the known name most like ``wanted``, "" if none is like it, None if it was not looked for.

        ``wanted``: the unknown name.
        ``known``: returns the names that exist; called only if they are compared.
        ``among``: what kind of names these are; the same kind always has the same names.
        ``cutoff``: how like it must be, from 0 to 1 (difflib's ratio).
        """
        if (wanted, among) in self.found:
            return self.found[wanted, among]
        if self.left <= 0:
            return None
        # Names much longer or shorter cannot be so much alike: 2 * shorter / (both lengths) is the highest ratio.
        shortest = len(wanted) * cutoff / (2 - cutoff) - 1  # less one, for rounding
        longest = len(wanted) * (2 - cutoff) / cutoff + 1
        names = [name for name in known() if shortest <= len(name) <= longest]
        pairs = len(wanted) * sum(map(len, names))
        if pairs > self.left:
            self.left = 0
            return None
        self.left -= pairs
        near = get_close_matches(wanted, names, n=1, cutoff=cutoff)
        self.found[wanted, among] = near[0] if near else ""
        return self.found[wanted, among]
