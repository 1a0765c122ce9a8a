"""Firefox, as far as the tests drive it: over WebDriver BiDi, which it speaks by itself (w3.org/TR/webdriver-bidi)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from processes import running
from websockets.sync.client import ClientConnection, connect

SECONDS = 30  # for one answer
LISTENING = "WebDriver BiDi listening on "
# The tests' server is the proxy of all addresses, so that it shows NAME.localhost without a port.
SETTINGS = {
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.allow_hijacking_localhost": True,
    "nimbus.rollouts.enabled": False,
    "app.normandy.enabled": False,
    "services.settings.server": "data:,",
}
KEYS = {"Escape": "\ue00c", "Enter": "\ue007", "Control": "\ue009"}
# A visible place of the first element that the selector finds, scrolled to as by a click of WebDriver.
PLACE = """(selector) => {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`nothing is ${selector}`);
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, width, height } = element.getClientRects()[0];
  return [Math.round(left + width / 2), Math.round(top + height / 2)];
}"""
# What a function gives comes as JSON: BiDi writes values in a form of its own.
CALL = "async (json) => JSON.stringify(await ({})(JSON.parse(json)) ?? null)"


@dataclass
class Firefox:
    """A running Firefox. ``faults`` collects what its console has told of faults, of scripts and of the policy."""

    connection: ClientConnection
    number: int = 0
    faults: list[str] = field(default_factory=list)

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the protocol, and return its result."""
        self.number += 1
        self.connection.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.connection.recv(timeout=SECONDS))
            if answer["type"] == "event":
                entry = answer["params"]
                if entry["level"] in ("error", "warn"):
                    self.faults.append(entry["text"])
            elif answer["id"] == self.number:
                if answer["type"] == "error":
                    raise AssertionError(f"{method}: {answer['error']}: {answer['message']}")
                return dict(answer["result"])

    def new_page(self, width: int, height: int = 900) -> Page:
        """Open an empty page of this size, in a tab of its own."""
        tab = self.command("browsingContext.create", type="tab")["context"]
        self.command("browsingContext.setViewport", context=tab, viewport={"width": width, "height": height})
        return Page(self, tab)


@dataclass(frozen=True)
class Page:
    """A tab. What it has in common with a page of Playwright has the same name."""

    browser: Firefox
    tab: str

    def goto(self, address: str) -> None:
        """Go there, and wait until it is loaded."""
        self.browser.command("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def evaluate(self, function: str, argument: object = None) -> Any:
        """Call a function of JavaScript, and return what it gives, or what its promise does."""
        result = self.browser.command(
            "script.callFunction",
            functionDeclaration=CALL.format(function),
            arguments=[{"type": "string", "value": json.dumps(argument)}],
            target={"context": self.tab},
            awaitPromise=True,
            userActivation=True,
        )
        if result["type"] == "exception":
            raise AssertionError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    def wait_for(self, function: str, argument: object = None) -> Any:
        """Wait until a function gives something, in whatever page the tab comes to, and return it."""
        end = time.monotonic() + SECONDS
        while not (found := self.evaluate(function, argument)):
            assert time.monotonic() < end, f"waited in vain for {function}, {argument}"
            time.sleep(0.03)
        return found

    def wait_for_selector(self, selector: str) -> None:
        """Wait until there is such an element."""
        self.wait_for("(selector) => document.querySelector(selector) !== null", selector)

    def click(self, selector: str) -> None:
        """Click on the first such element, as a mouse does."""
        x, y = self.evaluate(PLACE, selector)
        self._act(
            "pointer",
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )

    def press(self, key: str) -> None:
        """Press a key: ``a``, ``Escape``, ``Control+a``."""
        keys = [KEYS.get(each, each) for each in key.split("+")]
        downs = ({"type": "keyDown", "value": each} for each in keys)
        self._act("key", *downs, *({"type": "keyUp", "value": each} for each in reversed(keys)))

    def type(self, words: str) -> None:
        """Type words, key by key."""
        self._act("key", *({"type": kind, "value": each} for each in words for kind in ("keyDown", "keyUp")))

    def close(self) -> None:
        """Close the tab."""
        self.browser.command("browsingContext.close", context=self.tab)

    def _act(self, kind: str, *actions: dict[str, Any]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self.browser.command("input.performActions", context=self.tab, actions=[source])


@contextmanager
def started(program: str, port: int, profile: Path, fonts: Path) -> Iterator[Firefox]:
    """Run Firefox until the block is left. ``port``: of the server of all addresses; ``profile``: an empty folder."""
    settings = SETTINGS | {"network.proxy.http_port": port}
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
    (profile / "user.js").write_text("".join(lines))
    log = profile / "log"
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    with log.open("w") as out, running(command, seconds=300, stdout=out, stderr=out, env=environment) as process:
        while LISTENING not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        address = log.read_text().partition(LISTENING)[2].split()[0]
        with connect(f"{address}/session", max_size=None, proxy=None) as connection:
            firefox = Firefox(connection)
            firefox.command("session.new", capabilities={})
            firefox.command("session.subscribe", events=["log.entryAdded"])
            yield firefox
