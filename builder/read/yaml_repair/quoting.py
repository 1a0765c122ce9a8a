"""Repairs of values in broken YAML: quotation marks, brackets, text that needs a block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from builder.read.yaml_repair.lines import (
    FIELD,
    KEY,
    LONGEST,
    START,
    ParseStop,
    Repair,
    content_column,
    indent_of,
    lines_above,
    replace_line,
    run_of,
    single_quoted,
)

_ON_BLOCKS_LINE: Final = re.compile(r"(.*: +[|>][-+]?) +([^\s#].*)")
_SPECIAL: Final = "@`%&*!"  # a plain value cannot begin with these, or they have a meaning of their own
# An item within brackets that is not quoted.
_PIECE: Final = re.compile(r"(?<=[,\[{])[^,\[\]{}\"']+(?=[,\]}])")


def fix_quoting(lines: Sequence[str], at: int) -> Iterator[Repair]:
    """Put the value of a line in quotes, or in better ones."""
    indent = indent_of(lines[at])
    match = FIELD.fullmatch(lines[at][indent:].rstrip())
    if match is None or not match[1]:
        return
    found = _badly_quoted(match[2]) if match[2][0] in "'\"" else _unquoted(match[2])
    if found:
        new, message, hint = found
        yield replace_line(at, " " * indent + match[1] + new, message, hint)


def _badly_quoted(value: str) -> tuple[str, str, str]:
    """Return a value that begins with a quotation mark correctly quoted, what was wrong, and what to do."""
    mark = value[0]
    if value.count(mark) == 1:
        return value + mark, f"line {{}} opens a quotation mark ({mark}) that nothing closes", "close it"
    if value[-1] != mark:
        message = "the value on line {} goes on after its closing quotation mark"
        return single_quoted(value), message, "put all of it in quotes"
    if mark == "'":
        inner = value[1:-1].replace("''", "'")
        return single_quoted(inner), "the value on line {} has an apostrophe between single quotes", "write it twice"
    if "\\" in value:
        message = "the value on line {} has a backslash between double quotes, which YAML reads as an escape"
        hint = "put single quotes around it, or write the character itself"
        return single_quoted(value[1:-1]), message, hint
    message = "the value on line {} has quotation marks between quotation marks"
    return single_quoted(value[1:-1]), message, "put single quotes around them"


def _unquoted(value: str) -> tuple[str, str, str] | None:
    """Return a value that needs quotes in quotes, why, and what to do; None if it seems to need none."""
    mark = value[0]
    if mark in "[{":
        # With a bracket at its end, or without any other, a bracket is meant, and the error is inside.
        goes_on = not value.endswith(("]", "}")) and re.search(r"[\]}]", value)
        message = f"the value on line {{}} begins with {mark}, which YAML reads as a list or fields"
        return (single_quoted(value), message, "put it in quotes") if goes_on else None
    if re.search(r":( |$)", value):
        message = "the value on line {} holds a colon, which YAML reads as the end of a key"
        return single_quoted(value), message, "put it in quotes"
    if mark in _SPECIAL:
        message = f"the value on line {{}} begins with {mark}, which YAML reserves"
        return single_quoted(value), message, "put it in quotes"
    return None


def fix_bracketed_values(lines: Sequence[str], at: int) -> Iterator[Repair]:
    """Put values between brackets in quotes."""
    line = lines[at]
    if "{" not in line and "[" not in line:
        return
    new = _PIECE.sub(lambda found: _quoted_piece(found[0]), line)
    if new != line:
        yield replace_line(
            at, new, "line {} has a value with a colon or a special character within brackets", "put it in quotes"
        )


def _quoted_piece(piece: str) -> str:
    key, sign, value = piece.partition(": ")
    if not sign:
        key, value = "", piece
    said = value.strip()
    if not said or not (": " in said or said[0] in _SPECIAL):
        return piece
    return key + sign + value.replace(said, single_quoted(said))


def fix_unclosed(lines: Sequence[str], stop: ParseStop) -> Iterator[Repair]:
    """Close a quotation mark further up, which the next one seemed to close, or a bracket."""
    for at in list(lines_above(lines, stop.line))[3:]:
        match = FIELD.fullmatch(lines[at].strip()) if len(lines[at]) <= LONGEST else None
        if match and match[2][0] in "'\"" and match[2].count(match[2][0]) == 1:
            yield from fix_quoting(lines, at)
    at = stop.began[0] if stop.began and "flow" in stop.context else len(lines)
    line = lines[at].rstrip() if at < len(lines) else ""
    if not line or len(line) > LONGEST:
        return
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", line)
    open_, close = ("[", "]") if "sequence" in stop.context else ("{", "}")
    if bare.count(open_) > bare.count(close):
        yield replace_line(at, line + close, f"line {{}} opens a bracket ({open_}) that nothing closes", "close it")


def fix_block(lines: Sequence[str], at: int) -> Iterator[Repair]:
    """Write text of several lines, or text beside the | that begins a block, as a block."""
    if match := _ON_BLOCKS_LINE.fullmatch(lines[at]):
        message = "line {} has text beside its |, and such text begins on the next line"
        yield _as_block(at, 1, (match[1], " " * (content_column(lines[at]) + 2) + match[2]), message)
        return
    start = START.match(lines[at])
    match = FIELD.fullmatch(lines[at].strip())
    if start is None or match is None or not match[1].endswith(" ") or not KEY.match(lines[at][start.end() :]):
        return
    width = start.end()
    count = run_of(lines, at, lambda line: indent_of(line) > width)
    if count > 1:
        rest = (" " * (width + 2) + line.strip() for line in lines[at + 1 : at + count])
        head = start[1] + match[1].rstrip() + " |"
        message = (
            "the value that begins on line {} goes on below, and holds a colon, which YAML reads as the end of a key"
        )
        yield _as_block(at, count, (head, " " * (width + 2) + match[2], *rest), message)


def _as_block(at: int, count: int, lines: tuple[str, ...], message: str) -> Repair:
    shown = "\n".join((*lines[:3], *(["…"] if len(lines) > 3 else [])))  # noqa: PLR2004 - enough to show how
    return Repair(at, count, lines, message, f"put the text on lines of its own, indented:\n{shown}")
