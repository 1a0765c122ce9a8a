"""Read a profile: one that ships with the program, or one of the corpus's own in ``profiles/``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Final

from builder.diagnostics import Diagnostic, Place, UserError
from builder.model import Limits
from builder.read.decode import decode
from builder.read.discovery import read_bytes
from builder.read.validation import did_you_mean
from builder.read.yaml import MappingNode as Fields
from builder.read.yaml import Node, ScalarNode, SequenceNode, read_yaml

FOLDER: Final = "profiles"  # beside mkdocs.yml
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_KEYS: Final = ("title", "extends", "verdicts", "pages")
_VERDICT_KEYS: Final = ("except", "source", "stored_copy", "reviewed", "reviewed_within_days")
_PAGE_KEYS: Final = ("any_of", "words", "holds")


@dataclass(frozen=True, slots=True)
class PageRule:
    """A page that ``docs/`` must have: one of ``files``, with at least ``words`` words.

    ``address``: it must hold a mail address or a link.
    """

    name: str
    files: tuple[str, ...]
    words: int
    address: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules of a profile. ``exempt``: verdicts without rules. ``days``: how old a review may be."""

    name: str
    exempt: tuple[str, ...] = ()
    source: bool = False
    stored_copy: bool = False
    reviewed: bool = False
    days: int | None = None
    pages: Mapping[str, PageRule] = field(default_factory=dict)


def load_profile(name: str, root: Path, limits: Limits) -> tuple[Profile, tuple[Diagnostic, ...]]:
    """Return the profile of that name, the corpus's own before a shipped one, and the errors of its file.

    Raises UserError if there is none, or profiles extend each other in a circle.
    """
    return _load(name, root, limits, ())


def profile_names(root: Path) -> tuple[str, ...]:
    """Return the names of all profiles, sorted."""
    own = (root / FOLDER).glob("*.yml") if (root / FOLDER).is_dir() else ()
    shipped = (file.name for file in resources.files("builder.profiles").iterdir() if file.name.endswith(".yml"))
    return tuple(sorted({path.stem for path in own} | {path.removesuffix(".yml") for path in shipped}))


def _load(name: str, root: Path, limits: Limits, extending: tuple[str, ...]) -> tuple[Profile, tuple[Diagnostic, ...]]:
    file = f"{FOLDER}/{name}.yml"
    text, diagnostics = _text(name, root, file, own=name not in extending)
    tree, unread = read_yaml(text, file=file, limits=limits)
    reader = _ProfileReader([*diagnostics, *unread])
    base = Profile(name)
    if not isinstance(tree, Fields):
        if not reader.diagnostics:
            reader.wrong(Place(file), "a profile is a list of fields", "begin with: extends: ifcn")
        return base, tuple(sorted(reader.diagnostics))
    reader.keys(tree, _KEYS)
    extended = tree.get("extends")
    if isinstance(extended, ScalarNode):
        # A corpus's own profile may have the name of the one that ships with the program, and extend it.
        if (*extending, name).count(extended.text) > 1 or (extended.text in extending and extended.text != name):
            raise UserError(
                f"{file}: profiles extend each other in a circle: {', '.join((*extending, name, extended.text))}"
            )
        base, inherited = _load(extended.text, root, limits, (*extending, name))
        reader.diagnostics += inherited
    profile = replace(reader.verdicts(tree.get("verdicts"), base), name=name)
    profile = replace(profile, pages={**base.pages, **reader.pages(tree.get("pages"), base.pages)})
    return profile, tuple(sorted(reader.diagnostics))


def _text(name: str, root: Path, file: str, *, own: bool) -> tuple[str, tuple[Diagnostic, ...]]:
    if not _NAME.fullmatch(name):
        raise UserError(f'"{name}" is not a valid profile name; use lower-case letters, digits and hyphens')
    path = root / file
    shipped = resources.files("builder.profiles").joinpath(f"{name}.yml")
    if own and path.is_file():
        try:
            text, diagnostics = decode(read_bytes(path), file)
        except OSError as error:
            raise UserError(f"cannot read {file}: {error.strerror or error}") from error
        return text or "", diagnostics
    if not shipped.is_file():
        hint = did_you_mean(name, profile_names(root)) or f"known profiles: {', '.join(profile_names(root))}"
        raise UserError(f'no profile "{name}"; {hint}\na corpus keeps its own in {FOLDER}/{name}.yml')
    return shipped.read_text(encoding="utf-8"), ()


@dataclass(slots=True)
class _ProfileReader:
    """Reads the fields of a profile and collects the errors."""

    diagnostics: list[Diagnostic]

    def wrong(self, place: Place, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(place, "S102", message, hint))

    def keys(self, tree: Fields, allowed: Iterable[str]) -> None:
        names = tuple(allowed)
        for key, node in tree.keys.items():
            if key not in names:
                hint = did_you_mean(key, names) or f"known here: {', '.join(names)}"
                self.diagnostics.append(Diagnostic(node.place, "S101", f'unknown key "{key}"', hint))

    def verdicts(self, node: Node | None, base: Profile) -> Profile:
        tree = self.fields(node, "verdicts")
        self.keys(tree, _VERDICT_KEYS)
        exempt = tree.get("except")
        days = tree.get("reviewed_within_days")
        return replace(
            base,
            exempt=self.words(exempt, "except") if exempt else base.exempt,
            source=self.demand(tree, "source", otherwise=base.source),
            stored_copy=self.demand(tree, "stored_copy", otherwise=base.stored_copy),
            reviewed=self.demand(tree, "reviewed", otherwise=base.reviewed),
            days=self.count(days, "reviewed_within_days") if days else base.days,
        )

    def pages(self, node: Node | None, base: Mapping[str, PageRule]) -> Mapping[str, PageRule]:
        rules = {}
        tree = self.fields(node, "pages")
        for name, value in tree.values.items():
            rule = self.fields(value, name)
            self.keys(rule, _PAGE_KEYS)
            before = base.get(name, PageRule(name, (f"{name}.md",), 0, address=False))
            files, words, holds = (rule.get(key) for key in _PAGE_KEYS)
            address = isinstance(holds, ScalarNode) and holds.text == "address"
            if holds and not address:
                self.wrong(
                    holds.place, "holds: what a page can be asked to hold is an address", "write: holds: address"
                )
            rules[name] = PageRule(
                name,
                (self.words(files, "any_of") if files else ()) or before.files,
                (self.count(words, "words") or 0) if words else before.words,
                address=address or before.address,
            )
        return rules

    def fields(self, node: Node | None, name: str) -> Fields:
        if isinstance(node, Fields):
            return node
        if node is not None and not (isinstance(node, ScalarNode) and not node.text):
            self.wrong(node.place, f"{name}: keys with values belong here", "write one line for each: key: value")
        return Fields({}, {}, Place(""))

    def words(self, node: Node, name: str) -> tuple[str, ...]:
        items = node.items if isinstance(node, SequenceNode) else (node,)
        if all(isinstance(item, ScalarNode) for item in items):
            return tuple(item.text for item in items if isinstance(item, ScalarNode) and item.text)
        self.wrong(node.place, f"{name}: a list of words belongs here", f"write: {name}: [first, second]")
        return ()

    def demand(self, tree: Fields, name: str, *, otherwise: bool) -> bool:
        node = tree.get(name)
        if node is None:
            return otherwise
        if isinstance(node, ScalarNode) and node.text in {"required", "optional"}:
            return node.text == "required"
        self.wrong(node.place, f"{name}: required or optional", f"write: {name}: required")
        return otherwise

    def count(self, node: Node, name: str) -> int | None:
        if isinstance(node, ScalarNode) and re.fullmatch(r"[0-9]{1,6}", node.text):
            return int(node.text)
        self.wrong(node.place, f"{name}: a number belongs here", f"write: {name}: 100")
        return None
