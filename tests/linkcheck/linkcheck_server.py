"""A server on this machine that answers as servers of the world do, and notes what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Keeps (method, path, host, time) of each question, and how many were open at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.at: list[float] = []
        self.agents: set[str] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """``/200``, ``/404``…: that status. ``/no-head``: GET alone. ``/to/301/x``: a redirect to ``/x``."""

    server: Server

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        self.server.at.append(time.monotonic())
        self.server.agents.add(self.headers["User-Agent"])
        first, *rest = self.path.lstrip("/").split("?")[0].split("/")
        location = None
        match first:
            case "no-head":
                status = 200 if self.command == "GET" else 405
            case "lying-head":
                status = 200 if self.command == "GET" else 404
            case "to":
                status, location = int(rest[0]), "/" + "/".join(rest[1:])
            case "round":
                status, location = 302, "/round"
            case "file":
                status, location = 302, "file:///etc/passwd"
            case "slow":
                time.sleep(1)
                status = 200
            case "garbage":
                self.wfile.write(b"\x00\x01 not HTTP at all\r\n\r\n")
                self.close_connection = True
                return
            case "closes":
                self.close_connection = True
                return
            case _:
                status = int(first)
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(30)
