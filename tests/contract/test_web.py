"""The read-only pages over HTTP by a real uvicorn, and in a real Chromium at phone and desktop width."""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.exc import DBAPIError

from daemon.base.errors import ConfigurationError
from daemon.commands import web
from daemon.portal.publish import publish
from db.core.tables import assignment, question
from db.reports.read_only import open_reader
from tests.installation import LiveInstallation
from tests.servers.postgres import Postgres
from tests.town_hall import SCRIPTED, SECRET_WORDS, town_hall
from tests.web_server import Answer, WebServer, web_server

PATHS = ("/", "/thoi-han", "/cau-hoi/HP-2026-000007", "/phien", "/phien/P-2026-01", "/don-vi", "/tim?q=duong")
REPOSITORY = Path(__file__).resolve().parents[2]
REDUNDANT = re.compile(r'<(?:table|thead|tbody|tr|th|td) [^>]*role="')
"""ARIA in HTML forbids it: these elements have their roles by themselves."""
FOREIGN = re.compile(r"<script|style=|javascript:| on[a-z]+=\"|src=\"(?:https?:)?//")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
WIDEST = "document.documentElement.scrollWidth"
FOCUSED = "document.activeElement.tagName + ' ' + getComputedStyle(document.activeElement).outlineStyle"


@dataclass(frozen=True, slots=True)
class Hall:
    house: LiveInstallation
    web: WebServer


def served(
    house: LiveInstallation, *, base: str = "", hosts: tuple[str, ...] = ()
) -> AbstractContextManager[WebServer]:
    reader = open_reader(house.config.database.full_url().get_secret_value())
    return web_server(house.config, reader, house.installation.board, house.clock, base, hosts)


def warm(hall: Hall) -> Hall:
    """After the first question: its thread and its connection are kept for the next ones."""
    assert hall.web.ask("/").status == 200
    return hall


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with town_hall(tmp_path_factory.mktemp("hall")) as house, served(house) as server:
        yield warm(Hall(house, server))


@pytest.fixture(scope="module")
def postgres_hall(postgres_server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("hall")
    with town_hall(folder, postgres_server.new_url()) as house, served(house) as server:
        yield warm(Hall(house, server))


@pytest.fixture(scope="module", params=["hall", "postgres_hall"], ids=["sqlite", "postgresql"])
def any_hall(request: pytest.FixtureRequest) -> Hall:
    """The pages on either database."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Hall)
    return found


def text_of(answer: Answer) -> str:
    """What a reader sees; any parse error is one here."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
    return " ".join("".join(tree.find("body").itertext()).split())


TODAY = date(2026, 11, 17)


def owed(hall: Hall, wanted: Callable[[date], bool]) -> list[dict[str, Any]]:
    """What units owe whose date is such; whose work a question is, the rules decide."""
    rows = hall.house.rows(assignment)
    return [row for row in rows if row["status"] == "forwarded" and wanted(row["due_on"])]


def published(hall: Hall) -> str:
    """The question whose answer stands on the portal."""
    return next(str(row["code"]) for row in hall.house.questions if row["status"] == "published")


def test_every_page_answers_in_good_html_and_nothing_secret_is_in_it(any_hall: Hall) -> None:
    for path in PATHS:
        answer = any_hall.web.ask(path)
        assert answer.status == 200, path
        assert 'lang="vi"' in answer.text
        text_of(answer)
        assert [word for word in SECRET_WORDS if word in answer.text] == [], path
        assert not FOREIGN.search(answer.text), path
        assert not REDUNDANT.search(answer.text), path
    text = text_of(any_hall.web.ask("/"))
    late, today = owed(any_hall, lambda day: day < TODAY), owed(any_hall, lambda day: day == TODAY)
    unsure = [row for row in any_hall.house.questions if row["status"] == "needs_review"]
    assert len(late) > 1
    assert today
    for words in (f"Quá hạn {len(late)}", f"Đến hạn hôm nay {len(today)}", f"xem xét {len(unsure)}", SCRIPTED):
        assert words in text, words
    for word in SECRET_WORDS:
        assert "0 câu hỏi" in text_of(any_hall.web.ask(f"/tim?q={quote(word)}")), word


def test_a_question_tells_its_story_and_each_date_explains_itself(any_hall: Hall) -> None:
    code = published(any_hall)
    text = text_of(any_hall.web.ask(f"/cau-hoi/{code.lower()}"))
    for words in (
        "đã đăng tải",
        "Nguyễn Văn An",
        "0912 000 111",
        "điểm c khoản 1 Điều 10",
        "Vào sổ",
        "Duyệt để đăng",
        "quý I năm 2027",
        "Tính từ thứ Năm, ngày 22/10/2026",
        "Điều 147, Điều 148 Bộ luật Dân sự",
        f"Thư của đơn vị (trả lời) về {code}",
    ):
        assert words in text, words
    session = text_of(any_hall.web.ask("/phien/P-2026-01"))
    own = next(str(row["code"]) for row in any_hall.house.questions if row["session_id"])
    for words in ("đã thông báo", "Phòng họp số 2", "23/11/2026", "Kế hoạch:", "đã duyệt", own):
        assert words in session, words
    found = text_of(any_hall.web.ask(f"/tim?q={quote('ổ gà')}"))
    for row in any_hall.house.questions:
        assert (str(row["code"]) in found) == ("ổ gà" in str(row["content"])), row["code"]
    assert "HP-2026-000003" in text_of(any_hall.web.ask("/tim?q=HP-2026-000003"))
    units = text_of(any_hall.web.ask("/don-vi"))
    assert f"{len(owed(any_hall, lambda day: day < TODAY))} mục quá hạn" in units
    mine = [row for row in owed(any_hall, lambda _: True) if row["unit"] == "SYT" or row["unit"] == "SGDDT"]
    late = sum(1 for row in mine if row["due_on"] < TODAY)
    assert f"{late} quá hạn / {len(mine)}" in units


def test_its_connection_cannot_write(any_hall: Hall) -> None:
    reader = open_reader(any_hall.house.config.database.full_url().get_secret_value())
    try:
        for words in ("UPDATE question SET subject = 'x'", "DELETE FROM journal", "CREATE TABLE x (y integer)"):
            with reader.connect() as connection, pytest.raises(DBAPIError, match=r"read-?only"):
                connection.exec_driver_sql(words)
    finally:
        reader.dispose()


def test_a_denunciation_in_the_register_is_shown_nowhere(hall: Hall) -> None:
    late = owed(hall, lambda day: day < TODAY)
    code = {row["id"]: str(row["code"]) for row in hall.house.questions}[late[0]["question_id"]]
    with hall.house.engine.begin() as connection:
        connection.execute(question.update().where(question.c.code == code).values(kind="denunciation"))
    try:
        assert hall.web.ask(f"/cau-hoi/{code}").status == 404
        assert [path for path in (*PATHS, "/tim?q=hoi") if code in hall.web.ask(path).text] == []
        assert f"Quá hạn {len(late) - 1}" in text_of(hall.web.ask("/"))
    finally:
        with hall.house.engine.begin() as connection:
            connection.execute(question.update().where(question.c.code == code).values(kind="question"))
    assert code in hall.web.ask("/").text


def test_only_looking_only_by_our_names(hall: Hall) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = hall.web.ask("/", method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD"), method
    assert (hall.web.ask("/", "HEAD").status, hall.web.ask("/", "HEAD").text) == (200, "")
    for host in ("evil.test", "evil.test:80", "127.0.0.1.evil.test", "localhost.evil.test", "[::1]evil", "", "a@b"):
        assert hall.web.ask("/", Host=host).status == 421, host
    for host in ("localhost:1", "127.0.0.1", "[::1]:8374"):
        assert hall.web.ask("/health", Host=host).text == "ok\n", host
    for path in ("/nothing", "/cau-hoi/HP-2026-999999", "/phien/P-1", "/..%2f..%2fetc/passwd", "/static/app.py"):
        answer = hall.web.ask(path)
        assert answer.status == 404, path
        assert "Không có trang này" in text_of(answer)


def test_every_answer_has_the_headers(hall: Hall) -> None:
    for path in (*PATHS, "/style.css", "/icon.svg", "/health", "/nothing"):
        headers = hall.web.ask(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers
    assert hall.web.ask("/").headers["cache-control"] == "no-store"


def test_behind_a_proxy_under_a_path_and_a_name(hall: Hall) -> None:
    with served(hall.house, base="/doithoai", hosts=("noibo.test",)) as server:
        for path in ("/doithoai/", "/"):  # a proxy that keeps the path, and one that cuts it
            answer = server.ask(path, Host="noibo.test")
            assert answer.status == 200
            links = re.findall(r'(?:href|action)="(/[^"]*)"', answer.text)
            assert links
            assert [link for link in links if not link.startswith("/doithoai/")] == []
        assert server.ask("/doithoai/don-vi", Host="NOIBO.test:443").status == 200
        assert server.ask("/", Host="evil.test").status == 421


def test_a_database_that_is_absent_strange_or_locked_is_said_so(hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "strange.db").write_bytes(b"no database at all" * 100)
    (tmp_path / "empty.db").write_bytes(b"")
    with closing(sqlite3.connect(tmp_path / "locked.db", isolation_level=None)) as writer:
        writer.execute("CREATE TABLE question (id integer)")
        writer.execute("BEGIN EXCLUSIVE")
        for name in ("absent.db", "strange.db", "empty.db", "locked.db"):
            reader = open_reader(f"sqlite:///{tmp_path / name}")
            with web_server(hall.house.config, reader, hall.house.installation.board, hall.house.clock) as server:
                answer = server.ask("/don-vi")
                assert (answer.status, answer.headers["retry-after"]) == (503, "60"), name
                assert "Chưa đọc được sổ ghi chép" in text_of(answer)
    assert not (tmp_path / "absent.db").exists()


def test_the_command_says_in_one_line_what_is_missing(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "daemon.commands.web", raising=False)
    assert hall.house.command("web") == 1
    assert capsys.readouterr().err == "doithoai: web: uvicorn is not installed; pip install 'doithoai[web]'\n"


def test_the_command_serves_until_it_is_told_to_stop(hall: Hall, tmp_path: Path) -> None:
    toml = hall.house.file.read_text("utf-8").replace("[board]", '[web]\nlisten = "127.0.0.1:0"\n[board]')
    (tmp_path / "web.toml").write_text(toml, encoding="utf-8")
    command = [sys.executable, "-m", "daemon", "web", "--config", str(tmp_path / "web.toml")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY) as process:
        assert process.stderr is not None
        try:
            told = next(line for line in process.stderr if "listening" in line)
            found = re.search(r"port=(\d+)", told)
            assert found is not None
            assert WebServer(int(found[1])).ask("/health").text == "ok\n"
            process.terminate()
            assert process.wait(15) == 0
            assert process.stderr.read() == ""
        finally:
            process.kill()


def test_a_port_that_is_taken_is_told(hall: Hall) -> None:
    settings = hall.house.config.web.model_copy(update={"listen": f"127.0.0.1:{hall.web.port}"})
    with pytest.raises(ConfigurationError, match=r"web\.listen: 127\.0\.0\.1:\d+: Address already in use"):
        web.listening(hall.house.config.model_copy(update={"web": settings}))


def test_looking_is_logged_without_what_was_searched(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="doithoai"):
        hall.web.ask("/tim?q=Nguy%E1%BB%85n", X_Remote_User="canbo1")
        hall.web.ask("/cau-hoi/HP-2026-000001", X_Remote_User="canbo1")
    told = [getattr(one, "fields", {}) for one in caplog.records if one.getMessage() == "seen"]
    assert told[-2:] == [
        {"page": "search", "about": "", "by": "canbo1"},
        {"page": "question", "about": "HP-2026-000001", "by": "canbo1"},
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


def axe_findings(page: Page) -> list[str]:
    """Serious and critical findings of axe-core."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.system
def test_in_chromium_no_error_no_finding_no_sideways(hall: Hall, browser: Browser, tmp_path: Path) -> None:
    publish(hall.house.engine, hall.house.installation, tmp_path / "portal")
    portal = [one.as_uri() for one in (tmp_path / "portal").rglob("*.html") if one.parent.name != "portal"]
    assert len(portal) == 2
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: told.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: told.append(asked.url) if not asked.url.startswith(hall.web.url) else None)
    for url in (*(f"{hall.web.url}{path}" for path in PATHS), *portal):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(url)
        assert page.evaluate(WIDEST) <= 1280, url
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate(WIDEST) <= 360, url
        assert page.evaluate("getComputedStyle(document.querySelector('footer')).borderTopStyle") == "solid", "styled"
        assert [one for one in told if not one.startswith("file:")] == [], url
        assert axe_findings(page) == [], url
        told.clear()  # axe is a script, of which our policy may complain
    page.close()


def roles(page: Page) -> Counter[str]:
    """What the browser tells a screen reader."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    return Counter(node["role"]["value"] for node in tree["nodes"] if not node["ignored"])


@pytest.mark.system
def test_on_a_phone_a_row_begins_with_what_it_is_about(hall: Hall, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    for path, name in (("/thoi-han", "Số"), ("/phien/P-2026-01", "Việc"), ("/don-vi", "Đơn vị")):
        page.goto(f"{hall.web.url}{path}")
        head, cell = (page.locator(f"tbody tr:first-child {one}").first for one in (f'[data-label="{name}"]', "td"))
        upper, lower = head.bounding_box(), cell.bounding_box()
        assert upper is not None
        assert lower is not None
        assert (upper["y"] < lower["y"], upper["x"]) == (True, lower["x"]), path
        assert cell.evaluate("one => getComputedStyle(one).textAlign") == "left", path
    page.close()


@pytest.mark.system
def test_everything_is_reached_by_keyboard(hall: Hall, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{hall.web.url}/thoi-han")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0, "the skip link shows when it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"
    seen = []
    for _ in range(3):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
    assert seen == ["DIV solid", "A solid", "SUMMARY solid"], (
        "the drawing, a question, its date; each shows the focus"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True, "a date explains itself at a key"
    page.goto(f"{hall.web.url}/tim")
    page.get_by_label("Số câu hỏi").fill("ổ gà")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim?q=*")
    seen_by_readers = roles(page)
    rows = page.locator("tbody tr").count()
    assert rows > 1
    assert [seen_by_readers[one] for one in ("table", "row", "columnheader", "rowheader", "cell")] == [
        1, rows + 1, 4, rows, rows * 3,
    ], "still a table where rows are laid out as cards"  # fmt: skip
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    page.close()
