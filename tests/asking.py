"""A search index, asked in Node as a browser would. Node takes longer to start than to answer, so ask all at once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

QUERY = Path(__file__).parent / "search" / "search_query.mjs"


def ask(folder: Path, *queries: str | dict[str, Any]) -> list[dict[str, Any]]:
    """What the index in this folder answers to each query."""
    done = subprocess.run(
        ["node", str(QUERY), str(folder)],
        input=json.dumps(queries).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers
