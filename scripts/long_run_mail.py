"""Runs beside the service of ``long_run.py``: Dovecot and Postfix, and a citizen's mail every second.

FOLDER/state.json holds the ports, the number of mails handed over and the number in INBOX; files named start,
restart-dovecot, restart-postfix and stop in FOLDER are orders.
"""

from __future__ import annotations

import contextlib
import json
import smtplib
import sys
import time
from email.message import EmailMessage
from pathlib import Path

from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

ASKED = (
    "đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?",
    "thủ tục cấp lại thẻ bảo hiểm y tế bị mất thì nộp ở đâu?",
    "nước máy nhà tôi rất yếu, có hôm mất nước, khi nào khắc phục?",
    "học phí năm học tới của trường trung học cơ sở là bao nhiêu?",
    "gần nhà tôi ồn ào cả đêm, cơ quan nào giải quyết?",
)


def letter(number: int, to: str) -> bytes:
    """A citizen's mail, every tenth with a file of 100 KB."""
    message = EmailMessage()
    message["From"] = f"Nguyen Van {number} <dan{number}@dan.test>"
    message["To"] = to
    message["Subject"] = f"Câu hỏi số {number}"
    message["Message-ID"] = f"<long-{number}@dan.test>"
    signed = f"Nguyễn Văn Số {number}\nSố {number} đường Lạch Tray, phường Gia Viên, Hải Phòng\n0912{number:06}"
    message.set_content(f"Kính gửi Ban Biên tập, {ASKED[number % len(ASKED)]}\n\n{signed}\n")
    if number % 10 == 0:
        message.add_attachment(
            b"%PDF-1.4\n" + bytes(100_000), maintype="application", subtype="pdf", filename="don.pdf"
        )
    return message.as_bytes()


def hand_over(postfix: Postfix, number: int, to: str) -> bool:
    """Send one mail by SMTP; False while the server is away."""
    with contextlib.suppress(OSError, smtplib.SMTPException), smtplib.SMTP(postfix.host, postfix.port) as client:
        client.sendmail(f"dan{number}@dan.test", [to], letter(number, to))
        return True
    return False


def tell(folder: Path, **state: object) -> None:
    """Write the state in one step."""
    (folder / "state.new").write_text(json.dumps(state), encoding="utf-8")
    (folder / "state.new").replace(folder / "state.json")


def obey(folder: Path, servers: dict[str, Dovecot | Postfix]) -> None:
    """Restart the servers that the folder asks for."""
    for name, server in servers.items():
        order = folder / f"restart-{name}"
        if order.exists():
            order.unlink()
            server.restart()


def main(folder: Path, user: str, password: str) -> None:
    """Run until killed."""
    folder.mkdir(parents=True)
    with (
        Dovecot({user: password}) as dovecot,
        Postfix(dovecot.lmtp_port, domains=("haiphong.test", "dan.test")) as postfix,
    ):
        sent, following = 0, time.monotonic()
        while True:
            obey(folder, {"dovecot": dovecot, "postfix": postfix})
            stopped = (folder / "stop").exists()
            if not stopped and (folder / "start").exists() and hand_over(postfix, sent + 1, user):
                sent += 1
            inbox = len(dovecot.mails(user)) if stopped else -1
            ports = {"imap": dovecot.imap_port, "smtp": postfix.port}
            tell(folder, sent=sent, stopped=stopped, inbox=inbox, **ports)
            following = max(following + 1, time.monotonic())
            time.sleep(max(following - time.monotonic(), 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
