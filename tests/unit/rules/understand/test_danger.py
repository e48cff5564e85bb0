"""What is a danger of this hour, and what a letter only tells of earlier years; typed with diacritics and without."""

from collections.abc import Callable

import pytest

from rules.text import strip_marks
from rules.understand.danger import Danger, danger_in

LONG_PAST = (
    "Năm 2015 chồng tôi đánh tôi, tôi đã ly hôn",
    "Năm 2015 chồng tôi đánh tôi, tôi đã ly hôn, nay xin hỏi thủ tục đổi họ cho con.",
    "Tôi đã ly hôn năm 2018 vì chồng đánh tôi. Nay tôi muốn hỏi thủ tục giành quyền nuôi con.",
    "Tôi đã ly hôn vì chồng đánh tôi, nay tôi xin hỏi thủ tục đổi tên cho con.",
    "Trước năm 2010 chồng tôi hay đánh tôi. Chúng tôi đã ly hôn. Nay xin hỏi tách hộ khẩu.",
    "Hồi năm 2012 bố đánh tôi, nay tôi hỏi thủ tục đổi họ",
    "Cách đây 10 năm chồng tôi đánh tôi, tôi đã ly hôn, cho hỏi thủ tục nhập khẩu.",
    "Năm 1998, chồng tôi đánh tôi nên tôi ly hôn. Xin hỏi mất bản án thì xin cấp lại ở đâu?",
    "Năm 2015 chồng tôi đánh tôi, tôi đã ly hôn. Tôi ở xã An Lão, nay là xã An Hưng, xin hỏi thủ tục tách hộ.",
)
PRESENT = (
    "Năm 2015 cưới, nay chồng đánh tôi",
    "Từ năm 2015 đến nay chồng vẫn đánh tôi",
    "Từ năm 2015 chồng đánh tôi",
    "Chồng tôi đánh tôi từ năm 2015",
    "Tôi lấy chồng năm 2015, chồng đánh tôi suốt",
    "Chồng tôi sinh năm 1980 đánh tôi",
    "Năm 2015 chồng tôi đánh tôi",
    "Năm 2025 chồng tôi đánh tôi, tôi xin hỏi thủ tục ly hôn",
    "Năm 2015 chồng tôi đánh tôi, nay tôi muốn hỏi thủ tục ly hôn",
    "Năm 2015 chồng tôi đánh tôi, giờ tôi sợ lắm, xin hỏi làm thế nào",
    "Năm 2015 chồng tôi đánh tôi, mấy hôm nay nó dọa giết tôi",
    "Năm 2015 chồng tôi đánh tôi gãy tay, bây giờ hắn lại tìm đến",
    "Năm 2015 chồng tôi đánh tôi, tôi đã ly hôn, nay chồng cũ đến nhà đánh tôi",
    "Năm 2015 chồng tôi đánh tôi, tôi đã ly hôn. Đêm qua nó đánh con tôi chảy máu",
    "Năm 2015 tôi đã ly hôn. Chồng cũ đánh tôi.",
    "Năm 2015 tôi đã ly hôn chồng cũ đánh tôi",
    "Tôi ly hôn năm 2015, chồng cũ đánh tôi",
    "Tôi đã ly hôn năm 2015. Bố dượng đánh con tôi chảy máu, nay xin hỏi phải làm gì",
    "Tôi đã ly hôn, chồng cũ vẫn đến đánh tôi",
    "Tôi đã ly hôn nhưng chồng cũ đến nhà đánh tôi",
    "Tôi đã ly hôn vì chồng đánh tôi, nay chồng cũ lại đến đánh tôi",
)


@pytest.mark.parametrize("typed", [str, strip_marks])
@pytest.mark.parametrize("text", LONG_PAST)
def test_what_ended_years_ago_is_no_danger_of_this_hour(text: str, typed: Callable[[str], str]) -> None:
    assert danger_in(typed(text)) is Danger.NONE


@pytest.mark.parametrize("typed", [str, strip_marks])
@pytest.mark.parametrize("text", PRESENT)
def test_where_it_may_go_on_it_is_one(text: str, typed: Callable[[str], str]) -> None:
    """A divorce, or a year, alone ends nothing: a former husband may come again."""
    assert danger_in(typed(text)) is Danger.PERSON
