"""Another real regulation as a file: Sơn La's Decision 2862/QĐ-UBND of 2018, no sessions, days of its own.

One question is played through to late, told of again, and answered; no mail cites Hải Phòng's Decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from daemon.base.errors import PermanentError
from daemon.loop.due import send_overviews
from db.core.tables import assignment, duty
from tests.contract.test_sessions import FORM
from tests.installation import HEAD, OFFICER, text_of, unit_address
from tests.quiet import PROFILES, Quiet

ROAD = (
    "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?\n\nNguyễn Văn An\n"
    "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\nĐT: 0912 000 111\n"
)
ANSWER = (
    "Sở Xây dựng trả lời như sau: mặt đường sẽ được sửa xong trước ngày 30/11/2026.\n\nPhó Giám đốc Trần Văn Bình"
)
FOREIGN = re.compile(r"1374|điểm [a-zđ] khoản|khoản \d+ Điều|Điều (?!8\b|14[78]\b)\d|[Pp]hiên đối thoại")
"""What belongs to Hải Phòng's Decision. Articles 147 and 148 are the Civil Code's."""


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Quiet]:
    made = Quiet(tmp_path, PROFILES.parent, "sonla-2862-2018")
    made.house.clock.at = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
    yield made
    made.close()


def mails(province: Quiet) -> list[tuple[str, str]]:
    """Every mail with its name and words; the citizen's own place is Hải Phòng here, and no matter."""
    rows = [(str(row["name"]), f"{row['subject']}\n{text_of(bytes(row['bytes']))}") for row in province.house.sent]
    return [(name, " ".join(text.split())) for name, text in rows]


def late(province: Quiet, name: str = "citizen_late") -> int:
    return sum(1 for one, _ in mails(province) if one == name)


def test_a_question_is_due_twenty_days_from_receipt(province: Quiet) -> None:
    province.ask(ROAD)
    (given,) = province.house.rows(assignment)
    assert str(given["due_on"]) == "2026-09-28"  # the 27th is a Sunday
    assert given["due"]["clause"] == "8"


def test_also_when_an_officer_passes_it_on_later(province: Quiet) -> None:
    code = province.ask("Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?\n\nNguyễn Văn An")
    province.let_pass(days=3)
    province.reply(OFFICER, f"{code} chuyển SXD")
    (given,) = province.house.rows(assignment)
    assert str(given["due_on"]) == "2026-09-28"


def test_a_late_question_is_told_of_every_seven_days_until_it_is_answered(province: Quiet) -> None:
    code = province.ask(ROAD)
    told = []
    for _ in range(45):
        province.let_pass(days=1)
        send_overviews(province.house.engine, province.house.installation)
        told.append(late(province))
    days = [place for place, (before, now) in enumerate(zip([0, *told], told, strict=False)) if now > before]
    assert len(days) == 4
    assert all(7 <= second - first <= 9 for first, second in pairwise(days))
    unit = unit_address("SXD")
    province.reply(unit, ANSWER, code)
    assert province.house.questions[0]["status"] == "answered"
    before = late(province)
    province.let_pass(days=20)
    assert late(province) == before
    assert "citizen_answered" in province.names("an@dan.test")


def test_nothing_of_hai_phongs_decision_is_cited(province: Quiet) -> None:
    code = province.ask(ROAD)
    for _ in range(30):
        province.let_pass(days=1)
        send_overviews(province.house.engine, province.house.installation)
    province.reply(unit_address("SXD"), ANSWER, code)
    second = province.ask(
        "Xin hỏi thủ tục xuất khẩu của Bộ Công Thương gồm những gì ạ?\n\nLê Văn Cường", "c@dan.test"
    )
    province.reply(OFFICER, f"{second} từ chối h vì thuộc thẩm quyền của Bộ Công Thương")
    told = mails(province)
    foreign = [(name, FOREIGN.findall(text)) for name, text in told if FOREIGN.search(text)]
    assert foreign == []
    assert any(
        "Quyết định số 2862/QĐ-UBND ngày 16/11/2018 của Chủ tịch Ủy ban nhân dân tỉnh" in text for _, text in told
    )
    assert {"citizen_received", "citizen_late", "citizen_answered", "citizen_rejected"} <= {name for name, _ in told}


def test_there_are_no_duties_of_sessions_and_none_is_proposed(province: Quiet) -> None:
    province.ask(ROAD)
    for _ in range(40):
        province.let_pass(days=1)
    kinds = {str(row["kind"]) for row in province.house.rows(duty)}
    assert not kinds & {"session", "routine", "frequency"}
    with pytest.raises(PermanentError, match="knows no sessions"):
        province.desk.propose(FORM)
    assert province.names(HEAD) == [name for name in province.names(HEAD) if not name.startswith("session")]


def test_a_mail_address_is_asked_for(province: Quiet) -> None:
    province.ask(ROAD)
    province.let_pass(days=1)
    send_overviews(province.house.engine, province.house.installation)
    form = "Đăng ký hộ:\nHọ tên: Lê Thị Bốn\nĐiện thoại: 0912 000 444\nĐơn vị: SXD\nNội dung: Bao giờ sửa đường ạ?"
    province.reply(OFFICER, form)
    assert len(province.house.questions) == 1
    assert "địa chỉ thư điện tử" in text_of(province.inbox(OFFICER)[-1])
    province.reply(OFFICER, form.replace("Đơn vị", "Thư điện tử: bon@dan.test\nĐơn vị"))
    assert len(province.house.questions) == 2
