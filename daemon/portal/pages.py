"""A question's presentation on the portal: one page, as HTML without script and as JSON, and lists of pages.

Everything here has been approved, and personal data were removed before that; they are removed once more here. The
Atom feed (RFC 4287) lists what was published, changed and withdrawn, the latest change first.

Before templates are used, every page is written once with hostile values (:func:`self_test`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from sqlalchemy import Connection, Row

from daemon.base.errors import ConfigurationError
from daemon.installation.installation import Installation
from daemon.letters.filters import short_date
from db.register import publications, questions
from db.register.publications import PublishedRow
from rules.decide.base.facts import QuestionFacts
from rules.decide.base.publication import ASKED, public_parts, public_text
from rules.law.working_days import CITY_ZONE, city_day
from rules.requester.names import shown_requester
from rules.requester.redaction import blanked
from rules.values.model import Requester

QUESTION, WHOLE = "Câu hỏi", "Câu hỏi và trả lời"
TITLE_LENGTH = 110
SITE = "Hỏi – đáp: đối thoại trực tuyến"
NEWEST = 100
"""Lines of the first page; the years' pages list all."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its text."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """The content of one page. ``path`` is relative to the folder; a withdrawn page says only that it is one."""

    code: str
    path: str
    title: str
    received_on: date
    published_on: date
    asker: str = ""
    parts: tuple[Part, ...] = ()
    withdrawn: bool = False
    withdrawn_on: date | None = None

    @property
    def digest(self) -> str:
        """The digest of the page's content, without the day of publishing, which is only known then."""
        said = (self.code, self.title, self.asker, [(one.head, one.text) for one in self.parts], self.withdrawn)
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def path_of(code: str, year: int) -> str:
    """The permanent path of the page."""
    return f"{year}/{code}.html"


def page_of(
    connection: Connection, installation: Installation, question: QuestionFacts, now: datetime
) -> Page | None:
    """The current page; None when nothing of the question was approved. A withdrawn or erased one is a notice."""
    row, kept = questions.row_of(connection, question.id), publications.row_of(connection, question.id)
    paper = publications.approved_paper(connection, question.id)
    path = kept.path if kept else path_of(question.code, row.year)
    published = city_day(kept.published_at if kept else now)
    page = Page(question.code, path, "", city_day(question.received_at), published)
    renewed = paper is not None and (kept is None or paper.id != kept.paper_id)
    if kept is not None and (paper is None or not paper.text.strip() or (kept.withdrawn_at and not renewed)):
        return _gone(page, kept)
    if paper is None or not paper.text.strip():
        return None
    parts = _parts(installation, question, paper.text)
    asker = shown_requester(question.asker, row.name_consent, _ward(installation, question.asker, page.received_on))
    return Page(page.code, path, _title(parts, question.code), page.received_on, published, asker=asker, parts=parts)


def _gone(page: Page, kept: Row[Any]) -> Page:
    when = city_day(kept.withdrawn_at) if kept.withdrawn_at else None
    return Page(
        page.code, page.path, f"Câu hỏi số {page.code} (đã gỡ)", page.received_on, page.published_on,
        withdrawn=True, withdrawn_on=when,
    )  # fmt: skip


def _parts(installation: Installation, question: QuestionFacts, approved: str) -> tuple[Part, ...]:
    """The approved text under its headings; in one part where the register changed since and they are uncertain."""
    now = public_parts(installation.board, question)
    if public_text(now) in {approved, blanked(approved, question.asker, installation.board.source)}:
        found = [(QUESTION if head == ASKED else head.removesuffix(" trả lời"), text) for head, text in now]
    else:
        found = [(WHOLE, approved)]
    return tuple(Part(head, blanked(text, question.asker, installation.board.source)) for head, text in found)


def _title(parts: Sequence[Part], code: str) -> str:
    """The beginning of the approved question: a subject that nobody approved is not shown."""
    first = parts[0].text.removeprefix(f"{ASKED}: ")
    words = " ".join(first.split())
    if len(words) > TITLE_LENGTH:
        words = words[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…"
    return words or f"Câu hỏi số {code}"


def _ward(installation: Installation, asker: Requester, on: date) -> str:
    """The ward of the asker's address, where the address names it beyond doubt."""
    place = installation.knowledge.routing.gazetteer.of_address(asker.address, on)
    unit = installation.board.units.get(place.unit) if place and place.known else None
    return unit.name.removeprefix("Ủy ban nhân dân ") if unit else ""


def _paragraphs(text: str) -> Iterator[list[str]]:
    for paragraph in text.split("\n\n"):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
        if lines:
            yield lines


def _environment(over: Path | None) -> ImmutableSandboxedEnvironment:
    """The shipped templates, overridden by those of the same name in ``portal/`` of the rules folder; sandboxed."""
    shipped = Path(str(files("mail_templates")))
    sources = {
        file.name: file.read_text(encoding="utf-8")
        for folder in (shipped, over)
        if folder is not None
        for file in sorted((folder / "portal").glob("*"))
        if file.suffix in {".j2", ".css"}
    }
    made = ImmutableSandboxedEnvironment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"short_date": short_date, "paragraphs": lambda text: list(_paragraphs(str(text)))}
    return made


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders pages and lists of one installation. The same values give the same bytes."""

    installation: Installation
    environment: ImmutableSandboxedEnvironment

    @classmethod
    def of(cls, installation: Installation) -> Pages:
        """The pages with the current templates. Raises ``ConfigurationError`` when one cannot be used."""
        try:
            return cls(installation, _environment(installation.config.rules.folder))
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"templates of the portal: {error}") from None

    def _render(self, template: str, **values: object) -> bytes:
        config = self.installation.config
        shown = {"site": SITE, "house": config.board.name, "phone": config.board.phone, "withdrawn": False}
        try:
            return self.environment.get_template(template).render({**shown, **values}).encode()
        except TemplateNotFound as error:
            raise ConfigurationError(f"portal/{error.name}: missing") from None
        except TemplateError as error:
            raise ConfigurationError(f"portal/{getattr(error, 'name', None) or template}: {error}") from None

    def page(self, page: Page) -> bytes:
        """One question as HTML."""
        return self._render("page.html.j2", page=page, title=page.title, up="../", withdrawn=page.withdrawn)

    def list(self, lines: Sequence[publications.PublishedRow], years: Sequence[int], year: int = 0) -> bytes:
        """The list on the first page, or that of a year."""
        shown = [line for line in lines if not line.withdrawn]
        title = f"Câu hỏi và trả lời năm {year}" if year else "Câu hỏi và trả lời mới đăng"
        return self._render("list.html.j2", lines=shown, years=years, title=title, up="../" if year else "")

    def style(self) -> bytes:
        """The one style sheet."""
        return self._render("style.css")

    def data(self, page: Page) -> bytes:
        """One question as JSON; a withdrawn one has no content."""
        url = self.installation.config.publication.address_of(page.path)
        values: dict[str, object] = {"number": page.code, "url": url or page.path.rpartition("/")[2]}
        if page.withdrawn:
            values |= {
                "status": "withdrawn",
                "withdrawn": page.withdrawn_on.isoformat() if page.withdrawn_on else None,
            }
        else:
            values |= {
                "status": "published",
                "title": page.title,
                "received": page.received_on.isoformat(),
                "published": page.published_on.isoformat(),
                "asker": page.asker,
                "parts": [{"heading": one.head, "text": one.text} for one in page.parts],
            }
        return _json(values)

    def index(self, lines: Sequence[publications.PublishedRow], years: Sequence[int]) -> bytes:
        """A list as JSON; withdrawn questions are listed as such, so that those who copied them can see it."""
        told = [
            {
                "number": line.code,
                "path": line.path.removesuffix(".html") + ".json",
                "status": "withdrawn" if line.withdrawn else "published",
                "title": "" if line.withdrawn else line.title,
                "published": line.published_at.astimezone(CITY_ZONE).isoformat(timespec="seconds"),
                "updated": line.updated_at.astimezone(CITY_ZONE).isoformat(timespec="seconds"),
            }
            for line in lines
        ]
        return _json({"years": list(years), "questions": told})


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


ATOM = "http://www.w3.org/2005/Atom"
GONE = "Nội dung này đã được gỡ khỏi trang."
BEGINNING = datetime(2016, 7, 13, tzinfo=UTC)
"""``updated`` of a feed in which nothing has been published yet: the day of Decision 1374/2016."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A page with the instants at which it was published and last changed."""

    page: Page
    published_at: datetime
    updated_at: datetime


def atom(installation: Installation, entries: Sequence[FeedEntry]) -> bytes:
    """The feed. Ids are tag URIs (RFC 4151) of the mailbox's domain, so that they outlive the portal's address."""
    config = installation.config.publication
    domain = installation.board.mailbox.rpartition("@")[2]
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    _text(feed, "id", f"tag:{domain},2016:doithoai")
    _text(feed, "title", SITE)
    _text(feed, "updated", _instant(max((one.updated_at for one in entries), default=BEGINNING)))
    _link(feed, "self", config.address_of("feed.atom") or "feed.atom", "application/atom+xml")
    _link(feed, "alternate", config.address_of("index.html") or "index.html", "text/html")
    author = etree.SubElement(feed, f"{{{ATOM}}}author")
    _text(author, "name", installation.config.board.name)
    for one in entries:
        _entry(feed, one, domain, urljoin(f"{config.base_url}/", one.page.path) if config.base_url else one.page.path)
    return bytes(etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _entry(feed: etree._Element, one: FeedEntry, domain: str, address: str) -> None:
    page = one.page
    entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "id", f"tag:{domain},{page.path.partition('/')[0]}:{page.code}")
    _text(entry, "title", page.title)
    _text(entry, "published", _instant(one.published_at))
    _text(entry, "updated", _instant(one.updated_at))
    _link(entry, "alternate", address, "text/html")
    text = GONE if page.withdrawn else "\n\n".join(f"{part.head}\n{part.text}" for part in page.parts)
    _text(entry, "content", text).set("type", "text")


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = text
    return made


def _link(parent: etree._Element, rel: str, address: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=address, type=kind)


def _instant(at: datetime) -> str:
    """The instant as RFC 3339, by the city's clock."""
    return at.astimezone(CITY_ZONE).isoformat(timespec="seconds")


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'><img src=x onerror=alert(1)>"
LIVE = ("<script>alert(1)", "<img src=x", "49\"'")
SAMPLE_DAY = date(2026, 11, 2)
SAMPLE_PAGE = Page(
    "HP-2026-000001", "2026/HP-2026-000001.html", HOSTILE, SAMPLE_DAY, SAMPLE_DAY, HOSTILE, (Part(HOSTILE, HOSTILE),)
)


def self_test(installation: Installation) -> tuple[str, ...]:
    """One line per fault of the pages that the installation's own and the shipped templates make; () for none."""
    try:
        pages = Pages.of(installation)
    except ConfigurationError as error:
        return (str(error),)
    at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    line = PublishedRow(SAMPLE_PAGE.code, SAMPLE_PAGE.path, HOSTILE, at, at, withdrawn=False)
    gone = replace(SAMPLE_PAGE, withdrawn=True, withdrawn_on=SAMPLE_DAY, parts=())
    makes: dict[str, Any] = {
        "portal/page.html.j2": lambda: pages.page(SAMPLE_PAGE) + pages.page(gone),
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
