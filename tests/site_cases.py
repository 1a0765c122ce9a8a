"""The cases of ``sites/``, laid out as projects that can be checked and built."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SITES = Path(__file__).parent / "sites"
CASES = sorted(path.name for path in SITES.iterdir() if path.is_dir())

# What no repository can carry to every system, or ought not to. A link's content is where it leads.
UNCARRIED: dict[str, dict[str, bytes | str | int | None]] = {
    "deep": {  # ten thousand levels: no crash, no waiting, and the place where it begins
        "seeds/quotes.md": b"A quote.\n\n" + b">" * 10_000 + b" x\n",
        "seeds/lists.md": b"A list.\n\n" + b"- " * 10_000 + b"x\n",
        "seeds/steps.md": b"".join(b"  " * level + b"- x\n" for level in range(500)),
        "seeds/stars.md": b"**" * 10_000 + b"x" + b"**" * 10_000 + b"\n",
        "seeds/brackets.md": b"[" * 10_000 + b"x" + b"]" * 10_000 + b"\n",
        "seeds/open.html": b"<p>Text.</p>\n" + b"<div>" * 10_000 + b"x",
        "seeds/closed.html": b"<p>Text.</p>\n" + b"<b>" * 10_000 + b"x" + b"</b>" * 10_000,
        "seeds/note.yml": b"summary: '"
        + b"> " * 10_000
        + b"x'\ncontext:\n  - id: n\n    note: |\n      Fine.\n\n      "
        + b">" * 10_000
        + b" x\n",
        "seeds/yaml.yml": b"topics: " + b"[" * 10_000 + b"]" * 10_000 + b"\n",
        "seeds/corpus.yml": b"topics: {t: {about: '" + b"1. " * 10_000 + b"x'}}\n",
        "seeds/sources.yml": b"- " * 10_000 + b"x\n",
    },
    "files": {
        "seeds/latin-1.txt": "Caf\xe9 au lait\n".encode("latin-1"),
        "seeds/utf-16.txt": "Café".encode("utf-16"),
        "seeds/huge.txt": 20_000_001,
        "seeds/passwords.txt": "/etc/passwd",
        "seeds/home": "/tmp",  # noqa: S108 - any folder would do
        "seeds/queue.txt": None,
        "seeds/what?.txt": b"A name that another system forbids.\n",
        "seeds/letter/con.txt": b"A name that is a device.\n",
    },
    "markup": {"seeds/zero.txt": b"Ends in a NUL: \0\nCall\x07ed off.\n"},
    "pages": {"docs/leak.txt": "/etc/hostname"},
}


def lay_out(case: str, folder: Path) -> Path:
    """A copy of the case in ``folder``, with the files that a repository cannot carry."""
    project = folder / case
    shutil.copytree(SITES / case, project, ignore=shutil.ignore_patterns("expect.txt", "pages.txt"))
    for name, content in UNCARRIED.get(case, {}).items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        match content:
            case bytes():
                path.write_bytes(content)
            case int():
                path.touch()
                os.truncate(path, content)
            case str():
                path.symlink_to(content)
            case None:
                os.mkfifo(path)
    return project


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
