"""What a person sees differs from what the program reads: held with both readings, never obeyed, never sent on."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.demo.servers import EmbeddedServers
from tests.contract.test_journeys import CITIZEN, ROAD, SIGNATURE, UNSURE, Town, said
from tests.installation import HEAD, MAILBOX, OFFICE, OFFICER, UNITS, Installation, answer_to, letter, unit_address

NEIGHBOUR = "ba@dan.test"
SXD = unit_address("SXD")
WHY = "Thư có hai bản nói khác nhau"
OTHER = "Xin hỏi Sở Y tế bao giờ trạm y tế phường mở cửa lại?"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    people = (MAILBOX, OFFICER, OFFICE, HEAD, CITIZEN, NEIGHBOUR)
    users = dict.fromkeys((*people, *(unit_address(code) for code in UNITS)), "secret")
    with EmbeddedServers(users) as servers:
        house = Installation(tmp_path / "house", servers.imap_port, servers.smtp_port)
        yield Town(servers, house)
        assert house.faults() == []
        house.close()


def seen_as(raw: bytes, shown: str) -> bytes:
    """The mail with an HTML form beside its text that shows these words."""
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    html = "".join(f"<p>{line}</p>" for line in shown.splitlines())
    message.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
    return message.as_bytes()


def faithful(raw: bytes) -> bytes:
    """The mail with an HTML form of the same words."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return seen_as(raw, message.get_content().replace("<", "&lt;"))


def test_a_question_in_two_readings_is_registered_and_looked_at(town: Town) -> None:
    text = ROAD + SIGNATURE
    town.write(seen_as(letter(CITIZEN, text), OTHER + SIGNATURE))
    assert (town.question["status"], len(town.house.questions)) == ("needs_review", 1)
    assert town.inbox(SXD) == town.inbox(unit_address("SYT")) == [], "neither reading is acted on"
    assert "được đăng ký" in said(town.last(CITIZEN)) or str(town.question["code"]) in said(town.last(CITIZEN))
    asked = said(town.last(OFFICER))
    assert WHY in asked
    assert ROAD[:40] in asked
    assert OTHER[:40] in asked
    town.write(faithful(letter(NEIGHBOUR, text)))  # a bystander's mail in two forms of the same words
    assert town.question["status"] == "forwarded"
    assert len(town.inbox(SXD)) == 1
    town.reply(OFFICER, "chuyển SXD")
    assert OTHER[:40] in said(town.last(SXD)), "who gets it has both readings too"


def test_a_units_answer_in_two_readings_goes_to_nobody(town: Town) -> None:
    code = town.ask()
    town.ask(ROAD.replace("đường trước nhà", "ngõ sau nhà") + SIGNATURE, sender=NEIGHBOUR)
    first, second = town.inbox(SXD)
    told = len(town.inbox(CITIZEN))
    answer = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
    town.write(seen_as(answer_to(first, SXD, answer), "Sở Xây dựng trả lời: không có kinh phí để sửa đường này."))
    assert (len(town.inbox(CITIZEN)), town.house.questions[0]["status"]) == (told, "forwarded")
    assert "hai bản nói khác nhau" in said(town.last(SXD))
    review = town.last(OFFICER)
    assert WHY in said(review)
    assert "quý I năm 2027" in said(review)
    assert "không có kinh phí" in said(review)
    town.write(answer_to(review, OFFICER, f"{code} là câu trả lời"))
    assert len(town.inbox(CITIZEN)) == told
    assert "xin nhờ đơn vị viết lại" in said(town.last(OFFICER))
    town.write(faithful(answer_to(second, SXD, answer)))  # a bystander is answered
    assert town.house.questions[1]["status"] == "answered"
    assert "quý I năm 2027" in said(town.last(NEIGHBOUR))
    town.write(answer_to(review, OFFICER, f"{code} nhờ đơn vị viết lại: xin gửi lại văn bản"))
    town.write(answer_to(first, SXD, answer + " Xin gửi lại."))
    assert town.house.questions[0]["status"] == "answered"


def test_an_order_in_two_readings_is_not_carried_out(town: Town) -> None:
    town.ask(UNSURE)
    town.ask(UNSURE.replace("việc này", "việc kia"), sender=NEIGHBOUR)
    first, second = town.inbox(OFFICER)
    town.write(seen_as(answer_to(first, OFFICER, "chuyển SXD"), "chuyển SYT"))
    assert town.inbox(SXD) == town.inbox(unit_address("SYT")) == []
    assert [each["status"] for each in town.house.questions] == ["needs_review"] * 2
    assert "hai bản nói khác nhau" in "".join(said(raw) for raw in town.inbox(OFFICER)[2:])
    town.write(faithful(answer_to(second, OFFICER, "chuyển SXD")))
    assert [each["status"] for each in town.house.questions] == ["needs_review", "forwarded"]
    town.write(answer_to(first, OFFICER, "chuyển SXD"))
    assert [each["status"] for each in town.house.questions] == ["forwarded", "forwarded"], "its token was not spent"


def test_what_a_citizen_adds_in_two_readings_waits(town: Town) -> None:
    town.ask()
    before = len(town.inbox(SXD))
    added = answer_to(town.last(CITIZEN), CITIZEN, "Tôi xin bổ sung: ổ gà ở số 7.")
    town.write(seen_as(added, "Tôi xin rút câu hỏi."))
    assert (len(town.inbox(SXD)), town.question["status"]) == (before, "forwarded")
    assert "đã nhận được thư" in said(town.last(CITIZEN))
    assert WHY in said(town.last(OFFICER))


def test_a_denunciation_in_one_reading_is_kept_apart(town: Town) -> None:
    shown = "Tôi tố cáo ông Nguyễn Văn Bình, Chủ tịch UBND phường, nhận hối lộ 50 triệu đồng."
    town.write(seen_as(letter(CITIZEN, ROAD + SIGNATURE), shown + SIGNATURE))
    (mail,) = town.house.mails
    assert (mail["sealed"], town.house.questions) == (True, [])
    assert "Nguyễn Văn Bình" not in "".join(said(raw) for raw in town.inbox(OFFICER))
    assert town.inbox(SXD) == []
