"""Words by which somebody keeps a question whose withdrawal he asked for: in its thread, and in a fresh letter."""

import pytest

from rules.understand.earlier_letters import keeps_question, withdraws

CLEAR = (
    "Tôi không rút nữa.",
    "tôi ko rút đâu nhé",
    "Xin đừng hủy câu hỏi của tôi",
    "Tôi xin rút lại đề nghị rút câu hỏi",
    "Bà tôi bấm nhầm thôi, không phải tôi gửi",
)
IN_A_THREAD = ("Tôi vẫn mong Sở trả lời", "Thôi cứ giải quyết giúp tôi", "Xin tiếp tục xử lý")
OTHERS = (
    "Tôi vẫn muốn rút",
    "Sao không rút cho tôi?",
    "Tôi không rút được trên mạng",
    "Nếu Sở trả lời trong tuần thì tôi không rút",
    "Tôi không rút câu trước, rút câu sau",
    "Tôi vẫn chờ Ban xóa câu hỏi",
    "Tôi không muốn giữ câu hỏi nữa",
    "Cảm ơn",
)


@pytest.mark.parametrize("text", CLEAR)
def test_clear_words_keep_a_question_anywhere(text: str) -> None:
    assert keeps_question(text)
    assert keeps_question(text, threaded=True)
    assert not withdraws(text)


@pytest.mark.parametrize("text", IN_A_THREAD)
def test_other_words_keep_it_only_in_a_short_reply(text: str) -> None:
    assert keeps_question(text, threaded=True)
    assert not keeps_question(text)
    assert not keeps_question(f"{text} bao giờ?", threaded=True)
    assert not keeps_question(f"{text}. {'Đoạn đường này hỏng nặng. ' * 6}", threaded=True)


def test_a_long_letter_keeps_it_only_in_its_thread() -> None:
    text = f"{CLEAR[0]} {'Đoạn đường này hỏng nặng. ' * 6}"
    assert keeps_question(text, threaded=True)
    assert not keeps_question(text)


@pytest.mark.parametrize("text", OTHERS)
def test_whatever_else_is_said_is_for_an_officer(text: str) -> None:
    assert not keeps_question(text, threaded=True)
