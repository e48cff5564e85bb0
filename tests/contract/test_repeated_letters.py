"""The same letter again: tied to the first, told so, forwarded once; and what an officer says is a repeat."""

from collections.abc import Iterator
from typing import Any

import pytest

from db.core.tables import outbox
from tests.installation import OFFICER, SXD, answer_to, files_of, text_of
from tests.world import LETTER, UNSURE, World, vouched, world

ANSWER = "Mặt đường sẽ được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng."


def words(made: World, name: str, to: str = "") -> str:
    return " ".join(text_of(made.last(name, to)).split())


def names_after(made: World, act: object) -> list[str]:
    before = len(made.house.sent)
    act()  # type: ignore[operator]
    return [str(one["name"]) for one in made.house.sent[before:]]


def answered(made: World, text: str = ANSWER, **options: Any) -> None:
    made.answers("unit_forward", SXD, text, **options)
    with made.house.engine.begin() as connection:  # and it has left
        connection.execute(outbox.update().where(outbox.c.status == "pending").values(status="sent"))


def test_the_same_letter_is_tied_to_the_first_and_told_so(house: World) -> None:
    first = house.ask()
    house.ask(LETTER.replace("đường trước", "con đường trước"), "bystander@dan.test")
    house.house.clock.forward(days=2)
    assert names_after(house, lambda: house.ask(message_id="<2@dan.test>")) == ["citizen_repeated"]
    assert len(house.house.questions) == 2
    said = words(house, "citizen_repeated", "an@dan.test")
    assert f"số {first['code']}; không cần gửi lại" in said
    assert "ngày 05/10/2026" in said
    assert house.house.mails[-1]["question_id"] == first["id"]


def forwarded(above: str) -> str:
    head = "Từ: An <an@dan.test>\nDate: Th 2, 5 thg 10, 2026 lúc 10:00\nSubject: Hỏi\nTo: <doithoai@haiphong.test>"
    return f"{above}\n\n---------- Forwarded message ---------\n{head}\n\n{LETTER}"


def test_ones_own_letter_forwarded_again_is_the_same_letter(house: World) -> None:
    first = house.ask()
    house.house.clock.forward(days=2)
    again = forwarded("Tôi gửi lại thư vì chưa thấy trả lời.")
    assert names_after(house, lambda: house.ask(again, message_id="<2@dan.test>")) == ["citizen_repeated"]
    assert len(house.house.questions) == 1
    assert house.house.mails[-1]["question_id"] == first["id"]


@pytest.mark.parametrize(
    "again",
    [
        forwarded("Thêm nữa: đèn đường trước trường tiểu học tắt cả tháng, bao giờ Sở Xây dựng thay?"),
        forwarded("Tôi gửi lại thư vì chưa thấy trả lời, nay đoạn trước số 9 cũng hỏng nặng."),
    ],
)
def test_a_forwarded_letter_with_more_above_it_is_no_repeat(asked: World, again: str) -> None:
    asked.house.clock.forward(days=2)
    assert "citizen_repeated" not in names_after(asked, lambda: asked.ask(again, message_id="<2@dan.test>"))


def test_who_sends_it_every_hour_gets_one_line_a_day(asked: World) -> None:
    assert names_after(asked, lambda: [asked.ask(message_id=f"<{n}@dan.test>") for n in (2, 3, 4)]) == [
        "citizen_repeated"
    ]


def test_another_number_makes_it_another_question(asked: World) -> None:
    asked.ask(LETTER.replace("Số 5", "Số 7"))
    asked.ask(LETTER, "ba@dan.test")
    assert len(asked.house.questions) == 3


LAMPS = (
    "Kính gửi Ban Biên tập, đèn đường ở ngõ 12 phố {street} hỏng từ tháng trước, trẻ con đi học thêm về tối ngã hai "
    "lần, đề nghị thành phố cho thợ đến sửa đèn giúp bà con chúng tôi. Nguyễn Văn An, phường Gia Viên, 0912000111"
)


def test_another_name_makes_it_another_question(house: World) -> None:
    house.ask(LAMPS.format(street="Lê Lợi"))
    house.ask(LAMPS.format(street="Trần Phú"), message_id="<2@dan.test>")
    assert len(house.house.questions) == 2
    again = LAMPS.format(street="Lê Lợi").replace("Kính gửi", "Kính thưa")
    assert names_after(house, lambda: house.ask(again, message_id="<3@dan.test>")) == ["citizen_repeated"]


def test_the_answer_goes_along_when_there_is_one(asked: World) -> None:
    answered(asked)
    assert names_after(asked, lambda: asked.ask(message_id="<2@dan.test>")) == ["citizen_repeated"]
    assert ANSWER in words(asked, "citizen_repeated")


def test_an_officer_says_it_is_a_repeat_and_the_asker_gets_the_earlier_answer(house: World) -> None:
    first = house.ask()
    answered(house, f"{ANSWER} Số điện thoại của ông là 0912 000 111.")
    second = house.ask("Cho tôi hỏi việc này thì cần làm những gì và bao giờ xong ạ?", "ba@dan.test")
    raw = answer_to(house.last("officer_review", OFFICER), OFFICER, f"{second['code']} trùng với {first['code']}")
    assert names_after(house, lambda: house.arrive(vouched(raw))) == [
        "citizen_repeated",
        "officer_done",
    ]
    said = words(house, "citizen_repeated", "ba@dan.test")
    assert f"trùng với câu hỏi số {first['code']}, đã được trả lời" in said
    assert ANSWER in said
    assert "0912 000 111" not in said
    assert "đã gửi người hỏi câu trả lời" in words(house, "officer_done")


PAPER = ("45-SXD.pdf", "application/pdf", b"%PDF-1.4 cong van")


@pytest.mark.parametrize(
    "text",
    [
        "Sở Xây dựng gửi văn bản trả lời kèm theo.",
        "Sở Xây dựng trả lời như sau: kế hoạch sửa đường Trường Chinh được nêu tại Công văn số 45/SXD-HT gửi kèm "
        "theo thư này.",
    ],
)
def test_an_answer_in_a_file_does_not_end_the_question_of_another(house: World, text: str) -> None:
    first = house.ask()
    answered(house, text, attachments=(PAPER,))
    second = house.ask("Cho tôi hỏi việc này thì cần làm những gì và bao giờ xong ạ?", "ba@dan.test")
    raw = answer_to(house.last("officer_review", OFFICER), OFFICER, f"{second['code']} trùng với {first['code']}")
    before = house.of_question(str(second["code"]))
    assert names_after(house, lambda: house.arrive(vouched(raw))) == ["officer_done"]
    assert house.of_question(str(second["code"])) == before
    told = words(house, "officer_done")
    assert "trả lời kèm tệp (“45-SXD.pdf”)" in told
    assert f"“{second['code']} chuyển SXD”" in told


def test_who_asks_again_gets_his_own_answer_with_its_file(asked: World) -> None:
    answered(asked, "Sở Xây dựng gửi văn bản trả lời kèm theo.", attachments=(PAPER,))
    asked.ask(message_id="<2@dan.test>")
    assert "TỆP KÈM THEO - 45-SXD.pdf" in words(asked, "citizen_repeated")
    assert list(files_of(asked.last("citizen_repeated"))) == ["45-SXD.pdf"]


def test_a_correction_is_told_apart_from_the_answer_that_it_changes(asked: World) -> None:
    answered(asked)
    asked.answers("unit_forward", SXD, "Đính chính: mặt đường được sửa xong trước ngày 20/03/2027.")
    asked.answers("unit_forward", SXD, "Gửi bổ sung: kinh phí lấy từ ngân sách năm 2027.")
    asked.ask(message_id="<2@dan.test>")
    told = words(asked, "citizen_repeated").lower()
    marks = ("trả lời của sở xây dựng", ANSWER.lower(), "đính chính của sở xây dựng", "20/03/2027")
    places = [told.find(one) for one in (*marks, "bổ sung của sở xây dựng", "ngân sách năm 2027")]
    assert -1 not in places
    assert places == sorted(places)


def test_another_citizen_does_not_read_which_company_asked_nor_who_wrote_for_it(house: World) -> None:
    first = house.ask(LETTER.replace("\n\nNguyễn", "\n\nCông ty TNHH Đông Á\nNgười liên hệ: Nguyễn"))
    assert first["asker_name"] == "Công ty TNHH Đông Á (người liên hệ: Nguyễn Văn An)"
    answered(house, f"Sở Xây dựng trả lời Công ty TNHH Đông Á (ông Nguyễn Văn An): {ANSWER}")
    second = house.ask("Cho tôi hỏi việc này thì cần làm những gì và bao giờ xong ạ?", "ba@dan.test")
    raw = answer_to(house.last("officer_review", OFFICER), OFFICER, f"{second['code']} trùng với {first['code']}")
    house.arrive(vouched(raw))
    said = words(house, "citizen_repeated", "ba@dan.test")
    assert ANSWER in said
    assert "Đông Á" not in said
    assert "Văn An" not in said
    assert "Đông Á" in words(house, "citizen_answered", "an@dan.test"), "the asker reads it whole"


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("slow") / "house", extra="[desk]\nanswer_delay_minutes = 30") as one:
        yield one


def test_no_answer_that_still_waits_leaves_by_a_side_door(slow: World) -> None:
    first = slow.ask()
    other = slow.ask(LAMPS.format(street="Lê Lợi"), "bystander@dan.test")
    raw = slow.house.sent_with(name="unit_forward", question_id=first["id"])[-1]["bytes"]
    slow.arrive(vouched(answer_to(bytes(raw), SXD, f"Sở Xây dựng trả lời: {ANSWER}"), "sxd.test"))
    assert next(one["status"] for one in slow.house.questions if one["id"] == first["id"]) == "answered"
    slow.ask(message_id="<again@dan.test>")
    said = words(slow, "citizen_repeated", "an@dan.test")
    assert "900 triệu" not in said
    assert "đã chuyển đơn vị trả lời" in said
    slow.ask(f"Tra cứu {first['code']}", message_id="<state@dan.test>")
    assert "đã trả lời" not in words(slow, "citizen_status", "an@dan.test")
    slow.ask(UNSURE, "nguoi-khac@dan.test")
    slow.answers("officer_review", OFFICER, f"{other['code']} trùng với {first['code']}")
    assert not slow.house.sent_with(name="citizen_repeated", recipient="bystander@dan.test")
    assert "chưa gửi" in words(slow, "officer_done", OFFICER)


def _tied(house: World) -> tuple[dict[str, object], dict[str, object]]:
    """Two people ask the same of SXD; the first is answered, then an officer says that the second is a repeat."""
    first, second = house.ask(), house.ask(LAMPS.format(street="Lê Lợi"), "bystander@dan.test")
    raw = house.house.sent_with(name="unit_forward", question_id=first["id"])[-1]["bytes"]
    house.arrive(vouched(answer_to(bytes(raw), SXD, f"Sở Xây dựng trả lời: {ANSWER}"), "sxd.test"))
    with house.house.engine.begin() as connection:
        connection.execute(outbox.update().where(outbox.c.status == "pending").values(status="sent"))
    house.ask(UNSURE, "nguoi-khac@dan.test")
    house.answers("officer_review", OFFICER, f"{second['code']} trùng với {first['code']}")
    return first, second


def test_who_got_the_earlier_answer_is_never_told_that_nobody_answered(house: World) -> None:
    _, second = _tied(house)
    assert ANSWER in words(house, "citizen_repeated", "bystander@dan.test")
    assert f"câu hỏi {second['code']} kết thúc, đã báo không phải trả lời nữa: Sở Xây dựng" in words(
        house, "officer_done", OFFICER
    )
    assert "không phải trả lời câu hỏi này nữa" in words(house, "unit_told", SXD)
    assert house.of_question(str(second["code"]))[0]["status"] == "answered"
    before = house.last_sent()
    house.let_pass(days=40)
    later = house.house.sent_with(after=before, question_id=second["id"])
    assert [str(one["name"]) for one in later] == []


def test_who_says_that_his_is_another_matter_is_heard_and_it_can_be_opened_again(house: World) -> None:
    _, second = _tied(house)
    code = str(second["code"])
    house.answers("citizen_repeated", "bystander@dan.test", "Đèn nhà tôi ở ngõ khác, câu trả lời ấy nói về đường.")
    assert code in words(house, "officer_review", OFFICER)
    house.answers("officer_review", OFFICER, f"{code} mở lại vì khác nội dung")
    assert f"Đã mở lại câu hỏi {code}" in words(house, "officer_done", OFFICER)
    assert house.of_question(code)[0]["status"] == "needs_review"
    assert "Thư trả lời trước đây không còn giá trị" in words(house, "citizen_reopened", "bystander@dan.test")
    house.answers("officer_done", OFFICER, f"{code} chuyển SXD")
    assert house.of_question(code)[0]["status"] == "forwarded"
