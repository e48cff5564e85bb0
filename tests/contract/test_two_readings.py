"""What a person sees differs from what the program reads: held with both readings, never obeyed, never sent on."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from db.core.tables import approval, paper, used_token
from rules.decide.intake.untrusted_mails import ASK
from rules.law.session_rules import PaperKind
from rules.message.two_readings import WHY
from tests.installation import HEAD, OFFICER, SXD, answer_to, letter, subject_of, unit_address
from tests.world import CITIZEN, FORM, NEIGHBOUR, ROAD, SIGNATURE, UNSURE, World, said

OTHER = "Xin hỏi Sở Y tế bao giờ trạm y tế phường mở cửa lại?"


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


def test_a_question_in_two_readings_is_registered_and_looked_at(town: World) -> None:
    text = ROAD + SIGNATURE
    town.write(seen_as(letter(CITIZEN, text), OTHER + SIGNATURE))
    assert (town.question["status"], len(town.house.questions)) == ("needs_review", 1)
    assert town.inbox(SXD) == town.inbox(unit_address("SYT")) == [], "neither reading is acted on"
    assert "citizen_received" in {row["name"] for row in town.house.sent if row["recipient"] == CITIZEN}
    assert str(town.question["code"]) in said(town.last(CITIZEN))
    assert len(town.inbox(CITIZEN)) == 1
    asked = said(town.last(OFFICER))
    assert WHY in asked
    assert ROAD[:40] in asked
    assert OTHER[:40] in asked
    town.write(faithful(letter(NEIGHBOUR, text)))  # a bystander's mail in two forms of the same words
    assert town.question["status"] == "forwarded"
    assert len(town.inbox(SXD)) == 1
    town.reply(OFFICER, "chuyển SXD")
    assert OTHER[:40] in said(town.last(SXD)), "who gets it has both readings too"


def test_a_units_answer_in_two_readings_goes_to_nobody(town: World) -> None:
    code = town.ask()["code"]
    town.ask(ROAD.replace("đường trước nhà", "ngõ sau nhà") + SIGNATURE, sender=NEIGHBOUR)
    first, second = town.inbox(SXD)
    told = len(town.inbox(CITIZEN))
    answer = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
    town.write(seen_as(answer_to(first, SXD, answer), "Sở Xây dựng trả lời: không có kinh phí để sửa đường này."))
    assert (len(town.inbox(CITIZEN)), town.house.questions[0]["status"]) == (told, "forwarded")
    assert ASK.partition(";")[0] in said(town.last(SXD))
    review = town.last(OFFICER)
    assert WHY in said(review)
    assert "quý I năm 2027" in said(review)
    assert "không có kinh phí" in said(review)
    town.write(answer_to(review, OFFICER, f"{code} là câu trả lời"))
    assert len(town.inbox(CITIZEN)) == told
    assert "xin nhờ đơn vị gửi lại" in said(town.last(OFFICER))
    town.write(faithful(answer_to(second, SXD, answer)))  # a bystander is answered
    assert town.house.questions[1]["status"] == "answered"
    assert "quý I năm 2027" in said(town.last(NEIGHBOUR))
    town.write(answer_to(review, OFFICER, f"{code} nhờ đơn vị viết lại: xin gửi lại văn bản"))
    town.write(answer_to(first, SXD, answer + " Xin gửi lại."))
    assert town.house.questions[0]["status"] == "answered"


@pytest.mark.world(bystanders=False)  # the morning would bring the officer an overview too
def test_an_order_in_two_readings_is_not_carried_out(town: World) -> None:
    town.ask(UNSURE)
    town.ask(UNSURE.replace("việc này", "việc kia"), sender=NEIGHBOUR)
    first, second = town.inbox(OFFICER)
    town.write(seen_as(answer_to(first, OFFICER, "chuyển SXD"), "chuyển SYT"))
    assert town.inbox(SXD) == town.inbox(unit_address("SYT")) == []
    assert [each["status"] for each in town.house.questions] == ["needs_review"] * 2
    assert ASK.partition(";")[0] in "".join(said(raw) for raw in town.inbox(OFFICER)[2:])
    town.write(faithful(answer_to(second, OFFICER, "chuyển SXD")))
    assert [each["status"] for each in town.house.questions] == ["needs_review", "forwarded"]
    town.write(answer_to(first, OFFICER, "chuyển SXD"))
    assert [each["status"] for each in town.house.questions] == ["forwarded", "forwarded"], "its token was not spent"


def test_what_a_citizen_adds_in_two_readings_waits(town: World) -> None:
    code = town.ask()["code"]
    other = town.ask(ROAD.replace("đường trước nhà", "ngõ sau nhà") + SIGNATURE, sender=NEIGHBOUR)["code"]
    kept = town.of_question(other)
    before, neighbours = len(town.inbox(SXD)), len(town.inbox(NEIGHBOUR))
    added = answer_to(town.last(CITIZEN), CITIZEN, "Tôi xin bổ sung: ổ gà ở số 7.")
    town.write(seen_as(added, "Tôi xin rút câu hỏi."))
    assert (len(town.inbox(SXD)), town.of_question(code)[0]["status"]) == (before, "forwarded")
    assert "đã nhận được thư" in said(town.last(CITIZEN))
    assert WHY in said(town.last(OFFICER))
    assert town.of_question(other) == kept, "a bystander"
    assert len(town.inbox(NEIGHBOUR)) == neighbours
    town.write(faithful(answer_to(town.last(NEIGHBOUR), NEIGHBOUR, "Tôi xin bổ sung: ổ gà ở số 9.")))
    assert "số 9" in said(town.last(SXD)), "what is the same in both forms goes on"


COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."


@pytest.mark.parametrize("text", [ROAD, COMPLAINT])
def test_a_denunciation_in_one_reading_is_kept_apart(town: World, text: str) -> None:
    """Also behind a complaint, whose writer is no secret."""
    shown = "Tôi tố cáo ông Nguyễn Văn Bình, Chủ tịch UBND phường, nhận hối lộ 50 triệu đồng."
    other = town.ask(sender=NEIGHBOUR)["code"]
    kept, forwards, neighbours = town.of_question(other), len(town.inbox(SXD)), len(town.inbox(NEIGHBOUR))
    town.write(seen_as(letter(CITIZEN, text + SIGNATURE), shown + SIGNATURE))
    beside, mail = town.house.mails
    assert (beside["sealed"], mail["sealed"]) == (False, True)
    assert [row["code"] for row in town.house.questions] == [other], "not registered"
    assert "Nguyễn Văn Bình" not in "".join(said(raw) for raw in town.inbox(OFFICER))
    assert town.of_question(other) == kept, "a bystander"
    assert (len(town.inbox(SXD)), len(town.inbox(NEIGHBOUR))) == (forwards, neighbours)


PLAN = "P-2026-01"
LATER = datetime(2027, 2, 25, 1, 30, tzinfo=UTC)
"""In the next period: two sessions in one are refused."""


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[World]:
    """The plans of two sessions wait for the Head."""
    city = World(tmp_path)
    city.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    for start in (FORM.start, LATER):
        code = city.desk.propose(replace(FORM, start=start, decided="Công văn số 12/UBND-VX"))[0].code
        city.desk.put_up(code, PaperKind.PLAN)
        city.look()
    yield city
    city.close()


def tokens_used(papers: World) -> list[object]:
    with papers.house.engine.begin() as connection:
        return [row.token for row in connection.execute(used_token.select())]


@pytest.mark.parametrize(
    ("said_plainly", "shown"),
    [("Duyệt", "Trả lại: chưa rõ kinh phí"), ("Trả lại: chưa rõ kinh phí", "Duyệt")],
)
def test_a_leaders_word_in_two_readings_decides_nothing(papers: World, said_plainly: str, shown: str) -> None:
    asked = next(raw for raw in papers.inbox(HEAD) if PLAN in subject_of(raw))
    before = papers.house.rows(paper), papers.house.rows(approval), tokens_used(papers)
    papers.write(seen_as(answer_to(asked, HEAD, said_plainly), shown))
    after = papers.house.rows(paper), papers.house.rows(approval), tokens_used(papers)
    assert after == before, "neither approved nor sent back, and the token is not spent"
    assert ASK.partition(";")[0] in said(papers.inbox(HEAD)[-1])
    papers.write(answer_to(asked, HEAD, "Duyệt"))
    decided, beside = papers.house.rows(paper)
    assert decided["number"] != ""
    assert beside == before[0][1], "another paper that waits"
