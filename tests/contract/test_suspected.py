"""What is only suspected to be a denunciation is kept apart, but not in silence (clauses 1.2, 8.2)."""

from dataclasses import replace

import pytest

from tests.installation import HEAD, OFFICER, answer_to, letter, subject_of, text_of
from tests.world import World, said, vouched

NAMED = "tiepdan@haiphong.test"
pytestmark = pytest.mark.world(extra=f'complaints = {{ name = "Cán bộ tiếp dân", email = "{NAMED}" }}')
MATTER = (
    "Nghe nói anh đăng kiểm viên ở bãi gần nhà tôi hay cầm tiền của lái xe để cho qua, "
    "tôi ngồi bán nước nhìn thấy mấy lần. Không biết có đúng không."
)
WHO = "Lê Thu Hà\nSố 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\n0912 000 111"
SHAPES = {
    "plain": f"{MATTER}\n\n{WHO}",
    "formal": f"Kính gửi Ban Biên tập,\nTôi xin gửi lời chúc sức khỏe.\n{MATTER}\nXin trân trọng cảm ơn.\n{WHO}",
    "form": f"Người gửi: Lê Thu Hà\nThời gian gửi: 05/10/2026 09:00\nĐiện thoại: 0912 000 111\nNội dung:\n{MATTER}",
    "phone": f"{MATTER}\n\nGửi từ iPhone của tôi",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_sender_hears_that_it_came_and_the_named_officer_that_it_is_unsure(house: World, shape: str) -> None:
    row = house.arrive(vouched(letter("ha@dan.test", SHAPES[shape], name="Lê Thu Hà")))
    assert (row["kind"], row["status"]) == ("denunciation", "held")
    told = text_of(house.last("citizen_held", "ha@dan.test"))
    assert "đã nhận được thư" in told
    assert "tố cáo" not in told
    notice = text_of(house.last("officer_denunciation", NAMED))
    assert "chưa chắc chắn" in notice
    assert "đăng kiểm" not in notice
    assert not house.house.questions
    assert not [one for one in house.house.sent if one["name"] in {"unit_forward", "officer_review"}]


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("Không đền bù nhà tao thì ngày mai tao đến cổng Sở chém chết cả nhà thằng phó giám đốc. Đừng trách.", True),
        ("Thằng Hùng phó giám đốc Sở Xây dựng ăn tiền của dân, tao sẽ giết cả nhà mày.", True),
        (SHAPES["plain"], False),
    ],
)
def test_what_is_kept_apart_and_threatens_a_life_is_opened_at_once(house: World, text: str, urgent: bool) -> None:
    """The named officer had a letter of that day's work, and the first reminder six hours later."""
    assert house.arrive(vouched(letter("ha@dan.test", text)))["kind"] == "denunciation"
    notice = house.last("officer_denunciation", NAMED)
    assert ("KHẨN" in subject_of(notice), "công an (113)" in said(notice)) == (urgent, urgent)
    assert "giám đốc" not in text_of(notice)


def test_of_a_complaint_that_threatens_a_life_the_named_officer_hears_at_once_and_no_other(house: World) -> None:
    text = "Tôi khiếu nại quyết định 12/QĐ-UBND của Chủ tịch phường thu hồi đất nhà tôi."
    row = house.arrive(vouched(letter("ha@dan.test", f"{text} Không trả thì tôi đổ xăng đốt trụ sở phường.")))
    assert row["kind"] == "complaint"
    assert [one["recipient"] for one in house.house.sent_with(name="officer_alert")] == [NAMED]
    assert "KHẨN" in subject_of(house.last("officer_alert", NAMED))


def test_an_officers_word_makes_it_a_question_of_its_first_day(house: World) -> None:
    """What the word would disclose is confirmed once, as of all that is kept apart."""
    house.arrive(vouched(letter("ha@dan.test", SHAPES["plain"], name="Lê Thu Hà")))
    first_day = house.house.clock()
    house.house.clock.forward(days=1)
    house.answers("officer_denunciation", NAMED, "Chuyển CATP")
    house.answers("officer_confirm", NAMED, "Xác nhận chuyển CATP")
    (found,) = house.house.questions
    assert found["status"] == "forwarded"
    assert found["received_at"] == first_day


SURELY = (
    "ĐƠN TỐ CÁO\nTôi tố cáo ông Trần Văn Y, phó chủ tịch phường, nhận hối lộ 50 triệu đồng của các hộ xây nhà "
    f"không phép. Tôi cam đoan lời tố cáo là đúng sự thật.\n{WHO}"
)


@pytest.mark.parametrize(
    ("text", "named", "acts"),
    [
        (SHAPES["plain"], "(có thể là đơn tố cáo)", ["Đã xử lý", "Đăng ký"]),
        (SURELY, "(đơn tố cáo)", ["Đã xử lý"]),
    ],
    ids=["suspected", "sure"],
)
def test_what_waits_is_called_what_it_is_held_for(house: World, text: str, named: str, acts: list[str]) -> None:
    row = house.arrive(vouched(letter("ha@dan.test", text, name="Lê Thu Hà")))
    assert row["sealed"]
    house.at(2026, 10, 6, 1, 5)
    house.due()
    told = said(house.last("officer_alert", NAMED))
    assert f"số {row['id']} {named}" in told
    assert [act for act in ("Đã xử lý", "Đăng ký") if f"ghi “{act}”" in told] == acts
    assert "đăng kiểm" not in told
    house.overviews()
    assert not house.house.sent_with(name="officer_alert", recipient=OFFICER), "he has not had it"
    assert "đơn tố cáo" not in said(house.last("officer_digest", OFFICER)).lower()


@pytest.mark.parametrize("by", [NAMED, HEAD])
def test_who_alone_decides_is_reminded_and_no_other_officer_ends_it(house: World, by: str) -> None:
    """The Head hears that it is late, and no order is offered to him; his is obeyed."""
    row = house.arrive(vouched(letter("ha@dan.test", SURELY, name="Lê Thu Hà")))
    for day in (6, 7, 20):
        house.at(2026, 10, day, 1, 5)
    told = [one["recipient"] for one in house.house.sent_with(name="officer_alert")]
    assert told.count(NAMED) == 3
    assert set(told) == {NAMED, HEAD}
    assert "Đã xử lý" not in said(house.last("officer_alert", HEAD))
    house.arrive(vouched(answer_to(house.last("officer_denunciation", NAMED), OFFICER, "Đã xử lý")))
    assert house.house.mails[0]["status"] == "held"
    house.answers("officer_alert", by, "Đã xử lý")
    assert next(one for one in house.house.mails if one["id"] == row["id"])["status"] == "done"


def test_an_officer_who_heard_of_it_before_another_was_named_ends_it_no_more(house: World) -> None:
    named = house.house.installation
    house.house.installation = replace(named, board=replace(named.board, complaints=None))
    house.arrive(vouched(letter("ha@dan.test", SURELY, name="Lê Thu Hà")))
    house.house.installation = named
    house.answers("officer_denunciation", OFFICER, "Đã xử lý")
    assert "Chỉ Cán bộ tiếp dân quyết định về thư số 1" in said(house.last("officer_done", OFFICER))
    assert house.house.mails[0]["status"] == "held"


@pytest.mark.parametrize("sender", ["ha@dan.test", "la@dan.test"])
@pytest.mark.parametrize(
    "text", ["Cho tôi hỏi thư của tôi đến đâu rồi?", "Cảm ơn các anh, chuyện dài lắm.", SHAPES["plain"]]
)
def test_what_answers_our_line_goes_where_that_mail_went(house: World, sender: str, text: str) -> None:
    """Whoever writes it; somebody else hears what anybody hears who writes from a wrong address."""
    house.arrive(vouched(letter("ha@dan.test", SHAPES["plain"], name="Lê Thu Hà")))
    line, before = house.last("citizen_held", "ha@dan.test"), house.last_sent()
    row = house.arrive(vouched(answer_to(line, sender, text)))
    assert (row["kind"], row["sealed"], row["from_email"]) == ("denunciation", True, "")
    sent = {(one["name"], one["recipient"]) for one in house.house.sent_with(after=before)}
    heard = "citizen_held" if sender == "ha@dan.test" else "citizen_wrong_address"
    assert sent == {("officer_denunciation", NAMED), (heard, sender)}
    assert text_of(house.last("officer_denunciation", NAMED)).count("có thể viết tiếp thư số 1") == 1
