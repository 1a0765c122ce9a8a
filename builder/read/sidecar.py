"""A sidecar's text -> its notes, its own sources, and what it says of its document.

One broken note doesn't hide the others: what a field can't take leaves the note out and is told; a reference to
something unknown (verdict, topic, source) is left out of its note alone, so that links to the note still hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from typing import Final

from builder.addresses import slugify
from builder.diagnostics import Diagnostic, Place, has_errors
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
    VerdictChange,
)
from builder.read.corpus_files import read_fields, source_from_entry
from builder.read.field_values import ID
from builder.read.invisible_characters import find_invisible
from builder.read.markdown import render_prose
from builder.read.schema import (
    AnyNote,
    ClaimNote,
    ContextNote,
    CorrectionNote,
    SidecarHead,
    SourceRef,
    WrittenSource,
)
from builder.read.validation import did_you_mean, salvage, validate
from builder.read.yaml import MappingNode, Node, ScalarNode, SequenceNode
from builder.read.yaml_repair.lines import single_quoted

_MODELS: Final[Map[NoteKind, type[AnyNote]]] = {
    NoteKind.CLAIM: ClaimNote,
    NoteKind.CONTEXT: ContextNote,
    NoteKind.CORRECTION: CorrectionNote,
}
_LIKE_A_KEY: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# What a slug may hold, as in [[document#note]].
_SEE: Final = re.compile(r"(?P<document>[^\s\[\]#|<>\"'`\\?%&A-Z]+)?(#(?P<note>[a-z0-9-]+))?")


@dataclass(frozen=True, slots=True)
class ParsedSidecar:
    """What a sidecar and its document's front matter say. ``places``: field of the head -> where it is given."""

    head: SidecarHead
    summary: Prose | None
    topics: tuple[str, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    places: Map[str, Place]


def read_sidecar(
    text: str | None, *, file: str, slug: str, project: Project, limits: Limits, front: MappingNode | None = None
) -> tuple[ParsedSidecar, tuple[Diagnostic, ...]]:
    """Read a sidecar; None is a document without one. ``front`` gives defaults for fields of the head.

    ``slug`` is the document's, unless the sidecar gives it another; keys of written-out sources begin with it.
    """
    tree, faults = read_fields(text, file, limits)
    head_tree = _head(tree, front)
    head, wrongs = salvage(SidecarHead, head_tree)
    head = head or SidecarHead()
    job = _Job(project, slug=(head.slug or slug).replace("/", "--"))
    job.found += [*wrongs, *find_invisible(tree)]
    notes = tuple(_notes(job, tree, limits))
    summary_node = head_tree.get("summary")
    summary = _prose(job, summary_node) if head.summary is not None else None
    topics = _topics(job, head.topics, head_tree)
    told = {each.place for each in faults if has_errors((each,))}
    found = {each for each in job.found if each.place not in told}
    places = {key: node.place for key, node in head_tree.values.items()}
    sidecar = ParsedSidecar(head, summary, topics, notes, tuple(job.sources), places)
    return sidecar, tuple(sorted({*faults, *found}))


@dataclass(slots=True)
class _Job:
    """One sidecar on its way: what it may refer to, and what came out so far."""

    project: Project
    slug: str
    found: list[Diagnostic] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    ids: dict[str, Place] = field(default_factory=dict)

    def tell(self, place: Place, code: str, message: str, hint: str) -> None:
        if code not in self.project.unsure:
            self.found.append(Diagnostic(place, code, message, hint))


def _head(tree: MappingNode, front: MappingNode | None) -> MappingNode:
    """The fields of the document; a field of the sidecar hides the front matter's."""
    keys = {key: each for key, each in tree.keys.items() if key not in NOTE_LISTS}
    if front is None:
        return MappingNode(keys, {key: tree.values[key] for key in keys}, tree.place)
    defaults = {key: each for key, each in front.keys.items() if key in SidecarHead.model_fields and key not in keys}
    values = {key: front.values[key] for key in defaults} | {key: tree.values[key] for key in keys}
    return MappingNode(defaults | keys, values, tree.place)


def _notes(job: _Job, tree: MappingNode, limits: Limits) -> Iterator[Note]:
    count = 0
    for key, kind in NOTE_LISTS.items():
        listed = tree.get(key)
        if listed is None or (isinstance(listed, ScalarNode) and not listed.value):
            continue
        if not isinstance(listed, SequenceNode):
            hint = f"begin each note with a dash:\n{key}:\n  - id: first-point"
            job.tell(listed.place, "S102", f"{key}: a list of notes belongs here", hint)
            continue
        for item in listed.items:
            count += 1
            if count > limits.notes:
                hint = "split the document, or raise the limit in the settings of the plug-in"
                job.tell(item.place, "Y108", f"more than {limits.notes} notes", hint)
                return
            note = _checked(job, item, kind, _MODELS[kind])
            if note is not None:
                yield note


def _checked(job: _Job, item: Node, kind: NoteKind, model: type[AnyNote]) -> Note | None:
    """The note, or None where a field is wrong; its id counts as given either way."""
    if not isinstance(item, MappingNode):
        job.tell(item.place, "S102", f"a {kind} is a list of fields", "begin it with: - id: first-point")
        return None
    entry, faults = validate(model, item)
    job.found += faults
    twice = _id_twice(job, item)
    if entry is None or twice:
        return None
    lone = next((key for key in ("prefix", "suffix", "occurrence") if key in item.keys and not entry.quote), None)
    if lone:
        hint = "add a line: quote: …, or delete this one"
        job.tell(item.keys[lone].place, "S103", f'"{lone}" says nothing without a quote', hint)
        return None
    return _note(job, item, kind, entry)


def _id_twice(job: _Job, item: MappingNode) -> bool:
    node = item.get("id")
    if not isinstance(node, ScalarNode):
        return False
    first = job.ids.setdefault(node.text, node.place)
    if first == node.place:
        return False
    hint = f"first given at {first}: rename one of the two"
    job.tell(node.place, "S104", f'the id "{node.text}" is given twice', hint)
    return True


def _note(job: _Job, item: MappingNode, kind: NoteKind, entry: AnyNote) -> Note:
    claim = entry if isinstance(entry, ClaimNote) else None
    return Note(
        id=entry.id,
        kind=kind,
        quote=_quote(item, entry),
        body=_prose(job, item.get("note")) if entry.note is not None else None,
        correct=entry.correct,
        verdict=_verdict(job, item, claim),
        statement=claim.statement if claim else None,
        claim=claim.claim if claim else None,
        speaker=_speaker(job, item, claim),
        citations=tuple(_citations(job, item, entry)),
        see=tuple(_see(job, item, entry)),
        topics=_topics(job, entry.topics, item),
        techniques=entry.techniques,
        reviewed=entry.reviewed,
        by=entry.by,
        place=item.place,
        retired=entry.retired,
        history=tuple(_history(job, item, entry, claim)),
    )


def _quote(item: MappingNode, entry: AnyNote) -> Quote | None:
    node = item.get("quote")
    if not entry.quote or node is None:
        return None
    return Quote(entry.quote, entry.prefix, entry.suffix, entry.occurrence, node.place)


def _prose(job: _Job, node: Node | None) -> Prose | None:
    if not isinstance(node, ScalarNode):
        return None
    made, faults = render_prose(node.text, node.at)
    job.found += faults
    return made


def _verdict(job: _Job, item: MappingNode, claim: ClaimNote | None) -> str | None:
    if claim is None or claim.verdict is None or claim.verdict in job.project.verdicts:
        return claim.verdict if claim else None
    known = job.project.verdicts
    hint = did_you_mean(claim.verdict, known) or f"the scale has: {', '.join(known)}"
    job.tell(item.values["verdict"].place, "S105", f'unknown verdict "{claim.verdict}"', hint)
    return None


def _history(job: _Job, item: MappingNode, entry: AnyNote, claim: ClaimNote | None) -> Iterator[VerdictChange]:
    """What an editor says of earlier verdicts; each must be of the scale, for that of today would be."""
    known = job.project.verdicts
    for number, turn in enumerate(entry.history):
        strange = [each for each in (turn.before, turn.after) if claim and each is not None and each not in known]
        for each in strange:
            hint = did_you_mean(each, known) or f"the scale has: {', '.join(known)}"
            job.tell(_item_place(item, "history", number), "S105", f'unknown verdict "{each}"', hint)
        if not strange:
            yield VerdictChange(turn.date, turn.before, turn.after, turn.reason)


def _speaker(job: _Job, item: MappingNode, claim: ClaimNote | None) -> str | None:
    """A key of ``people`` or a plain name. What looks like a key must be one."""
    if claim is None or claim.speaker is None:
        return None
    people = job.project.people
    if claim.speaker not in people and _LIKE_A_KEY.fullmatch(claim.speaker):
        hint = did_you_mean(claim.speaker, people)
        hint = hint or f"add to corpus.yml:\npeople:\n  {claim.speaker}: {{name: …}}\nor write a plain name: A. Name"
        job.tell(item.values["speaker"].place, "S107", f'unknown person "{claim.speaker}"', hint)
    elif claim.speaker not in people and (known := _known_person(claim.speaker, people.values())):
        message = f'"{claim.speaker}" counts as somebody else than "{known}" in corpus.yml'
        job.tell(item.values["speaker"].place, "S113", message, f'did you mean "{known}"? write: speaker: {known}')
    return claim.speaker


def _known_person(written: str, people: Iterable[Person]) -> str:
    """The key of a person whose key or name is written here with other capitals and signs, or in full; or ""."""
    letter = written[:1].lower()  # looked at first: a corpus may have many people, and many claims
    near = (each for each in people if letter in {each.id[:1], each.name[:1].lower()})
    return next((each.id for each in near if slugify(written) in {slugify(each.id), slugify(each.name)}), "")


def _topics(job: _Job, topics: tuple[str, ...], item: MappingNode) -> tuple[str, ...]:
    known = job.project.topics
    for number, topic in enumerate(topics):
        if topic not in known:
            hint = did_you_mean(topic, known) or f"add to corpus.yml:\ntopics:\n  {topic}: {{label: …}}"
            job.tell(_item_place(item, "topics", number), "S106", f'unknown topic "{topic}"', hint)
    return tuple(dict.fromkeys(topic for topic in topics if topic in known))


def _citations(job: _Job, item: MappingNode, entry: AnyNote) -> Iterator[Citation]:
    for number, cited in enumerate(entry.sources):
        place = _item_place(item, "sources", number)
        if isinstance(cited, WrittenSource):
            yield Citation(_written(job, cited, place), cited.at, cited.supports, place)
            continue
        key = cited.ref if isinstance(cited, SourceRef) else cited
        if key not in job.project.sources:
            hint = (
                _to_mend(key) if key in job.project.faulty else did_you_mean(key, job.project.sources) or _to_add(key)
            )
            if _cut_by_comma(item, number):
                hint = "in [ ] a comma begins the next source; write it out: sources: [{title: 'One, and more'}]"
            job.tell(_ref_place(item, number), "S108", f'unknown source "{key}"', hint)
        elif isinstance(cited, SourceRef):
            yield Citation(key, cited.at, cited.supports, place)
        else:
            yield Citation(key, None, None, place)


def _cut_by_comma(item: MappingNode, number: int) -> bool:
    """Whether a source within brackets is words, as what follows a comma in a title is."""
    node = item.values["sources"]
    cited = node.items[number] if isinstance(node, SequenceNode) else node
    return (
        isinstance(cited, ScalarNode)
        and not cited.style
        and " " in cited.value
        and cited.origin.text[: cited.start].rstrip()[-1:] == ","
    )


def _to_mend(key: str) -> str:
    return f'"{key}" stands in sources.yml, with a fault of its own: mend that first'


def _to_add(key: str) -> str:
    """What to write for a source that the bibliography doesn't have; an address is no key."""
    if ":" in key:
        return f"write the source out: sources: [{{title: …, url: {key}}}]"
    if not re.fullmatch(ID, key):
        return f"name a key of sources.yml, or write the source out: sources: [{{title: {single_quoted(key)}}}]"
    return f"add to sources.yml:\n{key}:\n  title: …\n  url: https://…"


def _written(job: _Job, entry: WrittenSource, place: Place) -> str:
    """The key of a source written out; the same source written out again keeps the key it has."""
    source = source_from_entry("", entry, place)
    for known in job.sources:
        if replace(known, key="", place=place) == source:
            return known.key
    key = f"{job.slug}--{len(job.sources) + 1}"
    job.sources.append(replace(source, key=key))
    return key


def _see(job: _Job, item: MappingNode, entry: AnyNote) -> Iterator[CrossLink]:
    """A bare word may be a note here or a document: it is handed on as a note, and the link stage decides."""
    for number, written in enumerate(entry.see):
        place = _item_place(item, "see", number)
        match = _SEE.fullmatch(written)
        if match is None:
            job.tell(place, "L304", f'"{written}" is no cross-link', "write: note-id, document, or document#note-id")
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
