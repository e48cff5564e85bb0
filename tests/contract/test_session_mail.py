"""A session proposed by mail, like questions in its script, a notice corrected after the plan, numbers on papers."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from daemon.base.errors import PermanentError
from db.core.tables import paper, session
from rules.law.session_rules import PaperKind
from tests.dose import each_third
from tests.hall import Hall
from tests.installation import HEAD, OFFICER, SXD, answer_to, files_of, letter
from tests.world import FORM, ROAD, SIGNATURE, said

LABELLED = """Chủ đề: Hạ tầng đô thị và trật tự xây dựng
Thời gian: 08:30 ngày 26/11/2026
Thời lượng: 120 phút
Cấp: thành phố
Địa điểm: Phòng họp số 2
Chủ trì: Trần Văn Bình, Phó Chủ tịch Ủy ban nhân dân thành phố, chutri@haiphong.test
Các đơn vị: Sở Xây dựng; SNNMT
Lãnh đạo trả lời:
- Phạm Quốc Khánh, Phó Giám đốc, Sở Xây dựng
Mục đích: Trả lời câu hỏi của người dân về hạ tầng đô thị.
Lý do: Nhiều câu hỏi về đường sá trong sáu tháng qua.
Phối hợp:
- Sở Xây dựng: Trả lời câu hỏi được chuyển.
"""
TOML = 'topic = "Nhà ở xã hội"\nstart = 2026-11-26T08:30:00\nreasons = ["Nhiều câu hỏi"]\n'
TOML += 'chair = { name = "Trần Văn Bình", title = "Phó Chủ tịch" }\n'


def invited(hall: Hall) -> bytes:
    """A mail of the house to the officer, to answer: the server authenticates nobody in this installation."""
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    hall.ask("Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?" + SIGNATURE)
    return hall.last(OFFICER)


def test_a_session_is_proposed_by_labelled_lines_in_a_mail(hall: Hall) -> None:
    hall.write(answer_to(invited(hall), OFFICER, LABELLED))
    found = hall.desk.show("P-2026-01")
    assert found.form.topic == "Hạ tầng đô thị và trật tự xây dựng"
    assert found.starts_at == FORM.start
    assert (found.form.units, found.form.place, found.form.minutes) == (("SXD", "SNNMT"), "Phòng họp số 2", 120)
    assert (found.form.chair, found.form.leaders, found.form.coordination) == (
        FORM.chair,
        FORM.leaders,
        FORM.coordination,
    )
    answer = said(hall.last(OFFICER))
    assert "Đã ghi nhận phiên P-2026-01, 08:30 ngày 26/11/2026" in answer
    assert "Yêu cầu" in answer.split("các mục còn trống")[1]
    assert "trình Ông/Bà phê duyệt" in said(hall.last(HEAD))
    assert "session_proposed" in hall.journal()


def test_a_session_is_proposed_by_an_attached_form(hall: Hall) -> None:
    attached = [("phien.toml", "text/plain", TOML.encode())]
    hall.write(answer_to(invited(hall), OFFICER, "Xin gửi mẫu đề xuất.", attachments=attached))
    assert hall.desk.show("P-2026-01").form.topic == "Nhà ở xã hội"
    hall.reply(OFFICER, "Bổ sung phiên P-2026-01", attachments=attached)
    assert "Xin ghi mỗi dòng một mục" in said(hall.last(OFFICER)), "one that is amended is not proposed again"


@each_third(
    ("was", "now", "told"),
    [
        ("Thời lượng: 120 phút", "Thời lượng: 150 phút", "từ 90 đến 120 phút (khoản 2 Điều 6)"),
        ("08:30 ngày 26/11/2026", "sáng thứ Năm", "Không rõ thời gian “sáng thứ Năm”"),
        ("08:30 ngày 26/11/2026", "08:30 ngày 31/11/2026", "Ngày 31/11/2026 không có trong lịch. Không rõ thời gian"),
        ("08:30 ngày 26/11/2026", "8h30 thứ Sáu ngày 26/11/2026", "Ngày 26/11/2026 là thứ Năm, khác với thứ đã ghi"),
        ("Bình, Phó Chủ tịch Ủy ban nhân dân thành phố,", "Bình,", "Dòng “Chủ trì” cần họ tên và chức vụ"),
        ("Sở Xây dựng; SNNMT", "Sở Trên Mây", "Không nhận ra đơn vị “Sở Trên Mây”"),
        ("Địa điểm:", "Địa chỉ nhà:", "Không rõ mục “Địa chỉ nhà”"),
        ("Lý do: Nhiều câu hỏi về đường sá trong sáu tháng qua.\n", "", "mục “Lý do”"),
    ],
)
def test_what_is_wrong_is_answered_and_nothing_is_half_done(hall: Hall, was: str, now: str, told: str) -> None:
    assert was in LABELLED
    hall.write(answer_to(invited(hall), OFFICER, LABELLED.replace(was, now)))
    assert told in said(hall.last(OFFICER))
    assert hall.house.rows(session) == []
    assert hall.house.rows(paper) == []


def test_who_is_not_proven_proposes_nothing(hall: Hall) -> None:
    invited(hall)
    hall.write(letter(OFFICER, LABELLED, subject="Đề xuất phiên"))
    assert hall.house.rows(session) == []
    assert hall.house.mails[-1]["status"] == "held"


def test_like_questions_stand_together_in_the_script_with_how_many_asked(hall: Hall) -> None:
    code = hall.announced()
    first = hall.ask()["code"]
    second = hall.ask(f"{ROAD} Tôi cũng hỏi như vậy.{SIGNATURE}", sender="ba@dan.test")["code"]
    hall.desk.put_up(code, PaperKind.SCRIPT)
    hall.house.run()
    text = str(hall.house.rows(paper)[-1]["text"])
    assert f"số {first}; Nguyễn Văn An; 02 lượt hỏi, cùng nội dung với {second}" in text
    assert "02 lượt hỏi, tổng hợp thành 01 câu hỏi" in text


def test_a_returned_notice_is_corrected_after_the_plan_is_issued(hall: Hall) -> None:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    code = hall.desk.propose(replace(FORM, decided="CV 12"))[0].code
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.approve()
    hall.desk.put_up(code, PaperKind.NOTICE)
    hall.house.run()
    before = hall.last(HEAD)
    hall.approve("Trả lại: ghi thêm số điện thoại tiếp nhận")
    hall.desk.amend(code, replace(FORM, decided="CV 12", ways=("Gọi điện thoại 0225 3000 000.",)))
    assert hall.status(code) == "plan_issued"
    assert hall.desk.put_up(code, PaperKind.NOTICE)
    hall.write(answer_to(before, HEAD, "Duyệt", subject="Re: bản cũ"))
    with pytest.raises(PermanentError, match="not approved the notice"):
        hall.desk.announce(code, "https://haiphong.test/1")
    hall.approve()
    hall.desk.announce(code, "https://haiphong.test/1")
    kept = [(row["kind"], row["status"]) for row in hall.house.rows(paper)]
    assert kept == [("plan", "approved"), ("notice", "void"), ("notice", "approved")]


PLANNED = ("plan_approved", "plan_issued")


def test_what_the_issued_plan_says_too_needs_a_new_plan(hall: Hall) -> None:
    code = hall.desk.propose(replace(FORM, decided="CV 12"))[0].code
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.approve()
    assert {hall.duties()[rule]["status"] for rule in PLANNED} == {"met"}
    hall.reply(OFFICER, f"Bổ sung phiên {code}\nĐịa điểm: Hội trường lớn")
    assert f"muốn trình ngay, xin ghi “Trình kế hoạch {code}”" in said(hall.last(OFFICER))
    assert hall.status(code) == "topic_approved"
    assert [row["status"] for row in hall.house.rows(paper)] == ["void"]
    assert {hall.duties()[rule]["status"] for rule in PLANNED} == {"open"}
    hall.at(2026, 11, 5, 2, 0)
    assert [row["status"] for row in hall.house.rows(paper)] == ["void", "shown"], "drafted and put up by itself"
    hall.approve()
    assert {hall.duties()[rule]["status"] for rule in PLANNED} == {"met"}
    hall.at(2026, 11, 12, 2, 0)
    hall.desk.amend(code, replace(FORM, decided="CV 12", place="Phòng họp số 1"))
    plan = hall.duties()["plan_issued"]
    assert (plan["status"], plan["was_late"]) == ("open", True), "S-15 is over, and no plan counts"
    assert "không còn hiệu lực" in plan["why_late"]


def plan_number(hall: Hall) -> str:
    raw = [one for one in hall.inbox(SXD) if files_of(one)][-1]
    data = next(data for name, data in files_of(raw).items() if name.endswith(".pdf"))
    return " ".join(PdfReader(io.BytesIO(data)).pages[0].extract_text().split())


def test_a_plan_bears_the_number_that_the_head_gives_then_the_next(hall: Hall) -> None:
    code = hall.desk.propose(replace(FORM, decided="CV 12"))[0].code
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.approve("Duyệt, số 05/KH-BBT")
    assert hall.status(code) == "plan_issued"
    assert "Số: 05/KH-BBT" in plan_number(hall)
    hall.desk.move(code, datetime(2026, 12, 10, 1, 30, tzinfo=UTC), "Trùng kỳ họp")
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.approve("Duyệt")
    assert "Số: 06/KH-BBT" in plan_number(hall)
    assert [row["number"] for row in hall.house.rows(paper)] == ["05/KH-BBT", "06/KH-BBT"]
