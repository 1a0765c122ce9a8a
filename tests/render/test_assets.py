"""The style sheet and the script: small, from nowhere else, readable in both schemes."""

from __future__ import annotations

import gzip
import re
import subprocess
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from builder.diagnostics import Diagnostic, Place, UserError
from builder.read.field_values import TONES
from builder.render.formatting import GLYPHS
from builder.render.page_assets import insert_parts, read_asset, read_joined
from builder.render.weave import LANES

ASSETS = Path(__file__).parents[2] / "builder" / "render" / "assets"
CSS = (ASSETS / "postil.css").read_text(encoding="utf-8")
JS = read_joined(ASSETS, "postil.js").decode()
TEACHING_CSS = (ASSETS / "teaching.css").read_text(encoding="utf-8")
TEACHING_JS = read_joined(ASSETS, "teaching.js").decode()
NPM = Path(__file__).parents[1] / "npm"

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
    paper = found.pop("paper")  # of a text that is somebody else's: the numbers of notes stand on it
    assert set(GLYPHS) | {"soft", "link", "edge"} == set(found)
    assert [tone for tone in (*GLYPHS, "link") if contrast(found[tone], paper) < 4.5] == []
    assert contrast(found.pop("edge"), ground) >= 3  # of what is no text: the edges of controls
    for name, colour in found.items():
        # Plain, and on the card of a note that a link led to, which is washed with 11 % of a tone.
        assert contrast(colour, ground) >= 4.5, name
        for tone in GLYPHS:
            washed = tuple(round(0.89 * below + 0.11 * over) for below, over in zip(ground, found[tone], strict=True))
            if name in (tone, "soft", "link"):
                assert contrast(colour, washed) >= 4.5, (name, tone)


@pytest.mark.parametrize("scheme", GROUNDS)
def test_every_line_can_be_seen_and_what_does_not_hold_is_the_thickest(scheme: str) -> None:
    found = colours(scheme)
    ground = found["paper"]  # on which there is less contrast than on the page's own
    for lane in range(LANES):
        inks, widths = lines(lane, "ink"), lines(lane, "w")
        for tone in GLYPHS:
            share = float(inks.get(tone, "100%").removesuffix("%")) / 100
            line = tuple(share * over + (1 - share) * below for over, below in zip(found[tone], ground, strict=True))
            assert contrast(line, ground) >= 3, tone
        width = {tone: float(widths.get(tone, "0.075rem").removesuffix("rem")) for tone in GLYPHS}
        assert width["bad"] > width["warn"] == width["correction"] > width["mixed"] > width["good"] == width["context"]
        assert set(lines(lane, "dash")) == {"unknown"}


def lines(lane: int, name: str) -> dict[str, str]:
    """One property of the lines of a lane, by tone."""
    found = dict[str, str]()
    for selector, block in re.findall(r"\n([^{}]*postil-line[^{}]*)\{(.*?)\}", CSS, re.DOTALL):
        if value := re.search(rf"--{name}{lane}: (.*?);", block):
            found |= dict.fromkeys(re.findall(rf"postil-line{lane}-(\w+)", selector), value[1])
    return found


def test_every_tone_that_a_verdict_may_have_has_a_glyph() -> None:
    assert set(TONES) <= set(GLYPHS)


def test_the_style_sheet_alone_says_from_which_width_on_notes_stand_in_the_margin() -> None:
    beside = re.findall(r"@media ([^{]*)\{(?:(?!@media).)*?--postil-beside: 1", CSS, re.DOTALL)
    assert beside == ["screen and (min-width: 62.5em) and (scripting: enabled) "]
    assert CSS.count("--postil-beside: 1") == 1
    assert "--postil-beside" in JS
    assert "min-width" not in JS
    assert re.findall(r"matchMedia\((.*?)\);", JS) == ['"(prefers-reduced-motion: reduce)"']


def test_every_tone_has_a_colour_and_a_line_in_every_lane() -> None:
    sheet = " ".join(CSS.split())
    for tone, lane in product(GLYPHS, range(LANES)):
        assert f".postil-tone-{tone} {{ --postil-tone: var(--postil-{tone}); }}" in sheet
        assert f".postil-line{lane}-{tone} {{ --postil-line{lane}: var(--postil-{tone}); }}" in sheet


@pytest.mark.parametrize(("content", "most"), [(CSS, 9), (JS, 10), (TEACHING_CSS, 1), (TEACHING_JS, 3)])
def test_assets_are_small_and_load_nothing(content: str, most: int) -> None:
    assert len(gzip.compress(content.encode(), 9)) <= most * 1024
    assert not re.search(r"url\(|@import|https?://|\bfetch\b|innerHTML", content)


def test_jsdoc_is_all_that_scripts_lose(tmp_path: Path) -> None:
    if not (NPM / "node_modules" / "acorn").exists():
        pytest.skip("no acorn: make .venv/.npm")
    scripts = sorted((ASSETS.parents[1]).rglob("*.js"))
    assert {"postil.js", "find.js"} <= {script.name for script in scripts}
    pairs: list[Path] = []
    for script in scripts:
        published = tmp_path / script.name
        published.write_bytes(read_asset(script))
        assert "/**\n" not in published.read_text(encoding="utf-8")
        pairs += (script, published)
    subprocess.run(["node", str(NPM / "same_code.mjs"), *map(str, pairs)], check=True, timeout=60)


@pytest.mark.parametrize(("name", "script"), [("postil.js", JS), ("teaching.js", TEACHING_JS)])
def test_joining_modules_changes_no_statement(tmp_path: Path, name: str, script: str) -> None:
    if not (NPM / "node_modules" / "acorn").exists():
        pytest.skip("no acorn: make .venv/.npm")
    joined = tmp_path / "joined.js"
    joined.write_text(script, encoding="utf-8")
    subprocess.run(["node", str(NPM / "joined_code.mjs"), str(joined), str(ASSETS / name)], check=True, timeout=60)


PAGE = "<html><head><title>A</title></head><header><nav>bar</nav></header><main>text</main></html>"


def test_parts_are_put_where_they_belong() -> None:
    assert insert_parts(PAGE, head="<link>", button="<button>", dialog="<dialog>") == (
        "<html><head><title>A</title><link></head><header><nav>bar<button></nav></header><dialog><main>text</main></html>"
    )
    assert insert_parts("<p>no place for anything</p>") == "<p>no place for anything</p>"


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ({"head": "<link>"}, "</head>"),
        ({"button": "<button>"}, "</nav> in its header"),
        ({"button": "<button>"}, "</header>"),
        ({"dialog": "<dialog>"}, "</header>"),
        ({"problems": (Diagnostic(Place("a.yml"), "Y101", "wrong"),)}, "</header>"),
    ],
)
def test_a_theme_without_the_place_of_a_part_is_refused(part: dict[str, Any], place: str) -> None:
    with pytest.raises(UserError, match=f"a page without {place}, "):
        insert_parts(PAGE.replace(place.partition(" ")[0], ""), **part)


def test_no_two_sheets_style_one_class_for_two_things() -> None:
    """A class that two sheets have a rule for is one thing in both: these are, others would be two things."""
    sheets = [*ASSETS.glob("*.css"), ASSETS.parents[1] / "search" / "browser" / "search.css"]
    alone = r"^(?:\.md-typeset )?(?:\.postil )?(\.postil-[a-z-]+)(?: [a-z]+)? \{"
    styled = [set(re.findall(alone, sheet.read_text(encoding="utf-8"), re.MULTILINE)) for sheet in sheets]
    twice = {name for one, other in combinations(styled, 2) for name in one & other}
    assert twice == {".postil-kicker", ".postil-summary", ".postil-tally"}
