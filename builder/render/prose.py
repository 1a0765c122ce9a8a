"""Prose outside documents: finished HTML with its cross-links put in."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from builder.addresses import relative
from builder.model import Crossref, Prose, Target
from builder.render.wording import shorten


def linked(prose: Prose | None, targets: Mapping[tuple[str, str], Target], address: str) -> str:
    """Give prose as HTML for the page at ``address``; a link that leads nowhere is left as plain words."""
    if prose is None:
        return ""
    return "".join(part if isinstance(part, str) else _link(part, targets, address) for part in prose.html)


def _link(crossref: Crossref, targets: Mapping[tuple[str, str], Target], address: str) -> str:
    target = targets.get((crossref.document or "", crossref.note or ""))
    if target is None:
        return escape(crossref.words or crossref.note or crossref.document or "")
    words = crossref.words or shorten(target.words or target.title, 80)
    return f'<a class="postil-see" href="{escape(relative(address, target.address))}">{escape(words)}</a>'
