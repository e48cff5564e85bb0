"""Approved answers as a folder that the portal can pull: pages, JSON, an Atom feed.

Files are written before the register says "published" and before the asker gets the link, each by rename and only
when its content differs: the next pass completes whatever was interrupted. The journal tells which pages to check.

Also keeps the calendar file for subscribers up to date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine

from daemon.base.atomic_files import disk_faults, replace_file
from daemon.base.errors import TemporaryError
from daemon.base.logs import Log
from daemon.config.database import looking, transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.icalendar import feed
from daemon.installation.installation import Installation
from daemon.portal.pages import NEWEST, FeedEntry, Page, Pages, atom, page_of
from db.core import counters, journal
from db.register import publications, questions
from db.register.sessions import agenda
from db.reports import overview
from rules.decide.base.actions import Action, AmendQuestion, SetPublication
from rules.decide.base.facts import QuestionFacts
from rules.decide.base.publication import published
from rules.values.states import QuestionStatus

log = Log("publish")

LAST_ENTRY = "publication_entry"
PORTION = 25
"""Questions per transaction: files are written within it."""
FAR = 500
"""Journal entries after which the position is stored even when none of them is about a published question."""


@dataclass(slots=True)
class Published:
    """The result of one round: files written or replaced, questions published for the first time or again, and the
    years whose pages were looked at."""

    files: int = 0
    new: int = 0
    years: set[int] = field(default_factory=set)


def publish(
    engine: Engine, installation: Installation, folder: Path | None = None, *, everything: bool = False
) -> Published:
    """Bring the folder up to date. Raises ``TemporaryError`` when it cannot be written.

    ``everything`` checks all that was ever published, not only what the journal names since the last time.
    """
    done = Published()
    folder = folder or installation.config.publication.folder
    if folder is not None:
        with disk_faults(folder):
            _publish(engine, installation, folder, done, everything=everything)
    if done.files:
        log.info("published", files=done.files, new=done.new)
    return done


def _publish(engine: Engine, installation: Installation, folder: Path, done: Published, *, everything: bool) -> None:
    everything = everything or not (folder / "index.html").is_file()
    with transaction(engine) as connection:
        newest, last = overview.last_entry(connection), _last_entry(connection)
        ids = _to_look_at(connection, last, everything)
    if ids or everything:
        _write(engine, Pages.of(installation), folder, ids, done)
    if ids or everything or newest - last >= FAR:
        with transaction(engine) as connection:
            counters.set_state(connection, LAST_ENTRY, str(newest))


def _write(engine: Engine, pages: Pages, folder: Path, ids: Sequence[int], done: Published) -> None:
    for start in range(0, len(ids), PORTION):
        with transaction(engine) as connection:
            journal.take_turn(connection)
            for each in ids[start : start + PORTION]:
                _one(connection, pages, folder, each, done)
    with transaction(engine) as connection:
        _lists(connection, pages, folder, done)


def _to_look_at(connection: Connection, since: int, everything: bool) -> list[int]:
    known = publications.every(connection) if everything else publications.touched_since(connection, since)
    return sorted({*known, *publications.waiting(connection)})


def _last_entry(connection: Connection) -> int:
    return int(counters.get_state(connection, LAST_ENTRY) or 0)


def _one(connection: Connection, pages: Pages, folder: Path, question_id: int, done: Published) -> None:
    """Write one page, then store its state."""
    installation, now = pages.installation, pages.installation.clock()
    question = questions.load(connection, [question_id])[question_id]
    page = page_of(connection, installation, question, now)
    if page is None:
        return
    done.years.add(int(page.path.partition("/")[0]))
    for path, data in ((page.path, pages.page(page)), (_json_path(page), pages.data(page))):
        done.files += replace_file(place_of(folder, path), data)
    decided = _decided(connection, pages, question, page)
    if decided:
        done.new += question.status is QuestionStatus.APPROVED
        apply_decision(connection, installation, decided, now)


def _json_path(page: Page) -> str:
    return page.path.removesuffix(".html") + ".json"


def _decided(connection: Connection, pages: Pages, question: QuestionFacts, page: Page) -> tuple[Action, ...]:
    """The change to the register; () when page and address are unchanged."""
    kept = publications.row_of(connection, question.id)
    link = "" if page.withdrawn else pages.installation.config.publication.address_of(page.path)
    moved = _moved(question, page, link)
    paper = publications.approved_paper(connection, question.id)
    if kept is not None and kept.digest == page.digest and question.status is not QuestionStatus.APPROVED:
        return moved
    about = paper.id if paper is not None and not page.withdrawn else kept.paper_id if kept else 0
    noted = SetPublication(question.id, about, page.path, page.title, page.digest, link)
    if question.status is not QuestionStatus.APPROVED or page.withdrawn:
        return (*moved, noted)
    return published(question, noted, told=str(about))


def _moved(question: QuestionFacts, page: Page, link: str) -> tuple[Action, ...]:
    """The register's link of a page whose portal has another address now; one that people wrote stays."""
    if not link or question.link == link or not question.link.endswith(f"/{page.path}"):
        return ()
    return (AmendQuestion(question.id, {"link": link}, "link_moved", "Địa chỉ của Cổng thông tin điện tử thay đổi"),)


def _lists(connection: Connection, pages: Pages, folder: Path, done: Published) -> None:
    """Write the first page, JSON, feed, style sheet, and the pages of the years looked at; those of all years when
    one is new, since each links to each."""
    years = publications.years(connection)
    newest = publications.listed(connection, limit=NEWEST)
    wanted = {
        "style.css": pages.style(),
        "index.html": pages.list(newest, years),
        "index.json": pages.index(newest, years),
        "feed.atom": atom(pages.installation, _entries(connection, pages.installation)),
    }
    kept = all((folder / f"{year}/{name}").is_file() for year in years for name in ("index.html", "index.json"))
    for year in [one for one in years if one in done.years] if kept else years:
        lines = publications.listed(connection, year=year)
        wanted |= {
            f"{year}/index.html": pages.list(lines, years, year),
            f"{year}/index.json": pages.index(lines, years),
        }
    for path, data in wanted.items():
        done.files += replace_file(place_of(folder, path), data)


def place_of(folder: Path, path: str) -> Path:
    """The place of a file. Raises ``TemporaryError`` where a link has replaced a folder: the web server's account may
    write there, and must not choose where else we write.
    """
    place = folder / path
    between = [each for each in place.parents if each != folder and each.is_relative_to(folder)]
    linked = next((each for each in between if each.is_symlink()), None)
    if linked is not None or not place.is_relative_to(folder) or ".." in place.relative_to(folder).parts:
        raise TemporaryError(f"{linked or place}: is a link or outside of the folder, nothing is written there")
    return place


def _entries(connection: Connection, installation: Installation) -> list[FeedEntry]:
    ids = publications.newest(connection, installation.config.publication.feed_entries)
    found = questions.load(connection, ids)
    return [entry for each in ids if (entry := _entry(connection, installation, found[each])) is not None]


def _entry(connection: Connection, installation: Installation, question: QuestionFacts) -> FeedEntry | None:
    row = publications.row_of(connection, question.id)
    page = page_of(connection, installation, question, installation.clock())
    return FeedEntry(page, row.published_at, row.updated_at) if row is not None and page is not None else None


EVERY = timedelta(minutes=1)
_STAMP = re.compile(rb"^DTSTAMP:.*\r\n", re.MULTILINE)


@dataclass(slots=True)
class CalendarFile:
    """The configured file, checked once a minute and replaced when anything but its stamp would differ."""

    looked_at: datetime | None = field(default=None)

    def refresh(self, engine: Engine, installation: Installation) -> bool:
        """Write a new version; False when there is nothing to do. Raises ``TemporaryError``."""
        path, now = installation.config.calendar.file, installation.clock()
        if path is None or (self.looked_at is not None and now - self.looked_at < EVERY):
            return False
        with looking(engine) as connection:
            data = feed(agenda(connection, now), installation.board, now)
        with disk_faults(path):
            old = path.read_bytes() if path.is_file() else b""
        done = _STAMP.sub(b"", old) != _STAMP.sub(b"", data) and replace_file(path, data)
        self.looked_at = now
        return done
