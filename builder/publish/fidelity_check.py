"""Read a finished page with a parser that had no part in making it, and compare it with the document."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from builder.diagnostics import Diagnostic, Place
from builder.model import AnchoredDocument

_CONTEXT = 30  # code points shown around the first difference


def check_page(html: str, anchored: AnchoredDocument) -> tuple[Diagnostic, ...]:
    """Return P401 for each way in which a page does not show the document to the letter and every note of it."""
    tree = LexborHTMLParser(html)
    place = Place(anchored.document.path)
    texts = tree.css('[data-postil="text"]')
    if len(texts) != 1:
        return (Diagnostic(place, "P401", f"the page has {len(texts)} elements with the text, not 1", _HINT),)
    for reference in texts[0].css('[data-postil="ref"]'):
        reference.decompose()
    diagnostics = [*_compare_texts(place, anchored.document.text, _text(texts[0]))]
    shown = {element.attributes.get("id") for element in tree.css("[data-postil-kind]")}
    notes = [*anchored.general, *(placement.note for placement in anchored.placements)]
    diagnostics += [
        Diagnostic(note.place, "P401", f'note "{note.id}" is not on its page', _HINT)
        for note in notes
        if f"note-{note.id}" not in shown
    ]
    return tuple(diagnostics)


_HINT = "this is a fault of postil, not of the document: please report it with the document"


def _text(node: LexborNode) -> str:
    return node.text(deep=True, separator="", strip=False).strip()


def _compare_texts(place: Place, wanted: str, found: str) -> list[Diagnostic]:
    wanted = wanted.strip()
    if found == wanted:
        return []
    at = next((i for i, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b), min(len(wanted), len(found)))
    start = max(0, at - _CONTEXT)
    message = (
        f"the published text differs from the source at character {at}: "
        f"{wanted[start : at + _CONTEXT]!r} became {found[start : at + _CONTEXT]!r}"
    )
    return [Diagnostic(place, "P401", message, _HINT)]
