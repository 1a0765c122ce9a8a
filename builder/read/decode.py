"""Bytes -> text: strict UTF-8, without byte-order mark, line ends as line feeds."""

from __future__ import annotations

import codecs
import re
import shlex
from pathlib import PurePosixPath
from typing import Final

from builder.diagnostics import Diagnostic, Place

_MARK: Final = b"\xef\xbb\xbf"
# What a page or an XML declaration says of its encoding, near its beginning.
_DECLARED: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_HEAD: Final = 4_096
# Names under which pages declare an encoding that most programs extend (WHATWG Encoding, section 4.2).
_EXTENDED: Final = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "chinese"), "GB18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji"), "CP932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean"), "CP949"),
    **dict.fromkeys(("iso-8859-1", "latin1", "ascii", "us-ascii"), "WINDOWS-1252"),
    "iso-8859-9": "WINDOWS-1254",
    "tis-620": "WINDOWS-874",
}
_USUAL: Final = "WINDOWS-1252"  # the most frequent encoding of files that are not Unicode
# Tried where most letters are not of ASCII, which no language in Windows-1252 has: strict ones first.
# A text of East Asia may decode in another country's encoding, but has not its letters then.
_OTHERS: Final = {
    "EUC-JP": (re.compile("[\u3041-\u30ff]"), 0.1),
    "CP932": (re.compile("[\u3041-\u30ff]"), 0.1),
    "CP949": (re.compile("[\uac00-\ud7a3]"), 0.8),
    "GB18030": (re.compile("[\u4e00-\u9fff]"), 0.5),
    "WINDOWS-1251": (re.compile("[\u0400-\u045f]"), 0.8),
}
_FOREIGN: Final = 0.5
_KOREAN_WORDS: Final = re.compile("[\uac00-\ud7a3] [\uac00-\ud7a3]")  # Chinese has no spaces


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
    reason, encoding = _likely_encoding(data)
    command = f"iconv -f {encoding} -t UTF-8 {shlex.quote(file)} > new{PurePosixPath(file).suffix}"
    hint = f"{reason}save the file as UTF-8 in your editor, or convert it:  {command}"
    return Diagnostic(place, "F101", f"the byte 0x{data[error.start]:02X} is not UTF-8", hint)


def _likely_encoding(data: bytes) -> tuple[str, str]:
    """Return the beginning of a hint that says why, and the name of the encoding for iconv."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it looks like UTF-16: ", "UTF-16"
    for match in _DECLARED.finditer(data[:_HEAD]):
        declared = match[1].decode("ascii")
        encoding = _EXTENDED.get(declared.lower(), declared.upper())
        if _decodes(data, encoding):
            return f"it declares {declared}: ", encoding
    letters = sum(byte >= 0x80 or chr(byte).isalpha() for byte in data)  # noqa: PLR2004 - ASCII
    foreign = sum(byte >= 0x80 for byte in data) > _FOREIGN * letters  # noqa: PLR2004 - ASCII
    likely = (*_OTHERS, _USUAL) if foreign else (_USUAL, *_OTHERS)
    return "", next((encoding for encoding in likely if _is_likely(data, encoding)), _USUAL)


def _is_likely(data: bytes, encoding: str) -> bool:
    if not _decodes(data, encoding):
        return False
    letters, share = _OTHERS.get(encoding, (re.compile(""), 0.0))
    text = data.decode(encoding)
    if encoding == "CP949" and not _KOREAN_WORDS.search(text):
        return False
    foreign = [character for character in text if not character.isascii() and character.isalpha()]
    return len(letters.findall("".join(foreign))) >= share * len(foreign)


def _decodes(data: bytes, encoding: str) -> bool:
    """Return whether all bytes are characters of an encoding other than UTF-8, and none of them a control character."""
    try:
        if codecs.lookup(encoding).name == "utf-8":
            return False
        text = data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return False
    return not re.search("[\x80-\x9f\ufffd]", text)
