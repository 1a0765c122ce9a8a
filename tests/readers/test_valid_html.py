"""Every kind of page is valid HTML, by html-validate and by the Nu checker, but for what the theme itself writes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from site_cases import lay_out

from builder.cards.draw_cards import cards_available
from builder.engines import mkdocs_commands

pytestmark = pytest.mark.sites

MODULES = Path(__file__).parents[1] / "npm" / "node_modules"
NU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
CHECKBOX = "Material's drawer and search are checkboxes that browsers are not to keep checked"
LABEL = "Material writes an empty tabindex for a section of the navigation that begins open"
CONTENTS = "Material's heading of the contents list belongs to a checkbox that is hidden in wide windows, or not there"

PICTURE = (
    "A picture of a document that is not loaded: its words are its alternative text, and there is no address to ask for"
)

ALIGN = "How a document's own table aligns a column: the policy of pages forbids style attributes"

# What the theme writes, whose pages are printed as they are, and two things that documents need, by rule and message.
HTML_VALIDATE = {
    ("valid-autocomplete", 'autocomplete attribute cannot be used on <input type="checkbox">'): CHECKBOX,
    ("element-required-attributes", '<img> is missing required "src" attribute'): PICTURE,
    ("no-deprecated-attr", 'Attribute "align" is deprecated on <td> element'): ALIGN,
    ("no-deprecated-attr", 'Attribute "align" is deprecated on <th> element'): ALIGN,
    ("attribute-allowed-values", 'Attribute "tabindex" has invalid value ""'): LABEL,
}
NU_CHECKER = {
    "Attribute “autocomplete” is only allowed when the input type is": CHECKBOX,
    "Bad value “” for attribute “tabindex” on element “label”": LABEL,
    "Element “img” is missing one or more of the following attributes: “src”, “srcset”.": PICTURE,
    "The value of the “for” attribute of the “label” element must be the ID of a non-hidden form control.": CONTENTS,
}
CONFIG = """\
site_name: Good papers
site_url: https://example.org/papers/
theme: {name: material, font: false, features: [navigation.tabs, navigation.path, navigation.footer]}
plugins: [{postil: {search: true, history: false, cards: CARDS}}]
markdown_extensions: [tables]
nav: [index.md, {Parts: [documents/index.md, claims/index.md]}]
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    project = lay_out("good", tmp_path_factory.mktemp("valid"))
    (project / "mkdocs.yml").write_text(CONFIG.replace("CARDS", str(cards_available()).lower()))
    (project / "seeds" / "moved.txt").write_text("A text with an earlier address.\n")
    (project / "seeds" / "moved.yml").write_text("url: https://example.org/moved\naliases: [earlier/address]\n")
    outcome = mkdocs_commands.build_site(project / "mkdocs.yml")
    assert outcome.published, outcome.diagnostics
    return sorted((project / "site").rglob("*.html"))


def test_every_kind_of_page_is_among_them(pages: list[Path]) -> None:
    site = pages[0].parent
    kinds = {
        "/".join(path.relative_to(site).parts[:-1][:1]) + "/" * (len(path.relative_to(site).parts) > 2)
        for path in pages
    }
    lists = {"documents", "claims", "sources", "topics", "people", "corrections", "changes", "search", "overview"}
    assert kinds >= {"", *lists, "documents/", "claims/", "sources/", "topics/", "people/"}
    assert {"404.html", "documents/earlier/address/index.html"} <= {path.relative_to(site).as_posix() for path in pages}


def test_html_validate_finds_nothing_of_ours(pages: list[Path], tmp_path: Path) -> None:
    program = MODULES / ".bin" / "html-validate"
    if not program.exists():
        pytest.skip("no html-validate: make .venv/.npm")
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"root": True, "extends": ["html-validate:standard"]}))
    output = tmp_path / "found.json"  # a pipe would be cut off: the program does not wait until it is read
    command = [str(program), "--config", str(config), "--formatter", f"json={output}", *map(str, pages)]
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    results = json.loads(output.read_text(encoding="utf-8"))
    found = {(each["ruleId"], each["message"]) for result in results for each in result["messages"]}
    assert found == set(HTML_VALIDATE)


def test_the_nu_checker_finds_nothing_of_ours(pages: list[Path]) -> None:
    if not NU.is_file() or not shutil.which("java"):
        pytest.skip("no Java, or no vnu-jar: make .venv/.npm")
    command = ["java", "-Xmx512m", "-jar", str(NU), "--errors-only", "--format", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    messages = {each["message"] for each in json.loads(done.stderr)["messages"]}
    known = re.compile("|".join(map(re.escape, NU_CHECKER)))
    assert {message for message in messages if not known.match(message)} == set()
    assert all(any(message.startswith(start) for message in messages) for start in NU_CHECKER)
