"""The least that the job costs: fetch, register durably, acknowledge, move, with the standard library alone.

imaplib in batches of 100, the compat32 policy, raw sqlite3 with a FULL commit per mail, each attachment a synced
file, one smtplib connection, one MOVE per batch. It decides nothing, checks nothing and recovers from nothing.

``python -m benchmarks.limit IMAP_PORT SMTP_PORT FOLDER [--forward]`` prints its figures as JSON.
``--forward``: it also forwards each mail to a unit, attached as it came: the least cost of the mails that our daemon
sends.
"""

from __future__ import annotations

import email
import email.utils
import imaplib
import json
import os
import re
import smtplib
import sqlite3
import sys
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from benchmarks.meter import Meter

MAILBOX, PASSWORD = "doithoai@haiphong.test", "secret"
BATCH = 100
ANSWER = """From: Ban Bien tap <{mailbox}>
To: <{to}>
Subject: Da tiep nhan {code}
Message-ID: <{code}@haiphong.test>
Date: Mon, 05 Oct 2026 09:00:00 +0700
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Câu hỏi của Ông/Bà đã được tiếp nhận với số {code}.
"""
UNIT = "So@haiphong.test"
HANDED_ON = """From: Ban Bien tap <{mailbox}>
To: <{to}>
Subject: Chuyen cau hoi {code}
Message-ID: <{code}.2@haiphong.test>
Date: Mon, 05 Oct 2026 09:00:00 +0700
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="--=limit"

----=limit
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Kính chuyển câu hỏi số {code} để trả lời.
----=limit
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

"""


def main(imap_port: int, smtp_port: int, folder: Path, *, forward: bool = False) -> dict[str, float]:
    """Empty INBOX; gives the figures."""
    database = sqlite3.connect(folder / "limit.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE mail (uid INTEGER PRIMARY KEY, sender TEXT, subject TEXT, body TEXT, sent INTEGER)"
    )
    box = imaplib.IMAP4("127.0.0.1", imap_port)
    box.login(MAILBOX, PASSWORD)
    box.create("Done")
    box.select("INBOX")
    with Meter() as meter, smtplib.SMTP("127.0.0.1", smtp_port) as smtp:
        uids = box.uid("SEARCH", "ALL")[1][0].split()
        for start in range(0, len(uids), BATCH):
            work(box, smtp, database, uids[start : start + BATCH], folder, forward=forward)
    box.logout()
    return meter.figures(len(uids))


def work(
    box: imaplib.IMAP4,
    smtp: smtplib.SMTP,
    database: sqlite3.Connection,
    uids: list[bytes],
    folder: Path,
    *,
    forward: bool,
) -> None:
    """Process one batch."""
    wanted = b",".join(uids).decode()
    for answer in box.uid("FETCH", wanted, "(UID BODY.PEEK[])")[1]:
        if isinstance(answer, tuple):
            uid = int(re.search(rb"UID (\d+)", answer[0])[1])  # type: ignore[index]
            register(smtp, database, uid, email.message_from_bytes(answer[1]), folder)
            if forward:
                hand_on(smtp, uid, answer[1])
    box.uid("MOVE", wanted, "Done")


def register(smtp: smtplib.SMTP, database: sqlite3.Connection, uid: int, mail: Message, folder: Path) -> None:
    """Process one mail."""
    body = ""
    for part in mail.walk():
        if part.get_filename():
            keep(folder / f"{uid}.att", part.get_payload(decode=True))  # type: ignore[arg-type]
        elif part.get_content_type() == "text/plain" and not body:
            body = part.get_payload(decode=True).decode(part.get_content_charset("utf-8"), "replace")  # type: ignore[union-attr]
    sender = email.utils.parseaddr(str(mail["From"]))[1]
    subject = str(make_header(decode_header(str(mail["Subject"]))))
    database.execute("INSERT INTO mail VALUES (?, ?, ?, ?, 1)", (uid, sender, subject, body))
    answer = ANSWER.format(mailbox=MAILBOX, to=sender, code=f"L-{uid:06d}")
    smtp.sendmail(MAILBOX, [sender], answer.encode(), mail_options=["BODY=8BITMIME"])


def hand_on(smtp: smtplib.SMTP, uid: int, raw: bytes) -> None:
    """Forward the mail as it came to a unit."""
    head = HANDED_ON.format(mailbox=MAILBOX, to=UNIT, code=f"L-{uid:06d}").encode()
    smtp.sendmail(MAILBOX, [UNIT], head + raw + b"\n----=limit--\n", mail_options=["BODY=8BITMIME"])


def keep(path: Path, data: bytes) -> None:
    """Store an attachment durably before anything is sent about it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), forward="--forward" in sys.argv)))
