"""A preview answers only requests to read its pages, under its own address."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from processes import previewing

from builder.engines.preview_hosts import guard_preview


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"page"]


def status(host: str | None, served: str = "127.0.0.1", method: str = "GET", path: str = "/") -> str:
    said: list[str] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path} | ({} if host is None else {"HTTP_HOST": host})
    list(guard_preview(app, served)(environ, lambda status, _: said.append(status)))
    return said[0][:3]


@pytest.mark.parametrize(
    "host", ["localhost:8000", "127.0.0.1:8000", "LOCALHOST", "[::1]:8000", "[0:0::1]", "127.0.0.1"]
)
def test_this_machine_is_answered(host: str) -> None:
    assert status(host) == "200"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", None, "[::2]:80", "localhost.evil.example",
        "127.0.0.1:x@evil.invalid",
        "127.0.0.1:80@evil.invalid", "[::1]evil.invalid", "[::1]:80evil", "[::1", "::1",
        "127.0.0.1 evil", "127.0.0.1,evil.example", "localhost:8000:1", "localhost:", "localhost/", "localhost.",
        "user@localhost", "[localhost]", "[::1%25lo]", "127.0.0.1\t", "ⅼocalhost", "localhost:123456",
    ],
)  # fmt: skip
def test_other_names_are_not(host: str | None) -> None:
    assert status(host) == "403"


def test_a_preview_for_company_answers_to_its_own_name_or_to_all() -> None:
    assert status("corpus.lan:8000", served="corpus.lan") == "200"
    assert status("corpus.lan:8000", served="Corpus.LAN") == "200"
    assert status("evil.example", served="corpus.lan") == "403"
    assert status("anything", served="0.0.0.0") == "200"  # noqa: S104


@pytest.mark.parametrize("served", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", ""])
def test_a_preview_is_only_read(served: str, method: str) -> None:
    assert status("localhost", served, method) == "405"
    assert status("localhost", served, "HEAD") == "200"


@pytest.mark.parametrize("path", ["", "*", "http://evil.example/", "a", "/\0", "/a\x00.html", "/a\nb", "/\x7f"])
def test_what_is_no_path_is_refused(path: str) -> None:
    assert status("localhost", path=path) == "400"


REQUESTS = {
    "GET / HTTP/1.1\r\nHost: {host}\r\n": 200,
    "HEAD / HTTP/1.1\r\nHost: {host}\r\n": 200,
    "GET /nowhere/ HTTP/1.1\r\nHost: {host}\r\n": 404,
    "GET /%00 HTTP/1.1\r\nHost: {host}\r\n": 400,
    "GET /a%00.html HTTP/1.1\r\nHost: {host}\r\n": 400,
    "GET /%0d%0aX:1 HTTP/1.1\r\nHost: {host}\r\n": 400,
    "GET /../../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n": 404,
    "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: {host}\r\n": 404,
    "GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: {host}\r\n": 404,
    "GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\n": 400,
    "GET / HTTP/1.1\r\nHost: {host}@evil.invalid\r\n": 403,
    "GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n": 403,
    "GET / HTTP/1.1\r\nHost: [::1]evil.invalid\r\n": 403,
    "GET / HTTP/1.0\r\n": 403,
    "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n": 405,
    "OPTIONS * HTTP/1.1\r\nHost: {host}\r\n": 405,
    "GET /%ff%fe HTTP/1.1\r\nHost: {host}\r\n": 400,
}


@pytest.mark.skipif(os.name == "nt", reason="Control-C is another matter there")
def test_a_preview_answers_raw_requests(tmp_path: Path) -> None:
    settings = "site_name: T\ntheme: {name: material, font: false}\nplugins: [{postil: {search: false}}]\n"
    for name, content in {"docs/index.md": "# Home\n", "seeds/a.txt": "Words.\n", "mkdocs.yml": settings}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    with previewing(tmp_path) as preview:
        end = time.monotonic() + 60
        while "Serving on" not in preview.log.read_text():
            assert time.monotonic() < end
            time.sleep(0.1)
        host = preview.address.split("/")[2]
        told = {request: answer(host, request) for request in REQUESTS}
        bodies = {request: body for request, (_, body) in told.items()}
    assert {request: status for request, (status, _) in told.items()} == REQUESTS
    assert bodies["HEAD / HTTP/1.1\r\nHost: {host}\r\n"] == b""
    assert "Traceback" not in preview.log.read_text()


def answer(host: str, request: str) -> tuple[int, bytes]:
    name, port = host.split(":")
    with socket.create_connection((name, int(port)), timeout=30) as connection:
        connection.sendall(request.replace("{host}", host).encode("latin-1") + b"\r\n")
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), body
