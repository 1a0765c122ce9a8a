"""The catalogues of messages: what is in the sources goes into the template, and from there into each language."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from babel.plural import PluralRule, to_gettext

from builder.translation import whole_number_categories

ROOT = Path(__file__).parents[1]
LANGUAGES = ROOT / "builder" / "languages"

# The others speak to editors only, in English.
ROOMS = ("labels.py", "link", "publish", "render", "search", "engines")
METHODS = {".html": "jinja2", ".js": "javascript", ".py": "python"}
OPTIONS = {"silent": "false"}
# A comment that begins so, in the line before a message, is for translators.
COMMENTS = ["Translators:"]


@cache
def template() -> Catalog:
    """Return every message that the sources have, with the files that it is in."""
    found = Catalog(fuzzy=False)
    for file in sorted(file for room in ROOMS for file in _files(ROOT / "builder" / room)):
        name = file.relative_to(ROOT).as_posix()
        method = METHODS.get(file.suffix)
        if method is None:
            continue
        with file.open("rb") as source:
            for _, message, comments, context in extract(
                method, source, comment_tags=COMMENTS, options=OPTIONS, strip_comment_tags=True
            ):
                found.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]


def template_text() -> str:
    """Return the file of all messages, without translations."""
    return HEAD.format(language="", plural="") + _text(template())


def languages() -> list[Path]:
    """Return the catalogue of each language."""
    return sorted(LANGUAGES.glob("*.po"))


def catalogue_text(path: Path, messages: Catalog) -> str:
    """Return a language's catalogue with these messages and no others; what is not translated yet is empty."""
    known = read_catalogue(path)
    plural = f'"Plural-Forms: {plural_forms(path.stem)}\\n"\n'
    head = HEAD.format(language=f'"Language: {path.stem}\\n"\n', plural=plural)
    renewed = read_po(io.BytesIO(head.encode()))
    for message in messages:
        if message.id:
            old = known.get(message.id, context=message.context)
            again = renewed.add(message.id, None, context=message.context, auto_comments=message.auto_comments)
            again.locations, again.string = message.locations, old.string if old else ""
            if isinstance(message.id, tuple) and not old:
                again.string = ("",) * renewed.num_plurals
    return head + _text(renewed)


def plural_forms(language: str) -> str:
    """Return the header that tells gettext's tools the forms: CLDR's categories for whole numbers, in their order."""
    locale = Locale.parse(language)
    categories = whole_number_categories(locale)
    rules = locale.plural_form.rules  # the last form is for all other numbers
    return to_gettext(PluralRule({category: rules[category] for category in categories[:-1]}))


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n{language}{plural}\n'


def _text(catalogue: Catalog) -> str:
    written = io.BytesIO()
    write_po(written, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
    return written.getvalue().decode().rstrip("\n") + "\n"
