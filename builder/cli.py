"""The terminal's door: arguments in, text and exit codes out. The only place that prints or exits.

0: clean. 1: the corpus has errors (or warnings, under ``--strict``). 2: could not run.
"""

# ruff: noqa: PLC0415 - the engine takes a quarter of a second to import, so each command brings its own.

from __future__ import annotations

import gc
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from builder import __version__
from builder.diagnostics import Diagnostic, Severity, UserError, has_errors
from builder.report import Dialect, report, text_report, visible

if TYPE_CHECKING:
    from builder.pipeline import Settings
    from builder.reanchor.rebase import Outcome, Plan

CLEAN, FAULTY, UNABLE, INTERRUPTED = 0, 1, 2, 130

_COLOURS = {"error": "red", "warning": "yellow", "notice": "cyan"}
_EXPLAINED = 3  # as many codes as a line holds; whoever wants more has seen how
_HEADLINE = re.compile(r"^(\S.*?: )(error|warning|notice)( [A-Z]\d{3}: )", re.MULTILINE)


def main() -> None:
    """Run the command line and leave with its exit code."""
    # A corpus is values by the million, and hardly one that holds itself: looking for those takes a tenth of a build.
    gc.set_threshold(50_000, 20, 100)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. A ``UserError`` becomes one line on stderr; a bug stays a traceback."""
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's notice on MkDocs 2, which these versions exclude anyway
    for stream in (sys.stdout, sys.stderr):
        _never_fails_to_print(stream)
    try:
        code = cli.main(list(arguments), prog_name="postil", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as fault:
        fault.show()
        return UNABLE
    except UserError as refusal:
        _complain("\n".join(visible(line) for line in f"error: {refusal}".split("\n")))
        return UNABLE
    return code if isinstance(code, int) else CLEAN


# --- the commands ---------------------------------------------------------------------------------------------------

_config = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The site's settings; mkdocs.yml of this folder if not given.",
)
_workers = click.option("--workers", type=click.IntRange(min=0), default=0, help="How many processes; 0: one a core.")
_strict = click.option("--strict", is_flag=True, help="Take warnings for errors.")
_dialect = click.option(
    "--format",
    "dialect",
    type=click.Choice(Dialect, case_sensitive=False),
    default=Dialect.TEXT,
    help="text (the default) for people, github for a pull request, json, sarif and junit for programs.",
)
_notices = click.option("--notices", is_flag=True, help="Show notices too.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Start here:  postil init my-corpus")
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Publish source documents with notes on the exact words."""


@cli.command(epilog="Example:  postil check --strict", context_settings={"allow_extra_args": True})
@click.pass_context
@_config
@_dialect
@_strict
@_notices
@_workers
@click.option(
    "--profile", "profiles", multiple=True, metavar="NAME", help="House rules to check as well: ifcn, or your own."
)
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The day that ages are counted to, if it is not today."
)
def check(
    context: click.Context,
    config: Path | None,
    dialect: Dialect,
    *,
    strict: bool,
    notices: bool,
    workers: int,
    profiles: Sequence[str],
    today: datetime | None,
) -> int:
    """Say everything that is wrong with the corpus; write nothing.

    Without a mkdocs.yml, the corpus in ./seeds is checked alone.
    """
    if context.args:
        raise click.UsageError(
            f"check looks at the whole corpus, as notes lead from document to document: leave {context.args[0]} out"
        )
    found = _settings_file(config)
    with _progress() as progress:
        if found:
            from builder.engines import commands

            diagnostics = commands.check_site(found, workers=workers, progress=progress)
        else:
            from builder import pipeline

            diagnostics = pipeline.check(replace(_settings(None), workers=workers), progress)
    if profiles:
        from builder.profiles.check_profiles import check_profiles

        where = _settings(found)
        day = (today or datetime.now(UTC)).date()
        diagnostics = (*diagnostics, *check_profiles(where, _docs(found), profiles, day))
    _say(_coloured(report(diagnostics, dialect, notices=notices), dialect))
    _name_explanations(diagnostics, dialect, notices=notices)
    return FAULTY if has_errors(diagnostics, strict=strict) else CLEAN


@cli.command(epilog="Example:  postil build --strict --site-dir public")
@_config
@_dialect
@_strict
@_notices
@_workers
@click.option(
    "--site-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to; else as in mkdocs.yml. Replaced as a whole.",
)
def build(
    config: Path | None, dialect: Dialect, *, strict: bool, notices: bool, workers: int, site_dir: Path | None
) -> int:
    """Build the site; publish all of it, or, if anything is wrong, nothing."""
    from builder.engines import commands

    with _progress() as progress:
        outcome = commands.build_site(
            _needed(_settings_file(config)), strict=strict, workers=workers, site_dir=site_dir, progress=progress
        )
    _say(_coloured(report(outcome.diagnostics, dialect, notices=notices), dialect))
    _name_explanations(outcome.diagnostics, dialect, notices=notices)
    where = visible(_shown(outcome.site_dir))
    if not outcome.published:
        old = f"; {where} is as it was" if outcome.site_dir.exists() else ""
        why = "" if has_errors(outcome.diagnostics) else " The warnings are why: --strict takes them for errors."
        _complain(f"Nothing was published{old}.{why}")
        return FAULTY
    _complain(f"Published {_many(outcome.documents, 'document')} with {_many(outcome.notes, 'note')} in {where}")
    return CLEAN


@cli.command(epilog="Example:  postil serve --open")
@_config
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Where to listen.")
@click.option("--open", "open_in_browser", is_flag=True, help="Open the site in a browser.")
def serve(config: Path | None, address: str, *, open_in_browser: bool) -> int:
    """Show the site, drafts too, and again after each change. Ends with Control-C or SIGTERM."""
    from builder.engines import commands

    heard = logging.StreamHandler()
    heard.setFormatter(_Visible("%(message)s"))
    logging.getLogger("mkdocs").addHandler(heard)
    settings_file = _needed(_settings_file(config))
    # `kill` and service managers end a preview with SIGTERM, and so does whoever started it where a shell has Control-C
    # ignored, in its background. By default a process then stops in the middle, and leaves its temporary site behind.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        commands.serve_site(settings_file, address=address, open_in_browser=open_in_browser)
    except OSError as fault:
        raise UserError(f"cannot show the site at {address}: {fault.strerror or fault}") from fault
    finally:
        signal.signal(signal.SIGTERM, before)
    return CLEAN


@cli.command(epilog="Example:  postil new seeds/a-speech.txt")
@_config
@click.argument("seed", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def new(config: Path | None, seed: Path) -> int:
    """Write a sidecar to start from beside the document SEED.

    It holds what the document says of itself, and a note of each kind to take the comment from.
    """
    from builder.reanchor.old_texts import keep_text
    from builder.scaffold.new_sidecar import create_sidecar

    settings = _settings(_settings_file(config))
    begun, faults = create_sidecar(seed, settings)
    if begun is None:
        _complain(text_report(faults))
        return FAULTY
    keep_text(settings.root, begun.sha256, begun.text)
    _complain(f"Wrote {visible(str(begun.sidecar))}")
    return CLEAN


@cli.command(epilog="Example:  postil pin seeds/a-speech.txt")
@_config
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]...", type=click.Path(path_type=Path, exists=True))
def pin(config: Path | None, documents: tuple[Path, ...]) -> int:
    """Say in each sidecar which text its quotes were taken from: the document's text as it is now.

    Only the line `text_sha256` is written. A sidecar of which a note does not stand in the text is left as it is.
    """
    from builder.reanchor.pin import pin as pin_one
    from builder.reanchor.sidecar_files import select_documents

    settings = _settings(_settings_file(config))
    project, seeds = select_documents(settings, documents)
    done = [pin_one(seed, project, settings.limits, settings.root) for seed in seeds]
    faults = tuple(fault for each in done for fault in each.diagnostics)
    if faults:
        _say(text_report(faults))
    another = " to another text than before"
    lines = [f"Pinned {visible(each.sidecar)}{another * each.changed}\n" for each in done if each.written]
    _complain("".join(lines) or "Nothing to pin.")
    return FAULTY if has_errors(faults) else CLEAN


@cli.command(epilog="Example:  postil rebase seeds/a-speech.txt --dry-run")
@_config
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]...", type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", is_flag=True, help="Show what would change in the sidecars; write nothing.")
@click.option("--accept", type=click.Choice(["edited"]), help="Write notes whose words changed, without asking.")
@click.option("--format", "dialect", type=click.Choice(["text"]), default="text", help="text for people.")
def rebase(config: Path | None, documents: tuple[Path, ...], *, dry_run: bool, accept: str | None, dialect: str) -> int:
    """Carry notes over to a document's text as it is now, when it has changed.

    Without DOCUMENT, every sidecar is looked at whose text is not the one that its quotes were taken from.
    """
    del dialect  # there is one as yet
    from builder.reanchor import messages
    from builder.reanchor import rebase as revise
    from builder.reanchor.old_texts import keep_text, text_history
    from builder.reanchor.sidecar_files import select_documents, write_atomically

    settings = _settings(_settings_file(config))
    project, seeds = select_documents(settings, documents)
    known = cache(partial(text_history, settings.root))
    clean = True
    for seed in seeds:
        plan, faults = revise.plan(seed, project, settings.limits, known)
        if plan is None:
            if has_errors(faults):
                _say(text_report(faults))
                clean = False
            continue
        _say(messages.heading(plan))
        accepted = frozenset(_accepted(plan, messages.story, accept=accept, ask=not dry_run and sys.stdin.isatty()))
        done = revise.rebased(plan, accepted, settings.limits)
        if dry_run and (change := messages.diff(done)):
            _say(change)
        if not dry_run and done.data != plan.sidecar.data:
            write_atomically(plan.sidecar.path, done.data)
            keep_text(settings.root, plan.document.sha256, plan.document.text)
        if done.left or plan.faults:
            _say(messages.ending(done))
            clean = False
    return CLEAN if clean else FAULTY


@cli.command(epilog="Example:  postil init my-corpus")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """Write a new project into DIR, which is missing or empty: it builds at once."""
    from builder.scaffold.new_project import create_project

    here = folder.resolve() == Path.cwd()
    names = create_project(
        folder if folder.name not in ("", "..") else folder.resolve()
    )  # a folder without a name has no "-2"
    where = visible(str(folder))
    going = "" if here else f"    cd {where}\n"
    said = f"Wrote {_many(len(names), 'file')} {'here' if here else f'in {where}'}. Look at it:"
    _complain(f"{said}\n\n{going}    postil serve --open\n")
    if not any(line.startswith("postil") for line in (folder / "requirements.txt").read_text().splitlines()):
        _complain("Before you publish, say in requirements.txt where postil is to be installed from.")
    return CLEAN


@cli.command(epilog="Example:  postil diff main --format markdown")
@_config
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="text for people, markdown for a pull request, json for programs.",
)
@click.option("--exit-code", is_flag=True, help="Leave with 1 if anything changed, as git diff does.")
def diff(config: Path | None, base: str, head: str | None, form: str, *, exit_code: bool) -> int:
    """Say what changed in terms of notes from BASE to HEAD, two git revisions.

    Without HEAD, to the files as they stand. Verdict changes come first.
    """
    from builder.history.compare_revisions import compare_revisions
    from builder.history.messages import DiffFormat, format_comparison

    where = _settings(_settings_file(config))
    found = compare_revisions(where.root, where.seeds, where.limits, base, head)
    _say(format_comparison(found, DiffFormat(form)))
    return FAULTY if exit_code and found.differences else CLEAN


@cli.command(epilog="Example:  postil links --timeout 20")
@_config
@_dialect
@_strict
@_notices
@click.option("--timeout", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Seconds for each wait.")
@click.option(
    "--delay", type=click.FloatRange(0), default=1.0, show_default=True, help="Seconds between two questions."
)
@click.option("--max-age", type=click.IntRange(0), default=7, show_default=True, help="Days a good answer is kept for.")
@click.option("--linked-only", is_flag=True, help="Pass over addresses that readers are not sent to (link: false).")
@click.option("--private", is_flag=True, help="Ask on this machine and its network too.")
def links(
    config: Path | None,
    dialect: Dialect,
    *,
    strict: bool,
    notices: bool,
    timeout: float,
    delay: float,
    max_age: int,
    linked_only: bool,
    private: bool,
) -> int:
    """Ask whether the addresses of sources still answer.

    A server is asked one thing at a time, with a pause; good answers are kept in .cache/postil/links.json. No other
    command asks anything of anybody.
    """
    from builder.linkcheck.check_links import RequestPolicy, check_links

    manners = RequestPolicy(timeout, delay, max_age, private, linked_only)
    with _progress() as progress:
        found = check_links(_settings(_settings_file(config)), manners, datetime.now(UTC).date(), progress)
    _say(_coloured(report(found.diagnostics, dialect, notices=notices), dialect))
    _name_explanations(found.diagnostics, dialect, notices=notices)
    _complain(f"Asked {found.asked} of {found.known} addresses; the others answered well not long ago.")
    return FAULTY if has_errors(found.diagnostics, strict=strict) else CLEAN


@cli.command(epilog="Example:  postil explain Q201")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
def explain(codes: tuple[str, ...]) -> int:
    """Explain what the CODE of a message means and what to do.

    Without CODE, list all codes with their severity and title.
    """
    from builder import explanations

    _say("\n".join(map(explanations.explain, codes)) if codes else explanations.list_codes())
    return CLEAN


@cli.command(epilog="Example:  postil schema sidecar > sidecar.schema.json")
@click.argument("name", type=click.Choice(["sidecar", "corpus", "sources"]), default="sidecar")
def schema(name: str) -> int:
    """Print the JSON Schema of a file that you write, for your editor.

    NAME is sidecar (if not given), corpus or sources.
    """
    _say(resources.files("builder").joinpath("schema", f"{name}.schema.json").read_text(encoding="utf-8"))
    return CLEAN


# --- the terminal ---------------------------------------------------------------------------------------------------


class _Visible(logging.Formatter):
    """What the engine logs while it previews, made safe for a terminal: it may quote a document."""

    def format(self, record: logging.LogRecord) -> str:
        """The message as lines of which none steers the terminal."""
        return "\n".join(visible(line) for line in super().format(record).split("\n"))


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage on stderr, gone when the work is done; silent where stderr is not a terminal.

    It draws when it is told something: a thread that draws would keep the pipeline from starting its workers.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(
        *columns, console=console, transient=True, auto_refresh=False, disable=not console.is_terminal
    ) as bars:

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total, refresh=True)

        yield show


def _accepted(plan: Plan, story: Callable[[Plan, Outcome], str], *, accept: str | None, ask: bool) -> Iterator[str]:
    """Tell each note's fate, and give those edited ones that are to be written: all, or those that a person accepts."""
    for each in plan.outcomes:
        if each.fate == "unchanged":
            continue
        _say(story(plan, each))
        if each.fate == "edited" and (accept == "edited" or (ask and click.confirm("    write it?", err=True))):
            yield each.note.id


def _settings_file(given: Path | None) -> Path | None:
    """The file named, which must be there; else this folder's, where it has one."""
    if given is not None:
        if not given.is_file():
            raise UserError(f"no such file: {given}")
        return given
    return _settings_in(Path())


def _settings_in(folder: Path) -> Path | None:
    return next((path for name in ("mkdocs.yml", "mkdocs.yaml") if (path := folder / name).is_file()), None)


def _settings(config: Path | None) -> Settings:
    from builder.pipeline import Settings

    if config is None:
        root = Path.cwd()
        if not (root / "seeds").exists():
            raise _no_project("there is neither a mkdocs.yml nor a folder seeds here")
        return Settings(root=root, seeds=root / "seeds")
    from builder.engines.commands import load_settings

    return load_settings(config)


def _docs(config: Path | None) -> Path:
    if config is None:
        return Path.cwd() / "docs"
    from builder.engines.commands import docs_dir

    return docs_dir(config)


def _needed(config: Path | None) -> Path:
    if config is None:
        raise _no_project("there is no mkdocs.yml in this folder")
    return config


def _no_project(lacking: str) -> UserError:
    """What to do where there is no project: go up to the one that this folder is in, or start one."""
    here = Path.cwd()
    above = next((found for folder in here.parents if (found := _settings_in(folder))), None)
    if above is None:
        return UserError(f"{lacking}: it is no project\nstart one:  postil init my-corpus")
    up = Path(os.path.relpath(above, here))
    return UserError(f"{lacking}, but there is a project above\ngo there:  cd {up.parent}\nor name it:  --config {up}")


def _coloured(said: str, dialect: Dialect) -> str:
    """The severities in colour. ``click.echo`` takes colour out again where it does not print to a terminal."""
    if dialect is not Dialect.TEXT or os.environ.get("NO_COLOR"):
        return said
    return _HEADLINE.sub(
        lambda found: found[1] + click.style(found[2], fg=_COLOURS[found[2]], bold=True) + found[3], said
    )


def _name_explanations(diagnostics: Iterable[Diagnostic], dialect: Dialect, *, notices: bool) -> None:
    """End a report for people with the command that explains its first codes, those of errors before others."""
    severities = [severity for severity in Severity if notices or severity is not Severity.NOTICE]
    ordered = [fault for severity in severities for fault in sorted(diagnostics) if fault.severity is severity]
    codes = list(dict.fromkeys(fault.code for fault in ordered))[:_EXPLAINED]
    if codes and dialect is Dialect.TEXT:
        _say(f"for more information:  postil explain {' '.join(codes)}")


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _say(said: str) -> None:
    click.echo(said.removesuffix("\n"))


def _complain(said: str) -> None:
    click.echo(said.removesuffix("\n"), err=True)


def _never_fails_to_print(stream: TextIO) -> None:
    """Have a terminal that cannot show a character show its escape instead of ending the command."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
