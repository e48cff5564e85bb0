"""A house without servers: mails are laid into the ledger, decided on, and what would leave is read in the outbox."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, select

from daemon.loop.decide import process_stored
from daemon.loop.due import work_due
from db.core.tables import answer, assignment, outbox, question, raw_mail, used_token
from db.mails import ledger
from db.mails.ledger import Arrived
from tests.installation import MAILBOX, OFFICER, LiveInstallation, answer_to, letter, text_of

AUTHSERV = "mx.haiphong.test"
ROAD = """Kính gửi Ban Biên tập, đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?

Nguyễn Văn An
Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng
0912 000 111
"""
NO_SERVER = 9
"""The port of a server that is not there."""


def vouched(raw: bytes, domain: str, authserv_id: str = AUTHSERV, result: str = "pass") -> bytes:
    """The mail as our own server delivers it: its word on the sender above its own Received."""
    head = (
        f"Authentication-Results: {authserv_id};\r\n dmarc={result} header.from={domain}\r\n"
        f"Received: from mx.{domain} by {authserv_id}; Mon, 5 Oct 2026 09:00:00 +0700\r\n"
    )
    return head.encode() + raw


SHOWN = {
    question: ("status", "asker_name", "asker_address", "asker_phone", "missing", "notes", "outcome"),
    assignment: ("unit", "status", "due_on", "acknowledged_at", "wanted_until"),
    answer: ("unit", "text"),
    raw_mail: ("status", "fate", "question_id"),
}


def untouched(before: dict[str, list[object]], after: dict[str, list[object]], *grown: str) -> bool:
    """Whatever was there is as it was, and only the named tables have new rows."""
    kept = all(after[name][: len(rows)] == rows for name, rows in before.items())
    return kept and all(len(after[name]) == len(before[name]) for name in before if name not in grown)


class Desk:
    """``arrive`` is a mail's whole way from the ledger to its fate; nothing is fetched and nothing is sent."""

    def __init__(
        self, folder: Path, authserv_id: str = AUTHSERV, database_url: str = "", extra: str = "", mailbox: str = ""
    ) -> None:
        self.house = LiveInstallation(
            folder, NO_SERVER, NO_SERVER, database_url, authserv_id=authserv_id, extra=extra, mailbox=mailbox
        )
        self._uids = itertools.count(1)

    def store(self, *raws: bytes) -> None:
        """Lay mails into the ledger."""
        now = self.house.clock()
        with self.house.engine.begin() as connection:
            ledger.store(connection, MAILBOX, 7, [Arrived(next(self._uids), raw, now) for raw in raws], now)

    def arrive(self, *raws: bytes) -> dict[str, Any]:
        """Lay mails into the ledger and decide on them; the last one's row."""
        self.store(*raws)
        process_stored(self.house.engine, self.house.installation, lambda: None)
        return self.house.newest(raw_mail)

    def names_after(self, raw: bytes) -> list[str]:
        """Names of the mails that an arriving one leads to."""
        before = self.last_sent()
        self.arrive(raw)
        return [str(one["name"]) for one in self.house.sent_with(after=before)]

    def last_sent(self) -> int:
        """The id of the newest mail in the outbox; 0 for none."""
        with self.house.engine.begin() as connection:
            return connection.execute(select(func.max(outbox.c.id))).scalar() or 0

    def due(self) -> int:
        """What has come up by the clock."""
        return work_due(self.house.engine, self.house.installation, lambda: None)

    def ask(self, text: str = ROAD, sender: str = "an@dan.test", **options: Any) -> dict[str, Any]:
        """A citizen's question; its register row."""
        self.arrive(vouched(letter(sender, text, **options), sender.rpartition("@")[2]))
        return self.house.newest(question)

    def last(self, name: str, recipient: str = "") -> bytes:
        """The last mail of a name that waits in the outbox (to that recipient)."""
        wanted: dict[str, Any] = {"name": name} | ({"recipient": recipient} if recipient else {})
        return bytes(self.house.sent_with(**wanted)[-1]["bytes"])

    def state(self) -> dict[str, list[object]]:
        """What an act by mail would change: register, who has what, answers, tokens, fates."""
        return {table.name: self._shown(table, names) for table, names in SHOWN.items()} | {
            "used_token": list(self._tokens())
        }

    def _shown(self, table: Table, names: tuple[str, ...]) -> list[object]:
        with self.house.engine.begin() as connection:
            shown = select(*(table.c[name] for name in names)).order_by(table.c.id)
            return [list(row) for row in connection.execute(shown)]

    def _tokens(self) -> list[object]:
        with self.house.engine.begin() as connection:
            return [row.token for row in connection.execute(used_token.select())]

    def rows(self, table: object) -> list[dict[str, Any]]:
        """A table."""
        return self.house.rows(table)


@contextmanager
def desk(folder: Path, authserv_id: str = AUTHSERV, database_url: str = "", extra: str = "") -> Iterator[Desk]:
    """A desk whose books add up when it is left."""
    made = Desk(folder, authserv_id, database_url, extra)
    try:
        yield made
        assert made.house.faults() == []
    finally:
        made.house.close()


__all__ = [
    "AUTHSERV",
    "ROAD",
    "Desk",
    "answer_to",
    "desk",
    "letter",
    "order",
    "order_today",
    "untouched",
    "vouched",
]


def order(house: Desk, text: str, name: str = "officer_review", to: str = OFFICER) -> str:
    """The officer answers our last mail of that name; what the officer is told, on one line."""
    house.arrive(vouched(answer_to(house.last(name, to), to, text), "haiphong.test"))
    return " ".join(text_of(house.last("officer_done", to)).split())


def order_today(house: Desk, text: str, name: str = "officer_digest") -> str:
    """The officer answers the morning's mail, or another of ours; what the officer is told."""
    return order(house, text, name)


def asker_says(
    house: Desk, text: str, name: str = "citizen_received", who: str = "an@dan.test", files: object = ()
) -> list[tuple[str, str]]:
    """The asker answers our last mail of that name; names and recipients of what follows."""
    sent = len(house.house.sent)
    raw = answer_to(house.last(name, who), who, text, attachments=files)
    house.arrive(vouched(raw, "dan.test"))
    return [(str(row["name"]), str(row["recipient"])) for row in house.house.sent[sent:]]
