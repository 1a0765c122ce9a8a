"""A small project for the tests of reading: overlaps, passages far apart, teaching mode, other scripts, 300 notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MKDOCS = """\
site_name: A corpus to read
theme:
  name: material
  font: false
  features: [navigation.instant, navigation.tabs]
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: white
      toggle: {icon: material/weather-night, name: Switch to dark}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: black
      toggle: {icon: material/weather-sunny, name: Switch to light}
plugins: [postil]
nav:
  - Home: index.md
  - Documents: documents/index.md
"""
WORDS = "The bridge was closed in May after the flood had come, and it opened again in June, as the town had said."
TEXT = "\n\n".join(
    [
        WORDS,
        *(
            f"Paragraph {number}. {'People crossed the river by boat. ' * 9}They paid {number} coins."
            for number in range(20)
        ),
        "At the end the mayor spoke of the bridge for a long time.",
    ]
)
# The JSON that stands here for a sidecar is YAML too.
SOURCE = {"title": "A report", "publisher": "The town", "date": "2024-06", "url": "https://example.org/report"}
CLAIM = "The town's own record says otherwise, as far as it goes. It was opened in July. *Nobody* wrote it down."


def _bridge() -> dict[str, Any]:
    paid = [
        {
            "id": f"paid-{number}",
            "quote": f"They paid {number} coins",
            "note": f"The price was written on a board beside the boat number {number}. More is not known.",
            "sources": [{**SOURCE, "title": f"A report, part {part}"} for part in range(6)],
            "topics": ["money"],
        }
        for number in range(20)
    ]
    return {
        "title": "The bridge",
        "publisher": "A paper",
        "published": "2024-06-30",
        "url": "https://example.org/bridge",
        "link_original": False,
        "noindex": True,
        "summary": "What is known of [[bridge#opened|the opening]].",
        "claims": [
            {
                "id": "opened",
                "quote": "it opened again in June, as the town had said",
                "note": CLAIM,
                "statement": "The bridge opened in June.",
                "verdict": "false",
                "topics": ["river"],
                "techniques": ["loaded language"],
                "sources": [{**SOURCE, "url": "https://example.org/bridge"}],
                "see": ["month"],
                "by": ["AK"],
                "reviewed": "2026-11-22",
            },
            {
                "id": "said",
                "quote": "as the town had said",
                "note": "It had, in a letter to all houses of the town.",
                "verdict": "supported",
            },
        ],
        "context": [
            {"id": "whole", "note": "This is a note on the whole document, and it has two sentences. This is one."},
            {"id": "town", "quote": "the town had", "note": "The town lies on both banks of the river, as towns do."},
            {
                "id": "apart",
                "quote": ["The bridge was closed", "the mayor spoke of the bridge"],
                "note": "Twice, far apart: once at the start, and once at the end.",
            },
            *paid,
        ],
        "corrections": [{"id": "month", "quote": "in May", "correct": "in April", "note": "The flood came in April."}],
    }


def _teaching() -> dict[str, Any]:
    return {
        "title": "To be taught with",
        "reveal": True,
        "claims": [
            {
                "id": "closed",
                "quote": "closed in May",
                "note": "Wrong by a month, so far as we know from the papers.",
                "verdict": "false",
                "techniques": ["haste"],
                "see": ["opened"],
            },
            {
                "id": "opened",
                "quote": "opened again in June",
                "note": "Right to the day, so far as we know from the papers.",
                "verdict": "supported",
            },
        ],
        "context": [
            {"id": "flood", "quote": "the flood", "note": "The river rises every spring, when the snow melts."}
        ],
    }


def _short() -> dict[str, Any]:
    """Notes that need more room than their text does: on the whole document, and one whose words are gone."""
    return {
        "title": "A short one",
        "claims": [
            {
                "id": "gone",
                "quote": "It was washed away in March.",
                "retired": "2026-11-22, the paper took the sentence out",
                "note": "It was not:\n\n3. Nobody saw it.\n4. It is there:\n   1. on a map.",
                "verdict": "false",
            },
            {"id": "last", "quote": "as the town had said", "note": "It had, in a letter.", "verdict": "supported"},
        ],
        "context": [
            {"id": f"whole-{number}", "note": "A note on the whole document, which takes up room. " * 3}
            for number in range(3)
        ],
    }


def many(count: int) -> tuple[str, dict[str, Any]]:
    """A long text with this many notes, and its sidecar."""
    text = "\n\n".join(
        " ".join(
            f"In {year} the harvest number {year} was good, and prices fell a little."
            for year in range(first, first + 3)
        )
        for first in range(1, count, 3)
    )
    notes = [
        {
            "id": f"n{year}",
            "quote": f"the harvest number {year} was",
            "note": "The records of the county give it, though not every page of them was kept. They end in winter.",
            "sources": [SOURCE],
        }
        for year in range(1, count + 1)
    ]
    return text, {"title": "Many notes", "context": notes}


def lay_out_reading(root: Path, address: str) -> Path:
    """Write the project below ``root``, to be served at ``address``; its ``mkdocs.yml``."""
    (root / "docs" / "documents").mkdir(parents=True)
    (root / "seeds").mkdir()
    (root / "docs" / "index.md").write_text("# Home\n\n[The bridge](documents/bridge.md)\n")
    (root / "docs" / "documents" / "index.md").write_text("# Documents\n\n<!-- postil: documents -->\n")
    (root / "mkdocs.yml").write_text(f"{MKDOCS}site_url: {address}\n")
    _write(
        root,
        "corpus.yml",
        {"title": "A corpus to read", "topics": {"river": {"label": "The river"}, "money": {"label": "Money"}}},
    )
    _write(root, "bridge.yml", _bridge())
    (root / "seeds" / "bridge.txt").write_text(TEXT)
    _write(root, "teaching.yml", _teaching())
    (root / "seeds" / "teaching.txt").write_text(WORDS)
    _write(root, "short.yml", _short())
    (root / "seeds" / "short.txt").write_text(WORDS)
    text, sidecar = many(300)
    _write(root, "many.yml", sidecar)
    (root / "seeds" / "many.txt").write_text(text)
    _write(
        root,
        "arabic.yml",
        {
            "language": "ar",
            "context": [
                {"id": "days", "quote": "أيام الأحد", "note": "A note from left to right, on words from right to left."}
            ],
        },
    )
    (root / "seeds" / "arabic.html").write_text("<h1>إعلان المكتبة</h1><p>تفتح أيام الأحد مساءً فقط.</p>" * 1)
    _write(
        root,
        "japanese.yml",
        {
            "language": "ja",
            "claims": [
                {
                    "id": "lent",
                    "quote": "４万冊を貸し出した",
                    "note": "記録によれば、これは正しい。ただし前年の数字である。",
                    "verdict": "partly",
                }
            ],
        },
    )
    (root / "seeds" / "japanese.txt").write_text("図書館は２０２３年に４万冊を貸し出した。日曜日も開いている。")
    return root / "mkdocs.yml"


def _write(root: Path, name: str, content: dict[str, Any]) -> None:
    (root / "seeds" / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
