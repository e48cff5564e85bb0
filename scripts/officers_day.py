"""An officer's day by mail only, in a real webmail on real servers: pictures for docs/images/day-*.png.

Needs, as root: Dovecot, Postfix, Chromium, and Debian's roundcube-core, roundcube-sqlite3, php-cli and php-sqlite3.
The program works beside it by a clock of its own; the officer, a unit's clerk and a citizen read, click and write in
Roundcube.
"""

from __future__ import annotations

import imaplib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.installation import HEAD, MAILBOX, OFFICE, OFFICER, UNITS, LiveInstallation, letter, unit_address
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.process import free_ports, start_process, stop_process, wait_for_port

IMAGES = Path(__file__).resolve().parent.parent / "docs/images"
ROUNDCUBE = Path("/var/lib/roundcube")
SCHEMA = Path("/usr/share/roundcube/SQL/sqlite.initial.sql")
CITIZEN = "an@dan.test"
ROAD_UNIT = unit_address("SXD")
DESKTOP, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=390, height=844)
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")

PREFERENCES = {
    **dict.fromkeys(("smtp_user", "smtp_pass", "mail_domain"), ""),
    **{"language": "vi_VN", "timezone": "Asia/Ho_Chi_Minh", "date_format": "d/m/Y", "date_long": "d/m/Y H:i"},
    **{"skin": "elastic", "layout": "list", "prefer_html": "1", "htmleditor": "0"},
    **{"log_driver": "stdout", "des_key": "a key for one day only  "},
}
SIGNED = "\n\nNguyễn Văn An\nSố 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\n0912 000 111"
LETTERS = (
    ((2026, 11, 6, 2), CITIZEN, "Đường hỏng", "Kính gửi Ban Biên tập, đường trước nhà tôi nhiều ổ gà, mặt đường "
     "hư hỏng nặng, bao giờ Sở Xây dựng sửa?"),
    ((2026, 11, 10, 3), "ba@dan.test", "Thẻ BHYT", "Tôi muốn hỏi thủ tục cấp lại thẻ bảo hiểm y tế bị mất thì nộp "
     "ở đâu, cần giấy tờ gì?"),
    ((2026, 11, 23, 2), "tu@dan.test", "Xin hỏi", "Gần nhà tôi có bãi đất trống người ta tập kết đủ thứ, đêm ồn ào "
     "không ngủ được, cơ quan nào giải quyết?"),
    ((2026, 11, 23, 3), "nam@dan.test", "Đơn khiếu nại", "Tôi khiếu nại quyết định xử phạt số 12/QĐ-XPVPHC của UBND "
     "phường đối với gia đình tôi, đề nghị giải quyết."),
    ((2026, 11, 23, 4), "sau@dan.test", "Nước yếu", "Nước máy nhà tôi ba tuần nay rất yếu, có hôm mất nước, xin hỏi "
     "khi nào khắc phục?"),
)  # fmt: skip
"""When (UTC), who, subject, text."""


@contextmanager
def webmail(imap: int, smtp: int) -> Iterator[str]:
    """Roundcube on PHP's own server with a database of its own; gives its address."""
    with tempfile.TemporaryDirectory() as name:
        folder, (port,) = Path(name), free_ports(1)
        for part in ("defaults.inc.php", "mimetypes.php"):
            shutil.copy(f"/etc/roundcube/{part}", folder)
        settings = {
            "db_dsnw": f"sqlite:///{folder}/roundcube.db?mode=0640",
            "imap_host": f"127.0.0.1:{imap}",
            "smtp_host": f"127.0.0.1:{smtp}",
            **dict.fromkeys(("temp_dir", "log_dir"), str(folder)),
            **PREFERENCES,
        }
        lines = [f"$config['{name}'] = '{value}';" for name, value in settings.items()]
        text = "\n".join(["<?php", "$config = ['plugins' => []];", *lines, ""])
        (folder / "config.inc.php").write_text(text, encoding="utf-8")
        subprocess.run(["sqlite3", f"{folder}/roundcube.db", f".read {SCHEMA}"], check=True)
        command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(ROUNDCUBE)]
        environment = {**os.environ, "ROUNDCUBE_CONFIG_DIR": str(folder)}
        process = start_process(command, folder / "php.log", env=environment)
        try:
            wait_for_port(port, process, folder / "php.log")
            yield f"http://127.0.0.1:{port}/"
        finally:
            stop_process(process)


class Daemon:
    """The program in a thread of its own, because the browser's driver uses this thread's event loop."""

    def __init__(self, folder: Path, dovecot: Dovecot, postfix: Postfix) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._postfix, self._imap_port = postfix, dovecot.imap_port
        self._house = self._thread.submit(LiveInstallation, folder, dovecot.imap_port, postfix.port).result()

    def at(self, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> None:
        """Set the clock (UTC), let the program catch up, and deliver everything."""
        self._postfix.wait_until_empty()
        self._thread.submit(self._work, datetime(year, month, day, hour, minute, tzinfo=UTC)).result()
        self._postfix.wait_until_empty()

    def _work(self, now: datetime) -> None:
        self._house.clock.at = now
        self._house.run(2)

    def arrived(self, raw: bytes, year: int, month: int, day: int, hour: int) -> None:
        """Put a citizen's mail of an earlier day (UTC) into the mailbox: by SMTP it would be received today."""
        with imaplib.IMAP4("127.0.0.1", self._imap_port) as client:
            client.login(MAILBOX, "secret")
            client.append("INBOX", "", datetime(year, month, day, hour, tzinfo=UTC), raw)
        self.at(year, month, day, hour)

    def close(self) -> None:
        """Close everything."""
        self._thread.submit(self._house.close).result()
        self._thread.shutdown()


class Reader:
    """A person at the webmail."""

    def __init__(self, page: Page, address: str, who: str) -> None:
        self.page = page
        page.goto(address)
        page.fill("input[name=_user]", who)
        page.fill("input[name=_pass]", "secret")
        page.click("#rcmloginsubmit")
        page.wait_for_selector("#messagelist")
        self.inbox = page.url

    def picture(self, name: str) -> None:
        """Take a picture of what the person sees."""
        self.page.wait_for_timeout(400)
        file = IMAGES / f"day-{name}.png"
        self.page.screenshot(path=file)
        with Image.open(file) as seen:
            seen.quantize(96).save(file, optimize=True)
        print(f"day-{name}.png: {self.page.title()}")

    def open(self, words: str) -> None:
        """Open the newest mail whose subject contains these words."""
        self.page.goto(self.inbox)
        self.page.wait_for_selector("#messagelist tbody tr")
        link = self.page.locator("#messagelist tbody tr a", has_text=words).first
        self.page.goto(self.inbox.split("?")[0] + link.get_attribute("href").removeprefix("./"))  # type: ignore[union-attr]
        self.page.wait_for_selector("#messagebody")

    def click_command(self, about: str, words: str) -> None:
        """Click a prepared command of an item: the webmail asks what to do with the link, then opens its window."""
        self.page.locator("#messagebody li", has_text=about).locator("a", has_text=words).first.click()
        self.page.locator("a.compose:visible, a:visible", has_text="Soạn thư cho").last.click(force=True)
        self.page.wait_for_selector("#composebody")

    def write_on(self, text: str) -> None:
        """Write after the text that is there."""
        self.page.fill("#composebody", self.page.input_value("#composebody").rstrip() + text)

    def answer(self, text: str) -> None:
        """Reply above the quoted text."""
        self.page.locator("a.reply:visible").first.click()
        self.page.wait_for_selector("#composebody")
        quoted = self.page.input_value("#composebody")
        self.page.fill("#composebody", f"{text}\n\n{quoted}")
        self.page.evaluate("document.querySelectorAll('*').forEach(one => { one.scrollTop = 0; })")

    def send(self) -> None:
        """Send the mail."""
        self.page.locator("#compose-content button.send:visible, .formbuttons button.send:visible").last.click(
            force=True
        )
        self.page.wait_for_selector("#messagelist, #messagebody", timeout=15_000)
        self.page.wait_for_timeout(500)


def officer(reader: Reader, daemon: Daemon) -> None:
    """Read the overview, send a prepared command, write three commands at once, read their results."""
    reader.open("Công việc ngày 25/11/2026")
    reader.picture("2-overview")
    reader.click_command("HP-2026-000003: Xin hỏi; dự đoán", "Chuyển đơn vị khác")
    reader.write_on(" Sở Nông nghiệp và Môi trường")
    reader.picture("3-prepared-command")
    reader.send()
    daemon.at(2026, 11, 25, 1, 20)
    reader.open("Kết quả")
    reader.open("Công việc ngày 25/11/2026")
    reader.answer(
        "ky nhan tat ca\nHP-2026-000002 ghi chú: đã gọi điện cho người hỏi\nHP-2026-000002 chuyển Sở Đường sắt"
    )
    reader.picture("5-three-commands")
    reader.send()
    daemon.at(2026, 11, 25, 1, 30)
    reader.open("Kết quả")
    reader.picture("6-answered-line-by-line")
    reader.open("khiếu nại")
    reader.picture("7-complaint")


def clerk(reader: Reader, daemon: Daemon) -> None:
    """Let the unit's clerk answer the question by replying."""
    reader.open("Đã quá hạn")
    reader.picture("8-unit")
    reader.answer(
        "Sở Xây dựng trả lời: đoạn đường sẽ được sửa xong trước ngày 30/12/2026.\n\nPhó Giám đốc Phạm Quốc Khánh"
    )
    reader.send()
    daemon.at(2026, 11, 25, 2, 30)


def citizen(reader: Reader) -> None:
    """Show the answer on a phone."""
    reader.open("Trả lời câu hỏi")
    reader.picture("9-citizen-phone")


def main() -> None:
    """Play the whole day."""
    people = (MAILBOX, OFFICER, OFFICE, HEAD, *(one[1] for one in LETTERS))
    users = dict.fromkeys((*people, *(unit_address(code) for code in UNITS)), "secret")
    domains = sorted({address.rpartition("@")[2] for address in users})
    with (
        tempfile.TemporaryDirectory() as folder,
        Dovecot(users) as dovecot,
        Postfix(dovecot.lmtp_port, domains=domains) as postfix,
        webmail(dovecot.imap_port, postfix.port) as address,
        sync_playwright() as playwright,
    ):
        daemon = Daemon(Path(folder) / "house", dovecot, postfix)
        for when, who, subject, text in LETTERS:
            daemon.arrived(letter(who, text + SIGNED, subject=subject), *when)
        daemon.at(2026, 11, 25, 1, 15)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))

        def reader(who: str, size: ViewportSize) -> Reader:
            page = browser.new_context(viewport=size, locale="vi-VN").new_page()
            return Reader(page, address, who)

        officer(reader(OFFICER, DESKTOP), daemon)
        clerk(reader(ROAD_UNIT, DESKTOP), daemon)
        citizen(reader(CITIZEN, PHONE))
        browser.close()
        daemon.close()


if __name__ == "__main__":
    main()
