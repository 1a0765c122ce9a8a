"""Check a corpus by profiles: the call behind ``postil check --profile``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from builder.diagnostics import Diagnostic, UserError
from builder.pipeline import Settings, load_corpus
from builder.profiles.load_profile import Profile, load_profile
from builder.profiles.rules import check_rules
from builder.read.discovery import read_bytes


def check_profiles(settings: Settings, docs: Path, names: Sequence[str], today: date) -> tuple[Diagnostic, ...]:
    """Return what the corpus and the pages in ``docs`` lack of what these profiles require, sorted.

    ``settings``: of the corpus.
    ``docs``: the folder of hand-written pages.
    ``names``: of the profiles.
    ``today``: the day from which the age of reviews is counted.

    Raises UserError if there is no such profile. The errors of the corpus itself are not repeated.
    """
    diagnostics: set[Diagnostic] = set()
    profiles: list[Profile] = []
    for name in names:
        profile, problems = load_profile(name, settings.root, settings.limits)
        profiles.append(profile)
        diagnostics |= set(problems)
    corpus = load_corpus(settings, {}).full
    wanted = {file for profile in profiles for rule in profile.pages.values() for file in rule.files}
    pages = {name: text for name in sorted(wanted) if (text := _page(docs, name)) is not None}
    for profile in profiles:
        diagnostics |= set(check_rules(profile, corpus, pages, docs.name, today))
    return tuple(sorted(diagnostics))


def _page(docs: Path, name: str) -> str | None:
    """Return a hand-written page's text; None if there is none, or it is outside the folder."""
    path = docs / name
    if not path.is_file() or not path.resolve().is_relative_to(docs.resolve()):
        return None
    try:
        return read_bytes(path).decode("utf-8", "replace")
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
