"""Ten mails of different kinds on their way through one daemon, and what must be true afterwards."""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from daemon.demo.servers import EmbeddedServers
from daemon.papers.sessions import SessionService
from db.core.tables import approval, session
from tests.installation import (
    HEAD,
    MAILBOX,
    OFFICE,
    OFFICER,
    SXD,
    UNITS,
    LiveInstallation,
    answer_to,
    letter,
    unit_address,
)
from tests.servers.postgres import Postgres
from tests.world import FORM, LETTER

COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của gia đình tôi."
CITIZENS = ("an", "ba", "chi", "dung", "em")
RESUMED = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""A working Wednesday, 09:00 in the city: what the processes that are killed take for now."""

LATE = replace(FORM, start=datetime(2026, 12, 17, 1, 30, tzinfo=UTC))


class Scene:
    """A house that has worked for a day in October, and ten mails that lie in its mailbox now.

    :meth:`rewind` sets the same scene once more, without working through that day again.
    """

    def __init__(self, folder: Path, postgres: Postgres | None = None) -> None:
        people = (MAILBOX, OFFICER, OFFICE, HEAD, *map(unit_address, UNITS), *(f"{one}@dan.test" for one in CITIZENS))
        self._people, self._postgres = people, postgres
        self.servers = EmbeddedServers(dict.fromkeys(people, "secret"))
        self.servers.start()
        ports = (self.servers.imap_port, self.servers.smtp_port)
        url = postgres.new_url() if postgres else ""
        self.house = LiveInstallation(folder, *ports, url, connections=1)
        self._past()
        self._mails = self._ten_mails()
        self._sent = self.servers.sent
        self.house.service.close()
        self.house.service.presence.hide()
        self.house.engine.dispose()
        self._database = self._keep()
        self.rewind()

    def _keep(self) -> str | bytes:
        """The database as it is before the ten mails: its address, or what is in the file."""
        return self.house.database_url if self._postgres else (self.house.folder / "doithoai.db").read_bytes()

    def rewind(self) -> None:
        """The database as it was, the ten mails in the mailbox, nothing else there, and nothing sent since."""
        self.house.engine.dispose()
        for person in self._people:
            self.servers.clear(person)
        self.servers.forget_sent(self._sent)
        if isinstance(self._database, bytes):
            for name in ("doithoai.db-wal", "doithoai.db-shm"):
                (self.house.folder / name).unlink(missing_ok=True)
            (self.house.folder / "doithoai.db").write_bytes(self._database)
        elif self._postgres is not None:
            if self.house.database_url != self._database:
                self._postgres.drop(self.house.database_url)
            self.house.use_database(self._postgres.copy(self._database))
        for raw in self._mails:
            self.servers.deliver(MAILBOX, raw, self.house.clock.at + timedelta(hours=1))
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The time in this scene, which goes on."""
        return RESUMED + timedelta(seconds=time.monotonic() - self._since)

    def _past(self) -> None:
        deliver, at = self.servers.deliver, self.house.clock.at
        deliver(MAILBOX, letter("an@dan.test", LETTER, subject="Đường hỏng"), at)  # overdue by now
        deliver(MAILBOX, letter("ba@dan.test", LETTER, subject="Ổ gà"), at)
        deliver(MAILBOX, letter("chi@dan.test", LETTER.split("\n\n")[0], subject="Thiếu tên"), at)
        deliver(MAILBOX, letter("em@dan.test", COMPLAINT), at)
        SessionService(self.house.engine, self.house.installation).propose(LATE)
        self.house.run()

    def _ten_mails(self) -> list[bytes]:
        """New, its double, a reply, two orders, automatic, more to a question, broken, huge, a bounce."""
        forward = next(one for one in self.servers.mails(SXD) if b"HP-2026-000002" in one)
        review = self.servers.mails(OFFICER)[-1]
        asked = self.servers.mails(HEAD)[-1]
        received = self.servers.mails("chi@dan.test")[-1]
        new = letter("dung@dan.test", LETTER, subject="Mặt đường")
        bounced = next(row for row in self.house.sent if row["recipient"] == "an@dan.test")
        big = [("anh.bin", "application/octet-stream", b"x" * 2_000_000)]
        told = f"Could not deliver to an@dan.test.\n\nMessage-ID: <{bounced['message_id']}>\n"
        return [
            new,
            b"Received: from x.test by y.test; Mon, 5 Oct 2026 09:00:01 +0700\r\n" + new,
            answer_to(forward, SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."),
            answer_to(review, OFFICER, "Đăng ký"),
            answer_to(asked, HEAD, "Duyệt"),
            letter("dung@dan.test", LETTER, headers={"Auto-Submitted": "auto-replied"}),
            answer_to(received, "chi@dan.test", "Tôi bổ sung:\n" + LETTER.split("\n\n")[1]),
            b"\xff\x00From: \xfe\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n" * 3,
            letter("an@dan.test", f"Ảnh kèm theo. {LETTER}", attachments=big),
            letter("MAILER-DAEMON@mail.test", told, subject="Undelivered Mail Returned to Sender"),
        ]

    def left_to_a_person(self) -> int:
        """Mails in whose sending the daemon died twice: an officer has been told of each, or it is an assertion."""
        unknown = {row["id"] for row in self.house.sent if row["status"] == "unknown"}
        told = {str(row["key"]) for row in self.house.sent}
        assert {f"officer_alert:uncertain:{one}:{OFFICER}" for one in unknown} <= told, unknown
        return len(unknown)

    def outcome(self, kills: int = 0) -> dict[str, object]:
        """What must be the same however often the daemon was killed on the way."""
        house = self.house
        unknown = Counter(unknown=self.left_to_a_person() if kills > 1 else 0)
        return {
            "fates": Counter((str(row["fate"]), str(row["kind"]), str(row["status"])) for row in house.mails),
            "questions": [(row["code"], row["status"], row["missing"]) for row in house.questions],
            "notices": self.notices(),
            "unsent": Counter(state for row in house.sent if (state := str(row["status"])) != "sent") - unknown,
            "sessions": [row["status"] for row in house.rows(session)],
            "approvals": [row["status"] for row in house.rows(approval)],
            "left": len(self.servers.mails(MAILBOX)),
            "faults": house.faults(),
        }

    def notices(self) -> Counter[tuple[object, ...]]:
        """What to whom, about which question, because of which mail; not that sending one of them is uncertain.

        Not by their keys: these hold ids, and PostgreSQL gives none a second time that was rolled back.
        """
        codes = {row["id"]: row["code"] for row in self.house.questions}
        order = {row["id"]: number for number, row in enumerate(self.house.mails, 1)}
        return Counter(
            (row["name"], row["recipient"], codes.get(row["question_id"]), order.get(row["raw_mail_id"]))
            for row in self.house.sent
            if ":uncertain:" not in str(row["key"])
        )

    def resent(self) -> int:
        """Mails that the server took twice; an assertion where twice means other bytes, or three times."""
        taken = Counter(mail.raw for mail in self.servers.sent)
        sent = sum(row["status"] == "sent" or bool(row["bounced_at"]) for row in self.house.sent)
        assert sent <= len(taken) <= sent + self.left_to_a_person(), "the same notice with other bytes, or one lost"
        assert max(taken.values()) <= 2
        return sum(times - 1 for times in taken.values())

    def close(self) -> None:
        self.house.close()
        self.servers.stop()
