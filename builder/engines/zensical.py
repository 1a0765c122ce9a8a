"""Zensical: a command that makes a folder of another. It is run as a program, and never imported."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from builder.addresses import page_file
from builder.diagnostics import Diagnostic, Place, UserError
from builder.engines.docs_files import is_page, page_address, site_files
from builder.engines.pressed import source_uri
from builder.engines.raw_page import split_page
from builder.engines.seam import Drawn, Given, SiteSettings
from builder.engines.site_checks import refused_files
from builder.engines.theme_language import section_titles, theme_language
from builder.engines.written_settings import leads_to_documents, nav_sources
from builder.publish.content_policy import PageScripts, page_scripts
from builder.render.shell import Marker, shell_address

_EXTENSION = "builder.engines.zensical_extension"
_BUILT_IN = ("fenced_code",)  # that MkDocs always has, besides those that Zensical does
_LONGEST = 3600  # seconds that it may take
# The text has Python-Markdown read the page; the extension puts the markers in its place.
_SHELL = f"---\ntitle: {Marker.TITLE}\ndescription: {Marker.DESCRIPTION}\n---\nContent.\n"
_FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
_CROSS_LINK = re.compile(r"\[\[([^\[\]|\n]*)\]\]")
_SKIP = re.compile(r'class="md-skip">\s*(.*?)\s*</a>', re.DOTALL)
_WARNING = re.compile(r"^Warning: (.*)$", re.MULTILINE)
_PLACE = re.compile(r"\[ ?(\S+?\.md):(\d+):(\d+) ?\]")
_REASON = re.compile(r"^(?:\w*Error: )+(.*)$", re.MULTILINE)
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Zensical:
    """The engine; ``written`` is all that stands in the file of settings."""

    written: Mapping[str, Any]

    def draw(self, given: Given, out: Path) -> Drawn:
        """Lay out a project of its own for Zensical, have it built, and take what it made."""
        settings = given.settings
        with tempfile.TemporaryDirectory(prefix="postil-zensical-") as temporary:
            project = Path(temporary).resolve()
            stubs = tuple(_lay_out(project, given, self.written))
            said = _run(project, settings)
            site = project / "site"
            _remove(site, stubs)
            if not settings.has_plugin("search"):
                _empty_index(site / "search.json")
            shutil.copytree(site, out, dirs_exist_ok=True)
        return _drawn(given, self.written, out, said)


def _lay_out(project: Path, given: Given, written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Write all that is to be drawn into ``project``.

    Yields the files of the site that only stand for pressed pages, with the files of those.
    """
    docs, settings = project / "docs", given.settings
    refused = {source for source, _ in refused_files(site_files(settings), settings)}
    words: dict[str, str] = {}
    for file in site_files(settings):
        if file.source not in refused and file.path:
            _write(docs / file.source, file.path.read_bytes())
            if is_page(file.source):
                text = file.path.read_text(encoding="utf-8-sig", errors="replace")
                words |= {target.strip(): given.own_words(target.strip()) for target in _CROSS_LINK.findall(text)}
    for page in given.lists:
        _write(docs / page.source, _FRONT_MATTER.sub("", page.content).encode())
    for key in given.shells:
        _write(docs / shell_address(key) / "index.md", _SHELL.encode())
    pressed = {page.source or source_uri(page.address): page for page in given.pressed}
    for source in nav_sources(written.get("nav")):
        if source in pressed and not (docs / source).exists():
            title = json.dumps(pressed[source].title, ensure_ascii=False)
            _write(docs / source, f"---\ntitle: {title}\n---\n".encode())
            drawn = unquote(page_address(source, directory_urls=settings.directory_urls))
            yield page_file(drawn) if settings.directory_urls else drawn, page_file(pressed[source].address)
    told = {
        "words": words,
        "lists": [page.source for page in given.lists],
        "pressed": {source: page.address for source, page in pressed.items()},
        "directory_urls": settings.directory_urls,
        "tabs": settings.tabs,
    }
    _write(project / "given.json", json.dumps(told).encode())
    _write(project / "zensical.yml", json.dumps(_settings(project, given, written)).encode())


def _remove(site: Path, stubs: Iterable[tuple[str, str]]) -> None:
    """Remove the files that stand for pressed pages, and have links to them lead to those pages."""
    for drawn, pressed in stubs:
        (site / drawn).unlink(missing_ok=True)
        if drawn != pressed:
            link = re.compile(rf'(href="(?:\.{{1,2}}/)*){re.escape(quote(drawn))}(?=["#])')
            for path in site.rglob("*.html"):
                path.write_text(link.sub(rf"\g<1>{quote(pressed)}", path.read_text(encoding="utf-8")), encoding="utf-8")


def _empty_index(file: Path) -> None:
    """Empty the theme's index of search: it has pages before anything is filled in. The theme's script asks for it."""
    if file.is_file():
        index = json.loads(file.read_bytes())
        file.write_text(json.dumps({**index, "items": []}), encoding="utf-8")


def _settings(project: Path, given: Given, written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that Zensical is to have besides those that the owner has written."""
    extensions: dict[str, Any] = {
        _EXTENSION: {"given": str(project / "given.json")},
        **{name: {} for name in _BUILT_IN},
    }
    loaded = [asset for asset in given.assets if not asset.on_demand]
    own: dict[str, Any] = {
        "INHERIT": str(given.settings.file.absolute()),
        "docs_dir": "docs",
        # It knows no page of the corpus. Links are checked when pages are filled in.
        "validation": {"invalid_links": False, "invalid_link_anchors": False},
        "site_dir": "site",
        "markdown_extensions": extensions
        if isinstance(written.get("markdown_extensions"), dict)
        else [{name: options} for name, options in extensions.items()],
        "extra_css": [asset.address for asset in loaded if not asset.script],
        "extra_javascript": [asset.address for asset in loaded if asset.script],
    }
    theme = written.get("theme")
    theme = theme if isinstance(theme, dict) else {"name": theme or "material"}
    # Pages look as Material draws them; and a folder is named from where the owner's settings are.
    own["theme"] = {
        **({} if "variant" in theme else {"variant": "classic"}),
        **({} if isinstance(written.get("theme"), dict) else theme),
    }
    if not given.settings.language and (language := theme_language(_templates(), given.translation)):
        own["theme"]["language"] = language
    if theme.get("custom_dir"):
        own["theme"]["custom_dir"] = str(given.settings.root / str(theme["custom_dir"]))
    if not written.get("nav"):
        own["nav"] = _every_page(given)
    return own


def _templates() -> tuple[Path, ...]:
    """Return the folder of Zensical's templates, without importing it."""
    found = find_spec("zensical")
    return (Path(found.origin).parent / "templates",) if found and found.origin else ()


def _every_page(given: Given) -> list[Any]:
    """Return a navigation of all pages, in the order and with the titles of folders that MkDocs gives them."""
    sources = [file.source for file in site_files(given.settings) if is_page(file.source)]
    sources += [page.source for page in given.lists if page.listed]
    ordered = sorted(sources, key=lambda source: (Path(source).stem not in {"index", "README"}, source))
    return _folder(ordered, "", section_titles(given.translation))


def _folder(sources: list[str], prefix: str, titles: Mapping[str, tuple[str, str]]) -> list[Any]:
    entries: list[Any] = [source for source in sources if "/" not in source.removeprefix(prefix)]
    folders = dict.fromkeys(
        source.removeprefix(prefix).partition("/")[0] for source in sources if "/" in source.removeprefix(prefix)
    )
    for name in sorted(folders):
        inside = [source for source in sources if source.startswith(f"{prefix}{name}/")]
        title = name.replace("-", " ").replace("_", " ")
        title = title.capitalize() if title.lower() == title else title
        english, translated = titles.get(f"{prefix}{name}/", ("", ""))
        entries.append({translated if title == english else title: _folder(inside, f"{prefix}{name}/", titles)})
    return entries


def _run(project: Path, settings: SiteSettings) -> tuple[Diagnostic, ...]:
    """Run Zensical; return what it warned of. Raises UserError if it failed."""
    command = [sys.executable, "-m", "zensical", "build", "--config-file", str(project / "zensical.yml")]
    ours = str(Path(__file__).parents[2])
    path = os.pathsep.join((ours, os.environ.get("PYTHONPATH", "")))
    environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "POSTIL_DRAWS": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and no shell
            command, cwd=settings.root, env=environment, capture_output=True, text=True, timeout=_LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"cannot run Zensical: {error}") from error
    told = _ESCAPES.sub("", f"{done.stdout}\n{done.stderr}")
    if done.returncode or not (project / "site").is_dir():
        reasons = _REASON.findall(told) or [line for line in told.splitlines() if line.strip()][-1:]
        raise UserError(f"Zensical could not draw the site: {reasons[-1] if reasons else 'it said nothing'}")
    return tuple(_warnings(told, settings))


def _warnings(told: str, settings: SiteSettings) -> Iterator[Diagnostic]:
    places = _PLACE.findall(told)
    for number, message in enumerate(_WARNING.findall(told)):
        name, line, column = places[number] if number < len(places) else ("", "0", "0")
        place = Place(f"{settings.docs_dir.name}/{name}", int(line), int(column)) if name else Place(settings.file.name)
        yield Diagnostic(place, "P403", message)


def _drawn(given: Given, written: Mapping[str, Any], out: Path, said: tuple[Diagnostic, ...]) -> Drawn:
    theme: list[tuple[int, PageScripts]] = []
    for path in sorted(out.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        raw = split_page(html, given.settings.docs_dir)
        address = path.relative_to(out).as_posix().removesuffix("index.html")
        theme.append((address.count("/"), page_scripts(f"{raw.before}{raw.after}" if raw else html)))
    shell = (out / page_file(shell_address(given.shells[0]))).read_text(encoding="utf-8") if given.shells else ""
    label = _SKIP.search(shell)
    return Drawn(
        folder=out,
        templates=tuple(name for name in ("404.html",) if (out / name).is_file()),
        theme=tuple(dict.fromkeys(theme)),
        skip_label=unescape(label[1]) if label else "",
        leads_to_documents=not written.get("nav") or leads_to_documents(written["nav"]),
        said=said,
    )


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
