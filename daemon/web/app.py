"""The application: a few pages over a connection that cannot write.

Only GET and HEAD requests to our host names and our path are served. Every page is escaped HTML with headers that
admit nothing foreign.

A foreign page that points its own name at this machine (DNS rebinding) still sends its own name in Host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection, Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from daemon.base.logs import Log
from daemon.config.base import is_loopback
from daemon.letters.filters import clause_short, short_date, titled, vn_date
from daemon.web import wording
from daemon.web.views import NotThereError, Values, Views, as_list
from db.reports.read_only import UnreadableError, reading
from rules.decide.base.facts import BoardFacts
from rules.law.working_days import CITY_ZONE

ROOM = Path(__file__).parent
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
"""The headers of every response: only our own style sheet and pictures, in no frame, no caching."""
HTML = "text/html; charset=utf-8"
LINKS = (
    ("", "Bảng hôm nay"),
    ("thoi-han", "Thời hạn"),
    ("phien", "Phiên đối thoại"),
    ("don-vi", "Theo đơn vị"),
    ("tim", "Tìm"),
)
"""The pages in every page's menu: path below the base, and name."""


def moment(at: datetime | None) -> str:
    """``14:05 26/11/2026`` by the city's clock, "" for none."""
    return f"{at.astimezone(CITY_ZONE):%H:%M} {short_date(at)}" if at else ""


def day(value: date | None) -> str:
    """``26/11/2026``, "" for none."""
    return short_date(value) if value else ""


@cache
def environment() -> Environment:
    """A Jinja environment that escapes every value; an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"moment": moment, "day": day, "long_day": vn_date, "clause": clause_short, "in_words": as_list}
    made.filters["titled"] = titled
    made.globals |= {name.lower(): value for name, value in vars(wording).items() if name.isupper()}
    return made


def page(name: str, base: str, values: Mapping[str, object], status: int = 200) -> Response:
    """A page; ``base`` is the path under which the proxy shows all of them."""
    shown = {"base": base, "links": LINKS, "here": name, **values}
    body = environment().get_template(f"{name}.html.j2").render(shown)
    return Response(body, status, media_type=HTML, headers=dict(HEADERS))


def file(name: str, kind: str) -> Response:
    """One of our own files."""
    data = (ROOM / "static" / name).read_bytes()
    return Response(data, media_type=kind, headers={**HEADERS, "Cache-Control": "public, max-age=3600"})


class Guard:
    """Admits requests by ``hosts``, a proxy's names beside this machine's own, and by ``base``, the path it shows."""

    def __init__(self, app: ASGIApp, base: str = "", hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.base = base
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on an allowed request, refuse any other."""
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


log = Log("web")

NOT_THERE = "Không có trang này, hoặc không có câu hỏi, phiên nào với số này."
NO_DATABASE = "Chưa đọc được sổ ghi chép (cơ sở dữ liệu đang bận hoặc chưa có). Xin thử lại sau ít phút."
BROKEN = "Trang này bị lỗi; quản trị viên xem nhật ký của dịch vụ."
USER = "x-remote-user"
"""The header in which the site's proxy may name the user; it is logged."""


@dataclass(frozen=True, slots=True)
class Site:
    """Handlers of the pages. They run in threads, each with a connection of its own."""

    engine: Engine
    views: Views
    base: str

    def board(self, request: Request) -> Response:
        """Today's overview."""
        return self._show(request, "board", self.views.board)

    def deadlines(self, request: Request) -> Response:
        """The due dates."""
        return self._show(request, "deadlines", self.views.deadlines)

    def question(self, request: Request) -> Response:
        """One question."""
        code = request.path_params["code"]
        return self._show(request, "question", lambda connection: self.views.question(connection, code), code)

    def sessions(self, request: Request) -> Response:
        """Every session."""
        return self._show(request, "sessions", self.views.sessions)

    def session(self, request: Request) -> Response:
        """One session."""
        code = request.path_params["code"]
        return self._show(request, "session", lambda connection: self.views.session(connection, code), code)

    def screen(self, request: Request) -> Response:
        """The page to project while a session runs."""
        code = request.path_params["code"]
        return self._show(request, "screen", lambda connection: self.views.screen(connection, code), code)

    def units(self, request: Request) -> Response:
        """Late items by unit."""
        return self._show(request, "units", self.views.units)

    def find(self, request: Request) -> Response:
        """Search; the words are never logged."""
        text = request.query_params.get("q", "")
        return self._show(request, "search", lambda connection: self.views.find(connection, text))

    def health(self, _request: Request) -> Response:
        """For monitoring: 200 while the register can be read, else 503."""
        with reading(self.engine) as connection:
            connection.exec_driver_sql("SELECT 1 FROM question LIMIT 1")
        return Response("ok\n", media_type="text/plain; charset=utf-8", headers=dict(HEADERS))

    def _show(self, request: Request, name: str, read: Callable[[Connection], Values], code: str = "") -> Response:
        with reading(self.engine) as connection:
            values = read(connection)
            answer = page(name, self.base, values)
        log.info("seen", page=name, about=code, by=request.headers.get(USER, "")[:80])
        return answer

    def problem(self, _request: Request, error: Exception) -> Response:
        """Any error, as a page of ours."""
        if isinstance(error, UnreadableError):
            log.warning("unreadable", error=str(error))
            return self._told("Sổ ghi chép chưa sẵn sàng", NO_DATABASE, 503)
        if isinstance(error, NotThereError):
            return self._told("Không tìm thấy", NOT_THERE, 404)
        if isinstance(error, HTTPException):
            return self._told("Không tìm thấy", NOT_THERE, error.status_code)
        log.failure("page_failed", error)
        return self._told("Có lỗi", BROKEN, 500)

    def _told(self, title: str, text: str, status: int) -> Response:
        answer = page("problem", self.base, {"title": title, "text": text}, status)
        if status == 503:
            answer.headers["Retry-After"] = "60"
        return answer


def build_app(
    engine: Engine,
    board_facts: BoardFacts,
    clock: Callable[[], datetime],
    base: str = "",
    hosts: tuple[str, ...] = (),
) -> Starlette:
    """The whole application; ``engine`` as :func:`db.reports.read_only.open_reader` makes it."""
    site = Site(engine, Views(board_facts, clock), base)
    routes = [
        Route("/", site.board),
        Route("/thoi-han", site.deadlines),
        Route("/cau-hoi/{code}", site.question),
        Route("/phien", site.sessions),
        Route("/phien/{code}", site.session),
        Route("/phien/{code}/man-hinh", site.screen),
        Route("/don-vi", site.units),
        Route("/tim", site.find),
        Route("/health", site.health),
        Route("/style.css", lambda _: file("style.css", "text/css; charset=utf-8")),
        Route("/icon.svg", lambda _: file("icon.svg", "image/svg+xml")),
        Route("/favicon.ico", lambda _: file("icon.svg", "image/svg+xml")),
    ]
    handlers = {UnreadableError: site.problem, NotThereError: site.problem, HTTPException: site.problem}
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, base=base, hosts=hosts)],
        exception_handlers={**handlers, Exception: site.problem},
    )
