"""Find the elements of an HTML page that a browser does not show, by attributes, ``style=`` and the page's ``<style>``.

Only what surely hides counts: a rule whose selector is an element, classes and an id. A rule with a longer selector, or
one for some screens, may show an element, but does not hide it: words that are shown in doubt are seen by the editor,
words that are left out in doubt are not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from builder.read.pieces import name_set

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_COMPOUND = re.compile(r"(\*|[a-z][\w-]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_COMBINATOR = re.compile(r"\s*[>+~]\s*|\s+")
_NOT_SHOWN = name_set("none")
_NOT_VISIBLE = name_set("hidden collapse")
_INHERITED = name_set("inherit initial unset revert revert-layer")
_EVERYWHERE = re.compile(r"(?:only\s+)?(?:all|screen)?", re.IGNORECASE)
_FOR_OTHER_MEDIA = re.compile(
    r"\s*(?:only\s+)?(?:print|speech|tty|tv|braille|embossed|handheld|projection)\b", re.IGNORECASE
)

# No page has so many rules for one class; more would take long for each of many elements.
_MOST_FOR_A_KEY = 200

# Of a declaration, from weakest to strongest: the browser's own, the page's, the element's; and whether important.
_Weight = tuple[bool, int, tuple[int, int, int], int]
_BROWSER, _PAGE, _IN_DOUBT, _ELEMENT = range(4)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One declaration of ``display`` or ``visibility``, and the elements that it is for."""

    tag: str
    identity: str
    classes: frozenset[str]
    name: str
    value: str
    weight: _Weight


@dataclass(frozen=True, slots=True)
class HidingRules:
    """The rules of a page under one of the things that an element must have: ``#id``, ``.class``, ``tag`` or ``*``."""

    by_key: Mapping[str, tuple[_Rule, ...]]


def read_hiding_rules(sheets: Iterable[tuple[str, str]]) -> HidingRules:
    """Read the rules of a page's style sheets, each given as its ``media`` and its text."""
    last: dict[object, _Rule] = {}  # of several rules that differ in their order alone, the last one counts
    order = 0
    for media, text in sheets:
        clean = _STRING.sub('""', _COMMENT.sub(" ", text))
        for sure, selectors, declarations in _blocks(clean, _is_sure(media)):
            for name, value, important in _declarations(declarations):
                for selector in selectors.split(","):
                    order += 1
                    rule = _rule(selector.strip(), name, value, important=important, sure=sure, order=order)
                    if rule:
                        last[replace(rule, value="", weight=(*rule.weight[:3], 0))] = rule
    by_key: dict[str, list[_Rule]] = defaultdict(list)
    for rule in last.values():
        by_key[_key(rule)].append(rule)
    return HidingRules({key: tuple(rules) for key, rules in by_key.items() if len(rules) <= _MOST_FOR_A_KEY})


def visibility(tag: str, attributes: Mapping[str, str], rules: HidingRules, *, visible: bool) -> tuple[bool, bool]:
    """Return whether an element is shown at all, and whether its text is visible.

    ``tag``: its name.
    ``attributes``: its attributes.
    ``rules``: of the page.
    ``visible``: whether its parent's text is visible; what is not shown has no visible children, either.
    """
    display: list[tuple[_Weight, str]] = [((False, _BROWSER, (0, 0, 0), 0), _default_display(tag, attributes))]
    inner: list[tuple[_Weight, str]] = []
    if tag == "mphantom":
        inner.append(((False, _BROWSER, (0, 0, 0), 0), "hidden"))
    for rule in _matching(tag, attributes, rules):
        (display if rule.name == "display" else inner).append((rule.weight, rule.value))
    for order, (name, value, important) in enumerate(_declarations(attributes.get("style", ""))):
        (display if name == "display" else inner).append(((important, _ELEMENT, (0, 0, 0), order), value))
    value = max(inner, default=((False, _BROWSER, (0, 0, 0), 0), "inherit"))[1]
    seen = visible if value in _INHERITED else value not in _NOT_VISIBLE
    return max(display)[1] not in _NOT_SHOWN, seen


def _default_display(tag: str, attributes: Mapping[str, str]) -> str:
    closed = "hidden" in attributes or (tag == "dialog" and "open" not in attributes)
    return "none" if closed else "shown"


def _matching(tag: str, attributes: Mapping[str, str], rules: HidingRules) -> Iterator[_Rule]:
    classes = frozenset(attributes.get("class", "").split())
    identity = attributes.get("id", "")
    for key in (f"#{identity}", *(f".{name}" for name in sorted(classes)), tag, "*"):
        for rule in rules.by_key.get(key, ()):
            if rule.tag in ("", tag) and rule.identity in ("", identity) and rule.classes <= classes:
                yield rule


def _key(rule: _Rule) -> str:
    if rule.identity:
        return f"#{rule.identity}"
    return f".{min(rule.classes)}" if rule.classes else rule.tag or "*"


def _rule(selector: str, name: str, value: str, *, important: bool, sure: bool, order: int) -> _Rule | None:
    """Return the rule for one selector; None if nothing can be said of it.

    ``selector``: without commas.
    ``name``, ``value``, ``important``: the declaration.
    ``sure``: whether the rule holds on every screen.
    ``order``: its place among the rules.
    """
    *before, last = _COMBINATOR.split(selector)
    match = _COMPOUND.fullmatch(last)
    if match is None or not last:
        return None
    parts = re.findall(r"([.#])([\w-]+)", match[2])
    classes = frozenset(word for sign, word in parts if sign == ".")
    identities = [word for sign, word in parts if sign == "#"]
    tag = "" if match[1] in (None, "*") else match[1].lower()
    hides = value in (_NOT_SHOWN if name == "display" else _NOT_VISIBLE)
    if len(identities) > 1 or ((before or not sure) and hides):
        return None
    layer = _PAGE if sure and not before else _IN_DOUBT
    specificity = (len(identities), len(classes), int(bool(tag)))
    return _Rule(tag, "".join(identities), classes, name, value, (important, layer, specificity, order))


def _declarations(text: str) -> Iterable[tuple[str, str, bool]]:
    """Return the declarations of ``display`` and ``visibility`` that count: name, value, whether important."""
    last: dict[tuple[str, bool], str] = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        name = name.strip().lower()
        if colon and name in ("display", "visibility"):
            value, mark, _ = value.lower().partition("!")
            last.pop((name, bool(mark)), None)
            last[name, bool(mark)] = value.strip()
    return ((name, value, important) for (name, important), value in last.items())


def _is_sure(media: str) -> bool | None:
    """Return whether rules for these media hold on every screen (True), on some (False), or on none (None)."""
    if _EVERYWHERE.fullmatch(media.strip()):
        return True
    return None if all(_FOR_OTHER_MEDIA.match(query) for query in media.split(",")) else False


def _blocks(text: str, sure: bool | None) -> Iterator[tuple[bool, str, str]]:  # noqa: FBT001 - a state of three values
    """Yield (whether it holds on every screen, selectors, declarations) for each rule that may hold on a screen."""
    open_blocks: list[bool | None] = [sure]
    start = 0
    prelude = ""
    for brace in re.finditer("[{}]", text):
        if brace[0] == "{":
            outer = open_blocks[-1]
            nested = bool(prelude)  # a rule inside a rule is for some of its elements only
            prelude = text[start : brace.start()].rpartition(";")[2].strip()
            if prelude.startswith("@"):
                open_blocks.append(_at_rule(prelude, outer))
                prelude = ""
            else:
                open_blocks.append(None if not prelude or outer is None else outer and not nested)
        else:
            holds = open_blocks.pop() if len(open_blocks) > 1 else None
            if prelude and holds is not None:
                yield holds, prelude, text[start : brace.start()]
            prelude = ""
        start = brace.end()


def _at_rule(prelude: str, outer: bool | None) -> bool | None:  # noqa: FBT001 - a state of three values
    name, _, rest = prelude.partition(" ")
    if outer is None or name in ("@font-face", "@page", "@property", "@counter-style") or "keyframes" in name:
        return None
    if name == "@media":
        inner = _is_sure(rest)
        return None if inner is None else outer and inner
    return outer if name in ("@layer", "@scope") else False
