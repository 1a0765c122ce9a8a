"""Plain values as a page shows them: dates, shortened words, outside addresses, tones. Plain strings, not escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from builder.labels import note_label
from builder.model import NoteKind, Project

SHORT = 220  # code points of a quote shown in its note: about three lines of a card
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ].*)?", re.ASCII | re.DOTALL)
_EXTERNAL = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\x7f]", re.IGNORECASE)
NEUTRAL = "neutral"  # the tone that says nothing of a verdict

# A shape for each tone, so that no meaning hangs on colour. None of them has an emoji form.
GLYPHS = MappingProxyType(
    {
        "good": "●",
        "mixed": "◐",
        "warn": "▲",
        "bad": "✕",
        "unknown": "○",
        NEUTRAL: "◇",
        "context": "§",
        "correction": "✎",
    }
)


@dataclass(frozen=True, slots=True)
class FormattedDate:
    """A date for machines and for people; ``iso`` is None where what was written is not a date."""

    iso: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Badge:
    """What a note is at a glance: a word, a tone for colour, a shape. Never one of them alone."""

    label: str
    tone: str
    glyph: str


def badge(kind: NoteKind, verdict: str | None, project: Project) -> Badge:
    """Return the badge of a note: a claim's verdict, or the kind itself."""
    if kind is NoteKind.CLAIM:
        known = project.verdicts.get(verdict or "")
        tone = known.tone if known and known.tone in GLYPHS else NEUTRAL
    else:
        tone = kind.value
    return Badge(note_label(kind, verdict, project), tone, GLYPHS[tone])


def format_date(written: str | None) -> FormattedDate | None:
    """Return an ISO 8601 date, whole or cut to month or year, in words: ``18 December 2025``."""
    if not written:
        return None
    parts = _DATE.fullmatch(written)
    if not parts:
        return FormattedDate(None, written)
    year, month, day = parts.groups()
    if month and not 1 <= int(month) <= len(_MONTHS):
        return FormattedDate(None, written)
    words = " ".join(filter(None, (str(int(day)) if day else "", _MONTHS[int(month) - 1] if month else "", year)))
    return FormattedDate("-".join(filter(None, parts.groups())), words)


def external_url(address: str | None) -> str | None:
    """Return an address that a reader may be sent to, or None: only http, https and mailto lead out of the site.

    The reader of sidecars refuses others too, and turns a DOI into an address; this is the last check before the page.
    """
    if not address:
        return None
    address = address.strip()
    return address if _EXTERNAL.match(address) else None


def one_line(text: str) -> str:
    """Return text with every run of white space as one space."""
    return " ".join(text.split())


def shorten_middle(text: str, limit: int = SHORT) -> str:
    """Return text on one line, in at most ``limit`` code points, the middle left out between words."""
    text = one_line(text)
    if len(text) <= limit:
        return text
    tail = limit // 3
    first, last = text[: limit - tail - 3], text[-tail:]
    return f"{first.rsplit(' ', 1)[0]} … {last.split(' ', 1)[-1]}"


def with_count(number: int, word: str) -> str:
    """Return ``1 note``, ``2,345 notes``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
