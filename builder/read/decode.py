"""Bytes -> text: strict UTF-8, without byte-order mark, line ends as line feeds."""

from __future__ import annotations

import shlex
from pathlib import PurePosixPath
from typing import Final

from builder.diagnostics import Diagnostic, Place

_MARK: Final = b"\xef\xbb\xbf"


def decode(data: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Decode a file; None and the position of the first bad byte (F101) if it is not UTF-8."""
    data = data.removeprefix(_MARK)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (_not_utf8(data, error, file),)
    return text.replace("\r\n", "\n").replace("\r", "\n"), ()


def _not_utf8(data: bytes, error: UnicodeDecodeError, file: str) -> Diagnostic:
    before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
    guess, encoding = "", "WINDOWS-1252"  # the most frequent encoding of files that are not Unicode
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        guess, encoding = "it looks like UTF-16: ", "UTF-16"
    command = f"iconv -f {encoding} -t UTF-8 {shlex.quote(file)} > new{PurePosixPath(file).suffix}"
    hint = f"{guess}save the file as UTF-8 in your editor, or convert it:  {command}"
    return Diagnostic(place, "F101", f"the byte 0x{data[error.start]:02X} is not UTF-8", hint)
