"""Sessions end to end: from the proposal to the last answer, by mail and at the console, on a clock of our own."""

import email
import email.policy
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.base import clock
from daemon.base.errors import DoithoaiError, PermanentError
from daemon.papers.sessions import Marking
from daemon.portal.publish import publish
from db.core.tables import approval, assignment, duty, paper, session
from rules.decide.base.facts import Person
from rules.law.session_rules import Mark, PaperKind, SessionForm
from tests.conftest import REPOSITORY
from tests.contract.test_prepared_links import prepared
from tests.hall import Hall
from tests.installation import HEAD, OFFICER, SXD, answer_to, letter, subject_of, unit_address
from tests.world import CITIZEN, DEPUTY, FORM, ROAD, SIGNATURE, said

START = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
"""Thursday 26/11/2026, 08:30 in the city."""
END = datetime(2026, 11, 26, 3, 30, tzinfo=UTC)


def attachments(raw: bytes) -> list[str]:
    """The names of a mail's files."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return [str(one.get_filename()) for one in message.iter_attachments()]


def test_a_reminder_of_a_duty_brings_the_sessions_days(hall: Hall) -> None:
    code = hall.announced(FORM)
    hall.at(2026, 11, 19, 2, 0)
    reminders = [raw for raw in hall.inbox(OFFICER) if f"[{code}] Việc của phiên" in subject_of(raw)]
    assert reminders
    assert all(attachments(raw) == [f"{code}.ics"] for raw in reminders)


def test_proposal_plan_and_notice_are_approved_by_reply(hall: Hall) -> None:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    code = hall.desk.propose(FORM)[0].code
    assert code == "P-2026-01"
    hall.house.run()
    assert attachments(hall.last(HEAD)) == [f"{code}-proposal.docx", f"{code}-proposal.pdf"]
    assert "Chủ trì: Trần Văn Bình" in said(hall.last(HEAD)), "who, when and where stand in the mail itself"
    hall.approve()
    assert hall.status(code) == "proposed", "the Head's word is not the city's"
    hall.decide_topic(code)
    assert hall.status(code) == "topic_approved"
    assert hall.desk.put_up(code, PaperKind.PLAN)
    assert not hall.desk.put_up(code, PaperKind.PLAN), "the same text is not asked for twice"
    hall.approve("Duyệt kế hoạch này.")
    assert hall.status(code) == "plan_issued"
    assert attachments(hall.last(SXD)) == [f"{code}-plan.docx", f"{code}-plan.pdf", f"{code}.ics"]
    assert hall.inbox(unit_address("SYT")) == []
    hall.desk.put_up(code, PaperKind.NOTICE)
    with pytest.raises(PermanentError, match=r"not approved the notice \(5\.3\)"):
        hall.desk.announce(code, "https://haiphong.test/1")
    hall.approve()
    hall.desk.announce(code, "https://haiphong.test/1")
    assert hall.status(code) == "announced"
    done = {rule for rule, row in hall.duties().items() if row["status"] == "met"}
    assert done == {"plan_approved", "plan_issued", "notice_posted", "notice_content"}


def test_every_dated_duty_stands_in_the_table_with_its_reason(hall: Hall) -> None:
    hall.announced()
    dates = {rule: row["due"]["on"] for rule, row in hall.duties().items()}
    assert dates["plan_issued"] == "2026-11-11"
    assert dates["notice_posted"] == "2026-11-12"
    assert dates["questions_forwarded"] == "2026-11-19"
    assert dates["answers_returned"] == "2026-11-23"
    assert dates["script_sent"] == "2026-11-23"
    assert dates["forward_elsewhere"] == "2026-11-30"
    assert dates["answer_after_session"] == "2026-12-11"
    assert all("Quy chế" in row["due"]["reason"] for row in hall.duties().values())


def test_a_plan_with_an_empty_field_is_refused(hall: Hall) -> None:
    code = hall.desk.propose(replace(FORM, place="", decided="Công văn số 12/UBND-VX ngày 02/11/2026"))[0].code
    with pytest.raises(DoithoaiError, match=r"place.*9\.2"):
        hall.desk.put_up(code, PaperKind.PLAN)
    hall.desk.amend(code, FORM)
    assert hall.desk.put_up(code, PaperKind.PLAN)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (replace(FORM, minutes=150), r"90 to 120 minutes.*6\.2"),
        (replace(FORM, ad_hoc=True), r"direction \(6\.1\)"),
        (replace(FORM, start=datetime(2026, 12, 16, 1, 30, tzinfo=UTC)), r"same 6 months \(6\.1\)"),
        (
            replace(FORM, level="unit", unit="SXD", start=datetime(2026, 11, 5, 1, 30, tzinfo=UTC)),
            r"month with one of the city \(6\.1\)",
        ),
        (replace(FORM, topic=" "), r"topic is empty"),
    ],
)
def test_what_6_1_and_6_2_forbid_is_refused(hall: Hall, form: SessionForm, why: str) -> None:
    hall.desk.propose(FORM)
    with pytest.raises(PermanentError, match=why):
        hall.desk.propose(form)


def test_an_ad_hoc_session_on_the_citys_direction_and_several_in_parallel(hall: Hall) -> None:
    hall.desk.propose(FORM)
    start = datetime(2026, 12, 8, 1, 30, tzinfo=UTC)
    found, notes = hall.desk.propose(
        replace(FORM, start=start, ad_hoc=True, direction="Công văn số 99/UBND ngày 01/10/2026")
    )
    assert found.code == "P-2026-02"
    assert any("trùng một ngày" in note for note in notes), "a Tuesday: S-3 and S-2 on one day"
    with hall.house.engine.begin() as connection:
        assert len(connection.exec_driver_sql("select id from session").all()) == 2


def test_returned_papers_name_what_to_change_and_approve_nothing(hall: Hall) -> None:
    code = hall.desk.propose(FORM)[0].code
    hall.approve("Trả lại: bổ sung lý do chọn chủ đề")
    assert hall.status(code) == "proposed"
    assert "bổ sung lý do" in said(hall.last(OFFICER))
    assert hall.house.rows(approval)[-1]["status"] == "returned"
    for says in (f"ghi “Bổ sung phiên {code}: …”", f"ghi “Trình tờ trình {code}”"):
        assert says in said(hall.last(OFFICER)), "the mail brings the orders to go on with"
    hall.reply(OFFICER, f"Bổ sung phiên {code}\nMục đích: Trả lời câu hỏi của người dân.")
    hall.reply(OFFICER, f"Trình tờ trình {code}")
    assert [row["status"] for row in hall.house.rows(paper)] == ["void", "shown"]


def test_an_approval_with_a_condition_is_none(hall: Hall) -> None:
    code = hall.desk.propose(FORM)[0].code
    hall.approve("Duyệt nhưng sửa lại địa điểm")
    assert hall.status(code) == "proposed"
    assert "Đã trả lại" in said(hall.last(HEAD))


def test_a_form_filled_in_again_moves_no_day(hall: Hall) -> None:
    code = hall.desk.propose(replace(FORM, decided="CV 12"))[0].code
    before = (hall.duties(), hall.desk.show(code))
    with pytest.raises(DoithoaiError, match="session move"):
        hall.desk.amend(code, replace(FORM, start=FORM.start + timedelta(days=1), place="Phòng khác"))
    assert (hall.duties(), hall.desk.show(code)) == before


def test_a_changed_text_voids_the_approval(hall: Hall) -> None:
    code = hall.desk.propose(replace(FORM, decided="CV 12"))[0].code
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.house.run()
    first = hall.last(HEAD)
    hall.desk.amend(code, replace(FORM, place="Phòng khác"))
    assert hall.desk.show(code).form.decided == "CV 12", "what was decided stays"
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.house.run()
    hall.write(answer_to(first, HEAD, "Duyệt"))
    assert hall.status(code) == "topic_approved"
    assert "đã thay đổi" in said(hall.last(HEAD))
    assert [row["status"] for row in hall.house.rows(paper)] == ["void", "shown"]


def test_only_the_person_asked_approves_and_only_once(hall: Hall) -> None:
    code = hall.desk.propose(FORM)[0].code
    hall.house.run()
    asked = hall.last(HEAD)
    hall.write(answer_to(asked, OFFICER, "Duyệt"))
    hall.write(answer_to(asked, "gia-danh@elsewhere.test", "Duyệt"))
    assert hall.status(code) == "proposed"
    hall.approve()
    hall.write(answer_to(asked, HEAD, "Trả lại: nghĩ lại rồi", subject="Re: lần hai"))
    assert "đã được quyết định" in said(hall.last(HEAD))
    hall.decide_topic(code)
    assert hall.status(code) == "topic_approved"
    assert {"approval_asked", "approved", "topic_decided", "topic_approved"} <= set(hall.journal())


def test_the_deputy_is_asked_while_the_head_is_away(hall: Hall) -> None:
    house, away = hall.house, (date(2026, 10, 1), date(2026, 10, 9))
    people = replace(house.installation.board, deputy=Person("Phó Trưởng Ban", DEPUTY, "head"), head_absent=away)
    house.installation = replace(house.installation, board=people)
    house.restart()
    hall.desk.propose(FORM)
    hall.approve(head=DEPUTY)
    assert hall.inbox(HEAD) == []
    assert [row["status"] for row in house.rows(paper)] == ["approved"]


def test_a_question_of_an_announced_session_is_due_s_minus_3(hall: Hall) -> None:
    hall.announced()
    hall.ask()
    row = hall.house.rows(assignment)[0]
    assert (row["unit"], str(row["due_on"])) == ("SXD", "2026-11-23")
    assert hall.question["session_id"] == 1
    told = said(hall.last(CITIZEN))
    assert "trả lời tại phiên đối thoại “Hạ tầng đô thị và trật tự xây dựng”" in told
    assert "ngày 26/11/2026" in told, "the day of the session, not the unit's S-3"
    assert "ngày 11/12/2026" in told, "what follows when it is not answered there"
    assert "23/11/2026" not in told
    assert "câu trả lời được dùng tại phiên" in said(hall.last(SXD))


def test_nobody_is_told_of_lateness_before_the_session_that_answers(hall: Hall) -> None:
    """The unit owes S-3 to the Board; who asked hears the answer in the session, so nothing is late for them."""
    hall.announced()
    hall.ask()
    before = len(hall.inbox(CITIZEN))
    for day in (24, 25):
        hall.at(2026, 11, day, 1, 0)
    assert hall.house.rows(assignment)[0]["status"] == "forwarded"
    assert "quá hạn" in said(hall.last(SXD)), "the unit is chased"
    assert len(hall.inbox(CITIZEN)) == before


def test_more_time_before_a_session_ends_before_it_and_is_told_to_the_unit_alone(hall: Hall) -> None:
    hall.announced()
    hall.ask(sender="ba@dan.test")
    code = hall.ask()["code"]
    before, kept = len(hall.inbox(CITIZEN)), len(hall.inbox(SXD))
    for day in ("26/11/2026", "30/11/2026"):
        hall.reply(OFFICER, f"{code} đồng ý gia hạn đến {day}")
        assert "hạn mới phải trước ngày phiên" in said(hall.last(OFFICER))
    assert len(hall.inbox(SXD)) == kept
    hall.reply(OFFICER, f"{code} đồng ý gia hạn đến 25/11/2026")
    assert "25/11/2026" in said(hall.last(SXD))
    assert [str(row["due_on"]) for row in hall.house.rows(assignment)] == ["2026-11-23", "2026-11-25"]
    hall.at(2026, 11, 26, 1, 0)
    assert "quá hạn" in said(hall.last(SXD)), "the unit is chased"
    assert len(hall.inbox(CITIZEN)) == before


def test_a_question_of_another_field_goes_without_a_session(hall: Hall) -> None:
    hall.announced(replace(FORM, units=("SYT",)))
    hall.ask()
    assert hall.question["session_id"] is None
    assert "một phiên đối thoại" not in said(hall.last(SXD))
    assert str(hall.house.rows(assignment)[0]["due_on"]) == "2026-11-17"


def test_answers_wait_for_the_script_and_the_script_for_the_head(hall: Hall) -> None:
    code = hall.announced()
    hall.ask()
    before = len(hall.inbox(CITIZEN))
    hall.reply(SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")
    assert hall.question["status"] == "answered"
    assert len(hall.inbox(CITIZEN)) == before, "what is not yet approved is not sent"
    hall.at(2026, 11, 23, 1, 0)
    assert "kịch bản" in subject_of(hall.last(HEAD)), "on S-2 the script is drafted where nobody has"
    assert attachments(hall.last(HEAD)), "the whole text comes as files"
    hall.approve()
    assert hall.status(code) == "script_approved"
    assert attachments(hall.last(SXD)) == [f"{code}-script.docx", f"{code}-script.pdf", f"{code}.ics"]
    duties = hall.duties()
    assert (duties["script_approved"]["status"], duties["script_sent"]["status"]) == ("met", "met")


def test_a_session_without_questions_owes_no_script(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    hall.announced()
    for hour, status in ((2, "open"), (17, "void")):  # the morning of S-2, and its midnight in the city
        hall.at(2026, 11, 23, hour)
        assert {hall.duties()[rule]["status"] for rule in ("script_approved", "script_sent")} == {status}
    assert hall.journal().count("nothing_to_script") == 2
    assert not hall.duties()["script_approved"]["was_late"]
    assert "no_script" not in caplog.text


def test_a_question_after_the_script_may_go_live(hall: Hall) -> None:
    hall.announced()
    hall.ask()
    hall.at(2026, 11, 23, 1, 0)
    hall.approve()
    hall.at(2026, 11, 24, 1, 0)
    hall.ask(ROAD + " Đường Lê Lợi cũng vậy." + SIGNATURE, sender="ba@dan.test")
    assert "sau khi kịch bản" in said(hall.last(OFFICER))
    assert "sau khi kịch bản" in said(hall.last("chutri@haiphong.test"))
    assert "có thể được nêu trực tiếp tại phiên" in said(hall.last(SXD))
    assert hall.question["session_id"] == 1


def test_boards_own_duties_are_chased_before_at_and_after(hall: Hall) -> None:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    hall.desk.propose(replace(FORM, decided="CV 12"))
    hall.at(2026, 11, 2, 3, 0)
    for day in (9, 11, 12):
        before = len(hall.inbox(OFFICER))
        hall.at(2026, 11, day, 1, 0)
        assert len(hall.inbox(OFFICER)) > before, day
    assert "đã quá hạn" in said(hall.last(HEAD)), "late: the Head is told"
    late = hall.duties()["plan_issued"]
    assert late["was_late"]
    assert late["why_late"]
    count = len(hall.inbox(OFFICER))
    hall.house.run(2)
    assert len(hall.inbox(OFFICER)) == count, "nothing twice"


def held(hall: Hall, questions: int = 5) -> tuple[str, list[str]]:
    """A session that is over, with so many unanswered questions."""
    code, numbers = hall.begin(("held", questions), lambda: hold(hall, questions))
    return code, list(numbers)


def hold(hall: Hall, questions: int) -> tuple[str, list[str]]:
    """It is announced, asked at, and held."""
    code = hall.announced()
    numbers = []
    for number in range(questions):
        text = f"{ROAD} Đoạn số {number + 1} hỏng từ tháng {number + 1}.{SIGNATURE}"
        numbers.append(hall.ask(text, subject=f"Đường hỏng đoạn {number + 1}")["code"])
    hall.at(2026, 11, 23, 1, 0)
    hall.approve()
    hall.at(2026, 11, 26, 4, 0)
    hall.desk.hold(code, START, END)
    hall.house.run()
    return code, numbers


def test_marks_g_h_i_k_and_answered(hall: Hall) -> None:
    code, numbers = held(hall)
    assert numbers[0] in said(hall.last(OFFICER)), "the officers are asked for the marks at once"
    marks = [
        Marking(numbers[0], Mark.ANSWERED),
        Marking(numbers[1], Mark.ELSEWHERE, unit="CATP"),
        Marking(numbers[2], Mark.OUTSIDE, reason="thuộc thẩm quyền của Bộ Xây dựng"),
        Marking(numbers[3], Mark.LATER),
    ]
    assert hall.desk.close(code, marks) == (numbers[4],)
    assert hall.status(code) == "held", "what is unmarked keeps it open"
    with pytest.raises(PermanentError, match="reason"):
        hall.desk.close(code, [Marking(numbers[4], Mark.NEVER, reason=" ")])
    assert hall.desk.close(code, [Marking(numbers[4], Mark.NEVER, reason="đã trả lời nhiều lần")]) == ()
    assert hall.status(code) == "closed"
    hall.house.run()
    by_code = {str(row["code"]): row for row in hall.house.questions}
    assert [by_code[one]["session_mark"] for one in numbers] == ["answered", "g", "h", "i", "k"]
    assert [by_code[one]["status"] for one in numbers] == [
        "answered", "forwarded", "rejected", "forwarded", "rejected",
    ]  # fmt: skip
    texts = " ".join(said(one) for one in hall.inbox(CITIZEN)[-5:])
    for words in ("trả lời trực tiếp tại phiên", "Công an", "Bộ Xây dựng", "11/12/2026", "Đã trả lời nhiều lần"):
        assert words in texts
    duties = hall.duties()
    assert (duties["forward_elsewhere"]["status"], duties["tell_unanswered"]["status"]) == ("met", "met")
    assert duties["answer_after_session"]["status"] == "open"


def test_an_answer_after_the_session_is_sent_and_put_up_for_publication(hall: Hall) -> None:
    code, numbers = held(hall, 1)
    hall.desk.close(code, [Marking(numbers[0], Mark.LATER)])
    hall.house.run()
    assert str(hall.house.rows(assignment)[0]["due_on"]) == "2026-12-11"
    hall.house.clock.at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    hall.reply(SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý II năm 2027.")
    assert "quý II năm 2027" in said(hall.last(CITIZEN))
    assert hall.question["status"] == "answered"
    hall.approve()
    assert hall.question["status"] == "approved"
    assert "quý II năm 2027" in said(hall.last(OFFICER))
    hall.at(2026, 12, 9, 1, 0)
    assert hall.duties()["answer_after_session"]["status"] == "open", "10.1.i wants it on the portal too"
    publish(hall.house.engine, hall.house.installation, hall.house.folder / "cong")
    hall.at(2026, 12, 11, 1, 0)
    assert hall.duties()["answer_after_session"]["status"] == "met"
    assert not hall.duties()["answer_after_session"]["was_late"]


def test_an_answer_that_is_never_posted_leaves_s_plus_15_open_and_late(hall: Hall) -> None:
    code, numbers = held(hall, 2)
    hall.desk.close(code, [Marking(numbers[0], Mark.LATER), Marking(numbers[1], Mark.NEVER, reason="đã có")])
    hall.house.run()
    hall.house.clock.at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    hall.reply(SXD, f"{numbers[0]}: Sở Xây dựng trả lời: đường sẽ được sửa trong quý II năm 2027.")
    assert [row["status"] for row in hall.house.questions] == ["answered", "rejected"]
    assert hall.status(code) == "closed"
    hall.at(2026, 12, 25, 2, 0)
    late = hall.duties()["answer_after_session"]
    assert (late["status"], late["was_late"]) == ("open", True)


def test_marks_by_mail(hall: Hall) -> None:
    code, numbers = held(hall, 3)
    hall.reply(
        OFFICER,
        f"{numbers[0]} đã trả lời trong phiên\n{numbers[1]} trả lời sau\n{numbers[2]} từ chối k vì trùng nội dung",
    )
    assert [row["session_mark"] for row in hall.house.questions] == ["answered", "i", "k"]
    assert hall.desk.close(code, []) == ()


def test_unmarked_questions_are_chased(hall: Hall) -> None:
    held(hall, 1)
    hall.at(2026, 11, 27, 1, 0)
    hall.at(2026, 11, 30, 1, 0)
    assert "HP-2026-000001" in " ".join(said(one) for one in hall.inbox(OFFICER)[-3:])
    hall.at(2026, 12, 2, 1, 0)
    assert hall.duties()["tell_unanswered"]["was_late"]
    assert hall.duties()["forward_elsewhere"]["was_late"]


def test_an_edited_end_plans_anew(hall: Hall) -> None:
    code, _ = held(hall, 1)
    hall.at(2026, 11, 27, 3, 0)
    day = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    hall.desk.hold(code, day, day.replace(hour=3, minute=0))
    assert hall.duties()["answer_after_session"]["due"]["on"] == "2026-12-14"


def test_a_moved_session_is_planned_anew_and_everyone_told(hall: Hall) -> None:
    code = hall.announced()
    hall.ask()
    lines: list[Any] = hall.desk.move(code, datetime(2026, 12, 10, 1, 30, tzinfo=UTC), "Trùng kỳ họp Hội đồng")
    assert ("S-3", date(2026, 11, 23), date(2026, 12, 7)) in [
        (line["label"], line["old"].on, line["new"].on) for line in lines
    ]
    hall.house.run()
    assert hall.status(code) == "topic_approved", "a plan with the old day is approved no longer"
    assert str(hall.house.rows(assignment)[0]["due_on"]) == "2026-12-07"
    assert "10/12/2026" in said(hall.last(CITIZEN))
    assert any("Thay đổi thời gian phiên" in subject_of(one) for one in hall.inbox(SXD))
    fresh = {rule: row["due"]["on"] for rule, row in hall.duties().items()}
    assert fresh["plan_issued"] == "2026-11-25"
    assert {row["status"] for row in hall.house.rows(paper) if row["kind"] != "proposal"} == {"void"}
    count = len(hall.house.sent)
    hall.house.run(2)
    assert len(hall.house.sent) == count
    hall.desk.move(code, datetime(2026, 12, 11, 1, 30, tzinfo=UTC), "Trùng kỳ họp Hội đồng")
    hall.house.run()
    assert ["Thay đổi thời gian phiên" in subject_of(one) for one in hall.inbox(SXD)].count(True) == 2


def test_a_cancelled_session_loses_no_question(hall: Hall) -> None:
    code = hall.announced()
    hall.ask()
    hall.desk.cancel(code, "Bão số 9")
    hall.house.run()
    assert hall.status(code) == "cancelled"
    assert hall.question["session_id"] is None
    assert str(hall.house.rows(assignment)[0]["due_on"]) == "2026-11-17"
    assert "không được tổ chức" in said(hall.last(CITIZEN))
    open_ones = [row for row in hall.house.rows(duty) if row["kind"] == "session" and row["status"] == "open"]
    assert open_ones == []


def in_november() -> datetime:
    """The console's clock at noon of a Thursday, before the session that the form names."""
    return datetime(2026, 11, 26, 5, tzinfo=UTC)


def test_the_console_reads_the_form_and_shows(
    hall: Hall, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", in_november)
    form = tmp_path / "form.toml"
    form.write_text(
        'topic = "Hạ tầng"\nstart = 2027-03-18T08:30:00\nunits = ["SXD"]\nchair = {name = "A", title = "GĐ"}\n'
        'reasons = ["Nhiều câu hỏi"]\n',
        encoding="utf-8",
    )
    assert hall.house.command("session", "propose", str(form)) == 0
    assert "P-2027-01 proposed 2027-03-18 08:30" in capsys.readouterr().out
    assert hall.house.command("session", "show", "P-2027-01") == 0
    assert "rule=plan_issued" in capsys.readouterr().out
    assert hall.house.command("session", "list") == 0
    assert "Hạ tầng" in capsys.readouterr().out
    assert len(hall.house.rows(session)) == 1


def test_the_form_of_the_handbook_is_read_and_knows_every_key(
    hall: Hall, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", in_november)
    handbook = (REPOSITORY / "docs/operations.md").read_text("utf-8")
    written = handbook.partition("## A session from the console")[2].partition("```toml\n")[2].partition("```")[0]
    form = tmp_path / "form.toml"
    form.write_text(written, "utf-8")
    assert hall.house.command("session", "propose", str(form)) == 0
    assert "P-2027-01 proposed 2027-03-18 08:30" in capsys.readouterr().out
    assert [one.name for one in fields(SessionForm) if not re.search(rf"\b{one.name} = ", written)] == [
        "leaders",
        "coordination",
    ]
    (kept,) = hall.house.rows(session)
    assert hall.house.command("session", "plan", kept["code"], "--form", str(form)) == 1
    assert "must be topic_approved" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('topic = "x"\nchair = "Trần Văn Bình"', r'chair: must be in braces, such as \{ name = "…", title = "…" \};'),
        ("", r"topic: missing;"),
        ('topic = "x"\nthoiluong = 3', r"thoiluong: unknown key; take it out;"),
        ('topic = "x"\nleaders = [{name = 3}]', r"leaders\[1\].name: must be a text in quotes;"),
        ('topic = "x"\nminutes = "hai giờ"', r"minutes: must be a whole number"),
        ("topic = x", r"Invalid value \(at line 2, column 9\);"),
    ],
)
def test_a_wrong_form_is_told_in_one_line_with_its_file(
    hall: Hall, capsys: pytest.CaptureFixture[str], tmp_path: Path, line: str, told: str
) -> None:
    form = tmp_path / "form.toml"
    form.write_text(f"start = 2027-03-18T08:30:00\n{line}\n", "utf-8")
    assert hall.house.command("session", "propose", str(form)) == 1
    (said_there,) = capsys.readouterr().err.splitlines()
    assert re.search(rf"^doithoai: {form}: (session form: )?{told}.*a whole form stands in docs/", said_there)
    assert not re.search(r"Input|LeaderForm|dictionary", said_there)


def test_article_and_recording_that_nobody_posts_are_late(hall: Hall) -> None:
    code, _ = held(hall, 0)
    hall.at(2026, 12, 7, 2, 0)
    (posting,) = [row for row in hall.house.rows(duty) if str(row["key"]).endswith(":post_record")]
    assert (posting["status"], posting["was_late"]) == ("open", True)
    day = [raw for raw in hall.inbox(OFFICER) if f"[{code}] Việc của phiên" in subject_of(raw)][-1]
    assert f"Trình nội dung phiên {code}" in said(day), "the reminder brings the order that fulfils it"
    assert "đã trình, chờ" not in said(day)


def test_the_day_names_who_has_the_record_before_it_is_posted(hall: Hall) -> None:
    """The Head read that posting is late, and not that it waited for himself; the only order offered was to close."""
    code, _ = held(hall, 1)
    hall.reply(OFFICER, "Tất cả đã trả lời")
    hall.reply(OFFICER, f"Trình nội dung phiên {code}")
    hall.at(2026, 12, 7, 2, 0)
    day = [raw for raw in hall.inbox(HEAD) if f"[{code}] Việc của phiên" in subject_of(raw)][-1]
    assert "đăng trên Cổng thông tin điện tử: đã trình, chờ Trưởng Ban Biên tập duyệt" in said(day)


def test_an_answer_that_people_post_themselves_meets_s_plus_15(hall: Hall) -> None:
    """10.1.i where the program has no folder to publish into."""
    _, (number,) = held(hall, 1)
    hall.reply(OFFICER, f"{number} trả lời sau")
    hall.reply(SXD, "Sở Xây dựng trả lời: đoạn đường được sửa xong trước ngày 20/12/2026.")
    hall.reply(OFFICER, f"{number} đã đăng tại https://haiphong.test/tra-loi-1")
    assert "chưa được duyệt để đăng" in said(hall.last(OFFICER))
    hall.approve()
    assert f"{number} đã đăng tại https://" in said(hall.last(OFFICER)), "the approval brings the order"
    hall.reply(OFFICER, f"{number} đã đăng tại https://haiphong.test/tra-loi-1")
    assert hall.question["status"] == "published"
    assert "https://haiphong.test/tra-loi-1" in said(hall.last(CITIZEN))
    hall.at(2026, 12, 9, 2, 0)
    kept = hall.duties()["answer_after_session"]
    assert (kept["status"], kept["was_late"]) == ("met", False)


def test_an_answer_after_the_session_is_told_to_the_officers_while_it_waits_for_the_outcome(hall: Hall) -> None:
    _, (number, other) = held(hall, 2)
    hall.reply(OFFICER, f"{other} đã trả lời tại phiên")
    hall.at(2026, 11, 27, 2, 0)
    before = hall.of_question(other)
    hall.reply(SXD, f"{number}: Sở Xây dựng trả lời: đoạn đường được sửa xong trước ngày 20/12/2026.")
    kept = next(raw for raw in reversed(hall.inbox(OFFICER)) if "sau phiên" in subject_of(raw))
    assert "câu trả lời chưa gửi cho người hỏi" in said(kept)
    assert f"{number} trả lời sau" in said(kept)
    hall.at(2026, 11, 27, 8, 0)
    assert "20/12/2026" not in "".join(said(raw) for raw in hall.inbox(CITIZEN)), "nothing leaves without an outcome"
    hall.at(2026, 12, 1, 2, 0)
    day = said([raw for raw in hall.inbox(OFFICER) if "Việc của phiên" in subject_of(raw)][-1])
    assert f"{number}: đã có câu trả lời, chưa gửi vì chưa ghi kết quả" in day
    assert f"{number} trả lời sau" in day
    hall.reply(OFFICER, f"{number} trả lời sau", "sau phiên")
    assert len([raw for raw in hall.inbox(CITIZEN) if "20/12/2026" in said(raw)]) == 1
    assert hall.of_question(other) == before


@pytest.mark.parametrize("writer", [OFFICER, SXD])
def test_an_answer_confirmed_for_a_session_is_not_said_to_have_been_sent(hall: Hall, writer: str) -> None:
    code = hall.announced()
    number = hall.ask()["code"]
    other = hall.ask(sender="ba@dan.test")["code"]
    hall.at(2026, 11, 16, 2, 0)
    hall.reply(SXD, f"{number}: Báo cáo Ban Biên tập, đoạn đường này Sở làm trong tháng 12.")
    assert hall.of_question(number)[0]["status"] == "forwarded", "held"
    before = hall.of_question(other)
    says, about = (f"{number} là câu trả lời", "Cần xem xét") if writer == OFFICER else ("Trả lời", "chưa gửi")
    hall.reply(writer, says, about)
    assert hall.of_question(number)[0]["status"] == "answered"
    for raw in (hall.last(SXD), *([hall.last(OFFICER)] if writer == OFFICER else [])):
        assert f"giữ cho phiên {code}" in said(raw) or f"phiên đối thoại {code}, nên câu trả lời được giữ" in said(
            raw
        )
        assert "Đã gửi câu trả lời" not in subject_of(raw)
        assert "được gửi cho người hỏi" not in said(raw)
    hall.at(2026, 11, 16, 8, 0)
    assert "tháng 12" not in "".join(said(raw) for raw in hall.inbox(CITIZEN))
    assert hall.of_question(other) == before


@pytest.mark.parametrize(
    ("day", "due"),
    [(datetime(2026, 12, 10, 7, 0, tzinfo=UTC), True), (datetime(2026, 11, 18, 1, 30, tzinfo=UTC), False)],
)
def test_a_move_is_told_to_those_too_whose_answer_is_there(hall: Hall, day: datetime, *, due: bool) -> None:
    code = hall.announced()
    answered = hall.ask()["code"]
    open_one = hall.ask(sender="ba@dan.test")["code"]
    hall.at(2026, 11, 16, 2, 0)
    hall.reply(SXD, f"{answered}: Sở Xây dựng trả lời: đoạn đường được sửa xong trước ngày 20/12/2026.")
    assert hall.of_question(answered)[0]["status"] == "answered"
    hall.reply(OFFICER, f"Hoãn phiên {code} sang {(day + timedelta(hours=7)):%H:%M ngày %d/%m/%Y}, lý do bão số 12")
    for who, number in ((CITIZEN, answered), ("ba@dan.test", open_one)):
        told = [raw for raw in hall.inbox(who) if "Thay đổi thời gian phiên" in subject_of(raw)]
        assert len(told) == 1
        assert number in said(told[0])
        assert f"{day:%d/%m/%Y}" in said(told[0])
        assert ("trước phiên; thời hạn" in said(told[0])) == (due and number == open_one), (
            "who has answered has no S-3 left"
        )
        assert "bằng văn bản; thời hạn" in said(told[0]), "S+15, of which the receipt told"
    assert "20/12/2026" not in "".join(said(raw) for raw in hall.inbox(CITIZEN)), "the answer waits for the session"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Thu hồi kế hoạch đã duyệt, có sai sót ở phần thành phần", "Bổ sung phiên P-2026-01:"),
        ("Đ/c Hà cho rút kế hoạch này về, tôi duyệt nhầm", "Hủy phiên P-2026-01 vì"),
        ("Hoãn phiên này sang 10/12/2026", "Hoãn phiên P-2026-01 sang 08:30 ngày 10/12/2026"),
        ("Trả lại: sai tên người chủ trì", "Bổ sung phiên P-2026-01: Chủ trì:"),
    ],
)
def test_the_heads_word_on_an_approved_plan_is_told_with_its_orders(hall: Hall, text: str, order: str) -> None:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    code = hall.desk.propose(replace(FORM, decided="CV 12"))[0].code
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.approve()
    assert hall.status(code) == "plan_issued"
    hall.reply(HEAD, text, "Trình phê duyệt")
    assert hall.status(code) == "plan_issued", "nothing is done by it"
    for who in (HEAD, OFFICER):
        assert order in [body.strip() for _, _, _, body in prepared(hall.last(who))]
    told = said(hall.last(OFFICER))
    assert "Hệ thống chưa làm gì. Văn bản này đã được quyết định trước đó" in told
    assert text.rsplit(":", maxsplit=1)[-1].strip() in told
    assert "vẫn chờ ý kiến" not in told
    assert "đã hỏi lại" not in told
    if order.startswith("Hoãn"):
        _, address, subject, body = next(one for one in prepared(hall.last(HEAD)) if one[3].startswith("Hoãn"))
        hall.write(letter(HEAD, body, to=address, subject=subject))
        assert hall.desk.show(code).starts_at == datetime(2026, 12, 10, 1, 30, tzinfo=UTC), "the link is an order"


def test_the_heads_wish_to_take_an_answer_down_brings_the_order(hall: Hall) -> None:
    code, (number,) = held(hall, 1)
    hall.reply(OFFICER, f"{number} trả lời sau")
    hall.reply(SXD, "Sở Xây dựng trả lời: đoạn đường được sửa xong trước ngày 20/12/2026.")
    hall.approve()
    assert hall.question["status"] == "approved"
    hall.reply(HEAD, "Thôi rút bài này xuống", "Trình phê duyệt")
    assert f"Gỡ đăng {number} vì" in [body.strip() for _, _, _, body in prepared(hall.last(OFFICER))]
    assert "vẫn chờ ý kiến" not in said(hall.last(OFFICER))
    assert hall.question["status"] == "approved"
    assert hall.status(code) == "held"


def test_the_same_approval_twice_troubles_no_officer(hall: Hall) -> None:
    hall.desk.put_up(hall.desk.propose(replace(FORM, decided="CV 12"))[0].code, PaperKind.PLAN)
    hall.approve()
    count = len(hall.inbox(OFFICER))
    hall.reply(HEAD, "Duyệt", "Trình phê duyệt")
    assert len(hall.inbox(OFFICER)) == count
