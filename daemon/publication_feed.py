"""The Atom feed (RFC 4287) of what was published, changed and withdrawn, the latest change first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from daemon.house import Office
from daemon.publication_pages import SITE, Page
from rules.calendar import CITY_ZONE

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


def atom(office: Office, entries: Sequence[FeedEntry]) -> bytes:
    """The feed. Ids are tag URIs (RFC 4151) of the mailbox's domain, so that they outlive the portal's address."""
    config = office.config.publication
    domain = office.house.mailbox.rpartition("@")[2]
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    _text(feed, "id", f"tag:{domain},2016:doithoai")
    _text(feed, "title", SITE)
    _text(feed, "updated", _instant(max((one.updated_at for one in entries), default=BEGINNING)))
    _link(feed, "self", config.address_of("feed.atom") or "feed.atom", "application/atom+xml")
    _link(feed, "alternate", config.address_of("index.html") or "index.html", "text/html")
    author = etree.SubElement(feed, f"{{{ATOM}}}author")
    _text(author, "name", office.config.board.name)
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
    """RFC 3339, by the city's clock."""
    return at.astimezone(CITY_ZONE).isoformat(timespec="seconds")
