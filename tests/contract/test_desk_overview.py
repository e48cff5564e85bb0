"""The overviews: each working morning to the officers, once a week to the units and the leaders."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from daemon.base.errors import ConfigurationError
from daemon.mailbox.mailbox import MailboxClient
from db.core import counters
from db.mails import ledger
from db.reports.figures import figures
from tests.contract.test_desk import NOBODYS, REVIEWED
from tests.installation import HEAD, MAILBOX, OFFICE, OFFICER, UNITS, answer_to, letter, subject_of, unit_address
from tests.world import ROAD, SIGNATURE, World, said

COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."
TUESDAY = datetime(2026, 10, 6, 0, 29, tzinfo=UTC)
"""07:29 in the city."""


pytestmark = pytest.mark.world(both_databases=True, bystanders=False)  # the overviews are of the whole register


def overviews(town: World, address: str = OFFICER) -> list[bytes]:
    return [one for one in town.inbox(address) if re.match("Công việc ngày|Sở .*đang chờ|Tình hình", subject_of(one))]


def at(town: World, when: datetime) -> None:
    town.house.clock.at = when
    town.house.run()


def links(raw: bytes) -> dict[str, tuple[str, str]]:
    """Label → (address, body) of the prepared commands in the HTML part."""
    import email
    import email.policy

    page = email.message_from_bytes(raw, policy=email.policy.default).get_body(("html",))
    assert page is not None
    found = re.findall(r'<a href="(mailto:[^"]*)">([^<]*)</a>', page.get_content().replace("&amp;", "&"))
    return {
        label: (unquote(urlsplit(target).path), parse_qs(urlsplit(target).query).get("body", [""])[0])
        for target, label in found
    }


def test_a_clock_a_year_ahead_sends_nothing(town: World) -> None:
    """For one pass; told by ``status`` meanwhile. Then the mornings go on as before."""
    town.ask("Kính gửi Ban Biên tập, việc của tôi thế nào rồi?")
    at(town, TUESDAY.replace(hour=1))
    assert len(overviews(town)) == 1
    before, right = len(town.house.sent), TUESDAY.replace(hour=2, minute=9)
    town.house.clock.at = right.replace(year=2027)
    town.house.restart()
    assert town.house.run().problems == ["clock: it may be far ahead; nothing is decided, due or sent for now"]
    town.house.service.due_round()
    town.house.service.send_round()
    assert len(town.house.sent) == before
    with town.house.engine.begin() as connection:
        assert figures(connection, town.house.clock()).clock_doubted
    at(town, right)
    assert town.house.service.full_pass().problems == []
    assert len(town.house.sent) == before, "no word of a downtime"
    at(town, TUESDAY.replace(day=7, hour=1))
    assert len(overviews(town)) == 2
    with town.house.engine.begin() as connection:
        assert not figures(connection, town.house.clock()).clock_doubted


@pytest.mark.parametrize("by_mail", [True, False])
def test_after_a_long_downtime_a_mail_or_a_day_shows_that_the_clock_is_right(town: World, by_mail: bool) -> None:
    town.ask("Kính gửi Ban Biên tập, việc của tôi thế nào rồi?")
    before, late = len(town.house.sent), TUESDAY.replace(year=2027, hour=3)
    at(town, late)
    assert len(town.house.sent) == before
    if by_mail:
        town.write(letter("mai@dan.test", f"{ROAD}\n\n{SIGNATURE}"))
    else:
        at(town, late.replace(day=7))
    assert "officer_catch_up" in town.names(OFFICER)
    assert len(overviews(town)) == 1


def test_a_round_between_two_passes_that_finds_the_clock_right_tells_of_the_downtime_too(town: World) -> None:
    town.ask("Kính gửi Ban Biên tập, việc của tôi thế nào rồi?")
    late = TUESDAY.replace(year=2027, hour=3)
    at(town, late)
    town.house.clock.at = late.replace(day=7)
    town.house.service.due_round()
    assert "officer_catch_up" in town.names(OFFICER)
    at(town, late.replace(day=7, minute=5))
    assert town.names(OFFICER).count("officer_catch_up") == 1


def test_an_overview_of_a_day_to_come_is_not_made_yet(town: World) -> None:
    """As a wrong clock may have left it."""
    town.ask("Kính gửi Ban Biên tập, việc của tôi thế nào rồi?")
    with town.house.engine.begin() as connection:
        counters.set_state(connection, "overview_day", "2027-10-06")
        counters.set_instant(connection, "overview_at", TUESDAY.replace(year=2027))
    at(town, TUESDAY.replace(hour=1))
    assert len(overviews(town)) == 1
    at(town, TUESDAY.replace(hour=2))
    assert len(overviews(town)) == 1


def test_the_morning_says_since_when_the_mailbox_was_not_read(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_settings: object) -> MailboxClient:
        raise ConfigurationError("IMAP: login refused")

    town.house.run()
    with monkeypatch.context() as shut:
        shut.setattr(MailboxClient, "connect", refused)
        town.house.service.drop()
        at(town, TUESDAY.replace(day=5, hour=9))
        at(town, TUESDAY.replace(hour=1))
    morning = said(overviews(town)[-1])
    assert "Hộp thư chưa đọc được từ 09 giờ 00 phút, thứ Hai, ngày 05/10/2026: thư gửi đến từ lúc ấy" in morning
    assert subject_of(overviews(town)[-1]) == "Công việc ngày 06/10/2026: hộp thư chưa đọc được"
    at(town, TUESDAY.replace(hour=6))
    at(town, TUESDAY.replace(day=7, hour=1))
    morning = said(overviews(town)[-1])
    assert "thứ Hai, ngày 05/10/2026 đến 13 giờ 29 phút, thứ Ba, ngày 06/10/2026: thư gửi đến trong" in morning
    at(town, TUESDAY.replace(day=8, hour=1))
    assert len(overviews(town)) == 2, "once is enough"


def test_no_letter_of_the_clause_is_assumed_where_a_refusal_is_offered(town: World) -> None:
    town.ask("Kính gửi Ban Biên tập, việc của tôi thế nào rồi?")
    at(town, TUESDAY.replace(hour=1))
    refusal = next(label for label in links(overviews(town)[0]) if label.startswith("Từ chối"))
    assert links(overviews(town)[0])[refusal][1].rstrip() == "HP-2026-000001 từ chối"


def test_nothing_to_tell_is_no_mail(town: World) -> None:
    town.house.run()
    at(town, TUESDAY.replace(hour=1))
    assert overviews(town) == []


def test_each_working_morning_once_and_never_on_a_day_off(town: World) -> None:
    town.ask()
    at(town, TUESDAY)
    assert overviews(town) == []
    at(town, TUESDAY.replace(minute=30))
    assert len(overviews(town)) == 1
    town.house.service.close()
    town.house.restart()
    at(town, TUESDAY.replace(hour=8))
    assert len(overviews(town)) == 1
    at(town, datetime(2026, 10, 10, 2, 0, tzinfo=UTC))
    at(town, datetime(2026, 10, 11, 2, 0, tzinfo=UTC))
    assert len(overviews(town)) == 1, "Saturday and Sunday"


def test_morning_tells_what_waits_and_what_was_done_alone(town: World) -> None:
    town.ask()
    town.ask(REVIEWED, "ba@dan.test")
    town.write(letter("ke-khac@dan.test", COMPLAINT + SIGNATURE))
    town.write(letter("nguoi-to-cao@dan.test", "Tôi tố cáo ông Trần Văn X, cán bộ xã, nhận của tôi 30 triệu đồng."))
    at(town, TUESDAY.replace(minute=45))
    (morning,) = overviews(town)
    text = said(morning)
    for words in (
        "CHỜ CÁN BỘ XEM XÉT (1)",
        "THƯ ĐANG GIỮ LẠI (1)",
        "ke-khac@dan.test",
        "THƯ GIỮ RIÊNG (1)",
        "CÂU HỎI MỚI (2)",
        "CHƯA KÝ NHẬN (2)",
        "2 câu hỏi được đăng ký vào sổ",
        "1 lượt chuyển câu hỏi đến đơn vị",
    ):
        assert words in text, words
    assert "Trần Văn X" not in text
    assert "nguoi-to-cao" not in text


def test_what_came_while_the_daemon_was_down_is_new_in_the_next_overview(town: World) -> None:
    """It was received before the overview of the restart, and registered after it."""
    town.ask()
    at(town, datetime(2026, 10, 6, 1, 0, tzinfo=UTC))
    with town.house.engine.begin() as connection:
        came = town.house.clock() + timedelta(hours=20)
        raw = letter("ba@dan.test", ROAD.replace("Trường Chinh", "Lê Lợi") + SIGNATURE)
        ledger.store(connection, MAILBOX, 7, [ledger.Arrived(99, raw, came)], came + timedelta(days=1, hours=4))
    at(town, datetime(2026, 10, 8, 1, 0, tzinfo=UTC))
    late = next(one["code"] for one in town.house.questions if one["asker_email"] == "ba@dan.test")
    assert late not in said(overviews(town)[-1])
    at(town, datetime(2026, 10, 9, 1, 0, tzinfo=UTC))
    text = said(overviews(town)[-1])
    assert late in text[text.upper().index("CÂU HỎI MỚI") :]


def test_morning_counts_each_answer_of_a_unit_once(town: World) -> None:
    for who in ("an@dan.test", "ba@dan.test", "tu@dan.test"):
        town.ask(sender=who, message_id=f"<{who}>")
    for one in town.inbox(unit_address("SXD"))[:2]:
        town.write(answer_to(one, unit_address("SXD"), "Sở Xây dựng trả lời: sẽ sửa trong quý I năm 2027."))
    at(town, TUESDAY.replace(minute=45))
    assert town.statuses() == ["answered", "answered", "forwarded"]
    assert "- 2 lượt trả lời của đơn vị được ghi nhận" in said(overviews(town)[0])


def test_a_reply_to_the_overview_carries_out_several_commands(town: World) -> None:
    first = town.ask()["code"]
    second = town.ask(REVIEWED, "ba@dan.test")["code"]
    at(town, TUESDAY.replace(minute=45))
    town.reply(OFFICER, f"{second} chuyển Sở Xây dựng\n{first} ghi chú: đã xem\nký nhận tất cả")
    rows = town.house.questions
    assert [row["status"] for row in rows] == ["forwarded", "forwarded"]
    assert rows[0]["notes"] == "đã xem"
    assert all(row["signed_at"] for row in rows)
    town.reply(OFFICER, f"{first} ghi chú: hai lần")
    assert town.house.questions[0]["notes"] == "đã xem\nhai lần"


def test_prepared_commands_find_their_own_mail(town: World) -> None:
    town.ask()
    town.write(letter("ke-khac@dan.test", COMPLAINT + SIGNATURE))
    at(town, TUESDAY.replace(minute=45))
    address, body = links(overviews(town)[0])["Không tiếp nhận"]
    town.write(letter(OFFICER, f"{body}đây là đơn khiếu nại", to=address, subject="Không tiếp nhận"))
    assert town.house.mails[1]["fate"] == "reject"
    assert "Ban Tiếp công dân" in said(town.last("ke-khac@dan.test"))
    sign, all_of_them = links(overviews(town)[0])["Ký nhận tất cả"]
    town.write(letter(OFFICER, all_of_them, to=sign, subject="Ký nhận tất cả"))
    assert town.question["officer"] == "Cán bộ tiếp nhận"


def test_prepared_command_of_an_officer_serves_nobody_else(town: World) -> None:
    town.ask()
    at(town, TUESDAY.replace(minute=45))
    sign, body = links(overviews(town)[0])["Ký nhận tất cả"]
    town.write(letter("ba@dan.test", body, to=sign, subject="Ký nhận tất cả"))
    assert town.question["signed_at"] is None


def test_dates_move_from_soon_to_today_to_late(town: World) -> None:
    town.ask()  # due Tuesday 20/10
    for day, title in (
        (19, "ĐẾN HẠN TRONG 3 NGÀY TỚI (1)"),
        (20, "ĐẾN HẠN HÔM NAY (1)"),
        (21, "ĐÃ QUÁ HẠN TRẢ LỜI (1)"),
    ):
        at(town, datetime(2026, 10, day, 1, 0, tzinfo=UTC))
        assert title in said(overviews(town)[-1]), day


def test_week_of_a_unit_and_of_the_leaders(town: World) -> None:
    town.ask()
    code = town.ask(REVIEWED, "ba@dan.test")["code"]
    town.reply(OFFICER, f"{code} từ chối h vì do Trung ương quyết định")
    at(town, datetime(2026, 10, 12, 1, 0, tzinfo=UTC))
    (week,) = overviews(town, unit_address("SXD"))
    assert "HP-2026-000001" in said(week)
    assert all(not overviews(town, unit_address(unit)) for unit in UNITS if unit != "SXD")
    for leader in (HEAD, OFFICE):
        assert "CÂU HỎI ĐÃ TỪ CHỐI (1)" in said(overviews(town, leader)[0])
    at(town, datetime(2026, 10, 13, 1, 0, tzinfo=UTC))
    assert len(overviews(town, unit_address("SXD"))) == 1, "once a week"
    address, _ = links(week)["Gửi câu trả lời"]
    town.write(
        letter(
            unit_address("SXD"), "Sở Xây dựng trả lời: sẽ sửa trong quý I năm 2027.", to=address, subject="Trả lời"
        )
    )
    assert town.house.questions[0]["status"] == "answered"


def test_a_week_that_began_without_the_daemon_is_made_up_for(town: World) -> None:
    """Down from Friday's overview to Wednesday: the week's list comes on Wednesday, and not again on Thursday."""
    town.ask()
    at(town, datetime(2026, 10, 9, 1, 0, tzinfo=UTC))
    assert not overviews(town, unit_address("SXD"))
    at(town, datetime(2026, 10, 14, 1, 0, tzinfo=UTC))
    assert len(overviews(town, unit_address("SXD"))) == 1
    at(town, datetime(2026, 10, 15, 1, 0, tzinfo=UTC))
    assert len(overviews(town, unit_address("SXD"))) == 1


def test_late_units_are_told_to_the_leaders(town: World) -> None:
    town.ask(ROAD + SIGNATURE)
    at(town, datetime(2026, 10, 26, 1, 0, tzinfo=UTC))
    text = said(overviews(town, HEAD)[0])
    assert "Sở Xây dựng: 1 câu hỏi quá hạn, lâu nhất là HP-2026-000001 (hạn 20/10/2026)" in text
    assert NOBODYS not in text


@pytest.mark.world(servers=False, sends=True, both_databases=False)
def test_a_question_of_the_list_that_is_answered_may_be_called_by_its_last_digits(house: World) -> None:
    for number in range(1, 4):
        house.ask(sender=f"dan{number}@dan.test", message_id=f"<{number}@dan.test>")
    house.ask(REVIEWED, "ba@dan.test", message_id="<4@dan.test>")
    for _ in range(2):  # the second list names what waits, not what is new
        house.let_pass(days=1)
        house.overviews()
        house.look()
    house.reply(OFFICER, "câu 4 chuyển Sở Y tế nhé", "Công việc ngày")
    assert house.statuses() == ["forwarded"] * 4
    assert house.names(unit_address("SYT")) == ["unit_forward"]
