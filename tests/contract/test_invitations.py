"""Units and chair are summoned by an invitation that calendars answer (7.1.b, RFC 5546): asked, moved, called off."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from db.core.tables import attendance, question, raw_mail
from rules.law.session_rules import LeaderForm, PaperKind
from tests.installation import HEAD, MAILBOX, OFFICER, payload_of, subject_of, text_of, unit_address
from tests.world import FORM, World

SXD, SNNMT, SYT = (unit_address(code) for code in ("SXD", "SNNMT", "SYT"))
CHAIR = FORM.chair.email
LATER = datetime(2026, 12, 10, 1, 30, tzinfo=UTC)


pytestmark = pytest.mark.world(servers=False, sends=True, at=datetime(2026, 11, 2, 2, 0, tzinfo=UTC))


def planned(town: World, chair: LeaderForm = FORM.chair) -> str:
    """A session whose plan is issued."""
    code = town.desk.propose(replace(FORM, chair=chair, decided="Công văn số 12/UBND-VX"))[0].code
    town.desk.put_up(code, PaperKind.PLAN)
    town.look()
    town.reply(HEAD, "Duyệt")
    return code


def plan_again(town: World, code: str) -> None:
    town.desk.put_up(code, PaperKind.PLAN)
    town.look()
    town.reply(HEAD, "Duyệt")


def events(raw: bytes) -> dict[str, Calendar]:
    """The calendars that a mail carries, by their method; read by a second library too."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    found = {}
    for part in message.iter_attachments():
        if part.get_content_type() == "text/calendar":
            data = payload_of(part)
            vobject.readOne(data.decode()).validate(raiseException=True)
            method = str(part.get_param("method"))
            found[method] = Calendar.from_ical(data)
            assert str(found[method]["method"]) == method
    return found


def events_of(calendar: Calendar) -> list[Any]:
    """The events of a calendar; what the library makes of a property depends on its name."""
    return list(calendar.walk("VEVENT"))


def invitation(town: World, address: str, method: str = "REQUEST") -> Calendar:
    return next(events(raw)[method] for raw in reversed(town.inbox(address)) if method in events(raw))


def answered(
    town: World, code: str, sender: str, said: str, *, sequence: int = 3, comment: str = "", method: str = "REPLY"
) -> None:
    """A calendar program's answer, as they are sent: the calendar as an alternative of a text."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//VI", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:session-{code}@haiphong.test", f"SEQUENCE:{sequence}", "DTSTAMP:20261103T020000Z",
        "DTSTART:20261126T013000Z", f"ORGANIZER:mailto:{MAILBOX}",
        f"ATTENDEE;PARTSTAT={said}:mailto:{sender}", *([f"COMMENT:{comment}"] if comment else []),
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, MAILBOX
    mail["Subject"] = f"Accepted: Phiên đối thoại {code}"
    mail["Message-ID"] = f"<rsvp-{len(town.house.mails)}@{sender.rpartition('@')[2]}>"
    mail["Date"] = town.house.clock()
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{sender} đã trả lời giấy mời. Sở trả lời: bao giờ họp, xin hỏi?")
    mail.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": method})
    town.write(mail.as_bytes(policy=email.policy.SMTP))


def test_units_and_chair_are_invited_with_the_plan_and_nobody_else(town: World) -> None:
    code = planned(town)
    for address in (SXD, SNNMT, CHAIR):
        calendar = invitation(town, address)
        (event,) = events_of(calendar)
        assert event["uid"] == f"session-{code}@haiphong.test"
        assert str(event["organizer"]) == f"mailto:{MAILBOX}"
        assert str(event["attendee"]) == f"mailto:{address}", "nobody's address is shown to another"
        assert event["attendee"].params["RSVP"] == "TRUE"
        assert event["dtstart"].dt == FORM.start
    assert events_of(invitation(town, CHAIR))[0]["attendee"].params["ROLE"] == "CHAIR"
    assert town.names(SYT) == []
    summons = next(raw for raw in town.inbox(SXD) if "Giấy mời" in subject_of(raw))
    assert "lãnh đạo Sở Xây dựng dự phiên đối thoại" in text_of(summons)
    assert "khoản 1 Điều 7" in text_of(summons)
    beside = [events(raw)["PUBLISH"] for raw in town.inbox(SXD) if "PUBLISH" in events(raw)]
    uids = {str(one["uid"]) for calendar in beside for one in events_of(calendar)}
    assert f"session-{code}@haiphong.test" not in uids, "one event: the invitation is it"


def test_a_moved_session_is_the_same_event_moved_and_a_cancelled_one_called_off(town: World) -> None:
    code = planned(town)
    first = events_of(invitation(town, SXD))[0]
    town.desk.move(code, LATER, "Trùng kỳ họp")
    town.look()
    for address in (SXD, CHAIR):
        moved = events_of(invitation(town, address))[0]
        assert (moved["uid"], moved["dtstart"].dt) == (first["uid"], LATER)
        assert moved["sequence"] > first["sequence"]
    town.desk.cancel(code, "Bão số 9")
    town.look()
    for address in (SXD, CHAIR):
        off = events_of(invitation(town, address, "CANCEL"))[0]
        assert (off["uid"], off["status"]) == (first["uid"], "CANCELLED")
        assert off["sequence"] > moved["sequence"]
        assert str(off["attendee"]) == f"mailto:{address}"


def test_a_session_amended_after_its_plan_is_a_newer_event_and_still_on_its_day(town: World) -> None:
    code = planned(town)
    town.desk.move(code, LATER, "Trùng kỳ họp")
    plan_again(town, code)
    first = events_of(invitation(town, SXD))[0]
    town.desk.amend(code, replace(FORM, start=LATER, place="Hội trường lớn, số 18 Hoàng Diệu"))
    plan_again(town, code)
    again = events_of(invitation(town, SXD))[0]
    assert (again["uid"], again["location"]) == (first["uid"], "Hội trường lớn, số 18 Hoàng Diệu")
    assert again["sequence"] > first["sequence"]
    answered(town, code, SXD, "ACCEPTED", sequence=again["sequence"])
    answered(town, code, SNNMT, "DECLINED", sequence=first["sequence"])
    assert [row["sequence"] // 10 for row in town.house.rows(attendance)] == [1, 1], "both of the present day"
    assert "giấy mời theo ngày cũ" not in text_of(town.inbox(OFFICER)[-1])


def test_an_answer_is_recorded_and_shown_and_is_no_question_and_no_answer_of_a_department(town: World) -> None:
    town.ask(
        "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?\n\nNguyễn Văn An\n"
        "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\nĐT: 0912 000 111\n"
    )
    before = town.house.rows(question)
    code = planned(town)
    answered(town, code, SXD, "ACCEPTED")
    answered(town, code, SNNMT, "DECLINED", comment="Giám đốc đi công tác")
    kept = [(row["unit"], row["answer"], row["comment"]) for row in town.house.rows(attendance)]
    assert kept == [("SXD", "accepted", ""), ("SNNMT", "declined", "Giám đốc đi công tác")]
    assert town.house.rows(question) == before, "no question, no answer"
    assert {row["status"] for row in town.house.rows(raw_mail)} == {"done"}
    alerts = [raw for raw in town.inbox(OFFICER) if "không dự được" in subject_of(raw)]
    assert len(alerts) == 1
    assert "Giám đốc đi công tác" in text_of(alerts[0])
    assert f"Xin hỏi lại: {SNNMT}" in text_of(alerts[0]), "whom to ask"
    town.house.clock.at = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
    town.look()
    day = text_of([raw for raw in town.inbox(OFFICER) if "Việc của phiên" in subject_of(raw)][-1])
    assert "Sở Xây dựng: nhận lời dự" in day
    assert "báo không dự được (“Giám đốc đi công tác”)" in day
    assert "Trần Văn Bình (chủ trì): chưa trả lời giấy mời" in day


def test_a_later_answer_counts_and_one_to_an_older_invitation_does_not(town: World) -> None:
    code = planned(town)
    answered(town, code, SXD, "TENTATIVE", sequence=13)
    answered(town, code, SXD, "ACCEPTED", sequence=13)
    answered(town, code, SXD, "DECLINED", sequence=3)
    assert [row["answer"] for row in town.house.rows(attendance)] == ["accepted"]
    answered(town, code, CHAIR, "ACCEPTED", sequence=13)
    answered(town, code, CHAIR, "NEEDS-ACTION", sequence=13, method="COUNTER")
    rows = {row["address"]: row["answer"] for row in town.house.rows(attendance)}
    assert rows == {"SXD": "accepted", CHAIR: "tentative"}, "another time proposed is no yes"


@pytest.mark.parametrize("sender", [SYT, "ai-do@elsewhere.test"])
def test_who_was_not_invited_is_shown_to_an_officer_and_nothing_is_recorded(town: World, sender: str) -> None:
    answered(town, planned(town), sender, "ACCEPTED")
    assert town.house.rows(attendance) == []
    assert town.house.rows(question) == []
    assert town.house.mails[-1]["status"] == "held"
    assert "không đến từ nơi được mời" in str(town.house.mails[-1]["reason"])


@pytest.mark.parametrize("data", ["BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n", "xin chào", "\x00\xff"])
def test_a_calendar_that_cannot_be_read_is_a_mail_like_any_other(town: World, data: str) -> None:
    planned(town)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SXD, MAILBOX, "Về phiên đối thoại"
    mail["Message-ID"] = "<hong@sxd.test>"
    mail.set_content("Sở gửi lịch.")
    mail.add_attachment(data.encode("latin-1"), maintype="text", subtype="calendar", filename="lich.ics")
    town.write(mail.as_bytes(policy=email.policy.SMTP))
    assert town.house.rows(attendance) == []
    assert town.house.mails[-1]["status"] in {"held", "done"}


def test_the_place_is_told_to_who_is_invited_and_a_chair_without_address_named(town: World) -> None:
    form = replace(FORM, chair=replace(FORM.chair, email=""), decided="Công văn số 12/UBND-VX")
    form = replace(form, units=(*form.units, "UBND_GIAVIEN"))
    town.desk.put_up(town.desk.propose(form)[0].code, PaperKind.PLAN)
    town.look()
    town.reply(HEAD, "Duyệt")
    assert events_of(invitation(town, SNNMT))[0]["location"] == FORM.place
    summons = next(raw for raw in town.inbox(SNNMT) if "Giấy mời" in subject_of(raw))
    assert f"Địa điểm: {FORM.place}" in text_of(summons)
    assert town.names(CHAIR) == []
    assert "Chưa có địa chỉ thư của Trần Văn Bình, Ủy ban nhân dân phường Gia Viên: xin" in text_of(
        town.inbox(OFFICER)[-1]
    )


POTHOLES = (
    "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?\n\nNguyễn Văn An\n"
    "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\nĐT: 0912 000 111\n"
)


def alerts(town: World) -> list[str]:
    return [text_of(raw) for raw in town.inbox(OFFICER) if "Cần chú ý" in subject_of(raw)]


@pytest.mark.parametrize(
    ("about", "said", "recorded"),
    [
        ("Giấy mời", "Đồng ý", "accepted"),
        ("Giấy mời", "Tôi đi công tác nước ngoài đến hết tháng, không chủ trì được buổi này.", "written"),
        ("KẾ HOẠCH", "Nhất trí kế hoạch.", ""),
    ],
)
def test_what_the_chair_writes_of_it_is_no_question(town: World, about: str, said: str, recorded: str) -> None:
    town.ask(POTHOLES)
    code = planned(town)
    before = town.house.rows(question)
    town.reply(CHAIR, said, about)
    assert town.house.rows(question) == before, "nothing is registered"
    assert [row["answer"] for row in town.house.rows(attendance)] == [recorded] * bool(recorded)
    assert said in alerts(town)[-1]
    assert f"Trần Văn Bình (chủ trì) {'nhận lời dự' if recorded == 'accepted' else ''}" in alerts(town)[-1]
    assert f"đã nhận thư về phiên đối thoại {code}" in text_of(town.inbox(CHAIR)[-1])
    assert "Cần xem xét" not in " ".join(subject_of(raw) for raw in town.inbox(OFFICER))
    town.house.clock.at = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
    town.look()
    day = text_of([raw for raw in town.inbox(OFFICER) if "Việc của phiên" in subject_of(raw)][-1])
    state = {"accepted": "nhận lời dự (“Đồng ý”)", "written": f"trả lời giấy mời bằng thư (“{said}”)"}
    assert f"Trần Văn Bình (chủ trì): {state.get(recorded, 'chưa trả lời giấy mời')}" in day


def test_what_a_chair_of_a_unit_writes_is_the_chairs_and_not_the_units(town: World) -> None:
    asked = town.ask(POTHOLES)["code"]
    address = "hai@sxd.test"
    code = planned(town, LeaderForm("Đỗ Quang Hải", "Phó Giám đốc Sở Xây dựng", email=address))
    said, units_mails = "Hôm ấy tôi phải họp ở Trung ương, xin mời người khác chủ trì.", len(town.inbox(SXD))
    town.reply(address, said, "Giấy mời")
    assert "Đỗ Quang Hải (chủ trì) trả lời giấy mời bằng thư" in alerts(town)[-1]
    assert f"Cần hỏi lại: {address}" in alerts(town)[-1]
    assert f"đã nhận thư về phiên đối thoại {code}" in text_of(town.inbox(address)[-1])
    assert len(town.inbox(SXD)) == units_mails, "no receipt for a mail that the unit did not write"
    town.reply(SXD, "Sở Xây dựng cử Trưởng phòng Hạ tầng dự phiên.", "Giấy mời")
    assert "Sở Xây dựng trả lời giấy mời bằng thư" in alerts(town)[-1]
    assert [row["unit"] for row in town.house.rows(attendance)] == ["", "SXD"]
    town.house.clock.at = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
    town.look()
    day = text_of([raw for raw in town.inbox(OFFICER) if "Việc của phiên" in subject_of(raw)][-1])
    assert f"Đỗ Quang Hải (chủ trì): trả lời giấy mời bằng thư (“{said}”)" in day
    assert town.of_question(asked)[0]["status"] == "forwarded"
    text = f"{asked}: Sở Xây dựng sẽ vá đoạn đường này trước ngày 30/11/2026."
    town.reply(address, text, "Giấy mời")
    assert text not in alerts(town)[-1], "an answer with its number is one"


@pytest.mark.parametrize(
    "said",
    [
        "Sở Xây dựng cử đồng chí Vũ Văn Khải, Phó Giám đốc, dự phiên.",
        "Lãnh đạo Sở bận họp Hội đồng nhân dân, xin vắng mặt, cử Trưởng phòng Hạ tầng dự thay.",
        "Sở Xây dựng đăng ký danh sách tham dự:\n1. Ông Vũ Văn Khải, Phó Giám đốc, ĐT 0913 000 121\n"
        "2. Bà Lê Thị Mây, Trưởng phòng, ĐT 0913 000 122",
        "Sở Xây dựng trả lời: đăng ký 02 chuyên đề nhà ở và cấp phép xây dựng.",
    ],
)
def test_what_a_unit_writes_about_the_session_is_never_offered_as_an_answer(town: World, said: str) -> None:
    asked = town.ask(POTHOLES)["code"]
    code = planned(town)
    before = town.house.rows(question)
    town.reply(SXD, said, "Giấy mời")
    assert town.house.rows(question) == before
    assert "Sở Xây dựng trả lời giấy mời bằng thư" in alerts(town)[-1]
    assert said.splitlines()[-1] in alerts(town)[-1]
    assert "Là câu trả lời" not in " ".join(text_of(raw) for raw in town.inbox(OFFICER))
    echo = text_of(town.inbox(SXD)[-1])
    assert f"đã nhận thư về phiên đối thoại {code}" in echo
    assert "hoặc ghi số câu hỏi ở dòng đầu" in echo
    answered_mails = len(town.inbox(SXD))
    town.reply(SXD, "Vâng, xin cảm ơn.", "Đã nhận thư")
    assert len(town.inbox(SXD)) == answered_mails, "an answer to our echo brings no further echo"
    assert "Vâng, xin cảm ơn" in alerts(town)[-1]
    assert town.of_question(asked)[0]["status"] == "forwarded"


def test_an_answer_with_its_number_in_the_thread_of_the_session_is_an_answer(town: World) -> None:
    asked = town.ask(POTHOLES)["code"]
    planned(town)
    said = (
        f"{asked}: Sở Xây dựng trả lời như sau: mặt đường được sửa chữa xong trước ngày 30/11/2026.\n\n"
        "Phó Giám đốc\nVũ Văn Khải"
    )
    town.reply(SXD, said, "Giấy mời")
    assert town.of_question(asked)[0]["status"] == "answered"
    assert town.house.rows(attendance) == []


def test_a_yes_to_the_day_before_the_move_is_no_yes_to_the_new_one(town: World) -> None:
    town.desk.move(planned(town), LATER, "Trùng kỳ họp")
    town.look()
    town.reply(CHAIR, "Đồng ý", "Giấy mời chủ trì")
    assert "Đây là trả lời giấy mời theo ngày cũ" in alerts(town)[-1]
    town.reply(CHAIR, "Đồng ý", "Thay đổi thời gian")
    assert "theo ngày cũ" not in alerts(town)[-1]
    kept = [(row["answer"], row["sequence"] // 10) for row in town.house.rows(attendance)]
    assert kept == [("accepted", 1)]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_amended_plan_leaves_nobody_with_the_old_day(town: World, method: str) -> None:
    code = planned(town)
    town.desk.amend(code, replace(FORM, place="Hội trường lớn"))
    town.look()
    before = {address: len(town.inbox(address)) for address in (SXD, SNNMT, CHAIR, SYT)}
    if method == "REQUEST":
        town.desk.move(code, LATER, "Trùng kỳ họp")
    else:
        town.desk.cancel(code, "Bão số 9")
    town.look()
    assert {address: len(town.inbox(address)) - before[address] for address in before} == {
        SXD: 1, SNNMT: 1, CHAIR: 1, SYT: 0,
    }  # fmt: skip
    (event,) = events_of(invitation(town, CHAIR, method))
    told = (LATER, "TENTATIVE") if method == "REQUEST" else (FORM.start, "CANCELLED")
    assert (event["dtstart"].dt, event["status"]) == told


def test_who_is_no_longer_of_a_session_is_uninvited_and_others_are_not_troubled(town: World) -> None:
    code = planned(town)
    first = events_of(invitation(town, CHAIR))[0]
    kept = town.names(SXD)
    other = LeaderForm("Lê Văn Dũng", "Phó Chủ tịch Ủy ban nhân dân thành phố", email="chutri2@haiphong.test")
    town.desk.amend(code, replace(FORM, chair=other, units=("SXD", "SYT")))
    town.look()
    for address, told in ((CHAIR, "Ông/Bà không còn là người chủ trì"), (SNNMT, "không còn trong thành phần mời dự")):
        (off,) = events_of(invitation(town, address, "CANCEL"))
        assert (off["uid"], "status" in off) == (first["uid"], False), "the session takes place"
        assert str(off["attendee"]) == f"mailto:{address}"
        assert told in text_of(town.inbox(address)[-1])
        assert "không còn hiệu lực" in text_of(town.inbox(address)[-1])
    assert town.names(SXD) == kept
    assert town.names(SYT) == [], "invited with the new plan"
    gone = {address: len(town.inbox(address)) for address in (CHAIR, SNNMT)}
    town.desk.put_up(code, PaperKind.PLAN)
    town.look()
    town.reply(HEAD, "Duyệt")
    town.desk.move(code, LATER, "Trùng kỳ họp")
    town.look()
    for address in (SXD, SYT):
        assert events_of(invitation(town, address))[0]["dtstart"].dt == LATER
    assert {address: len(town.inbox(address)) for address in gone} == gone


def test_the_head_who_chairs_answers_the_invitation_and_goes_on_giving_orders(town: World) -> None:
    form = replace(FORM, chair=replace(FORM.chair, email=HEAD), decided="Công văn số 12/UBND-VX")
    code = town.desk.propose(form)[0].code
    town.desk.put_up(code, PaperKind.PLAN)
    town.look()
    town.reply(HEAD, "Duyệt", "Trình phê duyệt")
    town.reply(HEAD, "Đồng ý", "Giấy mời")
    assert [row["answer"] for row in town.house.rows(attendance)] == ["accepted"]
    assert "(chủ trì) nhận lời dự" in alerts(town)[-1]
    town.reply(HEAD, f"Hoãn phiên {code} sang 08:30 ngày 10/12/2026", "Giấy mời")
    assert town.desk.show(code).starts_at == LATER
