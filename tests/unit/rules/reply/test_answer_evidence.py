"""What leaves towards a citizen as an answer needs evidence that it is one; vetoes hold whatever else is there."""

from __future__ import annotations

import pytest

from rules.reply.evidence import Evidence, Papers, by_phrases, settled, weigh
from rules.reply.unit_names import unit_names
from rules.text import strip_marks
from rules.values.data_file import load_units
from rules.values.model import Verb

ROAD = "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
WASTE = "Tôi muốn hỏi mức thu tiền rác hộ gia đình ở phường là bao nhiêu một tháng?"


def weighed(text: str, asked: str = ROAD, papers: Papers | None = None) -> Evidence:
    return weigh(text, asked, papers or Papers(), unit_names(load_units()))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Theo Quyết định 15/2025, mức thu là 30.000 đồng/tháng/hộ.", WASTE),
        ("Mặt đường sẽ được thảm lại trước ngày 30/11/2026.", ROAD),
        ("Ổ gà đã vá xong hôm 5/10 ạ.", ROAD),
        ("Sở sẽ xử lý xong các ổ gà trước ngày 20/10.", ROAD),
        ("Năm nay chưa có vốn, quý II/2027 mới sửa mặt đường.", ROAD),
    ],
)
def test_a_true_short_answer_is_an_answer_with_and_without_marks(text: str, asked: str) -> None:
    assert weighed(text, asked).is_answer
    assert weighed(strip_marks(text), asked).is_answer


@pytest.mark.parametrize(
    "text",
    [
        "Sở đang xử lý, sẽ trả lời sau.",
        "Có ạ",
        "Bên em đang đi kiểm tra hiện trường, có kết quả sẽ báo.",
        "Văn phòng Sở đã vào sổ, trình lãnh đạo phân công.",
        "Tôi nghỉ phép đến hết ngày 15/10.",
        "--\nNguyễn Văn B\nVăn thư Sở Xây dựng",
    ],
)
def test_what_the_office_does_is_no_answer(text: str) -> None:
    found = weighed(text)
    assert not found.is_answer
    assert by_phrases(Verb.ANSWER, "", found) is Verb.NONE
    assert settled(Verb.ANSWER, "", found) in {Verb.NONE, Verb.RECEIVED}


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", " Đề nghị BBT không gửi cho công dân."),
        ("(Nội bộ) ", ""),
        ("Dự thảo, BBT xem trước giúp: ", ""),
        ("", " Bản này đang chờ Giám đốc ký."),
        ("", " Thư này em gửi nhầm, BBT bỏ qua giúp."),
        ("Kính trình lãnh đạo, em tham mưu trả lời: ", ""),
        ("", " Chi tiết theo văn bản gửi kèm."),
        ("", " Đề nghị BBT kiểm tra lại giúp."),
        ("", " BBT gửi giúp công dân, và BBT xem lại câu 2."),
    ],
    ids=["kept", "in-house", "draft", "unsigned", "mistaken", "advice", "no file", "to the board", "and more of it"],
)
def test_a_veto_holds_whatever_else_is_in_the_mail(before: str, behind: str) -> None:
    text = "Mặt đường được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng."
    assert weighed(text).is_answer
    found = weighed(f"{before}{text}{behind}")
    assert found.vetoes
    assert not found.is_answer


@pytest.mark.parametrize(
    "text",
    [
        "UBND phường ra quyết định thu hồi đất đối với 12 hộ, mỗi hộ được bồi thường 450 triệu đồng.",
        "Đường nội bộ khu tái định cư do chủ đầu tư sửa, mặt đường xong trước 30/11/2026.",
        "Sở đã tham mưu UBND thành phố ban hành Quyết định 15/2025, mặt đường sửa trong quý I/2027.",
    ],
)
def test_a_word_of_a_veto_in_the_matter_is_none(text: str) -> None:
    assert weighed(text).is_answer


def test_a_wish_that_the_board_passes_the_answer_on_is_no_veto() -> None:
    assert weighed("Ổ gà đã vá xong hôm 5/10. Nhờ BBT gửi giúp công dân câu trả lời.").is_answer


def test_a_formal_answer_may_end_with_a_request() -> None:
    text = (
        "Sở Xây dựng trả lời như sau: qua kiểm tra, mặt đường đoạn ông phản ánh bong tróc khoảng 320 m2. Sở đã giao "
        "nhà thầu vá các ổ gà, hoàn thành trước ngày 15/10/2026. Đề nghị ông gửi thêm ảnh nếu còn chỗ hư hỏng."
    )
    assert weighed(text, papers=Papers(signer_title="Phó Giám đốc")).is_answer


def test_the_trace_says_what_spoke_for_and_against() -> None:
    told = weighed("Mặt đường sửa xong trước 30/11/2026, nhưng đừng gửi cho dân.").trace
    assert "thời gian" in told
    assert "nói không gửi công dân" in told


def test_other_peoples_words_are_no_veto_and_no_act() -> None:
    text = 'Ông nói Sở từng hứa "sẽ xem xét, không gửi cho công dân". Nay mặt đường đã sửa xong ngày 05/10/2026.'
    assert weighed(text).is_answer


@pytest.mark.parametrize(
    ("verb", "unit", "text", "expected"),
    [
        (Verb.RECEIVED, "", "Đã nhận. Mặt đường sửa xong trước 30/11/2026, vốn 900 triệu đồng.", Verb.ANSWER),
        (Verb.RECEIVED, "", "Đã nhận, sẽ trả lời trước 15/10.", Verb.RECEIVED),
        (Verb.FORWARDED, "", "Đã chuyển phòng chuyên môn xử lý.", Verb.RECEIVED),
        (Verb.FORWARDED, "SYT", "Đã chuyển Sở Y tế.", Verb.FORWARDED),
        (Verb.NOT_COMPETENT, "", "Thư vừa rồi em gửi nhầm, BBT bỏ qua.", Verb.NONE),
    ],
)
def test_the_verb_in_the_light_of_the_evidence(verb: Verb, unit: str, text: str, expected: Verb) -> None:
    assert settled(verb, unit, weighed(text)) is expected


def test_parts_headed_by_two_askers_names_go_to_neither_whole() -> None:
    one = "Trả lời ông An: mặt đường sửa xong trước 30/11/2026."
    assert weighed(one).is_answer
    assert not weighed(f"{one} Trả lời bà Bình: vỉa hè lát xong trong tháng 12/2026.").is_answer


def test_a_file_is_the_answer_where_the_note_says_so() -> None:
    assert weighed("Gửi Ban công văn trả lời ông An.", papers=Papers(files=1)).is_answer
    assert not weighed("Gửi Ban quyết định bổ nhiệm anh Khải.", papers=Papers(files=1)).is_answer


def test_who_says_only_that_it_is_not_the_one_is_taken_at_that_word() -> None:
    text = "Thu tiền rác là công ty môi trường. Sở chúng tôi đứng ngoài."
    denial = "Thu tiền rác là công ty môi trường. Sở chúng tôi chẳng thu."
    assert settled(Verb.ANSWER, "", weighed(text)) is Verb.NOT_COMPETENT
    assert by_phrases(Verb.ANSWER, "", weighed(denial)) is Verb.NONE
    assert settled(Verb.ANSWER, "", weighed(f"{text} Bản này đang chờ Giám đốc ký.")) is Verb.NONE


def test_a_greeting_note_to_a_colleague_is_no_veto_where_it_hands_the_answer_over() -> None:
    said = "Chị Thu ơi, em gửi nội dung trả lời bạn đọc:\nMặt đường đã thảm lại xong hôm 5/10, xe đi bình thường."
    assert weighed(said).is_answer
    assert not weighed(said.replace("gửi nội dung trả lời bạn đọc", "hỏi chị một chút")).is_answer
