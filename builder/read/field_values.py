"""Convert text to the values of fields: dates, languages, addresses, ids. Pure; no library, no places.

Each function returns the value in the form that is published, or raises InvalidValue with the code, what is wrong and
what to write.
"""

from __future__ import annotations

import re
from datetime import date as calendar_date
from typing import Final
from urllib.parse import quote, urlsplit

from builder.addresses import slugify
from builder.translation import PLURAL_CATEGORIES

ID: Final = r"^[a-z0-9-]+$"
DATE: Final = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
RETIRED: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[^0-9A-Za-z]+[^\s]"
SHA256: Final = r"^[0-9a-fA-F]{64}$"
# RFC 5646, section 2.1, without the grandfathered tags: language, extended, script, region, variants, extensions.
LANGUAGE: Final = (
    r"^[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[0-9A-WYZa-wyz](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?$"
)
ADDRESS: Final = r"^([Hh][Tt][Tt][Pp][Ss]?://|[Mm][Aa][Ii][Ll][Tt][Oo]:|[Dd][Oo][Ii]:)[^\s\\]+$"

SEGMENT_BYTES: Final = 200  # of a name in a path: most file systems allow 255, and extensions are added

TONES: Final = ("good", "mixed", "warn", "bad", "unknown", "neutral")

# CSL 1.0.2, appendix III, without those that only programs make.
SOURCE_TYPES: Final = (
    *("article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter"),
    *("classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event"),
    *("figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture"),
    *("musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical"),
    *("personal_communication", "post", "post-weblog", "regulation", "report", "review", "review-book", "software"),
    *("song", "speech", "standard", "thesis", "treaty", "webpage"),
)

# Languages that are written from right to left in the script they are usually written in (CLDR, likelySubtags).
_RTL_LANGUAGES: Final = frozenset(
    {
        "ar",
        "arc",
        "ary",
        "arz",
        "bal",
        "ckb",
        "dv",
        "fa",
        "glk",
        "he",
        "iw",
        "ji",
        "ks",
        "lrc",
        "mzn",
        "pnb",
        "ps",
        "sd",
    }
    | {"skr", "syr", "ug", "ur", "yi"}
)
_RTL_SCRIPTS: Final = frozenset(("adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"))
_NEVER_IN_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\<>\"`]")


class InvalidValue(ValueError):  # noqa: N818 - said of a value, not of the program
    """A value that its field does not allow."""

    def __init__(self, message: str, hint: str, code: str = "S102") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


def line(text: str) -> str:
    """Return text on one line: without white space at its ends, each run of it inside as one space."""
    value = re.sub(r"[ \t\n]+", " ", text).strip(" ")
    if not value:
        raise InvalidValue("the value is empty", "write one, or delete the line")
    return value


def prose(text: str) -> str:
    """Return Markdown unchanged; it must not be empty."""
    if not text.strip():
        raise InvalidValue("the text is empty", "write one, or delete the line")
    return text


def passage(text: str) -> str:
    """Return words to be found in a document unchanged; they must not be empty (Q203)."""
    if not text.strip():
        raise InvalidValue("the quote is empty", "copy the words from the document, or delete the line", "Q203")
    return text


def key(text: str) -> str:
    """Return an id or key: a-z, 0-9 and hyphens."""
    if not re.fullmatch(ID, text):
        suggestion = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        hint = f"write: {suggestion}" if suggestion else "write for instance: first-point"
        raise InvalidValue(f'"{text}" has other characters than a-z, 0-9 and -', hint)
    return text


def safe_path(text: str) -> str:
    """Return a path made safe for URLs, or "" if nothing would be left of a segment.

    NFC and lower case; letters, digits and combining marks of any script stay, each run of other characters becomes
    one hyphen, without hyphens at the ends of a segment.
    """
    segments = [slugify(segment) for segment in text.split("/")]
    return "/".join(segments) if all(segments) else ""


def slug(text: str) -> str:
    """Return an address below ``documents/``; it must be written as it will be published."""
    safe = safe_path(text)
    if safe != text:
        hint = f"write: slug: {safe}" if safe else "write letters, digits and hyphens, / between folders"
        raise InvalidValue(f'"{text}" cannot be an address', hint)
    if any(len(segment.encode()) > SEGMENT_BYTES for segment in text.split("/")):
        raise InvalidValue(f"a name in the address is longer than {SEGMENT_BYTES} bytes", "write a shorter one")
    return text


def alias(text: str) -> str:
    """Return an earlier address below ``documents/``, written as it was published."""
    below = text.strip("/").removeprefix("documents/")
    if below != text:
        raise InvalidValue(f'"{text}" is not an address below documents/', f"write: aliases: [{below}]")
    try:
        return slug(text)
    except InvalidValue as error:
        raise InvalidValue(error.message, error.hint.replace("slug: ", "aliases: ")) from error


def truth(text: str) -> bool:
    """Return the value of ``true`` or ``yes``, ``false`` or ``no``."""
    lowered = text.lower()
    if lowered in {"true", "yes"}:
        return True
    if lowered in {"false", "no"}:
        return False
    raise InvalidValue(f'"{text}" is neither true nor false', "write true or false")


def count(text: str) -> int:
    """Return a whole number from 1."""
    if not re.fullmatch(r"^[0-9]{1,6}$", text) or int(text) < 1:
        raise InvalidValue(f'"{text}" is not a whole number from 1', "write 1, 2, 3 …")
    return int(text)


def rating(text: str) -> int:
    """Return a whole number from 0 to 100."""
    if not re.fullmatch(r"^[0-9]{1,3}$", text) or int(text) > 100:  # noqa: PLR2004 - said in the docstring
        raise InvalidValue(f'"{text}" is not a whole number from 0 to 100', "write for instance: 5")
    return int(text)


def tone(text: str) -> str:
    """Return one of the tones, which choose a verdict's colour and shape."""
    if text not in TONES:
        raise InvalidValue(f'"{text}" is not a tone', f"write one of: {', '.join(TONES)}")
    return text


def source_type(text: str) -> str:
    """Return a type of CSL's, the language in which citation styles are written."""
    if text not in SOURCE_TYPES:
        near = next((each for each in SOURCE_TYPES if text.lower().replace(" ", "-") in (each, f"{each}s")), "")
        hint = f"write: {near}" if near else f"write one of: {', '.join(SOURCE_TYPES)}"
        raise InvalidValue(f'"{text}" is no type of source', hint)
    return text


def counting_words(text: str) -> str:
    """Return words around a number, ``%(num)s``, on one line; a percent sign in them is written twice."""
    value = line(text)
    if "%" in value.replace("%(num)s", "").replace("%%", ""):
        raise InvalidValue(f'"{value}" has a % that is not the number', "write %(num)s for the number, %% for a %")
    return value


def plural_forms(forms: dict[str, str]) -> dict[str, str]:
    """Return words for the plural categories of a language; those for all other numbers must be among them."""
    unknown = next((category for category in forms if category not in PLURAL_CATEGORIES), None)
    if unknown:
        raise InvalidValue(f'"{unknown}" is not a plural category', f"write one of: {', '.join(PLURAL_CATEGORIES)}")
    if "other" not in forms:
        raise InvalidValue("the words for all other numbers are missing", "add: other: %(num)s …")
    return forms


def date(text: str) -> str:
    """Return a date in ISO 8601: a day, a month or a year."""
    value = text.strip()
    if re.fullmatch(DATE, value):
        year, month, day = [*value.split("-"), "01", "01"][:3]
        try:
            calendar_date(int(year), int(month), int(day))
        except ValueError:
            raise InvalidValue(f'"{value}" is not a day of the calendar', "check month and day") from None
        return value
    raise InvalidValue(f'"{value}" is not a date', "write 2025-12-18, 2025-12 or 2025")


def language(text: str) -> str:
    """Return a BCP 47 language tag unchanged."""
    value = text.strip()
    if not re.fullmatch(LANGUAGE, value):
        raise InvalidValue(f'"{value}" is not a language tag (BCP 47)', "write for instance: en, de-AT, zh-Hant, ar")
    return value


def is_rtl(tag: str) -> bool:
    """Return whether text in a language is written from right to left: by the tag's script, else by its language."""
    parts = tag.lower().split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]  # noqa: PLR2004 - RFC 5646
    return scripts[0] in _RTL_SCRIPTS if scripts else parts[0] in _RTL_LANGUAGES


def retirement(text: str) -> str:
    """Return the date and reason of a note's retirement: ``2026-11-22, the sentence was taken out``."""
    value = line(text)
    if not re.match(RETIRED, value):
        raise InvalidValue("must be a date and a reason", "write for instance: 2026-11-22, the sentence was taken out")
    date(value[:10])
    return value


def sha256_digits(text: str) -> str:
    """Return a SHA-256 in hexadecimal digits, in lower case."""
    if not re.fullmatch(SHA256, text):
        raise InvalidValue("a SHA-256 has 64 hexadecimal digits", "delete the line, or copy the whole fingerprint")
    return text.lower()


def address(text: str) -> str:
    """Return an address that readers may be sent to: http, https, mailto; a ``doi:`` becomes its https address.

    The scheme is read as a browser reads it (leading controls and spaces, and all tabs and line ends, are dropped
    first: WHATWG URL, section 4.4), so that nothing is accepted that a browser takes for something else.
    """
    as_browsers_read = re.sub(r"[\t\n\r]", "", text.lstrip("".join(map(chr, range(0x21)))))
    scheme = as_browsers_read.partition(":")[0].lower()
    value = text.strip(" \t\n")
    if scheme not in {"http", "https", "mailto", "doi"}:
        hint = "write https://…, http://…, mailto:… or doi:10.…"
        raise InvalidValue(f'"{value}" is not an http, https, mailto or doi address', hint, "S110")
    if scheme == "doi":
        return doi(value)
    forbidden = _NEVER_IN_ADDRESS.search(value)
    if forbidden:
        hint = f"write it as %{ord(forbidden[0]):02X}" if ord(forbidden[0]) < 128 else "delete it"  # noqa: PLR2004 - ASCII
        raise InvalidValue(f"the character U+{ord(forbidden[0]):04X} is not allowed in an address", hint, "S110")
    if scheme == "mailto":
        if not re.fullmatch(r"^mailto:[^@:/]+@[^@:/]+$", value, re.IGNORECASE):
            raise InvalidValue(
                f'"{value}" is not a mail address', "write for instance: mailto:desk@example.org", "S110"
            )
        return value
    return _web(value)


def doi(text: str) -> str:
    """Return the https address of a DOI, given with or without ``doi:`` or its address."""
    name = re.sub(r"^(doi:|https?://(dx\.)?doi\.org/)", "", text.strip(), flags=re.IGNORECASE)
    if not re.fullmatch(r"^10\.[0-9.]{3,}/[^\s\\]+$", name):
        raise InvalidValue(f'"{text}" is not a DOI', "write for instance: doi:10.1000/182", "S110")
    return "https://doi.org/" + quote(name, safe="/:;()._-+,@!~*'$&=%")


def _web(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidValue(f'"{value}" is not an address: {error}', "copy it from the browser again", "S110") from None
    if not value.lower().startswith((f"{parts.scheme}://",)) or not host or "%" in parts.netloc:
        raise InvalidValue(f'"{value}" has no host', "write for instance: https://example.org/page", "S110")
    if "@" in parts.netloc:
        message = f'"{value}" has a user name before its host: readers may take it for another site'
        raise InvalidValue(message, f"write: {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}", "S110")
    return value


def page(text: str) -> str:
    """Return an address, or a page of this site (``about/corrections/``)."""
    value = text.strip()
    inner = re.fullmatch(r"^/?[^\s:\\/<>\"`]+(/[^\s:\\/<>\"`]+)*/?(#[^\s\\<>\"`]*)?$", value)
    return value if inner else address(text)
