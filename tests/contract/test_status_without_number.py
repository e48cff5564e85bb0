"""Who asks for the state of a question without its number is told of their own, and of nobody else's."""

import re

import pytest

from db.core.tables import outbox, question
from tests.dose import each_third
from tests.installation import OFFICER, answer_to, letter, subject_of, text_of, unit_address
from tests.world import LETTER, World, said, vouched

CITIZEN = "an@dan.test"
STRANGER = "ba@dan.test"
BARE = (
    "tra cứu",
    "Tra cuu",
    "Câu hỏi của tôi đến đâu rồi?",
    "cau hoi cua toi den dau roi",
    "cho hỏi tình trạng câu hỏi tôi gửi tuần trước",
    "cho hoi tinh trang cau hoi toi gui tuan truoc",
    "Kính gửi Ban Biên tập,\n\nTôi có gửi câu hỏi ngày 28/9/2026 mà đến nay chưa nhận được trả lời. "
    "Xin cho biết bao giờ có kết quả ạ.\n\nXin trân trọng cảm ơn!\nNguyễn Văn An",
    "Em chào anh chị, câu hỏi em gửi hôm trước đã được giải quyết chưa ạ?",
    "Bao giờ thì câu hỏi của tôi được trả lời?",
    "khi nao cau hoi cua toi moi dc tra loi",
    "Ban Biên tập đã nhận được câu hỏi của tôi, bao giờ có câu trả lời ạ?",
    "Sao tôi chưa thấy trả lời câu hỏi của tôi?",
    "tra cứu câu hỏi số 2",
    "cho tôi hỏi câu hỏi số 1 đến đâu rồi",
    "Sao tôi gửi câu hỏi về ổ gà trước nhà mà chưa thấy ai trả lời?",
    "Tôi gửi câu hỏi về mặt đường từ hôm thứ Hai mà không nhận được gì?",
    "Tôi tên là Nguyễn Văn An. Cho tôi hỏi phản ánh của tôi xử lý đến đâu rồi.\nĐiện thoại: 0912 345 678",
)
"""Mails that say nothing but how it stands."""
SUBSTANCE = (
    "Tình trạng ổ gà trước nhà tôi tuần trước đến đâu rồi?",
    "Hồ sơ cấp sổ đỏ của tôi đến đâu rồi?",
    "tra cứu phạt nguội",
    "Tôi gửi câu hỏi về trạm y tế từ hôm thứ Hai mà không nhận được gì?",
    "Câu hỏi của tôi đến đâu rồi? Cho hỏi thêm: bao giờ đường Trường Chinh được sửa?",
    "Cho tôi hỏi kết quả thi của cháu",
    "Tôi hỏi bao giờ có nước sạch, đã hai tuần chưa được trả lời",
    "tra cứu HP-2026-000777",
    "Câu hỏi của tôi đã được trả lời rồi, xin cảm ơn",
)
"""Mails that ask about something else, or about a number that there is not."""


def asks(house: World, text: str, sender: str = CITIZEN, subject: str = "Hỏi thăm", **options: object) -> list[str]:
    """The mails that a citizen's letter leads to."""
    number = len(house.house.mails)
    raw = letter(sender, text, subject=subject, message_id=f"<status{number}@dan.test>", **options)  # type: ignore[arg-type]
    return house.names_after(raw)


@each_third("text", BARE)
def test_the_asker_is_told_of_the_open_question(house: World, text: str) -> None:
    code = str(house.ask()["code"])
    assert asks(house, text) == ["citizen_states"]
    row = house.house.sent[-1]
    assert row["recipient"] == CITIZEN
    said = " ".join(text_of(row["bytes"]).split())
    assert code in said
    assert "đã chuyển đơn vị trả lời" in said
    assert "Sở Xây dựng" in said
    assert "20/10/2026" in said
    assert "Tình trạng câu hỏi" in subject_of(row["bytes"])
    assert len(house.house.questions) == 1
    assert house.house.mails[-1]["fate"] == "attach"


def test_an_address_is_its_owners_in_capitals_too(house: World) -> None:
    lacks = LETTER.replace("Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\n", "")
    own = house.ask(lacks, "An@dan.test", message_id="<own@dan.test>")
    other = house.ask(lacks, STRANGER, message_id="<other@dan.test>")
    added = "Tôi xin bổ sung địa chỉ: số 5 đường Trường Chinh, phường Kiến An"
    completed = vouched(letter(CITIZEN, added, subject="Bổ sung", message_id="<added@dan.test>"))
    assert house.names_after(completed) == ["citizen_completed"]
    assert [row["missing"] for row in house.house.questions] == ["", other["missing"]]
    second = house.ask(f"{LETTER}\nĐoạn số 2.", message_id="<second@dan.test>")
    for text, name in ((BARE[0], "citizen_states"), (f"tra cứu {own['code']} và {second['code']}", "citizen_status")):
        assert set(asks(house, text)) == {name}
        told = "".join(text_of(row["bytes"]) for row in house.house.sent_with(name=name, recipient=CITIZEN))
        told += "".join(text_of(row["bytes"]) for row in house.house.sent_with(name=name, recipient="An@dan.test"))
        assert own["code"] in told
        assert second["code"] in told
        assert other["code"] not in told
    again = house.names_after(letter("AN@dan.test", f"{LETTER}\nĐoạn số 2.", message_id="<again@dan.test>"))
    assert "unit_forward" not in again


@pytest.mark.parametrize("text", BARE[:3])
def test_who_never_asked_anything_is_read_by_a_person(asked: World, text: str) -> None:
    assert "citizen_states" not in asks(asked, text, STRANGER)
    assert asked.house.mails[-1]["status"] == "held"


@pytest.mark.parametrize("text", SUBSTANCE)
def test_what_asks_something_of_substance_goes_its_usual_way(asked: World, text: str) -> None:
    assert not {"citizen_states", "citizen_status"} & set(asks(asked, text))


AFTER = (
    "Cháu tôi có gửi câu hỏi về lương hưu của tôi. Xin hỏi đã có trả lời chưa?",
    "Xin cho biết đơn của chúng tôi về lương hưu đã được nhận chưa?",
    "Tôi đã gửi câu hỏi về lương hưu từ thư của con gái, đã có trả lời chưa ạ",
)
TOLD_OF_A_BODY = (
    "Tôi gửi đơn lên phường xin xác nhận để hưởng lương hưu đã ba tháng, phường đã có trả lời chưa?",
    "Con tôi nộp hồ sơ hưởng lương hưu từ tháng 8, bảo hiểm xã hội đã có trả lời chưa?",
    "Tôi gửi câu hỏi về lương hưu chưa có trả lời. Nay xin hỏi thêm: nghỉ hưu sớm bị trừ bao nhiêu phần trăm?",
)


@pytest.mark.parametrize(
    ("text", "after"), [*((one, True) for one in AFTER), *((one, False) for one in TOLD_OF_A_BODY)]
)
def test_what_became_of_a_relatives_question_is_asked_of_no_department(asked: World, text: str, after: bool) -> None:
    signed = f"{text}\n\nTrần Văn Bố\nSố 7 đường Lạch Tray, phường Gia Viên\n0912 000 777"
    led_to = asks(asked, signed, "bo@dan.test", "Lương hưu")
    shown = "officer_review" in led_to and "chỉ hỏi về một câu hỏi gửi trước" in text_of(
        asked.last("officer_review", OFFICER)
    )
    assert shown is after
    assert ("unit_forward" in led_to) <= (not after)
    assert asked.house.questions[0]["status"] == "forwarded"


def test_a_subject_of_substance_counts(asked: World) -> None:
    assert "citizen_states" not in asks(asked, "Bao giờ được trả lời?", subject="Đường Lê Lai ngập")
    assert asks(asked, "", subject="Tra cứu câu hỏi") == ["citizen_states"]


def test_own_questions_only_newest_first_at_most_five(house: World) -> None:
    codes = [str(house.ask(f"{LETTER}\nĐoạn số {n}.", message_id=f"<q{n}@dan.test>")["code"]) for n in range(7)]
    other = str(house.ask(sender=STRANGER, message_id="<other@dan.test>")["code"])
    assert asks(house, "tra cứu") == ["citizen_states"]
    said = text_of(house.last("citizen_states"))
    places = [said.find(one) for one in reversed(codes)]
    assert -1 not in places[:5]
    assert places[:5] == sorted(places[:5])
    assert places[5:] == [-1, -1]
    assert other not in said
    assert "5 câu hỏi gần nhất" in " ".join(said.split())


@pytest.mark.parametrize(
    ("kind", "words"),
    [("individual", "địa chỉ thường trú"), ("organisation", "địa chỉ trụ sở")],
)
def test_what_is_missing_is_told_in_the_words_for_who_asked(house: World, kind: str, words: str) -> None:
    """21.1 asks an organisation for other data than a person."""
    asked = house.ask()
    with house.house.engine.begin() as connection:
        lacks = question.update().where(question.c.id == asked["id"])
        connection.execute(lacks.values(asker_kind=kind, asker_address="", missing="address"))
    assert asks(house, "tra cứu") == ["citizen_states"]
    assert f"còn thiếu {words}" in said(house.last("citizen_states"))


def answered(house: World) -> None:
    """The unit has answered the last question."""
    unit = unit_address("SXD")
    text = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý IV năm 2026."
    house.arrive(vouched(answer_to(house.last("unit_forward", unit), unit, text), "sxd.test"))
    with house.house.engine.begin() as connection:  # and it has left
        connection.execute(outbox.update().where(outbox.c.status == "pending").values(status="sent"))


def test_a_question_that_ended_lately_is_told_too(house: World) -> None:
    code = str(house.ask()["code"])
    answered(house)
    house.house.clock.forward(days=20)
    assert asks(house, "tra cứu") == ["citizen_states"]
    said = " ".join(text_of(house.last("citizen_states")).split())
    assert re.search(rf"{code} \(lĩnh vực: [^)_]+\), nhận lúc", said), "which of theirs it is"
    assert "đã trả lời" in said
    house.house.clock.forward(days=20)
    assert "citizen_states" not in asks(house, "tra cứu"), "40 days: a person looks"


def test_in_a_thread_the_question_is_that_of_the_thread(house: World) -> None:
    first = str(house.ask()["code"])
    second = str(house.ask(f"{LETTER}\nĐoạn số 2.", message_id="<q2@dan.test>")["code"])
    before = len(house.house.sent)
    ours = house.last("citizen_received", CITIZEN)
    house.arrive(answer_to(ours, CITIZEN, "Câu hỏi của tôi đến đâu rồi?", subject="Hỏi thăm"))
    assert [one["name"] for one in house.house.sent[before:]] == ["citizen_status"]
    said = text_of(house.last("citizen_status"))
    assert second in said
    assert first not in said


def test_who_asks_again_in_the_answer_s_thread_is_answered_again(asked: World) -> None:
    asks(asked, "tra cứu")
    before = len(asked.house.sent)
    asked.arrive(answer_to(asked.last("citizen_states"), CITIZEN, "Sao chưa thấy trả lời?"))
    assert [one["name"] for one in asked.house.sent[before:]] == ["citizen_states"]


def test_the_answers_are_capped(asked: World) -> None:
    assert [asks(asked, "tra cứu").count("citizen_states") for _ in range(8)] == [1] * 5 + [0] * 3
    assert len(asked.house.questions) == 1


def test_both_kinds_of_status_share_the_cap(house: World) -> None:
    code = str(house.ask()["code"])
    told = [asks(house, text) for text in ("tra cứu", f"tra cứu {code}") * 4]
    assert sum("citizen_states" in one or "citizen_status" in one for one in told) == 5


def test_an_automatic_answer_is_not_answered(asked: World) -> None:
    raw = letter(CITIZEN, "tra cứu", subject="Tra cứu", message_id="<auto@dan.test>")
    before = len(asked.house.sent)
    asked.arrive(b"Auto-Submitted: auto-replied\r\n" + raw)
    assert asked.house.sent[before:] == []


def test_no_name_and_no_word_of_the_sender_stands_in_the_answer(house: World) -> None:
    house.ask(subject="Mua ngay tại rao-vat.test")
    asks(house, "tra cứu")
    said = text_of(house.last("citizen_states"))
    assert "Nguyễn Văn An" not in said
    assert "rao-vat" not in said


def test_an_officer_is_no_asker(asked: World) -> None:
    assert "citizen_states" not in asks(asked, "tra cứu", OFFICER)


def test_what_the_list_says_is_missing_is_taken_from_its_reply(asked: World) -> None:
    """With two open questions, one of which lacks the telephone number."""
    code = str(asked.ask(LETTER.partition("ĐT:")[0] + "Tôi hỏi cả vỉa hè.", message_id="<q2@dan.test>")["code"])
    assert asked.house.questions[-1]["missing"] == "phone"
    assert asks(asked, "tra cứu") == ["citizen_states"]
    told = said(asked.last("citizen_states", CITIZEN))
    assert "còn thiếu số điện thoại." in told.partition(code)[2]
    assert "Xin trả lời thư này để bổ sung thông tin còn thiếu" in told
    asked.answers("citizen_states", CITIZEN, f"{code}, điện thoại 0912 345 678")
    assert asked.house.sent[-1]["name"] == "citizen_completed"
    assert [row["missing"] for row in asked.house.questions] == ["", ""]
