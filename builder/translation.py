"""What the program says to readers, in their language: words, plurals, dates, lists, numbers, the order of names.

A message is the English text itself, as gettext has it; a catalogue, ``languages/de.po``, has its translations.
Catalogues are read as they are, when they are first asked for: that takes some hundredths of a second, and nothing has
to be compiled. Only this file knows Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as calendar_date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from builder import collation

TEMPLATE: Final = "messages.pot"  # all messages, without translations
PLURAL_CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")  # CLDR's, in the order of a message's forms

# Whole numbers that show which categories a language has for them: those of CLDR's samples repeat below 200.
_SAMPLES: Final = (*range(200), 1_000_000)
_ENGLISH_DATES: Final = "en_GB"  # day before month, as in most of the world; who writes en-US gets it the other way
_GROUPED: Final = 1000  # from here on digits are grouped; below, Babel need not be asked, which is slow
_GROUPED_LATE: Final = 10_000
_LATE: Final = frozenset({"es", "it", "pl"})  # minimumGroupingDigits of CLDR, which Babel does not heed
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ].*)?", re.ASCII | re.DOTALL)
PLACEHOLDER: Final = re.compile(r"%\(\w+\)s")
_BETWEEN: Final = "\x04"  # between context and message, as in gettext's own files
_DIGITS: Final = MappingProxyType({"arabext": "۰۱۲۳۴۵۶۷۸۹", "arab": "٠١٢٣٤٥٦٧٨٩"})
_CAPITAL_NOUNS: Final = frozenset({"de", "lb"})
_CATALOGUES: Final = files("builder") / "languages"


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a corpus says instead of a message of ours: one form, or one for each of some plural categories.

    ``message``: the English text, with its context before ``|`` if it has one.
    ``forms``: pairs of plural category and text.
    """

    message: str
    forms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """Everything that depends on the readers' language.

    ``language``: its tag (BCP 47). Where there is no catalogue for it, everything is in English.
    ``own``: the corpus's own words, which come before the catalogue's.
    """

    language: str = "en"
    own: tuple[OwnWords, ...] = ()

    # --- words: the names are those that gettext's tools look for -----------------------------------------------------

    def gettext(self, message: str, /, **values: object) -> str:
        """Return a message in this language, with the values in the places of ``%(name)s``."""
        return self._fill(self.message(message), values)

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """Return a message that is ambiguous without its context: the English *Read* is two words elsewhere."""
        return self._fill(self.message(message, context), values)

    def ngettext(self, one: str, many: str, num: int, /, **values: object) -> str:
        """Return the form of a message for a number, which stands in it as ``%(num)s``."""
        return self._fill(self.plural_message(one, many, num), {"num": num, **values})

    def message(self, message: str, context: str = "") -> str:
        """Return a message in this language, its ``%(name)s`` unfilled."""
        key = f"{context}{_BETWEEN}{message}" if context else message
        own = _own_words(self.own).get(key) if self.own else None
        return own["other"] if own else _catalogue(self.language).messages.get(key, (message,))[0]

    def plural_message(self, one: str, many: str, num: int) -> str:
        """Return the form of a message for a number, its ``%(name)s`` unfilled."""
        catalogue = _catalogue(self.language)
        category = catalogue.locale.plural_form(num)
        own = _own_words(self.own).get(one) if self.own else None
        if own:
            return own.get(category) or own["other"]
        forms = catalogue.messages.get(one)
        if forms:
            return forms[catalogue.categories.index(category)]
        return one if num == 1 else many

    def in_language(self, language: str) -> Translation:
        """Return the translation for another language; this one if we have none, or if it is the same language."""
        if _catalogue_name(language) in (None, _catalogue_name(self.language)):
            return self
        return Translation(language)

    def with_words(self, own: tuple[OwnWords, ...]) -> Translation:
        """Return the translation with the corpus's own words."""
        return replace(self, own=own)

    # --- other conventions --------------------------------------------------------------------------------------------

    @property
    def tag(self) -> str:
        """The language that the words are really in (BCP 47), for ``lang``."""
        return self.language if _catalogue_name(self.language) else ENGLISH.language

    @property
    def rtl(self) -> bool:
        """Whether it is written from right to left."""
        return bool(_locale(self.language).text_direction == "rtl")

    def number(self, number: int) -> str:
        """Return a whole number in digits: ``12,345``."""
        locale = _locale(self.language)
        if abs(number) < (_GROUPED_LATE if locale.language in _LATE else _GROUPED):
            return self._digits(str(number))
        return self._digits(format_decimal(number, locale=locale, numbering_system="default"))

    def date(self, written: str) -> str | None:
        """Return an ISO 8601 date, whole or cut to month or year, in words: ``18 December 2025``; None for others."""
        parts = _DATE.fullmatch(written)
        if not parts:
            return None
        year, month, day = parts.groups()
        locale = _locale(self.language)
        try:
            first = calendar_date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            return None
        if day:
            words = format_date(first, "long", locale=locale)
        else:
            words = format_skeleton("yMMMM" if month else "y", first, locale=locale)
        return self._digits(words)

    def sentence_list(self, things: Iterable[str]) -> str:
        """Return things as a list in a sentence: ``A, B and C``."""
        return str(format_list(list(things), locale=_locale(self.language)))

    @property
    def comma(self) -> str:
        """What stands between things that are only named one after the other."""
        # Translators: with its space, if it has one
        return self.pgettext("between things", ", ")

    def in_sentence(self, label: str) -> str:
        """Return a label as it is written within a sentence: in small letters, where nouns are."""
        return label if _locale(self.language).language in _CAPITAL_NOUNS else label.lower()

    def month_and_day(self, written: str) -> str:
        """Return an ISO 8601 date without its year, as citations have it: ``December 18``; "" if it has no month."""
        parts = _DATE.fullmatch(written)
        if self.date(written) is None or not parts or not parts[2]:
            return ""
        locale = _locale(self.language)
        day = calendar_date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
        cited = Locale.parse(ENGLISH.language) if str(locale) == _ENGLISH_DATES else locale
        if parts[3]:
            return self._digits(format_skeleton("MMMMd", day, locale=cited))
        return str(format_date(day, "LLLL", locale=cited))

    def sort_key(self, name: str) -> tuple[object, ...]:
        """Return what names sort by in this language; see ``collation.py``."""
        return collation.sort_key(name, _locale(self.language).language)

    def _digits(self, text: str) -> str:
        digits = _DIGITS.get(_locale(self.language).default_numbering_system)
        return text.translate(str.maketrans("0123456789", digits)) if digits else text

    def _fill(self, message: str, values: Mapping[str, object]) -> str:
        written = {name: self.number(value) if type(value) is int else value for name, value in values.items()}
        return message % written


ENGLISH: Final = Translation()


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Return a message as it is: marks one that is translated where it is shown, and not where it is written."""
    return message


def has_translation(language: str) -> bool:
    """Return whether the program speaks a language (BCP 47)."""
    return _catalogue_name(language) is not None


def messages() -> Mapping[str, tuple[str, ...]]:
    """Return every message: its name in ``words:`` -> its English forms, one, or singular and plural."""
    return MappingProxyType(
        {name.replace(_BETWEEN, "|"): forms for name, forms in _forms(_read_catalogue(TEMPLATE)).items()}
    )


def script_messages(translation: Translation) -> Mapping[str, object]:
    """Return what scripts need to speak this language, as data for JSON; empty for English without own words.

    ``locale`` and ``digits`` are for ``Intl``, ``categories`` are the plural categories of a message's forms, and
    ``messages`` has the forms of each message that scripts use and that differs from the English one.
    """
    catalogue, own = _catalogue(translation.language), _own_words(translation.own)
    found: dict[str, tuple[str, ...]] = {}
    for message in _read_catalogue(TEMPLATE):
        key = _key(message.id, message.context)
        forms = catalogue.messages.get(key)
        if key in own:
            forms = tuple(own[key].get(category) or own[key]["other"] for category in catalogue.categories)
        if forms and any(file.endswith(".js") for file, _ in message.locations):
            found[key.replace(_BETWEEN, "|")] = forms if isinstance(message.id, tuple) else forms[:1]
    if translation.tag == ENGLISH.language and not found:
        return {}
    digits = catalogue.locale.default_numbering_system
    return {"locale": translation.tag, "digits": digits, "categories": catalogue.categories, "messages": found}


# --- catalogues -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The messages of a language: name -> its forms, in the order of ``categories``."""

    locale: Locale
    categories: tuple[str, ...]
    messages: Mapping[str, tuple[str, ...]]


@cache
def _catalogue(language: str) -> _Catalogue:
    name, locale = _catalogue_name(language), _locale(language)
    categories = whole_number_categories(locale)
    translated = _forms(_read_catalogue(f"{name}.po"), translated=True) if name and name != ENGLISH.language else {}
    return _Catalogue(locale, categories, translated)


def whole_number_categories(locale: Locale) -> tuple[str, ...]:
    """Return the plural categories that a language has for whole numbers: they are the forms of a message."""
    reached = {locale.plural_form(number) for number in _SAMPLES}
    return tuple(category for category in PLURAL_CATEGORIES if category in reached)


def _read_catalogue(name: str) -> Catalog:
    with (_CATALOGUES / name).open("rb") as file:
        return read_po(file)


def _forms(catalogue: Catalog, *, translated: bool = False) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        forms = message.string if translated else message.id
        forms = (forms,) if isinstance(forms, str) else tuple(forms or ())
        if message.id and forms and all(forms) and not message.fuzzy:
            found[_key(message.id, message.context)] = forms
    return found


def _key(name: str | Sequence[str], context: str | None) -> str:
    first = name if isinstance(name, str) else name[0]
    return f"{context}{_BETWEEN}{first}" if context else first


@cache
def _own_words(own: tuple[OwnWords, ...]) -> Mapping[str, Mapping[str, str]]:
    return {words.message.replace("|", _BETWEEN, 1): dict(words.forms) for words in own}


@cache
def _available() -> frozenset[str]:
    names = {entry.name.removesuffix(".po") for entry in _CATALOGUES.iterdir() if entry.name.endswith(".po")}
    return frozenset({ENGLISH.language, *names})


@cache
def _catalogue_name(language: str) -> str | None:
    """Return the name of a language's catalogue; None if there is none in its script: ``zh`` is not ``zh-Hant``."""
    locale = _parse(language)
    if locale is None or locale.language not in _available():
        return None
    likely = get_global("likely_subtags")
    usual = str(likely.get(locale.language, "")).split("_")[1:2]
    here = (
        [locale.script]
        if locale.script
        else str(likely.get(f"{locale.language}_{locale.territory}", "")).split("_")[1:2]
    )
    return locale.language if not here or here == usual else None


@cache
def _locale(language: str) -> Locale:
    """Return what Babel knows of a language; of English, where we have no words in it."""
    locale = _parse(language) if _catalogue_name(language) else None
    if locale is None or str(locale) == ENGLISH.language:
        return Locale.parse(_ENGLISH_DATES)
    return locale


def _parse(language: str) -> Locale | None:
    subtags = [part for part in re.split(r"-[A-Za-z0-9](?:-|$)", language)[0].split("-") if part]
    try:
        return Locale.parse("_".join(subtags)) if subtags else None
    except (UnknownLocaleError, ValueError):
        return None
