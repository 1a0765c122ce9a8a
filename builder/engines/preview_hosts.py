"""Where a preview listens, and which requests it answers: only those for the names that it was opened under.

Otherwise any web page that the editor visits could read unpublished drafts by pointing a name of its own at 127.0.0.1
(DNS rebinding).
"""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from typing import Any

from builder.diagnostics import UserError
from builder.publish.content_policy import allow_script

Application = Callable[..., Iterable[bytes]]

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_METHODS = ("GET", "HEAD")
_HOST = re.compile(r"(?:(?P<name>[A-Za-z0-9.-]+)|\[(?P<ipv6>[0-9A-Fa-f:.]+)\])(?::[0-9]{1,5})?")  # RFC 9110, 7.2

_NEAR = 20  # ports after a taken one that are tried for a free one


def check_port_free(host: str, port: int) -> None:
    """Raise UserError, which names a free port near it, if another program listens at this one; OSError if none can."""
    if not _taken(host, port):
        return
    name = f"[{host}]" if ":" in host else host
    ports = range(port + 1, min(port + _NEAR, 2**16 - 1) + 1)
    free = next((number for number in ports if not _taken(host, number)), 0)
    hint = f"\nuse another port:  postil serve --address {name}:{free}" if free else ""
    raise UserError(f"another program listens at {name}:{port}, perhaps an earlier preview{hint}")


def guard_preview(app: Application, host: str) -> Application:
    """Return ``app`` for requests to read a page that name ``host`` or this machine, and an error for all others.

    400 for an address that is no path, 403 for another host, 405 for another method than GET and HEAD. A preview that
    listens on every interface is meant for other machines, which name it as they like.
    """
    allowed = None if host in _EVERYWHERE else _LOCAL | {host.lower()}

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if allowed is not None and _host(environ.get("HTTP_HOST", "")) not in allowed:
            return _refuse(start_response, "403 Forbidden", "This preview answers to its own address only.")
        if environ.get("REQUEST_METHOD") not in _METHODS:
            refusal = "This preview only shows pages."
            return _refuse(start_response, "405 Method Not Allowed", refusal, ("Allow", ", ".join(_METHODS)))
        if not _is_path(str(environ.get("PATH_INFO", ""))):
            return _refuse(start_response, "400 Bad Request", "This is not the path of a page.")
        body = app(environ, start_response)
        return body if environ["REQUEST_METHOD"] == "GET" else _without_body(body)

    return guarded


def allow_reload_script(server: Any) -> None:  # noqa: ANN401 - one of its methods is not public
    """Let the script run that MkDocs's server puts into each page: it reloads the page after a change.

    It holds two numbers that change with every request, so the policy in the page can't name it. MkDocs has no event
    for this; its 1.6.1 is the last version of its line.
    """
    inject = server._inject_js_into_html  # noqa: SLF001

    def inject_allowed(content: bytes, epoch: int) -> bytes:
        page: bytes = inject(content, epoch)
        script = page.rpartition(b"<script>")[2].partition(b"</script>")[0]
        return allow_script(page, script.decode())

    server._inject_js_into_html = inject_allowed  # noqa: SLF001


def _host(header: str) -> str | None:
    """Return the host of a Host header, without its port: ``[::1]:8000`` -> ``::1``; None if it is malformed."""
    match = _HOST.fullmatch(header)
    if not match:
        return None
    if match["name"]:
        return match["name"].lower()
    try:
        return ipaddress.IPv6Address(match["ipv6"]).compressed
    except ValueError:
        return None


def _is_path(path: str) -> bool:
    """Return whether a path, whose bytes WSGI gives as Latin-1, is one of UTF-8 text without control characters."""
    try:
        text = path.encode("latin-1").decode()
    except UnicodeError:
        return False
    return text.startswith("/") and not _CONTROL.search(text)


def _refuse(
    start_response: Callable[..., Any], status: str, message: str, *headers: tuple[str, str]
) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), *headers])
    return [f"{message}\n".encode()]


def _without_body(body: Iterable[bytes]) -> Iterable[bytes]:
    close = getattr(body, "close", None)
    if close is not None:
        close()
    return []


def _taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return True
        raise
    return False
