"""What stands on share cards, and what pages say of them to other sites."""

from __future__ import annotations

from dataclasses import replace

import pytest
from render_makers import LINKS, META, PROJECT, anchored, note, placements, plain_body, prose
from selectolax.lexbor import LexborHTMLParser

from builder.link.document_record import document_record
from builder.model import Appearance, ClaimEntry, NoteKind, NoteRecord, Page, Project
from builder.render.catalog_pages import entry_pages
from builder.render.document_page import document_page
from builder.render.share_card import card_address, card_text, directed_words

SITE = replace(PROJECT, site_url="https://example.org/corpus/", cards=True)
NOTES = (note("a", NoteKind.CLAIM), note("b", NoteKind.CLAIM, verdict="supported"), note("c"))


def page_of(project: Project, **fields: object) -> Page:
    meta = replace(META, title="A  headline", publisher="The Paper", published="2025-12-18", **fields)
    placed = placements([[(0, 3)], [(4, 7)], [(8, 11)]], NOTES)
    return document_page(anchored(plain_body("One two six."), placed, meta=meta), LINKS, project)


def tags(page: Page) -> dict[str, str]:
    metas = LexborHTMLParser(f"<head>{page.head}</head>").css("meta")
    return {
        each.attributes.get("property") or each.attributes["name"] or "": each.attributes["content"] or ""
        for each in metas
    }


def test_the_card_of_a_document_says_what_it_is_and_counts_verdicts() -> None:
    card = page_of(SITE).card
    assert card is not None
    assert card_text(card) == (
        "The Paper · 18 December 2025. [annotated] A headline. 1 Supported. 1 False. 1 Context. Annotated corpus."
    )
    assert [(part.tone, part.glyph, part.number) for part in card.bar] == [
        ("good", "●", 1),
        ("bad", "✕", 1),
        ("context", "§", 1),
    ]


def test_pages_name_their_picture_by_its_whole_address() -> None:
    page = page_of(SITE)
    assert page.card is not None
    address = card_address(page.address, page.card)
    assert address.startswith("documents/a/card.")
    found = tags(page)
    assert {name: found[name] for name in found if name.startswith(("og:image", "twitter"))} == {
        "twitter:card": "summary_large_image",
        "og:image": f"https://example.org/corpus/{address}",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": card_text(page.card),
    }


@pytest.mark.parametrize("project", [replace(SITE, cards=False), PROJECT])
def test_without_cards_there_is_no_picture(project: Project) -> None:
    page = page_of(project)
    assert page.card is None
    assert {name: value for name, value in tags(page).items() if "image" in name or "twitter" in name} == {
        "twitter:card": "summary"
    }


def test_the_address_changes_with_what_the_card_shows_and_with_nothing_else() -> None:
    first, same, other = page_of(SITE), page_of(SITE, rights="All"), page_of(SITE, language="de")
    assert first.card == same.card != other.card
    assert first.card
    assert same.card
    assert other.card
    assert card_address("x/", first.card) == card_address("x/", same.card) != card_address("x/", other.card)


def test_the_finding_stands_under_the_title() -> None:
    card = page_of(SITE, finding=prose("Half of it holds.")).card
    assert card is not None
    assert "[annotated] A headline. Half of it holds. 1 Supported." in card_text(card)


def test_in_teaching_mode_the_card_counts_claims_and_says_nothing_of_them() -> None:
    card = page_of(SITE, reveal=True, finding=prose("Half of it holds.")).card
    assert card is not None
    assert (
        card_text(card)
        == "The Paper · 18 December 2025. [annotated] A headline. 2 Claims. 1 Context. Annotated corpus."
    )
    assert {part.tone for part in card.bar} == {"neutral", "context"}


def claim(*verdicts: str, statement: str = "Fish can fly.") -> Page:
    document = anchored(plain_body("Fish can fly."))
    record = document_record(document)
    notes = [note(str(at), NoteKind.CLAIM, verdict=verdict, statement=statement) for at, verdict in enumerate(verdicts)]
    seen = tuple(Appearance(record, NoteRecord(each, 1, "Fish can fly", "", "", None, ()), ()) for each in notes)
    (page,) = entry_pages(ClaimEntry("claims/fish/", statement, seen), SITE)
    return page


def test_the_verdicts_of_a_claim_stand_before_it() -> None:
    card = claim("false").card
    assert card is not None
    assert card_text(card) == "A claim in 1 document. False. Fish can fly. Annotated corpus."
    two = claim("false", "supported").card
    assert two is not None
    assert card_text(two) == "A claim in 1 document. Supported. False. Fish can fly. Annotated corpus."


def test_words_go_in_the_direction_of_their_first_letter() -> None:
    assert [directed_words(text, "x").rtl for text in ("a א", "2025 א a", "123", "", "«سلام»")] == [
        False,
        True,
        False,
        False,
        True,
    ]
