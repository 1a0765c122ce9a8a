"""Addresses asked: what each answer of a server means, how politely it is asked, and what is kept of it."""

from __future__ import annotations

import json
import socket
from datetime import date
from pathlib import Path

import pytest
from linkcheck_server import Server

from builder.cache_files import write_cache_file
from builder.cli import run
from builder.diagnostics import UserError
from builder.linkcheck import cache
from builder.linkcheck.check_links import LinkCheckResult, RequestPolicy, check_links, request_all
from builder.linkcheck.request import Answer, State, request
from builder.pipeline import Settings, check

TODAY = date(2026, 11, 22)
QUICK = RequestPolicy(timeout=0.4, delay=0, private=True)


@pytest.mark.parametrize(
    ("path", "state", "said"),
    [
        ("200", State.FINE, ""),
        ("204", State.FINE, ""),
        ("404", State.GONE, "404 Not Found"),
        ("410", State.GONE, "410 Gone"),
        ("403", State.UNSURE, "403 Forbidden"),
        ("429", State.UNSURE, "429 Too Many Requests"),
        ("503", State.UNSURE, "503 Service Unavailable"),
        ("599", State.UNSURE, "599"),
        ("304", State.UNSURE, "304 Not Modified"),
        ("no-head", State.FINE, ""),
        ("lying-head", State.FINE, ""),
        ("to/302/200", State.FINE, ""),
        ("to/307/404", State.GONE, "404 Not Found"),
        ("to/301/to/302/200", State.FINE, ""),
        ("round", State.UNSURE, "more than 8 redirects"),
        ("file", State.UNSURE, "it leads to a file address, which is not requested"),
        ("slow", State.UNSURE, "no answer in time"),
        ("garbage", State.UNSURE, "no proper answer: BadStatusLine"),
        ("closes", State.UNSURE, "no connection: Remote end closed connection without response"),
    ],
)
def test_what_an_answer_means(server: Server, path: str, state: State, said: str) -> None:
    assert request(f"{server.address}/{path}", timeout=0.4, private=True) == Answer(state, said)


@pytest.mark.parametrize("path", ["to/301/200", "to/308/to/301/200"])
def test_moved_for_good(server: Server, path: str) -> None:
    assert request(f"{server.address}/{path}", timeout=1, private=True) == Answer(State.MOVED, f"{server.address}/200")


def test_head_comes_first_and_is_enough(server: Server) -> None:
    request(f"{server.address}/200", timeout=1, private=True)
    request(f"{server.address}/no-head", timeout=1, private=True)
    assert server.asked == [("HEAD", "/200"), ("HEAD", "/no-head"), ("GET", "/no-head")]
    (agent,) = server.agents
    assert agent.startswith("postil/")


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert request(f"http://127.0.0.1:{port}/", timeout=1, private=True).said == "the connection was refused"
    assert request("http://nobody.invalid/", timeout=1).said == "no such host, or no network here"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "192.168.1.1", "0.0.0.0"])  # noqa: S104
def test_ones_own_network_is_not_asked(server: Server, host: str) -> None:
    answer = request(f"http://{host}:{server.server_address[1]}/200", timeout=1)
    assert answer.state is State.UNSURE
    assert "is not on the public network" in answer.said
    assert server.asked == []


@pytest.mark.parametrize("url", ["http://[::1", "http://", "http://exa mple.org:x/", "http://" + "a" * 300 + ".org/"])
def test_what_is_no_address_is_no_crash(url: str) -> None:
    assert request(url, timeout=1, private=True).state is State.UNSURE


def test_any_letter_in_an_address(server: Server) -> None:
    assert request(f"{server.address}/200/Ä b/%C3%A4?q=ü&r=[1]", timeout=1, private=True).state is State.FINE
    assert server.asked == [("HEAD", "/200/%C3%84%20b/%C3%A4?q=%C3%BC&r=[1]")]


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause(server: Server) -> None:
    urls = [f"{server.address}/200?{number}" for number in range(4)]
    request_all([*urls, urls[0]], RequestPolicy(timeout=1, delay=0.05, private=True))
    assert len(server.at) == 4
    assert min(after - before for before, after in zip(server.at, server.at[1:], strict=False)) >= 0.05


# --- a corpus --------------------------------------------------------------------------------------------------------


@pytest.fixture
def corpus(tmp_path: Path, server: Server) -> Settings:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    at = server.address
    (seeds / "a.txt").write_text("Some words.\n")
    (seeds / "a.yml").write_text(
        f"url: {at}/404#part\nlink_original: false\nclaims:\n  - id: one\n    note: Words.\n"
        f"    sources: [fine, gone, kept, moved, away, {{title: Written, url: '{at}/503'}}]\n"
    )
    (seeds / "sources.yml").write_text(
        f"fine: {{title: Fine, url: '{at}/200#one'}}\n"
        f"gone: {{title: Gone, url: '{at}/410'}}\n"
        f"kept: {{title: Kept, url: '{at}/404', archived: '{at}/200#two'}}\n"
        f"moved: {{title: Moved, url: '{at}/to/301/200'}}\n"
        "away: {title: By mail, url: 'mailto:desk@example.org'}\n"
    )
    settings = Settings(root=tmp_path, seeds=seeds)
    assert check(settings) == ()
    return settings


def lines(found: LinkCheckResult, server: Server) -> list[str]:
    return [f"{each.place} {each.code} {each.message}".replace(server.address, "") for each in found.diagnostics]


def test_what_is_told_of_a_corpus(corpus: Settings, server: Server) -> None:
    found = check_links(corpus, QUICK, TODAY)
    assert lines(found, server) == [
        "seeds/a.yml A602 /404 (the document): 404 Not Found",
        'seeds/a.yml:6:46 A602 /503 ("Written"): 503 Service Unavailable',
        'seeds/sources.yml:2:1 A601 /410 ("Gone"): 410 Gone',
        'seeds/sources.yml:3:1 A601 /404 ("Kept"): 404 Not Found',
        'seeds/sources.yml:4:1 A603 /to/301/200 ("Moved") moved',
    ]
    hints = [each.hint for each in found.diagnostics if each.code == "A601"]
    assert hints[1] == "send readers to the stored copy instead: link: false"
    assert (found.known, found.asked) == (5, 5)


def test_addresses_that_are_not_linked_can_be_passed_over(corpus: Settings, server: Server) -> None:
    found = check_links(corpus, RequestPolicy(timeout=0.4, delay=0, private=True, linked=True), TODAY)
    assert not any("the document" in each for each in lines(found, server))


def test_good_answers_are_kept_for_some_days(corpus: Settings, server: Server) -> None:
    first = check_links(corpus, QUICK, TODAY)
    server.asked.clear()
    again = check_links(corpus, QUICK, date(2026, 11, 28))
    assert again.diagnostics == first.diagnostics
    assert {path for _, path in server.asked} == {"/404", "/410", "/503"}
    server.asked.clear()
    assert check_links(corpus, QUICK, date(2026, 11, 29)).asked == 5, "the first day counts, not the last look"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1, "answers": {"x": 1}}', '{"version": 2}'])
def test_a_spoilt_store_is_an_empty_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "links.json"
    write_cache_file(path, content.encode())
    assert cache.load_answers(path, TODAY, 7) == {}
    cache.save_answers(path, {"http://x/": Answer(State.FINE, "")}, {}, TODAY)
    assert cache.load_answers(path, TODAY, 7) == {"http://x/": Answer(State.FINE, "")}


def test_nowhere_to_keep_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write"):
        cache.save_answers(tmp_path / "file" / "links.json", {}, {}, TODAY)


def test_the_command(
    corpus: Settings, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(corpus.root)
    assert run(["links", "--private", "--delay", "0", "--format", "json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["summary"] == {"errors": 2, "warnings": 2, "notices": 1}
    assert told.err == "Requested 5 of 5 addresses.\n"
    (corpus.seeds / "a.yml").unlink()
    (corpus.seeds / "sources.yml").write_text(f"fine: {{title: Fine, url: '{server.address}/200'}}\n")
    assert run(["links", "--private"]) == 0
    known = "Requested 0 of 1 addresses. The others gave a good answer lately.\n"
    assert capsys.readouterr().err == known


def test_no_other_command_asks_anything(corpus: Settings, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(corpus.root)
    run(["check"])
    assert server.asked == []
