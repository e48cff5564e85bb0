"""The principles of acts by mail for departments; in each test other people's questions are left as they are."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from benchmarks.files import pdf
from db.core.tables import assignment, duty, outbox, raw_mail
from tests.dose import each_third
from tests.installation import OFFICER, SXD, answer_to, files_of, letter, subject_of, text_of, unit_address
from tests.world import UNSURE, World, said, vouched, world

ASKED = "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
ROAD = "Mặt đường sẽ được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng."
LATER = "Mặt đường sẽ được sửa xong trước ngày 15/12/2026."
COUNT = itertools.count(1)
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường")


@pytest.fixture(scope="module")
def slow_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("slow") / "house", extra="[desk]\nanswer_delay_minutes = 30") as one:
        yield one


BETWEEN = timedelta(seconds=40)
"""Between two cases in one house: the mails of all together would reach the cap of an hour."""


class Case:
    """A question that lies with the department, and a bystander's beside it."""

    def __init__(self, kept_house: World, name: str = NAMES[0]) -> None:
        self.made, self.house = kept_house, kept_house.house
        self.house.clock.at += BETWEEN
        self.bystander = self._ask(NAMES[2])
        self.row = self._ask(name)
        self.code = str(self.row["code"])
        self.asker = str(self.row["asker_email"])
        self.seen = kept_house.last_sent()

    def _ask(self, name: str) -> dict[str, Any]:
        n = next(COUNT)
        body = f"{ASKED} (lần {n})\n\n{name}\nSố {n} đường Trường Chinh, phường Kiến An\n0912 000 111\n"
        return self.made.ask(body, f"nguoi{n}@dan.test")

    def unit(self, text: str, to: str = "unit_forward", sender: str = SXD) -> list[tuple[str, str]]:
        """The department answers a mail of ours; the mails that this led to, by name and recipient."""
        rows = self.house.sent_with(name=to, question_id=self.row["id"])
        return self.write(answer_to(bytes(rows[-1]["bytes"]), sender, text), "sxd.test")

    def officer(self, text: str, to: str = "officer_review") -> list[tuple[str, str]]:
        """The officer answers the last mail of that name, of this question or of somebody else's."""
        if to == "officer_review" and not self.house.sent_with(name=to, recipient=OFFICER):
            self.made.ask(UNSURE, "nguoi-khac@dan.test")
        raw = answer_to(self.made.last(to, OFFICER), OFFICER, text)
        return self.write(raw, OFFICER.partition("@")[2])

    def write(self, raw: bytes, domain: str) -> list[tuple[str, str]]:
        before = self.made.last_sent()
        self.made.arrive(vouched(raw, domain))
        return [(str(one["name"]), str(one["recipient"])) for one in self.house.sent_with(after=before)]

    def all_left(self) -> None:
        """Every mail in the outbox has gone out."""
        with self.house.engine.begin() as connection:
            connection.execute(outbox.update().where(outbox.c.status == "pending").values(status="sent"))

    @property
    def now(self) -> dict[str, Any]:
        return next(one for one in self.house.questions if one["id"] == self.row["id"])

    @property
    def to_asker(self) -> list[dict[str, Any]]:
        """What the asker was sent since the question was forwarded."""
        return self.house.sent_with(after=self.seen, recipient=self.asker)

    def bystander_is_left_alone(self) -> bool:
        row = next(one for one in self.house.questions if one["id"] == self.bystander["id"])
        mine = self.house.sent_with(after=self.seen, recipient=self.bystander["asker_email"])
        return row["status"] == "forwarded" and not mine


@pytest.fixture
def case(kept_house: World) -> Iterator[Case]:
    yield from _among_others(kept_house)


@pytest.fixture
def slow(slow_house: World) -> Iterator[Case]:
    """As ``case``, where an answer waits half an hour before it leaves."""
    yield from _among_others(slow_house)


def _among_others(made: World) -> Iterator[Case]:
    """A case whose bystander must be left alone whatever the test does."""
    case = Case(made)
    yield case
    assert case.bystander_is_left_alone()


def words(row: dict[str, Any]) -> str:
    return text_of(bytes(row["bytes"]))


def test_principle_1_evidence_before_effect(case: Case) -> None:
    assert ("officer_review", OFFICER) in case.unit("Có ạ")
    assert case.now["status"] == "forwarded"
    assert case.to_asker == []
    assert "Căn cứ xem là câu trả lời" in str(case.house.mails[-1]["trace"])
    case.unit(ROAD)
    assert case.now["status"] == "answered"
    assert ROAD in words(case.to_asker[-1])


PEOPLE = "Danh sách 3 hộ: Nguyễn Bảy 031078001234 ĐT 0912000111; Lê Thị Sáu 031180004321; Vũ Văn Mười 031075005555."


def test_principle_2_a_veto_keeps_it_from_the_asker(case: Case) -> None:
    forbidding = (
        f"{ROAD} Đề nghị BBT không gửi cho công dân.",
        f"Dự thảo, BBT xem trước giúp: {ROAD}",
        f"{PEOPLE} BBT kiểm tra hộ xem người hỏi là ai trong 3 người này.",
    )
    for text in forbidding:
        assert ("officer_review", OFFICER) in case.unit(text)
    assert case.to_asker == []
    assert case.now["status"] == "forwarded"


@pytest.mark.parametrize(
    "text",
    ["Không gửi cho dân nhé em", "Chỉ lưu, kô gửi cho người hỏi", "Nội bộ thôi, cấm gửi dân", "dung gui dan nha"],
)
def test_what_an_officer_forbids_to_send_reaches_no_asker(case: Case, text: str) -> None:
    case.unit("Việc này để xem đã nhé, còn tùy.")
    assert case.officer(text) == [("officer_done", OFFICER)]
    assert case.to_asker == []
    assert case.now["status"] == "forwarded"


def test_an_answer_to_somebody_else_waits_for_an_officer(case: Case) -> None:
    for whom in ("Ngô Thị Lý", NAMES[2]):
        other = f"Kính gửi ông bà {whom},\nVề việc đổi giấy phép lái xe: nộp hồ sơ tại phường, lệ phí 115.000 đồng."
        assert ("officer_review", OFFICER) in case.unit(other)
        assert f"gọi người khác ({whom})" in said(case.made.last("officer_review", OFFICER))
    assert case.to_asker == []
    given = NAMES[0].split()[-1]
    case.unit(f"Gửi anh {given}\n\n{ROAD}")
    assert case.now["status"] == "answered"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"cho câu hôm trước chứ không phải câu này nha: {ROAD}", "không trả lời câu hỏi này"),
        (f"Sở trả lời chung cho tất cả các câu hỏi về đường Trường Chinh: {ROAD}", "trả lời chung nhiều câu hỏi"),
        (f"Sở trả lời như sau: {ROAD} Sở trả lời chung một lần cho các phản ánh của người dân.", "trả lời chung"),
        (f"Sở trả lời như sau: {ROAD} Nội dung này Sở trả lời chung cho các câu hỏi của ông.", ""),
        (f"Sở trả lời như sau: {ROAD} Nội dung này cũng đã trả lời chung tại hội nghị.", ""),
    ],
)
def test_an_answer_that_says_it_is_for_another_question_waits_for_an_officer(case: Case, text: str, why: str) -> None:
    """One for all who asked about a burst main went to her whose mail was on top: she had asked about her bill."""
    assert (("officer_review", OFFICER) in case.unit(text)) == bool(why)
    assert not why or why in said(case.made.last("officer_review", OFFICER))
    assert (case.to_asker == []) == bool(why)


def test_an_answer_below_a_question_that_the_asker_did_not_ask_waits_for_an_officer(case: Case) -> None:
    own = f"Hỏi: Mặt đường hư hỏng nặng,\nbao giờ sửa?\n\nTrả lời: {ROAD}"
    card = "Hỏi: Thẻ bảo hiểm y tế của con tôi sai ngày sinh, sửa ở đâu?\nTrả lời: Nộp tờ khai, trả trong 5 ngày."
    for text in (card, f"{own}\n{card}"):
        assert ("officer_review", OFFICER) in case.unit(text)
        assert "nhắc lại câu hỏi khác (“Thẻ bảo hiểm" in str(case.house.mails[-1]["reason"])
    assert case.to_asker == []
    case.unit(own)
    assert case.now["status"] == "answered"


def test_a_strangers_number_of_identity_reaches_no_asker_by_itself(case: Case) -> None:
    led_to = case.unit(f"{ROAD} Hộ bà Nguyễn Thị Lan số 7 (CCCD 031080001234) đã đồng ý dỡ bậc tam cấp.")
    assert ("officer_review", OFFICER) in led_to
    assert case.to_asker == []
    assert "số giấy tờ tùy thân" in said(case.made.last("officer_review", OFFICER))


@pytest.mark.parametrize(
    ("words", "leaves"),
    [
        ("số tài khoản 012345678901 tại Kho bạc", True),
        ("STK ngân hàng: 012 345 678 901", True),
        ("tài khoản định danh 031080001234", False),
        ("tài khoản của bà Lan, CCCD 031080001234", False),
        ("tài khoản 012345678901 031080001234", False),
    ],
)
def test_an_accounts_number_is_no_persons(case: Case, words: str, *, leaves: bool) -> None:
    led_to = case.unit(f"Sở Xây dựng trả lời: {ROAD} Phí đào đường 900.000 đồng nộp vào {words}.")
    assert (("officer_review", OFFICER) in led_to) is not leaves


def test_principle_3_an_answer_waits_and_is_taken_back_in_time(slow: Case) -> None:
    slow.unit(ROAD)
    assert slow.now["status"] == "answered"
    waiting = slow.to_asker[-1]
    assert (waiting["status"], waiting["name"]) == ("pending", "citizen_answered")
    assert waiting["next_attempt_at"] == slow.house.clock() + slow.house.installation.board.answer_delay
    others = [one for one in slow.house.sent_with(after=slow.seen) if one["id"] != waiting["id"]]
    assert all(one["next_attempt_at"] <= slow.house.clock() for one in others)

    assert {name for name, _ in slow.unit("Thu hồi")} == {"unit_told", "officer_alert"}
    assert slow.now["status"] == "forwarded"
    assert [one["status"] for one in slow.to_asker] == ["recalled"]

    slow.unit(LATER)
    assert slow.now["status"] == "answered"
    assert [one["status"] for one in slow.to_asker] == ["recalled", "pending"]
    assert LATER in words(slow.to_asker[-1])


def test_a_word_of_a_slip_stops_what_waits_in_its_thread_though_it_names_another_question(slow: Case) -> None:
    other, third = Case(slow.made, NAMES[1]), Case(slow.made)
    third.unit(ROAD)
    slow.unit(ROAD)
    assert [one["status"] for one in slow.to_asker] == ["pending"]
    led_to = slow.unit(f"Thư trước em bấm nhầm câu, đây mới là trả lời cho {other.code}: {LATER}")
    assert {name for name, _ in led_to} >= {"unit_told", "officer_alert", "officer_review"}
    assert [one["status"] for one in slow.to_asker] == ["recalled"]
    assert slow.now["status"] == other.now["status"] == "forwarded"
    assert other.to_asker == [], "an officer says whether the rest is the answer"
    assert [one["status"] for one in third.to_asker] == ["pending"], "another answer of the department goes on"
    slow.unit(LATER)
    slow.unit(f"Trả lời {other.code}: {LATER}")
    assert [one["status"] for one in slow.to_asker] == ["recalled", "pending"], "no word of a slip"


def test_what_is_taken_back_as_anothers_answer_is_not_said_to_be_given_there(slow: Case) -> None:
    other = Case(slow.made, NAMES[1])
    slow.unit(ROAD)
    slow.unit(f"Xin lỗi Ban, nội dung trên là của câu {other.code}, em gửi nhầm câu {slow.code}. Nhờ Ban chuyển.")
    assert [one["status"] for one in slow.to_asker] == ["recalled"]
    told = slow.house.sent_with(name="unit_told", question_id=slow.row["id"])[-1]
    assert f"không tự chuyển sang câu hỏi {other.code}" in words(told)
    assert "không thuộc thẩm quyền" not in str(slow.house.mails[-1]["reason"]), "as what it was taken for"
    assert (other.now["status"], other.to_asker) == ("forwarded", [])


@pytest.mark.parametrize(
    "words",
    [
        "Ban dừng gửi giúp em, bên em đang rà lại.",
        "Đừng gửi câu trả lời hôm qua nhé, phòng đang xem lại số liệu.",
        "Khoan gửi đã chị ơi, sếp chưa ký.",
        "Xin thu hồi một phần câu trả lời sáng nay.",
        "thu hồi giúp em thư vừa rồi, sếp bảo sai ngày",
        "Nhờ Ban rút giúp thư trả lời lúc 9h, nhầm năm",
        "Thu hồi nội dung Sở vừa gửi, số liệu kinh phí bị sai.",
    ],
)
def test_principle_3_plain_words_stop_an_answer_that_still_waits(slow: Case, words: str) -> None:
    slow.unit(ROAD)
    assert slow.now["status"] == "answered"
    assert "unit_told" in {name for name, _ in slow.unit(words)}
    assert slow.now["status"] == "forwarded"
    assert [one["status"] for one in slow.to_asker] == ["recalled"]


@pytest.mark.parametrize(
    "said",
    ["{0}, {1}: thu hồi", "Khoan gửi câu trả lời {0} và {1} giúp em, sếp chưa ký."],
    ids=["act", "plain words"],
)
@pytest.mark.parametrize("also_open", [False, True])
def test_principle_3_every_answer_that_the_mail_names_is_taken_back(slow: Case, said: str, also_open: bool) -> None:
    other, third = Case(slow.made, NAMES[1]), Case(slow.made)
    for one in (slow, third) if also_open else (slow, other, third):
        one.unit(ROAD)
    raw = letter(SXD, said.format(slow.code, other.code), subject=f"Thu hồi {slow.code}")
    slow.write(raw, "sxd.test")
    stopped = (slow,) if also_open else (slow, other)
    for one in stopped:
        assert one.now["status"] == "forwarded"
        assert [each["status"] for each in one.to_asker] == ["recalled"]
    assert [each["status"] for each in third.to_asker] == ["pending"]


@pytest.mark.parametrize("act", ["Đính chính", "Gửi bổ sung", "Hỏi người gửi"])
def test_one_text_for_several_questions_waits_for_an_officer(case: Case, act: str) -> None:
    other = Case(case.made, NAMES[1])
    asks = act == "Hỏi người gửi"
    for one in () if asks else (case, other):
        one.unit(ROAD)
        one.all_left()
    before = [len(one.to_asker) for one in (case, other)]
    led_to = case.write(letter(SXD, f"{act}: {case.code}, {other.code}: {LATER}", subject="V/v"), "sxd.test")
    assert ("officer_review", OFFICER) in led_to
    assert [len(one.to_asker) for one in (case, other)] == before
    review = said(case.made.last("officer_review", OFFICER))
    assert case.code in review
    assert other.code in review
    assert [name for name, _ in led_to].count("unit_told") == 2


def test_principle_3_an_officer_takes_it_back_too(slow: Case) -> None:
    slow.unit("Có ạ")  # gives the officer a mail to answer to
    slow.unit(ROAD)
    assert ("unit_told", SXD) in slow.officer(f"{slow.code} thu hồi")
    assert slow.now["status"] == "forwarded"
    assert [one["status"] for one in slow.to_asker] == ["recalled"]


def test_principle_3_after_the_delay_it_is_corrected_added_to_or_reopened(case: Case) -> None:
    case.unit(ROAD)
    case.all_left()
    assert ("unit_told", SXD) in case.unit("Thu hồi")
    assert case.now["status"] == "answered"
    case.unit(f"Đính chính: {LATER}")
    corrected = case.to_asker[-1]
    assert corrected["name"] == "citizen_corrected"
    assert "thay cho" in words(corrected)
    assert LATER in words(corrected)
    case.unit("Gửi bổ sung: Đoạn từ số 1 đến số 45 đường Trường Chinh sửa trước.")
    assert "vẫn giữ nguyên giá trị" in words(case.to_asker[-1])
    case.officer(f"{case.code} gửi bổ sung cho người hỏi: đường dây nóng 0225 3842 999", to="officer_alert")
    assert "0225 3842 999" in words(case.to_asker[-1])
    case.officer(f"{case.code} mở lại vì trả lời chưa đúng câu hỏi", to="officer_alert")
    assert case.now["status"] == "forwarded"
    assert "không còn giá trị" in words(case.to_asker[-1])
    case.unit(LATER)
    assert case.now["status"] == "answered"


@pytest.mark.parametrize(
    "said",
    [
        "Đính chính lần 2",
        "Đính chính lần thứ hai",
        "Đính chính lại",
        "Đính chính câu trả lời ngày 05/10/2026",
        "Đính chính (lần 2)",
    ],
)
def test_a_correction_may_say_which_it_is(case: Case, said: str) -> None:
    """It was held, and the asker kept what was wrong."""
    case.unit(ROAD)
    case.all_left()
    assert ("unit_told", SXD) in case.unit(f"{said}: {LATER}")
    corrected = case.to_asker[-1]
    assert corrected["name"] == "citizen_corrected"
    assert LATER in words(corrected)
    assert "lần" not in words(corrected).partition(LATER)[0][-40:], "the words before the colon are for the Board"


@pytest.mark.parametrize("said", ["Đính chính hộ em hạn trả lời", "Đính chính số điện thoại của Sở"])
def test_what_a_unit_asks_the_board_to_correct_is_no_correction_of_its_answer(case: Case, said: str) -> None:
    case.unit(ROAD)
    case.all_left()
    before = len(case.to_asker)
    case.unit(f"{said}: 0225 3842 123")
    assert len(case.to_asker) == before


@pytest.mark.parametrize(
    "said",
    [
        "Sau khi có ý kiến của Sở NN&MT, Sở Xây dựng xin điều chỉnh câu trả lời: sửa xong trước ngày 31/01/2027.",
        "Sở Xây dựng xin sửa lại nội dung trả lời: sửa xong trước ngày 31/01/2027 chứ không phải 30/11/2026.",
    ],
)
def test_what_calls_the_answer_wrong_never_leaves_as_an_addition_to_it(case: Case, said: str) -> None:
    case.unit(ROAD)
    case.all_left()
    assert ("officer_review", OFFICER) in case.unit(said)
    case.officer(f"{case.code} gửi bổ sung cho người hỏi")
    assert "thay cho nội dung tương ứng" in words(case.to_asker[-1])
    assert "vẫn giữ nguyên giá trị" not in words(case.to_asker[-1])


def test_who_takes_back_too_late_in_plain_words_is_told_so(case: Case) -> None:
    case.unit(ROAD)
    case.all_left()
    case.unit("thu hồi giúp em thư vừa rồi, sếp bảo sai ngày")
    told = case.house.sent_with(name="unit_told", question_id=case.row["id"])[-1]
    assert "đã gửi, không thu hồi được nữa" in words(told)
    review = text_of(case.made.last("officer_review", OFFICER))
    assert "nhờ đơn vị viết lại: xin gửi nội dung đúng" in " ".join(review.split())
    assert "gửi bổ sung cho người hỏi" not in review
    assert len(case.to_asker) == 1


def test_principle_3_a_correction_in_time_takes_the_answers_place(slow: Case) -> None:
    slow.unit(ROAD)
    slow.unit(f"Đính chính: {LATER}")
    assert [one["status"] for one in slow.to_asker] == ["recalled", "pending"]
    assert LATER in words(slow.to_asker[-1])
    assert ROAD not in words(slow.to_asker[-1])
    assert slow.now["status"] == "answered"


def test_principle_5_the_number_in_the_own_words_outweighs_the_thread(case: Case) -> None:
    other = Case(case.made, NAMES[1])
    case.unit(f"{other.code}: {ROAD}")
    assert case.now["status"] == "forwarded"
    assert case.to_asker == [] or all(ROAD not in words(one) for one in case.to_asker)
    assert other.now["status"] == "answered"


def test_who_calls_it_an_answer_is_not_told_that_it_is_unlike_one(house: World) -> None:
    case, other = Case(house), Case(house, NAMES[1])
    led_to = case.unit(f"Trả lời câu hỏi {other.code}: Sở sẽ sửa đường trước 15/11/2026.\n\nVũ Văn Hợp\nPhó Giám đốc")
    assert ("officer_review", OFFICER) in led_to
    for told in (house.last("officer_review", OFFICER), house.last("unit_told", SXD)):
        text = said(told)
        assert other.code in text
        assert "ời thư mở đầu là câu trả lời, nhưng phần sau chưa đủ rõ để tự gửi" in text
        assert "không giống một câu trả lời" not in text
    assert case.now["status"] == other.now["status"] == "forwarded"
    assert case.bystander_is_left_alone()


def test_principle_5_a_number_that_is_not_the_units_is_held(case: Case) -> None:
    assert ("officer_review", OFFICER) in case.unit(f"HP-2026-009999: {ROAD}")
    assert case.now["status"] == "forwarded"
    assert case.to_asker == []


def test_principle_8_what_was_taken_for_a_receipt_is_echoed_and_confirmed(case: Case) -> None:
    assert case.unit("Đã nhận ạ") == [("unit_told", SXD)]
    echo = words(case.house.sent[-1])
    assert "mới tiếp nhận" in echo
    assert "Trả lời" in echo
    assert case.unit("Vâng, đã nhận", to="unit_told") == []
    assert case.now["status"] == "forwarded"
    assert case.to_asker == []


def test_principle_8_a_unit_says_that_its_held_mail_is_the_answer(case: Case) -> None:
    led_to = case.unit("Cuối năm mới sửa được ông ạ.")
    if ("unit_told", SXD) in led_to:
        case.unit("Trả lời", to="unit_told")
    assert case.now["status"] == "answered"
    assert "Cuối năm mới sửa được" in words(case.to_asker[-1])


@pytest.mark.parametrize(
    ("order", "status", "words_to_unit"),
    [
        ("là câu trả lời", "answered", "làm câu trả lời"),
        ("báo đã nhận", "forwarded", "chưa phải câu trả lời"),
        ("không thuộc thẩm quyền", "needs_review", "không thuộc thẩm quyền"),
        ("nhờ đơn vị viết lại: ghi rõ ngày xong", "forwarded", "ghi rõ ngày xong"),
        ("chuyển cho người hỏi: mời ông đến Sở lúc 8 giờ ngày 10/10", "forwarded", "chuyển nội dung của đơn vị"),
    ],
)
def test_principle_8_officers_decide_on_unclear_mail(case: Case, order: str, status: str, words_to_unit: str) -> None:
    case.unit("Việc này để xem đã nhé, còn tùy.")
    review = text_of(case.made.last("officer_review", OFFICER))
    assert "Là câu trả lời" in review
    assert "Chuyển SXD" not in review
    assert ("unit_told", SXD) in case.officer(f"{case.code} {order}")
    assert case.now["status"] == status
    told = case.house.sent_with(name="unit_told", question_id=case.row["id"])
    assert words_to_unit in words(told[-1])


@pytest.mark.parametrize("order", ["Họ nói đúng, việc này của Sở Y tế. Chuyển Sở Y tế nhé.", "{code} chuyển SYT"])
def test_a_question_goes_on_from_the_unit_whose_mail_is_unclear(case: Case, order: str) -> None:
    held = [one["id"] for one in case.made.rows(raw_mail) if one["status"] == "held"]
    case.unit("Việc này để xem đã nhé, còn tùy.")
    told = case.officer(order.format(code=case.code))
    assert ("unit_forward", unit_address("SYT")) in told
    heard = case.house.sent_with(name="unit_told", question_id=case.row["id"])[-1]
    assert heard["recipient"] == SXD
    assert "Sở Y tế; Quý đơn vị không phải trả lời" in said(bytes(heard["bytes"])), "who wrote hears of it"
    assert case.now["status"] == "forwarded"
    assert [one["id"] for one in case.made.rows(raw_mail) if one["status"] == "held"] == held, "it is settled"


def test_another_units_answer_is_not_returned(case: Case) -> None:
    case.unit("Việc này để xem đã nhé, còn tùy.")
    heard = case.officer("Chưa đạt em ạ. Đề nghị Sở Y tế viết lại cho dễ hiểu, bớt trích luật đi.")
    assert heard == [("officer_done", OFFICER)]
    told = said(case.made.last("officer_done", OFFICER))
    assert f"Câu hỏi {case.code} đang ở Sở Xây dựng, không ở Sở Y tế" in told


def test_a_unit_hears_of_each_order_in_one_mail(case: Case) -> None:
    case.unit("Việc này để xem đã nhé, còn tùy.")
    before = case.house.sent_with(name="unit_told", question_id=case.row["id"])
    case.officer(f"{case.code} báo đã nhận\n{case.code} chuyển SYT")
    heard = case.house.sent_with(name="unit_told", question_id=case.row["id"])[len(before) :]
    said = " ".join(" ".join(map(words, heard)).split())
    assert "chưa phải câu trả lời" in said
    assert "Quý đơn vị không phải trả lời" in said


def test_a_unit_hears_of_each_wish_though_one_mail_holds_two_for_one_question(case: Case) -> None:
    case.unit("Việc này để xem đã nhé, còn tùy.")
    before = case.made.last_sent()
    case.officer(f"{case.code} nhờ đơn vị viết lại: ghi rõ ngày.\n{case.code} nhờ đơn vị viết lại: bỏ tên cán bộ.")
    heard = [words(one) for one in case.house.sent_with(name="unit_told", after=before)]
    assert [["ghi rõ ngày" in one, "bỏ tên cán bộ" in one] for one in heard] == [[True, False], [False, True]]


def test_an_officer_reads_the_words_of_a_forwarded_mail_before_they_leave(case: Case) -> None:
    inner = "Kính báo cáo Sở: đội đã kiểm tra hiện trường, đề nghị Sở xem xét bố trí vốn."
    head = "---------- Forwarded message ---------\nTừ: Đội 5 <doi5@sxd.test>\nSubject: Báo cáo\nTo: <vt@sxd.test>"
    case.unit(f"Kính chuyển Ban Biên tập.\n\n{head}\n\n{inner}")
    assert case.now["status"] == "forwarded"
    assert "đề nghị Sở xem xét bố trí vốn" in said(case.made.last("officer_review", OFFICER))


def test_a_refusal_does_not_go_to_the_unit_that_it_warns_of(case: Case) -> None:
    no = "Nội dung không thuộc thẩm quyền của Sở Xây dựng"
    unnamed = Case(case.made)
    sent = case.unit(f"{no}, đề nghị không chuyển Sở Y tế mà chuyển Sở Nội vụ.")
    sent += unnamed.unit(f"{no}. Đề nghị không chuyển câu hỏi cho Sở Y tế.")
    assert [whom for name, whom in sent if name == "unit_forward"] == [unit_address("SNV")]
    assert unnamed.to_asker == []


@pytest.mark.parametrize(
    "wish",
    [
        "Nhờ Ban chuyển câu này sang Sở Tài chính phối hợp cùng Sở Xây dựng trả lời.",
        "Nội dung này liên quan cả Sở Tài chính, đề nghị Ban gửi câu hỏi cho Sở Tài chính cùng trả lời.",
        "Đề nghị chuyển Sở Tài chính chủ trì, Sở Xây dựng phối hợp.",
        "Ổ gà đã vá xong ngày 05/10/2026. Còn nội dung kinh phí thuộc Sở Tài chính, đề nghị chuyển Sở Tài chính.",
    ],
)
def test_who_wants_another_unit_beside_it_keeps_the_question(case: Case, wish: str) -> None:
    assert [name for name, _ in case.unit(wish) if name == "unit_forward"] == []
    assert case.now["status"] == "forwarded"
    assert f"{case.code} thêm STC phối hợp" in said(case.made.last("officer_review", OFFICER))
    assert ("unit_forward", unit_address("STC")) in case.officer(f"{case.code} thêm STC phối hợp")
    granted = any(one["reason"].startswith("Cán bộ thêm đơn vị phối hợp") for one in case.house.mails[-3:])
    assert granted is not wish.startswith("Ổ gà"), "an officer still decides on what answers a part"


REFUSED_PART = (
    "SXD trả lời: phần đường trước số 12 đã sửa xong ngày 3/10. Phần đèn thuộc thẩm quyền Sở Công Thương, "
    "đề nghị Ban chuyển."
)
SILENT_PART = (
    "Sở Xây dựng trả lời như sau: đoạn đường ông phản ánh dài 320 m, ổ gà vá xong trước ngày 25/10/2026. "
    "Nội dung còn lại thuộc Sở Công Thương."
)
PART, REST, HELP, ALL = (
    "{0} chuyển cho người hỏi",
    "{0} chuyển SCT, đề nghị trả lời phần còn lại",
    "{0} thêm SCT phối hợp",
    "{0} là câu trả lời",
)
SCT = unit_address("SCT")


class InPart(Case):
    """The department has answered a part and said that the rest is another unit's; an officer has its mail."""

    def __init__(self, kept_house: World, text: str) -> None:
        super().__init__(kept_house)
        kept_house.house.clock.at += 4 * BETWEEN  # its officer gets several mails
        self.sent = self.unit(text)
        (review,) = kept_house.house.sent_with(name="officer_review", question_id=self.row["id"])
        self.review = bytes(review["bytes"])

    def order(self, act: str) -> str:
        """What the officer hears of an order that a link of that mail prepares."""
        self.write(answer_to(self.review, OFFICER, act.format(self.code)), OFFICER.partition("@")[2])
        return " ".join(text_of(self.made.last("officer_done", OFFICER)).split())

    @property
    def read_by_asker(self) -> list[tuple[str, str]]:
        """The mails to the asker, and whether they have what the department answered."""
        sure = ("sửa xong ngày 3/10", "vá xong trước ngày 25/10/2026")
        return [(one["name"], "part" * any(each in words(one) for each in sure)) for one in self.to_asker]

    @property
    def has(self) -> set[tuple[str, str]]:
        rows = self.made.house.rows(assignment, assignment.c.question_id == self.row["id"])
        return {(one["unit"], one["status"]) for one in rows}


@pytest.mark.parametrize("text", [REFUSED_PART, SILENT_PART])
def test_what_answers_a_part_waits_for_an_officer_with_both_acts(kept_house: World, text: str) -> None:
    """It went on as a refusal, and the answer was lost; or it left as the whole, and nobody handled the rest."""
    case = InPart(kept_house, text)
    assert {name for name, _ in case.sent} == {"officer_review", "unit_told"}
    assert case.to_asker == []
    assert case.now["status"] == "forwarded"
    offered = " ".join(text_of(case.review).split())
    assert all(f"“{act.format(case.code)}”" in offered for act in (PART, REST, HELP, ALL))
    assert "không thuộc thẩm quyền”" not in offered, "it would send the question on without the answer"
    case.unit("Trả lời", to="unit_told")
    assert case.to_asker == [], "the unit alone does not make the part the whole"
    assert case.bystander_is_left_alone()


@pytest.mark.parametrize("acts", [(PART, REST), (REST, PART)])
def test_the_part_and_the_rest_go_their_ways_in_either_order(kept_house: World, acts: tuple[str, str]) -> None:
    case = InPart(kept_house, REFUSED_PART)
    heard = [case.order(act) for act in acts]
    assert all("Đã làm" in one for one in heard)
    assert ("còn chờ Ông/Bà quyết định phần đã trả lời" in heard[0]) is (acts[0] == REST)
    assert sorted(case.read_by_asker) == [("citizen_asked", "part"), ("citizen_forwarded", "")]
    assert case.now["status"] == "forwarded"
    assert case.has == {("SXD", "replaced"), ("SCT", "forwarded")}
    (got,) = kept_house.house.sent_with(name="unit_forward", question_id=case.row["id"], recipient=SCT)
    assert "đề nghị trả lời phần còn lại" in " ".join(words(got).split())
    lamps = "Sở Công Thương trả lời như sau: đèn ngõ được lắp xong trước ngày 30/11/2026, kinh phí 40 triệu đồng."
    case.write(answer_to(bytes(got["bytes"]), SCT, lamps), "sct.test")
    assert case.now["status"] == "answered"
    assert "đèn ngõ được lắp xong" in words(case.to_asker[-1])
    assert case.bystander_is_left_alone()


@pytest.mark.parametrize("before", [REST, HELP])
def test_the_part_does_not_take_the_rest_from_who_has_it(kept_house: World, before: str) -> None:
    case = InPart(kept_house, SILENT_PART)
    assert f"“{PART.format(case.code)}”" in case.order(before)
    asked = case.order(ALL)
    assert "Chưa làm" in asked
    assert "Sở Công Thương đang trả lời phần còn lại" in asked
    assert ("SCT", "forwarded") in case.has
    assert "part" not in dict(case.read_by_asker).values()
    assert "Đã làm" in case.order("{0} vẫn là câu trả lời")
    assert ("citizen_answered", "part") in case.read_by_asker
    assert ("SCT", "replaced") in case.has
    assert case.bystander_is_left_alone()


def test_an_officer_may_take_the_part_for_the_whole(kept_house: World) -> None:
    case = InPart(kept_house, SILENT_PART)
    assert "Đã làm" in case.order(ALL)
    assert case.read_by_asker == [("citizen_answered", "part")]
    assert case.now["status"] == "answered"
    assert case.bystander_is_left_alone()


@pytest.mark.parametrize(
    ("text", "status", "to"),
    [
        (
            "Nội dung này không thuộc thẩm quyền của Sở Xây dựng, đề nghị chuyển SCT.",
            "forwarded",
            "citizen_forwarded",
        ),
        (
            f"{ROAD} Riêng phần vỉa hè thuộc UBND phường Kiến An, ông liên hệ bộ phận một cửa của phường.",
            "answered",
            "citizen_answered",
        ),
        (f"{ROAD} Ông liên hệ Sở Công Thương để được hướng dẫn thêm.", "answered", "citizen_answered"),
    ],
)
def test_a_plain_refusal_and_an_answer_that_names_another_body_go_as_before(
    kept_house: World, text: str, status: str, to: str
) -> None:
    case = Case(kept_house)
    case.unit(text)
    assert (case.now["status"], [one["name"] for one in case.to_asker]) == (status, [to])
    assert case.bystander_is_left_alone()


def test_an_officer_is_offered_the_units_that_a_refusal_speaks_of(case: Case) -> None:
    case.unit("Việc này không phải của Sở Xây dựng, bên Công an thành phố nắm.")
    alert = case.house.sent_with(name="officer_alert", question_id=case.row["id"])[-1]
    offered = said(bytes(alert["bytes"]))
    assert "Chuyển Công an thành phố" in offered
    assert "Chuyển Sở Xây dựng" not in offered, "it has had the question"


@pytest.mark.parametrize("order", ["{code} mo lai vi nguoi dan chua chiu", "{code} mở lại", "{code} mở lại câu hỏi"])
def test_what_is_open_at_its_unit_is_not_taken_back_by_opening_it_again(case: Case, order: str) -> None:
    case.made.ask(UNSURE, f"{next(COUNT)}@dan.test")
    before = case.now
    assert case.officer(order.format(code=case.code)) == [("officer_done", OFFICER)]
    assert case.now == before
    reply = said(case.made.last("officer_done", OFFICER))
    assert f"Câu hỏi {case.code} đang ở Sở Xây dựng, chưa có câu trả lời" in reply
    assert "Lấy lại câu hỏi" in reply, "the act that may be meant is offered"


@pytest.mark.parametrize(
    "order",
    [
        *("{code} lấy lại câu hỏi", "{code} mở lại vì chuyển nhầm", "{code} mo lai vi giao nham so"),
        *("{code} lấy câu hỏi về", "lấy lại câu {code} từ SXD", "lay lai cau hoi {code} tu So Xay dung nhe"),
    ],
)
def test_a_question_is_fetched_back_from_its_unit(case: Case, order: str) -> None:
    case.made.ask(UNSURE, f"{next(COUNT)}@dan.test")  # whose review the officer answers
    case.officer(order.format(code=case.code))
    assert case.now["status"] == "needs_review"
    heard = case.house.sent_with(name="unit_told", question_id=case.row["id"])
    assert [one["recipient"] for one in heard] == [SXD]
    assert "Quý đơn vị không phải trả lời" in said(bytes(heard[0]["bytes"]))
    assert [
        one["key"] for one in case.made.rows(duty) if one["question_id"] == case.row["id"] and one["status"] == "open"
    ]
    assert case.to_asker == []
    case.officer(f"{case.code} chuyển SYT")
    assert case.now["status"] == "forwarded"


def test_a_question_is_not_fetched_back_from_a_unit_that_has_it_not(case: Case) -> None:
    before = case.now
    assert case.officer(f"lấy lại câu {case.code} từ SYT") == [("officer_done", OFFICER)]
    told = said(case.made.last("officer_done", OFFICER))
    assert "đang ở Sở Xây dựng, không ở đơn vị ấy" in told
    assert f"“{case.code} lấy lại câu hỏi”" in told
    assert case.now == before
    case.officer(f"{case.code} lấy lại câu hỏi")
    assert case.now["status"] == "needs_review", "the order that the reply names"


def test_a_question_that_no_unit_has_is_not_said_to_be_at_one(case: Case) -> None:
    case.officer(f"{case.code} từ chối h vì thuộc thẩm quyền của Bộ Tài chính")
    case.officer(f"lấy lại câu {case.code} từ SYT")
    told = said(case.made.last("officer_done", OFFICER))
    assert f"{case.code} hiện không ở đơn vị nào; nếu vẫn muốn, xin ghi “{case.code} mở lại”" in told
    assert case.now["status"] == "rejected"


def test_the_unit_hears_that_its_question_is_refused(case: Case) -> None:
    case.officer(f"{case.code} từ chối h vì việc này thuộc thẩm quyền của Bộ Tài chính")
    assert case.now["status"] == "rejected"
    heard = case.house.sent_with(name="unit_told", question_id=case.row["id"])
    assert [one["recipient"] for one in heard] == [SXD]
    assert "Quý đơn vị không phải trả lời" in said(bytes(heard[0]["bytes"]))


def test_a_question_refused_by_mistake_is_taken_up_again(case: Case) -> None:
    refused = f"{case.code} từ chối h vì việc này thuộc thẩm quyền của Bộ Tài chính"
    case.officer(refused)
    case.officer(f"{case.code} chuyển SYT")
    assert case.now["status"] == "rejected"
    reply = said(case.made.last("officer_done", OFFICER))
    assert "Mở lại câu hỏi" in reply, "the way back is offered"
    assert "Chuyển ý kiến" not in reply, "there is no answer to have an opinion of"
    assert ("citizen_reopened", case.asker) in case.officer(f"{case.code} mở lại vì nhầm với câu khác")
    assert case.now["status"] == "needs_review"
    letter = said(bytes(case.to_asker[-1]["bytes"]))
    assert "Thư từ chối trước đây không còn giá trị" in letter
    assert "nhầm với câu khác" in letter
    assert ("unit_forward", unit_address("SYT")) in case.officer(f"{case.code} chuyển Sở Y tế")
    assert case.now["status"] == "forwarded"
    reopened = [one for one in case.made.rows(duty) if one["key"].startswith("reopened:")]
    assert [one["status"] for one in reopened if one["question_id"] == case.now["id"]] == ["met"]
    assert ("citizen_rejected", case.asker) in case.officer(f"{refused}."), "the asker hears of it again"


@pytest.mark.parametrize(
    "text",
    [
        "mở lại, chuyển SYT",
        "mở lại và chuyển Sở Y tế",
        "mở lại. Chuyển Sở Y tế trả lời nhé",
        "mở lại để chuyển SYT",
        "mở lại câu hỏi để giao Sở Y tế trả lời",
    ],
)
def test_a_question_is_taken_up_again_and_goes_on_in_one_mail(case: Case, text: str) -> None:
    case.officer(f"{case.code} từ chối h vì việc này thuộc thẩm quyền của Bộ Tài chính")
    told = case.officer(f"{case.code} {text}")
    assert {("citizen_reopened", case.asker), ("unit_forward", unit_address("SYT"))} <= set(told)
    assert case.now["status"] == "forwarded"
    letter = next(words(one) for one in case.to_asker if one["name"] == "citizen_reopened")
    assert "Lý do" not in letter
    assert "chuyển SYT" not in letter
    reply = said(case.made.last("officer_done", OFFICER))
    assert reply.count("Đã làm") == 2
    assert "xin ghi đơn vị trả lời" not in reply


@pytest.mark.parametrize("also", ["", ", phối hợp SNNMT", ", SNNMT"])
def test_an_answered_question_that_is_opened_again_for_another_unit(case: Case, also: str) -> None:
    case.unit(f"Trả lời: {ROAD}")
    case.all_left()
    told = case.officer(f"{case.code} mở lại vì trả lời sai ngày, chuyển SYT{also}")
    assert (("unit_forward", unit_address("SNNMT")) in told) is bool(also)
    assert {("unit_told", SXD), ("unit_forward", unit_address("SYT")), ("citizen_reopened", case.asker)} <= set(told)
    heard = case.house.sent_with(name="unit_told", question_id=case.row["id"])
    assert "không phải trả lời câu hỏi này nữa" in said(bytes(heard[-1]["bytes"]))
    assert not [one for one in heard if "đề nghị đơn vị trả lời lại" in said(bytes(one["bytes"]))]
    letter = next(said(bytes(one["bytes"])) for one in case.to_asker if one["name"] == "citizen_reopened")
    assert "Sở Y tế sẽ gửi câu trả lời mới" in letter
    assert "Lý do: trả lời sai ngày." in letter


@pytest.mark.parametrize("why", ["thiếu ý, chuyển SYT, SNNMT rồi không ai trả lời", "thiếu ý rồi chuyển SYT"])
def test_a_reason_in_which_a_forward_may_be_meant_is_asked_back(case: Case, why: str) -> None:
    case.unit(f"Trả lời: {ROAD}")
    case.all_left()
    assert {who for _, who in case.officer(f"{case.code} mở lại vì {why}")} == {OFFICER}
    assert case.now["status"] == "answered"


@pytest.mark.parametrize("answered", [True, False])
def test_of_a_held_mail_that_is_taken_back_no_answer_is_awaited_that_is_there(case: Case, *, answered: bool) -> None:
    if answered:
        case.unit(f"Trả lời: {ROAD}")
        case.all_left()
    case.unit("Báo cáo Ban Biên tập, đoạn đường này Sở làm trong tháng 12, để xem thêm.")
    assert case.unit("Thu hồi", "unit_told")[-1] == ("unit_told", SXD)
    told = said(case.made.last("unit_told", SXD))
    assert f"Đã bỏ thư của Quý đơn vị về câu hỏi {case.code}; thư ấy chưa gửi" in told
    assert ("vẫn chờ câu trả lời" in told) == (not answered)
    assert ("Xin trả lời thư này và viết câu trả lời" in told) == (not answered)
    assert case.now["status"] == ("answered" if answered else "forwarded")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Đã nhận. Mặt đường sẽ vá xong trước ngày 30/11/2026, kết quả có văn bản riêng.", True),
        ("Sở xin phép sửa đường đến hết ngày 30/11/2026.", True),
        ("Đường này do UBND phường Kiến An quản lý, phường sẽ sửa trước ngày 30/11/2026.", True),
        ("Xin gia hạn đến 30/11/2026 vì chờ ý kiến của Bộ", False),
    ],
)
def test_what_is_read_as_no_answer_but_may_be_one_can_be_sent_as_it(case: Case, text: str, *, offered: bool) -> None:
    assert ("officer_alert", OFFICER) in case.unit(text)
    assert case.to_asker == []
    alert = said(case.made.last("officer_alert", OFFICER))
    assert (f"ghi “{case.code} là câu trả lời”" in alert) == offered
    if offered:
        assert ("unit_told", SXD) in case.officer(f"{case.code} là câu trả lời", "officer_alert")
        assert case.now["status"] == "answered"
        assert text in words(case.to_asker[-1])


def test_a_closed_question_is_reopened_where_its_answer_proves_wrong(case: Case) -> None:
    case.unit("Việc này để xem đã nhé, còn tùy.")
    case.unit(f"Trả lời: {ROAD}")
    case.all_left()
    case.officer(f"{case.code} đóng")
    assert case.now["status"] == "closed"
    told = case.officer(f"{case.code} mở lại vì ngày sai")
    assert {("unit_told", SXD), ("citizen_reopened", case.asker)} <= set(told)
    assert case.now["status"] == "forwarded"


def test_an_asker_who_objects_to_a_refusal_gets_the_question_back(case: Case) -> None:
    case.officer(f"{case.code} từ chối h vì việc này thuộc thẩm quyền của Bộ Tài chính")
    sent = next(one for one in case.to_asker if one["name"] == "citizen_rejected")
    objection = "Tôi không đồng ý với việc từ chối, con đường này do thành phố quản lý chứ không phải Bộ."
    case.write(answer_to(bytes(sent["bytes"]), case.asker, objection), "dan.test")
    held = [one["id"] for one in case.made.rows(raw_mail) if one["status"] == "held"]
    assert f"{case.code} mở lại" in said(case.made.last("officer_review", OFFICER))
    case.officer(f"{case.code} mở lại vì người hỏi nói đúng")
    assert case.now["status"] == "needs_review"
    left = [one["id"] for one in case.made.rows(raw_mail) if one["status"] == "held"]
    assert len(left) == len(held) - 1, "the objection is settled"


def test_an_officer_says_whose_it_is_instead(case: Case) -> None:
    case.unit("Việc này để xem đã nhé, còn tùy.")
    several = case.officer(f"{case.code} không thuộc thẩm quyền, của Sở Y tế và Sở Nội vụ")
    assert case.now["status"] == "forwarded"
    assert ("unit_forward", unit_address("SYT")) not in several
    led_to = case.officer(f"{case.code} không thuộc thẩm quyền, của Sở Y tế")
    assert ("unit_forward", unit_address("SYT")) in led_to
    assert "đã chuyển Sở Y tế" in text_of(case.made.last("officer_done", OFFICER))
    assert case.now["status"] == "forwarded"


@pytest.mark.parametrize(
    "ahead",
    ["", "Sở không mở được tệp don.zip. ", "Sở đã xem ảnh! Đề nghị ", "Ông này hay kiện lắm, BBT thông cảm. "],
)
def test_a_units_question_reaches_the_asker_and_the_reply_the_unit(case: Case, ahead: str) -> None:
    led_to = case.unit(f"{ahead}Hỏi người gửi: đoạn đường nào, gần số nhà bao nhiêu?")
    assert ("citizen_asked", case.asker) in led_to
    asked = said(case.made.last("citizen_asked", case.asker))
    assert "đoạn đường nào, gần số nhà" in asked
    assert not ahead or ahead.split(".", maxsplit=1)[0].strip() not in asked
    assert ("unit_told", SXD) in led_to
    assert case.now["status"] == "forwarded"
    raw = answer_to(case.made.last("citizen_asked", case.asker), case.asker, "gần số 12")
    assert ("unit_followup", SXD) in case.write(raw, "dan.test")
    assert "gần số 12" in text_of(case.made.last("unit_followup", SXD))


@pytest.mark.parametrize(
    "text",
    [
        "Việc này không thuộc thẩm quyền của Sở. Hỏi người gửi: đoạn đường nào?",
        "Hỏi người gửi: đoạn đường nào?\n\nBBT lưu ý ông này hay kiện.",
    ],
)
def test_a_question_to_the_asker_beside_what_is_said_to_others_is_not_passed_on(case: Case, text: str) -> None:
    assert ("citizen_asked", case.asker) not in case.unit(text)


@pytest.mark.parametrize(
    "reply",
    [
        "Tôi hỏi đoạn gần bệnh viện Kiến An, bao giờ xong?",
        "Đoạn nào cũng hỏng, bệnh viện Kiến An khám giá bao nhiêu?",
    ],
)
def test_who_answers_a_unit_hears_where_the_answer_went_and_not_the_state(case: Case, reply: str) -> None:
    case.unit("Hỏi người gửi: đoạn đường nào?")
    raw = answer_to(case.made.last("citizen_asked", case.asker), case.asker, reply)
    led_to = case.write(raw, "dan.test")
    assert set(led_to) == {("unit_followup", SXD), ("citizen_completed", case.asker)}
    assert "đã được chuyển đến Sở Xây dựng" in said(case.made.last("citizen_completed"))


@pytest.mark.parametrize(
    ("said", "text", "subject"),
    [
        (": {}", "Sở đã gọi cho bác, văn bản trả lời gửi sau.", "Sở Xây dựng thông tin về câu hỏi"),
        (": {}", "bác cho biết Sở đã gọi chưa?", "Sở Xây dựng hỏi thêm về câu hỏi"),
        (" luôn em nhé", "Việc này để xem đã nhé, còn tùy.", "Sở Xây dựng thông tin về câu hỏi"),
    ],
)
def test_what_is_passed_on_to_the_asker_is_named_as_it_is(case: Case, said: str, text: str, subject: str) -> None:
    case.unit("Việc này để xem đã nhé, còn tùy.")
    assert ("citizen_asked", case.asker) in case.officer(f"{case.code} chuyển cho người hỏi{said.format(text)}")
    mail = case.made.last("citizen_asked", case.asker)
    assert subject in subject_of(mail)
    assert text in text_of(mail)
    assert case.now["status"] == "forwarded"


@each_third(
    ("text", "day"),
    [
        ("Sở xin thêm 1 tuần ạ", "27/10/2026"),
        ("Xin gia hạn thêm 7 ngày vì cần kiểm tra thực tế", "27/10/2026"),
        ("Đề nghị cho Sở thêm 10 ngày làm việc", "03/11/2026"),
        ("Xin lùi đến 30/10", "30/10/2026"),
        ("Xin GH đến 30/10 nhé", "30/10/2026"),
        ("Xin gia hạn đến thứ 5 tuần sau nữa ạ", "22/10/2026"),
        ("Cho em xin lùi lại sang tuần sau nữa được ko ạ", "23/10/2026"),
        ("Anh chị ơi bên em còn đợi nhà thầu chào giá, xin gia hạn tới thứ Sáu 30 tháng 10 giúp em ạ.", "30/10/2026"),
        ("Xin gia hạn đến 30/11/2026. Dự án hoàn thành ngày 15/01/2027.", "30/11/2026"),
        ("Do ngày 10/12/2026 HĐND họp về giá đất, xin gia hạn đến 30/11/2026.", "30/11/2026"),
        ("Sở đã tiếp nhận và sẽ trả lời trước ngày 30/11/2026.", "30/11/2026"),
        ("Đã nhận. Hẹn trả lời vào 30/11 ạ", "30/11/2026"),
        ("Đã nhận, 60 ngày nữa sẽ trả lời", "04/12/2026"),
        ("Xin lùi đến 25/11 để khảo sát tại ngõ 30/12 Trường Chinh", "25/11/2026"),
        ("de nghi cho gia han den 25/11 vi HDND hop den 10/12", "25/11/2026"),
    ],
)
def test_more_time_is_made_a_date(case: Case, text: str, day: str) -> None:
    assert ("officer_alert", OFFICER) in case.unit(text)
    assert f"đồng ý gia hạn đến {day}" in text_of(case.made.last("officer_alert", OFFICER))
    assert case.now["status"] == "forwarded"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Xin gia hạn đến 30/11/2026 vì đấu thầu sửa mặt đường chưa xong.", False),
        ("Sở xin gia hạn đến 20/11/2026 vì chờ kết quả đo đạc đoạn đường hư hỏng.", False),
        ("Do phải lấy ý kiến Bộ Xây dựng về mặt đường, Sở đề nghị cho gia hạn trả lời đến 30/11/2026.", False),
        ("Tạm trả lời thế này đã: tuần này vá tạm các ổ gà. Kế hoạch sửa lớn xin hẹn đến 30/11/2026.", True),
    ],
)
def test_a_wish_for_time_with_its_reason_is_not_offered_as_the_answer(case: Case, text: str, offered: bool) -> None:
    """Its reason names the matter; one click sent the request to the asker as his answer."""
    case.unit(text)
    shown = text_of(case.house.sent_with(recipient=OFFICER)[-1]["bytes"])
    assert ("là câu trả lời" in shown.lower()) is offered


def test_a_second_wish_for_time_is_called_so_and_is_no_answer(house: World) -> None:
    case = Case(house)
    case.unit("Sở xin gia hạn đến 30/10/2026 vì đang chờ vật tư.")
    assert "Trước đó" not in text_of(house.last("officer_alert", OFFICER))
    case.officer(f"{case.code} đồng ý gia hạn đến 30/10/2026", to="officer_alert")
    house.let_pass(days=29)
    case.unit("Sở xin gia hạn tiếp lần 2 đến 16/11/2026 vì nhà thầu chưa làm lại mặt đường.")
    alert = said(house.last("officer_alert", OFFICER))
    assert "Hạn hiện nay: 30/10/2026, đã quá hạn" in alert
    assert "Trước đó đơn vị đã xin gia hạn đến 30/10/2026" in alert
    assert "đồng ý gia hạn đến 16/11/2026" in alert
    assert "là câu trả lời" not in alert
    assert case.to_asker[-1]["name"] != "citizen_answered"


@pytest.mark.parametrize(
    "text",
    [
        "Về mặt đường: Sở đã giao đơn vị bảo trì vá ổ gà xong trước ngày 18/10/2026. "
        "Về rãnh nước, Sở đang rà soát, sẽ trả lời sau ạ.",
        "1. Về ổ gà: đã vá xong ngày 03/10/2026.\n2. Về rãnh nước: đơn vị đang khảo sát, sẽ có văn bản trả lời sau.\n"
        "Phó Giám đốc Phạm Quốc Khánh",
    ],
)
def test_an_answer_to_a_part_waits_for_an_officer(case: Case, text: str) -> None:
    assert case.unit(text) == [("unit_told", SXD), ("officer_review", OFFICER)]
    assert "hứa trả lời tiếp phần còn lại" in said(case.made.last("officer_review", OFFICER))
    assert case.now["status"] == "forwarded"
    case.unit("Trả lời", "unit_told")
    assert case.to_asker == [], "one word sends no half and ends nothing"


def test_what_is_told_of_a_part_leaves_and_the_question_stays_open(case: Case) -> None:
    case.unit("Sở Xây dựng trả lời: đã vá ổ gà xong ngày 03/10/2026. Riêng phần rãnh nước, Sở sẽ trả lời tuần sau.")
    review = text_of(case.made.last("officer_review", OFFICER))
    assert review.index("câu hỏi vẫn mở") < review.index("kết thúc: ghi")
    case.officer(f"{case.code} chuyển cho người hỏi")
    assert case.to_asker[-1]["name"] == "citizen_asked"
    assert case.now["status"] == "forwarded"


def test_the_end_of_an_answer_does_not_leave_while_its_beginning_waits(case: Case) -> None:
    other = Case(case.made, NAMES[1])
    end = f"Tiếp theo thư trước, Sở Xây dựng trả lời: {LATER}"
    case.unit("Sở Xây dựng trả lời trước phần đường: sẽ vá ổ gà xong trước 25/10/2026. Phần đèn sẽ trả lời tuần sau.")
    assert case.to_asker == []
    assert ("officer_review", OFFICER) in case.unit(end)
    assert case.to_asker == []
    assert "viết tiếp thư trước mà thư ấy chưa gửi" in " ".join(
        text_of(case.made.last("officer_review", OFFICER)).split()
    )
    other.unit(end)
    assert other.now["status"] == "answered", "no letter of it waits"


def test_a_promise_alone_is_a_receipt(case: Case) -> None:
    assert case.unit("Sở đang rà soát, sẽ trả lời sau ạ.") == [("unit_told", SXD)]
    assert "mới tiếp nhận" in words(case.house.sent[-1]).replace("\n", " ")


SCHOOL = "Con tôi từ tỉnh khác về đây học lớp 6, hồ sơ chuyển trường gồm những gì? Xin hỏi Sở Giáo dục và Đào tạo."
TRANSFER = "Hồ sơ chuyển trường gồm đơn xin chuyển trường, học bạ, giấy giới thiệu chuyển trường của trường đi."


def test_an_answer_about_moving_to_another_school_is_no_refusal(house: World) -> None:
    bystander, unit = Case(house), unit_address("SGDDT")
    asked = [
        house.ask(f"{SCHOOL}\n\n{name}\nSố {n} đường Lạch Tray, phường Gia Viên\n0912 000 22{n}\n", f"me{n}@dan.test")
        for n, name in enumerate(NAMES[:2])
    ]
    one, two = (str(row["code"]) for row in asked)
    text = f"1. {one}: Học sinh không phải đóng tiền học thêm, Sở đã yêu cầu trường trả lại.\n\n2. {two}: {TRANSFER}"
    house.arrive(vouched(answer_to(house.last("unit_forward", unit), unit, text), "sgddt.test"))
    states = [row["status"] for row in house.house.questions if row["code"] in (one, two)]
    assert states == ["forwarded", "forwarded"]
    assert "là câu trả lời" in text_of(house.last("officer_review", OFFICER)).lower()
    assert bystander.bystander_is_left_alone()


def test_a_weekday_is_that_of_its_week_and_no_number_of_weeks(house: World) -> None:
    wishes = (
        ("Mưa bão nên Sở chậm, mong Ban thông cảm. Cho Sở xin trả lời vào thứ 6 tuần này ạ.", "23/10/2026"),
        ("Xin thêm thời gian, thứ hai tuần tới sẽ gửi", "26/10/2026"),
        ("Xin chậm 2 tuần so với hạn", "03/11/2026"),
        ("Xin lùi đến thứ 6 tuần 4 tháng 10 do đang kiểm tra", ""),
    )
    cases = [Case(house) for _ in wishes]
    house.let_pass(days=16)  # Wednesday, 21 October, a day late
    for case, (text, day) in zip(cases, wishes, strict=True):
        assert ("officer_alert", OFFICER) in case.unit(text)
        heard, told = text_of(house.last("officer_alert", OFFICER)), words(house.house.sent[-1])
        assert f"đồng ý gia hạn đến {day or '…'}" in heard
        assert (f"đến ngày {day} và đang xem xét" if day else "cho biết xin gia hạn đến ngày nào") in told.replace(
            "\n", " "
        )
        assert case.now["status"] == "forwarded"


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("Bên em xin trả lời lại: ngày bắt đầu sửa mặt đường là 22/11/2026.", True),
        ("Kính gửi: ông Nguyễn Văn An\nXin trả lời: ngày bắt đầu sửa là 22/11/2026.", True),
        ("Xin trả lời ông/bà: thời gian nhận đơn của các hộ dân đến ngày 30/11/2026.", False),
    ],
)
def test_a_day_that_an_answer_tells_is_no_wish_for_time(case: Case, text: str, leaves: bool) -> None:
    led_to = case.unit(f"{text}\nPhó Giám đốc Phạm Quốc Khánh")
    assert not any(
        "gia hạn" in words(row) for row in case.house.sent[-len(led_to) :] if row["name"] != "officer_review"
    )
    assert case.now["status"] == ("answered" if leaves else "forwarded")
    assert [row["name"] for row in case.to_asker] == ["citizen_answered"] * leaves
    if not leaves:
        assert "là câu trả lời" in text_of(case.made.last("officer_review", OFFICER)).lower()


@pytest.mark.parametrize("text", ["Xin trả lời ông An vào 22/11/2026 ạ.", "Xin trả lời BBT: cho em đến 22/11/2026."])
def test_whoever_says_when_it_will_answer_asks_for_time(case: Case, text: str) -> None:
    assert ("officer_alert", OFFICER) in case.unit(text)
    assert "đồng ý gia hạn đến 22/11/2026" in text_of(case.made.last("officer_alert", OFFICER))
    assert case.to_asker == []


def test_an_officer_reads_whether_it_was_passed_on(kept_house: World) -> None:
    for asked in (
        "Câu này BBT đã chuyển cho Thuế chưa hay chỉ gửi cho Sở thôi?",
        "cau nay da chuyen cho Cong an chua a",
    ):
        case = Case(kept_house)
        assert ("officer_review", OFFICER) in case.unit(asked)
        assert case.now["status"] == "forwarded"
        assert not case.to_asker
        assert case.bystander_is_left_alone()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Xin gia hạn đến 15/9/2026", "đã qua"),
        ("Xin gia hạn đến ngày 15/10/2026", "không sau hạn"),
        ("Xin gia hạn đến 15/10. Dự án xong 15/11", "không sau hạn"),
    ],
)
def test_a_day_that_is_no_later_is_asked_back(case: Case, text: str, wrong: str) -> None:
    assert case.unit(text) == [("unit_told", SXD)]
    assert wrong in words(case.house.sent[-1])


@pytest.mark.parametrize("text", ["Của phường nhé, bên em không quản lý", "Khong thuoc tham quyen cua So"])
def test_a_refusal_in_plain_words_is_one(case: Case, text: str) -> None:
    assert ("officer_alert", OFFICER) in case.unit(text)
    assert case.now["status"] == "needs_review"
    assert case.to_asker == []


@pytest.mark.parametrize("text", ["Duyệt", ASKED], ids=["an order", "a question"])
def test_principle_4_context_never_makes_a_question(case: Case, text: str) -> None:
    before = len(case.house.questions)
    for name, to in (("unit_forward", SXD), ("citizen_received", case.asker)):
        row = next(
            one
            for one in reversed(case.house.sent)
            if (one["name"], one["recipient"], one["question_id"]) == (name, to, case.row["id"])
        )
        led_to = case.write(answer_to(bytes(row["bytes"]), "la@noi-khac.test", text), "noi-khac.test")
        assert ("officer_review", OFFICER) in led_to
        assert case.house.mails[-1]["status"] == "held"
        if name == "citizen_received":
            assert ("citizen_wrong_address", "la@noi-khac.test") in led_to
    assert len(case.house.questions) == before
    assert case.now["status"] == "forwarded"


@pytest.mark.parametrize(
    ("greeted", "leaves"),
    [("Anh An ơi", True), ("Dạ, bác Văn An ơi", True), ("Anh Tuấn ơi", False), ("Chị Lan ơi", False)],
)
def test_who_asked_may_be_called_by_name_and_nobody_else(case: Case, greeted: str, leaves: bool) -> None:
    led_to = case.unit(f"{greeted}, {ROAD[0].lower()}{ROAD[1:]}")
    assert (("citizen_answered", case.asker) in led_to) == leaves
    assert leaves or ("officer_review", OFFICER) in led_to


def test_who_sets_the_rule_is_no_refusal_beside_a_true_answer(case: Case) -> None:
    fee = "Mức phí qua đường là 30.000 đồng một lượt, do Hội đồng nhân dân quyết định, không thuộc Sở quy định."
    assert ("citizen_answered", case.asker) in case.unit(f"{ROAD} {fee}")
    other = Case(case.made)
    assert other.unit("Mức phí này không thuộc Sở quy định.")
    assert other.to_asker == []
    assert other.now["status"] in {"forwarded", "needs_review"}


@each_third(
    ("said", "leaves"),
    [
        ("Gửi nội bộ, không phát hành ra ngoài.", False),
        ("Gửi Ban biên bản họp giao ban tháng 9 để nắm tình hình.", False),
        ("Em gửi báo cáo tổng kết thu chi của phòng theo yêu cầu tuần trước.", False),
        ("Kính gửi Ban Biên tập văn bản trả lời công dân như tệp kèm theo.", True),
        ("Em gửi câu trả lời đã ký ạ", True),
        ("", True),
    ],
)
def test_a_file_stays_in_where_no_word_calls_it_the_answer(case: Case, said: str, leaves: bool) -> None:
    mails = case.house.sent_with(name="unit_forward", question_id=case.row["id"])
    files = (("tra-loi.pdf", "application/pdf", pdf([ROAD, LATER], seed=1)),)
    case.write(answer_to(mails[-1]["bytes"], SXD, said, attachments=files), "sxd.test")
    assert case.now["status"] == ("answered" if leaves else "forwarded")


@pytest.mark.parametrize(
    ("to", "leaves"), [("Bà Phạm Khác", False), (f"Ông {NAMES[0]}", True), ("Ban Biên tập", True)]
)
def test_a_file_to_somebody_else_stays_in(case: Case, to: str, leaves: bool) -> None:
    mails = case.house.sent_with(name="unit_forward", question_id=case.row["id"])
    files = (("cv.pdf", "application/pdf", pdf([f"Kính gửi: {to}", ROAD, LATER], seed=2)),)
    said = "Sở Xây dựng gửi văn bản trả lời công dân như tệp kèm theo."
    case.write(answer_to(mails[-1]["bytes"], SXD, said, attachments=files), "sxd.test")
    assert case.now["status"] == ("answered" if leaves else "forwarded")


def test_a_file_of_no_byte_is_no_answer(house: World) -> None:
    sends = "Sở Xây dựng gửi văn bản trả lời, đề nghị Ban Biên tập chuyển người dân."
    for beside, may_leave in ((sends, True), (ROAD, True), ("Sở gửi văn bản trả lời ạ.", False), ("", False)):
        case = Case(house)
        mails = house.house.sent_with(name="unit_forward", question_id=case.row["id"])
        files = (("1234-sxd.pdf", "application/pdf", b""),)
        case.write(answer_to(mails[-1]["bytes"], SXD, beside, attachments=files), "sxd.test")
        assert (case.now["status"], case.to_asker) == ("forwarded", [])
        for told in (house.last("officer_review", OFFICER), house.last("unit_told", SXD)):
            assert "tệp kèm theo rỗng, không có nội dung (1234-sxd.pdf)" in said(told)
        case.officer(f"{case.code} là câu trả lời")
        assert [files_of(bytes(row["bytes"])) for row in case.to_asker] == [{}] * may_leave
        assert may_leave or "nhờ đơn vị viết lại" in text_of(house.last("officer_done", OFFICER))
        assert case.bystander_is_left_alone()


STOPPING = [
    ("Khoan hãy gửi câu này, sai số liệu rồi.", ""),
    ("Đề nghị BBT chưa gửi công dân vội, Sở sửa lại chút.", ""),
    ("Bỏ thư vừa rồi giúp em, gửi nhầm câu khác.", ""),
    ("Đừng vội gửi câu trả lời, sếp em đang xem lại.", ""),
    ("Xin lỗi anh chị, mức thu đúng là 45.000 đồng, nhờ sửa giúp.", ""),
    ("Phòng em gõ nhầm mất rồi ạ, ngày 18/11 chứ không phải 8/11.", ""),
    ('Văn thư Sở Xây dựng muốn thu hồi thư, "Re: Đề nghị trả lời câu hỏi".', "Thu hồi: "),
    ('Van thu SXD would like to recall the message, "Re: Đề nghị trả lời câu hỏi".', "Recall: "),
]


@each_third(("text", "before"), STOPPING, ids=[one[:20] for one, _ in STOPPING])
def test_an_answer_that_waits_is_stopped_by_whatever_says_so(slow: Case, text: str, before: str) -> None:
    third = Case(slow.made)
    third.unit(ROAD)
    slow.unit(ROAD)
    forward = [
        row for row in slow.house.sent if row["name"] == "unit_forward" and row["question_id"] == slow.row["id"]
    ]
    sent = bytes(forward[-1]["bytes"])
    raw = answer_to(sent, SXD, text, subject=f"{before}Re: {subject_of(sent)}")
    assert {name for name, _ in slow.write(raw, "sxd.test")} == {"unit_told", "officer_alert"}
    assert [one["status"] for one in slow.to_asker] == ["recalled"]
    assert slow.now["status"] == "forwarded"
    assert [one["status"] for one in third.to_asker] == ["pending"], "another answer of the department goes on"


@pytest.mark.parametrize("who", ["unit", "officer"])
def test_a_further_letter_while_the_answer_waits_offers_to_take_it_back(slow: Case, who: str) -> None:
    slow.unit(ROAD)
    more = "Sở Xây dựng bổ sung: đoạn từ số 1 đến số 45 được thảm lại trước ngày 15/12/2026, kinh phí 300 triệu đồng."
    assert {name for name, _ in slow.unit(more)} == {"unit_told", "officer_review"}
    assert [one["status"] for one in slow.to_asker] == ["pending"]
    told, review = text_of(slow.made.last("unit_told", SXD)), text_of(slow.made.last("officer_review", OFFICER))
    assert "bằng chữ: Thu hồi" in " ".join(told.split())
    assert f"{slow.code} thu hồi" in review
    if who == "unit":
        slow.unit("Thu hồi", to="unit_told")
    else:
        slow.officer(f"{slow.code} thu hồi")
    assert [one["status"] for one in slow.to_asker] == ["recalled"]
    assert slow.now["status"] == "forwarded"


def test_of_an_answer_that_was_wrong_and_has_left_no_addition_is_offered(slow: Case) -> None:
    """An addition tells the requester that the answer still holds."""
    slow.unit(ROAD)
    slow.all_left()
    slow.unit("Sở ghi nhầm ngày, đúng là ngày 18/11, nhờ anh chị sửa giúp.")
    review = text_of(slow.made.last("officer_review", OFFICER))
    assert "gửi bổ sung cho người hỏi" not in review
    assert "bắt đầu bằng “Đính chính: ”" in " ".join(review.split())
    slow.officer(f"{slow.code} nhờ đơn vị viết lại: xin gửi nội dung đúng, bắt đầu bằng “Đính chính: ”")
    slow.unit("Đính chính: đoạn đường được sửa ngày 18/11/2026.", to="unit_told")
    assert "18/11/2026" in text_of(slow.made.last("citizen_corrected", slow.asker))


def test_a_further_letter_after_the_answer_has_left_offers_no_such_thing(slow: Case) -> None:
    slow.unit(ROAD)
    slow.all_left()
    slow.unit("Sở Xây dựng bổ sung: đoạn từ số 1 đến số 45 được thảm lại, kinh phí 300 triệu đồng.")
    assert "Thu hồi" not in text_of(slow.made.last("unit_told", SXD))
    assert "thu hồi" not in text_of(slow.made.last("officer_review", OFFICER))


@pytest.mark.parametrize(
    "text",
    [
        "Cảm ơn chị nhiều ạ.",
        "Em đã nhận được thư của BBT.",
        "Em gửi thêm bản chụp để chị xem ạ.",
        "Đúng là nội dung Sở đã trả lời, cảm ơn chị.",
        "Câu này em đã trả lời, báo để lãnh đạo nắm.",
    ],
)
def test_thanks_do_not_stop_an_answer_that_waits(slow: Case, text: str) -> None:
    slow.unit(ROAD)
    slow.unit(text)
    assert [one["status"] for one in slow.to_asker] == ["pending"]
    assert slow.now["status"] == "answered"


def in_subject(case: Case, subject: str, body: str = "") -> list[tuple[str, str]]:
    """The department answers our question's mail under a subject of its own."""
    rows = [row for row in case.made.house.sent if row["question_id"] == case.row["id"]]
    sent = bytes(next(row for row in rows if row["name"] == "unit_forward")["bytes"])
    return case.write(answer_to(sent, SXD, body, subject=subject), "sxd.test")


@pytest.mark.parametrize("who", ["unit", "officer"])
@each_third("subject", ["", "Re: trả lời {code}", "Re: [{code}] Đề nghị trả lời câu hỏi, hạn 20/10"])
def test_a_mail_that_only_quotes_ours_is_never_sent_as_the_answer(case: Case, who: str, subject: str) -> None:
    assert ("officer_review", OFFICER) in in_subject(case, subject.format(code=case.code))
    if who == "unit":
        case.unit("Trả lời", to="unit_told")
    else:
        case.officer(f"{case.code} là câu trả lời")
        assert "nhờ đơn vị viết lại" in text_of(case.made.last("officer_done", OFFICER))
    assert case.to_asker == []
    assert case.now["status"] == "forwarded"


SIGNED = "Trân trọng,\nVăn thư Sở Xây dựng\nĐT: 0225 3842 000"


@pytest.mark.parametrize("who", ["unit", "officer"])
@each_third("body", ["", SIGNED, "--\nVăn thư Sở Xây dựng"])
@pytest.mark.parametrize("begins", ["Re: {code} ", "SXD trả lời câu hỏi {code}: "])
def test_an_answer_in_the_subject_is_sent_by_a_persons_word(case: Case, who: str, body: str, begins: str) -> None:
    said = "mặt đường đã được sửa xong ngày 02/10"
    assert ("officer_review", OFFICER) in in_subject(case, f"{begins.format(code=case.code)}{said}", body)
    shown = text_of(case.made.last("officer_review", OFFICER))
    assert said in shown[shown.index("Lời sẽ gửi người hỏi") :]
    assert case.to_asker == []
    if who == "unit":
        case.unit("Trả lời", to="unit_told")
    else:
        case.officer(f"{case.code} là câu trả lời")
    assert case.now["status"] == "answered"
    assert said in words(case.to_asker[-1])
    assert "Cách trả lời" not in words(case.to_asker[-1])


def test_a_short_answer_leaves_without_its_subject(case: Case) -> None:
    in_subject(case, f"Về câu hỏi {case.code} của anh An phường Kiến An", ROAD)
    assert "phường Kiến An" not in words(case.to_asker[-1]).split("TRẢ LỜI CỦA")[1].split("Câu hỏi")[0]


@pytest.mark.parametrize(
    "text",
    [
        "Sở đã nhận câu hỏi và giao Đội duy tu số 2 trực tiếp trả lời, đề nghị Ban Biên tập liên hệ Đội.",
        "Sở đã chỉ đạo Trung tâm bảo trì kiểm tra hiện trường, kết quả sẽ có văn bản riêng.",
        "Đã nhận phiếu chuyển. BBT cho Sở xin thêm số điện thoại của người hỏi để anh em đi cùng nhé.",
        "Da nhan, phong dang xem. Ban can gi xin lien he anh Tuan phong Ha tang.",
        "Sở đã tiếp nhận, đang kiểm tra hiện trường. Ban có ảnh chụp đoạn này không ạ?",
        "Đã nhận, việc này xin liên hệ Đội duy tu số 2 để giải quyết.",
    ],
)
def test_officers_hear_of_a_receipt_that_asks_the_board_or_gives_the_question_away(case: Case, text: str) -> None:
    told = case.unit(text)
    assert ("officer_alert", OFFICER) in told, told
    alert = said(case.made.last("officer_alert", OFFICER))
    assert f"Sở Xây dựng báo đã nhận câu hỏi {case.code}, có lời cần Ban Biên tập xem" in alert
    assert text in alert
    assert f"“{case.code} nhắc đơn vị: …”" in alert
    assert case.now["status"] == "forwarded"
    assert case.to_asker == []


@each_third(
    "text",
    [
        "Sở đã nhận thư của Ban, phòng Hạ tầng đang kiểm tra, có kết quả sẽ gửi văn bản.",
        "Kính gửi Ban Biên tập, văn thư đã vào sổ công văn đến số 4410. Báo để Ban theo dõi, cảm ơn Ban đã liên hệ.",
        "Dạ em nhận rồi ạ, đang liên hệ với phường lấy số liệu, mong Ban thông cảm.",
        "Đã nhận, mọi vướng mắc xin liên hệ đồng chí Hà, Văn phòng Sở, 0225.3842.111",
        "Sở đã tiếp nhận câu hỏi. Nếu có vướng mắc, vui lòng liên hệ số máy 0225.3842.111.",
        "Sở đã nhận câu hỏi: Bao giờ Sở Xây dựng sửa? Sở sẽ trả lời đúng hạn.",
        "Sở đã tiếp nhận ngày 05/10/2026 và sẽ trả lời trước ngày 15/10/2026.",
        "Đã nhận nhé, hai ngày nữa Sở trả lời",
    ],
)
def test_a_mere_receipt_troubles_no_officer(case: Case, text: str) -> None:
    assert case.unit(text) == [("unit_told", SXD)]
