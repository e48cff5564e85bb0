"""Another real regulation as a file: Sơn La's Decision 2862/QĐ-UBND of 2018, no sessions, days of its own.

One question is played through to late, told of again, and answered; no mail cites Hải Phòng's Decision.
"""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from daemon.base.errors import PermanentError
from db.core.tables import assignment, duty
from tests.installation import HEAD, OFFICER, text_of, unit_address
from tests.world import FORM, PROFILES, World

ROAD = (
    "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?\n\nNguyễn Văn An\n"
    "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\nĐT: 0912 000 111\n"
)
ANSWER = "Sở Xây dựng trả lời như sau: mặt đường sẽ được sửa xong trước ngày 30/11/2026.\n\nPhó Giám đốc Trần Bình"
FOREIGN = re.compile(r"1374|điểm [a-zđ] khoản|khoản \d+ Điều|Điều (?!8\b|14[78]\b)\d|[Pp]hiên đối thoại")
"""What belongs to Hải Phòng's Decision. Articles 147 and 148 are the Civil Code's."""


pytestmark = pytest.mark.world(
    servers=False,
    sends=True,
    rules=PROFILES.parent,
    profile="sonla-2862-2018",
    at=datetime(2026, 9, 7, 2, 0, tzinfo=UTC),
)


def mails(town: World) -> list[tuple[str, str]]:
    """Every mail with its name and words; the citizen's own place is Hải Phòng here, and no matter."""
    rows = [(str(row["name"]), f"{row['subject']}\n{text_of(bytes(row['bytes']))}") for row in town.house.sent]
    return [(name, " ".join(text.split())) for name, text in rows]


def late(town: World, name: str = "citizen_late") -> int:
    return sum(1 for one, _ in mails(town) if one == name)


def test_a_question_is_due_twenty_days_from_receipt(town: World) -> None:
    town.ask(ROAD)
    (given,) = town.house.rows(assignment)
    assert str(given["due_on"]) == "2026-09-28"  # the 27th is a Sunday
    assert given["due"]["clause"] == "8"


def test_also_when_an_officer_passes_it_on_later(town: World) -> None:
    code = town.ask("Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?\n\nNguyễn Văn An")["code"]
    town.let_pass(days=3)
    town.reply(OFFICER, f"{code} chuyển SXD")
    (given,) = town.house.rows(assignment)
    assert str(given["due_on"]) == "2026-09-28"


def test_a_late_question_is_told_of_every_seven_days_until_it_is_answered(town: World) -> None:
    code = town.ask(ROAD)["code"]
    told = []
    for _ in range(45):
        town.let_pass(days=1)
        town.overviews()
        told.append(late(town))
    days = [place for place, (before, now) in enumerate(zip([0, *told], told, strict=False)) if now > before]
    assert len(days) == 4
    assert all(7 <= second - first <= 9 for first, second in pairwise(days))
    town.reply(unit_address("SXD"), ANSWER, code)
    assert town.house.questions[0]["status"] == "answered"
    before = late(town)
    town.let_pass(days=20)
    assert late(town) == before
    assert "citizen_answered" in town.names("an@dan.test")


def test_nothing_of_hai_phongs_decision_is_cited(town: World) -> None:
    code = town.ask(ROAD)["code"]
    for _ in range(30):
        town.let_pass(days=1)
        town.overviews()
    town.reply(unit_address("SXD"), ANSWER, code)
    second = town.ask("Xin hỏi thủ tục xuất khẩu của Bộ Công Thương gồm những gì ạ?\n\nLê Văn Cường", "c@dan.test")
    town.reply(OFFICER, f"{second['code']} từ chối h vì thuộc thẩm quyền của Bộ Công Thương")
    told = mails(town)
    assert [(name, FOREIGN.findall(text)) for name, text in told if FOREIGN.search(text)] == []
    assert any(
        "Quyết định số 2862/QĐ-UBND ngày 16/11/2018 của Chủ tịch Ủy ban nhân dân tỉnh" in text for _, text in told
    )
    assert {"citizen_received", "citizen_late", "citizen_answered", "citizen_rejected"} <= {name for name, _ in told}


def test_there_are_no_duties_of_sessions_and_none_is_proposed(town: World) -> None:
    town.ask(ROAD)
    for _ in range(40):
        town.let_pass(days=1)
    assert not {str(row["kind"]) for row in town.house.rows(duty)} & {"session", "routine", "frequency"}
    with pytest.raises(PermanentError, match="knows no sessions"):
        town.desk.propose(FORM)
    assert town.names(HEAD) == [name for name in town.names(HEAD) if not name.startswith("session")]


def test_a_mail_address_is_asked_for(town: World) -> None:
    town.ask(ROAD)
    town.let_pass(days=1)
    town.overviews()
    form = "Đăng ký hộ:\nHọ tên: Lê Thị Bốn\nĐiện thoại: 0912 000 444\nĐơn vị: SXD\nNội dung: Bao giờ sửa đường ạ?"
    town.reply(OFFICER, form)
    assert len(town.house.questions) == 1
    assert "địa chỉ thư điện tử" in text_of(town.inbox(OFFICER)[-1])
    town.reply(OFFICER, form.replace("Đơn vị", "Thư điện tử: bon@dan.test\nĐơn vị"))
    assert len(town.house.questions) == 2
