"""Read a sidecar: its notes, its own sources, and the metadata of its document.

One broken note does not hide the others: a note with an invalid value is left out and reported; of a note that refers
to something unknown (verdict, topic, source) only the reference is left out, so links to the note still work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from typing import Final

from builder.addresses import slugify
from builder.diagnostics import Diagnostic, Fix, Place, has_errors
from builder.model import (
    NOTE_LISTS,
    Citation,
    CrossLink,
    Limits,
    Note,
    NoteKind,
    Person,
    Project,
    Prose,
    Quote,
    Source,
    Verdict,
    VerdictChange,
)
from builder.read.corpus_and_sources import read_fields, source_from_entry
from builder.read.field_values import ADDRESS, ID
from builder.read.invisible_characters import find_invisible
from builder.read.markdown import render_line, render_prose
from builder.read.schema import (
    AnyNote,
    ClaimNote,
    ContextNote,
    CorrectionNote,
    SidecarHead,
    SourceRef,
    WrittenSource,
)
from builder.read.tags_in_fields import find_tags
from builder.read.validation import salvage, validate, written_out
from builder.read.yaml import MappingNode, Node, ScalarNode, SequenceNode
from builder.read.yaml_repair.lines import single_quoted
from builder.suggestions import Suggestions

_MODELS: Final[Map[NoteKind, type[AnyNote]]] = {
    NoteKind.CLAIM: ClaimNote,
    NoteKind.CONTEXT: ContextNote,
    NoteKind.CORRECTION: CorrectionNote,
}
# Elsewhere these are something else: other names of a page, or addresses on the site that it was written for.
_NOT_IN_FRONT_MATTER: Final = frozenset({"aliases"})
_KEY_LIKE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# A document, a note or both, as in [[document#note]]; the document is a slug.
_SEE: Final = re.compile(r"(?P<document>[^\s\[\]#|<>\"'`\\?%&A-Z]+)?(#(?P<note>[a-z0-9-]+))?")

_Render = Callable[[str, Callable[[int, int], Place]], tuple[Prose, tuple[Diagnostic, ...]]]


@dataclass(frozen=True, slots=True)
class ParsedSidecar:
    """What a sidecar and its document's front matter say. ``places``: field of the head -> its place."""

    head: SidecarHead
    finding: Prose | None
    summary: Prose | None
    topics: tuple[str, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    places: Map[str, Place]


def read_sidecar(
    text: str | None, *, file: str, slug: str, project: Project, limits: Limits, front: MappingNode | None = None
) -> tuple[ParsedSidecar, tuple[Diagnostic, ...]]:
    """Read a sidecar.

    ``text``: the sidecar, or None for a document without one.
    ``file``: its name, for diagnostics.
    ``slug``: the document's default; keys of written-out sources begin with the slug.
    ``project``: what its notes may refer to.
    ``limits``: how long and deep it may be.
    ``front``: front matter with defaults for the fields of the head.
    """
    tree, of_yaml = read_fields(text, file, limits)
    head_tree = _head(tree, front)
    head, of_head = salvage(SidecarHead, head_tree)
    head = head or SidecarHead()
    reader = _SidecarReader(project, slug=(head.slug or slug).replace("/", "--"))
    reader.diagnostics += [*of_head, *find_invisible(tree)]
    lists = (tree.values[key] for key in NOTE_LISTS if key in tree.values)
    reader.diagnostics += find_tags((head_tree, *lists))
    notes = tuple(_notes(reader, tree, limits))
    finding = _prose(reader, head_tree.get("finding"), render_line) if head.finding is not None else None
    summary = _prose(reader, head_tree.get("summary")) if head.summary is not None else None
    topics = _topics(reader, head.topics, head_tree)
    reported = {diagnostic.place for diagnostic in of_yaml if has_errors((diagnostic,))}
    others = {diagnostic for diagnostic in reader.diagnostics if diagnostic.place not in reported}
    places = {key: node.place for key, node in head_tree.values.items()}
    sidecar = ParsedSidecar(head, finding, summary, topics, notes, tuple(reader.sources.values()), places)
    return sidecar, tuple(sorted({*of_yaml, *others}))


@dataclass(slots=True)
class _SidecarReader:
    """The state of reading one sidecar: what it may refer to, and what was read so far."""

    project: Project
    slug: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[Source, Source] = field(default_factory=dict)  # without key and place -> as it is published
    ids: dict[str, Place] = field(default_factory=dict)
    suggestions: Suggestions = field(default_factory=Suggestions)

    def report(self, place: Place, code: str, message: str, hint: str, fix: Fix | None = None) -> None:
        if code not in self.project.unsure:
            self.diagnostics.append(Diagnostic(place, code, message, hint, fix))

    def did_you_mean(self, word: str, known: Iterable[str], among: str) -> str:
        """Return a hint with the nearest of the known names, or the empty string."""
        near = self.suggestions.nearest(word, lambda: known, among=among)
        return f'did you mean "{near}"?' if near else ""


def _head(tree: MappingNode, front: MappingNode | None) -> MappingNode:
    """Return the fields of the document; a field of the sidecar overrides that of the front matter."""
    keys = {key: node for key, node in tree.keys.items() if key not in NOTE_LISTS}
    if front is None:
        return MappingNode(keys, {key: tree.values[key] for key in keys}, tree.place)
    fields = SidecarHead.model_fields.keys() - _NOT_IN_FRONT_MATTER
    defaults = {key: node for key, node in front.keys.items() if key in fields and key not in keys}
    values = {key: front.values[key] for key in defaults} | {key: tree.values[key] for key in keys}
    return MappingNode(defaults | keys, values, tree.place)


def _notes(reader: _SidecarReader, tree: MappingNode, limits: Limits) -> Iterator[Note]:
    count = 0
    for key, kind in NOTE_LISTS.items():
        listed = tree.get(key)
        if listed is None or (isinstance(listed, ScalarNode) and not listed.value):
            continue
        if not isinstance(listed, SequenceNode):
            hint = f"begin each note with a dash:\n{key}:\n  - id: first-point"
            reader.report(listed.place, "S102", f'"{key}" must be a list of notes', hint)
            continue
        for item in listed.items:
            count += 1
            if count > limits.notes:
                hint = "split the document, or raise the limit in the settings of the plug-in"
                reader.report(item.place, "Y108", f"more than {limits.notes} notes", hint)
                return
            note = _validated_note(reader, item, kind, _MODELS[kind])
            if note is not None:
                yield note


def _validated_note(reader: _SidecarReader, item: Node, kind: NoteKind, model: type[AnyNote]) -> Note | None:
    """Return the note, or None if a field is invalid; its id counts as used in either case."""
    if not isinstance(item, MappingNode):
        reader.report(item.place, "S102", f"a {kind} must consist of fields", "begin it with: - id: first-point")
        return None
    entry, of_note = validate(model, item)
    reader.diagnostics += of_note
    twice = _report_repeated_id(reader, item)
    if entry is None or twice:
        return None
    lone = next((key for key in ("prefix", "suffix", "occurrence") if key in item.keys and not entry.quote), None)
    if lone:
        hint = "add a line: quote: …, or delete this one"
        reader.report(item.keys[lone].place, "S103", f'"{lone}" needs a "quote"', hint)
        return None
    return _note(reader, item, kind, entry)


def _report_repeated_id(reader: _SidecarReader, item: MappingNode) -> bool:
    node = item.get("id")
    if not isinstance(node, ScalarNode):
        return False
    first = reader.ids.setdefault(node.text, node.place)
    if first == node.place:
        return False
    hint = f"first given at {first}: rename one of the two"
    reader.report(node.place, "S104", f'id "{node.text}" given twice', hint)
    return True


def _note(reader: _SidecarReader, item: MappingNode, kind: NoteKind, entry: AnyNote) -> Note:
    claim = entry if isinstance(entry, ClaimNote) else None
    return Note(
        id=entry.id,
        kind=kind,
        quote=_quote(item, entry),
        body=_prose(reader, item.get("note")) if entry.note is not None else None,
        correct=entry.correct,
        verdict=_verdict(reader, item, claim),
        statement=claim.statement if claim else None,
        claim=claim.claim if claim else None,
        speaker=_speaker(reader, item, claim),
        citations=tuple(_citations(reader, item, entry)),
        see=tuple(_see(reader, item, entry)),
        topics=_topics(reader, entry.topics, item),
        techniques=entry.techniques,
        reviewed=entry.reviewed,
        by=entry.by,
        place=item.place,
        retired=entry.retired,
        history=tuple(_history(reader, item, entry, claim)),
    )


def _quote(item: MappingNode, entry: AnyNote) -> Quote | None:
    node = item.get("quote")
    if not entry.quote or node is None:
        return None
    return Quote(entry.quote, entry.prefix, entry.suffix, entry.occurrence, node.place)


def _prose(reader: _SidecarReader, node: Node | None, render: _Render = render_prose) -> Prose | None:
    if not isinstance(node, ScalarNode):
        return None
    rendered, of_prose = render(node.text, node.at)
    reader.diagnostics += of_prose
    return rendered


def _verdict(reader: _SidecarReader, item: MappingNode, claim: ClaimNote | None) -> str | None:
    if claim is None or claim.verdict is None or claim.verdict in reader.project.verdicts:
        return claim.verdict if claim else None
    hint, place = _verdict_hint(reader, claim.verdict), item.values["verdict"].place
    same = [key for key, verdict in reader.project.verdicts.items() if _is_called(verdict, claim.verdict)]
    fix = Fix(place, same[0]) if len(same) == 1 else None
    reader.report(place, "S105", f'unknown verdict "{claim.verdict}"', hint, fix)
    return None


def _is_called(verdict: Verdict, written: str) -> bool:
    return written.casefold() in {verdict.id.casefold(), verdict.label.casefold()}


def _verdict_hint(reader: _SidecarReader, written: str) -> str:
    """Return the verdict that is meant, by its key or the label that readers see, and the scale."""
    scale = reader.project.verdicts
    names = {verdict.label.casefold(): key for key, verdict in scale.items()} | {key: key for key in scale}
    near = reader.suggestions.nearest(written.casefold(), lambda: names, among="verdicts")
    listed = f"the scale has: {', '.join(scale)}"
    return f'did you mean "{names[near]}"? {listed}' if near else listed


def _history(
    reader: _SidecarReader, item: MappingNode, entry: AnyNote, claim: ClaimNote | None
) -> Iterator[VerdictChange]:
    """Yield the changes that an editor records; their verdicts must be on the scale, as today's must."""
    known = reader.project.verdicts
    for number, change in enumerate(entry.history):
        unknown = [
            verdict
            for verdict in (change.before, change.after)
            if claim and verdict is not None and verdict not in known
        ]
        for verdict in unknown:
            hint = _verdict_hint(reader, verdict)
            reader.report(_item_place(item, "history", number), "S105", f'unknown verdict "{verdict}"', hint)
        if not unknown:
            yield VerdictChange(change.date, change.before, change.after, change.reason)


def _speaker(reader: _SidecarReader, item: MappingNode, claim: ClaimNote | None) -> str | None:
    """Return a key of ``people`` or a plain name. What looks like a key must be one."""
    if claim is None or claim.speaker is None:
        return None
    people = reader.project.people
    if claim.speaker not in people and _KEY_LIKE.fullmatch(claim.speaker):
        hint = reader.did_you_mean(claim.speaker, people, "people")
        hint = hint or f"add to corpus.yml:\npeople:\n  {claim.speaker}: {{name: …}}\nor write a plain name: A. Name"
        reader.report(item.values["speaker"].place, "S107", f'unknown person "{claim.speaker}"', hint)
    elif claim.speaker not in people and (known := _known_person(claim.speaker, people.values())):
        message = f'"{claim.speaker}" is counted as another person than "{known}" in corpus.yml'
        place = item.values["speaker"].place
        hint = f'did you mean "{known}"? write: speaker: {known}'
        reader.report(place, "S113", message, hint, Fix(place, known))
    return claim.speaker


def _known_person(written: str, people: Iterable[Person]) -> str:
    """Return the key of the person whose key or name this is, written with other capitals or signs; "" if none is."""
    letter = written[:1].lower()  # compared first: a corpus may have many people, and many claims
    near = (person for person in people if letter in {person.id[:1], person.name[:1].lower()})
    return next((person.id for person in near if slugify(written) in {slugify(person.id), slugify(person.name)}), "")


def _topics(reader: _SidecarReader, topics: tuple[str, ...], item: MappingNode) -> tuple[str, ...]:
    known = reader.project.topics
    for number, topic in enumerate(topics):
        if topic not in known:
            hint = reader.did_you_mean(topic, known, "topics")
            hint = hint or f"add to corpus.yml:\ntopics:\n  {topic}: {{label: …}}"
            reader.report(_item_place(item, "topics", number), "S106", f'unknown topic "{topic}"', hint)
    return tuple(dict.fromkeys(topic for topic in topics if topic in known))


def _citations(reader: _SidecarReader, item: MappingNode, entry: AnyNote) -> Iterator[Citation]:
    for number, cited in enumerate(entry.sources):
        place = _item_place(item, "sources", number)
        if isinstance(cited, WrittenSource):
            yield Citation(_written_source_key(reader, cited, place), cited.at, cited.supports, place)
            continue
        key = cited.ref if isinstance(cited, SourceRef) else cited
        if key not in reader.project.sources:
            hint = (
                _fix_hint(key)
                if key in reader.project.faulty
                else reader.did_you_mean(key, reader.project.sources, "sources") or _add_hint(key)
            )
            if _cut_by_comma(item, number):
                hint = (
                    "in [ ] a comma begins the next source; write the source out: sources: [{title: 'One, and more'}]"
                )
            reader.report(_ref_place(item, number), "S108", f'unknown source "{key}"', hint)
        elif isinstance(cited, SourceRef):
            yield Citation(key, cited.at, cited.supports, place)
        else:
            yield Citation(key, None, None, place)


def _cut_by_comma(item: MappingNode, number: int) -> bool:
    """Return whether a source within brackets is the rest of a title that has a comma."""
    node = item.values["sources"]
    cited = node.items[number] if isinstance(node, SequenceNode) else node
    return (
        isinstance(cited, ScalarNode)
        and not cited.style
        and " " in cited.value
        and cited.origin.text[: cited.start].rstrip()[-1:] == ","
    )


def _fix_hint(key: str) -> str:
    return f'"{key}" in sources.yml has an error of its own: fix that first'


def _add_hint(key: str) -> str:
    """Return what to write for a source that is not in the bibliography; an address is not a key."""
    if re.match(ADDRESS, key):
        return f"write the source out in its place: {written_out(key)}"
    if not re.fullmatch(ID, key):
        return f"name a key of sources.yml, or write the source out: sources: [{{title: {single_quoted(key)}}}]"
    return f"add to sources.yml:\n{key}:\n  title: …\n  url: https://…"


def _written_source_key(reader: _SidecarReader, entry: WrittenSource, place: Place) -> str:
    """Return the key of a source written out; the same source written out again keeps its key."""
    source = source_from_entry("", entry, place)
    # A dictionary, because comparing each with all before it takes 11 s for 2,400.
    content = replace(source, place=Place(""))
    published = reader.sources.setdefault(content, replace(source, key=f"{reader.slug}--{len(reader.sources) + 1}"))
    return published.key


def _see(reader: _SidecarReader, item: MappingNode, entry: AnyNote) -> Iterator[CrossLink]:
    """Yield the cross-links. A bare word may be a note here or a document; the link stage decides which."""
    for number, written in enumerate(entry.see):
        place = _item_place(item, "see", number)
        match = _SEE.fullmatch(written)
        if match is None:
            reader.report(
                place, "L304", f'"{written}" is not a cross-link', "write: note-id, document, or document#note-id"
            )
        elif re.fullmatch(ID, written):
            yield CrossLink(None, written, None, place, bare=True)
        else:
            yield CrossLink(match["document"], match["note"], None, place)


def _item_place(item: MappingNode, key: str, number: int) -> Place:
    node = item.values[key]
    return node.items[number].place if isinstance(node, SequenceNode) and number < len(node.items) else node.place


def _ref_place(item: MappingNode, number: int) -> Place:
    node = item.values["sources"]
    cited = node.items[number] if isinstance(node, SequenceNode) else node
    ref = cited.get("ref") if isinstance(cited, MappingNode) else None
    return ref.place if ref else cited.place
