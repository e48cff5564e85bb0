"""The templates, and the answers that every page is: escaped HTML with headers that let nothing foreign in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from daemon.letters.filters import clause_short, short_date, vn_date
from daemon.web import wording
from daemon.web.views import as_list
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
"""What every answer says: nothing but our own style sheet and pictures, in no frame, kept nowhere."""
HTML = "text/html; charset=utf-8"
LINKS = (
    ("", "Bảng hôm nay"),
    ("thoi-han", "Thời hạn"),
    ("phien", "Phiên đối thoại"),
    ("don-vi", "Theo đơn vị"),
    ("tim", "Tìm"),
)
"""The pages that every page leads to: path below the base, and name."""


def moment(at: datetime | None) -> str:
    """``14:05 26/11/2026`` by the city's clock, "" for none."""
    return f"{at.astimezone(CITY_ZONE):%H:%M} {short_date(at)}" if at else ""


def day(value: date | None) -> str:
    """``26/11/2026``, "" for none."""
    return short_date(value) if value else ""


@cache
def environment() -> Environment:
    """Escapes whatever it prints; an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"moment": moment, "day": day, "long_day": vn_date, "clause": clause_short, "in_words": as_list}
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
