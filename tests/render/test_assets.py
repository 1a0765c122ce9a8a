"""The style sheet and the script: small, from nowhere else, readable in both schemes."""

from __future__ import annotations

import gzip
import re
from itertools import product
from pathlib import Path

import pytest

from builder.render.formatting import GLYPHS
from builder.render.weave import LANES

ASSETS = Path(__file__).parents[2] / "builder" / "render" / "assets"
CSS = (ASSETS / "postil.css").read_text(encoding="utf-8")
JS = (ASSETS / "postil.js").read_text(encoding="utf-8")

# The theme's own grounds: white, and slate's hsla(232, 15%, 14%, 1).
GROUNDS = {"default": (255, 255, 255), "slate": (30, 32, 41)}


def colours(scheme: str) -> dict[str, tuple[int, ...]]:
    block = re.search(rf'data-md-color-scheme="{scheme}"\] \{{(.*?)\}}', CSS, re.DOTALL)
    assert block
    found = re.findall(r"--postil-([a-z]+): #([0-9a-f]{6});", block[1])
    return {name: tuple(bytes.fromhex(value)) for name, value in found}


def luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [each / 255 for each in colour]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", GROUNDS)
def test_every_colour_can_be_read(scheme: str) -> None:
    ground = GROUNDS[scheme]
    found = colours(scheme)
    assert set(GLYPHS) | {"soft", "link", "edge"} == set(found)
    assert contrast(found.pop("edge"), ground) >= 3  # of what is no text: the edges of controls
    for name, colour in found.items():
        # Plain, and on the card of a note that a link led to, which is washed with 11 % of a tone.
        assert contrast(colour, ground) >= 4.5, name
        for tone in GLYPHS:
            washed = tuple(round(0.89 * below + 0.11 * over) for below, over in zip(ground, found[tone], strict=True))
            if name in (tone, "soft", "link"):
                assert contrast(colour, washed) >= 4.5, (name, tone)


def test_every_tone_has_a_colour_and_a_line_in_every_lane() -> None:
    sheet = " ".join(CSS.split())
    for tone, lane in product(GLYPHS, range(LANES)):
        assert f".postil-tone-{tone} {{ --postil-tone: var(--postil-{tone}); }}" in sheet
        assert f".postil-line{lane}-{tone} {{ --postil-line{lane}: var(--postil-{tone}); }}" in sheet


@pytest.mark.parametrize("content", [CSS, JS])
def test_assets_are_small_and_load_nothing(content: str) -> None:
    assert len(gzip.compress(content.encode(), 9)) <= 8 * 1024
    assert not re.search(r"url\(|@import|https?://|\bfetch\b|innerHTML", content)
