"""Drawing from templates: the only room that knows Jinja2."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Give the one environment: everything is escaped, and a name that is missing is an error."""
    return Environment(
        loader=PackageLoader("builder.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render_template(template: str, **values: object) -> str:
    """Draw a template of ours with these values; what is text is escaped."""
    return environment().get_template(template).render(values)


def compile_templates() -> None:
    """Compile every template now, once: workers that are copies of this process then needn't, each for itself."""
    for name in environment().list_templates(["html"]):
        environment().get_template(name)
