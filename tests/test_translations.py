"""The catalogues hold what the sources say, whole; and a translation says it as its language does."""

from __future__ import annotations

import json
import pickle
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from babel import Locale

from builder.render.page_assets import words_asset
from builder.render.templating import environment
from builder.translation import (
    ENGLISH,
    PLACEHOLDER,
    OwnWords,
    Translation,
    has_translation,
    messages,
    whole_number_categories,
)
from tests import catalogues
from tests.snapshots import Snapshots


def test_the_template_has_every_message(snapshot: Snapshots) -> None:
    snapshot.whole(catalogues.LANGUAGES / "messages.pot", catalogues.template_text())


@pytest.mark.parametrize("path", catalogues.languages(), ids=lambda path: path.stem)
def test_a_catalogue_has_every_message_and_no_other(path: Path, snapshot: Snapshots) -> None:
    snapshot.whole(path, catalogues.catalogue_text(path, catalogues.template()))


SPEAK = """
const { readFileSync } = require("node:fs");
(0, eval)(readFileSync(process.argv[1], "utf8"));
const { ngettext, gettext, number } = globalThis.postilWords;
const many = [...Array(130).keys(), 1000, 12345, 1000000];
const said = many.map((n) => ngettext("%(num)s note on these words", "%(num)s notes on these words", n));
console.log(JSON.stringify([...said, gettext("Note %(number)s of %(total)s", { number: 3, total: 1200 })]));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
@pytest.mark.parametrize("language", ["en", "en-US", *(path.stem for path in catalogues.languages())])
def test_scripts_say_the_same(language: str, tmp_path: Path) -> None:
    translation = Translation(language, (OwnWords("Close", (("other", "</script>%%"),)),))
    script = tmp_path / "words.js"
    script.write_bytes(words_asset(translation).content)
    assert b"</" not in script.read_bytes()
    run = subprocess.run(["node", "-e", SPEAK, script], capture_output=True, text=True, check=True, timeout=30)
    many = [*range(130), 1000, 12345, 1_000_000]
    one, other = "%(num)s note on these words", "%(num)s notes on these words"
    assert json.loads(run.stdout) == [
        *(translation.ngettext(one, other, number) for number in many),
        translation.gettext("Note %(number)s of %(total)s", number=3, total=1200),
    ]


@pytest.mark.parametrize("path", catalogues.languages(), ids=lambda path: path.stem)
def test_what_is_translated_has_the_places_of_its_values(path: Path) -> None:
    catalogue = catalogues.read_catalogue(path)
    categories = whole_number_categories(Locale.parse(path.stem))
    assert catalogue.num_plurals == len(categories)
    for message in catalogue:
        assert not message.fuzzy or not message.id
        forms = (message.string,) if isinstance(message.string, str) else message.string
        if not message.id or not any(forms):
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        wanted = set(PLACEHOLDER.findall(english))
        plural = categories if isinstance(message.id, tuple) else ("other",)
        assert len(forms) == len(plural), message.id
        for category, form in zip(plural, forms, strict=True):
            # "One note" needs no number, where the form is for that number alone.
            number = {"%(num)s"} if category in {"zero", "one", "two"} else set()
            given = set(PLACEHOLDER.findall(form))
            assert wanted - number <= given <= wanted, (message.id, category)
            assert not re.search(r"%(?!\(\w+\)s|%)", form), message.id
            assert form[:1].isspace() == english[:1].isspace(), message.id


def test_english_is_what_the_sources_say() -> None:
    assert ENGLISH.gettext("Read note %(number)s", number=1234) == "Read note 1,234"
    assert ENGLISH.ngettext("%(num)s note", "%(num)s notes", 1) == "1 note"
    assert ENGLISH.ngettext("%(num)s note", "%(num)s notes", 2000) == "2,000 notes"
    assert ENGLISH.pgettext("verb", "Read") == "Read"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2025-12-18", "18 December 2025"),
        ("2025-12-18T10:00:00Z", "18 December 2025"),
        ("2025-12", "December 2025"),
        ("2025", "2025"),
        ("0987", "987"),
        ("2025-13", None),
        ("2025-02-31", None),
        ("last winter", None),
    ],
)
def test_dates(written: str, words: str | None) -> None:
    assert ENGLISH.date(written) == words


def test_lists() -> None:
    assert ENGLISH.sentence_list(["A", "B", "C"]) == "A, B and C"
    assert ENGLISH.sentence_list(["A"]) == "A"


def test_the_corpus_may_say_it_in_other_words() -> None:
    own = OwnWords("Claim", (("other", "Assertion"),)), OwnWords("%(num)s note", (("other", "%(num)s remarks"),))
    translation = Translation("en", own)
    assert translation.gettext("Claim") == "Assertion"
    assert translation.ngettext("%(num)s note", "%(num)s notes", 1) == "1 remarks"
    assert translation.gettext("Context") == "Context"


def test_another_process_has_the_same() -> None:
    translation = Translation("en", (OwnWords("Claim", (("other", "Assertion"),)),))
    assert pickle.loads(pickle.dumps(translation)) == translation  # noqa: S301 - our own


@pytest.mark.parametrize("language", ["xx", "tlh", "zh-Hant", "x-own", "", "?"])
def test_a_language_that_we_do_not_speak(language: str) -> None:
    assert not has_translation(language)
    assert Translation(language).tag == "en"
    assert Translation(language).date("2025-12-18") == "18 December 2025"


@pytest.mark.parametrize("language", ["en", "en-US", "en-GB-oxendict", "en-Latn"])
def test_what_we_speak(language: str) -> None:
    assert has_translation(language)
    assert Translation(language).tag == language


def test_templates_escape_values_and_write_numbers() -> None:
    template = environment(ENGLISH).from_string(
        '{{ _("Read %(what)s", what="<b>") }}, {{ ngettext("%(num)s note", "%(num)s notes", 1234) }}, {{ 5000|number }}'
    )
    assert template.render() == "Read &lt;b&gt;, 1,234 notes, 5,000"


def test_messages_by_their_names() -> None:
    known = messages()
    assert known["Claim"] == ("Claim",)
    assert "" not in known


@pytest.mark.parametrize("path", catalogues.languages(), ids=lambda path: path.stem)
def test_everything_is_translated(path: Path) -> None:
    catalogue = catalogues.read_catalogue(path)
    missing = [
        message.id
        for message in catalogue
        if message.id and not all([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert missing == []


def test_these_languages_are_there() -> None:
    promised = "ar cs de es fa fr he hi it ja nl pl pt ru tr uk zh"
    assert [path.stem for path in catalogues.languages()] == promised.split()
