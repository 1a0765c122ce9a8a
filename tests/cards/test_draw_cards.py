"""Share cards as pictures. What they look like is for eyes; these tests hold size, fonts, cache and safety."""

from __future__ import annotations

import os
import re
import struct
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from builder.cards.cache import open_cache
from builder.cards.draw_cards import HEIGHT, WIDTH, CardFolders, cards_available, draw_cards
from builder.model import Card, CardPart, CardWords
from builder.render.formatting import GLYPHS
from builder.render.head_tags import CARD_HEIGHT, CARD_WIDTH

pytestmark = pytest.mark.skipif(not cards_available(), reason="Typst is not installed")


def words(text: str, language: str = "en", *, rtl: bool = False) -> CardWords:
    return CardWords(text, language, rtl)


CARD = Card(
    origin=words("example.news · 18 December 2025"),
    verdicts=(),
    title=words("Annotated: A headline"),
    finding=words("Half of it holds."),
    bar=tuple(CardPart(tone, glyph, words(f"3 {tone}"), 3) for tone, glyph in GLYPHS.items()),
    site=words("Annotated corpus"),
    rtl=False,
)


@pytest.fixture
def folders(tmp_path: Path) -> CardFolders:
    """Fonts of no machine: those that Typst brings along."""
    (tmp_path / "fonts").mkdir()
    return CardFolders(tmp_path / "cache", tmp_path / "fonts")


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


@pytest.mark.parametrize(
    "card",
    [
        CARD,
        replace(CARD, bar=(), finding=None),
        replace(CARD, verdicts=CARD.bar[:1]),
        replace(CARD, verdicts=CARD.bar),
        replace(CARD, title=words("סיפור של שניים", "he", rtl=True), rtl=True),
        replace(CARD, title=words("long words " * 40), finding=words("and more " * 60), bar=CARD.bar * 4),
        replace(CARD, title=words("")),
        *(
            replace(CARD, title=words("A title", language))
            for language in ("zh-Hant-TW", "de-1996", "x-own", "art", "")
        ),
    ],
)
def test_a_card_is_a_picture_of_the_size_that_pages_say(card: Card, folders: CardFolders) -> None:
    (drawn,) = draw_cards([card], folders)
    assert (size(drawn.picture), drawn.unshown) == ((CARD_WIDTH, CARD_HEIGHT), "")
    assert (CARD_WIDTH, CARD_HEIGHT) == (WIDTH, HEIGHT)


def test_cards_come_in_their_order_whatever_is_kept(folders: CardFolders) -> None:
    cards = [replace(CARD, title=words(f"Annotated: {number}")) for number in range(5)]
    alone = [
        draw_cards([card], CardFolders(folders.cache / str(number), folders.fonts))[0]
        for number, card in enumerate(cards)
    ]
    draw_cards(cards[1:4:2], folders)
    assert list(draw_cards([*cards, cards[0]], folders)) == [*alone, alone[0]]
    assert len({drawn.picture for drawn in alone}) == len(cards)
    assert draw_cards([], folders) == ()


def test_what_is_kept_is_not_drawn_again_unless_it_is_damaged(folders: CardFolders) -> None:
    (first,) = draw_cards([CARD], folders)
    (kept,) = folders.cache.iterdir()
    before = kept.stat().st_ino
    assert draw_cards([CARD], folders) == (first,)
    assert kept.stat().st_ino == before
    kept.write_bytes(kept.read_bytes()[:-1])
    assert draw_cards([CARD], folders) == (first,)
    assert kept.stat().st_ino != before


def test_text_of_a_card_is_never_a_program(folders: CardFolders) -> None:
    hostile = '#panic("no") $x^2$ *b* _i_ @ref <label> \\ // /* #read("/etc/passwd") ] } ") "'
    card = replace(CARD, title=words(hostile), origin=words(hostile), site=words(hostile), finding=words(hostile))
    (drawn,) = draw_cards([card], folders)
    assert size(drawn.picture) == (WIDTH, HEIGHT)


def test_what_no_font_has_is_told_and_not_kept(folders: CardFolders) -> None:
    strange = replace(CARD, title=words("The ᚠ and ᚢ runes"), site=words("ᚠ"))
    cards = [CARD, strange, replace(CARD, rtl=True)]
    assert [drawn.unshown for drawn in draw_cards(cards, folders)] == ["", "ᚠᚢ", ""]
    assert len(list(folders.cache.iterdir())) == 2


def test_the_cache_forgets_what_no_build_has_asked_for_in_a_month(folders: CardFolders) -> None:
    draw_cards([CARD], folders)
    old = folders.cache / ("0" * 64)
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    open_cache(folders.cache)
    assert len([path for path in folders.cache.iterdir() if path.name != ".gitignore"]) == 1


def test_cards_have_the_colours_of_pages() -> None:
    program = (files("builder.cards") / "card.typ").read_text(encoding="utf-8")
    styles = (files("builder.render") / "assets" / "postil.css").read_text(encoding="utf-8")
    by_day = styles.partition('[data-md-color-scheme="slate"]')[0]
    tones = dict(re.findall(r'"([a-z]+)": rgb\("(#\w+)"\)', program))
    assert tones == {tone: colour for tone, colour in re.findall(r"--postil-(\w+): (#\w+);", by_day) if tone in GLYPHS}
    assert set(tones) == set(GLYPHS)
