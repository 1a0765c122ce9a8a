"""Read YAML as a tree of text with places. The only file that imports PyYAML.

Only libyaml's *events* are read, and counted: composing or constructing with any loader hangs or kills the process on
a few hundred hostile bytes. Every scalar stays text, as written; anchors, aliases, tags, merge keys, second documents
and repeated keys are errors. Nothing here knows what the keys mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import yaml

from builder.diagnostics import Diagnostic, Place
from builder.model import Limits
from builder.read.yaml_repair.explain import CHARACTERS, Explanation, Trial, explain_syntax_error
from builder.read.yaml_repair.lines import ParseStop, single_quoted

# Not allowed in a file: the controls, and the three line ends that only YAML 1.1 knows (libyaml would start a
# new line there, no editor does). Each is replaced by one character before parsing, so that every place stays right.
_REFUSED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
# Not allowed as an escape ("\u0007") either.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# A comment as style guides want it (two spaces before, one after) is intended; any other may be part of the value.
_COMMENT_START: Final = re.compile(r"[ \t]+(?=#)")
_CLEAR_COMMENT: Final = re.compile(r"[ \t]{2,}#(?:[ \t#!]|$)", re.MULTILINE)
# A tag as it was written, possibly behind an anchor.
_TAG: Final = re.compile(r"(?:&\S+\s+)?(![^\s,\[\]{}]*)")
_BLANK: Final = " \t\n"
# A file with more errors than this is not a sidecar: reading on would only take time.
_MAX_DIAGNOSTICS: Final = 1000
# So many errors of syntax are reported at once, if the trials for all together read no more than this.
_MAX_SYNTAX_ERRORS: Final = 30
_MAX_CHARACTERS: Final = 2 * CHARACTERS


@dataclass(frozen=True, slots=True)
class YamlSource:
    """The file that a tree was read from: a scalar needs it to find places inside itself."""

    file: str
    text: str
    lines: tuple[str, ...]
    first_line: int


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A text. ``style`` is "" (plain), one of ``' " | >``, or ``*`` for an alias that was refused.

    ``start`` and ``end`` are code point offsets of the scalar in its file's text, indicators included.
    """

    value: str
    place: Place
    style: str
    start: int = field(compare=False)
    end: int = field(compare=False)
    origin: YamlSource = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        """Return the value, without the line end that the syntax of a block (``|``, ``>``) adds."""
        return self.value.rstrip("\n") if self.style in {"|", ">"} else self.value

    def at(self, line: int, column: int) -> Place:
        """Return the place in the file of the character at this line and column of the value (both from 0).

        Exact except for double-quoted text with escapes, where it is the place of the scalar.
        """
        if self.style == "|":
            return self._in_block(line, column)
        offset = sum(len(row) + 1 for row in self.value.split("\n")[:line]) + column
        found = _source_offset(self, offset)
        if found is None:
            return self.place
        before = self.origin.text[:found]
        newline = before.rfind("\n")
        return Place(self.place.file, before.count("\n") + self.origin.first_line, found - newline)

    def _in_block(self, line: int, column: int) -> Place:
        number = self.place.line - self.origin.first_line + 1 + line
        values = self.value.split("\n")
        if line >= len(values) or number >= len(self.origin.lines):
            return self.place
        indent = len(self.origin.lines[number]) - len(values[line])
        return Place(self.place.file, number + self.origin.first_line, max(indent, 0) + column + 1)


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list; ``place`` is its first dash or its bracket."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys and values in the order of the file; ``place`` is the first key or the brace."""

    keys: dict[str, ScalarNode]
    values: dict[str, Node]
    place: Place

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None."""
        return self.values.get(key)


Node = ScalarNode | SequenceNode | MappingNode


def read_yaml(
    text: str, *, file: str, limits: Limits, first_line: int = 1, names: frozenset[str] = frozenset()
) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read one YAML document; None if it is empty, or cannot be read to its end.

    Every error is reported (Y101 to Y109); no exception is raised. With ``names``, an error of syntax that only one
    repair would mend does not end the reading: the rest is read as if it were mended.

    ``text``: decoded, without byte-order mark, with line feeds as line ends.
    ``file``: its file's name, for places.
    ``limits``: how long and deep it may be.
    ``first_line``: the line of the file on which it begins.
    ``names``: words that are likely keys, which help to explain broken YAML.
    """
    diagnostics: list[Diagnostic] = []
    if len(text.encode("utf-8", "surrogatepass")) > limits.sidecar_bytes:
        place = Place(file, first_line, 1)
        return None, (
            Diagnostic(place, "Y108", f"more than {limits.sidecar_bytes} bytes of YAML", "split the document"),
        )
    origin = YamlSource(file, text, tuple(text.split("\n")), first_line)
    clean = _without_controls(origin, diagnostics)
    characters = _MAX_CHARACTERS
    mended: set[int] = set()
    for _ in range(_MAX_SYNTAX_ERRORS):
        found: list[Diagnostic] = []
        node: Node | None = None
        try:
            node = _stream(_YamlReader(origin, limits, found, _events(clean)))
        except _StoppedError:
            pass
        except yaml.YAMLError as error:
            explained = _explain(origin, error, limits, names, characters)
            diagnostics.append(explained.diagnostic)
            characters -= explained.characters
            repair = explained.repair if names else None
            if repair and len(repair.lines) == repair.count and characters > 0:
                mended |= {number + first_line for number in range(repair.first, repair.first + repair.count)}
                lines = tuple(repair.apply(origin.lines))
                origin = YamlSource(file, "\n".join(lines), lines, first_line)
                clean = _REFUSED.sub("\ufffd", origin.text)
                continue
        except Exception as error:  # noqa: BLE001 - whatever a parser of hostile text raises is the text's fault
            diagnostics.append(Diagnostic(Place(file, first_line, 1), "Y101", f"not YAML: {error}"))
        break
    # What is said of a line that was mended may be said of the mending.
    diagnostics += [diagnostic for diagnostic in found if diagnostic.place.line not in mended]
    return node, tuple(diagnostics)


class _StoppedError(Exception):
    """Reading on would be unsafe; the reason has been reported."""


@dataclass(slots=True)
class _YamlReader:
    """The state of reading: the events left, and the diagnostics so far."""

    origin: YamlSource
    limits: Limits
    diagnostics: list[Diagnostic]
    events: Iterator[Any]
    count: int = 0

    def next(self) -> Any:  # noqa: ANN401 - an object of PyYAML, which does not leave this file
        event = next(self.events)
        self.count += 1
        if self.count > self.limits.yaml_events:
            self.report(event, "Y108", f"more than {self.limits.yaml_events} YAML events", "split the document")
            raise _StoppedError
        return event

    def place(self, mark: Any) -> Place:  # noqa: ANN401 - an object of PyYAML, which does not leave this file
        return Place(self.origin.file, mark.line + self.origin.first_line, mark.column + 1)

    def report(self, event: Any, code: str, message: str, hint: str) -> None:  # noqa: ANN401 - as above
        self.add(Diagnostic(self.place(event.start_mark), code, message, hint))

    def add(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)
        if len(self.diagnostics) >= _MAX_DIAGNOSTICS:
            raise _StoppedError


def _events(text: str) -> Iterator[Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.parse(text, Loader=loader))


def _without_controls(origin: YamlSource, diagnostics: list[Diagnostic]) -> str:
    if not _REFUSED.search(origin.text):
        return origin.text
    for number, line in enumerate(origin.lines):
        for match in _REFUSED.finditer(line):
            place = Place(origin.file, number + origin.first_line, match.start() + 1)
            name = f"U+{ord(match[0]):04X}"
            hint = f'delete it, or write it as an escape in double quotes: "\\u{ord(match[0]):04x}"'
            if _CONTROL.match(match[0]):
                hint = "delete it"
            diagnostics.append(Diagnostic(place, "Y107", f"control character {name}", hint))
            if len(diagnostics) >= _MAX_DIAGNOSTICS:
                return _REFUSED.sub("\ufffd", origin.text)
    return _REFUSED.sub("\ufffd", origin.text)


def _stream(reader: _YamlReader) -> Node | None:
    root: Node | None = None
    documents = 0
    while True:
        event = reader.next()
        if isinstance(event, yaml.StreamEndEvent):
            return root
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                reader.report(event, "Y106", "second YAML document", "delete this line (---) or what follows")
            node = _node(reader, reader.next(), 1)
            root = node if documents == 1 else root


def _node(reader: _YamlReader, event: Any, depth: int) -> Node:  # noqa: ANN401 - an object of PyYAML, which does not leave this file
    if isinstance(event, yaml.AliasEvent):
        hint = f'write the value again, or put it in quotes if a star is meant: "*{event.anchor}"'
        reader.report(event, "Y103", f"alias *{event.anchor}", hint)
        return _scalar(reader, event, f"*{event.anchor}", "*")
    if event.anchor is not None:
        hint = f'delete &{event.anchor}, or put the value in quotes: "&{event.anchor} …"'
        reader.report(event, "Y103", f"anchor &{event.anchor}", hint)
    if event.tag is not None:
        written = _TAG.match(reader.origin.text, event.start_mark.index)
        tag = written[1] if written else event.tag
        reader.report(event, "Y104", f"tag {tag}", f'delete {tag}, or put the value in quotes: "{tag} …"')
    if isinstance(event, yaml.ScalarEvent):
        return _text(reader, event)
    if depth > reader.limits.yaml_depth:
        hint = "quote the value if brackets are meant"
        reader.report(event, "Y108", f"nested more than {reader.limits.yaml_depth} levels deep", hint)
        raise _StoppedError
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(reader, event, depth)
    return _mapping(reader, event, depth)


def _sequence(reader: _YamlReader, start: Any, depth: int) -> SequenceNode:  # noqa: ANN401 - as above
    items: list[Node] = []
    while not isinstance(event := reader.next(), yaml.SequenceEndEvent):
        items.append(_node(reader, event, depth + 1))
    return SequenceNode(tuple(items), reader.place(start.start_mark))


def _mapping(reader: _YamlReader, start: Any, depth: int) -> MappingNode:  # noqa: ANN401 - as above
    keys: dict[str, ScalarNode] = {}
    values: dict[str, Node] = {}
    while not isinstance(event := reader.next(), yaml.MappingEndEvent):
        key = _node(reader, event, depth + 1)
        value = _node(reader, reader.next(), depth + 1)
        if not isinstance(key, ScalarNode):
            reader.report(event, "Y101", "a key must be text", 'put it in quotes: "…": value')
        elif (
            reader.origin.text[key.start - 1 : key.start] == "?"
        ):  # libyaml drops it within brackets, other parsers do not
            reader.report(event, "Y101", f"YAML drops the question mark of ?{key.value}", f'write: "?{key.value}"')
        elif key.value == "<<" and not key.style:
            reader.report(event, "Y105", "merge key <<", "write out the keys that it would bring in")
        elif key.value in keys:
            first = keys[key.value].place
            hint = f"first given at {first}: keep one of the two"
            reader.report(event, "Y102", f'key "{key.value}" given twice', hint)
        elif key.style != "*":
            keys[key.value] = key
            values[key.value] = value
    return MappingNode(keys, values, reader.place(start.start_mark))


def _scalar(reader: _YamlReader, event: Any, value: str, style: str) -> ScalarNode:  # noqa: ANN401 - as above
    start, end = event.start_mark, event.end_mark
    return ScalarNode(value, reader.place(start), style, start.index, end.index, reader.origin)


def _text(reader: _YamlReader, event: Any) -> ScalarNode:  # noqa: ANN401 - as above
    # An escaped line end of a system that has two characters for it, as a document's own line ends are read.
    value = event.value.replace("\r\n", "\n").replace("\r", "\n")
    scalar = _scalar(reader, event, value, event.style or "")
    if _CONTROL.search(value):
        reader.report(event, "Y107", "escape for a control character", "delete it")
    if not scalar.style:
        _lint_comment(reader, scalar)
    return scalar


def _lint_comment(reader: _YamlReader, scalar: ScalarNode) -> None:
    """Warn if a plain scalar ends at a comment that may have been meant as its text."""
    source = scalar.origin.text
    blanks = _COMMENT_START.match(source, scalar.end)
    if blanks is None or _CLEAR_COMMENT.match(source, scalar.end):
        return
    newline = source.find("\n", scalar.end)
    lost = source[scalar.end : newline if newline >= 0 else len(source)].rstrip()
    line = scalar.place.line + source.count("\n", scalar.start, scalar.end)
    column = blanks.end() - source.rfind("\n", 0, scalar.end)
    whole = (scalar.value + lost).strip()
    message = f'YAML reads "{_shorten(lost.strip())}" as a comment: the value ends before it'
    hint = f"put it in quotes if it belongs to the value: {single_quoted(_shorten(whole))}\n"
    hint += "or mark it as a comment: two spaces, #, one space"
    reader.add(Diagnostic(Place(scalar.place.file, line, column), "Y109", message, hint))


def _shorten(text: str, width: int = 80) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _explain(
    origin: YamlSource, error: yaml.YAMLError, limits: Limits, names: frozenset[str], characters: int
) -> Explanation:
    attempt = partial(_attempt, limits=limits, names=names)
    place = Place(origin.file, origin.first_line, 1)
    stop = _parse_stop(error)
    most = min(characters, CHARACTERS)
    return explain_syntax_error(origin.lines, stop, place=place, names=names, attempt=attempt, characters=most)


def _parse_stop(error: yaml.YAMLError) -> ParseStop:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    began = getattr(error, "context_mark", None)
    return ParseStop(
        problem=str(getattr(error, "problem", None) or getattr(error, "reason", None) or error),
        context=str(getattr(error, "context", None) or ""),
        line=mark.line if mark else 0,
        column=mark.column if mark else 0,
        began=(began.line, began.column) if began else None,
    )


def _attempt(text: str, until: int, *, limits: Limits, names: frozenset[str]) -> Trial:
    """Read a text up to a line (from 0), and count its keys: the known ones, and the unknown or repeated ones."""
    above: list[set[str] | None] = []  # the keys of each mapping that is open; None for a list
    waiting: list[bool] = []  # whether a key comes next
    odd = known = 0
    try:
        for event in _events(text):
            if event.start_mark.line > until:
                break
            if len(above) > limits.yaml_depth:
                return Trial(event.start_mark.line, odd, known)
            if isinstance(event, yaml.CollectionEndEvent):
                above.pop()
                waiting.pop()
            elif isinstance(event, yaml.NodeEvent):
                keys = above[-1] if above else None
                if keys is not None and waiting[-1] and isinstance(event, yaml.ScalarEvent):
                    odd += (event.value in keys) + (bool(names) and event.value not in names)
                    known += event.value in names
                    keys.add(event.value)
                if waiting:
                    waiting[-1] = not waiting[-1]
                if isinstance(event, yaml.CollectionStartEvent):
                    above.append(set() if isinstance(event, yaml.MappingStartEvent) else None)
                    waiting.append(True)
    except yaml.YAMLError as error:
        return Trial(_parse_stop(error).line, odd, known)
    return Trial(None, odd, known)


def _source_offset(scalar: ScalarNode, offset: int) -> int | None:
    """Return the offset in the file of a character of a value; None if the two differ (by an escape).

    Both are walked in step, a run of white space against a run of white space, because folding changes these.
    """
    source, value = scalar.origin.text, scalar.value
    at = scalar.start
    if scalar.style in {"'", '"'}:
        at += 1
    elif scalar.style == ">":
        at = source.find("\n", at) + 1
    seen = 0
    while seen < len(value) and seen <= offset:
        if value[seen] in _BLANK or (source[at] in _BLANK and scalar.style == ">"):
            stop = _past_blanks(value, seen)
            reached = _past_blanks(source, at)
            if offset < stop:
                return min(at + offset - seen, reached)
            seen, at = stop, reached
            continue
        if at >= scalar.end or source[at] != value[seen]:
            return None
        if seen == offset:
            return at
        at += 2 if scalar.style == "'" and value[seen] == "'" else 1
        seen += 1
    return at if seen == offset else None


def _past_blanks(text: str, start: int) -> int:
    while start < len(text) and text[start] in _BLANK:
        start += 1
    return start
