"""Whoever asked by phone, post or in person (8.1) is told by an officer; nothing says so before (10.1.g, h, i, k).

Beside each of them stands somebody who asked by mail and is told by mail as ever.
"""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest

from db.core.tables import duty
from tests.installation import HEAD, MONDAY, OFFICER, answer_to, text_of, unit_address
from tests.world import World, order_today, vouched

ANSWER = (
    "Sở Xây dựng trả lời như sau: mặt đường trước nhà ông sẽ được sửa xong trước ngày 20/12/2026.\n\n"
    "Phó Giám đốc Trần Văn Bình\n"
)
FORM = """Đăng ký hộ:
Họ tên: Lê Thị Bốn
Địa chỉ: số 7 đường Trần Phú, phường Ngô Quyền
{contact}
Hình thức: {channel}
Đơn vị: SXD
Nội dung: Đường trước nhà tôi nhiều ổ gà, bao giờ sửa mặt đường?"""
TOLD = ("đã báo người hỏi", "và báo", "được gửi cho người hỏi", "Đã gửi câu trả lời", "gửi lại người hỏi")


@pytest.fixture
def house(house: World) -> World:
    """HP-1 asked by mail; the officer has the morning's mail."""
    house.ask()
    house.house.clock.at = MONDAY + timedelta(days=1)
    house.overviews()
    return house


def dictate(house: World, channel: str = "điện thoại", contact: str = "Điện thoại: 0912 000 444") -> str:
    text = FORM.format(channel=channel, contact=contact)
    order_today(house, f"{text} Tôi là người thứ {len(house.house.questions)}.")
    return str(house.house.questions[-1]["code"])


def duties(house: World, status: str = "open") -> list[str]:
    """The names of what is still to be told."""
    rows = [row for row in house.rows(duty) if row["kind"] == "tell" and row["status"] == status]
    return [str(row["key"]).split(":")[1] for row in rows]


def to_tell(house: World) -> str:
    return " ".join(text_of(house.last("officer_tell", OFFICER)).split())


def told_at(house: World, code: str) -> object:
    return next(row["told_at"] for row in house.house.questions if row["code"] == code)


def unit_answers(house: World) -> None:
    unit = unit_address("SXD")
    house.arrive(vouched(answer_to(house.last("unit_forward", unit), unit, ANSWER), unit.rpartition("@")[2]))


def nobody_was_written(house: World) -> bool:
    """No citizen's mail but those to whoever wrote by mail."""
    citizens = {row["recipient"] for row in house.house.sent if str(row["name"]).startswith("citizen_")}
    return citizens <= {"an@dan.test"}


@pytest.fixture
def code(house: World) -> str:
    return dictate(house)


def test_the_receipt_is_told_by_an_officer_with_the_text_ready(house: World, code: str) -> None:
    assert duties(house) == ["citizen_received"]
    said = to_tell(house)
    assert "Cần báo người hỏi" in str(
        next(one for one in house.house.sent if one["name"] == "officer_tell")["subject"]
    )
    assert "0912 000 444" in said
    assert f"Số của câu hỏi: {code}" in said
    assert "Sở Xây dựng" in said
    assert "qua điện thoại hoặc thư" in said
    assert "trả lời “" not in said.partition("NỘI DUNG CẦN BÁO")[2].partition("SAU KHI ĐÃ BÁO")[0], (
        "no mail to answer"
    )
    assert f"{code} đã báo người hỏi qua điện thoại ngày" in said
    assert house.house.questions[-1]["subject"] == "Đường trước nhà tôi nhiều ổ gà, bao giờ sửa mặt đường? Tôi …"
    assert told_at(house, code) is None
    assert told_at(house, "HP-2026-000001") is not None
    assert nobody_was_written(house)


def test_the_word_closes_it_on_the_day_that_was_said(house: World, code: str) -> None:
    house.house.clock.at += timedelta(days=2)
    echo = order_today(house, f"{code} đã báo người hỏi qua điện thoại ngày 7/10", "officer_tell")
    assert "Đã ghi vào câu hỏi" in echo
    assert duties(house) == []
    assert duties(house, "met") == ["citizen_received"]
    at = told_at(house, code)
    assert isinstance(at, datetime)
    assert at.astimezone(UTC).date().isoformat() == "2026-10-07"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("ngày 30/9/2026", "trước ngày nhận câu hỏi"),
        ("ngày 20/12/2026", "chưa đến"),
        ("ngày 31/9", "Không rõ ngày đã báo"),
        ("hôm qua", "Không rõ ngày đã báo"),
    ],
)
def test_a_day_that_cannot_be_is_refused(house: World, code: str, said: str, why: str) -> None:
    assert why in order_today(house, f"{code} đã báo người hỏi qua điện thoại {said}", "officer_tell")
    assert duties(house) == ["citizen_received"]
    assert told_at(house, code) is None


def test_several_are_told_in_one_line_and_a_bystander_is_not(house: World) -> None:
    first, second, third = dictate(house), dictate(house), dictate(house)
    order_today(house, f"{first}, {second} đã báo người hỏi trực tiếp ngày 6/10", "officer_tell")
    assert duties(house) == ["citizen_received"]
    assert [told_at(house, code) is None for code in (first, second, third)] == [False, False, True]


@pytest.mark.parametrize("clause", ["h", "k"])
def test_a_rejection_says_told_only_of_whoever_has_mail(house: World, code: str, clause: str) -> None:
    echo = order_today(house, f"{code} từ chối {clause} vì thuộc thẩm quyền của Bộ Tài chính")
    assert f"Đã từ chối câu hỏi {code}" in echo
    assert "và báo người hỏi" not in echo
    assert "chưa được báo" in echo
    assert duties(house) == ["citizen_received", "citizen_rejected"]
    assert "Bộ Tài chính" in to_tell(house)
    assert "và báo người hỏi" in order_today(house, f"HP-2026-000001 từ chối {clause} vì thuộc Bộ Tài chính")
    assert duties(house) == ["citizen_received", "citizen_rejected"]
    order_today(house, f"{code} đã báo người hỏi qua thư ngày 6/10", "officer_tell")
    assert duties(house) == []


def test_a_forward_to_another_unit_is_told_by_hand_too(house: World, code: str) -> None:
    order_today(house, f"{code} chuyển SNNMT")
    assert "citizen_forwarded" in duties(house)
    assert "Sở Nông nghiệp và Môi trường" in to_tell(house)
    assert nobody_was_written(house)


def forwards(house: World, unit: str, after: int) -> list[object]:
    """The questions that a unit was sent."""
    sent = house.house.sent_with(after=after, name="unit_forward", recipient=unit_address(unit))
    assert len({row["key"] for row in sent}) == len(sent)
    return [row["question_id"] for row in sent]


def test_two_forwarded_in_one_mail_both_reach_their_units(house: World) -> None:
    first, second = dictate(house), dictate(house)
    ids, before = [row["id"] for row in house.house.questions[-2:]], house.last_sent()
    order_today(house, f"{first} chuyển SNNMT\n{second} chuyển SNNMT")
    assert forwards(house, "SNNMT", before) == ids
    order_today(house, f"{first} thêm SYT phối hợp\n{second} thêm SYT phối hợp")
    assert forwards(house, "SYT", before) == ids
    unit = unit_address("SNNMT")
    back = "không thuộc thẩm quyền của Sở Nông nghiệp và Môi trường, đề nghị chuyển Sở Tài chính."
    text = f"{first}: {back}\n\n{second}: {back}"
    house.arrive(vouched(answer_to(house.last("unit_forward", unit), unit, text), unit.rpartition("@")[2]))
    assert forwards(house, "STC", before) == ids
    assert nobody_was_written(house)


def test_an_answer_waits_for_the_officers_word_in_register_status_and_overview(house: World, code: str) -> None:
    order_today(house, f"{code} đã báo người hỏi qua điện thoại", "officer_tell")
    told_first = told_at(house, code)
    house.house.clock.at += timedelta(days=2)
    unit_answers(house)
    row = next(one for one in house.house.questions if one["code"] == code)
    assert row["status"] == "answered"
    assert row["outcome"] == "Đơn vị đã trả lời; chờ cán bộ báo người hỏi"
    assert row["told_at"] == told_first
    assert "sửa xong trước ngày 20/12/2026" in to_tell(house)
    assert "chưa báo người hỏi: câu trả lời" in order_today(house, f"tình trạng {code}")
    house.house.clock.at += timedelta(days=1)
    house.overviews()
    morning = " ".join(text_of(house.last("officer_digest", OFFICER)).split())
    assert "CHƯA BÁO NGƯỜI HỎI (1)" in morning
    assert code in morning
    assert not any(words in morning for words in TOLD)
    order_today(house, f"{code} đã báo người hỏi qua điện thoại")
    row = next(one for one in house.house.questions if one["code"] == code)
    assert row["outcome"] == "Đã trả lời"
    assert duties(house) == []
    assert nobody_was_written(house)


def test_a_letter_is_ready_for_whoever_wrote_by_post(house: World) -> None:
    dictate(house, channel="bưu điện", contact="")
    mail = message_from_bytes(house.last("officer_tell", OFFICER))
    names = [part.get_filename() for part in mail.walk() if part.get_filename()]
    assert names == ["thu-bao-HP-2026-000002.docx", "thu-bao-HP-2026-000002.pdf"]
    assert "gửi thư báo cho người hỏi" in to_tell(house)


def test_nobody_posts_a_letter_to_whoever_phoned(house: World) -> None:
    dictate(house)
    mail = message_from_bytes(house.last("officer_tell", OFFICER))
    assert not [part for part in mail.walk() if part.get_filename()]


def test_no_mail_is_said_to_have_come_back_from_an_address_given_since(house: World, code: str) -> None:
    order_today(house, f"{code} sửa thư điện tử: bon@dan.test")
    assert duties(house) == ["citizen_received"]
    house.let_pass(days=1)
    chased = text_of(house.last("officer_alert", OFFICER))
    assert f"{code} đã báo người hỏi" in chased
    assert "Cần báo người hỏi" in chased
    assert "không đến được" not in chased


def test_it_is_chased_and_visibly_late(house: World, code: str) -> None:
    house.house.clock.at += timedelta(hours=6)
    house.due()
    assert "Chưa báo người hỏi câu" in " ".join(text_of(house.last("officer_alert", OFFICER)).split())
    house.house.clock.at += timedelta(days=2)
    house.due()
    alert = " ".join(text_of(house.last("officer_alert", HEAD)).split())
    assert code in alert
    assert "đã quá hạn" in alert
    assert next(one for one in house.rows(duty) if one["kind"] == "tell")["was_late"]
    order_today(house, f"{code} đã báo người hỏi qua điện thoại")
    assert duties(house, "late") == ["citizen_received"]


def test_a_late_unit_is_told_of_by_hand_too(house: World) -> None:
    dictate(house)
    for _ in range(40):
        house.house.clock.at += timedelta(days=1)
        house.due()
    assert "citizen_late" in duties(house)
    assert nobody_was_written(house)


def test_who_withdraws_by_telephone_is_said_to_be_told_only_when_somebody_called(house: World, code: str) -> None:
    """The echo says so of whoever has no mail; of whoever has it, that the mail went."""
    echo = order_today(house, f"{code} đóng vì người hỏi rút câu hỏi", "officer_digest")
    assert "theo đề nghị của người hỏi" in echo
    assert "chưa được báo" in echo
    assert "đã báo người hỏi;" not in echo
    other = house.house.questions[0]["code"]
    echo = order_today(house, f"{other} đóng vì người hỏi rút câu hỏi", "officer_digest")
    assert "đã báo người hỏi" in echo
    assert "chưa được báo" not in echo


@pytest.mark.parametrize(
    ("wish", "spared"),
    [("Xin đừng trả lời vào hộp thư này vì chồng tôi đọc.", True), ("Xin đừng trả lời vòng vo.", False)],
)
def test_no_mail_goes_where_its_asker_wants_none(house: World, wish: str, spared: bool) -> None:
    """An officer hears the wish at once, and tells the asker of the receipt and of the answer."""
    mai = "Tôi là Trần Thị Mai, số 3 đường Văn Cao, phường Gia Viên, ĐT 0934 100 002."
    house.ask(f"{mai} Mặt đường Văn Cao nhiều ổ gà, bao giờ Sở Xây dựng sửa? {wish}", "mai@dan.test")
    unit_answers(house)
    house.look()
    house.house.clock.at += timedelta(hours=1)
    house.look()
    written = house.house.sent_with(recipient="mai@dan.test")
    alerts = [text_of(bytes(row["bytes"])) for row in house.house.sent if row["name"] == "officer_alert"]
    assert (not written) is spared
    assert any("không trả lời vào hộp thư" in one for one in alerts) is spared
    assert duties(house) == (["citizen_received", "citizen_answered"] if spared else [])
    if spared:
        assert "0934 100 002" in to_tell(house)
        assert "đề nghị không trả lời vào hộp thư" in to_tell(house)


@pytest.mark.parametrize(
    ("wish", "spared"),
    [
        ("Tôi là Nam, con ông An. Bố tôi mất rồi, xin dừng gửi thư.", True),
        ("Xin đừng gửi thư vào hộp thư này nữa, xin gọi điện.", True),
        ("Xin đừng gửi thư cho phường nữa, họ không sửa đâu.", False),
    ],
)
def test_no_more_mail_goes_where_a_later_reply_wants_none(house: World, wish: str, spared: bool) -> None:
    """The answer is told by an officer, until one says that mails go there after all."""
    before = house.last_sent()
    house.reply("an@dan.test", wish)
    unit_answers(house)
    house.let_pass(hours=1)
    written = [row for row in house.house.sent_with(after=before) if row["recipient"] == "an@dan.test"]
    assert ("citizen_answered" in [row["name"] for row in written]) is not spared
    if not spared:
        return
    assert not written
    assert "citizen_answered" in duties(house)
    assert "đề nghị không trả lời vào hộp thư" in to_tell(house)
    assert wish in text_of(house.last("officer_alert", OFFICER))
    order_today(house, f"{house.house.questions[0]['code']} sửa thư điện tử: an@dan.test")
    assert "không trả lời vào hộp thư" not in str(house.house.questions[0]["notes"])
    assert "được gửi đến địa chỉ này" in text_of(house.last("citizen_address", "an@dan.test"))
