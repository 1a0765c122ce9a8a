"""Create a project: the files of ``project/`` beside this module, and those that depend on the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from builder.diagnostics import UserError

# The last line is no requirement, so that pip ends with it as its message. A file of comments would install nothing and
# say nothing, and the workflows would only fail where they first need postil.
_NO_ADDRESS = """\
# Replace the last line with the place to install postil from, which is on no package index. For example a repository,
# with its own address and a commit or tag; the workflows can reach that too:
#   postil @ git+https://github.com/OWNER/postil@COMMIT
# or, on your own machine only, a clone beside this project's folder:
#   ../postil
Write in requirements.txt where to install postil from, as its comments show
"""


def create_project(folder: Path) -> tuple[str, ...]:
    """Write a new project into ``folder`` and return its files, sorted, relative to it.

    A missing folder is created. Raises UserError if the folder is not empty or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is not an empty folder\nuse a new one:  postil init {folder}-2")
    files = _files()
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise UserError(f"cannot write the project: {error}") from error
    return tuple(files)


def requirement(direct_url: str | None) -> str:
    """Return the contents of ``requirements.txt``: the repository and commit that this postil was installed from.

    ``direct_url`` is the text of ``direct_url.json``, as specified by PyPA ("Recording the Direct URL Origin of
    installed distributions"). Where it names no repository, a line that makes pip fail and say what to fill in:
    postil is on no package index, and a bare name could bring in anybody's package.
    """
    origin = json.loads(direct_url) if direct_url else {}
    version = origin.get("vcs_info")
    if not version or not origin["url"].startswith("https://"):
        return _NO_ADDRESS
    return f"postil @ {version['vcs']}+{origin['url']}@{version['commit_id']}\n"


def _files() -> Mapping[str, bytes]:
    package = resources.files("builder")
    files = dict(_walk(package.joinpath("scaffold", "project"), ""))
    files["sidecar.schema.json"] = package.joinpath("schema", "sidecar.schema.json").read_bytes()
    files["requirements.txt"] = requirement(metadata.distribution("postil").read_text("direct_url.json")).encode()
    return {name: files[name] for name in sorted(files)}


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_bytes()
