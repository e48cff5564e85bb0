"""The portal's templates put to the test before they are used: every page is written once, with hostile values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from daemon.base.errors import ConfigurationError
from daemon.installation.installation import Office
from daemon.portal.pages import Page, Pages, Part
from db.register.publications import Listed

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'><img src=x onerror=alert(1)>"
LIVE = ("<script>alert(1)", "<img src=x", "49\"'")
DAY = date(2026, 11, 2)
PAGE = Page("HP-2026-000001", "2026/HP-2026-000001.html", HOSTILE, DAY, DAY, HOSTILE, (Part(HOSTILE, HOSTILE),))


def self_test(office: Office) -> tuple[str, ...]:
    """A line for each thing wrong with the pages that the house's and the shipped templates make; () for none."""
    try:
        pages = Pages.of(office)
    except ConfigurationError as error:
        return (str(error),)
    at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    line = Listed(PAGE.code, PAGE.path, HOSTILE, at, at, withdrawn=False)
    gone = replace(PAGE, withdrawn=True, withdrawn_on=DAY, parts=())
    makes: dict[str, Any] = {
        "portal/page.html.j2": lambda: pages.page(PAGE) + pages.page(gone),
        "portal/list.html.j2": lambda: pages.list([line], [2026]) + pages.list([line], [2026], 2026),
        "portal/style.css": pages.style,
    }
    found: list[str] = []
    for name, make in makes.items():
        try:
            made = make().decode()
        except (ConfigurationError, TypeError, ValueError, AttributeError) as error:
            found.append(str(error) if isinstance(error, ConfigurationError) else f"{name}: {error}")
            continue
        found += [
            f"{name}: a value gets into the page as live HTML or template code" for live in LIVE if live in made
        ]
    return tuple(dict.fromkeys(found))
