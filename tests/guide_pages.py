"""The pages of the guide that are made from the program: each is a function that returns the page's Markdown.

``tests/test_guide.py`` compares them with what stands in ``docs/guide/``, and writes them with ``pytest --update``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

import click

from builder.cli import CLEAN, FAULTY, INTERRUPTED, UNABLE, cli
from builder.diagnostics import CODES
from builder.engines.mkdocs import PostilConfig
from builder.explanations import read_source
from builder.model import Limits

GUIDE = Path(__file__).parents[1] / "docs" / "guide"

# Where the guide tells more of a command than its own help does.
MORE = {
    "build": "[Deploying](deploying.md)",
    "check": "[Diagnostics](diagnostics.md), [house rules](reviewing.md#house-rules)",
    "diff": "[Reviewing](reviewing.md#what-changed)",
    "explain": "[Diagnostics](diagnostics.md)",
    "freeze": "[Engines](engines.md#without-any-engine)",
    "init": "[Quick start](quick-start.md)",
    "links": "[Reviewing](reviewing.md#addresses-of-sources)",
    "new": "[Quick start](quick-start.md#your-first-note)",
    "pin": "[When a text changes](changes.md#postil-pin)",
    "rebase": "[When a text changes](changes.md#postil-rebase)",
    "schema": "[Quick start](quick-start.md#let-your-editor-help)",
    "serve": "[Quick start](quick-start.md)",
}


def diagnostics() -> str:
    """Return the explanations, each under its code, title and severity."""

    def heading(match: re.Match[str]) -> str:
        row = CODES[match[1]]
        return f"### {match[1]} {row.title}\n\n**{row.severity.capitalize()}.** "

    head = _front_matter(
        "Diagnostics",
        "Every message of postil by its code, with what it means and what to do.",
        "builder/explanations.md",
    )
    return head + re.sub(r"^### ([A-Z]\d{3})\n\n", heading, read_source(), flags=re.MULTILINE)


def command_line() -> str:
    """Return the page of the command line, with its hand-written beginning and a section for each command."""
    codes = (
        "| Exit code | Meaning |\n| --- | --- |\n"
        f"| {CLEAN} | success |\n"
        f"| {FAULTY} | the corpus has errors; with `--strict`, errors or warnings |\n"
        f"| {UNABLE} | the command could not run: wrong arguments, no project, no space on the disk |\n"
        f"| {INTERRUPTED} | interrupted with Control-C |\n"
    )
    sections = "\n".join(_command(name, command) for name, command in sorted(cli.commands.items()))
    return _filled("cli.md", {"exit-codes": codes, "commands": sections})


def settings() -> str:
    """Return the page of settings, with its tables of the plug-in's options and limits."""
    options = [
        (name, _yaml(option.default), _lines_of(PostilConfig, name))
        for name, option in PostilConfig._schema  # the only list of a plug-in's options that MkDocs keeps
        if name != "limits"
    ]
    limits = [(field.name, _yaml(field.default), _lines_of(Limits, field.name)) for field in fields(Limits)]
    return _filled("settings.md", {"options": _table("Setting", options), "limits": _table("Limit", limits)})


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": command_line,
    "diagnostics.md": diagnostics,
    "settings.md": settings,
}


def _front_matter(title: str, description: str, source: str) -> str:
    return (
        f"---\ntitle: {title}\ndescription: {description}\n---\n\n"
        f"<!-- Made from {source} by tests/guide_pages.py: change that, then run "
        "pytest tests/test_guide.py --update -->\n\n"
        f"# {title}\n\n"
    )


def _filled(page: str, parts: Mapping[str, str]) -> str:
    """Return a page that is written by hand but for the parts between ``<!-- name -->`` and ``<!-- /name -->``."""
    text = (GUIDE / page).read_text("utf-8")
    for name, part in parts.items():
        before, begin, rest = text.partition(f"<!-- {name} -->")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        assert begin, f"{page} has no <!-- {name} -->"
        assert end, f"{page} has no <!-- /{name} -->"
        text = f"{before}{begin}\n\n{part}\n{end}{after}"
    return text


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"postil {name}")
    usage = f"postil {name} {' '.join(command.collect_usage_pieces(context))}"
    rows = [row for parameter in command.params if (row := _option(parameter, context))]
    assert command.epilog is not None
    return "\n\n".join(
        [
            f"## postil {name}",
            inspect.cleandoc(command.help or ""),
            f"```text\n{usage}\n```",
            *(["\n".join(rows)] if rows else []),
            f"```sh\n{command.epilog.partition(':')[2].strip()}\n```",
            f"More: {MORE[name]}.\n",
        ]
    )


def _option(parameter: click.Parameter, context: click.Context) -> str:
    if not isinstance(parameter, click.Option):
        return ""
    metavar = parameter.make_metavar(context).removesuffix(" RANGE").replace("[%Y-%m-%d]", "YYYY-MM-DD")
    value = "" if parameter.is_flag else f" {metavar}"
    least = getattr(parameter.type, "min", None)
    default = parameter.get_default(context)
    words, said, words_default = (parameter.help or "").removesuffix("]").partition(" [default: ")
    known = not parameter.is_flag and isinstance(default, str | int | float)
    notes = [
        "May be given several times." if parameter.multiple else "",
        f"At least {least}." if least is not None else "",
        f"Default: {words_default}." if said else f"Default: `{default}`." if known else "",
    ]
    return " ".join(filter(None, [f"- `{', '.join(parameter.opts)}{value}`: {words}", *notes]))


def _lines_of(noun: type, name: str) -> str:
    """Return what a docstring says of one of its fields, in a paragraph of its own: ````name``: what it is``."""
    found = re.search(rf"^``{name}``: (.*?)(?=\n\n|\Z)", inspect.getdoc(noun) or "", re.MULTILINE | re.DOTALL)
    assert found, f"the docstring of {noun.__name__} has no paragraph on {name}"
    words = " ".join(found[1].split()).replace("``", "`")
    return words[0].upper() + words[1:]


def _table(head: str, rows: list[tuple[str, str, str]]) -> str:
    lines = [f"| `{name}` | `{default}` | {what} |" for name, default, what in rows]
    return "\n".join([f"| {head} | Default | Meaning |", "| --- | --- | --- |", *lines, ""])


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
