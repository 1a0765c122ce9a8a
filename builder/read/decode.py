"""Bytes -> text: strict UTF-8, without byte-order mark, line ends as line feeds."""

from __future__ import annotations

import shlex
from pathlib import PurePosixPath
from typing import Final

from builder.diagnostics import Diagnostic, Place

_MARK: Final = b"\xef\xbb\xbf"


def decode(data: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a file, or None and where the first bad byte stands (F101)."""
    data = data.removeprefix(_MARK)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (_bad_byte(data, error, file),)
    return text.replace("\r\n", "\n").replace("\r", "\n"), ()


def _bad_byte(data: bytes, error: UnicodeDecodeError, file: str) -> Diagnostic:
    before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
    looks, encoding = "", "WINDOWS-1252"  # which most files are that are neither UTF-8 nor UTF-16
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        looks, encoding = "it looks like UTF-16: ", "UTF-16"
    command = f"iconv -f {encoding} -t UTF-8 {shlex.quote(file)} > new{PurePosixPath(file).suffix}"
    hint = f"{looks}save the file as UTF-8 in your editor, or write it anew:  {command}"
    return Diagnostic(place, "F101", f"the byte 0x{data[error.start]:02X} is not UTF-8", hint)
