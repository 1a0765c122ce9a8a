"""Pages in their order -> shards: runs of neighbouring pages of one language that are indexed together.

Where a shard ends is decided by the page there, by a digest of its address, and not by how many came before: so a page
that changes, comes or goes changes the shard that it is in, now and then a few after it, and no other. Pages come in
the order of the corpus, so those of one collection stand in the same shards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from builder.search.pages import SearchPage

# Characters of a shard: from the least on, a page may end it, on average after so many more; at the most, it must.
# Pagefind takes 640 bytes of memory for a word, so that is 40 to 70 MB for each shard in work.
_LEAST, _FURTHER, _MOST = 250_000, 200_000, 600_000


@dataclass(frozen=True, slots=True)
class Shard:
    """Pages of one language that are indexed together."""

    language: str
    pages: tuple[SearchPage, ...]


def shards(pages: Iterable[SearchPage]) -> Iterator[Shard]:
    """Cut the pages into shards; each is given as soon as it is whole, what remains of a language at the end."""
    open_: dict[str, list[SearchPage]] = {}
    sizes: dict[str, int] = {}
    for page in pages:
        held = open_.setdefault(page.language, [])
        held.append(page)
        sizes[page.language] = sizes.get(page.language, 0) + page.size
        if _ends(page, sizes[page.language]):
            yield Shard(page.language, tuple(held))
            open_[page.language], sizes[page.language] = [], 0
    for language, held in open_.items():
        if held:
            yield Shard(language, tuple(held))


def _ends(page: SearchPage, size: int) -> bool:
    if size >= _MOST or size < _LEAST:
        return size >= _MOST
    drawn = int.from_bytes(sha256(page.address.encode("utf-8", "surrogatepass")).digest()[:4], "big") / 2**32
    # Among large pages too, some must not be an end: were all, a page that comes would shift the ends of all after it.
    return drawn < min(page.size / _FURTHER, 0.5)
