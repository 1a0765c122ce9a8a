"""The catalogues hold what the sources say, whole; and a translation says it as its language does."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from builder.render.templating import environment
from builder.translation import ENGLISH, OwnWords, Translation, has_translation, messages
from tests import catalogues
from tests.snapshots import Snapshots


def test_the_template_has_every_message(snapshot: Snapshots) -> None:
    snapshot.whole(catalogues.LANGUAGES / "messages.pot", catalogues.template_text())


@pytest.mark.parametrize("path", catalogues.languages(), ids=lambda path: path.stem)
def test_a_catalogue_has_every_message_and_no_other(path: Path, snapshot: Snapshots) -> None:
    snapshot.whole(path, catalogues.catalogue_text(path, catalogues.template()))


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
