"""A retired note keeps its place on the page, its words and its address; nothing leads to words that are not there."""

from __future__ import annotations

from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from builder.cli import run

SIDECAR = """
corrections:
  - id: year
    quote: "founded in <1914>"
    retired: 2026-11-22, the council put the year right
    correct: founded in 1913
claims:
  - id: lent
    quote: It lent 9 books.
    retired: 2026-11-22, taken out & gone
    verdict: "false"
    note: It lent 41,200. See [[library#year]].
context:
  - {id: hours, quote: opens at ten, note: "Not on Sundays, see [[library#lent]]."}
"""


def test_a_retired_note(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: X\ntheme: {name: material, font: false}\nplugins: [postil]\n")
    (tmp_path / "seeds" / "library.txt").write_text("The library opens at ten.\n")
    (tmp_path / "seeds" / "library.yml").write_text(SIDECAR)
    assert run(["build", "--strict"]) == 0, capsys.readouterr().out
    page = LexborHTMLParser((tmp_path / "site" / "documents" / "library" / "index.html").read_text())
    ids = {each.attributes["id"] for each in page.css("[id]")}
    assert {"note-year", "note-lent", "note-hours", "quote-hours"} <= ids
    assert {each.attributes["href"][1:] for each in page.css("a[href^='#']") if len(each.attributes["href"]) > 1} <= ids
    year, lent = (page.css_first(f"#note-{each}") for each in ("year", "lent"))
    assert (
        year.css_first(".postil-retired").text()
        == "Not in the document any more 2026-11-22, the council put the year right"
    )
    assert [each.text() for each in year.css("dt, dd")] == [
        "Read",
        "founded in <1914>",
        "Should read",
        "founded in 1913",
    ]
    assert lent.css_first(".postil-quote").text() == "It lent 9 books."
    assert lent.css_first(".postil-retired bdi").text() == "2026-11-22, taken out & gone"
    assert page.css_first("#note-hours .postil-retired") is None
