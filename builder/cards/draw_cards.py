"""Draw share cards as PNG pictures, with Typst: it sets text in every script, breaks lines, and needs no browser.

A batch of cards is one program with a page for each, so a card costs some milliseconds. It loads nothing: the cards are
its data, and its fonts are those that Typst brings along and those of the machine, or of one folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.cards.cache import read_card, write_card
from builder.model import Card

if TYPE_CHECKING:
    import typst

WIDTH, HEIGHT = 1200, 630  # pixels, as the sites that show cards ask for
_PIXELS_PER_INCH = 72.0  # a point is a pixel
_STRICT = "a-2b"  # a kind of PDF that has to have a shape for every character; a PNG shows a box, and says nothing
_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?(?:-.*)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class CardFolders:
    """Where cards are kept between builds, and where the fonts are: None for those of the machine."""

    cache: Path
    fonts: Path | None = None


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """A card as a PNG picture. ``unshown``: characters that no font has, which it shows as boxes."""

    picture: bytes
    unshown: str = ""


def cards_available() -> bool:
    """Return whether Typst is installed."""
    return find_spec("typst") is not None


def draw_cards(cards: Sequence[Card], folders: CardFolders) -> tuple[DrawnCard, ...]:
    """Return the pictures of cards, in their order; what is in the cache is not drawn again.

    A card with characters that no font has is drawn, too, but not kept: fonts may be installed.
    """
    if not cards:
        return ()
    kept = {card: read_card(folders.cache / _key(card, folders.fonts)) for card in dict.fromkeys(cards)}
    drawn = {card: DrawnCard(picture) for card, picture in kept.items() if picture is not None}
    missing = [card for card in kept if card not in drawn]
    unshown = _unshown(missing, folders.fonts)
    for card, picture in zip(missing, _pictures(missing, folders.fonts), strict=True):
        drawn[card] = DrawnCard(picture, unshown.get(card, ""))
        if not drawn[card].unshown:
            write_card(folders.cache / _key(card, folders.fonts), picture)
    return tuple(drawn[card] for card in cards)


def _key(card: Card, fonts: Path | None) -> str:
    """Return the name in the cache: the fingerprint of all that the picture is made from."""
    return sha256(f"{_base(fonts)}\n{card!r}".encode()).hexdigest()


@cache
def _base(fonts: Path | None) -> str:
    faces = sorted(f"{face.family} {face.style} {face.weight} {face.path}" for face in _fonts(fonts).fonts())
    parts = (version("typst"), _program().decode(), *faces)
    return sha256("\n".join(parts).encode()).hexdigest()


@cache
def _program() -> bytes:
    return (files("builder.cards") / "card.typ").read_bytes()


@cache
def _fonts(folder: Path | None) -> typst.Fonts:
    import typst  # noqa: PLC0415 - an extra, which a site without cards does not need

    return typst.Fonts(include_system_fonts=folder is None, font_paths=[folder] if folder else [])


def _pictures(cards: Sequence[Card], fonts: Path | None) -> list[bytes]:
    if not cards:
        return []
    output = _compile(cards, fonts, format="png", ppi=_PIXELS_PER_INCH)
    return output if isinstance(output, list) else [output]


def _unshown(cards: Sequence[Card], fonts: Path | None) -> dict[Card, str]:
    """Return the characters of cards that no font has; of those cards only that have some."""
    import typst  # noqa: PLC0415

    if not cards:
        return {}
    try:
        _compile(cards, fonts, format="pdf", pdf_standards=[_STRICT])
    except typst.TypstError as error:
        if len(cards) == 1:
            found = _UNSHOWN.findall(f"{error} {getattr(error, 'diagnostic', '')}")
            return {cards[0]: "".join(dict.fromkeys(found))}
        return {card: unshown for one in cards for card, unshown in _unshown([one], fonts).items()}
    return {}


def _compile(cards: Sequence[Card], fonts: Path | None, **options: Any) -> Any:  # noqa: ANN401 - bytes, or a list of them
    import typst  # noqa: PLC0415

    data = json.dumps([_as_data(asdict(card)) for card in cards])
    return typst.compile(_program(), sys_inputs={"cards": data}, font_paths=_fonts(fonts), **options)


def _as_data(value: Any) -> Any:  # noqa: ANN401 - whatever JSON has
    """Return a value with languages in the form that Typst takes: a code of two or three letters, and a region."""
    if isinstance(value, dict):
        if "language" in value:
            return {"text": value["text"], "rtl": value["rtl"], **_language(value["language"])}
        return {key: _as_data(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_data(each) for each in value]
    return value


def _language(tag: str) -> dict[str, str | None]:
    found = _LANGUAGE.fullmatch(tag)
    return {"lang": found[1].lower() if found else "en", "region": found[2] if found and found[2] else None}
