"""The main job on real servers: 30 labelled mails and 5 departments' replies through Postfix and Dovecot."""

from __future__ import annotations

import csv
import email
import imaplib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.core.tables import raw_mail
from tests.installation import (
    MAILBOX,
    OFFICER,
    UNITS,
    LiveInstallation,
    answer_to,
    letter,
    subject_of,
    text_of,
    unit_address,
)

pytestmark = [pytest.mark.system, pytest.mark.shared, pytest.mark.slow]

FORWARDED = 25
"""The first rows that an officer would forward at once; the rest are chosen for their other fates."""

FATES = {
    "question": {"register"},
    "out_of_scope": {"register"},  # with its number, waiting for an officer to confirm
    "complaint": {"hold"},
    "spam": {"ignore", "hold"},  # when in doubt a person looks; never answered, never registered
    "not_a_question": {"ignore"},
}

OTHERS = ("Q052", "Q055", "Q056", "Q059", "X03")


@pytest.fixture
def labelled(shared: Path) -> list[dict[str, str]]:
    with (shared / "domain" / "labelled_questions.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    known = {row["id"]: row for row in rows}
    return [*rows[:FORWARDED], *(known[each] for each in OTHERS)]


def citizen(row: dict[str, str]) -> str:
    return f"{row['id'].lower()}@dan.test"


def mail_of(row: dict[str, str]) -> bytes:
    signature = "\n".join(part for part in (row["sender_name"], row["address"], row["phone"]) if part)
    return letter(
        citizen(row),
        f"{row['text']}\n\n{signature}\n",
        name=row["sender_name"].split(" (")[0] if row["sender_name"].isascii() else "",
        subject=row["text"][:40],
    )


class Meddler:
    """A person who reads, flags and moves mails in the mailbox all the while.

    Moved are mails that the daemon has stored already: taking those away must change nothing.
    """

    def __init__(self, port: int, house: LiveInstallation) -> None:
        self._port = port
        self._house = house
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.seen = 0
        self.moved = 0

    def __enter__(self) -> Meddler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        client = imaplib.IMAP4("127.0.0.1", self._port)
        client.login(MAILBOX, "secret")
        client.create("Rieng")
        while not self._stop.is_set():
            client.select("INBOX")
            _, found = client.uid("SEARCH", "UNSEEN")
            for uid in found[0].split()[:3]:
                client.uid("STORE", uid, "+FLAGS", "(\\Seen \\Flagged)")
                self.seen += 1
            self._move_one(client)
            time.sleep(0.01)
        client.logout()

    def _move_one(self, client: imaplib.IMAP4) -> None:
        stored = [row["uid"] for row in self._house.rows(raw_mail, raw_mail.c.server_state == "waiting")]
        if stored and self.moved < 3:
            status, _ = client.uid("MOVE", str(stored[-1]), "Rieng")
            self.moved += status == "OK"


@pytest.fixture
def town(mail_city, tmp_path: Path, database_url: str) -> Iterator[tuple[object, LiveInstallation]]:  # type: ignore[no-untyped-def]
    domains = ["dan.test", *(f"{code.lower()}.test" for code in UNITS)]
    city = mail_city(users={MAILBOX: "secret"}, domains=domains)
    house = LiveInstallation(tmp_path / "house", city.imap_port, city.smtp_port, database_url)
    house.clock.at = datetime.now(UTC)
    yield city, house
    house.close()


def test_thirty_mails_and_five_replies(town, labelled) -> None:  # type: ignore[no-untyped-def]
    city, house = town
    for row in labelled:
        city.deliver(mail_of(row), citizen(row), MAILBOX)
    city.settle()
    with Meddler(city.imap_port, house) as person:
        house.run(2)
        city.settle()
    assert person.seen > 0
    assert person.moved > 0
    _check_fates(house, labelled)
    answered = _departments_reply(city, house)
    house.run(2)
    city.settle()
    _check_answers(city, house, answered)
    _check_mailboxes(city, house, labelled)
    assert house.faults() == []
    assert [row["status"] for row in house.sent if row["status"] != "sent"] == []


def _check_fates(house: LiveInstallation, labelled: list[dict[str, str]]) -> None:
    assert len(house.mails) == len(labelled)
    by_sender = {str(row["from_email"]): row for row in house.mails}
    for row in labelled:
        kind = row["expected_class"]
        if kind == "denunciation":
            assert citizen(row) not in by_sender, "a denouncer is shown nowhere"
            continue
        mail = by_sender[citizen(row)]
        assert mail["fate"] in FATES[kind], (row["id"], mail["fate"], mail["reason"])
    held = [row for row in house.mails if row["sealed"]]
    assert [(row["status"], row["subject"]) for row in held] == [("held", "")]


def _departments_reply(city, house: LiveInstallation) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """Five replies; returns question code → the text that its citizen must be sent."""
    forwards = _forwards(city, house)
    assert len(forwards) >= 5
    chosen = list(forwards.items())[:5]
    told: dict[str, str] = {}
    for number, (code, (unit, raw)) in enumerate(chosen):
        text = f"Đơn vị trả lời câu hỏi như sau: việc này được giải quyết trong quý {number + 1} năm 2027."
        sender = unit_address(unit)
        match number:
            case 0:  # a new subject, no thread: the number in the body and a listed sender
                mail = letter(sender, f"Về câu hỏi {code}.\n{text}", subject="Công văn trả lời công dân")
            case 1:  # from another address of the unit's domain
                mail = answer_to(raw, f"phong.nghiepvu@{unit.lower()}.test", text)
            case 2:  # forwarded by a clerk
                inner = f"---------- Forwarded message ---------\nTừ: Phòng A <phonga@{unit.lower()}.test>\n"
                inner += f"Date: Th 2, 5 thg 10, 2026\nSubject: Trả lời {code}\nTo: <{sender}>\n\n{text}\n"
                mail = letter(sender, f"Kính chuyển Ban Biên tập.\n\n{inner}", subject=f"Fwd: Trả lời {code}")
            case _:
                mail = answer_to(raw, sender, text)
        city.deliver(mail, sender, _to(mail))
        told[code] = text
    city.settle()
    return told


def _to(mail: bytes) -> str:
    return str(email.message_from_bytes(mail)["To"])


def _forwards(city, house: LiveInstallation) -> dict[str, tuple[str, bytes]]:  # type: ignore[no-untyped-def]
    found: dict[str, tuple[str, bytes]] = {}
    codes = {row["id"]: str(row["code"]) for row in house.questions}
    for row in house.sent:
        if row["name"] == "unit_forward":
            unit = str(row["recipient"]).partition("@")[2].partition(".")[0].upper()
            inbox = city.mailbox_of(str(row["recipient"]))
            raw = next(one for one in inbox if str(row["message_id"]).encode() in one)
            found.setdefault(codes[row["question_id"]], (unit, raw))
    return found


def _check_answers(city, house: LiveInstallation, answered: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    for row in house.questions:
        if row["code"] in answered:
            assert row["status"] == "answered", row["code"]
            inbox = city.mailbox_of(str(row["asker_email"]))
            assert any(
                " ".join(answered[str(row["code"])].split()) in " ".join(text_of(one).split()) for one in inbox
            )
        else:
            assert row["status"] in {"forwarded", "needs_review"}


def _check_mailboxes(city, house: LiveInstallation, labelled: list[dict[str, str]]) -> None:  # type: ignore[no-untyped-def]
    """Each citizen finds every mail about the own question in the own mailbox, and nobody else's."""
    for row in house.questions:
        inbox = city.mailbox_of(str(row["asker_email"]))
        assert inbox, row["asker_email"]
        assert all(str(row["code"]) in subject_of(one) for one in inbox)
    silent = [row for row in labelled if row["expected_class"] in {"spam", "denunciation", "not_a_question"}]
    assert all(city.mailbox_of(citizen(row)) == [] for row in silent)
    assert len(city.mailbox_of(OFFICER)) >= 3
