"""Who is told when a unit is late, asks the city or asks for time: 15.3, 16.2, and the Board's word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.core.tables import assignment, duty
from rules.text.dates import dates_in
from tests.dose import each_third
from tests.installation import HEAD, OFFICE, OFFICER, SXD, letter, subject_of, unit_address
from tests.world import CITIZEN, LETTER, NEIGHBOUR, World, order_today, said


def urgings(town: World, address: str) -> list[bytes]:
    """The mails that ask somebody to urge a late unit."""
    return [one for one in town.inbox(address) if "đôn đốc" in subject_of(one).lower()]


def at(town: World, day: int, hour: int = 2) -> None:
    """That hour of a day of October 2026, UTC; the daemon makes a pass."""
    town.house.clock.at = datetime(2026, 10, day, hour, tzinfo=UTC)
    town.house.run()


def test_a_late_unit_is_urged_by_the_office_and_its_leader_after_two_working_days_once(town: World) -> None:
    house = town.house.installation.board
    led = replace(house.contacts["SXD"], leader_name="Giám đốc Sở", leader_email=HEAD)
    town.house.installation = replace(
        town.house.installation, board=replace(house, contacts={**house.contacts, "SXD": led})
    )
    town.house.restart()
    town.ask()  # due on Tuesday 20/10
    for day in (20, 21):
        at(town, day)
        assert urgings(town, OFFICE) == []
    at(town, 22, 16)  # 23:00 in the city
    assert urgings(town, OFFICE) == []
    at(town, 23)
    for _ in range(2):
        town.house.run()
        assert len(urgings(town, OFFICE)) == 1
        assert len(urgings(town, HEAD)) == 1
    assert "khoản 2 Điều 16" in said(urgings(town, OFFICE)[0])
    assert "Sở Xây dựng" in said(urgings(town, OFFICE)[0])
    assert "chậm" in subject_of(town.last(CITIZEN))


def test_after_a_long_downtime_an_asker_hears_once_that_the_answer_is_late(town: World) -> None:
    town.ask()  # due on Tuesday 20/10, told on the day after and 15 days later
    town.house.clock.at = datetime(2026, 11, 10, 2, tzinfo=UTC)
    town.house.run(2)
    late = [one for one in town.inbox(CITIZEN) if "chậm trả lời" in subject_of(one)]
    assert len(late) == 1
    assert "Đây là lần báo" not in said(late[0]), "nothing was told before"
    town.house.clock.at = datetime(2026, 11, 25, 2, tzinfo=UTC)
    town.house.run(2)
    late = [one for one in town.inbox(CITIZEN) if "chậm trả lời" in subject_of(one)]
    assert len(late) == 2
    assert "Đây là lần báo thứ 2" in said(late[1]), "of the letters that left"


@pytest.mark.world(sends=True)
@pytest.mark.parametrize("down", [22, 28, 70])
def test_after_a_stoppage_the_second_letter_waits_for_the_day_first_named(house: World, down: int) -> None:
    house.ask()
    house.house.clock.forward(days=down)
    for _ in range(40):
        house.let_pass(days=1)
    late = house.house.sent_with(name="citizen_late", recipient=CITIZEN)
    assert len(late) >= 2
    first, second = (said(bytes(one["bytes"])) for one in late[:2])
    assert "Đây là lần báo" not in first
    assert "Đây là lần báo thứ 2" in second
    assert "lần báo thứ 3" not in second
    days = [max(each.day for each in dates_in(one, late[0]["created_at"].date())) for one in (first, second)]
    assert late[1]["created_at"].date() == days[0] + timedelta(days=1), "as soon as it has passed"
    assert days[0] < days[1]


def test_a_unit_that_asks_the_city_informs_the_board_and_its_clock_goes_on(town: World) -> None:
    town.ask()
    town.reply(SXD, "Xin ý kiến UBND thành phố về nội dung này vì liên quan nhiều ngành.")
    assert "xin ý kiến UBND thành phố" in said(town.last(OFFICER))
    assert "Thời hạn trả lời vẫn tính tiếp" in said(town.last(OFFICER))
    assert "liên quan nhiều ngành" in said(town.last(OFFICER)), "what is asked stands there"
    passed = said(town.last(OFFICE))
    assert "Sở Xây dựng xin ý kiến Ủy ban nhân dân thành phố" in passed
    assert "liên quan nhiều ngành" in passed
    row = town.house.rows(assignment)[0]
    assert (row["status"], str(row["due_on"])) == ("forwarded", "2026-10-20")
    assert row["asks_city_at"] is not None
    at(town, 21)
    assert town.house.rows(duty)[0]["was_late"]


def test_an_extension_that_the_board_refuses_changes_no_date_and_the_unit_is_told(town: World) -> None:
    code = town.ask()["code"]
    town.reply(SXD, "Xin gia hạn đến ngày 16/11/2026 vì cần khảo sát hiện trường.")
    assert "16/11/2026" in said(town.last(OFFICER))
    town.reply(OFFICER, f"{code} không đồng ý gia hạn")
    assert str(town.house.rows(assignment)[0]["due_on"]) == "2026-10-20"
    assert "20/10/2026" in said(town.last(SXD))
    assert {"extension_asked", "extension_refused"} <= set(town.journal())


def last_of(town: World, address: str, words: str) -> str:
    """The last mail to an address with these words in its subject, on one line."""
    return said([one for one in town.inbox(address) if words in subject_of(one)][-1])


def test_the_day_told_to_the_asker_is_asked_of_the_unit_and_owned_up_to_when_it_breaks(town: World) -> None:
    town.ask()  # due on Tuesday 20/10
    town.write(letter(NEIGHBOUR, LETTER.replace("Văn An", "Văn Ba")))
    at(town, 21)
    assert "chậm nhất thứ Ba, ngày 27/10/2026" in last_of(town, CITIZEN, "chậm trả lời")
    assert "chậm nhất thứ Ba, ngày 27/10/2026 là ngày đã báo người gửi" in last_of(town, SXD, "quá hạn")
    at(town, 28)  # the third reminder of the unit, a day after that day
    assert "chậm nhất thứ Ba, ngày 27/10/2026; ngày này cũng đã qua" in last_of(town, SXD, "quá hạn")
    town.at(2026, 11, 5, 2)
    told, to_unit = last_of(town, CITIZEN, "chậm trả lời"), last_of(town, SXD, "quá hạn")
    assert "chậm nhất thứ Ba, ngày 27/10/2026, nhưng đến nay vẫn chưa có câu trả lời" in told
    assert "thành thật xin lỗi Ông/Bà vì điều đã báo không được thực hiện" in told
    assert "chậm nhất thứ Năm, ngày 12/11/2026" in told
    assert "chậm nhất thứ Năm, ngày 12/11/2026 là ngày đã báo người gửi" in to_unit
    counted = len(town.about(CITIZEN, "HP-2026-000001"))
    town.at(2026, 11, 9, 2)
    town.at(2026, 11, 16, 2)
    assert len(town.about(CITIZEN, "HP-2026-000001")) == counted, "told every fifteen days, not at each reminder"
    assert "thứ Năm, ngày 12/11/2026; ngày này cũng đã qua" in last_of(town, SXD, "quá hạn")
    town.at(2026, 11, 20, 2)
    assert "chậm nhất thứ Năm, ngày 12/11/2026, nhưng" in last_of(town, CITIZEN, "chậm trả lời")


def test_more_time_granted_takes_the_place_of_the_day_told(town: World) -> None:
    code = town.ask()["code"]
    at(town, 21)
    town.reply(OFFICER, f"{code} gia hạn đến 30/10/2026")
    told = said(town.last(CITIZEN))
    assert "30/10/2026; ngày này thay cho ngày 27/10/2026 mà Ban Biên tập đã báo Ông/Bà trước đây." in told
    assert subject_of(town.last(CITIZEN)) == f"[{code}] Báo lại hạn trả lời câu hỏi"
    town.at(2026, 11, 2, 2)
    assert "27/10" not in last_of(town, CITIZEN, "chậm trả lời")
    assert "27/10" not in last_of(town, SXD, "quá hạn")


COMPLAINT = "Đã quá hạn rồi mà tôi chưa nhận được câu trả lời. Đề nghị Ban Biên tập cho biết lý do."


@pytest.mark.world(servers=False)
@pytest.mark.parametrize(
    ("words", "read"),
    [
        (COMPLAINT, True),
        ("HP-2026-000001 quá hạn rồi, vì sao chưa trả lời?", True),
        ("tra cứu HP-2026-000001", False),
        ("Tra cứu", False),
        ("Bao giờ thì có câu trả lời ạ?", False),
    ],
)
def test_a_late_state_says_so_and_a_complaint_of_it_reaches_officers(town: World, words: str, read: bool) -> None:
    town.ask()
    town.write(letter(NEIGHBOUR, LETTER.replace("Văn An", "Văn Ba")))
    town.reply(CITIZEN, words)
    assert "quá hạn" not in said(town.last("citizen_status")), "it is not late yet"
    town.at(2026, 10, 22, 2)
    before = len(town.about(OFFICER, "HP-2026-000001"))
    for number in range(2):
        town.reply(CITIZEN, words, message_id=f"<{number}@dan.test>")
    state = said(town.last("citizen_status"))
    assert "xin lỗi Ông/Bà: câu trả lời đã quá hạn" in state
    assert "đã yêu cầu Sở Xây dựng trả lời chậm nhất thứ Ba, ngày 27/10/2026" in state
    told = [said(one) for one in town.about(OFFICER, "HP-2026-000001")[before:]]
    assert [one for one in told if "phản ánh câu hỏi HP-2026-000001 đã quá hạn" in one] == told
    assert len(told) == read, "once a day"
    town.at(2026, 10, 28, 2)
    town.reply(CITIZEN, "tra cứu HP-2026-000001", message_id="<3@dan.test>")
    assert "27/10/2026, nhưng đến nay chưa nhận được" in said(town.last("citizen_status"))


@pytest.mark.world(servers=False)
def test_a_list_of_states_says_which_is_late_and_until_when_it_was_asked(town: World) -> None:
    town.ask()
    town.at(2026, 10, 12, 2)
    town.ask(LETTER.replace("đường", "vỉa hè"), message_id="<two@dan.test>")
    town.at(2026, 10, 22, 2)
    town.write(letter(CITIZEN, "tra cứu", message_id="<three@dan.test>"))
    first, second = said(town.last("citizen_states")).split("HP-2026-000001")
    assert "quá hạn" not in first, "the newer one is on time"
    assert "đã quá hạn, đã yêu cầu trả lời chậm nhất 27/10/2026" in second


def morning(town: World, day: int) -> str:
    """The officer's mail of that morning of October, on one line."""
    at(town, day)
    town.overviews()
    town.house.run()
    return last_of(town, OFFICER, "Công việc ngày")


@pytest.mark.parametrize("until", ["đến ngày 30/10/2026 ", ""])
@pytest.mark.parametrize("order", ["đồng ý gia hạn đến 30/10/2026", "không đồng ý gia hạn"])
def test_a_request_for_more_time_waits_in_the_morning_mail(town: World, until: str, order: str) -> None:
    code = town.ask()["code"]
    town.write(letter(NEIGHBOUR, LETTER.replace("Văn An", "Văn Ba")))
    assert "xin gia hạn" not in morning(town, 6)
    town.reply(SXD, f"Sở Xây dựng xin gia hạn trả lời {until}do phải khảo sát hiện trường.", about=code)
    assert "đã nhận đề nghị gia hạn" in said(town.last(SXD))
    assert "hạn trả lời vẫn là hết ngày 20/10/2026" in said(town.last(SXD))
    for day in (7, 8, 20):
        listed = morning(town, day)
        assert f"Sở Xây dựng xin gia hạn {(until and 'đến 30/10/2026') or 'nhưng không ghi ngày'}" in listed
        assert "HP-2026-000002: Hỏi; Sở Xây dựng xin gia hạn" not in listed
        assert "Không đồng ý gia hạn" in listed
    assert ("Đã gia hạn" if order.startswith("đồng") else "giữ nguyên hạn") in order_today(town, f"{code} {order}")
    assert "xin gia hạn" not in morning(town, 22)
    town.reply(SXD, "Sở Xây dựng xin gia hạn trả lời đến ngày 20/11/2026 vì mưa.", about=code)
    assert "xin gia hạn đến 20/11/2026" in morning(town, 23), "asked anew"


@pytest.mark.world(servers=False)
@each_third(
    ("order", "remark"),
    [
        ("gia hạn cho Sở Xây dựng đến 30/10/2026", ""),
        ("cho gia hạn cho SXD đến hết ngày 30/10/2026", ""),
        ("gia hạn đến 30/10/2026", ""),
        ("đồng ý gia hạn đến 30/10/2026, nhớ gửi ảnh hiện trường", "nhớ gửi ảnh hiện trường"),
        ("gia hạn cho Sở Xây dựng đến 30/10/2026, nhớ gửi ảnh hiện trường", "nhớ gửi ảnh hiện trường"),
        ("gia han cho So Xay dung den het ngay 30/10/2026, nho gui anh", "nho gui anh"),
        ("dong y gia han den thu Sau, 30/10/2026, so lieu ghi ro", "so lieu ghi ro"),
        ("gia hạn đến 30/10/2026, sau đó báo Ban", "sau đó báo Ban"),
    ],
)
def test_more_time_that_nobody_asked_for_is_told_as_the_boards_own(town: World, order: str, remark: str) -> None:
    code = town.ask()["code"]
    town.write(letter(NEIGHBOUR, LETTER.replace("Văn An", "Văn Ba")))
    morning(town, 6)
    assert f"Đã gia hạn câu hỏi {code} đến 30/10/2026" in order_today(town, f"{code} {order}")
    unit, asker = said(town.last("unit_extension_granted")), said(town.last("citizen_late"))
    assert subject_of(town.last("unit_extension_granted")).endswith("Kéo dài thời hạn trả lời đến ngày 30/10/2026")
    assert "đã kéo dài thời hạn trả lời câu hỏi số" in unit
    assert "đề nghị gia hạn" not in unit
    assert ("lưu ý" in unit) == bool(remark)
    assert f"lưu ý: {remark}" in unit or not remark
    assert "đã kéo dài thời hạn để Sở Xây dựng trả lời" in asker
    assert "đề nghị thêm thời gian" not in asker


@pytest.mark.world(servers=False)
def test_no_day_that_is_over_is_granted(town: World) -> None:
    """Later than the due day, and before today: a slip that the asker would have read as his new day."""
    code = town.ask()["code"]
    town.at(2026, 10, 30, 2)
    town.overviews()
    before = town.last_sent()
    assert "đã qua" in order_today(town, f"{code} đồng ý gia hạn đến 25/10/2026")
    town.reply(SXD, "Xin gia hạn đến ngày 25/10/2026 vì mưa.")
    assert "đã qua" in said(town.last(SXD))
    assert {one["name"] for one in town.house.sent_with(after=before)} == {"officer_done", "unit_told"}
    assert str(town.rows(assignment)[0]["due_on"]) == "2026-10-20"


@pytest.mark.world(servers=False)
def test_more_time_that_was_asked_for_is_told_as_granted(town: World) -> None:
    code = town.ask()["code"]
    town.reply(SXD, "Xin gia hạn đến ngày 30/10/2026 do mưa nhiều.")
    morning(town, 6)
    assert "Đã gia hạn" in order_today(town, f"{code} đồng ý gia hạn")
    assert "đồng ý đề nghị gia hạn" in said(town.last("unit_extension_granted"))
    assert "lưu ý" not in said(town.last("unit_extension_granted"))
    assert "Sở Xây dựng đề nghị thêm thời gian" in said(town.last("citizen_late"))
    assert "Đã gia hạn" in order_today(town, f"{code} gia hạn đến 15/11/2026")
    assert "đã kéo dài thời hạn" in said(town.last("unit_extension_granted"))
    assert "đã kéo dài thời hạn" in said(town.last("citizen_late"))


@pytest.mark.world(servers=False)
def test_a_unit_is_urged_in_one_mail_for_all_that_it_owes_since_a_day(town: World) -> None:
    town.ask()
    town.write(letter(NEIGHBOUR, LETTER.replace("Văn An", "Văn Ba")))
    town.at(2026, 10, 6, 2)
    town.write(letter("chi@dan.test", LETTER.replace("Văn An", "Thị Chi")))  # due a day later
    assert town.statuses() == ["forwarded"] * 3
    town.at(2026, 10, 22, 2)
    (urged,) = urgings(town, OFFICE)
    assert "chậm trả lời 2 câu hỏi" in subject_of(urged)
    listed = [code in said(urged) for code in ("HP-2026-000001", "HP-2026-000002", "HP-2026-000003")]
    assert listed == [True, True, False]
    town.at(2026, 10, 23, 2)
    town.at(2026, 10, 26, 2)
    assert [subject_of(one).count("1 câu hỏi") for one in urgings(town, OFFICE)] == [0, 1]


LATE_ALREADY = "Câu hỏi này đã quá hạn trả lời (hạn: thứ Ba, ngày 20/10/2026; trước đó đã chuyển Sở Xây dựng)"
SORRY = "Câu hỏi đã quá hạn trả lời (thứ Ba, ngày 20/10/2026); Ban Biên tập thành thật xin lỗi Ông/Bà"


def handed_on(town: World, name: str, by: str, text: str) -> str:
    """A late question goes on to SYT, by an officer or by its unit; the due day that its unit and its asker read."""
    before = town.last_sent()
    town.answers(name, by, text)
    sent = {str(row["name"]): said(bytes(row["bytes"])) for row in town.house.sent_with(after=before)}
    assert LATE_ALREADY in sent["unit_forward"]
    assert "Đề nghị Sở Y tế trả lời ngay" in sent["unit_forward"]
    assert SORRY in sent["citizen_forwarded"]
    row = town.rows(assignment)[-1]
    assert row["unit"] == "SYT"
    told = f"ngày {row['due_on']:%d/%m/%Y} (vận dụng điểm i khoản 1 Điều 10 Quy chế)"
    assert told in sent["unit_forward"]
    assert told in sent["citizen_forwarded"]
    return str(row["due_on"])


@pytest.mark.world(servers=False)
@pytest.mark.parametrize(("day", "due"), [(22, "2026-10-27"), (27, "2026-11-03"), (30, "2026-11-06")])
def test_who_gets_a_question_after_its_day_gets_a_day_to_come(town: World, day: int, due: str) -> None:
    """While the day told to the asker lies ahead it is kept; after it the profile's five working days count anew."""
    town.ask()
    town.write(letter(NEIGHBOUR, LETTER.replace("Văn An", "Văn Ba")))
    at(town, 21)
    town.overviews()
    at(town, day)
    assert handed_on(town, "officer_digest", OFFICER, "HP-2026-000001 chuyển SYT") == due
    assert f"câu hỏi đã quá hạn 20/10/2026, hạn mới {due[8:]}/{due[5:7]}/2026" in said(town.last("officer_done"))
    assert [str(row["due_on"]) for row in town.rows(assignment)] == ["2026-10-20", "2026-10-20", due]
    town.at(2026, 11, 10, 2)
    assert "20/10/2026" not in last_of(town, unit_address("SYT"), "quá hạn")
    late = last_of(town, CITIZEN, "chậm trả lời")
    assert "Sở Y tế chưa trả lời câu hỏi số HP-2026-000001 của Ông/Bà đúng hạn (" in late
    assert f"{due[8:]}/{due[5:7]}/2026)" in late


@pytest.mark.world(servers=False)
def test_a_unit_that_refuses_after_the_day_hands_on_a_day_to_come(town: World) -> None:
    town.ask()
    at(town, 30)
    due = handed_on(town, "unit_forward", SXD, "Không thuộc thẩm quyền, đề nghị chuyển Sở Y tế.")
    assert due == "2026-11-06"


@pytest.mark.world(servers=False)
def test_before_its_day_a_question_keeps_it_whoever_gets_it(town: World) -> None:
    town.ask()
    at(town, 20)
    town.overviews()
    order_today(town, "HP-2026-000001 chuyển SYT")
    assert {str(row["due_on"]) for row in town.rows(assignment)} == {"2026-10-20"}
    assert "đã quá hạn" not in said(town.last("unit_forward"))
