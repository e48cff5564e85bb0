"""Whole journeys on the embedded servers and a clock of the test's own: what people write, what they are sent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from daemon.base.errors import TemporaryError, UnreadableMail
from db.core import counters
from db.core.tables import assignment, duty
from rules.law.working_days import CITY_ZONE
from tests.installation import HEAD, MAILBOX, OFFICE, OFFICER, answer_to, files_of, letter, subject_of, unit_address
from tests.world import CITIZEN, ROAD, SIGNATURE, UNSURE, World, said

pytestmark = pytest.mark.world(both_databases=True)


def test_question_is_registered_forwarded_and_answered(town: World) -> None:
    code = town.ask()["code"]
    assert town.question["status"] == "forwarded"
    assert code in subject_of(town.last(CITIZEN))
    assert "Sở Xây dựng" in said(town.last(CITIZEN))
    assert ROAD[:40] in said(town.last(unit_address("SXD")))
    town.reply(unit_address("SXD"), "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")
    assert town.question["status"] == "answered"
    assert "quý I năm 2027" in said(town.last(CITIZEN))
    assert len(town.inbox(CITIZEN)) == 2


def test_files_travel_with_the_question_and_with_the_answer(town: World) -> None:
    photo = ("Ảnh ổ gà.jpg", "image/jpeg", b"\xff\xd8 a picture")
    town.ask(attachments=[photo])
    assert files_of(town.last(unit_address("SXD"))) == {"Ảnh ổ gà.jpg": b"\xff\xd8 a picture"}
    paper = ("Trả lời câu hỏi số 12.pdf", "application/pdf", b"%PDF-1.4 an answer")
    town.reply(unit_address("SXD"), "Sở Xây dựng trả lời như văn bản kèm theo.", attachments=[paper])
    assert town.question["status"] == "answered"
    assert files_of(town.last(CITIZEN)) == {"Trả lời câu hỏi số 12.pdf": b"%PDF-1.4 an answer"}


def test_each_mail_to_a_citizen_threads_to_the_citizens_own(town: World) -> None:
    town.ask(message_id="<own-id@dan.test>")
    assert b"In-Reply-To: <own-id@dan.test>" in town.last(CITIZEN)
    assert b"Auto-Submitted: auto-replied" in town.last(CITIZEN)


def test_missing_data_is_asked_for_and_completed_by_the_follow_up(town: World) -> None:
    town.ask(ROAD)
    assert town.question["missing"] == "name,address,phone"
    town.reply(CITIZEN, "Tôi xin bổ sung:" + SIGNATURE)
    assert town.question["missing"] == ""
    assert town.question["asker_name"] == "Nguyễn Văn An"
    assert town.question["asker_phone_e164"] == "+84912000111"
    assert len(town.house.questions) == 1


def test_stranger_who_knows_the_number_changes_nothing(town: World) -> None:
    code = town.ask(ROAD)["code"]
    town.write(letter("ba@dan.test", f"Bổ sung cho câu hỏi {code}:{SIGNATURE}", subject=f"Re: [{code}]"))
    assert town.house.questions[0]["missing"] == "name,address,phone"
    assert town.house.mails[-1]["status"] == "held"


def test_unit_address_alone_does_not_answer_for_another_unit(town: World) -> None:
    code = town.ask()["code"]
    town.write(letter(unit_address("SYT"), f"Trả lời câu hỏi {code}: đã sửa xong.", subject="Trả lời"))
    assert town.question["status"] == "forwarded"
    assert town.house.mails[-1]["status"] == "held"


def test_reply_from_an_unlisted_address_is_held_even_in_the_thread(town: World) -> None:
    town.ask()
    town.reply(unit_address("SXD"), "Đường sẽ được sửa trong năm 2027.", sender="gia-danh@elsewhere.test")
    assert town.question["status"] == "forwarded"
    assert town.house.mails[-1]["status"] == "held"
    assert "không có trong danh sách của đơn vị" in str(town.house.mails[-1]["reason"])


def test_refusal_goes_on_to_the_named_unit_with_the_days_that_are_left(town: World) -> None:
    town.ask()
    first_due = town.house.rows(assignment)[0]["due_on"]
    town.house.clock.forward(days=2)
    town.reply(unit_address("SXD"), "Nội dung này không thuộc thẩm quyền của Sở, đề nghị chuyển Công an thành phố.")
    rows = town.house.rows(assignment)
    assert [(row["unit"], row["status"]) for row in rows] == [("SXD", "refused"), ("CATP", "forwarded")]
    assert rows[1]["due_on"] == first_due, "a refusal does not restart the citizen's clock"
    assert "Công an" in said(town.last(CITIZEN))


def test_second_refusal_goes_to_the_board(town: World) -> None:
    code = town.ask()["code"]
    town.reply(unit_address("SXD"), "Không thuộc thẩm quyền, đề nghị chuyển Công an thành phố.")
    town.reply(unit_address("CATP"), "Không thuộc thẩm quyền, đề nghị chuyển Sở Xây dựng.")
    assert town.question["status"] == "needs_review"
    town.reply(OFFICER, f"{code} chuyển SNNMT")
    assert town.question["status"] == "forwarded"
    assert "Đã làm" in said(town.last(OFFICER))


def test_extension_is_the_boards_to_grant(town: World) -> None:
    town.ask()
    before = town.house.rows(assignment)[0]["due_on"]
    town.reply(unit_address("SXD"), "Xin gia hạn đến ngày 16/11/2026 vì cần khảo sát hiện trường.")
    assert town.house.rows(assignment)[0]["due_on"] == before
    town.reply(OFFICER, "Đồng ý gia hạn đến 16/11/2026")
    assert str(town.house.rows(assignment)[0]["due_on"]) == "2026-11-16"
    assert "16/11/2026" in said(town.last(CITIZEN))
    assert "16/11/2026" in said(town.last(unit_address("SXD")))


def test_unsure_question_waits_for_an_officer_who_forwards_it(town: World) -> None:
    town.ask(UNSURE)
    assert town.question["status"] == "needs_review"
    town.reply(OFFICER, "Chuyển Sở Xây dựng")
    assert town.question["status"] == "forwarded"
    assert town.house.mails[0]["status"] == "done"
    assert "Sở Xây dựng" in said(town.last(CITIZEN))


def test_token_serves_once(town: World) -> None:
    town.ask(UNSURE)
    review = town.last(OFFICER)
    town.write(answer_to(review, OFFICER, "Chuyển SXD", message_id="<one@haiphong.test>"))
    town.write(answer_to(review, OFFICER, "Chuyển SYT", message_id="<two@haiphong.test>"))
    assert [row["unit"] for row in town.house.rows(assignment)] == ["SXD"]
    assert "Chưa làm" in said(town.last(OFFICER))


def test_out_of_scope_is_rejected_only_after_confirmation(town: World) -> None:
    town.ask(
        "Đề nghị Bộ Tài chính xem lại mức giảm trừ gia cảnh của thuế thu nhập cá nhân. Khi nào thì sửa luật?"
        + SIGNATURE
    )
    assert town.question["status"] == "needs_review"
    town.reply(OFFICER, "Từ chối h vì việc sửa luật thuộc thẩm quyền của Quốc hội và Bộ Tài chính")
    assert town.question["status"] == "rejected"
    assert "Bộ Tài chính" in said(town.last(CITIZEN))
    assert "điểm h khoản 1 Điều 10" in said(town.last(CITIZEN))


def test_complaint_is_held_and_the_sender_told_after_confirmation(town: World) -> None:
    text = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."
    town.write(letter(CITIZEN, text + SIGNATURE))
    assert town.house.questions == []
    assert town.inbox(CITIZEN) == []
    town.reply(OFFICER, "Không tiếp nhận khiếu nại vì đây là đơn khiếu nại quyết định hành chính")
    assert "Ban Tiếp công dân" in said(town.last(CITIZEN))
    assert town.house.mails[0]["fate"] == "reject"


def test_denunciation_ends_by_the_named_officers_word(town: World) -> None:
    text = "Tôi tố cáo ông Trần Văn X, cán bộ địa chính xã, nhận của tôi 30 triệu đồng. Đề nghị giữ bí mật tên tôi."
    town.write(letter(CITIZEN, text + SIGNATURE))
    town.reply(OFFICER, "Không tiếp nhận tố cáo vì kênh này không nhận đơn tố cáo")
    assert town.house.mails[0]["status"] == "done"
    assert "Ban Tiếp công dân" in said(town.last(CITIZEN))
    assert [row["status"] for row in town.house.rows(duty)] == ["met"]


def test_what_a_citizen_adds_while_nobody_has_the_question_reaches_officers_and_unit(town: World) -> None:
    code = town.ask(UNSURE)["code"]
    town.reply(CITIZEN, "Tôi xin nói rõ thêm: việc này là về cột điện bị nghiêng ở đầu ngõ nhà tôi.")
    assert "cột điện bị nghiêng" in said(town.last(OFFICER))
    town.reply(OFFICER, f"{code} chuyển SXD")
    assert "cột điện bị nghiêng" in said(town.last(unit_address("SXD")))


def test_overdue_answer_is_chased_and_the_citizen_told(town: World) -> None:
    code = town.ask()["code"]
    town.house.clock.at = datetime(2026, 10, 16, 3, 0, tzinfo=UTC)  # due Tuesday 20/10, two working days before
    town.house.run()
    assert len(town.about(unit_address("SXD"), code)) == 2
    town.house.clock.at = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
    town.house.run()
    assert len(town.about(unit_address("SXD"), code)) == 3
    assert town.house.service.installation.board.law.today(town.house.clock.at).day == 20
    town.house.clock.at = datetime(2026, 10, 21, 3, 0, tzinfo=UTC)
    town.house.run()
    assert "27/10/2026" in said(town.last(CITIZEN)), "a new date, five working days on"
    town.house.clock.at = datetime(2026, 10, 22, 3, 0, tzinfo=UTC)
    town.house.run()
    assert "Sở Xây dựng" in said(town.last(OFFICE))


def test_nothing_leaves_at_night_and_nothing_twice(town: World) -> None:
    code = town.ask()["code"]
    before = len(town.inbox(unit_address("SXD")))
    town.house.clock.at = datetime(2026, 10, 22, 16, 0, tzinfo=UTC)  # 23:00 in the city, two days late
    town.house.run(3)
    assert len(town.inbox(unit_address("SXD"))) == before
    town.house.clock.at = datetime(2026, 10, 23, 1, 0, tzinfo=UTC)
    town.house.run(3)
    assert len(town.about(unit_address("SXD"), code)) == before + 1, "only the last step, not the stale ones"


def test_downtime_of_ten_days_is_caught_up_and_said(town: World) -> None:
    town.ask()
    town.let_pass(days=10)
    assert any("Hệ thống đã hoạt động lại" in subject_of(one) for one in town.inbox(OFFICER))
    last_pass = town.house.clock.at
    town.let_pass(days=10)
    late = [row for row in town.house.rows(duty) if row["was_late"]]
    assert len(late) == 1
    since = last_pass.astimezone(CITY_ZONE)
    assert late[0]["why_late"] == f"Hệ thống ngừng hoạt động từ {since:%d/%m/%Y %H:%M}, nhắc muộn"


def test_the_day_on_which_an_answer_was_received_counts_also_after_a_downtime(town: World) -> None:
    town.ask()
    raw = answer_to(town.last(unit_address("SXD")), unit_address("SXD"), "Sở Xây dựng trả lời: đường sẽ được sửa.")
    received = town.house.clock.at
    town.servers.deliver(MAILBOX, raw, received)
    town.let_pass(days=3)
    (given,) = town.house.rows(assignment)
    assert town.question["answered_at"] == given["answered_at"] == received


def test_passes_with_a_fault_in_them_are_no_downtime(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One damaged mail, and every later start told of a downtime since it came."""

    def stumbles(*_: object) -> None:
        raise TemporaryError("IMAP: mail cannot be read whole: UID 7 has another size")

    town.ask()
    monkeypatch.setattr(type(town.house.service), "_publish", stumbles)
    for _ in range(3):
        town.house.clock.forward(hours=1)
        assert town.house.run().problems
    town.house.restart()
    town.house.run()
    assert not any("đã hoạt động lại" in subject_of(one) for one in town.inbox(OFFICER))


def _passes_without(town: World, monkeypatch: pytest.MonkeyPatch, fault: TemporaryError) -> list[str]:
    """Three hours in which every look into the mailbox ends so, then a new start: what the officers are told."""

    def refuses(*_: object) -> None:
        raise fault

    town.ask()
    with monkeypatch.context() as patched:
        patched.setattr("daemon.loop.service.fetch_new", refuses)
        for _ in range(3):
            town.house.clock.forward(hours=1)
            assert town.house.run().problems
    town.house.restart()
    town.house.run()
    return [each for each in map(subject_of, town.inbox(OFFICER)) if "đã hoạt động lại" in each]


def test_hours_without_the_mailbox_are_a_downtime(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """They counted as alive, and after the next start nobody was told what had come up meanwhile."""
    assert len(_passes_without(town, monkeypatch, TemporaryError("IMAP: no route to host"))) == 1


def test_one_mail_that_cannot_be_read_is_no_downtime(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _passes_without(town, monkeypatch, UnreadableMail({7: "has another size"}))


def test_one_unreadable_mail_leaves_the_line_open(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the alarm says that the mailbox is not read, and the daemon sleeps instead of waiting in IDLE."""

    def refuses(*_: object) -> None:
        raise UnreadableMail({7: "has another size"})

    town.ask()
    client = town.house.service.client
    monkeypatch.setattr("daemon.loop.service.fetch_new", refuses)
    town.house.clock.forward(hours=3)
    assert town.house.run().problems
    assert client is not None
    assert town.house.service.client is client
    with town.house.engine.begin() as connection:
        assert counters.get_instant(connection, "last_poll") == town.house.clock()


def returned(town: World, sent: dict[str, Any], more: str = "") -> None:
    """A server sends a mail of ours back."""
    text = f"I could not deliver your message to {sent['recipient']}.\n\nMessage-ID: <{sent['message_id']}>\n{more}"
    bounce = letter(
        "MAILER-DAEMON@mail.haiphong.test",
        text,
        subject="Undelivered Mail Returned to Sender",
        to=str(sent["envelope_from"]),
        headers={"Auto-Submitted": "auto-replied"},
    )
    town.write(bounce)


def test_bounce_finds_the_very_mail_and_tells_an_officer(town: World) -> None:
    town.ask()
    sent = next(row for row in town.house.sent if row["name"] == "unit_forward")
    returned(town, sent)
    assert next(row for row in town.house.sent if row["id"] == sent["id"])["bounced_at"] is not None
    assert str(sent["recipient"]) in said(town.last(OFFICER))
    assert town.question["status"] == "forwarded", "the statutory clock goes on"


def test_of_an_officers_dead_address_the_head_hears_once_a_day(town: World) -> None:
    town.ask(UNSURE)
    for sent in town.house.sent_with(recipient=OFFICER) * 2:
        returned(town, sent, str(len(town.house.mails)))
    alerts = town.house.sent_with(name="officer_alert")
    assert [row["recipient"] for row in alerts] == [HEAD]
    assert OFFICER in said(alerts[0]["bytes"])


def test_second_delivery_of_one_mail_registers_nothing(town: World) -> None:
    raw = letter(CITIZEN, ROAD + SIGNATURE)
    town.write(raw)
    town.write(b"Received: from x.test by y.test; Mon, 5 Oct 2026 10:00:00 +0700\r\n" + raw)
    assert len(town.house.questions) == 1
    assert len(town.inbox(CITIZEN)) == 1


def test_changed_uidvalidity_registers_nothing_twice(town: World) -> None:
    raw = letter(CITIZEN, ROAD + SIGNATURE)
    town.write(raw)
    town.servers.deliver(MAILBOX, raw, town.house.clock.at)
    town.servers.renew_uidvalidity(MAILBOX)
    town.house.service.drop()
    town.house.service.retry_at = 0
    town.house.run()
    assert len(town.house.questions) == 1
    assert town.servers.mails(MAILBOX) == []


def test_folders_show_the_fate(town: World) -> None:
    town.ask()
    town.reply(unit_address("SXD"), "Sở trả lời: đường sẽ được sửa trong năm 2027.")
    assert len(town.servers.mails(MAILBOX, "Đã tiếp nhận")) == 1
    assert len(town.servers.mails(MAILBOX, "Trả lời của đơn vị")) == 1
    assert town.servers.mails(MAILBOX) == []
