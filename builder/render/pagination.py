"""Long lists cut into pages that need no script: the first at the list's own address, the others below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from builder.addresses import relative_url

ROWS = 200  # of a list on one page: some 150 KB of HTML
NOTES = 50  # of a page of notes, which are longer: as long as a document with many

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Step:
    """A link to one page of a list; ``href`` is None on the page itself. A ``gap`` stands before it."""

    number: int
    href: str | None
    gap: bool


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page stands among the pages of its list; ``first`` and ``last`` number its rows, from 1."""

    number: int
    count: int
    first: int
    last: int
    total: int
    previous: str | None
    following: str | None
    steps: tuple[Step, ...]


def page_slices(items: Sequence[_Item], size: int = ROWS) -> tuple[Sequence[_Item], ...]:
    """Return the items of each page; one page even if there are none."""
    return tuple(items[start : start + size] for start in range(0, max(1, len(items)), size))


def numbered_page_address(address: str, number: int) -> str:
    """Return the address of one page of the list at ``address``.

    No slug, key or id has an underscore, so ``page_2`` is nobody else's.
    """
    return address if number == 1 else f"{address}page_{number}/"


def page_addresses(address: str, total: int, size: int = ROWS) -> tuple[str, ...]:
    """Return the address of every page of a list of ``total`` items."""
    return tuple(numbered_page_address(address, number) for number in range(1, max(1, -(-total // size)) + 1))


def pager(address: str, number: int, total: int, *, size: int = ROWS, here: str | None = None) -> Pager | None:
    """Return the links to the other pages of the list at ``address``; None if there is only one.

    ``address``: that of the list, and of its first page.
    ``number``: of the page, from 1.
    ``total``: of the list's items.
    ``size``: items of a page.
    ``here``: the page that the links stand on, where that is not the list's own.
    """
    count = -(-total // size)
    if count < 2:  # noqa: PLR2004 - a single page needs no links to others
        return None
    here = numbered_page_address(address, number) if here is None else here

    def href(page: int) -> str:
        return relative_url(here, numbered_page_address(address, page))

    shown = sorted({1, count, *range(max(1, number - 2), min(count, number + 2) + 1)})
    steps = tuple(
        Step(page, None if page == number else href(page), page - before > 1)
        for before, page in zip([0, *shown], shown, strict=False)
    )
    return Pager(
        number=number,
        count=count,
        first=(number - 1) * size + 1,
        last=min(total, number * size),
        total=total,
        previous=href(number - 1) if number > 1 else None,
        following=href(number + 1) if number < count else None,
        steps=steps,
    )
