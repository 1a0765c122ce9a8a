"""WebKit, as far as the tests drive it: MiniBrowser by WebKitWebDriver, over W3C WebDriver, on a screen of Xvfb."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import running

SECONDS = 60  # for one answer
CALL = "const [argument, done] = arguments; Promise.resolve(({})(argument)).then(done, (fault) => done(`${{fault}}`));"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's own name


@dataclass(frozen=True)
class WebKit:
    """The one page of a running browser. What it has in common with a page of Playwright has the same name."""

    address: str

    def command(self, method: str, path: str, body: object = None) -> Any:
        """Send a command of the protocol, and return its value."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}{path}", data, method=method)  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()}") from error

    def resize(self, width: int, height: int = 900) -> None:
        """Give the window this size; a narrower one than it can be gets its least width, of some 450 pixels."""
        self.command("POST", "/window/rect", {"width": width, "height": height})

    def goto(self, address: str) -> None:
        """Go there, and wait until it is loaded."""
        self.command("POST", "/url", {"url": address})

    def evaluate(self, function: str, argument: object = None) -> Any:
        """Call a function of JavaScript, and return what it gives, or what its promise does."""
        return self.command("POST", "/execute/async", {"script": CALL.format(function), "args": [argument]})

    def wait_for(self, function: str, argument: object = None) -> Any:
        """Wait until a function gives something, in whatever page this comes to, and return it."""
        end = time.monotonic() + SECONDS
        while not (found := self.evaluate(function, argument)):
            assert time.monotonic() < end, f"waited in vain for {function}, {argument}"
            time.sleep(0.05)
        return found

    def wait_for_selector(self, selector: str) -> None:
        """Wait until there is such an element."""
        self.wait_for("(selector) => document.querySelector(selector) !== null", selector)

    def click(self, selector: str) -> None:
        """Click on the first such element, as a mouse does."""
        self.command("POST", f"/element/{self._find(selector)}/click", {})

    def type(self, selector: str, words: str) -> None:
        """Type words into the first such element."""
        self.command("POST", f"/element/{self._find(selector)}/value", {"text": words})

    def picture(self, selector: str) -> bytes:
        """Return a picture of the first such element, as PNG."""
        return base64.b64decode(self.command("GET", f"/element/{self._find(selector)}/screenshot"))

    def _find(self, selector: str) -> str:
        found = self.command("POST", "/element", {"using": "css selector", "value": selector})
        return str(found[ELEMENT])


@contextmanager
def started(driver: str, browser: Path, screen: str, port: int, fonts: Path) -> Iterator[WebKit]:
    """Run WebKit until the block is left.

    ``driver``, ``browser``, ``screen``: the programs.
    ``port``: of the server of all addresses, which it takes for its proxy.
    """
    reading, writing = os.pipe()
    command = [screen, "-displayfd", str(writing), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        listening = free.getsockname()[1]
    with running(command, seconds=300, pass_fds=[writing]):
        os.close(writing)
        with os.fdopen(reading) as told:
            display = f":{told.readline().strip()}"
        environment = {**os.environ, "DISPLAY": display, "FONTCONFIG_FILE": str(fonts)}
        with running([driver, f"--port={listening}"], seconds=300, env=environment):
            wanted = {
                "proxy": {"proxyType": "manual", "httpProxy": f"127.0.0.1:{port}"},
                "webkitgtk:browserOptions": {"binary": str(browser), "args": ["--automation"]},
            }
            server = WebKit(f"http://127.0.0.1:{listening}")
            _wait(listening)
            session = server.command("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
            yield WebKit(f"{server.address}/session/{session}")
            server.command("DELETE", f"/session/{session}")


def _wait(port: int) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "WebKitWebDriver does not listen"
            time.sleep(0.05)
        else:
            return
