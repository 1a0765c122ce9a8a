"""Marks and references, put into a document's text.

Here: which words get which mark, and where a number stands. Not here: what a note says (``note_view``).
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.addresses import DOCUMENTS, relative_url
from builder.model import Body, PieceRole, Placement
from builder.translation import ENGLISH, Translation

FILES = f"{DOCUMENTS}_files/"  # where the pictures of documents are published, by their path below seeds/
LANES = 3  # lines that can be told apart under one line of text; what is nested deeper shares the last
_PRE = re.compile(r"<pre[^>]*>")
_PICTURE = 'src="postil:'


@dataclass(frozen=True, slots=True)
class _Passage:
    """One passage of a note: half-open in code points. ``lane`` 0 is the line nearest to the letters."""

    start: int
    end: int
    number: int
    id: str
    tone: str
    lane: int


def weave(
    body: Body,
    placements: Sequence[Placement],
    tones: Mapping[str, str],
    *,
    address: str,
    translation: Translation = ENGLISH,
) -> str:
    """Return the HTML of the text with every placed note marked, each with exactly one reference.

    ``tones`` maps a note's id to its tone (``bad``, ``context``); ``address`` is the page's, for links to pictures;
    ``translation`` says what a reference is, for those who hear it.
    Without its references the result's ``textContent`` is ``body.text``, to the letter. The order of ``placements``
    does not matter. One sweep over the sorted ends of the passages: the cost is that of the output.
    """
    passages = _passages(placements, tones)
    references = _references(body, placements)
    cuts = sorted({at for passage in passages for at in (passage.start, passage.end)} | set(references))
    out: list[str] = []
    open_links, late, seen = 0, list[Placement](), set[str]()
    active: list[_Passage] = []
    entered = 0
    for role, value, start in _cut(body, cuts):
        if role is PieceRole.TAG:
            out.append(_tag(value, address))
            open_links += _opens_link(value)
            if late and open_links <= 0:
                out.extend(_refs(late, tones, seen, translation))
                late = []
            continue
        if active or (entered < len(passages) and passages[entered].start <= start):
            active = [passage for passage in active if passage.end > start]
            while entered < len(passages) and passages[entered].start <= start:
                active.append(passages[entered])
                entered += 1
            active.sort(key=lambda passage: (-passage.start, passage.end, passage.number))
        out.append(_text(value, active if role is PieceRole.TEXT else [], seen, out[-1] if out else ""))
        if role is PieceRole.TEXT and (here := references.pop(start + len(value), None)):
            late += here
            if open_links <= 0:
                out.extend(_refs(late, tones, seen, translation))
                late = []
    late += [placement for at in sorted(references) for placement in references[at]]
    out.extend(_refs(late, tones, seen, translation))
    return "".join(out)


def _passages(placements: Sequence[Placement], tones: Mapping[str, str]) -> list[_Passage]:
    """Return all passages in the order in which they start, each in a lane that no overlapping one has.

    Going by ends, inner ones first, a passage's lane is one more than the highest that it overlaps, so that a line
    keeps its height along its whole length and an inner line runs above the outer's. ``ends`` rise while ``lanes``
    fall: the first end beyond a start belongs to the highest lane met there.
    """
    spans = [
        (span.end, -span.start, placement.number, placement) for placement in placements for span in placement.spans
    ]
    spans.sort(key=lambda span: span[:3])
    passages, ends, lanes = list[_Passage](), list[int](), list[int]()
    for end, start, number, placement in spans:
        met = bisect_right(ends, -start)
        lane = lanes[met] + 1 if met < len(ends) else 0
        while lanes and lanes[-1] <= lane:
            ends.pop()
            lanes.pop()
        ends.append(end)
        lanes.append(lane)
        note = placement.note.id
        passages.append(_Passage(-start, end, number, note, tones[note], min(lane, LANES - 1)))
    passages.sort(key=lambda passage: (passage.start, -passage.end, -passage.number))
    return passages


def _references(body: Body, placements: Sequence[Placement]) -> dict[int, list[Placement]]:
    """Return the offset of every reference: the end of the last text that the note covers, never in a gap."""
    starts, ends = list[int](), list[int]()
    at = 0
    for piece in body.pieces:
        if piece.role is not PieceRole.TAG and piece.value:
            if piece.role is PieceRole.TEXT:
                starts.append(at)
                ends.append(at + len(piece.value))
            at += len(piece.value)
    references: dict[int, list[Placement]] = {}
    for placement in sorted(placements, key=lambda placement: placement.number):
        last = max(span.end for span in placement.spans)
        before = bisect_left(starts, last) - 1
        references.setdefault(min(last, ends[before]) if before >= 0 else -1, []).append(placement)
    return references


def _cut(body: Body, cuts: Sequence[int]) -> Iterator[tuple[PieceRole, str, int]]:
    """Yield (role, value, offset of its start) of the body's pieces, texts and gaps cut at every offset of ``cuts``."""
    at, next_cut = 0, 0
    for piece in body.pieces:
        if piece.role is PieceRole.TAG:
            yield piece.role, piece.value, at
            continue
        end, first = at + len(piece.value), at
        while next_cut < len(cuts) and cuts[next_cut] < end:
            if cuts[next_cut] > at:
                yield piece.role, piece.value[at - first : cuts[next_cut] - first], at
                at = cuts[next_cut]
            next_cut += 1
        if at < end:
            yield piece.role, piece.value[at - first :], at
            at = end


def _text(value: str, active: Sequence[_Passage], seen: set[str], before: str) -> str:
    """Return one stretch of text in a mark for the notes it is under, the innermost first."""
    escaped = _escape(value)
    if not active:
        # A parser drops the line feed right after <pre>, so a text that begins with one needs another, unless the
        # tag has brought it along.
        return "\n" + escaped if escaped[0] == "\n" and _PRE.fullmatch(before) else escaped
    ids = list(dict.fromkeys(passage.id for passage in active))
    new = [f"quote-{_attribute(note)}" for note in ids if note not in seen]
    seen.update(ids)
    lines = dict[int, str]()
    for passage in active:
        lines.setdefault(passage.lane, passage.tone)
    tones = "".join(f" postil-line{lane}-{_attribute(lines[lane])}" for lane in sorted(lines))
    first = f' id="{new[0]}"' if new else ""
    others = "".join(f'<span id="{anchor}"></span>' for anchor in new[1:])
    notes = _attribute(" ".join(ids))
    kind = f"postil-mark postil-tone-{_attribute(active[0].tone)}{tones}"
    return f'<mark{first} data-postil-notes="{notes}" class="{kind}">{others}{escaped}</mark>'


def _refs(
    placements: Sequence[Placement], tones: Mapping[str, str], seen: set[str], translation: Translation
) -> Iterator[str]:
    """Yield the references of one spot, in order of number. A note that no mark could name gets its anchor here.

    A number stands in brackets that the style sheet hides: whatever takes the text without the style (reader views,
    citation managers, archives) would glue it to the word before, and make another number of ``2035``.
    """
    for placement in sorted(placements, key=lambda placement: placement.number):
        note, number = _attribute(placement.note.id), placement.number
        if placement.note.id not in seen:
            seen.add(placement.note.id)
            yield f'<span id="quote-{note}"></span>'
        kind = f"postil-ref postil-tone-{_attribute(tones[placement.note.id])}"
        name = _attribute(translation.gettext("note %(number)s", number=str(number)))
        link = f'<a href="#note-{note}" aria-label="{name}">{number}</a>'
        yield f'<sup data-postil="ref" class="{kind}"><span>[</span>{link}<span>]</span></sup>'


def _tag(value: str, address: str) -> str:
    """Return a tag as it stands, the address of a picture beside the document made one that the page can follow."""
    at = value.find(_PICTURE)
    if at < 0 or not value.startswith("<img"):
        return value
    start = at + len(_PICTURE)
    end = value.index('"', start)
    path = html.unescape(value[start:end])  # percent-encoded already
    return f'{value[:at]}src="{_attribute(relative_url(address, FILES + path))}"{value[end + 1 :]}'


def _opens_link(tag: str) -> int:
    """Return 1 for the start of a link or a formula, -1 for its end, 0 for any other tag.

    A reference is a link, and neither of the two may hold one.
    """
    if tag.startswith(("<a ", "<a>", "<a\n", "<math ", "<math>")):
        return 1
    return -1 if tag in ("</a>", "</math>") else 0


def _escape(text: str) -> str:
    """Write characters so that a parser reads back the same ones; a bare carriage return it would change."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _attribute(value: str) -> str:
    return html.escape(value, quote=True)
