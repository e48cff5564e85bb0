"""What mails carry, in everything that is written beside mail: pages, feed, data, calendar, documents, prints."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pypdf
import pytest
import vobject
from icalendar import Calendar
from lxml import etree

from daemon.base.errors import ConfigurationError
from daemon.documents import pdf
from daemon.documents.docx import to_docx
from daemon.documents.inputs import AskedQuestion, ForwardingInput
from daemon.documents.model import Document
from daemon.documents.pdf import to_pdf
from daemon.documents.session_papers import build_forwarding_letter
from daemon.installation.icalendar import feed
from daemon.papers.register_book import safe_cell
from daemon.portal.pages import FeedEntry, Page, Pages, Part, atom
from db.register.sessions import Agenda, agenda
from db.reports.read_only import open_reader
from rules.law.session_rules import SessionFacts, SessionForm, SessionStatus
from tests.faults.payloads import PAYLOADS, decoded, live
from tests.installation import MONDAY
from tests.support import paper_samples as samples
from tests.web_server import web_server
from tests.world import World

pytestmark = pytest.mark.slow

RAW = {name: decoded(payload) for name, payload in PAYLOADS.items()}
CODE = "#panic(1)#read"
ICS = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:nan-nhan@evil.test"
"""Properties that a calendar's reader would act on."""
PROPERTIES = {
    *("UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "LOCATION", "URL", "DESCRIPTION"),
    "TRANSP",
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ACTIVE = {f"{W}{name}" for name in ("fldSimple", "instrText", "fldChar", "hyperlink", "altChunk", "object")}


def test_the_reader_of_pages_sees_what_is_live() -> None:
    assert live("<p>&lt;script&gt;</p>") == []
    assert len(live("<script>1</script><p onclick=a><a href='JavaScript:x'>")) == 3


def test_portal_pages_feed_and_data_have_no_live_markup(flooded: tuple[World, Path]) -> None:
    """As if everything were published as it came: page, data and Atom entry of each question, and the lists."""
    house, _ = flooded
    pages = Pages.of(house.house.installation)
    entries = []
    for row in house.house.questions:
        shown = [str(row[name]) for name in ("subject", "content", "asker_name", "asker_address")]
        parts = tuple(Part(f"Câu hỏi {number}", text) for number, text in enumerate(shown))
        at = row["received_at"]
        day = at.date()
        page = Page(str(row["code"]), f"2026/{row['code']}.html", shown[0], day, day, shown[2], parts)
        html = pages.page(page).decode()
        assert live(html) == [], html
        assert ("7*7" in "".join(shown)) == ("{{ 7*7 }}" in html), "no template is run"
        assert json.loads(pages.data(page))["title"] == shown[0]
        entries.append(FeedEntry(page, at, at))
    tree = etree.fromstring(atom(house.house.installation, entries))
    assert {etree.QName(one).localname for one in tree.iter()} <= {
        *("feed", "id", "title", "updated", "link", "author", "name", "entry", "published", "content")
    }
    assert len(entries) > 120


def test_pages_for_the_house_have_no_live_markup(flooded: tuple[World, Path]) -> None:
    house = flooded[0].house
    reader = open_reader(house.config.database.full_url().get_secret_value())
    with web_server(house.config, reader, house.installation.board, house.clock, "", ()) as server:
        paths = [f"/cau-hoi/{row['code']}" for row in house.questions]
        searches = [f"/tim?q={quote(one)}" for one in RAW.values()]
        for path in ("/", "/thoi-han", "/don-vi", *searches, *paths):
            answer = server.ask(path)
            assert answer.status == 200, path
            assert live(answer.text) == [], path
            assert {"x-evil", "bcc"}.isdisjoint(name.lower() for name in answer.headers)


@pytest.mark.parametrize("before", ["", " ", "\n", "\r\n ", "\u00a0", "\u3000", "\u2003\t", "\x0b"])
def test_no_beginning_makes_a_cell_a_formula(before: str) -> None:
    for sign in "=+-@＝＋－＠":
        assert safe_cell(f"{before}{sign}1+1").startswith("'"), repr(before)
    assert safe_cell(f"{before}1+1") == f"{before}1+1".replace("\x0b", "").replace("\r", "")


def entries_of(data: bytes) -> list[vobject.base.Component]:
    """By a second library."""
    return list(getattr(vobject.readOne(data.decode()), "vevent_list", []))


def test_no_property_gets_into_the_calendar(flooded: tuple[World, Path]) -> None:
    """A calendar with a duty for each question; then with each payload wherever a session's form has a text."""
    house = flooded[0].house
    with house.engine.begin() as connection:
        found = agenda(connection, house.clock())
    assert len(found.duties) > 100
    assert len(entries_of(feed(found, house.installation.board, MONDAY))) == len(found.duties)
    texts = [*RAW.values(), ICS, ICS.replace("\r\n", "\n"), ICS.replace("\r\n", "\r"), "a\u2028URL:x\x85URL:x"]
    for number, text in enumerate(texts):
        form = SessionForm(text, MONDAY, place=text)
        session = SessionFacts(1, f"P{number}", SessionStatus.ANNOUNCED, MONDAY, form, link=text)
        data = feed(Agenda((session,)), house.installation.board, MONDAY)
        (event,) = entries_of(data)
        assert {child.name for child in event.getChildren()} <= PROPERTIES, data
        (same,) = Calendar.from_ical(data).walk("VEVENT")
        assert set(same) <= PROPERTIES
        lines = re.split(r"\r\n|\r|\n", data.decode().replace("\r\n ", ""))
        names = {re.split("[:;]", line)[0] for line in lines if line}
        assert names <= PROPERTIES | {"BEGIN", "END", "PRODID", "VERSION", "CALSCALE", "METHOD", "X-WR-CALNAME"}, data


def letter_of(texts: dict[str, str], number: int = 1) -> Document:
    """A letter to a unit with each text wherever a citizen's words may stand; the unit's own name too."""
    given = samples.forwarding()
    questions = tuple(
        AskedQuestion(one, one, one, MONDAY, one, one, one, one, one, (one, one)) for one in texts.values()
    )
    made: ForwardingInput = replace(given, questions=questions, unit=" ".join(texts.values()))
    return build_forwarding_letter(made)


def of_register(flooded: tuple[World, Path], form: str) -> bytes:
    house, folder = flooded
    out = folder / f"print.{form}"
    assert house.house.command("register", "export", "--output", str(out)) == 0
    return out.read_bytes()


def test_documents_have_no_field_link_or_part_of_the_attackers(flooded: tuple[World, Path]) -> None:
    """DOCX: the same parts, relations and kinds of elements as the same document without an attack has."""
    honest = _inside(to_docx(letter_of({"x": "x"})))
    assert _inside(to_docx(letter_of(RAW))) == honest
    register = _inside(of_register(flooded, "docx"))
    assert (register[0], register[1]) == (honest[0], honest[1])
    assert not register[2] & ACTIVE - honest[2]


def _inside(data: bytes) -> tuple[set[str], set[str], set[str]]:
    """Names of the parts, targets of the relations (none outside the file), kinds of elements in the text."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = packed.namelist()
        relations = [etree.fromstring(packed.read(name)) for name in names if name.endswith(".rels")]
        body = etree.fromstring(packed.read("word/document.xml"))
    every = [one for tree in relations for one in tree]
    assert len(names) == len(set(names))
    assert [one for one in every if one.get("TargetMode") == "External"] == []
    text = "".join(one.text or "" for one in body.iter(f"{W}t"))
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text)
    return set(names), {str(one.get("Target")) for one in every}, {str(one.tag) for one in body.iter()}


def test_no_code_runs_in_the_setting_of_a_pdf(flooded: tuple[World, Path]) -> None:
    """The payload that is Typst's own code (stop, read a file) is printed as written; nothing in the file acts."""
    try:
        pdf.find_font()
    except ConfigurationError as error:
        pytest.skip(str(error))
    letter, register = to_pdf(letter_of(RAW)), of_register(flooded, "pdf")
    for data in (letter, register):
        reader = pypdf.PdfReader(io.BytesIO(data))
        text = re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in reader.pages))
        assert CODE in text
        assert "root:x:0" not in text
        root: Any = reader.trailer["/Root"]
        assert {"/OpenAction", "/AA", "/AcroForm"}.isdisjoint(root)
        assert {"/JavaScript", "/EmbeddedFiles"}.isdisjoint(root.get("/Names", {}))
        assert [page for page in reader.pages if "/Annots" in page] == []
