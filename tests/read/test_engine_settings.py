"""The settings of a site as they are written, without an engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.diagnostics import UserError
from builder.read.engine_settings import plugin_settings, read_engine_settings, written_engine

SETTINGS = """\
INHERIT: base/mkdocs.yml
site_name: !ENV [POSTIL_TEST_NAME, OTHER_NAME, Fallback]
site_url: !ENV POSTIL_TEST_URL
strict: !ENV POSTIL_TEST_STRICT
theme: {name: material}
markdown_extensions:
  - pymdownx.emoji: {emoji_index: !!python/name:no.such.module }
  - one: !!python/object/apply:os.system [touch harm]
plugins:
  - tags
  - postil: {engine: frozen}
"""
BASE = "site_name: Base\ntheme: {name: other, features: [a]}\nplugins: [search]\ncopyright: C\n"


def written(folder: Path, settings: str = SETTINGS) -> Path:
    (folder / "base").mkdir()
    (folder / "base" / "mkdocs.yml").write_text(BASE)
    (folder / "mkdocs.yml").write_text(settings)
    return folder / "mkdocs.yml"


def test_plain_values_of_everything_and_nothing_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POSTIL_TEST_STRICT", "true")
    assert read_engine_settings(written(tmp_path)) == {
        "site_name": "Fallback",
        "site_url": None,
        "strict": True,
        "theme": {"name": "material", "features": ["a"]},
        "markdown_extensions": [{"pymdownx.emoji": {"emoji_index": None}}, {"one": None}],
        "plugins": ["tags", {"postil": {"engine": "frozen"}}],
        "copyright": "C",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "mkdocs.yml"]


@pytest.mark.parametrize(
    ("plugins", "told"),
    [
        ("[a, postil: {engine: x}]", {"a": {}, "postil": {"engine": "x"}}),
        ("{a: , postil: {engine: x}}", {"a": {}, "postil": {"engine": "x"}}),
        ("[]", {}),
        ("word", {}),
        ("[[a], {}, 3]", {"['a']": {}, "{}": {}, "3": {}}),
    ],
)
def test_plug_ins_are_a_list_or_a_mapping(tmp_path: Path, plugins: str, told: dict[str, object]) -> None:
    assert plugin_settings(read_engine_settings(written(tmp_path, f"plugins: {plugins}\n"))) == told


def test_the_engine_that_is_named(tmp_path: Path) -> None:
    config = written(tmp_path)
    assert written_engine(config) == "frozen"
    config.write_text("plugins: [postil]\n")
    assert written_engine(config) is None


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("- 1\n", "holds no settings"),
        ("a: [\n", "cannot read"),
        ("INHERIT: mkdocs.yml\n", "inherits from itself"),
        ("INHERIT: nowhere.yml\n", "cannot read"),
    ],
)
def test_what_is_no_file_of_settings_is_refused(tmp_path: Path, settings: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read_engine_settings(written(tmp_path, settings))
