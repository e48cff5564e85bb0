"""Thirteen places of a mail × twelve payloads: no further header, no formula, no file elsewhere, no live HTML."""

from __future__ import annotations

import base64
import csv
import email
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from daemon.cli import main
from daemon.mailout.headers import names_in
from daemon.publication_feed import FeedEntry, atom
from daemon.publication_pages import Page, Pages, Part
from db.reading import open_reader
from tests.desk import NO_SERVER, ROAD, Desk, desk
from tests.installation import Installation
from tests.web_server import web_server

pytestmark = pytest.mark.slow

ALLOWED = {
    *(b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references"),
    *(b"auto-submitted", b"x-auto-response-suppress", b"x-doithoai", b"mime-version", b"content-type"),
    *(b"content-language", b"content-transfer-encoding"),
}
BCC = "x\r\nBcc: nan-nhan@evil.test\r\nX-Evil: 1"


def word(text: str) -> str:
    """An encoded word (RFC 2047)."""
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


PAYLOADS = {
    "folded lines": "x\r\n Bcc: nan-nhan@evil.test",
    "encoded lines": word(BCC),
    "doubly encoded lines": word(word(BCC)),
    "bare carriage return": word("x\rBcc: nan-nhan@evil.test"),
    "formula": '=HYPERLINK("http://evil.test","x")',
    "formula behind a space": " +cmd|' /C calc'!A0",
    "full-width formula": "＝1+1",
    "formula behind a tab": word("\t@SUM(1+1)"),
    "path": "../../../../tmp/evil",
    "control and direction": word("a\x00b\x0b\u202egpj.exe"),
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
}
PLACES = (
    *("subject", "display name", "local part", "message-id", "references", "reply-to", "date", "to", "body"),
    *("name of the asker", "address of the asker", "file name", "charset"),
)


def hostile(place: str, payload: str, number: int) -> bytes:
    """A question with the payload in one place."""
    at = dict.fromkeys(PLACES, "") | {place: payload}
    name = at["name of the asker"] or "Nguyễn Văn An"
    home = at["address of the asker"] or "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng"
    text = ROAD.split("\n\n", 1)[0] + f"\n{at['body']}\n\n{name}\n{home}\n0912 000 111\n"
    display, sender = at["display name"] or f"An {number}", f"an{number}{at['local part']}@dan{number}.test"
    lines = [
        f"From: {display} <{sender}>",
        f"To: {at['to'] or 'doithoai@haiphong.test'}",
        f"Subject: {at['subject'] or 'Hỏi về đường'}",
        f"Message-ID: <{at['message-id']}{number}@dan.test>",
        *([f"References: <{at['references']}x@dan.test>"] if at["references"] else []),
        f"Reply-To: {at['reply-to'] or sender}",
        f"Date: {at['date'] or 'Mon, 05 Oct 2026 09:00:00 +0700'}",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=b",
    ]
    parts = (
        f'--b\r\nContent-Type: text/plain; charset="utf-8{at["charset"]}"\r\n\r\n{text}\r\n'
        f"--b\r\nContent-Type: application/pdf\r\n"
        f'Content-Disposition: attachment; filename="{at["file name"] or "don.pdf"}"\r\n\r\n%PDF-1.4\r\n--b--\r\n'
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + parts).encode()


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Path]]:
    folder = tmp_path_factory.mktemp("output")
    with desk(folder / "house") as made:
        number = 0
        for place in PLACES:
            for payload in PAYLOADS.values():
                number += 1
                made.house.clock.forward(minutes=3)
                made.arrive(hostile(place, payload, number))
        assert number == 13 * 12
        yield made, folder


def test_most_of_them_are_registered_all_have_a_fate(flooded: tuple[Desk, Path]) -> None:
    house, _ = flooded
    assert {row["status"] for row in house.house.mails} <= {"done", "held"}
    assert len(house.house.questions) > 120


def test_no_mail_has_a_header_of_the_attackers(flooded: tuple[Desk, Path]) -> None:
    for row in flooded[0].house.sent:
        head = bytes(row["bytes"]).partition(b"\r\n\r\n")[0]  # type: ignore[arg-type]
        assert {name.lower() for name in names_in(head)} <= ALLOWED, head
        assert b"\r" not in head.replace(b"\r\n", b"")
        assert b"\n" not in head.replace(b"\r\n", b"")


def test_no_mail_goes_to_the_victim(flooded: tuple[Desk, Path]) -> None:
    for row in flooded[0].house.sent:
        assert "nan-nhan" not in str(row["recipient"])
        parsed = email.message_from_bytes(bytes(row["bytes"]))  # type: ignore[arg-type]
        assert {"Bcc", "Cc", "X-Evil"}.isdisjoint(parsed.keys())


def test_no_live_markup_and_no_template_is_run(flooded: tuple[Desk, Path]) -> None:
    for row in flooded[0].house.sent:
        for part in email.message_from_bytes(bytes(row["bytes"])).walk():  # type: ignore[arg-type]
            if part.get_content_type() == "text/html":
                html = bytes(part.get_payload(decode=True)).decode().lower()  # type: ignore[arg-type]
                assert not re.search(r"<script|<img|<class|onerror=alert\(1\)>(?!&)", html), html
                assert "{{ 7*7 }}" in html or "7*7" not in html


def test_exports_have_no_formula_and_no_control_character(flooded: tuple[Desk, Path]) -> None:
    house, folder = flooded
    out = folder / "so.csv"
    assert main(["register", "export", "--config", str(house.house.file), "--output", str(out)]) == 0
    cells = [cell for row in csv.reader(io.StringIO(out.read_text("utf-8-sig"), newline="")) for cell in row]
    assert len(cells) > 1000
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝＋－＠")] == []
    assert [cell for cell in cells if any(ord(sign) < 32 and sign not in "\r\n\t" for sign in cell)] == []


def test_the_workbook_has_no_formula(flooded: tuple[Desk, Path]) -> None:
    house, folder = flooded
    out = folder / "so.xlsx"
    assert main(["register", "export", "--config", str(house.house.file), "--output", str(out)]) == 0
    with closing(openpyxl.load_workbook(out)) as book:
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 1000
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []


class _Live(HTMLParser):
    """Collects what a browser would act on and is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        bad = [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "").lower()]
        if tag in {"script", "img", "iframe", "object", "embed", "class"} or bad:
            self.found.append(f"{tag} {bad}")


def live(html: str) -> list[str]:
    """What is live in a page."""
    reader = _Live()
    reader.feed(html)
    return reader.found


def test_the_reader_of_pages_sees_what_is_live() -> None:
    assert live("<p>&lt;script&gt;</p>") == []
    assert len(live("<script>1</script><p onclick=a><a href='JavaScript:x'>")) == 3


def test_portal_pages_and_feed_have_no_live_markup(flooded: tuple[Desk, Path]) -> None:
    """As if everything were published as it came: page, data and Atom entry of each question."""
    house, _ = flooded
    pages = Pages.of(house.house.office)
    entries = []
    for row in house.house.questions:
        shown = [str(row[name]) for name in ("subject", "content", "asker_name", "asker_address")]
        parts = tuple(Part(f"Câu hỏi {number}", text) for number, text in enumerate(shown))
        at = row["received_at"]
        day = at.date()  # type: ignore[attr-defined]
        page = Page(str(row["code"]), f"2026/{row['code']}.html", shown[0], day, day, shown[2], parts)
        html = pages.page(page).decode()
        assert live(html) == [], html
        assert ("7*7" in "".join(shown)) == ("{{ 7*7 }}" in html), "no template is run"
        assert json.loads(pages.data(page))["title"] == shown[0]
        entries.append(FeedEntry(page, at, at))  # type: ignore[arg-type]
    feed = etree.fromstring(atom(house.house.office, entries))
    assert {etree.QName(one).localname for one in feed.iter()} <= {
        *("feed", "id", "title", "updated", "link", "author", "name", "entry", "published", "content")
    }
    assert len(entries) > 120


def test_pages_for_the_house_have_no_live_markup(flooded: tuple[Desk, Path]) -> None:
    house = flooded[0].house
    reader = open_reader(house.config.database.full_url().get_secret_value())
    with web_server(house.config, reader, house.office.house, house.clock, "", ()) as server:
        paths = [f"/cau-hoi/{row['code']}" for row in house.questions]
        for path in ("/", "/thoi-han", "/don-vi", "/tim?q=script", *paths):
            answer = server.ask(path)
            assert answer.status == 200
            assert live(answer.text) == [], path


def test_no_file_is_written_outside_the_store(flooded: tuple[Desk, Path]) -> None:
    house, _ = flooded
    names = {path.name for path in house.house.folder.rglob("*")}
    assert names <= {
        *("doithoai.db", "doithoai.db-wal", "doithoai.db-shm", "doithoai.db.lock"),
        *("doithoai.toml", "imap-password", "signing-key"),
    }
    assert not Path("/tmp/evil").exists()


def test_a_template_that_lets_live_html_out_is_found_before_the_first_mail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator's own layout: mail out attacks itself at the start, and nothing is read or sent with it."""
    house = Installation(tmp_path / "house", NO_SERVER, NO_SERVER, extra='[rules]\nfolder = "own"\n')
    house.close()
    layout = files("mail_templates").joinpath("layout.html.j2").read_text("utf-8")
    own = tmp_path / "house" / "own"
    own.mkdir()
    (own / "layout.html.j2").write_text(layout.replace("</main>", "<script>1</script></main>"), encoding="utf-8")
    for command in (["run", "--once"], ["check", "--offline"]):
        assert main([*command, "--config", str(house.file)]) == 1
        said = capsys.readouterr()
        assert "templates: " in said.err + said.out
        assert "live HTML: <script>" in said.err + said.out
