"""Markdown by markdown-it-py, without raw HTML: source documents, and the prose of notes and summaries.

Tokens become pieces directly: without raw HTML the tokens nest as tags do and every tag is written here, so there is
nothing to sanitise. Passing rendered HTML through nh3 and BeautifulSoup would take half as much time again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from builder.diagnostics import Diagnostic, Place
from builder.model import CrossLink, Limits, PieceRole, Prose, Span
from builder.read.build_body import build_body
from builder.read.characters import normalise_line_ends, replace_unpublishable
from builder.read.direction import with_directions
from builder.read.links import NOTE_REL, SOURCE_REL, unpublished_image, unpublished_image_diagnostic
from builder.read.markdown_source_map import index_lines
from builder.read.markdown_syntax import NESTING, base_parser, document_parser
from builder.read.markdown_tokens import CROSSREF, CrossLinkSlot, TokenOptions, pieces_from_tokens
from builder.read.markdown_unread import raw_html, tags_as_text, unread_markup
from builder.read.parsed_source import ParsedSource
from builder.read.pieces import SourcePiece

_CROSSREF = re.compile(r"\[\[([^\[\]]*)\]\](?!\()")
_DOCUMENT = r"[^\s\[\]#|<>\"'`\\?%&A-Z]+"
_SIMPLER = "remove some nesting or brackets, or split the paragraph or table"
_CROSSREF_HINT = (
    "write [[document]], [[document#note]] or [[#note]], or one of these with link text: [[document|words]]; "
    "names are in lower case, without spaces; to show two brackets, write \\[["
)
_Parse = Callable[[str, dict[str, tuple[int, str]]], list[Token]]
_TARGET = re.compile(rf"(?:({_DOCUMENT})(?:#([a-z0-9-]+))?|#([a-z0-9-]+))(?:\|([^|]*))?")


def read_markdown(
    source: str, *, path: str, folder: str, limits: Limits, first_line: int = 1
) -> tuple[ParsedSource | None, tuple[Diagnostic, ...]]:
    """Read a Markdown document without its front matter.

    What is read is said in ``markdown_syntax``; raw HTML is text, and reported in an H107, other markup in an H108. The
    text is that of the tree which the CommonMark reference makes, without white space at both ends. Pictures, H101 and
    H103 as for HTML.

    ``source``: the document.
    ``path``: the file's name, for diagnostics.
    ``folder``: its folder relative to ``seeds/``, for pictures.
    ``limits``: how deep it may nest.
    ``first_line``: the line of the file on which ``source`` begins.
    """
    clean, diagnostics = replace_unpublishable(source, path, first_line)
    tokens, problem = _parse(clean, document_parser().parse, limits)
    if problem:
        return None, (*diagnostics, Diagnostic(Place(path, problem[0] + first_line, 1), "H101", problem[1], _SIMPLER))
    parts = pieces_from_tokens(tokens, index_lines(clean), first_line, TokenOptions(SOURCE_REL, folder))
    body = build_body(part for part in parts if isinstance(part, SourcePiece))
    body = replace(body, pieces=with_directions(body.pieces))
    return ParsedSource(body, None, (), None, None), (
        *diagnostics,
        *_report_raw_html(tokens, path, first_line),
        *_report_unread_markup(tokens, path, first_line),
        *_report_unpublished_images(tokens, path, first_line),
    )


def render_prose(source: str, place: Callable[[int, int], Place]) -> tuple[Prose, tuple[Diagnostic, ...]]:
    """Turn the Markdown of a note or summary into safe HTML with open cross-links.

    ``place`` returns the place in the file of a line and column of ``source`` (both from 0). Pictures become their
    alternative text, headings strong lines, links other than http, https, mailto and ``#…`` their words. In ``text`` a
    cross-link is its words, or its target if it has none. L304 for a malformed cross-link, which stays as written;
    H101 if it is nested too deeply (the prose is empty then); H103 for what HTML cannot carry.
    """
    return _prose(source, place, _prose_parser().parse)


def render_line(source: str, place: Callable[[int, int], Place]) -> tuple[Prose, tuple[Diagnostic, ...]]:
    """Turn one line of Markdown into safe HTML without blocks, as ``render_prose`` does; line breaks become spaces."""
    prose, diagnostics = _prose(source, place, _parse_line)
    html = (part if isinstance(part, CrossLink) else part.replace("\n", " ") for part in prose.html)
    return replace(prose, html=tuple(html), text=prose.text.replace("\n", " ")), diagnostics


def _prose(source: str, place: Callable[[int, int], Place], parse: _Parse) -> tuple[Prose, tuple[Diagnostic, ...]]:
    clean, _ = replace_unpublishable(source, "")
    lines = index_lines(clean)
    diagnostics: list[Diagnostic] = []
    if clean != source:
        at = next(index for index, (a, b) in enumerate(zip(source, clean, strict=True)) if a != b)
        diagnostics.append(Diagnostic(place(*lines.position(at)), "H103", "a web page cannot carry this character"))
    tokens, problem = _parse(clean, parse, Limits())
    if problem:
        return Prose((), ""), (*diagnostics, Diagnostic(place(problem[0], 0), "H101", problem[1], _SIMPLER))
    html: list[str | CrossLink] = []
    text: list[str] = []
    links: list[tuple[int, CrossLink]] = []
    for part in pieces_from_tokens(tokens, lines, 0, TokenOptions(NOTE_REL, None)):
        if isinstance(part, CrossLinkSlot):
            link = _cross_link(part.inside, place(*lines.position(part.offset)))
            if isinstance(link, CrossLink):
                links.append((len(text), link))
            html.append(link if isinstance(link, CrossLink) else escape(f"[[{part.inside}]]"))
            text.append(_link_text(link) if isinstance(link, CrossLink) else f"[[{part.inside}]]")
            diagnostics.extend([link] if isinstance(link, Diagnostic) else [])
        elif part.role is PieceRole.TAG:
            html.append(part.value)
        else:
            html.append(escape(normalise_line_ends(part.value), quote=False))
            text.append(normalise_line_ends(part.value))
    return Prose(tuple(_join_strings(html)), "".join(text).strip(), tuple(_link_spans(text, links))), tuple(diagnostics)


def _parse_line(source: str, env: dict[str, tuple[int, str]]) -> list[Token]:
    tokens = _prose_parser().parseInline(source, env)
    for token in tokens:
        token.map = [0, source.count("\n") + 1]  # markdown-it says: the first line
        for child in token.children or ():
            child.type = "softbreak" if child.type == "hardbreak" else child.type
    return tokens


@cache
def _prose_parser() -> MarkdownIt:
    parser = base_parser()
    parser.inline.ruler.before("link", CROSSREF, _crossref_rule)
    return parser


def _parse(source: str, parse: _Parse, limits: Limits) -> tuple[list[Token], tuple[int, str] | None]:
    """Return the tokens, or the line (from 0) and the reason why they cannot be used."""
    env: dict[str, tuple[int, str]] = {}
    tokens = parse(source, env)
    if "refused" in env:
        return [], env["refused"]
    most = min(limits.depth, NESTING - 1)
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        if max(token.level, *(child.level + token.level for child in token.children or ()), 0) >= most:
            return [], (line, f"quotes, lists or emphasis are nested more than {most} deep")
    return tokens, None


def _crossref_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    match = _CROSSREF.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push(CROSSREF, "", 0)
        token.content = match[1]
    state.pos = match.end()
    return True


def _cross_link(inside: str, place: Place) -> CrossLink | Diagnostic:
    match = _TARGET.fullmatch(inside)
    words = " ".join(match[4].split()) if match and match[4] is not None else None
    if match and words != "":
        return CrossLink(match[1], match[2] or match[3], words, place)
    return Diagnostic(place, "L304", f"malformed cross-link: [[{inside}]]", _CROSSREF_HINT)


def _report_raw_html(tokens: list[Token], path: str, first_line: int) -> Iterable[Diagnostic]:
    """Return one H107 for all tags of HTML, at the first block with one."""
    line, names = raw_html(tokens)
    if names:
        hint = "write it in Markdown, or save the document as HTML; in code, tags are meant to be seen"
        message = tags_as_text(tuple(f"<{name}>" for name in names))
        yield Diagnostic(Place(path, line + first_line, 1), "H107", message, hint)


def _report_unread_markup(tokens: list[Token], path: str, first_line: int) -> Iterable[Diagnostic]:
    """Return one H108 for all markup that is not read, at the first block with some."""
    line, kinds = unread_markup(tokens)
    if kinds:
        shown = ", ".join(f"{name} ({count})" for name, count in kinds.items())
        hint = "nothing to do if it is meant to be seen; the guide lists which Markdown is read"
        yield Diagnostic(
            Place(path, line + first_line, 1), "H108", f"markup that is shown as it is written: {shown}", hint
        )


def _report_unpublished_images(tokens: Iterable[Token], path: str, first_line: int) -> Iterable[Diagnostic]:
    """Yield an F111 for each picture beside the document in another format, at the line where its paragraph begins."""
    for token in tokens:
        for child in token.children or ():
            src = unpublished_image(str(child.attrGet("src") or "")) if child.type == "image" else None
            if src:
                yield unpublished_image_diagnostic(Place(path, (token.map or [0])[0] + first_line, 1), src)


def _link_spans(text: Sequence[str], links: Iterable[tuple[int, CrossLink]]) -> Iterator[tuple[Span, CrossLink]]:
    """Return where the parts with these numbers are in the joined and stripped ``text``."""
    whole = "".join(text)
    starts = [0, *accumulate(map(len, text))]
    cut = len(whole) - len(whole.lstrip())
    return ((Span(starts[number] - cut, starts[number + 1] - cut), link) for number, link in links)


def _link_text(link: CrossLink) -> str:
    return link.words or "#".join(name for name in (link.document, link.note) if name)


def _join_strings(html: Iterable[str | CrossLink]) -> Iterable[str | CrossLink]:
    """Join neighbouring strings, and remove line feeds at their ends."""
    run: list[str] = []
    for part in html:
        if isinstance(part, CrossLink):
            yield from filter(None, ["".join(run)])
            yield part
            run = []
        else:
            run.append(part)
    yield from filter(None, ["".join(run).rstrip("\n")])
