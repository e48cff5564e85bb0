"""Prepared commands in the overviews: each ``mailto:`` finds its own mail or item by a signed address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from daemon.mailout.acts import mailto
from daemon.tags import Tagger
from rules.calendar import city_day
from rules.model import Notice

OVERVIEWS = ("officer_digest", "week_unit", "office_week")


def desk_target(notice: Notice, now: datetime) -> str:
    """What an answer to the officers' overview is about: no case of its own, but that day's desk."""
    return f"d{city_day(now):%Y%m%d}" if notice.name == "officer_digest" else ""


def linked(notice: Notice, tagger: Tagger, now: datetime) -> Notice:
    """The notice with an address behind each prepared command; other notices as they are."""
    if notice.name not in OVERVIEWS:
        return notice
    sections: Any = notice.values["sections"]
    desk = desk_target(notice, now)
    ready = [{**one, "rows": [_row(row, notice, tagger, desk) for row in one["rows"]]} for one in sections]
    return replace(notice, values={**notice.values, "sections": ready})


def _row(row: Mapping[str, Any], notice: Notice, tagger: Tagger, desk: str) -> dict[str, Any]:
    return {**row, "commands": [_ready(one, notice, tagger, desk) for one in row["commands"]]}


def _ready(command: Mapping[str, str], notice: Notice, tagger: Tagger, desk: str) -> dict[str, str]:
    about, person = command["about"], notice.recipient.email
    if about.startswith("m"):
        tag = tagger.make("o", about[1:], person)
    elif about.startswith("a"):
        tag = tagger.make("r", about[1:])
    else:
        tag = tagger.make("o", desk, person)
    local, _, domain = tagger.mailbox.rpartition("@")
    address = f"{local}{tagger.separator}{tag}@{domain}" if tagger.separator else tagger.mailbox
    link = mailto(address, command["label"], command["body"])
    return {"label": command["label"], "mailto": link, "say": command["body"]}
