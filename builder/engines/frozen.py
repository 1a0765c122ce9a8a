"""The engine that draws nothing: it has what another engine drew, kept by ``postil freeze``.

A frozen folder holds ``site/``, what was drawn, and ``manifest.json``: with which versions, from which settings and
pages, and what postil has to know of it. It is all that a build needs, so a site can be built when its engine is gone.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from builder import __version__
from builder.addresses import page_file
from builder.diagnostics import Diagnostic, Place, UserError
from builder.engines.docs_files import is_page, site_files
from builder.engines.installed import installed_version
from builder.engines.seam import Drawn, Given, OwnSettings, SiteSettings
from builder.engines.site_checks import refused_files
from builder.publish import staging
from builder.publish.content_policy import PageScripts
from builder.render.page_assets import ASSETS_FOLDER
from builder.render.shell import Marker, shell_address

FOLDER = "frozen"  # beside the settings, where nobody says otherwise
_FORMAT = 1
_MANIFEST, _SITE = "manifest.json", "site"
_PACKAGES = ("mkdocs", "mkdocs-material", "mkdocs-materialx", "properdocs", "zensical")
_ASSET = re.compile(rf"{ASSETS_FOLDER}/([a-z-]+)\.[0-9a-f]{{8}}(\.(?:css|js)|/[a-z-]+\.(?:css|js))")
_PATHS = ("file", "docs_dir", "site_dir")


@dataclass(frozen=True, slots=True)
class Frozen:
    """An engine that has drawn already. ``folder`` is where, ``manifest`` what is told of it."""

    folder: Path
    manifest: Mapping[str, Any]

    def draw(self, given: Given, out: Path) -> Drawn:
        """Copy what was drawn into ``out``, with the files of docs/ that are no pages as they are now."""
        told = self.manifest
        shutil.copytree(self.folder / _SITE, out, dirs_exist_ok=True)
        for key in given.shells:
            if not (out / page_file(shell_address(key))).is_file():
                address = shell_address(key).replace(Marker.ADDRESS, "…")
                raise UserError(f"{self.folder} has no page to press /{address} from\n{_again(self.folder)}")
        _renew_assets(out, given, self.folder)
        _copy_files(out, given.settings, told["files"])
        return Drawn(
            folder=out,
            templates=tuple(told["templates"]),
            theme=tuple((depth, PageScripts(*map(tuple, scripts))) for depth, *scripts in told["theme"]),
            skip_label=told["skip_label"],
            leads_to_documents=told["leads_to_documents"],
            said=tuple(Diagnostic(Place(*place), code, message, hint) for place, code, message, hint in told["said"]),
        )

    def settings(self, file: Path) -> SiteSettings:
        """Return the settings that the site was drawn with. ``file``: where they stand, which need not be there now."""
        told = dict(self.manifest["settings"])
        own = OwnSettings(**told.pop("own"))
        root = file.absolute().parent
        docs, site = root / told.pop("docs_dir"), root / told.pop("site_dir")
        told |= {"plugins": frozenset(told["plugins"])} | {name: tuple(told[name]) for name in ("scripts", "styles")}
        return SiteSettings(file=file, docs_dir=docs, site_dir=site, own=own, **told)

    def changes(self, settings: SiteSettings) -> Iterator[Diagnostic]:
        """Yield what is no more as it was drawn: P413 for the settings, P414 for pages."""
        if _print(settings.file) != self.manifest["settings_sha256"]:
            message = f"changed since {self.folder.name}/ was drawn, and has no effect until it is drawn again"
            yield Diagnostic(Place(settings.file.name), "P413", message, _again(self.folder))
        drawn = dict(self.manifest["pages"])
        for file in (file for file in site_files(settings) if is_page(file.source)):
            before, now = drawn.pop(file.source, None), _print(file.path)
            if before != now:
                what = "changed since" if before else "written after"
                yield _undrawn(settings, file.source, f"{what} {self.folder.name}/ was drawn", self.folder)
        for source in sorted(drawn):
            yield _undrawn(settings, source, f"removed since {self.folder.name}/ was drawn", self.folder)


def read_frozen(folder: Path) -> Frozen:
    """Return the frozen site in a folder. Raises UserError if there is none, or one of another version."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"there is no frozen site in {folder}\ndraw one:  postil freeze {folder}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise UserError(f"the frozen site in {folder} is of another version of postil\n{_again(folder)}")
    return Frozen(folder, manifest)


def write_frozen(folder: Path, settings: SiteSettings, drawn: Drawn, engine: str) -> tuple[str, ...]:
    """Keep what an engine has drawn in ``folder``, in place of what is there; return the names of the files.

    Raises UserError if there is something there that is no frozen site.

    ``settings``: those that it was drawn with.
    ``drawn``: what was drawn.
    ``engine``: its name.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / _MANIFEST).is_file())):
        raise UserError(f"{folder} holds something else than a frozen site\nuse a new folder:  postil freeze {FOLDER}")
    manifest = {
        "format": _FORMAT,
        "engine": engine,
        "versions": {name: version for name in _PACKAGES if (version := installed_version(name))}
        | {"postil": __version__},
        "settings": _settings(settings),
        "settings_sha256": _print(settings.file),
        "pages": {file.source: _print(file.path) for file in site_files(settings) if is_page(file.source)},
        "files": {
            file.source: (drawn.folder / file.destination).is_file()
            for file in site_files(settings)
            if not is_page(file.source)
        },
        "templates": list(drawn.templates),
        "theme": [(depth, *astuple(scripts)) for depth, scripts in dict.fromkeys(drawn.theme)],
        "skip_label": drawn.skip_label,
        "leads_to_documents": drawn.leads_to_documents,
        "said": [[astuple(fault.place), fault.code, fault.message, fault.hint] for fault in drawn.said],
    }
    staged = staging.create_staging(folder)
    try:
        shutil.copytree(drawn.folder, staged.path / _SITE)
        shutil.rmtree(staged.path / _SITE / ASSETS_FOLDER, ignore_errors=True)
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
        staging.write_file(staged.path / _MANIFEST, f"{text}\n".encode())
        staging.publish_staging(staged, folder)
    except BaseException:
        staging.discard_staging(staged)
        raise
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))


def _settings(settings: SiteSettings) -> dict[str, Any]:
    """Return settings as JSON has them, with paths relative to the project."""
    told = {field.name: getattr(settings, field.name) for field in fields(settings) if field.name not in _PATHS}
    relative = {name: _relative(getattr(settings, name), settings.root) for name in ("docs_dir", "site_dir")}
    return told | relative | {"plugins": sorted(settings.plugins), "own": asdict(settings.own)}


def _relative(path: Path, root: Path) -> str:
    absolute = path.absolute()
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else str(absolute)


def _print(path: Path | None) -> str:
    """Return the SHA-256 of a file's content; "" if it cannot be read."""
    try:
        return sha256(path.read_bytes()).hexdigest() if path else ""
    except OSError:
        return ""


def _renew_assets(out: Path, given: Given, folder: Path) -> None:
    """Have the pages in ``out`` load the assets of this version of postil."""
    now = {"".join(match.groups()): match[0] for asset in given.assets if (match := _ASSET.match(asset.address))}
    # One that is new since then would be loaded by no page.
    needed = {
        name for asset in given.assets if not asset.on_demand for name in map("".join, _ASSET.findall(asset.address))
    }
    for path in sorted(out.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        loaded = set(map("".join, _ASSET.findall(html)))
        if loaded and (loaded - now.keys() or needed - loaded):
            raise UserError(f"{folder} was drawn for another version of postil\n{_again(folder)}")
        renewed = _ASSET.sub(lambda match: now["".join(match.groups())], html)
        if renewed != html:
            path.write_text(renewed, encoding="utf-8")


def _copy_files(out: Path, settings: SiteSettings, drawn: Mapping[str, bool]) -> None:
    """Have the pictures and other files of docs/ in ``out`` as they are now; ``drawn`` says which were published."""
    files = {file.source: file for file in site_files(settings) if not is_page(file.source)}
    refused = {source for source, _ in refused_files(files.values(), settings)}
    for source in drawn.keys() - files.keys():
        (out / source).unlink(missing_ok=True)
    for source, file in files.items():
        if drawn.get(source, True) and source not in refused and file.path:
            staging.write_file(out / file.destination, file.path.read_bytes())


def _undrawn(settings: SiteSettings, source: str, what: str, folder: Path) -> Diagnostic:
    return Diagnostic(Place(f"{settings.docs_dir.name}/{source}"), "P414", what, _again(folder))


def _again(folder: Path) -> str:
    return f"draw it again, with the engine installed:  postil freeze {folder.name}"
