"""The share cards of documents and claims: what stands on the picture that other sites put beside a link.

A picture is shown without its page, so nothing stands on it that is not said to be annotated, or has its verdict before
it. Under ``reveal`` it has no verdict and no finding.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import sha256

from builder.model import Card, CardPart, CardWords, DocumentMeta, Project
from builder.render.counts import VerdictCount
from builder.render.formatting import Badge, format_date, one_line, shorten_middle

_TITLE = 220  # code points: what a card has room for in its smallest letters
_FINDING = 200
_NAME = 70


def document_card(meta: DocumentMeta, counts: Iterable[VerdictCount], project: Project, *, finding: str = "") -> Card:
    """Return the card of a document.

    ``meta``: of the document.
    ``counts``: of its notes, as its page has them.
    ``project``: the corpus.
    ``finding``: the editors' finding in plain text, "" where there is none or it is closed.
    """
    published = format_date(meta.published, project.translation)
    origin = " · ".join(filter(None, (meta.publisher, published.words if published else None)))
    return Card(
        origin=CardWords(shorten_middle(origin, _NAME), meta.language, meta.rtl),
        verdicts=(),
        title=CardWords(shorten_middle(annotated_title(meta, project), _TITLE), meta.language, meta.rtl),
        finding=directed_words(shorten_middle(finding, _FINDING), meta.notes_language) if finding else None,
        bar=tuple(
            CardPart(count.badge.tone, count.badge.glyph, _words(_counted(count, project), project), count.number)
            for count in counts
        ),
        site=_site(project),
        rtl=meta.rtl,
    )


def claim_card(claim: str, language: str, badges: Iterable[Badge], documents: int, project: Project) -> Card:
    """Return the card of a claim, its verdicts before its words.

    ``claim``, ``language``: the claim in words, and the language that they are in.
    ``badges``: of all verdicts that it got.
    ``documents``: how many documents make it.
    ``project``: the corpus.
    """
    title = directed_words(shorten_middle(claim, _TITLE), language)
    where = project.translation.ngettext("A claim in %(num)s document", "A claim in %(num)s documents", documents)
    return Card(
        origin=_words(where, project),
        verdicts=tuple(CardPart(badge.tone, badge.glyph, _words(badge.label, project), 1) for badge in badges),
        title=title,
        finding=None,
        bar=(),
        site=_site(project),
        rtl=title.rtl,
    )


def annotated_title(meta: DocumentMeta, project: Project) -> str:
    """Return a document's title as it stands away from its page: said to be annotated before anything else."""
    return project.translation.gettext("[annotated] %(title)s", title=one_line(meta.title))


def card_address(address: str, card: Card) -> str:
    """Return the address of the picture of the page at ``address``.

    It has the fingerprint of what the picture shows, because sites that show cards keep them for long.
    """
    return f"{address}card.{sha256(repr(card).encode()).hexdigest()[:8]}.png"


def card_text(card: Card) -> str:
    """Return all that a card says, in its order, for those who do not see it."""
    return ". ".join(words.text.rstrip(".") for words in _all_words(card) if words.text) + "."


def _all_words(card: Card) -> Iterator[CardWords]:
    yield card.origin
    yield from (part.words for part in card.verdicts)
    yield card.title
    if card.finding:
        yield card.finding
    yield from (part.words for part in card.bar)
    yield card.site


def directed_words(text: str, language: str) -> CardWords:
    """Return words that go in the direction of their first letter, as they do on a page with ``dir="auto"``."""
    strong = (direction for direction in map(unicodedata.bidirectional, text) if direction in {"L", "R", "AL"})
    return CardWords(text, language, next(strong, "L") != "L")


def _words(text: str, project: Project) -> CardWords:
    return directed_words(text, project.translation.tag)


def _counted(count: VerdictCount, project: Project) -> str:
    return f"{project.translation.number(count.number)} {count.label}"


def _site(project: Project) -> CardWords:
    return _words(shorten_middle(project.title, _NAME), project)
