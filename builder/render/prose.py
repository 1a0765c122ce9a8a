"""Prose of notes, summaries and topics: finished HTML with its cross-links put in."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from builder.addresses import relative_url
from builder.labels import note_label
from builder.model import CrossLink, Project, Prose, Target
from builder.render.formatting import shorten_middle

_WORDS = 80  # code points of a link that has no words of its own


def prose_html(
    prose: Prose | None,
    targets: Mapping[tuple[str, str], Target],
    project: Project,
    address: str,
    *,
    own: str = "",
) -> str:
    """Return prose as HTML; a cross-link that leads nowhere is left as plain words.

    ``targets``: (document or ``own``, note or "") -> where the cross-links lead.
    ``project``: for the labels of verdicts.
    ``address``: of the page that the prose stands on.
    ``own``: the slug of the document that the prose is of, if it is of one.
    """
    if prose is None:
        return ""
    return "".join(
        part if isinstance(part, str) else _link(part, targets, project, address, own) for part in prose.html
    )


def link_words(target: Target, project: Project) -> str:
    """Return the words of a cross-link that has none: the document's title, or the note's words after its label."""
    words = shorten_middle(target.words or target.title, _WORDS)
    if target.kind is None or not target.words:
        return words
    return f"{note_label(target.kind, target.verdict, project)}: {words}"


def prose_text(prose: Prose | None, targets: Mapping[tuple[str, str], Target], *, own: str = "") -> str:
    """Return prose as plain text; a cross-link without words stands as the title of its document.

    Not as the words of a note: they would stand there without their verdict.
    """

    def words(cross_link: CrossLink) -> str | None:
        target = targets.get((cross_link.document or own, cross_link.note or ""))
        return target.title if target else None

    return prose.with_words(words).text if prose else ""


def _link(
    cross_link: CrossLink, targets: Mapping[tuple[str, str], Target], project: Project, address: str, own: str
) -> str:
    target = targets.get((cross_link.document or own, cross_link.note or ""))
    if target is None:
        return escape(cross_link.words or cross_link.note or cross_link.document or "")
    words = cross_link.words or link_words(target, project)
    return f'<a class="postil-see" href="{escape(relative_url(address, target.address))}">{escape(words)}</a>'
