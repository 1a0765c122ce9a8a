"""How plain values read."""

import pytest

from builder.render.formatting import FormattedDate, external_url, format_date, shorten_middle
from builder.translation import ENGLISH


@pytest.mark.parametrize(
    ("written", "iso", "words"),
    [
        ("2025-12-18", "2025-12-18", "18 December 2025"),
        ("2025-12-01", "2025-12-01", "1 December 2025"),
        ("2025-06", "2025-06", "June 2025"),
        ("1949", "1949", "1949"),
        ("2025-12-18T10:00:00Z", "2025-12-18", "18 December 2025"),
        ("2025-13", None, "2025-13"),
        ("2025-00-01", None, "2025-00-01"),
        ("spring 2025", None, "spring 2025"),
        ("٢٠٢٥", None, "٢٠٢٥"),
    ],
)
def test_dates(written: str, iso: str | None, words: str) -> None:
    assert format_date(written, ENGLISH) == FormattedDate(iso, words)


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_date(nothing: str | None) -> None:
    assert format_date(nothing, ENGLISH) is None


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://example.org/a b", "https://example.org/a b"),
        (" HTTP://example.org ", "HTTP://example.org"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("doi:10.1000/1", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("https:alert(1)", None),
        ("//example.org", None),
        ("/etc/passwd", None),
        ("ftp://example.org", None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_only_these_addresses_lead_out(written: str | None, link: str | None) -> None:
    assert external_url(written) == link


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("a  b\n\nc", 10, "a b c"),
        ("one two three four five six", 20, "one two … six"),
        ("x" * 50, 20, "x" * 11 + " … " + "x" * 6),
    ],
)
def test_shortening(text: str, limit: int, short: str) -> None:
    assert shorten_middle(text, limit) == short
    assert len(short) <= limit
