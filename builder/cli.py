"""The command line: arguments in, text and exit codes out. The only file that prints or exits.

Exit codes: 0, no errors; 1, the corpus has errors (or warnings, under ``--strict``); 2, the command could not run.
"""

# ruff: noqa: PLC0415 - MkDocs takes a quarter of a second to import, so each command imports what it needs.

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
from datetime import UTC, date, datetime
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
_EXPLAINED = 3  # codes named at the end of a report: as many as a line holds
_SETTINGS_FILES = ("mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml")
_HEADLINE = re.compile(r"^(\S.*?: )(error|warning|notice)( [A-Z]\d{3}: )", re.MULTILINE)


def main() -> None:
    """Run the command line and exit with its code."""
    # A corpus is millions of values, hardly any of them in a cycle: looking for cycles took a tenth of a build.
    gc.set_threshold(50_000, 20, 100)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. A UserError is printed on stderr; a bug stays a traceback."""
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's notice on MkDocs 2, which these versions exclude anyway
    for stream in (sys.stdout, sys.stderr):
        _escape_unprintable(stream)
    try:
        code = cli.main(list(arguments), prog_name="postil", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return UNABLE
    except UserError as error:
        _print_error("\n".join(visible(line) for line in f"error: {error}".split("\n")))
        return UNABLE
    return code if isinstance(code, int) else CLEAN


# --- the commands ---------------------------------------------------------------------------------------------------

_config = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The site's settings. [default: mkdocs.yml or properdocs.yml in this folder]",
)
_workers = click.option(
    "--workers", type=click.IntRange(min=0), default=0, help="Number of processes; 0 means one for each core."
)
_engine = click.option(
    "--engine",
    metavar="NAME",
    help="What draws the theme: mkdocs, properdocs, zensical, frozen. [default: as in mkdocs.yml]",
)
_strict = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
_dialect = click.option(
    "--format",
    "dialect",
    type=click.Choice(Dialect, case_sensitive=False),
    default=Dialect.TEXT,
    help="text for people (the default), github for a pull request; json, sarif and junit for programs.",
)
_notices = click.option("--notices", is_flag=True, help="Show notices too.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Start here:  postil init my-corpus")
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Publish source documents with notes on the exact words."""


@cli.command(epilog="Example:  postil check --strict", context_settings={"allow_extra_args": True})
@click.pass_context
@_config
@_engine
@_dialect
@_strict
@_notices
@_workers
@click.option(
    "--profile", "profiles", multiple=True, metavar="NAME", help="House rules to check as well: ifcn, or your own."
)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to compute ages for. [default: today]")
@click.option("--fix", is_flag=True, help="Write into sidecars what a message proposes, where nothing else would do.")
@click.option("--diff", "as_diff", is_flag=True, help="Show what --fix would write, as a patch; write nothing.")
def check(
    context: click.Context,
    config: Path | None,
    engine: str | None,
    dialect: Dialect,
    *,
    strict: bool,
    notices: bool,
    workers: int,
    profiles: Sequence[str],
    today: datetime | None,
    fix: bool,
    as_diff: bool,
) -> int:
    """Report what is wrong with the corpus and the pages.

    Writes nothing without --fix. Without a mkdocs.yml, checks the corpus in ./seeds alone.
    """
    if context.args:
        raise click.UsageError(
            f"check takes no files, because notes link from document to document: leave {context.args[0]} out"
        )
    settings_file = _settings_file(config)
    day = (today or datetime.now(UTC)).date()
    diagnostics = _checked(settings_file, engine, workers, profiles, day)
    if as_diff:
        _show_fixes(settings_file, diagnostics)
        return FAULTY if has_errors(diagnostics, strict=strict) else CLEAN
    if fix and _write_fixes(settings_file, diagnostics):
        diagnostics = _checked(settings_file, engine, workers, profiles, day)
    _print(_coloured(report(diagnostics, dialect, notices=notices), dialect))
    _name_explanations(diagnostics, dialect, notices=notices)
    return FAULTY if has_errors(diagnostics, strict=strict) else CLEAN


def _checked(
    settings_file: Path | None, engine: str | None, workers: int, profiles: Sequence[str], day: date
) -> tuple[Diagnostic, ...]:
    with _progress() as progress:
        if settings_file:
            from builder.engines.commands import check_site

            diagnostics = check_site(settings_file, engine=engine, workers=workers, progress=progress)
        else:
            from builder import pipeline

            diagnostics = pipeline.check(replace(_settings(None), workers=workers), progress)
    if profiles:
        from builder.profiles.check_corpus import check_profiles

        rules = check_profiles(_settings(settings_file), _docs(settings_file), profiles, day)
        diagnostics = (*diagnostics, *rules)
    return diagnostics


def _show_fixes(settings_file: Path | None, diagnostics: Sequence[Diagnostic]) -> None:
    from builder.reanchor.fixes import fixed_files
    from builder.reanchor.messages import file_diff

    settings = _settings(settings_file)
    files = fixed_files(settings.root, diagnostics, settings.limits)
    for file in files:
        _print(file_diff(file.name, file.old, file.data))
    changes = _count(sum(len(file.fixed) for file in files), "change")
    _print_error(f"{changes} in {_count(len(files), 'file')}; --fix writes them." if files else "Nothing to fix.")


def _write_fixes(settings_file: Path | None, diagnostics: Sequence[Diagnostic]) -> bool:
    """Write the fixes and name them; return whether there are any."""
    from builder.reanchor.fixes import fixed_files
    from builder.reanchor.sidecar_files import write_atomically

    settings = _settings(settings_file)
    files = fixed_files(settings.root, diagnostics, settings.limits)
    for file in files:
        write_atomically(file.path, file.data)
        for diagnostic in file.fixed:
            _print_error(visible(f"{diagnostic.place}: fixed {diagnostic.code}: {diagnostic.message}"))
    return bool(files)


@cli.command(epilog="Example:  postil build --strict --site-dir public")
@_config
@_engine
@_dialect
@_strict
@_notices
@_workers
@click.option(
    "--site-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the site; it is replaced as a whole. [default: as in mkdocs.yml]",
)
def build(
    config: Path | None,
    engine: str | None,
    dialect: Dialect,
    *,
    strict: bool,
    notices: bool,
    workers: int,
    site_dir: Path | None,
) -> int:
    """Build the site and publish it.

    If there are errors, nothing is published, and the site stays as it was.
    """
    settings_file = _required(_settings_file(config))
    from builder.engines.commands import build_site

    with _progress() as progress:
        result = build_site(
            settings_file, engine=engine, strict=strict, workers=workers, site_dir=site_dir, progress=progress
        )
    _print(_coloured(report(result.diagnostics, dialect, notices=notices), dialect))
    _name_explanations(result.diagnostics, dialect, notices=notices)
    where = visible(_short_path(result.site_dir))
    if not result.published:
        old = f"; {where} is as it was" if result.site_dir.exists() else ""
        why = "" if has_errors(result.diagnostics) else " --strict treats the warnings as errors."
        _print_error(f"Nothing was published{old}.{why}")
        return FAULTY
    _print_error(f"Published {_count(result.documents, 'document')} with {_count(result.notes, 'note')} in {where}")
    return CLEAN


@cli.command(epilog="Example:  postil freeze")
@_config
@_engine
@click.argument("folder", metavar="[DIR]", default="frozen", type=click.Path(path_type=Path, file_okay=False))
def freeze(config: Path | None, engine: str | None, folder: Path) -> int:
    """Keep what the engine draws, to build without it.

    Writes the theme's pages, the pages written by hand and a list of what they were made from into DIR, in place of
    what was kept there. `postil build --engine frozen` makes the site of them, with no engine installed.
    """
    settings_file = _required(_settings_file(config))
    from builder.engines.commands import freeze_site

    names = freeze_site(settings_file, folder, engine=engine)
    _print_error(f"Kept {_count(len(names), 'file')} in {visible(_short_path(folder))}. Build from them:")
    frozen = "frozen" if folder == Path("frozen") else f"frozen:{folder}"
    _print_error(f"\n    postil build --engine {visible(frozen)}")
    return CLEAN


@cli.command(epilog="Example:  postil serve --open")
@_config
@_engine
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="The address to listen at.")
@click.option("--open", "open_in_browser", is_flag=True, help="Open the site in a browser.")
def serve(config: Path | None, engine: str | None, address: str, *, open_in_browser: bool) -> int:
    """Preview the site, and rebuild it after each change.

    Shows drafts too. Ends with Control-C or SIGTERM.
    """
    settings_file = _required(_settings_file(config))
    from builder.engines.commands import serve_site

    handler = logging.StreamHandler()
    handler.setFormatter(_VisibleFormatter("%(message)s"))
    logging.getLogger("mkdocs").addHandler(handler)
    # `kill` and service managers send SIGTERM, and a shell's background jobs ignore Control-C. By default SIGTERM ends
    # a process on the spot, and its temporary site would be left behind.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        serve_site(settings_file, engine=engine, address=address, open_in_browser=open_in_browser)
    except OSError as error:
        raise UserError(f"cannot show the site at {address}: {error.strerror or error}") from error
    finally:
        signal.signal(signal.SIGTERM, before)
    return CLEAN


@cli.command(epilog="Example:  postil new seeds/a-speech.txt")
@_config
@click.argument("seed", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def new(config: Path | None, seed: Path) -> int:
    """Write a sidecar beside the document SEED.

    It holds the fields that the document states itself, and a commented example of each kind of note.
    """
    from builder.reanchor.old_texts import keep_text
    from builder.scaffold.new_sidecar import create_sidecar

    settings = _settings(_settings_file(config))
    created, diagnostics = create_sidecar(seed, settings)
    if created is None:
        _print_error(text_report(diagnostics))
        return FAULTY
    keep_text(settings.root, created.sha256, created.body)
    _print_error(f"Wrote {visible(str(created.sidecar))}")
    return CLEAN


@cli.command(epilog="Example:  postil pin seeds/a-speech.txt")
@_config
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]...", type=click.Path(path_type=Path, exists=True))
def pin(config: Path | None, documents: tuple[Path, ...]) -> int:
    """Record in sidecars the text that quotes were taken from.

    Writes the line `text_sha256`: the fingerprint of the document's text as it is now. A sidecar with a quote that is
    not in the text is left as it is.
    """
    from builder.reanchor.pin import pin as pin_one
    from builder.reanchor.sidecar_files import select_documents

    settings = _settings(_settings_file(config))
    project, seeds = select_documents(settings, documents)
    results = [pin_one(seed, project, settings.limits, settings.root) for seed in seeds]
    diagnostics = tuple(diagnostic for result in results for diagnostic in result.diagnostics)
    if diagnostics:
        _print(text_report(diagnostics))
    changed = " to another text than before"
    lines = [f"Pinned {visible(result.sidecar)}{changed * result.changed}\n" for result in results if result.written]
    _print_error("".join(lines) or "Nothing to pin.")
    return FAULTY if has_errors(diagnostics) else CLEAN


@cli.command(epilog="Example:  postil rebase seeds/a-speech.txt --dry-run")
@_config
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]...", type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", is_flag=True, help="Show what would change in the sidecars; write nothing.")
@click.option("--accept", type=click.Choice(["edited"]), help="Write notes whose words changed, without asking.")
@click.option("--format", "dialect", type=click.Choice(["text"]), default="text", help="text for people.")
def rebase(config: Path | None, documents: tuple[Path, ...], *, dry_run: bool, accept: str | None, dialect: str) -> int:
    """Carry notes over to a changed text.

    Without DOCUMENT, does so for every sidecar whose document has another text than its quotes were taken from.
    """
    del dialect  # there is only one so far
    from builder.reanchor import messages
    from builder.reanchor import rebase as revise
    from builder.reanchor.old_texts import keep_text, text_history
    from builder.reanchor.sidecar_files import select_documents, write_atomically

    settings = _settings(_settings_file(config))
    project, seeds = select_documents(settings, documents)
    known = cache(partial(text_history, settings.root))
    clean = True
    for seed in seeds:
        plan, diagnostics = revise.plan(seed, project, settings.limits, known)
        if plan is None:
            if has_errors(diagnostics):
                _print(text_report(diagnostics))
                clean = False
            continue
        _print(messages.heading(plan))
        accepted = frozenset(_accepted(plan, messages.story, accept=accept, ask=not dry_run and sys.stdin.isatty()))
        done = revise.rebased(plan, accepted, settings.limits)
        if dry_run and (change := messages.diff(done)):
            _print(change)
        if not dry_run and done.data != plan.sidecar.data:
            write_atomically(plan.sidecar.path, done.data)
            keep_text(settings.root, plan.document.sha256, plan.document.body)
        if done.left or plan.faults:
            _print(messages.ending(done))
            clean = False
    return CLEAN if clean else FAULTY


@cli.command(epilog="Example:  postil init my-corpus")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """Write a new project into DIR.

    DIR must not exist, or be empty. The project can be built at once.
    """
    from builder.scaffold.new_project import create_project

    here = folder.resolve() == Path.cwd()
    # The project is named after its folder, and "." and ".." are no names.
    names = create_project(folder if folder.name not in ("", "..") else folder.resolve())
    shown = visible(str(folder))
    change_folder = "" if here else f"    cd {shown}\n"
    written = f"Wrote {_count(len(names), 'file')} {'here' if here else f'in {shown}'}. Look at it:"
    _print_error(f"{written}\n\n{change_folder}    postil serve --open\n")
    if not any(line.startswith("postil") for line in (folder / "requirements.txt").read_text().splitlines()):
        _print_error("Before you publish, write in requirements.txt where to install postil from.")
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
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything changed, as git diff does.")
def diff(config: Path | None, base: str, head: str | None, form: str, *, exit_code: bool) -> int:
    """Compare the notes of two git revisions, BASE and HEAD.

    Without HEAD, compares BASE with the files as they are. Changes of verdicts come first.
    """
    from builder.history.compare_revisions import compare_revisions
    from builder.history.format_comparison import DiffFormat, format_comparison

    settings = _settings(_settings_file(config))
    comparison = compare_revisions(settings.root, settings.seeds, settings.limits, base, head)
    _print(format_comparison(comparison, DiffFormat(form)))
    return FAULTY if exit_code and comparison.differences else CLEAN


@cli.command(epilog="Example:  postil links --timeout 20")
@_config
@_dialect
@_strict
@_notices
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Seconds to wait for each answer."
)
@click.option(
    "--delay",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="Seconds between two requests to one server.",
)
@click.option(
    "--max-age", type=click.IntRange(0), default=7, show_default=True, help="Days that a good answer is kept."
)
@click.option("--linked-only", is_flag=True, help="Skip addresses that readers are not sent to (link: false).")
@click.option("--private", is_flag=True, help="Request addresses on this machine and its network too.")
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
    """Check that the addresses of sources still answer.

    Sends each server one request at a time, with a pause, and keeps good answers in .cache/postil/links.json. No other
    command sends requests.
    """
    from builder.linkcheck.check_links import RequestPolicy, check_links

    policy = RequestPolicy(timeout, delay, max_age, private, linked_only)
    with _progress() as progress:
        result = check_links(_settings(_settings_file(config)), policy, datetime.now(UTC).date(), progress)
    _print(_coloured(report(result.diagnostics, dialect, notices=notices), dialect))
    _name_explanations(result.diagnostics, dialect, notices=notices)
    others = " The others gave a good answer lately." if result.asked < result.known else ""
    _print_error(f"Requested {result.asked} of {result.known} addresses.{others}")
    return FAULTY if has_errors(result.diagnostics, strict=strict) else CLEAN


@cli.command(epilog="Example:  postil explain Q201")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
def explain(codes: tuple[str, ...]) -> int:
    """Explain a message's CODE and what to do.

    Without CODE, list all codes with their severity and title.
    """
    from builder import explanations

    _print("\n".join(map(explanations.explain, codes)) if codes else explanations.list_codes())
    return CLEAN


@cli.command(epilog="Example:  postil schema sidecar > sidecar.schema.json")
@click.argument("name", type=click.Choice(["sidecar", "corpus", "sources"]), default="sidecar")
def schema(name: str) -> int:
    """Print the JSON Schema of a YAML file, for editors.

    NAME is sidecar (if not given), corpus or sources.
    """
    _print(resources.files("builder").joinpath("schema", f"{name}.schema.json").read_text(encoding="utf-8"))
    return CLEAN


# --- the terminal ---------------------------------------------------------------------------------------------------


class _VisibleFormatter(logging.Formatter):
    """Makes what MkDocs logs during a preview safe for a terminal: it may quote a document."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message without characters that control the terminal."""
        return "\n".join(visible(line) for line in super().format(record).split("\n"))


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows a progress bar for each stage on stderr; it shows nothing if that is no terminal.

    Bars are drawn by the calls, and not by a thread: beside threads the pipeline starts no workers.
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
    """Print what becomes of each note, and yield the ids of the edited ones to write.

    ``plan``: what becomes of the notes of one document.
    ``story``: words the outcome of one note.
    ``accept``: "edited" to write them all; else those that a person accepts.
    ``ask``: whether a person can be asked.
    """
    for outcome in plan.outcomes:
        if outcome.fate == "unchanged":
            continue
        _print(story(plan, outcome))
        if outcome.fate == "edited" and (accept == "edited" or (ask and click.confirm("    write it?", err=True))):
            yield outcome.note.id


def _settings_file(given: Path | None) -> Path | None:
    """Return the file given, which must exist; else that of this folder, if it has one."""
    if given is not None and not given.is_file():
        raise UserError(f"no such file: {given}")
    return given or _settings_in(Path())


def _settings_in(folder: Path) -> Path | None:
    return next((path for name in _SETTINGS_FILES if (path := folder / name).is_file()), None)


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


def _required(config: Path | None) -> Path:
    if config is None:
        raise _no_project("there is no mkdocs.yml in this folder")
    return config


def _no_project(reason: str) -> UserError:
    """Return the error for a folder without a project: the next step is a project above it, or a new one."""
    here = Path.cwd()
    above = next((path for folder in here.parents if (path := _settings_in(folder))), None)
    if above is None:
        return UserError(f"{reason}\nstart one:  postil init my-corpus")
    up = Path(os.path.relpath(above, here))
    return UserError(f"{reason}, but there is a project above\ngo there:  cd {up.parent}\nor name it:  --config {up}")


def _coloured(text: str, dialect: Dialect) -> str:
    """Return a report with its severities in colour. ``click.echo`` removes colour unless it prints to a terminal."""
    if dialect is not Dialect.TEXT or os.environ.get("NO_COLOR"):
        return text
    return _HEADLINE.sub(lambda line: line[1] + click.style(line[2], fg=_COLOURS[line[2]], bold=True) + line[3], text)


def _name_explanations(diagnostics: Iterable[Diagnostic], dialect: Dialect, *, notices: bool) -> None:
    """End a report for people with the command that explains its first codes, those of errors before others."""
    severities = [severity for severity in Severity if notices or severity is not Severity.NOTICE]
    ordered = [fault for severity in severities for fault in sorted(diagnostics) if fault.severity is severity]
    codes = list(dict.fromkeys(fault.code for fault in ordered))[:_EXPLAINED]
    if codes and dialect is Dialect.TEXT:
        _print(f"for more information:  postil explain {' '.join(codes)}")


def _short_path(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _print(text: str) -> None:
    click.echo(text.removesuffix("\n"))


def _print_error(text: str) -> None:
    """Print to stderr, which also takes what is no result: what a command wrote, and what it did not do."""
    click.echo(text.removesuffix("\n"), err=True)


def _escape_unprintable(stream: TextIO) -> None:
    """Have a stream print the escape of a character that its encoding lacks, where it would raise an error."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
