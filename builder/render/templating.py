"""Render templates. Only this file knows Jinja2."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from functools import cache, wraps
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context

from builder.translation import Translation


class _CompiledTemplates(BytecodeCache):
    """The code of templates, which is the same in every language: compiling is most of what a language costs."""

    def __init__(self) -> None:
        self._code: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it is compiled."""
        bucket.code = self._code.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        if bucket.code is not None:
            self._code[bucket.key] = bucket.code


@cache
def _compiled() -> BytecodeCache:
    return _CompiledTemplates()


@cache
def environment(translation: Translation) -> Environment:
    """Return the environment of the templates: values are escaped, and an undefined name is an error.

    Templates say everything to readers with ``_()``, ``ngettext()`` and ``pgettext()``; see the architecture page.
    """
    made = Environment(
        loader=PackageLoader("builder.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_compiled(),
    )
    # Jinja fills the values in, and escapes them.
    made.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        translation.message,
        translation.plural_message,
        newstyle=True,
        pgettext=lambda context, message: translation.message(message, context),
    )
    words: MutableMapping[str, Any] = made.globals
    words.update({name: _with_numbers(words[name], translation) for name in ("gettext", "pgettext")})
    words["ngettext"] = _with_number(words["ngettext"], translation)
    made.filters["number"] = translation.number
    made.globals |= {"comma": translation.comma, "arrow": "←" if translation.rtl else "→"}
    return made


def render_template(template: str, translation: Translation, **values: object) -> str:
    """Render a template with these values, its own words in the translation's language; text is escaped."""
    return environment(translation).get_template(template).render(values)


def compile_templates(translations: Iterable[Translation]) -> None:
    """Compile every template, so that worker processes, which are copies of this one, need not do it again."""
    for translation in translations:
        for name in environment(translation).list_templates(["html"]):
            environment(translation).get_template(name)


_Words = Callable[..., str]


def _with_numbers(words: _Words, translation: Translation) -> _Words:
    """Return one of Jinja's functions, the whole numbers among its values as the language writes them."""

    @pass_context
    @wraps(words)
    def with_numbers(context: Context, *message: str, **values: object) -> str:
        written = {name: translation.number(each) if type(each) is int else each for name, each in values.items()}
        return words(context, *message, **written)

    return with_numbers


def _with_number(words: _Words, translation: Translation) -> _Words:
    """Return the same for a function whose last argument is the number that decides the form."""
    numbered = _with_numbers(words, translation)

    @pass_context
    def with_number(context: Context, one: str, many: str, num: int, **values: object) -> str:
        return numbered(context, one, many, num, num=num, **values)

    return with_number
