"""Before any page: only GET and HEAD, only names that are ours, only under our path.

A page elsewhere that makes its own name point to this machine (DNS rebinding) still says its own name in Host.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from daemon.config_base import is_loopback
from daemon.web.pages import page


class Guard:
    """``hosts`` are the names, beside this machine's own, that a proxy hands on; ``base`` the path it shows."""

    def __init__(self, app: ASGIApp, base: str = "", hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.base = base
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is allowed, answer the rest."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal:
            status, text = refusal
            answer = page("problem", self.base, {"title": "Không thực hiện được", "text": text}, status)
            if status == 405:
                answer.headers["Allow"] = "GET, HEAD"
            await answer(scope, receive, send)
            return
        path = scope["path"]
        if self.base and (path == self.base or path.startswith(f"{self.base}/")):
            path = path[len(self.base) :] or "/"
        await self.app({**scope, "path": path, "raw_path": path.encode(), "root_path": ""}, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        names = [value for name, value in scope["headers"] if name == b"host"]
        if len(names) != 1 or not self._is_ours(names[0].decode("latin-1")):
            return 421, "Tên máy trong địa chỉ không đúng."
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, "Trang này chỉ để xem."
        return None

    def _is_ours(self, host: str) -> bool:
        name, _, port = host.rpartition(":") if not host.endswith("]") and ":" in host else (host, "", "")
        if port and not port.isdecimal():
            return False
        return is_loopback(name) or name.lower().rstrip(".") in self.hosts
