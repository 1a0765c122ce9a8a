"""A Python that has only some of the packages that this one has: links to them in a folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Collection, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def without(folder: Path, packages: Collection[str], *, also: Mapping[str, str] | None = None) -> Path:
    """Link all installed packages into ``folder`` but these, named as on PyPI, and ``also`` some that are not there.

    ``also``: name -> version of packages that only their metadata are made of.
    """
    folder.mkdir()
    left_out = {name.replace("-", "_") for name in packages}
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if entry.name.removesuffix(".dist-info").rpartition("-")[0].lower() in left_out or entry.name in left_out:
            continue
        if entry.suffix != ".pth":
            (folder / entry.name).symlink_to(entry)
    for name, version in (also or {}).items():
        metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info" / "METADATA"
        metadata.parent.mkdir()
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return folder


def run_with(packages: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run postil with these packages alone."""
    path = os.pathsep.join((str(ROOT), str(packages)))
    environment = {"PYTHONPATH": path, "PATH": os.environ["PATH"], "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        [sys.executable, "-S", "-m", "builder", *arguments],
        cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
