"""The order of names in a language: what ``sorted`` takes as its key.

ICU has the whole of it, and there is no wheel of it for Python. ``pyuca`` knows Unicode's order without that of any
language, and reads two megabytes first, which takes longer than a small site. Names need less: the alphabet, with the
letters that other languages take for accents, and accents last. A test compares it with ICU's, which browsers have.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from types import MappingProxyType
from typing import Final

_LATIN: Final = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
# Letters in their order. What is not among them sorts with the letter that it is made of: é with e.
_ALPHABETS: Final = MappingProxyType(
    {
        "ar": "ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي",
        "cs": "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž",
        "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
        "fa": "ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی",
        "he": "א ב ג ד ה ו ז ח ט י כ ל מ נ ס ע פ צ ק ר ש ת",
        "pl": "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż",
        "ru": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
        "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p q r s ş t u ü v w x y z",
        "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
    }
)
# Standards that have the characters in the order of their sounds, and of the radicals of those that are rare.
_STANDARDS: Final = MappingProxyType({"ja": "euc_jp", "zh": "gb2312"})
_APART: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
    | dict(zip("ךםןףץ", "כמנפצ", strict=True))
    | {"ة": "ه", "ى": "ي", "ي": "ي", "ك": "ك"}
)
_KANA: Final = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}
_SPACE, _NUMBER, _LETTER, _OTHER = range(4)


def sort_key(name: str, language: str) -> tuple[object, ...]:
    """Return what a name sorts by: its letters, then its accents, then small before capital letters.

    ``language``: its code, without script and region.
    """
    lower = name
    if language == "tr":
        lower = name.replace("I", "ı").replace("İ", "i")
    lower = unicodedata.normalize("NFC", lower.casefold())
    ranks, longest = _ranks(language)
    letters: list[tuple[int, object]] = []
    at = 0
    while at < len(lower):
        for length in range(longest, 0, -1):
            if (letter := lower[at : at + length]) in ranks:
                letters.append((_LETTER, ranks[letter]))
                at += length
                break
        else:
            letters += _made_of(lower[at], language)
            at += 1
    return letters, unicodedata.normalize("NFD", name.lower()), name.swapcase()


@cache
def _ranks(language: str) -> tuple[dict[str, int], int]:
    letters = _ALPHABETS.get(language, _LATIN).split()
    return {letter: rank for rank, letter in enumerate(letters)}, max(map(len, letters))


def _made_of(character: str, language: str) -> list[tuple[int, object]]:
    ranks, _ = _ranks(language)
    found: list[tuple[int, object]] = []
    for part in unicodedata.normalize("NFKD", character).translate(_KANA).translate(_APART):
        kind = unicodedata.category(part)
        if kind[0] == "M" or kind == "Cf":
            continue
        if part in ranks:
            found.append((_LETTER, ranks[part]))
        elif kind == "Nd":
            found.append((_NUMBER, unicodedata.decimal(part)))
        elif kind[0] in "LN":
            found.append((_OTHER, _in_standard(part, language)))
        else:
            found.append((_SPACE, ord(part)))
    return found


def _in_standard(character: str, language: str) -> int:
    """Return the place of a character in its language's standard, or in Unicode, behind those that are in it."""
    standard = _STANDARDS.get(language)
    try:
        return int.from_bytes(character.encode(standard), "big") if standard else ord(character)
    except UnicodeEncodeError:
        return 0x1000000 + ord(character)
