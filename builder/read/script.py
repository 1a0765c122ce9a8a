"""The script that a text is written in, against the language that it is said to be in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from builder.read.pieces import name_set

_ENOUGH: Final = 4_000  # characters that are looked at, spread over the text
_MOSTLY: Final = 0.5  # of the letters
_FEW: Final = 3  # letters that say nothing: a sign in a formula, a name
_KANA: Final = 0.05  # of the letters: Japanese may have more Chinese characters than kana, Chinese has no kana
_WORDS: Final = MappingProxyType({"CJK": "Chinese", "HIRAGANA": "Japanese", "HANGUL": "Korean"})

# Script, as the names of its characters begin -> its code (ISO 15924), and languages that are usually written in it
# (CLDR, likelySubtags). With one language alone, the script leaves no doubt; "?" keeps others from being left out.
_SCRIPTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "LATIN": ("latn", "?"),
        "CYRILLIC": ("cyrl", "ru uk be bg mk sr kk ky tg mn tt ba cv os ce sah ?"),
        "ARABIC": ("arab", "ar fa ur ps sd ug ckb ks lrc mzn glk pnb skr bal arz ary ?"),
        "DEVANAGARI": ("deva", "hi mr ne sa mai bho kok ?"),
        "BENGALI": ("beng", "bn as ?"),
        "ETHIOPIC": ("ethi", "am ti ?"),
        "HEBREW": ("hebr", "he yi iw ji"),
        "CJK": ("hani", "zh yue ja ko lzh ?"),
        "GREEK": ("grek", "el"),
        "HIRAGANA": ("jpan", "ja"),
        "KATAKANA": ("jpan", "ja"),
        "HANGUL": ("kore", "ko"),
        "THAI": ("thai", "th"),
        "GEORGIAN": ("geor", "ka"),
        "ARMENIAN": ("armn", "hy"),
        "TAMIL": ("taml", "ta"),
        "TELUGU": ("telu", "te"),
        "KANNADA": ("knda", "kn"),
        "MALAYALAM": ("mlym", "ml"),
        "GUJARATI": ("gujr", "gu"),
        "GURMUKHI": ("guru", "pa"),
        "SINHALA": ("sinh", "si"),
        "KHMER": ("khmr", "km"),
        "LAO": ("laoo", "lo"),
        "MYANMAR": ("mymr", "my"),
        "TIBETAN": ("tibt", "bo"),
        "THAANA": ("thaa", "dv"),
    }
)
_SCRIPT_OF: Final = MappingProxyType(
    {language: code for code, languages in _SCRIPTS.values() for language in languages.split() if language != "?"}
)
# Scripts of a language tag that have parts in common: no text is in one of them and certainly not in the other.
_EAST_ASIAN: Final = frozenset({"hani", "hans", "hant", "hanb", "jpan", "hrkt", "kore"})
# Languages with two scripts of which neither is an error.
_BOTH: Final = name_set("az kk sr tt uz")
# Languages that are written in Latin letters, of those that have much in print. Of others nothing is said.
_LATIN: Final = name_set(
    "af az br ca cs cy da de en eo es et eu fi fo fr ga gd gl ha hr hu id ig is it la lb lt lv ms mt nb nl nn no oc pl "
    "pt rm ro sk sl sq sv sw tr uz vi wo xh yo zu"
)
# Vowels as Yiddish writes them.
_YIDDISH: Final = re.compile("[\u05f0-\u05f2\ufb1d\ufb1f\ufb2e\ufb2f]|\u05d0[\u05b7\u05b8]")


def main_script(text: str) -> str:
    """Return the script of more than half of a text's letters, as their names in Unicode begin; "" if there is none."""
    letters = Counter(filter(str.isalpha, text[:: len(text) // _ENOUGH + 1]))
    counts: Counter[str] = Counter()
    for letter, count in letters.items():
        counts[re.split("[ -]", unicodedata.name(letter, ""), maxsplit=1)[0]] += count
    if counts["HIRAGANA"] + counts["KATAKANA"] > _KANA * counts.total():
        return "HIRAGANA"
    name, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    return name if count > max(_MOSTLY * counts.total(), _FEW) else ""


def script_language(text: str) -> str:
    """Return the language of a text whose script has one language only; "" if there is any doubt."""
    script = main_script(text)
    if script == "HEBREW":
        return "" if _YIDDISH.search(text) else "he"
    _, languages = _SCRIPTS.get(script, ("", "?"))
    return languages if " " not in languages and languages != "?" else ""


def script_mismatch(text: str, language: str) -> str:
    """Return the script of a text in a word, if it is not that of the language; "" if it is, or if nothing is known."""
    script = main_script(text)
    code = _SCRIPTS[script][0] if script in _SCRIPTS else ""
    base, *rest = language.lower().split("-")
    said = next((part for part in rest if len(part) == 4 and part.isalpha()), "")  # noqa: PLR2004 - RFC 5646
    expected = said or _SCRIPT_OF.get(base) or ("latn" if base in _LATIN else "")
    alike = code == expected or {code, expected} <= _EAST_ASIAN or (base in _BOTH and not said)
    return "" if not code or not expected or alike else _WORDS.get(script, script.capitalize())
