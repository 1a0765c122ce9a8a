"""Which engines and themes are installed here, and what to type where one is missing or two are in each other's way."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from builder.diagnostics import UserError

# They publish different files under one name, `material/`: whichever is installed last has replaced half of the other.
_RIVALS = ("mkdocs-material", "mkdocs-materialx")


def installed_version(package: str) -> str | None:
    """Return the version of an installed package, None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def check_installed(version_of: Callable[[str], str | None] = installed_version) -> None:
    """Raise UserError if MkDocs is missing, or if two themes are installed that overwrite each other.

    ``version_of``: as ``installed_version``.
    """
    if version_of("mkdocs") is None:
        raise UserError(
            "MkDocs is not installed, and it draws the site\n"
            "install it:  pip install 'mkdocs>=1.6.1,<2' 'mkdocs-material>=9.8.1,<10'"
        )
    if all(map(version_of, _RIVALS)):
        first, second = _RIVALS
        raise UserError(
            f"{first} and {second} are both installed, and have overwritten files of each other\n"
            f"remove both, and install the one that you want:  pip uninstall {first} {second}"
        )
