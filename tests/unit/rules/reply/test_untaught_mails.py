"""What people wrote who were taught nothing: nothing that is no answer looks like one, and most answers do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.reply.addressee import another_matter, another_person
from rules.reply.evidence import Evidence, Papers, by_phrases, settled, weigh
from rules.reply.reply import read_reply
from rules.reply.unit_names import unit_names
from rules.text import strip_marks
from rules.values.data_file import load_units
from rules.values.model import Mailbox, ParsedMail, Reply, Verb
from tests.mail_tables import ASKED, DATA, Row, rows_of, tables_of

TABLES = tables_of("unit")
UNITS = load_units()
NAMES = unit_names(UNITS)
PLAYED = {"forward", "bare", "attach", "other", "extension", "received"}
"""Kinds of replies; "other" is about another question of the department than the one that it answers to."""
MOST_HELD = 0.06
"""The share of true answers that an officer may have to look at."""
DISPUTED = {"blind_2:f-u072", "blind_3:g-u056"}
"""An appointment, which the writer takes for a question to the citizen and others for the answer; and a department
that names whose matter a letter is and answers another one besides."""


def mail_of(text: str) -> ParsedMail:
    sender = Mailbox("Văn thư", "vanthu@don-vi.test")
    return ParsedMail("0" * 64, len(text), "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi", text, (sender,))


def reply_of(row: Row) -> Reply:
    return read_reply(mail_of(row.text.replace("{F}", "HP-2026-000124").replace("{Q}", "HP-2026-000123")), UNITS)


def named_by(row: Row) -> tuple[str, ...]:
    """The units that should have it, as the reply says."""
    return tuple(reply_of(row).unit)


def weighed(row: Row) -> tuple[Reply, Evidence]:
    reply = reply_of(row)
    asked = ASKED.get(row.note.get("unit", "") or "SXD", "")
    papers = Papers(int(row.context == "attach"), reply.document, reply.signer_title)
    found = weigh(reply.text, asked, papers, NAMES)
    asker = row.note.get("asker", "").strip() or "Nguyễn Văn An"
    if elsewhere := another_person(reply.text, asker, asked) or another_matter(reply.text, asked):
        found = replace(found, vetoes=(*found.vetoes, elsewhere))
    return reply, found


def verb_of(row: Row) -> Verb:
    reply, found = weighed(row)
    return settled(reply.verb, reply.unit, found)


def by_phrases_of(row: Row) -> Verb:
    """The verb by the phrases alone: a few words may still wait for how they sound."""
    reply, found = weighed(row)
    return by_phrases(reply.verb, reply.unit, found)


def rows() -> list[Row]:
    return [row for table in TABLES for row in rows_of(DATA / table, "unit") if row.context in PLAYED]


@pytest.mark.wide
def test_what_is_no_answer_is_never_taken_for_one() -> None:
    others = [row for row in rows() if not set(row.expect) & {"answer", "other"} and row.id not in DISPUTED]
    assert len(others) > 820
    assert not [(row.id, row.text) for row in others if verb_of(row) is Verb.ANSWER]


@pytest.mark.wide
def test_most_true_answers_are_answers() -> None:
    answers = [row for row in rows() if row.expect == ("answer",) and row.context != "attach"]
    held = [(row.id, row.text) for row in answers if verb_of(row) is not Verb.ANSWER]
    assert len(answers) > 530
    assert len(held) <= MOST_HELD * len(answers), held


@pytest.mark.parametrize(
    "text",
    [
        "Anh hỏi giúp sở người dân xem đoạn nào, có thông tin em mới trả lời được",
        "Gửi kèm văn bản đề nghị gia hạn của Sở.",
        "Văn bản trả lời em viết xong nhưng giám đốc bảo phải sửa phần kinh phí, chưa dùng được đâu ạ",
        "Đây không phải nhiệm vụ của ngành xây dựng, chuyển Sở Y tế.",
        "Chuyển câu này sang Sở Y tế, đường trước cổng viện.",
        "Câu HP-2026-000124 bên em chưa làm xong, còn câu này thì chờ lãnh đạo cho ý kiến. Chị đừng sốt ruột.",
        "Chưa có kế hoạch sửa đường, trong 5 ngày nữa em báo lại",
        "Đơn này em trình sếp trước 2 ngày rồi, chưa có kế hoạch sửa đường",
        "Vá xong rồi mà, trong 2 ngày tới đội gửi ảnh, em chưa có ảnh",
        "Dự kiến, nếu thành phố cho vốn, sẽ khởi công tháng 12; xin đừng thông tin vội.",
        "Mặt đường được thảm trong tháng 12/2026, xin đừng nói với dân.",
        "Nếu cấp trên bố trí vốn thì mặt đường sửa trong tháng 12/2026.",
        "Câu này với câu hôm thứ Sáu của Ban có phải một người hỏi không chị? Giọng giống nhau quá.",
    ],
)
def test_kinds_that_went_out_once(text: str) -> None:
    assert verb_of(Row("own", "unit", "forward", text, ("hold",), {})) is not Verb.ANSWER


PAIRS = [
    ("Đường này sửa xong trước 30/11.", "Đường này sửa xong chưa, trước 30/11?"),
    ("Mức thu là 30.000 đồng/tháng.", "Mức thu điền tạm là 30.000 đồng/tháng."),
    ("Ổ gà đã vá xong hôm 5/10.", "Sếp bảo ổ gà đã vá xong hôm 5/10."),
    ("Cống do phường quản lý. Ông nộp đơn tại số 5 Lê Lợi.", "Cống do phường quản lý. Ban chuyển tới số 5 Lê Lợi."),
    ("Sở phạt 15 triệu đồng.", "Sở đề xuất phạt 15 triệu đồng."),
    ("Phương án đã duyệt: thảm lại trong tháng 11/2026.", "Phương án 1: thảm lại trong tháng 11/2026."),
    ("Thành phố bố trí 3,5 tỷ đồng, đã được duyệt.", "Thành phố bố trí 3,5 tỷ đồng, chưa được duyệt."),
    ("Bà mang sổ đỏ ra phường trước 15/10.", "Bà cho biết sổ đỏ số mấy trước 15/10."),
    ("Trẻ dưới 6 tuổi khám miễn phí.", "Trẻ dưới 6 tuổi khám miễn phí hay sao?"),
    ("Sở cấm đỗ xe từ 1/10.", "Sở sợ cấm đỗ xe từ 1/10."),
    ("Nếu ông có sổ thì nộp 75.000 đồng.", "Nếu Ban có sổ thì nộp 75.000 đồng."),
    ("Đèn hỏng cảm biến, thay xong tối qua.", "Đèn hỏng cảm biến, thay xong tối qua mới trả lời."),
    ("Nước yếu do vỡ ống, hàn xong đêm qua.", "Nước yếu hình như do vỡ ống, hàn xong đêm qua."),
    ("Đoạn này 400 m, sửa trong quý I/2027.", "Đoạn này 400 m, chờ phòng sửa trong quý I/2027."),
    ("Hồ sơ gồm 6 loại, nộp trước 25/10.", "Hồ sơ gồm 6 loại, trình tôi trước 25/10."),
    (
        "Bác không phải xin phép, nhà cấp 4 được miễn.",
        "Bác không phải xin phép, nhà cấp 4 được miễn, em viết thế ok chưa",
    ),
]
"""A true answer, and what differs from it in a word or two and is none."""


@pytest.mark.parametrize(("answer", "other"), PAIRS, ids=[one[:40] for one, _ in PAIRS])
def test_a_word_parts_an_answer_from_what_is_none(answer: str, other: str) -> None:
    for text in (answer, strip_marks(answer)):
        assert by_phrases_of(Row("own", "unit", "forward", text, ("answer",), {})) is Verb.ANSWER, text
    for text in (other, strip_marks(other)):
        assert verb_of(Row("own", "unit", "forward", text, ("hold",), {})) is not Verb.ANSWER, text


@pytest.mark.wide
def test_nothing_is_passed_on_that_no_department_refuses() -> None:
    """A refusal that names a unit goes to it by itself: what is no refusal never reads as one with a name."""
    others = [row for row in rows() if not {one.partition(":")[0] for one in row.expect} & {"refusal", "other"}]
    passed = [
        row for row in others if row.id not in DISPUTED and verb_of(row) is Verb.NOT_COMPETENT and named_by(row)
    ]
    assert not [(row.id, row.text) for row in passed]


@pytest.mark.parametrize(
    "text",
    [
        "Mặt đường Sở sẽ trả lời sau, còn phần nước thải thuộc Sở Nông nghiệp và Môi trường, đề nghị BBT chuyển.",
        "Về mặt đường: Sở sẽ trả lời riêng. Về điện chiếu sáng: đề nghị BBT chuyển UBND phường Kiến An.",
        "Vỉa hè thuộc UBND phường Kiến An, đề nghị BBT chuyển phường. Sở chỉ trả lời phần mặt đường.",
        "Phần vỉa hè đề nghị BBT chuyển UBND phường Kiến An, phần mặt đường Sở trả lời: sửa xong trước 30/11/2026.",
    ],
)
def test_a_question_that_its_department_answers_in_part_does_not_leave_it(text: str) -> None:
    assert verb_of(Row("own", "unit", "forward", text, ("hold",), {})) is Verb.NONE


def test_a_question_that_is_wholly_anothers_leaves() -> None:
    text = "Phần này thuộc UBND phường Kiến An, đề nghị BBT chuyển phường trả lời công dân."
    assert verb_of(Row("own", "unit", "forward", text, ("refusal",), {})) is Verb.NOT_COMPETENT


@pytest.mark.parametrize(
    "text",
    [
        "lùi hạn giúp em ít bữa được không chị, sếp em đi nước ngoài",
        "dời hạn cho phòng em sang 2/11 được không chị",
        "hạn này căng quá, nới cho em với",
        "trễ mấy hôm được không ạ",
        "nhờ ban chuyển hạn sang cuối tháng giúp",
        "Hạn trả lời xin được tính lại đến 30/10",
    ],
)
def test_more_time_is_asked_for_in_a_colleagues_words(text: str) -> None:
    assert verb_of(Row("own", "unit", "forward", text, ("extension",), {})) is Verb.EXTENSION
    assert verb_of(Row("own", "unit", "forward", strip_marks(text), ("extension",), {})) is Verb.EXTENSION


@pytest.mark.parametrize(
    "text",
    [
        "Sở không lùi hạn cho nhà thầu thêm nữa, phải xong trước 30/10/2026",
        "Nhà thầu xin lùi hạn nhưng Sở không đồng ý, đường sẽ xong ngày 30/10",
        "Ông làm đơn xin lùi hạn nộp thuế tại Thuế cơ sở, miễn phí",
        "Sở đã lùi hạn thu phí cho bà con đến 30/11/2026, không phạt",
        "Không cần lùi hạn đâu, mai em gửi",
    ],
)
def test_somebody_elses_time_is_no_wish_of_the_unit(text: str) -> None:
    assert verb_of(Row("own", "unit", "forward", text, ("hold",), {})) is not Verb.EXTENSION


def test_papers_of_a_dossier_make_no_paper_of_an_answer() -> None:
    listed = (
        "Hồ sơ gồm: giấy đề nghị theo mẫu; biên bản họp thành viên hộ gia đình; giấy giới thiệu; hợp đồng số 2. "
        "Nộp tại phường, lệ phí 100.000 đồng, 3 ngày làm việc."
    )
    assert verb_of(Row("own", "unit", "forward", listed, ("answer",), {"unit": "STC"})) is Verb.ANSWER
    for head in ("Biên bản họp giao ban ngày 3/10.", "Tờ trình phê duyệt kinh phí.", "Báo cáo tuần 40."):
        assert verb_of(Row("own", "unit", "forward", f"{head} {listed}", ("hold",), {"unit": "STC"})) is Verb.NONE


def test_what_the_board_is_to_post_is_no_promise_of_the_unit() -> None:
    text = "So GDDT gui van ban tra loi phu huynh ve viec thu tien hoc them, de nghi BBT dang va gui nguoi hoi"
    assert verb_of(Row("own", "unit", "attach", text, ("answer",), {"unit": "SGDDT"})) is Verb.ANSWER
    waits = "Sở đang soạn văn bản trả lời và sẽ gửi BBT"
    assert verb_of(Row("own", "unit", "forward", waits, ("received",), {})) is not Verb.ANSWER


@pytest.mark.parametrize(
    ("text", "context", "verb"),
    [
        ("Kính chuyển Ban Biên tập văn bản số 611/BHXH-CĐ trả lời công dân.", "attach", Verb.ANSWER),
        ("so y te gui ban tra loi da ky, nho ban dang len va gui cho nguoi hoi", "attach", Verb.ANSWER),
        ("so y te gui ban tra loi, ban cho giam doc ky nhe", "attach", Verb.NONE),
        ("Kính chuyển trả Ban Biên tập, việc này thuộc Bảo hiểm xã hội.", "forward", Verb.NOT_COMPETENT),
        ("Kính chuyển Ban Biên tập để chuyển Bảo hiểm xã hội trả lời công dân.", "forward", Verb.NOT_COMPETENT),
        ("khong phai o ga, do la nap ho ga lun, ben em thay nap gang moi chieu nay roi", "forward", Verb.ANSWER),
        ("em thay nap ho ga lun, de em bao sep roi tra loi", "forward", Verb.FOLLOW_UP),
        ("Đề nghị cho phép Sở trả lời trước ngày 06/11/2026.", "forward", Verb.EXTENSION),
    ],
)
def test_what_only_looks_like_words_to_somebody_else(text: str, context: str, verb: Verb) -> None:
    assert verb_of(Row("own", "unit", context, text, ("answer",), {})) is verb
