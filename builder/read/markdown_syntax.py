"""The parser for source documents in Markdown: CommonMark, and what else many systems write.

Tables, strikethrough, footnotes, task lists, definition lists and call-outs are read; comments are dropped. Raw HTML is
text, and reported.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

# markdown-it omits what is nested deeper, so reaching this is an error; a level takes Python three frames.
NESTING = 100
# Brackets are matched in quadratic time: 30,000 open ones in a paragraph take half a minute. A step takes 0.3 µs.
_BRACKET_STEPS = 20_000
_STEPS_PER_CHARACTER = 20
_SIGN = re.compile(r"[\n!#$%&*+\-:<=>@\[\]\\^_`{}~]")
# Rows are filled up to the header's columns: a table of 700 columns and 700 empty rows (4 KB) took 3 s and 160 MB.
# Beyond these, one missing cell for each four characters of the document is read.
_MISSING_CELLS = 4_000
_DELIMITERS = re.compile(r"[>\s]*[-:|][-:|\s]*")

_COMMENT = "<!--"
_COMMENT_END = "-->"
_CALLOUT = re.compile(r"\[!(\w[\w-]*)\][+-]?[ \t]*([^\n]*)\n?")


@cache
def document_parser() -> MarkdownIt:
    """Return the parser for source documents."""
    parser = base_parser()
    parser.options["tasklists"] = True
    # A footnote stays where it is written, so its words keep their order, and one that nothing refers to is not lost.
    footnote_plugin(parser, inline=False, move_to_end=False)
    deflist_plugin(parser)
    parser.block.ruler.before("fence", "comment", _block_comment, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.before("autolink", "comment", _inline_comment)
    parser.core.ruler.after("block", "callouts", _split_callouts)
    parser.core.ruler.push("footnote_numbers", _number_footnotes)
    return parser


def base_parser() -> MarkdownIt:
    """Return a parser of CommonMark with tables and strikethrough, without raw HTML."""
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": NESTING})
    # Without text_join every escape or character reference stays a token of its own, with its place.
    parser.enable(["table", "strikethrough"]).disable("text_join")
    parser.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.after("block", "brackets", _skip_crowded)
    return parser


def _skip_crowded(state: StateCore) -> None:
    """Keep a document whose brackets take too long from the inline rules; store the paragraph in ``env``.

    At each bracket markdown-it goes on to the one that closes it, or to the paragraph's end. So each sign that may
    begin markup costs a step for each bracket that is open there.
    """
    left = _BRACKET_STEPS + _STEPS_PER_CHARACTER * len(state.src)
    for token in state.tokens:
        if token.type != "inline" or token.content.count("[") <= _STEPS_PER_CHARACTER:
            continue
        depth = 0
        for match in _SIGN.finditer(token.content):
            depth = max(0, depth + {"[": 1, "]": -1}.get(match[0], 0))
            left -= depth
        if left < 0:
            state.env.setdefault("refused", ((token.map or [0])[0], "too many square brackets that are not closed"))
            break
    if "refused" in state.env:
        for token in state.tokens:
            token.content = ""


def _bounded_table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 - as called
    """Read a table, unless its rows lack so many cells that filling them up takes too long; store that in ``env``."""
    if silent or start_line + 2 > end_line or not _DELIMITERS.fullmatch(_line(state, start_line + 1)):
        return table(state, start_line, end_line, silent)
    if "refused" in state.env:
        return False
    columns = _line(state, start_line + 1).strip().strip("|").count("|") + 1
    rows = takewhile(str.strip, (_line(state, number) for number in range(start_line + 2, end_line)))
    missing = sum(max(0, columns - 1 - row.strip().strip("|").count("|")) for row in rows)
    known = state.env.get("missing_cells", 0)
    if known + missing > _MISSING_CELLS + len(state.src) // 4:
        message = f"a table with {columns:,} columns whose rows lack {missing:,} cells"
        state.env["refused"] = (start_line, message)
        return False
    found = table(state, start_line, end_line, silent)
    state.env["missing_cells"] = known + missing * found
    return found


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] : state.eMarks[number]]


def _block_comment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 - as called
    """Drop a comment that takes whole lines.

    What was looked for in vain is remembered in ``env``, so that no text is searched twice.
    """
    start = state.bMarks[start_line] + state.tShift[start_line]
    if state.is_code_block(start_line) or not state.src.startswith(_COMMENT, start):
        return False
    if start_line <= state.env.get("no_comment_until", -1):
        return False
    end = state.src.find(_COMMENT_END, start + 2)
    last = next((line for line in range(start_line, end_line) if end < state.eMarks[line]), None) if end >= 0 else None
    if last is None or state.src[end + len(_COMMENT_END) : state.eMarks[last]].strip():
        state.env["no_comment_until"] = end_line if last is None else last
        return False
    if not silent:
        state.line = last + 1
    return True


def _inline_comment(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    """Drop a comment within a paragraph."""
    if not state.src.startswith(_COMMENT, state.pos) or state.env.get("no_comment_in") is state.src:
        return False
    end = state.src.find(_COMMENT_END, state.pos + 2)
    if end < 0:
        state.env["no_comment_in"] = state.src
        return False
    if not silent:
        state.push("comment", "", 0)  # prints nothing, but keeps the texts before and after apart, each with its place
    state.pos = end + len(_COMMENT_END)
    return True


def _split_callouts(state: StateCore) -> None:
    """Make a paragraph of its own of a call-out's first line, ``> [!note] Title``: the title, or the kind."""
    tokens: list[Token] = []
    for number, token in enumerate(state.tokens):
        opened = [other.type for other in state.tokens[max(0, number - 2) : number]]
        match = _CALLOUT.match(token.content) if opened == ["blockquote_open", "paragraph_open"] else None
        if match is None or token.type != "inline":
            tokens.append(token)
            continue
        title = token.copy(content=match[2].strip() or match[1].capitalize(), meta={"callout": True}, children=[])
        rest = token.content[match.end() :]
        if not rest:
            tokens.append(title)
            continue
        first, after = token.map or [0, 0]
        close = Token("paragraph_close", "p", -1, level=token.level - 1, block=True)
        tokens += [title, close, tokens[-1].copy(), token.copy(content=rest, children=[], map=[first + 1, after])]
    state.tokens = tokens


def _number_footnotes(state: StateCore) -> None:
    """Store in each footnote's token its number (from 1), in the order of the first references; 0 without one."""
    numbers: dict[str, int] = state.env.get("footnotes", {}).get("refs", {})
    for token in state.tokens:
        if token.type in ("footnote_reference_open", "footnote_reference_close"):
            token.tag = "div"
        if token.type == "footnote_reference_open":
            token.meta["number"] = numbers.get(":" + token.meta["label"], -1) + 1
