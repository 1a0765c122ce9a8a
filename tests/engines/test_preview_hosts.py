from __future__ import annotations

from typing import Any

import pytest

from builder.engines.preview_hosts import local_only


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"page"]


def status(host: str | None, served: str = "127.0.0.1") -> str:
    said: list[str] = []
    environ = {} if host is None else {"HTTP_HOST": host}
    list(local_only(app, served)(environ, lambda status, _: said.append(status)))
    return said[0][:3]


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "LOCALHOST", "[::1]:8000", "127.0.0.1"])
def test_this_machine_is_answered(host: str) -> None:
    assert status(host) == "200"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", None, "[::2]:80", "localhost.evil.example"],
)
def test_other_names_are_not(host: str | None) -> None:
    assert status(host) == "403"


def test_a_preview_for_company_answers_to_its_own_name_or_to_all() -> None:
    assert status("corpus.lan:8000", served="corpus.lan") == "200"
    assert status("corpus.lan:8000", served="Corpus.LAN") == "200"
    assert status("evil.example", served="corpus.lan") == "403"
    assert status("anything", served="0.0.0.0") == "200"  # noqa: S104
