"""Which engines and themes are installed here, and what to type where one is missing or two are in each other's way."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from builder.diagnostics import UserError

ENGINES = ("mkdocs", "properdocs", "zensical", "frozen")  # the first is taken where none is named
_NAMES = {"mkdocs": "MkDocs", "properdocs": "ProperDocs", "zensical": "Zensical"}
_INSTALL = {
    "mkdocs": "pip install 'mkdocs>=1.6.1,<2' 'mkdocs-material>=9.8.1,<10'",
    "properdocs": "pip install 'properdocs>=1.6.7,<2'",
    "zensical": "pip install 'zensical>=0.0.73'",
}
MKDOCS = ("mkdocs", "properdocs")  # those that the plug-in runs in
# They publish different files under one name, `material/`: whichever is installed last has replaced half of the other.
_RIVALS = ("mkdocs-material", "mkdocs-materialx")


def installed_version(package: str) -> str | None:
    """Return the version of an installed package, None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def check_installed(engine: str) -> None:
    """Raise UserError if an engine is missing, or if two themes are installed that overwrite each other."""
    if engine not in _NAMES:
        return  # a frozen site needs nothing
    if installed_version(engine) is None:
        raise UserError(f"{_NAMES[engine]} is not installed, and it draws the site\ninstall it:  {_INSTALL[engine]}")
    if all(map(installed_version, _RIVALS)):
        first, second = _RIVALS
        raise UserError(
            f"{first} and {second} are both installed, and have overwritten files of each other\n"
            f"remove both, and install the one that you want:  pip uninstall {first} {second}"
        )
