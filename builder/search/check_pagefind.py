"""Whether the Pagefind of this machine can make an index that we can join and search: tried before a site is drawn.

Pages carry a search box and links to searches, so it must be known before the first page whether there will be an
index. What the files of another version look like is not known before they are there; so two pages are indexed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from builder.diagnostics import Diagnostic, Place, UserError
from builder.search.pagefind import NotStartedError, find_program
from builder.search.pagefind_index import PagefindFormatError, language_files

REQUIREMENT = "pagefind[bin]>=1.5.2,<1.6"  # as in pyproject.toml: the versions whose files are known


def pagefind_available() -> bool:
    """Return whether this machine can make a search index."""
    return pagefind_problem() is None


def pagefind_problem() -> Diagnostic | None:
    """Return P402 if this machine cannot make a search index: no Pagefind, one that does not run, one not known.

    A program that runs and fails is no such problem: ``write_search`` raises UserError then.
    """
    program = find_program()
    if program is None:
        return no_search("the program Pagefind was not found")
    try:
        about = program.stat()
    except OSError as error:
        return no_search(f"the program {program.name} cannot be read ({error.strerror})")
    problem = _trial(program, about.st_mtime_ns, about.st_size)
    return no_search(*problem) if problem else None


def no_search(reason: str, hint: str = "") -> Diagnostic:
    """Return the warning P402."""
    return Diagnostic(
        Place("mkdocs.yml"),
        "P402",
        f"the site is built without search: {reason}",
        hint
        or "install it beside postil with `pip install 'pagefind[bin]'`; where that has nothing for this platform,\n"
        "put a `pagefind` from https://pagefind.app into the PATH, or name it in the variable PAGEFIND_BINARY_PATH",
    )


def cannot_run(program: Path, error: NotStartedError) -> tuple[str]:
    """Return the reason for ``no_search``."""
    return (f"the program {program.name} cannot be run ({error})",)


def unknown_format(error: PagefindFormatError) -> tuple[str, str]:
    """Return the reason and the hint for ``no_search``."""
    return (
        f"the files that this Pagefind makes have a form that postil does not know ({error})",
        f"install a version that it knows with `pip install '{REQUIREMENT}'`",
    )


@cache
def _trial(program: Path, mtime_ns: int, size: int) -> tuple[str, ...]:
    """Return what is wrong with the program, empty if nothing is. Time and size tell a program from its successor."""
    del mtime_ns, size
    try:
        language_files(program, "en")
    except NotStartedError as error:
        return cannot_run(program, error)
    except PagefindFormatError as error:
        return unknown_format(error)
    except (UserError, OSError):  # it may go better with the site itself; if not, that is told then
        return ()
    return ()
