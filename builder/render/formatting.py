"""Plain values as a page shows them: dates, shortened words, outside addresses, tones. Plain strings, not escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from builder.labels import note_label
from builder.model import NoteKind, Project
from builder.translation import Translation

SHORT = 220  # code points of a quote shown in its note: about three lines of a card
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


def format_date(written: str | None, translation: Translation) -> FormattedDate | None:
    """Return an ISO 8601 date, whole or cut to month or year, in words: ``18 December 2025``."""
    if not written:
        return None
    words = translation.date(written)
    return FormattedDate(iso_date(written), words) if words else FormattedDate(None, written)


def iso_date(written: str | None) -> str:
    """Return the day, month or year of an ISO 8601 date without the time; "" if it is no date."""
    parts = _DATE.fullmatch(written or "")
    return "-".join(filter(None, parts.groups())) if parts else ""


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
