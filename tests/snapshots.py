"""Files that hold what the program makes or says: compared by tests, and renewed by ``pytest --update``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Snapshots:
    """Compares files with what is made now; with ``update`` writes it instead, and notes in ``renewed`` where."""

    update: bool
    renewed: set[str] = field(default_factory=set)

    def whole(self, path: Path, text: str) -> None:
        """Compare a whole file with ``text``."""
        if self.update:
            if not path.exists() or path.read_bytes() != text.encode():
                self._write(path, text)
            return
        assert path.exists(), f"there is no {_name(path)}: if it is meant to be, run pytest --update to write it"
        assert text == path.read_text(encoding="utf-8"), _stale(path)

    def part(self, path: Path, before: str, old: str, new: str) -> None:
        """Compare the part ``old`` of a file, which follows the text ``before``, with ``new``."""
        if not self.update:
            assert new == old, _stale(path)
        elif new != old:
            text = path.read_text(encoding="utf-8")
            assert text.count(before + old) == 1, f"{_name(path)}: not one place to renew with {before + old!r}"
            self._write(path, text.replace(before + old, before + new))

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8", newline="")
        self.renewed.add(_name(path))


def _stale(path: Path) -> str:
    return (
        f"{_name(path)} is not what is made now: if that is meant, run pytest --update to renew it, and read the diff"
    )


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
