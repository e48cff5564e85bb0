"""Ten mails of different kinds on their way through one daemon, and what must be true afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from daemon.demo.servers import EmbeddedServers
from tests.desk import ROAD
from tests.installation import MAILBOX, OFFICE, OFFICER, UNITS, Installation, answer_to, letter, unit_address

COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của gia đình tôi."
CITIZENS = ("an", "ba", "chi", "dung", "em")
SXD = unit_address("SXD")


class Scene:
    """A house that has worked for a day in October, and ten mails that lie in its mailbox now."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        people = (MAILBOX, OFFICER, OFFICE, *map(unit_address, UNITS), *(f"{one}@dan.test" for one in CITIZENS))
        self.servers = EmbeddedServers(dict.fromkeys(people, "secret"))
        self.servers.start()
        ports = (self.servers.imap_port, self.servers.smtp_port)
        self.house = Installation(folder, *ports, database_url, connections=1)
        self._past()
        self._now()
        self.house.service.close()
        self.house.service.presence.hide()

    def _past(self) -> None:
        deliver, at = self.servers.deliver, self.house.clock.at
        deliver(MAILBOX, letter("an@dan.test", ROAD, subject="Đường hỏng"), at)  # overdue by now
        deliver(MAILBOX, letter("ba@dan.test", ROAD, subject="Ổ gà"), at)
        deliver(MAILBOX, letter("chi@dan.test", ROAD.split("\n\n")[0], subject="Thiếu tên"), at)
        deliver(MAILBOX, letter("em@dan.test", COMPLAINT), at)
        self.house.run()

    def _now(self) -> None:
        deliver = self.servers.deliver
        forward = next(one for one in self.servers.mails(SXD) if b"HP-2026-000002" in one)
        review = self.servers.mails(OFFICER)[-1]
        received = self.servers.mails("chi@dan.test")[-1]
        new = letter("dung@dan.test", ROAD, subject="Mặt đường")
        bounced = next(row for row in self.house.sent if row["recipient"] == "an@dan.test")
        late = self.house.clock.at + timedelta(hours=1)
        deliver(MAILBOX, new, late)
        deliver(MAILBOX, b"Received: from x.test by y.test; Mon, 5 Oct 2026 09:00:01 +0700\r\n" + new, late)
        deliver(
            MAILBOX, answer_to(forward, SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."), late
        )
        deliver(MAILBOX, answer_to(review, OFFICER, "Đăng ký"), late)
        deliver(MAILBOX, letter("dung@dan.test", ROAD, headers={"Auto-Submitted": "auto-replied"}), late)
        deliver(MAILBOX, answer_to(received, "chi@dan.test", "Tôi bổ sung:\n" + ROAD.split("\n\n")[1]), late)
        deliver(MAILBOX, b"\xff\x00From: \xfe\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n" * 3, late)
        big = [("anh.bin", "application/octet-stream", b"x" * 2_000_000)]
        deliver(MAILBOX, letter("an@dan.test", f"Ảnh kèm theo. {ROAD}", attachments=big), late)
        text = f"Could not deliver to an@dan.test.\n\nMessage-ID: <{bounced['message_id']}>\n"
        deliver(MAILBOX, letter("MAILER-DAEMON@mail.test", text, subject="Undelivered Mail Returned to Sender"), late)

    def outcome(self) -> dict[str, object]:
        """What must be the same however often the daemon was killed on the way."""
        house = self.house
        return {
            "fates": Counter((str(row["fate"]), str(row["kind"]), str(row["status"])) for row in house.mails),
            "questions": [(row["code"], row["status"], row["missing"]) for row in house.questions],
            "notices": Counter(str(row["key"]) for row in house.sent),
            "states": Counter(str(row["status"]) for row in house.sent),
            "left": len(self.servers.mails(MAILBOX)),
            "faults": house.faults(),
        }

    def resent(self) -> int:
        """Mails that the server took twice; an assertion where twice means other bytes, or three times."""
        taken = Counter(mail.raw for mail in self.servers.sent)
        assert len(taken) == sum(row["status"] == "sent" or bool(row["bounced_at"]) for row in self.house.sent)
        assert max(taken.values()) <= 2
        return sum(times - 1 for times in taken.values())

    def close(self) -> None:
        self.house.close()
        self.servers.stop()
