"""Who may talk to a preview: a WSGI layer that answers only to the names that the preview was opened under.

Without it any web page that the editor visits could read unpublished drafts by pointing a name of its own at
127.0.0.1 (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[..., Iterable[bytes]]

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


def local_only(app: Application, host: str) -> Application:
    """``app`` for requests that name ``host`` or this machine; 403 for all others.

    Who binds to every interface has asked for company, and gets it.
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


def _name(host: str) -> str:
    """The host of a Host header, without its port: ``[::1]:8000`` -> ``::1``."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
