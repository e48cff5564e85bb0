"""A question that came back from its unit: the officers hear why and send it again, and the unit is not late."""

from datetime import UTC, datetime
from typing import Any

import pytest

from db.core.tables import outbox
from tests.contract.test_bounces_found import HOST
from tests.installation import HEAD, OFFICE, OFFICER, SXD, letter, subject_of
from tests.world import CITIZEN, World, order, said, vouched

pytestmark = pytest.mark.world(sends=True)
CODE = "HP-2026-000001"
FULL = ("5.2.2", "host mx.sxd.test said: 552 5.2.2 Over quota")
NOBODY = ("5.1.1", "host mx.sxd.test said: 550 5.1.1 User unknown")
REFUSED = ("5.7.1", "host mx.sxd.test said: 554 5.7.1 Message rejected by our policy")


ASKED = """Kính gửi Ban Biên tập, đèn đường trước nhà tôi hỏng, vỉa hè bong gạch, bao giờ Sở Xây dựng sửa?

Trần Văn Ba
Số 9 đường Lạch Tray, phường Ngô Quyền, TP Hải Phòng
0912 000 333
"""


@pytest.fixture
def house(house: World) -> World:
    """One question at SXD, due on Tuesday, 20 October 2026, and one of a neighbour that arrived there."""
    house.ask()
    house.ask(ASKED, "ba@dan.test")
    return house


def forwards(house: World) -> list[dict[str, Any]]:
    return [row for row in house.rows(outbox) if row["name"] == "unit_forward" and row["id"] > 0]


def returned(house: World, why: tuple[str, str] = FULL) -> None:
    """The first question comes back, as Postfix tells it."""
    sent = forwards(house)[0]
    status, words = why
    top = f"Return-Path: <>\nFrom: MAILER-DAEMON@{HOST}\nTo: {sent['envelope_from']}\nMIME-Version: 1.0\n"
    top += f"Subject: Undelivered Mail Returned to Sender\nMessage-ID: <dsn{len(house.rows(outbox))}@mx.test>\n"
    top += 'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
    plain = f"--=_b\nContent-Type: text/plain; charset=utf-8\n\n<{SXD}>: {words}\n"
    report = f"Reporting-MTA: dns; {HOST}\n\nFinal-Recipient: rfc822; {SXD}\nAction: failed\nStatus: {status}\n"
    report = f"--=_b\nContent-Type: message/delivery-status\n\n{report}--=_b--\n"
    house.arrive(f"{top}{plain}{report}".replace("\n", "\r\n").encode())


def alerts(house: World, person: str = OFFICER) -> list[str]:
    return [said(bytes(one["bytes"])) for one in house.house.sent_with(name="officer_alert", recipient=person)]


def morning(house: World, day: int) -> str:
    house.house.clock.at = datetime(2026, 10, day, 2, tzinfo=UTC)
    house.overviews()
    return said(house.last("officer_digest", OFFICER))


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (FULL, "hộp thư của người nhận đã đầy"),
        (NOBODY, "không có địa chỉ thư điện tử này"),
        (REFUSED, "máy chủ của người nhận từ chối thư"),
    ],
)
def test_the_alert_names_the_question_the_unit_and_the_reason(house: World, why: tuple[str, str], words: str) -> None:
    returned(house, why)
    told = alerts(house)[-1]
    assert "Câu hỏi chưa đến được Sở Xây dựng" in told
    assert words in told
    assert SXD in told
    assert f"“{CODE} gửi lại SXD”" in told
    assert CODE in subject_of(house.last("officer_alert", OFFICER))
    returned(house, why)
    assert len(alerts(house)) == 1, "one mail may come back twice"


@pytest.mark.parametrize("text", ["Gửi lại cho Sở Xây dựng", f"{CODE} gửi lại SXD", f"{CODE} chuyển Sở Xây dựng"])
def test_the_officers_order_sends_the_same_mail_again_once(house: World, text: str) -> None:
    returned(house)
    first, other = forwards(house)
    assert "Đã gửi lại câu hỏi" in order(house, text, "officer_alert")
    again = forwards(house)
    assert (again[0]["status"], again[0]["message_id"]) == ("pending", first["message_id"])
    assert again[1] == other
    assert len(again) == 2
    assert "đang ở Sở Xây dựng" in order(house, f"{CODE} gửi lại cho Sở Xây dựng", "officer_alert"), "it is going"
    returned(house)
    assert forwards(house)[0]["status"] == "pending", "a late report of the first sending"
    house.look()
    assert forwards(house)[0]["status"] == "sent"
    before = len(alerts(house))
    returned(house)
    assert len(alerts(house)) == before + 1, "it came back again"
    assert "sent_again" in house.journal()


def test_a_wish_without_a_unit_is_offered_the_order(house: World) -> None:
    returned(house)
    assert f"“{CODE} gửi lại SXD”" in order(house, "Gửi lại", "officer_alert")


def test_who_reminds_the_unit_sends_the_question_too(house: World) -> None:
    returned(house)
    assert "đã gửi lại câu hỏi" in order(house, f"{CODE} nhắc đơn vị", "officer_alert")
    assert forwards(house)[0]["status"] == "pending"


def test_the_morning_mail_lists_it_until_it_got_through_or_the_unit_has_it(house: World) -> None:
    returned(house)
    told = morning(house, 6)
    assert f"{CODE}: " in told
    assert "bị trả lại: hộp thư của người nhận đã đầy" in told
    assert told.count("bị trả lại") == 1
    order(house, f"{CODE} gửi lại SXD", "officer_alert")
    house.look()
    assert "bị trả lại" not in morning(house, 7)
    returned(house)
    assert "bị trả lại" in morning(house, 8)
    house.answers("unit_forward", SXD, "Đã nhận.")  # the neighbour's question
    assert "bị trả lại" in morning(house, 9)
    house.reply(SXD, "Đã nhận.", about=CODE)
    assert "bị trả lại" not in morning(house, 12)


def test_nobody_is_told_that_the_unit_let_the_term_pass(house: World) -> None:
    returned(house)
    before = house.names(SXD).count("unit_reminder")
    for day in (15, 16, 19, 20, 21, 22, 23):
        house.at(2026, 10, day, 2)
    mine = [subject_of(raw) for raw in house.about(SXD, CODE)]
    assert len(mine) == 1, mine  # the mail that came back
    assert house.names(SXD).count("unit_reminder") > before, "the other question is asked for"
    assert all(CODE not in said(raw) for raw in house.inbox(OFFICE))
    late = said(next(raw for raw in house.about(CITIZEN, CODE) if "chậm" in subject_of(raw)))
    assert "chưa có câu trả lời đúng hạn" in late
    assert "chưa đến được đơn vị" in late
    assert "Sở Xây dựng chưa trả lời" not in late
    assert "yêu cầu Sở Xây dựng" not in late
    for person in (OFFICER, HEAD):
        told = [one for one in alerts(house, person) if "Câu hỏi chưa đến được Sở Xây dựng" in one]
        assert told
        assert "đã quá hạn" in told[-1]
    assert any(CODE in said(raw) for raw in house.inbox(OFFICER))
    other = said(next(raw for raw in house.about("ba@dan.test", "HP-2026-000002") if "chậm" in subject_of(raw)))
    assert "Sở Xây dựng chưa trả lời" in other


def test_what_goes_through_at_last_is_asked_for_as_ever(house: World) -> None:
    returned(house)
    house.at(2026, 10, 20, 2)
    order(house, f"{CODE} gửi lại SXD", "officer_alert")
    house.at(2026, 10, 21, 2)
    assert len(house.about(SXD, CODE)) == 2


@pytest.mark.parametrize("asked", [f"tra cứu {CODE}", "Câu hỏi của tôi đến đâu rồi ạ?"])
def test_the_asker_hears_that_it_has_not_arrived_yet_until_it_has(house: World, asked: str) -> None:
    returned(house)
    for at, (sender, arrived) in enumerate(((CITIZEN, False), ("ba@dan.test", True), (CITIZEN, True))):
        text = asked if sender == CITIZEN else asked.replace("01", "02")
        house.write(vouched(letter(sender, text, message_id=f"<asked{at}@dan.test>")))
        told = said(house.inbox(sender)[-1])
        assert ("chưa đến được Sở Xây dựng, đang được xử lý để chuyển lại" in told) is not arrived
        assert ("đã chuyển đơn vị trả lời" in told) is arrived
        if not arrived:
            order(house, f"{CODE} chuyển SXD", "officer_alert")
            house.look()


def test_the_leaders_week_counts_what_the_unit_has_and_not_what_came_back(house: World) -> None:
    """Both are over their day; the one that came back is no delay of the unit."""
    returned(house)
    house.house.clock.at = datetime(2026, 10, 26, 2, tzinfo=UTC)  # a Monday, after the due day of both
    house.overviews()
    for reader in (HEAD, OFFICE):
        assert "Sở Xây dựng: 1 câu hỏi quá hạn, lâu nhất là HP-2026-000002" in said(house.last("office_week", reader))
