"""Names sort as their language's alphabet has them: as in ICU, which Node brings along."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from builder.collation import sort_key

NAMES = {
    "en": ["Zoe", "apple", "Apple", "zebra", "Émile", "Emil", "10", "9", "a-b", "Ærø", "Øst", "Über", "Uber", "_x"],
    "de": ["Ähre", "Ahorn", "Zug", "Öl", "Ofen", "Straße", "Strasse", "Über", "Uhr", "ab", "Ab", "Äpfel", "Apfel"],
    "fr": ["cote", "côte", "coté", "côté", "Cote", "été", "eté", "zone", "École", "echo", "œuf", "oeuf"],
    "es": ["ñandú", "nube", "ozono", "nata", "Ñu", "llama", "luz", "ámbar", "arte", "chico", "cuna"],
    "pt": ["ação", "acao", "maçã", "maca", "ônibus", "onda", "é", "ela"],
    "it": ["città", "citta", "perché", "perche", "zia"],
    "nl": ["ijs", "idee", "zee", "één", "een"],
    "cs": [
        "chata",
        "cesta",
        "čaj",
        "hora",
        "Ch",
        "citron",
        "řeka",
        "ruka",
        "růže",
        "šála",
        "sova",
        "žába",
        "zub",
        "Ústí",
        "ulice",
        "ď",
    ],
    "pl": ["łódź", "lot", "źdźbło", "zebra", "żaba", "ćma", "cena", "ósmy", "osa", "śnieg", "sowa", "ąę", "Ala"],
    "uk": ["ґава", "гора", "їжак", "ікра", "єнот", "екран", "Яна", "щука", "шум", "Арка"],
    "ru": ["ёлка", "ель", "еда", "йод", "иск", "яма", "Арка", "Zoe", "ежа"],
    "tr": ["ışık", "iş", "İzmir", "Irmak", "çay", "can", "öz", "oz", "şal", "sal", "üst", "ut", "ğ", "g"],
    "ar": ["باب", "أحمد", "تاج", "ثلج", "إبراهيم", "يد", "نور", "هدى", "وردة"],
    "fa": ["پدر", "باران", "چای", "جان", "ژاله", "زمین", "گل", "کتاب", "یار"],
    "he": ["שלום", "אבא", "בית", "דוד", "ירושלים"],
    "hi": ["अमर", "आम", "इमली", "कमल", "खग", "गगन"],
    "zh": ["北京", "上海", "广州", "安徽", "重", "天津"],
    "ja": ["さくら", "いぬ", "ねこ", "あさ", "カメラ"],
}
SORT = """
const [names, tag] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(names.sort(new Intl.Collator(tag).compare)));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
@pytest.mark.parametrize("language", NAMES)
def test_names_sort_as_in_icu(language: str) -> None:
    names = NAMES[language]
    asked = json.dumps([sorted(names), language])
    run = subprocess.run(["node", "-e", SORT, asked], capture_output=True, text=True, check=True, timeout=30)
    assert sorted(names, key=lambda name: sort_key(name, language)) == json.loads(run.stdout)


@pytest.mark.parametrize("odd", ["", " ", "\U0001f600", "\ud800", "1½", "\u200f", "Å"])
def test_every_text_has_a_key(odd: str) -> None:
    for language in ("en", "ja", "zh", "tr"):
        assert sort_key(odd, language) <= sort_key(odd, language)
