"""The rules of words: where a text is cut into the words that are searched, and which spellings are searched as one.

The rules are data, in ``words.json``. ``browser/find.js`` applies the same table to what a reader types, so that what
is copied from a page is found on it; ``tests/search/test_words.py`` compares the two. The table has

``space``: characters that part words: those for which ``str.isspace`` is true.
``break``: the zero-width space, which parts words too: some write Thai and Khmer with it, and Pagefind cuts there.
``gap``: the space that is put where a text has none. No text has it, so the browser can take it away again.
``glue``: the character that is put for the space between what has no letter and the word after it.
``divided``: a hyphen, or a soft one, at the end of a line within a word (commis-⏎sion); not where two words share the
rest (pre- and post-war). The end of the line becomes ``join``, which is left out of what is searched, so the word is
found as any with a hyphen: whole, and by its parts.
``unspaced``: scripts without spaces between words (Han, Hiragana, Katakana), as ranges of a character class. Each of
their characters becomes a word of the index, and a query for several of them a phrase.
``cuts``: patterns; a gap is put after what they match. ``only`` is a cheap test whether that can occur in a text.
None may begin within a run that it has read in vain. First unspaced scripts, with their voicing marks. Then the words
that French, Italian and Catalan write together with the next one (l'homme, qu'il, dell'arte). Then long dashes and
ellipses: Pagefind parts words at ASCII only, and gives the parts one place, so that no phrase runs over them. In a
pattern, ``<letter>`` stands for a letter or digit, other names in angle brackets for the characters above.
``alike``: characters that are searched as others: Pagefind knows ASCII hyphens, apostrophes and commas only, neither
the long s nor ligatures that are letters, and no stroke through a letter as an accent. Soft hyphens, other invisible
characters, accents and points it leaves out itself.
``compatible``: ligatures and characters of full width, which are searched as their compatibility forms (NFKC).
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any
from unicodedata import normalize

_LETTER = r"[^\W_]"  # a letter or digit of any script

RULES: dict[str, Any] = json.loads((files("builder.search") / "words.json").read_text(encoding="utf-8"))

_BREAK, _GAP, _GLUE, _JOIN, _ALIKE = (RULES[name] for name in ("break", "gap", "glue", "join", "alike"))


def _compiled(pattern: str) -> re.Pattern[str]:
    for name in ("space", "unspaced"):
        pattern = pattern.replace(f"<{name}>", RULES[name])
    return re.compile(pattern.replace("<letter>", _LETTER))


_DIVIDED = _compiled(RULES["divided"])
_CUTS = tuple((_compiled(cut["only"]), _compiled(cut["after"])) for cut in RULES["cuts"])
_OTHERWISE = re.compile(f"[{''.join(_ALIKE)}{RULES['compatible']}]")

# Words without a letter, and the space before them, where another word follows: "war – which" is a phrase of two words.
_NO_LETTER = re.compile(rf"[ {_GAP}](?:(?:[^\w {_GAP}]|_)+[ {_GAP}])+(?=[^ {_GAP}])")


def indexed_words(text: str) -> str:
    """Return the text as it is indexed: its words, each with one space or gap after it.

    What has no letter or digit goes with the word after it, so that places are counted in words that can be searched.
    """
    text = _DIVIDED.sub(lambda match: match[0][0] + _JOIN, text)
    text = " ".join(text.split()).replace(_BREAK, _GAP)
    for can_occur, cut in _CUTS:
        if can_occur.search(text):
            text = cut.sub(rf"\g<0>{_GAP}", text)
    return _NO_LETTER.sub(_glue, f" {text}")[1:]


def pagefind_words(text: str) -> str:
    """Return as many words in the characters that Pagefind knows: what the index has of them."""
    return _OTHERWISE.sub(lambda match: _ALIKE.get(match[0], normalize("NFKC", match[0])), text)


def _glue(match: re.Match[str]) -> str:
    # The first character stays: it parts this from the word before.
    return match[0][0] + match[0][1:].replace(" ", _GLUE).replace(_GAP, "")
