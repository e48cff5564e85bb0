"""Returned mails in many servers' forms find the very mail that came back; an officer is told what else may reach."""

import email
import email.header
import email.policy
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from db.core.tables import duty, outbox
from tests.dose import each_third
from tests.installation import MAILBOX, OFFICER, answer_to, letter, subject_of, text_of, unit_address
from tests.world import LETTER, World, order, said, vouched

HOST = "mx.sxd.test"
TO = unit_address("SXD")
OTHER = "vanphong@sxd.test"
RETURNED = "Undelivered Mail Returned to Sender"

_DATA = tomllib.loads((Path(__file__).parents[1] / "data/bounces/installed.toml").read_text("utf-8"))
FORMS = {one["name"]: (one["from"], one["subject"], one["text"], one["original"]) for one in _DATA["form"]}


@pytest.fixture
def house(house: World) -> World:
    contacts = house.house.installation.board.contacts
    contacts["SXD"] = replace(contacts["SXD"], others=(OTHER,))  # type: ignore[index]
    house.ask()
    return house


def returned(ours: bytes, path: str, form: tuple[str, str, str, str]) -> bytes:
    """Our mail as that server sends it back, to our return path."""
    sender, subject, text, how = form
    head, _, body = ours.replace(b"\r\n", b"\n").decode().partition("\n\n")
    own = str(email.message_from_bytes(ours, policy=email.policy.default)["Message-ID"])
    said = text.format(to=TO, path=path)
    subject = subject if subject.isascii() else email.header.make_header([(subject, "utf-8")]).encode()
    if not sender.isascii():
        shown, _, address = sender.rpartition(" <")
        sender = f"{email.header.make_header([(shown, 'utf-8')]).encode()} <{address}"
    date = "Mon, 05 Oct 2026 09:01:00 +0700"
    top = f"Return-Path: <>\nFrom: {sender}\nTo: {path}\nSubject: {subject}\nDate: {date}\nMIME-Version: 1.0\n"
    plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    if how in {"inline", "none", "id"}:
        more = {"inline": f"\n{head}\n\n{body[:400]}", "none": "", "id": f"\nMessage-ID: {own}\n"}[how]
        return f"{top}{plain}{said}{more}\n".replace("\n", "\r\n").encode()
    kind = "message/rfc822" if how == "rfc822" else "text/rfc822-headers"
    status = f"Reporting-MTA: dns; {HOST}\n\nFinal-Recipient: rfc822; {TO}\nAction: failed\nStatus: 5.1.1\n"
    report = f"Content-Type: message/delivery-status\n\n{status}"
    parts = (f"{plain}{said}\n", report, f"Content-Type: {kind}\n\n{head}\n\n")
    inside = "".join(f"--=_b\n{part}" for part in parts)
    outer = 'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
    return f"{top}{outer}{inside}\n--=_b--\n".replace("\n", "\r\n").encode()


@each_third("form", FORMS, ids=str)
def test_the_very_mail_is_found_and_the_other_address_offered(house: World, form: str) -> None:
    sent = next(row for row in house.rows(outbox) if row["name"] == "unit_forward")
    before = len(house.rows(outbox))
    row = house.arrive(returned(bytes(sent["bytes"]), str(sent["envelope_from"]), FORMS[form]))
    assert (row["kind"], row["fate"], row["question_id"]) == ("bounce", "attach", 1)
    assert next(one for one in house.rows(outbox) if one["id"] == sent["id"])["status"] == "failed"
    alerts = [one for one in house.rows(outbox)[before:] if one["name"] == "officer_alert"]
    assert [one["recipient"] for one in alerts] == [OFFICER]
    assert OTHER in text_of(bytes(alerts[0]["bytes"]))
    assert len(house.rows(outbox)) == before + 1, "nobody else is written to"
    assert len(house.house.questions) == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("The users mailfolder is over the allowed quota (size).", "hộp thư của người nhận đã đầy"),
        ("Sorry, no mailbox here by that name.", "không có địa chỉ thư điện tử này"),
    ],
)
def test_a_full_mailbox_and_no_such_user_are_told_apart_by_words_alone(house: World, said: str, why: str) -> None:
    sent = next(row for row in house.rows(outbox) if row["name"] == "unit_forward")
    failed = (
        "I'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error."
    )
    form = ("MAILER-DAEMON@mx.sxd.test", "failure notice", f"{failed}\n\n<{TO}>:\n{said}\n", "inline")
    house.arrive(returned(bytes(sent["bytes"]), str(sent["envelope_from"]), form))
    assert f"Lý do: {why}" in text_of(house.last("officer_alert", OFFICER))


FULL = "I could not deliver your message to {0}.\nReason: 552 mailbox full\n\nMessage-ID: <{1}>\n"
OUTCOMES = {"citizen_answered": "", "citizen_rejected": "từ chối h vì việc này thuộc thẩm quyền của Bộ Xây dựng"}


WAYS = (
    "{0} đã báo người hỏi qua điện thoại",
    "{0} sửa thư điện tử: moi@dan.test",
    "{0} sửa thư điện tử: an@dan.test",
)


@pytest.mark.parametrize("instead", WAYS)
@pytest.mark.parametrize("name", OUTCOMES)
def test_a_result_that_comes_back_is_told_by_other_means(house: World, name: str, instead: str) -> None:
    house.ask(LETTER.replace("Văn An", "Thị Ba"), "ba@dan.test", message_id="<beside@dan.test>")
    house.overviews()
    if OUTCOMES[name]:
        order(house, f"HP-2026-000001 {OUTCOMES[name]}\nHP-2026-000002 {OUTCOMES[name]}", "officer_digest")
    else:
        for row in house.house.sent_with(name="unit_forward"):
            text = "Sở Xây dựng trả lời: mặt đường được sửa xong trước ngày 20/12/2026.\n\nPhó Giám đốc\nLê Văn Phó"
            house.arrive(vouched(answer_to(bytes(row["bytes"]), TO, text)))
    (sent,) = house.house.sent_with(name=name, recipient="an@dan.test")
    text = FULL.format(sent["recipient"], sent["message_id"])
    before = [one["told_at"] for one in house.house.questions]
    auto = {"Auto-Submitted": "auto-replied"}
    house.arrive(letter(f"MAILER-DAEMON@{HOST}", text, subject=RETURNED, to=str(sent["envelope_from"]), headers=auto))
    assert [one["told_at"] for one in house.house.questions] == [None, before[1]]
    tells = [row for row in house.rows(duty) if row["kind"] == "tell"]
    assert [(row["question_id"], row["status"]) for row in tells] == [(1, "open")]
    alert = said(house.last("officer_alert", OFFICER))
    assert "HP-2026-000001 đã báo người hỏi qua điện thoại" in alert
    assert "sửa thư điện tử: an@dan.test" in alert, "the server that refused it may take it tomorrow"
    house.let_pass(days=1)
    house.overviews()
    assert "CHƯA BÁO NGƯỜI HỎI" in said(house.last("officer_digest", OFFICER)).upper()
    order(house, instead.format("HP-2026-000001"), "officer_digest")
    assert [row["status"] for row in house.rows(duty) if row["kind"] == "tell"] == ["met"]
    went = "citizen_address" if name == "citizen_answered" else name  # the answer stands in the letter on the address
    there = instead.rpartition(" ")[2] if "sửa" in instead else "moi@dan.test"
    assert bool(house.house.sent_with(name=went, recipient=there)) == ("sửa" in instead)
    if "an@dan.test" in instead:
        assert "trước đây không đến được hộp thư này" in said(house.last("citizen_address", "an@dan.test"))
        assert len(house.house.sent_with(name="citizen_address")) == 1


REPAIR = "mặt đường được sửa xong trước ngày {}/12/2026.\n\nPhó Giám đốc\nLê Văn Phó"


def bounces(house: World, name: str, recipient: str = "an@dan.test") -> None:
    """Our last mail of that name comes back."""
    sent = house.house.sent_with(name=name, recipient=recipient)[-1]
    text = FULL.format(sent["recipient"], sent["message_id"])
    subject = f"{RETURNED} {house.last_sent()}"  # no second delivery of one report
    house.arrive(letter(f"MAILER-DAEMON@{HOST}", text, subject=subject, to=str(sent["envelope_from"])))


def tells(house: World) -> list[tuple[str, str]]:
    return [(str(row["key"]).split(":")[1], str(row["status"])) for row in house.rows(duty) if row["kind"] == "tell"]


def answered(house: World) -> None:
    """The unit answers, and the asker is sent that."""
    row = house.house.sent_with(name="unit_forward")[0]
    house.arrive(vouched(answer_to(bytes(row["bytes"]), TO, f"Sở Xây dựng trả lời: {REPAIR.format(20)}")))


def test_what_goes_to_a_corrected_address_and_comes_back_is_told_by_other_means_too(house: World) -> None:
    answered(house)
    house.overviews()
    bounces(house, "citizen_answered")
    order(house, "HP-2026-000001 sửa thư điện tử: moi@dan.test", "officer_digest")
    before = house.last_sent()
    bounces(house, "citizen_address")
    assert tells(house) == [("citizen_answered", "met")], "nobody waits for the word at the old address"
    assert not house.house.sent_with(name="officer_alert", after=before)
    bounces(house, "citizen_address", "moi@dan.test")
    assert tells(house) == [("citizen_answered", "met"), ("citizen_address", "open")]
    assert house.question["told_at"] is None
    assert "HP-2026-000001 đã báo người hỏi qua điện thoại" in said(house.last("officer_alert", OFFICER))
    house.let_pass(days=1)
    assert "sửa xong trước ngày 20/12/2026" in said(house.last("officer_alert", OFFICER))
    order(house, "HP-2026-000001 sửa thư điện tử: khac@dan.test", "officer_digest")
    assert tells(house)[1] == ("citizen_address", "met")
    assert len(house.house.sent_with(name="citizen_address", after=before)) == 2


def test_of_a_correction_that_comes_back_the_answer_stays_told(house: World) -> None:
    answered(house)
    day = house.question["told_at"]
    house.let_pass(days=2)
    house.answers("unit_forward", TO, f"Đính chính: {REPAIR.format(25)}")
    assert house.question["told_at"] > day
    bounces(house, "citizen_corrected")
    assert (house.question["told_at"], tells(house)) == (day, [("citizen_corrected", "open")])


def test_of_an_open_question_whose_new_address_is_wrong_the_receipt_stays_told(house: World) -> None:
    house.overviews()
    day = house.question["told_at"]
    house.let_pass(hours=2)
    order(house, "HP-2026-000001 sửa thư điện tử: moi@dan.test", "officer_digest")
    bounces(house, "citizen_address", "moi@dan.test")
    assert (house.question["told_at"], tells(house)) == (day, [("citizen_address", "open")])
    house.let_pass(days=1)
    house.overviews()
    order(house, "HP-2026-000001 sửa thư điện tử: moi@dan.test", "officer_digest")
    told = house.last("citizen_address", "moi@dan.test")
    assert "Một thư về câu hỏi số HP-2026-000001" in said(told), "it has no result yet"
    assert "kết quả" not in subject_of(told) + said(house.last("officer_done", OFFICER))
    assert tells(house) == [("citizen_address", "met")]


def test_of_a_reopening_that_comes_back_no_result_is_promised_and_it_is_still_to_be_told(house: World) -> None:
    answered(house)
    house.let_pass(hours=2)
    house.overviews()
    order(house, "HP-2026-000001 mở lại vì đơn vị trả lời nhầm đường", "officer_digest")
    bounces(house, "citizen_reopened")
    order(house, "HP-2026-000001 sửa thư điện tử: an@dan.test", "officer_digest")
    assert "Tình trạng câu hỏi" in subject_of(house.last("citizen_address", "an@dan.test"))
    assert "còn phải báo: câu hỏi được mở lại" in said(house.last("officer_done", OFFICER))
    assert tells(house) == [("citizen_reopened", "open")]


def test_who_is_reminded_of_a_refusal_that_came_back_reads_its_reason(house: World) -> None:
    house.overviews()
    order(house, f"HP-2026-000001 {OUTCOMES['citizen_rejected']}", "officer_digest")
    bounces(house, "citizen_rejected")
    house.let_pass(days=1)
    assert "lý do: việc này thuộc thẩm quyền của Bộ Xây dựng" in said(house.last("officer_alert", OFFICER))


def test_who_asks_after_a_refusal_that_came_back_is_told_the_state(house: World) -> None:
    house.overviews()
    order(house, f"HP-2026-000001 {OUTCOMES['citizen_rejected']}", "officer_digest")
    bounces(house, "citizen_rejected")
    house.arrive(vouched(letter("an@dan.test", "Câu hỏi của tôi đến đâu rồi ạ?", subject="Hỏi thăm")))
    assert "đã từ chối" in said(house.last("citizen_states", "an@dan.test"))
    assert len(house.house.questions) == 1, "no new one"


def test_a_result_sent_again_at_the_console_is_not_told_by_hand_unless_it_comes_back_again(house: World) -> None:
    answered(house)
    bounces(house, "citizen_answered")
    number = house.house.sent_with(name="citizen_answered")[0]["id"]
    house.house.command("mail", "retry", "--sent", str(number))
    assert tells(house) == [("citizen_answered", "void")]
    assert house.question["told_at"] is not None
    house.look()
    bounces(house, "citizen_answered")
    assert tells(house) == [("citizen_answered", "void"), ("citizen_answered", "open")]
    assert house.question["told_at"] is None


def test_bounce_to_the_mailbox_itself_finds_it_by_the_id_inside(house: World) -> None:
    sent = next(row for row in house.rows(outbox) if row["name"] == "unit_forward")
    for form in ("exchange 2019", "gmail", "mdaemon", "vnpt"):
        row = house.arrive(returned(bytes(sent["bytes"]), MAILBOX, FORMS[form]))
        assert (row["kind"], row["question_id"]) == ("bounce", 1), form
