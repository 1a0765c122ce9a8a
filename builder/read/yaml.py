"""YAML text -> a tree of text with places. The one room that knows PyYAML.

Only libyaml's *events* are read, and counted as they come: composing or constructing with any loader hangs or kills the
process on a few hundred hostile bytes. Every scalar stays the text that stands there; anchors, aliases, tags, merge
keys, second documents and keys given twice are faults. Nothing here knows what the keys mean.
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
from builder.read.yaml_repair.explain import Trial, explain_syntax_error
from builder.read.yaml_repair.lines import ParseStop, single_quoted

# Not allowed to stand in a file: the controls, and the three line ends that only YAML 1.1 knows (libyaml would start a
# new line there, no editor does). Replaced by one character each before parsing, so that every place stays right.
_REFUSED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
# Not allowed to come out of an escape ("\u0007") either.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# A comment as style guides want it (two blanks before, one after) is meant; any other may be the value's own end.
_CUT: Final = re.compile(r"[ \t]+(?=#)")
_MEANT: Final = re.compile(r"[ \t]{2,}#(?:[ \t#!]|$)", re.MULTILINE)
# A tag as it was written, possibly behind an anchor.
_TAG: Final = re.compile(r"(?:&\S+\s+)?(![^\s,\[\]{}]*)")
_BLANK: Final = " \t\n"
# A file with more faults than this is not a sidecar: reading it on would only cost time.
_MOST_FAULTS: Final = 1000


@dataclass(frozen=True, slots=True)
class YamlSource:
    """The file a tree was read from: what a scalar needs to find a place inside itself."""

    file: str
    text: str
    lines: tuple[str, ...]
    first_line: int


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A piece of text. ``style`` is "" (plain), one of ``' " | >``, or ``*`` for an alias that was refused.

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
        """The value, without the line end that a block (``|``, ``>``) has by its form alone."""
        return self.value.rstrip("\n") if self.style in {"|", ">"} else self.value

    def at(self, line: int, column: int) -> Place:
        """Where in the file the character at this line and column of the value (both from 0) stands.

        Exact but for double-quoted text with escapes, where it is the scalar's own place.
        """
        if self.style == "|":
            return self._in_block(line, column)
        offset = sum(len(each) + 1 for each in self.value.split("\n")[:line]) + column
        found = _walk(self, offset)
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
        """The value of a key, if it is given."""
        return self.values.get(key)


Node = ScalarNode | SequenceNode | MappingNode


def read_yaml(
    text: str, *, file: str, limits: Limits, first_line: int = 1, names: frozenset[str] = frozenset()
) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read one YAML document; None for an empty one, and for one that can't be read to its end.

    ``text`` is decoded, without byte-order mark, its line ends line feeds; ``first_line`` is where it
    begins in its file; ``names`` are words that are likely keys, which help to say where broken YAML went wrong.
    Every fault (Y101 to Y109) is told, and no other exception comes out.
    """
    found: list[Diagnostic] = []
    if len(text.encode("utf-8", "surrogatepass")) > limits.sidecar_bytes:
        place = Place(file, first_line, 1)
        return None, (
            Diagnostic(place, "Y108", f"more than {limits.sidecar_bytes} bytes of YAML", "split the document"),
        )
    origin = YamlSource(file, text, tuple(text.split("\n")), first_line)
    clean = _without_controls(origin, found)
    job = _Job(origin, limits, found, _events(clean))
    try:
        node = _stream(job)
    except _StoppedError:
        node = None
    except yaml.YAMLError as error:
        found.append(_syntax(origin, error, limits, names))
        node = None
    except Exception as error:  # noqa: BLE001 - whatever a parser of hostile text raises is the text's fault
        found.append(Diagnostic(Place(file, first_line, 1), "Y101", f"not YAML: {error}"))
        node = None
    return node, tuple(found)


class _StoppedError(Exception):
    """Reading on would be unsafe; the reason has been told."""


@dataclass(slots=True)
class _Job:
    """One reading on its way: the events left, and the faults found so far."""

    origin: YamlSource
    limits: Limits
    found: list[Diagnostic]
    events: Iterator[Any]
    count: int = 0

    def next(self) -> Any:  # noqa: ANN401 - a foreign object, which doesn't leave this file
        event = next(self.events)
        self.count += 1
        if self.count > self.limits.yaml_events:
            self.tell(event, "Y108", f"more than {self.limits.yaml_events} YAML events", "split the document")
            raise _StoppedError
        return event

    def place(self, mark: Any) -> Place:  # noqa: ANN401 - a foreign object, which doesn't leave this file
        return Place(self.origin.file, mark.line + self.origin.first_line, mark.column + 1)

    def tell(self, event: Any, code: str, message: str, hint: str) -> None:  # noqa: ANN401 - as above
        self.add(Diagnostic(self.place(event.start_mark), code, message, hint))

    def add(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)
        if len(self.found) >= _MOST_FAULTS:
            raise _StoppedError


def _events(text: str) -> Iterator[Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.parse(text, Loader=loader))


def _without_controls(origin: YamlSource, found: list[Diagnostic]) -> str:
    if not _REFUSED.search(origin.text):
        return origin.text
    for number, line in enumerate(origin.lines):
        for match in _REFUSED.finditer(line):
            place = Place(origin.file, number + origin.first_line, match.start() + 1)
            name = f"U+{ord(match[0]):04X}"
            hint = f'delete it, or write it as an escape in double quotes: "\\u{ord(match[0]):04x}"'
            if _CONTROL.match(match[0]):
                hint = "delete it"
            found.append(Diagnostic(place, "Y107", f"control character {name}", hint))
            if len(found) >= _MOST_FAULTS:
                return _REFUSED.sub("\ufffd", origin.text)
    return _REFUSED.sub("\ufffd", origin.text)


def _stream(job: _Job) -> Node | None:
    root: Node | None = None
    documents = 0
    while True:
        event = job.next()
        if isinstance(event, yaml.StreamEndEvent):
            return root
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                job.tell(event, "Y106", "a second YAML document begins here", "delete this line (---) or what follows")
            node = _node(job, job.next(), 1)
            root = node if documents == 1 else root


def _node(job: _Job, event: Any, depth: int) -> Node:  # noqa: ANN401 - a foreign object, which doesn't leave this file
    if isinstance(event, yaml.AliasEvent):
        hint = f'write the value again, or put it in quotes if a star is meant: "*{event.anchor}"'
        job.tell(event, "Y103", f"alias *{event.anchor}", hint)
        return _scalar(job, event, f"*{event.anchor}", "*")
    if event.anchor is not None:
        hint = f'delete &{event.anchor}, or put the value in quotes: "&{event.anchor} …"'
        job.tell(event, "Y103", f"anchor &{event.anchor}", hint)
    if event.tag is not None:
        written = _TAG.match(job.origin.text, event.start_mark.index)
        tag = written[1] if written else event.tag
        job.tell(event, "Y104", f"tag {tag}", f'delete {tag}, or put the value in quotes: "{tag} …"')
    if isinstance(event, yaml.ScalarEvent):
        return _text(job, event)
    if depth > job.limits.yaml_depth:
        hint = "quote the value if brackets are meant"
        job.tell(event, "Y108", f"nested more than {job.limits.yaml_depth} levels deep", hint)
        raise _StoppedError
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(job, event, depth)
    return _mapping(job, event, depth)


def _sequence(job: _Job, start: Any, depth: int) -> SequenceNode:  # noqa: ANN401 - as above
    items: list[Node] = []
    while not isinstance(event := job.next(), yaml.SequenceEndEvent):
        items.append(_node(job, event, depth + 1))
    return SequenceNode(tuple(items), job.place(start.start_mark))


def _mapping(job: _Job, start: Any, depth: int) -> MappingNode:  # noqa: ANN401 - as above
    keys: dict[str, ScalarNode] = {}
    values: dict[str, Node] = {}
    while not isinstance(event := job.next(), yaml.MappingEndEvent):
        key = _node(job, event, depth + 1)
        value = _node(job, job.next(), depth + 1)
        if not isinstance(key, ScalarNode):
            job.tell(event, "Y101", "a key must be one word of text", 'put it in quotes: "…": value')
        elif (
            job.origin.text[key.start - 1 : key.start] == "?"
        ):  # libyaml drops it within brackets; no other reader does
            job.tell(event, "Y101", f"YAML drops the question mark of ?{key.value}", f'write: "?{key.value}"')
        elif key.value == "<<" and not key.style:
            job.tell(event, "Y105", "merge key <<", "write out the keys that it would bring in")
        elif key.value in keys:
            first = keys[key.value].place
            hint = f"first given at {first}: keep one of the two"
            job.tell(event, "Y102", f'key "{key.value}" given twice', hint)
        elif key.style != "*":
            keys[key.value] = key
            values[key.value] = value
    return MappingNode(keys, values, job.place(start.start_mark))


def _scalar(job: _Job, event: Any, value: str, style: str) -> ScalarNode:  # noqa: ANN401 - as above
    start, end = event.start_mark, event.end_mark
    return ScalarNode(value, job.place(start), style, start.index, end.index, job.origin)


def _text(job: _Job, event: Any) -> ScalarNode:  # noqa: ANN401 - as above
    scalar = _scalar(job, event, event.value, event.style or "")
    if _CONTROL.search(event.value):
        job.tell(event, "Y107", "an escape makes a control character", "delete it")
    if not scalar.style:
        _lint_comment(job, scalar)
    return scalar


def _lint_comment(job: _Job, scalar: ScalarNode) -> None:
    """Warn where a plain scalar ends at a comment that may have been meant as its text."""
    source = scalar.origin.text
    blanks = _CUT.match(source, scalar.end)
    if blanks is None or _MEANT.match(source, scalar.end):
        return
    newline = source.find("\n", scalar.end)
    lost = source[scalar.end : newline if newline >= 0 else len(source)].rstrip()
    line = scalar.place.line + source.count("\n", scalar.start, scalar.end)
    column = blanks.end() - source.rfind("\n", 0, scalar.end)
    whole = (scalar.value + lost).strip()
    message = f'YAML reads "{_short(lost.strip())}" as a comment: the value ends before it'
    hint = f"put it in quotes if it belongs to the value: {single_quoted(_short(whole))}\n"
    hint += "or set a comment off: two spaces, #, one space"
    job.add(Diagnostic(Place(scalar.place.file, line, column), "Y109", message, hint))


def _short(text: str, width: int = 80) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _syntax(origin: YamlSource, error: yaml.YAMLError, limits: Limits, names: frozenset[str]) -> Diagnostic:
    attempt = partial(_attempt, limits=limits, names=names)
    place = Place(origin.file, origin.first_line, 1)
    return explain_syntax_error(origin.lines, _break(error), place=place, names=names, attempt=attempt)


def _break(error: yaml.YAMLError) -> ParseStop:
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
    """Read a text up to a line, and count the keys in it: those known, and those that are not or are given twice."""
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
        return Trial(_break(error).line, odd, known)
    return Trial(None, odd, known)


def _walk(scalar: ScalarNode, offset: int) -> int | None:
    """The offset in the file of a value's character: both are walked in step, a run of blanks against a run of blanks.

    That is what folding does; None where they differ otherwise (an escape).
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
