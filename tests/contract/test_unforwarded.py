"""A registered question that nobody forwards: it is named again, and whoever asked hears that it still waits."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select, update

from daemon.loop import due
from db.core import counters
from db.core.tables import assignment, duty, journal, raw_mail
from db.decision.gather_duty import gather_duty
from tests.dose import each_third
from tests.installation import HEAD, OFFICER, answer_to, letter, text_of, unit_address
from tests.world import SIGNATURE, World, order, said, vouched

UNSURE = """Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?

Nguyễn Văn Tư
Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng
0912 000 111
"""
HOUR = 2  # nine o'clock in the city


@pytest.fixture
def house(house: World) -> World:
    """HP-1 is forwarded and HP-2 waits; both came on Monday, 5 October 2026."""
    house.house.clock.at = datetime(2026, 10, 5, HOUR, tzinfo=UTC)
    house.ask()
    house.ask(UNSURE, "tu@dan.test", subject="Hỏi")
    return house


SEALED = "ĐƠN TỐ CÁO. Tôi tố cáo ông Trần Văn X, trưởng phòng, nhận hối lộ 50 triệu đồng. Đề nghị giữ bí mật tên."


def on(house: World, day: int) -> None:
    """What the clock brings at nine on that day of October 2026."""
    house.house.clock.at = datetime(2026, 10, day, HOUR, tzinfo=UTC)
    house.due()


def told(house: World) -> list[str]:
    return [str(row["recipient"]) for row in house.house.sent_with(name="citizen_waiting")]


def alarms(house: World, person: str = OFFICER) -> list[str]:
    found = house.house.sent_with(name="officer_alert", recipient=person)
    return [text_of(bytes(row["bytes"])) for row in found]


def test_the_asker_hears_after_five_working_days_and_again_and_nobody_else_does(house: World) -> None:
    for day in (6, 7, 8, 12):
        on(house, day)
    assert told(house) == [], "the officers have heard, the asker not yet"
    assert len(alarms(house, HEAD)) == 1
    on(house, 13)
    assert told(house) == ["tu@dan.test"]
    words = said(house.last("citizen_waiting"))
    assert "HP-2026-000002" in words
    assert "chưa được chuyển" in words
    assert "ngày 05/10/2026" in words
    assert len(alarms(house, HEAD)) == 2
    on(house, 14)
    assert len(told(house)) == 1
    on(house, 20)
    assert told(house) == ["tu@dan.test"] * 2


def test_the_alarm_names_the_question_and_the_acts_that_decide_on_it(house: World) -> None:
    on(house, 13)
    words = " ".join(alarms(house)[-1].split())
    assert "Câu hỏi HP-2026-000002 của Nguyễn Văn Tư (“Hỏi”) chờ cán bộ quyết định" in words
    assert "“HP-2026-000002 hỏi lại: …”" in words
    assert "Đăng ký là câu hỏi" not in words, "it has a number already"


def test_a_stopped_daemon_says_once_what_it_missed(house: World) -> None:
    on(house, 28)
    assert told(house) == ["tu@dan.test"]
    on(house, 29)
    assert told(house) == ["tu@dan.test"]


def test_what_is_forwarded_is_not_spoken_of_again(house: World) -> None:
    on(house, 13)
    order(house, "Chuyển Sở Xây dựng")
    on(house, 28)
    assert told(house) == ["tu@dan.test"]
    assert {row["status"] for row in house.rows(duty) if row["kind"] == "review"} == {"late"}


def test_who_was_asked_is_reminded_of_that_and_who_was_not_is_not(house: World) -> None:
    house.ask(UNSURE.replace("Nguyễn Văn Tư", "Nguyễn Văn Ba"), "ba@dan.test", subject="Hỏi")
    order(house, "HP-2026-000002 hỏi lại: việc gì ạ?")
    on(house, 13)
    assert sorted(told(house)) == ["ba@dan.test", "tu@dan.test"]
    asked, other = (text_of(house.last("citizen_waiting", one)) for one in ("tu@dan.test", "ba@dan.test"))
    assert "đã hỏi thêm Ông/Bà và chưa nhận được trả lời" in asked
    assert "xin lỗi" not in asked, "it is the asker's turn"
    assert "đã hỏi thêm" not in other
    house.answers("citizen_missing", "tu@dan.test", "Việc cấp lại sổ hộ nghèo ạ.")
    on(house, 20)
    assert "đã hỏi thêm" not in text_of(house.last("citizen_waiting", "tu@dan.test"))


def test_officers_read_that_the_asker_was_asked_and_has_not_answered(house: World) -> None:
    house.ask(UNSURE.replace("Nguyễn Văn Tư", "Nguyễn Văn Ba"), "ba@dan.test", subject="Hỏi")
    order(house, "HP-2026-000002 hỏi lại: việc gì ạ?")
    on(house, 6)
    house.overviews()
    listed = said(house.last("officer_digest", OFFICER))
    mine, other = (f"HP-2026-00000{number}: Hỏi;" for number in (2, 3))
    assert f"{mine} đã hỏi lại người gửi ngày 05/10/2026, chưa có trả lời;" in listed
    assert listed.count("đã hỏi lại") == 1
    assert listed.index("Hỏi lại lần nữa") < listed.index(other)
    reminders = [" ".join(one.split()) for one in alarms(house)]
    asked, free = (next(one for one in reminders if f"HP-2026-00000{number}" in one) for number in (2, 3))
    assert "Đã hỏi lại người gửi ngày 05/10/2026, chưa có trả lời." in asked
    assert "Hỏi lại người gửi lần nữa" in asked
    assert "hỏi lại người gửi" not in free.replace("Hỏi lại người gửi:", "")
    house.answers("citizen_missing", "tu@dan.test", "Việc cấp lại sổ hộ nghèo ạ.")
    on(house, 13)
    last = [" ".join(one.split()) for one in alarms(house) if "Câu hỏi HP-2026-000002" in one][-1]
    assert "hỏi lại người gửi ngày" not in last


def test_what_a_unit_gave_back_is_not_said_never_to_have_been_forwarded(house: World) -> None:
    unit = unit_address("SXD")
    back = answer_to(house.last("unit_forward", unit), unit, "Không thuộc thẩm quyền của Sở.")
    house.arrive(vouched(back, unit.rpartition("@")[2]))
    on(house, 13)
    assert sorted(told(house)) == ["an@dan.test", "tu@dan.test"]
    words = said(house.last("citizen_waiting", "an@dan.test"))
    assert "đã chuyển đến đơn vị, nhưng đơn vị ấy cho biết việc này không thuộc thẩm quyền" in words
    assert "chưa được chuyển" not in words


def test_of_two_that_a_unit_gave_back_in_one_mail_each_asker_hears(house: World) -> None:
    other = "Cầu gần chợ Kiến An hư hỏng nặng, bao giờ Sở Xây dựng sửa cầu?\n\nTrần Thị Ba\nSố 9 Trần Phú, Kiến An"
    house.ask(f"{other}\n0912 000 333\n", "ba@dan.test")
    unit, back = unit_address("SXD"), "không thuộc thẩm quyền của Sở Xây dựng."
    text = f"HP-2026-000001: {back}\n\nHP-2026-000003: {back}"
    house.arrive(vouched(answer_to(house.last("unit_forward", unit), unit, text), unit.rpartition("@")[2]))
    order(house, "HP-2026-000001 chuyển SYT", "officer_alert")
    for day in (6, 7, 8, 12, 13):
        on(house, day)
    assert sorted(told(house)) == ["ba@dan.test", "tu@dan.test"]
    assert "đơn vị ấy cho biết việc này không thuộc thẩm quyền" in said(house.last("citizen_waiting", "ba@dan.test"))
    late = [" ".join(one.split()) for one in alarms(house, HEAD)]
    assert any("HP-2026-000003" in one and "báo không thuộc thẩm quyền" in one for one in late)


def opened_again(house: World) -> None:
    order(house, "HP-2026-000001 chuyển SYT")
    house.answers("citizen_received", "an@dan.test", "Tôi xin rút câu hỏi.")
    order(house, "HP-2026-000001 cho rút câu hỏi")
    assert "“HP-2026-000001 chuyển SYT”" in order(house, "HP-2026-000001 mở lại vì nhầm số")


def fetched_back(house: World) -> None:
    order(house, "HP-2026-000001 lấy lại câu hỏi")


@pytest.mark.parametrize("comes_to_wait", [opened_again, fetched_back])
def test_a_unit_that_never_gave_a_question_back_is_not_said_to_have_done_so(
    house: World, comes_to_wait: Callable[[World], None]
) -> None:
    comes_to_wait(house)
    on(house, 13)
    assert sorted(told(house)) == ["an@dan.test", "tu@dan.test"]
    words = said(house.last("citizen_waiting", "an@dan.test"))
    assert "thẩm quyền" not in words
    assert "chưa được chuyển" not in words, "it was forwarded once"
    assert "đang chờ chuyển đến đơn vị trả lời" in words.partition("Ban Biên tập thành thật")[0]
    assert "chưa được chuyển" in said(house.last("citizen_waiting", "tu@dan.test"))


def unit_says(house: World, unit: str, text: str, code: str = "HP-2026-000001") -> None:
    """A unit answers the mail that brought it the question."""
    (row,) = house.of_question(code)
    address = unit_address(unit)
    sent = house.house.sent_with(name="unit_forward", question_id=row["id"], recipient=address)
    house.arrive(vouched(answer_to(bytes(sent[-1]["bytes"]), address, text)))


def having(house: World, code: str = "HP-2026-000001") -> list[tuple[object, ...]]:
    """Which unit has, or had, what item of the question."""
    (row,) = house.of_question(code)
    found = [one for one in house.rows(assignment) if one["question_id"] == row["id"]]
    return [(one["item"], one["unit"], one["status"]) for one in found]


FETCHED, REFUSED = "lấy lại câu hỏi", "từ chối h vì việc này thuộc thẩm quyền của Bộ Tài chính"
OPENED = "mở lại vì nhầm"


@each_third(
    ("day", "orders", "due", "late"),
    [
        (12, [FETCHED, "chuyển SNNMT"], "2026-10-20", False),
        (12, ["lay lai cau hoi\n{0} chuyen SNNMT"], "2026-10-20", False),
        (12, ["mở lại, chuyển SNNMT"], "2026-10-20", False),
        (22, [FETCHED, "chuyển SNNMT"], "2026-10-27", True),
        (12, [REFUSED, OPENED, "chuyển SNNMT"], "2026-10-27", False),
        (12, [FETCHED, REFUSED, OPENED, "chuyển SNNMT"], "2026-10-27", False),
        (12, [REFUSED, OPENED, "chuyển SYT", FETCHED, "chuyển SNNMT"], "2026-10-27", False),
    ],
)
def test_what_is_fetched_back_keeps_its_date(house: World, day: int, orders: list[str], due: str, late: bool) -> None:
    code = "HP-2026-000001"
    on(house, day)
    house.overviews()
    other = house.of_question("HP-2026-000002")
    for text in orders:
        order(house, f"{code} {text.format(code)}", "officer_digest")
    last = house.rows(assignment)[-1]
    assert (last["unit"], str(last["due_on"])) == ("SNNMT", due)
    assert ("đã quá hạn" in said(house.last("citizen_forwarded", "an@dan.test"))) is late
    assert house.of_question("HP-2026-000002") == other


@pytest.mark.world(sends=True)
def test_an_item_that_is_fetched_back_goes_on_without_the_answered_one(house: World) -> None:
    road, school = (
        "Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?",
        "Trường thu tiền học thêm có đúng không?",
    )
    two = f"Tôi hỏi hai việc:\n1. {road}\n2. {school} Xin Sở Giáo dục và Đào tạo trả lời."
    code = str(house.ask(two + SIGNATURE, "ba@dan.test")["code"])
    before = having(house)
    unit_says(house, "SXD", "Sở Xây dựng trả lời: mặt đường Trường Chinh được sửa trong quý I năm 2027.", code)
    house.overviews()
    order(house, f"{code} lấy lại câu hỏi", "officer_digest")
    order(house, f"{code} chuyển SYT", "officer_digest")
    assert having(house, code) == [(1, "SXD", "answered"), (2, "SGDDT", "replaced"), (2, "SYT", "forwarded")]
    last = house.rows(assignment)[-1]
    assert school in str(last["item_text"])
    assert road not in str(last["item_text"])
    assert having(house) == before


@pytest.mark.world(sends=True)
def test_a_unit_that_the_officer_names_gets_what_a_second_unit_gives_back(house: World) -> None:
    unit_says(house, "SXD", "Việc này không thuộc thẩm quyền của Sở Xây dựng, đề nghị chuyển Sở Y tế.")
    unit_says(house, "SYT", "Báo cáo Ban Biên tập, việc này phòng tôi chưa gặp bao giờ.")
    done = order(house, "HP-2026-000001 không thuộc thẩm quyền, chuyển Sở Nội vụ")
    assert "đã chuyển Sở Nội vụ" in done
    assert having(house) == [(1, "SXD", "refused"), (1, "SYT", "refused"), (1, "SNV", "forwarded")]
    unit_says(house, "SNV", "Việc này không thuộc thẩm quyền của Sở Nội vụ, đề nghị chuyển Sở Tài chính.")
    assert having(house)[-1] == (1, "SNV", "refused"), "what a unit proposes the Board decides on"


def test_a_unit_that_gave_it_back_is_not_blamed_for_the_next_one(house: World) -> None:
    unit = unit_address("SXD")
    back = answer_to(house.last("unit_forward", unit), unit, "Không thuộc thẩm quyền của Sở.")
    house.arrive(vouched(back, unit.rpartition("@")[2]))
    order(house, "HP-2026-000001 chuyển SYT")
    fetched_back(house)
    on(house, 13)
    assert "thẩm quyền" not in said(house.last("citizen_waiting", "an@dan.test"))


def test_late_days_are_counted_alike_in_every_mail(house: World) -> None:
    due = house.rows(assignment)[0]["due_on"]
    on(house, 30)
    words = said(house.last("unit_overdue"))
    assert f"quá hạn trả lời {30 - due.day} ngày" in words, "days of the calendar, as in the lists, not working days"


B2 = "Tôi hỏi việc cấp đổi giấy phép lái xe hạng B2, nộp ở đâu và mấy ngày xong?"


@pytest.mark.parametrize(
    "answer", ["Dạ tôi hỏi việc đổi giấy phép lái xe hạng B2 ạ.", B2, "Việc nhà đất", "Sổ đỏ ạ"], ids=range(4)
)
def test_the_reply_to_what_an_officer_asked_is_its_answer_whatever_it_sounds_like(house: World, answer: str) -> None:
    order(house, "HP-2026-000002 hỏi lại: ông hỏi việc gì?")
    house.house.clock.forward(seconds=40)
    before, asked = house.last_sent(), house.last("citizen_missing", "tu@dan.test")
    house.arrive(vouched(answer_to(asked, "tu@dan.test", answer), "dan.test"))
    assert len(house.house.questions) == 2, "no new question"
    assert answer in house.house.questions[1]["content"]
    told = {str(row["name"]): text_of(bytes(row["bytes"])) for row in house.house.sent_with(after=before)}
    assert set(told) == {"citizen_completed", "officer_alert"}
    assert "đã nhận nội dung" in told["citizen_completed"]
    assert "Người hỏi đã trả lời điều được hỏi thêm" in told["officer_alert"]
    assert "“HP-2026-000002 hỏi lại: …”" in told["officer_alert"]
    assert ("“HP-2026-000002 chuyển CATP”" in told["officer_alert"]) == ("B2" in answer)
    on(house, 13)
    assert "đã hỏi thêm" not in text_of(house.last("citizen_waiting", "tu@dan.test"))


def test_an_answer_is_one_though_the_mail_server_s_clock_is_behind_ours(house: World) -> None:
    order(house, "HP-2026-000002 hỏi lại: việc gì ạ?")
    house.house.clock.forward(seconds=40)
    house.answers("citizen_received", "tu@dan.test", "Việc cấp lại sổ hộ nghèo, cần giấy tờ gì?")
    with house.house.engine.begin() as connection:
        before = datetime(2026, 10, 5, 1, tzinfo=UTC)
        connection.execute(update(raw_mail).where(raw_mail.c.id > 0).values(internaldate=before))
    assert len(house.house.questions) == 2, "the first word after the question, on whatever mail of ours"
    on(house, 13)
    assert "đã hỏi thêm" not in text_of(house.last("citizen_waiting", "tu@dan.test"))


def test_who_says_to_ask_something_else_gets_a_number_for_it_and_is_still_waited_for(house: World) -> None:
    order(house, "HP-2026-000002 hỏi lại: việc gì ạ?")
    house.house.clock.forward(seconds=40)
    house.answers("citizen_missing", "tu@dan.test", f"Tôi xin hỏi một việc khác. {B2}")
    assert len(house.house.questions) == 3


def test_only_the_first_word_after_the_question_is_taken_for_its_answer(house: World) -> None:
    order(house, "HP-2026-000002 hỏi lại: việc gì ạ?")
    house.house.clock.forward(seconds=40)
    house.answers("citizen_missing", "tu@dan.test", "Việc cấp lại sổ hộ nghèo ạ.")
    house.house.clock.forward(seconds=40)
    house.answers("citizen_received", "tu@dan.test", "Cảm ơn Ban, tôi chờ.")
    assert "Cảm ơn Ban" not in house.house.questions[1]["content"]


def test_a_refusal_that_names_a_ward_is_told_and_its_unit_is_not_offered_again(house: World) -> None:
    asked = house.house.sent_with(name="unit_forward")[-1]
    unit = str(asked["recipient"])
    house.house.clock.at = datetime(2026, 10, 5, HOUR + 1, 50, tzinfo=UTC)
    words = "Nội dung này thuộc UBND phường Kiến An, Sở đã chuyển văn bản sang phường để trả lời trực tiếp công dân."
    house.arrive(vouched(answer_to(bytes(asked["bytes"]), unit, words), unit.rpartition("@")[2]))
    told_at_once = " ".join(alarms(house)[-1].split())
    assert "Đơn vị được đề nghị: Ủy ban nhân dân phường Kiến An (chưa khai báo địa chỉ thư điện tử)" in told_at_once
    on(house, 6)
    house.overviews()
    listed = said(house.last("officer_digest", OFFICER))
    assert "rất có thể của Ủy ban nhân dân phường Kiến An" in listed
    row = listed[listed.index("rất có thể của Ủy ban") :].partition("HP-2026-000002")[0]
    assert "Chuyển Sở Xây dựng" not in row, row
    reminder = " ".join(next(one for one in reversed(alarms(house)) if "HP-2026-000001" in one).split())
    assert "từ 10 giờ 50 phút, thứ Hai, ngày 05/10/2026" in reminder
    assert f"Sở Xây dựng báo không thuộc thẩm quyền: {words}" in reminder
    assert "Chuyển Sở Xây dựng" not in reminder
    assert house.rows(assignment)[-1]["status"] == "refused"


@pytest.mark.parametrize("denounced", [False, True])
def test_what_an_officer_has_registered_is_watched_like_any_other(house: World, denounced: bool) -> None:
    text = SEALED if denounced else "Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, đề nghị hủy."
    house.arrive(vouched(letter("nam@dan.test", text, name="Trần Văn Năm", subject="Đơn")))
    house.answers("officer_denunciation" if denounced else "officer_review", OFFICER, "Đăng ký")
    if denounced:
        house.answers("officer_confirm", OFFICER, "Xác nhận là câu hỏi")
    code, before = str(house.question["code"]), house.last_sent()
    assert house.question["status"] == "needs_review"
    on(house, 7)
    heard = {str(one["recipient"]) for one in house.house.sent_with(after=before, question_id=house.question["id"])}
    assert {OFFICER, HEAD} <= heard
    on(house, 13)
    assert "nam@dan.test" in told(house)
    house.answers("officer_alert", OFFICER, f"{code} chuyển SNV")
    before = house.last_sent()
    on(house, 22)
    names = {str(one["name"]) for one in house.house.sent_with(after=before, question_id=house.question["id"])}
    assert not names & {"citizen_waiting", "officer_alert"}


def test_a_duty_that_fails_again_is_told_to_the_officers(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was put off hour by hour for ever, and only the log heard of it."""
    read = gather_duty
    failing = next(one["key"] for one in house.rows(duty) if one["kind"] == "review")

    def fails(connection: Connection, row: Row[Any], *rest: Any) -> Any:
        if row.key == failing:
            raise ValueError("unforeseen")
        return read(connection, row, *rest)

    monkeypatch.setattr(due, "gather_duty", fails)
    house.house.clock.at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    told = []
    for turn in range(10):
        if turn == 5:  # mended; the duty is worked on, and fails again weeks later
            monkeypatch.setattr(due, "gather_duty", read)
            house.house.clock.at = datetime(2026, 10, 6, HOUR, tzinfo=UTC)
        if turn == 6:
            monkeypatch.setattr(due, "gather_duty", fails)
            house.house.clock.forward(days=14)
        before = house.last_sent()
        house.due()
        sent = [text_of(bytes(one["bytes"])) for one in house.house.sent_with(after=before, recipient=OFFICER)]
        told.append(sum("lỗi của hệ thống" in one for one in sent))
        assert sent or turn != 5, "it is tried on"
        house.house.clock.forward(minutes=61)
    assert told == [0, 0, 1, 0, 0, 0, 0, 0, 1, 0]
    with house.house.engine.begin() as connection:
        noted = connection.execute(select(journal.c.clause).where(journal.c.act == "duty_failed")).scalars().all()
    assert noted == ["8.2"] * 2


def test_a_duty_that_cannot_be_read_stops_no_start(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise ValueError("unforeseen")

    monkeypatch.setattr(due, "gather_duty", fails)
    with house.house.engine.begin() as connection:
        counters.set_instant(connection, "last_alive", house.house.clock())
    house.house.clock.forward(days=3)
    before = house.last_sent()
    house.house.service.catch_up()
    assert [one["name"] for one in house.house.sent_with(after=before, recipient=OFFICER)] == ["officer_catch_up"]
