"""Corpora of odd shapes, each of any size: what is read of them must take a time in proportion to it."""

from __future__ import annotations

from collections.abc import Callable

Files = dict[str, str]
Shape = Callable[[int], Files]


def notes(lines: list[str], kind: str = "context") -> str:
    return f"{kind}:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


def numbered(form: str, count: int) -> list[str]:
    return [form.replace("%", str(number)) for number in range(count)]


END = notes(["id: x, quote: end, note: x"])


def text(unit: str) -> Shape:
    """Return a plain text of so many units, with a note on its last word."""
    return lambda size: {"a.txt": unit * size + " end\n", "a.yml": END}


def markdown(unit: str, before: str = "", after: str = "") -> Shape:
    return lambda size: {"a.md": f"{before}{unit * size}{after}\n\nend\n", "a.yml": END}


def page(unit: str) -> Shape:
    return lambda size: {"a.html": f"{unit * size}<p>end</p>", "a.yml": END}


def noted(words: str, note: str, kind: str = "context") -> Shape:
    """Return a text of so many numbered words, and as many notes. ``%`` is the number."""
    return lambda size: {"a.txt": " ".join(numbered(words, size)), "a.yml": notes(numbered(note, size), kind)}


def wrong_quotes(size: int) -> Files:
    """Return notes whose quotes differ from the text by a letter in each word."""
    lines = [f"id: n{n}, quote: ward{n} wird{n + 1} wurd{n + 2}, note: x" for n in range(size)]
    return {"a.txt": " ".join(numbered("word%", size * 10)), "a.yml": notes(lines)}


def nested_notes(size: int) -> Files:
    lines = [f"id: n{n}, quote: [w{n}., w{2 * size - 1 - n}.], note: x" for n in range(size)]
    return {"a.txt": " ".join(numbered("w%.", 2 * size)), "a.yml": notes(lines)}


def crossing_notes(size: int) -> Files:
    """Return a page of marks, and notes each of which runs over twenty of them and crosses its neighbours."""
    quotes = (" ".join(f"w{n}" for n in range(start, start + 20)) for start in range(size))
    lines = [f"id: n{n}, quote: {quote}, note: x" for n, quote in enumerate(quotes)]
    return {"a.html": "<p>" + " ".join(numbered("<mark>w%</mark>", size + 20)), "a.yml": notes(lines)}


def sidecar(form: str, before: str = "context:\n", after: str = "") -> Shape:
    return lambda size: {"a.txt": "end", "a.yml": before + "".join(numbered(form, size)) + after}


# Each shape with a size. Those that were slow took over two seconds at it.
SHAPES: dict[str, tuple[int, Shape]] = {
    "rows without cells": (
        350,
        lambda size: {"a.md": "|" + "a|" * size + "\n|" + "-|" * size + "\n" + "|\n" * size},
    ),
    "many tables without cells": (
        100,
        lambda size: {"a.md": ("|" + "a|" * 30 + "\n|" + "-|" * 30 + "\n" + "|\n" * 30 + "\n") * size},
    ),
    "open brackets": (10, lambda size: {"a.md": ("[" * 3_999 + "\n\n") * size}),
    "open brackets before stars": (1_000, lambda size: {"a.md": "[" * size + "*a " * size * 10}),
    "quote of many passages": (
        1_000,
        lambda size: {
            "a.txt": "a b " * size,
            "a.yml": notes([f"id: x, quote: [{', '.join(['a', 'b'] * (size // 2))}], note: x"]),
        },
    ),
    "late occurrence": (
        500,
        lambda size: {
            "a.txt": "a b c " * size,
            "a.yml": notes(["id: x, quote: [a, b, c], occurrence: 100000000, note: x"]),
        },
    ),
    "written-out sources": (
        1_000,
        lambda size: {
            "a.txt": " ".join(numbered("w%.", size)),
            "a.yml": notes(
                numbered('id: n%, quote: w%., sources: [{title: T%, url: "http://e.org/%"}], note: x', size)
            ),
        },
    ),
    "unknown topics": (
        1_000,
        lambda size: {
            "corpus.yml": "topics:\n" + "".join(numbered("  topic-number-%: {label: T%}\n", size)),
            "a.txt": "x",
            "a.yml": f"topics: [{', '.join(numbered('topic-nomber-%x', size // 3))}]\n",
        },
    ),
    "notes on one word": (
        1_200,
        lambda size: {"a.txt": "one word here", "a.yml": notes(numbered("id: n%, quote: word, note: x", size))},
    ),
    "combining marks": (
        40_000,
        lambda size: {"a.txt": "a" + "\u0301" * size + " end\n", "a.yml": notes(["id: x, quote: end, note: x"])},
    ),
    "notes whose quote has many places": (
        1_000,
        lambda size: {
            "a.txt": "word here " * size,
            "a.yml": notes(numbered("id: n%, quote: word, note: x", size)),
        },
    ),
    "occurrences beyond the last": (
        800,
        lambda size: {
            "a.txt": "word here " * size,
            "a.yml": notes(numbered("id: n%, quote: word, occurrence: %1, note: x", size)),
        },
    ),
    "quotes in a chain of joiners": (
        100,
        lambda size: {
            "a.txt": "\U0001f468\u200d" * size * 100 + "\U0001f468 end",
            "a.yml": notes(numbered("id: n%, quote: '\U0001f468', occurrence: %1, note: x", size)),
        },
    ),
    "flags": (
        20_000,
        lambda size: {
            "a.txt": "\U0001f1eb" * size + " end",
            "a.yml": notes(["id: x, quote: '\U0001f1eb', note: x", "id: y, quote: end, note: x"]),
        },
    ),
    "points": (20_000, text(".")),
    "hyphens": (20_000, text("-")),
    "jamo": (10_000, text("\u1112\u1161\u11ab")),
    "one syllable": (20_000, lambda size: {"a.txt": "\u1112" + "\u1161" * size + " end", "a.yml": END}),
    "variation selectors": (20_000, text("a\ufe0f")),
    "one long word": (50_000, text("a")),
    "words divided at line ends": (4_000, text("commis-\nsion ")),
    "soft hyphens": (20_000, text("a\xad")),
    "wrong quotes": (100, wrong_quotes),
    "character references": (4_000, markdown("&amp;")),
    "rows of a table": (1_500, markdown("a|b\n", "a|b\n-|-\n")),
    "tables": (500, markdown("a|b\n-|-\nc|d\n\n")),
    "nested lists": (3, lambda size: {"a.md": "".join("  " * n + "- a\n" for n in range(45)) * size + "\nend\n"}),
    "dashes of lists": (5_000, markdown("- ")),
    "nested quotations": (5_000, markdown(">")),
    "footnotes": (
        500,
        lambda size: {
            "a.md": "".join([*numbered("a[^%] ", size), "\n\n", *numbered("[^%]: note\n\n", size)]) + "end\n",
            "a.yml": END,
        },
    ),
    "definitions": (1_000, markdown(": b\n", "a\n")),
    "tasks": (1_000, markdown("- [x] a\n")),
    "call-outs": (800, markdown("> [!note] a\n> b\n\n")),
    "markup that is not read": (2_000, markdown("==a $b$ [[c]] {{ ::: :d: ^e ~f %%g ")),
    "cells": (4_000, page("<table><tr><td>a<td>b</table>"[7:-8])),
    "line breaks": (5_000, page("a<br>")),
    "references in a page": (5_000, page("a&nbsp;b ")),
    "unclosed formatting": (1_000, page("<a><b><i><p>")),
    "rules that hide": (
        500,
        lambda size: {
            "a.html": "".join(
                ["<style>", *numbered(".c%{display:none}", size), "</style>", *numbered("<p class=c%>a</p>b", size)]
            )
            + "<p>end",
            "a.yml": END,
        },
    ),
    "nested notes": (400, nested_notes),
    "notes that cross marks": (300, crossing_notes),
    "cross-links": (400, noted("w%.", "id: n%, quote: w%., note: 'See [[#n1]] and [[#n%]]'")),
    # More than suggestions are made for: up to there, each name is compared with each.
    "cross-links to nothing": (1_000, noted("w%.", "id: n%, quote: w%., note: 'See [[#m%x]]'")),
    "unknown people": (
        200,
        lambda size: (
            noted("w%.", "id: n%, quote: w%., note: x, verdict: opinion, speaker: person-nomber-%x", "claims")(size)
            | {"corpus.yml": "people:\n" + "".join(numbered("  person-number-%: {name: T%}\n", size))}
        ),
    ),
    "unknown fields": (
        500,
        lambda size: {"a.txt": "a", "a.yml": notes(["id: n, " + ", ".join(numbered("f%: x", size))])},
    ),
    "old addresses": (1_000, sidecar("  - old/a%\n", "aliases:\n")),
    "collections": (150, lambda size: {f"c{number}/a.txt": "word" for number in range(size)}),
    "brackets of YAML": (2_000, sidecar("[", "context: ")),
    "a long scalar": (20_000, sidecar("ab cd\n  ", "summary: ")),
    "an open quotation mark": (5_000, sidecar("ab cd\n", 'summary: "')),
    "colons in values": (100, sidecar("  - id: n%\n    quote: end\n    note: a: b\n")),
    "quotation marks that end early": (100, sidecar('  - id: n%\n    quote: "end" x\n    note: a\n')),
    "keys given twice": (1_000, sidecar("title: a\n", "")),
}
