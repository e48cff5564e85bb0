"""``explain --config`` tells of a mail what the daemon then decides on it, and leaves the register as it was."""

import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import func, select

from daemon.admin.explain_register import RegisterExplainer
from db.core.tables import metadata
from rules.law.session_rules import PaperKind
from tests.dose import each_third
from tests.installation import HEAD, MAILBOX, OFFICER, SXD, answer_to, letter
from tests.world import FORM, LETTER, NEIGHBOUR, World, vouched

PORTAL = "noreply@portal.test"
FILLED_IN = """Họ và tên: Vũ Thị Hoa
Địa chỉ: số 9 đường Lê Lợi, phường Ngô Quyền, TP Hải Phòng
Điện thoại: 0912 000 999
Email: hoa@dan.test
Nội dung: Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?
"""
PROPOSAL = 'topic = "Nhà ở xã hội"\nstart = 2027-01-21T08:30:00\nreasons = ["Nhiều câu hỏi"]\n'
PROPOSAL += 'chair = { name = "Trần Văn Bình", title = "Phó Chủ tịch" }\n'
DICTATED = "Đăng ký hộ:\nHọ tên: Lê Thị Bốn\nĐiện thoại: 0912 345 678\nNội dung: Bao giờ Sở Xây dựng sửa đường?"
PROGRAM = ("a.exe", "application/octet-stream", b"MZ" + b"\0" * 60)

pytestmark = pytest.mark.world(
    servers=False, sends=True, at=datetime(2026, 11, 2, 2, 0, tzinfo=UTC), mailbox=f'forms = ["{PORTAL}"]'
)


def from_calendar(_town: World) -> bytes:
    """A department's calendar program accepts the invitation to the session."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//VI", "METHOD:REPLY", "BEGIN:VEVENT",
        "UID:session-P-2026-01@haiphong.test", "SEQUENCE:3", "DTSTAMP:20261103T020000Z", "DTSTART:20261126T013000Z",
        f"ORGANIZER:mailto:{MAILBOX}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{SXD}", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SXD, MAILBOX, "Accepted: Phiên đối thoại P-2026-01"
    mail["Message-ID"], mail["Date"] = "<rsvp@haiphong.test>", "Mon, 02 Nov 2026 09:00:00 +0700"
    mail.set_content("Sở sẽ dự. Bao giờ họp, xin hỏi?")
    mail.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return mail.as_bytes(policy=email.policy.SMTP)


def forwarded(town: World) -> bytes:
    return town.last("unit_forward", SXD)


def form_of(text: str) -> Callable[[World], bytes]:
    file = ("phien.toml", "text/plain", text.encode())
    return lambda town: answer_to(town.last(OFFICER), OFFICER, "Xin gửi mẫu đề xuất.", attachments=[file])


MAILS: dict[str, Callable[[World], bytes]] = {
    "a session's form": form_of(PROPOSAL),
    "a form without reasons": form_of(PROPOSAL.replace("reasons", "reason")),
    "a form for a day that is past": form_of(PROPOSAL.replace("2027-01-21", "2026-10-22")),
    "a calendar": from_calendar,
    "a paper ordered": lambda town: answer_to(town.last(OFFICER), OFFICER, "Trình thông báo P-2026-01"),
    "a question dictated": lambda town: answer_to(town.last(OFFICER), OFFICER, DICTATED),
    "a file that is held": lambda town: answer_to(forwarded(town), SXD, "Sở trả lời: tệp.", attachments=[PROGRAM]),
    "a website's form": lambda _: b"Auto-Submitted: auto-generated\r\n" + letter(PORTAL, FILLED_IN, name="Cổng TTĐT"),
    "an answer": lambda town: answer_to(forwarded(town), SXD, "Sở Xây dựng trả lời: đường sẽ được sửa năm 2027."),
}  # fmt: skip


@pytest.fixture
def town(town: World) -> World:
    """A session whose plan is issued, beside a question that waits for its department."""
    town.ask()
    town.write(letter(NEIGHBOUR, LETTER.replace("An", "Ba"), subject="Hỏi thêm"))
    town.desk.propose(replace(FORM, decided="Công văn số 12/UBND-VX"))
    town.desk.put_up("P-2026-01", PaperKind.PLAN)
    town.look()
    town.reply(HEAD, "Duyệt")
    return town


def told(town: World, raw: bytes, folder: Path) -> tuple[str, str, str]:
    """Kind, fate and reason, as explain has them."""
    file = folder / "mail.eml"
    file.write_bytes(raw)
    found = RegisterExplainer(town.house.engine, town.house.installation).explain(str(file))
    (why,) = (step.removeprefix("Quyết định: ") for step in found["trace"] if step.startswith("Quyết định: "))
    return found["kind"], found["fate"], why


def sizes(town: World) -> dict[str, int]:
    with town.house.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


@each_third("what", MAILS)
def test_explain_tells_what_the_daemon_then_decides(town: World, tmp_path: Path, what: str) -> None:
    raw, before = vouched(MAILS[what](town)), sizes(town)
    said = told(town, raw, tmp_path)
    assert sizes(town) == before
    row = town.arrive(raw)
    assert said == (row["kind"], row["fate"], row["reason"])
