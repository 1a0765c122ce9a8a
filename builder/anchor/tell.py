"""The wording of what the stage has to tell: what is wrong, where in the text, and the line of YAML to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from builder.anchor.choose import Ambiguous, Beyond, Crowded, Disordered, Empty, Missing, context
from builder.anchor.fold import differences, fold, unfold
from builder.anchor.match import MOST, arrange, find
from builder.anchor.nearest import changes, nearest
from builder.anchor.pin import pin, scalar, shown
from builder.diagnostics import Diagnostic
from builder.model import Span
from builder.positions import locate

if TYPE_CHECKING:
    from builder.anchor.choose import Failure
    from builder.anchor.fold import Folded
    from builder.model import Document, Quote

_LISTED: Final = 10  # places in one message
_CHANGES: Final = 8  # differences in one message
_AROUND: Final = 24  # code points of the text shown on either side of a place


def normalised(document: Document, quote: Quote, spans: tuple[Span, ...]) -> Diagnostic:
    """Tell that a quote was found with differences folded away (Q205), which they are, and how to write it exactly."""
    found = tuple(document.text[each.start : each.end] for each in spans)
    names: dict[str, None] = {}
    for ours, theirs in zip(quote.parts, found, strict=True):
        names |= dict.fromkeys(differences(ours, theirs))
    if not names and (quote.prefix or quote.suffix):
        return _say(quote, "Q205", "prefix or suffix normalised", f"The words stand at {_at(document, spans[0])}.")
    hint = f"It differs in {', '.join(names)} from {_at(document, spans[0])}. To the letter:\n  {_line(found)}"
    return _say(quote, "Q205", f"quote normalised: {_quoted(quote.parts)}", hint)


def failed(document: Document, quote: Quote, failure: Failure, folded: Folded | None) -> Diagnostic:
    """Tell why a quote has no place. ``folded`` is the text to look for the nearest passage in; None: do not look."""
    words = _quoted(quote.parts)
    match failure:
        case Empty():
            hint = 'Write the words that the note is about, or leave out "quote" for a note on the whole document.'
            return _say(
                quote,
                "Q203",
                f"part {failure.part + 1} of the quote is empty" if len(quote.parts) > 1 else "empty quote",
                hint,
            )
        case Missing():
            return _missing(document, quote, failure, folded)
        case Ambiguous(ways):
            count = f"{len(ways):,} places" + (" or more" if len(ways) >= MOST else "")
            return _say(
                quote,
                "Q202",
                f"quote fits in {count}: {words}",
                _places(document, quote, ways, "Add one of these lines to the note:"),
            )
        case Crowded(part, places):
            hint = f"Quote more words in it. It stands at {_at(document, places[0])} first."
            return _say(
                quote, "Q202", f"part {part + 1} of the quote fits in {len(places):,} places or more: {words}", hint
            )
        case Disordered(places):
            return _say(quote, "Q204", f"passages out of order: {words}", _order(document, quote, places))
        case Beyond(ways):
            many = f"{len(ways)} places" if len(ways) != 1 else "1 place"
            return _say(
                quote,
                "Q207",
                f"no occurrence {quote.occurrence}, the quote fits in {many}: {words}",
                _places(document, quote, ways, "Write one of these lines instead:"),
            )


def _missing(document: Document, quote: Quote, missing: Missing, folded: Folded | None) -> Diagnostic:
    part = quote.parts[missing.part]
    which = f"part {missing.part + 1} of the quote" if len(quote.parts) > 1 else "quote"
    if missing.elsewhere:
        return _say(
            quote,
            "Q201",
            f"{which} not found with this prefix and suffix: {_quoted((part,))}",
            _elsewhere(document, quote, missing),
        )
    message = f"{which} not found: {_quoted((part,))}"
    if folded is None:
        return _say(
            quote,
            "Q201",
            message,
            "Too many quotes of this document are missing to look for the nearest passage of each.\n"
            "Mend those told before and check again.",
        )
    prefix, suffix = (fold(each).text for each in context(quote, missing.part))
    words = fold(part).text.strip()
    near = nearest(folded.text, words, prefix, suffix)
    bounds = unfold(folded, near.span.start, near.span.end) if near else None
    if near is None or bounds is None:
        return _say(quote, "Q201", message, f"Nothing like it stands in {document.path}. Copy the words from there.")
    span = Span(bounds[0], bounds[1])
    passage = document.text[span.start : span.end]
    lines = [f"nearest: {_at(document, span)} {_quoted((passage,))}"]
    lines += _differences(words, folded.text[near.span.start : near.span.end])
    lines += ["write:", *(f"  {each}" for each in _instead(document, quote, missing.part, span))]
    return _say(quote, "Q201", message, "\n".join(lines))


def _instead(document: Document, quote: Quote, part: int, span: Span) -> list[str]:
    """The lines that put the passage in the place of a part, and single it out where it is not the only one."""
    text = document.text
    passage = text[span.start : span.end]
    lines = [_line((*quote.parts[:part], passage, *quote.parts[part + 1 :]))]
    prefix, suffix = context(quote, part)
    if len(quote.parts) > 1 or find(text, passage, prefix, suffix) == (span,):
        return lines
    places = find(text, passage)
    if len(places) > 1:
        lines.append(pin(text, places, places.index(span)) if span in places else "")
    if prefix or suffix:
        lines.append(f"# and no other {' or '.join(filter(None, (prefix and 'prefix', suffix and 'suffix')))}")
    return [each for each in lines if each]


def _differences(ours: str, theirs: str) -> list[str]:
    changed = changes(ours, theirs)
    lines = [f"{_side('says', one)}, {_side('text has', two)}" for one, two in changed[:_CHANGES]]
    more = len(changed) - len(lines)
    return [*lines, f"and {more} more"] if more else lines


def _side(verb: str, words: str) -> str:
    return f'{verb} "{shown(words)}"' if words else f"{verb} nothing there"


def _elsewhere(document: Document, quote: Quote, missing: Missing) -> str:
    """Where the words stand without prefix and suffix, with the lines to write in the place of those."""
    places = missing.elsewhere
    if len(places) == 1:
        around = _snippet(document.text, places[0])
        return f"It stands only at {_at(document, places[0])}: leave out prefix and suffix, or mend them:\n  {around}"
    if len(quote.parts) > 1:
        return _places(document, quote, tuple((each,) for each in places), "Without them it stands here:")
    lines = [_listed(document, places, index) for index in range(min(len(places), _LISTED))]
    return "\n".join(["Write one of these lines in the place of prefix and suffix:", *lines, *_rest(len(places))])


def _places(document: Document, quote: Quote, ways: tuple[tuple[Span, ...], ...], heading: str) -> str:
    """The ways to place a quote, each with the line that chooses it."""
    if all(len(way) == 1 for way in ways) and len(quote.parts) == 1:
        spans = tuple(way[0] for way in ways)
        lines = [_listed(document, spans, index, quote) for index in range(min(len(spans), _LISTED))]
    else:
        lines = [
            f"  {', '.join(_at(document, span) for span in way)}  occurrence: {number}"
            for number, way in enumerate(ways[:_LISTED], start=1)
        ]
    return "\n".join([heading, *lines, *_rest(len(ways))])


def _listed(document: Document, spans: tuple[Span, ...], index: int, quote: Quote | None = None) -> str:
    given = (quote.prefix, quote.suffix) if quote else ("", "")
    line = pin(document.text, spans, index, *given)
    return f"  {_at(document, spans[index])} {_snippet(document.text, spans[index])}\n    {line}"


def _rest(count: int) -> list[str]:
    return [f"  and {count - _LISTED:,} more"] if count > _LISTED else []


def _order(document: Document, quote: Quote, places: tuple[tuple[Span, ...], ...]) -> str:
    """Where each part stands, and the parts in an order that fits, if putting them in order is all that it takes."""
    lines = ["Each part must stand after the one before. They stand here:"]
    for part, spans in zip(quote.parts, places, strict=True):
        where = ", ".join(_at(document, each) for each in spans[:_LISTED]) + " …" * (len(spans) > _LISTED)
        lines.append(f'  "{shown(part)}" {where}')
    pairs = sorted(zip(places, quote.parts, strict=True))
    if not (quote.prefix or quote.suffix) and next(arrange(tuple(each for each, _ in pairs)), None):
        lines.append(f"In reading order:\n  {_line(tuple(part for _, part in pairs))}")
    return "\n".join(lines)


def _say(quote: Quote, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(quote.place, code, message, hint)


def _line(parts: tuple[str, ...]) -> str:
    """The line of YAML that gives these parts as a quote."""
    written = [scalar(each) for each in parts]
    return f"quote: {written[0]}" if len(written) == 1 else f"quote: [{', '.join(written)}]"


def _quoted(parts: tuple[str, ...]) -> str:
    return " … ".join(f'"{shown(each)}"' for each in parts)


def _at(document: Document, span: Span) -> str:
    line, column = locate(document.body, span.start)
    return f"{document.path}:{line}:{column}"


def _snippet(text: str, span: Span) -> str:
    """The words at a place in brackets, with a little of what stands around them."""
    start, end = max(0, span.start - _AROUND), span.end + _AROUND
    # Between the brackets, so that white space at the joints is kept as one space.
    before, after = shown(text[start : span.start] + "⟦")[:-1], shown("⟧" + text[span.end : end])[1:]
    return f"{'…' * (start > 0)}{before}⟦{shown(text[span.start : span.end])}⟧{after}{'…' * (end < len(text))}"
