"""Which question a unit's mail is about: a list quoted below says nothing, nor does a number in running text."""

import email
import itertools
from typing import Any

import pytest

from db.core.tables import answer, raw_mail
from tests.contract.test_prepared_links import prepared
from tests.contract.test_replies_of_several import FOOT, word
from tests.installation import OFFICER, SXD, answer_to, letter, subject_of, text_of
from tests.world import World, vouched

MATTERS = (
    "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?",
    "Xin hỏi Sở Xây dựng: thời hạn cấp giấy phép xây dựng nhà ở riêng lẻ là bao nhiêu ngày, nộp hồ sơ ở đâu?",
    "Xin hỏi Sở Xây dựng: chung cư A7 xuống cấp bao giờ được di dời?",
)
REPAIRED = "mặt đường sẽ được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng."
ROAD = f"Sở Xây dựng trả lời: {REPAIRED}\n\nPhó Giám đốc\nLê Văn Phó"
PAVED = (
    "Sở Xây dựng trả lời: vỉa hè đường Lê Lợi sẽ lát lại cùng đợt sửa đường đã nêu tại câu hỏi {0}, "
    "hoàn thành trước 31/12/2026.\n\nPhó Giám đốc\nLê Văn Phó"
)
COUNT = itertools.count(1)


class Several:
    """Questions that lie with the Department of Construction, and its weekly list of them."""

    def __init__(self, house: World, matters: tuple[str, ...] = MATTERS) -> None:
        self.made = house
        self.rows = [self._ask(text) for text in matters]
        self.codes = [str(row["code"]) for row in self.rows]
        self.seen = house.last_sent()

    def _ask(self, text: str) -> dict[str, Any]:
        n = next(COUNT)
        body = f"{text}\n\nNguyễn Văn An\nSố {n} đường Trường Chinh, phường Kiến An\n0912 000 {n:03d}\n"
        row = self.made.ask(body, f"nguoi{n}@dan.test")
        assert row["status"] == "forwarded"
        return row

    def to_list(self, text: str, **options: Any) -> dict[str, Any]:
        """The unit presses Reply on its weekly list."""
        self.made.overviews()
        return self.by(answer_to(self.made.last("week_unit", SXD), SXD, text, **options))

    def thread(self, place: int, text: str, **options: Any) -> dict[str, Any]:
        """The unit replies to the mail that brought one of the questions."""
        mails = self.made.house.sent_with(name="unit_forward", question_id=self.rows[place]["id"])
        return self.by(answer_to(bytes(mails[-1]["bytes"]), SXD, text.format(*self.codes), **options))

    def by(self, raw: bytes) -> dict[str, Any]:
        self.seen = self.made.last_sent()
        return self.made.arrive(vouched(raw, "sxd.test"))

    @property
    def states(self) -> list[object]:
        known = {row["id"]: row["status"] for row in self.made.house.questions}
        return [known[row["id"]] for row in self.rows]

    def sent(self, recipient: str) -> list[bytes]:
        """What somebody was sent by the last mail that came."""
        return [bytes(one["bytes"]) for one in self.made.house.sent_with(after=self.seen, recipient=recipient)]

    def askers_heard(self) -> list[str]:
        """The askers who were sent something by the last mail."""
        return [str(row["asker_email"]) for row in self.rows if self.sent(str(row["asker_email"]))]

    def asked_back(self) -> tuple[str, str]:
        """What the officer and the unit read of the held mail."""
        (to_officer,), (to_unit,) = self.sent(OFFICER), self.sent(SXD)
        return " ".join(text_of(to_officer).split()), " ".join(text_of(to_unit).split())


OF_ALL_VERBS = (
    ROAD,
    "Về giá điện sinh hoạt: bậc 3 là 2.380 đồng một kWh.\n\nPhó Giám đốc\nLê Văn Phó",
    "Đã nhận.",
    "Sở Xây dựng xin gia hạn trả lời đến ngày 30/10/2026 do phải khảo sát.",
    "Nội dung này không thuộc thẩm quyền của Sở, đề nghị chuyển Sở Khoa học và Công nghệ.",
    "Xin ý kiến UBND thành phố về nội dung này.",
    "Thu hồi",
)


@pytest.fixture
def case(house: World) -> Several:
    return Several(house)


@pytest.mark.parametrize("text", OF_ALL_VERBS)
def test_a_reply_to_the_list_without_a_number_is_asked_back(house: World, case: Several, text: str) -> None:
    before = house.state()["assignment"]
    row = case.to_list(text)
    assert (row["status"], row["fate"]) == ("held", "hold"), row["reason"]
    assert case.askers_heard() == []
    assert case.states == ["forwarded"] * 3
    assert house.state()["assignment"] == before
    officer, unit = case.asked_back()
    for code in case.codes:
        assert code in officer
        assert code in unit
    assert "chưa rõ" in unit
    assert "Đăng ký" not in officer
    assert "Đơn vị dự đoán" not in officer


def test_the_officer_says_which_question_it_answers(house: World, case: Several) -> None:
    held = case.to_list(ROAD)
    (review,) = case.sent(OFFICER)
    house.arrive(vouched(answer_to(review, OFFICER, f"{case.codes[0]} là câu trả lời")))
    assert case.states == ["answered", "forwarded", "forwarded"]
    (kept,) = [one for one in house.rows(answer) if one["question_id"] == case.rows[0]["id"]]
    assert "mặt đường sẽ được sửa" in str(kept["text"])
    assert house.house.rows(raw_mail, raw_mail.c.id == held["id"])[0]["status"] == "done"


MORE_TIME = "Sở Xây dựng xin gia hạn trả lời đến ngày 30/10/2026 do phải khảo sát."


@pytest.mark.parametrize(("text", "again"), [(ROAD, "Trả lời"), (MORE_TIME, MORE_TIME)])
def test_the_unit_says_its_mail_again_by_a_click(case: Several, text: str, again: str) -> None:
    """What is read as the answer needs but that word; what asks for time is laid ready in its own words."""
    case.to_list(text)
    (asked,) = case.sent(SXD)
    bodies = [body.strip() for _, _, _, body in prepared(asked)]
    assert [f"{code}: {again}" for code in case.codes] == bodies
    row = case.by(answer_to(asked, SXD, bodies[1]))
    assert row["status"] == "done", row["reason"]
    assert case.states == ["forwarded", "answered" if text == ROAD else "forwarded", "forwarded"]


@pytest.mark.parametrize("said", ["{0}: Trả lời", "{0} trả lời", f"Trả lời câu hỏi {{0}}: {REPAIRED}"])
def test_the_unit_says_which_question_it_answered(house: World, case: Several, said: str) -> None:
    held = case.to_list(ROAD)
    (asked,) = case.sent(SXD)
    row = case.by(answer_to(asked, SXD, said.format(*case.codes)))
    assert row["status"] == "done", row["reason"]
    assert case.states == ["answered", "forwarded", "forwarded"]
    (kept,) = [one for one in house.rows(answer) if one["question_id"] == case.rows[0]["id"]]
    assert "mặt đường sẽ được sửa" in str(kept["text"])
    assert house.house.rows(raw_mail, raw_mail.c.id == held["id"])[0]["status"] == "done", "it waits no more"


def test_a_list_of_a_single_question_is_enough(house: World) -> None:
    case = Several(house, MATTERS[:1])
    row = case.to_list(ROAD)
    assert row["fate"] == "attach", row["reason"]
    assert case.states == ["answered"]


def test_a_number_of_its_own_counts_in_a_reply_to_the_list(case: Several) -> None:
    permit = "thời hạn cấp giấy phép xây dựng là 15 ngày, nộp hồ sơ tại Trung tâm Phục vụ hành chính công."
    assert case.to_list(f"Trả lời câu hỏi {case.codes[1]}: {permit}")["fate"] == "attach"
    assert case.states == ["forwarded", "answered", "forwarded"]
    both = f"{{0}}: {REPAIRED}\n{{2}}: chung cư A7 được di dời trước ngày 30/3/2027, kinh phí 90 tỷ đồng.\n"
    assert case.to_list(both.format(*case.codes))["fate"] == "attach"
    assert case.states == ["answered"] * 3


def test_a_reply_to_the_list_without_a_quotation_is_asked_back_too(house: World, case: Several) -> None:
    house.overviews()
    raw = house.last("week_unit", SXD)
    headers = {"In-Reply-To": message_id(raw), "References": message_id(raw)}
    row = case.by(letter(SXD, ROAD, subject=f"Re: {subject_of(raw)}", headers=headers))
    assert row["status"] == "held"
    officer, unit = case.asked_back()
    assert all(code in officer and code in unit for code in case.codes)


def message_id(raw: bytes) -> str:
    return str(email.message_from_bytes(raw)["Message-ID"])


REFERENCES = (
    PAVED,
    "Sở Xây dựng trả lời: giấy phép xây dựng cấp trong 15 ngày, hồ sơ như đã trả lời câu hỏi {0}.\nLê Văn Phó",
    "Nội dung này trùng với câu hỏi {0}, Sở sẽ sửa xong đường trước ngày 31/12/2026.",
    "Giấy phép xây dựng cấp trong 15 ngày làm việc, nộp tại Trung tâm Phục vụ hành chính công, như câu {0}.",
    "Sở xin gia hạn đến 30/10/2026 để khảo sát cùng với câu hỏi {0}.",
    "Câu này với câu {0} cùng một đoạn đường, không thuộc thẩm quyền của Sở, đề nghị chuyển Sở Công Thương.",
)


@pytest.mark.parametrize("text", REFERENCES)
def test_a_number_in_running_text_against_the_thread_is_held_and_asked(case: Several, text: str) -> None:
    row = case.thread(1, text)
    assert row["status"] == "held", row["reason"]
    assert case.askers_heard() == []
    assert case.states == ["forwarded"] * 3
    officer, unit = case.asked_back()
    for told in (officer, unit):
        assert case.codes[0] in told
        assert case.codes[1] in told
        assert case.codes[2] not in told


def test_a_number_in_running_text_against_the_subject_is_held(case: Several) -> None:
    row = case.by(letter(SXD, PAVED.format(*case.codes), subject=f"Trả lời câu hỏi {case.codes[1]}"))
    assert row["status"] == "held", row["reason"]
    assert case.askers_heard() == []


HEADS = (
    "Trả lời câu hỏi số {0}: {3}",
    "{0}: {3}",
    "Kính gửi Ban Biên tập,\nVề câu hỏi {0}, Sở Xây dựng trả lời như sau: {3}",
    "Sở Xây dựng trả lời câu hỏi {0} như sau: {3}",
    "Thừa lệnh anh Dũng, em gửi trả lời câu hỏi {0}: {3}",
    "Tôi tìm không thấy thư của câu {0} nên trả lời nhờ vào đây. Trả lời {0}: {3}",
)


@pytest.mark.parametrize("text", HEADS)
def test_a_number_at_the_head_goes_before_the_thread(case: Several, text: str) -> None:
    row = case.thread(1, text.replace("{3}", REPAIRED))
    answered = row["fate"] == "attach" and case.states == ["answered", "forwarded", "forwarded"]
    (told, *_) = [*case.sent(OFFICER), *case.sent(str(case.rows[0]["asker_email"]))]
    assert answered or case.codes[0] in subject_of(told), row["reason"]
    assert not case.sent(str(case.rows[1]["asker_email"]))


@pytest.mark.parametrize(
    "text",
    [
        "Trả lời câu hỏi {1}: giấy phép cấp trong 15 ngày, nộp tại Trung tâm Phục vụ hành chính công, như câu {0}.",
        "Giấy phép cấp trong 15 ngày, nộp hồ sơ tại Trung tâm Phục vụ hành chính công ({1}), xem thêm câu {0}.",
    ],
)
def test_a_reference_beside_the_own_number_answers_nobody_else(case: Several, text: str) -> None:
    row = case.thread(1, text)
    assert row["fate"] == "attach", row["reason"]
    assert case.states == ["forwarded", "answered", "forwarded"]


def test_the_thread_speaks_whatever_numbers_stand_below(case: Several) -> None:
    """A reply whose quotation tells of other questions, in a thread whose subject has lost its number."""
    below = "Giấy phép cấp trong 15 ngày, nộp tại Trung tâm hành chính công.\n\n> Các câu {0}, {2} cũng chờ.\n"
    row = case.thread(1, below, subject="Trả lời của Sở")
    assert row["fate"] == "attach", row["reason"]
    assert case.states == ["forwarded", "answered", "forwarded"]


@pytest.mark.parametrize("named", [False, True])
def test_a_file_without_a_word_above_the_quoted_list(case: Several, named: bool) -> None:
    """Nothing is written above the quotation, which is then the mail's whole text: its numbers still say nothing."""
    lines = ["Số: 77/SXD-QLN", f"V/v trả lời câu hỏi {case.codes[1]}" if named else "V/v trả lời công dân", REPAIRED]
    row = case.to_list("", attachments=[word("Tra loi.docx", [*lines, *FOOT])])
    assert row["fate"] == ("attach" if named else "hold"), row["reason"]
    assert case.states == ["forwarded", "answered" if named else "forwarded", "forwarded"]


@pytest.mark.parametrize("place", ["text", "subject", "file"])
def test_of_a_new_mail_that_names_an_asker_his_question_is_the_likely_one(house: World, place: str) -> None:
    several = Several(house, MATTERS * 2)
    body = f"{MATTERS[0]}\n\nQuách Thị Lúa\nSố 90 đường Trường Chinh, phường Kiến An\n0912 000 990\n"
    code, whom = str(house.ask(body, "lua@dan.test")["code"]), "bà Quách Thị Lúa"
    text = f"Kính gửi {whom},\n{ROAD}" if place == "text" else ROAD
    files = (("tra-loi-ba-quach-thi-lua.pdf", "application/pdf", b"%PDF-1.4 tra loi"),) if place == "file" else ()
    subject = f"V/v trả lời kiến nghị của {whom}" if place == "subject" else "V/v trả lời kiến nghị"
    row = several.by(letter(SXD, text, subject=subject, message_id="<new@sxd.test>", attachments=files))
    assert row["status"] == "held"
    shown = " ".join(text_of(house.last("officer_review", OFFICER)).split())
    assert f"có lẽ là câu {code}, vì thư nêu tên người hỏi (Quách Thị Lúa)" in shown
    assert shown.partition("là câu trả lời”")[0].endswith(f"“{code} "), "the first act"
    assert house.house.sent_with(recipient="lua@dan.test", after=several.seen) == []


def test_a_name_that_several_askers_have_tells_nothing(house: World) -> None:
    several = Several(house)
    text = f"Kính gửi ông Nguyễn Văn An,\n{ROAD}"
    assert several.by(letter(SXD, text, subject="V/v trả lời", message_id="<new@sxd.test>"))["status"] == "held"
    assert "có lẽ là câu" not in text_of(house.last("officer_review", OFFICER))
