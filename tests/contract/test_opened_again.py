"""An answered question is opened again: the unit gets all it needs, what was approved for the portal falls."""

from __future__ import annotations

import pytest

from db.core.tables import paper, raw_mail
from tests.installation import HEAD, OFFICER, answer_to, unit_address
from tests.world import CITIZEN, NEIGHBOUR, SIGNATURE, World, asker_says, order, order_today, said, vouched

SXD = unit_address("SXD")
CODE = "HP-2026-000001"
ASKED = "Đường Trường Chinh nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
SAID = "Sở Xây dựng trả lời: mặt đường Trường Chinh được sửa trong quý I năm 2027."
OPINION = "Chưa hài lòng: hôm qua tôi ra xem thì chưa có ai làm, hố còn to hơn trước."
TODO = "Xin không đăng nội dung ấy; nếu đã đăng lên Cổng thì gỡ xuống"

pytestmark = pytest.mark.world(sends=True)


@pytest.fixture
def house(house: World) -> World:
    """Question 1 has its answer; question 2 is a neighbour's, and waits."""
    house.ask(ASKED + SIGNATURE, message_id="<1@dan.test>")
    house.ask(f"Rãnh ở ngõ nhà tôi tắc. {ASKED}{SIGNATURE.replace('Văn An', 'Thị Ba')}", NEIGHBOUR)
    _unit_says(house, SAID)
    house.let_pass(minutes=40)
    assert house.house.questions[0]["status"] == "answered"
    return house


def _unit_says(house: World, text: str) -> None:
    """In reply to the mail that brought it question 1."""
    sent = house.house.sent_with(name="unit_forward", question_id=house.house.questions[0]["id"])
    house.arrive(vouched(answer_to(bytes(sent[-1]["bytes"]), SXD, text)))


def approved(house: World) -> None:
    """Put up for the portal by an officer, approved by the Head."""
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    house.answers("head_approval", HEAD, "Duyệt")
    assert house.house.questions[0]["status"] == "approved"


def held(house: World) -> list[object]:
    return [row["id"] for row in house.rows(raw_mail) if row["status"] == "held"]


def test_the_unit_gets_question_answer_and_what_the_asker_wrote(house: World) -> None:
    other = house.of_question("HP-2026-000002")
    asker_says(house, OPINION, "citizen_answered")
    assert len(held(house)) == 1
    order(house, f"{CODE} mở lại vì việc chưa làm")
    told = said(house.last("unit_told", SXD))
    assert "đề nghị đơn vị trả lời lại" in told
    for part in (ASKED, SAID, "hôm qua tôi ra xem thì chưa có ai làm"):
        assert part in told
    assert held(house) == [], "what it was opened again for waits no longer"
    assert house.of_question("HP-2026-000002") == other


def test_the_morning_finds_the_askers_mail(house: World) -> None:
    asker_says(house, OPINION, "citizen_answered")
    house.overviews()
    order_today(house, f"{CODE} mở lại vì việc chưa làm")
    assert "hôm qua tôi ra xem" in said(house.last("unit_told", SXD))
    assert held(house) == []


def test_for_another_unit_the_askers_mail_waits_for_its_order(house: World) -> None:
    asker_says(house, OPINION, "citizen_answered")
    done = order(house, f"{CODE} mở lại vì nhầm đơn vị, chuyển SNNMT")
    assert f"thư của người hỏi chưa chuyển: ghi “{CODE} chuyển ý kiến cho đơn vị”" in done
    assert len(held(house)) == 1


@pytest.mark.parametrize(("posted", "todo"), [(False, TODO), (True, "Xin gỡ bài đã đăng tại https://cong.test/1")])
def test_who_was_told_to_post_it_hears_that_the_approval_has_fallen(house: World, posted: bool, todo: str) -> None:
    approved(house)
    if posted:
        order_today(house, f"{CODE} đã đăng tại https://cong.test/1")
    order_today(house, f"{CODE} mở lại vì việc chưa làm")
    alert = said(house.last("officer_alert", OFFICER))
    assert f"Nội dung duyệt để đăng của câu hỏi {CODE} không còn giá trị" in alert
    assert todo in alert
    assert [row["status"] for row in house.rows(paper)] == ["void"]
    refused = order_today(house, f"{CODE} đã đăng tại https://cong.test/2")
    assert "chưa được duyệt để đăng" in refused


def test_the_approval_falls_with_a_correction_too(house: World) -> None:
    approved(house)
    _unit_says(house, "Đính chính: mặt đường Trường Chinh được sửa trong quý II năm 2027.")
    assert f"{TODO}; xin trình đăng lại" in said(house.last("officer_alert", OFFICER))


def test_without_an_approval_nobody_hears_of_the_portal(house: World) -> None:
    before = house.last_sent()
    house.overviews()
    order_today(house, f"{CODE} mở lại vì việc chưa làm")
    assert "officer_alert" not in [row["name"] for row in house.house.sent_with(after=before)]
    assert ("citizen_reopened", CITIZEN) in [
        (row["name"], row["recipient"]) for row in house.house.sent_with(after=before)
    ]


def test_what_is_approved_and_not_posted_stands_in_every_mornings_list(house: World) -> None:
    approved(house)
    for _ in range(2):
        house.let_pass(days=1)
        house.overviews()
        morning = said(house.last("officer_digest", OFFICER))
        assert "ĐÃ DUYỆT, CHỜ ĐĂNG LÊN CỔNG (1)" in morning
        assert "nội dung đăng ở thư “được duyệt để đăng”: Đã đăng, Không đăng nữa" in morning
    order_today(house, f"{CODE} đã đăng tại https://cong.test/1")
    house.let_pass(days=1)
    house.overviews()
    assert "CHỜ ĐĂNG" not in said(house.last("officer_digest", OFFICER))
