"""The script of a text against its language: what is warned of, and what the script alone tells."""

from __future__ import annotations

import pytest

from builder.read.script import script_language, script_mismatch

HEBREW, YIDDISH, ARABIC, RUSSIAN = "הטחנה נסגרה", "אַ ייִדישע מיל", "أغلقت الطاحونة", "Мельница закрыта"
GREEK, CHINESE, JAPANESE, KOREAN = "Ο μύλος έκλεισε", "磨坊关闭了", "水車小屋は閉鎖された。", "방앗간이 문을 닫았다"
THAI, HINDI, ENGLISH, FRENCH = "โรงสีปิดแล้ว", "चक्की बंद हो गई", "The mill closed", "Le moulin a fermé à 7 h, c’était l’été"


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        (HEBREW, "en", "Hebrew"),
        (HEBREW, "he", ""),
        (YIDDISH, "yi", ""),
        (ARABIC, "fa", ""),
        (ARABIC, "he", "Arabic"),
        (RUSSIAN, "uk", ""),
        (RUSSIAN, "de-AT", "Cyrillic"),
        (RUSSIAN, "ru-Latn", "Cyrillic"),
        ("Melnitsa zakryta", "ru-Latn", ""),
        ("Melnitsa zakryta", "ru", "Latin"),
        ("Mlin je zatvoren", "sr", ""),
        ("Mlin je zatvoren", "sr-Cyrl", "Latin"),
        (GREEK, "en", "Greek"),
        (CHINESE, "zh-Hant", ""),
        (CHINESE, "ja", ""),
        (CHINESE, "en", "Chinese"),
        (JAPANESE, "zh", ""),
        (JAPANESE, "en", "Japanese"),
        (KOREAN, "ko-KR", ""),
        (KOREAN, "fr", "Korean"),
        (THAI, "th", ""),
        (HINDI, "mr", ""),
        (ENGLISH, "he", "Latin"),
        (FRENCH, "en", ""),
        (f"{ENGLISH}: {HEBREW}", "en", ""),
        ("12.5 = 7 * \u03c0", "en", ""),
        ("1934", "en", ""),
        ("", "en", ""),
        (HEBREW, "tlh", ""),
    ],
)
def test_a_language_in_another_script(text, language, script):
    assert script_mismatch(text, language) == script


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *((HEBREW, "he"), (GREEK, "el"), (JAPANESE, "ja"), (KOREAN, "ko"), (THAI, "th")),
        *((YIDDISH, ""), (ARABIC, ""), (RUSSIAN, ""), (CHINESE, ""), (HINDI, ""), (ENGLISH, ""), ("", "")),
        (f"{HEBREW} {ENGLISH} and so on", ""),
    ],
)
def test_a_script_that_leaves_no_doubt(text, language):
    assert script_language(text) == language
