"""Request one URL: HEAD, then GET if the server rejects HEAD. Nothing of a page is stored.

Redirects are followed here, so that each step is checked: http and https only, and never to an address of this machine
or its network unless allowed, since a corpus may come from somebody else.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from urllib.error import URLError
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, getproxies, proxy_bypass

from builder import __version__

_AGENT: Final = f"postil/{__version__} (checks whether cited addresses still answer)"
_STEPS: Final = 8  # redirects
_LASTING: Final = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_REDIRECTS: Final = _LASTING | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_KEPT_IN_PATHS: Final = "/%:@!$&'()*+,;=~-._[]"


class State(StrEnum):
    """The result for a URL. Unsure: it may exist, but not for a program, or not now."""

    FINE = "fine"
    MOVED = "moved"
    GONE = "gone"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Answer:
    """The result. ``said``: the reason in words, or the target of a permanent redirect."""

    state: State
    said: str


def request(url: str, *, timeout: float, private: bool = False) -> Answer:
    """Request a URL, following redirects. ``timeout``: seconds for each wait; ``private``: allow the own network."""
    current, lasting = url, True
    for _ in range(_STEPS):
        try:
            status, onward = _status(current, timeout, private=private)
        except _RefusedError as refused:
            return Answer(State.UNSURE, str(refused))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answer(State.UNSURE, _reason(error))
        if status in _REDIRECTS and onward:
            lasting = lasting and status in _LASTING
            current = urljoin(current, onward)
            continue
        if status < HTTPStatus.MULTIPLE_CHOICES:
            return Answer(State.MOVED, current) if lasting and current != url else Answer(State.FINE, "")
        return Answer(State.GONE if status in _GONE else State.UNSURE, _words(status))
    return Answer(State.UNSURE, f"more than {_STEPS} redirects")


class _RefusedError(Exception):
    """An address that is not requested."""


def _status(url: str, timeout: float, *, private: bool) -> tuple[int, str | None]:
    """Return the status of a URL and its redirect target."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _RefusedError(f"it leads to a {parts.scheme or 'relative'} address, which is not requested")
    if not private:
        _public(parts)
    ask = _asking(_written(parts), timeout)
    status, onward = ask("HEAD")
    # Many servers answer HEAD wrongly, so an error counts only if GET confirms it.
    return (status, onward) if status < HTTPStatus.BAD_REQUEST else ask("GET")


def _asking(url: str, timeout: float) -> Callable[[str], tuple[int, str | None]]:
    opener = OpenerDirector()  # with no handler that follows, raises, or opens files
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler(context=ssl.create_default_context())):
        opener.add_handler(handler)

    def ask(method: str) -> tuple[int, str | None]:
        request = Request(url, method=method, headers={"User-Agent": _AGENT, "Accept": "*/*"})  # noqa: S310 - checked
        with opener.open(request, timeout=timeout) as answer:
            return answer.status, answer.headers.get("Location")

    return ask


def _written(parts: SplitResult) -> str:
    """Return the URL in ASCII: the host by IDNA, the rest percent-encoded."""
    host = (parts.hostname or "").encode("idna").decode("ascii")
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    query = f"?{quote(parts.query, safe=_KEPT_IN_PATHS + '?')}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{quote(parts.path, safe=_KEPT_IN_PATHS)}{query}"


def _public(parts: SplitResult) -> None:
    """Raise if a host is on this machine or its network. Behind a proxy only the proxy can resolve the host."""
    host = parts.hostname or ""
    if parts.scheme in getproxies() and not proxy_bypass(host):
        return
    for *_, address in socket.getaddrinfo(host, parts.port or 443, proto=socket.IPPROTO_TCP):
        if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise _RefusedError(f"{host} is not on the public network; --private allows it")


def _reason(error: Exception) -> str:
    """Return why there was no answer, in words."""
    cause = error.reason if isinstance(error, URLError) else error
    match cause:
        case TimeoutError():
            return "no answer in time"
        case socket.gaierror():
            return "no such host, or no network here"
        case ssl.SSLError():
            return f"no safe connection: {cause.reason or cause}"
        case ConnectionRefusedError():
            return "the connection was refused"
        case OSError():
            return f"no connection: {cause.strerror or cause}"
        case _:
            return f"no proper answer: {type(cause).__name__}"


def _words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
