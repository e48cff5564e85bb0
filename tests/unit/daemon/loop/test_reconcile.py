"""What the nightly comparison takes for lost, and what for filed, on the folders alone."""

from contextlib import nullcontext
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from daemon.loop import fetch
from db.mails import ledger
from db.reports import conservation
from db.reports.conservation import Filed
from rules.decide.base.actions import Send
from rules.decide.due.overviews import decide_reconciled

FOLDERS = {
    "INBOX": {1: "<inbox@dan.test>"},
    "Vào sổ": {7: "<moved@dan.test>", 8: "<hidden@dan.test>"},
    "Lưu": {9: "<away@dan.test>"},
}


class Mailbox:
    """Folders of mails by UID; no other can be opened."""

    def open(self, folder: str, *, readonly: bool) -> int:
        self.there = FOLDERS[folder]
        return 1

    def uids(self) -> list[int]:
        return list(self.there)

    def message_ids(self, uids: list[int]) -> dict[int, str]:
        return {one: self.there[one] for one in uids}

    def folders(self) -> list[str]:
        return list(FOLDERS)


def test_each_mail_is_looked_for_where_it_should_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    def mail(number: int, name: str, folder: str = "registered") -> Filed:
        return Filed(number, name, folder, "")

    moved = [mail(1, "moved@dan.test"), mail(2, "away@dan.test"), mail(3, "inbox@dan.test", "automatic")]
    moved.append(mail(7, "moved@dan.test"))
    taken = [mail(4, "hidden@dan.test"), mail(5, "gone@dan.test"), mail(6, "probe-1@doithoai.test", "automatic")]
    monkeypatch.setattr(fetch, "transaction", lambda _: nullcontext())
    monkeypatch.setattr(conservation, "returned", lambda *_: [])
    monkeypatch.setattr(conservation, "filed", lambda *_: moved)
    monkeypatch.setattr(conservation, "taken", lambda *_: taken)
    monkeypatch.setattr(ledger, "unknown_uids", lambda *_: [])
    names = {"registered": "Vào sổ", "automatic": "Tự động", "held": "Chờ", "quarantine": "Cách ly"}
    folders = SimpleNamespace(model_dump=lambda: names)
    config: Any = SimpleNamespace(
        mailbox=SimpleNamespace(address="doithoai@haiphong.test", since=None), imap=SimpleNamespace(folders=folders)
    )
    client: Any = Mailbox()
    engine: Any = None
    found = fetch.compare(client, engine, config)
    assert [(one.mail, one.now_in) for one in found.missing] == [(2, "Lưu"), (3, "INBOX"), (7, "Vào sổ"), (5, "")]
    told = fetch.told_of(found)
    assert told[0] == "mail 2 was moved or deleted in Vào sổ by people; it lies in Lưu"
    assert told[2] == "mail 7: fewer copies of it lie in Vào sổ than were moved there"
    officers: Any = [SimpleNamespace(email="canbo@haiphong.test", name="", role="officer")]
    board: Any = SimpleNamespace(officers=officers)
    _, sent = decide_reconciled(found.missing, (), board, date(2026, 10, 6))
    assert isinstance(sent, Send)
    details: Any = sent.notice.values["details"]
    assert details[2] == "Thư số 7: thư mục “Vào sổ” thiếu một bản của thư này, một bản khác vẫn còn ở đó."
    assert found.filed == (4, 6)
