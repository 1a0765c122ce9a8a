"""One font for every character: words are as wide and lines as high on every machine, whatever fonts it has."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

EM = 1000
WIDTH, SPACE = 580, 320  # about those of DejaVu Sans, which is among the wider ones that machines come with
ASCENT, DESCENT = 930, 240
SETTINGS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


def write_font(folder: Path) -> None:
    """Write the font, and the settings with which fontconfig knows no other: ``fonts.conf``."""
    made = FontBuilder(EM, isTTF=True)
    made.setupGlyphOrder([".notdef", "space", "box"])
    made.setupCharacterMap({ord(" "): "space"})
    made.setupGlyf({".notdef": _box(), "space": TTGlyphPen(None).glyph(), "box": _box()})
    made.setupHorizontalMetrics({".notdef": (WIDTH, 50), "space": (SPACE, 0), "box": (WIDTH, 50)})
    made.setupHorizontalHeader(ascent=ASCENT, descent=-DESCENT)
    made.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    made.setupOS2(
        sTypoAscender=ASCENT,
        sTypoDescender=-DESCENT,
        usWinAscent=ASCENT,
        usWinDescent=DESCENT,
        sxHeight=500,
        sCapHeight=700,
    )
    made.setupPost()
    made.font["cmap"].tables.append(_everything())
    made.save(folder / "boxes.ttf")
    (folder / "fonts.conf").write_text(SETTINGS.format(folder=folder))


def _box() -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 700), (WIDTH - 50, 700), (WIDTH - 50, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def _everything() -> CmapSubtable:
    """The box for every character of the first two planes, in the format for fonts of last resort: a row is a range."""
    table = CmapSubtable.newSubtable(13)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.format, table.reserved, table.length, table.nGroups = 13, 0, 0, 0
    spaces = {0x20, 0xA0}
    characters = (number for number in range(0x20, 0x20000) if not 0xD800 <= number < 0xE000)
    table.cmap = {number: "space" if number in spaces else "box" for number in characters}
    return table
