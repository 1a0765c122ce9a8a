"""Render templates. Only this file knows Jinja2."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Return the environment of the templates: values are escaped, and an undefined name is an error."""
    return Environment(
        loader=PackageLoader("builder.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render_template(template: str, **values: object) -> str:
    """Render a template with these values; text is escaped."""
    return environment().get_template(template).render(values)


def compile_templates() -> None:
    """Compile every template, so that worker processes, which are copies of this one, need not do it again."""
    for name in environment().list_templates(["html"]):
        environment().get_template(name)
