"""Pages in their order -> shards: runs of neighbouring pages of one language that are indexed together.

Where a shard ends is decided by the page there, by a digest of its address, and not by how many came before. So a page
that changes, comes or goes changes the shard that it is in, now and then a few after it, and no other. Pages come in
the order of the corpus, so those of one collection are in the same shards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from builder.search.pages import SearchPage

# Characters of a shard: from _LEAST on a page may end it, on average after _FURTHER more; from _MOST on it must.
# Pagefind takes 640 bytes of memory for a word, so that is 40 to 70 MB for each shard that is being indexed.
_LEAST, _FURTHER, _MOST = 250_000, 200_000, 600_000


@dataclass(frozen=True, slots=True)
class Shard:
    """Pages of one language that are indexed together."""

    language: str
    pages: tuple[SearchPage, ...]


def cut_shards(pages: Iterable[SearchPage]) -> Iterator[Shard]:
    """Cut the pages into shards, each as soon as it is complete; what remains of each language comes last."""
    incomplete: dict[str, list[SearchPage]] = {}
    sizes: dict[str, int] = {}
    for page in pages:
        shard = incomplete.setdefault(page.language, [])
        shard.append(page)
        sizes[page.language] = sizes.get(page.language, 0) + page.size
        if _ends_shard(page, sizes[page.language]):
            yield Shard(page.language, tuple(shard))
            incomplete[page.language], sizes[page.language] = [], 0
    for language, shard in incomplete.items():
        if shard:
            yield Shard(language, tuple(shard))


def _ends_shard(page: SearchPage, size: int) -> bool:
    if size >= _MOST or size < _LEAST:
        return size >= _MOST
    drawn = int.from_bytes(sha256(page.address.encode("utf-8", "surrogatepass")).digest()[:4], "big") / 2**32
    # Among large pages too, some must not be an end: were all, a page that comes would shift the ends of all after it.
    return drawn < min(page.size / _FURTHER, 0.5)
