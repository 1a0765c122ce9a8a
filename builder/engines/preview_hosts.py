"""Where a preview listens, and which requests it answers: only those for the names that it was opened under.

Otherwise any web page that the editor visits could read unpublished drafts by pointing a name of its own at 127.0.0.1
(DNS rebinding).
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable
from typing import Any

from builder.diagnostics import UserError
from builder.publish.content_policy import allow_script

Application = Callable[..., Iterable[bytes]]

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to

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


def local_only(app: Application, host: str) -> Application:
    """Return ``app`` for requests that name ``host`` or this machine, and 403 for all others.

    A preview that listens on every interface is meant for other machines, which name it as they like.
    """
    if host in _EVERYWHERE:
        return app
    allowed = _LOCAL | {host.lower()}

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _name(environ.get("HTTP_HOST", "")) in allowed:
            return app(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"This preview answers to its own address only.\n"]

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


def _name(host: str) -> str:
    """Return the host of a Host header, without its port: ``[::1]:8000`` -> ``::1``."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return True
        raise
    return False
