"""A folder -> the seeds in it, sorted, each with its sidecar; and the safe reading of their bytes.

Nothing is read here but names and sizes. Links are refused, files as well as folders, and so is whatever is no file:
what stands in ``seeds/`` is published, and must be what it seems.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Final

from builder.diagnostics import Diagnostic, Place, UserError
from builder.model import Limits, SourceFormat
from builder.project_paths import is_hidden
from builder.read import field_values
from builder.read.decode import decode
from builder.read.links import PICTURES

_SIDECARS: Final = (".yml", ".yaml")  # in order of preference, where both are there
_OWN_FILES: Final = frozenset({"corpus.yml", "sources.yml"})  # of the corpus itself: no sidecars
# Names that Windows gives to devices, with any ending: a corpus that holds one can't be checked out there.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)

# Endings of texts that people put into a corpus, and what makes a document of them.
_SAVE_AS = "save it as .txt, .md or .html"
_MEANT = {
    **dict.fromkeys((".htm", ".xhtml"), "rename it to .html"),
    **dict.fromkeys((".markdown", ".mdown", ".mkd"), "rename it to .md"),
    **dict.fromkeys((".text", ".asc"), "rename it to .txt"),
    **dict.fromkeys((".doc", ".docx", ".epub", ".odt", ".pdf", ".rst", ".rtf", ".tex"), _SAVE_AS),
}
# Endings of files that have their place beside documents.
_KNOWN: Final = frozenset({*_SIDECARS, *PICTURES, ".svg"})


@dataclass(frozen=True, slots=True)
class Seed:
    """A source document to be read, and its sidecar.

    ``name`` and ``sidecar_name`` are relative to the project, ``relative`` is relative to ``seeds/``; all POSIX.
    ``collection`` is the sub-folder of ``seeds/`` or "". ``rivals`` are the names of all documents that the sidecar may
    belong to, where it stands beside several: then each has it, and reading them tells whose it is.
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
    stem: str  # the path without its ending
    ending: str  # lower case, with its dot
    size: int


def discover(root: Path, seeds: Path, limits: Limits) -> tuple[tuple[Seed, ...], tuple[Diagnostic, ...]]:
    """Every document below ``seeds``, in the order of their paths; UserError if there is no such folder.

    Tells F103, F104, F106, F107, F108, F112 to F114. Names that begin with ``_`` or ``.`` are passed over, and so are
    pictures and what says something of the folder (``README``, ``LICENSE``).
    """
    if not seeds.is_dir():
        missing = _relative(seeds, root)
        raise UserError(f"there is no folder {missing}: make it, or name yours in mkdocs.yml (plugins: postil: seeds)")
    prefix = _relative(seeds, root)
    prefix = "" if prefix == "." else f"{prefix}/"
    found: list[Diagnostic] = []
    files = sorted(_walk(seeds, "", prefix, found), key=lambda each: each.relative)
    documents = [
        each for each in files if each.ending[1:] in set(SourceFormat) and _is_fit(each, prefix, limits, found)
    ]
    sidecars = _sidecars(files, prefix, limits, found)
    beside: dict[str, list[_File]] = {}
    for each in documents:
        beside.setdefault(each.stem, []).append(each)
    seeds_found = [_seed(each, sidecars.get(each.stem), beside[each.stem], seeds, prefix) for each in documents]
    found += _unread(files, prefix)
    named = {each.stem for each in files if each.ending[1:] in set(SourceFormat)}  # refused ones too
    found += _orphans((each for each in sidecars.values() if each.stem not in named), documents, prefix)
    return tuple(seeds_found), tuple(sorted(found))


def document_slug(relative: str) -> str:
    """The address of a document below ``documents/``: its path without the ending, made safe for URLs.

    How, and when the answer is "", ``field_values.safe_path`` says.
    """
    ending = PurePosixPath(relative).suffix
    return field_values.safe_path(
        relative.removesuffix(ending) if ending.lower()[1:] in set(SourceFormat) else relative
    )


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file, read without following a link or waiting for a device; OSError otherwise."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path.name} is not a regular file")
        return file.read()


def read_limited(path: Path, name: str, most: int) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """Return the bytes of a file, or None where there are more than ``most`` (F103). UserError if it cannot be read."""
    try:
        data = read_bytes(path)
    except OSError as error:
        raise UserError(f"cannot read {name}: {error.strerror or error}") from error
    if len(data) > most:
        return None, (_too_large(Place(name), len(data), most),)
    return data, ()


def read_text_file(path: Path, name: str, most: int) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return the text of a file, or None where it has more bytes than ``most`` (F103) or is not UTF-8 (F101).

    UserError if it cannot be read.
    """
    data, diagnostics = read_limited(path, name, most)
    return decode(data, name) if data is not None else (None, diagnostics)


def printable_name(name: str) -> str:
    """A file's name as a report can print it: controls and bytes that are not UTF-8 as escapes."""
    safe = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(each if each.isprintable() or each == " " else f"\\u{ord(each):04x}" for each in safe)


def _relative(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return Path(os.path.relpath(path, root)).as_posix()


def _walk(folder: Path, below: str, prefix: str, found: list[Diagnostic]) -> Iterator[_File]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise UserError(f"cannot read the folder {folder}: {error.strerror}") from error
    for entry in entries:
        if is_hidden(entry.name):
            continue
        relative = below + entry.name
        place = Place(prefix + printable_name(relative))
        if entry.is_symlink() or _is_junction(entry):
            found.append(Diagnostic(place, "F104", "a symbolic link", "put the file itself in its place"))
        elif entry.is_dir(follow_symlinks=False):
            fault = _name_fault(entry.name)
            if fault:
                found.append(Diagnostic(place, "F108", f"the folder's name {fault}", "rename it"))
            else:
                yield from _walk(folder / entry.name, f"{relative}/", prefix, found)
        elif not entry.is_file(follow_symlinks=False):
            found.append(Diagnostic(place, "F112", "neither a file nor a folder", "delete it, or put a file there"))
        else:
            ending = PurePosixPath(relative).suffix
            yield _File(
                relative, relative.removesuffix(ending), ending.lower(), entry.stat(follow_symlinks=False).st_size
            )


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether it is a junction, Windows's other kind of link (known to Python from 3.12)."""
    test = getattr(entry, "is_junction", None)
    return bool(test and test())


def _is_fit(file: _File, prefix: str, limits: Limits, found: list[Diagnostic]) -> bool:
    place = Place(prefix + printable_name(file.relative))
    fault = _name_fault(file.relative.rpartition("/")[2])
    if not fault and not document_slug(file.relative):
        fault = "has no letter or digit to make an address of"
    if fault:
        found.append(Diagnostic(place, "F108", f"the file's name {fault}", "rename it"))
        return False
    return _is_small(file, place, limits.document_bytes, found)


def _is_small(file: _File, place: Place, most: int, found: list[Diagnostic]) -> bool:
    if file.size > most:
        found.append(_too_large(place, file.size, most))
    return file.size <= most


def _too_large(place: Place, size: int, most: int) -> Diagnostic:
    hint = "split it, or raise the limit in the settings of the plug-in"
    return Diagnostic(place, "F103", f"{size} bytes, {most} are allowed", hint)


def _name_fault(name: str) -> str:
    """What is wrong with one segment of a path; "" if nothing is."""
    stem, longest = name.partition(".")[0].rstrip(" "), field_values.SEGMENT_BYTES
    faults = (
        (any(unicodedata.category(each) in {"Cc", "Cs"} for each in name), "holds control characters or no UTF-8"),
        (any(unicodedata.category(each) == "Cf" for each in name), "holds invisible characters"),
        (any(each in '\\:*?"<>|' for each in name), r'holds one of \ : * ? " < > |, which other systems forbid'),
        (".." in name, "holds two dots in a row"),
        (name != name.strip(" ") or name.endswith("."), "begins or ends with a space, or ends with a dot"),
        (bool(_DEVICES.fullmatch(stem)), "is the name of a device on Windows"),
        (len(name.encode("utf-8", "surrogatepass")) > longest, f"is longer than {longest} bytes"),
    )
    return next((words for bad, words in faults if bad), "")


def _sidecars(files: Iterable[_File], prefix: str, limits: Limits, found: list[Diagnostic]) -> dict[str, _File]:
    """Stem -> sidecar, the preferred where there are two (F107)."""
    chosen: dict[str, _File] = {}
    candidates = [each for each in files if each.ending in _SIDECARS and each.relative not in _OWN_FILES]
    for each in sorted(candidates, key=lambda each: (_SIDECARS.index(each.ending), each.relative)):
        place = Place(prefix + printable_name(each.relative))
        if each.stem in chosen:
            other = printable_name(chosen[each.stem].relative)
            hint = f"move what it says into {prefix}{other} and delete it"
            found.append(Diagnostic(place, "F107", f"a second sidecar beside {prefix}{other}", hint))
        elif _is_small(each, place, limits.sidecar_bytes, found):
            chosen[each.stem] = each
    return chosen


def _unread(files: Iterable[_File], prefix: str) -> Iterator[Diagnostic]:
    """Files that were surely meant as documents, and others that may have been: nobody should miss them on the site."""
    for each in files:
        place = Place(prefix + printable_name(each.relative))
        if each.ending in _MEANT:
            message, hint = f"{each.ending} is not a format that is published", _MEANT[each.ending]
            yield Diagnostic(place, "F113", message, f"{hint}, or begin its name with _ to have it ignored")
        elif each.ending[1:] not in set(SourceFormat) and each.ending not in _KNOWN and not _says_of_folder(each):
            message = (
                f"nobody reads a file {f'in {each.ending}' if each.ending else 'without an ending'}: it is passed over"
            )
            hint = "if it is a document, let its name end in .txt, .md or .html; if not, begin it with _"
            yield Diagnostic(place, "F114", message, hint)


def _says_of_folder(file: _File) -> bool:
    return PurePosixPath(file.stem).name.lower() in {"readme", "license", "licence", "copying", "notice"}


def _orphans(sidecars: Iterable[_File], documents: Iterable[_File], prefix: str) -> Iterator[Diagnostic]:
    stems = {each.stem: each for each in documents}
    for sidecar in sidecars:
        whole = sidecar.stem.rpartition(".")[0]  # a.txt.yml was meant as a.yml
        near = [whole] if whole in stems else get_close_matches(sidecar.stem, stems, n=1, cutoff=0.5)
        hint = "put the document beside it (.txt, .md or .html), or begin its name with _ to have it ignored"
        if sidecar.stem in {"corpus", "sources"}:
            hint = f"rename it to {sidecar.stem}.yml if it is the corpus's own"
        elif near:
            hint = f"nearest document: {prefix}{printable_name(stems[near[0]].relative)}\nrename it to {near[0]}.yml"
        place = Place(prefix + printable_name(sidecar.relative))
        yield Diagnostic(place, "F106", "a sidecar without a document", hint)


def _seed(file: _File, sidecar: _File | None, beside: Iterable[_File], seeds: Path, prefix: str) -> Seed:
    rivals = tuple(prefix + each.relative for each in beside) if sidecar else ()
    return Seed(
        path=seeds / file.relative,
        name=prefix + file.relative,
        relative=file.relative,
        format=SourceFormat(file.ending[1:]),
        slug=document_slug(file.relative),
        collection=file.relative.rpartition("/")[0],
        sidecar=seeds / sidecar.relative if sidecar else None,
        sidecar_name=prefix + sidecar.relative if sidecar else None,
        rivals=rivals if len(rivals) > 1 else (),
    )
