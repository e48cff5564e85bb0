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


AROUND = (
    "Kính gửi thành phố! Tôi ở xã An Lão; xin trình bày như sau. ",
    "\n\nCảm ơn các anh chị đã đọc. Mong sớm được trả lời!",
)
THINGS = ("Dây điện đứt, đang tóe lửa trước cổng trường", "Cột điện ở ngõ 5 đang bốc cháy")


@pytest.mark.parametrize("text", [*LONG_PAST, *PRESENT, *THINGS])
def test_a_danger_is_found_wherever_it_stands_in_a_letter(text: str) -> None:
    """The letter is searched whole, and its sentences only where it has words of a danger."""
    before, after = AROUND
    found = {danger_in(one) for one in (text, before + text, text + after, f"{before}{text}.{after}")}
    assert found == {danger_in(text)}


@pytest.mark.parametrize("text", THINGS)
def test_a_thing_that_may_hurt_somebody(text: str) -> None:
    assert danger_in(text) is Danger.THING


@pytest.mark.parametrize("end", [". ", "! ", "; ", "\n\n"])
def test_words_of_two_sentences_make_no_danger(end: str) -> None:
    assert danger_in("Tối qua bố đánh em") is Danger.PERSON
    assert danger_in(f"Tối qua có bố{end}Đánh đàn{end}Em nghe.") is Danger.NONE
    assert (
        danger_in(f"Hôm qua mất dây điện{end}Đứt cả cầu chì, em hỏi cách đòi{end}Giết gà có phải xin phép?")
        is Danger.NONE
    )
