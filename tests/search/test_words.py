"""The rules of words: the index and the browser cut every text at the same places."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from builder.search.words import RULES, indexed_words, pagefind_words
from builder.search.write_index import find_script

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node")

SPACES = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))))
SPACES += "\u2028\u2029\u202f\u205f\u3000"
UNSEEN = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u2060\ufeff\ufdd0\ufdd1\ufe0f"
SIGNS = "_-'’ʼʻ‘“”\"«»„.,;:!?¿·…—―⸺–‐‑‒−־،؛/\\&+=$€%№™℃°²½①ⓐ㎏♥🚂👩🏽|~^`´¨*#@()[]{}<>"
BLOCKS = (
    (0x41, 0x5A),  # Latin
    (0x61, 0x7A),
    (0x30, 0x39),
    (0xC0, 0x17F),
    (0x1E00, 0x1EFF),
    (0x300, 0x36F),  # accents by themselves
    (0x370, 0x3FF),  # Greek, Cyrillic
    (0x400, 0x52F),
    (0x5D0, 0x5EA),  # Hebrew, Arabic
    (0x620, 0x669),
    (0x900, 0x97F),  # Devanagari
    (0xE01, 0xE5B),  # Thai, Lao, Khmer
    (0xE81, 0xEDF),
    (0x1780, 0x17FF),
    (0x3000, 0x30FF),  # Japanese
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAD9),
    (0x20000, 0x2A6DD),
    (0xAC00, 0xD7A3),  # Hangul
    (0xFB00, 0xFB06),  # ligatures, presentation forms
    (0xFB1D, 0xFDFB),
    (0xFE70, 0xFEFC),
    (0xFF01, 0xFFEE),  # full width and half width
)
_TEXT = """
the l'homme qu’il dell'arte jusqu'à aujourd'hui L’Été d'_x co-operation don’t U.S. 2,000 snake_case a…b a—b -- ... ---
…… 図書館 ガス が か゛ ガ ｶﾞ 第5回 ប្រជា\u200bធិបតេយ្យ ประชา\u200bธิปไตย ﬁsh Ｎａｔｏ ſtate ß ĳ ͺ
"""
PIECES = (*_TEXT.split(), "commis-\nsion", "bene\u00ad\r\n fit", "pre-\nand post", "-\n", "\u00ad\n", "a-\u2028b")


def texts(number: int) -> list[str]:
    """Return random texts of letters of all kinds, signs, spaces and whole words, seldom with one script alone."""
    chance = random.Random(20)  # noqa: S311
    made = []
    for _ in range(number):
        blocks = chance.sample(BLOCKS, 3)
        kinds = (
            lambda blocks=blocks: chr(chance.randint(*chance.choice(blocks))),
            lambda: chance.choice(SIGNS),
            lambda: chance.choice(SPACES),
            lambda: chance.choice(UNSEEN),
            lambda: chance.choice(PIECES),
            lambda: chance.choice("'’-—….\u200b "),
        )
        weights = [chance.choice((0, 1, 4)) + 0.1 for _ in kinds]
        made.append("".join(kind() for kind in chance.choices(kinds, weights, k=chance.randint(1, 24))))
    return made


def known(text: str) -> bool:
    """Whether every character was assigned in Unicode 13, which Node and every Python that we support know."""
    return all(unicodedata.category(character) != "Cn" or character in UNSEEN for character in text)


@needs_node
def test_python_and_the_browser_cut_the_same_words(tmp_path: Path) -> None:
    cases = [(text, pagefind_words(indexed_words(text)).split()) for text in texts(40_000) if known(text)]
    assert len(cases) > 35_000
    (tmp_path / "find.js").write_bytes(find_script())
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("words_of.mjs")), str(tmp_path / "find.js")],
        input=json.dumps(cases).encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    differing = json.loads(done.stdout)
    assert [(ascii(text), *map(ascii, words)) for text, *words in differing[:20]] == []


def test_the_table_has_the_spaces_that_python_parts_words_at() -> None:
    assert set(RULES["space"]) == {
        character for character in map(chr, range(sys.maxunicode + 1)) if character.isspace()
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ប្រជា\u200bធិបតេយ្យ", "ប្រជា|ធិបតេយ្យ"),
        ("one\x1ctwo\x85three\ufefffour", "one|two|three\ufefffour"),
        ("war – which", "war|–\ufdd0which"),
        ("war _ which", "war|_\ufdd0which"),
        ("L’homme qu'il aujourd'hui", "L’|homme|qu'|il|aujourd'hui"),
        ("wait…what--ever a-b", "wait…|what--|ever|a-b"),
        ("図書館のNATO", "図|書|館|の|NATO"),
        ("commis-\n  sion bene\u00ad\r\nfit", "commis-\ufdd1sion|bene\u00ad\ufdd1fit"),
        ("pre-\nand post-\nwar a -\nb c- d", "pre-|and|post-\ufdd1war|a|-\ufdd0b|c-|d"),
    ],
)
def test_where_words_end(text: str, words: str) -> None:
    assert indexed_words(text).split() == words.split("|")


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("O’Brien co‐op", "O'Brien co-op"),
        ("co-\ufdd1op Łódź ﬁsh Ｎato Æ", "co-op Lódź fish Nato AE"),
        ("é ß", "é ß"),
        ("poſſeſs ﬁ ﬓ", "possess fi մն"),
    ],
)
def test_what_is_searched_as_if_it_were_written_otherwise(text: str, searched: str) -> None:
    assert pagefind_words(text) == searched
