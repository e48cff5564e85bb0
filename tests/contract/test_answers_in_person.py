"""A unit's word that somebody answers at the session: a notice that nobody is chased for, and no answer (10.1.d)."""

from datetime import UTC, datetime

import pytest

from db.core.tables import assignment
from tests.contract.test_session_by_mail import order
from tests.dose import each_third
from tests.hall import Hall
from tests.installation import HEAD, OFFICER, SXD, subject_of
from tests.world import CITIZEN, said

LATE = "quá hạn"


@pytest.fixture
def code(hall: Hall) -> str:
    """A session up to its notice."""
    return hall.announced()


def due_days(hall: Hall) -> list[str]:
    """The due date of each assignment, in the order of the register."""
    return [str(row["due_on"]) for row in hall.house.rows(assignment)]


@each_third(
    "text",
    [
        "Câu này để anh Khánh trả lời tại phiên ạ.",
        "cau nay de anh Khanh tra loi tai phien nhe",
        "Sở Xây dựng sẽ giải đáp trực tiếp tại phiên đối thoại.",
        "Đơn vị xin trả lời trực tiếp tại phiên đối thoại, không trả lời bằng văn bản.",
        "Kính gửi Ban,\nSở đã nhận câu hỏi. Phó Giám đốc sẽ trực tiếp trả lời bà con tại phiên.\nTrân trọng.",
        "Về câu {one}, lãnh đạo Sở sẽ giải đáp tại phiên {code} ngày 26/11.",
    ],
)
def test_a_unit_that_answers_at_the_session_is_not_chased_before_it(hall: Hall, code: str, text: str) -> None:
    """The mail was held, and its unit called late for the three days before the session."""
    one, other = str(hall.ask()["code"]), str(hall.ask(sender="ba@dan.test")["code"])
    asker, bystander = len(hall.inbox(CITIZEN)), hall.of_question(other)
    hall.reply(SXD, text.format(one=one, code=code), one)
    assert hall.house.mails[-1]["status"] == "done"
    told = said(hall.last("unit_told", SXD))
    assert f"trả lời câu hỏi {one} trực tiếp tại phiên đối thoại {code}, ngày 26/11/2026" in told
    assert due_days(hall) == ["2026-11-26", "2026-11-23"]
    shown = said(hall.last(OFFICER))
    assert f"Sở Xây dựng báo trả lời câu hỏi {one} trực tiếp tại phiên {code}" in shown
    assert f"“{one} nhắc đơn vị: …”" in shown
    assert f"({one}: Sở Xây dựng trả lời tại phiên)" in order(hall, f"Tình trạng phiên {code}")
    seen = {who: len(hall.inbox(who)) for who in (SXD, OFFICER, HEAD)}
    for day in (20, 23, 24, 25):
        hall.at(2026, 11, day, 2, 0)
    new = {who: hall.inbox(who)[since:] for who, since in seen.items()}
    assert not [raw for raw in new[SXD] if one in subject_of(raw)]
    assert [raw for raw in new[SXD] if other in subject_of(raw) and LATE in said(raw)], "the other is chased"
    for raw in (*new[SXD], *new[OFFICER], *new[HEAD]):
        assert all(LATE not in line for line in said(raw).split(" - ") if one in line)
    assert (len(hall.inbox(CITIZEN)), hall.of_question(other)) == (asker, bystander)
    assert hall.of_question(one)[0]["status"] == "forwarded"


@each_third(
    "text",
    [
        "Có phải để anh Khánh trả lời tại phiên không ạ?",
        "Sở chưa rõ sẽ trả lời tại phiên hay bằng văn bản.",
        "Đề nghị Ban Biên tập trả lời tại phiên giúp Sở.",
        "Sở không trả lời được tại phiên ạ.",
        "Sở sẽ trả lời tại phiên ngày 30/11.",
        "Đường đã sửa xong, lãnh đạo Sở sẽ trả lời thêm tại phiên.",
        "Đoạn đường đã được sửa xong ngày 26/11, lãnh đạo Sở trả lời tại phiên.",
        "Phần bồi thường Sở trả lời tại phiên.",
        "Nếu kịp thì anh Khánh trả lời tại phiên.",
        "Sở trả lời tại phiên P-2026-02.",
    ],
)
def test_what_leaves_it_open_whether_somebody_answers_there_is_asked_back(hall: Hall, code: str, text: str) -> None:
    one = str(hall.ask()["code"])
    hall.reply(SXD, text, one)
    assert due_days(hall) == ["2026-11-23"]
    assert "trực tiếp tại phiên đối thoại" not in said(hall.last(SXD))
    assert f"trả lời tại phiên {code}" not in said(hall.last(OFFICER))


def test_of_a_question_in_no_session_nobody_answers_there(hall: Hall) -> None:
    one = str(hall.ask()["code"])
    before = due_days(hall)
    hall.reply(SXD, "Câu này để anh Khánh trả lời tại phiên ạ.", one)
    assert due_days(hall) == before
    assert hall.house.mails[-1]["status"] == "held"


def test_who_answers_at_a_moved_session_answers_on_its_new_day_or_in_writing_before(hall: Hall, code: str) -> None:
    one = str(hall.ask()["code"])
    hall.reply(SXD, "Câu này để anh Khánh trả lời tại phiên ạ.", one)
    order(hall, f"Hoãn phiên {code} sang 08:30 ngày 10/12/2026 vì trùng họp")
    assert due_days(hall) == ["2026-12-10"]
    hall.reply(SXD, f"{one}: Sở Xây dựng trả lời: đường Trường Chinh được sửa xong trước ngày 20/12/2026.", one)
    assert hall.of_question(one)[0]["status"] == "answered"


def test_after_the_session_its_outcome_decides_what_the_unit_still_owes(hall: Hall, code: str) -> None:
    one = str(hall.ask()["code"])
    hall.reply(SXD, "Câu này để anh Khánh trả lời tại phiên ạ.", one)
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    order(hall, f"Kết thúc phiên {code} từ 08:30 đến 10:30")
    assert "trả lời chậm nhất" in order(hall, f"{one} trả lời sau")
    assert due_days(hall) == ["2026-12-11"]
