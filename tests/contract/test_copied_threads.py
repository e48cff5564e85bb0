"""A thread between an asker and a department, with the mailbox in Cc: its first mail began a question."""

import pytest

from db.core.tables import answer
from tests.installation import MAILBOX, OFFICER, letter, subject_of, text_of, unit_address
from tests.world import LETTER, NEIGHBOUR, World, said, vouched

CITIZEN, SXD = "an@dan.test", unit_address("SXD")
FIRST, SECOND = "<nha-20@dan.test>", "<van-thu-1@sxd.test>"
SUBJECT = "Nhà bên cạnh xây không phép"
ASKED = LETTER.replace("bao giờ Sở Xây dựng sửa?", "đề nghị Sở Xây dựng cho biết bao giờ sửa?")
ANSWERED = (
    "Kính gửi ông An, Sở Xây dựng trả lời: mặt đường được sửa xong trước ngày 30/11/2026.\nPhó Giám đốc\nLê Văn Phó"
)


@pytest.fixture
def house(house: World) -> World:
    """Question 1 is a neighbour's, with the same department; question 2 went to the department and the mailbox."""
    house.ask(LETTER.replace("Nguyễn Văn An", "Trần Thị Ba").replace("Số 5", "Số 9"), NEIGHBOUR)
    house.ask(ASKED, CITIZEN, subject=SUBJECT, to=f"{SXD}, {MAILBOX}", message_id=FIRST)
    assert [row["status"] for row in house.house.questions] == ["forwarded", "forwarded"]
    return house


def unit_writes(house: World, text: str = ANSWERED, to: str = CITIZEN, thread: str = FIRST) -> list[str]:
    """The department answers to all; what follows."""
    headers = {"Cc": MAILBOX, "In-Reply-To": thread.rpartition(" ")[2], "References": thread}
    return house.names_after(
        vouched(letter(SXD, text, subject=f"Re: {SUBJECT}", to=to, headers=headers, message_id=SECOND))
    )


def asker_writes(house: World, text: str, who: str = CITIZEN, **options: str) -> list[str]:
    """The asker goes on in the thread; what follows."""
    headers = {"Cc": MAILBOX, "In-Reply-To": SECOND, "References": f"{FIRST} {SECOND}"}
    raw = letter(who, text, subject=f"Re: {SUBJECT}", to=SXD, headers=headers)
    return house.names_after(vouched(raw, **options))


def answers(house: World) -> list[int]:
    return [row["question_id"] for row in house.rows(answer)]


def test_the_answer_to_all_is_the_answer_to_the_question_that_the_thread_began(house: World) -> None:
    assert "citizen_answered" in unit_writes(house)
    assert answers(house) == [house.question["id"]]
    assert [row["status"] for row in house.house.questions] == ["forwarded", "answered"]
    assert "30/11/2026" in text_of(house.last("citizen_answered", CITIZEN))
    assert house.names(NEIGHBOUR).count("citizen_answered") == 0


MORE = "Hứa sửa mà xe tải vẫn chạy, hố càng sâu thêm thì sao? Đề nghị Sở kiểm tra ngay."


def test_what_the_asker_adds_in_the_thread_goes_to_the_department_with_the_question(house: World) -> None:
    assert asker_writes(house, MORE) == ["unit_followup", "citizen_completed"]
    assert len(house.house.questions) == 2
    assert house.question["code"] in subject_of(house.last("unit_followup", SXD))
    assert MORE in str(house.question["content"])


@pytest.mark.world(sends=True)
@pytest.mark.parametrize(
    ("text", "told"),
    [(MORE, "citizen_opinion"), ("Xong trước 30/11 là cả đoạn đến cầu Niệm hay chỉ trước nhà tôi?", "citizen_held")],
)
def test_what_is_said_of_the_answer_is_no_new_question_without_a_name(house: World, text: str, told: str) -> None:
    unit_writes(house)
    house.look()  # ours has left, too
    assert sorted(asker_writes(house, text)) == [told, "officer_review"]
    assert len(house.house.questions) == 2
    shown = said(house.last("officer_review", OFFICER))
    assert house.question["code"] in shown
    assert "Là câu hỏi mới" in shown


def test_how_it_stands_is_told_in_the_thread(house: World) -> None:
    assert asker_writes(house, "Câu hỏi của tôi đến đâu rồi ạ?") == ["citizen_status"]
    assert house.question["code"] in subject_of(house.last("citizen_status", CITIZEN))


def test_who_is_not_vouched_for_gets_nothing_into_the_thread(house: World) -> None:
    before = str(house.question["content"])
    assert "unit_followup" not in asker_writes(house, MORE, result="fail")
    assert house.of_question("HP-2026-000002")[0]["content"] == before


def test_somebody_else_in_the_thread_has_a_question_of_his_own(house: World) -> None:
    text = LETTER.replace("Nguyễn Văn An", "Lê Thị Tư").replace("Số 5", "Số 31")
    assert "citizen_received" in asker_writes(house, text, "tu@dan.test")
    assert [row["asker_email"] for row in house.house.questions] == [NEIGHBOUR, CITIZEN, "tu@dan.test"]


@pytest.mark.parametrize("to", ["ke-khac@dan.test", NEIGHBOUR])
def test_a_mail_to_somebody_else_is_not_tied_to_the_thread(house: World, to: str) -> None:
    assert "citizen_answered" not in unit_writes(house, to=to)
    assert answers(house) == []


def test_of_two_questions_in_a_thread_the_nearest_is_answered(house: World) -> None:
    later = "<hoi-them@dan.test>"
    text = "Xin hỏi Sở Xây dựng: thời hạn cấp giấy phép xây dựng nhà ở riêng lẻ là bao nhiêu ngày?\n\nNguyễn Văn An"
    house.ask(f"{text}\nSố 5 đường Trường Chinh, phường Kiến An\n0912 000 111", CITIZEN, message_id=later)
    assert len(house.house.questions) == 3
    unit_writes(house, "Sở Xây dựng trả lời: hạn là 15 ngày.\nPhó Giám đốc\nLê Văn Phó", thread=f"{FIRST} {later}")
    assert answers(house) == [house.question["id"]]


def test_a_number_in_the_departments_words_outweighs_the_thread(house: World) -> None:
    unit_writes(house, ANSWERED.replace("trả lời:", "trả lời câu hỏi HP-2026-000001:"))
    assert answers(house) == [house.house.questions[0]["id"]]


def test_two_mails_with_one_message_id_tell_nothing(house: World) -> None:
    text = "Xin hỏi Sở Xây dựng: chung cư A7 xuống cấp bao giờ được di dời?\n\nLê Thị Tư\nSố 7 đường Trường Chinh"
    house.ask(f"{text}, phường Kiến An\n0912 000 777", "tu@dan.test", message_id=FIRST)
    assert len(house.house.questions) == 3
    assert "citizen_answered" not in unit_writes(house, to=f"{CITIZEN}, tu@dan.test")
