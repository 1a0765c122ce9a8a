"""Find the documents in a folder, each with its sidecar; read the bytes of files safely.

Discovery reads names and sizes, and the text of a file only if nothing else reads it. Links to files and folders are
refused, and so is whatever is no regular file: what is in ``seeds/`` is published, and must be what it seems.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from builder.diagnostics import Diagnostic, Place, UserError
from builder.hidden_paths import is_hidden
from builder.model import Limits, SourceFormat
from builder.read import field_values
from builder.read.decode import decode
from builder.read.links import PICTURES
from builder.read.wrong_endings import holds_notes, intended_name
from builder.suggestions import Suggestions

_SIDECARS: Final = (".yml", ".yaml")  # in order of preference, where both are there
_OWN_FILES: Final = frozenset({"corpus.yml", "sources.yml"})  # of the corpus itself, not sidecars
_JOINERS: Final = re.compile("(?<=[^\\W\\d_])[\u200c\u200d](?=[^\\W\\d_])|(?<=[\u0900-\u0dff])[\u200c\u200d](?=\\w)")
# Names that Windows reserves for devices, with any extension: a corpus with one cannot be checked out there.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)

# Extensions of texts that people put into a corpus, and how to make a document of them.
_SAVE_AS = "save it as .txt, .md or .html"
_OTHER_FORMATS = {
    **dict.fromkeys((".htm", ".xhtml"), "rename it to .html"),
    **dict.fromkeys((".markdown", ".mdown", ".mkd"), "rename it to .md"),
    **dict.fromkeys((".text", ".asc"), "rename it to .txt"),
    **dict.fromkeys((".doc", ".docx", ".epub", ".odt", ".pdf", ".rst", ".rtf", ".tex"), _SAVE_AS),
}
# Files up to this size are looked into, to see whether they are sidecars under another name.
_LOOKED_AT: Final = 1_000_000
# Extensions of files that belong beside documents.
_KNOWN: Final = frozenset({*_SIDECARS, *PICTURES, ".svg"})


@dataclass(frozen=True, slots=True)
class Seed:
    """A source document to be read, and its sidecar.

    ``name`` and ``sidecar_name`` are relative to the project, ``relative`` is relative to ``seeds/``; all POSIX.
    ``collection`` is the sub-folder of ``seeds/`` or "". ``rivals`` are the names of all documents beside the sidecar,
    where there are several: then each of them has it, and reading them decides whose it is.
    """

    path: Path
    name: str
    relative: str
    format: SourceFormat
    slug: str
    collection: str
    sidecar: Path | None
    sidecar_name: str | None
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    relative: str
    stem: str  # the path without its extension
    extension: str  # lower case, with its dot
    size: int


def discover(root: Path, seeds: Path, limits: Limits) -> tuple[tuple[Seed, ...], tuple[Diagnostic, ...]]:
    """Find every document below ``seeds``, in the order of their paths.

    Reports F103, F104, F106, F107, F108, F112 to F116. Names that begin with ``_`` or ``.`` are ignored, and so are
    pictures and files about the folder (``README``, ``LICENSE``). Raises UserError if there is no such folder.
    """
    if not seeds.is_dir():
        missing = _relative_path(seeds, root)
        raise UserError(
            f"there is no folder {missing}: create it, or name yours in mkdocs.yml (plugins: postil: seeds)"
        )
    prefix = _relative_path(seeds, root)
    prefix = "" if prefix == "." else f"{prefix}/"
    diagnostics: list[Diagnostic] = []
    files = sorted(_walk(seeds, "", prefix, diagnostics), key=lambda file: file.relative)
    documents = [
        file
        for file in files
        if file.extension[1:] in set(SourceFormat)
        and not intended_name(file.relative)
        and _is_publishable(file, prefix, limits, diagnostics)
    ]
    sidecars = _sidecars(files, prefix, limits, diagnostics)
    beside: dict[str, list[_File]] = {}
    for document in documents:
        beside.setdefault(document.stem, []).append(document)
    seeds_with_sidecars = [
        _seed(document, sidecars.get(document.stem), beside[document.stem], seeds, prefix) for document in documents
    ]
    diagnostics += _report_unread(files, seeds, prefix)
    named = {file.stem for file in files if file.extension[1:] in set(SourceFormat)}  # refused ones too
    diagnostics += _report_orphans(
        (sidecar for sidecar in sidecars.values() if sidecar.stem not in named), documents, prefix
    )
    return tuple(seeds_with_sidecars), tuple(sorted(diagnostics))


def document_slug(relative: str) -> str:
    """Return the address of a document below ``documents/``: its path without the extension, made safe for URLs.

    "" if nothing is left of a segment (see ``field_values.safe_path``).
    """
    extension = PurePosixPath(relative).suffix
    return field_values.safe_path(
        relative.removesuffix(extension) if extension.lower()[1:] in set(SourceFormat) else relative
    )


def read_bytes(path: Path) -> bytes:
    """Read a regular file without following a link or waiting for a device; raises OSError if it is another kind."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path.name} is not a regular file")
        return file.read()


def read_limited(path: Path, name: str, limit: int) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """Read the bytes of a file; None if there are more than ``limit`` (F103), or if it cannot be read (F116)."""
    try:
        data = read_bytes(path)
    except OSError as error:
        return None, (_unreadable(Place(name), error),)
    if len(data) > limit:
        return None, (_too_large(Place(name), len(data), limit),)
    return data, ()


def read_text_file(path: Path, name: str, limit: int) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Read the text of a file; None if it has more bytes than ``limit`` (F103), is not UTF-8 (F101) or not readable."""
    data, diagnostics = read_limited(path, name, limit)
    return decode(data, name) if data is not None else (None, diagnostics)


def _unreadable(place: Place, error: OSError) -> Diagnostic:
    return Diagnostic(place, "F116", f"cannot be read: {error.strerror or error}", "give yourself the right to read it")


def printable_name(name: str) -> str:
    """Return a file's name as a report can print it: controls and bytes that are not UTF-8 as escapes."""
    safe = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(
        character if character.isprintable() or character == " " else f"\\u{ord(character):04x}" for character in safe
    )


def _relative_path(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return Path(os.path.relpath(path, root)).as_posix()


def _walk(folder: Path, below: str, prefix: str, diagnostics: list[Diagnostic]) -> Iterator[_File]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        diagnostics.append(_unreadable(Place((prefix + below).rstrip("/")), error))
        return
    for entry in entries:
        if is_hidden(entry.name):
            continue
        relative = below + entry.name
        place = Place(prefix + relative)
        if entry.is_symlink() or _is_junction(entry):
            diagnostics.append(Diagnostic(place, "F104", "symbolic link", "replace it by the file itself"))
        elif entry.is_dir(follow_symlinks=False):
            problem = _name_problem(entry.name)
            if problem:
                diagnostics.append(Diagnostic(place, "F108", f"the folder's name {problem}", "rename it"))
            else:
                yield from _walk(folder / entry.name, f"{relative}/", prefix, diagnostics)
        elif not entry.is_file(follow_symlinks=False):
            diagnostics.append(
                Diagnostic(place, "F112", "neither a file nor a folder", "delete it, or replace it by a file")
            )
        else:
            extension = PurePosixPath(relative).suffix
            yield _File(
                relative, relative.removesuffix(extension), extension.lower(), entry.stat(follow_symlinks=False).st_size
            )


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Return whether it is a junction, Windows's other kind of link (Python knows them from 3.12 on)."""
    test = getattr(entry, "is_junction", None)
    return bool(test and test())


def _is_publishable(file: _File, prefix: str, limits: Limits, diagnostics: list[Diagnostic]) -> bool:
    place = Place(prefix + file.relative)
    problem = _name_problem(file.relative.rpartition("/")[2])
    if not problem and not document_slug(file.relative):
        problem = "has no letter or digit to make an address of"
    if problem:
        diagnostics.append(Diagnostic(place, "F108", f"the file's name {problem}", "rename it"))
        return False
    return _is_small_enough(file, place, limits.document_bytes, diagnostics)


def _is_small_enough(file: _File, place: Place, limit: int, diagnostics: list[Diagnostic]) -> bool:
    if file.size > limit:
        diagnostics.append(_too_large(place, file.size, limit))
    return file.size <= limit


def _too_large(place: Place, size: int, limit: int) -> Diagnostic:
    hint = "split it, or raise the limit in the settings of the plug-in"
    return Diagnostic(place, "F103", f"{size} bytes; at most {limit} are allowed", hint)


def _name_problem(name: str) -> str:
    """Return what is wrong with one segment of a path; "" if nothing is."""
    stem, longest = name.partition(".")[0].rstrip(" "), field_values.SEGMENT_BYTES
    # Words of Persian, Hindi and other languages are written with joiners inside; elsewhere nobody can see them.
    shown = (sign for sign in _JOINERS.sub("", name) if unicodedata.category(sign) == "Cf")
    invisible = sorted({f"U+{ord(sign):04X}" for sign in shown})
    problems = (
        (
            any(unicodedata.category(character) in {"Cc", "Cs"} for character in name),
            "holds control characters or no UTF-8",
        ),
        (bool(invisible), f"holds an invisible character: {', '.join(invisible)}"),
        (
            any(character in '\\:*?"<>|' for character in name),
            r'holds one of \ : * ? " < > |, which other systems forbid',
        ),
        (".." in name, "holds two dots in a row"),
        (name != name.strip(" ") or name.endswith("."), "begins or ends with a space, or ends with a dot"),
        (bool(_DEVICES.fullmatch(stem)), "is the name of a device on Windows"),
        (len(name.encode("utf-8", "surrogatepass")) > longest, f"is longer than {longest} bytes"),
    )
    return next((words for bad, words in problems if bad), "")


def _sidecars(files: Iterable[_File], prefix: str, limits: Limits, diagnostics: list[Diagnostic]) -> dict[str, _File]:
    """Return stem -> sidecar, the preferred one if there are two (F107)."""
    chosen: dict[str, _File] = {}
    candidates = [file for file in files if file.extension in _SIDECARS and file.relative not in _OWN_FILES]
    for file in sorted(candidates, key=lambda file: (_SIDECARS.index(file.extension), file.relative)):
        place = Place(prefix + file.relative)
        if file.stem in chosen:
            other = printable_name(chosen[file.stem].relative)
            hint = f"move its content into {prefix}{other} and delete it"
            diagnostics.append(Diagnostic(place, "F107", f"second sidecar beside {prefix}{other}", hint))
        elif _is_small_enough(file, place, limits.sidecar_bytes, diagnostics):
            chosen[file.stem] = file
    return chosen


def _report_unread(files: Collection[_File], seeds: Path, prefix: str) -> Iterator[Diagnostic]:
    """Report files that were certainly meant as documents (F113) or sidecars (F115), and others that may be (F114)."""
    names = {file.relative for file in files}
    for file in files:
        place = Place(prefix + file.relative)
        if intended := _intended_sidecar(file, names, seeds):
            yield misnamed_sidecar(place, prefix + printable_name(intended))
        elif file.extension in _OTHER_FORMATS:
            message, hint = f"files in {file.extension} are not published", _OTHER_FORMATS[file.extension]
            yield Diagnostic(place, "F113", message, f"{hint}, or begin its name with _ to have it ignored")
        elif (
            file.extension[1:] not in set(SourceFormat) and file.extension not in _KNOWN and not _describes_folder(file)
        ):
            kind = f"with the extension {file.extension}" if file.extension else "without an extension"
            message = f"file {kind} is ignored"
            hint = "if it is a document, give it the extension .txt, .md or .html; if not, begin its name with _"
            yield Diagnostic(place, "F114", message, hint)


def _intended_sidecar(file: _File, names: Container[str], seeds: Path) -> str | None:
    """Return the name that a file should have if it was meant as a sidecar, else None."""
    if file.extension in _KNOWN or _describes_folder(file):
        return None
    named = intended_name(file.relative)
    if file.extension[1:] in set(SourceFormat):
        return named  # it would be published as a document
    if named:
        return named if named not in names else None  # else an editor's backup
    stem = file.stem if file.extension else file.relative
    if file.size > _LOOKED_AT or f"{stem}.yml" in names:
        return None
    try:
        text = read_bytes(seeds / file.relative).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return f"{stem}.yml" if holds_notes(text) else None


def misnamed_sidecar(place: Place, intended: str) -> Diagnostic:
    """Return the F115 for a sidecar that is not named ``intended``."""
    hint = f"rename it to {intended}, or begin its name with _ to have it ignored"
    return Diagnostic(place, "F115", "a sidecar, by its name or contents, that is not read as one", hint)


def _describes_folder(file: _File) -> bool:
    return PurePosixPath(file.stem).name.lower() in {"readme", "license", "licence", "copying", "notice"}


def _report_orphans(sidecars: Iterable[_File], documents: Iterable[_File], prefix: str) -> Iterator[Diagnostic]:
    stems = {document.stem: document for document in documents}
    suggestions = Suggestions()
    for sidecar in sidecars:
        without_extension = sidecar.stem.rpartition(".")[0]  # a.txt.yml was meant as a.yml
        near = (
            without_extension
            if without_extension in stems
            else suggestions.nearest(sidecar.stem, lambda: stems, among="documents", cutoff=0.5)
        )
        hint = "put the document beside it (.txt, .md or .html), or begin its name with _ to have it ignored"
        if sidecar.stem in {"corpus", "sources"}:
            hint = f"rename it to {sidecar.stem}.yml if it describes the corpus"
        elif near:
            hint = f"nearest document: {prefix}{printable_name(stems[near].relative)}\nrename it to {near}.yml"
        place = Place(prefix + sidecar.relative)
        yield Diagnostic(place, "F106", "sidecar without a document", hint)


def _seed(file: _File, sidecar: _File | None, beside: Iterable[_File], seeds: Path, prefix: str) -> Seed:
    rivals = tuple(prefix + file.relative for file in beside) if sidecar else ()
    return Seed(
        path=seeds / file.relative,
        name=prefix + file.relative,
        relative=file.relative,
        format=SourceFormat(file.extension[1:]),
        slug=document_slug(file.relative),
        collection=file.relative.rpartition("/")[0],
        sidecar=seeds / sidecar.relative if sidecar else None,
        sidecar_name=prefix + sidecar.relative if sidecar else None,
        rivals=rivals if len(rivals) > 1 else (),
    )
